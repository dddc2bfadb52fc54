"""Everything that the gradebook says of one lesson, read once and judged: what reports and tables are made of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nnedu.classroom.policy import class_marks, full_worth

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from nnedu.classroom.desk import Desk
    from nnedu.classroom.policy import Mark
    from nnedu.classroom.records import Comment, Run, Scored, Student
    from nnedu.course import Course, Lesson


@dataclass(frozen=True, slots=True)
class Ledger:
    """A lesson of a class. `students` are those on the roster, and whoever else handed it in.

    `counting` is the attempt of each student that counts, where there is one; `worth` the points of each exercise.
    """

    desk: Desk
    lesson: Lesson
    students: tuple[Student, ...]
    marks: Mapping[str, Mark]
    counting: Mapping[str, Scored]
    worth: Mapping[str, int]
    names: Mapping[str, str]
    runs: tuple[Run, ...]
    comments: tuple[Comment, ...]
    now: datetime

    @property
    def course(self) -> Course:
        """The course."""
        return self.desk.course


def read_ledger(desk: Desk, lesson: Lesson, now: datetime) -> Ledger:
    """Read all that the gradebook says of a lesson, and judge it."""
    book = desk.book
    known, attempts, scored = book.students(), book.attempts(lesson.id), book.scored(lesson.id)
    there = {one.student for one in attempts}
    rostered = any(one.listed for one in known)
    students = tuple(one for one in known if one.listed or not rostered or one.login in there)
    marks = class_marks(
        desk.course,
        lesson,
        [one.login for one in students],
        attempts=attempts,
        scored=scored,
        extensions=book.extensions(lesson.id),
        overrides=book.overrides(lesson.id),
        now=now,
    )
    return Ledger(
        desk,
        lesson,
        students,
        marks,
        {login: mark.counting for login, mark in marks.items() if mark.counting is not None},
        full_worth(scored),
        _names(students),
        tuple(book.runs(lesson.id)),
        tuple(book.comments(lesson.id)),
        now,
    )


def _names(students: Iterable[Student]) -> dict[str, str]:
    """Return the name to show of each login, with the login beside it where two people have one name."""
    known = list(students)
    often = Counter(one.shown for one in known)
    return {one.login: one.shown if often[one.shown] == 1 else f"{one.shown} ({one.login})" for one in known}
