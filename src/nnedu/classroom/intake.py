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
from nnedu.running.work import Work, missing, read_answers_file, read_file, read_work

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
    for entry in _entries(folder):
        if hidden(entry.name):
            continue
        one = _read_entry(entry, lesson, modules)
        if isinstance(one, str):
            ignored.append(f"{shown(entry.name)}: {one}")
        else:
            light = replace(one, read=partial(_read_again, entry, lesson, modules))
            found.setdefault(one.student, []).append((_rank(one, entry), light))
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


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except FileNotFoundError as error:
        text = f"There is no folder {folder}."
        raise UsageError(text, _STEP) from error
    except NotADirectoryError as error:
        text = f"{folder} is not a folder."
        raise UsageError(text, _STEP) from error
    except OSError as error:
        text = f"{folder} cannot be read: {error.strerror}."
        raise UsageError(text, _STEP) from error


def _rank(one: Received, entry: os.DirEntry[str]) -> tuple[object, ...]:
    """Order the submissions of one student: readable ones win, then those whose own name is the student's.

    A zip that only says inside whose it is does not push aside the student's own. Then come those that say when, and
    the newest; a moment that has not come yet is no moment.
    """
    moment = moment_said(one.submitted_at) if one.submitted_at else None
    moment = None if moment is not None and moment > datetime.now(UTC) else moment
    stem = one.source[: -len(".zip")] if one.source.lower().endswith(".zip") else one.source
    ours = OURS.fullmatch(stem)
    named = one.student in {stem, ours[1] if ours else stem}
    try:
        changed = entry.stat(follow_symlinks=False).st_mtime_ns
    except OSError:
        changed = 0
    return not one.problem, named, moment is not None, moment or datetime.min.replace(tzinfo=UTC), changed, one.source


def _read_entry(entry: os.DirEntry[str], lesson: str, modules: Sequence[str]) -> Received | str:
    """Read one entry, or say why it is no submission."""
    if entry.is_symlink():
        return "a link, which is not followed."
    if entry.is_dir(follow_symlinks=False):
        return _read_folder(Path(entry.path), lesson, modules)
    if not entry.name.lower().endswith(".zip"):
        return "neither a folder nor a zip."
    if not entry.is_file(follow_symlinks=False):
        return "not an ordinary file."
    return _read_zip(Path(entry.path), lesson, modules)


def _read_again(entry: os.DirEntry[str], lesson: str, modules: Sequence[str]) -> Work:
    one = _read_entry(entry, lesson, modules)
    return Work(problems=dict.fromkeys(modules, f"The submission is gone: {one}")) if isinstance(one, str) else one.work


def _read_folder(folder: Path, lesson: str, modules: Sequence[str]) -> Received:
    inner = folder / lesson
    place = folder
    try:
        if stat.S_ISDIR(inner.lstat().st_mode) and any((inner / f"{name}.py").exists() for name in modules):
            place = inner
    except OSError:  # no such folder, or none that may be looked into; the files say so one by one
        place = folder
    files = {module: read_file(place / f"{module}.py") for module in modules}
    gone = all(data == missing(f"{module}.py") for module, data in files.items())
    student = shown(folder.name)
    work = read_work(files, read_answers_file(place))
    return Received(student, lambda: work, student, None, none_of(modules) if gone else "")


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
