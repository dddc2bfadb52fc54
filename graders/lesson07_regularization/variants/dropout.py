"""Right answers to dropout.py, written differently."""

# ruff: noqa: FBT002 - the signature is that of the exercise

import numpy as np
from nnedu.checking import variant


@variant("dropout_forward", "with a mask of 0.0 and 1.0 from a binomial distribution")
def with_binomial(X, keep_prob, rng, training=True):
    if training:
        mask = rng.binomial(1, keep_prob, size=X.shape).astype(float)
        return mask * (X / keep_prob), mask
    return np.array(X), None


@variant("dropout_forward", "by choosing where, with uniform draws from above")
def with_where(X, keep_prob, rng, training=True):
    if not training:
        return 1.0 * X, None
    mask = rng.uniform(size=X.shape) >= 1 - keep_prob
    return np.where(mask, X / keep_prob, 0), mask


@variant("dropout_forward", "by zeroing a copy, with an integer mask in Fortran order")
def with_copy(X, keep_prob, rng, training=True):
    out, mask = X.copy(order="F"), None
    if training:
        dropped = rng.random(X.shape[::-1]).T > keep_prob
        out[dropped] = 0
        out /= keep_prob
        mask = 1 - dropped.astype(int)
    return out, mask


@variant("dropout_forward", "entry by entry")
def with_loops(X, keep_prob, rng, training=True):
    out, mask = np.zeros(X.shape), np.zeros(X.shape, dtype=bool)
    for index in np.ndindex(*X.shape):
        mask[index] = rng.random() < keep_prob
        out[index] = X[index] / keep_prob if mask[index] or not training else 0.0
    return (out, mask) if training else (X + 0.0, None)


@variant("dropout_backward", "by choosing where")
def backward_where(dout, mask, keep_prob):
    return np.where(mask, dout / keep_prob, 0.0) if mask is not None else dout


@variant("dropout_backward", "with a transposed result")
def backward_transposed(dout, mask, keep_prob):
    if mask is None:
        return np.array(dout)
    return (dout.T * (mask.astype(float).T / keep_prob)).T


@variant("dropout_backward", "entry by entry")
def backward_loops(dout, mask, keep_prob):
    dX = np.zeros_like(dout)
    for index in np.ndindex(*dout.shape):
        if mask is None:
            dX[index] = dout[index]
        elif mask[index]:
            dX[index] = dout[index] / keep_prob
    return dX
