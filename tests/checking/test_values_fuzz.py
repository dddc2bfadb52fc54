"""The strict helpers on whatever a worker may answer: a wrong value never passes, and none crashes the grader."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hostile_values import keys, values
from nnedu.checking import (
    assert_array,
    assert_close,
    assert_gradients_agree,
    assert_number,
    assert_pure,
    assert_trains,
    assert_trajectory,
)
from nnedu.checking.values import CheckFailed
from nnedu.diagnosis.trace import Answer, agree, replaying
from nnedu.outcome import State
from nnedu.sandbox.client import Function, Handle, Reply
from nnedu.sandbox.failure import printable
from nnedu.sandbox.message import Remote

MAX_MESSAGE = 20_000
SPARE = 4 << 20  # bytes that judging a small value may take

bounded = settings(
    max_examples=100, derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)

floats = st.floats(-1e6, 1e6, allow_subnormal=False)
expected_arrays = hnp.arrays(float, hnp.array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=3), elements=floats)
expected_scalars = (
    floats | st.integers(-(10**6), 10**6) | st.booleans() | st.none() | st.sampled_from(["relu", "", "a"])
)
expected_values = st.recursive(
    expected_arrays
    | expected_scalars
    | hnp.arrays(np.int64, hnp.array_shapes(max_side=3), elements=st.integers(-9, 9))
    | hnp.arrays(bool, hnp.array_shapes(max_side=3)),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=4,
)


def received(value):
    """Return a value as the grader's end hands it on, objects as handles: not in a strategy, which would ask them."""
    if isinstance(value, Remote):
        return Handle(None, (None, value), printable(value.type_name[:200]))
    if isinstance(value, (list, tuple)):
        return type(value)(map(received, value))
    if isinstance(value, dict):
        return {key: received(item) for key, item in value.items()}
    return value


def leaves(value):
    """Return a value as a flat list of (shape, numbers), however its sequences are made."""
    if isinstance(value, dict):
        return [
            ("keys", sorted(map(str, value))),
            *(leaf for key in sorted(value, key=str) for leaf in leaves(value[key])),
        ]
    if isinstance(value, (list, tuple)):
        return [("length", len(value)), *(leaf for item in value for leaf in leaves(item))]
    return [value]


def same_leaf(value, wanted):
    """Whether a leaf may stand for the expected one: said once more here, in another way than in the helpers."""
    if type(wanted) in {tuple, str, bool} or wanted is None:
        return (bool(value) if isinstance(value, np.bool_) else value) == wanted and type(value) is not int
    if not isinstance(value, (int, float, np.generic, np.ndarray)) or isinstance(value, (bool, np.bool_)):
        return False
    value, wanted = np.asarray(value), np.asarray(wanted)
    kinds = value.dtype.kind + wanted.dtype.kind
    number = wanted.ndim == 0 and set(kinds) <= set("iuf")  # of which any kind will do
    if value.shape != wanted.shape or not (number or kinds in {"ff", "ii", "ui", "bb"}):
        return False
    pairs = [(float(a), float(b)) for a, b in zip(value.ravel(), wanted.ravel(), strict=True)]
    return all(abs(a - b) <= 1e-6 * (1 + abs(b)) for a, b in pairs)


def same(value, wanted):
    ours, theirs = leaves(value), leaves(wanted)
    return len(ours) == len(theirs) and all(same_leaf(a, b) for a, b in zip(ours, theirs, strict=True))


def judge(helper, *args, **kwargs):
    """Return whether a helper passes a value; what it says is bounded, and fit for a terminal."""
    try:
        helper(*args, **kwargs)
    except CheckFailed as failed:
        found = failed
    else:
        return True
    assert found.summary
    assert "\n" not in found.summary
    assert len(found.message) < MAX_MESSAGE
    assert found.message.replace("\n", "").isprintable()
    return False


@given(values, expected_values)
@example({"a\nb": 1.0}, {"a": 1.0})
@bounded
def test_only_the_same_value_is_close(value, wanted):
    """Of the same type, keys, length, dtype kind and shape, and finite."""
    value = received(value)
    if judge(assert_close, value, wanted, name="y", batch=7):
        assert same(value, wanted)


@given(expected_values)
@bounded
def test_every_value_is_close_to_itself(wanted):
    """Or the test above would prove nothing."""
    assert same(wanted, wanted)
    assert judge(assert_close, wanted, wanted)


