"""What a submission costs in nbgrader, graded four ways: by itself, in the kernel by nnedu, confined, and outside it.

The same six submissions of three exercises (`trio`), and sixty: all right, a slip in each exercise, all slips, stubs.
Every way has to give the same points for every exercise before anything is timed.
"""
# ruff: noqa: INP001 - a script, which has the name of a package that it imports: its own folder comes last

from __future__ import annotations

import sys

sys.path.append(sys.path.pop(0))

import argparse
import json
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import peers
from classes import Class
from processes import Usage, watch
from table import NotMeasuredError, Row, machine, progress, table
from trio import EXERCISES, LESSON, NAME, ROOT, Trio

from nnedu.course import load_course
from nnedu.publishing.nbgrader.assignment import export
from nnedu.publishing.nbgrader.config import Mode, Settings
from nnedu.publishing.nbgrader.gradebook import read_scores
from nnedu.publishing.nbgrader.layout import layout_of
from nnedu.publishing.nbgrader.marking import segments
from nnedu.publishing.nbgrader.statements import grade_id_of

if TYPE_CHECKING:
    from collections.abc import Sequence

RUNS = 5
FEW, MANY = 6, 60
AT_MOST = 0.5
Points = dict[str, dict[str, float]]


class Way(Protocol):
    """One way to grade a class."""

    def grade(self, students: int) -> Usage:
        """Grade the first so many students from the beginning."""

    def points(self) -> Points:
        """Return what each student earned, by exercise."""


class Stock:
    """nbgrader as it comes: graded cells with plain asserts over the same checks, run in a kernel."""

    def __init__(self, folder: Path, trio: Trio, answers: Sequence[str]) -> None:
        peers.PLACE = ROOT / ".venv"  # the same nbgrader as for the others
        self._course = peers.Nbgrader(folder, trio)
        for number, text in enumerate(answers):
            self._course.submit(student(number), text)

    def grade(self, students: int) -> Usage:
        """Grade with one command."""
        return self._course.autograde(pattern(students))

    def points(self) -> Points:
        """Return the points by exercise."""
        return self._course.points()


class Ours:
    """The lesson as nnedu exports it, graded by nbgrader's own command: confined, or in the kernel."""

    def __init__(self, folder: Path, course: Path, mode: Mode, answers: Sequence[str]) -> None:
        self._folder = folder
        self._environment = peers.environment(folder)
        (folder / "home").mkdir(parents=True)
        opened = load_course(course)
        export(opened, opened.lessons[0], folder, Settings(str(course), NAME, mode))
        layout = layout_of(opened, opened.lessons[0])
        self._run("generate_assignment", LESSON)
        released = json.loads((folder / "release" / LESSON / f"{LESSON}.ipynb").read_text("utf-8"))
        names = {cell.grade_id: cell.name for cell in layout.cells if cell.name}
        for number, text in enumerate(answers):
            place = folder / "submitted" / student(number) / LESSON
            place.mkdir(parents=True)
            (place / f"{LESSON}.ipynb").write_text(answered(released, names, text), "utf-8")

    def grade(self, students: int) -> Usage:
        """Grade with one command."""
        return self._run("autograde", LESSON, f"--student={pattern(students)}", "--force")

    def points(self) -> Points:
        """Return the points by exercise."""
        found: Points = {}
        for one in read_scores(f"sqlite:///{self._folder / 'gradebook.db'}", LESSON):
            found.setdefault(one.student, {})[one.exercise] = one.points
        return found

    def _run(self, *arguments: str) -> Usage:
        return watch([str(peers.PLACE / "bin" / "nbgrader"), *arguments], self._folder, self._environment)


class Files:
    """`nnedu grade` on the same answers as files, with one grader."""

    def __init__(self, folder: Path, course: Path, answers: Sequence[str]) -> None:
        self._classes = {}
        for students in (1, FEW, len(answers)):
            group = Class(folder / str(students), course, LESSON)
            for number, text in enumerate(answers[:students]):
                place = group.folder / student(number)
                place.mkdir(parents=True)
                (place / f"{NAME}.py").write_text(text, "utf-8")
            self._classes[students] = group
        self._points: Points = {}

    def grade(self, students: int) -> Usage:
        """Grade with one command."""
        graded = self._classes[students].grade("--workers", "1")
        self._points = graded.points
        return graded.usage

    def points(self) -> Points:
        """Return the points by exercise."""
        return self._points


