"""A straight line in place of a network, fitted to what it does near one input."""

from collections.abc import Callable

import numpy as np


def lime_explain(
    f: Callable[[np.ndarray], np.ndarray],
    x: np.ndarray,
    rng: np.random.Generator,
    n_samples: int = 2000,
    sigma: float = 0.5,
    kernel_width: float = 0.75,
) -> tuple[np.ndarray, float]:
    """Return the linear function that comes closest to f near x.

        Z_s = x + sigma · noise_s                           noise: n_samples rows of standard normal numbers
        w_s = exp(-‖Z_s - x‖² / kernel_width²)              near samples count, far ones hardly
        minimise  Σ_s w_s (f(Z_s) - intercept - Z_s · coef)²    over coef and intercept

    The intercept is the value of the line at the origin, not at x. A ridge penalty on coef of up to 1e-3 · Σ coef² may
    be added, as LIME does; with more samples than features none is needed.

    Args:
        f: a function of rows, (k, n) -> (k,).
        x: the input to be explained, shape (n,).
        rng: the only source of randomness.
        n_samples: how many rows f is asked about.
        sigma: standard deviation of the noise.
        kernel_width: distance at which the weight has fallen to 1/e.

    Returns:
        coef, a float array of shape (n,), and intercept, a float. No argument is changed.

    Examples:
        >>> def f(Z):
        ...     return 3.0 * Z[:, 0] - 2.0 * Z[:, 1] + 5.0
        >>> coef, intercept = lime_explain(f, np.array([1.0, 4.0]), np.random.default_rng(0))
        >>> coef.round(2).tolist(), round(intercept, 2)
        ([3.0, -2.0], 5.0)

    Source: M. Ribeiro, S. Singh and C. Guestrin, "Why should I trust you?", 2016.
    """
    raise NotImplementedError
