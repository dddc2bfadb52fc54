"""nbgrader and otter on the exercises of `trio`, each used as it says itself, in an environment of their own."""
# ruff: noqa: INP001 - of scripts, not of a package

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import venv
from pathlib import Path
from typing import TYPE_CHECKING

from processes import Usage, watch
from table import NotMeasuredError, progress

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trio import Trio

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / ".venv-peers"
PINS = ROOT / "requirements" / "peers.txt"
NAME = "trio"
COLLECT = """
import json, sys
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db", course_id="trio") as book:
    print(json.dumps({
        submission.student_id: {grade.name: grade.score for one in submission.notebooks for grade in one.grades}
        for submission in book.assignment_submissions("trio")
    }))
"""
CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "trio"
c.CourseDirectory.root = {root!r}
c.ExecutePreprocessor.timeout = 60
"""
OTTER_TEST = """OK_FORMAT = False
from otter.test_files import test_case
name = {name!r}
points = None
"""
OTTER_CASE = """
@test_case(name={check!r}, points={points})
def {check}(env):
    from trio_checks import check
    check({name!r}, {check!r}, env)
"""

Points = dict[str, float]


def install() -> None:
    """Make the environment of the peers, where it is not there or is not that of the present pins."""
    wanted = hashlib.sha256(PINS.read_bytes()).hexdigest()
    stamp = PLACE / ".installed"
    if stamp.is_file() and stamp.read_text("ascii") == wanted:
        return
    progress(f"installing the peers into {PLACE.name}, a minute or two the first time")
    venv.create(PLACE, with_pip=True, clear=True)
    options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "-r", str(PINS)]
    command = [str(PLACE / "bin" / "python"), "-m", "pip", "install", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - pinned, by their hashes
    if done.returncode != 0:
        text = f"the peers cannot be installed: {' '.join(done.stderr.strip().splitlines()[-1:])}"
        raise NotMeasuredError(text)
    stamp.write_text(wanted, "ascii")


def environment(folder: Path) -> dict[str, str]:
    """Return what the peers are started with: their programs are found by name, and their files stay in `folder`."""
    left_out = {"PYTHONPATH", "VIRTUAL_ENV", "JUPYTER_PATH", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    private = {name: str(folder / "home") for name in ("HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
    return kept | private | {"PATH": f"{PLACE / 'bin'}{os.pathsep}{kept['PATH']}", "OPENBLAS_NUM_THREADS": "1"}


def notebook(cells: list[dict[str, object]]) -> str:
    """Return a notebook with these cells."""
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    whole = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1)


def cell(name: str, source: str, **marks: object) -> dict[str, object]:
    """Return a code cell, with the marks of nbgrader where there are some."""
    metadata = {"nbgrader": {"schema_version": 3, "grade_id": name, "task": False, **marks}} if marks else {}
    empty = {"cell_type": "code", "execution_count": None, "outputs": []}
    return {**empty, "id": name, "metadata": metadata, "source": source}


class Nbgrader:
    """A course of nbgrader: one notebook, one graded cell a check."""

    def __init__(self, folder: Path, trio: Trio) -> None:
        self._folder = folder
        self._trio = trio
        self._environment = environment(folder)
        source = folder / "source" / NAME
        source.mkdir(parents=True)
        (folder / "home").mkdir(parents=True)
        (folder / "nbgrader_config.py").write_text(CONFIG.format(root=str(folder)), "utf-8")
        for name, text in trio.plain_files.items():
            (source / name).write_text(text, "utf-8")
        (source / f"{NAME}.ipynb").write_text(self._notebook("raise NotImplementedError()"), "utf-8")
        self._run("generate_assignment", NAME)

    def _notebook(self, answers: str) -> str:
        """Return the notebook as it is handed in. The graded cells are put back from the gradebook in any case."""
        cells = [cell("answers", answers, grade=False, solution=True, locked=False)]
        cells.append(cell("checks", "from trio_checks import check", grade=False, solution=False, locked=True))
        for one in self._trio.checks:
            source = f"check({one.exercise!r}, {one.check!r}, globals())"
            name = f"{one.exercise}-{one.check}"
            cells.append(cell(name, source, grade=True, solution=False, locked=True, points=one.points))
        return notebook(cells)

    def submit(self, student: str, answers: str) -> None:
        """Hand in a notebook."""
        place = self._folder / "submitted" / student / NAME
        place.mkdir(parents=True)
        (place / f"{NAME}.ipynb").write_text(self._notebook(answers), "utf-8")

    def autograde(self, students: str) -> Usage:
        """Grade the students that a pattern names, whether they have been graded or not."""
        return self._run("autograde", NAME, f"--student={students}", "--force")

    def forget(self, students: Iterable[str]) -> None:
        """Take students' work away, so that it is not graded again."""
        for student in students:
            shutil.rmtree(self._folder / "submitted" / student)

    def points(self) -> dict[str, Points]:
        """Return the points of every student, by exercise."""
        command = [str(PLACE / "bin" / "python"), "-W", "ignore", "-c", COLLECT]
        done = subprocess.run(  # noqa: S603 - our own script
            command, cwd=self._folder, env=self._environment, capture_output=True, text=True, check=True
        )
        found: dict[str, dict[str, float]] = json.loads(done.stdout)
        return {student: self._by_exercise(grades) for student, grades in found.items()}

    def _by_exercise(self, grades: dict[str, float]) -> Points:
        sums: Points = {}
        for one in self._trio.checks:
            sums[one.exercise] = sums.get(one.exercise, 0.0) + grades[f"{one.exercise}-{one.check}"]
        return sums

    def _run(self, *arguments: str) -> Usage:
        return watch([str(PLACE / "bin" / "nbgrader"), *arguments], self._folder, self._environment)


class Otter:
    """An autograder of otter: one test file an exercise, one case a check."""

    def __init__(self, folder: Path, trio: Trio) -> None:
        self._folder = folder
        self._environment = environment(folder)
        (folder / "home").mkdir(parents=True)
        (folder / "out").mkdir()
        (folder / "tests").mkdir()
        texts: dict[str, str] = {}
        for one in trio.checks:
            texts.setdefault(one.exercise, OTTER_TEST.format(name=one.exercise))
            texts[one.exercise] += OTTER_CASE.format(name=one.exercise, check=one.check, points=one.points)
        for name, text in texts.items():
            (folder / "tests" / f"{name}.py").write_text(text, "utf-8")
        for name, text in trio.plain_files.items():
            (folder / name).write_text(text, "utf-8")
        options = ["-t", "tests", "-o", "autograder.zip", "--no-config", "--no-requirements", "--no-environment"]
        self._run("generate", *options, *trio.plain_files)

    def grade(self, answers: str) -> tuple[Usage, Points]:
        """Grade one notebook."""
        (self._folder / "answers.ipynb").write_text(notebook([cell("answers", answers)]), "utf-8")
        usage = self._run("run", "-a", "autograder.zip", "-o", "out", "--no-logo", "answers.ipynb")
        results = json.loads((self._folder / "out" / "results.json").read_text("utf-8"))
        return usage, {one["name"]: one["score"] for one in results["tests"] if "score" in one}

    def _run(self, *arguments: str) -> Usage:
        return watch([str(PLACE / "bin" / "otter"), *arguments], self._folder, self._environment)
