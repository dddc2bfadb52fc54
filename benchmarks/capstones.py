"""Measures the capstones, solved: `.venv/bin/python benchmarks/capstones.py`. No gate: the exit code is always 0."""
# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

from nnedu.sandbox.threads import one_thread

one_thread()  # as the command does, before numpy is there

from table import NotMeasuredError, Row, machine, progress, table  # noqa: E402

from nnedu.checking.training import measuring  # noqa: E402
from nnedu.course import load_course  # noqa: E402
from nnedu.outcome import State  # noqa: E402
from nnedu.running.bench import Bench  # noqa: E402
from nnedu.running.collect import collect  # noqa: E402
from nnedu.running.evidence import Live  # noqa: E402
from nnedu.running.limits import limits_of  # noqa: E402
from nnedu.running.work import read_folder  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Capstone:
    """An exercise that trains, the check that asks for most, and its budgets: a share reached, in so many seconds."""

    lesson: str
    exercise: str
    check: str
    what: str
    least: float
    seconds: float


CAPSTONES = (
    Capstone("lesson8", "train_cnn", "goal", "numpy CNN", 0.96, 20.0),
    Capstone("lesson14", "DigitClassifier", "goal", "digits MLP", 0.96, 5.0),
    Capstone("lesson15", "MiniTransformer", "goal", "small transformer", 0.98, 20.0),
)


def measure(one: Capstone, rounds: int) -> list[Row]:
    """Grade the solution as a student, with the worker that `nnedu check` uses, and the hidden checks too."""
    course = load_course(ROOT)
    lesson = course.lesson(one.lesson)
    [exercise] = (found for found in collect(lesson.graders_folder, lesson.modules) if found.id == one.exercise)
    reached = Row(f"{one.what}: share right, of what it has not seen", "%", one.least, least=True)
    goal = Row(f"  seconds of {one.exercise}/{one.check}", "s", one.seconds)
    whole = Row(f"  seconds of all {len(exercise.checks)} checks of {one.exercise}", "s", None)
    for turn in range(rounds):
        progress(f"{one.exercise}, round {turn + 1} of {rounds}")
        evidence = Live(course, lesson)
        bench = Bench(lesson.id, (), evidence)
        submission = read_folder(lesson.solutions_folder, lesson.modules).open(evidence.allowed, limits_of(course))
        started = time.perf_counter()
        try:
            for check in exercise.checks:
                before = time.perf_counter()
                with measuring() as measured:
                    outcome = bench.judge(check, submission)
                if outcome.state is not State.PASSED:
                    raise NotMeasuredError(f"{check.id}: {outcome.message}")
                if check.id == f"{one.exercise}/{one.check}":
                    goal.values.append(time.perf_counter() - before)
                    reached.values += [number.value for number in measured]
        finally:
            submission.close()
        whole.values.append(time.perf_counter() - started)
    return [reached, goal, whole]


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    rows = [row for one in CAPSTONES for row in measure(one, rounds)]
    progress("")
    print(f"{machine()}; the solutions in a worker, {rounds} rounds\n")  # noqa: T201 - it is a script
    print(table(rows))  # noqa: T201


if __name__ == "__main__":
    main()
