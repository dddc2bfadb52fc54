"""A student's progress over lessons, as text and for programs."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from nnedu.outcome import State
from nnedu.reporting.terminal import header, short_lesson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nnedu.reporting.terminal import Style

Row = tuple[str, str, str, str, int, int, str]
BAR = 20


def progress_text(rows: Sequence[Row], style: Style) -> str:
    """Return the screen of `nnedu status`. A row: lesson, title, exercise, state, points, of how many, summary."""
    if not rows:
        return "No lesson has been fetched.\nNext:  nnedu fetch LESSON"
    blocks = []
    upcoming = ""
    for (lesson, title), group in groupby(rows, key=lambda row: row[:2]):
        ours = list(group)
        done, full = sum(row[4] for row in ours), sum(row[5] for row in ours)
        filled = BAR * done // full if full else 0
        bar = ("█" * filled + "░" * (BAR - filled)) if style.unicode else "#" * filled + "-" * (BAR - filled)
        lines = [f"{header(lesson, title, style)}   {bar}  {done} of {full} points"]
        lines += [f"  {style.sign(State(row[3]))} {row[2]:<24} {style.fit(row[6])[:70]}".rstrip() for row in ours]
        blocks.append("\n".join(lines))
        if not upcoming and any(row[3] != State.PASSED for row in ours):
            upcoming = short_lesson(lesson)
    last = f"Next:  nnedu check {upcoming}" if upcoming else "Every exercise that you have fetched passes."
    return "\n\n".join([*blocks, last])


def progress_json(rows: Sequence[Row]) -> dict[str, object]:
    """Return the same facts for programs."""
    lessons = []
    for (lesson, title), group in groupby(rows, key=lambda row: row[:2]):
        ours = list(group)
        exercises = [
            {"id": row[2], "state": row[3], "points": row[4], "max_points": row[5], "summary": row[6]} for row in ours
        ]
        points, full = sum(row[4] for row in ours), sum(row[5] for row in ours)
        lessons.append({"lesson": lesson, "title": title, "points": points, "max_points": full, "exercises": exercises})
    return {"lessons": lessons}
