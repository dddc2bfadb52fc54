"""The table that the benchmarks print: rows of measured values beside their budgets."""
# ruff: noqa: INP001 - of scripts, not of a package

from __future__ import annotations

import os
import platform
import statistics
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

SCALES = {
    "s": (1.0, 3),
    "ms": (1e3, 1),
    "µs": (1e6, 0),
    "x": (1.0, 2),
    "%": (1e2, 1),
    "MB": (1e-6, 0),
    "/s": (1.0, 1),
    "": (1.0, 0),
}


class NotMeasuredError(Exception):
    """A command did not do what is measured; its seconds would mean nothing."""


@dataclass
class Row:
    """One line of the table. Values and budget are in seconds where the unit is one of time.

    `least`: the budget is what has to be reached, not what must not be exceeded.
    """

    what: str
    unit: str
    budget: float | None
    values: list[float] = field(default_factory=list)
    least: bool = False

    @property
    def within(self) -> bool | None:
        """Whether the median keeps the budget; None where there is no budget or no value."""
        if self.budget is None or not self.values:
            return None
        median = statistics.median(self.values)
        return median >= self.budget if self.least else median <= self.budget

    def cells(self) -> list[str]:
        """Return the line as texts."""
        verdict = {True: "yes", False: "NO", None: ""}[self.within]
        budget = "" if self.budget is None else f"{'≥ ' * self.least}{self._text(self.budget, trim=True)}"
        if not self.values:
            return [self.what, "not measured", "", "", budget, ""]
        several = len(self.values) > 1
        low, high = (self._text(min(self.values)), self._text(max(self.values))) if several else ("", "")
        return [self.what, self._text(statistics.median(self.values)), low, high, budget, verdict]

    def _text(self, value: float, *, trim: bool = False) -> str:
        scale, digits = SCALES[self.unit]
        number = f"{value * scale:.{digits}f}"
        if trim and "." in number:
            number = number.rstrip("0").rstrip(".")
        return f"{number} {self.unit}".rstrip()

    def plain(self) -> dict[str, object]:
        """Return the line for a program; times in seconds."""
        median = statistics.median(self.values) if self.values else None
        low, high = (min(self.values), max(self.values)) if self.values else (None, None)
        unit = "s" if self.unit in {"ms", "µs"} else self.unit
        named: dict[str, object] = {"what": self.what, "unit": unit, "median": median, "min": low, "max": high}
        return named | {"runs": len(self.values), "budget": self.budget, "least": self.least, "within": self.within}


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a table."""
    cells = [["what", "median", "min", "max", "budget", "within"], *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    cells.insert(1, ["-" * width for width in widths])
    aligned = [[line[0].ljust(widths[0]), *map(str.rjust, line[1:5], widths[1:5]), line[5]] for line in cells]
    return "\n".join("  ".join(line).rstrip() for line in aligned)


def progress(text: str) -> None:
    """Show in a terminal what is being measured."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()


def machine() -> str:
    """Describe where this was measured, in what a reader needs to compare."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores{load}, Python {platform.python_version()}, numpy {np.__version__}"
