"""Oracles of lesson 13: complex steps, games played in every order, scikit-learn, and PyTorch where installed."""

from itertools import permutations
from math import fsum

import numpy as np
from oracle_registry import complex_step, network, oracle
from sklearn.linear_model import LinearRegression
from sklearn.metrics import accuracy_score


def logits(x, params):
    """The logits for one input, for complex numbers too, without a matrix product."""
    layers = len(params) // 2
    for layer in range(1, layers + 1):
        x = np.einsum("p,pq->q", x, params[f"W{layer}"]) + params[f"b{layer}"]
        if layer < layers:
            x = np.where(x.real > 0, x, 0)
    return x


def curved(rng, n):
    """A function of rows in which all features act together."""
    U, v = rng.normal(size=(n, 5)), rng.normal(size=5)
    return lambda X: np.tanh(X @ U) @ v + np.prod(1.0 + 0.3 * X, axis=1)


@oracle(13, "saliency", "complex step")
def _(lesson, rng):
    for sizes in ((5, 3), (5, 6, 4), (4, 7, 5, 3)):
        X, params, target = rng.normal(size=(6, sizes[0])), network(rng, sizes), rng.integers(0, sizes[-1], size=6)
        wanted = [
            complex_step(lambda at, k=k, params=params: logits(at, params)[k], x)
            for x, k in zip(X, target, strict=True)
        ]
        yield lesson.saliency.saliency(X, params, target), wanted


@oracle(13, "maximize", "complex step")
def _(lesson, rng):
    params, x0 = network(rng, (6, 8, 5, 3)), rng.uniform(-0.5, 1.5, size=6)

    def J(x):
        return logits(x, params)[1] - 0.1 * np.sum(x * x)

    x, trace = np.array([min(max(one, 0.0), 1.0) for one in x0]), []
    for _ in range(10):
        trace.append(J(x).real)
        x = np.array([min(max(one, 0.0), 1.0) for one in x + 0.03 * complex_step(J, x)])
    yield lesson.ascent.maximize(params, 1, x0, 10, 0.03, l2=0.1), (x, [*trace, J(x).real])


@oracle(13, "occlusion_map", "one row at a time")
def _(lesson, rng):
    f, x, baseline, groups = curved(rng, 5), rng.normal(size=5), rng.normal(size=5), [[0], [1, 3], [4, 0, 2], [3]]
    wanted = []
    for group in groups:
        row = [baseline[j] if j in group else x[j] for j in range(5)]
        wanted.append(f(x[None])[0] - f(np.array([row]))[0])
    yield lesson.attribution.occlusion_map(f, x, baseline, groups), wanted


@oracle(13, "shapley_values", "every order of arrival")
def _(lesson, rng):
    for n in (1, 3, 5):
        f, x, baseline, gains = curved(rng, n), rng.normal(size=n), rng.normal(size=n), [[] for _ in range(n)]
        for order in permutations(range(n)):
            for place, i in enumerate(order):
                before, after = (
                    f(np.array([[x[j] if j in here else baseline[j] for j in range(n)]]))[0]
                    for here in (order[:place], order[: place + 1])
                )
                gains[i].append(after - before)
        yield lesson.attribution.shapley_values(f, x, baseline), [fsum(one) / len(one) for one in gains]


@oracle(13, "lime_explain", "sklearn")
def _(lesson, rng):
    for n in (1, 4):
        f, x, seed = curved(rng, n), rng.normal(size=n), int(rng.integers(1000))
        Z = x + 0.4 * np.random.default_rng(seed).normal(size=(500, n))
        line = LinearRegression().fit(Z, f(Z), sample_weight=np.exp(-np.sum((Z - x) ** 2, axis=1) / 0.6**2))
        found = lesson.lime.lime_explain(f, x, np.random.default_rng(seed), 500, 0.4, 0.6)
        yield found, (line.coef_, line.intercept_)


@oracle(13, "find_the_shortcut", "sklearn and one image at a time")
def _(lesson, rng):
    params, X, y = network(rng, (6, 7, 3)), rng.uniform(size=(20, 6)), rng.integers(0, 3, size=20)
    whole, drop, guesses = np.array([logits(x, params) for x in X]), [], []
    for j in range(6):
        middle = fsum(X[:, j]) / 20
        Z = np.array([logits(np.where(np.arange(6) == j, middle, x), params) for x in X])
        drop.append(fsum(whole[i, y[i]] - Z[i, y[i]] for i in range(20)) / 20)
        guesses.append(Z.argmax(axis=1))
    pixel = drop.index(max(drop))
    shares = accuracy_score(y, whole.argmax(axis=1)), accuracy_score(y, guesses[pixel])
    wanted = dict(zip(("drop", "accuracy", "accuracy_without"), (drop, *shares), strict=True))
    yield lesson.shortcut.find_the_shortcut(params, X, y), (pixel, wanted)


def torch_logits(X, params):
    """The logits by torch, for gradients."""
    import torch

    layers = len(params) // 2
    for layer in range(1, layers + 1):
        X = X @ torch.tensor(params[f"W{layer}"]) + torch.tensor(params[f"b{layer}"])
        if layer < layers:
            X = torch.relu(X)
    return X


@oracle(13, "saliency", "torch")
def _(lesson, rng):
    import torch

    for sizes in ((5, 3), (5, 6, 4), (4, 7, 5, 3)):
        X, params, target = rng.normal(size=(6, sizes[0])), network(rng, sizes), rng.integers(0, sizes[-1], size=6)
        at = torch.tensor(X, requires_grad=True)
        torch_logits(at, params)[torch.arange(6), torch.tensor(target)].sum().backward()
        yield lesson.saliency.saliency(X, params, target), at.grad.numpy()


@oracle(13, "maximize", "torch")
def _(lesson, rng):
    import torch

    params, x0 = network(rng, (6, 8, 5, 3)), rng.uniform(-0.5, 1.5, size=6)
    x, trace = torch.nn.Parameter(torch.tensor(x0).clamp(0.0, 1.0)), []
    optimizer = torch.optim.SGD([x], lr=0.03, weight_decay=0.2, maximize=False)
    for _ in range(10):
        optimizer.zero_grad()
        loss = -torch_logits(x[None], params)[0, 1]
        trace.append(-loss.item() - 0.1 * float((x.detach() ** 2).sum()))
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            x.clamp_(0.0, 1.0)
    trace.append(float(torch_logits(x[None], params)[0, 1].detach() - 0.1 * (x.detach() ** 2).sum()))
    yield lesson.ascent.maximize(params, 1, x0, 10, 0.03, l2=0.1), (x.detach().numpy(), trace)
