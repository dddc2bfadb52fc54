"""A lesson of a class to the records of its report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nnedu import __version__
from nnedu.classroom.findings import alike, faults, misunderstood
from nnedu.classroom.policy import Standing
from nnedu.classroom.statistics import item_analysis
from nnedu.outcome import LessonOutcome, State
from nnedu.reporting.marks import explain, points_text
from nnedu.reporting.pages.records import (
    Arrival,
    Cell,
    Column,
    LessonReport,
    Note,
    Person,
    Provenance,
    Ran,
    Reliability,
    StudentReport,
)
from nnedu.reporting.terminal import short_lesson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from nnedu.classroom.ledger import Ledger
    from nnedu.classroom.policy import Mark
    from nnedu.classroom.records import Run, Student
    from nnedu.classroom.statistics import ItemAnalysis
    from nnedu.course import Course

SEED = 5  # of the bootstrap: the same gradebook gives the same report
HOUR = 3600
BEFORE_STEPS = 3  # lines of an explanation: its title, a blank one, and the name of the lesson
A_DAY = 48  # hours from which on lateness is said in days
_ARRIVALS = {
    Standing.ON_TIME: Arrival.ON_TIME,
    Standing.LATE: Arrival.LATE,
    Standing.TOO_LATE: Arrival.TOO_LATE,
    Standing.MISSING: Arrival.MISSING,
    Standing.NOT_DUE: Arrival.NOT_DUE,
    Standing.WAITING: Arrival.UNGRADED,
    Standing.EXCUSED: Arrival.EXCUSED,
}


def lesson_report(ledger: Ledger) -> LessonReport:
    """Return the report of a lesson over the class."""
    counting = ledger.counting
    outcomes = {login: one.outcome for login, one in counting.items()}
    worth, titles = ledger.worth, _titles(outcomes)
    rows = {login: _cells(outcome, worth) for login, outcome in outcomes.items()}
    rostered = any(one.listed for one in ledger.students)
    people = tuple(
        _person(one, ledger.marks[one.login], rows.get(one.login, ()), rostered=rostered) for one in ledger.students
    )
    taken = [cells for login, cells in rows.items() if not counting[login].attempt.problem]
    analysis = item_analysis(_points(taken, worth), list(worth.values()), np.random.default_rng(SEED))
    groups, note = alike(ledger)
    return LessonReport(
        lesson=short_lesson(ledger.lesson.id),
        title=ledger.lesson.title,
        due=due_text(ledger),
        max_points=float(sum(worth.values())),
        people=people,
        columns=_columns(worth, titles, taken, analysis),
        misunderstood=misunderstood(ledger),
        reliability=Reliability(analysis.alpha, analysis.alpha_low, analysis.alpha_high, analysis.students),
        faults=faults(ledger),
        alike=groups,
        provenance=provenance(ledger.course, ledger.runs, ledger.now),
        alike_note=note,
    )


def _titles(outcomes: Mapping[str, LessonOutcome]) -> dict[str, str]:
    return {exercise.id: exercise.title for outcome in outcomes.values() for exercise in outcome.exercises}


def _cells(outcome: LessonOutcome, worth: Mapping[str, int]) -> tuple[Cell | None, ...]:
    found = {one.id: Cell(one.state, one.points, one.max_points) for one in outcome.exercises}
    return tuple(found.get(name) for name in worth)


def _person(student: Student, mark: Mark, cells: tuple[Cell | None, ...], *, rostered: bool) -> Person:
    arrival = _ARRIVALS[mark.state]
    attempt = mark.counting.attempt if mark.counting else None
    unreadable = attempt is not None and bool(attempt.problem)
    tried = mark.attempts[-1] if mark.attempts else None
    lateness = mark.lateness or (tried.lateness if tried and arrival is Arrival.TOO_LATE else mark.lateness)
    at = attempt.submitted_at if attempt else tried.attempt.submitted_at if tried else None
    hours = None
    if at is not None and mark.due is not None:
        hours = -lateness.total_seconds() / HOUR if lateness else max(0.0, (mark.due - at).total_seconds() / HOUR)
    note = attempt.problem if attempt else ""
    return Person(
        student.login,
        student.shown,
        student.section,
        Arrival.UNREADABLE if unreadable else arrival,
        float(mark.points),
        float(mark.max_points),
        len(mark.attempts),
        duration(lateness) if lateness else "",
        hours,
        () if unreadable else cells,
        note or ("not on the roster" if rostered and not student.listed else ""),
        mark.counts,
    )


def duration(span: timedelta) -> str:
    """Return a span of time in words: `5 h`, `4 days`."""
    hours = span.total_seconds() / HOUR
    if hours < 1:
        return f"{max(1, round(60 * hours))} min"
    return f"{round(hours)} h" if hours < A_DAY else f"{round(hours / 24)} days"


def _points(rows: Sequence[Sequence[Cell | None]], worth: Mapping[str, int]) -> np.ndarray:
    """Return points of students x exercises, nan where a fault of the course left nothing to earn."""
    full = list(worth.values())
    table = [
        [
            one.points * most / one.max_points if one and one.max_points else np.nan
            for one, most in zip(row, full, strict=True)
        ]
        for row in rows
    ]
    return np.array(table, dtype=np.float64).reshape(len(rows), len(full))


def _columns(
    worth: Mapping[str, int], titles: Mapping[str, str], rows: Sequence[Sequence[Cell | None]], analysis: ItemAnalysis
) -> tuple[Column, ...]:
    found = []
    for index, (name, most) in enumerate(worth.items()):
        cells = [cell for row in rows if (cell := row[index]) is not None and cell.max_points]
        earned, possible = sum(cell.points for cell in cells), sum(cell.max_points for cell in cells)
        item = analysis.items[index]
        found.append(
            Column(
                name,
                titles.get(name, ""),
                most,
                len(cells),
                sum(cell.points >= cell.max_points for cell in cells),
                sum(cell.state is not State.NOT_STARTED for cell in cells),
                earned / possible if possible else 0.0,
                item.difficulty,
                item.discrimination,
            )
        )
    return tuple(found)


def due_text(ledger: Ledger) -> str:
    """Return when a lesson is due, as the clocks of the course show it; nothing where it has no date."""
    due = ledger.lesson.schedule.due
    return "" if due is None else f"{due.astimezone(ledger.course.policy.zone):%Y-%m-%d %H:%M %Z}"


def provenance(course: Course, runs: Sequence[Run], now: datetime, *, one_lesson: bool = True) -> Provenance:
    """Return what the numbers of a report depend on."""
    zone = course.policy.zone
    used = runs[-1].used if runs else None
    return Provenance(
        used.course if used else course.title,
        used.course_version if used else course.version,
        used.lesson_version if used and one_lesson else "",
        used.engine if used else f"nnedu {__version__}",
        tuple(sorted({layers for run in runs for layers in run.used.sandbox})),
        tuple(
            Ran(run.id, run.began.astimezone(zone), run.ended.astimezone(zone) if run.ended else None, run.by)
            for run in runs
        ),
        now.astimezone(zone),
    )


def student_report(ledger: Ledger, login: str) -> StudentReport:
    """Return what a student is given of a lesson."""
    mark = ledger.marks[login]
    counting = ledger.counting.get(login)
    outcome = ledger.desk.book.outcome(counting.attempt.id, counting.run) if counting else None
    zone = ledger.course.policy.zone
    notes = [one for one in ledger.comments if one.student == login]
    return StudentReport(
        login,
        ledger.names[login],
        ledger.lesson.title,
        outcome or LessonOutcome(ledger.lesson.id, ()),
        f"{points_text(mark.points)} of {points_text(mark.max_points)}" if mark.counts else mark.state.value,
        tuple(explain("", [("", mark)]).splitlines()[BEFORE_STEPS:]),
        counting.attempt.problem if counting else f"Nothing of yours was graded: {mark.state}.",
        tuple(Note(one.exercise, one.text, one.by, one.at.astimezone(zone)) for one in notes),
    )
