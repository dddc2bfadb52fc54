"""`nnedu plot` as a student meets it: drawn, partly drawn, not drawn yet, and where something is missing."""

import os
import shutil
import sys
import time
from xml.etree import ElementTree as ET

import pytest
from cli_run import LESSON3, ROOT, nnedu, unfit

PNG = b"\x89PNG\r\n\x1a\n"
TINY_LESSON = "lesson01_lines"
SOLUTION = (ROOT / "tests" / "courses" / "tiny" / "solutions" / TINY_LESSON / "lines.py").read_text("utf-8")
PLOT = '''"""Plots of a course in small."""

import numpy as np
from nnedu.checking import Curves, assert_array


def lines(student, rng):
    """your line, at $x$"""
    x = np.linspace(0.0, 1.0, 5)
    y = assert_array(student.lines.line(x, 2.0, 1.0), shape=(5,), name="line(x, 2, 1)")
    return Curves("a $title_ that is no formula", x, {"$": y}, "x, in m", "y, in m")
'''


@pytest.fixture(scope="module")
def _small(tmp_path_factory):
    """A workspace of a course in small that has a plot, and stops a call after half a second."""
    place = tmp_path_factory.mktemp("small")
    course = shutil.copytree(ROOT / "tests" / "courses" / "tiny", place / "course")
    text = (course / "course.toml").read_text("utf-8")
    (course / "course.toml").write_text(text.replace("call_seconds = ", "call_seconds = 0.5 # "), "utf-8")
    (course / "graders" / TINY_LESSON / "plots.py").write_text(PLOT, "utf-8")
    for lesson in ("lines", "sums"):
        assert nnedu("course", "bundle", lesson, "--course", course, "--out", place / "release", cwd=place).code == 0
        assert nnedu("fetch", lesson, "--from", place / "release", cwd=place).code == 0
    return place


@pytest.fixture
def small(_small, tmp_path):
    folder = shutil.copytree(_small, tmp_path / "small", ignore=shutil.ignore_patterns("course", "release"))
    (folder / TINY_LESSON / "lines.py").write_text(SOLUTION, "utf-8")
    return folder


def rewrite(workspace, old, new):
    path = workspace / TINY_LESSON / "lines.py"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_solved_lesson_is_drawn_into_its_folder(solved):
    """The same code gives the same picture; it says where it is, and how to see it."""
    assert nnedu("check", "lesson3", cwd=solved).code == 0
    ran = nnedu("plot", "lesson3", cwd=solved)
    path = solved / LESSON3 / "plot.png"
    assert (ran.code, ran.err, ran.out) == (0, "", f"Drawn: {path}\nNext:  nnedu plot lesson3 --open\n")
    first = path.read_bytes()
    assert first.startswith(PNG)
    assert nnedu("plot", cwd=solved / LESSON3).code == 0
    assert path.read_bytes() == first


def test_a_stub_is_named_with_the_command_that_checks_it(workspace):
    """No traceback, no picture; what is missing is said once, and the command is one that works."""
    ran = nnedu("plot", "lesson3", cwd=workspace)
    assert (ran.code, ran.err) == (1, "")
    assert "Not drawn yet: your activation functions.\n  sigmoid still raises NotImplementedError, at" in ran.out
    assert "  Next:  nnedu check lesson3/sigmoid\n" in ran.out
    assert "Traceback" not in ran.out
    assert not (workspace / LESSON3 / "plot.png").exists()
    assert nnedu("check", "lesson3/sigmoid", cwd=workspace).code == 1


def test_what_is_written_is_drawn_though_something_else_is_not(solved):
    """One plot is drawn and the other named; the exit code says that something is missing."""
    path = solved / LESSON3 / "activations.py"
    text = path.read_text("utf-8")
    path.write_text(text.replace("def tanh_derivative(", "def another("), "utf-8")
    ran = nnedu("plot", "lesson3", cwd=solved)
    assert ran.code == 1
    assert "activations.py does not define tanh_derivative" in ran.out
    assert "Next:  nnedu check lesson3/tanh_derivative\n" in ran.out
    assert "your activation functions" not in ran.out
    assert (solved / LESSON3 / "plot.png").read_bytes().startswith(PNG)


