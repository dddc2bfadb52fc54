"""Tables: of a class in the terminal, of grades in files, of what was proved of a lesson."""

from __future__ import annotations

import csv
import io
import textwrap
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from nnedu.outcome import State, lesson_json
from nnedu.reporting.feedback import WIDTH, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nnedu.outcome import LessonOutcome

FORMULA = ("=", "+", "-", "@", "\t", "\r")
SIGNS = {State.NOT_STARTED: "-", State.RAISED: "!", State.STOPPED: "T", State.FAULT: "?"}
JSON_BETWEEN = ",\n  "  # two submissions in grades.json
JSON_END = "\n ]\n}\n"
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


def class_row(one: Graded) -> list[str]:
    """Return the row of a student in the table of a class."""
    outcome, cause = one.outcome, one.outcome.first_cause
    said = one.problem or by_hand(outcome) or (f"{cause.id}: {cause.summary}" if cause else "")
    states = [str(e.points) if e.points else SIGNS.get(e.state, "0") for e in outcome.exercises]
    return [one.student, f"{outcome.points}/{outcome.max_points}", *states, said[:60]]


def class_table(exercises: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return the table of a class: a row a student, a column an exercise."""
    if not rows:
        return "no submissions"
    head = ["student", "points", *(str(number) for number in range(1, len(exercises) + 1)), "first thing to look at"]
    # A number and its name stay on one line.
    names = "  ".join(f"{number}\N{NO-BREAK SPACE}{name}" for number, name in enumerate(exercises, 1))
    legend = textwrap.fill(names, WIDTH, break_on_hyphens=False).replace("\N{NO-BREAK SPACE}", " ")
    return f"{_left_last(text_table(head, rows))}\n\n{legend}\n{LEGEND}"


def faults(outcome: LessonOutcome) -> list[str]:
    """Return the checks in which the course was wrong about this submission."""
    return [
        f"{exercise.id}/{check.id}"
        for exercise in outcome.exercises
        for check in exercise.checks
        if check.state is State.FAULT
    ]


def by_hand(outcome: LessonOutcome) -> str:
    """Say that a submission has to be looked at by a person, or nothing."""
    wrong = faults(outcome)
    more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    return f"look at it by hand: a fault in {wrong[0]}{more}" if wrong else ""


def _left_last(table: str) -> str:
    """Move the last column, which is prose, to the left of its width."""
    lines = table.splitlines()
    start = lines[1].rfind(" ") + 1
    return "\n".join(line[:start] + line[start:].strip() for line in lines)


def csv_head(exercises: Sequence[str]) -> str:
    """Return the first line of grades.csv."""
    return _csv_line(["student", "points", "max_points", *exercises, "problem", "by_hand"])


def csv_row(one: Graded) -> str:
    """Return the line of a student in grades.csv, safe to open in a spreadsheet."""
    outcome = one.outcome
    earned = [exercise.points for exercise in outcome.exercises]
    row = [one.student, outcome.points, outcome.max_points, *earned, one.problem, by_hand(outcome)]
    return _csv_line([safe_cell(cell) for cell in row])


def _csv_line(cells: Sequence[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(cells)
    return buffer.getvalue()


def safe_cell(cell: object) -> object:
    """Keep a text from being read as a formula by a spreadsheet, and from breaking its row."""
    if not isinstance(cell, str):
        return cell
    text = plain(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def json_head(lesson: str, max_points: int, graded_with: object) -> str:
    """Return grades.json up to its list of submissions: what is said of all of them."""
    head = {"lesson": lesson, "max_points": max_points, "graded_with": graded_with}
    return _json(head).removesuffix("\n}") + ',\n "submissions": [\n  '


def json_row(one: Graded) -> str:
    """Return a student in grades.json."""
    outcome = lesson_json(one.outcome)
    row = {"student": one.student, "points": outcome["points"], "exercises": outcome["exercises"]}
    row |= {"problem": one.problem} if one.problem else {}
    row |= {"by_hand": faults(one.outcome)} if faults(one.outcome) else {}
    return _json(row).replace("\n", "\n  ")


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=1).decode("utf-8")
