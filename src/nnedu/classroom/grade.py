"""Grades submissions of a lesson one after the other, public and hidden checks, each in a process of its own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nnedu.publishing.stubs import lesson_stubs
from nnedu.reporting.feedback import feedback_text
from nnedu.reporting.tables import grades_csv, grades_json
from nnedu.running.bench import Bench
from nnedu.running.collect import collect
from nnedu.running.evidence import Live
from nnedu.sandbox.submission import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from nnedu.classroom.intake import Received
    from nnedu.course import Course, Lesson
    from nnedu.outcome import LessonOutcome


MAX_FILE_NAME = 255


@dataclass(frozen=True, slots=True)
class Graded:
    """What came of one submission. `problem`: why it could not be read as one."""

    student: str
    outcome: LessonOutcome
    problem: str = ""


class Grading:
    """The checks of a lesson, collected once, and the limits of the course."""

    def __init__(self, course: Course, lesson: Lesson) -> None:
        self._course = course
        self.lesson = lesson
        exercises = collect(lesson.graders_folder, lesson.modules)
        self._bench = Bench(lesson.id, exercises, Live(course, lesson), lesson_stubs(lesson))

    @property
    def max_points(self) -> int:
        """Points that the lesson is worth."""
        return sum(exercise.max_points for exercise in self._bench.exercises)

    def grade(
        self, submissions: Sequence[Received], on_done: Callable[[Graded], None] = lambda _: None
    ) -> list[Graded]:
        """Grade submissions in their order; whatever one of them does, the others are graded."""
        limits = Limits(self._course.limits.call_seconds, self._course.limits.submission_seconds)
        # The next worker starts while the present one is busy.
        opened = [received.work.open(self._course.imports, limits) for received in submissions]
        results = []
        for index, (received, submission) in enumerate(zip(submissions, opened, strict=True)):
            for ready in opened[index : index + 2]:
                ready.start()
            try:
                results.append(Graded(received.student, self._bench.examine(submission), received.problem))
            finally:
                submission.close()
            on_done(results[-1])
        for submission in opened:
            submission.close()
        return results


def feedback_name(student: str) -> str:
    """Return the name of a student's feedback: that of the student, as far as a file system takes it."""
    name = f"{student}.txt"
    if len(name.encode()) <= MAX_FILE_NAME:
        return name
    short = student.encode()[: MAX_FILE_NAME - 20].decode(errors="ignore")
    return f"{short}-{hashlib.sha256(student.encode()).hexdigest()[:12]}.txt"


def write_results(out: Path, grading: Grading, graded: Sequence[Graded]) -> list[Path]:
    """Write grades.csv, grades.json and a feedback text per student, and return where."""
    lesson = grading.lesson
    feedback = out / "feedback"
    feedback.mkdir(parents=True, exist_ok=True)
    files = {
        out / "grades.csv": grades_csv(graded),
        out / "grades.json": grades_json(lesson.id, grading.max_points, graded),
    }
    for one in graded:
        files[feedback / feedback_name(one.student)] = feedback_text(
            one.student, lesson.title, one.outcome, one.problem
        )
    for path, text in files.items():
        path.write_text(text, "utf-8")
    return list(files)
