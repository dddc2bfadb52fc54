"""Figures of lesson 10: who attends to whom, what the scale is for, positions as waves, a block of the encoder."""

import numpy as np
from drawing import BLUE, GREEN, GREY, INK, ORANGE, PALE_BLUE, PALE_GREY, PALE_ORANGE, PURPLE, panels, solution
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

_attention = solution("lesson10_transformers", "attention")
_masks = solution("lesson10_transformers", "masks")
_positions = solution("lesson10_transformers", "positions")
_BLUES = colormaps["Blues"].resampled(10)  # few colours: a bar of many would be an image


def masks() -> Figure:
    """Draw the weights of six tokens without a mask, with a causal mask, and with padding."""
    rng, T = np.random.default_rng(3), 6
    Q, K, V = (1.2 * rng.normal(size=(1, T, 6)) for _ in range(3))
    shown = {
        "no mask": None,
        "causal mask": _masks.causal_mask(T),
        "padding after 4 tokens": _masks.padding_mask(np.array([4]), T),
    }
    figure, all_axes = panels(3, height=2.7)
    for (title, mask), axes in zip(shown.items(), all_axes, strict=True):
        weights = _attention.attention(Q, K, V, mask)[1][0]
        cells = axes.pcolormesh(weights, cmap=_BLUES, vmin=0.0, vmax=1.0, edgecolors=PALE_GREY, linewidth=0.3)
        if mask is not None:
            hidden = np.argwhere(~np.broadcast_to(mask, (1, T, T))[0]) + 0.5
            axes.plot(hidden[:, 1], hidden[:, 0], "x", color=GREY, ms=3, mew=0.8)
        axes.set(title=title, xlabel="key", xticks=np.arange(T) + 0.5, yticks=np.arange(T) + 0.5, aspect="equal")
        axes.set(xticklabels=range(T), yticklabels=range(T), ylim=(T, 0))
        axes.grid(visible=False)
    all_axes[0].set_ylabel("query")
    figure.colorbar(cells, ax=all_axes, shrink=0.8, label="weight")
    return figure


def scale() -> Figure:
    """Draw the largest of ten weights for growing d, with the scale and without it."""
    rng, sizes = np.random.default_rng(5), [2**power for power in range(9)]
    found = {"with 1/√d": [], "without": []}
    for d in sizes:
        Q, K = rng.normal(size=(400, 1, d)), rng.normal(size=(400, 10, d))
        for (name, means), factor in zip(found.items(), (1.0, np.sqrt(d)), strict=True):
            weights = _attention.attention(factor * Q, K, K)[1]
            means.append((name, float(weights.max(axis=-1).mean())))
    figure, (axes,) = panels(1, height=2.6, width=6.0)
    for (name, means), colour in zip(found.items(), (BLUE, ORANGE), strict=True):
        axes.plot(sizes, [mean for _, mean in means], "o-", ms=4, color=colour, label=name)
    axes.axhline(0.1, color=GREY, linewidth=1.0, linestyle="--")
    axes.text(1.0, 0.115, "all alike", color=GREY, size=8.5)
    axes.set_xscale("log", base=2)
    axes.set(xlabel="d, the length of a query and a key", ylabel="largest of 10 weights", ylim=(0.0, 1.0))
    axes.set_xticks(sizes, [str(d) for d in sizes])
    axes.legend()
    return figure


def positions() -> Figure:
    """Draw some columns of the positional encoding, and how alike two positions are."""
    T, D = 60, 32
    PE = _positions.positional_encoding(T, D)
    figure, (left, right) = panels(2, height=2.6)
    for j, colour in ((0, GREY), (4, BLUE), (8, GREEN), (12, ORANGE), (16, PURPLE)):
        left.plot(PE[:, j], color=colour, label=f"column {j}", linewidth=0.8 if j == 0 else 1.6)
    left.set(
        title="five of the sines, D = 32", xlabel="position", xlim=(0, T - 1), ylim=(-1.05, 1.75), yticks=[-1, 0, 1]
    )
    left.legend(loc="upper center", ncols=3, handlelength=1.0, columnspacing=0.9)
    for p, colour in ((15, BLUE), (40, ORANGE)):
        right.plot(PE @ PE[p], color=colour, label=f"with position {p}")
    right.set(title="dot products of positions", xlabel="position", xlim=(0, T - 1), ylim=(0, 21))
    right.legend(loc="upper center", ncols=2)
    return figure


def _box(axes: Axes, x: float, text: str, colour: str) -> None:
    axes.text(
        x, 0.0, text, ha="center", va="center", size=9, bbox={"boxstyle": "round,pad=0.5", "fc": colour, "ec": GREY}
    )


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], bend: float = 0.0) -> None:
    style = {"arrowstyle": "-|>", "color": INK, "connectionstyle": f"arc3,rad={bend}", "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", end, start, arrowprops=style)


def block() -> Figure:
    """Draw the way of the tokens through a block of the encoder."""
    figure, (axes,) = panels(1, height=1.7, width=8.4)
    axes.set(xlim=(0.2, 12.2), ylim=(-0.6, 1.2))
    axes.axis("off")
    for start, name in ((0.9, "multi-head\nattention"), (6.2, "feed-forward\nlayer")):
        _arrow(axes, (start - 0.5, 0.0), (start + 0.85, 0.0))
        _arrow(axes, (start + 2.45, 0.0), (start + 3.0, 0.0))
        _arrow(axes, (start, 0.05), (start + 3.25, 0.17), bend=-0.42)
        _arrow(axes, (start + 3.5, 0.0), (start + 4.05, 0.0))
        _box(axes, start + 1.65, name, PALE_BLUE)
        axes.text(start + 3.25, 0.0, "+", ha="center", va="center", size=13)
        _box(axes, start + 4.5, "norm", PALE_ORANGE)
    axes.text(0.3, 0.0, "X", ha="center", va="center")
    axes.text(5.98, 0.16, "A", ha="center", va="center")
    _arrow(axes, (11.15, 0.0), (11.65, 0.0))
    axes.text(11.9, 0.0, "out", ha="center", va="center")
    for x in (2.5, 7.8):
        axes.text(x, 0.98, "the path around", ha="center", va="center", color=GREY, size=8.5)
    return figure
