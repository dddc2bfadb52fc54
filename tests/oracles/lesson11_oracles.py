"""Oracles of lesson 11: scikit-learn, loops over single numbers, complex steps, and PyTorch where installed."""

import math
from fractions import Fraction

import numpy as np
from oracle_registry import oracle, slopes
from sklearn.preprocessing import StandardScaler


def gradients(rng, scale=1.0):
    """Gradients of a small network."""
    return {name: scale * rng.normal(size=shape) for name, shape in (("W1", (5, 4)), ("b1", 4), ("W2", (4, 3)))}


def block(rng, m, d, h):
    """X and the parameters of a residual block."""
    shapes = {"X": (m, d), "W1": (d, h), "b1": h, "W2": (h, d), "b2": d}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


@oracle(11, "standardize", "sklearn")
def _(lesson, rng):
    train, test = 30.0 * rng.normal(size=(9, 5)) + 70.0, rng.normal(size=(4, 5))
    train[:, 2] = 4.0
    scaler = StandardScaler().fit(train)
    yield lesson.scaling.standardize(train, test), (scaler.transform(train), scaler.transform(test))


@oracle(11, "clip_grad_norm", "math.fsum")
def _(lesson, rng):
    for scale, max_norm in ((3.0, 1.5), (0.1, 5.0)):
        grads = gradients(rng, scale)
        total = math.sqrt(math.fsum(float(g) ** 2 for one in grads.values() for g in one.flat))
        wanted = {name: one * min(1.0, max_norm / (total + 1e-6)) for name, one in grads.items()}
        yield lesson.clipping.clip_grad_norm(grads, max_norm), (wanted, total)


def exactly(share):
    """½ (1 + cos(π share)) by the series of the cosine, in fractions."""
    x = Fraction(math.pi) * Fraction(share)
    term, total = Fraction(1), Fraction(1)
    for k in range(1, 16):
        term *= -(x * x) / ((2 * k - 1) * (2 * k))
        total += term
    return float((1 + total) / 2)


@oracle(11, "step_decay", "repeated products")
def _(lesson, rng):
    rate, size, gamma = rng.uniform(0.1, 1.0), int(rng.integers(2, 7)), rng.uniform(0.2, 0.9)
    start = rate
    for t in range(30):
        rate *= gamma if t and t % size == 0 else 1.0
        yield lesson.schedules.step_decay(t, start, size, gamma), rate


@oracle(11, "cosine", "a series in fractions")
def _(lesson, rng):
    T, lr0, low = int(rng.integers(3, 20)), rng.uniform(0.1, 1.0), rng.uniform(0.0, 0.05)
    for t in range(T + 3):
        wave = exactly(Fraction(min(t, T), T))
        yield lesson.schedules.cosine(t, T, lr0, low), low + (lr0 - low) * wave


@oracle(11, "warmup", "a running sum")
def _(lesson, rng):
    n_warm, lr0 = int(rng.integers(2, 20)), rng.uniform(0.1, 1.0)
    rate = 0.0
    for t in range(2 * n_warm):
        rate = min(lr0, rate + lr0 / n_warm)
        yield lesson.schedules.warmup(t, n_warm, lr0), rate


@oracle(11, "one_cycle", "a series in fractions")
def _(lesson, rng):
    T, top = int(rng.integers(8, 30)), rng.uniform(0.1, 1.0)
    peak = Fraction(0.25) * T - 1
    for t in range(T + 3):
        late = t > peak
        share = (min(t, T - 1) - peak) / (T - 1 - peak) if late else t / peak
        start, end = (top, top / 10 / 100) if late else (top / 10, top)
        wanted = end + (start - end) * exactly(share)
        yield lesson.schedules.one_cycle(t, T, top, pct=0.25, div=10.0, final_div=100.0), wanted


@oracle(11, "gradient_norms", "complex step")
def _(lesson, rng):
    for activation, init, spread in (("sigmoid", "xavier", 1 / np.sqrt(4)), ("relu", "he", np.sqrt(2 / 4))):
        X, dA, seed = rng.normal(size=(5, 4)), rng.normal(size=(5, 4)), int(rng.integers(1000))
        draws = np.random.default_rng(seed)
        weights = {f"W{layer}": spread * draws.standard_normal((4, 4)) for layer in range(3)}

        def output(at, X=X, dA=dA, activation=activation):
            A = X
            for W in at.values():
                Z = A @ W
                A = 1 / (1 + np.exp(-Z)) if activation == "sigmoid" else np.where(Z.real > 0, Z, 0)
            return np.sum(dA * A)

        wanted = [math.sqrt(math.fsum(g**2 for g in one.flat)) for one in slopes(output, weights).values()]
        yield lesson.flow.gradient_norms(X, dA, 3, activation, init, np.random.default_rng(seed)), wanted


