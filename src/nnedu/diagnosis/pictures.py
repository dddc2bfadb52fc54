"""Pictures of what a check found, as plain records: where a matrix is wrong, and two losses side by side.

They are made only where a check has failed, and are bounded in size; a grid holds no value.
"""

from __future__ import annotations

import math
import numbers
from typing import TYPE_CHECKING, Any

import numpy as np

from nnedu.outcome import MAX_CURVE, MAX_GRID, Curve, Grid

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST = 2  # points of a curve, entries of a grid
MATRIX = 2


def draw_grid(name: str, wrong: np.ndarray) -> Grid | None:
    """Return where a vector or matrix is wrong, or None where there is nothing to draw. `wrong` holds booleans."""
    if wrong.ndim not in {1, MATRIX} or wrong.size < FEWEST:
        return None
    whole = wrong if wrong.ndim == MATRIX else wrong[None]
    cells = _coarser(_coarser(whole).T).T
    rows = tuple("".join("x" if cell else "." for cell in row) for row in cells.tolist())
    return Grid(name, (whole.shape[0], whole.shape[1]), rows)


def _coarser(cells: np.ndarray) -> np.ndarray:
    """Return at most MAX_GRID rows: each says whether any row that it stands for is wrong."""
    if len(cells) <= MAX_GRID:
        return cells
    return np.array([part.any(axis=0) for part in np.array_split(cells, MAX_GRID)])


def draw_curve(name: str, ours: Any, theirs: Any) -> Curve | None:
    """Return two losses by epoch, or None where one is no list of numbers. What a student returned may be anything."""
    mine, right = _numbers(ours), _numbers(theirs)
    length = max(len(mine), len(right))
    if min(len(mine), len(right)) < FEWEST:
        return None
    epochs = sorted({round(i) for i in np.linspace(0, length - 1, min(length, MAX_CURVE)).tolist()})
    return Curve(
        name,
        tuple(epochs),
        tuple(mine[i] if i < len(mine) else None for i in epochs),
        tuple(right[i] if i < len(right) else None for i in epochs),
    )


def _numbers(values: Any) -> Sequence[float | None]:
    """Return the numbers of a list, None for one that is not finite; nothing where it is no list of numbers."""
    if isinstance(values, np.ndarray) and values.ndim == 1:
        values = values.tolist()
    if not isinstance(values, (list, tuple)):
        return ()
    found = [value[()] if isinstance(value, np.ndarray) and value.shape == () else value for value in values]
    real = all(isinstance(value, (numbers.Real, np.floating, np.integer)) for value in found)
    return [_finite(value) for value in found] if real else ()


def _finite(value: Any) -> float | None:
    try:
        number = float(value)
    except OverflowError:  # an integer of 400 digits
        return None
    return number if math.isfinite(number) else None
