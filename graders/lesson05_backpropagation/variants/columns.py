"""Right repairs of columns.py, written differently."""

import numpy as np
from columns import (
    backpropagation_columns,
    binary_cross_entropy,
    forward_propagation,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
)

from nnedu.checking import variant


@variant("backpropagation_columns", "the listing with the fewest changes")
def smallest_repair(parameters, A_out, caches, X, Y, activation="relu"):
    grads = {}
    L = len(parameters) // 2
    N = Y.shape[0] * Y.shape[1]
    A_prev, W_out, _, _ = caches[-1]
    dZ_out = A_out - Y
    grads[f"dW{L}"] = 1 / N * np.dot(dZ_out, A_prev.T)
    grads[f"db{L}"] = 1 / N * np.sum(dZ_out, axis=1, keepdims=True)
    dA_prev = np.dot(W_out.T, dZ_out)
    for layer in reversed(range(L - 1)):
        A_prev, W, _, Z = caches[layer]
        dZ = dA_prev * (relu_derivative(Z) if activation == "relu" else sigmoid_derivative(Z))
        grads[f"dW{layer + 1}"] = 1 / N * np.dot(dZ, A_prev.T)
        grads[f"db{layer + 1}"] = 1 / N * np.sum(dZ, axis=1, keepdims=True)
        dA_prev = np.dot(W.T, dZ)
    return grads


@variant("backpropagation_columns", "one sample at a time, with the output computed again")
def one_sample_at_a_time(parameters, A_out, caches, X, Y, activation="relu"):
    grads = {f"d{name}": np.zeros(value.shape) for name, value in parameters.items()}
    slope = relu_derivative if activation == "relu" else sigmoid_derivative
    for i in range(X.shape[1]):
        delta = (sigmoid(caches[-1][3][:, i]) - Y[:, i]) / Y.size
        for layer in range(len(caches), 0, -1):
            grads[f"dW{layer}"] += np.outer(delta, caches[layer - 1][0][:, i])
            grads[f"db{layer}"] += delta[:, None]
            if layer > 1:
                delta = (delta @ caches[layer - 1][1]) * slope(caches[layer - 2][3][:, i])
    return grads


@variant("backpropagation_columns", "in rows inside, with transposed results")
def in_rows(parameters, A_out, caches, X, Y, activation="relu"):
    grads = {}
    dZ = (A_out.T - Y.T) / Y.size
    for layer in range(len(caches), 0, -1):
        A_prev, W = caches[layer - 1][0].T, caches[layer - 1][1]
        grads[f"dW{layer}"] = np.einsum("mn,mk->nk", A_prev, dZ).T
        grads[f"db{layer}"] = dZ.sum(axis=0)[:, None]
        if layer > 1:
            Z = caches[layer - 2][3].T
            slope = (Z > 0) if activation == "relu" else sigmoid(Z) * (1 - sigmoid(Z))
            dZ = (dZ @ W) * slope
    return grads


def _descend(X, Y, parameters, epochs, lr):
    costs = []
    for _ in range(epochs):
        A_out, caches = forward_propagation(X, parameters)
        costs.append(binary_cross_entropy(Y, A_out))
        grads = backpropagation_columns(parameters, A_out, caches, X, Y)
        for name in parameters:
            parameters[name] = parameters[name] - lr * grads["d" + name]
    return parameters, costs


@variant("train_columns", "draws standard normals and scales them")
def scaled(X, Y, layer_dims, epochs, lr, rng):
    parameters = {}
    for layer in range(1, len(layer_dims)):
        n_out, n_in = layer_dims[layer], layer_dims[layer - 1]
        parameters[f"W{layer}"] = rng.standard_normal((n_out, n_in)) * np.sqrt(2 / n_in)
        parameters[f"b{layer}"] = np.zeros((n_out, 1))
    return _descend(X, Y, parameters, epochs, lr)


@variant("train_columns", "draws the layers from the last to the first, and transposed")
def backwards(X, Y, layer_dims, epochs, lr, rng):
    parameters = {}
    for layer in range(len(layer_dims) - 1, 0, -1):
        n_out, n_in = layer_dims[layer], layer_dims[layer - 1]
        parameters[f"W{layer}"] = rng.normal(0, (2 / n_in) ** 0.5, (n_in, n_out)).T
        parameters[f"b{layer}"] = np.zeros((n_out, 1))
    return _descend(X, Y, parameters, epochs, lr)


@variant("train_columns", "draws uniform weights of He's variance")
def uniform(X, Y, layer_dims, epochs, lr, rng):
    parameters = {}
    for layer in range(1, len(layer_dims)):
        n_out, n_in = layer_dims[layer], layer_dims[layer - 1]
        parameters[f"W{layer}"] = rng.uniform(-1, 1, (n_out, n_in)) * np.sqrt(6 / n_in)
        parameters[f"b{layer}"] = np.zeros((n_out, 1))
    return _descend(X, Y, parameters, epochs, lr)
