"""What is wrong with a value, in numbers: a factor, a sign, a transpose, a missing sum, where the first wrong entry is.

Nothing here guesses: each row of `_EXPLANATIONS` holds to 1e-6 of the value or is not said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

REMAINDER = 1e-6
SOME = 0.5
SLIGHT = 1e-3


@dataclass(frozen=True, slots=True)
class Sizes:
    """What a factor may be equal to: the size of the batch, and what else the check knows by name."""

    batch: int | None = None
    others: Mapping[str, float] = field(default_factory=dict)

    def named(self) -> list[tuple[float, str, str]]:
        """Return rows of (factor, how to write it, where it may come from)."""
        rows = [(-1.0, "-1", "the sign is the other way round")]
        sizes = [(f"the batch holds m = {self.batch} examples", float(self.batch))] if self.batch else []
        sizes += [(f"{name} is {value:g}", float(value)) for name, value in self.others.items()]
        for why, size in sizes:
            if size > 1:
                rows += [(size, f"{size:g}", why), (1 / size, f"1/{size:g}", why)]
                rows += [(-size, f"-{size:g}", f"{why}, and the sign is the other way round")]
                rows += [(size**2, f"{size:g}²", why), (1 / size**2, f"1/{size:g}²", why)]
        # Last, because a batch of two is the likelier source of a 2 than the derivative of a square.
        rows += [
            (2.0, "2", "a factor 2 too many, as from a square"),
            (0.5, "1/2", "a factor 2 is missing, as from a square"),
        ]
        return rows


@dataclass(frozen=True, slots=True)
class Factor:
    """How one array is a multiple of another: `value` times, up to `remainder` of its norm."""

    value: float
    remainder: float
    written: str = ""
    why: str = ""

    @property
    def exact(self) -> bool:
        """Whether nothing is left over."""
        return self.remainder < REMAINDER

    @property
    def one(self) -> bool:
        """Whether the two arrays are the same."""
        return self.exact and abs(self.value - 1) < REMAINDER


def factor(actual: np.ndarray, expected: np.ndarray, sizes: Sizes) -> Factor:
    """Return the factor between two arrays, with its name where it has one."""
    a, e = actual.ravel(), expected.ravel()
    norm = float(e @ e)
    value = float(a @ e) / norm if norm else 0.0
    length = float(np.linalg.norm(a))
    remainder = float(np.linalg.norm(a - value * e)) / length if length else 1.0
    for named, written, why in sizes.named():
        if abs(value - named) < REMAINDER * abs(named):
            return Factor(value, remainder, written, why)
    return Factor(value, remainder)


def times(found: Factor) -> str:
    """Say a factor: `32 times too large`, `1/7 of what it should be`."""
    if found.written == "-1":
        return "the negative of what it should be"
    if found.written.startswith("1/"):
        return f"{found.written} of what it should be"
    if abs(found.value) >= 1:
        return f"{found.written or f'{found.value:.6g}'} times too large"
    return f"{found.written or f'{found.value:.6g}'} of what it should be"


def explain(actual: np.ndarray, expected: np.ndarray, sizes: Sizes) -> tuple[str, str]:
    """Return a short line and a sentence on how `actual` differs from `expected`, or two empty strings.

    Both are finite float arrays of one shape that are not close.
    """
    with np.errstate(all="ignore"):
        return _explained(actual, expected, sizes)


def _explained(actual: np.ndarray, expected: np.ndarray, sizes: Sizes) -> tuple[str, str]:
    if not np.any(actual):
        return "is all zeros", "Every entry is 0."
    if not np.any(expected):
        return "", "Every entry should be 0."
    found = factor(actual, expected, sizes)
    if found.exact and actual.size > 1 and abs(found.value - 1) > SLIGHT:
        reason = f": {found.why}" if found.why else ""
        return (
            f"is {times(found)}",
            f"Every entry is off by the same factor, {found.written or f'{found.value:.6g}'}{reason}.",
        )
    for matches, short, sentence in _EXPLANATIONS:
        if matches(actual, expected):
            return short, sentence
    wrong = _entries(actual, expected)
    if 0 < len(wrong) <= SOME * actual.size:
        places = ", ".join(index(i) for i in wrong[:4]) + (", ..." if len(wrong) > 4 else "")  # noqa: PLR2004 - a few
        return "", f"{len(wrong)} of {actual.size} entries differ: {places}."
    return "", ""


def _near(a: np.ndarray, b: np.ndarray) -> bool:
    return a.shape == b.shape and float(np.max(np.abs(a - b), initial=0.0)) <= REMAINDER * float(
        np.max(np.abs(b), initial=0.0)
    )


def _transposed(a: np.ndarray, e: np.ndarray) -> bool:
    return a.ndim == 2 and _near(a, e.T)  # noqa: PLR2004 - a matrix


def _shifted(a: np.ndarray, e: np.ndarray) -> bool:
    difference = a - e
    return a.size > 1 and _near(difference, np.full_like(difference, difference.flat[0]))


def _inverted(a: np.ndarray, e: np.ndarray) -> bool:
    return _near(a * e, np.ones_like(e))


def _squared(a: np.ndarray, e: np.ndarray) -> bool:
    return _near(a, e * e)


def _unsigned(a: np.ndarray, e: np.ndarray) -> bool:
    return bool(np.any(e > 0) and np.any(e < 0)) and _near(a, np.abs(e))


def _reordered(a: np.ndarray, e: np.ndarray) -> bool:
    return a.size > 1 and _near(np.sort(a, axis=None), np.sort(e, axis=None))


_EXPLANATIONS = (
    (_transposed, "is transposed", "It is the transpose of what it should be."),
    (lambda a, e: _near(a, 1 - e), "is 1 minus what it should be", "Every entry is 1 minus what it should be."),
    (_inverted, "is the reciprocal of what it should be", "Every entry is the reciprocal of what it should be."),
    (_squared, "is the square of what it should be", "Every entry is the square of what it should be."),
    (_unsigned, "has lost its signs", "The sizes are right; the signs are lost."),
    (_shifted, "is off by a constant", "Every entry is off by the same amount: a term is missing, or one too many."),
    (_reordered, "has its entries in another order", "The numbers are right, but they stand in other places."),
)  # fmt: skip


def _entries(actual: np.ndarray, expected: np.ndarray) -> list[tuple[int, ...]]:
    gap = np.abs(actual - expected)
    wrong = np.argwhere(gap > REMAINDER * np.maximum(np.abs(expected), float(np.max(np.abs(expected)))))
    return [tuple(int(i) for i in place) for place in wrong]


def explain_shape(actual: tuple[int, ...], expected: tuple[int, ...], name: str) -> str:
    """Say how a shape differs, in the words that help."""
    said = f"{name} has shape {actual}; expected {expected}."
    if sorted(actual) == sorted(expected) and actual[::-1] == expected:
        return f"{said} That is the shape of the transpose."
    if tuple(n for n in actual if n != 1) == tuple(n for n in expected if n != 1):
        return f"{said} Broadcasting would hide this; it is the axis of length 1 that is too many or missing."
    return said


def explain_not_finite(actual: np.ndarray, name: str) -> str:
    """Say how many entries are not finite, and where the first one is."""
    bad = np.argwhere(~np.isfinite(actual))
    first = tuple(int(i) for i in bad[0])
    value = actual[first]
    where = f"the first at {name}{index(first)}, which is {value}"
    return f"{name} is not finite: {len(bad)} of {actual.size} entries, {where}."


def index(place: tuple[int, ...]) -> str:
    """Write an index as Python does; nothing for a 0-d array."""
    return f"[{', '.join(map(str, place))}]" if place else ""
