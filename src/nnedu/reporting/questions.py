"""A question of a quiz as text, for the terminal and for the file that the answers are written into."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from nnedu.course.asked import LETTERS

if TYPE_CHECKING:
    from nnedu.course.asked import Asked

WIDTH = 96
_INDENT = "    "


def question_lines(asked: Asked, number: int) -> list[str]:
    """Return a question, its choices, and how it is answered."""
    points = f"{asked.points} point{'s' if asked.points != 1 else ''}"
    judged = "checked right away" if asked.seal else "judged when graded"
    lines = [f"{number}  {asked.id}  ({points}, {judged})"]
    for paragraph in _paragraphs(asked.text):
        lines += [paragraph] if paragraph.startswith(" ") else textwrap.wrap(paragraph, WIDTH) or [""]
    for letter, choice in zip(LETTERS, asked.choices, strict=False):
        lines += textwrap.wrap(choice, WIDTH, initial_indent=f"  {letter}) ", subsequent_indent=_INDENT + " ")
    return [*lines, f"Answer: {asked.how}."]


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text; an empty line, and one that is indented as code is, stays as it is."""
    found: list[str] = []
    for line in text.strip("\n").splitlines():
        if found and _flows(line) and _flows(found[-1]):
            found[-1] += f" {line}"
        else:
            found.append(line)
    return found


def _flows(line: str) -> bool:
    return bool(line.strip()) and not line.startswith(" ")
