"""Figures of lesson 5: how good a numerical gradient is, and what training finds for XOR."""

import numpy as np
from drawing import BLUE, GREY, INK, ORANGE, panels, solution
from matplotlib.figure import Figure

_backprop = solution("lesson05_backpropagation", "backprop")
_numeric = solution("lesson05_backpropagation", "numeric")


def gradient_check() -> Figure:
    """Draw the relative error of a numerical gradient for every eps, from both sides and from one."""
    x = np.random.default_rng(0).normal(size=5)
    exact, steps = np.cos(x) * np.exp(np.sum(np.sin(x))), np.logspace(-13, -1, 49)
    both = [_error(_numeric.numerical_gradient(_smooth, x, eps), exact) for eps in steps]
    one = [_error(_one_sided(x, eps), exact) for eps in steps]
    figure, (axes,) = panels(1, height=2.9, width=6.4)
    axes.loglog(steps, one, color=ORANGE, label="one side")
    axes.loglog(steps, both, color=BLUE, label="both sides")
    axes.axvline(1e-5, color=GREY, linewidth=0.8, linestyle=":")
    axes.axhline(1e-6, color=GREY, linewidth=0.8, linestyle="--")
    axes.text(4e-9, 1.6e-6, "trust below this line", size=8.5, color=GREY)
    axes.text(3e-13, 3e-11, "rounding:\nabout 1e-16 / eps", size=8.5, color=INK)
    axes.text(3e-3, 3e-10, "the formula:\nabout eps²", size=8.5, color=INK)
    axes.set(xlabel="eps", ylabel="relative error", xlim=(1e-13, 1e-1), ylim=(1e-13, 1))
    axes.legend(loc="upper center")
    return figure


def _smooth(x: np.ndarray) -> float:
    return float(np.exp(np.sum(np.sin(x))))


def _one_sided(x: np.ndarray, eps: float) -> np.ndarray:
    return np.array([(_smooth(x + eps * unit) - _smooth(x)) / eps for unit in np.eye(x.size)])


def _error(found: np.ndarray, exact: np.ndarray) -> float:
    return float(np.linalg.norm(found - exact) / np.linalg.norm(exact))


def xor() -> Figure:
    """Draw what a network of 16 hidden units says about the square around XOR, at three moments of its training."""
    X, Y = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([[0.0], [1.0], [1.0], [0.0]])
    side = np.linspace(-0.5, 1.5, 21)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    figure, all_axes = panels(3, height=2.9)
    for epochs, axes in zip((0, 100, 2000), all_axes, strict=True):
        params, losses = _backprop.train(
            X, Y, [2, 16, 1], max(epochs, 1), 0.5 if epochs else 0.0, np.random.default_rng(3)
        )
        p = _backprop.mlp_forward(grid, params)[0].reshape(21, 21)
        levels = [0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0]
        shades = axes.contourf(side, side, p, levels=levels, cmap="RdBu", vmin=-0.25, vmax=1.21)
        axes.contour(side, side, p, levels=[0.5], colors=[INK], linewidths=1.5)
        for point, label in zip(X, Y[:, 0], strict=True):
            axes.plot(*point, "o", ms=9, mfc=INK if label else "white", mec=INK)
        loss = _backprop.mean_loss(X, Y, params)
        axes.set(title=f"after {epochs:,} epochs: loss {loss:.4f}" if epochs else f"at the start: loss {losses[0]:.4f}")
        axes.set(xticks=[0, 1], yticks=[0, 1], aspect="equal")
        axes.grid(visible=False)
    figure.colorbar(shades, ax=all_axes, ticks=[0, 0.5, 1], label="predicted probability of 1", shrink=0.85)
    return figure


def flat_start() -> Figure:
    """Draw the loss on XOR, with two hidden layers, from He's start and from weights of size 0.01."""
    X, Y = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([[0.0], [1.0], [1.0], [0.0]])
    start, _ = _backprop.train(X, Y, [2, 16, 16, 1], 1, 0.0, np.random.default_rng(3))
    small = {name: 0.01 * value / np.std(value) if name.startswith("W") else value for name, value in start.items()}
    figure, (axes,) = panels(1, height=2.6, width=6.4)
    for params, name, colour in ((start, "He's standard deviation", BLUE), (small, "weights of size 0.01", ORANGE)):
        axes.plot(range(0, 2001, 20), _losses_from(params, X, Y), color=colour, label=name)
    axes.axhline(np.log(2.0), color=GREY, linewidth=0.8, linestyle=":")
    axes.text(1990, np.log(2.0) + 0.015, "ln 2", color=GREY, size=8.5, ha="right")
    axes.set(xlabel="epoch", ylabel="mean loss", xlim=(0, 2000), ylim=(0, 0.95))
    axes.legend(loc="center right")
    return figure


def _losses_from(params: dict[str, np.ndarray], X: np.ndarray, Y: np.ndarray) -> list[float]:
    """Return the loss in every twentieth of 2000 epochs with lr = 0.5."""
    losses = []
    for epoch in range(2001):
        if epoch % 20 == 0:
            losses.append(_backprop.mean_loss(X, Y, params))
        grads = _backprop.backprop(X, Y, params)
        params = {name: value - 0.5 * grads[name] for name, value in params.items()}
    return losses
