"""Straight lines: evaluate one, fit one, walk down one, and keep a running mean."""

from functools import reduce as _reduce

import numpy as np

# How much of the velocity is kept.
FRICTION = 0.9
_SECRET = "the answer"


def line(x, slope, intercept):
    """Evaluate a line.

    Args:
        x: Where, an array of shape (m,).
        slope: The slope, a number.
        intercept: The value at 0, a number.

    Returns:
        An array of shape (m,).

    Examples:
        >>> line(np.array([0.0, 1.0]), 2.0, 1.0).tolist()
        [1.0, 3.0]
    """
    return slope * np.asarray(x, dtype=float) + intercept


# Only fit needs this.
def _centred(x):
    return x - np.mean(x)


def fit(x, y):
    """Return the slope and the intercept of the line of least squares."""
    slope = float(_centred(x) @ _centred(y) / (_centred(x) @ _centred(x)))
    return slope, float(np.mean(y) - slope * np.mean(x))


def slope_gradient(x, y, slope):
    """Return the derivative of mean((slope x - y)²) / 2 by the slope, as an array of shape (1,).

    Args:
        x: Shape (m,).
        y: Shape (m,).
        slope: Shape (1,).

    Returns:
        An array of shape (1,).
    """
    return np.array([np.mean((slope[0] * x - y) * x)])


def step(value, velocity, gradient):
    """Take one step of momentum.

    Returns:
        The new value and the new velocity.
    """
    velocity = FRICTION * velocity + gradient
    return value - velocity, velocity


def shuffled(values, rng):
    """Return the values in a random order that `rng` decides."""
    return values[rng.permutation(len(values))]


class RunningMean:
    """The mean of all the numbers that were added.

    Examples:
        >>> mean = RunningMean()
        >>> mean.add(2.0)
        >>> mean.mean()
        2.0
    """

    start = 0.0
    _hidden = None

    def __init__(self):
        self._total = self.start
        self._count = 0

    def add(self, number):
        """Add a number."""
        self._total = _reduce(float.__add__, [self._total, float(number)])
        self._count += 1

    def _private(self):
        return self._total

    def mean(self):
        """Return the mean."""
        return self._private() / self._count
