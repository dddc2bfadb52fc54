"""Small targets: each answer is a line long."""

import numpy as np

_SECRET = "the reference was read"


def double(x):
    """Return twice x."""
    return 2 * x


def relu(x):
    """Return x where it is positive, else 0."""
    return np.maximum(x, 0.0)


def total(x):
    """Return the sum of x as a float."""
    return float(np.sum(x))


def apply(f, x):
    """Return f(x) + 1."""
    return f(x) + 1.0


class Tally:
    """Adds numbers up."""

    def __init__(self):
        """Start at 0."""
        self.sum = 0.0

    def add(self, number):
        """Add a number."""
        self.sum += number

    def value(self):
        """Return the sum."""
        return self.sum


def halves(x):
    """Yield the first and the second half of x."""
    middle = len(x) // 2
    yield x[:middle]
    yield x[middle:]
