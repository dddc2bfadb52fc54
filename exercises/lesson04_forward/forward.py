"""The forward pass of a multilayer perceptron: where its parameters start, and how an input becomes an output.

A network with layer_dims = [n0, n1, ..., nL] has L layers. Its parameters are a dict with W1 (n0, n1), b1 (n1,), ...,
WL, bL. A row of X is a sample.
"""

import numpy as np


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
    raise NotImplementedError


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
    raise NotImplementedError
