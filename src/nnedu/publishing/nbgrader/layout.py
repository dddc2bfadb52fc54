"""A lesson as the cells of a notebook: what each is called, what it holds, and what it is worth.

The names of cells are known to nbgrader's gradebook, which refuses to add or remove one once somebody has handed in.
So they follow from the names of exercises and modules alone, and texts between them have none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nnedu.course.quiz import load_quizzes
from nnedu.errors import CourseFault
from nnedu.publishing.nbgrader.cells import Cell, Role, grading_cell, points_text, public_cell
from nnedu.publishing.nbgrader.marking import mark_module
from nnedu.publishing.nbgrader.questions import quiz_cells
from nnedu.publishing.stubs import GIVEN, lesson_stubs
from nnedu.running.collect import collect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nnedu.course import Course, Lesson
    from nnedu.course.quiz import Quiz
    from nnedu.publishing.nbgrader.marking import Marked, MarkedModule
    from nnedu.running.collect import Exercise

README = "README.md"
_FIT = re.compile(r"[a-zA-Z0-9_\-]+")


@dataclass(frozen=True, slots=True)
class Layout:
    """A lesson as cells, in their order, with the stubs of its modules and the quizzes that are in it."""

    lesson: str
    title: str
    modules: tuple[str, ...]
    cells: tuple[Cell, ...]
    stubs: dict[str, str]
    quizzes: tuple[Quiz, ...] = ()

    @property
    def by_id(self) -> dict[str, Cell]:
        """The cells that nbgrader knows."""
        return {cell.grade_id: cell for cell in self.cells if cell.grade_id}


def layout_of(course: Course, lesson: Lesson) -> Layout:
    """Return the cells of a lesson."""
    return laid_out(lesson, collect(lesson.graders_folder, lesson.modules), load_quizzes(course, lesson))


def laid_out(lesson: Lesson, exercises: Sequence[Exercise], quizzes: Sequence[Quiz]) -> Layout:
    """Return the cells of a lesson whose exercises and quizzes are known."""
    sources, cells = lesson.solution_sources(), list(_readme(lesson))
    for module in lesson.modules:
        given = lesson.solutions_folder / GIVEN / f"{module}.py"
        marked = mark_module(sources[module], given.read_text("utf-8") if given.is_file() else None, lesson.modules)
        cells += _module(lesson.id, module, marked, {one.id: one for one in exercises if one.module == module})
    for quiz in quizzes:
        cells += quiz_cells(lesson.id, quiz)
    names = [cell.grade_id for cell in cells if cell.grade_id]
    for name in names:
        if not _FIT.fullmatch(name) or names.count(name) > 1:
            text = (
                f"{lesson.id} cannot be a notebook: the cell name {name!r} is not of plain letters, or is there twice."
            )
            raise CourseFault(text, "Exercises, modules and quizzes of a lesson have names of their own, in ASCII.")
    return Layout(lesson.id, lesson.title, lesson.modules, tuple(cells), lesson_stubs(lesson), tuple(quizzes))


def _readme(lesson: Lesson) -> Iterator[Cell]:
    """Yield the teaching text, a cell for each section."""
    path = lesson.exercises_folder / README
    text = path.read_text("utf-8") if path.is_file() else f"# {lesson.title}\n"
    start, fenced = 0, False
    lines = text.splitlines()
    for number, line in enumerate(lines):
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        if number and not fenced and line.startswith("## "):
            yield Cell(Role.TEXT, "\n".join(lines[start:number]).strip())
            start = number
    yield Cell(Role.TEXT, "\n".join(lines[start:]).strip())


def _module(lesson: str, module: str, marked: MarkedModule, exercises: dict[str, Exercise]) -> Iterator[Cell]:
    yield Cell(Role.TEXT, f"## {module}\n\n{marked.text}".strip())
    if marked.head:
        yield Cell(Role.SETUP, marked.head, f"{module}-setup", module=module)
    left = dict(exercises)
    for one in marked.cells:
        exercise = left.pop(one.name, None)
        if exercise is None:
            yield _solution(one, module, f"{module}-def-{one.name}")
            continue
        yield Cell(Role.TEXT, _said(exercise), f"{exercise.id}-text", exercise=exercise.id)
        yield _solution(one, module, exercise.id)
        yield from _checks(lesson, exercise)
    for exercise in left.values():
        yield from _checks(lesson, exercise)


def _solution(one: Marked, module: str, grade_id: str) -> Cell:
    return Cell(
        Role.SOLUTION, one.source, grade_id, module=module, name=one.name, released=one.released, by_hand=one.by_hand
    )


def _said(exercise: Exercise) -> str:
    after = f"\n\nIt builds on {', '.join(exercise.after)}." if exercise.after else ""
    return f"### {exercise.id}: {exercise.title} ({points_text(exercise.max_points)}){after}"


def _checks(lesson: str, exercise: Exercise) -> Iterator[Cell]:
    if any(not check.hidden for check in exercise.checks):
        yield public_cell(lesson, exercise.id)
    yield grading_cell(lesson, exercise.id, exercise.max_points)
