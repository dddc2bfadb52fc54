"""Grader of cell.py: the recurrent cell of a web page, its loss, and the last real step, repaired."""

import numpy as np
from nnedu.checking import (
    assert_array,
    assert_close,
    assert_pure,
    assert_that,
    exercise,
    hidden,
    points,
)

CELL = ("h_next", "y_t")


def cell(rng, m, n, d, k):
    """Random arguments of the cell, in columns: x_t, h_prev, and the tuple of parameters."""
    W_xh, W_hh = rng.normal(size=(d, n)) / np.sqrt(n), rng.normal(size=(d, d)) / np.sqrt(d)
    parameters = W_xh, W_hh, 0.5 * rng.normal(size=(d, 1)), rng.normal(size=(k, d)), rng.normal(size=(k, 1))
    return rng.normal(size=(n, m)), rng.normal(size=(d, m)), parameters


def probabilities(rng, k, m):
    """Random columns that add up to 1."""
    E = rng.uniform(0.05, 1.0, size=(k, m))
    return E / E.sum(axis=0)


def part(result, index):
    """h_next or y_t, once the form of the result is known to be right."""
    assert_that(
        isinstance(result, (tuple, list)) and len(result) == 2, "The result should be two arrays, (h_next, y_t)."
    )
    return result[index]


def states(X, Wx, Wh, b):
    """The states of a recurrent network in rows, from h0 = 0."""
    h, found = np.zeros((len(X), len(b))), []
    for t in range(X.shape[1]):
        h = np.tanh(X[:, t] @ Wx + h @ Wh + b)
        found.append(h)
    return np.stack(found, axis=1)


@exercise("rnn_cell_forward")
class TestRnnCellForward:
    """the recurrent cell of a web page, in columns"""

    @points(1)
    def test_state(self, student, reference, rng):
        """gives the right h_next, for sizes that all differ and where n = d, and writes into no argument"""
        for shape in ((6, 5, 4, 3), (5, 4, 4, 3)):
            args = cell(rng, *shape)
            reply = student.rnn_cell_forward.reply(*args)
            assert_close(part(reply.value, 0), reference.rnn_cell_forward(*args)[0], name="h_next", batch=shape[0])
            assert_that(not reply.changed, f"The caller's {', '.join(reply.changed)} should be what it was.")

    @points(1)
    def test_probabilities(self, student, reference, rng):
        """gives probabilities: every column of y_t is positive and adds up to 1, also where k = m"""
        for shape in ((6, 5, 4, 3), (4, 3, 5, 4)):
            args = cell(rng, *shape)
            y_t = assert_array(part(student.rnn_cell_forward(*args), 1), shape=(shape[3], shape[0]), name="y_t")
            sums = y_t.sum(axis=0)
            assert_that(
                bool(np.all(np.abs(sums - 1.0) < 1e-9)),
                f"Every column of y_t should add up to 1, a sample each; they add up to {np.round(sums, 4)}.",
            )
            assert_close(y_t, reference.rnn_cell_forward(*args)[1], name="y_t", batch=shape[0])

    @hidden
    @points(1)
    def test_large_logits(self, student, reference, rng):
        """is right for a single sample, for logits near 1000, and for two samples whose logits are 1800 apart"""
        x_t, h_prev, (W_xh, W_hh, b_h, W_hy, b_y) = cell(rng, 1, 3, 4, 3)
        for scale in (1.0, 1000.0):
            parameters = W_xh, W_hh, b_h, W_hy, b_y + np.array([[scale], [scale], [-scale]])
            expected = reference.rnn_cell_forward(x_t, h_prev, parameters)
            assert_pure(student.rnn_cell_forward, x_t, h_prev, parameters, expected=expected, name=CELL)
        far = np.full((1, 2), 4.0), np.eye(1), np.zeros((1, 1)), np.array([[900.0], [899.0], [898.0]]), b_y
        args = np.array([[1.0, -1.0], [1.0, -1.0]]), np.array([[0.5, -0.5]]), far
        assert_close(student.rnn_cell_forward(*args), reference.rnn_cell_forward(*args), name=CELL)


@exercise("cell_loss")
class TestCellLoss:
    """the mean cross-entropy of the cell's probabilities"""

    @points(1)
    def test_known_value(self, student, rng):
        """gives (log 2 + log 4 + log 8) / 3 for the worked example, and the mean of -log y of the labels in general"""
        y_t = np.array([[0.5, 0.25, 0.125], [0.25, 0.25, 0.125], [0.125, 0.25, 0.25], [0.125, 0.25, 0.5]])
        assert_close(student.cell_loss(y_t, np.array([0, 2, 1])), 2.0 * np.log(2.0), name="the loss")
        y_t, labels = probabilities(rng, 5, 7), rng.integers(0, 5, size=7)
        expected = -sum(np.log(y_t[label, j]) for j, label in enumerate(labels)) / 7
        loss = student.cell_loss(y_t, labels)
        assert_close(loss, expected, name="the loss", factors={"m": 7, "the number of classes k": 5})

    @hidden
    @points(1)
    def test_nearly_certain(self, student, reference, rng):
        """comes near 0 where the cell is right and sure of it, also where k = m"""
        labels = rng.permutation(4)
        y_t = np.full((4, 4), 1e-6)
        y_t[labels, np.arange(4)] = 1.0 - 3e-6
        assert_close(student.cell_loss(y_t, labels), reference.cell_loss(y_t, labels), name="the loss", rtol=1e-6)
        y_t, labels = probabilities(rng, 3, 3), np.array([2, 0, 0])
        assert_pure(student.cell_loss, y_t, labels, expected=reference.cell_loss(y_t, labels), name="the loss")


@exercise("last_valid")
class TestLastValid:
    """the state after the last real step"""

    @points(1)
    def test_known_value(self, student, rng):
        """picks out one state of each sequence, for lengths from 1 to T"""
        H, lengths = rng.normal(size=(6, 5, 4)), np.array([3, 1, 5, 2, 5, 4])
        expected = np.array([H[0, 2], H[1, 0], H[2, 4], H[3, 1], H[4, 4], H[5, 3]])
        assert_close(student.last_valid(H, lengths), expected, name="the result")

    @points(1)
    def test_padding_changes_nothing(self, student, rng):
        """gives for padded sequences what the network ends with without padding"""
        Wx, Wh, b = rng.normal(size=(3, 4)), 0.5 * rng.normal(size=(4, 4)), rng.normal(size=4)
        lengths = np.array([2, 6, 3, 5, 4])
        sequences = [rng.normal(size=(length, 3)) for length in lengths]
        for T in (6, 9):
            X = np.zeros((5, T, 3))
            for i, one in enumerate(sequences):
                X[i, : len(one)] = one
            expected = np.concatenate([states(one[None], Wx, Wh, b)[:, -1] for one in sequences])
            assert_close(student.last_valid(states(X, Wx, Wh, b), lengths), expected, name="the result")

    @hidden
    @points(1)
    def test_pure(self, student, rng):
        """hands out a new array, also for a single sequence and where m = T"""
        for m, T, lengths in ((1, 6, [4]), (4, 4, [2, 3, 1, 2]), (3, 1, [1, 1, 1])):
            H = rng.normal(size=(m, T, 3))
            expected = np.array([H[i, length - 1] for i, length in enumerate(lengths)])
            assert_pure(student.last_valid, H, np.array(lengths), expected=expected, name="the result")
