"""The backward pass of one layer at a time.

Every function takes the gradient that arrives from the loss and returns the gradient that it passes on. A gradient has
exactly the shape of its variable. The three output gradients are those of a *mean* loss: 1/m sits there, nowhere else.
"""

import numpy as np


def linear_backward(dZ: np.ndarray, A_prev: np.ndarray, W: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of a linear layer Z = A_prev @ W + b.

    With L the loss and dZ = ∂L/∂Z given, entry by entry

        ∂L/∂A_prev[i, p] = Σ_q dZ[i, q] W[p, q]
        ∂L/∂W[p, q]      = Σ_i A_prev[i, p] dZ[i, q]
        ∂L/∂b[q]         = Σ_i dZ[i, q]

    Nothing is divided by m here: the loss has done that already.

    Args:
        dZ: gradient with respect to Z, shape (m, k).
        A_prev: input of the layer, shape (m, n).
        W: weights, shape (n, k).

    Returns:
        dA_prev of shape (m, n), dW of shape (n, k), db of shape (k,).

    Examples:
        >>> dZ = np.array([[1.0, 0.0], [2.0, -1.0]])
        >>> A_prev = np.array([[1.0, 2.0, 3.0], [0.0, 1.0, -1.0]])
        >>> W = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
        >>> dA_prev, dW, db = linear_backward(dZ, A_prev, W)
        >>> dW.tolist(), db.tolist()
        ([[1.0, 0.0], [4.0, -1.0], [1.0, 1.0]], [3.0, -1.0])
    """
    raise NotImplementedError


def sigmoid_bce_backward(A: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """Return ∂L/∂Z of the mean binary cross-entropy of A = sigmoid(Z).

    L = -mean(Y log A + (1 - Y) log(1 - A)) over all m·k entries. Sigmoid and logarithm are differentiated together:
    the slope A (1 - A) of the sigmoid cancels against the denominators of the loss.

    A holds probabilities strictly between 0 and 1, Y targets in [0, 1]; both have shape (m, k). The result has that
    shape too, and is the gradient with respect to Z, not A.

    Examples:
        >>> sigmoid_bce_backward(np.array([[0.75], [0.5]]), np.array([[1.0], [0.0]])).tolist()
        [[-0.125], [0.25]]
    """
    raise NotImplementedError


def softmax_ce_backward(P: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """Return ∂L/∂Z of the mean cross-entropy of P = softmax(Z).

    L = -(1/m) Σ_i Σ_c Y[i, c] log P[i, c]: a sum over the K classes, a mean over the m rows.

    P holds probabilities and Y one-hot or soft targets; both have shape (m, K) and rows that add up to 1. The result
    has that shape too, and is the gradient with respect to Z, not P.

    Examples:
        >>> P, Y = np.array([[0.5, 0.25, 0.25], [0.5, 0.5, 0.0]]), np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
        >>> softmax_ce_backward(P, Y).tolist()
        [[-0.25, 0.125, 0.125], [0.25, -0.25, 0.0]]
    """
    raise NotImplementedError


def mse_backward(y_pred: np.ndarray, y_true: np.ndarray) -> np.ndarray:
    """Return ∂L/∂y_pred of the mean squared error.

    L = mean((y_pred - y_true)²), the mean over all m·k entries. With a linear output y_pred is Z itself.

    Predictions, targets and the result have shape (m, k).

    Examples:
        >>> mse_backward(np.array([[3.0, 1.0], [0.0, 2.0]]), np.array([[1.0, 1.0], [1.0, 0.0]])).tolist()
        [[1.0, 0.0], [-0.5, 1.0]]
    """
    raise NotImplementedError


def relu_backward(dA: np.ndarray, Z: np.ndarray) -> np.ndarray:
    """Return ∂L/∂Z of A = max(0, Z), given dA = ∂L/∂A.

    Each entry of A depends on its own entry of Z only: with slope 1 where Z > 0, and with slope 0 where Z < 0.

    dA and Z have one shape, (m, n) in a network. The result is a new array of that shape; dA and Z stay as they are.

    Examples:
        >>> relu_backward(np.array([[5.0, -7.0, 2.0]]), np.array([[0.5, 3.0, -1.0]])).tolist()
        [[5.0, -7.0, 0.0]]
    """
    raise NotImplementedError
