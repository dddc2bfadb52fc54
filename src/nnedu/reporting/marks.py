"""Marks as text: how each came to be, line by line. Points are exact until they are shown, to two decimals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from nnedu.reporting.feedback import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_HALF = Fraction(1, 2)
_AMOUNT = 10
ROUNDED = "(Amounts are shown to two decimals; nothing is rounded on the way.)"


@dataclass(frozen=True, slots=True)
class Line:
    """One step towards a mark: what it adds or takes, or None where it only says something."""

    text: str
    amount: Fraction | None = None


class Explained(Protocol):
    """A mark, of a lesson or of the course, with the lines whose amounts add up to it."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """The steps."""

    @property
    def total(self) -> Line:
        """The mark in words, and what the amounts add up to."""


def decimal(number: Fraction) -> Decimal:
    """Return a number to two decimals; half a hundredth goes up."""
    hundredths = (abs(number) * 100 + _HALF).__floor__()
    return Decimal(hundredths if number >= 0 else -hundredths).scaleb(-2)


def points_text(number: Fraction) -> str:
    """Return points as people write them: 11.50, and never -0.00."""
    return f"{decimal(number) + 0:.2f}"


def explain(title: str, parts: Iterable[tuple[str, Explained]]) -> str:
    """Return how marks came to be: a part for each lesson, and one for the course."""
    lines = [title]
    for name, mark in parts:
        lines += ["", name, *_part(mark)]
    return plain("\n".join(lines)) + "\n"


def _part(mark: Explained) -> Sequence[str]:
    amounts = [(line.text, "" if line.amount is None else points_text(line.amount)) for line in mark.lines]
    total = points_text(mark.total.amount) if mark.total.amount is not None else ""
    rows = [f"  {amount:>{_AMOUNT}}  {_one_line(text)}".rstrip() for text, amount in amounts]
    exact = all(line.amount is None or (line.amount * 100).denominator == 1 for line in mark.lines)
    rule = f"  {'-' * _AMOUNT}"
    return [*rows, rule, f"  {total:>{_AMOUNT}}  {_one_line(mark.total.text)}".rstrip(), *([] if exact else [ROUNDED])]


def _one_line(text: str) -> str:
    """Keep what a person wrote, such as a reason, to the line it is on."""
    return " ".join(text.split())
