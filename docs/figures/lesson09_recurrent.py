"""Figures of lesson 9: a network unrolled in time, what is left of a gradient, what a cell keeps, what padding does."""

import numpy as np
from drawing import BLUE, GREEN, GREY, INK, ORANGE, PALE_BLUE, PALE_ORANGE, PURPLE, panels, solution
from matplotlib.axes import Axes
from matplotlib.figure import Figure

_rnn = solution("lesson09_recurrent", "rnn")
_gates = solution("lesson09_recurrent", "gates")
_flow = solution("lesson09_recurrent", "flow")
_cell = solution("lesson09_recurrent", "cell")
_ROTATION = np.array([[0.8, -0.6], [0.6, 0.8]])


def _box(axes: Axes, x: float, y: float, text: str, colour: str) -> None:
    style = {"boxstyle": "round,pad=0.4", "facecolor": colour, "edgecolor": GREY, "linewidth": 0.8}
    axes.text(x, y, text, ha="center", va="center", color=INK, bbox=style)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], colour: str, text: str = "") -> None:
    axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 1.3})
    if text:
        axes.text((start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + 0.09, text, ha="center", color=colour, size=8.5)


def unrolled() -> Figure:
    """Draw three steps side by side: forward in one colour, and the gradients on their way back in another."""
    figure, (axes,) = panels(1, height=2.7, width=7.4)
    axes.set(xlim=(-0.6, 4.3), ylim=(-0.35, 2.35))
    axes.axis("off")
    _box(axes, -0.2, 1.0, "h0", PALE_BLUE)
    for t in (1, 2, 3):
        x = 1.3 * t - 0.2
        _box(axes, x, 1.0, f"tanh → h{t}", PALE_BLUE)
        _box(axes, x, 0.0, f"x{t}", "white")
        _box(axes, x, 2.0, f"loss at {t}", PALE_ORANGE)
        _arrow(axes, (x - 0.06, 0.2), (x - 0.06, 0.8), BLUE)
        axes.text(x - 0.12, 0.42, "Wx", ha="right", color=BLUE, size=8.5)
        _arrow(axes, (x - 0.06, 1.2), (x - 0.06, 1.8), BLUE)
        _arrow(axes, (x + 0.06, 1.8), (x + 0.06, 1.2), ORANGE)
        axes.text(x + 0.12, 1.45, f"dH{t}", color=ORANGE, size=8.5)
        _arrow(axes, (x + 0.06, 0.8), (x + 0.06, 0.2), ORANGE)
        axes.text(x + 0.12, 0.42, f"dx{t}", color=ORANGE, size=8.5)
        left = x - 1.3 + (0.14 if t == 1 else 0.36)
        _arrow(axes, (left, 1.07), (x - 0.36, 1.07), BLUE, "Wh")
        _arrow(axes, (x - 0.36, 0.93), (left, 0.93), ORANGE)
        axes.text((left + x - 0.36) / 2, 0.74, "dz @ Wh.T", ha="center", color=ORANGE, size=7.5)
    return figure


def gradients() -> Figure:
    """Draw the norms of the gradient back in time: without tanh, where the radius is all, and with it."""
    rng, steps = np.random.default_rng(3), 40
    X, Wx = rng.normal(size=(20, steps + 1, 1)), np.array([[0.6, 0.3]])
    figure, all_axes = panels(2, height=2.8, sharey=True)
    for activation, axes in zip(("linear", "tanh"), all_axes, strict=True):
        for r, colour in ((0.5, PURPLE), (0.9, BLUE), (1.0, GREEN), (1.1, ORANGE)):
            norms = _flow.bptt_norms(r * _ROTATION, X, np.zeros((20, 2)), Wx, np.zeros(2), activation)
            axes.semilogy(norms[::-1], color=colour, label=f"radius {r}")
        axes.axhline(1e-3, color=GREY, linewidth=0.9, linestyle="--")
        axes.set(title=activation, xlabel="steps back in time", xlim=(0, steps), ylim=(1e-6, 1e2))
    all_axes[0].set_ylabel("norm of the gradient")
    all_axes[1].legend(loc="upper right", ncols=2)
    return figure


def memory() -> Figure:
    """Draw what three cells keep of one input over 40 steps without any."""
    steps, x = 40, np.array([[1.0]])
    X = np.zeros((1, steps, 1))
    X[0, 0] = x
    plain = _rnn.rnn_forward(X, np.zeros((1, 1)), np.array([[2.0]]), np.array([[0.9]]), np.zeros(1))[0, :, 0]
    # Gates that open to the input, and are shut without it: z and f are near 1 where x is 0.
    lstm = np.array([[12.0, -12.0, 3.0, 0.0]]), np.zeros((1, 4)), np.array([-6.0, 6.0, 0.0, 6.0])
    gru = np.array([[0.0, -12.0, 3.0]]), np.zeros((1, 3)), np.array([0.0, 6.0, 0.0])
    h, c, state, kept, cells = np.zeros((1, 1)), np.zeros((1, 1)), np.zeros((1, 1)), [], []
    for t in range(steps):
        h, c = _gates.lstm_step_forward(X[:, t], h, c, *lstm)
        state = _gates.gru_step_forward(X[:, t], state, *gru)
        cells.append(float(c[0, 0]))
        kept.append(float(state[0, 0]))
    figure, (axes,) = panels(1, height=2.6, width=6.4)
    axes.plot(plain, color=BLUE, label="plain RNN, Wh = 0.9: h")
    axes.plot(cells, color=ORANGE, label="LSTM, f = 0.998 without input: c")
    axes.plot(kept, color=GREEN, linestyle="--", label="GRU, z = 0.998 without input: h")
    axes.set(
        xlabel="step (the only input comes in the first)", ylabel="what is left", xlim=(0, steps - 1), ylim=(0, 1.1)
    )
    axes.legend(loc="center right")
    return figure


def padding() -> Figure:
    """Draw a state over a sequence of 6 steps and 9 steps of padding, and which of its values is asked for."""
    rng, length, T = np.random.default_rng(8), 6, 15
    X = np.zeros((1, T, 2))
    X[0, :length] = rng.normal(size=(length, 2))
    h0, Wh = np.zeros((1, 2)), 0.9 * _ROTATION
    H = _rnn.rnn_forward(X, h0, rng.normal(size=(2, 2)), Wh, np.array([0.2, -0.3]))
    found = _cell.last_valid(H, np.array([length]))[0]
    figure, (axes,) = panels(1, height=2.6, width=6.4)
    axes.axvspan(length + 0.5, T + 0.5, color=PALE_ORANGE, linewidth=0)
    axes.text(length + 0.8, 1.06, "padding: zeros as inputs", color=ORANGE, size=8.5)
    for unit, colour in ((0, BLUE), (1, GREEN)):
        axes.plot(range(1, T + 1), H[0, :, unit], color=colour, marker="o", ms=3, label=f"state {unit + 1}")
        axes.plot(length, found[unit], "o", ms=9, mfc="none", mec=INK)
    axes.annotate("last_valid", (length, found.max()), (-6, 9), textcoords="offset points", ha="right")
    axes.plot([T, T], H[0, -1], "x", color=ORANGE, ms=8, mew=2)
    axes.annotate("H[:, -1]", (T, H[0, -1].max()), (-4, 9), textcoords="offset points", ha="right", color=ORANGE)
    axes.set(xlabel="step", ylabel="state", xlim=(0.5, T + 0.5), ylim=(-1.15, 1.25))
    axes.legend(loc="lower right", ncols=2)
    return figure
