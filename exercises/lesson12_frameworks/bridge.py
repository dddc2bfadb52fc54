"""The way of a network's parameters to PyTorch and back, and a report whether both sides compute the same.

No PyTorch is needed here: what it loads and returns, a state_dict, is a dict of arrays under other names, turned round.
"""

from collections.abc import Callable

import numpy as np


def to_torch(params: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the parameters as nn.Sequential(nn.Linear, nn.ReLU, nn.Linear, ...) names and stores them.

    PyTorch counts modules from 0, and each ReLU between two linear layers is one: the linear layers are modules 0, 2,
    4, ... Its weights are (n_out, n_in), since it computes x @ weight.T + bias.

    Args:
        params: W1 (n0, n1), b1 (n1,), ..., WL, bL, as in lesson 5; the dict may be in any order.

    Returns:
        {"0.weight": (n1, n0), "0.bias": (n1,), "2.weight": ...}, float64, in arrays of their own.

    Examples:
        >>> params = {"W1": np.array([[1.0, 2.0, 3.0]]), "b1": np.zeros(3), "W2": np.ones((3, 2)), "b2": np.zeros(2)}
        >>> state = to_torch(params)
        >>> sorted(state), state["0.weight"].tolist()
        (['0.bias', '0.weight', '2.bias', '2.weight'], [[1.0], [2.0], [3.0]])
    """
    raise NotImplementedError


def from_torch(state: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return W1, b1, ..., WL, bL of a state_dict: what to_torch does, undone.

    Args:
        state: {"0.weight": (n1, n0), "0.bias": (n1,), "2.weight": ...}, in any order. It may come from a framework in
            float32.

    Returns:
        W1 (n0, n1), b1 (n1,), ..., all float64, in arrays of their own.

    Examples:
        >>> params = from_torch({"0.weight": np.array([[1.0], [2.0]]), "0.bias": np.array([3.0, 4.0])})
        >>> params["W1"].tolist(), params["b1"].tolist()
        ([[1.0, 2.0]], [3.0, 4.0])
    """
    raise NotImplementedError


def parity_report(
    params: dict[str, np.ndarray], X: np.ndarray, labels: np.ndarray, framework: Callable
) -> dict[str, float]:
    """Return how far your network and a framework's are apart, in their logits and in their gradients.

    The network has ReLU in its hidden layers and logits at the end; the loss is the mean cross-entropy of the labels.
    `framework(state, X, labels)` takes parameters named and turned as to_torch does it, and returns its logits (m, K)
    and a dict of gradients with the names and shapes of that state.

    Args:
        params: W1, b1, ..., WL, bL.
        X: inputs, shape (m, n0).
        labels: classes as ints, shape (m,).
        framework: the other side.

    Returns:
        {"max_forward_diff": ..., "max_grad_diff": ...}: the largest absolute difference of any logit, and of any entry
        of any gradient. No argument is changed.

    Examples:
        >>> params, X = {"W1": np.eye(2), "b1": np.zeros(2)}, np.array([[0.0, 0.0]])
        >>> def framework(state, X, labels):
        ...     grads = {"0.weight": np.zeros((2, 2)), "0.bias": np.array([-0.5, 0.75])}
        ...     return np.array([[0.0, -3.0]]), grads
        >>> parity_report(params, X, np.array([0]), framework)
        {'max_forward_diff': 3.0, 'max_grad_diff': 0.25}
    """
    raise NotImplementedError
