"""Batch normalisation of a layer with d units: forward in training and in evaluation, and backward."""

from typing import Any

import numpy as np


def batchnorm_forward(
    X: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    training: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[np.ndarray, Any, np.ndarray, np.ndarray]:
    """Normalise every feature of a batch, then scale and shift it.

        X_hat = (X - mean) / sqrt(var + eps)
        out   = gamma · X_hat + beta

    In training, mean and var (d,) are those of the batch, one for each feature, over the m samples; var is the mean
    squared deviation, so it divides by m. The running statistics move a little towards them, both by the same rule:

        running_new = (1 - momentum) · running + momentum · batch

    In evaluation, mean and var are the running statistics, which stay as they are; all else is the same formula.

    Args:
        X: one sample in each row, shape (m, d); m may be 1.
        gamma: learned scale, shape (d,).
        beta: learned shift, shape (d,).
        running_mean: what earlier batches have left of their means, shape (d,).
        running_var: what they have left of their variances, shape (d,).
        training: False for evaluation.
        momentum: weight of the new batch in the running statistics.
        eps: keeps the root away from zero.

    Returns:
        out of shape (m, d), cache, running_mean and running_var of shape (d,). The cache is for your batchnorm_backward
        after a call in training and may be any object; (X_hat, std, gamma) with std = sqrt(var + eps) is all it needs.
        No argument is changed.

    Examples:
        >>> X, zeros, ones = np.array([[1.0, 0.0], [3.0, 8.0]]), np.zeros(2), np.ones(2)
        >>> out, cache, mean, var = batchnorm_forward(X, ones, zeros, zeros, ones, momentum=0.5, eps=0.0)
        >>> out.tolist(), mean.tolist(), var.tolist()
        ([[-1.0, -1.0], [1.0, 1.0]], [1.0, 2.0], [1.0, 8.5])

    Source: S. Ioffe and C. Szegedy, "Batch normalization", 2015, algorithms 1 and 2.
    """
    raise NotImplementedError


def batchnorm_backward(dout: np.ndarray, cache: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of batch normalisation in training, given dout = ∂L/∂out.

    Every x of a column moves the mean and the variance of that column, and so all of its X_hat: three paths lead from
    X to the loss. With dX_hat = ∂L/∂X_hat, and each sum over the m samples of a column,

        dvar  = -½ (var + eps)^(-3/2) · Σ dX_hat · (X - mean)
        dmean = -Σ dX_hat / sqrt(var + eps)
        dX    = dX_hat / sqrt(var + eps)  +  dvar · 2 (X - mean) / m  +  dmean / m

    This may be simplified. gamma and beta are parameters like any others: their gradients collect what all samples say.

    Args:
        dout: shape (m, d).
        cache: what your own batchnorm_forward returned as its cache, in training.

    Returns:
        dX of shape (m, d), dgamma and dbeta of shape (d,). No argument is changed.

    Examples:
        >>> X, zeros, ones = np.array([[0.0], [0.0], [4.0], [4.0]]), np.zeros(1), np.ones(1)
        >>> _, cache, _, _ = batchnorm_forward(X, 3.0 * ones, zeros, zeros, ones, eps=0.0)
        >>> dX, dgamma, dbeta = batchnorm_backward(np.array([[8.0], [0.0], [0.0], [0.0]]), cache)
        >>> dX.tolist(), dgamma.tolist(), dbeta.tolist()
        ([[6.0], [-6.0], [0.0], [0.0]], [-8.0], [8.0])
    """
    raise NotImplementedError
