"""Scaled dot-product attention, forward and backward.

A query is a row of Q (..., Tq, d), a key a row of K (..., Tk, d), a value a row of V (..., Tk, dv). The dots stand for
axes in front that all three share: none, (m,) for m sequences, or (m, h) for h heads in each.
"""

import numpy as np


def attention(
    Q: np.ndarray, K: np.ndarray, V: np.ndarray, mask: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return, for every query, a mean of the values, weighted by how well their keys fit the query; and the weights.

        scores  = Q Kᵀ / √d                        (..., Tq, Tk), Kᵀ with the last two axes of K exchanged
        weights = softmax of each row of scores    (..., Tq, Tk)
        out     = weights V                        (..., Tq, dv)

    A mask says who may attend to whom: True in row i and column j means that query i may attend to key j. Where it is
    False the score counts as -∞, so that the weight is exactly 0 and the others of the row still add up to 1. A query
    that may attend to nothing at all gets weights and an output of zeros.

    Args:
        Q: queries, shape (..., Tq, d).
        K: keys, shape (..., Tk, d).
        V: values, shape (..., Tk, dv).
        mask: bools that numpy can broadcast to (..., Tq, Tk), or None: every query attends to every key.

    Returns:
        out of shape (..., Tq, dv) and weights of shape (..., Tq, Tk), finite also where scores are as large as 1000.
        No argument is changed.

    Examples:
        >>> Q, K = np.array([[0.0], [np.log(3.0)]]), np.array([[0.0], [1.0]])
        >>> V = np.array([[8.0, 0.0], [0.0, 4.0]])
        >>> out, weights = attention(Q, K, V)
        >>> weights.round(6).tolist(), out.round(6).tolist()
        ([[0.5, 0.5], [0.25, 0.75]], [[4.0, 2.0], [2.0, 3.0]])
        >>> out, weights = attention(Q, K, V, np.array([[False, False], [True, False]]))
        >>> weights.tolist(), out.tolist()
        ([[0.0, 0.0], [1.0, 0.0]], [[0.0, 0.0], [8.0, 0.0]])

    Source: A. Vaswani et al., "Attention is all you need", 2017, section 3.2.1.
    """
    scores = Q @ K.swapaxes(-1, -2) / np.sqrt(K.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = _softmax(scores)
    return weights @ V, weights


def attention_backward(
    dout: np.ndarray, Q: np.ndarray, K: np.ndarray, V: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of attention with respect to Q, K and V, given dout = ∂L/∂out.

    From out = weights V come, as in any product of matrices,

        dweights = dout Vᵀ,    dV = weightsᵀ dout

    The weights of a row compete: when one grows, the others shrink. So with w one row of weights and dw that row of
    dweights, the row of scores gets

        dscores = w · (dw - Σ_j w_j dw_j)

    and at last Q and K get theirs from scores = Q Kᵀ / √d. The mask is not needed: where it was False, w is 0.

    Args:
        dout: shape (..., Tq, dv).
        Q: shape (..., Tq, d).
        K: shape (..., Tk, d).
        V: shape (..., Tk, dv).
        weights: what attention returned for them, shape (..., Tq, Tk).

    Returns:
        dQ, dK and dV, each of the shape of its variable. No argument is changed.

    Examples:
        >>> Q, K, V = np.array([[2.0]]), np.array([[1.0], [3.0]]), np.array([[4.0], [8.0]])
        >>> weights = np.array([[0.5, 0.5]])  # with other numbers than these would give, to see the rule
        >>> dQ, dK, dV = attention_backward(np.array([[1.0]]), Q, K, V, weights)
        >>> dQ.tolist(), dK.tolist(), dV.tolist()
        ([[2.0]], [[-2.0], [2.0]], [[0.5], [0.5]])
    """
    dweights = dout @ V.swapaxes(-1, -2)
    dscores = weights * (dweights - np.sum(weights * dweights, axis=-1, keepdims=True)) / np.sqrt(K.shape[-1])
    return dscores @ K, dscores.swapaxes(-1, -2) @ Q, weights.swapaxes(-1, -2) @ dout


def _softmax(scores: np.ndarray) -> np.ndarray:
    largest = scores.max(axis=-1, keepdims=True)
    E = np.exp(scores - np.where(np.isfinite(largest), largest, 0.0))
    # The largest score adds exp(0) = 1 to the sum. Only a row of -inf has less, a sum of 0, and stays all zeros.
    return E / np.maximum(E.sum(axis=-1, keepdims=True), 1.0)
