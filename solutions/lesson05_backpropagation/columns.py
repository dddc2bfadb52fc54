"""A column-major training loop found on a web page, repaired.

Here a sample is a column: X (n0, m), W_l (n_l, n_{l-1}), b_l (n_l, 1), Z_l = W_l @ A_{l-1} + b_l. Hidden layers use
`activation`, the output layer the sigmoid. The loss is the mean binary cross-entropy over all n_L·m entries of Y.
"""

import numpy as np


def relu(Z: np.ndarray) -> np.ndarray:
    """Return max(0, Z)."""
    return np.maximum(0, Z)


def relu_derivative(Z: np.ndarray) -> np.ndarray:
    """Return 1.0 where Z > 0, else 0.0."""
    return (Z > 0).astype(float)


def sigmoid(Z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-Z))."""
    return 1 / (1 + np.exp(-Z))


def sigmoid_derivative(Z: np.ndarray) -> np.ndarray:
    """Return the slope of the sigmoid at the pre-activation Z."""
    S = sigmoid(Z)
    return S * (1 - S)


def initialize_parameters(layer_dims: list[int], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return {"W1": (n1, n0), "b1": (n1, 1), ...}: the start of the training."""
    parameters = {}
    for layer in range(1, len(layer_dims)):
        n_out, n_in = layer_dims[layer], layer_dims[layer - 1]
        parameters[f"W{layer}"] = rng.normal(0.0, np.sqrt(2.0 / n_in), (n_out, n_in))
        parameters[f"b{layer}"] = np.zeros((n_out, 1))
    return parameters


def forward_propagation(
    X: np.ndarray, parameters: dict[str, np.ndarray], activation: str = "relu"
) -> tuple[np.ndarray, list[tuple[np.ndarray, ...]]]:
    """Return A_out (nL, m) and caches, one 4-tuple (A_prev, W, b, Z) per layer."""
    caches = []
    A = X
    L = len(parameters) // 2
    for layer in range(1, L):
        A_prev = A
        W, b = parameters[f"W{layer}"], parameters[f"b{layer}"]
        Z = np.dot(W, A_prev) + b
        A = relu(Z) if activation == "relu" else sigmoid(Z)
        caches.append((A_prev, W, b, Z))
    W_out, b_out = parameters[f"W{L}"], parameters[f"b{L}"]
    Z_out = np.dot(W_out, A) + b_out
    caches.append((A, W_out, b_out, Z_out))
    return sigmoid(Z_out), caches


def binary_cross_entropy(y_true: np.ndarray, y_pred: np.ndarray) -> float:
    """Return the mean binary cross-entropy over all entries."""
    P = np.clip(y_pred, 1e-12, 1 - 1e-12)
    return float(-np.mean(y_true * np.log(P) + (1 - y_true) * np.log(1 - P)))


def backpropagation_columns(
    parameters: dict[str, np.ndarray],
    A_out: np.ndarray,
    caches: list[tuple[np.ndarray, ...]],
    X: np.ndarray,  # noqa: ARG001 - caches hold it, too
    Y: np.ndarray,
    activation: str = "relu",
) -> dict[str, np.ndarray]:
    """Return the gradients of the mean loss with respect to all parameters, in columns.

    With N = n_L·m entries in Y, and f the activation of the hidden layers,

        dZ_L = (A_out - Y) / N,    dZ_{l-1} = (W_l.T @ dZ_l) · f'(Z_{l-1})
        dW_l = dZ_l @ A_{l-1}.T,   db_l = row sums of dZ_l, shape (n_l, 1)

    Args:
        parameters: W_l of shape (n_l, n_{l-1}) and b_l of shape (n_l, 1).
        A_out: the output that forward_propagation returned, shape (nL, m).
        caches: what it returned beside that, one 4-tuple (A_prev, W, b, Z) per layer.
        X: inputs, shape (n0, m).
        Y: targets, shape (nL, m).
        activation: of the hidden layers, "relu" or "sigmoid".

    Returns:
        A dict with the keys dW1, db1, ..., dWL, dbL. No argument is changed.

    Examples:
        >>> parameters = {"W1": np.array([[1.0]]), "b1": np.array([[0.0]])}
        >>> X, Y = np.array([[2.0, -2.0]]), np.array([[1.0, 0.0]])
        >>> A_out, caches = np.array([[0.75, 0.5]]), [(X, parameters["W1"], parameters["b1"], X)]
        >>> grads = backpropagation_columns(parameters, A_out, caches, X, Y)
        >>> grads["dW1"].tolist(), grads["db1"].tolist()
        ([[-0.75]], [[0.125]])
    """
    derivative = relu_derivative if activation == "relu" else sigmoid_derivative
    grads = {}
    dZ = (A_out - Y) / Y.size
    for layer in range(len(parameters) // 2, 0, -1):
        A_prev, W, _, _ = caches[layer - 1]
        grads[f"dW{layer}"] = np.dot(dZ, A_prev.T)
        grads[f"db{layer}"] = np.sum(dZ, axis=1, keepdims=True)
        if layer > 1:
            Z_prev = caches[layer - 2][3]
            dZ = np.dot(W.T, dZ) * derivative(Z_prev)
    return grads


def update_parameters(
    parameters: dict[str, np.ndarray], grads: dict[str, np.ndarray], learning_rate: float
) -> dict[str, np.ndarray]:
    """Return new parameters, one step downhill."""
    return {name: value - learning_rate * grads[f"d{name}"] for name, value in parameters.items()}


def train_columns(
    X: np.ndarray, Y: np.ndarray, layer_dims: list[int], epochs: int, lr: float, rng: np.random.Generator
) -> tuple[dict[str, np.ndarray], list[float]]:
    """Train by gradient descent with ReLU hidden layers and return (parameters, costs).

    W_l starts with zero mean and variance 2/n_{l-1} (He), drawn by rng alone; b_l starts at 0. costs holds one float
    per epoch: costs[i] is the mean loss over all entries before update i.

    Examples:
        >>> X, Y = np.array([[-1.0, 1.0]]), np.array([[0.0, 1.0]])
        >>> parameters, costs = train_columns(X, Y, [1, 4, 1], 300, 0.5, np.random.default_rng(0))
        >>> len(costs), costs[-1] < 0.1
        (300, True)
    """
    parameters = initialize_parameters(layer_dims, rng)
    costs = []
    for _ in range(epochs):
        A_out, caches = forward_propagation(X, parameters)
        costs.append(binary_cross_entropy(Y, A_out))
        grads = backpropagation_columns(parameters, A_out, caches, X, Y)
        parameters = update_parameters(parameters, grads, lr)
    return parameters, costs
