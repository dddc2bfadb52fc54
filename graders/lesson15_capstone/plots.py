"""Plots of lesson 15: who attends to whom in the student's own transformer, after it has learned a task."""

import numpy as np
from nnedu.checking import Matrix, assert_array, assert_that

IDS = np.array([[3, 1, 7, 0, 5, 2]])
HEADS, STEPS = 2, 500


def _attention(student, rng, task):
    """Train on a task, and return the attention of each head as a panel."""
    model = student.transformer.MiniTransformer(8, 32, HEADS, IDS.shape[1])
    assert_that(hasattr(model, "attention"), "MiniTransformer should have the methods of its stub.")
    model.fit(task, rng, STEPS)
    said = model.predict(IDS)
    right = type(said) is np.ndarray and said.dtype.kind in "iu" and said.shape == IDS.shape
    assert_that(right, f"predict(ids) should be an array of ints of shape {IDS.shape}.")
    shape = (1, HEADS, IDS.shape[1], IDS.shape[1])
    looks = assert_array(model.attention(IDS), shape=shape, name="attention(ids)")[0]
    read = "".join(map(str, IDS[0]))
    written = "".join(map(str, said[0]))
    return tuple(
        Matrix(
            f"{read} → {written}, head {head + 1}",
            looks[head],
            [f"{symbol}  at {place}" for place, symbol in enumerate(said[0], start=1)],
            [str(symbol) for symbol in IDS[0]],
            "symbol written, and its place",
            "symbol read",
            "weight: share of attention, 0 to 1",
            top=1.0,
        )
        for head in range(HEADS)
    )


def reverse(student, rng):
    """where your MiniTransformer looks after 500 steps of learning to write backwards"""
    return _attention(student, rng, "reverse")


def sort(student, rng):
    """where your MiniTransformer looks after 500 steps of learning to sort"""
    return _attention(student, rng, "sort")
