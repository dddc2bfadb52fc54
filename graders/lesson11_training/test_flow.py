"""Grader of flow.py: the gradients of all layers of a fresh deep network."""

import numpy as np
from nnedu.checking import assert_array, assert_close, assert_pure, assert_raises, assert_that, exercise, hidden, points

SETTINGS = (("sigmoid", "small"), ("sigmoid", "xavier"), ("relu", "he"), ("relu", "small"))


def arrivals(rng, m, d):
    """An input, and a gradient that arrives."""
    return rng.normal(size=(m, d)), rng.normal(size=(m, d))


def norms(student, args, rng):
    """What gradient_norms returns, once its form is known to be right."""
    return assert_array(student.gradient_norms(*args, rng), shape=(args[2],), name="the norms")


@exercise("gradient_norms")
class TestGradientNorms:
    """how much of a gradient is left in each layer"""

    @points(1)
    def test_one_layer(self, student, rng):
        """is the norm of X.T @ (dA * φ') for one layer"""
        X, dA = arrivals(rng, 6, 5)
        W = np.sqrt(0.4) * np.random.default_rng(5).normal(size=(5, 5))
        found = student.gradient_norms(X, dA, 1, "relu", "he", np.random.default_rng(5))
        assert_close(found, np.array([np.linalg.norm(X.T @ (dA * (X @ W > 0.0)))]), name="the norms", batch=6)

    @points(1)
    def test_settings(self, student, reference, rng):
        """is right for sigmoid and ReLU, with small weights and larger ones, in 10 layers"""
        cases = [(*arrivals(rng, 12, 16), 10, activation, init) for activation, init in SETTINGS]
        expected = [reference.gradient_norms(*args, rng) for args in cases]
        for args, right in zip(cases, expected, strict=True):
            # Relative to each norm, and nothing else: some are as small as 1e-17.
            ratio = norms(student, args, rng) / right
            assert_close(ratio, np.ones(10), name=f"norms / right norms for {args[3]}, {args[4]}", batch=12)

    @points(1)
    def test_layer_order(self, student, rng):
        """has the layer next to the input first: with sigmoids it gets far less than the last one"""
        found = norms(student, (*arrivals(rng, 20, 32), 10, "sigmoid", "xavier"), rng)
        assert_that(
            0.0 < found[0] < 1e-3 * found[-1],
            f"The first layer should get less than a thousandth of the last one; {found[0]:.2g}, {found[-1]:.2g}.",
        )

    @points(1)
    def test_scale(self, student, rng):
        """doubles where the gradient that arrives is doubled"""
        X, dA = arrivals(rng, 7, 6)
        once, twice = (norms(student, (X, f * dA, 4, "sigmoid", "xavier"), rng) for f in (1.0, 2.0))
        assert_that(bool(np.all(once > 0.0)), "All norms should be above 0.")
        assert_close(twice / once, np.full(4, 2.0), name="norms for 2·dA, by those for dA")

    @points(1)
    def test_unknown_names(self, student, reference, rng):
        """raises a ValueError for names that it does not know, and none for those that it does"""
        X, dA = arrivals(rng, 4, 3)
        assert_raises("ValueError", student.gradient_norms, X, dA, 2, "softplus", "he", rng)
        assert_raises("ValueError", student.gradient_norms, X, dA, 2, "relu", "large", rng)
        args = X, dA, 2, "relu", "xavier"
        assert_close(norms(student, args, rng), reference.gradient_norms(*args, rng), name="the norms")

    @hidden
    @points(1)
    def test_pure(self, student, reference, rng):
        """leaves X and dA as they are, and works for one sample and one unit"""
        for shape in ((5, 4), (1, 7)):
            args = (*arrivals(rng, *shape), 3, "sigmoid", "he")
            expected = reference.gradient_norms(*args, rng)
            assert_pure(student.gradient_norms, *args, rng, expected=expected, name="the norms")
        args = np.array([[0.7]]), np.array([[1.3]]), 2, "sigmoid", "he"
        assert_close(norms(student, args, rng), reference.gradient_norms(*args, rng), name="the norms")