@given(expected_values, st.data())
@bounded
def test_one_wrong_leaf_is_enough(wanted, data):
    """A value that is right but in one place."""
    assume(isinstance(wanted, (tuple, dict)) and len(wanted) > 0)
    odd = received(data.draw(values))
    if isinstance(wanted, dict):
        value = wanted | {data.draw(st.sampled_from(sorted(wanted)) | keys): odd}
    else:
        place = data.draw(st.integers(0, len(wanted) - 1))
        value = (*wanted[:place], odd, *wanted[place + 1 :])
    if judge(assert_close, value, wanted, name="y"):
        assert same(value, wanted)


DISGUISES = {
    "float32": lambda a: a.astype("f4"),
    "float16": lambda a: a.astype("f2"),
    "complex": lambda a: a.astype(complex),
    "integers": lambda a: a.astype(int),
    "bools": lambda a: a.astype(bool),
    "text": str,
    "a list": lambda a: a.tolist() if a.ndim else [float(a)],
    "a tuple of it": lambda a: (a,),
    "a dict of it": lambda a: {"y": a},
    "an axis in front": lambda a: a[None],
    "an axis behind": lambda a: a[..., None],
    "flat": lambda a: a.ravel() if a.ndim != 1 else a.reshape(-1, 1),
    "one entry of it": lambda a: a.ravel()[:1].reshape((1,) * (a.ndim + 1)),
    "none of it": lambda a: a.ravel()[:0].reshape((0,) * (a.ndim or 1)),
    "one nan": lambda a: np.where(np.arange(a.size).reshape(a.shape) == 0, np.nan, a),
    "one inf": lambda a: np.where(np.arange(a.size).reshape(a.shape) == 0, -np.inf, a),
    "large": lambda a: np.full_like(a, 1e308),
    "larger by a little": lambda a: a + 1e-3 * (1 + np.abs(a)),
}


@given(expected_arrays, st.sampled_from(sorted(DISGUISES)))
@settings(bounded, max_examples=300)
def test_what_is_almost_right_is_wrong(wanted, name):
    """The right numbers in another type, shape or dtype, or all but one of them."""
    with np.errstate(over="ignore"):
        value = DISGUISES[name](wanted)
    with replaying():
        assert not judge(assert_close, value, wanted, name="y", batch=7)
        assert not judge(assert_trajectory, [value], [wanted], name="y")
        assert not judge(assert_gradients_agree, value, wanted, loss=loss, at=wanted)
    if name not in {"large", "larger by a little"}:
        assert not judge(assert_array, value, shape=wanted.shape, name="y")
    answers = [Answer("f", own=True, state=State.PASSED, value=one) for one in (value, wanted, -np.asarray(wanted))]
    assert not agree(answers[0], answers[1]) or wanted.ndim == 0  # where any kind of number counts as the same
    assert agree(answers[0], answers[2]) in {True, False}


@pytest.mark.parametrize("value", [True, np.bool_(True), 1 + 0j, np.complex64(1), "1.0", np.ones(1), [1.0], None])
def test_a_disguised_number_is_none(value):
    """Though Python, or numpy, would calculate with most of them."""
    assert not judge(assert_number, value, name="loss")
    assert not judge(assert_close, value, 1.0, name="loss")


@given(values, st.sampled_from([(), (2, 3), (7, 1), (1, 7), (0, 3), (3,)]))
@bounded
def test_only_a_finite_float64_array_of_the_shape_has_its_form(value, shape):
    """And nothing that would broadcast to it."""
    value = received(value)
    if judge(assert_array, value, shape=shape, name="y"):
        assert isinstance(value, np.ndarray if shape else (np.ndarray, np.float64))
        assert (value.dtype, value.shape) == (np.float64, shape)
        assert np.all(np.isfinite(value))


@given(values)
@bounded
def test_only_a_finite_number_is_a_number(value):
    """No bool, no complex, no array of one entry."""
    value = received(value)
    if judge(assert_number, value, name="loss"):
        assert np.shape(value) == ()
        assert np.asarray(value).dtype.kind in "iuf" or isinstance(value, int)
        assert abs(float(value)) < float("inf")


ATS = {
    "an array": np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]]),
    "a tuple": (np.array([0.5, -1.0]), np.array([[2.0]])),
    "a dict": {"W1": np.array([[0.5, -1.0]]), "b1": np.array([3.0])},
}


def loss(at):
    """Half the squared length: its gradient is where it is taken."""
    parts = at.values() if isinstance(at, dict) else at if isinstance(at, tuple) else [at]
    return float(sum(np.sum(part**2) for part in parts) / 2)


