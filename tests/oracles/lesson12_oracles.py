"""Oracles of lesson 12: the functions of lessons 5 to 7, scipy and scikit-learn, and PyTorch where installed."""

from itertools import pairwise
from math import fsum

import numpy as np
from oracle_registry import oracle
from scipy.special import log_softmax, softmax
from sklearn.metrics import accuracy_score, log_loss


def by_torch(state, X, labels):
    """The logits and gradients of nn.Sequential and nn.CrossEntropyLoss for a state_dict."""
    import torch

    layers = []
    for place in sorted({int(name.split(".")[0]) for name in state}):
        n_out, n_in = state[f"{place}.weight"].shape
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1]).double()
    model.load_state_dict({name: torch.tensor(value) for name, value in state.items()})
    logits = model(torch.tensor(X))
    torch.nn.CrossEntropyLoss()(logits, torch.tensor(labels)).backward()
    return logits.detach().numpy(), {name: p.grad.numpy() for name, p in model.named_parameters()}


def network(rng, *sizes):
    params = {}
    for layer, (n, k) in enumerate(pairwise(sizes), start=1):
        params |= {f"W{layer}": rng.normal(size=(n, k)), f"b{layer}": rng.normal(size=k)}
    return params


def linear_by_loops(X, W, b, dout):
    """A linear layer, number by number."""
    m, n, k = *X.shape, W.shape[1]
    Z = [[fsum(X[i, p] * W[p, q] for p in range(n)) + b[q] for q in range(k)] for i in range(m)]
    dX = [[fsum(dout[i, q] * W[p, q] for q in range(k)) for p in range(n)] for i in range(m)]
    dW = [[fsum(X[i, p] * dout[i, q] for i in range(m)) for q in range(k)] for p in range(n)]
    return tuple(map(np.array, (Z, dX, dW, [fsum(dout[:, q]) for q in range(k)])))


@oracle(12, "Linear", "loops")
def linear(lesson, rng):
    layer = lesson.layers.Linear(5, 4, rng)
    X, dout = rng.normal(size=(7, 5)), rng.normal(size=(7, 4))
    Z, dX, dW, db = linear_by_loops(X, layer.params()["W"], layer.params()["b"], dout)
    yield layer.forward(X), Z
    yield layer.backward(dout), dX
    yield layer.grads(), {"W": dW, "b": db}


@oracle(12, "BatchNorm", "complex step")
def batchnorm(lesson, rng):
    X, dout, h = rng.normal(size=(7, 4)), rng.normal(size=(7, 4)), 1e-30
    layer = lesson.layers.BatchNorm(4)

    def out(Z):
        centred = Z - Z.sum(axis=0) / 7
        return centred / np.sqrt((centred**2).sum(axis=0) / 7 + 1e-5)

    yield layer.forward(X), out(X)
    slopes = np.zeros(X.shape)
    for at in np.ndindex(X.shape):
        moved = X.astype(complex)
        moved[at] += 1j * h
        slopes[at] = np.sum(dout * out(moved)).imag / h
    yield layer.backward(dout), slopes


@oracle(12, "BatchNorm", "torch")
def batchnorm_torch(lesson, rng):
    import torch

    ours, theirs, m = lesson.layers.BatchNorm(4), torch.nn.BatchNorm1d(4).double(), 6
    X, dout = rng.normal(size=(m, 4)), rng.normal(size=(m, 4))
    X_t = torch.tensor(X, requires_grad=True)
    out = theirs(X_t)
    out.backward(torch.tensor(dout))
    yield ours.forward(X), out.detach().numpy()
    yield ours.backward(dout), X_t.grad.numpy()
    yield 0.9 + (ours.running_var - 0.9) * m / (m - 1), theirs.running_var.numpy()


@oracle(12, "Sequential", "chained loops")
def sequential(lesson, rng):
    one, two = lesson.layers.Linear(5, 6, rng), lesson.layers.Linear(6, 3, rng)
    model = lesson.sequential.Sequential(one, lesson.layers.ReLU(), lesson.sequential.Sequential(two))
    X, dout, p = rng.normal(size=(7, 5)), rng.normal(size=(7, 3)), model.params()
    Z, *_ = linear_by_loops(X, p["0.W"], p["0.b"], np.zeros((7, 6)))
    out, dA, dW2, db2 = linear_by_loops(np.where(Z > 0, Z, 0.0), p["2.0.W"], p["2.0.b"], dout)
    _, dX, dW1, db1 = linear_by_loops(X, p["0.W"], p["0.b"], np.where(Z > 0, dA, 0.0))
    yield model.forward(X), out
    yield model.backward(dout), dX
    yield model.grads(), {"0.W": dW1, "0.b": db1, "2.0.W": dW2, "2.0.b": db2}


@oracle(12, "to_torch", "einsum")
def to_torch(lesson, rng):
    params = network(rng, 5, 4, 3)
    expected = {f"{2 * i}.weight": np.einsum("pq->qp", params[f"W{i + 1}"]) for i in (0, 1)}
    yield lesson.bridge.to_torch(params), expected | {f"{2 * i}.bias": params[f"b{i + 1}"] for i in (0, 1)}


