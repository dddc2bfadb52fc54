"""The bench: puts submissions through the checks of a lesson, and says of each exercise what came of it."""

from __future__ import annotations

import re
import warnings
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING

import msgspec

from nnedu.checking.values import CheckFailed
from nnedu.diagnosis.trace import agree, replaying
from nnedu.errors import FaultError
from nnedu.outcome import CheckOutcome, Diagnosis, ExerciseOutcome, LessonOutcome, State, settle
from nnedu.running.evidence import Recorded, run_check, shadow
from nnedu.sandbox.failure import StudentFailure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nnedu.running.collect import Check, Exercise
    from nnedu.running.evidence import Evidence
    from nnedu.sandbox.submission import Submission

FACTOR_ENDINGS = ("too large", "of what it should be")
FAULT = "a mistake in the course, not in your code"


class Bench:
    """The checks of one lesson, ready for any number of submissions.

    A module that is still its stub is not started, even where the stub is a broken program that raises.
    """

    def __init__(
        self, lesson: str, exercises: Sequence[Exercise], evidence: Evidence, stubs: Mapping[str, str] | None = None
    ) -> None:
        self.lesson = lesson
        self._stubs = stubs or {}
        self.exercises = tuple(exercises)
        self.evidence = evidence

    def examine(
        self,
        submission: Submission,
        *,
        only: str | None = None,
        on_exercise: Callable[[ExerciseOutcome], None] = lambda _: None,
        diagnose: bool = True,
    ) -> LessonOutcome:
        """Run every check (or those of one exercise) on a submission. Each exercise earns on its own merit."""
        done: dict[str, ExerciseOutcome] = {}
        with replaying() if isinstance(self.evidence, Recorded) else nullcontext():
            for exercise in self.exercises:
                if only is None or exercise.id == only:
                    done[exercise.id] = self._examine(exercise, submission, done, diagnose=diagnose)
                    on_exercise(done[exercise.id])
        return LessonOutcome(self.lesson, tuple(done.values()), submission.seconds)

    def _examine(
        self, exercise: Exercise, submission: Submission, done: dict[str, ExerciseOutcome], *, diagnose: bool
    ) -> ExerciseOutcome:
        submission.take_notes()
        checks = tuple(self.judge(check, submission) for check in exercise.checks)
        if submission.sources.get(exercise.module) == self._stubs.get(exercise.module, ""):
            checks = tuple(map(_not_started, checks))
        notes = submission.take_notes()
        waits = [name for name in exercise.after if name in done and done[name].state is not State.PASSED]
        state, summary = settle(checks, waits_for=waits)
        diagnosis = None
        if diagnose and any(check.state in {State.FAILED, State.RAISED} for check in checks):
            with suppress(FaultError):  # without a recording there is no name for it, which harms nobody
                diagnosis = self._diagnose(exercise, submission)
            submission.take_notes()
        if diagnosis is not None and state is State.FAILED and not summary.endswith(FACTOR_ENDINGS):
            summary = diagnosis.sentence
        return ExerciseOutcome(
            exercise.id,
            exercise.module,
            exercise.title,
            state,
            sum(check.points for check in checks),
            sum(check.max_points for check in checks),
            summary,
            diagnosis,
            checks,
            notes,
            line_of(submission.sources.get(exercise.module, ""), exercise.id),
        )

    def judge(self, check: Check, submission: Submission) -> CheckOutcome:
        """Run one check on a submission, and say what came of it."""
        try:
            with warnings.catch_warnings():  # of numpy, over a student's values in a grader's formula
                warnings.simplefilter("ignore")
                run_check(check, submission, self.evidence.reference(check), self.evidence.rng(check))
        except CheckFailed as failed:
            return _outcome(check, State.FAILED, failed.message, failed.summary)
        except StudentFailure as failure:
            return _outcome(check, failure.state, failure.message, failure.summary)
        except AssertionError as failed:
            return _outcome(
                check, State.FAILED, str(failed) or f"It does not hold that {check.exercise} {check.sentence}."
            )
        except FaultError as fault:
            return _outcome(check, State.FAULT, f"This is {FAULT}. Nothing is counted against you.\n{fault}", FAULT)
        except Exception as error:  # noqa: BLE001 - a grader that crashes is a fault of the course, whatever it raises
            text = f"This is {FAULT} ({check.id}: {type(error).__name__}: {error}). Nothing is counted against you."
            return _outcome(check, State.FAULT, text, FAULT)
        return _outcome(check, State.PASSED)

    def _diagnose(self, exercise: Exercise, submission: Submission) -> Diagnosis | None:
        """Ask the submission what the checks ask, and name the mistake that answers the same every time."""
        candidates = list(self.evidence.mistakes(exercise.id))
        departed: set[str] = set()
        for check in exercise.checks:
            trace = self.evidence.trace(check)
            if trace is None or not candidates:
                continue
            right = [answer for answer in trace.student if answer.own]
            ours = [answer for answer in shadow(check, trace, submission) if answer.own]
            for known in list(candidates):
                theirs = [answer for answer in self.evidence.answers(check, known.id) if answer.own]
                if len(theirs) != len(ours) or not all(map(agree, ours, theirs)):
                    candidates.remove(known)
                elif len(theirs) != len(right) or not all(map(agree, right, theirs)):
                    departed.add(known.id)
        named = next((known for known in candidates if known.id in departed), None)
        return Diagnosis(named.id, named.sentence) if named else None


def _outcome(check: Check, state: State, message: str = "", summary: str = "") -> CheckOutcome:
    """Return the outcome of a check; one that the course got wrong counts neither way."""
    worth = 0 if state is State.FAULT else check.points
    earned = worth if state is State.PASSED else 0
    return CheckOutcome(check.name, check.sentence, state, earned, worth, message, summary, check.hidden)


def _not_started(check: CheckOutcome) -> CheckOutcome:
    if check.state in {State.PASSED, State.FAULT}:
        return check
    return msgspec.structs.replace(check, state=State.NOT_STARTED, summary="not started")


def line_of(source: str, name: str) -> int:
    """Return the line on which a function or class is defined, 0 if it is not."""
    found = re.search(rf"^(?:def|class)\s+{re.escape(name)}\b", source, re.MULTILINE)
    return source.count("\n", 0, found.start()) + 1 if found else 0
