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
    state = {}
    for layer in range(1, len(params) // 2 + 1):
        state[f"{2 * layer - 2}.weight"] = params[f"W{layer}"].T.copy()
        state[f"{2 * layer - 2}.bias"] = params[f"b{layer}"].copy()
    return state


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
    params = {}
    for layer in range(1, len(state) // 2 + 1):
        params[f"W{layer}"] = np.array(state[f"{2 * layer - 2}.weight"], dtype=np.float64).T.copy()
        params[f"b{layer}"] = np.array(state[f"{2 * layer - 2}.bias"], dtype=np.float64)
    return params


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
    inputs, logits, n_layers = [], X, len(params) // 2
    for layer in range(1, n_layers + 1):
        inputs.append(logits if layer == 1 else np.maximum(logits, 0.0))
        logits = inputs[-1] @ params[f"W{layer}"] + params[f"b{layer}"]
    dZ, grads = _cross_entropy_backward(logits, labels), {}
    for layer in range(n_layers, 0, -1):
        grads[f"W{layer}"], grads[f"b{layer}"] = inputs[layer - 1].T @ dZ, dZ.sum(axis=0)
        dZ = dZ @ params[f"W{layer}"].T * (inputs[layer - 1] > 0)
    other_logits, other = framework(to_torch(params), X, labels)
    other = from_torch(other)
    return {
        "max_forward_diff": float(np.abs(logits - other_logits).max()),
        "max_grad_diff": max(float(np.abs(grads[name] - other[name]).max()) for name in grads),
    }


def _cross_entropy_backward(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    P = np.exp(logits - logits.max(axis=1, keepdims=True))
    P /= P.sum(axis=1, keepdims=True)
    P[np.arange(len(labels)), labels] -= 1.0
    return P / len(labels)
