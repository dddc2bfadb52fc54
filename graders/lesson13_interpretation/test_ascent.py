"""Grader of ascent.py: an input that a class likes."""

from itertools import pairwise

import numpy as np
from nnedu.checking import assert_array, assert_close, assert_pure, assert_that, exercise, hidden, points

RESULT = ("x", "trace")


def network(rng, *sizes):
    """A random network."""
    params = {}
    for layer, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        params[f"W{layer}"] = rng.normal(size=(n_in, n_out)) * np.sqrt(2.0 / n_in)
        params[f"b{layer}"] = 0.5 * rng.normal(size=n_out)
    return params


def convex(rng, n, hidden_units):
    """A network whose logits are convex: a step along the gradient, cut to the bounds, then never goes down."""
    params = network(rng, n, hidden_units, 3)
    # With biases above 0.5 it would be a wonder if all units were off.
    return params | {"W2": np.abs(params["W2"]), "b1": 0.5 + np.abs(params["b1"])}


def logits(X, params):
    A, last = X, len(params) // 2
    for layer in range(1, last):
        A = np.maximum(A @ params[f"W{layer}"] + params[f"b{layer}"], 0.0)
    return A @ params[f"W{last}"] + params[f"b{last}"]


def walked(result, n, steps):
    """x and the trace, once their form is known to be right."""
    pair = isinstance(result, (tuple, list)) and len(result) == len(RESULT)
    assert_that(pair, "maximize should return x and the trace")
    return assert_array(result[0], shape=(n,), name="x"), assert_array(result[1], shape=(steps + 1,), name="trace")


@exercise("maximize", after=["saliency"])
class TestMaximize:
    """gradient ascent on the input"""

    @points(1)
    def test_known_value(self, student):
        """gives the numbers of the worked examples, one with bounds and one with a penalty"""
        params = {"W1": np.array([[4.0, 0.0], [-2.0, 1.0]]), "b1": np.array([1.0, 0.0])}
        result = student.maximize(params, 0, np.array([0.25, 0.75]), steps=2, lr=0.125)
        # (0.25, 0.75), then (0.75, 0.5), then (1.25, 0.25), cut to (1, 0.25)
        assert_close(result, (np.array([1.0, 0.25]), np.array([0.5, 3.0, 4.5])), name=RESULT)
        params = {"W1": np.array([[0.0, 3.0]]), "b1": np.array([0.0, 0.0])}
        result = student.maximize(params, 1, np.array([1.0]), steps=2, lr=0.5, l2=0.5, bounds=(0.0, 4.0))
        # J = 3x - x²/2, with the slope 3 - x
        assert_close(result, (np.array([2.5]), np.array([2.5, 4.0, 4.375])), name=RESULT)

    @points(2)
    def test_twelve_steps(self, student, reference, rng):
        """takes the right 12 steps in a network with two hidden layers, a penalty and bounds of its own"""
        args = network(rng, 7, 6, 5, 4), 2, rng.uniform(-0.4, 0.7, size=7), 12, 0.05
        options = {"l2": 0.1, "bounds": (-0.5, 0.8)}
        result, expected = (one.maximize(*args, **options) for one in (student, reference))
        assert_close(result, expected, name=RESULT, rtol=1e-6, atol=1e-9)

    @points(1)
    def test_rises(self, student, rng):
        """never goes down where the logit is convex, and never leaves the bounds"""
        params = convex(rng, 6, 8)
        x, trace = walked(
            student.maximize(params, 1, rng.uniform(-1.0, 1.0, size=6), 15, 0.1, bounds=(-1.0, 1.0)), 6, 15
        )
        falls = np.flatnonzero(np.diff(trace) < -1e-9)
        assert_that(len(falls) == 0, f"The trace should never fall here; it does in step {falls[:1] + 1}.")
        assert_that(trace[-1] > trace[0] + 1e-3, "The trace should rise; it stays where it was.")
        outside = float(np.max(np.abs(x)))
        assert_that(
            outside <= 1.0 + 1e-12, f"x should lie in the bounds -1 and 1; it has an entry of size {outside:.4g}."
        )

    @points(1)
    def test_better_than_chance(self, student, rng):
        """starts from the best of 1000 random inputs, and finds one that the class likes better"""
        params = convex(rng, 30, 12)
        some = np.random.default_rng(int(rng.integers(2**32))).uniform(size=(1000, 30))  # a recording keeps the seed
        liked = logits(some, params)[:, 0]
        x, _ = walked(student.maximize(params, 0, some[liked.argmax()], 60, 0.1), 30, 60)
        assert_that(float(x.min()) >= -1e-12 and float(x.max()) <= 1.0 + 1e-12, "x should lie in the bounds 0 and 1.")
        found, chance = float(logits(x[None], params)[0, 0]), float(liked.max())
        assert_that(
            found > chance + 0.01,
            f"The logit of your x is {found:.4g}; the best of 1000 random inputs has {chance:.4g}.",
        )

    @points(1)
    def test_where_it_ends(self, student, rng):
        """ends, for a linear network, in the corner that the signs of the weights name, and with a penalty inside it"""
        params = network(rng, 8, 3)
        w = np.sign(params["W1"][:, 2]) * (0.5 + np.abs(params["W1"][:, 2]))
        params["W1"][:, 2] = w
        x, _ = walked(student.maximize(params, 2, np.full(8, 0.5), 60, 0.1, bounds=(-1.0, 2.0)), 8, 60)
        assert_close(x, np.where(w > 0.0, 2.0, -1.0), name="x without a penalty")
        result = student.maximize(params, 2, np.full(8, 0.5), 60, 0.25, l2=1.0, bounds=(-5.0, 5.0))
        x = np.clip(w / 2.0, -5.0, 5.0)
        expected = float(x @ w + params["b1"][2] - np.sum(x**2))
        x_found, trace = walked(result, 8, 60)
        assert_close(x_found, x, name="x with a penalty", rtol=1e-6)
        assert_close(float(trace[-1]), expected, name="the last entry of the trace", rtol=1e-6, atol=1e-9)

    @points(1)
    def test_pure(self, student, reference, rng):
        """leaves x0 and the network as they are"""
        args = network(rng, 4, 5, 3), 1, rng.uniform(size=4), 3, 0.1
        assert_pure(student.maximize, *args, expected=reference.maximize(*args), name=RESULT)

    @hidden
    @points(1)
    def test_start(self, student, reference, rng):
        """begins at x0 cut to the bounds, also where no step is taken"""
        params, x0 = network(rng, 5, 4, 6, 2), np.array([-2.0, -0.5, 0.25, 0.9, 3.0])
        for steps in (0, 1, 4):
            args = params, 1, x0, steps, 0.02, 0.3
            assert_close(student.maximize(*args), reference.maximize(*args), name=RESULT, rtol=1e-6, atol=1e-9)
