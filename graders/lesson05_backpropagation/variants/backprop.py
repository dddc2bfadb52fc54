"""Right implementations of backprop.py, written differently."""

import numpy as np
from backprop import backprop, mean_loss, mlp_forward

from nnedu.checking import variant


def _output_gradient(A, Y, output):
    return {"sigmoid": (A - Y) / Y.size, "softmax": (A - Y) / len(Y), "linear": 2 * (A - Y) / Y.size}[output]


@variant("backprop", "with einsum, and 1/m at the end of every layer")
def backprop_einsum(X, Y, params, output="sigmoid"):
    A, caches = mlp_forward(X, params, output)
    m = len(X)
    dZ = m * _output_gradient(A, Y, output)
    grads = {}
    for layer in reversed(range(1, len(caches) + 1)):
        grads[f"W{layer}"] = np.einsum("ij,ik->jk", caches[layer - 1][0], dZ) / m
        grads[f"b{layer}"] = np.einsum("ik->k", dZ) / m
        if layer > 1:
            dZ = np.einsum("ik,jk->ij", dZ, params[f"W{layer}"]) * (caches[layer - 2][1] > 0)
    return grads


@variant("backprop", "one sample at a time")
def backprop_samples(X, Y, params, output="sigmoid"):
    grads = {name: np.zeros_like(value) for name, value in params.items()}
    for x, y in zip(X, Y, strict=True):
        A, caches = mlp_forward(x[None], params, output)
        delta = _output_gradient(A, y[None], output)[0] / len(X)
        for layer in range(len(caches), 0, -1):
            grads[f"W{layer}"] += np.outer(caches[layer - 1][0][0], delta)
            grads[f"b{layer}"] += delta
            if layer > 1:
                delta = np.where(caches[layer - 2][1][0] > 0, params[f"W{layer}"] @ delta, 0.0)
    return grads


@variant("backprop", "recursive, in columns, with transposed results")
def backprop_columns(X, Y, params, output="sigmoid"):
    A, caches = mlp_forward(X, params, output)

    def down(layer, dZ_T):
        A_prev, _ = caches[layer - 1]
        grads = {f"W{layer}": (dZ_T @ A_prev).T, f"b{layer}": dZ_T.sum(axis=1)}
        if layer == 1:
            return grads
        dA_T = params[f"W{layer}"] @ dZ_T
        return grads | down(layer - 1, dA_T * (caches[layer - 2][1].T > 0))

    return down(len(caches), _output_gradient(A, Y, output).T)


def _descend(X, Y, params, epochs, lr, output):
    losses = []
    for _ in range(epochs):
        losses.append(mean_loss(X, Y, params, output))
        grads = backprop(X, Y, params, output)
        for name in params:
            params[name] = params[name] - lr * grads[name]
    return params, losses


@variant("train", "draws standard normals and scales them")
def train_scaled(X, Y, layer_dims, epochs, lr, rng, output="sigmoid"):
    params = {}
    for layer in range(1, len(layer_dims)):
        n_in, n_out = layer_dims[layer - 1], layer_dims[layer]
        params[f"W{layer}"] = rng.standard_normal((n_in, n_out)) * np.sqrt(2 / n_in)
        params[f"b{layer}"] = np.zeros(n_out)
    return _descend(X, Y, params, epochs, lr, output)


@variant("train", "draws the layers from the last to the first, and transposed")
def train_backwards(X, Y, layer_dims, epochs, lr, rng, output="sigmoid"):
    params = {}
    for layer in range(len(layer_dims) - 1, 0, -1):
        n_in, n_out = layer_dims[layer - 1], layer_dims[layer]
        params[f"b{layer}"] = np.zeros((n_out,))
        params[f"W{layer}"] = rng.normal(scale=(2 / n_in) ** 0.5, size=(n_out, n_in)).T
    return _descend(X, Y, params, epochs, lr, output)


@variant("train", "draws uniform weights of He's variance, and updates its own arrays in place")
def train_uniform(X, Y, layer_dims, epochs, lr, rng, output="sigmoid"):
    params, losses = {}, []
    for layer in range(1, len(layer_dims)):
        bound = np.sqrt(6 / layer_dims[layer - 1])
        params[f"W{layer}"] = rng.uniform(-bound, bound, layer_dims[layer - 1 : layer + 1])
        params[f"b{layer}"] = np.zeros(layer_dims[layer])
    for _ in range(epochs):
        losses += [mean_loss(X, Y, params, output)]
        for name, gradient in backprop(X, Y, params, output).items():
            params[name] -= lr * gradient
    return params, losses
