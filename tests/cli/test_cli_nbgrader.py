"""`nnedu export nbgrader`, `nnedu nbgrader`, and the way back: real commands, on a real course of nbgrader."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from cli_run import nnedu

TINY = Path(__file__).parents[1] / "courses" / "tiny"
LINES = "lesson01_lines"
WRONG_STEP = "def step(value, velocity, gradient):\n    return value - gradient, velocity"


class Desk:
    """A course of nnedu, and one of nbgrader that has a lesson of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.nnedu = root / "tiny"
        self.nbgrader = root / "nn101"
        self.home = {"HOME": str(root), "IPYTHONDIR": str(root), "JUPYTER_CONFIG_DIR": str(root), "NNEDU_BY": "kim"}

    def run(self, *arguments):
        return nnedu(*arguments, cwd=self.nnedu, **self.home)

    def stock(self, *arguments):
        environment = os.environ | self.home
        environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
        program = Path(sys.executable).parent / "nbgrader"
        subprocess.run([program, *arguments], cwd=self.nbgrader, env=environment, check=True, capture_output=True)

    def hand_in(self, student, **answers):
        source = json.loads((self.nbgrader / "source" / LINES / f"{LINES}.ipynb").read_text("utf-8"))
        for cell in source["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cell["source"] = answers.get(name, cell["source"])
        place = self.nbgrader / "submitted" / student / LINES
        place.mkdir(parents=True)
        (place / f"{LINES}.ipynb").write_text(json.dumps(source), "utf-8")
        (place / "timestamp.txt").write_text("2026-11-20 12:00:00.000000 UTC", "utf-8")

    def set_by_hand(self, student, exercise, points, extra=None):
        with sqlite3.connect(self.nbgrader / "gradebook.db") as database:
            database.execute(
                "update grade set manual_score=?, extra_credit=? where id in (select g.id from grade g "
                "join base_cell c on c.id = g.cell_id join submitted_notebook n on n.id = g.notebook_id "
                "join submitted_assignment a on a.id = n.assignment_id where a.student_id=? and c.name=?)",
                (points, extra, student, f"{exercise}-hidden"),
            )


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    root = tmp_path_factory.mktemp("desk")
    shutil.copytree(TINY, root / "tiny", ignore=shutil.ignore_patterns("__pycache__"))
    made = Desk(root)
    done = made.run("export", "nbgrader", "lesson1", "--course", made.nbgrader, "--course-id", "nn101")
    assert (done.code, done.err) == (0, "")
    assert "written: source/lesson01_lines/lesson01_lines.ipynb" in done.out
    assert done.last_line == f"Next:  cd {made.nbgrader} && nbgrader generate_assignment {LINES}"
    made.stock("generate_assignment", LINES)
    made.hand_in("ada")
    made.hand_in("ben", step=WRONG_STEP)
    made.hand_in("cy", step="def step(value, velocity, gradient:\n    return value")
    damaged = made.nbgrader / "submitted" / "dot" / LINES
    damaged.mkdir(parents=True)
    (damaged / f"{LINES}.ipynb").write_text("{", "utf-8")
    return made


@pytest.fixture(scope="module")
def graded(desk):
    done = desk.run("nbgrader", "autograde", "lesson1", "--course", desk.nbgrader, "--workers", 2)
    return desk, done


def test_a_second_export_keeps_what_was_said_and_writes_nothing(desk):
    before = (desk.nbgrader / "nbgrader_config.py").read_bytes()
    done = desk.run("export", "nbgrader", "lesson1", "--course", desk.nbgrader)
    assert (done.code, "written:" in done.out) == (0, False)
    assert (desk.nbgrader / "nbgrader_config.py").read_bytes() == before
    done = desk.run("export", "nbgrader", "lesson1", "--course", desk.nbgrader, "--mode", "kernel")
    assert "Graded by: the kernel of each notebook" in done.out
    assert b"'nn101'" in (desk.nbgrader / "nbgrader_config.py").read_bytes()
    desk.run("export", "nbgrader", "lesson1", "--course", desk.nbgrader, "--mode", "confined")
    assert (desk.nbgrader / "nbgrader_config.py").read_bytes() == before


def test_precheck_names_who_broke_what_and_changes_nothing(desk):
    path = desk.nbgrader / "submitted" / "dot" / LINES / f"{LINES}.ipynb"
    done = desk.run("nbgrader", "precheck", "1", "--course", desk.nbgrader)
    assert done.code == 1
    assert "dot  cannot be graded\n  The notebook is damaged: it is not JSON." in done.out
    assert done.last_line == "4 notebooks, 3 as they were handed out"
    assert path.read_text("utf-8") == "{"


def test_autograde_grades_all_but_the_one_that_is_no_notebook(graded):
    _, done = graded
    assert done.code == 1
    said = dict(re.findall(r"^\[\d/4\] (\w+)  (.*)$", done.out, re.MULTILINE))
    assert said.pop("dot").startswith("not graded: ")
    assert said == {"ada": "18/18", "ben": "15/18", "cy": "15/18"}
    assert done.last_line == "3 of 4 graded"


def test_notebooks_are_collected_once_and_graded_as_files_are(graded):
    desk, _ = graded
    done = desk.run("collect", "lesson1", "--from-nbgrader", desk.nbgrader)
    assert done.code == 0, done.err
    assert f"{desk.nbgrader}: nbgrader's submitted, 4 students" in done.out
    assert "4 new, 0 already there" in done.out
    assert "cy: the cell of step: line 1: '(' was never closed" in done.out
    again = desk.run("collect", "lesson1", "--from-nbgrader", desk.nbgrader)
    assert "0 new, 4 already there" in again.out
    done = desk.run("grade", "lesson1", "--workers", 1, "--json")
    points = {one["student"]: one["points"] for one in done.json["submissions"]}
    assert points == {"ada": 18, "ben": 15, "cy": 15, "dot": 0}


def test_marks_of_a_person_are_taken_over_once_with_their_reason(graded):
    desk, _ = graded
    desk.run("collect", "lesson1", "--from-nbgrader", desk.nbgrader)
    desk.run("grade", "lesson1", "--workers", 1)
    desk.set_by_hand("ben", "step", 2.5)
    desk.set_by_hand("ada", "fit", None, extra=1.0)
    done = desk.run("report", "lesson1", "--from-nbgrader", desk.nbgrader / "gradebook.db")
    assert done.code == 0, done.err
    assert "nbgrader: 2 marks taken over, 0 as they were" in done.err
    assert "ben: step: 2.5 set by hand" in done.err
    assert "ada: fit: 1 extra credit" in done.err
    done = desk.run("report", "lesson1", "--from-nbgrader", desk.nbgrader)
    assert "nbgrader: 0 marks taken over, 2 as they were" in done.err
    explained = desk.run("report", "lesson1", "--explain", "ben").out
    assert "step set to 2.50 by kim" in explained
    assert "set by hand in nbgrader" in explained


def test_points_are_pushed_to_nbgrader(graded):
    desk, _ = graded
    with sqlite3.connect(desk.nbgrader / "gradebook.db") as database:
        database.execute("update grade set auto_score = 0")
    desk.run("collect", "lesson1", "--from-nbgrader", desk.nbgrader)
    desk.run("grade", "lesson1", "--workers", 1)
    done = desk.run("nbgrader", "push", "lesson1", "--course", desk.nbgrader)
    assert done.last_line == "24 scores of 4 students written."
    with sqlite3.connect(desk.nbgrader / "gradebook.db") as database:
        [(total,)] = database.execute("select sum(auto_score) from grade")
    assert total == 18 + 15 + 15


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nbgrader", "precheck", "lesson1", "--course", "nowhere"], "nowhere is no course of nbgrader"),
        (["nbgrader", "autograde", "lesson9", "--course", "../nn101"], "There is no lesson 'lesson9'."),
        (["nbgrader", "autograde", "1", "--course", "../nn101", "--student", "zoe"], "zoe has not handed in"),
        (["nbgrader", "push", "lesson2", "--course", "../nn101"], "holds no grades of lesson02_sums"),
        (["report", "--from-nbgrader", "x.db"], "takes over the marks of one lesson"),
        (["report", "1", "--from-nbgrader", "x.db"], "There is no gradebook at"),
        (["report", "1", "--from-nbgrader", "course.toml"], "is no database of nbgrader"),
        (["export", "nbgrader", "lesson1"], "Missing option '--course'"),
    ],
)
def test_what_cannot_be_done_is_a_sentence_with_a_next_step(desk, arguments, said):
    done = desk.run(*arguments)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err
