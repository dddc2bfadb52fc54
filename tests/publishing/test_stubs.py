"""Stubs: what stays of a solution, and what goes."""

import doctest
from pathlib import Path

import pytest

from nnedu.course import load_course
from nnedu.errors import CourseFault
from nnedu.outcome import State
from nnedu.publishing.stubs import lesson_stubs, stub
from nnedu.running.bench import Bench
from nnedu.running.collect import collect
from nnedu.running.evidence import Live, local_submission

ROOT = Path(__file__).parents[2]
COURSE = load_course(ROOT)


def test_the_tiny_stubs_are_those_that_are_committed(tiny):
    """Read exercises/lesson01_lines/lines.py: it is the expected text."""
    for lesson in tiny.lessons:
        for module, text in lesson_stubs(lesson).items():
            assert text == (lesson.exercises_folder / f"{module}.py").read_text("utf-8")


def test_what_stays_and_what_goes(tiny):
    """Signatures, docstrings, public constants and their comments stay; bodies and private names go."""
    text = lesson_stubs(tiny.lesson("lines"))["lines"]
    for stays in (
        "def fit(x, y):",
        "Evaluate a line.",
        ">>> line(",
        "FRICTION = 0.9",
        "# How much of",
        "start = 0.0",
        "def add(self",
    ):
        assert stays in text
    for goes in (
        "_centred",
        "_SECRET",
        "the answer",
        "reduce",
        "# Only fit",
        "_hidden",
        "_private",
        "0.9 * ",
        "np.mean(x)",
    ):
        assert goes not in text
    assert text.count("raise NotImplementedError") == 8
    assert "np" in text


def test_a_given_file_is_the_stub_as_it_stands(tiny):
    """The student starts from a broken answer."""
    given = tiny.lesson("sums").solutions_folder / "given" / "sums.py"
    assert lesson_stubs(tiny.lesson("sums")) == {"sums": given.read_text("utf-8")}


def test_a_stub_can_be_imported_and_its_doctests_are_found(tiny):
    """They fail, each with NotImplementedError, and are run by any editor."""
    names = {}
    exec(lesson_stubs(tiny.lesson("lines"))["lines"], names)  # noqa: S102 - our own stub
    found = doctest.DocTestFinder().find(names["line"], "line", globs=names)
    assert len(found[0].examples) == 1
    with pytest.raises(NotImplementedError):
        names["line"](1, 2, 3)


SOURCE = '''"""M."""

from __future__ import annotations

import numpy as np
from operator import (
    add,
    mul,
)
from math import sqrt
import functools

SIZES: tuple = (3, 4)
_TABLE: dict = {}
A, B = 1, 2


@functools.cache
def decorated(
    x: float,
    y=SIZES,  # a comment of the signature
) -> float:
    """Return it."""
    if x:
        return add(x, y)
    return 1


def bare(x):
    # a comment of the body
    return x


async def later():
    """Return it later."""
    return sqrt(1)


class Base:
    """A base."""

    rate: float = 0.1

    class Inner:
        """Inside."""

        def g(self):
            return 1

    @property
    def value(self):
        """Return it."""
        return self._value

    @staticmethod
    def make():
        return 1


if __name__ == "__main__":
    print(bare(1))
'''


def test_every_kind_of_definition_is_cut_down():
    """Decorators, annotations, inner classes, properties; imports that only bodies used are gone."""
    text = stub(SOURCE, "m.py")
    assert compile(text, "m.py", "exec")
    assert text.count("raise NotImplementedError") == 6
    for stays in (
        "from __future__ import annotations",
        "import numpy as np",
        "@functools.cache",
        "y=SIZES,  # a comment of the signature",
        "SIZES: tuple = (3, 4)",
        "A, B = 1, 2",
        "async def later():",
        "    class Inner:",
        "    @property",
        "    rate: float = 0.1",
        'if __name__ == "__main__":',
    ):
        assert stays in text
    for goes in ("_TABLE", "mul", "sqrt", "_value", "return", "a comment of the body"):
        assert goes not in text.replace("Return", "")
    assert "\n\n\n\n" not in text
    assert text.endswith("\n")
    assert stub(text, "m.py") == text


@pytest.mark.parametrize(
    "source", ["def f(x):\n    return (\n", "def f(x): return x\n", "class C:\n    def _g(self):\n        pass\n"]
)
def test_a_solution_that_gives_no_stub_is_a_fault_of_the_course(source):
    """Said when the stubs are made, not by a student's Python."""
    with pytest.raises(CourseFault):
        stub(source, "m.py")


LESSONS = [lesson for lesson in COURSE.lessons if list(lesson.exercises_folder.glob("*.py"))]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
def test_exercises_are_in_step_with_solutions(lesson):
    """Whoever changes a solution runs `make stubs`."""
    made = lesson_stubs(lesson)
    committed = {path.stem: path.read_text("utf-8") for path in lesson.exercises_folder.glob("*.py")}
    assert committed == made


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
def test_what_students_receive_earns_nothing(lesson):
    """The stubs of the course itself: no point in any check, and no fault."""
    bench = Bench(lesson.id, collect(lesson.graders_folder, lesson.modules), Live(COURSE, lesson))
    outcome = bench.examine(local_submission(lesson_stubs(lesson), COURSE.imports), diagnose=False)
    checks = [check for exercise in outcome.exercises for check in exercise.checks]
    assert outcome.points == 0
    assert not outcome.complete
    assert not [check for check in checks if check.state is State.FAULT]
    assert any(check.state is State.NOT_STARTED for check in checks)


NOTES = {
    "x: bool = True,  # noqa: FBT001, FBT002": "x: bool = True,",
    "x=1,  # type: ignore[arg-type]": "x=1,",
    "x=1,  # a word for students": "x=1,  # a word for students",
    'x="  # noqa",': 'x="  # noqa",',
}


@pytest.mark.parametrize(("line", "kept"), NOTES.items(), ids=NOTES)
def test_notes_for_linters_do_not_reach_students(line, kept):
    """Other comments do, and strings stay as they are."""
    text = stub(f"def f(\n    {line}\n):\n    return x\n", "m.py")
    assert text == f"def f(\n    {kept}\n):\n    raise NotImplementedError\n"
