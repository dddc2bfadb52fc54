"""`score_cell`: what a graded cell calls where nbgrader runs the notebook in a kernel.

Student code is in this very process, and can reach all of it: whoever has to trust the marks grades confined
(docs/nbgrader.md). The cell's value is a plain number from 0 to its points. What a student's code does is said in
words, never raised; where the course is missing the cell fails, and is worth nothing.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnedu.course import find_course, load_course
from nnedu.course.quiz import load_quizzes
from nnedu.errors import UsageError
from nnedu.notebook.namespace import submission_of
from nnedu.publishing.nbgrader.grading import message, score
from nnedu.publishing.nbgrader.layout import Layout, laid_out
from nnedu.publishing.nbgrader.questions import NOBODY, answers_file, answers_in
from nnedu.running.bench import Bench
from nnedu.running.collect import collect
from nnedu.running.evidence import Live
from nnedu.running.limits import limits_of
from nnedu.running.quiz import grade_quizzes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nnedu.course import Course, Lesson
    from nnedu.outcome import ExerciseOutcome

COURSE = "NNEDU_COURSE"


def score_cell(target: str, namespace: Mapping[str, Any], points: float) -> float:
    """Grade an exercise of a notebook, print what came of it, and return its points.

    Args:
        target: `"lesson05_backpropagation/backprop"`.
        namespace: What the notebook defines: `globals()`.
        points: What the cell is worth.
    """
    lesson, _, exercise = target.partition("/")
    with _silence():
        desk = _desk(_course_folder(), lesson)
        outcome = desk.grade(exercise, namespace)
    sys.stdout.write(message(outcome))
    return score(outcome, points)


class _Desk:
    """A lesson, ready to grade what a notebook defines."""

    def __init__(self, course: Course, lesson: Lesson) -> None:
        exercises = collect(lesson.graders_folder, lesson.modules)
        self._layout: Layout = laid_out(lesson, exercises, load_quizzes(course, lesson))
        self._bench = Bench(lesson.id, exercises, Live(course, lesson), self._layout.stubs)
        self._course = course
        self._lesson = lesson

    def grade(self, exercise: str, namespace: Mapping[str, Any]) -> ExerciseOutcome:
        quiz = next((one for one in self._layout.quizzes if one.id == exercise), None)
        if quiz is not None:
            answers = answers_file({quiz.id: answers_in(namespace.get(quiz.id), quiz.id)})
            return grade_quizzes([quiz], answers, NOBODY)[0]
        if exercise not in {one.id for one in self._bench.exercises}:
            text = f"{self._lesson.id} has no exercise {exercise!r}."
            raise UsageError(text, "Export the notebook again: nnedu export nbgrader LESSON --course FOLDER")
        limits = limits_of(self._course)
        submission = submission_of(
            namespace, self._lesson.modules, stubs=self._layout.stubs, allowed=self._course.imports, limits=limits
        )
        try:
            return self._bench.examine(submission, only=exercise).exercises[0]
        finally:
            submission.close()


def _course_folder() -> str:
    """Return where the course is: as nbgrader_config.py says, or around the present folder."""
    said = os.environ.get(COURSE, "")
    if said:
        return said
    found = find_course(Path.cwd())
    if found is not None:
        return str(found)
    text = "This cell is graded where the course is, and it is not here."
    raise UsageError(text, f"Set {COURSE} to the folder of course.toml, as nnedu export nbgrader does.")


@cache
def _desk(folder: str, lesson: str) -> _Desk:
    course = load_course(Path(folder))
    return _Desk(course, course.lesson(lesson))


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Keep what is printed, warned of or written to stderr out of the cell's outputs: nbgrader takes points for it."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        nowhere = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace"))
        stack.enter_context(contextlib.redirect_stdout(nowhere))
        stack.enter_context(contextlib.redirect_stderr(nowhere))
        for number in (1, 2):  # a program that student code starts writes there
            kept = os.dup(number)
            stack.callback(_put_back, kept, number)
            os.dup2(nowhere.fileno(), number)
        yield


def _put_back(kept: int, number: int) -> None:
    os.dup2(kept, number)
    os.close(kept)
