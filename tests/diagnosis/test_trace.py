"""Traces: recorded once, replayed anywhere, and asked of another implementation."""

import numpy as np
import pytest

from nnedu.checking.values import CheckFailed
from nnedu.diagnosis.draws import RecordedRng, ReplayRng
from nnedu.diagnosis.trace import (
    Answer,
    Recorder,
    Replay,
    Shadow,
    Trace,
    agree,
    answers_from_bytes,
    ask,
    same_values,
    to_bytes,
    trace_from_bytes,
)
from nnedu.errors import CourseFault
from nnedu.outcome import State
from nnedu.running.bench import Bench
from nnedu.running.collect import collect
from nnedu.running.evidence import Live, local_submission
from nnedu.sandbox.client import Call, Proxy
from nnedu.sandbox.failure import StudentFailure

RIGHT = """
import numpy as np


def step(value, velocity, gradient):
    velocity = 0.9 * velocity + gradient
    return value - velocity, {"velocity": velocity}


def draw(rng):
    return rng.normal(size=2)


class Counter:
    def __init__(self, start):
        self.n = start

    def up(self):
        self.n += 1
        return self.n


def fails(x):
    raise ValueError("no")
"""
OTHER = RIGHT.replace("0.9 * velocity + gradient", "0.5 * velocity + gradient").replace("self.n += 1", "self.n += 2")


def walk(student, steps=3):
    """Carry the student's own velocity on, as a check does."""
    value, state = np.ones(2), {"velocity": np.zeros(2)}
    values = []
    for _ in range(steps):
        value, state = student.step(value, state["velocity"], np.ones(2))
        values.append(value)
    return values


@pytest.fixture
def right(opened):
    return opened(RIGHT, kind="local")


@pytest.fixture
def other(opened):
    return opened(OTHER, kind="local")


def recorded(player, use):
    log = []
    use(Proxy(Recorder(player, log, "step"), "m"))
    return log


def shadowed(log, side, use):
    shadow = Shadow(log, side, "step")
    use(Proxy(shadow, "m"))
    return shadow.answers


def test_what_is_carried_on_is_each_implementations_own(right, other):
    """The other implementation walks its own way, while the check sees the recorded values."""
    log = recorded(right, walk)
    answers = shadowed(log, other, walk)
    own = walk(Proxy(other, "m"))
    assert [answer.value[0].tolist() for answer in answers] == [value.tolist() for value in own]
    assert own[2].tolist() != [answer.value[0].tolist() for answer in log][2]
    assert [a.value[0].tolist() for a in shadowed(log, right, walk)] == [a.value[0].tolist() for a in log]


def test_objects_are_each_implementations_own(right, other):
    """Handles are linked to the call that made them, and their methods recorded."""

    def use(student):
        first, second = student.Counter(1), student.Counter(10)
        return [first.up(), second.up(), first.up()]

    log = recorded(right, use)
    assert [answer.value for answer in log[2:]] == [2, 11, 3]
    assert [answer.value for answer in shadowed(log, other, use)[2:]] == [3, 12, 5]
    assert all(answer.own for answer in log[2:])


def test_an_object_that_was_never_made_is_waited_for(right, opened):
    """An implementation whose class raises has no object to ask."""
    broken = opened(RIGHT.replace("self.n = start", "raise ValueError"), kind="local")
    log = recorded(right, lambda student: student.Counter(1).up())
    assert [answer.state for answer in shadowed(log, broken, lambda student: student.Counter(1).up())] == [
        State.RAISED,
        State.WAITING,
    ]


def test_a_replay_gives_the_recorded_answers(right):
    """From bytes, with objects that can be asked, failures that fail; each value a fresh copy."""

    def use(player):
        counter = player.Counter(4)
        value, _ = player.step(np.ones(2), np.zeros(2), np.ones(2))
        value += 100
        with pytest.raises(StudentFailure) as failure:
            player.fails(1)
        assert failure.value.error_type == "ValueError"
        return counter.up(), value

    log = recorded(right, use)
    trace = trace_from_bytes(to_bytes(Trace(reference=log)))
    for _ in range(2):
        up, value = use(Proxy(Replay(trace.reference, "step/x"), "m"))
        assert up == 5
        assert value.tolist() == [100.0, 100.0]


