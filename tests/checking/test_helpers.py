"""Purity, exceptions, trajectories, training, marks."""

import numpy as np
import pytest

from nnedu.checking import (
    assert_array,
    assert_close,
    assert_gradients_agree,
    assert_pure,
    assert_raises,
    assert_trains,
    assert_trajectory,
    mistake,
    points,
)
from nnedu.checking.values import CheckFailed
from nnedu.errors import CourseFault
from nnedu.outcome import State
from nnedu.sandbox.failure import StudentFailure

PURE = """
import numpy as np

CALLS = [0]


def right(x, scale=2.0):
    return x * scale


def in_place(x):
    x *= 2
    return x


def through_a_helper(table):
    fill(table["W"])
    return table["W"] * 2


def fill(W):
    W[:] = 0.0


def counts(state):
    state["t"] += 1
    return np.full(2, 2.0 * state["t"])


def view(x):
    return x.reshape(-1)


def moody(x):
    CALLS[0] += 1
    return x * 2 if CALLS[0] % 2 else x * 3


def zeros(x):
    return np.zeros_like(x)


def raises(x):
    raise ValueError("x must be positive")


def raises_other(x):
    raise KeyError("W1")


def stub(x):
    raise NotImplementedError


def own_kind(x):
    class ShapeError(ValueError):
        pass
    raise ShapeError("no")
"""


@pytest.fixture
def student(proxied):
    return proxied(PURE, kind="local")


def failed(judge, *args, **kwargs):
    with pytest.raises(CheckFailed) as failure:
        judge(*args, **kwargs)
    return failure.value


X = np.array([1.0, 2.0])


def test_a_pure_function_passes(student):
    """With keywords, too; a view where a view may be returned."""
    assert_pure(student.right, X, expected=2 * X)
    assert_pure(student.right, X, scale=3.0, expected=3 * X)
    assert_pure(student.view, X, expected=X, may_alias=True)


def test_an_edit_in_place_is_shown_with_its_line(student):
    """And the path of what was edited."""
    failure = failed(assert_pure, student.in_place, X, expected=2 * X)
    assert failure.summary == "changes its input x"
    assert "m.py:12 in in_place\n        x *= 2" in failure.message
    failure = failed(assert_pure, student.through_a_helper, {"W": X}, expected=0 * X)
    assert failure.summary == "changes its input table['W']"
    assert "m.py:22 in fill" in failure.message
    assert (
        failed(assert_pure, student.counts, {"t": 0}, expected=2 * np.ones(2)).summary == "changes its input state['t']"
    )
    assert X.tolist() == [1.0, 2.0]


def test_a_view_of_the_input_is_refused(student):
    """Right in value, and still the caller's memory."""
    assert failed(assert_pure, student.view, X, expected=X).summary == "returns a view of its input"


def test_a_second_answer_must_be_the_first(student):
    """A function that remembers is not pure."""
    failure = failed(assert_pure, student.moody, X, expected=2 * X)
    assert failure.summary == "gives another answer on the second call"
    assert failure.message.startswith("Called twice with the same arguments, moody gives two answers.")


def test_purity_judges_the_value_too(student):
    """Zeros are pure and wrong."""
    assert failed(assert_pure, student.zeros, X, expected=2 * X).summary == "zeros is all zeros"


def test_the_expected_exception_passes(student):
    """By its name."""
    assert_raises("ValueError", student.raises, X)


def test_another_exception_or_none_fails(student):
    """With what came instead."""
    assert (
        failed(assert_raises, "ValueError", student.raises_other, X).summary == "raises KeyError instead of ValueError"
    )
    assert failed(assert_raises, "ValueError", student.own_kind, X).summary == "raises ShapeError instead of ValueError"
    assert failed(assert_raises, "ValueError", student.right, X).message == (
        "right returned an array of shape (2,) and dtype float64; expected it to raise ValueError."
    )


@pytest.mark.parametrize(("name", "state"), [("stub", State.NOT_STARTED), ("missing", State.FAILED)])
def test_what_is_not_there_does_not_raise_the_right_thing(student, name, state):
    """A stub raises NotImplementedError, and earns nothing by it."""
    for error in ("ValueError", "NotImplementedError", "AttributeError"):
        with pytest.raises(StudentFailure) as failure:
            assert_raises(error, getattr(student, name), X)
        assert failure.value.state is state


def test_a_file_that_is_no_python_raises_nothing_right(proxied):
    """A SyntaxError is not the student's answer."""
    with pytest.raises(StudentFailure):
        assert_raises("SyntaxError", proxied("def f(:\n", kind="local").f, X)


