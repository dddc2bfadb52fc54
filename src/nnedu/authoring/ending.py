"""Sees that a solution ends, before it is run in this process, where nothing could stop it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from nnedu.diagnosis.trace import rehandled, replaying
from nnedu.errors import CourseFault
from nnedu.outcome import State
from nnedu.running.bench import Bench
from nnedu.running.evidence import Live
from nnedu.running.limits import limits_of
from nnedu.running.work import Work
from nnedu.sandbox.failure import StudentFailure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nnedu.course import Course, Lesson
    from nnedu.running.collect import Exercise
    from nnedu.sandbox.client import Call, Reply
    from nnedu.sandbox.submission import Submission


class _Stoppable:
    """The solution in a process of its own, as a player that remembers the first call that was stopped."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        self.stopped = ""

    def play(self, call: Call) -> Reply:
        try:
            return rehandled(self.submission.play(call), self)
        except StudentFailure as failure:
            if failure.state is State.STOPPED:
                self.stopped = self.stopped or failure.message
            raise


class _Outside(Live):
    """Evidence whose solution runs in a process of its own, within the limits of the course."""

    def __init__(self, course: Course, lesson: Lesson) -> None:
        super().__init__(course, lesson)
        self._limits = limits_of(course)

    @cached_property
    def solution(self) -> _Stoppable:
        return self.opened()

    def opened(self) -> _Stoppable:
        return _Stoppable(Work(self.sources).open(self.allowed, self._limits))


def refuse_endless(course: Course, lesson: Lesson, exercises: Sequence[Exercise]) -> None:
    """Run every check once with the solution as the student, and refuse a solution that has to be stopped."""
    live = _Outside(course, lesson)
    bench, student = Bench(lesson.id, exercises, live), live.opened()
    try:
        with replaying():  # what the reference is proved with later is many calls, and asks for nothing else
            for exercise in exercises:
                student.submission.begin(exercise.id)
                live.solution.submission.begin(exercise.id)
                for check in exercise.checks:
                    bench.judge(check, student)
                    stopped = student.stopped or live.solution.stopped
                    if stopped:
                        text = f"The solution of {lesson.id} does not end in the check {check.id}: {stopped}"
                        raise CourseFault(text, "Mend it in solutions/, or give it more time: [limits] in course.toml.")
    finally:
        student.submission.close()
        live.solution.submission.close()
