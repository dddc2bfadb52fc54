"""Right answers to moons.py, written differently."""

import numpy as np
from layers import Linear, ReLU, sgd_step
from loop import clip_gradients, train_epoch
from nnedu.checking import variant
from sequential import Sequential


@variant("build_mlp", "with the last layer by itself")
def mlp_last(input_dim, hidden_dims, output_dim, rng):
    layers, n_in = [], input_dim
    for n_out in hidden_dims:
        layers.extend([Linear(n_in, n_out, rng), ReLU()])
        n_in = n_out
    layers.append(Linear(n_in, output_dim, rng))
    return Sequential(*layers)


@variant("build_mlp", "with the list turned round")
def mlp_pop(input_dim, hidden_dims, output_dim, rng):
    dims = [input_dim] + list(hidden_dims) + [output_dim]
    layers = [make for i in range(len(dims) - 1) for make in (Linear(dims[i], dims[i + 1], rng), ReLU())]
    layers.pop()
    return Sequential(*layers)


@variant("build_mlp", "from the end")
def mlp_from_the_end(input_dim, hidden_dims, output_dim, rng):
    dims, layers = (input_dim, *hidden_dims, output_dim), []
    for i in reversed(range(len(dims) - 1)):
        layers.insert(0, Linear(dims[i], dims[i + 1], rng))
        if i:
            layers.insert(0, ReLU())
    return Sequential(*layers)


def _bce(Z, y):
    softplus = np.maximum(Z, 0.0) + np.log1p(np.exp(-np.abs(Z)))
    P = np.where(Z >= 0, 1.0, np.exp(-np.abs(Z))) / (1.0 + np.exp(-np.abs(Z)))
    return float(np.mean(softplus - y * Z)), (P - y) / len(y)


def _checked(X, y):
    if y.ndim != 2 or y.shape != (X.shape[0], 1):
        raise ValueError("y")


@variant("fit", "by train_epoch")
def fit_epochs(model, X, y, rng, epochs=200, lr=0.5, batch_size=32):
    _checked(X, y)
    history, step = [], 0
    for _ in range(epochs):
        order = rng.permutation(len(X))
        rows = [order[at : at + batch_size] for at in range(0, len(X), batch_size)]
        losses, step = train_epoch(model, [(X[r], y[r]) for r in rows], _bce, lambda _: lr, step)
        history.append(sum(a * len(r) for a, r in zip(losses, rows, strict=True)) / len(X))
    return history


@variant("fit", "with shuffled copies")
def fit_shuffled(model, X, y, rng, epochs=200, lr=0.5, batch_size=32):
    _checked(X, y)
    model.train()
    both, history = np.hstack([X, y]), []
    for _ in range(epochs):
        rng.shuffle(both)
        losses, sizes = [], []
        for batch in np.split(both, range(batch_size, len(both), batch_size)):
            loss, dZ = _bce(model.forward(batch[:, :-1]), batch[:, -1:])
            model.zero_grad()
            model.backward(dZ)
            sgd_step(model, lr)
            losses.append(loss)
            sizes.append(len(batch))
        history.append(float(np.average(losses, weights=sizes)))
    return history


@variant("fit", "with an order by random numbers")
def fit_argsort(model, X, y, rng, epochs=200, lr=0.5, batch_size=32):
    _checked(X, y)
    m, history = len(X), []
    for _ in range(epochs):
        model.train()
        order, total, at = np.argsort(rng.random(m)), 0.0, 0
        while at < m:
            rows = order[at : at + batch_size]
            model.zero_grad()
            loss, dZ = _bce(model.forward(X[rows]), y[rows])
            model.backward(dZ)
            clip_gradients(model, np.inf)
            sgd_step(model, lr)
            total, at = total + loss * len(rows), at + len(rows)
        history.append(total / m)
    return history
