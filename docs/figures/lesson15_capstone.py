"""Figures of lesson 15: where the parts of the capstone are from, how fast it learns, and where it looks."""

import io
from contextlib import redirect_stdout

import numpy as np
from drawing import BLUE, GREEN, GREY, INK, ORANGE, PALE_BLUE, PALE_GREY, PALE_ORANGE, PURPLE, panels, solution
from matplotlib import colormaps
from matplotlib.figure import Figure

_tasks = solution("lesson15_capstone", "tasks")
_transformer = solution("lesson15_capstone", "transformer")
_BLUES = colormaps["Blues"].resampled(10)  # few colours: a bar of many would be an image


def _trained(task: str, steps: int, *, positions: bool = True) -> object:
    """Return a trained model, which may have to do without positions."""
    model = _transformer.MiniTransformer(_tasks.VOCAB, 32, 4, _tasks.LENGTH)
    if not positions:
        model._positions = np.zeros(model._positions.shape)  # noqa: SLF001 - what the figure shows
    with redirect_stdout(io.StringIO()):
        return model.fit(task, np.random.default_rng(15), steps)


def learning() -> Figure:
    """Draw the share of right symbols after trainings of different length."""
    lengths = (10, 20, 40, 60, 80, 120, 160, 240, 320)
    figure, (axes,) = panels(1, height=2.6, width=6.4)
    for task, colour in zip((*_tasks.TASKS, ""), (BLUE, ORANGE, PURPLE, GREEN, GREY), strict=True):
        ids, targets = _tasks.sample(task or "reverse", np.random.default_rng(16), 500)
        models = [_trained(task or "reverse", steps, positions=bool(task)) for steps in lengths]
        shares = [float(np.mean(model.predict(ids) == targets)) for model in models]
        label = task or "reverse, without\npositions"
        axes.plot(lengths, shares, "o-" if task else "s--", ms=3.5, color=colour, label=label)
    axes.axhline(1 / _tasks.VOCAB, color=GREY, linewidth=0.8, linestyle=":")
    axes.text(320, 1 / _tasks.VOCAB + 0.02, "guessed", color=GREY, ha="right", size=8.5)
    axes.set(
        xlabel="steps of training, with 64 fresh sequences each", ylabel="share of right symbols", ylim=(0.0, 1.05)
    )
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure


def looking() -> Figure:
    """Draw the mean weights of attention of the four heads, after training to reverse."""
    figure, all_axes = panels(4, height=2.2)
    ids, _ = _tasks.sample("reverse", np.random.default_rng(16), 500)
    weights = _trained("reverse", 320).attention(ids).mean(axis=0)
    for head, axes in enumerate(all_axes):
        cells = axes.pcolormesh(weights[head], cmap=_BLUES, vmin=0.0, vmax=1.0)
        ticks = np.arange(_tasks.LENGTH) + 0.5
        axes.set(title=f"head {head + 1}", xlabel="key", xticks=ticks, yticks=ticks, aspect="equal")
        numbers = range(_tasks.LENGTH) if head == 0 else []  # each number would be drawn again
        axes.set(xticklabels=numbers, yticklabels=numbers, ylim=(_tasks.LENGTH, 0))
        axes.grid(visible=False)
    all_axes[0].set_ylabel("query")
    figure.colorbar(cells, ax=all_axes, shrink=0.8, label="mean weight")
    return figure


def parts() -> Figure:
    """Draw the way through the capstone, forward and back, with the lessons that its parts are from."""
    boxes = (
        ("embedding\nE[ids]", "new", PALE_GREY),
        ("positions\nPE", "10", PALE_GREY),
        ("attention", "10", PALE_BLUE),
        ("norm", "10, 7", PALE_ORANGE),
        ("ffn", "3, 4", PALE_BLUE),
        ("norm", "10, 7", PALE_ORANGE),
        ("scores", "1", PALE_GREY),
        ("softmax,\nloss", "3, 4", PALE_GREY),
    )
    figure, (axes,) = panels(1, height=1.9, width=8.4)
    axes.set(xlim=(-0.6, 7.7), ylim=(-1.25, 1.0))
    axes.axis("off")
    there = {"arrowstyle": "-|>", "color": INK, "shrinkA": 0, "shrinkB": 0}
    for x, (name, lesson, colour) in enumerate(boxes):
        look = {"boxstyle": "round,pad=0.4", "fc": colour, "ec": GREY}
        axes.text(x, 0.0, name, ha="center", va="center", size=8.5, bbox=look)
        axes.text(x, -0.55, lesson if lesson == "new" else f"lesson {lesson}", ha="center", size=7.5, color=GREY)
    axes.annotate("", (7.4, 0.62), (-0.4, 0.62), arrowprops=there)
    axes.text(3.5, 0.72, "forward: lesson 4", ha="center", size=8.5)
    axes.annotate("", (-0.4, -0.85), (7.4, -0.85), arrowprops={**there, "color": ORANGE})
    axes.text(3.5, -1.15, "gradients: lesson 5      steps: lesson 6", ha="center", size=8.5, color=ORANGE)
    return figure
