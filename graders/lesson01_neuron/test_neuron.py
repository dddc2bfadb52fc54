"""Grader of neuron.py: one neuron, from its weighted sum to its output."""

import numpy as np
from nnedu.checking import (
    assert_close,
    assert_number,
    assert_pure,
    assert_raises,
    assert_that,
    exercise,
    hidden,
    points,
)

NUMBERS = "biuf"
# The neuron of the README, and two samples whose weighted sums are 2.3 and -2.
X_README = np.array([[1.0, 2.0, 3.0], [0.0, -2.5, 4.0]])
W_README = np.array([0.2, 0.8, -0.5])
B_README = 2.0


def off_zero(rng, shape):
    """Random numbers of both signs, none of them near 0."""
    z = rng.normal(size=shape)
    return z + 0.1 * np.sign(z)


def one_per_sample(result, m):
    """The m numbers of an output, whether they lie in an array, a column or a list: only what they are is judged."""
    if isinstance(result, (list, tuple)):
        assert_that(len(result) == m, f"there should be {m} outputs, one per sample; found {len(result)}")
        return np.array([assert_number(value, name="an output") for value in result])
    ok = isinstance(result, np.ndarray) and result.dtype.kind in NUMBERS and result.size == m
    assert_that(ok, f"there should be {m} numbers, one per sample")
    assert_that(bool(np.all(np.isfinite(result))), "all outputs should be finite numbers")
    return result.reshape(m).astype(float)


def entries(result):
    """The numbers of a result, whatever its shape: for a property that asks only how they move."""
    ok = isinstance(result, (int, float, np.number)) or (isinstance(result, np.ndarray) and result.dtype.kind in "iuf")
    assert_that(ok and np.size(result) > 0, "z should be a number")
    if not isinstance(result, np.ndarray):
        result = assert_number(result, name="z")  # an int may be larger than any float
    found = np.asarray(result, dtype=float).reshape(-1)
    assert_that(bool(np.all(np.isfinite(found))), "z should be finite")
    return found


