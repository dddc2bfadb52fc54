"""Figures of lesson 12: a network as objects, what accumulating does, and what an epoch's loss is."""

import numpy as np
from drawing import BLUE, GREY, INK, ORANGE, PALE_BLUE, PURPLE, panels, solution
from matplotlib.figure import Figure

_layers = solution("lesson12_frameworks", "layers")
_sequential = solution("lesson12_frameworks", "sequential")
_loop = solution("lesson12_frameworks", "loop")


def objects() -> Figure:
    """Draw a Sequential: forward to the right, gradients to the left, and a call that reaches every layer."""
    figure, (axes,) = panels(1, height=2.1, width=7.4)
    axes.set(xlim=(-0.7, 5.7), ylim=(-0.2, 2.0))
    axes.axis("off")
    style = {"boxstyle": "round,pad=0.45", "facecolor": PALE_BLUE, "edgecolor": GREY, "linewidth": 0.8}
    for i, text in enumerate(("0\nLinear\nW b dW db", "1\nReLU\nmask", "2\nDropout\nmask", "3\nLinear\nW b dW db")):
        x = 0.6 + 1.4 * i
        axes.text(x, 1.0, text, ha="center", va="center", color=INK, bbox=style)
        for start, end, colour in (
            ((x - 0.95, 1.25), (x - 0.5, 1.25), BLUE),
            ((x - 0.5, 0.75), (x - 0.95, 0.75), ORANGE),
        ):
            axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 1.4})
        axes.annotate("", (x, 1.42), (x, 1.75), arrowprops={"arrowstyle": "-|>", "color": PURPLE, "linewidth": 1.0})
    axes.text(2.7, 1.82, "train()   eval()   zero_grad()", ha="center", color=PURPLE, size=8.5)
    axes.text(-0.4, 1.38, "X", ha="center", color=BLUE)
    axes.text(-0.4, 0.5, "dX", ha="center", color=ORANGE)
    axes.text(2.7, 0.1, "forward to the right, backward(dout) to the left", ha="center", color=GREY, size=8.5)
    return figure


def _norms(*, zero: bool) -> list[float]:
    """The norm of the gradients in each of 60 steps of a small training."""
    rng = np.random.default_rng(1)
    model = _sequential.Sequential(_layers.Linear(4, 8, rng), _layers.ReLU(), _layers.Linear(8, 3, rng))
    X, labels, norms = rng.normal(size=(96, 4)), rng.integers(0, 3, size=96), []
    for step in range(60):
        rows = slice(step % 6 * 16, step % 6 * 16 + 16)
        if zero:
            model.zero_grad()
        _, dlogits = _loop.cross_entropy(model.forward(X[rows]), labels[rows])
        model.backward(dlogits)
        norms.append(_loop.clip_gradients(model, np.inf))
        _layers.sgd_step(model, 0.1)
    return norms


def accumulating() -> Figure:
    """Draw the norm of the gradients, step by step, with zero_grad in each step and without."""
    figure, (axes,) = panels(1, height=2.7, width=5.2)
    axes.plot(_norms(zero=True), color=BLUE, label="zero_grad in every step")
    axes.plot(_norms(zero=False), color=ORANGE, label="never")
    axes.set(xlabel="step", ylabel="norm of the gradients", ylim=(0, None))
    axes.legend()
    return figure
