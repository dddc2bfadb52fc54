"""The same forward pass in the other convention: a sample is a column.

Many texts write z = W x + b with column vectors. A batch is then X (n0, m), weights are W_l (n_l, n_{l-1}), and biases
are columns, b_l (n_l, 1).
"""

import numpy as np


def mlp_forward_columns(
    X: np.ndarray, params_c: dict[str, np.ndarray], hidden: str = "relu"
) -> tuple[np.ndarray, list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]]:
    """Return the output of a network whose samples are columns, and what its backward pass will need.

    With A_0 = X, for l = 1, ..., L

        Z_l = W_l @ A_{l-1} + b_l        (n_l, m)
        A_l = hidden(Z_l)                in hidden layers, l < L
        A_L = sigmoid(Z_L)               at the output, always

    Args:
        X: inputs, shape (n0, m).
        params_c: W1 (n1, n0), b1 (n1, 1), ..., WL (nL, n_{L-1}), bL (nL, 1).
        hidden: the activation of the hidden layers, "relu" or "sigmoid".

    Returns:
        A_L of shape (nL, m), and caches, a list of L 4-tuples: caches[l - 1] is (A_{l-1}, W_l, b_l, Z_l). No argument
        is changed; the caches may hold X and the parameters themselves.

    Examples:
        >>> params_c = {"W1": np.array([[1.0], [-1.0]]), "b1": np.zeros((2, 1))}
        >>> params_c |= {"W2": np.ones((1, 2)), "b2": np.array([[-3.0]])}
        >>> A, caches = mlp_forward_columns(np.array([[3.0, -4.0]]), params_c)
        >>> A.round(3).tolist(), caches[-1][0].tolist()
        ([[0.5, 0.731]], [[3.0, 0.0], [0.0, 4.0]])

    Raises:
        ValueError: if `hidden` is neither "relu" nor "sigmoid".
    """
    raise NotImplementedError
