"""Other tests that tell right from wrong."""

import math

import numpy as np
from nnedu.checking import variant


def _near(found, wanted, within=1e-6):
    return np.shape(found) == np.shape(wanted) and bool(np.max(np.abs(np.subtract(found, wanted))) < within)


@variant("check_softmax", "with assertions that nobody catches")
def softmax_asserts(softmax):
    rng = np.random.default_rng(3)
    for shape in ((2, 4, 3), (5, 2), (3,)):
        Z = 100.0 * rng.normal(size=shape)
        kept = Z.copy()
        P = softmax(Z)
        assert np.array_equal(Z, kept)
        ours = np.exp(kept - kept.max(axis=-1, keepdims=True))
        assert _near(P, ours / ours.sum(axis=-1, keepdims=True)), shape
    apart = softmax(np.array([[3000.0, 3001.0], [-3000.0, -3001.0]]))
    assert _near(apart.sum(axis=1), np.ones(2))
    assert _near(apart[0] + apart[1], np.ones(2))
    return []


@variant("check_softmax", "by properties: sums, ratios, shifts")
def softmax_properties(softmax):
    rng, wrong = np.random.default_rng(8), []
    for shape in ((4, 3), (2, 5, 3)):
        Z = rng.normal(size=shape)
        given = Z.copy()
        P = softmax(given)
        wrong += ["changes Z"] * (not np.array_equal(given, Z))
        wrong += ["rows do not sum to 1"] * (not _near(P.sum(axis=-1), np.ones(shape[:-1])))
        wrong += ["ratios"] * (not _near(np.log(P[..., :1] / P), Z[..., :1] - Z))
        shift = rng.choice([-900.0, 0.0, 900.0], size=(*shape[:-1], 1))
        wrong += ["a shift of a row matters"] * (not _near(softmax(Z + shift), P))
    return wrong


@variant("check_softmax", "row by row, with math.exp")
def softmax_math(softmax):
    Z = np.array([[[720.0, 719.0, 718.0], [0.0, 1.0, 50.0]], [[-720.0, -721.0, -719.0], [-2.0, 0.5, 0.25]]])
    kept, wrong = Z.tolist(), []
    P = softmax(Z).tolist()
    for i in range(2):
        for j in range(2):
            total = sum(math.exp(z - max(kept[i][j])) for z in kept[i][j])
            for z, p in zip(kept[i][j], P[i][j], strict=True):
                if not abs(p - math.exp(z - max(kept[i][j])) / total) < 1e-9:
                    wrong.append(f"{z} in {kept[i][j]}")
    return wrong + ["Z has changed"] * (Z.tolist() != kept)


