"""Penalties on large weights: what they add to the loss, and what they add to its gradient.

A network is a dict of arrays. Keys that start with W hold weights, (n_in, n_out) in a dense layer; all others (b1, b2,
...) are free: a bias shifts a unit and cannot make the network wiggle.
"""

import numpy as np


def l2_penalty(params: dict[str, np.ndarray], lam: float) -> tuple[float, dict[str, np.ndarray]]:
    """Return the L2 penalty of a network and its gradient.

        penalty = lam · Σ w²    over every entry w of every weight array

    There is no factor ½, and nothing is divided by the number of samples or of weights. The gradient is that of this
    very formula, and belongs to the loss's gradient as the penalty belongs to the loss.

    Args:
        params: arrays by name; names that start with W are weights, the others are not penalised.
        lam: strength of the penalty, 0 or more.

    Returns:
        penalty, a float, and grads, a dict with all the keys of params: a float array of the parameter's shape under
        each, zeros for what is not penalised. Neither params nor an array in it is changed.

    Examples:
        >>> penalty, grads = l2_penalty({"W1": np.array([[1.0, -2.0]]), "b1": np.array([5.0, 6.0])}, lam=0.5)
        >>> penalty, grads["W1"].tolist(), grads["b1"].tolist()
        (2.5, [[1.0, -2.0]], [0.0, 0.0])

    Source: A. Krogh and J. Hertz, "A simple weight decay can improve generalization", 1991.
    """
    penalty = lam * sum(float(np.sum(value**2)) for name, value in params.items() if _is_weight(name))
    return penalty, {
        name: 2.0 * lam * value if _is_weight(name) else np.zeros(value.shape) for name, value in params.items()
    }


def l1_penalty(params: dict[str, np.ndarray], lam: float) -> tuple[float, dict[str, np.ndarray]]:
    """Return the L1 penalty of a network and its gradient.

        penalty = lam · Σ |w|   over every entry w of every weight array

    At w = 0, where |w| has a kink, the gradient is 0: a weight that has reached zero is not pushed away again.

    Args:
        params: arrays by name; names that start with W are weights, the others are not penalised.
        lam: strength of the penalty, 0 or more.

    Returns:
        penalty, a float, and grads, a dict with all the keys of params: a float array of the parameter's shape under
        each, zeros for what is not penalised. Neither params nor an array in it is changed.

    Examples:
        >>> penalty, grads = l1_penalty({"W1": np.array([[1.0, 0.0, -4.0]]), "b1": np.array([7.0])}, lam=0.5)
        >>> penalty, grads["W1"].tolist(), grads["b1"].tolist()
        (2.5, [[0.5, 0.0, -0.5]], [0.0])

    Source: R. Tibshirani, "Regression shrinkage and selection via the lasso", 1996.
    """
    penalty = lam * sum(float(np.sum(np.abs(value))) for name, value in params.items() if _is_weight(name))
    return penalty, {
        name: lam * np.sign(value) if _is_weight(name) else np.zeros(value.shape) for name, value in params.items()
    }


def _is_weight(name: str) -> bool:
    return name.startswith("W")