@pytest.mark.parametrize("use", [lambda m: m.draw(1), lambda m: walk(m, 4)])
def test_a_call_that_is_not_in_the_recording_is_a_fault_of_the_course(right, use):
    """Another name, or one too many."""
    log = recorded(right, walk)
    with pytest.raises(CourseFault, match="The recording of the check step/x does not hold this call of reference"):
        use(Proxy(Replay(log, "step/x"), "m"))


def test_draws_replay_without_the_seed(right):
    """The draws are in the trace, and so is the generator that was passed on."""
    trace = Trace()
    rng = RecordedRng(np.random.default_rng(3), trace)
    student = Proxy(right, "m")

    def use(rng):
        return (
            rng.normal(size=3),
            rng.integers(5),
            student.draw(rng),
            student.draw(rng),
            rng.permutation(4),
            student.draw(rng),
        )

    first = use(rng)
    back = trace_from_bytes(to_bytes(trace))
    for _ in range(2):
        assert all(np.array_equal(a, b) for a, b in zip(first, use(ReplayRng(back)), strict=True))
    assert np.array_equal(first[2], first[3])
    assert not np.array_equal(first[2], first[5])


def test_a_draw_that_is_not_recorded_is_a_fault_of_the_course():
    """Another draw, one more, a generator at another place, or a shuffle in place."""
    trace = Trace()
    RecordedRng(np.random.default_rng(3), trace).normal()
    for use in (lambda r: r.uniform(), lambda r: (r.normal(), r.normal()), lambda r: r.as_generator()):
        with pytest.raises(CourseFault, match="The recording does not hold"):
            use(ReplayRng(trace))
    for use in (lambda r: r.shuffle([1, 2]), lambda r: r.bit_generator):
        with pytest.raises(CourseFault, match="cannot be recorded"):
            use(RecordedRng(np.random.default_rng(3), trace))


def test_answers_of_mistakes_survive_as_bytes(right):
    """With objects, failures, changes."""
    answers = [
        Answer("f", True, State.PASSED, {"a": (1.0, np.ones(2))}, "", ("x['W']",), True),
        Answer("g", False, State.RAISED, None, "ValueError"),
        ask(right, Call("m", "Counter", (1,)), "Counter")[0],
    ]
    back = answers_from_bytes(to_bytes({"sums": answers}))["sums"]
    assert all(map(agree, answers, back))
    assert [answer.own for answer in back] == [True, False, True]


X = np.array([1.0, 2.0, 1e-3])


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (X, X * (1 + 1e-12), True),
        (X, X * (1 + 1e-8), False),
        (X, X.astype("f4"), False),
        (X, X[:, None], False),
        (X, X.tolist(), False),
        (np.array([np.nan, 1.0]), np.array([np.nan, 1.0]), True),
        (np.array([np.nan, 1.0]), np.array([np.inf, 1.0]), False),
        (np.array([np.nan, 1.0]), np.array([1.0, np.nan]), False),
        (np.array([-np.inf]), np.array([np.inf]), False),
        (np.array([1, 2]), np.array([1, 2]), True),
        (np.array([1, 2]), np.array([1, 3]), False),
        (1.0, 1.0 + 1e-12, True),
        (1.0, 1, False),
        (1, True, False),
        (None, None, True),
        ({"a": 1.0}, {"a": 1.0, "b": 2.0}, False),
        ((1.0, "a"), (1.0, "a"), True),
        ((1.0,), [1.0], False),
        (np.random.default_rng(1), np.random.default_rng(1), True),
        (np.random.default_rng(1), np.random.default_rng(2), False),
        (np.zeros(0), np.zeros(0), True),
    ],
)
def test_answers_agree_in_type_and_to_nine_digits(a, b, same):
    """Nothing looser: a mistake is named only where every value agrees."""
    assert same_values(a, b) is same
    assert agree(Answer("f", True, State.PASSED, a), Answer("f", True, State.PASSED, b)) is same


def test_answers_that_end_in_another_way_do_not_agree():
    """A failure is not a value, a ValueError no KeyError, a changed argument no unchanged one."""
    plain = Answer("f", True, State.PASSED, 1.0)
    assert not agree(plain, Answer("f", True, State.RAISED))
    assert not agree(Answer("f", True, State.RAISED, error_type="A"), Answer("f", True, State.RAISED, error_type="B"))
    assert not agree(plain, Answer("f", True, State.PASSED, 1.0, changed=("x",)))
    assert not agree(plain, Answer("f", True, State.PASSED, 1.0, aliased=True))


