"""What the points of a class say of its exercises: how hard each is, and whether it measures what the others do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

ROUNDS = 1000
INTERVAL = (2.5, 97.5)
NEGLIGIBLE = 1e-20  # of the items' variances together: what rounding leaves of the variance of a constant sum
ROUNDED = 1e-12  # the same where variances are differences of large sums
FEWEST = 2  # a variance needs two students, a sum two exercises
BLOCK = 1 << 20  # places in the classes that are drawn at a time: a few MB


@dataclass(frozen=True, slots=True)
class Item:
    """One exercise: the mean share of its points, and how it goes with the others. None is what cannot be said."""

    difficulty: float | None
    discrimination: float | None


@dataclass(frozen=True, slots=True)
class ItemAnalysis:
    """The exercises in the order given, and Cronbach's alpha of them all with a 95 % bootstrap interval.

    `students` is how many handed in all that anybody handed in: alpha and discrimination are of these alone.
    """

    items: tuple[Item, ...]
    alpha: float | None
    alpha_low: float | None
    alpha_high: float | None
    students: int


def item_analysis(
    points: ArrayLike, maxima: Sequence[float], rng: np.random.Generator, rounds: int = ROUNDS
) -> ItemAnalysis:
    """Analyse points of students x exercises, nan where one was not handed in.

    Difficulty is the mean share of the points; discrimination the correlation of an exercise with the sum of the
    others, without itself, which would be correlated with itself. An exercise that nobody handed in is left out.
    """
    table = np.asarray(points, dtype=np.float64)
    table = table.reshape(len(table), len(maxima))
    given = np.isfinite(table)
    asked = given.any(axis=0)
    rows = table[given[:, asked].all(axis=1)][:, asked] if asked.any() else np.zeros((0, 0))
    # Seen from the first student: alpha and correlations do not change, and what is constant becomes exactly 0.
    shifted = rows - rows[:1]
    found = iter(_discriminations(shifted))
    items = tuple(
        Item(_difficulty(column[there], maximum), next(found) if there.any() else None)
        for column, there, maximum in zip(table.T, given.T, maxima, strict=True)
    )
    alpha = cronbach_alpha(shifted)
    low, high = _interval(shifted, rng, rounds) if alpha is not None else (None, None)
    return ItemAnalysis(items, alpha, low, high, len(rows))


def cronbach_alpha(rows: Floats) -> float | None:
    """Return Cronbach's alpha of students x items, or None where it is undefined: one item, or no difference."""
    students, items = rows.shape
    if min(students, items) < FEWEST:
        return None
    apart = float(rows.var(axis=0, ddof=1).sum())
    together = float(rows.sum(axis=1).var(ddof=1))
    if together <= NEGLIGIBLE * apart:
        return None
    return float(items / (items - 1) * (1 - apart / together))


def _difficulty(points: Floats, maximum: float) -> float | None:
    return float(points.mean() / maximum) if len(points) and maximum > 0 else None


def _discriminations(rows: Floats) -> list[float | None]:
    """Return for each item its correlation with the sum of the others."""
    students, items = rows.shape
    if min(students, items) < FEWEST:
        return [None] * items
    centred = rows - rows.mean(axis=0)
    others = centred.sum(axis=1, keepdims=True) - centred
    own, rest = np.square(centred).sum(axis=0), np.square(others).sum(axis=0)
    # Whoever is constant is exactly 0 here, a sum that is constant only nearly so.
    defined = (own > 0) & (rest > NEGLIGIBLE * own.sum())
    products = (centred * others).sum(axis=0)[defined] / np.sqrt(own[defined] * rest[defined])
    values = iter(np.clip(products, -1.0, 1.0).tolist())
    return [next(values) if there else None for there in defined.tolist()]


def _interval(rows: Floats, rng: np.random.Generator, rounds: int) -> tuple[float | None, float | None]:
    """Return the percentile interval of alpha over classes drawn from this one with replacement.

    A class that is drawn is how often each student is in it: sums over it are then products of matrices.
    """
    students, items = rows.shape
    centred = rows - rows.mean(axis=0)
    totals, squares = centred.sum(axis=1), np.square(centred).sum(axis=1)
    found = [np.zeros(0)]
    at_once = max(1, BLOCK // students)
    for start in range(0, rounds, at_once):
        size = min(at_once, rounds - start)
        drawn = rng.integers(students, size=(size, students)) + students * np.arange(size)[:, None]
        weights = np.bincount(drawn.ravel(), minlength=size * students).reshape(size, students) / students
        moments = weights @ squares
        apart = moments - np.square(weights @ centred).sum(axis=1)
        together = weights @ np.square(totals) - np.square(weights @ totals)
        defined = together > ROUNDED * moments
        found.append(items / (items - 1) * (1 - apart[defined] / together[defined]))
    alphas = np.concatenate(found)
    if not len(alphas):
        return None, None
    low, high = np.percentile(alphas, INTERVAL).tolist()
    return low, high