def student(number: int) -> str:
    """Return the name of a student."""
    return f"s{number:02}"


def pattern(students: int) -> str:
    """Return what matches the first so many students."""
    return {1: "s00", FEW: f"s0[0-{FEW - 1}]", MANY: "s*"}[students]


def answered(released: dict[str, object], names: dict[str, str], text: str) -> str:
    """Return the notebook of a student whose file holds this text."""
    notebook = json.loads(json.dumps(released))
    head, parts = segments(text)
    for cell in notebook["cells"]:
        name = names.get(grade_id_of(cell))
        if name in parts:
            cell["source"] = f"{head}\n\n\n{parts.pop(name)}"
    return json.dumps(notebook)


def answers(trio: Trio) -> list[str]:
    """Return the works of the class: the six kinds in turn, each a little different."""
    kinds = [trio.solution, *trio.wrong.values()]
    return [f"{kinds[number % len(kinds)]}\n# The work of {student(number)}.\n" for number in range(MANY)]


def agree(ways: dict[str, Way], students: int) -> None:
    """Raise NotMeasuredError where two ways give other points."""
    found = {}
    for name, way in ways.items():
        progress(f"the same {students} submissions: {name}")
        way.grade(students)
        marks = way.points()
        found[name] = [[marks[student(n)].get(one, 0.0) for one in EXERCISES] for n in range(students)]
    first, *others = found
    for other in others:
        if found[other] != found[first]:
            text = f"{other} gives other points than {first}: {found[other][:FEW]}, {found[first][:FEW]}"
            raise NotMeasuredError(text)


def measure(ways: dict[str, Way], runs: int) -> list[Row]:
    """Return the rows: seconds of a submission beyond the first one's, and the ratios to stock."""
    rows: list[Row] = []
    for students, rounds in ((FEW, runs), (MANY, max(1, runs // RUNS))):
        wall = {name: Row(f"{name}, {students} submissions: each", "s", None) for name in ways}
        cpu = {name: Row("  CPU seconds", "s", None) for name in ways}
        ratio = {name: Row(f"  {name} / stock", "x", AT_MOST if name == CONFINED else None) for name in ways}
        for number in range(rounds):
            each = {}
            for name, way in ways.items():
                progress(f"{students} submissions, round {number + 1} of {rounds}: {name}")
                alone, all_of = way.grade(1), way.grade(students)
                each[name] = (all_of.seconds - alone.seconds) / (students - 1)
                wall[name].values.append(each[name])
                cpu[name].values.append((all_of.cpu - alone.cpu) / (students - 1))
            for name, value in each.items():
                ratio[name].values.append(value / each[STOCK])
        for name in ways:
            rows += [wall[name], cpu[name], *([ratio[name]] if name != STOCK else [])]
    return rows


STOCK, KERNEL, CONFINED, FILES = "stock nbgrader", "in the kernel (mode A)", "confined (mode B)", "nnedu grade"


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="rounds of six; of sixty a fifth")
    parser.add_argument("--json", action="store_true", help="for programs")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="nnedu-nbgrader-"))
    try:
        trio = Trio()
        course = folder / "course"
        trio.write_course(course)
        works = answers(trio)
        ways: dict[str, Way] = {
            STOCK: Stock(folder / "stock", trio, works),
            KERNEL: Ours(folder / "kernel", course, Mode.KERNEL, works),
            CONFINED: Ours(folder / "confined", course, Mode.CONFINED, works),
            FILES: Files(folder / "files", course, works),
        }
        agree(ways, MANY)
        rows = measure(ways, options.runs)
    except NotMeasuredError as error:
        sys.exit(f"not measured: {error}")
    finally:
        with suppress(OSError):
            shutil.rmtree(folder)
    progress("")
    said = json.dumps([row.plain() for row in rows], indent=1) if options.json else f"{machine()}\n\n{table(rows)}"
    sys.stdout.write(f"{said}\n")


if __name__ == "__main__":
    main()
