"""The feedback text of one student. What hidden checks were given, and what came back, never appears in it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from nnedu.outcome import State

if TYPE_CHECKING:
    from nnedu.outcome import CheckOutcome, ExerciseOutcome, LessonOutcome

_WORDS = {
    State.PASSED: "right",
    State.FAILED: "not yet",
    State.NOT_STARTED: "not started",
    State.RAISED: "raised",
    State.STOPPED: "stopped",
    State.WAITING: "waits",
    State.FAULT: "a mistake in the course; not counted",
}


def feedback_text(student: str, title: str, outcome: LessonOutcome, problem: str = "") -> str:
    """Return the feedback of a student on a lesson."""
    lines = [f"{title}: {student}", f"{outcome.points} of {outcome.max_points} points", ""]
    if problem:
        lines += [problem, ""]
    for exercise in outcome.exercises:
        lines += _exercise(exercise)
    return plain("\n".join(lines))


def _exercise(exercise: ExerciseOutcome) -> list[str]:
    word = exercise.summary if exercise.state is State.WAITING else _WORDS[exercise.state]
    lines = [f"{exercise.id}  {exercise.points}/{exercise.max_points}  {word}"]
    if exercise.state is State.NOT_STARTED:
        return [*lines, ""]
    shown = False
    for check in exercise.checks:
        if check.state is State.PASSED:
            continue
        hidden = ", checked on other inputs" if check.hidden else ""
        worth = f"({check.points}/{check.max_points}{hidden})"
        lines.append(f"    {_WORDS[check.state]}: {exercise.id} {check.sentence} {worth}")
        if not shown and _may_show(check):
            lines.append(textwrap.indent(check.message, "        "))
            shown = True
    if exercise.diagnosis is not None:
        lines.append(f"    It matches, to 1e-9, what comes out when {exercise.diagnosis.sentence}.")
    return [*lines, ""]


def _may_show(check: CheckOutcome) -> bool:
    # The message of a fault is for the instructor: it may quote the solution.
    return not check.hidden and bool(check.message) and check.state not in {State.NOT_STARTED, State.FAULT}


def plain(text: str) -> str:
    """Return a text without control characters, which a terminal or an editor might obey."""
    return "".join(c if c.isprintable() or c in "\n\t" else "?" for c in text)