def through(at):
    """The output of a block, for complex numbers too."""
    Z = at["X"] @ at["W1"] + at["b1"]
    return at["X"] + np.where(Z.real > 0, Z, 0) @ at["W2"] + at["b2"]


@oracle(11, "residual_forward", "loops")
def _(lesson, rng):
    at = block(rng, 4, 3, 5)
    wanted = np.empty((4, 3))
    for i, x in enumerate(at["X"]):
        hidden = [max(0.0, math.fsum([*(x * at["W1"][:, q]), at["b1"][q]])) for q in range(5)]
        wanted[i] = [math.fsum([x[p], *(hidden * at["W2"][:, p]), at["b2"][p]]) for p in range(3)]
    yield lesson.residual.residual_forward(*at.values())[0], wanted


@oracle(11, "residual_backward", "complex step")
def _(lesson, rng):
    at, dout = block(rng, 6, 4, 5), rng.normal(size=(6, 4))
    wanted = slopes(lambda at: np.sum(dout * through(at)), at)
    found = lesson.residual.residual_backward(dout, lesson.residual.residual_forward(*at.values())[1])
    yield found, (wanted.pop("X"), wanted)


@oracle(11, "clip_grad_norm", "torch")
def _(lesson, rng):
    import torch

    for max_norm in (1.5, 100.0):
        grads = gradients(rng, 3.0)
        parameters = [torch.nn.Parameter(torch.zeros(one.shape, dtype=torch.float64)) for one in grads.values()]
        for parameter, one in zip(parameters, grads.values(), strict=True):
            parameter.grad = torch.tensor(one)
        total = torch.nn.utils.clip_grad_norm_(parameters, max_norm)
        wanted = {name: parameter.grad.numpy() for name, parameter in zip(grads, parameters, strict=True)}
        yield lesson.clipping.clip_grad_norm(grads, max_norm), (wanted, float(total))


def scheduled(count, lr, make):
    """The rates that a scheduler of torch sets, one after the other."""
    import torch

    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr)
    scheduler, rates = make(torch.optim.lr_scheduler, optimizer), []
    for _ in range(count):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


@oracle(11, "step_decay", "torch")
def _(lesson, rng):
    lr, gamma = rng.uniform(0.1, 1.0), rng.uniform(0.2, 0.9)
    wanted = scheduled(20, lr, lambda rules, optimizer: rules.StepLR(optimizer, 4, gamma))
    yield [lesson.schedules.step_decay(t, lr, 4, gamma) for t in range(20)], wanted


@oracle(11, "cosine", "torch")
def _(lesson, rng):
    lr, low = rng.uniform(0.1, 1.0), rng.uniform(0.0, 0.05)
    wanted = scheduled(13, lr, lambda rules, optimizer: rules.CosineAnnealingLR(optimizer, 12, low))
    yield [lesson.schedules.cosine(t, 12, lr, low) for t in range(13)], wanted


@oracle(11, "warmup", "torch")
def _(lesson, rng):
    lr = rng.uniform(0.1, 1.0)
    wanted = scheduled(12, lr, lambda rules, one: rules.LambdaLR(one, lambda t: min(1.0, (t + 1) / 7)))
    yield [lesson.schedules.warmup(t, 7, lr) for t in range(12)], wanted


@oracle(11, "one_cycle", "torch")
def _(lesson, rng):
    lr, T = rng.uniform(0.1, 1.0), 23
    wanted = scheduled(
        T - 1, lr, lambda rules, optimizer: rules.OneCycleLR(optimizer, lr, total_steps=T, cycle_momentum=False)
    )
    yield [lesson.schedules.one_cycle(t, T, lr) for t in range(T - 1)], wanted


@oracle(11, "residual_backward", "torch")
def _(lesson, rng):
    import torch

    at, dout = block(rng, 6, 4, 5), rng.normal(size=(6, 4))
    X, W1, b1, W2, b2 = tensors = [torch.tensor(one, requires_grad=True) for one in at.values()]
    out = X + torch.relu(X @ W1 + b1) @ W2 + b2
    out.backward(torch.tensor(dout))
    ours, cache = lesson.residual.residual_forward(*at.values())
    yield ours, out.detach().numpy()
    wanted = {name: one.grad.numpy() for name, one in zip(at, tensors, strict=True)}
    yield lesson.residual.residual_backward(dout, cache), (wanted.pop("X"), wanted)
