"""How much of a gradient is left after many steps back in time, measured."""

import numpy as np


def bptt_norms(
    Wh: np.ndarray, X: np.ndarray, h0: np.ndarray, Wx: np.ndarray, b: np.ndarray, activation: str = "tanh"
) -> np.ndarray:
    """Return how strongly the last state of a recurrent network depends on each of its states.

    The network is h_t = φ(x_t @ Wx + h_{t-1} @ Wh + b), where φ is tanh, or the identity for "linear". A small change
    of h_{t-1}, a row, changes h_t by

        δh_t = δh_{t-1} @ A_t,    A_t = Wh @ diag(φ'_t)        with φ'_t = 1 - h_t² for tanh, and 1 for "linear"

    so that δh_T = δh_t @ A_{t+1} @ ... @ A_T. That product, (d, d), is the Jacobian ∂h_T/∂h_t; each sequence has its
    own. Its size is its largest singular value, the 2-norm: np.linalg.norm(..., ord=2).

    Args:
        Wh: shape (d, d).
        X: inputs, shape (m, T, n).
        h0: the state before the first step, shape (m, d).
        Wx: shape (n, d).
        b: shape (d,).
        activation: "tanh" or "linear".

    Returns:
        T numbers, shape (T,). The one at index t belongs to the state H[:, t] of rnn_forward: the mean over the m
        sequences of the 2-norm of the derivative of H[:, T - 1] with respect to it. The last one is 1. No argument is
        changed.

    Examples:
        >>> Wh, X = np.array([[0.0, 2.0], [0.5, 0.0]]), np.zeros((1, 4, 1))
        >>> norms = bptt_norms(Wh, X, np.zeros((1, 2)), np.zeros((1, 2)), np.zeros(2), activation="linear")
        >>> norms.round(6).tolist()  # Wh @ Wh is the identity
        [2.0, 1.0, 2.0, 1.0]

    Raises:
        ValueError: if `activation` is neither of the two.

    Source: R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent neural networks", 2013.
    """
    if activation not in {"tanh", "linear"}:
        raise ValueError(f"unknown activation {activation!r}")
    h, slopes = h0, []
    for t in range(X.shape[1]):
        h = X[:, t] @ Wx + h @ Wh + b
        if activation == "tanh":
            h = np.tanh(h)
        slopes.append(1.0 - h**2 if activation == "tanh" else np.ones(h.shape))
    jacobians, norms = np.eye(len(Wh)), []
    for slope in reversed(slopes):
        norms.append(float(np.mean(np.linalg.norm(jacobians, ord=2, axis=(-2, -1)))))
        jacobians = Wh * slope[:, None, :] @ jacobians
    return np.array(norms[::-1])
