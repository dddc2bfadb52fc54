"""Submissions as they arrive: a folder or a zip for each student, read in memory and never unpacked.

Nothing that a student sends can stop the others: what is wrong with a submission is a sentence in it. Zips are read
member by member, by exact name, ordinary files only, and no further than a module may be long.
"""

from __future__ import annotations

import io
import os
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from nnedu.errors import UsageError
from nnedu.outcome import ANSWERS
from nnedu.running.work import MAX_SOURCE, Work, missing, read_answers_file, read_file, read_work
from nnedu.sandbox.failure import inert

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

MANIFEST = "manifest.json"
MAX_ZIP = 16 << 20
MAX_TOTAL = 4 << 20
MAX_NAME = 64
_STEP = "Name the folder that holds one folder or one zip for each student."
_OURS = re.compile(r"(.+)_\d{8}T\d{6}Z_[0-9a-f]{8}(-\d+)?")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    IndexError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Received:
    """One submission. `problem` is about the whole of it; what is wrong with a module is said in `work`."""

    student: str
    read: Callable[[], Work]
    source: str
    submitted_at: str | None
    problem: str = ""

    @property
    def work(self) -> Work:
        """The modules, read anew each time: a class may have more of them than there is memory."""
        return self.read()


@dataclass(frozen=True, slots=True)
class Intake:
    """The submissions to grade, one for each student, and a sentence on everything that is not among them."""

    received: tuple[Received, ...]
    ignored: tuple[str, ...]


class _Claim(msgspec.Struct, frozen=True):
    """What a submission says of itself; all of it is the student's word."""

    lesson: str
    student: str
    submitted_at: str


class _UnreadableError(Exception):
    """A zip of which nothing can be graded; says why."""


def read_submissions(folder: Path, lesson: str, modules: Sequence[str]) -> Intake:
    """Read every submission of a lesson that lies in a folder."""
    found: dict[str, list[tuple[tuple[object, ...], Received]]] = {}
    ignored: list[str] = []
    for entry in _entries(folder):
        if _hidden(entry.name):
            continue
        one = _read_entry(entry, lesson, modules)
        if isinstance(one, str):
            ignored.append(f"{_shown(entry.name)}: {one}")
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


def _hidden(name: str) -> bool:
    return name.startswith(".") or name == "__MACOSX"


def _shown(name: str) -> str:
    """Return a name that can be printed, two names never as one."""
    name = unicodedata.normalize("NFC", name)
    return inert("".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in name))


def _rank(one: Received, entry: os.DirEntry[str]) -> tuple[object, ...]:
    """Order the submissions of one student: readable ones win, then those whose own name is the student's.

    A zip that only says inside whose it is does not push aside the student's own. Then come those that say when, and
    the newest; a moment that has not come yet is no moment.
    """
    moment = _moment(one.submitted_at) if one.submitted_at else None
    moment = None if moment is not None and moment > datetime.now(UTC) else moment
    stem = one.source[: -len(".zip")] if one.source.lower().endswith(".zip") else one.source
    ours = _OURS.fullmatch(stem)
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
    student = _shown(folder.name)
    work = read_work(files, read_answers_file(place))
    return Received(student, lambda: work, student, None, _none_of(modules) if gone else "")


def _none_of(modules: Sequence[str]) -> str:
    return f"It holds none of {', '.join(f'{module}.py' for module in modules)}."


def _read_zip(path: Path, lesson: str, modules: Sequence[str]) -> Received:
    source = _shown(path.name)
    stem = _shown(path.stem)
    ours = _OURS.fullmatch(stem)
    student, submitted_at = ours[1] if ours else stem, None
    try:
        archive = _Archive(_bytes(path))
        claim = archive.claim()
        if claim is not None:
            student, submitted_at = unicodedata.normalize("NFC", claim.student), claim.submitted_at
        if claim is not None and claim.lesson != lesson:
            return _refused(
                student, source, modules, f"It is a submission of {_shown(claim.lesson[:80])}, not of {lesson}."
            )
        place = archive.place(lesson, modules)
        if place is None:
            return _refused(student, source, modules, _none_of(modules))
        files = {module: archive.read(f"{place}{module}.py") for module in modules}
        answers = archive.read(f"{place}{ANSWERS}") if archive.holds(f"{place}{ANSWERS}") else None
    except _UnreadableError as problem:
        return _refused(student, source, modules, str(problem))
    except _BROKEN:
        return _refused(student, source, modules, "The zip is damaged; submit it again.")
    work = read_work(files, answers)
    return Received(student, lambda: work, source, submitted_at)


