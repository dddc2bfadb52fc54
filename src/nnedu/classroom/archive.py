"""A submission as it arrives: a zip in memory, read member by member and never unpacked.

By exact names, ordinary files only, and no further than a module may be long. What is wrong with it is a sentence.
"""

from __future__ import annotations

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from nnedu.outcome import ANSWERS
from nnedu.running.work import MAX_SOURCE, Work, missing, read_work
from nnedu.sandbox.failure import inert

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MANIFEST = "manifest.json"
MAX_ZIP = 16 << 20
MAX_TOTAL = 4 << 20
MAX_NAME = 64
MAX_HINTS = 1000
MADE = (2020, 1, 1, 0, 0, 0)  # the date of every file in an archive that is made here: the same files, the same bytes
BROKEN = (
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
class Claim:
    """What a submission says of itself; all of it is the student's word."""

    lesson: str
    student: str
    submitted_at: datetime
    hints: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """What is in an archive. `problem` is about the whole of it; what is wrong with a module is said in `work`."""

    work: Work
    claim: Claim | None = None
    problem: str = ""


class UnreadableError(Exception):
    """A zip of which nothing can be graded; says why."""


class _Said(msgspec.Struct, frozen=True):
    """The manifest, as far as it is of use. Hints came later, and are judged apart."""

    lesson: str
    student: str
    submitted_at: str
    hints: msgspec.Raw = msgspec.Raw(b"{}")


def open_archive(data: bytes, lesson: str, modules: Sequence[str]) -> Opened:
    """Read a submission of a lesson from the bytes of its zip. Never raises: what is wrong with it is its problem."""
    claim = None
    try:
        archive = _Archive(data)
        claim = archive.claim()
        if claim is not None and claim.lesson != lesson:
            return refused(modules, f"It is a submission of {shown(claim.lesson[:80])}, not of {lesson}.", claim)
        place = archive.place(lesson, modules)
        if place is None:
            return refused(modules, none_of(modules), claim)
        files = {module: archive.read(f"{place}{module}.py") for module in modules}
        answers = archive.read(f"{place}{ANSWERS}") if archive.holds(f"{place}{ANSWERS}") else None
    except UnreadableError as problem:
        return refused(modules, str(problem), claim)
    except BROKEN:
        return refused(modules, "The zip is damaged; submit it again.", claim)
    return Opened(read_work(files, answers), claim)


def refused(modules: Sequence[str], problem: str, claim: Claim | None = None) -> Opened:
    """Return an archive of which nothing can be graded."""
    return Opened(Work(problems=dict.fromkeys(modules, problem)), claim, problem)


def none_of(modules: Sequence[str]) -> str:
    """Say that none of the files is there."""
    return f"It holds none of {', '.join(f'{module}.py' for module in modules)}."


def make_archive(files: Mapping[str, bytes]) -> bytes:
    """Return the zip of loose files: the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, MADE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system, info.external_attr = 3, 0o100644 << 16
            archive.writestr(info, files[name])
    return buffer.getvalue()


def hidden(name: str) -> bool:
    """Whether a file is there for a system, not for a person."""
    return name.startswith(".") or name == "__MACOSX"


def shown(name: str) -> str:
    """Return a name that can be printed, two names never as one."""
    name = unicodedata.normalize("NFC", name)
    return inert("".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in name))


class _Archive:
    """A zip in memory. Members are found by their exact names; of two with one name the last counts."""

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._left = MAX_TOTAL
        self._members = {info.orig_filename: info for info in self._zip.infolist() if not info.is_dir()}

    def place(self, lesson: str, modules: Sequence[str]) -> str | None:
        """Return what stands before the names of the modules: the lesson's folder, nothing, or a single top folder."""
        tops = {parts[0] for parts in _parts(self._members) if not hidden(parts[0]) and parts[0] != MANIFEST}
        places = [f"{lesson}/", ""]
        if len(tops) == 1:
            (top,) = tops
            places += [f"{top}/{lesson}/", f"{top}/"]
        held = self._members.keys()
        return next((place for place in places if any(f"{place}{name}.py" in held for name in modules)), None)

    def claim(self) -> Claim | None:
        """Return what the manifest says, None if there is none that is well-formed."""
        data = self.read(MANIFEST) if MANIFEST in self._members else ""
        try:
            said = msgspec.json.decode(data, type=_Said) if isinstance(data, bytes) else None
        except (msgspec.DecodeError, RecursionError):
            return None
        moment = moment_said(said.submitted_at) if said is not None else None
        if said is None or moment is None or not is_name(said.student):
            return None
        return Claim(said.lesson, unicodedata.normalize("NFC", said.student), moment, _hints(said.hints))

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
            raise UnreadableError(text)
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:  # others unpack without a bound
            text = "The zip is packed in an uncommon way; pack it with your system's own tool, or nnedu submit."
            raise UnreadableError(text)
        with self._zip.open(info) as member:
            data = member.read(min(MAX_SOURCE, self._left) + 1)
        self._left -= min(len(data), self._left)
        if len(data) > MAX_SOURCE:
            return f"{short} is larger than {MAX_SOURCE // 1024} KiB."
        if not self._left:
            text = f"The submission is larger than {MAX_TOTAL >> 20} MiB."
            raise UnreadableError(text)
        return data


def _parts(names: Iterable[str]) -> list[tuple[str, ...]]:
    return [parts for name in names if (parts := PurePosixPath(name).parts)]


def is_name(name: str) -> bool:
    """Whether a manifest names a student as `nnedu submit` does; anything else is not taken at its word."""
    sound = all(unicodedata.category(c)[0] in "LM" or unicodedata.category(c) == "Nd" or c in "._-@+ " for c in name)
    return sound and 0 < len(name) <= MAX_NAME and not name.startswith(".") and name == name.strip()


def moment_said(text: str) -> datetime | None:
    """Return a moment as a manifest writes it, None if it is none; without an offset, it is meant in UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _hints(said: msgspec.Raw) -> tuple[tuple[str, int], ...]:
    """Return how many hints the student says to have used, by exercise; nothing where that is not well-formed."""
    try:
        hints = msgspec.json.decode(said, type=dict[str, int])
    except (msgspec.DecodeError, RecursionError):
        return ()
    sound = len(hints) <= MAX_HINTS and all(0 <= count <= MAX_HINTS and is_name(name) for name, count in hints.items())
    return tuple(sorted((name, count) for name, count in hints.items() if count)) if sound else ()