def _logits(X, params):
    A = X
    for layer in range(1, len(params) // 2 + 1):
        Z = A @ params[f"W{layer}"] + params[f"b{layer}"]
        A = np.maximum(Z, 0.0)
    return Z


def _mean_loss(X, Y, params, output):
    Z = _logits(X, params)
    if output == "linear":
        return np.mean((Z - Y) ** 2)
    if output == "softmax":
        return -np.sum(Y * (Z - np.log(np.exp(Z).sum(axis=1, keepdims=True)))) / len(Z)
    return np.mean(np.log(1 + np.exp(Z)) - Y * Z)


def _random_network(rng, sizes):
    params = {}
    for i in range(1, len(sizes)):
        params |= {f"W{i}": rng.normal(size=(sizes[i - 1], sizes[i])), f"b{i}": rng.normal(size=sizes[i])}
    return params


@variant("check_backprop", "along random directions of one parameter each")
def backprop_directions(backprop):
    rng, wrong = np.random.default_rng(5), []
    for output in ("linear", "sigmoid", "softmax"):
        X, Y, params = rng.normal(size=(6, 4)), np.eye(3)[rng.integers(3, size=6)], _random_network(rng, (4, 5, 6, 3))
        kept = {name: value.copy() for name, value in params.items()}
        grads = backprop(X, Y, params, output=output)
        for name, value in kept.items():
            wrong += [f"{name} is changed"] * (not np.array_equal(params[name], value))
            for _ in range(3):
                step = 1e-5 * rng.normal(size=value.shape)
                rise = _mean_loss(X, Y, kept | {name: value + step}, output)
                rise -= _mean_loss(X, Y, kept | {name: value - step}, output)
                wrong += [f"{output} {name}"] * (not abs(rise / 2 - np.sum(grads[name] * step)) < 1e-10)
    return wrong


@variant("check_backprop", "against the chain rule, sample by sample")
def backprop_samples(backprop):
    rng, wrong = np.random.default_rng(6), []
    for output, factor in (("softmax", 1.0), ("sigmoid", 0.5), ("linear", 1.0)):
        X, Y, params = rng.normal(size=(5, 3)), np.eye(2)[rng.integers(2, size=5)], _random_network(rng, (3, 4, 6, 2))
        W1, b1, W2, b2, W3, b3 = params.values()
        wanted = {name: np.zeros_like(value) for name, value in params.items()}
        for x, y in zip(X, Y, strict=True):
            z1 = x @ W1 + b1
            z2 = np.maximum(z1, 0) @ W2 + b2
            z3 = np.maximum(z2, 0) @ W3 + b3
            a = {"linear": z3, "sigmoid": 1 / (1 + np.exp(-z3)), "softmax": np.exp(z3) / np.exp(z3).sum()}[output]
            d3 = factor * (a - y) / 5
            d2 = (W3 @ d3) * (z2 > 0)
            d1 = (W2 @ d2) * (z1 > 0)
            for i, (before, d) in enumerate([(x, d1), (np.maximum(z1, 0), d2), (np.maximum(z2, 0), d3)], start=1):
                wanted[f"W{i}"] += np.outer(before, d)
                wanted[f"b{i}"] += d
        kept = {name: value.copy() for name, value in params.items()}
        grads = backprop(X, Y, params, output)
        wrong += [f"{output} {name}" for name in wanted if not _near(grads[name], wanted[name])]
        wrong += [f"{name} moved" for name in kept if not np.array_equal(kept[name], params[name])]
    return wrong


@variant("check_backprop", "with read-only arrays and central differences of all parameters in one row")
def backprop_flat(backprop):
    rng = np.random.default_rng(7)
    for output, sizes in (("sigmoid", (2, 3, 4, 5)), ("softmax", (2, 4, 3)), ("linear", (3, 2))):
        params = _random_network(rng, sizes)
        X, Y = rng.normal(size=(4, sizes[0])), np.eye(sizes[-1])[rng.integers(sizes[-1], size=4)]
        for one in (X, Y, *params.values()):
            one.flags.writeable = False
        ends = np.cumsum([value.size for value in params.values()])
        row = np.concatenate([value.ravel() for value in params.values()])

        def loss(row, X=X, Y=Y, ends=ends, params=params, output=output):
            parts = zip(params.items(), np.split(row, ends[:-1]), strict=True)
            return _mean_loss(X, Y, {name: part.reshape(value.shape) for (name, value), part in parts}, output)

        slopes = [(loss(row + step) - loss(row - step)) / 2e-5 for step in 1e-5 * np.eye(len(row))]
        grads = backprop(X, Y, params, output)
        if not _near(np.concatenate([grads[name].ravel() for name in params]), np.array(slopes)):
            return [output]
    return []


@variant("check_adam", "number by number")
def adam_numbers(adam_update):
    rng, wrong = np.random.default_rng(1), []
    p, m, v = np.zeros(3), np.zeros(3), np.zeros(3)
    for t in range(1, 4):
        g = np.array([2.0, -0.3, 0.7]) * rng.uniform(0.5, 1.5)
        kept = p.copy(), m.copy(), v.copy()
        p2, m2, v2 = adam_update(p, g, m, v, t, 0.5)
        wrong += ["changed"] * (not all(map(np.array_equal, (p, m, v), kept)))
        p, m, v = kept
        for i in range(3):
            mi, vi = 0.9 * m[i] + 0.1 * g[i], 0.999 * v[i] + 0.001 * g[i] ** 2
            pi = p[i] - 0.5 * (mi / (1 - 0.9**t)) / (math.sqrt(vi / (1 - 0.999**t)) + 1e-8)
            close = abs(m2[i] - mi) < 1e-9 and abs(v2[i] - vi) < 1e-9 and abs(p2[i] - pi) < 1e-5
            wrong += [f"entry {i} of step {t}"] * (not close)
        p, m, v = (np.array(one) for one in (p2, m2, v2))
    after, _, _ = adam_update(np.zeros(1), np.array([2e-4]), np.zeros(1), np.zeros(1), 1, 1.0)
    return wrong + ["small gradients"] * (not abs(after[0] + 1.0) < 0.01)


@variant("check_adam", "with other hyperparameters, and assertions")
def adam_asserts(adam_update):
    rng = np.random.default_rng(2)
    states = [rng.normal(size=(2, 3)), rng.normal(size=(2, 3)), rng.uniform(1.0, 2.0, size=(2, 3))]
    for t in (1, 3, 10):
        g = rng.normal(size=(2, 3)) + 3.0
        given = [one.copy() for one in states]
        p, m, v = adam_update(given[0], g, given[1], given[2], t=t, lr=0.2, beta1=0.7, beta2=0.8, eps=1e-8)
        assert all(map(np.array_equal, given, states))
        states[1] = 0.7 * states[1] + 0.3 * g
        states[2] = 0.8 * states[2] + 0.2 * g * g
        states[0] = states[0] - 0.2 * np.sqrt(1 - 0.8**t) / (1 - 0.7**t) * states[1] / np.sqrt(states[2])
        assert _near(p, states[0])
        assert _near(m, states[1])
        assert _near(v, states[2])
    for size in (5e-5, 1e-3):
        p, _, _ = adam_update(np.zeros((1, 1)), np.full((1, 1), size), np.zeros((1, 1)), np.zeros((1, 1)), 1, lr=1.0)
        assert -1.001 < p[0, 0] < -0.95
    return []


@variant("check_adam", "by what is known: first steps, later ones from saved states")
def adam_known(adam_update):
    zero, g, wrong = np.zeros(4), np.array([1.0, -20.0, 0.5, 300.0]), []
    moments = zero.copy(), zero.copy()
    p, m, v = adam_update(zero, g, *moments, 1, 0.1)
    wrong += ["the first step is lr long"] * (not _near(p, -0.1 * np.sign(g)))
    wrong += ["moments"] * (not _near(m, 0.1 * g) or not _near(v, 0.001 * g**2))
    wrong += ["writes into the moments"] * bool(np.any(moments[0]) or np.any(moments[1]))
    p, _, _ = adam_update(zero, g, 0.1 * g, 0.001 * g**2, 2, 0.1)
    wrong += ["the same gradient once more is a step of lr, too"] * (not _near(p, -0.1 * np.sign(g)))
    p, _, _ = adam_update(zero, 1e-4 * np.sign(g), zero, zero, 1, 0.1)
    return wrong + ["small gradients"] * (not _near(p, -0.1 * np.sign(g), 0.005))


def _norm(X, gamma, beta, mean, var, eps):
    return gamma * (X - mean) / np.sqrt(var + eps) + beta


@variant("check_batchnorm", "with the gradient in closed form")
def batchnorm_closed(batchnorm_forward, batchnorm_backward):
    rng, wrong = np.random.default_rng(4), []
    X, dout = rng.normal(size=(6, 4)), rng.normal(size=(6, 4))
    gamma, beta, mean, var = rng.uniform(0.5, 2.0, size=(4, 4))
    kept = mean.copy(), var.copy()
    out, cache, new_mean, new_var = batchnorm_forward(X, gamma, beta, mean, var, momentum=0.3, eps=0.2)
    wrong += ["in place"] * (not all(map(np.array_equal, kept, (mean, var))))
    mean, var = kept
    wrong += ["out"] * (not _near(out, _norm(X, gamma, beta, X.mean(0), X.var(0), 0.2)))
    wrong += ["mean"] * (not _near(new_mean, 0.7 * mean + 0.3 * X.mean(0)))
    wrong += ["var"] * (not _near(new_var, 0.7 * var + 0.3 * X.var(0)))
    std = np.sqrt(X.var(0) + 0.2)
    X_hat, m = (X - X.mean(0)) / std, 6
    dX, dgamma, dbeta = batchnorm_backward(dout, cache)
    full = gamma / (m * std) * (m * dout - dout.sum(0) - X_hat * (dout * X_hat).sum(0))
    wrong += ["dX"] * (not _near(dX, full)) + ["dbeta"] * (not _near(dbeta, dout.sum(0)))
    wrong += ["dgamma"] * (not _near(dgamma, (dout * X_hat).sum(0)))
    out, _, same_mean, same_var = batchnorm_forward(X, gamma, beta, mean, var, training=False, eps=0.2)
    wrong += ["evaluation"] * (not _near(out, _norm(X, gamma, beta, mean, var, 0.2)))
    return wrong + ["moves"] * (not _near(same_mean, mean) or not _near(same_var, var))


@variant("check_batchnorm", "by properties, and along random directions")
def batchnorm_properties(batchnorm_forward, batchnorm_backward):
    rng = np.random.default_rng(9)
    X, dout, ones, zeros = 5.0 + rng.normal(size=(7, 2)), rng.normal(size=(7, 2)), np.ones(2), np.zeros(2)

    def forward(X, **more):
        return batchnorm_forward(X, 2.0 * ones, 3.0 * ones, zeros.copy(), ones.copy(), **more)

    out, cache, mean, var = forward(X, eps=0.0, momentum=1.0)
    assert _near(out.mean(axis=0), [3.0, 3.0])
    assert _near(out.std(axis=0), [2.0, 2.0])
    assert _near(mean, X.mean(axis=0))
    assert _near(var, X.var(axis=0))
    for row in (X[:1], X[2:5]):
        assert _near(forward(row, training=False, eps=3.0)[0], row + 3.0)
    dX = batchnorm_backward(dout, cache)[0]
    for _ in range(5):
        step = 1e-5 * rng.normal(size=X.shape)
        rise = np.sum(dout * (forward(X + step, eps=0.0)[0] - forward(X - step, eps=0.0)[0])) / 2
        assert abs(rise - np.sum(dX * step)) < 1e-9
    running = zeros.copy(), ones.copy()
    batchnorm_forward(X, ones, zeros, *running)
    assert not running[0].any()
    assert np.array_equal(running[1], ones)
    return []


@variant("check_batchnorm", "with loops over features and read-only arrays")
def batchnorm_loops(batchnorm_forward, batchnorm_backward):
    rng, wrong = np.random.default_rng(11), []
    X, dout, gamma, beta = (rng.normal(size=size) for size in ((4, 3), (4, 3), 3, 3))
    mean, var = np.array([1.0, 2.0, 3.0]), np.array([0.25, 4.0, 1.0])
    for one in (X, dout, gamma, beta, mean, var):
        one.flags.writeable = False
    for training in (True, False):
        out, cache, mean2, var2 = batchnorm_forward(X, gamma, beta, mean, var, training=training, momentum=0.5, eps=1.0)
        for j in range(3):
            a, s = (X[:, j].mean(), X[:, j].var()) if training else (mean[j], var[j])
            wrong += ["out"] * (not _near(out[:, j], gamma[j] * (X[:, j] - a) / math.sqrt(s + 1.0) + beta[j]))
            wrong += ["running"] * (not _near([mean2[j], var2[j]], [(mean[j] + a) / 2, (var[j] + s) / 2]))
        if training:
            dX, dgamma, dbeta = batchnorm_backward(dout, cache)
            wrong += ["dX sums to 0 in each column"] * (not _near(dX.sum(axis=0), np.zeros(3)))
            X_hat = (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + 1.0)
            wrong += ["dX, seen along X"] * (not _near((dX * X).sum(axis=0), _along(X, dout, gamma)))
            wrong += ["dgamma"] * (not _near(dgamma, (dout * X_hat).sum(axis=0)))
            wrong += ["dbeta"] * (not _near(dbeta, dout.sum(axis=0)))
    return wrong


def _along(X, dout, gamma):
    """How the loss changes where X is stretched: by central differences."""

    def loss(scale):
        Z = scale * X
        return np.sum(dout * gamma * (Z - Z.mean(axis=0)) / np.sqrt(Z.var(axis=0) + 1.0), axis=0)

    return (loss(1.0 + 1e-5) - loss(1.0 - 1e-5)) / 2e-5
