"""What an instructor is left with: grades.csv, grades.json, and a feedback text for each student."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from nnedu.classroom.results import whole
from nnedu.reporting.feedback import feedback_text
from nnedu.reporting.tables import JSON_BETWEEN, JSON_END, class_row, csv_head, csv_row, faults, json_head, json_row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nnedu.classroom.grade import Graded, Grading
    from nnedu.classroom.records import GradedWith

MAX_FILE_NAME = 255
_UNFIT = re.compile(r"^\.|[\\/\x00-\x1f\ud800-\udfff]")  # of a roster a login may be anything, a path too


@dataclass(slots=True)
class Handout:
    """What was written of a class: the rows of its table, and the students at whom a person has to look."""

    rows: list[list[str]] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)


class Grades(Protocol):
    """What came of a class, in the order of students, wherever it was kept."""

    @property
    def grading(self) -> Grading:
        """The lesson."""

    @property
    def graded_with(self) -> GradedWith:
        """What the grades depend on."""

    def __iter__(self) -> Iterator[Graded]:
        """Read what came of each student."""


def write_grades(out: Path, grades: Grades) -> Handout:
    """Write every file, each as a whole, in one go through the grades of a class."""
    handout, grading = Handout(), grades.grading
    (out / "feedback").mkdir(parents=True, exist_ok=True)
    with whole(out / "grades.csv") as table, whole(out / "grades.json") as programs:
        table.write(csv_head(grading.exercises).encode())
        programs.write(json_head(grading.lesson.id, grading.max_points, grades.graded_with).encode())
        for number, one in enumerate(grades):
            table.write(csv_row(one).encode())
            programs.write(((JSON_BETWEEN if number else "") + json_row(one)).encode())
            text = feedback_text(one.student, grading.lesson.title, one.outcome, one.problem)
            with whole(f"{out}/feedback/{feedback_name(one.student)}") as feedback:
                feedback.write(text.encode())
            handout.rows.append(class_row(one))
            handout.by_hand += [one.student] if faults(one.outcome) else []
        programs.write(JSON_END.encode())
    return handout


def feedback_name(student: str, suffix: str = ".txt") -> str:
    """Return the name of a student's feedback: that of the student, as far as a file system takes it."""
    name = _UNFIT.sub("_", student)
    if name == student and len(f"{name}{suffix}".encode()) <= MAX_FILE_NAME:
        return f"{name}{suffix}"
    short = name.encode(errors="replace")[: MAX_FILE_NAME - 20].decode(errors="ignore")
    return f"{short}-{hashlib.sha256(student.encode(errors='surrogatepass')).hexdigest()[:12]}{suffix}"
