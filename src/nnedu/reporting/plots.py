"""Panels -> one picture, drawn by matplotlib: readable in print, and by people with any colour vision."""

from __future__ import annotations

import io
import logging
from itertools import cycle
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

from nnedu.checking.plots import Curves, Images, Matrix, Regions
from nnedu.errors import UsageError
from nnedu.sandbox.failure import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nnedu.checking.plots import Panel

try:
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # it says that it looks at fonts, once
    import matplotlib as mpl
    from matplotlib.colors import LinearSegmentedColormap, PowerNorm
    from matplotlib.figure import Figure
except ImportError as error:
    _sentence = "Plots are drawn by matplotlib, which is not installed."
    raise UsageError(_sentence, "Install it: pip install 'nnedu[plots]'") from error

FORMATS = ("png", "svg", "pdf")
WIDTH = 8.6  # inches
DPI = 150
# Colours of Okabe and Ito, which people with any colour vision can tell apart; lines differ in their dashes, too.
BLUE, ORANGE, GREEN, PURPLE, INK, GREY = "#0072b2", "#d55e00", "#009e73", "#a05195", "#222222", "#767676"
LINES = ((BLUE, "-"), (ORANGE, "--"), (GREEN, "-."), (PURPLE, ":"), (INK, (0, (6, 1, 1, 1, 1, 1))))
STYLE: dict[Any, Any] = {
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "font.size": 9.0,
    "axes.titlesize": 9.5,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.axisbelow": True,
    "grid.color": "#e6e6e6",
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.8,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "svg.hashsalt": "nnedu",
    "svg.fonttype": "path",
}
_SHADES = LinearSegmentedColormap.from_list("shades", ["white", "#9ecae1", BLUE, "#08306b"])
# Where negative is as strong as positive it is darker, so that the two differ in black and white as well.
_SIGNED = LinearSegmentedColormap.from_list("signed", ["#08306b", BLUE, "white", "#f6b26b", "#e07b00"])


def draw(title: str, rows: Sequence[tuple[str, Sequence[Panel]]], form: str) -> bytes:
    """Return a picture of `form` (png, svg, pdf): the panels of each row side by side below the title of the row."""
    with mpl.rc_context(STYLE):
        heights = [max(_height(panel, len(panels)) for panel in panels) + 0.45 for _, panels in rows]
        figure = Figure(figsize=(WIDTH, sum(heights) + 0.45), layout="constrained")
        figure.suptitle(_text(title), fontsize=12, fontweight="bold")
        for part, (said, panels) in zip(_parts(figure, heights), rows, strict=True):
            part.suptitle(_text(said), x=0.02, ha="left", fontsize=10, color=GREY)
            all_axes = part.subplots(1, len(panels), squeeze=False, width_ratios=list(map(_share, panels)))[0]
            for axes, panel in zip(all_axes, panels, strict=True):
                _DRAWN[type(panel)](axes, panel)
                axes.set_title(_text(panel.title), color=INK)
        buffer = io.BytesIO()
        metadata = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(form)
        figure.savefig(buffer, format=form, dpi=DPI, metadata=metadata)
        return buffer.getvalue()


def _parts(figure: Any, heights: Sequence[float]) -> list[Any]:
    return list(figure.subfigures(len(heights), 1, squeeze=False, height_ratios=heights)[:, 0])


def _share(panel: Panel) -> float:
    """Return how wide a panel is beside others: images that stand in one column need little room."""
    return float(min(panel.columns, len(panel.pixels)) + bool(panel.value)) if isinstance(panel, Images) else 4.0


def _text(said: str) -> str:
    """Return text on one line that matplotlib takes for text, and not for a formula."""
    return one_line(said).replace("$", r"\$")


def _key(axes: Any, shown: Any, value: str) -> None:
    """Draw beside the axes what its colours mean; they stay in the middle of their room."""
    axes.figure.colorbar(shown, cax=axes.inset_axes((1.03, 0.05, 0.035, 0.9)), label=_text(value))


def _height(panel: Panel, beside: int) -> float:
    """Return the height of a panel in inches, where so many stand side by side."""
    wide = WIDTH / beside
    match panel:
        case Images():
            rows = ceil(len(panel.pixels) / panel.columns)
            return rows * 1.24 * min(wide / min(panel.columns, len(panel.pixels)), 1.1)
        case Matrix():
            cells = len(panel.rows) / len(panel.columns)
            return min(max(0.75 * wide * cells, 2.0), 4.2)
        case Regions():
            return min(0.75 * wide, 3.2)
        case Curves():
            return 2.5


