"""Grader of flow.py: what is left of a gradient after many steps back in time."""

import numpy as np
from nnedu.checking import assert_array, assert_close, assert_pure, assert_raises, assert_that, exercise, hidden, points

STEP = 1e-200j


def network(rng, m, T, n, d):
    """Random Wh, X, h0, Wx and b."""
    return (
        1.2 * rng.normal(size=(d, d)) / np.sqrt(d),
        rng.normal(size=(m, T, n)),
        rng.normal(size=(m, d)),
        rng.normal(size=(n, d)) / np.sqrt(n),
        0.5 * rng.normal(size=d),
    )


def rotation(rng, d):
    """A random orthogonal matrix: times r, its spectral radius and its 2-norm are both r."""
    return np.linalg.qr(rng.normal(size=(d, d)))[0]


def measured(Wh, X, h0, Wx, b, activation):
    """The norms, by moving one entry of one state at a time into the complex plane: no formula for a derivative."""
    (m, T, _), d = X.shape, len(Wh)
    squash = np.tanh if activation == "tanh" else np.array
    norms = np.empty(T)
    for t in range(T):
        jacobians = np.empty((m, d, d))
        for p in range(d):
            h = h0.astype(complex)
            for s in range(T):
                h = squash(X[:, s] @ Wx + h @ Wh + b)
                if s == t:
                    h[:, p] += STEP
            jacobians[:, p] = h.imag / STEP.imag
        norms[t] = np.mean([np.linalg.svd(one, compute_uv=False)[0] for one in jacobians])
    return norms


@exercise("bptt_norms")
class TestBpttNorms:
    """the size of the gradient, step by step back in time"""

    @points(1)
    def test_known_value(self, student):
        """gives the numbers of the worked examples, a linear one in two dimensions and one with tanh in one"""
        Wh, X = np.array([[0.0, 2.0], [0.5, 0.0]]), np.zeros((1, 5, 1))
        norms = student.bptt_norms(Wh, X, np.zeros((1, 2)), np.zeros((1, 2)), np.zeros(2), activation="linear")
        assert_close(norms, np.array([1.0, 2.0, 1.0, 2.0, 1.0]), name="norms")
        X = np.arctanh(np.array([[[0.1], [0.5], [0.6]]])) - 1.5 * np.array([[[0.4], [0.1], [0.5]]])
        norms = student.bptt_norms(np.array([[1.5]]), X, np.array([[0.4]]), np.array([[1.0]]), np.zeros(1))
        # The states are 0.1, 0.5, 0.6, so the slopes that count are 0.75 and 0.64.
        assert_close(norms, np.array([1.5 * 0.75 * 1.5 * 0.64, 1.5 * 0.64, 1.0]), name="norms")

    @points(1)
    def test_measured(self, student, rng):
        """agrees, for tanh, with what a small change of each state does to the last one"""
        args = network(rng, 4, 6, 3, 5)
        assert_close(student.bptt_norms(*args), measured(*args, "tanh"), name="norms", rtol=1e-6, batch=4)

    @points(1)
    def test_vanish_and_explode(self, student, rng):
        """shrinks to less than 1e-6 over 20 steps with tanh and a radius of 0.5, and grows without it for 1.5"""
        (_, X, h0, Wx, b), Q = network(rng, 3, 21, 2, 4), rotation(rng, 4)
        norms = assert_array(student.bptt_norms(0.5 * Q, X, h0, Wx, b), shape=(21,), name="norms")
        assert_that(
            bool(np.all(norms[:-1] < norms[1:])) and 0.0 < norms[0] < 1e-6,
            f"Back in time the norms should shrink, by a half or more in each step; found {norms[0]:.3g} at index 0, "
            f"{norms[-2]:.3g} and {norms[-1]:.3g} at the end.",
        )
        norms = student.bptt_norms(1.5 * Q, X, h0, Wx, b, activation="linear")
        assert_close(norms, 1.5 ** np.arange(20.0, -1.0, -1.0), name="norms")

    @points(1)
    def test_other_names(self, student, rng):
        """refuses an activation that it does not know"""
        for name in ("relu", "Tanh", ""):
            assert_raises("ValueError", student.bptt_norms, *network(rng, 2, 3, 2, 3), activation=name)

    @points(1)
    def test_pure(self, student, reference, rng):
        """leaves its arguments as they are"""
        args = network(rng, 3, 4, 2, 3)
        assert_pure(student.bptt_norms, *args, expected=reference.bptt_norms(*args), name="norms")

    @hidden
    @points(1)
    def test_linear_and_short(self, student, rng):
        """is right without tanh, for a single sequence, and gives 1 for T = 1"""
        args = network(rng, 1, 7, 2, 4)
        assert_close(student.bptt_norms(*args, activation="linear"), measured(*args, "linear"), name="norms", rtol=1e-6)
        args = network(rng, 3, 9, 2, 1)
        assert_close(student.bptt_norms(*args, activation="tanh"), measured(*args, "tanh"), name="norms", rtol=1e-6)
        assert_close(student.bptt_norms(*network(rng, 3, 1, 2, 4)), np.ones(1), name="norms")
