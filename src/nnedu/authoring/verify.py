"""Proves a lesson: right answers get everything, wrong ones lose, each mistake is recognised, nothing leaks.

Each rule is a function that yields problems, one sentence each.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from nnedu.authoring.calibrate import calibration_problems
from nnedu.authoring.ending import refuse_endless
from nnedu.authoring.leaks import hint_problems, leak_problems
from nnedu.authoring.mutants import label_problems
from nnedu.authoring.players import ODD_PARTS, ODD_VALUES, Fixed, OddParts, Watched, Zeros
from nnedu.authoring.plots import plot_problems
from nnedu.authoring.quizzes import quiz_problems
from nnedu.course.quiz import load_quizzes
from nnedu.outcome import State
from nnedu.publishing import bundle
from nnedu.publishing.build import build
from nnedu.publishing.quizzes import sealable
from nnedu.publishing.stubs import lesson_stubs
from nnedu.running.bench import Bench
from nnedu.running.collect import collect
from nnedu.running.evidence import Recorded, local_submission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nnedu.course import Course, Lesson
    from nnedu.course.quiz import Quiz
    from nnedu.outcome import LessonOutcome
    from nnedu.running.collect import Check, Exercise
    from nnedu.running.evidence import Implementation
    from nnedu.sandbox.submission import Submission

VARIANTS = 3
HINTS = 3


@dataclass(slots=True)
class ExerciseRow:
    """What was proved of one exercise."""

    id: str
    points: int
    checks: int
    hidden: int
    mistakes: int = 0
    diagnosed: int = 0
    variants: int = 0


@dataclass(slots=True)
class Report:
    """What was proved of one lesson, and what is wrong with it."""

    lesson: str
    rows: list[ExerciseRow] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0


def verify(course: Course, lesson: Lesson, on_step: Callable[[str], None] = lambda _: None) -> Report:
    """Prove a lesson. `on_step` is told what is being done."""
    started = time.perf_counter()
    report = Report(lesson.id)
    with tempfile.TemporaryDirectory() as folder:
        proof = _Proof(course, lesson, Path(folder), report)
        for step, rule in proof.rules():
            on_step(step)
            report.problems += rule()
    report.seconds = time.perf_counter() - started
    return report


class _Proof:
    """The lesson under proof: its checks live and, as a student has them, recorded."""

    def __init__(self, course: Course, lesson: Lesson, folder: Path, report: Report) -> None:
        self.course = course
        self.lesson = lesson
        self.live = Watched(course, lesson)
        self.exercises = collect(lesson.graders_folder, lesson.modules)
        refuse_endless(course, lesson, self.exercises)
        self.bench = Bench(lesson.id, self.exercises, self.live)
        self.files = bundle.contents(build(course, lesson))
        for name, data in self.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        self.quizzes = load_quizzes(course, lesson)
        self.opened = bundle.Bundle(folder)
        self.public = self._public(self.opened)
        self.failed: set[str] = set()
        self.rows = {
            one.id: ExerciseRow(one.id, one.max_points, len(one.checks), sum(check.hidden for check in one.checks))
            for one in self.exercises
        }
        report.rows = [*self.rows.values(), *map(_quiz_row, self.quizzes)]

    def _public(self, opened: bundle.Bundle) -> Bench:
        evidence = Recorded(opened.traces, opened.manifest.mistakes)
        return Bench(self.lesson.id, collect(opened.graders, self.lesson.modules), evidence)

    def rules(self) -> list[tuple[str, Callable[[], Iterator[str]]]]:
        """Return what is proved, in order."""
        return [
            ("files", self._unlisted),
            ("stubs", self._stubs),
            ("solution", self._solution),
            ("stub and zeros", self._empty),
            ("odd values", self._odd),
            ("mistakes", self._mistakes),
            ("checks", self._idle_checks),
            ("variants", self._variants),
            ("survivors", lambda: label_problems(self.lesson, self.exercises)),
            ("calibration", lambda: calibration_problems(self.lesson, self.exercises, self.live)),
            ("hints", lambda: hint_problems(self.lesson, self.exercises, self.live)),
            ("quiz", lambda: quiz_problems(self.quizzes, self.opened.quizzes(), list(self.rows), self.files)),
            ("plots", lambda: plot_problems(self.opened, self.live, lesson_stubs(self.lesson))),
            ("bundle", lambda: leak_problems(self.lesson, self.files, self.exercises)),
        ]

    def _unlisted(self) -> Iterator[str]:
        folder, modules = self.lesson.graders_folder, self.lesson.modules
        names = {f"{kind}_{module}.py" for module in modules for kind in ("test", "mistakes")}
        names |= {f"variants/{module}.py" for module in modules}
        for path in sorted([*folder.glob("test_*.py"), *folder.glob("mistakes_*.py"), *folder.glob("variants/*.py")]):
            name = path.relative_to(folder).as_posix()
            if name not in names:
                yield f"graders/{self.lesson.id}/{name} is of no module of the lesson in course.toml, so nobody runs it"

    def _stubs(self) -> Iterator[str]:
        for module, text in lesson_stubs(self.lesson).items():
            path = self.lesson.exercises_folder / f"{module}.py"
            if not path.is_file() or path.read_text("utf-8") != text:
                yield f"exercises/{self.lesson.id}/{module}.py is not in step with its solution: run nnedu course stubs"
        if not (self.lesson.exercises_folder / "README.md").is_file():
            yield f"exercises/{self.lesson.id}/README.md is missing"

    def _solution(self) -> Iterator[str]:
        for bench, where in ((self.bench, "live"), (self.public, "on the recording")):
            outcome = bench.examine(local_submission(self.live.sources, self.live.allowed))
            for exercise, check, message in _not_passed(outcome):
                yield f"the solution of {exercise} does not pass {check} ({where}): {message}"

    def _empty(self) -> Iterator[str]:
        stub = local_submission(lesson_stubs(self.lesson), self.live.allowed)
        zeros = Zeros(self.live.sources, self.live.allowed)
        for name, submission in (("the untouched stub", stub), ("an all-zeros answer", zeros)):
            for exercise in self.bench.examine(submission, diagnose=False).exercises:
                for check in exercise.checks:
                    if check.state is State.PASSED:
                        yield f"{name} passes the check {exercise.id}/{check.id}"
                    if check.state is State.FAULT:
                        yield f"{name} makes the check {exercise.id}/{check.id} crash: {check.message}"

    def _odd(self) -> Iterator[str]:
        sources, allowed = self.live.sources, self.live.allowed
        students: list[tuple[str, Submission]] = [(what, Fixed(value)) for what, value in ODD_VALUES]
        students += [(what, OddParts(sources, allowed, odd)) for what, odd in ODD_PARTS]
        for what, student in students:
            outcome = self.bench.examine(student, diagnose=False)
            for exercise in outcome.exercises:
                for check in exercise.checks:
                    if check.state is State.FAULT:
                        where = f"{exercise.id}/{check.id}"
                        yield f"a student who returns {what} makes the check {where} crash: {check.message}"

    def _mistakes(self) -> Iterator[str]:
        counted = Counter((one.mark.exercise, one.name) for one in self.live.implementations)
        for (exercise, name), times in counted.items():
            if times > 1:
                yield f"the mistake {exercise}/{name} stands twice"
            if exercise not in self.rows:
                yield f"the mistake {name} belongs to {exercise}, which is no exercise of the lesson"
        for one in self.live.implementations:
            if one.mark.exercise in self.rows:
                yield from self._mistake(one)

    def _mistake(self, one: Implementation) -> Iterator[str]:
        name, exercise = f"the mistake {one.mark.exercise}/{one.name}", one.mark.exercise
        row = self.rows[exercise]
        row.mistakes += 1
        outcome = self.bench.examine(self.live.player(one), only=exercise).exercises[0]
        yield from self.live.dependent(outcome)
        self.failed |= {f"{exercise}/{check.id}" for check in outcome.checks if check.state is not State.PASSED}
        if outcome.points >= outcome.max_points:
            yield f"{name} loses no points"
            return
        shown = self.public.examine(self.live.player(one), only=exercise).exercises[0]
        for which, found in (("", outcome), (" by the public checks alone", shown)):
            if found.state is State.FAULT or any(check.state is State.FAULT for check in found.checks):
                crash = next(check for check in found.checks if check.state is State.FAULT)
                yield f"{name} makes the check {crash.id} crash{which}: {crash.message}"
            sealed = which and self._exercise(exercise).sealed
            if found.state is not State.PASSED and not sealed and not _names(found, one.name):
                said = found.diagnosis.mistake if found.diagnosis else "nothing"
                yield f"{name} is diagnosed as {said}{which}"
        row.diagnosed += _names(outcome, one.name)

    def _exercise(self, name: str) -> Exercise:
        return next(one for one in self.exercises if one.id == name)

    def _idle_checks(self) -> Iterator[str]:
        checks: list[Check] = [check for one in self.exercises for check in one.checks]
        for check in checks:
            if check.id not in self.failed:
                yield f"no mistake fails the check {check.id}"

    def _variants(self) -> Iterator[str]:
        for one in self.live.variants:
            exercise = one.mark.exercise
            if exercise not in self.rows:
                yield f"the variant {one.name} belongs to {exercise}, which is no exercise of the lesson"
                continue
            self.rows[exercise].variants += 1
            for bench in (self.bench, self.public):
                outcome = bench.examine(self.live.player(one), only=exercise, diagnose=False)
                for _, check, message in _not_passed(outcome):
                    yield f"the variant {exercise}/{one.name} does not pass {check}: {message}"
        for row in self.rows.values():
            if row.variants < VARIANTS:
                yield f"{row.id} has {row.variants} correct variants; {VARIANTS} are asked for"


def _quiz_row(quiz: Quiz) -> ExerciseRow:
    """Return the row of a quiz: questions count as checks, and known wrong answers as mistakes."""
    first = [question.variants[0] for question in quiz.questions]
    wrong = [said for item in first for _, said in item.wrongs]
    drawn = [len(question.variants) for question in quiz.questions if len(question.variants) > 1]
    return ExerciseRow(
        quiz.id,
        quiz.max_points,
        len(first),
        sum(not sealable(item) for item in first),
        len(wrong),
        sum(bool(said.strip()) for said in wrong),
        min(drawn, default=0),
    )


def _names(outcome: object, mistake: str) -> bool:
    diagnosis = getattr(outcome, "diagnosis", None)
    return diagnosis is not None and diagnosis.mistake == mistake


def _not_passed(outcome: LessonOutcome) -> Iterator[tuple[str, str, str]]:
    for exercise in outcome.exercises:
        for check in exercise.checks:
            if check.state is not State.PASSED:
                yield exercise.id, check.id, check.message
