"""Explaining one answer of a function that nobody can look into: what happens to it when features are taken away.

f takes inputs in rows, (k, n), and returns a number for each row, (k,). A feature that is taken away has the value that
it has in the baseline, (n,): a black pixel, the mean of the training images, an average customer.
"""

from collections.abc import Callable

import numpy as np


def occlusion_map(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, baseline: np.ndarray, groups: list[list[int]]
) -> np.ndarray:
    """Return how far the output drops when a group of features is taken away, for one group at a time.

        drop_g = f(x) - f(x with x_j = baseline_j for every j in group g)

    A drop is positive where the group speaks for a large output, and negative where it speaks against it. Groups may
    overlap; each is taken away from the whole x.

    Args:
        f: a function of rows, (k, n) -> (k,).
        x: the input to be explained, shape (n,).
        baseline: what stands in the place of a feature that is taken away, shape (n,).
        groups: lists of the indices of features, such as the pixels of a patch.

    Returns:
        the drops, a float array of shape (len(groups),). No argument is changed.

    Examples:
        >>> def f(X):
        ...     return X[:, 0] * X[:, 1] + 2.0 * X[:, 2]
        >>> x, baseline = np.array([3.0, 2.0, 1.0]), np.array([1.0, 0.0, 2.0])
        >>> occlusion_map(f, x, baseline, [[0], [0, 1], [2]]).tolist()
        [4.0, 6.0, -2.0]

    Source: M. Zeiler and R. Fergus, "Visualizing and understanding convolutional networks", 2014.
    """
    raise NotImplementedError


def shapley_values(f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, baseline: np.ndarray) -> np.ndarray:
    """Return how the difference f(x) - f(baseline) is shared out among the features, exactly.

        v(S)  = f(the input with x_j for j in S, and baseline_j for all others)
        phi_i = Σ |S|! (n - |S| - 1)! / n! · (v(S + {i}) - v(S))       over all sets S of features without i

    phi_i is what feature i adds when the features arrive one after another, averaged over all n! orders. So the values
    sum to f(x) - f(baseline).

    Args:
        f: a function of rows, (k, n) -> (k,).
        x: the input to be explained, shape (n,) with n from 1 to 8: there are 2^n sets.
        baseline: what stands in the place of a feature that is not there, shape (n,).

    Returns:
        phi, a float array of shape (n,). No argument is changed.

    Examples:
        >>> def f(X):
        ...     return X[:, 0] * X[:, 1] + 2.0 * X[:, 2]
        >>> phi = shapley_values(f, np.array([3.0, 2.0, 1.0]), np.array([1.0, 0.0, 2.0]))
        >>> phi.round(9).tolist()
        [2.0, 4.0, -2.0]

    Source: L. Shapley, "A value for n-person games", 1953; S. Lundberg and S. Lee, "A unified approach to interpreting
        model predictions", 2017.
    """
    raise NotImplementedError
