"""Right implementations of flow.py, written differently."""

import numpy as np
from nnedu.checking import variant


@variant("bptt_norms", "sequence by sequence, with Jacobians of columns and singular values")
def norms_columns(Wh, X, h0, Wx, b, activation="tanh"):
    if activation not in {"tanh", "linear"}:
        raise ValueError(activation)
    m, T, _ = X.shape
    total = np.zeros(T)
    for i in range(m):
        h, jacobians = h0[i], []
        for t in range(T):
            h = Wx.T @ X[i, t] + Wh.T @ h + b
            if activation == "tanh":
                h = np.tanh(h)
                jacobians.append(np.diag(1 - h * h) @ Wh.T)
            else:
                jacobians.append(Wh.T)
        J = np.identity(len(b))
        for t in range(T - 1, -1, -1):
            total[t] += np.linalg.svd(J, compute_uv=False).max()
            J = J @ jacobians[t]
    return total / m


@variant("bptt_norms", "forward in time, all products carried along")
def norms_forward(Wh, X, h0, Wx, b, activation="tanh"):
    squash = {"tanh": np.tanh, "linear": lambda z: z}
    if activation not in squash:
        raise ValueError(f"{activation} is not known")
    products, h = [], h0
    for t in range(X.shape[1]):
        h = squash[activation](X[:, t] @ Wx + h @ Wh + b)
        slope = 1 - h**2 if activation == "tanh" else np.ones_like(h)
        products = [np.einsum("mij,jk,mk->mik", one, Wh, slope) for one in products]
        products.append(np.tile(np.eye(len(b)), (len(X), 1, 1)))
    return np.array([np.linalg.norm(one, 2, (1, 2)).mean() for one in products])


@variant("bptt_norms", "one unit gradient after another, sent back through time")
def norms_by_backprop(Wh, X, h0, Wx, b, activation="tanh"):
    if activation not in ("tanh", "linear"):
        raise ValueError("tanh or linear")
    (m, T, _), d = X.shape, len(Wh)
    H = [h0]
    for t in range(T):
        z = X[:, t] @ Wx + H[-1] @ Wh + b
        H.append(np.tanh(z) if activation == "tanh" else z)
    rows = np.repeat(np.eye(d)[None], m, axis=0)
    norms = np.zeros(T)
    for t in range(T, 0, -1):
        gram = rows @ rows.swapaxes(1, 2)
        norms[t - 1] = np.sqrt(np.linalg.eigvalsh(gram)[:, -1]).mean()
        slope = (1 - H[t] ** 2)[:, None] if activation == "tanh" else 1.0
        rows = (rows * slope) @ Wh.T
    return norms
