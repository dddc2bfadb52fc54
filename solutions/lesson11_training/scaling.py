"""Inputs of one scale: what a network should be fed."""

import numpy as np


def standardize(X_train: np.ndarray, X_test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return both sets with the training set's mean taken off each feature, divided by its standard deviation.

        x'_j = (x_j - mean_j) / std_j,     mean_j and std_j over the rows of X_train

    mean_j is the mean of feature j, and std_j the root of its mean squared deviation, which divides by m. The test set
    has no say: it is moved and stretched by the numbers of the training set, as a single sample in use will be.

    A feature that is constant in the training set, whose largest value is its smallest, has nothing to divide by: it is
    divided by 1, and so becomes 0 there, and x - mean in the test set.

    Args:
        X_train: one sample in each row, shape (m, n).
        X_test: samples that come later, shape (k, n); k may be 1.

    Returns:
        Both, standardised: new arrays of shape (m, n) and (k, n). No argument is changed.

    Examples:
        >>> train, test = standardize(np.array([[1.0, 5.0], [3.0, 5.0]]), np.array([[4.0, 7.0]]))
        >>> train.tolist(), test.tolist()
        ([[-1.0, 0.0], [1.0, 0.0]], [[2.0, 2.0]])

    Source: Y. LeCun, L. Bottou, G. Orr and K.-R. Müller, "Efficient backprop", 1998, section 4.3.
    """
    constant = X_train.max(axis=0) == X_train.min(axis=0)
    # The mean of equal numbers may be off by a rounding, so that neither it nor the deviation can be trusted here.
    mean = np.where(constant, X_train[0], X_train.mean(axis=0))
    std = np.where(constant, 1.0, X_train.std(axis=0))
    return (X_train - mean) / std, (X_test - mean) / std
