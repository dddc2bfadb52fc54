"""A course so far: the total and the trend of each student, and who is falling behind by a rule that is stated."""

from __future__ import annotations

from statistics import fmean, median
from typing import TYPE_CHECKING

from nnedu.classroom.policy import Standing
from nnedu.classroom.summary import due_text, provenance
from nnedu.classroom.total import course_mark
from nnedu.reporting.pages.records import CourseReport, LessonLine, SoFar
from nnedu.reporting.pages.words import percent
from nnedu.reporting.terminal import short_lesson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from nnedu.classroom.desk import Desk
    from nnedu.classroom.ledger import Ledger
    from nnedu.classroom.policy import Mark
    from nnedu.classroom.records import Student

RECENT = 3
MISSED = 2
LOW = 0.5
FALL = 0.2
RULE = (
    f"A student is named who handed in nothing in {MISSED} of the last {RECENT} lessons that count so far, whose mean "
    f"over them is under {percent(LOW)}, or whose mean over them is {100 * FALL:.0f} points out of 100 lower than over "
    "all lessons before. What is missing counts as 0."
)


def course_report(desk: Desk, ledgers: Sequence[Ledger], now: datetime) -> CourseReport:
    """Return the report of a course, from the ledgers of the lessons that have begun."""
    begun = [one for one in ledgers if any(mark.attempts or mark.counts for mark in one.marks.values())]
    students = {one.login: one for ledger in begun or ledgers for one in ledger.students}
    runs = sorted((run for one in begun for run in one.runs), key=lambda run: run.id)
    return CourseReport(
        desk.course.title,
        tuple(map(_lesson, begun)),
        tuple(_so_far(desk, students[login], begun) for login in sorted(students)),
        RULE,
        _weighting(desk),
        provenance(desk.course, runs, now, one_lesson=False),
    )


def _lesson(ledger: Ledger) -> LessonLine:
    marks = list(ledger.marks.values())
    shares = [float(mark.share) for mark in marks if mark.counting and mark.counts and mark.share is not None]
    states = [mark.state for mark in marks]
    return LessonLine(
        short_lesson(ledger.lesson.id),
        ledger.lesson.title,
        due_text(ledger),
        len(marks),
        sum(bool(mark.attempts) for mark in marks),
        states.count(Standing.LATE) + states.count(Standing.TOO_LATE),
        states.count(Standing.MISSING),
        fmean(shares) if shares else None,
        median(shares) if shares else None,
    )


def _so_far(desk: Desk, student: Student, ledgers: Sequence[Ledger]) -> SoFar:
    marks = {one.lesson.id: one.marks[student.login] for one in ledgers if student.login in one.marks}
    total = course_mark(desk.course, marks).share
    missing = sum(mark.state is Standing.MISSING for mark in marks.values())
    shares = tuple(_share(marks.get(one.lesson.id)) for one in ledgers)
    return SoFar(
        student.login,
        student.shown,
        student.section,
        None if total is None else float(total),
        shares,
        missing,
        falling_behind(marks),
    )


def _share(mark: Mark | None) -> float | None:
    """Return the mark to show; none for what was not handed in, which is no mark of 0."""
    there = mark is not None and mark.counts and mark.share is not None and (mark.attempts or mark.by_hand)
    return float(mark.share) if mark and there and mark.share is not None else None


def falling_behind(marks: Mapping[str, Mark]) -> tuple[str, ...]:
    """Return what speaks for a student falling behind, by RULE; nothing for most."""
    counted = [mark for mark in marks.values() if mark.counts]
    shares = [float(mark.share or 0) for mark in counted]
    recent, before = shares[-RECENT:], shares[:-RECENT]
    missed = sum(mark.state is Standing.MISSING for mark in counted[-RECENT:])
    lately = f"the last {len(recent)} lessons" if len(recent) > 1 else "the one lesson so far"
    found = []
    if missed >= MISSED:
        found.append(f"handed in nothing in {missed} of {lately}")
    if recent and fmean(recent) < LOW:
        found.append(f"has {percent(fmean(recent))} over {lately}")
    if before and fmean(before) - fmean(recent) >= FALL:
        found.append(f"fell from {percent(fmean(before))} to {percent(fmean(recent))}")
    return tuple(found)


def _weighting(desk: Desk) -> str:
    dropped = desk.course.policy.drop_lowest
    lowest = (
        f" The {dropped} that weigh most on it are dropped."
        if dropped > 1
        else " The lowest is dropped."
        if dropped
        else ""
    )
    return f"The total is the mean of the lessons that count so far, by their weights.{lowest}"
