"""What nbgrader's gradebook holds of a lesson, as records; and points that nnedu gave, written into it."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnedu.errors import UsageError
from nnedu.publishing.nbgrader.cells import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SQLITE = "sqlite:///"
INSTALL = "pip install 'nnedu[nbgrader]'"


@dataclass(frozen=True, slots=True)
class Score:
    """One graded cell of one student. `auto` or `manual` is None where there is no such score."""

    student: str
    exercise: str
    auto: float | None
    manual: float | None
    extra: float
    max_points: float
    waits: bool = False
    submitted_at: datetime | None = None

    @property
    def points(self) -> float:
        """What counts in nbgrader: what a person gave, or else what was found, and the extra credit."""
        counted = self.manual if self.manual is not None else self.auto
        return (counted or 0.0) + self.extra

    @property
    def flags(self) -> tuple[str, ...]:
        """What a person should know of it."""
        said = []
        if self.manual is not None:
            said.append(f"{self.exercise}: {self.manual:g} set by hand")
        if self.extra:
            said.append(f"{self.exercise}: {self.extra:g} extra credit")
        if self.points > self.max_points:
            said.append(f"{self.exercise}: {self.points:g} of {self.max_points:g}")
        if self.waits:
            said.append(f"{self.exercise}: waits for a person's grade")
        return tuple(said)


def read_scores(url: str, assignment: str) -> list[Score]:
    """Return all scores of an assignment, by student, in the order of the notebook."""
    with _opened(url) as book:
        if assignment not in {one.name for one in book.assignments}:
            known = ", ".join(sorted(one.name for one in book.assignments)) or "none"
            text = f"nbgrader's gradebook has no assignment {assignment}."
            raise UsageError(text, f"It has: {known}.")
        return list(scores_in(book, assignment))


def scores_in(book: Any, assignment: str) -> Iterator[Score]:
    """Yield the scores of an assignment in an open gradebook."""
    for submission in sorted(book.assignment_submissions(assignment), key=lambda one: one.student_id):
        at = submission.timestamp
        for notebook in submission.notebooks:
            order = {cell.name: number for number, cell in enumerate(notebook.notebook.source_cells)}
            for grade in sorted(notebook.grades, key=lambda one: order.get(one.name, len(order))):
                if grade.max_score or grade.extra_credit or grade.manual_score is not None:
                    yield Score(
                        submission.student_id,
                        grade.name.removesuffix(HIDDEN),
                        grade.auto_score,
                        grade.manual_score,
                        grade.extra_credit or 0.0,
                        grade.max_score,
                        bool(grade.needs_manual_grade),
                        None if at is None else at.replace(tzinfo=UTC),
                    )


def push_scores(url: str, assignment: str, points: Iterable[tuple[str, str, float]]) -> int:
    """Write points by student and exercise as nbgrader's automatic scores, and return how many there were.

    What a person gave in nbgrader stays, and still counts. More than a cell is worth is not given.
    """
    count = 0
    with _opened(url) as book:
        names = {
            cell.name.removesuffix(HIDDEN): (cell.name, cell.notebook.name, cell.max_score)
            for notebook in book.find_assignment(assignment).notebooks
            for cell in notebook.grade_cells
            if cell.max_score
        }
        for student, exercise, earned in points:
            if exercise not in names:
                text = f"nbgrader's assignment {assignment} has no graded cell for {exercise}."
                raise UsageError(
                    text, "Export the lesson again, and nbgrader generate_assignment, before it is released."
                )
            cell, notebook, most = names[exercise]
            book.update_or_create_student(student)
            book.update_or_create_submission(assignment, student)
            grade = book.find_grade(cell, notebook, assignment, student)
            grade.auto_score = float(min(most, max(0.0, earned)))
            grade.needs_manual_grade = grade.manual_score is not None
            count += 1
        book.db.commit()
    return count


@contextmanager
def _opened(url: str) -> Iterator[Any]:
    """Open a gradebook that is there; nbgrader would make one, and a course in it, that nobody asked for."""
    try:
        import sqlalchemy  # noqa: PLC0415 - with nbgrader, from an extra
        from nbgrader.api import Gradebook  # noqa: PLC0415
    except ImportError as error:
        text = "nbgrader is not installed."
        raise UsageError(text, INSTALL) from error
    if url.startswith(_SQLITE) and not Path(url.removeprefix(_SQLITE)).is_file():
        text = f"There is no gradebook at {url.removeprefix(_SQLITE)}."
        raise UsageError(text, "Name nbgrader's database: sqlite:////srv/course/gradebook.db, or its file.")
    try:
        engine = sqlalchemy.create_engine(url)
        with engine.connect() as connection:
            courses = [row[0] for row in connection.execute(sqlalchemy.text("select id from course"))]
        engine.dispose()
    except (sqlalchemy.exc.SQLAlchemyError, ValueError) as error:
        text = "nbgrader's gradebook cannot be read: it is no database of nbgrader, or cannot be reached."
        raise UsageError(text, "Name it by its URL: sqlite:////srv/course/gradebook.db, or its file.") from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sqlalchemy.exc.SAWarning)  # of nbgrader, whenever it adds a submission
        with Gradebook(url, course_id=courses[0] if courses else "default_course") as book:
            yield book


def gradebook_url(said: str) -> str:
    """Return the URL of a gradebook that a person named by URL, by its file, or by the folder of the course."""
    if "://" in said:
        return said
    path = Path(said).expanduser().resolve()
    return f"{_SQLITE}{path / 'gradebook.db' if path.is_dir() else path}"
