"""Before a network sees anything: classes as rows of zeros and ones, and data that is kept away from it."""

import numpy as np


def one_hot(y: np.ndarray, K: int | None = None) -> np.ndarray:
    """Return the classes as rows of zeros with a single one, in the column of the class.

    Args:
        y: classes, ints from 0 on, shape (m,).
        K: the number of classes; if it is None, the largest class in y tells.

    Returns:
        Y: floats, shape (m, K). A class that y does not hold has its column all the same.

    Examples:
        >>> one_hot(np.array([1, 0, 3])).tolist()
        [[0.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]]

    Raises ValueError if y is not of shape (m,), or holds a class below 0 or one that is not below K.
    """
    raise NotImplementedError


def split_and_scale(
    X: np.ndarray, y: np.ndarray, test_frac: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Part samples in those to train on and those to test with, class by class, and standardise both.

    Of each class, a share of test_frac goes to the test set, rounded up or down; which ones, rng says. Then each column
    is shifted and scaled so that *in the training set* its mean is 0 and its standard deviation is 1 (that of
    `np.std`, which divides by the number of rows). A column that is constant there is only shifted. The test set is
    shifted and scaled by the same numbers.

    Args:
        X: samples, shape (m, n).
        y: their classes, ints, shape (m,).
        test_frac: between 0 and 1, without 0 and 1.
        rng: the only source of randomness.

    Returns:
        (Xtr, Xte, ytr, yte). Each sample is in one of both sets, in any order, with its class. No argument is changed.

    Examples:
        >>> X, y = np.arange(20.0).reshape(10, 2), np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
        >>> Xtr, Xte, ytr, yte = split_and_scale(X, y, 0.2, np.random.default_rng(0))
        >>> Xtr.shape, Xte.shape, sorted(yte.tolist())
        ((8, 2), (2, 2), [0, 1])

    Raises ValueError if X and y differ in length, or test_frac is not between 0 and 1.
    """
    raise NotImplementedError
