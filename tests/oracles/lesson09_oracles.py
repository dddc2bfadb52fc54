"""Oracles of lesson 9: loops over single numbers, complex steps, scipy, scikit-learn, and PyTorch where installed."""

import math

import numpy as np
from oracle_registry import oracle, slopes
from scipy.linalg import svdvals
from scipy.special import expit, softmax
from sklearn.metrics import log_loss

LSTM, GRU = 4, 3


def weights(rng, n, d, blocks=1):
    """Wx, Wh and b of a recurrent cell."""
    Wx, Wh = rng.normal(size=(n, blocks * d)) / np.sqrt(n), rng.normal(size=(d, blocks * d)) / np.sqrt(d)
    return Wx, Wh, rng.normal(size=blocks * d)


def sums(x, h, Wx, Wh, b):
    """The arguments of a cell's functions for one sequence, number by number, without a matrix product."""
    return [
        math.fsum([*(x[p] * Wx[p, q] for p in range(len(x))), *(h[p] * Wh[p, q] for p in range(len(h))), b[q]])
        for q in range(len(b))
    ]


def state(X, h0, Wx, Wh, b, squash=np.tanh):
    """The last state of a network, and all of them, for complex numbers too."""
    h, states = h0, []
    for t in range(X.shape[1]):
        h = squash(np.einsum("ip,pq->iq", X[:, t], Wx) + np.einsum("ip,pq->iq", h, Wh) + b)
        states.append(h)
    return h, np.stack(states, axis=1)


@oracle(9, "rnn_step_forward", "math.tanh")
def _(lesson, rng):
    args = rng.normal(size=(7, 5)), rng.normal(size=(7, 4)), *weights(rng, 5, 4)
    wanted = [[math.tanh(z) for z in sums(x, h, *args[2:])] for x, h in zip(*args[:2], strict=True)]
    yield lesson.rnn.rnn_step_forward(*args), wanted


@oracle(9, "rnn_forward", "math.tanh")
def _(lesson, rng):
    X, h0, params = rng.normal(size=(7, 6, 5)), rng.normal(size=(7, 4)), weights(rng, 5, 4)
    wanted = []
    for xs, h in zip(X, h0, strict=True):
        walk = [h]
        for x in xs:
            walk.append([math.tanh(z) for z in sums(x, walk[-1], *params)])
        wanted.append(walk[1:])
    yield lesson.rnn.rnn_forward(X, h0, *params), wanted


@oracle(9, "rnn_backward", "complex step")
def _(lesson, rng):
    for T in (1, 5):
        Wx, Wh, b = weights(rng, 3, 4)
        at = {"X": rng.normal(size=(6, T, 3)), "h0": rng.normal(size=(6, 4)), "Wx": Wx, "Wh": Wh, "b": b}
        dH, H = rng.normal(size=(6, T, 4)), state(*at.values())[1]
        wanted = slopes(lambda at, dH=dH: np.sum(dH * state(*at.values())[1]), at)
        yield lesson.rnn.rnn_backward(dH, at["X"], at["h0"], H, Wx, Wh), tuple(wanted.values())


@oracle(9, "lstm_step_forward", "scipy.special.expit")
def _(lesson, rng):
    for far in (1, 3):
        x, h, c, params = (
            rng.normal(size=(7, 5)),
            rng.normal(size=(7, 4)),
            rng.normal(size=(7, 4)),
            weights(rng, 5, 4, LSTM),
        )
        params[2][:] *= far
        Z = np.array([sums(*rows, *params) for rows in zip(x, h, strict=True)])
        kept = expit(Z[:, 4:8]) * c + expit(Z[:, :4]) * np.tanh(Z[:, 8:12])
        yield lesson.gates.lstm_step_forward(x, h, c, *params), (expit(Z[:, 12:]) * np.tanh(kept), kept)


