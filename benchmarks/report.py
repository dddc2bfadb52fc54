"""Measures reports of a large class: `.venv/bin/python benchmarks/report.py`. No gate: the exit code is always 0."""
# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from gradebooks import fill
from table import NotMeasuredError, Row, machine, progress, table

from nnedu.classroom.desk import open_desk
from nnedu.course import load_course

ROOT = Path(__file__).resolve().parents[1]
STUDENTS, EXERCISES, LESSON = 1000, 60, "lesson1"


def run(course: Path, *arguments: str) -> float:
    """Run `nnedu report` as an instructor does, and return its seconds."""
    started = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - this very program
        [sys.executable, "-m", "nnedu", "report", *arguments, "--course", str(course)],
        cwd=course,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise NotMeasuredError(done.stderr.decode())
    return time.perf_counter() - started


def measure(course: Path, rounds: int) -> list[Row]:
    """Measure every kind of report, the whole command each time."""
    page = Row(f"lesson page, {STUDENTS} students x {EXERCISES} exercises", "s", 5.0)
    size = Row("  its size", "MB", 3e6)
    text = Row("  the summary alone", "s", None)
    whole = Row("course page, of that one lesson", "s", 5.0)
    given = Row(f"pages and texts of {STUDENTS} students", "s", None)
    for turn in range(rounds):
        progress(f"round {turn + 1} of {rounds}")
        page.values.append(run(course, LESSON, "--html", "page.html"))
        size.values.append(float((course / "page.html").stat().st_size))
        text.values.append(run(course, LESSON))
        whole.values.append(run(course, "--html", "course.html"))
        given.values.append(run(course, LESSON, "--students", "given"))
    return [page, size, text, whole, given]


def main() -> None:
    """Fill a gradebook, measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="leave the lesson's page here, to be looked at")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nnedu-report-") as place:
        course = shutil.copytree(ROOT / "tests" / "courses" / "tiny", Path(place) / "course")
        progress("filling a gradebook")
        loaded = load_course(course)
        with open_desk(loaded) as desk:
            fill(desk, loaded.lesson(LESSON), STUDENTS, EXERCISES, np.random.default_rng(5))
        rows = measure(course, options.rounds)
        if options.keep:
            shutil.copy(course / "page.html", options.keep)
    progress("")
    print(f"{table(rows)}\n\n{machine()}")  # noqa: T201 - what it is for


if __name__ == "__main__":
    main()