@given(values, st.sampled_from(sorted(ATS)), st.data())
@bounded
def test_only_the_gradients_agree(value, form, data):
    """Whole, or in one of their parts."""
    value = received(value)
    at = ATS[form]
    if isinstance(at, dict) and data.draw(st.booleans()):
        value = at | {data.draw(st.sampled_from(["W1", "b1", "W2"])): value}
    elif isinstance(at, tuple) and data.draw(st.booleans()):
        value = (at[0], value)
    with replaying():
        if judge(assert_gradients_agree, value, at, loss=loss, at=at, batch=7):
            assert same(value, at)


@given(values, st.lists(expected_arrays, min_size=1, max_size=3), st.integers(0, 3))
@bounded
def test_only_the_same_steps_are_a_trajectory(value, wanted, place):
    """Whole, or one of the steps."""
    value = received(value)
    actual = [*wanted[:place], value, *wanted[place + 1 :]] if place < len(wanted) else value
    if judge(assert_trajectory, actual, wanted, name="W"):
        assert same(actual, wanted)


@given(st.lists(values | st.just(1.0), min_size=3, max_size=3))
@bounded
def test_only_what_trains_trains(said):
    """The loss at the start, the steps, the loss at the end."""
    initial, steps, final = map(received, said)
    if judge(
        assert_trains, initial=initial, expected_initial=1.0, trajectory=(steps, [1.0]), final=final, band=(0.5, 2.0)
    ):
        assert same(initial, 1.0)
        assert same(steps, [1.0])
        assert 0.5 <= float(final) <= 2.0


LARGE = {
    "64 MiB of nan": lambda: np.full(8 << 20, np.nan),
    "8 bytes that say they are 512 MiB": lambda: np.broadcast_to(np.float64(1.0), (8 << 20, 8)),
    "a column": lambda: np.ones((1 << 20, 1)),
    "a row": lambda: np.ones((1, 1 << 20)),
    "nothing, and very wide": lambda: np.ones((0, 1 << 26)),
    "a string": lambda: "x" * (1 << 20),
    "many keys": lambda: {str(n): None for n in range(1 << 16)},
    "many items": lambda: [None] * (1 << 20),
    "a large int": lambda: 10**2000,
}
HELPERS = {
    "close to a row": lambda value: assert_close(value, np.ones((1, 7)), name="y"),
    "close to a column": lambda value: assert_close(value, np.ones((7, 1)), name="y"),
    "close to a number": lambda value: assert_close(value, 1.5, name="y"),
    "close to a string": lambda value: assert_close(value, "relu", name="y"),
    "close to a dict": lambda value: assert_close(value, {"W": np.ones(3)}, name="y"),
    "close to a tuple": lambda value: assert_close((value, 1.0), (np.ones(3), 1.0), name=("dW", "db")),
    "array": lambda value: assert_array(value, shape=(2, 3), name="y"),
    "number": lambda value: assert_number(value, name="y"),
    "gradients": lambda value: assert_gradients_agree(value, np.ones(3), loss=loss, at=np.ones(3)),
    "trajectory": lambda value: assert_trajectory(value, [np.ones(3)], name="W"),
    "pure": lambda value: assert_pure(Function(_Answering(Reply(value)), "m", "f"), expected=np.ones(3), name="y"),
}


@pytest.mark.parametrize("helper", HELPERS.values(), ids=HELPERS)
@pytest.mark.parametrize("large", LARGE.values(), ids=LARGE)
def test_no_memory_is_taken_by_a_size_that_a_worker_chose(large, helper):
    """Nothing is broadcast, copied or written out before its shape is known to be right."""
    value = large()
    tracemalloc.start()
    try:
        with replaying():
            assert not judge(helper, value)
        assert tracemalloc.get_traced_memory()[1] < SPARE
    finally:
        tracemalloc.stop()


class _Answering:
    """A player that answers the same again and again."""

    def __init__(self, reply):
        self._reply = reply

    def play(self, _call):
        return self._reply


@given(values, st.lists(st.text(), max_size=3).map(tuple), st.booleans(), expected_arrays)
@bounded
def test_only_the_right_value_is_pure(value, changed, aliased, wanted):
    """Whatever is said beside it."""
    value = received(value)
    function = Function(_Answering(Reply(value, changed, aliased)), "m", "f")
    if judge(assert_pure, function, expected=wanted, name="y"):
        assert same(value, wanted)
        assert not changed
        assert not aliased


@given(values, values | expected_values)
@example(np.full(2, 1e308), np.full(2, -1e308))
@bounded
def test_answers_are_compared_without_a_crash(ours, theirs):
    """When a mistake is looked for, the student's answer may be anything."""
    for a, b in ((ours, theirs), (theirs, ours)):
        mine, other = (Answer("f", own=True, state=State.PASSED, value=value) for value in (a, b))
        assert agree(mine, other) in {True, False}
