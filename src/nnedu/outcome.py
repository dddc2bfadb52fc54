"""What came of a check, an exercise, a lesson: the one vocabulary that every layer speaks.

Records are frozen and hold plain values only, so that they travel as JSON and every rendering is a function of them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence


class State(StrEnum):
    """How a check or an exercise ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_STARTED = "not_started"
    RAISED = "raised"
    STOPPED = "stopped"
    WAITING = "waiting"
    FAULT = "fault"


class Kind(StrEnum):
    """What an exercise asks for: a function or class, or answers to questions."""

    CODE = "code"
    QUIZ = "quiz"


ANSWERS = "answers.toml"
PLOTS_FILE = "plots.py"  # beside the checks of a lesson


def file_of(module: str, kind: Kind) -> str:
    """Return the name of the file that an exercise is written in."""
    return ANSWERS if kind is Kind.QUIZ else f"{module}.py"


class Diagnosis(msgspec.Struct, frozen=True):
    """A named mistake that gives the same values as the student's code."""

    mistake: str
    sentence: str


MAX_GRID = 24
MAX_CURVE = 200


class Grid(msgspec.Struct, frozen=True, tag="grid"):
    """Where a matrix is wrong: a text a row, `x` where an entry differs and `.` where it is right, and no value.

    Of a matrix of more than MAX_GRID rows or columns (`shape` is its own) a letter stands for several entries.
    """

    name: str
    shape: tuple[int, int]
    rows: tuple[str, ...]


class Curve(msgspec.Struct, frozen=True, tag="curve"):
    """A loss by epoch, the student's and the reference's, of at most MAX_CURVE epochs each; None: not finite."""

    name: str
    epochs: tuple[int, ...]
    ours: tuple[float | None, ...]
    theirs: tuple[float | None, ...]


class CheckOutcome(msgspec.Struct, frozen=True):
    """One check: `sentence` completes the name of the exercise, `message` says what was found.

    `picture` shows what was found, of a public check that failed; it is in no JSON that `check` prints.
    """

    id: str
    sentence: str
    state: State
    points: int
    max_points: int
    message: str = ""
    summary: str = ""
    hidden: bool = False
    picture: Grid | Curve | None = None


class ExerciseOutcome(msgspec.Struct, frozen=True):
    """One function or class, or one quiz: its checks, and in a line what is the matter.

    `broken_at` says where its module could not be loaded, `backprop.py:12`; it is empty if it could.
    """

    id: str
    module: str
    title: str
    state: State
    points: int
    max_points: int
    summary: str
    diagnosis: Diagnosis | None = None
    checks: tuple[CheckOutcome, ...] = ()
    notes: tuple[str, ...] = ()
    line: int = 0
    kind: Kind = Kind.CODE
    broken_at: str = ""

    @property
    def file(self) -> str:
        """The file that the student writes it in."""
        return file_of(self.module, self.kind)

    @property
    def first_failure(self) -> CheckOutcome | None:
        """The check to read first: the first that did not pass."""
        return next((check for check in self.checks if check.state is not State.PASSED), None)


class LessonOutcome(msgspec.Struct, frozen=True):
    """One submission of one lesson. Seconds are of the student's own code."""

    lesson: str
    exercises: tuple[ExerciseOutcome, ...]
    seconds: float = 0.0

    @property
    def points(self) -> int:
        """Points earned."""
        return sum(exercise.points for exercise in self.exercises)

    @property
    def max_points(self) -> int:
        """Points that could be earned; what a fault of the course touched is left out."""
        return sum(exercise.max_points for exercise in self.exercises)

    @property
    def first_cause(self) -> ExerciseOutcome | None:
        """The exercise to look at first: wrong before untouched, and never one that waits."""
        wrong = (State.FAILED, State.RAISED, State.STOPPED, State.FAULT)
        broken = next((e for e in self.exercises if e.state in wrong), None)
        return broken or next((e for e in self.exercises if e.state is State.NOT_STARTED), None)

    @property
    def complete(self) -> bool:
        """Whether every exercise passed. Nothing at all is not complete."""
        return bool(self.exercises) and all(exercise.state is State.PASSED for exercise in self.exercises)


def settle(checks: Sequence[CheckOutcome], *, waits_for: Sequence[str] = ()) -> tuple[State, str]:
    """Decide the state of an exercise from its checks, and the line that says so.

    `waits_for` names exercises that this one comes after and that did not pass.
    """
    failing = [check for check in checks if check.state is not State.PASSED]
    if not checks:
        return State.FAULT, "no check: a mistake in the course, not in your code"
    if not failing:
        return State.PASSED, f"{len(checks)} check{'s' if len(checks) != 1 else ''}"
    if all(check.state is State.NOT_STARTED for check in checks):
        return State.NOT_STARTED, "not started"
    blamed = [check for check in failing if check.state is not State.FAULT]
    if not blamed:
        return State.FAULT, "a mistake in the course, not in your code"
    if waits_for:
        return State.WAITING, "waits for " + ", ".join(waits_for)
    return blamed[0].state, blamed[0].summary or "not yet: " + blamed[0].sentence


def exercise_json(exercise: ExerciseOutcome) -> dict[str, object]:
    """Return the public JSON form of an exercise, which programs rely on."""
    diagnosis = exercise.diagnosis
    return {
        "id": exercise.id,
        "state": exercise.state.value,
        "points": exercise.points,
        "max_points": exercise.max_points,
        "summary": exercise.summary,
        "diagnosis": None if diagnosis is None else {"mistake": diagnosis.mistake, "sentence": diagnosis.sentence},
        "checks": [
            {
                "id": check.id,
                "sentence": check.sentence,
                "state": check.state.value,
                "points": check.points,
                "max_points": check.max_points,
                "message": check.message,
            }
            for check in exercise.checks
        ],
        "notes": list(exercise.notes),
    }


def lesson_json(outcome: LessonOutcome) -> dict[str, object]:
    """Return the public JSON form of a lesson, as `nnedu check --json` prints it."""
    return {
        "lesson": outcome.lesson,
        "points": outcome.points,
        "max_points": outcome.max_points,
        "exercises": [exercise_json(exercise) for exercise in outcome.exercises],
    }