def _refused(student: str, source: str, modules: Sequence[str], problem: str) -> Received:
    work = Work(problems=dict.fromkeys(modules, problem))
    return Received(student, lambda: work, source, None, problem)


def _bytes(path: Path) -> bytes:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            data = file.read(MAX_ZIP + 1)
    except OSError as error:
        text = f"The zip cannot be opened: {error.strerror}."
        raise _UnreadableError(text) from error
    if len(data) > MAX_ZIP:
        text = f"The zip is larger than {MAX_ZIP >> 20} MiB."
        raise _UnreadableError(text)
    return data


class _Archive:
    """A zip in memory. Members are found by their exact names; of two with one name the last counts."""

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._left = MAX_TOTAL
        self._members = {info.orig_filename: info for info in self._zip.infolist() if not info.is_dir()}

    def place(self, lesson: str, modules: Sequence[str]) -> str | None:
        """Return what stands before the names of the modules: the lesson's folder, nothing, or a single top folder."""
        tops = {parts[0] for parts in _parts(self._members) if not _hidden(parts[0]) and parts[0] != MANIFEST}
        places = [f"{lesson}/", ""]
        if len(tops) == 1:
            (top,) = tops
            places += [f"{top}/{lesson}/", f"{top}/"]
        held = self._members.keys()
        return next((place for place in places if any(f"{place}{name}.py" in held for name in modules)), None)

    def claim(self) -> _Claim | None:
        """Return what the manifest says, None if there is none that is well-formed."""
        data = self.read(MANIFEST) if MANIFEST in self._members else ""
        try:
            claim = msgspec.json.decode(data, type=_Claim) if isinstance(data, bytes) else None
        except (msgspec.DecodeError, RecursionError):
            return None
        sound = claim is not None and _is_name(claim.student) and _moment(claim.submitted_at) is not None
        return claim if sound else None

    def holds(self, name: str) -> bool:
        """Whether there is a member of this name."""
        return name in self._members

    def read(self, name: str) -> bytes | str:
        """Return the bytes of a member, or a sentence on why there are none."""
        info, short = self._members.get(name), PurePosixPath(name).name
        if info is None:
            return missing(short)
        if stat.S_IFMT(info.external_attr >> 16) not in {0, stat.S_IFREG}:
            return f"{short} is not an ordinary file."
        if info.flag_bits & 1:
            text = "The zip is locked with a password; submit it without one."
            raise _UnreadableError(text)
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:  # others unpack without a bound
            text = "The zip is packed in an uncommon way; pack it with your system's own tool, or nnedu submit."
            raise _UnreadableError(text)
        with self._zip.open(info) as member:
            data = member.read(min(MAX_SOURCE, self._left) + 1)
        self._left -= min(len(data), self._left)
        if len(data) > MAX_SOURCE:
            return f"{short} is larger than {MAX_SOURCE // 1024} KiB."
        if not self._left:
            text = f"The submission is larger than {MAX_TOTAL >> 20} MiB."
            raise _UnreadableError(text)
        return data


def _parts(names: Iterable[str]) -> list[tuple[str, ...]]:
    return [parts for name in names if (parts := PurePosixPath(name).parts)]


def _is_name(name: str) -> bool:
    """Whether a manifest names a student as `nnedu submit` does; anything else is not taken at its word."""
    sound = all(unicodedata.category(c)[0] in "LM" or unicodedata.category(c) == "Nd" or c in "._-@+ " for c in name)
    return sound and 0 < len(name) <= MAX_NAME and not name.startswith(".") and name == name.strip()


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
