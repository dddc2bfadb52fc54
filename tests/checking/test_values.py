"""The one strict place: every form that is not the right one is refused, in a sentence."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnedu.checking import assert_array, assert_close, assert_number, assert_that
from nnedu.checking.values import CheckFailed
from nnedu.errors import CourseFault
from nnedu.sandbox.client import Handle

EXPECTED = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.5]])


def said(judge, *args, **kwargs):
    """Return the sentence of a check that fails."""
    with pytest.raises(CheckFailed) as failed:
        judge(*args, **kwargs)
    assert failed.value.summary
    assert "\n" not in failed.value.summary
    return failed.value.message


BROADCAST = "Broadcasting would hide this; it is the axis of length 1 that is too many or missing."
FORMS = {
    "None": (None, "y is None; expected a numpy array of shape (2, 3). Is there a return?"),
    "a list": (EXPECTED.tolist(), "y is a list of 2; expected a numpy array of shape (2, 3)."),
    "a tuple": ((1.0, 2.0), "y is a tuple of 2; expected a numpy array of shape (2, 3)."),
    "a dict": ({"y": EXPECTED}, "y is a dict of 1; expected a numpy array of shape (2, 3)."),
    "a scalar": (2.5, "y is a number (2.5); expected a numpy array of shape (2, 3)."),
    "a numpy scalar": (np.float64(2.5), "y is a number (2.5); expected a numpy array of shape (2, 3)."),
    "a bool": (True, "y is a bool (True); expected a numpy array of shape (2, 3)."),
    "a string": ("right", "y is a string ('right'); expected a numpy array of shape (2, 3)."),
    "a handle": (Handle(None, None, "numpy.matrix"), "y is a numpy.matrix; expected a numpy array of shape (2, 3)."),
    "float32": (EXPECTED.astype("f4"), "y has dtype float32; expected float64."),
    "float16": (EXPECTED.astype("f2"), "y has dtype float16; expected float64."),
    "integers": (EXPECTED.astype(int), "y has dtype int64; expected float64."),
    "complex": (EXPECTED.astype(complex), "y has dtype complex128; expected float64."),
    "bools": (EXPECTED > 2, "y has dtype bool; expected float64."),
    "a column": (EXPECTED[:, :1], "y has shape (2, 1); expected (2, 3)."),
    "transposed": (EXPECTED.T, "y has shape (3, 2); expected (2, 3). That is the shape of the transpose."),
    "an axis too many": (
        EXPECTED[None],
        f"y has shape (1, 2, 3); expected (2, 3). {BROADCAST}",
    ),
    "flat": (EXPECTED.ravel(), "y has shape (6,); expected (2, 3)."),
    "empty": (np.zeros((0, 3)), "y has shape (0, 3); expected (2, 3)."),
    "0-d": (np.array(1.0), "y has shape (); expected (2, 3)."),
    "one nan": (
        np.where(EXPECTED == 5, np.nan, EXPECTED),
        "y is not finite: 1 of 6 entries, the first at y[1, 1], which is nan.",
    ),
    "infinities": (EXPECTED * np.inf, "y is not finite: 6 of 6 entries, the first at y[0, 0], which is inf."),
    "zeros": (np.zeros((2, 3)), "y[1, 2] is 0; expected 6.5: off by 6.5, allowed 7e-07.\nEvery entry is 0."),
}


@pytest.mark.parametrize(("value", "sentence"), FORMS.values(), ids=FORMS)
def test_a_wrong_form_is_refused_in_a_sentence(value, sentence):
    """Nothing is converted, nothing broadcast."""
    assert said(assert_close, value, EXPECTED, name="y") == sentence
    if not sentence.endswith("Every entry is 0."):
        assert said(assert_array, value, shape=(2, 3), name="y") == sentence


@pytest.mark.parametrize(
    "value",
    [np.array([[None, 1], [2, 3]]), np.ma.masked_array([[1.0]]), np.zeros((1, 1)).view(np.matrix), np.array(["a"])],
    ids=["object", "masked", "matrix", "text"],
)
def test_arrays_of_another_make_are_refused(value):
    """In process they arrive as they are: neither subclasses nor objects count as arrays of floats."""
    said(assert_close, value, np.ones(value.shape), name="y")
    said(assert_array, value, shape=value.shape, name="y")


@pytest.mark.parametrize(
    "value", [EXPECTED, np.asfortranarray(EXPECTED), EXPECTED[::-1][::-1], EXPECTED * (1 + 5e-8), EXPECTED + 1e-11]
)
def test_the_right_array_passes_however_it_lies_in_memory(value):
    """And to within the tolerance."""
    assert_close(value, EXPECTED)


NUMBERS = {
    "None": (None, "loss is None; expected a number. Is there a return?"),
    "bool": (True, "loss is a bool (True); expected a number."),
    "text": ("2.5", "loss is a string ('2.5'); expected a number."),
    "list": ([2.5], "loss is a list of 1; expected a number."),
    "array": (np.array([2.5]), "loss is an array of shape (1,) and dtype float64; expected a number."),
    "complex": (2.5 + 0j, "loss is a number ((2.5+0j)); expected a number."),
    "nan": (float("nan"), "loss is nan; expected a finite number."),
    "inf": (np.float64("inf"), "loss is inf; expected a finite number."),
    "huge": (10**400, "loss is inf; expected a finite number."),
    "zero": (0.0, "loss is 0; expected 2.5: off by 2.5, allowed 3e-07.\nEvery entry is 0."),
    "near": (2.501, "loss is 2.501; expected 2.5: off by 0.001, allowed 3e-07.\n1 of 1 entries differ: ."),
}


@pytest.mark.parametrize(("value", "sentence"), NUMBERS.values(), ids=NUMBERS)
def test_a_number_is_judged_as_strictly(value, sentence):
    """A bool is none, nor is an array of one."""
    assert said(assert_close, value, 2.5, name="loss").splitlines()[0] == sentence.splitlines()[0]
    if "expected 2.5" not in sentence:
        assert said(assert_number, value, name="loss") == sentence


@pytest.mark.parametrize("value", [2.5, np.float64(2.5), np.array(2.5), np.float32(2.5)])
def test_a_number_may_be_a_numpy_scalar(value):
    """Or a 0-d array of one."""
    assert_close(value, 2.5)
    assert assert_number(value, name="loss") == 2.5
    assert type(assert_number(value, name="loss")) is float
    assert_close(np.float64(2.5), np.array(2.5))


@pytest.mark.parametrize(
    ("value", "expected", "sentence"),
    [
        (np.array([1, 2]), np.array([1, 3]), "y[1] is 2; expected 3: off by 1, allowed 0e+00."),
        (np.array([2**60 + 1]), np.array([2**60]), f"y[0] is {2**60 + 1}; expected {2**60}: off by 0, allowed 0e+00."),
        (np.array([1.0, 3.0]), np.array([1, 3]), "y has dtype float64; expected int64."),
        (np.array([1, 0]), np.array([True, False]), "y has dtype int64; expected bool."),
        (np.array([True, True]), np.array([True, False]), "y[1] is True; expected False: off by 1, allowed 0e+00."),
        (np.array([1 + 1j]), np.array([1 - 1j]), "y[0] is (1+1j); expected (1-1j): off by 2, allowed 1e-07."),
        (1 + 1j, 1 - 1j, "y is (1+1j); expected (1-1j): off by 2, allowed 1e-07."),
        (1.0, 1j, "y is a number (1.0); expected a numpy array of shape ()."),
        ("relu", "tanh", "y is a string ('relu'); expected 'tanh'."),
        (1, True, "y is a number (1); expected True."),
        (0.0, None, "y is a number (0.0); expected None."),
        ({"a": 1}, {"a": 1, "b": 2}, "y lacks b; expected the keys a, b."),
        ({"a": 1, "c": 3}, {"a": 1, "b": 2}, "y lacks b and has c too many; expected the keys a, b."),
        ({"a": 1, "c": 3, 4: 5}, {"a": 1}, "y has c, a number (4) too many; expected the keys a."),
        ([("a", 1)], {"a": 1}, "y is a list of 1; expected a dict."),
        ({"a": {"b": 1.0}}, {"a": {"b": 2.0}}, "y['a']['b'] is 1; expected 2: off by 1, allowed 2e-07."),
        ((1.0,), (1.0, 2.0), "The result has 1 values; expected 2: y."),
        (None, (1.0, 2.0), "The result is None; expected 2 values: y. Is there a return?"),
        (
            np.array([1.0, 2.0]),
            (1.0, 2.0),
            "The result is an array of shape (2,) and dtype float64; expected 2 values: y.",
        ),
        ((1.0, 3.0), (1.0, 2.0), "y[1] is 3; expected 2: off by 1, allowed 2e-07."),
    ],
)
def test_other_kinds_are_compared_in_their_own_way(value, expected, sentence):
    """Integers and bools exactly; text and None by what they are; dicts by their keys, tuples by their length."""
    assert said(assert_close, value, expected, name="y").splitlines()[0] == sentence


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.array([1, 2], dtype="u1"), np.array([1, 2])),
        (True, True),
        (np.bool_(True), True),
        (True, np.bool_(True)),
        ("relu", "relu"),
        (None, None),
        ([1.0, np.ones(2)], (1.0, np.ones(2))),
        ({"b": 1.0, "a": (2, "x")}, {"a": (2, "x"), "b": 1.0}),
        (np.array([1j]), np.array([1j])),
    ],
)
def test_what_is_the_same_passes(value, expected):
    """A list may stand for a tuple, any integer for an integer, keys in any order."""
    assert_close(value, expected)


def test_parts_have_names():
    """Those of the tuple, or their places."""
    assert said(assert_close, (1.0, 2.0), (1.0, 3.0), name=("dW", "db")).startswith("db is 2; expected 3")
    assert said(assert_close, (1.0,), (1.0, 3.0), name=("dW", "db")) == "The result has 1 values; expected 2: dW, db."
    assert said(assert_close, (1.0, 2.0), (1.0, 3.0)).startswith("the result[1] is 2")


@pytest.mark.parametrize(
    "expected", [np.array([1.0, np.nan]), np.inf, float("nan"), {"a": np.array([np.inf])}, (1.0, np.nan)], ids=str
)
def test_an_expected_value_that_is_not_finite_is_a_fault_of_the_course(expected):
    """Against nan anything would pass."""
    with pytest.raises(CourseFault, match="is not finite"):
        assert_close(
            np.zeros(2)
            if isinstance(expected, np.ndarray)
            else {"a": np.zeros(1)}
            if isinstance(expected, dict)
            else (1.0, 2.0)
            if isinstance(expected, tuple)
            else 1.0,
            expected,
        )


EXPLAINED = {
    "m": (7 * EXPECTED, "Every entry is off by the same factor, 7: the batch holds m = 7 examples."),
    "1/m": (EXPECTED / 7, "Every entry is off by the same factor, 1/7: the batch holds m = 7 examples."),
    "m squared": (49 * EXPECTED, "Every entry is off by the same factor, 7²: the batch holds m = 7 examples."),
    "-1": (-EXPECTED, "Every entry is off by the same factor, -1: the sign is the other way round."),
    "2": (2 * EXPECTED, "Every entry is off by the same factor, 2: a factor 2 too many, as from a square."),
    "1/2": (EXPECTED / 2, "Every entry is off by the same factor, 1/2: a factor 2 is missing, as from a square."),
    "K": (10 * EXPECTED, "Every entry is off by the same factor, 10: the number of classes K is 10."),
    "any": (1.7 * EXPECTED, "Every entry is off by the same factor, 1.7."),
    "constant": (EXPECTED + 1, "Every entry is off by the same amount: a term is missing, or one too many."),
    "reciprocal": (1 / EXPECTED, "Every entry is the reciprocal of what it should be."),
    "one minus": (1 - EXPECTED, "Every entry is 1 minus what it should be."),
    "squared": (EXPECTED**2, "Every entry is the square of what it should be."),
    "order": (EXPECTED[::-1], "The numbers are right, but they stand in other places."),
    "one entry": (np.where(EXPECTED == 5, 9.0, EXPECTED), "1 of 6 entries differ: [1, 1]."),
}


@pytest.mark.parametrize(("value", "sentence"), EXPLAINED.values(), ids=EXPLAINED)
def test_what_is_wrong_is_explained(value, sentence):
    """By a factor with its name, a constant, a transpose, the entries that differ."""
    message = said(assert_close, value, EXPECTED, name="y", batch=7, factors={"the number of classes K": 10})
    assert message.splitlines()[1:] == [sentence]


def test_a_transpose_and_lost_signs_are_explained():
    """Where they can be told."""
    square = np.array([[1.0, -2.0], [3.0, 4.0]])
    assert said(assert_close, square.T, square).endswith("It is the transpose of what it should be.")
    assert said(assert_close, np.abs(square), square).endswith("The sizes are right; the signs are lost.")


def test_nothing_is_explained_that_does_not_hold():
    """Every entry is wrong, and no rule fits."""
    noise = EXPECTED + np.array([[0.3, -0.2, 0.1], [0.7, 0.4, -0.9]])
    assert len(said(assert_close, noise, EXPECTED, batch=7).splitlines()) == 1


@pytest.mark.parametrize("factor", [1.001, 0.999, 1 + 1e-6, 1 - 1e-6])
def test_a_slight_factor_is_wrong(factor):
    """Close is not right."""
    said(assert_close, factor * EXPECTED, EXPECTED)


def test_numbers_beyond_all_measure_are_wrong_without_a_warning():
    """1e308 here and -1e308 there."""
    said(assert_close, np.full((2, 3), 1e308), np.full((2, 3), -1e308))
    said(assert_close, np.full((2, 3), 1e200), EXPECTED)
    said(assert_close, 1e308, -1e308)


def test_a_property_needs_true_or_false():
    """An array, or None, is a slip of the author."""
    assert_that(np.bool_(True), "holds")
    assert said(assert_that, False, "should hold; found 3.") == "should hold; found 3."
    with pytest.raises(CourseFault, match="needs True or False, and was given"):
        assert_that(np.ones(2), "holds")


def test_control_characters_of_a_student_are_taken_out():
    """A key of a dict is the student's own text."""
    assert "\x1b" not in said(assert_close, {"\x1b[31m": 1}, {"a": 1})


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**500)
    | st.floats()
    | st.complex_numbers()
    | st.text(max_size=3)
    | hnp.arrays(hnp.scalar_dtypes(), hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=2) | st.integers() | st.sampled_from(["a", "b"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.mark.parametrize(
    "expected",
    [EXPECTED, 2.5, 3, "text", True, None, 1j, (1.0, np.ones(2)), {"a": 1.0, "b": np.ones((1, 2))}, np.array([1, 2])],
    ids=repr,
)
@given(value=values)
@settings(max_examples=60, deadline=None)
def test_whatever_a_student_returns_is_judged_and_never_crashes(expected, value):
    """A helper passes or says what is wrong; any other exception would count as a fault of the course."""
    for judge in (
        lambda: assert_close(value, expected),
        lambda: assert_array(value, shape=(2, 3), name="y"),
        lambda: assert_number(value, name="y"),
    ):
        with suppress(CheckFailed):
            judge()
