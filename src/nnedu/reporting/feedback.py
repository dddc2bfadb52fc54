"""The feedback text of one student. What hidden checks were given, and what came back, never appears in it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from nnedu.outcome import Kind, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nnedu.outcome import CheckOutcome, ExerciseOutcome, LessonOutcome

WIDTH = 100
WORDS = {
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
    for index, exercise in enumerate(outcome.exercises):
        lines += _unloaded(exercise, outcome.exercises[:index]) if exercise.broken_at else _exercise(exercise)
    return plain("\n".join(lines))


def exercise_feedback(exercise: ExerciseOutcome) -> str:
    """Return the feedback on one exercise, where each is read alone."""
    return plain("\n".join(_unloaded(exercise, ()) if exercise.broken_at else _exercise(exercise)).rstrip())


def _unloaded(exercise: ExerciseOutcome, earlier: Sequence[ExerciseOutcome]) -> list[str]:
    """Return the lines of an exercise whose file cannot be loaded; why is said once for the file."""
    lines = [f"{exercise.id}  {exercise.points}/{exercise.max_points}  {exercise.file} cannot be loaded"]
    said = any(one.broken_at and one.module == exercise.module for one in earlier)
    failure = next((check for check in exercise.checks if may_show(check)), None)
    return [*lines, *([] if said or failure is None else _message(failure.message, prose=False)), ""]


def _exercise(exercise: ExerciseOutcome) -> list[str]:
    word = exercise.summary if exercise.state is State.WAITING else WORDS[exercise.state]
    lines = [f"{exercise.id}  {exercise.points}/{exercise.max_points}  {word}"]
    if exercise.state is State.NOT_STARTED:
        return [*lines, ""]
    shown = False
    for check in exercise.checks:
        if check.state is State.PASSED:
            continue
        hidden = ", checked on other inputs" if check.hidden else ""
        worth = f"({check.points}/{check.max_points}{hidden})"
        lines.append(f"    {WORDS[check.state]}: {exercise.id} {check.sentence} {worth}")
        if may_show(check) and (not shown or exercise.kind is Kind.QUIZ):  # no question is the cause of another
            lines += _message(check.message, prose=exercise.kind is Kind.QUIZ)
            shown = True
    return [*lines, *(f"    {line}" for line in [diagnosis_line(exercise)] if line), ""]


def diagnosis_line(exercise: ExerciseOutcome) -> str:
    """Return the sentence that names the mistake in an exercise, or nothing."""
    if exercise.diagnosis is None:
        return ""
    raised = exercise.first_failure is not None and exercise.first_failure.state is State.RAISED
    found = "This is the error that comes" if raised else "It matches, to 1e-9, what comes"
    return f"{found} out when {exercise.diagnosis.sentence}."


def _message(message: str, *, prose: bool) -> list[str]:
    """Indent a message; numbers and code keep their lines, explanations are broken."""
    wide = [textwrap.wrap(line, WIDTH) if prose else [line] for line in message.splitlines()]
    return [textwrap.indent(line, "        ") for lines in wide for line in lines]


def may_show(check: CheckOutcome) -> bool:
    """Whether a student may read the message of a check."""
    # The message of a fault is for the instructor: it may quote the solution.
    return not check.hidden and bool(check.message) and check.state not in {State.NOT_STARTED, State.FAULT}


def plain(text: str) -> str:
    """Return a text without control characters, which a terminal or an editor might obey."""
    if text.replace("\n", "").isprintable():  # as nearly all are
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else "?" for c in text)
