"""Grades the attempts in the gradebook, in a run that is kept as it goes, and reads what counts of them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from nnedu.classroom.archive import open_archive, refused
from nnedu.classroom.grade import ClassGrades, Graded, Grading
from nnedu.classroom.intake import Received
from nnedu.classroom.results import FOLDER, Results
from nnedu.errors import UsageError
from nnedu.reporting.tables import faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from nnedu.classroom.desk import Desk
    from nnedu.classroom.grade import OnDone
    from nnedu.classroom.records import Attempt, GradedWith, Run
    from nnedu.outcome import LessonOutcome
    from nnedu.running.batch import Crew
    from nnedu.running.kit import Kit
    from nnedu.running.work import Work

BATCH = 32  # attempts that are written at once


class Marking:
    """A lesson at the desk, with its attempts as they are when it begins."""

    def __init__(self, desk: Desk, grading: Grading) -> None:
        self.grading = grading
        self.graded = 0
        self._desk = desk
        self._lesson = grading.lesson
        self.attempts = desk.book.attempts(self._lesson.id)
        if not self.attempts:
            text = f"The gradebook holds no submissions of {self._lesson.id}."
            raise UsageError(
                text, f"Take them in with nnedu collect {self._lesson.id}, or name the folder they are in."
            )

    def waiting(self) -> list[Attempt]:
        """Return the attempts that these versions of lesson and engine have not graded, or only with a fault."""
        kit, book = self.grading.kit, self._desk.book
        ours = {run.id for run in book.runs(self._lesson.id) if _is_of(run, kit)}
        done = {one.attempt.id for one in book.scored(self._lesson.id) if one.run in ours and not faults(one.outcome)}
        return [one for one in self.attempts if one.id not in done]

    def grade(
        self,
        attempts: Iterable[Attempt],
        open_crew: Callable[[Kit], Crew],
        on_done: OnDone,
        *,
        by: str,
        regrade: bool = False,
    ) -> int:
        """Grade attempts in a new run, and return its number. What is done is kept, however this ends."""
        book, grading = self._desk.book, self.grading
        results = Results(self._desk.folder / FOLDER, grading.kit)
        grades = ClassGrades(grading, results, regrade=regrade)
        run = book.begin_run(self._lesson.id, by, grading.graded_with(()))
        ready: list[tuple[int, LessonOutcome]] = []

        def keep() -> None:
            if ready:
                book.save(run, ready, grades.graded_with.sandbox)
                self.graded += len(ready)
                ready.clear()

        def done(student: str, judged: Callable[[], Graded]) -> None:
            one = judged()
            ready.append((one.attempt, one.outcome))
            on_done(student, lambda: one)
            if len(ready) >= BATCH:
                keep()

        try:
            grades.grade(map(self._received, attempts), open_crew, done)
        finally:
            keep()
        book.end_run(run)
        return run

    def _received(self, attempt: Attempt) -> Received:
        modules, lesson, book = self._lesson.modules, self._lesson.id, self._desk.book

        def read() -> Work:
            if attempt.problem:
                return refused(modules, attempt.problem).work
            return open_archive(book.archive(attempt.digest), lesson, modules).work

        return Received(
            attempt.student, read, attempt.source, attempt.submitted_at.isoformat(), attempt.problem, attempt.id
        )


def _is_of(run: Run, kit: Kit) -> bool:
    return (run.used.lesson_version, run.used.engine) == (kit.lesson_version, kit.engine)


class Kept:
    """What the gradebook holds of the attempts that count: the latest of each student."""

    def __init__(self, desk: Desk, grading: Grading) -> None:
        self.grading = grading
        self._book = desk.book
        scored = desk.book.scored(grading.lesson.id)
        self._counting = [list(group)[-1] for _, group in groupby(scored, key=lambda one: one.attempt.student)]

    def __iter__(self) -> Iterator[Graded]:
        for one in self._counting:
            outcome = self._book.outcome(one.attempt.id, one.run)
            yield Graded(one.attempt.student, outcome or one.outcome, one.attempt.problem, one.attempt.id)

    @property
    def graded_with(self) -> GradedWith:
        """What these grades depend on."""
        runs = {one.run for one in self._counting}
        layers = {one for run in self._book.runs(self.grading.lesson.id) if run.id in runs for one in run.used.sandbox}
        return self.grading.graded_with(layers)
