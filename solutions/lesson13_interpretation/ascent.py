"""What a class would like to see: an input that is changed, while the network stays as it is.

From saliency.py you may import what you need, or write it here once more.
"""

import numpy as np
from saliency import mlp_forward, saliency


def maximize(
    params: dict[str, np.ndarray],
    unit: int,
    x0: np.ndarray,
    steps: int,
    lr: float,
    l2: float = 0.0,
    bounds: tuple[float, float] = (0, 1),
) -> tuple[np.ndarray, np.ndarray]:
    """Return an input that a class likes better and better: gradient ascent on x, while the weights stay.

        J(x) = z[unit] - l2 · Σ x²          z (K,): the logits for x
        x ← clip(x + lr · ∂J/∂x)            into the bounds, after every step

    The walk begins at clip(x0). As in lesson 7, the penalty has no factor ½.

    Args:
        params: the network.
        unit: the class whose logit should become large.
        x0: where to begin, shape (n,).
        steps: how many steps to take, 0 or more.
        lr: the learning rate.
        l2: how strongly large inputs are penalised.
        bounds: the smallest and the largest value that an entry of x may have.

    Returns:
        x of shape (n,), and the trace of shape (steps + 1,): J at the beginning and after each step, so that the last
        entry belongs to x. No argument is changed.

    Examples:
        >>> params = {"W1": np.array([[2.0, 0.0], [-1.0, 0.0], [0.0, 1.0]]), "b1": np.array([1.0, 0.0])}
        >>> x, trace = maximize(params, 0, np.array([0.5, 0.5, 0.5]), steps=2, lr=0.25)
        >>> x.tolist(), trace.tolist()
        ([1.0, 0.0, 0.5], [1.5, 2.75, 3.0])

    Source: D. Erhan et al., "Visualizing higher-layer features of a deep network", 2009.
    """

    def J(x: np.ndarray) -> float:
        return float(mlp_forward(x[None], params)[0][0, unit] - l2 * np.sum(x**2))

    low, high = bounds
    x = np.clip(x0, low, high)
    trace = [J(x)]
    for _ in range(steps):
        gradient = saliency(x[None], params, np.array([unit]))[0] - 2.0 * l2 * x
        x = np.clip(x + lr * gradient, low, high)
        trace.append(J(x))
    return x, np.array(trace)
