"""Right repairs of mnist.py, written differently."""

import numpy as np
from mnist import forward_propagation, initialize_parameters, train_digits_columns
from nnedu.checking import variant


@variant("train_digits_columns", "the weights drawn first, and the last of an order held out")
def weights_first(X, y, layer_dims, epochs, lr, rng):
    parameters = initialize_parameters(layer_dims, rng)
    order, m = rng.permutation(len(y)), len(y)
    held_out, known = order[m - m // 5 :], order[: m - m // 5]
    Xtr, Y = X[:, known], (np.arange(layer_dims[-1])[:, None] == y[known]).astype(float)
    L, costs = len(layer_dims) - 1, []
    for _ in range(epochs):
        P, caches = forward_propagation(Xtr, parameters)
        costs.append(np.float64(-np.sum(Y * np.log(P)) / len(known)))
        dZ, moved = P - Y, {}
        for layer in range(L, 0, -1):
            A, W, b, _ = caches[layer - 1]
            moved[f"W{layer}"] = W - lr / len(known) * np.dot(dZ, A.T)
            moved[f"b{layer}"] = b - lr * dZ.mean(axis=1, keepdims=True)
            dZ = np.dot(W.T, dZ) * np.where(A > 0, 1.0, 0.0)
        parameters = moved
    probabilities = forward_propagation(X[:, held_out], parameters)[0]
    return parameters, costs, held_out, np.mean(np.argmax(probabilities, axis=0) == y[held_out])


@variant("train_digits_columns", "in rows inside, with transposed results")
def in_rows(X, y, layer_dims, epochs, lr, rng):
    held_out = rng.choice(len(y), len(y) // 5, replace=False)
    is_known = np.ones(len(y), dtype=bool)
    is_known[held_out] = False
    rows, labels, layers = X.T[is_known], y[is_known], []
    for n_in, n_out in zip(layer_dims[:-1], layer_dims[1:], strict=True):
        layers.append([rng.standard_normal((n_in, n_out)) * (2 / n_in) ** 0.5, np.zeros(n_out)])

    def scores(A):
        inputs = []
        for W, b in layers:
            inputs.append(A)
            Z = A @ W + b
            A = np.maximum(Z, 0)
        return inputs, Z

    costs = []
    for _ in range(epochs):
        inputs, Z = scores(rows)
        log_p = Z - Z.max(axis=1, keepdims=True)
        log_p = log_p - np.log(np.exp(log_p).sum(axis=1, keepdims=True))
        costs.append(float(-log_p[np.arange(len(labels)), labels].mean()))
        d = np.exp(log_p)
        d[np.arange(len(labels)), labels] -= 1
        d = d / len(labels)
        for place in reversed(range(len(layers))):
            W, b = layers[place]
            layers[place] = [W - lr * inputs[place].T @ d, b - lr * d.sum(axis=0)]
            d = (d @ W.T) * (inputs[place] > 0)
    parameters = {}
    for place, (W, b) in enumerate(layers, start=1):
        parameters[f"W{place}"], parameters[f"b{place}"] = W.T, b[:, None]
    share = float(np.mean(scores(X.T[held_out])[1].argmax(axis=1) == y[held_out]))
    return parameters, costs, held_out, share


@variant("train_digits_columns", "held-out columns sorted and in 32 bits; results in a list")
def sorted_split(X, y, layer_dims, epochs, lr, rng):
    parameters, costs, held_out, share = train_digits_columns(X, y, layer_dims, epochs, lr, rng)
    return [parameters, tuple(costs), np.sort(held_out).astype(np.int32), share]
