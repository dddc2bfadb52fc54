"""The perceptron: a single unit with a step, and the rule by which it learns from its mistakes.

Its score is z = w·x + b. It fires, 1, where z >= 0, and stays silent, 0, where z < 0; a score of exactly 0 fires.
"""

import numpy as np


def perceptron_predict(X: np.ndarray, w: np.ndarray, b: float) -> np.ndarray:
    """Return for every row of X whether the perceptron fires.

        ŷ[i] = 1 if Σ_j X[i, j] w[j] + b >= 0, else 0

    Args:
        X: one sample per row, shape (m, n), of floats or integers.
        w: weights, shape (n,).
        b: bias, a number.

    Returns:
        The predictions, integers 0 or 1 of shape (m,). For a single row, m = 1, the shape is (1,).

    Examples:
        >>> X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
        >>> perceptron_predict(X, np.array([2.0, 2.0]), -3.0).tolist()
        [0, 0, 0, 1]

    Source: F. Rosenblatt, "The perceptron: a probabilistic model", Psychological Review 65 (1958).
    """
    raise NotImplementedError


def perceptron_step(w: np.ndarray, b: float, x: np.ndarray, y: int, lr: float) -> tuple[np.ndarray, float]:
    """Return the weights and the bias after the perceptron has seen one sample.

        w_new = w + lr (y - ŷ) x,    b_new = b + lr (y - ŷ)

    where ŷ is the prediction for x. The error y - ŷ is 1, -1, or 0: a right prediction changes nothing.

    Args:
        w: weights, shape (n,).
        b: bias, a number.
        x: one sample, shape (n,).
        y: its label, 0 or 1.
        lr: learning rate, above 0.

    Returns:
        w_new of shape (n,) and b_new, a number. No argument is changed.

    Examples:
        >>> w, b = perceptron_step(np.array([0.0, 0.0]), -1.0, np.array([2.0, -3.0]), 1, lr=0.5)
        >>> w.tolist(), float(b)
        ([1.0, -1.5], -0.5)

    Source: F. Rosenblatt, "Principles of neurodynamics" (1962): error correction.
    """
    raise NotImplementedError


def perceptron_fit(
    X: np.ndarray, y: np.ndarray, lr: float = 1.0, epochs: int = 100
) -> tuple[np.ndarray, float, list[int]]:
    """Train a perceptron, one sample at a time, and return (w, b, errors).

    w and b start at 0. An epoch is one pass over the samples in the order of the rows of X; each is first predicted
    and then learned from, so that the next one meets the new weights. errors has one entry per epoch: the number of
    samples that were predicted wrong in it. The epoch without a mistake is recorded too, and is the last one.

    Args:
        X: one sample per row, shape (m, n).
        y: labels, 0 or 1, shape (m,).
        lr: learning rate, above 0.
        epochs: at most so many passes, at least 1.

    Returns:
        w of shape (n,), b, and errors, a list of at most `epochs` integers. No argument is changed.

    Examples:
        >>> X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
        >>> w, b, errors = perceptron_fit(X, np.array([0, 1, 1, 1]))
        >>> w.tolist(), float(b), errors
        ([1.0, 1.0], -1.0, [2, 2, 1, 0])

    Source: A. Novikoff, "On convergence proofs for perceptrons" (1962).
    """
    raise NotImplementedError
