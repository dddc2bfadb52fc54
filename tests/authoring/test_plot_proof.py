"""`nnedu course verify` on plots: what a student would meet is met by the author first."""

import pytest

from nnedu.authoring.leaks import leak_problems
from nnedu.authoring.plots import plot_problems
from nnedu.authoring.verify import verify
from nnedu.classroom.releases import release
from nnedu.course import load_course
from nnedu.publishing.build import build
from nnedu.publishing.bundle import Bundle, contents
from nnedu.publishing.stubs import lesson_stubs
from nnedu.running.collect import collect
from nnedu.running.evidence import Live

LESSON = "lesson01_lines"
HEAD = '''"""Plots."""

import numpy as np
from nnedu.checking import Curves, assert_array


def lines(student, rng):
    """your line"""
    x = np.arange(5.0)
'''
RIGHT = """    y = assert_array(student.lines.line(x, 2.0, 1.0), shape=(5,), name="y")
    return Curves("t", x, {"y": y}, "x", "y")
"""


def bundled(course_folder, text):
    """Build the lesson with these plots: (course, lesson, bundle's files)."""
    (course_folder / "graders" / LESSON / "plots.py").write_text(text, "utf-8")
    course = load_course(course_folder)
    lesson = course.lesson("lines")
    return course, lesson, contents(build(course, lesson))


def problems(course_folder, text, place):
    course, lesson, files = bundled(course_folder, text)
    for name, data in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)
    return list(plot_problems(Bundle(place), Live(course, lesson), lesson_stubs(lesson)))


def test_right_plots_leave_with_the_lesson(tiny_copy, tmp_path):
    """Beside the checks, and the manifest tells which lessons have some."""
    assert problems(tiny_copy, HEAD + RIGHT, tmp_path / "bundle") == []
    opened = Bundle(tmp_path / "bundle")
    assert (opened.graders / "plots.py").read_text("utf-8") == HEAD + RIGHT
    assert opened.manifest.plotted == (LESSON,)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("    return Curves('t', x, {'y': x}, 'x', 'y')\n", "asks nothing of the student"),
        ("    return Curves('t', x, {'y': x}, 'x', 'y')\n", "is drawn with the untouched stub"),
        (RIGHT.replace("(5,)", "(6,)"), "cannot be drawn with the solution: y has shape (5,)"),
        (
            '    return Curves("t", x, {"y": student.lines.line(x, 2.0, 1.0) + 1}, "x", "y")\n',
            "a student who returns None makes a plot crash: The plot lines (plots.py:10): TypeError",
        ),
        (
            '    return Curves("t", x, {"y": student.lines.line(x, 2.0, 1.0)}, "x", "y")\n',
            "a student who returns a number makes a plot crash: The plot lines (plots.py:10): The plot 't' was given",
        ),
        ("    raise KeyError(0)\n", "The plot lines (plots.py:10): KeyError: 0"),
        ("    return open(__file__.replace('plots', 'mistakes_lines')).read()\n", "FileNotFoundError"),
    ],
)
def test_what_is_wrong_with_a_plot_is_said(tiny_copy, tmp_path, body, said):
    """With the place, in words of an author."""
    found = problems(tiny_copy, HEAD + body, tmp_path / "bundle")
    assert any(said in problem for problem in found), found


def test_a_plot_that_holds_an_answer_is_a_leak(tiny_copy):
    """The body of a solution in plots.py is found as in any other file of a bundle."""
    solution = (tiny_copy / "solutions" / LESSON / "lines.py").read_text("utf-8")
    start = solution.index("    slope = float(")
    body = solution[start : solution.index("\n\n\n", start)]
    _, lesson, files = bundled(tiny_copy, f"{HEAD}{RIGHT}\n\ndef _fit(x, y):\n{body}\n")
    found = list(leak_problems(lesson, files, collect(lesson.graders_folder, lesson.modules)))
    assert found == ["the bundle holds the body of fit of lines.py in graders/plots.py"]


def test_a_release_says_that_plots_are_new(tiny_copy, tmp_path):
    """In words of an instructor, and not as checks of a module `plots`."""
    course = load_course(tiny_copy)
    release(course, course.lesson("lines"), tmp_path)
    (tiny_copy / "graders" / LESSON / "plots.py").write_text(HEAD + RIGHT, "utf-8")
    found = release(course, course.lesson("lines"), tmp_path).changes
    assert found == ("changed: what the lesson says of itself, with its hints", "new: what nnedu plot draws")


def test_verify_proves_plots(tiny_copy):
    """As one of its rules."""
    (tiny_copy / "graders" / LESSON / "plots.py").write_text(HEAD + "    raise KeyError(0)\n", "utf-8")
    course = load_course(tiny_copy)
    report = verify(course, course.lesson("lines"))
    assert "The plot lines (plots.py:10): KeyError: 0" in report.problems
