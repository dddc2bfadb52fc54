"""Right answers to attention.py, written differently."""

import math

import numpy as np
from nnedu.checking import variant


@variant("attention", "with einsum, -1e9, and zeros at the end")
def attention_einsum(Q, K, V, mask=None):
    scores = np.einsum("...id,...jd->...ij", Q, K) / math.sqrt(Q.shape[-1])
    if mask is None:
        mask = np.ones(scores.shape, dtype=bool)
    scores = np.where(mask, scores, -1e9)
    E = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = E / E.sum(axis=-1, keepdims=True) * mask
    return np.einsum("...ij,...jd->...id", weights, V), weights


@variant("attention", "query by query")
def attention_loops(Q, K, V, mask=None):
    (*front, Tq, d), Tk = Q.shape, K.shape[-2]
    weights, out = np.zeros((*front, Tq, Tk)), np.zeros((*front, Tq, V.shape[-1]))
    may = np.broadcast_to(True if mask is None else mask, weights.shape)
    for at in np.ndindex(*front, Tq):
        row, keys = K[at[:-1]] @ Q[at] / d**0.5, np.flatnonzero(may[at])
        if len(keys):
            E = np.exp(row[keys] - max(row[keys]))
            weights[at][keys] = E / sum(E)
        out[at] = weights[at] @ V[at[:-1]]
    return out, weights


@variant("attention", "by the logarithm of the sum of exponentials")
def attention_logsumexp(Q, K, V, mask=None):
    axes = [*range(K.ndim - 2), K.ndim - 1, K.ndim - 2]
    scores = np.matmul(Q * K.shape[-1] ** -0.5, np.transpose(K, axes))
    if mask is not None:
        scores = np.copy(scores)
        scores[~np.broadcast_to(mask, scores.shape)] = -np.inf
    total = np.logaddexp.reduce(scores, axis=-1, keepdims=True)
    weights = np.exp(scores - np.where(total == -np.inf, 0.0, total))
    return np.matmul(weights, V), weights


@variant("attention", "with nan_to_num, in Fortran order")
def attention_nan_to_num(Q, K, V, mask=None):
    scores = Q @ np.moveaxis(K, -1, -2) / np.sqrt(Q.shape[-1])
    with np.errstate(invalid="ignore"):
        if mask is not None:
            scores = scores + np.where(mask, 0.0, -np.inf)
        E = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
        weights = np.nan_to_num(E / np.sum(E, axis=-1, keepdims=True))
    return np.asfortranarray(weights @ V), np.asfortranarray(weights)


@variant("attention_backward", "with einsum")
def backward_einsum(dout, Q, K, V, weights):
    dV = np.einsum("...ij,...id->...jd", weights, dout)
    dweights = np.einsum("...id,...jd->...ij", dout, V)
    inner = np.einsum("...ij,...ij->...i", dweights, weights)[..., None]
    dscores = (dweights - inner) * weights / np.sqrt(Q.shape[-1])
    return np.einsum("...ij,...jd->...id", dscores, K), np.einsum("...ij,...id->...jd", dscores, Q), dV


@variant("attention_backward", "with the Jacobian of softmax")
def backward_jacobian(dout, Q, K, V, weights):
    Tk, scale = K.shape[-2], K.shape[-1] ** -0.5
    dweights = dout @ np.moveaxis(V, -1, -2)
    J = weights[..., :, None] * (np.eye(Tk) - weights[..., None, :])
    dscores = scale * np.matmul(J, dweights[..., None])[..., 0]
    return dscores @ K, np.moveaxis(dscores, -1, -2) @ Q, np.moveaxis(weights, -1, -2) @ dout


@variant("attention_backward", "query by query")
def backward_loops(dout, Q, K, V, weights):
    dQ, dK, dV = np.zeros(Q.shape), np.zeros(K.shape), np.zeros(V.shape)
    for *at, i in np.ndindex(Q.shape[:-1]):
        front = tuple(at)
        w, g = weights[front][i], dout[front][i]
        dw = V[front] @ g
        ds = w * (dw - w @ dw) / math.sqrt(Q.shape[-1])
        dQ[front][i] = ds @ K[front]
        dK[front] += np.outer(ds, Q[front][i])
        dV[front] += np.outer(w, g)
    return dQ, dK, dV


@variant("attention_backward", "with the sum taken from dout and out")
def backward_from_out(dout, Q, K, V, weights):
    # Σ_j w_j dw_j is dout · out.
    inner = np.sum(dout * (weights @ V), axis=-1, keepdims=True)
    dscores = weights * (dout @ V.swapaxes(-1, -2) - inner)
    scaled = dscores / np.sqrt(K.shape[-1])
    return (
        scaled @ K,
        (Q.swapaxes(-1, -2) @ scaled).swapaxes(-1, -2),
        (dout.swapaxes(-1, -2) @ weights).swapaxes(-1, -2),
    )
