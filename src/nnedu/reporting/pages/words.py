"""Numbers, names and moments as a person reads them, in pages and in text alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nnedu.reporting.feedback import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

NAME = 80
SENTENCE = 400
MESSAGE = 4000
LINES = 60


def number(value: float | None, digits: int = 1) -> str:
    """Write a number with as few digits as it needs; a dash where there is none."""
    if value is None:
        return "–"
    text = f"{value:.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def fixed(value: float | None, digits: int = 2) -> str:
    """Write a number with so many digits, so that numbers of a column stand below each other."""
    return "–" if value is None else f"{value:.{digits}f}".replace("-", "−")


def percent(share: float | None) -> str:
    """Write a share: `73 %`."""
    return "–" if share is None else f"{round(100 * share)} %"


def count(how_many: int, noun: str) -> str:
    """Write how many there are: `1 student`, `2 students`."""
    return f"{how_many} {noun}{'' if how_many == 1 else 's'}"


def moment(at: datetime) -> str:
    """Write a moment in its own time zone."""
    return f"{at:%Y-%m-%d %H:%M} {at.tzname() or ''}".rstrip()


def clip(text: str, most: int = NAME) -> str:
    """Return a text as plain characters, of a length that a page bears."""
    text = text if len(text) <= most else text[: most - 1] + "…"
    return text if text.isprintable() else plain(text)


def name(text: str) -> str:
    """Return a name on one line."""
    return clip(" ".join(text.split()), NAME)


def message(text: str) -> str:
    """Return the message of a check: its lines stay, and very many of them do not."""
    lines = clip(text, MESSAGE).splitlines()
    return "\n".join(lines if len(lines) <= LINES else [*lines[:LINES], "…"])


def names(people: Sequence[str], width: int) -> str:
    """Write as many names as there is room for, at least one, and how many more there are."""
    shown = list[str]()
    for one in map(name, people):
        if shown and len(", ".join([*shown, one])) > width:
            break
        shown.append(one)
    left = len(people) - len(shown)
    return ", ".join(shown) + (f" and {left} more" if left else "")
