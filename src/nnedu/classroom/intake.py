"""Submissions as they arrive: a folder or a zip for each student, read in memory and never unpacked.

Nothing that a student sends can stop the others: what is wrong with a submission is a sentence in it. Zips are read
member by member, by exact name, ordinary files only, and no further than a module may be long.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from nnedu.classroom.archive import (
    MAX_ZIP,
    UnreadableError,
    hidden,
    moment_said,
    none_of,
    open_archive,
    refused,
    shown,
)
from nnedu.errors import UsageError
from nnedu.running.work import Work, read_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_STEP = "Name the folder that holds one folder or one zip for each student."
OURS = re.compile(r"(.+)_\d{8}T\d{6}Z_[0-9a-f]{8}(-\d+)?")


@dataclass(frozen=True, slots=True)
class Received:
    """One submission. `problem` is about the whole of it; what is wrong with a module is said in `work`.

    `attempt` is its number in the gradebook, 0 where it lies in a folder.
    """

    student: str
    read: Callable[[], Work]
    source: str
    submitted_at: str | None
    problem: str = ""
    attempt: int = 0

    @property
    def work(self) -> Work:
        """The modules, read anew each time: a class may have more of them than there is memory."""
        return self.read()


@dataclass(frozen=True, slots=True)
class Intake:
    """The submissions to grade, one for each student, and a sentence on everything that is not among them."""

    received: tuple[Received, ...]
    ignored: tuple[str, ...]


def read_submissions(folder: Path, lesson: str, modules: Sequence[str]) -> Intake:
    """Read every submission of a lesson that lies in a folder."""
    found: dict[str, list[tuple[tuple[object, ...], Received]]] = {}
    ignored: list[str] = []
    place = _Place(os.fspath(folder), lesson, modules)
    for name in _names(folder):
        if hidden(name):
            continue
        one = place.look(name)
        if isinstance(one, str):
            ignored.append(f"{shown(name)}: {one}")
        else:
            light = replace(one, read=partial(place.read_again, name))
            found.setdefault(one.student, []).append((_rank(one, place.changed(name)), light))
    if not found:
        text = f"There are no submissions in {folder}." + "".join(f"\n{sentence}" for sentence in ignored)
        raise UsageError(text, _STEP)
    received = []
    for student in sorted(found):
        *others, (_, best) = sorted(found[student], key=lambda pair: pair[0])
        received.append(best)
        for _, other in others:
            why = f" ({other.problem})" if other.problem else ""
            ignored.append(f"{other.source}: {student} is graded by {best.source}{why}")
    return Intake(tuple(received), tuple(ignored))


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - a class of names is lighter than one of paths
    except FileNotFoundError as error:
        text = f"There is no folder {folder}."
        raise UsageError(text, _STEP) from error
    except NotADirectoryError as error:
        text = f"{folder} is not a folder."
        raise UsageError(text, _STEP) from error
    except OSError as error:
        text = f"{folder} cannot be read: {error.strerror}."
        raise UsageError(text, _STEP) from error


def _rank(one: Received, changed: int) -> tuple[object, ...]:
    """Order the submissions of one student: readable ones win, then those whose own name is the student's.

    A zip that only says inside whose it is does not push aside the student's own. Then come those that say when, and
    the newest; a moment that has not come yet is no moment.
    """
    moment = moment_said(one.submitted_at) if one.submitted_at else None
    moment = None if moment is not None and moment > datetime.now(UTC) else moment
    stem = one.source[: -len(".zip")] if one.source.lower().endswith(".zip") else one.source
    ours = OURS.fullmatch(stem)
    named = one.student in {stem, ours[1] if ours else stem}
    return not one.problem, named, moment is not None, moment or datetime.min.replace(tzinfo=UTC), changed, one.source


class _Place:
    """A folder of submissions of a lesson, which are known by their names in it."""

    def __init__(self, folder: str, lesson: str, modules: Sequence[str]) -> None:
        self._folder = folder
        self._lesson = lesson
        self._modules = modules

    def look(self, name: str) -> Received | str:
        """Return a submission, of a folder without reading its files, or say why it is none."""
        path = os.path.join(self._folder, name)  # noqa: PTH118 - a path of a student's that is not remembered
        try:
            mode = os.lstat(path).st_mode
        except OSError as error:
            return f"cannot be looked at: {error.strerror}."
        if stat.S_ISLNK(mode):
            return "a link, which is not followed."
        if stat.S_ISDIR(mode):
            return self._look_into(path, name)
        if not name.lower().endswith(".zip"):
            return "neither a folder nor a zip."
        if not stat.S_ISREG(mode):
            return "not an ordinary file."
        return _read_zip(Path(path), self._lesson, self._modules)

    def read_again(self, name: str) -> Work:
        """Return the modules of a submission as they are now."""
        one = self.look(name)
        if isinstance(one, str):
            return Work(problems=dict.fromkeys(self._modules, f"The submission is gone: {one}"))
        return one.work

    def changed(self, name: str) -> int:
        """Return when a submission was changed."""
        try:
            return os.lstat(os.path.join(self._folder, name)).st_mtime_ns  # noqa: PTH118 - as above
        except OSError:
            return 0

    def _look_into(self, folder: str, name: str) -> Received:
        inner = f"{folder}/{self._lesson}"
        try:
            nested = stat.S_ISDIR(os.lstat(inner).st_mode) and any(
                os.path.exists(f"{inner}/{module}.py")  # noqa: PTH110 - as above
                for module in self._modules
            )
        except OSError:  # no such folder, or none that may be looked into; the files say so one by one
            nested = False
        place = inner if nested else folder
        gone = all(_missing(f"{place}/{module}.py") for module in self._modules)
        student = shown(name)
        return Received(
            student, partial(_read_files, place, self._modules), student, None, none_of(self._modules) if gone else ""
        )


def _missing(path: str) -> bool:
    """Whether nothing is there. What may not be looked at is there: reading it says what is wrong."""
    try:
        os.lstat(path)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def _read_files(folder: str, modules: Sequence[str]) -> Work:
    return read_folder(Path(folder), modules)


def _read_zip(path: Path, lesson: str, modules: Sequence[str]) -> Received:
    source = shown(path.name)
    stem = shown(path.stem)
    ours = OURS.fullmatch(stem)
    try:
        opened = open_archive(read_zip_file(path), lesson, modules)
    except UnreadableError as problem:
        opened = refused(modules, str(problem))
    claim = opened.claim
    student = claim.student if claim is not None else ours[1] if ours else stem
    submitted_at = claim.submitted_at.isoformat() if claim is not None and not opened.problem else None
    return Received(student, lambda: opened.work, source, submitted_at, opened.problem)


def read_zip_file(path: Path) -> bytes:
    """Return the bytes of a zip, or raise UnreadableError; links and pipes are not followed."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            data = file.read(MAX_ZIP + 1)
    except OSError as error:
        text = f"The zip cannot be opened: {error.strerror}."
        raise UnreadableError(text) from error
    if len(data) > MAX_ZIP:
        text = f"The zip is larger than {MAX_ZIP >> 20} MiB."
        raise UnreadableError(text)
    return data
