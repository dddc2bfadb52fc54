"""Grader of saliency.py: the gradient of a logit with respect to the input."""

from itertools import pairwise

import numpy as np
from nnedu.checking import (
    assert_array,
    assert_close,
    assert_gradients_agree,
    assert_pure,
    assert_raises,
    assert_that,
    exercise,
    hidden,
    points,
)


def network(rng, *sizes):
    """A random network."""
    params = {}
    for layer, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        params[f"W{layer}"] = rng.normal(size=(n_in, n_out)) * np.sqrt(2.0 / n_in)
        params[f"b{layer}"] = 0.5 * rng.normal(size=n_out)
    return params


def logits(X, params):
    """The outputs of the last layer, (m, K)."""
    A, last = X, len(params) // 2
    for layer in range(1, last):
        A = np.maximum(A @ params[f"W{layer}"] + params[f"b{layer}"], 0.0)
    return A @ params[f"W{last}"] + params[f"b{last}"]


def case(rng, m, *sizes):
    """X, a network and a class for each row: each class is asked about where there are rows enough."""
    return rng.normal(size=(m, sizes[0])), network(rng, *sizes), rng.permutation(np.arange(m) % sizes[-1])


@exercise("saliency")
class TestSaliency:
    """the slope of a class's logit along each input"""

    @points(1)
    def test_known_value(self, student):
        """gives the rows of the worked example"""
        params = {
            "W1": np.array([[1.0, -1.0], [2.0, 1.0], [0.0, 3.0]]),
            "b1": np.array([0.0, -1.0]),
            "W2": np.array([[3.0, 1.0], [4.0, -2.0]]),
            "b2": np.array([0.0, 1.0]),
        }
        X = np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [2.0, 0.5, 0.25]])
        # Both units are on in the first two rows, and only the first unit in the third.
        S = student.saliency(X, params, np.array([0, 1, 0]))
        assert_close(S, np.array([[-1.0, 10.0, 12.0], [3.0, 0.0, -6.0], [3.0, 6.0, 0.0]]), name="S")

    @points(2)
    def test_numerical(self, student, reference, rng):
        """agrees with the numerical derivative of the logits, through two hidden layers"""
        X, params, target = case(rng, 7, 5, 6, 4, 3)
        assert_gradients_agree(
            student.saliency(X, params, target),
            reference.saliency(X, params, target),
            loss=lambda at: float(np.sum(logits(at, params)[np.arange(7), target])),
            at=X,
            names=("S",),
            batch=7,
        )

    @points(1)
    def test_linear(self, student, rng):
        """is the column of W1 that belongs to the class where there is no hidden layer, whatever X is"""
        X, params, target = case(rng, 6, 5, 4)
        S = student.saliency(X, params, target)
        assert_close(S, params["W1"].T[target], name="S", batch=6)

    @points(1)
    def test_sure(self, student, reference, rng):
        """does not vanish where the network is sure, as the slope of a probability or of a loss would"""
        X, params, target = case(rng, 6, 4, 5, 3)
        params["W2"] *= 40.0
        target = logits(X, params).argmax(axis=1)
        expected = reference.saliency(X, params, target)
        assert_close(student.saliency(X, params, target), expected, name="S", batch=6)

    @points(1)
    def test_square(self, student, reference, rng):
        """is right where all layers have 5 units and X has 5 rows, so that no transpose raises an error"""
        args = case(rng, 5, 5, 5, 5, 5)
        assert_close(student.saliency(*args), reference.saliency(*args), name="S", batch=5)

    @points(1)
    def test_sums_to_the_logit(self, student, rng):
        """gives, where all biases are 0, rows with S · x equal to the logit itself"""
        X, params, target = case(rng, 6, 5, 7, 6, 3)
        params = {name: value if name[0] == "W" else 0.0 * value for name, value in params.items()}
        S = assert_array(student.saliency(X, params, target), shape=X.shape, name="S")
        found, wanted = np.sum(S * X, axis=1), logits(X, params)[np.arange(6), target]
        worst = int(np.argmax(np.abs(found - wanted)))
        assert_that(
            bool(np.all(np.abs(found - wanted) < 1e-8 * (1.0 + np.abs(wanted)))),
            f"Without biases Σ S[i] * X[i] is the logit of target[i]. For row {worst} the sum is {found[worst]:.6g} "
            f"and the logit {wanted[worst]:.6g}.",
        )

    @points(1)
    def test_target_of_another_size(self, student, rng):
        """refuses a target that does not have one class for each row"""
        X, params, target = case(rng, 4, 3, 5, 2)
        for wrong in (target[:1], target[:3], target[:, None]):
            assert_raises("ValueError", student.saliency, X, params, wrong)

    @points(1)
    def test_pure(self, student, reference, rng):
        """leaves its arguments as they are"""
        for args in (case(rng, 4, 3, 5, 2), case(rng, 2, 4, 3)):
            assert_pure(student.saliency, *args, expected=reference.saliency(*args), name="S")

    @hidden
    @points(1)
    def test_one_row(self, student, reference, rng):
        """works for a single image, three hidden layers and ten classes"""
        args = case(rng, 1, 9, 20, 18, 16, 10)
        assert_close(student.saliency(*args), reference.saliency(*args), name="S")
