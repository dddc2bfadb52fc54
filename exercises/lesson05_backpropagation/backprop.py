"""Backpropagation through a multilayer perceptron, and training by gradient descent.

A network with L layers is a dict with W1 (n0, n1), b1 (n1,), ..., WL, bL. Hidden layers use ReLU; the output layer uses
"sigmoid" (loss: mean binary cross-entropy over all entries), "softmax" (mean cross-entropy over the rows) or "linear"
(mean squared error over all entries).
"""

import numpy as np


def mlp_forward(
    X: np.ndarray, params: dict[str, np.ndarray], output: str = "sigmoid"
) -> tuple[np.ndarray, list[tuple[np.ndarray, np.ndarray]]]:
    """Return the network's output A (m, nL) and caches, one pair (A_prev, Z) per layer.

    This is mlp_forward of lesson 4; you can paste your own. It earns no points here, but backprop needs it.
    A_l = relu(A_{l-1} @ W_l + b_l) in hidden layers; the last layer applies `output` instead of ReLU.

    Raises:
        ValueError: if `output` is not "sigmoid", "softmax" or "linear".
    """
    raise NotImplementedError


def mean_loss(X: np.ndarray, Y: np.ndarray, params: dict[str, np.ndarray], output: str = "sigmoid") -> float:
    """Return the mean loss of the network on (X, Y), as in lesson 4; you can build it from your own losses.

    "sigmoid": mean of -(Y log A + (1 - Y) log(1 - A)) over all entries; "softmax": mean over the rows of -Σ_c Y log A;
    "linear": mean of (A - Y)² over all entries. Probabilities are clipped to [1e-12, 1 - 1e-12] before the logarithm.
    """
    raise NotImplementedError


def backprop(
    X: np.ndarray, Y: np.ndarray, params: dict[str, np.ndarray], output: str = "sigmoid"
) -> dict[str, np.ndarray]:
    """Return the gradient of the mean loss with respect to every parameter.

    Run the network forward once, then go backwards from l = L to 1:

        dZ_L     = gradient of the mean loss with respect to Z_L, shape (m, nL)
        dW_l     = A_{l-1}.T @ dZ_l, db_l = column sums of dZ_l
        dZ_{l-1} = (dZ_l @ W_l.T) · relu'(Z_{l-1})

    Args:
        X: inputs, shape (m, n0).
        Y: targets, shape (m, nL).
        params: W1, b1, ..., WL, bL.
        output: "sigmoid", "softmax" or "linear".

    Returns:
        A dict with the keys of params; each gradient has the shape of its parameter. No argument is changed.

    Examples:
        >>> params = {"W1": np.array([[2.0], [-1.0]]), "b1": np.array([0.5])}
        >>> grads = backprop(np.array([[1.0, 2.0]]), np.array([[1.5]]), params, output="linear")
        >>> grads["W1"].tolist(), grads["b1"].tolist()
        ([[-2.0], [-4.0]], [-2.0])

    Raises:
        ValueError: if `output` is unknown.
    """
    raise NotImplementedError


def train(
    X: np.ndarray,
    Y: np.ndarray,
    layer_dims: list[int],
    epochs: int,
    lr: float,
    rng: np.random.Generator,
    output: str = "sigmoid",
) -> tuple[dict[str, np.ndarray], list[float]]:
    """Train a network by full-batch gradient descent and return (params, losses).

    Start from He initialisation, layers in order: W_l = rng.normal(0, sqrt(2 / n_{l-1}), (n_{l-1}, n_l)), b_l = 0.
    In every epoch each parameter p, weights and biases alike, moves to p - lr · ∂L/∂p.

    Args:
        X: inputs, shape (m, n0).
        Y: targets, shape (m, nL).
        layer_dims: [n0, n1, ..., nL].
        epochs: number of updates.
        lr: learning rate.
        rng: the only source of randomness.
        output: "sigmoid", "softmax" or "linear".

    Returns:
        params after the last update, and losses, a list of `epochs` floats: losses[i] is the mean loss before update i.

    Examples:
        >>> X, Y = np.array([[0.0], [1.0]]), np.array([[1.0], [3.0]])
        >>> params, losses = train(X, Y, [1, 1], 500, 0.3, np.random.default_rng(0), output="linear")
        >>> len(losses), round(float(params["W1"][0, 0]), 3), round(float(params["b1"][0]), 3)
        (500, 2.0, 1.0)
    """
    raise NotImplementedError
