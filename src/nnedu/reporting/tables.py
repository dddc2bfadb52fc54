"""Tables: of a class in the terminal, of grades in files, of what was proved of a lesson."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Protocol

from nnedu.outcome import State, lesson_json
from nnedu.reporting.feedback import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nnedu.outcome import LessonOutcome

FORMULA = ("=", "+", "-", "@", "\t", "\r")
SIGNS = {State.NOT_STARTED: "-", State.RAISED: "!", State.STOPPED: "T", State.FAULT: "?"}
LEGEND = "- not started   ! raised   T stopped   ? a mistake in the course"


class Row(Protocol):
    """What is printed of an exercise that was proved."""

    id: str
    points: int
    checks: int
    hidden: int
    mistakes: int
    diagnosed: int
    variants: int


class Proved(Protocol):
    """What is printed of a lesson that was proved."""

    lesson: str
    rows: Any
    problems: list[str]
    seconds: float


class Graded(Protocol):
    """One student's outcome."""

    @property
    def student(self) -> str:
        """Who it is."""

    @property
    def outcome(self) -> LessonOutcome:
        """What came of the checks."""

    @property
    def problem(self) -> str:
        """Why it could not be read as a submission, or nothing."""


def text_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Lay rows out in columns: the first to the left, the others to the right."""
    cells = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in cells
    ]
    return "\n".join(line.rstrip() for line in [lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def verify_table(report: Proved) -> str:
    """Return the table of what was proved of a lesson."""
    rows: list[tuple[object, ...]] = [
        (row.id, row.points, row.checks, row.hidden, row.mistakes, f"{row.diagnosed}/{row.mistakes}", row.variants)
        for row in report.rows
    ]

    def total(column: str) -> int:
        return sum(getattr(row, column) for row in report.rows)

    named = f"{total('diagnosed')}/{total('mistakes')}"
    rows.append(("all", *map(total, ("points", "checks", "hidden", "mistakes")), named, total("variants")))
    table = text_table(("exercise", "points", "checks", "hidden", "mistakes", "diagnosed", "variants"), rows)
    return f"{report.lesson}  {report.seconds:.1f} s\n{table}"


def class_table(graded: Sequence[Graded]) -> str:
    """Return the table of a class: a row a student, a column an exercise."""
    if not graded:
        return "no submissions"
    exercises = [exercise.id for exercise in graded[0].outcome.exercises]
    head = ["student", "points", *(str(number) for number in range(1, len(exercises) + 1)), "first thing to look at"]
    rows = []
    for one in graded:
        cause = one.outcome.first_cause
        said = one.problem or (f"{cause.id}: {cause.summary}" if cause else "")
        states = [str(e.points) if e.points else SIGNS.get(e.state, "0") for e in one.outcome.exercises]
        rows.append([one.student, f"{one.outcome.points}/{one.outcome.max_points}", *states, said[:60]])
    legend = "  ".join(f"{number} {name}" for number, name in enumerate(exercises, 1))
    table = _left_last(text_table(head, rows))
    return f"{table}\n\n{legend}\n{LEGEND}"


def _left_last(table: str) -> str:
    """Move the last column, which is prose, to the left of its width."""
    lines = table.splitlines()
    start = lines[1].rfind(" ") + 1
    return "\n".join(line[:start] + line[start:].strip() for line in lines)


def grades_csv(graded: Sequence[Graded]) -> str:
    """Return the grades as CSV, safe to open in a spreadsheet."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    exercises = [exercise.id for exercise in graded[0].outcome.exercises] if graded else []
    writer.writerow(["student", "points", "max_points", *exercises, "problem"])
    for one in graded:
        points = {exercise.id: exercise.points for exercise in one.outcome.exercises}
        earned = [points.get(name, 0) for name in exercises]
        row = [one.student, one.outcome.points, one.outcome.max_points, *earned, one.problem]
        writer.writerow([safe_cell(cell) for cell in row])
    return buffer.getvalue()


def safe_cell(cell: object) -> object:
    """Keep a text from being read as a formula by a spreadsheet, and from breaking its row."""
    if not isinstance(cell, str):
        return cell
    text = plain(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def grades_json(lesson: str, max_points: int, graded: Sequence[Graded]) -> str:
    """Return the grades as JSON: the same facts, for programs."""
    rows = []
    for one in graded:
        outcome = lesson_json(one.outcome)
        row = {"student": one.student, "points": outcome["points"], "exercises": outcome["exercises"]}
        rows.append(row | ({"problem": one.problem} if one.problem else {}))
    whole = {"lesson": lesson, "max_points": max_points, "submissions": rows}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"
