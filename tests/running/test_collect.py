"""Graders are collected, student files are read: whatever lies there, in words and never as a crash."""

import os
import re
import sys
from pathlib import Path

import pytest

from nnedu.course import load_course
from nnedu.errors import CourseFault
from nnedu.running.bench import Bench
from nnedu.running.collect import collect
from nnedu.running.evidence import Live, local_submission
from nnedu.running.work import Work, read_folder, read_work


def bench_of(course, name="lines"):
    lesson = course.lesson(name)
    return Bench(lesson.id, collect(lesson.graders_folder, lesson.modules), Live(course, lesson))


@pytest.fixture
def bench(tiny):
    return bench_of(tiny)


def examined(bench, sources, **options):
    """Run a submission in this process."""
    return bench.examine(local_submission(sources, bench.evidence.allowed), **options)


def in_process(bench, work):
    """Run a submission in a process of its own."""
    submission = work.open(bench.evidence.allowed)
    try:
        return bench.examine(submission)
    finally:
        submission.close()


@pytest.fixture
def solution(bench):
    return bench.evidence.sources["lines"]


def test_exercises_are_read_from_the_grader(bench):
    """Order, titles, points, sentences, what comes after what, parameters."""
    assert [(e.id, e.title, e.after, e.max_points) for e in bench.exercises][:2] == [
        ("line", "the value of a line", (), 7),
        ("fit", "the line of least squares", ("line",), 3),
    ]
    names = [(c.id, c.points, c.hidden, c.module) for c in bench.exercises[0].checks]
    assert names == [
        ("line/values", 2, False, "lines"),
        ("line/slope[3.0]", 1, False, "lines"),
        ("line/slope[-0.5]", 1, False, "lines"),
        ("line/far_away", 3, True, "lines"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('@exercise("fit", after=["line"])\n', "", "a check stands in a class marked with @exercise"),
        ('after=["line"]', 'after=["step"]', "fit (test_lines.py:61) comes after step, which is not before it"),
        (
            'after=["line"]',
            'after=["lien"]',
            "comes after lien, which is no exercise of the lesson.\nDid you mean line?",
        ),
        ('@exercise("fit", after=["line"])', '@exercise("line")', "line (test_lines.py:61) is graded by two classes"),
        (
            "    @points(3)\n    def test_steps",
            "    def test_steps",
            "test_lines.py:97: test_steps of step has no @points",
        ),
        ('        """walks as the reference does, its velocity carried on"""\n', "", "has no docstring"),
        ('    """one step of momentum"""\n\n', "", "The grader of step has no docstring"),
        ("def test_exact(self, student)", "def test_exact(self, student, tmp_path)", "asks for tmp_path"),
        ("import numpy as np\n", "import numpy as np\nimport nothing_of_the_kind\n", "test_lines.py:4: ModuleNotFound"),
        ("@points(3)", "@points(0)", "test_lines.py:50: @points(0): a check is worth a whole number of points"),
        ("def _cloud(rng):", "def _cloud(rng:", "test_lines.py:19: SyntaxError"),
    ],
)
def test_a_grader_with_a_slip_is_a_fault_of_the_course(tiny_copy, old, new, message):
    """Said when it is collected, with what is missing."""
    path = tiny_copy / "graders" / "lesson01_lines" / "test_lines.py"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(CourseFault, match=re.escape(message)):
        collect(path.parent, ["lines"])
    assert "test_lines" not in sys.modules
    path.write_text(text)
    assert len(collect(path.parent, ["lines"])) == 6


def test_a_grader_without_checks_is_a_fault_of_the_course(tmp_path):
    """It would pass anything."""
    (tmp_path / "test_m.py").write_text("X = 1\n")
    with pytest.raises(CourseFault, match="There are no checks in"):
        collect(tmp_path, ["m"])
    with pytest.raises(CourseFault, match="A grader cannot be read"):
        collect(tmp_path, ["missing"])


@pytest.mark.parametrize("options", ["-k nothing", "--deselect x", "--no-such-option", "-x --cov"])
def test_pytest_options_of_a_persons_own_leave_no_check_out(tiny, monkeypatch, options):
    """PYTEST_ADDOPTS is for their own tests."""
    monkeypatch.setenv("PYTEST_ADDOPTS", options)
    lesson = tiny.lesson("lines")
    assert len(collect(lesson.graders_folder, lesson.modules)) == 6
    assert os.environ["PYTEST_ADDOPTS"] == options


@pytest.mark.parametrize("where", ["", "graders", "graders/lesson01_lines"])
def test_a_conftest_that_lies_around_is_not_run(tiny_copy, where):
    """Students have files of any name in their folders."""
    mark = tiny_copy / "ran"
    (tiny_copy / where / "conftest.py").write_text(f"open({str(mark)!r}, 'w').close()\n")
    (tiny_copy / "pytest.ini").write_text("[pytest]\naddopts = -k nothing\n")
    assert len(collect(tiny_copy / "graders" / "lesson01_lines", ["lines"])) == 6
    assert not mark.exists()


FILES = {
    "utf-16": ("x = 1\n".encode("utf-16"), "lines.py is saved as UTF-16"),
    "binary": (b"x = 1\0", "lines.py is not a text file."),
    "latin-1": ("x = 1\n# Straße\n".encode("latin-1"), "lines.py is not UTF-8 text (line 2)"),
    "empty": (b" \n", "lines.py is empty."),
    "large": (b"#" * 300_000, "lines.py is larger than 256 KiB."),
}


@pytest.mark.parametrize(("data", "sentence"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_python_text_is_said(tmp_path, data, sentence):
    """Never raised."""
    (tmp_path / "lines.py").write_bytes(data)
    work = read_folder(tmp_path, ["lines"])
    assert work.sources == {}
    assert work.problems["lines"].startswith(sentence)


def test_links_and_folders_are_not_read(tmp_path):
    """A link could lead to somebody else's answer."""
    (tmp_path / "secret.py").write_text("x = 1\n")
    (tmp_path / "lines.py").symlink_to(tmp_path / "secret.py")
    (tmp_path / "sums.py").mkdir()
    work = read_folder(tmp_path, ["lines", "sums"])
    assert work.sources == {}
    assert set(work.problems) == {"lines", "sums"}


def test_a_byte_order_mark_and_other_line_ends_are_read(tmp_path):
    """As editors on other systems write them."""
    (tmp_path / "lines.py").write_bytes(b"\xef\xbb\xbfx = 1\r\ny = 2\r")
    assert read_folder(tmp_path, ["lines"]).sources == {"lines": "x = 1\ny = 2\n"}


def test_many_large_files_do_not_become_a_fault(bench, solution):
    """Together they would not fit the wire; who hands them in has no check taken out of the reckoning."""
    padding = b"#" * 250_000 + b"\n"
    work = read_work({"lines": solution.encode(), "a": padding, "b": padding, "c": padding, "d": padding})
    assert set(work.problems) == {"c", "d"}
    assert in_process(bench, work).complete
    huge = Work({"lines": solution, "rest": "#" * 2_000_000})
    outcome = in_process(bench, huge)
    assert (outcome.points, outcome.max_points) == (0, 18)


def test_a_lesson_is_graded_wherever_it_lies(tiny_copy):
    """Nothing depends on the folder that a course is in."""
    bench = bench_of(load_course(Path(tiny_copy)))
    assert examined(bench, bench.evidence.sources).complete
