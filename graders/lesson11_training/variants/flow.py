"""Right answers to flow.py, written differently."""

import numpy as np
from nnedu.checking import variant


@variant("gradient_norms", "with all weights drawn first, and einsum")
def drawn_first(X, dA, depth, activation, init, rng):
    d = X.shape[1]
    if init not in ("small", "xavier", "he"):
        raise ValueError(init)
    if activation not in ("relu", "sigmoid"):
        raise ValueError(activation)
    s = 0.01 if init == "small" else d**-0.5 if init == "xavier" else (2 / d) ** 0.5
    weights = [rng.normal(0.0, s, (d, d)) for _ in range(depth)]
    A = [X]
    for W in weights:
        Z = np.einsum("mp,pq->mq", A[-1], W)
        A.append(Z * (Z > 0) if activation == "relu" else 1 / (1 + np.exp(-Z)))
    found = np.zeros(depth)
    for at in range(depth - 1, -1, -1):
        after = A[at + 1]
        dA = dA * ((after > 0) if activation == "relu" else after * (1 - after))
        found[at] = np.sqrt(np.sum(np.einsum("mp,mq->pq", A[at], dA) ** 2))
        dA = np.einsum("mq,pq->mp", dA, weights[at])
    return found


@variant("gradient_norms", "by recursion, with standard normal numbers that are scaled")
def by_recursion(X, dA, depth, activation, init, rng):
    size = {"small": 0.01, "xavier": np.sqrt(1 / X.shape[1]), "he": np.sqrt(2 / X.shape[1])}
    phi = {
        "relu": (lambda Z: np.where(Z > 0, Z, 0), lambda Z: np.heaviside(Z, 0)),
        "sigmoid": (lambda Z: 1 / (1 + np.exp(-Z)), lambda Z: 1 / (2 + np.exp(Z) + np.exp(-Z))),
    }
    if init not in size or activation not in phi:
        raise ValueError("unknown")

    def below(A, left):
        if not left:
            return dA, []
        W = size[init] * rng.standard_normal((X.shape[1], X.shape[1]))
        Z = A @ W
        arrived, found = below(phi[activation][0](Z), left - 1)
        dZ = phi[activation][1](Z) * arrived
        return dZ @ W.T, [np.linalg.norm(A.T @ dZ, "fro"), *found]

    return np.array(below(X, depth)[1])


@variant("gradient_norms", "by rows, from outer products")
def by_rows(X, dA, depth, activation, init, rng):
    if init not in {"small", "xavier", "he"} or activation not in {"relu", "sigmoid"}:
        raise ValueError("unknown")
    d = X.shape[1]
    spread = np.sqrt({"small": 1e-4, "xavier": 2 / (d + d), "he": 2 / d}[init])
    weights = [rng.normal(scale=spread, size=(d, d)) for _ in range(depth)]
    grads = np.zeros((depth, d, d))
    for a, arrives in zip(X, dA, strict=True):
        g = arrives
        walk = [a]
        for W in weights:
            z = W.T @ walk[-1]
            walk.append(np.maximum(0, z) if activation == "relu" else 0.5 + 0.5 * np.tanh(z / 2))
        for at in reversed(range(depth)):
            h = walk[at + 1]
            dz = g * (np.sign(h) if activation == "relu" else h - h * h)
            grads[at] += np.outer(walk[at], dz)
            g = weights[at] @ dz
    return np.sqrt((grads**2).sum(axis=(1, 2)))
