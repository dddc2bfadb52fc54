"""What students hand in, collected into the gradebook: every attempt once, and nothing dropped."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from nnedu.classroom.archive import open_archive, shown
from nnedu.classroom.downloads import recognise
from nnedu.classroom.packets import packets
from nnedu.classroom.people import People
from nnedu.classroom.terms import usual_terms
from nnedu.classroom.tree import Leaf, leaves, path_shown, read_bounded
from nnedu.errors import UsageError
from nnedu.reporting.lms import Clues

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nnedu.classroom.archive import Opened
    from nnedu.classroom.desk import Desk
    from nnedu.classroom.downloads import Upload
    from nnedu.classroom.packets import Packet
    from nnedu.classroom.records import Student
    from nnedu.course import Lesson

MAX_LOGIN = 64
MAX_SOURCE = 255
_AHEAD = timedelta(minutes=5)  # by which a clock may be ahead
_LONG = timedelta(hours=1)
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class When(StrEnum):
    """Where it is known from when something was handed in."""

    PLATFORM = "the learning platform"
    MANIFEST = "the submission itself"
    FILES = "the date of the files"
    NOW = "nothing but the time of collecting"


@dataclass(slots=True)
class Collected:
    """What came of collecting; every list but the first is of sentences."""

    places: list[tuple[str, str, int]] = field(default_factory=list)
    new: int = 0
    already: int = 0
    times: Counter[When] = field(default_factory=Counter)
    unlisted: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    missing: list[Student] = field(default_factory=list)
    has_roster: bool = False


def collect(desk: Desk, lesson: Lesson, paths: Sequence[Path], now: datetime) -> Collected:
    """Take in what lies in the exchange, or in the folders and zips named, and say what there was."""
    collecting = _Collecting(desk, lesson, now)
    for path in paths or (_handed_in(desk, lesson),):
        collecting.take(path)
    return collecting.end()


def _handed_in(desk: Desk, lesson: Lesson) -> Path:
    folder = desk.exchange / lesson.id
    if not folder.is_dir():
        text = f"Nobody has handed in {lesson.id}: there is no {folder}."
        raise UsageError(text, f"Release it with nnedu release {lesson.id}, or name a folder or a download to collect.")
    return folder


class _Collecting:
    """One go of collecting."""

    def __init__(self, desk: Desk, lesson: Lesson, now: datetime) -> None:
        self._desk, self._lesson, self._now = desk, lesson, now
        self._terms = usual_terms(desk.course, lesson)
        self._people = People(one for one in desk.book.students() if one.listed)
        self._known = {(one.student, one.digest) for one in desk.book.attempts(lesson.id)}
        self.found = Collected(has_roster=bool(self._people.students))

    def take(self, path: Path) -> None:
        """Take in one folder or zip."""
        lesson, files = self._lesson, leaves(path, self._terms.zone)
        whole = shown(path.resolve().name) if path.is_dir() else Leaf((path.name,), partial(read_bounded, path))
        download = recognise(files, lesson.id, lesson.modules, whole)
        self.found.places.append((str(path), download.platform, len(download.uploads)))
        self.found.left_out += [path_shown(leaf.path) for leaf in download.left_out]
        for upload in download.uploads:
            for packet in packets(upload, lesson.modules, self.found.left_out):
                self._add(upload, packet, path)

    def _add(self, upload: Upload, packet: Packet, path: Path) -> None:
        opened = open_archive(packet.data, self._lesson.id, self._lesson.modules)
        problem = packet.problem or opened.problem
        student = self._student(upload, opened)
        at, known_from = self._moment(upload, packet, opened, student)
        digest = hashlib.sha256(packet.data).hexdigest()
        if known_from in {When.FILES, When.NOW} and (student, digest) in self._known:
            new = False  # no platform gives the files of a download the same date twice
        else:
            _, new = self._desk.book.add_attempt(
                student=student,
                lesson=self._lesson.id,
                data=packet.data,
                submitted_at=at,
                received_at=self._now,
                source=f"{shown(path.name)}/{packet.source}"[:MAX_SOURCE],
                problem=problem,
                hints=opened.claim.hints if opened.claim is not None else (),
            )
        self._known.add((student, digest))
        self.found.new += new
        self.found.already += not new
        self.found.times[known_from] += new
        if problem:
            self.found.unreadable.append(f"{student}: {packet.source}: {problem}")

    def _student(self, upload: Upload, opened: Opened) -> str:
        """Return the login of whose it is. What a zip says inside decides only where nothing outside does."""
        claim = opened.claim.student if opened.claim is not None else ""
        claimed = self._people.find(Clues(login=claim)) if claim else []
        found = self._people.find(upload.who)
        label = upload.who.label
        if len(found) > 1:
            found = [one for one in found if one in claimed] or found
        elif not found and not upload.named and claim:
            found, label = claimed, claim
        if len(found) == 1:
            (student,) = found
            if len(claimed) == 1 and claimed != found:
                self.found.doubts.append(f"{student.login}: what was handed in says inside that it is {shown(claim)}'s")
            return student.login
        return self._unlisted(label, upload.who, found)

    def _unlisted(self, label: str, who: Clues, found: Sequence[Student]) -> str:
        if found:
            names = " or ".join(one.login for one in found)
            login = safe_login(f"{label} ({who.other})" if who.other else label)
            self.found.unlisted.append(f"{login}: could be {names}")
        else:
            login = safe_login(label)
            if self.found.has_roster:
                self.found.unlisted.append(f"{login}: nobody on the roster")
        return login

    def _moment(self, upload: Upload, packet: Packet, opened: Opened, student: str) -> tuple[datetime, When]:
        """Return when it was handed in: as the platform says, or the submission, or the files, or now."""
        claimed = opened.claim.submitted_at if opened.claim is not None else None
        if upload.at is not None and self._may_be(upload.at):
            return upload.at, When.PLATFORM
        if claimed is not None and self._may_be(claimed):
            at = claimed.astimezone(UTC)
            if packet.changed is not None and packet.changed - at > _LONG:
                hours = (packet.changed - at) // _LONG
                text = f"{student}: {packet.source} says it was handed in {hours} h before it was written"
                self.found.doubts.append(text)
            if upload.late and self._lesson.schedule.due is not None and not self._terms.lateness(at):
                self.found.doubts.append(f"{student}: the platform calls it late, {packet.source} says it is in time")
            return at, When.MANIFEST
        if claimed is not None:
            self.found.doubts.append(
                f"{student}: {packet.source} says it was handed in at {claimed.date().isoformat()}"
            )
        if packet.changed is not None and self._may_be(packet.changed):
            return packet.changed.replace(microsecond=0), When.FILES
        return self._now, When.NOW

    def _may_be(self, at: datetime) -> bool:
        return _LONG_AGO < at < self._now + _AHEAD

    def end(self) -> Collected:
        """Say who is missing, and each thing once."""
        handed_in = {one.student for one in self._desk.book.attempts(self._lesson.id)}
        self.found.missing = [one for login, one in self._people.students.items() if login not in handed_in]
        self.found.unlisted = list(dict.fromkeys(self.found.unlisted))
        return self.found


def safe_login(label: str) -> str:
    """Return a login for somebody who has none: it may stand in a file's name, and two people never get the same."""
    text = unicodedata.normalize("NFC", label).strip()
    safe = "".join(c if unicodedata.category(c)[0] in "LMN" or c in "._-@+ '()" else "_" for c in text).lstrip(". ")
    if safe == text and 0 < len(safe) <= MAX_LOGIN:
        return safe
    return f"{safe[: MAX_LOGIN - 9]}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
