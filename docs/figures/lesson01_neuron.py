"""Figures of lesson 1: a neuron, and what its bias and its weight do."""

import numpy as np
from drawing import BLUE, GREEN, GREY, INK, ORANGE, PALE_BLUE, PALE_ORANGE, panels, solution
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

_neuron = solution("lesson01_neuron", "neuron")
_PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}


def neuron() -> Figure:
    """Draw the neuron of the worked example with its numbers."""
    x, w, b = np.array([1.0, 2.0, 3.0]), np.array([0.2, 0.8, -0.5]), 2.0
    z = _neuron.weighted_sum(x, w, b)
    a = _neuron.neuron_forward(x[None], w, b, "sigmoid")[0]
    figure, (axes,) = panels(1, height=2.7)
    axes.set(xlim=(0, 10), ylim=(0, 3.4), aspect="equal")
    axes.axis("off")
    for i, y in enumerate((2.7, 1.7, 0.7)):
        _arrow(axes, (1.9, y), (4.75, 1.7 + 0.3 * (y - 1.7)), wide=1.0 + 2.5 * abs(w[i]))
        _node(axes, (1.5, y), 0.36, f"{x[i]:g}", "white")
        axes.text(0.95, y, f"$x_{i + 1}$", ha="right", va="center")
        at = (3.3, 1.7 + 0.66 * (y - 1.7))
        axes.text(*at, f"$w_{i + 1} = {w[i]:g}$", ha="center", va="center", color=BLUE, bbox=_PAPER)
    axes.text(5.35, 3.0, f"bias $b = {b:g}$", ha="center", va="bottom", color=BLUE)
    _arrow(axes, (5.35, 2.95), (5.35, 2.32))
    _node(axes, (5.35, 1.7), 0.6, r"$\Sigma$", PALE_BLUE, size=17)
    _arrow(axes, (5.97, 1.7), (7.3, 1.7))
    axes.text(6.62, 1.82, f"$z = {z:.1f}$", ha="center", va="bottom")
    _node(axes, (7.75, 1.7), 0.43, "$f$", PALE_ORANGE, size=13)
    _arrow(axes, (8.2, 1.7), (9.2, 1.7))
    axes.text(9.25, 1.7, f" $a = {a:.4f}$", ha="left", va="center")
    names = {1.5: "features", 3.3: "weights", 5.35: "weighted sum", 7.75: "activation\n(sigmoid)", 9.75: "output"}
    for left, name in names.items():
        axes.text(left, 0.1, name, ha="center", va="center", color=GREY, size=8.5)
    return figure


def _node(axes: Axes, at: tuple[float, float], radius: float, text: str, fill: str, size: float = 10) -> None:
    axes.add_patch(Circle(at, radius, facecolor=fill, edgecolor=INK, linewidth=1.2, zorder=3))
    axes.text(*at, text, ha="center", va="center", size=size, zorder=4)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], wide: float = 1.4) -> None:
    axes.annotate(
        "", end, start, arrowprops={"arrowstyle": "-|>", "color": INK, "lw": wide, "shrinkA": 0, "shrinkB": 0}
    )


def bias_and_weight() -> Figure:
    """Draw what the bias and the weight of a neuron with one input do to its output."""
    x = np.linspace(-6.0, 6.0, 121)
    figure, (left, right) = panels(2, height=2.5, sharey=True)
    for b, colour in ((-3.0, ORANGE), (0.0, BLUE), (3.0, GREEN)):
        left.plot(x, _output(x, 1.0, b), color=colour, label=f"$w = 1$, $b = {b:g}$")
    for w, colour in ((0.5, ORANGE), (1.0, BLUE), (4.0, GREEN)):
        right.plot(x, _output(x, w, 0.0), color=colour, label=f"$w = {w:g}$, $b = 0$")
    left.set(title="the bias moves the step: it lies at $-b/w$", xlabel="$x$", ylabel="sigmoid($w x + b$)")
    right.set(title="the weight makes it steep or flat", xlabel="$x$")
    for axes in (left, right):
        axes.legend(loc="upper left")
    return figure


def _output(x: np.ndarray, w: float, b: float) -> np.ndarray:
    return _neuron.neuron_forward(x[:, None], np.array([w]), b, "sigmoid")
