"""A lesson released to students: its bundle, put where `fetch --from` reads it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from nnedu.classroom.results import whole
from nnedu.errors import UsageError
from nnedu.publishing.build import build
from nnedu.publishing.bundle import GRADERS, MANIFEST, PLOTS, QUIZ, STUBS, TRACES, contents

if TYPE_CHECKING:
    from pathlib import Path

    from nnedu.course import Course, Lesson

FOLDER = "release"
_READABLE = 0o755
_DROP_BOX = 0o1733  # everybody may hand in; nobody may look, or take away what is another's
_WORDS = {MANIFEST: "what the lesson says of itself, with its hints", QUIZ: "the questions of the quiz"}


class What(StrEnum):
    """What a release did."""

    NEW = "released"
    CHANGED = "released anew"
    SAME = "unchanged"


@dataclass(frozen=True, slots=True)
class Release:
    """A bundle in its place. `changes` says of files of an earlier release what became of them."""

    path: Path
    what: What
    size: int
    changes: tuple[str, ...] = ()


def release(course: Course, lesson: Lesson, exchange: Path, copy: Path | None = None) -> Release:
    """Put the bundle of a lesson into the exchange, whole or not at all, and a copy of it where one is asked for."""
    data = build(course, lesson)
    path = exchange / FOLDER / f"{lesson.id}.zip"
    try:
        _make(exchange, _READABLE)
        _make(path.parent, _READABLE)
        _make(exchange / lesson.id, _DROP_BOX)
        before = path.read_bytes() if path.is_file() else None
        if before != data:
            with whole(path, sure=True) as file:
                file.write(data)
        path.chmod(0o644)
        if copy is not None:
            with whole(copy, sure=True) as file:
                file.write(data)
    except OSError as error:
        text = f"{lesson.id} cannot be released: {error.strerror} ({error.filename})."
        step = 'Is the folder yours to write? course.toml names it: [classroom], exchange = "FOLDER"'
        raise UsageError(text, step) from error
    if before is None:
        return Release(path, What.NEW, len(data))
    if before == data:
        return Release(path, What.SAME, len(data))
    return Release(path, What.CHANGED, len(data), _changes(before, data))


def _make(folder: Path, mode: int) -> None:
    """Make a folder that others may use in a way; one that is there is left as somebody wanted it."""
    if not folder.is_dir():
        folder.mkdir(parents=True)
        folder.chmod(mode)


def _changes(before: bytes, after: bytes) -> tuple[str, ...]:
    try:
        old = contents(before)
    except UsageError:
        return ("what was released before could not be read",)
    new = contents(after)
    return tuple(
        dict.fromkeys(
            f"{'new' if name not in old else 'gone' if name not in new else 'changed'}: {_told(name)}"
            for name in sorted(old.keys() | new.keys())
            if old.get(name) != new.get(name)
        )
    )


def _told(name: str) -> str:
    path = PurePosixPath(name)
    if path.parts[0] == TRACES:
        return "what checks have recorded"
    if path.parts[0] == GRADERS and path.name in PLOTS:
        return "what nnedu plot draws"
    if path.parts[0] == GRADERS:
        return f"the checks of {path.name.removeprefix('test_')}"
    return _WORDS.get(name, path.name if path.parts[0] == STUBS else name)
