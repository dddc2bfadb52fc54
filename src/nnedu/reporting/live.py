"""The line that a student sees while something trains: for how long, and what their own code printed last."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from nnedu.reporting.feedback import plain

if TYPE_CHECKING:
    from nnedu.reporting.terminal import Style


def training_line(name: str, seconds: int, printed: str, style: Style) -> str:
    """Return the line of an exercise that trains; `printed` is hostile. It is never as wide as the terminal.

    A line that wraps could not be taken back.
    """
    said = " ".join(plain(printed).split())
    text = style.fit(f"  {name}  training, {seconds} s {'…' if style.unicode else '...'} {said}".rstrip())
    return style.paint(_cut(text, style.width - 1), "dim")


def _cut(text: str, columns: int) -> str:
    """Return as much of a text as fits; some letters take two columns."""
    for index, letter in enumerate(text):
        columns -= 2 if east_asian_width(letter) in "WF" else 1
        if columns < 0:
            return text[:index]
    return text
