"""Measures the gradebook: `.venv/bin/python benchmarks/gradebook.py`. It is no gate: the exit code is always 0.

PostgreSQL is measured where its server's programs are installed, on a server that is started for it.
"""
# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import argparse
import importlib
import json
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from table import Row, machine, progress, table

from nnedu.classroom.gradebook import open_gradebook
from nnedu.classroom.records import GradedWith, Student
from nnedu.outcome import CheckOutcome, Diagnosis, ExerciseOutcome, LessonOutcome, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nnedu.classroom.gradebook import Gradebook

ROOT = Path(__file__).resolve().parents[1]
LESSONS, EXERCISES, CHECKS = 6, 10, 4  # of a course: 60 exercises, 240 checks
ROUND = 100_000  # check results, of which the budget speaks
BATCH = 32  # attempts that `nnedu grade` writes at once
BEGAN = datetime(2026, 9, 1, 12, tzinfo=UTC)
MESSAGE = "total is 2.0 times too large: yours is 5.25, and 2.625 was expected\n" * 4


def outcome(lesson: str, seed: int) -> LessonOutcome:
    """Return what came of a submission; a third of its checks failed."""
    exercises = []
    for number in range(EXERCISES):
        checks = []
        for place in range(CHECKS):
            failed = (seed + number + place) % 3 == 0
            checks.append(
                CheckOutcome(
                    f"agrees_with_the_reference_{place}",
                    "agrees with the numerical derivative of the loss",
                    State.FAILED if failed else State.PASSED,
                    0 if failed else 1,
                    1,
                    MESSAGE if failed else "",
                    "2.0 times too large" if failed else "",
                    hidden=place == CHECKS - 1,
                )
            )
        points = sum(check.points for check in checks)
        state = State.PASSED if points == CHECKS else State.FAILED
        named = None if state is State.PASSED else Diagnosis("sum", "the sum is taken, and not the mean")
        title = "the gradient of the mean loss with respect to every parameter"
        exercises.append(
            ExerciseOutcome(
                f"exercise_{number}", "module", title, state, points, CHECKS, "4 checks", named, tuple(checks)
            )
        )
    return LessonOutcome(lesson, tuple(exercises), 0.5)


def measure(book: Gradebook, name: str, students: int) -> list[Row]:
    """Fill a gradebook with a course, and read it."""
    checks = students * LESSONS * EXERCISES * CHECKS
    enrol = Row(f"{name}: a roster of {students}", "s", None)
    collect = Row(f"{name}: collecting {students * LESSONS} submissions", "s", None)
    insert = Row(f"{name}: 100,000 check results, in batches of {BATCH} submissions", "s", 10.0)
    rate = Row("  check results a second", "/s", ROUND / 10, least=True)
    scored = Row(f"{name}: reading {checks} check results for a report", "s", 1.5)
    one = Row(f"{name}: one outcome with its messages", "ms", None)
    with timed(enrol):
        book.enrol([Student(f"s{number:04}", f"Student {number}") for number in range(students)], "bench")
    lessons = [f"lesson{number:02}" for number in range(LESSONS)]
    attempts = []
    with timed(collect):
        for lesson in lessons:
            for number in range(students):
                at = BEGAN + timedelta(seconds=number)
                data = f"{lesson} {number}".encode() * 100
                attempt, _ = book.add_attempt(
                    student=f"s{number:04}", lesson=lesson, data=data, submitted_at=at, received_at=at
                )
                attempts.append(attempt)
    insert.values, rate.values = [], []
    seconds = 0.0
    for lesson in lessons:
        progress(f"{name}: {lesson}")
        rows = [(one.id, outcome(lesson, one.id)) for one in attempts if one.lesson == lesson]
        began = time.perf_counter()
        run = book.begin_run(lesson, "bench", GradedWith("course", "1", "lesson", "engine", ("seccomp",)))
        for start in range(0, len(rows), BATCH):
            book.save(run, rows[start : start + BATCH])
        book.end_run(run)
        seconds += time.perf_counter() - began
    rate.values.append(checks / seconds)
    insert.values.append(seconds * ROUND / checks)
    for _ in range(3):
        with timed(scored):
            found = book.scored()
        assert len(found) == len(attempts)  # noqa: S101 - what was measured has to be what was meant
    for attempt in attempts[:50]:
        with timed(one):
            book.outcome(attempt.id)
    return [enrol, collect, insert, rate, scored, one]


@contextmanager
def timed(row: Row) -> Iterator[None]:
    """Take the time of a block."""
    began = time.perf_counter()
    yield
    row.values.append(time.perf_counter() - began)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=1000, help="how large the class is")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nnedu-bench-") as folder:
        path = Path(folder) / "gradebook.db"
        with open_gradebook(path) as book:
            rows = measure(book, "SQLite", given.students)
        rows.append(Row("  size of the file", "MB", None, [path.stat().st_size]))
    sys.path.insert(0, str(ROOT / "tests" / "classroom"))
    server = importlib.import_module("postgres_server")
    if server.server_folder() is None:
        rows.append(Row("PostgreSQL: no server is installed", "s", None))
    else:
        with server.started() as running, open_gradebook(running.new()) as book:
            rows += measure(book, "PostgreSQL", given.students)
    progress("")
    if given.json:
        print(json.dumps([row.plain() for row in rows], indent=1))  # noqa: T201 - it is what the script is for
    else:
        print(f"{machine()}\n\n{table(rows)}")  # noqa: T201


if __name__ == "__main__":
    main()
