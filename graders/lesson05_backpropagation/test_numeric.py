"""Grader of numeric.py: the derivative without calculus."""

import numpy as np

from nnedu.checking import assert_array, assert_close, assert_pure, assert_that, exercise, hidden, points


def square(x):
    return float(np.sum(x**2))


def cubic(x):
    """A cubic whose entries depend on each other, so that an entry left out of place shows in the next ones."""
    return float(np.sum(x**3) + np.sum(x) ** 3)


def cubic_gradient(x):
    return 3.0 * x**2 + 3.0 * np.sum(x) ** 2


@exercise("numerical_gradient")
class TestNumericalGradient:
    """the gradient of any function by central differences"""

    @points(1)
    def test_known_value(self, student):
        """gives 2x for the sum of squares, to three digits"""
        x = np.array([1.0, -2.0, 3.0])
        assert_close(student.numerical_gradient(square, x), np.array([2.0, -4.0, 6.0]), name="the gradient", rtol=1e-3)

    @points(1)
    def test_cubic(self, student, rng):
        """is accurate to seven digits on a cubic, where a one-sided difference is not"""
        x = rng.uniform(0.5, 1.5, size=3)
        assert_close(student.numerical_gradient(cubic, x), cubic_gradient(x), name="the gradient", rtol=1e-7, atol=1e-8)

    @points(1)
    def test_step(self, student, rng):
        """moves x by the eps that it is given, to both sides"""
        x = rng.uniform(0.5, 1.5, size=2)
        expected = 3.0 * x**2 + 0.25**2
        actual = student.numerical_gradient(lambda at: float(np.sum(at**3)), x, eps=0.25)
        assert_close(actual, expected, name="the gradient with eps = 0.25", rtol=1e-9)

    @points(1)
    def test_shapes(self, student, rng):
        """works on a number and on a matrix, and returns their shape"""
        for x in (np.array(1.25), rng.uniform(0.5, 1.5, size=(1, 3))):
            expected = np.asarray(cubic_gradient(x))
            assert_close(
                student.numerical_gradient(cubic, x), expected, name=f"the gradient at {x.ndim}-d x", rtol=1e-3
            )

    @points(1)
    def test_integers(self, student):
        """works on an array of integers, where adding 0.00001 in place would change nothing"""
        x = np.array([1, 4, -3])
        assert_close(student.numerical_gradient(square, x), np.array([2.0, 8.0, -6.0]), name="the gradient", rtol=1e-3)

    @points(1)
    def test_purity(self, student, rng):
        """leaves x as it was"""
        x = rng.uniform(0.5, 1.5, size=(2, 2))
        expected = cubic_gradient(x)
        assert_pure(student.numerical_gradient, cubic, x, expected=expected, name="the gradient", rtol=1e-3)

    @hidden
    @points(2)
    def test_calls(self, student, rng):
        """moves every entry of x, one at a time, and calls f no more than twice per entry"""
        x, moved = rng.uniform(0.5, 1.5, size=4), []

        def watched(at):
            moved.append(np.flatnonzero(at != x).tolist())
            return cubic(at)

        gradient = assert_array(student.numerical_gradient(watched, x), shape=(4,), name="the gradient")
        assert_that(bool(np.all(gradient > 0.0)), "the slope of an increasing function should be positive everywhere")
        assert_that(len(moved) <= 8, f"f may be called 8 times for 4 entries; it was called {len(moved)} times")
        together = max((len(entries) for entries in moved), default=0)
        assert_that(together == 1, f"one entry of x should move at a time; {together} moved together")
        each = {entry for entries in moved for entry in entries}
        assert_that(len(each) == 4, f"all 4 entries of x should be moved; {len(each)} were")
