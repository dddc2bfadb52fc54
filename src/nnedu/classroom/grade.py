"""Grades a class on a lesson, public and hidden checks: each submission once, and what was graded before not again."""

from __future__ import annotations

import os
import tempfile
import weakref
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from nnedu.classroom.records import GradedWith
from nnedu.classroom.results import is_final
from nnedu.course.quiz import load_quizzes
from nnedu.errors import FaultError
from nnedu.outcome import CheckOutcome, ExerciseOutcome, LessonOutcome, State
from nnedu.publishing.stubs import lesson_stubs
from nnedu.running.batch import Job, run
from nnedu.running.collect import collect
from nnedu.running.grader import pack_work, prove_solution
from nnedu.running.kit import kit_of
from nnedu.running.quiz import grade_quizzes, with_quizzes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from nnedu.classroom.intake import Received
    from nnedu.classroom.results import Results
    from nnedu.course import Course, Lesson
    from nnedu.running.batch import Crew
    from nnedu.running.grader import Result
    from nnedu.running.kit import Kit

    OnDone = Callable[[str, Callable[[], "Graded"]], None]  # the student, and what returns what came of the submission

BY_HAND = "nobody could be blamed for it: look at it by hand"


@dataclass(frozen=True, slots=True)
class Graded:
    """What came of one submission. `problem`: why it could not be read as one; `attempt`: its number, if it has one."""

    student: str
    outcome: LessonOutcome
    problem: str = ""
    attempt: int = 0


class _Entry(NamedTuple):
    """One student: where the result is to be found, and what is judged beside it."""

    student: str
    key: str
    answers: bytes | str | None
    problem: str
    attempt: int


class _Kept(NamedTuple):
    """An entry as it waits for the others: what answered a quiz is on the disk."""

    student: str
    key: str
    place: int
    problem: str
    attempt: int


class _Answers:
    """The answers of a class to quizzes, in a file without a name: there may be more of them than there is memory."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it is open for as long as this is
        weakref.finalize(self, self._file.close)

    def keep(self, answers: bytes | str | None) -> int:
        """Keep the answers of a student, and return where they are; -1: nowhere, as there are none."""
        if answers is None:
            return -1
        place = self._file.seek(0, os.SEEK_END)
        data = msgspec.msgpack.encode(answers)
        self._file.write(len(data).to_bytes(4) + data)
        return place

    def read(self, place: int) -> bytes | str | None:
        """Return what was kept."""
        if place < 0:
            return None
        self._file.seek(place)
        size = int.from_bytes(self._file.read(4))
        found: bytes | str = msgspec.msgpack.decode(self._file.read(size))
        return found


class Grading:
    """A lesson, ready to grade any number of submissions of it."""

    def __init__(self, course: Course, lesson: Lesson) -> None:
        self._course = course
        self.lesson = lesson
        self._exercises = collect(lesson.graders_folder, lesson.modules)
        self._quizzes = load_quizzes(course, lesson)
        self.kit = kit_of(course, lesson, lesson_stubs(lesson))

    @property
    def max_points(self) -> int:
        """Points that the lesson is worth."""
        quizzes = sum(quiz.max_points for quiz in self._quizzes)
        return quizzes + sum(exercise.max_points for exercise in self._exercises)

    @property
    def exercises(self) -> tuple[str, ...]:
        """The exercises of the lesson, in the order of every outcome."""
        return (*(exercise.id for exercise in self._exercises), *(quiz.id for quiz in self._quizzes))

    def graded_with(self, layers: Iterable[str]) -> GradedWith:
        """Return what the grades depend on."""
        course, kit = self._course, self.kit
        return GradedWith(course.title, course.version, kit.lesson_version, kit.engine, tuple(sorted(set(layers))))

    def prove(self) -> None:
        """Raise CourseFault where the solution itself loses a point."""
        prove_solution(self._course, self.lesson, self._exercises)

    def judge(self, entry: _Entry, result: Result) -> Graded:
        """Return what came of a student's submission: of the code, and of the answers to quizzes."""
        outcome = result.outcome or self._fault(result.fault)
        quizzes = grade_quizzes(self._quizzes, entry.answers, entry.student)
        return Graded(entry.student, with_quizzes(outcome, quizzes), entry.problem, entry.attempt)

    def _fault(self, why: str) -> LessonOutcome:
        """Return the outcome of a submission that could not be graded: nothing counts, neither way."""
        message = f"{why}; {BY_HAND}."
        return LessonOutcome(
            self.lesson.id,
            tuple(
                ExerciseOutcome(
                    one.id,
                    one.module,
                    one.title,
                    State.FAULT,
                    0,
                    0,
                    "could not be graded",
                    checks=tuple(
                        CheckOutcome(check.name, check.sentence, State.FAULT, 0, 0, message, hidden=check.hidden)
                        for check in one.checks
                    ),
                )
                for one in self._exercises
            ),
        )


