"""What a report shows, in plain records: `nnedu.classroom.summary` fills them, templates and text only lay them out.

Texts in them may come from students and are as hostile as they like: whoever shows them makes them plain.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from nnedu.outcome import LessonOutcome, State

FEW_STUDENTS = 100


class Arrival(StrEnum):
    """How the work of a student came in."""

    ON_TIME = "on time"
    LATE = "late"
    TOO_LATE = "after the cut-off"
    UNREADABLE = "unreadable"
    UNGRADED = "not graded yet"
    EXCUSED = "excused"
    NOT_DUE = "not due yet"
    MISSING = "missing"


class Cell(NamedTuple):
    """What a student reached in an exercise."""

    state: State
    points: int
    max_points: int


@dataclass(frozen=True, slots=True)
class Person:
    """One student in the report of a lesson. `cells` has one place an exercise, or none where nothing was graded.

    `late` is in words, `2 h`. `points` is the mark: after penalties, and as people have set it; `marked`: there is one.
    """

    login: str
    shown: str
    section: str
    arrival: Arrival
    points: float
    max_points: float
    attempts: int = 0
    late: str = ""
    hours_left: float | None = None
    cells: tuple[Cell | None, ...] = ()
    note: str = ""
    marked: bool = True

    @property
    def share(self) -> float:
        """The mark as a share of what could be reached."""
        return self.points / self.max_points if self.max_points else 0.0


@dataclass(frozen=True, slots=True)
class Column:
    """One exercise over the class. Statistics are None where there is nothing to compute them from."""

    id: str
    title: str
    max_points: int
    handed_in: int
    right: int
    begun: int
    mean_share: float
    difficulty: float | None = None
    discrimination: float | None = None


@dataclass(frozen=True, slots=True)
class Misunderstood:
    """One thing that students got wrong, by name where it has one, with an example from a check that they may see."""

    exercise: str
    sentence: str
    named: bool
    students: tuple[str, ...]
    check: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class Reliability:
    """Cronbach's alpha with its interval, of so many students."""

    alpha: float | None
    low: float | None
    high: float | None
    students: int

    @property
    def few(self) -> bool:
        """Whether there are too few students for the numbers to say much."""
        return self.students < FEW_STUDENTS


@dataclass(frozen=True, slots=True)
class Fault:
    """A check in which the course was wrong; `message` may quote the solution, and is for the instructor."""

    exercise: str
    check: str
    message: str
    students: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a submission, and whether the other one has it too."""

    number: int
    text: str
    same: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """A module of two students, side by side."""

    module: str
    left: tuple[Line, ...]
    right: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two students whose work has much in common."""

    left: str
    right: str
    share: float
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """Students whose submissions are alike; `pairs` are those that are shown of them."""

    students: tuple[str, ...]
    share: float
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of grading, as it is said of it."""

    number: int
    began: datetime
    ended: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the numbers of a report depend on."""

    course: str
    course_version: str
    lesson_version: str
    engine: str
    sandbox: tuple[str, ...]
    runs: tuple[Ran, ...]
    made_at: datetime
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class LessonReport:
    """A lesson over a class. `due` is in words, and empty where there is no date."""

    lesson: str
    title: str
    due: str
    max_points: float
    people: tuple[Person, ...]
    columns: tuple[Column, ...]
    misunderstood: tuple[Misunderstood, ...]
    reliability: Reliability
    faults: tuple[Fault, ...]
    alike: tuple[Alike, ...]
    provenance: Provenance
    alike_note: str = ""

    @property
    def graded(self) -> tuple[Person, ...]:
        """Those who have a mark for something that was graded."""
        return tuple(one for one in self.people if one.cells and one.marked)

    def arrived(self, *how: Arrival) -> tuple[Person, ...]:
        """Those whose work came in like that."""
        return tuple(one for one in self.people if one.arrival in how)


@dataclass(frozen=True, slots=True)
class LessonLine:
    """A lesson in the report of a course; shares are of those who handed in."""

    lesson: str
    title: str
    due: str
    students: int
    handed_in: int
    late: int
    missing: int
    mean_share: float | None
    median_share: float | None


@dataclass(frozen=True, slots=True)
class SoFar:
    """A student in the report of a course: `shares` has a place a lesson, None where none was due or handed in."""

    login: str
    shown: str
    section: str
    total: float | None
    shares: tuple[float | None, ...]
    missing: int
    behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CourseReport:
    """A course so far. `rule` says when a student is falling behind."""

    title: str
    lessons: tuple[LessonLine, ...]
    people: tuple[SoFar, ...]
    rule: str
    weighting: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Note:
    """What a person wrote to a student, on an exercise or on the whole."""

    exercise: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StudentReport:
    """What a student is given of a lesson: the outcome, how the mark came to be, and what people wrote."""

    login: str
    shown: str
    title: str
    outcome: LessonOutcome
    mark: str
    explanation: tuple[str, ...]
    problem: str = ""
    notes: tuple[Note, ...] = field(default_factory=tuple)
