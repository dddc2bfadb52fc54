"""Charts as inline SVG: drawn here, so that they are small, follow the colours of the page and need no script.

Each has a text that says the same; a chart is never the only place where something stands.
"""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from markupsafe import Markup

from nnedu.reporting.pages.words import number, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nnedu.outcome import Curve, Grid

BINS = 10
WIDTH, HEIGHT = 440, 190
LEFT, RIGHT, TOP, BOTTOM = 34, 8, 12, 34
CELL = 14
SPARK_WIDTH, SPARK_HEIGHT = 96, 22


def bins(shares: Sequence[float]) -> list[int]:
    """Count marks by tenths of what could be reached; full marks are in the last one."""
    counts = [0] * BINS
    for share in shares:
        counts[min(BINS - 1, max(0, floor(share * BINS + 1e-9)))] += 1
    return counts


def bin_name(index: int) -> str:
    """Name a tenth: `70 to 80 %`."""
    return f"{10 * index} to {10 * (index + 1)} %"


def histogram(counts: Sequence[int]) -> Markup:
    """Draw how many students there are in each tenth of the marks."""
    most = max(counts, default=0) or 1
    step = _step(most)
    top = step * -(-most // step)
    wide, high = (WIDTH - LEFT - RIGHT) / len(counts), HEIGHT - TOP - BOTTOM
    parts = []
    for value in range(0, top + 1, step):
        y = TOP + high * (1 - value / top)
        parts.append(f'<line class="rule" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="end" x="{LEFT - 6}" y="{y + 4:.1f}">{value}</text>')
    for index, value in enumerate(counts):
        x, tall = LEFT + index * wide, high * value / top
        if value:
            parts.append(
                f'<rect class="bar" x="{x + 2:.1f}" y="{TOP + high - tall:.1f}" width="{wide - 4:.1f}" '
                f'height="{tall:.1f}" rx="1.5"/>'
                f'<text class="mid" x="{x + wide / 2:.1f}" y="{TOP + high - tall - 3:.1f}">{value}</text>'
            )
        if index % 2 == 0:
            parts.append(f'<text class="mid" x="{x:.1f}" y="{TOP + high + 15}">{10 * index}</text>')
    parts.append(f'<text class="end" x="{WIDTH - 1}" y="{TOP + high + 15}">100</text>')
    parts.append(f'<text class="mid" x="{LEFT + 5 * wide:.1f}" y="{HEIGHT - 3}">mark, in % of the points</text>')
    said = ", ".join(f"{value} at {bin_name(index)}" for index, value in enumerate(counts) if value)
    return _svg("chart", WIDTH, HEIGHT, f"Students by mark: {said or 'none'}.", parts)


def _step(most: int) -> int:
    """Return a distance of grid lines that gives at most five of them."""
    return next(
        size * scale for scale in (1, 10, 100, 1000, 10**4, 10**5) for size in (1, 2, 5) if most <= 5 * size * scale
    )


def bar(share: float) -> Markup:
    """Draw a share as a bar in a table; the number stands beside it, so that the bar itself is silent."""
    wide = f"{100 * min(1.0, max(0.0, share)):.0f}%"
    return Markup(f'<svg class="meter" aria-hidden="true"><rect class="bar" width="{wide}" height="100%"/></svg>')  # noqa: S704 - a number


def sparkline(shares: Sequence[float | None]) -> Markup:
    """Draw a student's marks lesson by lesson, with gaps where there is none, and say them."""
    wide = (SPARK_WIDTH - 8) / max(1, len(shares) - 1)

    def place(index: int, share: float) -> tuple[float, float]:
        return 4 + index * wide, 3 + (SPARK_HEIGHT - 6) * (1 - min(1.0, max(0.0, share)))

    parts, run = [], list[tuple[float, float]]()
    for index, share in enumerate([*shares, None]):
        if share is not None:
            run.append(place(index, share))
            continue
        if len(run) > 1:
            parts.append(f'<polyline class="ours" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in run)}"/>')
        parts += [f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="1.6"/>' for x, y in run if len(run) == 1]
        run = []
    there = [(index, share) for index, share in enumerate(shares) if share is not None]
    if there:
        x, y = place(*there[-1])
        parts.append(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="2.4"/>')
    return _svg("spark", SPARK_WIDTH, SPARK_HEIGHT, "Marks in turn: " + ", ".join(map(percent, shares)), parts)


def loss_curve(curve: Curve) -> Markup:
    """Draw a student's loss by epoch beside the reference's: the one solid, the other dashed."""
    values = [value for value in (*curve.ours, *curve.theirs) if value is not None]
    low, high = min(values, default=0.0), max(values, default=1.0)
    low = min(low, 0.0) if low < high / 2 else low
    span, last = (high - low) or 1.0, curve.epochs[-1] or 1
    wide, tall = WIDTH - 2 * LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def line(losses: Sequence[float | None], kind: str) -> list[str]:
        places = [
            f"{2 * LEFT + wide * epoch / last:.1f},{TOP + tall * (1 - (value - low) / span):.1f}"
            for epoch, value in zip(curve.epochs, losses, strict=True)
            if value is not None
        ]
        return [f'<polyline class="{kind}" points="{" ".join(places)}"/>'] if places else []

    parts = [f'<line class="rule" x1="{2 * LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>' for y in (TOP, TOP + tall)]
    parts += [
        f'<text class="end" x="{2 * LEFT - 6}" y="{y + 4}">{number(value, 3)}</text>'
        for y, value in ((TOP, high), (TOP + tall, low))
    ]
    parts += [
        f'<text x="{2 * LEFT}" y="{HEIGHT - 16}">0</text>',
        f'<text class="end" x="{WIDTH - RIGHT}" y="{HEIGHT - 16}">{last}</text>',
    ]
    parts += [f'<text class="mid" x="{2 * LEFT + wide / 2:.0f}" y="{HEIGHT - 3}">epoch</text>']
    parts += [*line(curve.theirs, "theirs"), *line(curve.ours, "ours")]
    return _svg("chart", WIDTH, HEIGHT, curve_words(curve), parts)


def curve_words(curve: Curve) -> str:
    """Say what the curve shows."""

    def said(losses: Sequence[float | None]) -> str:
        there = [value for value in losses if value is not None]
        broken = "; it is not finite, or ends, before the last epoch" if losses[-1] is None else ""
        return f"goes from {number(there[0], 4)} to {number(there[-1], 4)}{broken}" if there else "is nowhere finite"

    return f"Your {curve.name} {said(curve.ours)}; that of the reference {said(curve.theirs)}."


def wrong_grid(grid: Grid) -> Markup:
    """Draw where a matrix is wrong: a crossed square for an entry that differs."""
    parts = []
    for i, row in enumerate(grid.rows):
        for j, letter in enumerate(row):
            x, y = j * CELL + 1, i * CELL + 1
            kind = "wrong" if letter == "x" else "right"
            parts.append(f'<rect class="{kind}" x="{x}" y="{y}" width="{CELL - 2}" height="{CELL - 2}"/>')
            if kind == "wrong":
                near, far = CELL / 4, CELL - 2 - CELL / 4
                parts.append(
                    f'<path class="cross" d="M{x + near} {y + near}L{x + far} {y + far}'
                    f'M{x + far} {y + near}L{x + near} {y + far}"/>'
                )
    columns = max(map(len, grid.rows), default=0)
    return _svg("grid", columns * CELL, len(grid.rows) * CELL, grid_words(grid), parts, fixed_size=True)


def grid_words(grid: Grid) -> str:
    """Say what the grid shows."""
    wrong, cells = sum(row.count("x") for row in grid.rows), sum(map(len, grid.rows))
    rows = [str(i) for i, row in enumerate(grid.rows) if "x" in row]
    columns = [str(j) for j in range(max(map(len, grid.rows), default=0)) if any(row[j] == "x" for row in grid.rows)]
    whole = grid.shape == (len(grid.rows), len(grid.rows[0]) if grid.rows else 0)
    shape = f"{grid.name} of shape ({grid.shape[0]}, {grid.shape[1]})"
    if not whole:
        return f"{shape}: {wrong} of {cells} blocks hold an entry that differs."
    if wrong == cells:
        return f"{shape}: all {cells} entries differ."
    where = "" if len(rows) > 8 or len(columns) > 8 else f", in row {', '.join(rows)} and column {', '.join(columns)}"  # noqa: PLR2004 - a few
    return f"{shape}: {wrong} of {cells} entries differ{where}."


def _svg(kind: str, width: int, height: int, said: str, parts: Sequence[str], *, fixed_size: bool = False) -> Markup:
    size = Markup(' width="{}" height="{}"').format(width, height) if fixed_size or kind == "spark" else ""
    inner = Markup("".join(parts))  # noqa: S704 - shapes and numbers that were made here
    return Markup('<svg class="{}" viewBox="0 0 {} {}"{} role="img" aria-label="{}">{}</svg>').format(
        kind, width, height, size, said, inner
    )
