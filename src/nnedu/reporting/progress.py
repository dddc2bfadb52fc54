"""A student's progress over lessons, as text and for programs."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from nnedu.outcome import State
from nnedu.reporting.terminal import header, next_line, row, short_lesson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from nnedu.reporting.terminal import Style

Row = tuple[str, str, str, str, int, int, str]
BAR = 20


class Checked(NamedTuple):
    """When a lesson was last checked, and whether its files were edited since."""

    at: datetime
    edited: bool


def progress_text(rows: Sequence[Row], style: Style, checked: Mapping[str, Checked] | None = None) -> str:
    """Return the screen of `nnedu status`. A row: lesson, title, exercise, state, points, of how many, summary."""
    if not rows:
        return "No lesson has been fetched.\n" + next_line("nnedu fetch LESSON", style)
    blocks = []
    upcoming = ""
    for (lesson, title), group in groupby(rows, key=lambda row: row[:2]):
        ours = list(group)
        done, full = sum(one[4] for one in ours), sum(one[5] for one in ours)
        filled = BAR * done // full if full else 0
        bar = ("█" * filled + "░" * (BAR - filled)) if style.unicode else "#" * filled + "-" * (BAR - filled)
        lines = [header(lesson, title, style), f"{bar}  {done} of {full} points{_as_of((checked or {}).get(lesson))}"]
        lines += [row(State(one[3]), one[2], one[6], style) for one in ours]
        blocks.append("\n".join(lines))
        if not upcoming and any(one[3] != State.PASSED for one in ours):
            upcoming = short_lesson(lesson)
    last = next_line(f"nnedu check {upcoming}", style) if upcoming else "Every exercise that you have fetched passes."
    return "\n\n".join([*blocks, last])


def _as_of(checked: Checked | None) -> str:
    if checked is None:
        return ", not checked yet"
    return f" at the check of {checked.at:%Y-%m-%d %H:%M}" + (", edited since" if checked.edited else "")


def progress_json(rows: Sequence[Row], checked: Mapping[str, Checked] | None = None) -> dict[str, object]:
    """Return the same facts for programs."""
    lessons = []
    for (lesson, title), group in groupby(rows, key=lambda row: row[:2]):
        ours = list(group)
        exercises = [
            {"id": row[2], "state": row[3], "points": row[4], "max_points": row[5], "summary": row[6]} for row in ours
        ]
        points, full = sum(row[4] for row in ours), sum(row[5] for row in ours)
        last = (checked or {}).get(lesson)
        lessons.append(
            {
                "lesson": lesson,
                "title": title,
                "points": points,
                "max_points": full,
                "checked_at": last.at.isoformat() if last else None,
                "edited": last is not None and last.edited,
                "exercises": exercises,
            }
        )
    return {"lessons": lessons}
