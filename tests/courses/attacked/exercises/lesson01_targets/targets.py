"""Small targets: each answer is a line long."""

import numpy as np


def double(x):
    """Return twice x."""
    raise NotImplementedError


def relu(x):
    """Return x where it is positive, else 0."""
    raise NotImplementedError


def total(x):
    """Return the sum of x as a float."""
    raise NotImplementedError


def apply(f, x):
    """Return f(x) + 1."""
    raise NotImplementedError


class Tally:
    """Adds numbers up."""

    def __init__(self):
        """Start at 0."""
        raise NotImplementedError

    def add(self, number):
        """Add a number."""
        raise NotImplementedError

    def value(self):
        """Return the sum."""
        raise NotImplementedError


def halves(x):
    """Yield the first and the second half of x."""
    raise NotImplementedError
