"""What works on every token for itself: layer normalisation, forward and backward, and the feed-forward layer."""

from typing import Any

import numpy as np


def layernorm_forward(X: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5) -> tuple[np.ndarray, Any]:
    """Normalise every token over its D numbers, then scale and shift.

        X_hat = (X - mean) / sqrt(var + eps)
        out   = gamma · X_hat + beta

    mean and var are those of one token, over the last axis; var is the mean squared deviation, so it divides by D.
    There are no running statistics: training and evaluation are the same.

    Args:
        X: tokens, shape (..., D), such as (m, T, D) or (m, D).
        gamma: learned scale, shape (D,).
        beta: learned shift, shape (D,).
        eps: keeps the root away from zero.

    Returns:
        out, of X's shape, and cache. The cache is for your layernorm_backward and may be any object;
        (X_hat, std, gamma) with std = sqrt(var + eps) is all it needs. No argument is changed.

    Examples:
        >>> X = np.array([[1.0, 5.0], [10.0, 6.0]])
        >>> out, cache = layernorm_forward(X, np.array([3.0, 2.0]), np.array([0.5, 0.0]), eps=0.0)
        >>> out.tolist()
        [[-2.5, 2.0], [3.5, -2.0]]

    Source: J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer normalization", 2016.
    """
    mean, var = X.mean(axis=-1, keepdims=True), X.var(axis=-1, keepdims=True)
    std = np.sqrt(var + eps)
    X_hat = (X - mean) / std
    return gamma * X_hat + beta, (X_hat, std, gamma)


def layernorm_backward(dout: np.ndarray, cache: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of layer normalisation, given dout = ∂L/∂out.

    Every number of a token moves the mean and the variance of that token, as in batch normalisation those of a feature.
    With dX_hat = ∂L/∂X_hat and the means taken over the D numbers of a token,

        dX = (dX_hat - mean of dX_hat - X_hat · mean of (dX_hat · X_hat)) / sqrt(var + eps)

    gamma and beta are shared by all tokens: their gradients collect what all of them say.

    Args:
        dout: shape (..., D).
        cache: what your own layernorm_forward returned as its cache.

    Returns:
        dX of shape (..., D), dgamma and dbeta of shape (D,). Nothing is divided by the number of tokens. No argument is
        changed.

    Examples:
        >>> _, cache = layernorm_forward(np.array([[0.0, 0.0, 4.0, 4.0]]), 3.0 * np.ones(4), np.zeros(4), eps=0.0)
        >>> dX, dgamma, dbeta = layernorm_backward(np.array([[8.0, 0.0, 0.0, 0.0]]), cache)
        >>> dX.tolist(), dgamma[0].tolist(), dbeta.tolist()
        ([[6.0, -6.0, 0.0, 0.0]], -8.0, [8.0, 0.0, 0.0, 0.0])
    """
    X_hat, std, gamma = cache
    dX_hat = dout * gamma
    along_X_hat = (dX_hat * X_hat).mean(axis=-1, keepdims=True)
    dX = (dX_hat - dX_hat.mean(axis=-1, keepdims=True) - X_hat * along_X_hat) / std
    tokens = tuple(range(dout.ndim - 1))
    return dX, (dout * X_hat).sum(axis=tokens), dout.sum(axis=tokens)


def ffn(X: np.ndarray, W1: np.ndarray, b1: np.ndarray, W2: np.ndarray, b2: np.ndarray) -> np.ndarray:
    """Return a small network of two layers applied to every token for itself.

        ffn(X) = relu(X @ W1 + b1) @ W2 + b2

    Args:
        X: tokens, shape (..., D).
        W1: shape (D, F).
        b1: shape (F,).
        W2: shape (F, D).
        b2: shape (D,).

    Returns:
        The result, shape (..., D). No argument is changed.

    Examples:
        >>> W1, b1 = np.array([[1.0, -1.0], [2.0, 0.0]]), np.array([0.0, 1.0])
        >>> W2, b2 = np.array([[1.0, 10.0], [3.0, 0.0]]), np.array([0.0, 0.5])
        >>> ffn(np.array([[[2.0, 1.0], [-4.0, 1.0]]]), W1, b1, W2, b2).tolist()
        [[[4.0, 40.5], [15.0, 0.5]]]
    """
    return np.maximum(X @ W1 + b1, 0.0) @ W2 + b2
