"""Plots of lesson 5: a network that the student's own train has taught to part two half moons."""

import numpy as np
from nnedu.checking import Curves, Regions, assert_array, assert_that

EXTENT = (-1.8, 2.8, -1.4, 1.9)
EPOCHS = 1500


def _moons(rng, m=160):
    """Two half moons that reach into each other: points (m, 2), and classes 0 and 1."""
    angle, classes = rng.uniform(0.0, np.pi, size=m), np.arange(m) % 2
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1.0 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    return np.where(classes[:, None] == 0, upper, lower) + 0.12 * rng.normal(size=(m, 2)), classes


def boundary(student, rng):
    """a network trained by your train, and where it sees which class"""
    X, classes = _moons(rng)
    trained = student.backprop.train(X, classes[:, None].astype(float), [2, 16, 1], EPOCHS, 0.5, rng)
    assert_that(isinstance(trained, (tuple, list)) and len(trained) == 2, "train should return (params, losses).")
    params, losses = trained
    assert_that(isinstance(params, dict), "train should return the parameters as a dict.")
    is_list = isinstance(losses, (list, tuple)) and all(isinstance(loss, (float, np.floating)) for loss in losses)
    assert_that(is_list, "train should return the losses as a list of floats.")
    line = assert_array(np.array(losses, dtype=float), shape=(EPOCHS,), name="losses")
    left, right, bottom, top = EXTENT
    x1, x2 = np.meshgrid(np.linspace(left, right, 90), np.linspace(bottom, top, 70))
    grid = np.stack([x1.ravel(), x2.ravel()], axis=1)
    seen = student.backprop.mlp_forward(grid, params)
    assert_that(isinstance(seen, (tuple, list)) and len(seen) == 2, "mlp_forward should return (A, caches).")
    proba = assert_array(seen[0], shape=(len(grid), 1), name="the output of mlp_forward")
    return (
        Regions(
            "two half moons",
            2.0 * proba.reshape(x1.shape) - 1.0,
            EXTENT,
            X,
            classes,
            "-1: surely class 0, 1: surely class 1",
        ),
        Curves(
            "mean loss on these points",
            np.arange(EPOCHS),
            {"loss": line},
            "epoch",
            "binary cross-entropy",
            log=bool((line > 0.0).all()),
        ),
    )