def test_a_picture_of_what_did_not_pass_says_so(small):
    """It may show a mistake: not checked yet, failed, or edited since it passed."""
    said = "The picture may show a mistake, as this was not checked yet, or did not pass: line.\n"
    step = "  Next:  nnedu check lesson1/line\n"
    assert said + step in nnedu("plot", "lesson1", cwd=small).out
    assert nnedu("check", "lesson1/line", cwd=small).code == 0
    assert "mistake" not in nnedu("plot", "lesson1", cwd=small).out
    rewrite(small, "slope * np.asarray", "0.5 * slope * np.asarray")
    ran = nnedu("plot", "lesson1", cwd=small)
    assert (ran.code, said + step in ran.out) == (0, True)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("while True: pass", "line was stopped after 0.5 s (limit 0.5 s) at lines.py:"),
        ("return np.full(5, np.nan)", "line(x, 2, 1) is not finite: 5 of 5 entries"),
        ("return 'a string'", "line(x, 2, 1) is a string"),
        ("raise RuntimeError('\\x1b[2J\\n::error::forged')", "line raised RuntimeError: ?[2J"),
        ("import os; os._exit(0)", "imports os, which"),
        ("return np.ones(4)", "line(x, 2, 1) has shape (4,)"),
    ],
)
def test_whatever_the_code_does_becomes_one_sentence(small, body, why):
    """It runs in a worker, which is stopped; a value that cannot be drawn is no fault of the course."""
    rewrite(small, "    return slope * np.asarray(x, dtype=float) + intercept", f"    {body}")
    ran = nnedu("plot", "lesson1", cwd=small)
    assert (ran.code, ran.err) == (1, "")
    assert why in ran.out
    assert ran.last_line == "  Next:  nnedu check lesson1/line"
    assert len(ran.out.splitlines()) == 3
    assert unfit(ran.out) == []


def test_svg_is_text_and_no_formula(small):
    """A dollar is a dollar; the file is a picture of its own, and holds no date."""
    for name in ("a.svg", "b.svg", "a.pdf"):
        assert nnedu("plot", "lesson1", "--output", name, cwd=small).code == 0
    assert (small / "a.svg").read_bytes() == (small / "b.svg").read_bytes()
    assert ET.parse(small / "a.svg").getroot().tag.endswith("svg")  # noqa: S314 - written here, a moment ago
    assert (small / "a.pdf").read_bytes().startswith(b"%PDF")


def test_an_ending_that_is_no_picture_is_refused(small):
    """So that nothing a student wrote is written over by a slip."""
    before = (small / TINY_LESSON / "lines.py").read_bytes()
    ran = nnedu("plot", "lesson1", "--output", f"{TINY_LESSON}/lines.py", cwd=small)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "lines.py has no ending that says what to draw.\nLet it end in one of .png, .svg, .pdf.\n"
    assert (small / TINY_LESSON / "lines.py").read_bytes() == before


def test_a_lesson_without_plots_names_those_that_have(small):
    """They need not be fetched."""
    ran = nnedu("plot", "lesson2", cwd=small)
    assert (ran.code, ran.err) == (2, "lesson2 has no plots.\nLessons that have: lesson1.\n")


def test_without_matplotlib_a_sentence_says_what_to_install(small, tmp_path):
    """Before anything of the student is run."""
    (tmp_path / "matplotlib.py").write_text("raise ImportError('not here')\n", "utf-8")
    ran = nnedu("plot", "lesson1", cwd=small, PYTHONPATH=str(tmp_path))
    assert (ran.code, ran.out) == (2, "")
    said = "Plots are drawn by matplotlib, which is not installed.\nInstall it: pip install 'nnedu[plots]'\n"
    assert ran.err == said


def test_a_fault_of_the_plot_is_no_fault_of_the_student(small):
    """It is said with the line of plots.py."""
    plots = small / ".nnedu" / "lessons" / TINY_LESSON / "graders" / "plots.py"
    plots.write_text(PLOT.replace("    y = ", "    {}['none']\n    y = "), "utf-8")
    ran = nnedu("plot", "lesson1", cwd=small)
    assert ran.code == 3
    assert "not in your code" in ran.err
    assert "The plot lines (plots.py:10): KeyError: 'none'" in ran.err


@pytest.mark.skipif(sys.platform != "linux", reason="xdg-open is how Linux shows a file")
def test_open_shows_the_picture(small, tmp_path):
    """With what the system has; where it has nothing, the picture is there all the same."""
    (tmp_path / "bin").mkdir()
    viewer = tmp_path / "bin" / "xdg-open"
    viewer.write_text(f'#!/bin/sh\nprintf %s "$1" > {tmp_path}/part && mv {tmp_path}/part {tmp_path}/shown\n', "utf-8")
    viewer.chmod(0o755)
    path = small / TINY_LESSON / "plot.png"
    ran = nnedu("plot", "lesson1", "--open", cwd=small, PATH=f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    assert (ran.code, ran.last_line) == (0, f"Drawn: {path}")
    for _ in range(200):
        if (tmp_path / "shown").exists():
            break
        time.sleep(0.05)
    assert (tmp_path / "shown").read_text("utf-8") == str(path)
    path.unlink()
    ran = nnedu("plot", "lesson1", "--open", cwd=small, PATH="")
    assert (ran.code, path.exists()) == (2, True)
    assert ran.err == f"This system has nothing to show {path} with.\nOpen the file by hand.\n"
