"""A block that lets gradients pass: two layers, and a way past them."""

from typing import Any

import numpy as np


def residual_forward(
    X: np.ndarray, W1: np.ndarray, b1: np.ndarray, W2: np.ndarray, b2: np.ndarray
) -> tuple[np.ndarray, Any]:
    """Return the output of a residual block: the input, and what two layers have to add to it.

        out = X + relu(X @ W1 + b1) @ W2 + b2

    Nothing comes after the sum: no activation.

    Args:
        X: shape (m, d).
        W1: shape (d, h).
        b1: shape (h,).
        W2: shape (h, d).
        b2: shape (d,).

    Returns:
        out of shape (m, d), a new array, and a cache for your residual_backward, which may be any object. No argument
        is changed.

    Examples:
        >>> X, W1, W2 = np.array([[1.0, 2.0]]), np.array([[1.0], [1.0]]), np.array([[0.5, -0.5]])
        >>> out, cache = residual_forward(X, W1, np.array([1.0]), W2, np.array([0.0, 1.0]))
        >>> out.tolist()  # the hidden unit is relu(1 + 2 + 1) = 4
        [[3.0, 1.0]]

    Source: K. He, X. Zhang, S. Ren and J. Sun, "Deep residual learning for image recognition", 2016.
    """
    H = np.maximum(X @ W1 + b1, 0.0)
    return X + H @ W2 + b2, (X, H, W1, W2)


def residual_backward(dout: np.ndarray, cache: Any) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return the gradients of a residual block, given dout = ∂L/∂out.

    X reaches the loss by two ways, through both layers and past them, and its gradient is the sum of what comes back
    by each.

    Args:
        dout: shape (m, d).
        cache: what your own residual_forward returned as its cache.

    Returns:
        dX of shape (m, d), and a dict of the gradients of W1, b1, W2 and b2 under these names, each of its parameter's
        shape. Nothing is divided by m: the loss has done what there is to do. No argument is changed.

    Examples:
        >>> X, W1, W2 = np.array([[1.0, 2.0]]), np.array([[1.0], [1.0]]), np.array([[0.5, -0.5]])
        >>> _, cache = residual_forward(X, W1, np.array([1.0]), W2, np.array([0.0, 1.0]))
        >>> dX, grads = residual_backward(np.array([[6.0, 2.0]]), cache)
        >>> dX.tolist(), grads["W1"].tolist(), grads["b1"].tolist()  # the hidden unit gets 6 · 0.5 - 2 · 0.5 = 2
        ([[8.0, 4.0]], [[2.0], [4.0]], [2.0])
    """
    X, H, W1, W2 = cache
    dZ = dout @ W2.T * (H > 0.0)
    grads = {"W1": X.T @ dZ, "b1": dZ.sum(axis=0), "W2": H.T @ dout, "b2": dout.sum(axis=0)}
    return dout + dZ @ W1.T, grads
