"""Right implementations of gates.py, written differently."""

import numpy as np
from nnedu.checking import variant


def _naive(z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


@variant("lstm_step_forward", "with slices, and the naive sigmoid")
def lstm_slices(x, h, c, Wx, Wh, b):
    d = h.shape[1]
    Z = np.dot(x, Wx) + np.dot(h, Wh) + b
    i, f, o = (_naive(Z[:, k * d : (k + 1) * d]) for k in (0, 1, 3))
    g = np.tanh(Z[:, 2 * d : 3 * d])
    c_new = f * c + i * g
    return o * np.tanh(c_new), c_new


@variant("lstm_step_forward", "with one block axis, and the two cases of the sigmoid")
def lstm_reshaped(x, h, c, Wx, Wh, b):
    def sigmoid(z):
        e = np.exp(-np.abs(z))
        return np.where(z >= 0, 1 / (1 + e), e / (1 + e))

    m, d = h.shape
    Z = (np.concatenate([x, h], axis=1) @ np.concatenate([Wx, Wh]) + b).reshape(m, 4, d)
    gates = sigmoid(Z)
    c_next = gates[:, 1] * c + gates[:, 0] * np.tanh(Z[:, 2])
    return gates[:, 3] * np.tanh(c_next), c_next


@variant("lstm_step_forward", "sequence by sequence, with Fortran-ordered results")
def lstm_loops(x, h, c, Wx, Wh, b):
    h_next, c_next = np.empty(h.shape, order="F"), np.empty(c.shape, order="F")
    for row in range(len(x)):
        z = Wx.T @ x[row] + Wh.T @ h[row] + b
        i, f, g, o = z.reshape(4, -1)
        c_next[row] = _naive(f) * c[row] + _naive(i) * np.tanh(g)
        h_next[row] = _naive(o) * np.tanh(c_next[row])
    return h_next, c_next


@variant("gru_step_forward", "with slices, and the naive sigmoid")
def gru_slices(x, h, Wx, Wh, b):
    d = h.shape[1]
    r = _naive(x @ Wx[:, :d] + h @ Wh[:, :d] + b[:d])
    z = _naive(x @ Wx[:, d : 2 * d] + h @ Wh[:, d : 2 * d] + b[d : 2 * d])
    n = np.tanh(x @ Wx[:, 2 * d :] + r * (h @ Wh[:, 2 * d :]) + b[2 * d :])
    return (1 - z) * n + z * h


@variant("gru_step_forward", "as a step from the candidate towards the state")
def gru_interpolated(x, h, Wx, Wh, b):
    m, d = h.shape
    of_x, of_h = (x @ Wx + b).reshape(m, 3, d), (h @ Wh).reshape(m, 3, d)
    r, z = 0.5 + 0.5 * np.tanh((of_x[:, :2] + of_h[:, :2]).swapaxes(0, 1) / 2)
    n = np.tanh(of_x[:, 2] + r * of_h[:, 2])
    return n + z * (h - n)


@variant("gru_step_forward", "in columns, with a transposed result")
def gru_columns(x, h, Wx, Wh, b):
    d = h.shape[1]
    rz = _naive(Wx[:, : 2 * d].T @ x.T + Wh[:, : 2 * d].T @ h.T + b[: 2 * d, None])
    r, z = rz[:d], rz[d:]
    n = np.tanh(Wx[:, 2 * d :].T @ x.T + r * (Wh[:, 2 * d :].T @ h.T) + b[2 * d :, None])
    return (n - z * n + z * h.T).T
