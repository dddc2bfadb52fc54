"""Figures of lesson 6: the paths of the four rules down one valley, learning rates, and the first steps of Adam."""

from collections.abc import Callable

import numpy as np
from drawing import BLUE, GREEN, GREY, INK, ORANGE, PALE_BLUE, panels, solution
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse

_updates = solution("lesson06_optimizers", "updates")
_optimizer = solution("lesson06_optimizers", "optimizer")
_CURVATURE = np.array([1.0, 3.0])  # f(x, y) = x² + 3 y²


def _path(kind: str, lr: float, steps: int) -> np.ndarray:
    """Return the points from (4, 3) on, under one rule."""
    optimizer, points = _optimizer.Optimizer(kind, lr), [np.array([4.0, 3.0])]
    for _ in range(steps):
        points.append(optimizer.step({"W1": points[-1]}, {"W1": 2.0 * _CURVATURE * points[-1]})["W1"])
    return np.array(points)


def _valley(axes: Axes, path: np.ndarray, colour: str) -> float:
    """Draw the valley and a path in it, and return the loss at its end."""
    for level in (1.0, 4.0, 9.0, 18.0, 30.0, 45.0):
        width, height = 2.0 * np.sqrt(level / _CURVATURE)
        axes.add_patch(Ellipse((0.0, 0.0), width, height, fill=False, edgecolor=GREY, linewidth=0.5))
    axes.plot(path[:, 0], path[:, 1], "o-", color=colour, markersize=3, linewidth=1.2)
    axes.plot(*path[0], "o", color=INK, markersize=5)
    axes.plot(0.0, 0.0, "+", color=INK, markersize=9, mew=1.5)
    axes.set(xlim=(-5, 5), ylim=(-4, 4), aspect="equal", xticks=[-4, 0, 4], yticks=[-3, 0, 3])
    axes.grid(visible=False)
    return float(np.sum(_CURVATURE * path[-1] ** 2))


def paths() -> Figure:
    """Draw 20 steps of each rule with lr = 0.1 on x² + 3 y²."""
    names = {"sgd": "gradient descent", "momentum": "momentum", "rmsprop": "RMSprop", "adam": "Adam"}
    figure, all_axes = panels(4, height=1.95)
    for (kind, name), axes in zip(names.items(), all_axes, strict=True):
        loss = _valley(axes, _path(kind, 0.1, 20), BLUE)
        axes.set_title(f"{name}\nloss {loss:.3g}")
    return figure


def learning_rates() -> Figure:
    """Draw 20 steps of gradient descent with four learning rates."""
    said = {0.02: "timid", 0.1: "fine", 0.3: "to and fro", 0.34: "away"}
    figure, all_axes = panels(4, height=1.95)
    for (lr, words), axes in zip(said.items(), all_axes, strict=True):
        loss = _valley(axes, _path("sgd", lr, 20), ORANGE)
        axes.set_title(f"lr = {lr:g}: {words}\nloss {loss:.3g}")
    return figure


def adam_start() -> Figure:
    """Draw the length of Adam's steps under a constant gradient: as they should be, and with two slips."""
    steps = np.arange(1, 41)
    figure, (axes,) = panels(1, height=2.7, width=6.4)
    axes.axhline(1.0, color=PALE_BLUE, linewidth=6)
    axes.plot(steps, _lengths(lambda t: t), color=BLUE, label="corrected, t = 1, 2, 3, ...")
    axes.plot(steps, _lengths(lambda _: 10**9), color=ORANGE, label="without the correction")
    axes.plot(steps, _lengths(lambda t: t + 1), color=GREEN, linestyle="--", label="t one too high")
    axes.set(xlabel="step t", ylabel="length of the step / lr", xlim=(0, 40), ylim=(0, 7))
    axes.legend(loc="center right")
    return figure


def _lengths(told: Callable[[int], int]) -> list[float]:
    """Return the steps of adam_update for the gradient 0.5, divided by lr; a huge t leaves nothing to correct."""
    param, m, v, lengths = np.zeros(1), np.zeros(1), np.zeros(1), []
    for t in range(1, 41):
        moved, m, v = _updates.adam_update(param, np.array([0.5]), m, v, told(t))
        lengths.append(float(param[0] - moved[0]) / 0.001)
        param = moved
    return lengths