def test_a_module_that_raises_when_it_is_loaded_has_raised_nothing_in_a_call(proxied):
    """It would earn the points of every check that waits for a ValueError."""
    with pytest.raises(StudentFailure, match="ValueError"):
        assert_raises("ValueError", proxied("raise ValueError('x')\n", kind="local").f, X)


STATES = [np.full(2, 1.0 / n) for n in range(1, 6)]


def test_the_first_step_that_departs_is_named():
    """The ones before it are said to be right."""
    assert_trajectory(list(STATES), STATES, name="W")
    wrong = [*STATES[:2], STATES[2] * 2, *STATES[3:]]
    failure = failed(assert_trajectory, wrong, STATES, name="W")
    assert failure.summary == "departs at step 3: W is 2 times too large"
    assert failure.message.startswith(
        "Step 3 is the first that departs. The steps before are right. W[0] is 0.6666667;"
    )
    failure = failed(assert_trajectory, wrong[2:], STATES[2:], name="W", steps=[5, 10, 20])
    assert failure.message.startswith("Step 5 is the first that departs. W[0]")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (None, "The steps are None; expected a list of 5."),
        (np.ones((5, 2)), "The steps are an array of shape (5, 2) and dtype float64; expected a list of 5."),
        (STATES[:4], "There are 4 steps; expected 5."),
        ([], "There are 0 steps; expected 5."),
    ],
)
def test_a_trajectory_has_all_its_steps(wrong, sentence):
    """In a list."""
    assert failed(assert_trajectory, wrong, STATES, name="W").message == sentence


def training(**changed):
    assert_trains(
        **(
            {"initial": 2.3, "expected_initial": 2.3, "trajectory": (STATES, STATES), "final": 0.2, "band": (0.1, 0.3)}
            | changed
        )
    )


def test_training_has_three_parts():
    """Each alone fails the check."""
    training()
    training(final=np.float64(0.3))
    assert failed(training, initial=2.301).message.startswith("the first loss is 2.301; expected 2.3")
    assert failed(training, trajectory=(STATES[::-1], STATES)).summary.startswith("departs at step 1")
    for final in (0.05, 0.31):
        assert (
            failed(training, final=final).message
            == f"Training ends with the loss at {final:.4g}; it should be between 0.1 and 0.3."
        )
    for final in (None, float("nan"), np.ones(1), True):
        failed(training, final=final)


@pytest.mark.parametrize("band", [(0.3, 0.3), (0.3, 0.1), (float("nan"), 1.0)])
def test_an_empty_band_is_a_fault_of_the_course(band):
    """Nobody could end in it."""
    with pytest.raises(CourseFault, match="is empty"):
        training(band=band)


def zero_of(value):
    if isinstance(value, dict):
        return {key: zero_of(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return type(value)(map(zero_of, value))
    return np.zeros_like(value) if isinstance(value, np.ndarray) else 0.0


@pytest.mark.parametrize(
    "expected", [X, 2.5, (X, 2.5), {"W": X}, [X, X], 3, np.array([1, 2]), np.array([True])], ids=repr
)
def test_zeros_fail_every_comparison(expected):
    """Right in form, and nothing else."""
    failed(assert_close, zero_of(expected), expected)


def test_zeros_fail_every_helper(student):
    """Nobody passes by returning nothing."""
    failed(assert_pure, student.zeros, X, expected=2 * X)
    failed(assert_raises, "ValueError", student.zeros, X)
    failed(assert_trajectory, zero_of(STATES), STATES, name="W")
    failed(training, initial=0.0)
    failed(training, trajectory=(zero_of(STATES), STATES))
    failed(training, final=0.0)
    failed(assert_gradients_agree, np.zeros(2), 2 * X, loss=lambda at: float(at @ at), at=X)
    assert assert_array(np.zeros(2), shape=(2,), name="y") is not None  # the form only, as it says


@pytest.mark.parametrize("number", [0, -1, 1.5, True, "2", None])
def test_points_are_whole_numbers(number):
    """Of 1 or more."""
    with pytest.raises(CourseFault, match="a whole number of points"):
        points(number)


@pytest.mark.parametrize("hints", [(), ("one", "two"), ("one", "two", " "), ("1", "2", "3", "4")])
def test_a_mistake_has_three_hints(hints):
    """Each with something in it."""
    with pytest.raises(CourseFault, match="needs 3 hints"):
        mistake("backprop", "the sign is wrong", hints=hints)
