"""Reports for programs: a table that a spreadsheet may open, and the records as JSON."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import msgspec

from nnedu.reporting.tables import safe_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nnedu.reporting.pages.records import CourseReport, LessonReport


def lesson_csv(report: LessonReport) -> str:
    """Return a row for each student: the mark, how the work came in, and the points of each exercise."""
    head = ["student", "name", "section", "came_in", "late", "attempts", "mark", "max_mark"]
    rows = [
        [
            *(one.login, one.shown, one.section, one.arrival.value, one.late, one.attempts),
            *((_number(one.points), _number(one.max_points)) if one.marked else ("", "")),
            *([cell.points if cell else "" for cell in one.cells] or [""] * len(report.columns)),
            one.note,
        ]
        for one in report.people
    ]
    return _csv([*head, *(one.id for one in report.columns), "note"], rows)


def course_csv(report: CourseReport) -> str:
    """Return a row for each student: the total, the mark of each lesson in percent, and why they fall behind."""
    head = ["student", "name", "section", "total_percent", "missing", *(one.lesson for one in report.lessons), "behind"]
    rows = [
        [
            *(one.login, one.shown, one.section, _percent(one.total), one.missing),
            *(_percent(share) for share in one.shares),
            "; ".join(one.behind),
        ]
        for one in report.people
    ]
    return _csv(head, rows)


def report_json(report: LessonReport | CourseReport) -> str:
    """Return the records of a report as JSON, in characters that no terminal obeys."""
    text = msgspec.json.format(msgspec.json.encode(report), indent=1).decode("utf-8")
    if all(line.isprintable() for line in text.split("\n")):
        return text
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows([safe_cell(cell) for cell in row] for row in (head, *rows))
    return buffer.getvalue()


def _number(value: float) -> str:
    return f"{value:.2f}"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.2f}"
