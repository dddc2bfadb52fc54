"""Evidence for a class: nothing is judged otherwise than live, and the reference is not asked the same twice."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from nnedu.course import load_course
from nnedu.diagnosis.trace import replaying
from nnedu.publishing.stubs import lesson_stubs
from nnedu.running.bench import Bench
from nnedu.running.collect import collect
from nnedu.running.evidence import Live, Remembered, local_submission, run_check
from nnedu.running.memory import Remembering, Writing
from nnedu.sandbox.client import Proxy

SOURCE = """
import numpy as np

class Counter:
    def __init__(self, start=0.0):
        self.total = start
    def add(self, number):
        self.total += number
        return self.total

def double(x):
    return 2 * x

def apply(function, x):
    return function(x)

def draw(rng):
    return rng.normal(size=2)

def pair():
    return {"first": Counter(1.0), "second": [Counter(2.0)]}
"""


@pytest.mark.parametrize("name", ["lines", "lesson03_activations"])
def test_whoever_is_graded_gets_what_they_get_live(name, tiny, built_in):
    """The right answer, the stub, every mistake, every variant: the same outcome, to the letter."""
    course = tiny if name == "lines" else built_in
    lesson = course.lesson(name)
    live, remembered = Live(course, lesson), Remembered(course, lesson)
    exercises, stubs = collect(lesson.graders_folder, lesson.modules), lesson_stubs(lesson)
    benches = [Bench(lesson.id, exercises, evidence, stubs) for evidence in (live, remembered)]

    def outcomes(opened, only=None):
        with replaying():
            again = benches[1].examine(opened(), only=only)
        return [msgspec.structs.replace(one, seconds=0.0) for one in (benches[0].examine(opened(), only=only), again)]

    for sources in (live.sources, stubs):
        first, second = outcomes(lambda sources=sources: local_submission(sources, live.allowed))
        assert first == second
    for one in [*live.implementations, *live.variants]:
        first, second = outcomes(lambda one=one: live.player(one), one.mark.exercise)
        assert first == second, one.name


@pytest.fixture(scope="module")
def built_in():
    return load_course(Path(__file__).parents[2])


def test_the_solution_is_asked_nothing_twice(built_in):
    """Once every check is recorded, a right answer is judged from memory alone."""
    lesson = built_in.lesson("lesson06")
    evidence = Remembered(built_in, lesson)
    checks = [check for one in collect(lesson.graders_folder, lesson.modules) for check in one.checks]
    with replaying():
        for check in checks:
            evidence.trace(check)
        asked = []
        evidence.solution._player = type("Gone", (), {"play": lambda _, call: asked.append(call.name)})()
        student = local_submission(evidence.sources, evidence.allowed)
        for check in checks:
            run_check(check, student, evidence.reference(check), evidence.rng(check))
    assert asked == []


class Reference:
    """A player that counts what it is asked."""

    def __init__(self):
        self.asked = []
        self._player = local_submission({"m": SOURCE}, frozenset({"numpy"}))

    def play(self, call):
        self.asked.append(call.name)
        return self._player.play(call)


@pytest.fixture
def twice():
    """Let a function ask the reference: as it is recorded, then what it may be asked instead, from memory."""

    def ask(check, *now):
        reference, log = Reference(), []
        first = check(Proxy(Writing(reference, log), "m"), *now[:1])
        check(Proxy(Remembering(reference, log), "m"), *now[:1])
        reference.asked.clear()
        second = check(Proxy(Remembering(reference, log), "m"), *now[-1:])
        return first, second, reference.asked

    return ask


def test_the_same_question_is_answered_from_memory(twice):
    """With the value it had, which no check can spoil for the next one."""

    def check(reference, x):
        value = reference.double(np.array([x, 2.0]))
        before = value.tolist()
        value[:] = 0
        return before

    assert twice(check, 1.0) == ([2.0, 4.0], [2.0, 4.0], [])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (1.0, 1.5),
        (1.0, 1),
        (0.0, -0.0),
        (np.ones(2), np.ones(2, dtype=np.float32)),
        (np.ones(2), np.ones((2, 1))),
        (np.ones(2), np.nextafter(np.ones(2), 2)),
        (np.float64(1), np.float32(1)),
        (np.float64(1), 1.0),
        (1, True),
    ],
)
def test_another_question_goes_to_the_reference(twice, first, second):
    """However little it differs."""
    *_, asked = twice(lambda reference, x: reference.double(x), first, second)
    assert asked == ["double"]
    *_, asked = twice(lambda reference, x: reference.double(x), first, first)
    assert asked == []


def test_after_another_question_memory_goes_on(twice):
    """A check that asks one thing that depends on the student has all others from memory."""

    def check(reference, x):
        return [float(reference.double(value)) for value in (1.0, x, 3.0)]

    assert twice(check, 2.0, 2.5) == ([2.0, 4.0, 6.0], [2.0, 5.0, 6.0], ["double"])


def test_objects_come_to_life_when_they_are_asked_something_new(twice):
    """With all that they were asked until then."""

    def check(reference, x):
        one, other = reference.Counter(10.0), reference.Counter()
        return [one.add(1.0), other.add(5.0), one.add(x), other.add(1.0), reference.Counter(x).add(1.0)]

    assert twice(check, 2.0) == ([11, 5, 13, 6, 3], [11, 5, 13, 6, 3], [])
    first, second, asked = twice(check, 2.0, 3.0)
    assert (first, second) == ([11, 5, 13, 6, 3], [11, 5, 14, 6, 4])
    # What had been answered from memory is asked again, in its order; then all that follows.
    assert asked == ["Counter", "Counter", "add", "add", "add", "add", "Counter", "add"]


def test_objects_inside_a_value(twice):
    """They are found again where they stood."""

    def check(reference, x):
        both = reference.pair()
        return [both["second"][0].add(x), both["first"].add(x)]

    assert twice(check, 1.0) == ([3, 2], [3, 2], [])
    assert twice(check, 1.0, 2.0)[1] == [4, 3]


def test_functions_of_a_grader_are_the_same_by_what_they_hold(twice):
    """Their code and the values around them."""

    def check(reference, factor):
        return reference.apply(lambda x: factor * x, 3.0)

    assert twice(check, 2.0) == (6, 6, [])
    assert twice(check, 2.0, 4.0) == (6, 12, ["apply"])


def test_a_function_that_changes_what_it_holds_is_called_each_time(twice):
    """A check that counts calls counts them."""

    def check(reference, _):
        calls = []
        reference.apply(lambda x: calls.append(x) or x, 3.0)
        return len(calls)

    assert twice(check, 0) == (1, 1, ["apply"])


def test_a_generator_is_the_same_by_its_state(twice):
    """Not by who it is."""

    def check(reference, seed):
        return reference.draw(np.random.default_rng(seed)).tolist()

    first, second, asked = twice(check, 3)
    assert first == second
    assert asked == []
    first, second, asked = twice(check, 3, 4)
    assert first != second
    assert asked == ["draw"]


def test_a_check_may_ask_what_depends_on_the_student(tiny_copy):
    """A hidden check that evaluates what a student returned with the reference judges each student by their own."""
    path = tiny_copy / "graders" / "lesson02_sums" / "test_sums.py"
    line = '        assert_close(student.total(values), reference.total(values), name="total")\n'
    assert line in path.read_text()
    path.write_text(
        path.read_text().replace(
            line,
            "        found = student.total(values)\n"
            '        assert_close(reference.total(np.array([found])), reference.total(values), name="total")\n',
        )
    )
    course = load_course(tiny_copy)
    lesson = course.lesson("sums")
    bench = Bench(lesson.id, collect(lesson.graders_folder, lesson.modules), Remembered(course, lesson))
    with replaying():
        for expected, name in ((0, "mean"), (2, None), (0, "skips_first")):
            one = next((one for one in bench.evidence.implementations if one.name == name), None)
            player = bench.evidence.player(one) if one else local_submission(bench.evidence.sources, course.imports)
            assert bench.examine(player, only="total").points == expected
