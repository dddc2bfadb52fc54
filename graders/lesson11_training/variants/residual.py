"""Right answers to residual.py, written differently."""

import numpy as np
from nnedu.checking import variant


@variant("residual_forward", "with where, and a cache that is a dict")
def with_where(X, W1, b1, W2, b2):
    Z = np.dot(X, W1) + b1
    H = np.where(Z > 0, Z, 0.0)
    return np.dot(H, W2) + b2 + X, {"X": X, "Z": Z, "H": H, "W1": W1, "W2": W2}


@variant("residual_forward", "sample by sample")
def by_samples(X, W1, b1, W2, b2):
    rows = [x + np.clip(x @ W1 + b1, 0.0, None) @ W2 + b2 for x in X]
    return np.array(rows), (X.copy(), W1, b1, W2)


@variant("residual_forward", "in columns, as a Fortran array")
def in_columns(X, W1, b1, W2, b2):
    H = np.maximum(W1.T @ X.T + b1[:, None], 0.0)
    return (X.T + W2.T @ H + b2[:, None]).T, [H]


@variant("residual_backward", "with einsum")
def with_einsum(dout, cache):
    X, H, W1, W2 = cache
    dH = np.einsum("md,hd->mh", dout, W2)
    dZ = np.where(H > 0, dH, 0.0)
    dX = dout + np.einsum("mh,dh->md", dZ, W1)
    return dX, {
        "b2": np.einsum("md->d", dout),
        "W2": np.einsum("mh,md->hd", H, dout),
        "b1": np.einsum("mh->h", dZ),
        "W1": np.einsum("md,mh->dh", X, dZ),
    }


@variant("residual_backward", "sample by sample")
def backward_by_samples(dout, cache):
    X, H, W1, W2 = cache
    dX = np.zeros(X.shape)
    grads = {
        "W1": np.zeros(W1.shape),
        "b1": np.zeros(W1.shape[1]),
        "W2": np.zeros(W2.shape),
        "b2": np.zeros(W2.shape[1]),
    }
    for i, g in enumerate(dout):
        dz = (W2 @ g) * (H[i] > 0)
        grads["W1"] += np.outer(X[i], dz)
        grads["b1"] += dz
        grads["W2"] += np.outer(H[i], g)
        grads["b2"] += g
        dX[i] = g + W1 @ dz
    return dX, grads


@variant("residual_backward", "in columns, with the bias as a column of ones")
def backward_in_columns(dout, cache):
    X, H, W1, W2 = cache
    ones = np.ones((1, len(X)))
    G = dout.T
    D = (W2 @ G) * np.sign(H.T)
    first, second = np.vstack([X.T, ones]) @ D.T, np.vstack([H.T, ones]) @ G.T
    dX = np.asfortranarray((G + W1 @ D).T)
    return dX, {"W1": first[:-1], "b1": first[-1], "W2": second[:-1], "b2": second[-1]}