def _images(axes: Any, panel: Images) -> None:
    """Put the images into one array of pixels, with room for captions between the rows."""
    count, high, wide = panel.pixels.shape
    columns = min(panel.columns, count)
    rows, across, down = ceil(count / columns), 1.25 * wide, 1.55 * high
    limit = float(np.abs(panel.pixels).max()) or 1.0
    low, shades = (-limit, _SIGNED) if panel.signed else (min(0.0, float(panel.pixels.min())), "gray_r")
    shown = None
    for index, image in enumerate(panel.pixels):
        x, y = across * (index % columns), down * (index // columns)
        shown = axes.imshow(image, cmap=shades, vmin=low, vmax=limit, extent=(x, x + wide, y + high, y))
        colour, width = (ORANGE, 2.2) if index in panel.marked else (GREY, 0.6)
        frame = ([x, x + wide, x + wide, x, x], [y, y, y + high, y + high, y])
        axes.plot(*frame, color=colour, linewidth=width, clip_on=False)
        style = {"color": ORANGE, "fontweight": "bold"} if index in panel.marked else {"color": INK}
        caption = _text(panel.captions[index])
        axes.text(x + wide / 2, y + 1.08 * high, caption, ha="center", va="top", fontsize=8.5, **style)
    axes.set(xlim=(-0.1 * wide, across * columns - 0.15 * wide), ylim=(down * rows - 0.1 * high, -0.1 * high))
    axes.axis("off")
    if panel.value:
        _key(axes, shown, panel.value)


def _matrix(axes: Any, panel: Matrix) -> None:
    rows, columns = panel.values.shape
    top = panel.top or float(panel.values.max()) or 1.0
    norm = PowerNorm(0.4 if panel.numbers else 1.0, vmin=min(0.0, float(panel.values.min())), vmax=top)
    shown = axes.imshow(panel.values, cmap=_SHADES, norm=norm, aspect="equal")
    axes.set_xticks(range(columns), [_text(name) for name in panel.columns])
    axes.set_yticks(range(rows), [_text(name) for name in panel.rows])
    axes.set(xlabel=_text(panel.column_title), ylabel=_text(panel.row_title))
    axes.tick_params(length=0)
    if panel.numbers:
        for (row, column), value in np.ndenumerate(panel.values):
            if value:
                ink = "white" if norm(value) > 0.5 else INK  # noqa: PLR2004 - where the shade is dark
                axes.text(column, row, f"{value:g}", ha="center", va="center", fontsize=8, color=ink)
        axes.set_xticks(np.arange(columns + 1) - 0.5, minor=True)
        axes.set_yticks(np.arange(rows + 1) - 0.5, minor=True)
        axes.grid(which="minor")
        axes.tick_params(which="minor", length=0)
    _key(axes, shown, panel.value)


def _curves(axes: Any, panel: Curves) -> None:
    for (name, line), (colour, dashes) in zip(panel.lines.items(), cycle(LINES), strict=False):
        axes.plot(panel.x, line, color=colour, linestyle=dashes, label=_text(name))
    if panel.log and any(line.max() > 0.0 for line in panel.lines.values()):
        axes.set_yscale("log")
    axes.set(xlabel=_text(panel.x_title), ylabel=_text(panel.y_title))
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True)
    if len(panel.lines) > 1:
        axes.legend()


def _regions(axes: Any, panel: Regions) -> None:
    shown = axes.imshow(
        panel.values, cmap=_SIGNED, vmin=-1.0, vmax=1.0, extent=panel.extent, origin="lower", aspect="auto", alpha=0.6
    )
    for label, (colour, shape) in enumerate(((BLUE, "o"), (ORANGE, "^"))):
        of_class = panel.points[panel.classes == label]
        name = _text(panel.names[label])
        axes.scatter(*of_class.T, s=22, color=colour, marker=shape, edgecolor="white", linewidth=0.5, label=name)
    if panel.values.min() < 0.0 < panel.values.max():
        axes.contour(panel.values, levels=[0.0], colors=INK, linewidths=1.4, extent=panel.extent)
    axes.set(xlabel=_text(panel.axes[0]), ylabel=_text(panel.axes[1]))
    axes.legend(frameon=True)
    _key(axes, shown, panel.value)


_DRAWN: dict[type, Any] = {Images: _images, Matrix: _matrix, Curves: _curves, Regions: _regions}
