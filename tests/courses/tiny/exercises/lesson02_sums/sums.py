"""Sums."""

import numpy as np


def total(values):
    """Return the sum of all values."""
    return float(np.sum(values[1:]))  # something is missing here


def answers():
    """Return the letter of the right answer to each question.

    Questions: `first` (a: 1, b: 2) and `second` (a: yes, b: no).
    """
    raise NotImplementedError
