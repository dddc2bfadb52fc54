"""Right implementations of cell.py, written differently."""

import numpy as np
from nnedu.checking import variant


@variant("rnn_cell_forward", "in rows inside, and transposed at the end")
def cell_rows(x_t, h_prev, parameters):
    W_xh, W_hh, b_h, W_hy, b_y = (one.T for one in parameters)
    h = np.tanh(x_t.T @ W_xh + h_prev.T @ W_hh + b_h)
    Z = h @ W_hy + b_y
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return h.T, (E / E.sum(axis=1, keepdims=True)).T


@variant("rnn_cell_forward", "column by column")
def cell_loops(x_t, h_prev, parameters):
    W_xh, W_hh, b_h, W_hy, b_y = parameters
    states, outputs = [], []
    for x, h in zip(x_t.T, h_prev.T, strict=True):
        states.append(np.tanh(W_xh @ x + W_hh @ h + b_h[:, 0]))
        z = W_hy @ states[-1] + b_y[:, 0]
        outputs.append(np.exp(z - max(z)) / sum(np.exp(z - max(z))))
    return np.array(states).T, np.array(outputs).T


@variant("rnn_cell_forward", "by the logarithm of the sum of exponentials")
def cell_logsumexp(x_t, h_prev, parameters):
    W_xh, W_hh, b_h, W_hy, b_y = parameters
    h_next = np.tanh(np.hstack([W_xh, W_hh]) @ np.vstack([x_t, h_prev]) + b_h)
    Z = W_hy @ h_next + b_y
    return h_next, np.exp(Z - np.logaddexp.reduce(Z, axis=0))


@variant("cell_loss", "with one-hot labels")
def loss_one_hot(y_t, labels):
    Y = np.eye(len(y_t))[:, labels]
    return -np.sum(Y * np.log(y_t)) / y_t.shape[1]


@variant("cell_loss", "sample by sample")
def loss_loops(y_t, labels):
    return sum(-float(np.log(y_t[label, j])) for j, label in enumerate(labels)) / len(labels)


@variant("cell_loss", "with take_along_axis")
def loss_take(y_t, labels):
    return np.mean(np.log(1.0 / np.take_along_axis(y_t, labels[None], axis=0)))


@variant("last_valid", "sequence by sequence")
def last_loops(H, lengths):
    return np.array([one[length - 1] for one, length in zip(H, lengths, strict=True)])


@variant("last_valid", "with take_along_axis")
def last_take(H, lengths):
    return np.take_along_axis(H, (lengths - 1)[:, None, None], axis=1)[:, 0]


@variant("last_valid", "with a mask of one step per sequence, in Fortran order")
def last_mask(H, lengths):
    last = np.arange(1, H.shape[1] + 1) == lengths[:, None]
    return np.asfortranarray(np.einsum("mt,mtd->md", last.astype(float), H))
