"""Right answers to pooling.py, written differently."""

import numpy as np
from nnedu.checking import variant


@variant("maxpool2d_forward", "window by window")
def window_by_window(X, k=2, stride=2):
    m, C, h, w = X.shape
    ho, wo = 1 + (h - k) // stride, 1 + (w - k) // stride
    out = np.zeros((m, C, ho, wo))
    for r in range(ho):
        for t in range(wo):
            out[:, :, r, t] = np.max(X[:, :, r * stride : r * stride + k, t * stride : t * stride + k], axis=(2, 3))
    return out


@variant("maxpool2d_forward", "as a running maximum over the places of the window")
def running_maximum(X, k=2, stride=2):
    ho, wo = (X.shape[2] - k) // stride + 1, (X.shape[3] - k) // stride + 1
    out = np.full((*X.shape[:2], ho, wo), -np.inf)
    for i in range(k):
        for j in range(k):
            out = np.maximum(out, X[:, :, i : i + stride * ho : stride, j : j + stride * wo : stride])
    return out


@variant("maxpool2d_forward", "rows first and columns then")
def rows_first(X, k=2, stride=2):
    rows = [X[:, :, r : r + k].max(axis=2) for r in range(0, X.shape[2] - k + 1, stride)]
    tall = np.stack(rows, axis=2)
    columns = [tall[..., t : t + k].max(axis=3) for t in range(0, X.shape[3] - k + 1, stride)]
    return np.asfortranarray(np.stack(columns, axis=3))


@variant("maxpool2d_backward", "pixel by pixel, to the first of equal ones")
def to_the_first(dout, X, k=2, stride=2):
    dX = np.zeros_like(X)
    for s, c, r, t in np.ndindex(*dout.shape):
        window = X[s, c, r * stride : r * stride + k, t * stride : t * stride + k]
        i, j = divmod(int(np.argmax(window)), k)
        dX[s, c, r * stride + i, t * stride + j] += dout[s, c, r, t]
    return dX


@variant("maxpool2d_backward", "to the last of equal ones, with np.add.at")
def to_the_last(dout, X, k=2, stride=2):
    dX = np.zeros(X.shape)
    ho, wo = dout.shape[2:]
    views = np.lib.stride_tricks.sliding_window_view(X, (k, k), axis=(2, 3))[:, :, ::stride, ::stride]
    last = k * k - 1 - views.reshape(*dout.shape, k * k)[..., ::-1].argmax(axis=-1)
    s, c, r, t = np.indices((*X.shape[:2], ho, wo))
    np.add.at(dX, (s, c, r * stride + last // k, t * stride + last % k), dout)
    return dX


@variant("maxpool2d_backward", "in equal shares")
def in_equal_shares(dout, X, k=2, stride=2):
    dX = np.zeros(X.shape)
    for r in range(dout.shape[2]):
        for t in range(dout.shape[3]):
            where = (..., slice(r * stride, r * stride + k), slice(t * stride, t * stride + k))
            mask = X[where] == X[where].max(axis=(2, 3), keepdims=True)
            share = mask / mask.sum(axis=(2, 3), keepdims=True)
            dX[where] = dX[where] + share * dout[:, :, r : r + 1, t : t + 1]
    return dX
