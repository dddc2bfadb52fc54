"""Right implementations of rnn.py, written differently."""

import numpy as np
from nnedu.checking import variant


@variant("rnn_step_forward", "as one product of joined matrices")
def step_joined(x, h_prev, Wx, Wh, b):
    return np.tanh(np.hstack([x, h_prev]) @ np.vstack([Wx, Wh]) + b)


@variant("rnn_step_forward", "in columns, with a transposed, non-contiguous result")
def step_columns(x, h_prev, Wx, Wh, b):
    return np.tanh(Wx.T @ x.T + Wh.T @ h_prev.T + b[:, None]).T


@variant("rnn_step_forward", "row by row, with exponentials")
def step_loops(x, h_prev, Wx, Wh, b):
    h = np.empty(h_prev.shape, order="F")
    for i in range(len(x)):
        for q in range(len(b)):
            e = np.exp(-2.0 * (np.dot(x[i], Wx[:, q]) + np.dot(h_prev[i], Wh[:, q]) + b[q]))
            h[i, q] = (1.0 - e) / (1.0 + e)
    return h


@variant("rnn_forward", "all inputs through Wx at once, into an array made before")
def forward_precomputed(X, h0, Wx, Wh, b):
    m, T, _ = X.shape
    H, Z = np.zeros((m, T, len(b))), X @ Wx + b
    for t in range(T):
        H[:, t] = np.tanh(Z[:, t] + (H[:, t - 1] if t else h0) @ Wh)
    return H


@variant("rnn_forward", "time first, and transposed in the end")
def forward_transposed(X, h0, Wx, Wh, b):
    states = [h0]
    for x in X.transpose(1, 0, 2):
        states.append(np.tanh(b + states[-1] @ Wh + x @ Wx))
    return np.array(states[1:]).transpose(1, 0, 2)


@variant("rnn_forward", "one sequence after the other, calling itself")
def forward_recursive(X, h0, Wx, Wh, b):
    def run(xs, h):
        if not len(xs):
            return []
        h = np.tanh(xs[0] @ Wx + h @ Wh + b)
        return [h, *run(xs[1:], h)]

    return np.array([run(xs, h) for xs, h in zip(X, h0, strict=True)])


@variant("rnn_backward", "step by step, with sums that grow")
def backward_steps(dH, X, h0, H, Wx, Wh):
    dX, dWx, dWh, db = np.zeros(X.shape), np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(len(Wh))
    dh = np.zeros(h0.shape)
    for t in range(H.shape[1] - 1, -1, -1):
        dz = (dH[:, t] + dh) * (1 - H[:, t] ** 2)
        h_prev = H[:, t - 1] if t > 0 else h0
        dWx += X[:, t].T @ dz
        dWh += h_prev.T @ dz
        db += dz.sum(axis=0)
        dX[:, t] = dz @ Wx.T
        dh = dz @ Wh.T
    return dX, dh, dWx, dWh, db


@variant("rnn_backward", "the contributions of every step sent back by Jacobians")
def backward_jacobians(dH, X, h0, H, Wx, Wh):
    m, T, d = H.shape
    before = np.concatenate([h0[:, None], H], axis=1)
    dX, dZ, dh0 = np.zeros(X.shape), np.zeros(H.shape), np.zeros((m, d))
    for i in range(m):
        for start in range(T):
            carried = dH[i, start]
            for t in range(start, -1, -1):
                carried = carried * (1 - H[i, t] ** 2)
                dZ[i, t] += carried
                dX[i, t] += Wx @ carried
                carried = Wh @ carried
            dh0[i] += carried
    flat = dZ.reshape(m * T, d)
    return dX, dh0, X.reshape(m * T, -1).T @ flat, before[:, :-1].reshape(m * T, d).T @ flat, flat.sum(axis=0)


@variant("rnn_backward", "by recursion, with tensordot and Fortran-ordered results")
def backward_recursive(dH, X, h0, H, Wx, Wh):
    def back(t, arriving):
        if t < 0:
            return [], arriving
        dz = (dH[:, t] + arriving) * (1 - H[:, t]) * (1 + H[:, t])
        earlier, dh0 = back(t - 1, (Wh @ dz.T).T)
        return [*earlier, dz], dh0

    found, dh0 = back(H.shape[1] - 1, np.zeros(h0.shape))
    dZ = np.stack(found, axis=1)
    H_prev = np.roll(H, 1, axis=1)
    H_prev[:, 0] = h0
    dWx, dWh = np.tensordot(X, dZ, ([0, 1], [0, 1])), np.tensordot(H_prev, dZ, ([0, 1], [0, 1]))
    return np.asfortranarray(dZ @ Wx.T), dh0, np.asfortranarray(dWx), np.asfortranarray(dWh), dZ.sum(axis=1).sum(axis=0)
