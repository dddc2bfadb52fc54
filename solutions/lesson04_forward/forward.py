"""The forward pass of a multilayer perceptron: where its parameters start, and how an input becomes an output.

A network with layer_dims = [n0, n1, ..., nL] has L layers. Its parameters are a dict with W1 (n0, n1), b1 (n1,), ...,
WL, bL. A row of X is a sample.
"""

from itertools import pairwise

import numpy as np

_STANDARD_DEVIATIONS = {
    "he": lambda n_in, n_out: np.sqrt(2.0 / n_in),
    "xavier": lambda n_in, n_out: np.sqrt(2.0 / (n_in + n_out)),
    "small": lambda n_in, n_out: 0.01,
}
_OUTPUTS = ("sigmoid", "softmax", "linear")


def init_params(layer_dims: list[int], rng: np.random.Generator, scheme: str = "he") -> dict[str, np.ndarray]:
    """Return the start of a network: random weights, and biases of 0.

    The weights of a layer with n_in inputs and n_out outputs have mean 0 and, by `scheme`,

        "he"        variance 2 / n_in              made for ReLU: rng.normal(0, sqrt(2 / n_in), (n_in, n_out))
        "xavier"    variance 2 / (n_in + n_out)    made for tanh and sigmoid
        "small"     variance 0.01²                 whatever the size of the layer

    The layers are drawn in order, 1 to L.

    Args:
        layer_dims: [n0, n1, ..., nL].
        rng: the only source of randomness: equal generators give equal weights.
        scheme: "he", "xavier" or "small".

    Returns:
        {"W1": (n0, n1), "b1": (n1,), ..., "WL": (n_{L-1}, nL), "bL": (nL,)}, all float64.

    Examples:
        >>> params = init_params([2, 3, 1], np.random.default_rng(0))
        >>> {name: value.shape for name, value in params.items()}
        {'W1': (2, 3), 'b1': (3,), 'W2': (3, 1), 'b2': (1,)}

    Raises:
        ValueError: if `scheme` is none of the three.

    Source: He and others, Delving Deep into Rectifiers, section 2.2; Glorot and Bengio (2010), equation 12.
    """
    if scheme not in _STANDARD_DEVIATIONS:
        raise ValueError(f"unknown scheme {scheme!r}")
    params = {}
    for layer, (n_in, n_out) in enumerate(pairwise(layer_dims), start=1):
        std = _STANDARD_DEVIATIONS[scheme](n_in, n_out)
        params[f"W{layer}"] = rng.normal(0.0, std, (n_in, n_out))
        params[f"b{layer}"] = np.zeros(n_out)
    return params


def mlp_forward(
    X: np.ndarray, params: dict[str, np.ndarray], output: str = "sigmoid"
) -> tuple[np.ndarray, list[tuple[np.ndarray, np.ndarray]]]:
    """Return the output of the network, and what its backward pass will need.

    With A_0 = X, for l = 1, ..., L

        Z_l = A_{l-1} @ W_l + b_l        (m, n_l)
        A_l = relu(Z_l)                  in hidden layers, l < L
        A_L = output(Z_L)                sigmoid entry by entry, softmax row by row, or Z_L itself for "linear"

    Args:
        X: inputs, shape (m, n0).
        params: W1 (n0, n1), b1 (n1,), ..., WL, bL.
        output: "sigmoid", "softmax" or "linear".

    Returns:
        A_L of shape (m, nL), and caches, a list of L pairs: caches[l - 1] is (A_{l-1}, Z_l), what went into layer l and
        its pre-activation. No argument is changed; the caches may hold X itself.

    Examples:
        >>> params = {"W1": np.array([[1.0, -1.0]]), "b1": np.zeros(2), "W2": np.ones((2, 1)), "b2": np.array([-5.0])}
        >>> A, caches = mlp_forward(np.array([[3.0]]), params, output="linear")
        >>> A.tolist(), [Z.tolist() for A_prev, Z in caches]
        ([[-2.0]], [[[3.0, -3.0]], [[-2.0]]])

    Raises:
        ValueError: if `output` is none of the three.

    Source: Goodfellow, Bengio, Courville, Deep Learning, algorithm 6.3.
    """
    if output not in _OUTPUTS:
        raise ValueError(f"unknown output {output!r}")
    A, caches = X, []
    for layer in range(1, len(params) // 2 + 1):
        Z = A @ params[f"W{layer}"] + params[f"b{layer}"]
        caches.append((A, Z))
        A = np.maximum(Z, 0.0)
    if output == "sigmoid":
        return 0.5 * (1.0 + np.tanh(0.5 * Z)), caches
    if output == "softmax":
        E = np.exp(Z - Z.max(axis=1, keepdims=True))
        return E / E.sum(axis=1, keepdims=True), caches
    return Z, caches
