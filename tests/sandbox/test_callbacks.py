"""Functions and objects that cross: a grader's function is called back, an object belongs to one student."""

import numpy as np
import pytest

from nnedu.errors import CourseFault
from nnedu.sandbox.callables import Callables
from nnedu.sandbox.client import Proxy
from nnedu.sandbox.failure import StudentFailure
from nnedu.sandbox.message import Message, WireError

SOURCE = """
import numpy as np


def same(value):
    return value


def double(x):
    return 2 * x


class Optimizer:
    kind = "sgd"

    def __init__(self, rate):
        self.rate = rate
        self.steps = 0

    def step(self, x, gradient):
        self.steps += 1
        return x - self.rate * gradient

    def count(self):
        return self.steps


def differentiate(loss, x):
    return (loss(x + 1e-5) - loss(x - 1e-5)) / 2e-5


def tries(loss, x):
    try:
        return loss(x)
    except ValueError as error:
        return str(error)


def keywords(step, x):
    return step(x, lr=1.0, t=2)


def keywords_alone(step, x):
    return step(x=x, t=2, lr=1.0)


def writes(f):
    x, W, b, s, untouched = np.zeros(2), np.zeros((2, 2)), np.zeros(1), np.zeros(1), np.ones(1)
    f(x, {"W": W, "b": b}, state=[untouched, s])
    return x, W, b, s, untouched


def guarded(f):
    x = np.zeros(2)
    x.flags.writeable = False
    try:
        return f(x, np.zeros(1))
    except ValueError as error:
        return str(error)


def ignores(loss, x):
    try:
        loss(x)
    except ValueError:
        return 1.0
"""


@pytest.fixture(params=["local", "process"])
def submission(request, opened):
    """One submission over each of the channels."""
    return opened(SOURCE, kind=request.param)


@pytest.fixture
def student(submission):
    return Proxy(submission, "m")


def test_a_function_of_the_grader_is_called_back(student):
    """With what the student gives it, and its value goes there."""
    seen = []
    slope = student.differentiate(lambda x: seen.append(x) or float(x @ x), np.array([2.0]))
    assert slope == pytest.approx(4.0)
    assert len(seen) == 2


@pytest.mark.parametrize("wrong", [KeyError("W1"), TypeError("no"), ZeroDivisionError("0"), MemoryError("large")])
def test_what_does_not_fit_a_function_of_the_grader_is_told_to_the_student(student, wrong):
    """A wrong argument is the student's matter, whatever it raises."""

    def loss(_):
        raise wrong

    assert student.tries(loss, 1.0) == f"the grader's function: {type(wrong).__name__}: {wrong}"
    assert student.double(2.0) == 4.0


@pytest.mark.parametrize("verdict", [AssertionError("judged"), CourseFault("The course is wrong.")])
def test_a_verdict_inside_a_function_of_the_grader_stands(student, verdict):
    """The student's code cannot swallow it, and the calls after it get their own replies."""

    def loss(_):
        raise verdict

    with pytest.raises(type(verdict)) as raised:
        student.ignores(loss, 1.0)
    assert raised.value is verdict
    assert student.double(2.0) == 4.0
    assert student.same("next") == "next"


def test_a_function_of_the_grader_must_not_call_the_student(student):
    """It would wait for one that waits for it: a fault of the course, and no hang."""
    with pytest.raises(CourseFault, match="calls double of the student while a call of the student runs"):
        student.ignores(student.double, 1.0)
    assert student.double(2.0) == 4.0


def test_an_object_of_somebody_else_is_a_fault_of_the_course(student, opened):
    """A handle means nothing to another submission, even where the number is the same."""
    cache = Proxy(opened(SOURCE, kind="local"), "m").Optimizer(0.5)
    student.Optimizer(0.1)
    with pytest.raises(CourseFault, match="to somebody else's function"):
        student.same(cache)


def test_what_a_grader_cannot_send_is_a_fault_of_the_course(student):
    """A set, for example."""
    with pytest.raises(CourseFault, match="A grader passed a set"):
        student.same({1, 2})
    assert student.double(2.0) == 4.0


@pytest.mark.parametrize(
    "value", ["np.ones(2_000_000)", "'x' * 1_000_000", "[0.0] * 100_000", "{n: 0.0 for n in range(1000)}"]
)
def test_what_a_function_of_the_grader_is_given_has_an_end(proxied, monkeypatch, value):
    """A check that keeps it would be ended for want of memory, with whatever else its process grades."""
    monkeypatch.setattr("nnedu.sandbox.callables.MOST", 32 << 20)
    student = proxied(
        f"""
        import numpy as np

        def asks(f):
            given = {value}
            for number in range(900):
                f(given)
        """
    )
    kept = []
    with pytest.raises(StudentFailure, match="broke the process") as refused:
        student.asks(kept.append)
    assert "more than 32 MiB" in refused.value.message
    assert 2 <= len(kept) < 900
    with pytest.raises(StudentFailure):
        student.asks(kept.append)


@pytest.mark.parametrize("name", ["keywords", "keywords_alone"])
def test_a_function_of_the_grader_takes_keywords(student, name):
    """As any function does."""
    assert getattr(student, name)(lambda x, *, lr, t=1: x - lr * t, 5.0) == 3.0


def test_what_a_function_of_the_grader_writes_into_its_arguments_the_student_sees(student):
    """In arrays wherever they are; a student's test of such a function may look for it."""

    def careless(x, params, *, state):
        x[0] = 7.0
        params["W"][1, 1] = 8.0
        state[1][:] = 9.0
        return 0.0

    x, W, b, s, untouched = student.writes(careless)
    assert x.tolist() == [7.0, 0.0]
    assert W.tolist() == [[0.0, 0.0], [0.0, 8.0]]
    assert (b.tolist(), s.tolist(), untouched.tolist()) == ([0.0], [9.0], [1.0])


def test_a_function_that_writes_meets_an_array_that_is_read_only(student):
    """It raises ValueError, as it would without a wire between them; where nothing is written nothing raises."""
    assert student.guarded(lambda x, _: x.fill(1.0)) == "assignment destination is read-only"
    assert student.guarded(lambda x, _: float(x.sum())) == 0.0
    assert student.guarded(lambda _, y: y.fill(1.0)) is None


@pytest.mark.parametrize("body", [[True, [1.0]], [0, [], {1: 2.0}], [0, {}], [0, [], []], [0, [], {}, 1], [2, []], 0])
def test_a_callback_of_another_form_is_one_to_nothing(body):
    """The worker says what it likes."""
    callables = Callables()
    for _ in range(2):
        callables.keep(lambda *args, **kwargs: 1.0)
    assert callables.answer(Message("callback", [1, [2.0], {"t": 3}])).body == [1.0, None]
    with pytest.raises(WireError, match="to nothing"):
        callables.answer(Message("callback", body))
