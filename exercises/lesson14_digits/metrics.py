"""How good a classifier is, and what it takes for what."""

import numpy as np


def accuracy(y: np.ndarray, yhat: np.ndarray) -> float:
    """Return the share of samples whose predicted class is the true one.

    Args:
        y: true classes, ints, shape (m,).
        yhat: predicted classes, ints, shape (m,).

    Examples:
        >>> accuracy(np.array([0, 1, 2, 2]), np.array([0, 2, 2, 2]))
        0.75

    Raises ValueError if the two do not have one and the same shape (m,): a column (m, 1) is not a prediction for
    m samples.
    """
    raise NotImplementedError


def confusion_matrix(y: np.ndarray, yhat: np.ndarray, K: int) -> np.ndarray:
    """Count how often each class was taken for each.

    Args:
        y: true classes, ints from 0 to K - 1, shape (m,).
        yhat: predicted classes, ints from 0 to K - 1, shape (m,).
        K: the number of classes.

    Returns:
        C: ints, shape (K, K). C[i, j] samples of class i were predicted to be of class j: rows are true.

    Examples:
        >>> confusion_matrix(np.array([0, 1, 2, 2]), np.array([0, 2, 2, 2]), 3).tolist()
        [[1, 0, 0], [0, 0, 1], [0, 0, 2]]

    Raises ValueError if the two do not have one and the same shape (m,), or one of them holds a class that is not from
    0 to K - 1.
    """
    raise NotImplementedError
