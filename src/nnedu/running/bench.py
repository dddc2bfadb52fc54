"""The bench: puts submissions through the checks of a lesson, and says of each exercise what came of it."""

from __future__ import annotations

import re
import warnings
from contextlib import nullcontext, suppress
from functools import partial
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from nnedu.checking.values import CheckFailed
from nnedu.diagnosis.trace import agree, replaying
from nnedu.errors import FaultError
from nnedu.outcome import CheckOutcome, Diagnosis, ExerciseOutcome, LessonOutcome, State, settle
from nnedu.running.evidence import Recorded, run_check, shadow
from nnedu.sandbox.failure import StudentFailure
from nnedu.sandbox.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from nnedu.diagnosis.trace import Answer, Trace
    from nnedu.running.collect import Check, Exercise
    from nnedu.running.evidence import Evidence
    from nnedu.running.talks import Talks
    from nnedu.sandbox.client import Player

FACTOR_ENDINGS = ("too large", "of what it should be")
FAULT = "a mistake in the course, not in your code"
NOT_RUN = "not run: the exercise was stopped"
_WRONG = frozenset({State.FAILED, State.RAISED})


class _Judged(NamedTuple):
    """The public checks of an exercise, and what was noted meanwhile."""

    checks: tuple[CheckOutcome, ...]
    notes: tuple[str, ...]


class Bench:
    """The checks of one lesson, ready for any number of submissions.

    A module that is still its stub is not started, even where the stub is a broken program that raises. With `talks`,
    whose submissions are in confined workers, a check runs only where none has answered just so before.
    """

    def __init__(
        self,
        lesson: str,
        exercises: Sequence[Exercise],
        evidence: Evidence,
        stubs: Mapping[str, str] | None = None,
        talks: Talks | None = None,
    ) -> None:
        self.lesson = lesson
        self._talks = talks
        self._stubs = stubs or {}
        self.exercises = tuple(exercises)
        self.evidence = evidence

    def examine(
        self,
        submission: Submission,
        *,
        only: str | Collection[str] | None = None,
        on_start: Callable[[str], None] = lambda _: None,
        on_exercise: Callable[[ExerciseOutcome], None] = lambda _: None,
        diagnose: bool = True,
    ) -> LessonOutcome:
        """Run every check (or those of some exercises) on a submission. Each exercise earns on its own merit.

        Where there are hidden checks, the public ones of all exercises come first: what student code keeps of a hidden
        input then meets no check any more whose message a student reads.
        """
        wanted = {only} if isinstance(only, str) else only
        exercises = [one for one in self.exercises if wanted is None or one.id in wanted]
        first = any(check.hidden for exercise in exercises for check in exercise.checks)
        done: dict[str, ExerciseOutcome] = {}
        with replaying() if isinstance(self.evidence, Recorded) else nullcontext():
            judged = {one.id: self._judge_public(one, submission, on_start) for one in exercises} if first else {}
            for exercise in exercises:
                public = judged.get(exercise.id) or self._judge_public(exercise, submission, on_start)
                done[exercise.id] = self._examine(exercise, submission, public, done, diagnose=diagnose)
                on_exercise(done[exercise.id])
        return LessonOutcome(self.lesson, tuple(done.values()), submission.seconds)

    def _judge_public(self, exercise: Exercise, submission: Submission, on_start: Callable[[str], None]) -> _Judged:
        """Judge what a student may see of an exercise."""
        on_start(exercise.id)
        submission.begin(exercise.id)
        submission.take_notes()
        checks = self._judge_all([check for check in exercise.checks if not check.hidden], submission)
        return _Judged(checks, submission.take_notes())

    def _judge_hidden(self, exercise: Exercise, submission: Submission, public: _Judged) -> tuple[CheckOutcome, ...]:
        """Judge the rest, and return all in their order. What is printed meanwhile may tell of a hidden input."""
        submission.begin(exercise.id)
        stopped = any(check.state is State.STOPPED for check in public.checks)
        hidden = self._judge_all([check for check in exercise.checks if check.hidden], submission, stopped=stopped)
        submission.take_notes()
        found = {check.id: check for check in (*public.checks, *hidden)}
        checks = tuple(found[check.name] for check in exercise.checks)
        if submission.sources.get(exercise.module) == self._stubs.get(exercise.module, ""):
            checks = tuple(map(_not_started, checks))
        return checks

    def _examine(
        self,
        exercise: Exercise,
        submission: Submission,
        public: _Judged,
        done: dict[str, ExerciseOutcome],
        *,
        diagnose: bool,
    ) -> ExerciseOutcome:
        checks, notes = self._judge_hidden(exercise, submission, public), public.notes
        waits = [name for name in exercise.after if name in done and done[name].state is not State.PASSED]
        state, summary = settle(checks, waits_for=waits)
        broken_at = submission.broken_at(exercise.module)
        diagnosis = None
        if diagnose and not broken_at:
            with suppress(FaultError):  # without a recording there is no name for it, which harms nobody
                diagnosis = self._diagnose(exercise, submission, checks)
            submission.take_notes()
        if diagnosis is not None and state in _WRONG and not summary.endswith(FACTOR_ENDINGS):
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
            broken_at=broken_at,
        )

    def _judge_all(
        self, wanted: Sequence[Check], submission: Submission, *, stopped: bool = False
    ) -> tuple[CheckOutcome, ...]:
        """Judge checks, up to where one is stopped: what never ends once would take its time in every check."""
        checks: list[CheckOutcome] = []
        for check in wanted:
            checks.append(
                _outcome(check, State.STOPPED, NOT_RUN, NOT_RUN) if stopped else self.judge(check, submission)
            )
            stopped = stopped or checks[-1].state is State.STOPPED
        return tuple(checks)

    def judge(self, check: Check, submission: Player) -> CheckOutcome:
        """Run one check on a submission, and say what came of it."""
        try:
            if self._talks is None:
                self._run(check, submission)
            else:
                assert isinstance(submission, Submission)  # noqa: S101 - who grades a class has nothing else
                self._talks.judge(check.id, submission, partial(self._run, check))
        except CheckFailed as failed:
            outcome = _outcome(check, State.FAILED, failed.message, failed.summary)
            return outcome if check.hidden else msgspec.structs.replace(outcome, picture=failed.picture)
        except StudentFailure as failure:
            return _outcome(check, failure.state, failure.message, failure.summary)
        except AssertionError as failed:
            return _outcome(
                check, State.FAILED, str(failed) or f"It does not hold that {check.exercise} {check.sentence}."
            )
        except FaultError as fault:
            return _outcome(check, State.FAULT, f"{_where(check, fault)}: {fault}", FAULT)
        except Exception as error:  # noqa: BLE001 - a grader that crashes is a fault of the course, whatever it raises
            text = f"{_where(check, error)}: {type(error).__name__}: {error}"
            return _outcome(check, State.FAULT, text, FAULT)
        return _outcome(check, State.PASSED)

    def _run(self, check: Check, submission: Player) -> None:
        with warnings.catch_warnings():  # of numpy, over a student's values in a grader's formula
            warnings.simplefilter("ignore")
            run_check(check, submission, self.evidence.reference(check), self.evidence.rng(check))

    def _diagnose(self, exercise: Exercise, submission: Submission, checks: Sequence[CheckOutcome]) -> Diagnosis | None:
        """Ask the submission what the checks ask, and name the mistake that answers the same every time.

        Of two slips at once none does; then the first failed check decides, if just one mistake answers the same in it.
        """
        failing = [check for check in checks if check.state in _WRONG]
        if not failing or any(check.state is State.STOPPED for check in checks):
            return None
        known = self.evidence.mistakes(exercise.id)
        everywhere, departed, alone = {one.id for one in known}, set[str](), set[str]()
        first = failing[0].id if failing[0].state is State.FAILED else ""  # many mistakes raise the same error
        for check in exercise.checks:
            trace = self.evidence.trace(check)
            wanted = {one.id for one in known} if check.name == first else everywhere
            if trace is None or not wanted:
                continue
            agreeing, departing = self._compare(check, trace, wanted, submission)
            everywhere &= agreeing
            departed |= departing
            if check.name == first:
                alone = departing
        named = next((one for one in known if one.id in everywhere & departed), None)
        if named is None and len(alone) == 1:
            named = next(one for one in known if one.id in alone)
        return Diagnosis(named.id, named.sentence) if named else None

    def _compare(
        self, check: Check, trace: Trace, mistakes: set[str], submission: Submission
    ) -> tuple[set[str], set[str]]:
        """Return the mistakes that answer as the student does in a check, and those of them that are wrong there."""
        right = [answer for answer in trace.student if answer.own]
        ours = [answer for answer in shadow(check, trace, submission) if answer.own]
        theirs = {name: [one for one in self.evidence.answers(check, name) if one.own] for name in mistakes}
        agreeing = {name for name, answers in theirs.items() if _same(ours, answers)}
        return agreeing, {name for name in agreeing if not _same(right, theirs[name])}


