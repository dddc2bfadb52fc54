"""Plots of lesson 8: what filters see on a digit, by the student's own convolution and pooling."""

import numpy as np
from nnedu.checking import Images, assert_array

FILTERS = {
    "dark below": np.array([[-1.0, -1.0, -1.0], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]),
    "dark right": np.array([[-1.0, 0.0, 1.0], [-1.0, 0.0, 1.0], [-1.0, 0.0, 1.0]]),
    "diagonal": np.array([[0.0, 1.0, 1.0], [-1.0, 0.0, 1.0], [-1.0, -1.0, 0.0]]),
    "spot": np.array([[-1.0, -1.0, -1.0], [-1.0, 8.0, -1.0], [-1.0, -1.0, -1.0]]) / 3.0,
}
CHOSEN = (0, 1, 4)


def _digits():
    """A few digits, from 0 (paper) to 1 (ink), shape (k, 1, 8, 8)."""
    from sklearn.datasets import load_digits  # noqa: PLC0415 - it takes half a second

    return load_digits().images[list(CHOSEN), None] / 16.0


def filters(student, rng):
    """what four filters of size 3 x 3 see, by your conv2d_forward"""
    X, W = _digits(), np.stack(list(FILTERS.values()))[:, None]
    maps = student.convolution.conv2d_forward(X, W, np.zeros(len(W)), 1, 1)
    maps = assert_array(maps, shape=(len(X), len(W), 8, 8), name="conv2d_forward(X, W, b, 1, 1)")
    return (
        Images("digits", X[:, 0], [f"a {digit}" for digit in CHOSEN], columns=1),
        Images(
            "response of each filter",
            maps.reshape(-1, 8, 8),
            list(FILTERS) * len(X),
            columns=len(FILTERS),
            signed=True,
            value="response, in units of ink",
        ),
    )


def pooled(student, rng):
    """the same after ReLU and your maxpool2d_forward: half the size, and still there"""
    X, W = _digits(), np.stack(list(FILTERS.values()))[:, None]
    maps = student.convolution.conv2d_forward(X, W, np.zeros(len(W)), 1, 1)
    maps = assert_array(maps, shape=(len(X), len(W), 8, 8), name="conv2d_forward(X, W, b, 1, 1)")
    small = student.pooling.maxpool2d_forward(np.maximum(maps, 0.0))
    small = assert_array(small, shape=(len(X), len(W), 4, 4), name="maxpool2d_forward(A)")
    return Images(
        "ReLU, then the largest of each 2 x 2 pixels; darker is more",
        small.reshape(-1, 4, 4),
        list(FILTERS) * len(X),
        columns=len(FILTERS),
    )
