"""A digit classifier found on a web page. It crashes, and the crash is not its only defect: mend it.

Here a sample is a column: X (n_0, m), W_l (n_l, n_{l-1}), b_l (n_l, 1). Hidden layers are to use ReLU, the output layer
softmax. The loss is to be the mean over the m samples of the cross-entropy.
"""

import numpy as np


def initialize_parameters(layer_dims):
    """Return {"W1": (n_1, n_0), "b1": (n_1, 1), ...}: the start of the training."""
    np.random.seed(42)
    parameters = {}
    L = len(layer_dims)
    for layer in range(1, L):
        parameters[f"W{layer}"] = np.random.randn(layer_dims[layer], layer_dims[layer - 1]) * 0.01
        parameters[f"b{layer}"] = np.zeros((layer_dims[layer], 1))
    return parameters


def forward_propagation(X, parameters):
    """Return A_out (n_L, m) and caches, one 4-tuple (A_prev, W, b, Z) per layer."""
    caches = []
    A = X
    L = len(parameters) // 2
    for layer in range(1, L):
        A_prev = A
        W = parameters[f"W{layer}"]
        b = parameters[f"b{layer}"]
        Z = np.dot(W, A_prev) + b
        A = np.maximum(0, Z)
        caches.append((A_prev, W, b, Z))
    W_out = parameters[f"W{L}"]
    b_out = parameters[f"b{L}"]
    Z_out = np.dot(W_out, A) + b_out
    caches.append((A, W_out, b_out, Z_out))
    return 1 / (1 + np.exp(-Z_out)), caches


def binary_cross_entropy(y_true, y_pred):
    """Return the loss that the page prints."""
    m = y_true.shape[1]
    return -1 / m * np.sum(y_true * np.log(y_pred + 1e-8) + (1 - y_true) * np.log(1 - y_pred + 1e-8))


def backpropagation(parameters, caches, X, Y):
    """Return the gradients dW1, db1, ... of the loss."""
    grads = {}
    L = len(parameters) // 2
    m = X.shape[1]
    Y = Y.reshape(1, -1)
    A_out, cache_out = caches[-1]
    A_prev, W_out, b_out, Z_out = cache_out
    dZ_out = A_out - Y
    grads[f"dW{L}"] = 1 / m * np.dot(dZ_out, A_prev.T)
    grads[f"db{L}"] = 1 / m * np.sum(dZ_out, axis=1, keepdims=True)
    dA_prev = np.dot(W_out.T, dZ_out)
    for layer in reversed(range(L - 1)):
        A_prev, W, b, Z = caches[layer]
        dZ = dA_prev * (Z > 0)
        grads[f"dW{layer + 1}"] = 1 / m * np.dot(dZ, A_prev.T)
        grads[f"db{layer + 1}"] = 1 / m * np.sum(dZ, axis=1, keepdims=True)
        dA_prev = np.dot(W.T, dZ)
    return grads


def predict(X, parameters):
    """Return the digit of each column of X, shape (m,)."""
    A_out, _ = forward_propagation(X, parameters)
    return np.argmax(A_out, axis=0)


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
    enc = np.eye(10)
    Y = enc[y].T
    parameters = initialize_parameters(layer_dims)
    costs = []
    for i in range(epochs):
        A_out, caches = forward_propagation(X, parameters)
        cost = binary_cross_entropy(Y, A_out)
        grads = backpropagation(parameters, caches, X, Y)
        for name in parameters:
            parameters[name] -= lr * grads[f"d{name}"]
        if i % 100 == 0:
            print(f"Epoch {i}, cost = {cost:.6f}")
            costs.append(cost)
    held_out = np.arange(100)
    preds = predict(X[:, :100], parameters)
    print("Test accuracy:", np.mean(preds == np.argmax(Y[:, :100], axis=0)))
    return parameters, costs, held_out, np.mean(preds == np.argmax(Y[:, :100], axis=0))