def _same(ours: Sequence[Answer], theirs: Sequence[Answer]) -> bool:
    return len(ours) == len(theirs) and all(map(agree, ours, theirs))


def with_prerequisites(exercises: Sequence[Exercise], wanted: Collection[str]) -> set[str]:
    """Return the wanted exercises and all that they come after."""
    after = {exercise.id: exercise.after for exercise in exercises}
    found: set[str] = set()
    left = list(wanted)
    while left:
        name = left.pop()
        left += [] if name in found else after.get(name, ())
        found.add(name)
    return found


def _outcome(check: Check, state: State, message: str = "", summary: str = "") -> CheckOutcome:
    """Return the outcome of a check; one that the course got wrong counts neither way."""
    worth = 0 if state is State.FAULT else check.points
    earned = worth if state is State.PASSED else 0
    return CheckOutcome(check.name, check.sentence, state, earned, worth, message, summary, check.hidden)


def _where(check: Check, error: Exception) -> str:
    """Return the check that is at fault, and the line of its grader at which it was."""
    lines = [one.lineno for one in extract_tb(error.__traceback__) if Path(one.filename).stem == f"test_{check.module}"]
    return f"{check.id} (test_{check.module}.py:{lines[-1]})" if lines else check.id


def _not_started(check: CheckOutcome) -> CheckOutcome:
    if check.state in {State.PASSED, State.FAULT}:
        return check
    return msgspec.structs.replace(check, state=State.NOT_STARTED, summary="not started")


def line_of(source: str, name: str) -> int:
    """Return the line on which a function or class is defined, 0 if it is not."""
    found = re.search(rf"^(?:def|class)\s+{re.escape(name)}\b", source, re.MULTILINE)
    return source.count("\n", 0, found.start()) + 1 if found else 0
