"""How wrong a prediction is, as a single number: the mean losses of this course.

Every loss returns a float and leaves its arguments alone. Predictions and targets have one and the same shape; anything
else is an error, because broadcasting would turn m pairs into m² without a word.
"""

import numpy as np


def binary_cross_entropy(y: np.ndarray, p: np.ndarray, eps: float = 1e-12) -> float:
    """Return the mean binary cross-entropy of predicted probabilities.

        L = -(1/N) Σ (y log p + (1 - y) log(1 - p)),    N = the number of entries

    Before the logarithms p is clipped to [eps, 1 - eps], so that a certain prediction costs a finite amount.

    Args:
        y: targets in [0, 1], 0 or 1 as a rule, shape (m, 1) or any other.
        p: predicted probabilities, the shape of y. Also float32: 1 - 1e-12 exists in float64 only, so convert first.
        eps: how far from 0 and 1 a probability is kept.

    Returns:
        The mean over all entries, never negative.

    Examples:
        >>> round(binary_cross_entropy(np.array([[1.0], [0.0], [1.0]]), np.array([[0.9], [0.2], [0.5]])), 4)
        0.3406

    Raises:
        ValueError: if the shapes of y and p differ, (m,) and (m, 1) for instance.

    Source: Goodfellow, Bengio, Courville, Deep Learning, section 6.2.2.2.
    """
    raise NotImplementedError


def categorical_cross_entropy(Y: np.ndarray, P: np.ndarray) -> float:
    """Return the mean cross-entropy of predicted class probabilities.

        L = -(1/m) Σ_i Σ_c Y[i, c] log P[i, c]

    A sum over the K classes, a mean over the m rows. A class with Y = 0 contributes nothing, even where P = 0. Where
    P = 0 and Y > 0 the result is some large finite number.

    Args:
        Y: targets, one-hot or soft, shape (m, K); rows add up to 1.
        P: predicted probabilities, shape (m, K); rows add up to 1.

    Examples:
        >>> Y, P = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), np.array([[0.5, 0.3, 0.2], [0.1, 0.6, 0.3]])
        >>> round(categorical_cross_entropy(Y, P), 4)
        0.602

    Raises:
        ValueError: if the shapes of Y and P differ.

    Source: Goodfellow, Bengio, Courville, Deep Learning, section 6.2.2.3.
    """
    raise NotImplementedError


def cross_entropy_from_logits(Z: np.ndarray, y: np.ndarray) -> float:
    """Return the mean cross-entropy of softmax(Z), without ever forming a probability.

        L = (1/m) Σ_i (log Σ_c exp Z[i, c] - Z[i, y_i])

    Softmax takes exponentials and the loss takes logarithms. Done together they cancel, and the loss is right for
    logits of any size: 1000 for Z = [[0, 1000]] and y = [0]. The first term does not overflow if the largest logit of
    each row is taken out of its sum.

    Args:
        Z: logits, shape (m, K).
        y: the true class of each row, integers from 0 to K - 1, shape (m,).

    Examples:
        >>> round(cross_entropy_from_logits(np.array([[2.0, 1.0, 0.1], [0.0, 0.0, 0.0]]), np.array([0, 2])), 4)
        0.7578
        >>> cross_entropy_from_logits(np.array([[0.0, 1000.0]]), np.array([0]))
        1000.0

    Raises:
        ValueError: if y does not have the shape (m,).

    Source: Goodfellow, Bengio, Courville, Deep Learning, section 6.2.2.3, equation 6.30.
    """
    raise NotImplementedError


def mse_loss(y_true: np.ndarray, y_pred: np.ndarray) -> float:
    """Return the mean squared error.

        L = (1/N) Σ (y_true - y_pred)²,    N = the number of entries

    Targets and predictions have one shape, (m, k) as a rule. There is no factor 1/2.

    Examples:
        >>> mse_loss(np.array([[3.0], [-1.0]]), np.array([[2.5], [0.0]]))
        0.625

    Raises:
        ValueError: if the shapes differ.
    """
    raise NotImplementedError
