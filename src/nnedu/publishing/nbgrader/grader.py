"""One lesson, ready to grade notebooks of it: the grader process, its sandbox, and the cells of the lesson."""

from __future__ import annotations

import atexit
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnedu.course import load_course
from nnedu.errors import FaultError
from nnedu.publishing.nbgrader.layout import Layout, layout_of
from nnedu.publishing.nbgrader.modules import modules_of
from nnedu.publishing.nbgrader.questions import NOBODY
from nnedu.running.grader import Grader
from nnedu.running.kit import kit_of
from nnedu.running.quiz import grade_quizzes

if TYPE_CHECKING:
    from nnedu.outcome import ExerciseOutcome
    from nnedu.publishing.nbgrader.statements import Problem


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a notebook: of each exercise, what was not as it should be, and how its code was confined."""

    exercises: dict[str, ExerciseOutcome]
    problems: tuple[Problem, ...]
    layers: str


class NotebookGrader:
    """Grades notebooks of one lesson, one after the other, in workers that hold nothing but the student's code."""

    def __init__(self, layout: Layout, grader: Grader, version: str) -> None:
        self.layout = layout
        self.version = version
        self._grader = grader
        self._lock = threading.Lock()

    def grade(self, notebook: Any) -> Judged:
        """Grade a notebook. Raises FaultError where nobody can be blamed for what happened."""
        found = modules_of(notebook, self.layout)
        with self._lock:
            result = self._grader.grade(found.work)
        if result.outcome is None:
            raise FaultError(result.fault, "Nothing is counted. Grade this submission again, or look at it by hand.")
        outcomes = [*result.outcome.exercises, *grade_quizzes(self.layout.quizzes, found.work.answers, NOBODY)]
        return Judged({one.id: one for one in outcomes}, found.problems, result.layers)

    def close(self) -> None:
        """End the sandbox."""
        self._grader.close()


_lock = threading.Lock()
_graders: dict[tuple[str, str], NotebookGrader] = {}


def grader_for(course: str, lesson: str) -> NotebookGrader | None:
    """Return the grader of a lesson, made once in a process; None where the course has no such lesson."""
    with _lock:
        root = Path(course)
        opened = load_course(root)
        chosen = next((one for one in opened.lessons if one.id == lesson), None)
        if chosen is None:
            return None
        key = (str(root.resolve()), lesson)
        layout = _graders[key].layout if key in _graders else layout_of(opened, chosen)
        kit = kit_of(opened, chosen, layout.stubs)
        if key in _graders and _graders[key].version != kit.token:  # formgrader runs for days
            _graders.pop(key).close()
            layout = layout_of(opened, chosen)
            kit = kit_of(opened, chosen, layout.stubs)
        if key not in _graders:
            made = NotebookGrader(layout, Grader(kit), kit.token)
            _graders[key] = made
            atexit.register(made.close)
        return _graders[key]
