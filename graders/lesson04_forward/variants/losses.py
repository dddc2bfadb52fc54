"""Right implementations of losses.py, written differently."""

import math

import numpy as np

from nnedu.checking import variant


def _require(condition):
    if not condition:
        raise ValueError("shapes differ")


@variant("binary_cross_entropy", "entry by entry")
def bce_loop(y, p, eps=1e-12):
    _require(y.shape == p.shape)
    total = 0.0
    for index in np.ndindex(*y.shape):
        q = min(max(float(p[index]), eps), 1 - eps)
        total -= float(y[index]) * math.log(q) + (1 - float(y[index])) * math.log(1 - q)
    return total / y.size


@variant("binary_cross_entropy", "with p and 1 - p clipped each by itself")
def bce_two_clips(y, p, eps=1e-12):
    _require(np.shape(y) == np.shape(p))
    p = p.astype(float)
    log_p, log_q = np.log(np.clip(p, eps, 1 - eps)), np.log(np.clip(1 - p, eps, 1 - eps))
    return -np.average(y * log_p + (1 - y) * log_q)


@variant("binary_cross_entropy", "from sums, with log1p, as an array of no dimension")
def bce_log1p(y, p, eps=1e-12):
    _require(y.shape == p.shape)
    p = np.minimum(np.maximum(p.astype(np.float64), eps), 1 - eps)
    y, n = y.astype(np.float64).ravel(), y.size
    return np.asarray(-(y @ np.log(p).ravel() + (1 - y) @ np.log1p(-p).ravel()) / n)


@variant("categorical_cross_entropy", "row by row, over the classes that count")
def cce_loop(Y, P):
    _require(Y.shape == P.shape)
    losses = []
    for y, p in zip(Y, P, strict=True):
        losses.append(sum(-y[c] * math.log(max(p[c], 1e-15)) for c in range(len(y)) if y[c] > 0))
    return sum(losses) / len(losses)


@variant("categorical_cross_entropy", "with einsum, and P clipped at both ends")
def cce_einsum(Y, P):
    _require(np.shape(Y) == np.shape(P))
    return -np.einsum("ic,ic->", Y, np.log(np.clip(P, 1e-15, 1 - 1e-15))) / Y.shape[0]


@variant("categorical_cross_entropy", "with a mask, and a tiny number added inside the logarithm")
def cce_mask(Y, P):
    _require(Y.shape == P.shape)
    counts = Y > 0
    return -float(np.sum(Y[counts] * np.log(P[counts] + 1e-14))) / len(P)


@variant("cross_entropy_from_logits", "as log-softmax, with the shift on both sides")
def logits_log_softmax(Z, y):
    _require(np.shape(y) == (len(Z),))
    shifted = Z - np.max(Z, axis=1, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.mean(np.take_along_axis(log_P, y[:, None], axis=1))


@variant("cross_entropy_from_logits", "from the differences to the true logit")
def logits_differences(Z, y):
    _require(y.shape == Z.shape[:1])
    gaps = Z - Z[np.arange(len(y)), y][:, None]
    return float(np.logaddexp.reduce(gaps, axis=1).mean())


@variant("cross_entropy_from_logits", "row by row")
def logits_loop(Z, y):
    _require(y.ndim == 1 and len(y) == len(Z))
    total = 0.0
    for row, c in zip(Z.tolist(), y.tolist(), strict=True):
        top = max(row)
        total += top + math.log(sum(math.exp(z - top) for z in row)) - row[c]
    return total / len(Z)


@variant("cross_entropy_from_logits", "with one-hot targets")
def logits_one_hot(Z, y):
    _require(y.shape == (Z.shape[0],))
    Y, top = np.eye(Z.shape[1])[y], Z.max(axis=1)
    return np.mean(top + np.log(np.exp((Z.T - top).T).sum(axis=1)) - (Y * Z).sum(axis=1))


@variant("mse_loss", "with a scalar product")
def mse_dot(y_true, y_pred):
    _require(y_true.shape == y_pred.shape)
    error = (y_pred - y_true).ravel()
    return error @ error / error.size


@variant("mse_loss", "entry by entry")
def mse_loop(y_true, y_pred):
    _require(np.shape(y_true) == np.shape(y_pred))
    squares = [float(y_true[i] - y_pred[i]) ** 2 for i in np.ndindex(*y_true.shape)]
    return sum(squares) / len(squares)


@variant("mse_loss", "from the norm of the error")
def mse_norm(y_true, y_pred):
    _require(y_true.shape == y_pred.shape)
    return np.linalg.norm(y_true - y_pred) ** 2 / np.prod(y_true.shape)
