"""What becomes of gradients in deep networks, measured."""

import numpy as np


def gradient_norms(
    X: np.ndarray, dA: np.ndarray, depth: int, activation: str, init: str, rng: np.random.Generator
) -> np.ndarray:
    """Return how large the gradient of each layer's weights is in a fresh deep network.

    All layers have d units and no bias, and each is followed by the activation φ, the last one too:

        A_0 = X,    Z_l = A_{l-1} @ W_l,    A_l = φ(Z_l),        l = 1, ..., depth

    The weights are W_l = rng.normal(0.0, s, (d, d)), drawn in the order l = 1, ..., depth, and nothing else is drawn:

        init = "small":   s = 0.01
        init = "xavier":  s = sqrt(2 / (d + d))
        init = "he":      s = sqrt(2 / d)

    Args:
        X: inputs, shape (m, d).
        dA: the gradient that arrives at the last layer's output, ∂L/∂A_depth, shape (m, d).
        depth: how many layers there are, 1 or more.
        activation: "sigmoid" or "relu".
        init: "small", "xavier" or "he".
        rng: where the weights come from.

    Returns:
        An array of shape (depth,): under index l - 1 the norm of ∂L/∂W_l, the root of the sum of the squares of its
        entries. The layer next to the input comes first. No argument is changed.

    Examples:
        >>> class Ones:  # in the place of a generator: all weights are s
        ...     def normal(self, loc, scale, size):
        ...         return np.full(size, scale)
        >>> norms = gradient_norms(np.ones((1, 2)), np.ones((1, 2)), 3, "relu", "xavier", Ones())
        >>> norms.round(4).tolist()  # s is 0.7071, so that A_l and dA both grow by 1.4142 a layer
        [4.0, 4.0, 4.0]

    Raises:
        ValueError: if `activation` or `init` is none of these.

    Source: X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.
    """
    d = X.shape[1]
    scales = {"small": 0.01, "xavier": np.sqrt(2.0 / (d + d)), "he": np.sqrt(2.0 / d)}
    if activation not in {"sigmoid", "relu"} or init not in scales:
        raise ValueError(f"unknown activation {activation!r} or init {init!r}")
    layers, A = [], X
    for _ in range(depth):
        W = rng.normal(0.0, scales[init], (d, d))
        Z = A @ W
        layers.append((A, W, _slope(Z, activation)))
        A = np.maximum(Z, 0.0) if activation == "relu" else _sigmoid(Z)
    norms = []
    for A_prev, W, slope in reversed(layers):
        dZ = dA * slope
        norms.append(np.linalg.norm(A_prev.T @ dZ))
        dA = dZ @ W.T
    return np.array(norms[::-1])


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def _slope(Z: np.ndarray, activation: str) -> np.ndarray:
    if activation == "relu":
        return (Z > 0.0).astype(float)
    return _sigmoid(Z) * _sigmoid(-Z)