@oracle(9, "gru_step_forward", "scipy.special.expit")
def _(lesson, rng):
    x, h, (Wx, Wh, b) = rng.normal(size=(7, 5)), rng.normal(size=(7, 4)), weights(rng, 5, 4, GRU)
    wanted = []
    for x_i, h_i in zip(x, h, strict=True):
        r, z = np.split(expit(sums(x_i, h_i, Wx[:, :8], Wh[:, :8], b[:8])), 2)
        of_x, of_h = (np.array(sums(x_i, g, Wx[:, 8:], Wh[:, 8:], 0 * b[8:])) for g in (0 * h_i, h_i))
        n = np.tanh(of_x + b[8:] + r * (of_h - of_x))
        wanted.append(n + z * (h_i - n))
    yield lesson.gates.gru_step_forward(x, h, Wx, Wh, b), wanted


@oracle(9, "bptt_norms", "complex step and scipy.linalg.svdvals")
def _(lesson, rng):
    for name, squash in (("tanh", np.tanh), ("linear", np.array)):
        X, h0, (Wx, Wh, b) = rng.normal(size=(3, 6, 2)), rng.normal(size=(3, 4)), weights(rng, 2, 4)
        H, wanted = state(X, h0, Wx, Wh, b, squash)[1], []
        for t in range(6):
            jacobian = np.empty((3, 4, 4))
            for p in range(4):
                h = H[:, t] + 1e-200j * np.eye(4)[p]
                last = state(X[:, t + 1 :], h, Wx, Wh, b, squash)[0] if t < 5 else h
                jacobian[:, p] = last.imag / 1e-200
            wanted.append(np.mean([svdvals(one)[0] for one in jacobian]))
        yield lesson.flow.bptt_norms(Wh, X, h0, Wx, b, name), wanted


@oracle(9, "rnn_cell_forward", "scipy.special.softmax")
def _(lesson, rng):
    Wx, Wh, b = weights(rng, 5, 4)
    x, h, W_hy, b_y = rng.normal(size=(7, 5)), rng.normal(size=(7, 4)), 30 * rng.normal(size=(3, 4)), rng.normal(size=3)
    wanted = state(x[:, None], h, Wx, Wh, b)[0]
    found = lesson.cell.rnn_cell_forward(x.T, h.T, (Wx.T, Wh.T, b[:, None], W_hy, b_y[:, None]))
    yield found, (wanted.T, softmax(wanted @ W_hy.T + b_y, axis=1).T)


@oracle(9, "cell_loss", "sklearn")
def _(lesson, rng):
    y_t, labels = rng.dirichlet(np.ones(5), size=8).T, rng.integers(0, 5, size=8)
    yield lesson.cell.cell_loss(y_t, labels), log_loss(labels, y_t.T, labels=range(5))


@oracle(9, "last_valid", "without padding")
def _(lesson, rng):
    lengths, params = rng.permutation(6) + 1, weights(rng, 2, 3)
    sequences = [rng.normal(size=(1, length, 2)) for length in lengths]
    padded = np.concatenate([np.pad(one, ((0, 0), (0, 7 - one.shape[1]), (0, 0))) for one in sequences])
    H = state(padded, np.zeros((6, 3)), *params)[1]
    wanted = [state(one, np.zeros((1, 3)), *params)[0][0] for one in sequences]
    yield lesson.cell.last_valid(H, lengths), wanted


def tensor(value, *, grad=False):
    """An array as a float64 tensor."""
    import torch

    return torch.tensor(value, dtype=torch.float64, requires_grad=grad)


def loaded(kind, Wx, Wh, b, **options):
    """A recurrent module of torch with our parameters: it has matrices in columns, and a second bias."""
    import torch

    layer = getattr(torch.nn, kind)(len(Wx), len(Wh), dtype=torch.float64, **options)
    ours = {"weight_ih": Wx.T, "weight_hh": Wh.T, "bias_ih": b, "bias_hh": np.zeros_like(b)}
    with torch.no_grad():
        for name, parameter in layer.named_parameters():
            parameter.copy_(torch.tensor(ours[name.removesuffix("_l0")]))
    return layer


