"""The derivative without calculus: move one entry a little, and see how much the result moves."""

from collections.abc import Callable

import numpy as np


def numerical_gradient(f: Callable[[np.ndarray], float], x: np.ndarray, eps: float = 1e-5) -> np.ndarray:
    """Return the gradient of f at x by central differences.

    For every entry i of x, with all other entries unchanged,

        ∂f/∂x[i] ≈ (f(x + eps·e_i) - f(x - eps·e_i)) / (2·eps)

    The error shrinks with eps², where the one-sided difference (f(x + eps·e_i) - f(x)) / eps has an error that shrinks
    with eps only. For float64 about 1e-5 is best: a much smaller step drowns in rounding.

    Args:
        f: a function of one array, of the shape of x, that returns a number.
        x: where to differentiate: an array of any shape, () included; of floats or integers.
        eps: the step.

    Returns:
        A new float64 array of the shape of x. Afterwards x is what it was before. f is called at most twice per entry.

    Examples:
        >>> numerical_gradient(lambda x: float(np.sum(x**2)), np.array([1.0, -2.0])).round(6).tolist()
        [2.0, -4.0]
    """
    raise NotImplementedError
