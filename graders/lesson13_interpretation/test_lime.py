"""Grader of lime.py: a straight line near one input.

Any way of drawing the noise is right. So most checks watch which rows f is asked about, and fit the line to these.
"""

import numpy as np
from nnedu.checking import assert_array, assert_close, assert_number, assert_that, exercise, hidden, points

RESULT = ("coef", "intercept")


class Watched:
    """A function of rows that remembers what it was asked."""

    def __init__(self, f):
        self.f = f
        self.asked = []

    def __call__(self, Z):
        Z = np.asarray(Z, dtype=float)
        if Z.ndim != 2:
            raise ValueError(f"f takes rows, an array (k, n), and was given one of shape {Z.shape}")
        self.asked.append(Z)
        return self.f(Z)

    def rows(self, n_samples):
        """All rows, if they are as many as they should be; x itself may be among them, once or twice."""
        Z = np.vstack(self.asked) if self.asked else np.empty((0, 1))
        assert_that(
            n_samples <= len(Z) <= n_samples + 2, f"f should be asked about {n_samples} rows, and was about {len(Z)}."
        )
        return Z


def fitted(result, n):
    """coef and the intercept, once their form is known to be right."""
    assert_that(
        isinstance(result, (tuple, list)) and len(result) == len(RESULT),
        "lime_explain should return coef and the intercept",
    )
    return assert_array(result[0], shape=(n,), name="coef"), assert_number(result[1], name="intercept")


def line(f, Z, x, kernel_width):
    """The weighted least squares line through what f says about the rows Z, by the equations of its minimum."""
    w = np.exp(-np.sum((Z - x) ** 2, axis=1) / kernel_width**2)
    total, y = np.sum(w), f(Z)
    middle, level = w @ Z / total, w @ y / total
    spread = (Z - middle).T @ ((Z - middle) * w[:, None])
    coef = np.linalg.solve(spread, (Z - middle).T @ (w * (y - level)))
    return coef, float(level - middle @ coef)


def assert_fits(student, f, x, rng, **options):
    """Judge the line by the rows that the student's own noise has made of x; a ridge may pull a little."""
    watched, named = Watched(f), {"n_samples": 2000, "sigma": 0.5, "kernel_width": 0.75} | options
    coef, intercept = fitted(student.lime_explain(watched, x, rng, **options), len(x))
    Z = watched.rows(named["n_samples"])
    spread = float(Z.std(axis=0).mean()) / named["sigma"]
    assert_that(abs(spread - 1.0) < 0.25, f"The standard deviation of the rows is {spread:.3g} times sigma.")
    expected = line(f, Z, x, named["kernel_width"])
    assert_close(coef, expected[0], name="coef", rtol=2e-3, atol=2e-3)
    assert_close(intercept, expected[1], name="intercept", rtol=5e-3, atol=5e-3)


def cubes(Z):
    return np.sum(Z**3, axis=1)


@exercise("lime_explain")
class TestLimeExplain:
    """a straight line for the neighbourhood of one input"""

    @points(1)
    def test_line(self, student, rng):
        """finds a function again that is a straight line, with its value at the origin"""
        w, x = rng.uniform(1.0, 3.0, size=4) * rng.choice([-1.0, 1.0], size=4), rng.uniform(1.0, 2.0, size=4)
        coef, intercept = fitted(student.lime_explain(Watched(lambda Z: Z @ w + 4.0), x, rng), 4)
        assert_close(coef, w, name="coef", rtol=1e-2)
        assert_close(intercept, 4.0, name="intercept", rtol=2e-2)

    @points(1)
    def test_samples(self, student, rng):
        """asks f about n_samples rows around x, with the spread sigma in every direction"""
        x, f = rng.uniform(2.0, 4.0, size=3), Watched(lambda Z: np.sin(Z).sum(axis=1))
        result = student.lime_explain(f, x, rng, n_samples=4000, sigma=0.25)
        Z = f.rows(4000)
        apart, spread = np.abs(Z.mean(axis=0) - x), Z.std(axis=0)
        assert_that(
            bool(np.all(apart < 0.03)),
            f"The rows should lie around x = {x.round(2)}; their mean is {Z.mean(axis=0).round(2)}.",
        )
        assert_that(
            bool(np.all(np.abs(spread - 0.25) < 0.02)),
            f"The standard deviation of every column should be sigma = 0.25; found {spread.round(3)}.",
        )
        coef, _ = fitted(result, 3)
        assert_close(coef, np.cos(x), name="coef", rtol=0.0, atol=0.15)

    @points(2)
    def test_weights(self, student, rng):
        """fits the weighted line to f = Σ z³, on which other weights would show, with all defaults as they are"""
        assert_fits(student, cubes, rng.uniform(0.5, 1.5, size=3), rng)

    @points(1)
    def test_cube_by_hand(self, student, rng):
        """gives 3x² + 3s² for z³ in one dimension, where 1/s² = 1/sigma² + 2/kernel_width², up to chance"""
        # sigma = 1 and kernel_width = 1 make s² = 1/3: a normal distribution times the kernel is one with variance s².
        x = np.array([0.5])
        coef, _ = fitted(student.lime_explain(Watched(cubes), x, rng, n_samples=40_000, sigma=1.0, kernel_width=1.0), 1)
        assert_close(coef, np.array([1.75]), name="coef", rtol=0.0, atol=0.12)

    @points(1)
    def test_near_and_wide(self, student, rng):
        """follows the slope at x where the kernel is narrow, and says nearly the same for another seed"""
        U, v, x = rng.normal(size=(5, 4)), rng.normal(size=4), 0.3 * rng.normal(size=5)

        def f(Z):
            return np.tanh(Z @ U) @ v

        slope = U @ (v * (1.0 - np.tanh(x @ U) ** 2))
        coefs = []
        for _ in range(2):
            other = np.random.default_rng(int(rng.integers(2**32)))
            coef, _ = fitted(student.lime_explain(f, x, other, sigma=0.1, kernel_width=0.3), 5)
            alike = float(coef @ slope / (np.linalg.norm(coef) * np.linalg.norm(slope) + 1e-300))
            assert_that(alike > 0.95, f"coef should point along the gradient of f at x; their cosine is {alike:.3f}.")
            coefs.append(coef)
        assert_that(bool(np.any(coefs[0] != coefs[1])), "Two seeds of rng should not give the very same coef.")

    @points(1)
    def test_pure(self, student, rng):
        """leaves x as it is, and says the same again with an rng in the same state"""
        x, w = rng.uniform(0.5, 1.5, size=3), np.array([2.0, -1.0, 0.5])

        def f(Z):
            return np.sum(Z**2, axis=1)

        reply = student.lime_explain.reply(f, x, rng)
        assert_that(not reply.changed, f"lime_explain should change no argument; it changes {reply.changed[:1]}")
        coef, intercept = fitted(reply.value, 3)
        again = student.lime_explain(f, x, rng)
        assert_close(again, (coef, intercept), name=RESULT, rtol=1e-9)
        coef, _ = fitted(student.lime_explain(lambda Z: Z @ w, x, rng), 3)
        assert_close(coef, w, name="coef of a straight line", rtol=1e-2)

    @hidden
    @points(1)
    def test_other_numbers(self, student, rng):
        """fits the weighted line for another sigma, kernel_width and n_samples too"""
        assert_fits(student, cubes, rng.uniform(-1.5, -0.5, size=2), rng, n_samples=700, sigma=0.8, kernel_width=0.5)
        assert_fits(student, cubes, rng.uniform(0.5, 1.5, size=1), rng, n_samples=300, sigma=0.3, kernel_width=2.0)
