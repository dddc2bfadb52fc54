"""What a classroom knows, in plain records: the gradebook keeps them, the policy judges them, reports show them.

Moments are aware datetimes in UTC. A student is known by `login`, the name that submissions carry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from datetime import datetime

    from nnedu.outcome import LessonOutcome


class GradedWith(msgspec.Struct, frozen=True):
    """What the grades of a class depend on besides the submissions. `sandbox`: the layers student code ran behind."""

    course: str
    course_version: str
    lesson_version: str
    engine: str
    sandbox: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Student:
    """One person. `listed`: on the roster now; a submission may also come from somebody who is not."""

    login: str
    name: str = ""
    email: str = ""
    number: str = ""
    section: str = ""
    listed: bool = True

    @property
    def shown(self) -> str:
        """The name to show: that of the roster, or the login."""
        return self.name or self.login


@dataclass(frozen=True, slots=True)
class Attempt:
    """One submission of one lesson, as it came in. `digest` is the SHA-256 of its archive, which the gradebook keeps.

    `source` is the file it came in as, `problem` why it cannot be read as a submission, `hints` how many hints
    the student says to have used, by exercise.
    """

    id: int
    student: str
    lesson: str
    digest: str
    submitted_at: datetime
    received_at: datetime
    source: str = ""
    problem: str = ""
    hints: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One go of `nnedu grade` or `nnedu regrade` at a lesson. `ended` is None where it was interrupted."""

    id: int
    lesson: str
    began: datetime
    ended: datetime | None
    by: str
    used: GradedWith


@dataclass(frozen=True, slots=True)
class Scored:
    """What a run made of an attempt. The latest run that graded an attempt counts."""

    attempt: Attempt
    run: int
    outcome: LessonOutcome


@dataclass(frozen=True, slots=True)
class Override:
    """A mark set by a person: of one exercise, or of the lesson where `exercise` is empty. None takes it back."""

    student: str
    lesson: str
    exercise: str
    points: float | None
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Comment:
    """What a person wrote to a student on a lesson, or on one exercise of it."""

    student: str
    lesson: str
    exercise: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Extension:
    """A later due date for one student and lesson; the cut-off moves with it. The latest one counts."""

    student: str
    lesson: str
    until: datetime
    why: str
    by: str
    at: datetime
