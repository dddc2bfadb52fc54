"""Other weights that compute XOR."""

import numpy as np

from nnedu.checking import variant


@variant("xor_by_hand", "one input without the other, two times, then OR")
def one_without_the_other():
    return {
        "W1": np.array([[1.0, -1.0], [-1.0, 1.0]]),
        "b1": np.array([-0.5, -0.5]),
        "W2": np.array([[1.0], [1.0]]),
        "b2": np.array([-0.5]),
    }


@variant("xor_by_hand", "OR and not AND, with parallel lines and large weights, in Fortran order")
def or_and_not_and():
    return {
        "b2": np.array([-5.0]),
        "W2": np.array([[10.0], [-10.0]], order="F"),
        "b1": np.array([-50.0, -150.0]),
        "W1": np.full((2, 2), 100.0, order="F"),
    }


@variant("xor_by_hand", "with whole numbers only")
def integers():
    return {
        "W1": np.array([[2, 2], [2, 2]]),
        "b1": np.array([-1, -3]),
        "W2": np.array([[3], [-4]]),
        "b2": np.array([-2]),
    }


@variant("xor_by_hand", "both and none, then NOR")
def both_and_none():
    return {
        "W1": np.array([[1.0, 1.0], [-1.0, -1.0]]).T,
        "b1": np.array([-1.5, 0.5]),
        "W2": -np.ones((2, 1)),
        "b2": np.array([0.5]),
    }
