"""Figures of lesson 2: the lines that a perceptron draws while it learns OR, and while it cannot learn XOR."""

import numpy as np
from drawing import BLUE, GREY, INK, ORANGE, PALE_BLUE, panels, solution
from matplotlib.axes import Axes
from matplotlib.figure import Figure

_perceptron = solution("lesson02_perceptron", "perceptron")
_X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def or_gate() -> Figure:
    """Draw the line after each of the four epochs on OR."""
    y = np.array([0, 1, 1, 1])
    figure, all_axes = panels(4, height=2.55)
    for epoch, axes in enumerate(all_axes, 1):
        w, b, errors = _perceptron.perceptron_fit(_X, y, epochs=epoch)
        _draw(axes, w, b, y)
        count = errors[-1]
        axes.set_title(f"epoch {epoch}: {count} mistake{'' if count == 1 else 's'}\n{_shown(w, b)}")
    return figure


def xor_circle() -> Figure:
    """Draw the line after each row of an epoch on XOR: after four rows it is where it was."""
    y = np.array([0, 1, 1, 0])
    w, b, _ = _perceptron.perceptron_fit(_X, y, epochs=2)
    figure, all_axes = panels(4, height=2.55)
    for row, axes in enumerate(all_axes):
        w, b = _perceptron.perceptron_step(w, b, _X[row], int(y[row]), 1.0)
        _draw(axes, w, b, y)
        axes.set_title(f"after row ({_X[row, 0]:g}, {_X[row, 1]:g})\n{_shown(w, b)}")
        axes.plot(*_X[row], "o", ms=19, mfc="none", mec=GREY, mew=1.0, zorder=3)
    return figure


def _shown(w: np.ndarray, b: float) -> str:
    return f"w = ({w[0]:g}, {w[1]:g}), b = {b:g}"


def _draw(axes: Axes, w: np.ndarray, b: float, y: np.ndarray) -> None:
    """Draw the side that fires, the line, the four points, and which of them are on the wrong side."""
    grid = np.array([-0.5, 1.5])
    score = w[0] * grid[None, :] + w[1] * grid[:, None] + b
    if np.any(w):
        axes.contourf(grid, grid, score, levels=[0.0, 1e9], colors=[PALE_BLUE])
        axes.contour(grid, grid, score, levels=[0.0], colors=[BLUE], linewidths=1.8)
    elif b >= 0:
        axes.set_facecolor(PALE_BLUE)
    wrong = _perceptron.perceptron_predict(_X, w, b) != y
    for point, label, missed in zip(_X, y, wrong, strict=True):
        axes.plot(*point, "o", ms=9, mfc=INK if label else "white", mec=INK, zorder=4)
        if missed:
            axes.plot(point[0] + 0.2, point[1] + 0.2, "x", ms=7, mew=2.2, color=ORANGE, zorder=5)
    axes.set(xlim=(-0.5, 1.5), ylim=(-0.5, 1.5), xticks=[0, 1], yticks=[0, 1], aspect="equal")
    axes.grid(visible=False)
