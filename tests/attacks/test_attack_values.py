"""No value that a student can return makes a grader of the course fall over: its check would count neither way."""

from __future__ import annotations

from pathlib import Path

import pytest

from nnedu.course import load_course
from nnedu.outcome import State
from nnedu.publishing.stubs import lesson_stubs
from nnedu.running.bench import Bench
from nnedu.running.collect import collect
from nnedu.running.evidence import Live
from nnedu.running.work import read_work
from nnedu.sandbox.channel import LocalChannel

ROOT = Path(__file__).parents[2]
COURSE = load_course(ROOT)
ODD = {
    "None": "None",
    "yes": "True",
    "a text": "'x'",
    "no numbers": "np.zeros(0)",
    "a number without an axis": "np.zeros(())",
    "three axes": "np.zeros((2, 3, 4))",
    "not a number": "np.full((3, 4), np.nan)",
    "complex": "np.zeros((3, 4), complex)",
    "texts": "np.array(['a'])",
    "a date": "np.datetime64('2020')",
    "more than a float": "10**400",
    "large integers": "np.full((7, 3), 10**18)",
    "almost infinite": "1e308",
    "an empty tuple": "()",
    "lists in lists": "[[]]",
    "pairs of nothing": "(None, None)",
    "a pair of dicts": "({}, {})",
    "three arrays": "(np.zeros((3, 4)), np.zeros((3, 4)), np.zeros(3))",
    "dicts in dicts": "{'a': {'b': []}}",
    "the wrong keys": "{1: 2}",
    "an object": "object()",
    "a function": "(lambda *arguments: 0)",
    "an iterator": "iter([1])",
    "a generator of random numbers": "np.random.default_rng(0)",
    "its own argument": "arguments[0] if arguments else 0",
}


@pytest.fixture(scope="module", params=COURSE.lessons, ids=lambda lesson: lesson.id)
def lesson(request):
    """A lesson, its checks, and the names of its exercises, module by module."""
    chosen = request.param
    exercises = collect(chosen.graders_folder, chosen.modules)
    names = {module: [one.id for one in exercises if one.module == module] for module in chosen.modules}
    return chosen, Bench(chosen.id, exercises, Live(COURSE, chosen), lesson_stubs(chosen)), names


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
def test_no_value_makes_a_grader_fall_over(lesson, value):
    chosen, bench, names = lesson
    odd = f"\n\nimport numpy as np\n\n\ndef odd(*arguments, **named):\n    return {value}\n\n\n"
    files = {
        module: (source + odd + "".join(f"{name} = odd\n" for name in names.get(module, ()))).encode()
        for module, source in chosen.solution_sources().items()
    }
    submission = read_work(files).open(COURSE.imports, channel=LocalChannel)
    try:
        outcome = bench.examine(submission, diagnose=False)
    finally:
        submission.close()
    checks = [check for exercise in outcome.exercises for check in exercise.checks]
    assert [f"{check.id}: {check.message}" for check in checks if check.state is State.FAULT] == []
    assert not outcome.complete