@oracle(12, "to_torch", "torch")
def to_torch_torch(lesson, rng):
    params, X = network(rng, 5, 6, 3), rng.normal(size=(7, 5))
    logits, _ = by_torch(lesson.bridge.to_torch(params), X, np.zeros(7, dtype=int))
    yield np.maximum(X @ params["W1"] + params["b1"], 0.0) @ params["W2"] + params["b2"], logits


@oracle(12, "from_torch", "the way there")
def from_torch(lesson, rng):
    params = network(rng, 5, 4, 6, 3)
    yield lesson.bridge.from_torch(lesson.bridge.to_torch(params)), params


@oracle(12, "parity_report", "scipy")
def parity(lesson, rng):
    params, X, labels = network(rng, 4, 3), rng.normal(size=(6, 4)), np.array([0, 1, 2, 0, 1, 2])
    Z = X @ params["W1"] + params["b1"]
    right = X.T @ ((softmax(Z, axis=1) - np.eye(3)[labels]) / 6)

    def framework(_state, _X, _labels):
        bias = ((softmax(Z, axis=1) - np.eye(3)[labels]) / 6).sum(axis=0)
        return Z + 0.25, {"0.weight": right.T - 0.5, "0.bias": bias}

    yield lesson.bridge.parity_report(params, X, labels, framework), {"max_forward_diff": 0.25, "max_grad_diff": 0.5}


@oracle(12, "parity_report", "torch")
def parity_torch(lesson, rng):
    params, X, labels = network(rng, 5, 6, 4, 3), rng.normal(size=(7, 5)), rng.integers(0, 3, size=7)
    report = lesson.bridge.parity_report(params, X, labels, by_torch)
    yield {name: 1.0 + value for name, value in report.items()}, {"max_forward_diff": 1.0, "max_grad_diff": 1.0}


@oracle(12, "epoch_average", "numpy")
def average(lesson, rng):
    losses, sizes = rng.exponential(size=9), rng.integers(1, 33, size=9)
    yield lesson.accounting.epoch_average(losses.tolist(), sizes.tolist()), np.repeat(losses, sizes).mean()


@oracle(12, "accuracy_counter", "scikit-learn")
def counter(lesson, rng):
    batches = [(rng.normal(size=(m, 3)), rng.integers(0, 3, size=m)) for m in (7, 7, 2)]
    shares = [accuracy_score(labels, logits.argmax(axis=1), normalize=False) for logits, labels in batches]
    yield lesson.accounting.accuracy_counter(batches), (int(sum(shares)), 16)


@oracle(12, "cross_entropy", "scipy and scikit-learn")
def cross_entropy(lesson, rng):
    logits, labels = rng.normal(size=(7, 3)), rng.integers(0, 3, size=7)
    loss, dlogits = lesson.loop.cross_entropy(logits, labels)
    yield loss, log_loss(labels, np.exp(log_softmax(logits, axis=1)), labels=[0, 1, 2])
    yield dlogits, (softmax(logits, axis=1) - np.eye(3)[labels]) / 7


@oracle(12, "train_epoch", "loops")
def train_epoch(lesson, rng):
    layer = lesson.layers.Linear(4, 3, rng)
    W, b = layer.params()["W"].copy(), layer.params()["b"].copy()
    batches = [(rng.normal(size=(m, 4)), rng.integers(0, 3, size=m)) for m in (6, 5)]
    lesson.loop.train_epoch(layer, batches, lesson.loop.cross_entropy, lambda t: 0.5 / (1 + t), 2, 0.25)
    for t, (X, labels) in enumerate(batches, start=2):
        dout = (softmax(X @ W + b, axis=1) - np.eye(3)[labels]) / len(X)
        _, _, dW, db = linear_by_loops(X, W, b, dout)
        norm = np.linalg.norm(np.append(dW, db))
        W, b = W - 0.5 / (1 + t) * dW * min(1, 0.25 / norm), b - 0.5 / (1 + t) * db * min(1, 0.25 / norm)
    yield layer.params(), {"W": W, "b": b}


@oracle(12, "evaluate", "scikit-learn")
def evaluate(lesson, rng):
    layer, X, labels = lesson.layers.Linear(4, 3, rng), rng.normal(size=(20, 4)), rng.integers(0, 3, size=20)
    yield lesson.loop.evaluate(layer, X, labels), accuracy_score(labels, (X @ layer.params()["W"]).argmax(axis=1))


@oracle(12, "build_mlp", "scipy")
def build_mlp(lesson, rng):
    model, X = lesson.moons.build_mlp(3, [6, 5], 2, rng), rng.normal(size=(7, 3))
    p, A = model.params(), X
    for place in (0, 2):
        A = np.where(A @ p[f"{place}.W"] > 0, A @ p[f"{place}.W"], 0.0)
    yield model.forward(X), A @ p["4.W"]
