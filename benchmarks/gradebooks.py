"""Gradebooks made up for measuring: students who know more or less, and exercises that are harder or easier."""
# ruff: noqa: INP001 - of scripts, not of a package

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from nnedu.classroom.archive import make_archive
from nnedu.classroom.records import GradedWith, Student
from nnedu.outcome import CheckOutcome, Curve, Diagnosis, ExerciseOutcome, Grid, LessonOutcome, State

if TYPE_CHECKING:
    import numpy as np

    from nnedu.classroom.desk import Desk
    from nnedu.course import Lesson

DUE = datetime(2026, 3, 1, 22, 59, 59, tzinfo=UTC)
MESSAGE = "W1[0, 1] is 0.4375; expected 0.21875: off by 0.22, allowed 2e-08.\nEvery entry is off by the same factor, 2."
MISTAKES = 6
CHECKS = 6
MISSING, LATE = 0.04, 0.1
BATCH = 100
GRID = Grid("dW1", (6, 8), ("........", "..xxx...", "..xxx...", "........", "........", "........"))
CURVE = Curve("loss", tuple(range(100)), (0.5,) * 100, tuple(0.5 * 0.97**i for i in range(100)))


def fill(desk: Desk, lesson: Lesson, students: int, exercises: int, rng: np.random.Generator) -> None:
    """Put a class into a gradebook: roster, archives, one run, and what came of each attempt."""
    book = desk.book
    logins = [f"student{number:04d}" for number in range(students)]
    people = [Student(one, f"Student Number {one[7:]}", section="AB"[n % 2]) for n, one in enumerate(logins)]
    book.enrol(people, "kim")
    used = GradedWith(desk.course.title, desk.course.version, "0123456789ab", "nnedu", ("seccomp, Landlock",))
    run = book.begin_run(lesson.id, "kim", used)
    able, hard = rng.normal(size=students), rng.normal(size=exercises)
    rows = []
    for number, login in enumerate(logins):
        if rng.random() < MISSING:
            continue
        at = DUE + timedelta(hours=float(rng.normal(-30.0, 20.0)))
        sources = {f"{name}.py": _source(name, number).encode() for name in lesson.modules}
        attempt, _ = book.add_attempt(
            student=login, lesson=lesson.id, data=make_archive(sources), submitted_at=at, received_at=at
        )
        knows = rng.random(exercises) < 1 / (1 + 2.718281828 ** (hard - able[number]))
        rows.append((attempt.id, _outcome(lesson, knows.tolist(), rng)))
    for start in range(0, len(rows), BATCH):
        book.save(run, rows[start : start + BATCH])
    book.end_run(run)


def _source(module: str, number: int) -> str:
    """Return a module of 60 lines of which no two students have many alike."""
    lines = [f"def f{i}(x, y):\n    z{i} = x * {(number * 7919 + i * 104729) % 9973} + y" for i in range(20)]
    return f'"""{module}"""\n' + "\n\n\n".join(
        f"{one}\n    return z{i} ** {number % 97 + i}" for i, one in enumerate(lines)
    )


def _outcome(lesson: Lesson, knows: list[bool], rng: np.random.Generator) -> LessonOutcome:
    return LessonOutcome(lesson.id, tuple(_exercise(n, right, rng) for n, right in enumerate(knows)), 0.5)


def _exercise(number: int, right: bool, rng: np.random.Generator) -> ExerciseOutcome:  # noqa: FBT001 - one of two
    wrong = 0 if right else int(rng.integers(1, CHECKS))
    checks = tuple(
        CheckOutcome(f"check{i}", f"holds in case {i}", State.PASSED, 2, 2)
        if i >= wrong
        else CheckOutcome(
            f"check{i}", f"holds in case {i}", State.FAILED, 0, 2, MESSAGE, "wrong", picture=(GRID, CURVE)[number % 2]
        )
        for i in range(CHECKS)
    )
    kind = int(rng.integers(MISTAKES + 2))
    named = Diagnosis(f"mistake{kind}", f"the slip number {kind} is made") if wrong and kind < MISTAKES else None
    state = State.FAILED if wrong else State.PASSED
    points = 2 * (CHECKS - wrong)
    module = "one"
    return ExerciseOutcome(f"exercise_{number:02d}", module, "a title", state, points, 2 * CHECKS, "", named, checks)
