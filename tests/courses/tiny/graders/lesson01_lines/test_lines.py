"""Grader of lines.py."""

import numpy as np
from nnedu.checking import (
    assert_close,
    assert_gradients_agree,
    assert_pure,
    assert_that,
    assert_trajectory,
    exercise,
    hidden,
    points,
)
import pytest

SIZE = 7


def _cloud(rng):
    x = rng.normal(size=SIZE)
    return x, 3 * x + 2 + 0.1 * rng.normal(size=SIZE)


def _far(rng):
    return 1000 * rng.normal(size=SIZE)


# A comment on a helper that only a hidden check uses.
HIDDEN_CONSTANT = 41.5


@exercise("line")
class TestLine:
    """the value of a line"""

    @points(2)
    def test_values(self, student, reference, rng):
        """agrees with the reference"""
        x = rng.normal(size=SIZE)
        assert_pure(student.line, x, 2.0, 1.0, expected=reference.line(x, 2.0, 1.0), name="y")

    @points(1)
    @pytest.mark.parametrize("slope", [3.0, -0.5])
    def test_slope(self, student, slope):
        """rises by the slope"""
        assert_close(student.line(np.array([0.0, 1.0]), slope, 1.0), np.array([1.0, 1.0 + slope]), name="y")

    # This comment belongs to the hidden check.
    @hidden
    @points(3)
    def test_far_away(self, student, reference, rng):
        """agrees with the reference far away"""
        x = _far(rng)
        assert_close(student.line(x, HIDDEN_CONSTANT, 0.5), reference.line(x, HIDDEN_CONSTANT, 0.5), name="y")


@exercise("fit", after=["line"])
class TestFit:
    """the line of least squares"""

    @points(2)
    def test_cloud(self, student, reference, rng):
        """agrees with the reference on a cloud of points"""
        x, y = _cloud(rng)
        assert_close(student.fit(x, y), reference.fit(x, y), name=("slope", "intercept"))

    @points(1)
    def test_exact(self, student):
        """finds the line that all points lie on"""
        x = np.array([1.0, 2.0, 5.0])
        assert_close(student.fit(x, 2 * x + 1), (2.0, 1.0), name=("slope", "intercept"))


@exercise("slope_gradient")
class TestSlopeGradient:
    """the derivative of the squared distance"""

    @points(2)
    def test_agrees_with_a_numerical_gradient(self, student, reference, rng):
        """agrees with the numerical derivative"""
        x, y = _cloud(rng)
        at = np.array([0.5])
        assert_gradients_agree(
            student.slope_gradient(x, y, at),
            reference.slope_gradient(x, y, at),
            loss=lambda at: float(np.mean((reference.line(x, at[0], 0.0) - y) ** 2) / 2),
            at=at,
            batch=SIZE,
            names=("dslope",),
        )


@exercise("step")
class TestStep:
    """one step of momentum"""

    @points(3)
    def test_steps(self, student, reference, rng):
        """walks as the reference does, its velocity carried on"""
        gradients = rng.normal(size=(4, 3))
        ours, theirs = [], []
        value, velocity = right, speed = np.ones(3), np.zeros(3)
        for gradient in gradients:
            stepped = student.step(value, velocity, gradient)
            assert_that(isinstance(stepped, tuple) and len(stepped) == 2, "step returns the value and the velocity")
            value, velocity = stepped
            right, speed = reference.step(right, speed, gradient)
            ours.append(value)
            theirs.append(right)
        assert_trajectory(ours, theirs, name="value")


@exercise("shuffled")
class TestShuffled:
    """a random order"""

    @points(1)
    def test_order(self, student, reference, rng):
        """gives the order of the generator, whose caller's copy stays as it is"""
        values = rng.normal(size=SIZE)
        assert_close(student.shuffled(values, rng), reference.shuffled(values, rng), name="values")


@exercise("RunningMean")
class TestRunningMean:
    """a mean that is kept up to date"""

    @points(2)
    def test_mean(self, student, reference, rng):
        """is the mean of what was added"""
        ours, theirs = student.RunningMean(), reference.RunningMean()
        assert_that(hasattr(ours, "add"), "RunningMean makes an object with add and mean")
        for number in rng.normal(loc=5.0, size=4):
            ours.add(number)
            theirs.add(number)
            assert_close(ours.mean(), theirs.mean(), name="mean()")
