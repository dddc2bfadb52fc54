"""Figures of lesson 4: what the start does to the signal, and what a prediction costs."""

import numpy as np
from drawing import BLUE, GREEN, GREY, ORANGE, PURPLE, panels, solution
from matplotlib.figure import Figure

_forward = solution("lesson04_forward", "forward")
_losses = solution("lesson04_forward", "losses")
_POINTER = {"ha": "right", "size": 8.5, "arrowprops": {"arrowstyle": "-", "color": GREY, "lw": 0.8, "shrinkB": 4}}


def signal() -> Figure:
    """Draw the size of the activations in ten ReLU layers of 256 units, for each way to start."""
    dims, X = [256] * 12, np.random.default_rng(0).normal(size=(500, 256))
    starts = {
        scheme: _forward.init_params(dims, np.random.default_rng(1), scheme) for scheme in ("he", "xavier", "small")
    }
    starts["he without the root"] = {name: p * np.sqrt(2.0 / 256.0) for name, p in starts["he"].items()}
    figure, (axes,) = panels(1, height=2.9, width=6.4)
    for (name, params), colour in zip(starts.items(), (BLUE, GREEN, ORANGE, PURPLE), strict=True):
        _, caches = _forward.mlp_forward(X, params, "linear")
        spread = [float(np.std(A)) for A, _ in caches]
        axes.semilogy(range(11), spread, "o-", color=colour, markersize=4, label=name)
    axes.set(xlabel="layer (0 is the input)", ylabel="standard deviation of A", xticks=range(11))
    axes.legend(loc="lower left")
    return figure


def losses() -> Figure:
    """Draw what one prediction costs: the cross-entropy for both answers, and the squared error beside it."""
    p = np.linspace(0.005, 0.995, 199)
    one_unit = {"W1": np.array([[1.0]]), "b1": np.array([0.0])}
    worked = float(_forward.mlp_forward(np.array([[0.719]]), one_unit)[0][0, 0])
    figure, all_axes = panels(2, height=2.7, sharey=True)
    for y, axes in zip((1.0, 0.0), all_axes, strict=True):
        entropy = [_losses.binary_cross_entropy(np.array([[y]]), np.array([[one]])) for one in p]
        square = [_losses.mse_loss(np.array([[y]]), np.array([[one]])) for one in p]
        axes.plot(p, entropy, color=BLUE, label="cross-entropy")
        axes.plot(p, square, color=ORANGE, linestyle="--", label="squared error")
        cost = _losses.binary_cross_entropy(np.array([[y]]), np.array([[worked]]))
        axes.plot(worked, cost, "o", color=BLUE)
        axes.annotate(f"p = {worked:.4f} costs {cost:.4f}", (worked, cost), (worked + 0.3 * y - 0.05, 1.75), **_POINTER)
        axes.set(title=f"the true answer is {y:g}", xlabel="predicted probability $p$", xlim=(0, 1), ylim=(0, 4.5))
        axes.axhline(np.log(2.0), color=GREY, linewidth=0.8, linestyle=":")
    all_axes[0].set_ylabel("loss")
    all_axes[0].legend(loc="upper right")
    all_axes[1].text(0.02, np.log(2.0) + 0.06, "ln 2: knows nothing", color=GREY, size=8.5)
    return figure
