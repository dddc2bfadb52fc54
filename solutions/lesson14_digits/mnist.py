"""A digit classifier found on a web page, repaired, in columns as it was.

Here a sample is a column: X (n_0, m), W_l (n_l, n_{l-1}), b_l (n_l, 1). Hidden layers use ReLU, the output layer
softmax. The loss is the mean over the m samples of the cross-entropy.
"""

import numpy as np


def initialize_parameters(layer_dims: list[int], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return {"W1": (n_1, n_0), "b1": (n_1, 1), ...}: the start of the training."""
    parameters = {}
    for layer in range(1, len(layer_dims)):
        n_out, n_in = layer_dims[layer], layer_dims[layer - 1]
        parameters[f"W{layer}"] = rng.normal(0.0, np.sqrt(2.0 / n_in), (n_out, n_in))
        parameters[f"b{layer}"] = np.zeros((n_out, 1))
    return parameters


def forward_propagation(
    X: np.ndarray, parameters: dict[str, np.ndarray]
) -> tuple[np.ndarray, list[tuple[np.ndarray, ...]]]:
    """Return A_out (n_L, m) and caches, one 4-tuple (A_prev, W, b, Z) per layer."""
    A, caches, L = X, [], len(parameters) // 2
    for layer in range(1, L + 1):
        W, b = parameters[f"W{layer}"], parameters[f"b{layer}"]
        Z = W @ A + b
        caches.append((A, W, b, Z))
        A = np.maximum(Z, 0.0)
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=0), caches


def backpropagation(A_out: np.ndarray, caches: list[tuple[np.ndarray, ...]], Y: np.ndarray) -> dict[str, np.ndarray]:
    """Return the gradients dW1, db1, ... of the mean cross-entropy over the columns of Y (n_L, m)."""
    grads = {}
    dZ = (A_out - Y) / Y.shape[1]
    for layer in range(len(caches), 0, -1):
        A_prev, W, _, _ = caches[layer - 1]
        grads[f"dW{layer}"], grads[f"db{layer}"] = dZ @ A_prev.T, dZ.sum(axis=1, keepdims=True)
        dZ = (W.T @ dZ) * (A_prev > 0.0)
    return grads


def train_digits_columns(
    X: np.ndarray, y: np.ndarray, layer_dims: list[int], epochs: int, lr: float, rng: np.random.Generator
) -> tuple[dict[str, np.ndarray], list[float], np.ndarray, float]:
    """Train a network of ReLU and softmax on four fifths of the images, and test it on the others.

    Which ones are held out, rng says: m // 5 of them, drawn from all. W_l starts with zero mean and variance
    2 / n_{l-1} (He), drawn from rng as well; b_l starts at 0. Each epoch is one step of gradient descent on all
    training images.

    Args:
        X: images in columns, shape (n_0, m), pixels from 0 to 1.
        y: their classes, ints from 0 to n_L - 1, shape (m,).
        layer_dims: the sizes of the layers, n_0, ..., n_L.
        epochs: the number of steps.
        lr: the learning rate.
        rng: the only source of randomness.

    Returns:
        (parameters, costs, held_out, test_accuracy): the trained W1 (n_1, n_0), b1 (n_1, 1), ...; one float per epoch,
        the mean cross-entropy of the training images before its step; the indices of the columns that were held out,
        ints (m // 5,); and the share of those that the network reads right. No argument is changed.

    Examples:
        >>> X, y = np.tile([[0.0, 1.0], [1.0, 0.0]], 10), np.tile([0, 1], 10)
        >>> _, costs, held_out, test_accuracy = train_digits_columns(X, y, [2, 8, 2], 99, 0.5, np.random.default_rng(0))
        >>> len(costs), held_out.shape, test_accuracy
        (99, (4,), 1.0)
    """
    order = rng.permutation(len(y))
    held_out, known = order[: len(y) // 5], order[len(y) // 5 :]
    X_known, Y = X[:, known], np.eye(layer_dims[-1])[y[known]].T
    parameters = initialize_parameters(layer_dims, rng)
    costs = []
    for _ in range(epochs):
        A_out, caches = forward_propagation(X_known, parameters)
        costs.append(float(-np.mean(np.log(A_out[y[known], np.arange(len(known))]))))
        grads = backpropagation(A_out, caches, Y)
        parameters = {name: value - lr * grads[f"d{name}"] for name, value in parameters.items()}
    predicted = forward_propagation(X[:, held_out], parameters)[0].argmax(axis=0)
    return parameters, costs, held_out, float(np.mean(predicted == y[held_out]))
