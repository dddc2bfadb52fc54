"""nbgrader's gradebook as a table with a column for each exercise: a plugin for `nbgrader export`."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.plugins import ExportPlugin

from nnedu.publishing.nbgrader.gradebook import Score, scores_in
from nnedu.reporting.tables import safe_cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HEAD = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score", "look_at"),
)


class ExerciseTable(ExportPlugin):  # type: ignore[misc] # nbgrader has no types
    """The columns of nbgrader's own table, what a person should look at, and a column for each exercise."""

    def export(self, gradebook: Any) -> None:
        """Write the table; students without a submission have empty cells, not zeros."""
        rows = list(self._rows(gradebook))
        columns = list(dict.fromkeys(name for row in rows for name in row if name not in HEAD))
        path = Path(self.to or "grades.csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow([*HEAD, *map(safe_cell, columns)])
            for row in rows:
                table.writerow([safe_cell(row.get(name, "")) for name in (*HEAD, *columns)])
        self.log.info("Exported %d rows to %s", len(rows), path)

    def _rows(self, gradebook: Any) -> Iterator[dict[str, object]]:
        wanted, students = set(map(str, self.assignment)), set(map(str, self.student))
        for assignment in gradebook.assignments:
            if wanted and assignment.name not in wanted:
                continue
            scores: dict[str, list[Score]] = {}
            for one in scores_in(gradebook, assignment.name):
                scores.setdefault(one.student, []).append(one)
            submissions = {one.student_id: one for one in assignment.submissions}
            for student in gradebook.students:
                if not students or student.id in students:
                    yield _row(assignment, student, submissions.get(student.id), scores.get(student.id, ()))


def _row(assignment: Any, student: Any, submission: Any, scores: Sequence[Score]) -> dict[str, object]:
    row: dict[str, object] = {
        "assignment": assignment.name,
        "duedate": _said(assignment.duedate),
        "student_id": student.id,
        "last_name": _said(student.last_name),
        "first_name": _said(student.first_name),
        "email": _said(student.email),
        "max_score": assignment.max_score,
    }
    if submission is not None:
        penalty = submission.late_submission_penalty
        row |= {
            "timestamp": _said(submission.timestamp),
            "raw_score": submission.score,
            "late_submission_penalty": penalty,
            "score": max(0.0, submission.score - penalty),
            "look_at": "; ".join(flag for one in scores for flag in one.flags),
        }
        row |= {f"{assignment.name}/{one.exercise}": one.points for one in scores if one.max_points}
    return row


def _said(value: object) -> str:
    return "" if value is None else str(value)