def assert_labels(value, expected, name):
    """Judge an array of 0 and 1, as integers of any width or as floats."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        expected = expected.astype(float)
    assert_close(value, expected, name=name)


@exercise("weighted_sum")
class TestWeightedSum:
    """the weighted sum of the inputs of a neuron, plus its bias"""

    @points(1)
    def test_known_value(self, student):
        """is 0.2 + 1.6 - 1.5 + 2 = 2.3 for the neuron of the worked example"""
        z = student.weighted_sum(X_README[0], W_README, B_README)
        assert_close(z, 2.3, name="z")

    @points(1)
    def test_without_bias(self, student, rng):
        """is the sum of the products w_i x_i where the bias is 0"""
        x, w = rng.normal(size=6), rng.normal(size=6)
        assert_close(student.weighted_sum(x, w, 0.0), float(np.sum(x * w)), name="z")

    @points(1)
    def test_random_neurons(self, student, reference, rng):
        """agrees with the reference on neurons of 1 to 12 features"""
        for n in (7, 1, 2, 3, 4, 5, 12):
            x, w, b = rng.normal(size=n), rng.normal(size=n), float(rng.normal())
            expected = reference.weighted_sum(x, w, b)
            assert_close(student.weighted_sum(x, w, b), expected, name="z", factors={"the number of features": n})

    @points(1)
    def test_straight_line(self, student, rng):
        """moves, and moves twice as far when the inputs move twice as far, whatever the bias is"""
        x, d, w, b = rng.normal(size=5), rng.normal(size=5), rng.normal(size=5), float(rng.normal())
        start, once, twice = (entries(student.weighted_sum(x + t * d, w, b)) for t in (0.0, 1.0, 2.0))
        assert_that(start.size == once.size == twice.size, "the result should have one size for all inputs of one size")
        assert_that(bool(np.min(np.abs(once - start)) > 0.0), "z should move when the inputs move; it stands still")
        worst = float(np.max(np.abs((twice - start) - 2.0 * (once - start))))
        assert_that(worst < 1e-12, f"twice the way of the inputs should be twice the way of z; off by {worst:.3g}")

    @hidden
    @points(1)
    def test_pure(self, student, reference, rng):
        """is b at x = 0, takes integers and non-contiguous arrays, and leaves its arguments unchanged"""
        assert_close(student.weighted_sum(np.zeros(4), rng.normal(size=4), 0.7), 0.7, name="z at x = 0")
        whole = (np.array([3, -1, 2]), np.array([0.5, 0.25, -2.0]), 1)
        assert_close(student.weighted_sum(*whole), reference.weighted_sum(*whole), name="z of integers")
        x, w, b = rng.normal(size=(6, 3))[:, 1], rng.normal(size=6), float(rng.normal())
        assert_pure(student.weighted_sum, x, w, b, expected=reference.weighted_sum(x, w, b), name="z")


@exercise("step")
class TestStep:
    """1 where the neuron fires, 0 where it does not"""

    @points(1)
    def test_known_values(self, student):
        """is 0, 1 and 1 at -1, 0 and 2"""
        z = np.array([-1.0, 0.0, 2.0])
        assert_labels(student.step(z), np.array([0, 1, 1]), "step([-1, 0, 2])")

    @points(1)
    def test_numbers(self, student):
        """takes a single number as well: 0 at -0.3, 1 at 1.7"""
        assert_close(student.step(-0.3), 0.0, name="step(-0.3)")
        assert_close(student.step(1.7), 1.0, name="step(1.7)")

    @points(1)
    def test_rises(self, student, rng):
        """is larger at every positive entry of an array than at every negative one, and leaves the array alone"""
        z = off_zero(rng, (7, 5))
        value = student.step(z)
        ok = isinstance(value, np.ndarray) and value.shape == (7, 5) and value.dtype.kind in NUMBERS
        assert_that(ok, "step(z) should be an array of numbers, of the shape (7, 5) of z")
        assert_that(
            bool(np.min(value[z > 0]) > np.max(value[z < 0])),
            "step should be larger where z > 0 than where z < 0: the neuron fires above the threshold, not below",
        )
        # Whichever two values it takes, it has to take them again, and z has to be as it was.
        expected = np.where(z > 0, value.max(), value.min())
        assert_pure(student.step, z, expected=expected.astype(float) if value.dtype.kind == "f" else expected)

    @hidden
    @points(1)
    def test_any_shape(self, student, reference, rng):
        """takes three dimensions, integers and an array of shape ()"""
        z = off_zero(rng, (2, 3, 4))
        assert_labels(student.step(z), reference.step(z), "step(z)")
        whole = np.array([[-4, 7], [1, -2]])
        assert_labels(student.step(whole), reference.step(whole), "step of integers")
        assert_close(student.step(np.array(0.4)), 1.0, name="step of an array of shape ()")


@exercise("neuron_forward", after=["weighted_sum", "step"])
class TestNeuronForward:
    """one neuron on every sample of a batch"""

    @points(1)
    def test_worked_example(self, student):
        """gives the numbers of the worked example: z is 2.3 and -2, and its sigmoid 0.9089 and 0.1192"""
        z = student.neuron_forward(X_README, W_README, B_README, "linear")
        assert_close(z, np.array([2.3, -2.0]), name="the output of 'linear'")
        a = student.neuron_forward(X_README, W_README, B_README, "sigmoid")
        assert_close(a, np.array([0.9088770389851438, 0.11920292202211755]), name="the output of 'sigmoid'")

    @points(1)
    def test_without_bias(self, student, reference, rng):
        """is right where the bias is 0, and leaves its arguments unchanged"""
        X, w = rng.normal(size=(6, 4)), rng.normal(size=4)
        for name in ("sigmoid", "tanh"):
            expected = reference.neuron_forward(X, w, 0.0, name)
            assert_pure(student.neuron_forward, X, w, 0.0, name, expected=expected, name=f"the output of {name!r}")

    @points(1)
    def test_each_activation(self, student, reference, rng):
        """agrees with the reference for each of the five activations"""
        X, w, b = rng.normal(size=(7, 5)), rng.normal(size=5), float(rng.uniform(0.5, 1.0))
        for name in ("linear", "relu", "tanh", "sigmoid"):
            output = student.neuron_forward(X, w, b, name)
            assert_close(output, reference.neuron_forward(X, w, b, name), name=f"the output of {name!r}")
        fires = reference.neuron_forward(X, w, b, "step").astype(int)
        assert_labels(student.neuron_forward(X, w, b, "step"), fires, "the output of 'step'")

    @points(1)
    def test_rows_are_independent(self, student, rng):
        """gives one number per sample, which does not depend on the other samples of the batch"""
        X, w, b = rng.normal(size=(6, 3)), rng.normal(size=3), float(rng.normal())
        whole = one_per_sample(student.neuron_forward(X, w, b, "tanh"), 6)
        first = one_per_sample(student.neuron_forward(X[:2], w, b, "tanh"), 2)
        assert_that(bool(np.min(np.abs(whole)) > 0.0), "tanh of these weighted sums is never 0; found a 0")
        worst = float(np.max(np.abs(whole[:2] - first)))
        assert_that(worst < 1e-12, f"the outputs of two rows alone and in a batch of six differ by up to {worst:.3g}")

    @points(1)
    def test_unknown_activation(self, student, rng):
        """raises ValueError where the name of the activation is unknown"""
        X, w = rng.normal(size=(4, 3)), rng.normal(size=3)
        assert_raises("ValueError", student.neuron_forward, X, w, 0.5, "softsign")

    @hidden
    @points(1)
    def test_one_sample(self, student, reference, rng):
        """works on a batch of one sample and on one of a single feature, and leaves its arguments unchanged"""
        for shape in ((1, 5), (8, 1), (4, 4)):
            X, w, b = rng.normal(size=shape), rng.normal(size=shape[1]), float(rng.uniform(0.5, 1.0))
            for name in ("relu", "tanh", "sigmoid", "linear"):
                expected = reference.neuron_forward(X, w, b, name)
                assert_pure(student.neuron_forward, X, w, b, name, expected=expected, name=f"the output of {name!r}")
