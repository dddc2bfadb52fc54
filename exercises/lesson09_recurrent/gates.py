"""One step of the two recurrent cells with gates: LSTM and GRU."""

import numpy as np


def lstm_step_forward(
    x: np.ndarray, h: np.ndarray, c: np.ndarray, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the next state and the next cell of an LSTM.

    Z = x @ Wx + h @ Wh + b, of shape (m, 4d), has four blocks of d columns, in the order i, f, g, o (that of PyTorch):

        i = σ(Z_i)         how much of the candidate is written
        f = σ(Z_f)         how much of the cell is kept
        g = tanh(Z_g)      the candidate
        o = σ(Z_o)         how much of the cell is shown

        c_next = f · c + i · g
        h_next = o · tanh(c_next)

    Products with a dot are taken entry by entry, and σ(z) = 1 / (1 + exp(-z)).

    Args:
        x: the input, shape (m, n).
        h: the state before, shape (m, d).
        c: the cell before, shape (m, d).
        Wx: shape (n, 4d).
        Wh: shape (d, 4d).
        b: shape (4d,).

    Returns:
        h_next and c_next, both of shape (m, d), and finite where Z is as large as 1000. No argument is changed.

    Examples:
        >>> b = np.log([3.0, 1.0 / 3.0, 2.0, 4.0])  # i = 0.75, f = 0.25, g = 0.6, o = 0.8
        >>> h, c = np.zeros((1, 1)), np.array([[2.0]])
        >>> h, c = lstm_step_forward(np.zeros((1, 2)), h, c, np.zeros((2, 4)), np.zeros((1, 4)), b)
        >>> round(float(c[0, 0]), 4), round(float(h[0, 0]), 4)
        (0.95, 0.5918)

    Source: F. A. Gers, J. Schmidhuber and F. Cummins, "Learning to forget: continual prediction with LSTM", 2000.
    """
    raise NotImplementedError


def gru_step_forward(x: np.ndarray, h: np.ndarray, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the next state of a GRU.

    Wx, Wh and b have three blocks of d columns, in the order r, z, n:

        r = σ(x @ Wx_r + h @ Wh_r + b_r)              how much of the state the candidate sees
        z = σ(x @ Wx_z + h @ Wh_z + b_z)              how much of the state stays
        n = tanh(x @ Wx_n + r · (h @ Wh_n) + b_n)     the candidate

        h_next = (1 - z) · n + z · h

    Products with a dot are taken entry by entry. The reset gate r acts after the matrix product, and on it alone.

    Args:
        x: the input, shape (m, n).
        h: the state before, shape (m, d).
        Wx: shape (n, 3d).
        Wh: shape (d, 3d).
        b: shape (3d,).

    Returns:
        h_next, shape (m, d). No argument is changed.

    Examples:
        >>> Wh = np.array([[0.0, 0.0, 1.0]])
        >>> b = np.log([1.0, 3.0, 2.0])  # r = 0.5, z = 0.75, and log 2 of the candidate's tanh
        >>> h = gru_step_forward(np.zeros((1, 2)), np.array([[-2.0 * np.log(2.0)]]), np.zeros((2, 3)), Wh, b)
        >>> round(float(h[0, 0]), 4)  # n = tanh(log 2 - log 2) = 0, and three quarters of h stay
        -1.0397

    Source: K. Cho et al., "Learning phrase representations using RNN encoder-decoder", 2014; the reset as in PyTorch.
    """
    raise NotImplementedError
