"""The lessons that a notebook is checked against: those that came with nnedu, of a workspace, or of a named place."""

from __future__ import annotations

import atexit
import tempfile
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from nnedu.course.model import find_lesson
from nnedu.errors import UsageError, WorkspaceError, did_you_mean
from nnedu.outcome import Kind
from nnedu.publishing.bundle import MANIFEST, Bundle, Manifest, contents
from nnedu.publishing.shipped import built_in, checkout, read_built_in
from nnedu.reporting.terminal import short_lesson
from nnedu.workspace.fetch import find_bundle
from nnedu.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be checked: a lesson, or the exercises of it that are named."""

    bundle: Bundle
    exercises: tuple[str, ...]
    whole: bool


def find_target(named: str, source: Path | None = None) -> Target:
    """Return what a student means by `lesson5/backprop`, `lesson5`, `lesson5/gradients` or `backprop`.

    It is looked for in `source`, a bundle or a folder of them; else in the workspace around the present folder, and
    among the lessons that came with nnedu.
    """
    shelves: list[OneShelf] = [_Named(source)] if source else [*_workspace(), _Shipped()]
    name, _, part = named.strip().strip("/").partition("/")
    if not name:
        text = "Name what to check."
        raise UsageError(text, "As in: %check relu_derivative    or  %check lesson5/backprop    or  %check lesson5")
    known = list(dict.fromkeys(lesson for shelf in shelves for lesson in shelf.lessons()))
    if not part:
        holding = _holding(name, shelves)
        if len(holding) > 1:
            written = [f"{short_lesson(lesson)}/{name}" for lesson in holding]
            text = f"There is a {name} in {' and in '.join(map(short_lesson, holding))}."
            raise UsageError(text, f"Say which: %check {'  or  %check '.join(written)}")
        if holding:
            name, part = holding[0], name
    lesson = _lesson(name, known, shelves, asked_for_part=bool(part))
    bundle = _shelf(shelves, lesson).bundle(lesson)
    return Target(bundle, _part(bundle.manifest, part), not part)


def _holding(exercise: str, shelves: list[OneShelf]) -> list[str]:
    """Return the lessons that have an exercise, on the first shelf that has any."""
    for shelf in shelves:
        if found := [lesson for lesson in shelf.lessons() if exercise in shelf.exercises(lesson)]:
            return found
    return []


def _lesson(name: str, known: list[str], shelves: list[OneShelf], *, asked_for_part: bool) -> str:
    try:
        return find_lesson(name, known)
    except UsageError:
        if asked_for_part or not known:
            raise
        exercises = [one for lesson in known for one in _shelf(shelves, lesson).exercises(lesson)]
        names = dict.fromkeys([*exercises, *(lesson.partition("_")[2] for lesson in known)])
        text = f"There is no lesson or exercise {name!r}."
        close = get_close_matches(name, names, cutoff=0.5)
        raise UsageError(text, did_you_mean(name, names if close else map(short_lesson, known))) from None


def _part(manifest: Manifest, part: str) -> tuple[str, ...]:
    """Return the exercises of a part of a lesson; questions are answered elsewhere."""
    code = [one for one in manifest.exercises if one.kind is Kind.CODE]
    for asked in ("id", "module"):  # a module may have the name of an exercise in it, which is then meant
        found = tuple(one.id for one in code if part.removesuffix(".py") in {"", getattr(one, asked)})
        if found:
            return found
    quiz = next((one for one in manifest.exercises if one.id == part), None)
    text = f"{manifest.lesson} has no exercise or module {part!r}."
    if quiz is not None:
        text = f"{part} is a quiz, which is answered in a terminal."
        raise UsageError(text, f"nnedu quiz {short_lesson(manifest.lesson)}")
    raise UsageError(text, did_you_mean(part, [*(one.id for one in code), *manifest.modules]))


def _shelf(shelves: list[OneShelf], lesson: str) -> OneShelf:
    return next(shelf for shelf in shelves if lesson in shelf.lessons())


def _workspace() -> Iterator[OneShelf]:
    try:
        yield _Fetched(Workspace.find(Path.cwd()))
    except WorkspaceError:  # a notebook may lie anywhere
        return


class OneShelf(Protocol):
    """A place that lessons come from."""

    def lessons(self) -> list[str]:
        """The lessons that are there."""

    def exercises(self, lesson: str) -> list[str]:
        """The names of the exercises of one of them."""

    def bundle(self, lesson: str) -> Bundle:
        """One of them, unpacked."""


class _Shipped:
    """The lessons that came with this nnedu."""

    def lessons(self) -> list[str]:
        return built_in()

    def exercises(self, lesson: str) -> list[str]:
        return _shipped_exercises(lesson)

    def bundle(self, lesson: str) -> Bundle:
        return _unpacked(_shipped_data(lesson))


class _Fetched:
    """The lessons of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def lessons(self) -> list[str]:
        return self._workspace.lessons()

    def exercises(self, lesson: str) -> list[str]:
        return [one.id for one in self.bundle(lesson).manifest.exercises]

    def bundle(self, lesson: str) -> Bundle:
        return self._workspace.bundle(lesson)


class _Named:
    """A bundle, or a folder of them such as a classroom."""

    def __init__(self, source: Path) -> None:
        self._source = source.expanduser()

    def lessons(self) -> list[str]:
        if self._source.is_file():
            return [_manifest(self._source.read_bytes()).lesson]
        folders = (self._source / "release", self._source)
        found = sorted({path.stem for folder in folders for path in folder.glob("*.zip")})
        if not found:
            find_bundle(self._source, "")  # which says why
        return found

    def exercises(self, lesson: str) -> list[str]:
        return [one.id for one in _manifest(find_bundle(self._source, lesson)).exercises]

    def bundle(self, lesson: str) -> Bundle:
        return _unpacked(find_bundle(self._source, lesson))


def _manifest(data: bytes) -> Manifest:
    return msgspec.json.decode(contents(data)[MANIFEST], type=Manifest)


@cache
def _shipped_data(lesson: str) -> bytes:
    return read_built_in(lesson)


@cache
def _shipped_exercises(lesson: str) -> list[str]:
    root = checkout()  # where bundles are built anew, which takes seconds: so only the names are read
    if root is None:
        return [one.id for one in _manifest(_shipped_data(lesson)).exercises]
    from nnedu.course import load_course  # noqa: PLC0415 - of use in a checkout only
    from nnedu.running.collect import collect  # noqa: PLC0415 - it brings pytest

    there = load_course(root).lesson(lesson)
    return [one.id for one in collect(there.graders_folder, there.modules)]


@cache
def _unpacked(data: bytes) -> Bundle:
    """Return a bundle that lies in a folder for as long as this process runs."""
    folder = tempfile.TemporaryDirectory(prefix="nnedu-lesson-")
    atexit.register(folder.cleanup)
    for name, file in contents(data).items():
        path = Path(folder.name) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file)
    return Bundle(Path(folder.name))
