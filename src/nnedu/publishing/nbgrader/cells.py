"""One cell of a lesson's notebook, and the cells that call for a grade."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

PUBLIC = "-public"
HIDDEN = "-hidden"


class Role(StrEnum):
    """What a cell is for."""

    TEXT = "text"
    SETUP = "setup"
    SOLUTION = "solution"
    PUBLIC = "public"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the notebook. Without a `grade_id` nbgrader does not know it.

    `released` is what a student is given instead of `source`, where `by_hand` says that markers cannot give it;
    `module` and `name` say what a solution defines, and `exercise` what a check judges.
    """

    role: Role
    source: str
    grade_id: str = ""
    points: int = 0
    module: str = ""
    name: str = ""
    exercise: str = ""
    released: str = ""
    by_hand: bool = False

    @property
    def is_code(self) -> bool:
        """Whether it holds code."""
        return self.role is not Role.TEXT


def public_cell(lesson: str, exercise: str) -> Cell:
    """Return the cell in which a student runs the checks; it fails where they do, so that `validate` sees it."""
    lines = (
        f"# The checks of {exercise} that you can run yourself, as often as you like",
        "from nnedu.notebook import check",
        "",
        f'report = check("{lesson}/{exercise}", source="{lesson}.zip")',
        "display(report)",
        f'assert report.complete, "{exercise}: not every check passes"',
    )
    return Cell(Role.PUBLIC, "\n".join(lines), f"{exercise}{PUBLIC}", exercise=exercise)


def grading_cell(lesson: str, exercise: str, points: int) -> Cell:
    """Return a hidden cell. It holds no check: without the course and nnedu it raises, and is worth nothing."""
    lines = (
        f"# The grade of {exercise}: {points_text(points)}",
        "### BEGIN HIDDEN TESTS",
        "from nnedu.notebook.scoring import score_cell",
        "",
        f'score_cell("{lesson}/{exercise}", globals(), points={points})',
        "### END HIDDEN TESTS",
    )
    return Cell(Role.HIDDEN, "\n".join(lines), f"{exercise}{HIDDEN}", points, exercise=exercise)


def points_text(number: int) -> str:
    """Return points in words."""
    return f"{number} point{'s' if number != 1 else ''}"
