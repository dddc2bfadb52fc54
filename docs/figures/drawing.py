"""What all figures share: the solutions that draw them, one style, and SVG that is the same wherever it is made."""

import io
import re
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

ROOT = Path(__file__).parents[2]

# Colours of Okabe and Ito, which people with any colour vision can tell apart.
BLUE, ORANGE, GREEN, PURPLE, INK, GREY = "#0072b2", "#d55e00", "#009e73", "#a05195", "#222222", "#767676"
PALE_BLUE, PALE_ORANGE, PALE_GREY = "#d3e6f3", "#fbe3d2", "#e6e6e6"

STYLE = {
    "figure.facecolor": "white",  # a card of its own, so that ink stays readable on a dark page
    "savefig.facecolor": "white",
    "font.size": 9.5,
    "axes.titlesize": 9.5,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": PALE_GREY,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "lines.linewidth": 1.8,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "svg.hashsalt": "nnedu",
    "svg.fonttype": "path",
}


def solution(lesson: str, module: str) -> ModuleType:
    """Import a module of the solutions; lessons have modules of the same names, so none stays imported."""
    folder = ROOT / "solutions" / lesson
    names = {path.stem for path in folder.glob("*.py")}
    sys.path.insert(0, str(folder))
    try:
        return import_module(module)
    finally:
        sys.path.remove(str(folder))
        for name in names:
            sys.modules.pop(name, None)


def panels(count: int, *, height: float = 2.4, width: float = 8.0, **options: object) -> tuple[Figure, list[Axes]]:
    """Return a figure with panels side by side."""
    figure, axes = plt.subplots(1, count, figsize=(width, height), layout="constrained", squeeze=False, **options)
    return figure, list(axes[0])


def svg(figure: Figure) -> str:
    """Return a figure as SVG: no date, no name of a program, and coordinates to a hundredth of a point."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(figure)
    text = re.sub(r"<\?xml.*?<svg ", "<svg ", buffer.getvalue(), count=1, flags=re.DOTALL)
    text = re.sub(r" *\n *", "\n", text)
    text = re.sub(r"\n<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    return re.sub(r'(?<= )(d|x|y|x1|x2|y1|y2|transform)="[^"]*"', lambda found: _shorter(found[0]), text)


def _shorter(attribute: str) -> str:
    """Round to two digits, but for scales, which are small numbers."""
    head, scale, tail = attribute.partition("scale")
    return re.sub(r"-?\d+\.\d{3,}", lambda found: f"{float(found[0]):.2f}", head) + scale + tail


mpl.use("svg")
mpl.rcParams.update(STYLE)
