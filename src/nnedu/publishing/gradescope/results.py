"""An outcome as Gradescope's results.json: a test for each check, and nothing that a student may not read.

Gradescope hides the total from students as soon as one test is not visible to them. So hidden checks are shown without
their inputs and values, as in nnedu's own feedback, unless somebody asks for less.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from nnedu.outcome import State
from nnedu.reporting.feedback import diagnosis_line, may_show, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nnedu.outcome import CheckOutcome, ExerciseOutcome, LessonOutcome

FAULT = "A mistake in the course, not in your code. It is not counted."
UNGRADED = (
    "This could not be graded, and that is not the fault of your code. Your instructor has to look at it; until your "
    "submission is run again, the score here means nothing."
)
OTHER_INPUTS = "checked on other inputs, which are not shown"


class HiddenChecks(StrEnum):
    """What students see of the checks on hidden inputs; the last three hide the total from them as well."""

    SHOWN = "shown"
    SUMMED = "summed"
    AFTER_DUE_DATE = "after_due_date"
    AFTER_PUBLISHED = "after_published"
    HIDDEN = "hidden"

    @property
    def hides_the_total(self) -> bool:
        """Whether Gradescope then shows students no total."""
        return self not in {HiddenChecks.SHOWN, HiddenChecks.SUMMED}


def results(
    outcome: LessonOutcome,
    worth: int,
    hidden: HiddenChecks,
    seconds: float,
    facts: Mapping[str, str],
    problem: str = "",
) -> dict[str, object]:
    """Return results.json. `worth` is what the lesson is worth; what the course got wrong counts for nobody.

    The score is the share of the points that could be earned, so that a faulty check takes nothing away.
    """
    if not outcome.max_points:
        return ungraded(seconds, facts)
    score = round(outcome.points * worth / outcome.max_points, 2)
    lines = [f"{outcome.points} of {outcome.max_points} points", *([problem] if problem else [])]
    if outcome.max_points != worth:
        lines.append(f"{FAULT} So the score is the same share of {worth} points.")
    tests = [test for i, one in enumerate(outcome.exercises, 1) for test in _tests(i, one, hidden)]
    return _document(score, "\n".join(lines), tests, seconds, facts)


def ungraded(seconds: float, facts: Mapping[str, str]) -> dict[str, object]:
    """Return the results.json of a submission that nnedu could not grade. Why stands in `facts`, for the instructor."""
    return _document(0.0, UNGRADED, [], seconds, facts)


def _document(
    score: float, said: str, tests: list[dict[str, object]], seconds: float, facts: Mapping[str, str]
) -> dict[str, object]:
    return {
        "score": score,
        "execution_time": round(seconds, 3),
        "output": plain(said),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": dict(facts),
        "tests": tests,
    }


def _tests(number: int, exercise: ExerciseOutcome, hidden: HiddenChecks) -> Iterator[dict[str, object]]:
    """Yield the tests of an exercise; the first that a student may read about says what was found."""
    shown = False
    summed = hidden is HiddenChecks.SUMMED
    for index, check in enumerate(exercise.checks, 1):
        if check.hidden and summed:
            continue
        says = not shown and may_show(check) and check.state is not State.PASSED
        shown = shown or says
        visibility = hidden.value if check.hidden and hidden.hides_the_total else "visible"
        yield {
            "number": f"{number}.{index}",
            "name": plain(f"{exercise.id} {check.sentence}"),
            "score": check.points,
            "max_score": check.max_points,
            **({} if check.state is State.FAULT else {"status": _status(check.state is State.PASSED)}),
            "output": plain(_output(exercise, check, says=says)),
            "tags": [exercise.id],
            "visibility": visibility,
        }
    unseen = [check for check in exercise.checks if check.hidden]
    if summed and unseen:
        yield _sum(number, exercise, unseen)


def _sum(number: int, exercise: ExerciseOutcome, checks: list[CheckOutcome]) -> dict[str, object]:
    return {
        "number": f"{number}.{len(exercise.checks) - len(checks) + 1}",
        "name": plain(f"{exercise.id} on other inputs"),
        "score": sum(check.points for check in checks),
        "max_score": sum(check.max_points for check in checks),
        "status": _status(all(check.state in {State.PASSED, State.FAULT} for check in checks)),
        "output": f"{len(checks)} {'checks' if len(checks) > 1 else 'check'}, {OTHER_INPUTS}",
        "tags": [exercise.id],
        "visibility": "visible",
    }


def _status(passed: bool) -> str:  # noqa: FBT001 - the one thing it is made of
    return "passed" if passed else "failed"


def _output(exercise: ExerciseOutcome, check: CheckOutcome, *, says: bool) -> str:
    if check.state is State.FAULT:
        return FAULT
    if check.state is State.NOT_STARTED:
        return "not started"
    lines = [OTHER_INPUTS] if check.hidden else []
    if says:
        lines += [check.message, diagnosis_line(exercise)]
    return "\n\n".join(line for line in lines if line)
