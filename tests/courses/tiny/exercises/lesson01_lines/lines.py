"""Straight lines: evaluate one, fit one, walk down one, and keep a running mean."""

import numpy as np

# How much of the velocity is kept.
FRICTION = 0.9


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
    raise NotImplementedError


def fit(x, y):
    """Return the slope and the intercept of the line of least squares."""
    raise NotImplementedError


def slope_gradient(x, y, slope):
    """Return the derivative of mean((slope x - y)²) / 2 by the slope, as an array of shape (1,).

    Args:
        x: Shape (m,).
        y: Shape (m,).
        slope: Shape (1,).

    Returns:
        An array of shape (1,).
    """
    raise NotImplementedError


def step(value, velocity, gradient):
    """Take one step of momentum.

    Returns:
        The new value and the new velocity.
    """
    raise NotImplementedError


def shuffled(values, rng):
    """Return the values in a random order that `rng` decides."""
    raise NotImplementedError


class RunningMean:
    """The mean of all the numbers that were added.

    Examples:
        >>> mean = RunningMean()
        >>> mean.add(2.0)
        >>> mean.mean()
        2.0
    """

    start = 0.0

    def __init__(self):
        raise NotImplementedError

    def add(self, number):
        """Add a number."""
        raise NotImplementedError

    def mean(self):
        """Return the mean."""
        raise NotImplementedError
