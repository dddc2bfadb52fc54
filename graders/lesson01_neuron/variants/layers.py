"""Right implementations of layers.py, written differently."""

import numpy as np

from nnedu.checking import variant


@variant("affine", "with einsum")
def affine_einsum(X, W, b):
    return np.einsum("mn,nk->mk", X, W) + np.reshape(b, (1, -1))


@variant("affine", "with three loops and a look at the shapes")
def affine_loops(X, W, b):
    (m, n), (rows, k) = X.shape, W.shape
    if n != rows or b.shape != (k,):
        raise ValueError(f"shapes {X.shape}, {W.shape} and {b.shape} do not fit")
    Z = np.empty((m, k))
    for i in range(m):
        for q in range(k):
            Z[i, q] = b[q]
            for p in range(n):
                Z[i, q] += X[i, p] * W[p, q]
    return Z


@variant("affine", "in columns, transposed back, in Fortran order")
def affine_columns(X, W, b):
    return (W.T @ X.T + b[:, None]).T


@variant("affine", "with the bias as a further row of the weights, and one row at a time")
def affine_augmented(X, W, b):
    weights = np.vstack([W, b])
    return np.array([np.append(x, 1.0) @ weights for x in X])


@variant("to_columns", "with a loop over the layers")
def to_layers(X, params):
    params_c = {}
    for layer in range(1, len(params) // 2 + 1):
        params_c[f"W{layer}"] = np.array(params[f"W{layer}"].T)
        params_c[f"b{layer}"] = np.array(params[f"b{layer}"]).reshape(len(params[f"b{layer}"]), 1)
    return np.array(X.T), params_c


@variant("to_columns", "copies first and transposes then, so that the results are Fortran-ordered")
def to_fortran(X, params):
    copies = {name: np.array(value, ndmin=2) for name, value in params.items()}
    return np.copy(X).T, {name: value.T for name, value in copies.items()}


@variant("to_columns", "from slices, with the biases last in the dict")
def to_entries(X, params):
    weights = {
        k: np.array([[w[p, q] for p in range(len(w))] for q in range(w.shape[1])])
        for k, w in params.items()
        if k[0] == "W"
    }
    biases = {k: np.array([[value] for value in b]) for k, b in params.items() if k[0] == "b"}
    return np.stack(list(X), axis=1), weights | biases


@variant("from_columns", "with a loop over the layers")
def from_layers(X_c, params_c):
    params = {}
    for layer in range(1, len(params_c) // 2 + 1):
        params[f"W{layer}"] = np.array(params_c[f"W{layer}"].T)
        params[f"b{layer}"] = params_c[f"b{layer}"].flatten()
    return np.array(X_c.T), params


@variant("from_columns", "copies first and transposes then, so that the results are Fortran-ordered")
def from_fortran(X_c, params_c):
    copies = {name: value.copy() for name, value in params_c.items()}
    return np.copy(X_c).T, {name: value.T if name[0] == "W" else value.T[0] for name, value in copies.items()}


@variant("from_columns", "with einsum and sums over the axis of length 1")
def from_einsum(X_c, params_c):
    weights = {k: np.einsum("qp->pq", v) + 0.0 for k, v in params_c.items() if k[0] == "W"}
    biases = {k: v.sum(axis=1) for k, v in params_c.items() if k[0] == "b"}
    return np.einsum("pi->ip", X_c) + 0.0, weights | biases
