"""A recurrent cell found on a web page, and how a classifier read its states. Not all of it is right: mend it.

In the cell a sample is a column: x_t (n, m), h (d, m), y_t (k, m), W_xh (d, n), W_hh (d, d), b_h (d, 1), W_hy (k, d),
b_y (k, 1). The states that last_valid reads are in the course's own order, (m, T, d).
"""

import numpy as np


def rnn_cell_forward(
    x_t: np.ndarray, h_prev: np.ndarray, parameters: tuple[np.ndarray, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the next state of the cell and its output, in columns.

        h_next = tanh(W_xh @ x_t + W_hh @ h_prev + b_h)
        y_t    = softmax(W_hy @ h_next + b_y)

    Args:
        x_t: the input of this step, one sample in each column, shape (n, m).
        h_prev: the state before it, shape (d, m).
        parameters: the tuple (W_xh, W_hh, b_h, W_hy, b_y), in this order.

    Returns:
        h_next of shape (d, m) and y_t of shape (k, m): the probabilities of the k classes, a column for each sample,
        finite where W_hy @ h_next + b_y is as large as 1000. No argument is changed.

    Examples:
        >>> b_y = np.log([[1.0], [2.0], [1.0]])
        >>> parameters = np.ones((1, 2)), np.ones((1, 1)), np.zeros((1, 1)), np.zeros((3, 1)), b_y
        >>> h_next, y_t = rnn_cell_forward(np.array([[1.0], [1.0]]), np.array([[-2.0]]), parameters)
        >>> h_next.tolist(), y_t.round(6).tolist()
        ([[0.0]], [[0.25], [0.5], [0.25]])
    """
    W_hh, W_xh, b_h, W_hy, b_y = parameters
    h_next = np.tanh(np.dot(W_xh, x_t) + np.dot(W_hh, h_prev) + b_h)
    y_t = np.dot(W_hy, h_next) + b_y
    return h_next, y_t


def softmax(Z: np.ndarray) -> np.ndarray:
    """Return the softmax of Z."""
    E = np.exp(Z)
    return E / np.sum(E)


def cell_loss(y_t: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean cross-entropy of the cell's output.

        L = -(1/m) Σ_j log y_t[labels[j], j]

    Args:
        y_t: what rnn_cell_forward returns: probabilities, greater than 0, a column for each sample, shape (k, m).
        labels: the classes, integers from 0 to k - 1, shape (m,).

    Returns:
        A number.

    Examples:
        >>> y_t = np.array([[0.5, 0.25], [0.25, 0.25], [0.25, 0.5]])
        >>> round(cell_loss(y_t, np.array([0, 1])), 4)  # (log 2 + log 4) / 2
        1.0397
    """
    probabilities = softmax(y_t)
    return float(-np.mean(np.log(probabilities[labels, np.arange(len(labels))])))


def last_valid(H: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return the state of each sequence after its last real step.

    Sequences of different lengths are put into one array by appending padding to the shorter ones. The network runs on
    over the padding, and its states there are of no use.

    Args:
        H: states, shape (m, T, d).
        lengths: how many steps of each sequence are real, integers from 1 to T, shape (m,).

    Returns:
        One row for each sequence, shape (m, d): row i is the state of sequence i after lengths[i] steps. It is a new
        array, and no argument is changed.

    Examples:
        >>> H = np.array([[[1.0], [2.0], [3.0]], [[4.0], [5.0], [6.0]]])
        >>> last_valid(H, np.array([2, 3])).tolist()
        [[2.0], [6.0]]
    """
    return H[:, -1, :]
