"""Figures of lesson 11: inputs of one scale, clipping, schedules, gradients by layer, and four curves to read."""

import numpy as np
from drawing import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, panels, solution
from matplotlib.figure import Figure

_scaling = solution("lesson11_training", "scaling")
_clipping = solution("lesson11_training", "clipping")
_schedules = solution("lesson11_training", "schedules")
_flow = solution("lesson11_training", "flow")


def scales() -> Figure:
    """Draw the steps of gradient descent on two features, raw and standardised."""
    rng = np.random.default_rng(2)
    raw = np.column_stack([rng.normal(0.0, 4.0, 60), rng.normal(0.0, 0.6, 60)])
    figure, all_axes = panels(2, height=2.9)
    for X, lr, title, axes in (
        (raw, 0.03, "raw: spreads 4 and 0.6", all_axes[0]),
        (_scaling.standardize(raw, raw)[0], 0.4, "standardised: spreads 1 and 1", all_axes[1]),
    ):
        target = np.array([1.0, 1.0])
        H = X.T @ X / len(X)
        at = np.array([-0.2, -0.8])
        path = [at]
        for _ in range(15):
            at = at - 2.0 * lr * H @ (at - target)
            path.append(at)
        grid = np.meshgrid(np.linspace(-0.6, 2.4, 60), np.linspace(-1.2, 2.2, 60))
        away = np.stack(grid, axis=-1) - target
        loss = np.einsum("abi,ij,abj->ab", away, H, away)
        axes.contour(
            *grid, loss, levels=loss.max() * np.array([0.01, 0.05, 0.15, 0.35, 0.65]), colors=GREY, linewidths=0.7
        )
        axes.plot(*np.transpose(path), color=ORANGE, marker="o", ms=3)
        axes.plot(*target, "+", color=INK, ms=9)
        axes.set(title=title, xlabel="weight of feature 1")
    all_axes[0].set_ylabel("weight of feature 2")
    return figure


def clipping() -> Figure:
    """Draw a step in the plane, clipped in three ways."""
    grads = {"w": np.array([3.0]), "b": np.array([1.0])}
    clipped, _ = _clipping.clip_grad_norm(grads, 1.5)
    figure, (axes,) = panels(1, height=2.5, width=5.6)
    angle = np.linspace(0.0, np.pi / 2, 60)
    axes.plot(1.5 * np.cos(angle), 1.5 * np.sin(angle), color=GREY, linestyle="--", linewidth=1.0)
    for (x, y), colour, text, place in (
        ((3.0, 1.0), GREY, "the gradients", (5, -4)),
        ((1.5, 1.0), ORANGE, "each entry cut off:\nanother direction", (5, 4)),
        ((clipped["w"][0], clipped["b"][0]), BLUE, "clipped by the norm", (0, -14)),
    ):
        axes.annotate("", (x, y), (0, 0), arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 1.8})
        axes.annotate(text, (x, y), place, textcoords="offset points", color=colour, size=8.5)
    axes.set(xlim=(0, 4.1), ylim=(0, 1.6), xlabel="gradient of w", ylabel="of b")
    axes.set_aspect("equal")
    return figure


def schedules() -> Figure:
    """Draw the four schedules over 100 steps."""
    steps = range(100)
    figure, (axes,) = panels(1, height=2.7, width=6.8)
    for rates, colour, label in (
        ([_schedules.step_decay(t, 1.0, 30, 0.5) for t in steps], BLUE, "step_decay, 30 steps, gamma 0.5"),
        ([_schedules.cosine(t, 100, 1.0) for t in steps], ORANGE, "cosine, T = 100"),
        ([_schedules.warmup(t, 20, 0.7) for t in steps], GREEN, "warmup, n_warm = 20, lr0 = 0.7"),
        ([_schedules.one_cycle(t, 100, 0.9) for t in steps], PURPLE, "one_cycle, lr_max = 0.9"),
    ):
        axes.plot(steps, rates, color=colour, label=label)
    axes.set(xlabel="t", ylabel="rate", xlim=(0, 99), ylim=(0, 1.1))
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return figure


def layers() -> Figure:
    """Draw the norms of the gradients of ten layers, for two activations and two spreads."""
    rng = np.random.default_rng(6)
    X, dA = rng.normal(size=(32, 64)), rng.normal(size=(32, 64))
    figure, (axes,) = panels(1, height=2.9, width=6.8)
    for activation, init, colour, dash in (
        ("relu", "he", BLUE, "-"),
        ("relu", "small", BLUE, ":"),
        ("sigmoid", "xavier", ORANGE, "-"),
        ("sigmoid", "small", ORANGE, ":"),
    ):
        norms = _flow.gradient_norms(X, dA, 10, activation, init, np.random.default_rng(1))
        axes.semilogy(
            range(1, 11), norms, color=colour, linestyle=dash, marker="o", ms=3, label=f"{activation}, {init}"
        )
    axes.set(xlabel="layer, from the input", ylabel="norm of the gradient of W", xlim=(0.8, 10.2), ylim=(1e-16, 1e4))
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return figure


def _trained(lr: float, epochs: int, m: int, hidden: int, rng: np.random.Generator) -> list[tuple[float, float]]:
    """Training and validation losses of a network with one hidden layer of tanh."""
    sets = []
    for count in (m, 300):
        X = rng.normal(size=(count, 2))
        sets.append((X, ((X[:, :1] ** 2 + X[:, 1:] > 0.7) ^ (rng.random((count, 1)) < 0.12)).astype(float)))
    params = [
        rng.normal(0, 0.7, (2, hidden)),
        np.zeros(hidden),
        rng.normal(0, 1 / np.sqrt(hidden), (hidden, 1)),
        np.zeros(1),
    ]
    losses = []
    for _ in range(epochs):
        row = []
        for X, y in sets[::-1]:
            A = np.tanh(X @ params[0] + params[1])
            P = 1 / (1 + np.exp(-np.clip(A @ params[2] + params[3], -30, 30)))
            row.append(float(-np.mean(np.log(np.where(y > 0.5, P, 1 - P)))))
        delta = (P - y) / len(y)
        inner = delta @ params[2].T * (1 - A**2)
        grads = [X.T @ inner, inner.sum(axis=0), A.T @ delta, delta.sum(axis=0)]
        params = [value - lr * grad for value, grad in zip(params, grads, strict=True)]
        losses.append((row[1], row[0]))
    return losses


def curves() -> Figure:
    """Draw what four trainings look like from outside."""
    figure, all_axes = panels(4, height=2.3, width=8.4, sharey=True)
    for axes, (title, lr, epochs, m, hidden) in zip(
        all_axes,
        (
            ("as it should be", 1.0, 400, 300, 16),
            ("rate too low", 0.01, 400, 300, 16),
            ("rate too high", 14.0, 400, 300, 16),
            ("overfitting", 0.6, 600, 30, 64),
        ),
        strict=True,
    ):
        training, validation = zip(*_trained(lr, epochs, m, hidden, np.random.default_rng(7)), strict=True)
        every = max(1, epochs // 200)
        axes.plot(range(0, epochs, every), training[::every], color=BLUE, linewidth=1.3, label="training")
        axes.plot(range(0, epochs, every), validation[::every], color=ORANGE, linewidth=1.3, label="validation")
        axes.set(title=title, xlabel="epoch", ylim=(0, 1.6))
    all_axes[0].set_ylabel("loss")
    all_axes[0].legend(loc="upper right")
    return figure