# ------------------------------------------------------------------------------------------------------ named mistakes


@pytest.fixture
def bench(tiny):
    lesson = tiny.lesson("lines")
    return Bench(lesson.id, collect(lesson.graders_folder, lesson.modules), Live(tiny, lesson))


def outcome_of(bench, source, exercise):
    submission = local_submission({"lines": source}, frozenset({"numpy", "functools"}))
    return bench.examine(submission, only=exercise).exercises[0]


def changed(bench, old, new):
    source = bench.evidence.sources["lines"]
    assert source.count(old) == 1
    return source.replace(old, new)


@pytest.mark.parametrize(
    ("exercise", "old", "new", "mistake"),
    [
        ("slope_gradient", "np.array([np.mean(", "np.array([np.sum(", "sums"),
        ("slope_gradient", "np.array([np.mean(", "np.array([-np.mean(", "climbs"),
        ("step", "velocity = FRICTION * velocity + gradient", "velocity = gradient", "forgets"),
        ("step", "* velocity + gradient", "* velocity + 0.1 * gradient", "damps"),
        ("line", " + intercept\n", "\n", "no_intercept"),
        (
            "RunningMean",
            "return self._private() / self._count",
            "return self._private() / (self._count + 1)",
            "OneTooMany",
        ),
    ],
)
def test_a_mistake_is_identified(bench, exercise, old, new, mistake):
    """Written in the student's own way, from the values alone."""
    outcome = outcome_of(bench, changed(bench, old, new), exercise)
    assert outcome.state is State.FAILED
    assert outcome.diagnosis is not None
    assert outcome.diagnosis.mistake == mistake


@pytest.mark.parametrize(
    ("exercise", "old", "new"),
    [
        ("slope_gradient", "np.array([np.mean(", "np.array([1.5 * np.mean("),
        ("step", "velocity = FRICTION * velocity + gradient", "velocity = 0.8 * velocity + gradient"),
        ("line", " + intercept\n", " + intercept + 1\n"),
        ("line", "return slope * np.asarray(x, dtype=float) + intercept", "return None"),
        ("RunningMean", "self._count += 1", "self._count += 1.5"),
        ("RunningMean", "self._count = 0", "self._count = {}[0]"),
    ],
)
def test_an_unrelated_error_is_not_named(bench, exercise, old, new):
    """Nothing is invented."""
    outcome = outcome_of(bench, changed(bench, old, new), exercise)
    assert outcome.state in {State.FAILED, State.RAISED}
    assert outcome.diagnosis is None


def test_a_right_answer_is_not_diagnosed(bench):
    """Nor is an untouched stub."""
    assert outcome_of(bench, bench.evidence.sources["lines"], "line").diagnosis is None
    stub = outcome_of(bench, "def line(x, slope, intercept):\n    raise NotImplementedError\n", "line")
    assert (stub.state, stub.diagnosis) == (State.NOT_STARTED, None)


def test_a_solution_that_fails_its_own_check_is_a_fault_of_the_course(tiny_copy):
    """A recording of it would blame everybody."""
    from nnedu.course import load_course

    path = tiny_copy / "solutions" / "lesson02_sums" / "sums.py"
    path.write_text(path.read_text().replace('"first": "b"', '"first": "a"'))
    course = load_course(tiny_copy)
    lesson = course.lesson("sums")
    check = next(c for e in collect(lesson.graders_folder, lesson.modules) for c in e.checks if c.name == "right")
    with pytest.raises(CourseFault, match="The solution does not pass its own check answers/right"):
        Live(course, lesson).trace(check)


def test_a_reference_that_fails_is_a_fault_of_the_course(right):
    """Not a failure of the student, in whose check it is asked."""
    from nnedu.running.evidence import _Reference

    with pytest.raises(CourseFault, match=r"The solution itself fails in reference\.fails"):
        Proxy(_Reference(right), "m").fails(1)


def test_a_check_failed_while_recording_is_told_apart():
    """CheckFailed is an AssertionError: pytest, too, shows it as a failed check."""
    assert issubclass(CheckFailed, AssertionError)
