"""A bundle into a workspace. What a student typed is never written over: a new stub is laid beside it."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from nnedu.errors import UsageError, WorkspaceError
from nnedu.workspace import disk, history

if TYPE_CHECKING:
    from pathlib import Path

    from nnedu.publishing.bundle import Manifest
    from nnedu.workspace.workspace import Workspace

_README = "README.md"
_ASK = "Ask your instructor for the bundle again."


class What(StrEnum):
    """What became of one file of the student's folder."""

    WRITTEN = "written"
    REFRESHED = "refreshed"
    UNCHANGED = "unchanged"
    KEPT = "kept as you changed it"
    KEPT_NEW_BESIDE = "kept as you changed it, the new one laid beside it"


class FetchedFile(msgspec.Struct, frozen=True):
    """One file; `beside` is the name under which the new one was laid beside it, if it was."""

    name: str
    what: What
    beside: str = ""


class Fetched(msgspec.Struct, frozen=True):
    """A lesson that was fetched."""

    lesson: str
    title: str
    files: tuple[FetchedFile, ...]


def fetch(workspace: Workspace, data: bytes) -> Fetched:
    """Put a bundle into the workspace, and lay out the student's folder by it."""
    files, manifest = _opened(data)
    lesson = manifest.lesson
    place, folder = workspace.bundle_folder(lesson), workspace.folder(lesson)
    new = disk.write_folder(place, files)  # first what takes room, last what counts: a failure leaves the old lesson
    try:
        fetched, writes = [], {}
        for name, source in _laid_out(files, manifest.modules).items():
            if source in files:
                one = _plan(folder, name, files[source], disk.read(place / source))
                fetched.append(one)
                if one.what not in {What.UNCHANGED, What.KEPT}:
                    writes[folder / (one.beside or name)] = files[source]
        if any(one.what is What.REFRESHED for one in fetched):
            history.snapshot(workspace, lesson, "fetch", manifest.modules)
        disk.replace_all(writes)
        disk.swap(new, place)
    except WorkspaceError:
        disk.discard(new)
        raise
    return Fetched(lesson, manifest.title, tuple(fetched))


def _laid_out(files: dict[str, bytes], modules: tuple[str, ...]) -> dict[str, str]:
    """Return the files of the student's folder, and where in the bundle each comes from."""
    from nnedu.publishing.bundle import FIGURE  # noqa: PLC0415

    names = {f"{module}.py": f"stubs/{module}.py" for module in modules}
    return names | {_README: _README} | {name: name for name in sorted(files) if FIGURE.fullmatch(name)}


def _plan(folder: Path, name: str, new: bytes, previous: bytes | None) -> FetchedFile:
    """Decide on one file from the three that there are: the student's, the new one, and the one fetched before."""
    current = disk.read(folder / name)
    if current is None:
        return FetchedFile(name, What.WRITTEN)
    if current == new:
        return FetchedFile(name, What.UNCHANGED)
    if current == previous:
        return FetchedFile(name, What.REFRESHED)
    if new == previous:
        return FetchedFile(name, What.KEPT)
    beside, number = f"{name}.new", 1
    while (folder / beside).exists() and disk.read(folder / beside) != new:
        number += 1
        beside = f"{name}.new{number}"
    return FetchedFile(name, What.KEPT_NEW_BESIDE, beside)


def _opened(data: bytes) -> tuple[dict[str, bytes], Manifest]:
    """Read a bundle in memory, and see that it is whole and that its names lead nowhere else."""
    from nnedu.publishing.bundle import FORMAT, MANIFEST, Manifest, contents  # noqa: PLC0415

    try:
        files = contents(data)
        manifest = msgspec.json.decode(files[MANIFEST], type=Manifest)
    except msgspec.DecodeError as error:
        text = f"The bundle is damaged: {error}."
        raise UsageError(text, _ASK) from error
    if manifest.format != FORMAT:
        text = f"The bundle has format {manifest.format}; this nnedu reads format {FORMAT}."
        raise UsageError(text, "Upgrade: pip install --upgrade nnedu")
    if not re.fullmatch(r"[A-Za-z0-9]\w*", manifest.lesson, re.ASCII):
        text = f"The bundle is of a lesson with the name {manifest.lesson!r}, which cannot be a folder."
        raise UsageError(text, _ASK)
    for module in manifest.modules:
        if not module.isidentifier() or f"stubs/{module}.py" not in files:
            text = f"The bundle of {manifest.lesson} holds no stub of {module!r}."
            raise UsageError(text, _ASK)
    return files, manifest


def find_bundle(source: Path, lesson: str) -> bytes:
    """Return the bundle of a lesson from a zip, or from a folder of zips such as a classroom."""
    from nnedu.course.model import find_lesson  # noqa: PLC0415

    if source.is_file():
        data = _bytes(source)
        find_lesson(lesson, [_opened(data)[1].lesson])
        return data
    if not source.is_dir():
        text = f"{source} is not there."
        raise UsageError(text, "--from names a bundle such as lesson05_backpropagation.zip, or a folder of them.")
    found = {path.stem: path for folder in (source / "release", source) for path in sorted(folder.glob("*.zip"))}
    if not found:
        text = f"{source} holds no lessons: no zip in it, nor in its folder release."
        raise UsageError(text, "Ask your instructor which folder to name, or fetch without --from.")
    return _bytes(found[find_lesson(lesson, sorted(found))])


def _bytes(path: Path) -> bytes:
    from nnedu.publishing.bundle import MAX_BUNDLE  # noqa: PLC0415

    try:
        with path.open("rb") as file:
            data = file.read(MAX_BUNDLE + 1)
    except OSError as error:
        text = f"{path} cannot be read: {error.strerror}."
        raise UsageError(text, "Ask your instructor to let you read it.") from error
    if len(data) > MAX_BUNDLE:
        text = f"{path} is larger than {MAX_BUNDLE >> 20} MiB."
        raise UsageError(text, _ASK)
    return data