class ClassGrades:
    """What came of a class: read from the results one by one in the order of students, so that a class may be large.

    `earlier` counts the students whose result is from an earlier run, `graded` the different submissions of this one.
    """

    def __init__(self, grading: Grading, results: Results, *, regrade: bool = False) -> None:
        self.grading = grading
        self.earlier = 0
        self.graded = 0
        self._results = results
        self._regrade = regrade
        self._entries: list[_Kept] = []
        self._answers = _Answers()
        self._layers: set[str] = set()
        self._known: set[str] = set()
        self._earlier: set[str] = set()
        self._waiting: dict[str, list[_Entry]] = {}

    def __iter__(self) -> Iterator[Graded]:
        for student, key, place, problem, attempt in self._entries:
            entry = _Entry(student, key, self._answers.read(place), problem, attempt)
            yield self._judge_known(entry)

    @property
    def graded_with(self) -> GradedWith:
        """What the grades depend on."""
        return self.grading.graded_with(self._layers)

    def grade(self, received: Iterable[Received], open_crew: Callable[[Kit], Crew], on_done: OnDone) -> None:
        """Grade what has no result yet. Whatever one submission does, the others are graded."""
        jobs = self._jobs(received, on_done)
        first = next(jobs, None)
        if first is None:
            return
        crew = open_crew(self.grading.kit)
        try:
            self.grading.prove()  # while the processes of the crew get ready
            for key, result in run(chain([first], jobs), crew):
                self._results.save(key, result)
                self.graded += 1
                self._settle(key, result)
                for entry in self._waiting.pop(key):
                    on_done(entry.student, partial(self.grading.judge, entry, result))
        finally:
            crew.close()

    def _jobs(self, received: Iterable[Received], on_done: OnDone) -> Iterator[Job]:
        """Yield a job for each submission that is unlike all before it, and that has no result from an earlier run."""
        for one in received:
            work = one.work
            data = pack_work(work)
            key = self._results.key(data)
            entry = _Entry(one.student, key, work.answers, one.problem, one.attempt)
            place = self._answers.keep(work.answers)
            self._entries.append(_Kept(one.student, key, place, one.problem, one.attempt))
            if key in self._waiting:
                self._waiting[key].append(entry)
                continue
            if key not in self._known and not self._regrade:
                self._take_earlier(key)
            self.earlier += key in self._earlier
            if key in self._known:
                on_done(one.student, partial(self._judge_known, entry))
            else:
                self._waiting[key] = [entry]
                yield Job(key, data)

    def _judge_known(self, entry: _Entry) -> Graded:
        return self.grading.judge(entry, self._load(entry.key))

    def _take_earlier(self, key: str) -> None:
        earlier = self._results.load(key)
        if earlier is not None and is_final(earlier):
            self._earlier.add(key)
            self._settle(key, earlier)

    def _settle(self, key: str, result: Result) -> None:
        self._known.add(key)
        self._layers |= {result.layers} - {""}

    def _load(self, key: str) -> Result:
        result = self._results.load(key)
        if result is None:
            text = "A result that was just written cannot be read back."
            raise FaultError(text, "Is the disk full, or is the folder being changed? Then run the command again.")
        return result
