"""Right implementations of columns.py, written differently."""

import numpy as np

from nnedu.checking import variant


def _activation(hidden):
    if hidden == "relu":
        return lambda Z: np.where(Z > 0, Z, 0.0)
    if hidden == "sigmoid":
        return lambda Z: 1 / (1 + np.exp(-Z))
    raise ValueError(hidden)


@variant("mlp_forward_columns", "with the last layer by itself, and copies in the caches")
def columns_last_apart(X, params_c, hidden="relu"):
    activation, caches, A, L = _activation(hidden), [], X.copy(), len(params_c) // 2
    for layer in range(1, L):
        A_prev, W, b = A, params_c[f"W{layer}"].copy(), params_c[f"b{layer}"].copy()
        Z = np.dot(W, A_prev) + b
        A = activation(Z)
        caches.append((A_prev, W, b, Z))
    W, b = params_c[f"W{L}"], params_c[f"b{L}"]
    Z = np.dot(W, A) + b
    return 1 / (1 + np.exp(-Z)), [*caches, (A, W, b, Z)]


@variant("mlp_forward_columns", "in rows inside, with transposed results")
def columns_in_rows(X, params_c, hidden="relu"):
    activation, rows, caches, L = _activation(hidden), X.T, [], len(params_c) // 2
    for layer in range(1, L + 1):
        W, b = params_c[f"W{layer}"], params_c[f"b{layer}"]
        Z = rows @ W.T + b.T
        caches.append([rows.T, W, b, Z.T])
        rows = activation(Z) if layer < L else 1 / (1 + np.exp(-Z))
    return rows.T, tuple(caches)


@variant("mlp_forward_columns", "one column at a time, in Fortran order")
def columns_one_by_one(X, params_c, hidden="relu"):
    activation, A, caches, L = _activation(hidden), X, [], len(params_c) // 2
    for layer in range(1, L + 1):
        W, b = params_c[f"W{layer}"], params_c[f"b{layer}"]
        Z = np.zeros((len(W), X.shape[1]), order="F")
        for j in range(X.shape[1]):
            Z[:, j] = W @ A[:, j] + b[:, 0]
        caches.append((A, W, b, Z))
        A = activation(Z) if layer < L else 0.5 + 0.5 * np.tanh(Z / 2)
    return A, caches
