"""What came of an exercise as nbgrader takes it: a text for the student, and a number that it cannot misread."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from nnedu.reporting.feedback import exercise_feedback, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nnedu.outcome import ExerciseOutcome
    from nnedu.publishing.nbgrader.statements import Problem

PLACES = 6


def score(outcome: ExerciseOutcome, points: float) -> float:
    """Return the points of an exercise in a cell worth `points`.

    nbgrader gives full marks for what is no plain number, or is below 0, and fails on what is too large. A check that
    the course got wrong counts neither way, so that the rest of the exercise stands for all of it.
    """
    share = outcome.points / outcome.max_points if outcome.max_points else 0.0
    value = float(points) * float(share)
    return float(min(float(points), max(0.0, round(value, PLACES)))) if math.isfinite(value) else 0.0


def message(outcome: ExerciseOutcome, problems: Iterable[Problem] = ()) -> str:
    """Return what a student reads of an exercise."""
    lines = [exercise_feedback(outcome)]
    lines += [f"    note: {note}" for note in outcome.notes]
    lines += [f"    note: {one.sentence}" for one in problems if one.grade_id == outcome.id]
    return plain("\n".join(lines)) + "\n"


def graded_outputs(text: str, value: float, count: int = 1) -> list[dict[str, object]]:
    """Return the outputs of a graded cell: the text, and then the number as its result."""
    result = {"data": {"text/plain": repr(float(value))}, "metadata": {}, "execution_count": count}
    return [{"output_type": "stream", "name": "stdout", "text": text}, {"output_type": "execute_result", **result}]


def to_look_at(outcomes: Sequence[ExerciseOutcome]) -> list[str]:
    """Return the exercises of which nothing could be graded: a person has to."""
    return [one.id for one in outcomes if one.checks and not one.max_points]