@oracle(9, "rnn_step_forward", "torch")
def _(lesson, rng):
    x, h, params = rng.normal(size=(7, 5)), rng.normal(size=(7, 4)), weights(rng, 5, 4)
    wanted = loaded("RNNCell", *params)(tensor(x), tensor(h))
    yield lesson.rnn.rnn_step_forward(x, h, *params), wanted.detach().numpy()


@oracle(9, "rnn_backward", "torch")
def _(lesson, rng):
    for T in (1, 5):
        X, h0, (Wx, Wh, b), dH = (
            rng.normal(size=(6, T, 3)),
            rng.normal(size=(6, 4)),
            weights(rng, 3, 4),
            rng.normal(size=(6, T, 4)),
        )
        layer, X_at, h_at = (
            loaded("RNN", Wx, Wh, b, batch_first=True),
            tensor(X, grad=True),
            tensor(h0[None], grad=True),
        )
        H = layer(X_at, h_at)[0]
        (H * tensor(dH)).sum().backward()
        found = H.detach().numpy()
        yield lesson.rnn.rnn_forward(X, h0, Wx, Wh, b), found
        grads = layer.weight_ih_l0.grad.T, layer.weight_hh_l0.grad.T, layer.bias_ih_l0.grad
        wanted = tuple(one.numpy() for one in (X_at.grad, h_at.grad[0], *grads))
        yield lesson.rnn.rnn_backward(dH, X, h0, found, Wx, Wh), wanted


@oracle(9, "lstm_step_forward", "torch")
def _(lesson, rng):
    x, h, c, params = (
        rng.normal(size=(7, 5)),
        rng.normal(size=(7, 4)),
        rng.normal(size=(7, 4)),
        weights(rng, 5, 4, LSTM),
    )
    wanted = loaded("LSTMCell", *params)(tensor(x), (tensor(h), tensor(c)))
    yield lesson.gates.lstm_step_forward(x, h, c, *params), tuple(one.detach().numpy() for one in wanted)


@oracle(9, "gru_step_forward", "torch")
def _(lesson, rng):
    x, h, params = rng.normal(size=(7, 5)), rng.normal(size=(7, 4)), weights(rng, 5, 4, GRU)
    wanted = loaded("GRUCell", *params)(tensor(x), tensor(h))
    yield lesson.gates.gru_step_forward(x, h, *params), wanted.detach().numpy()


@oracle(9, "bptt_norms", "torch")
def _(lesson, rng):
    import torch

    X, h0, (Wx, Wh, b) = rng.normal(size=(3, 6, 2)), rng.normal(size=(3, 4)), weights(rng, 2, 4)
    layer, norms = loaded("RNNCell", Wx, Wh, b), np.zeros((3, 6))
    for i in range(3):
        walk = [layer(tensor(X[i, 0]), tensor(h0[i]))]
        for x in X[i, 1:]:
            walk.append(layer(tensor(x), walk[-1]))
        for t, one in enumerate(walk):
            rows = [torch.autograd.grad(walk[-1][q], one, retain_graph=True)[0] for q in range(4)]
            norms[i, t] = torch.linalg.matrix_norm(torch.stack(rows), ord=2)
    yield lesson.flow.bptt_norms(Wh, X, h0, Wx, b), norms.mean(axis=0)


@oracle(9, "last_valid", "torch")
def _(lesson, rng):
    import torch

    X, lengths, params = rng.normal(size=(6, 7, 2)), rng.integers(1, 8, size=6), weights(rng, 2, 3)
    layer = loaded("RNN", *params, batch_first=True)
    packed = torch.nn.utils.rnn.pack_padded_sequence(
        tensor(X), torch.tensor(lengths), batch_first=True, enforce_sorted=False
    )
    H, wanted = layer(tensor(X))[0].detach().numpy(), layer(packed)[1][0].detach().numpy()
    yield lesson.cell.last_valid(H, lengths), wanted
