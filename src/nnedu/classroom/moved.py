"""Whose mark a new run has moved, and by which check. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nnedu.classroom.records import Attempt, Scored
    from nnedu.outcome import CheckOutcome, LessonOutcome


@dataclass(frozen=True, slots=True)
class CheckMoved:
    """A check that is worth more or less than before. None: there was, or is, no such check."""

    exercise: str
    check: str
    before: CheckOutcome | None
    after: CheckOutcome | None


@dataclass(frozen=True, slots=True)
class Moved:
    """An attempt whose mark a new run has moved, from points of a maximum to points of a maximum."""

    attempt: Attempt
    before: tuple[int, int]
    after: tuple[int, int]
    checks: tuple[CheckMoved, ...]


def moved(before: Iterable[Scored], after: Mapping[int, LessonOutcome]) -> list[Moved]:
    """Return the attempts that are worth more or less than before, in their order."""
    found = []
    for one in before:
        new = after.get(one.attempt.id)
        if new is None:
            continue
        old_points = (one.outcome.points, one.outcome.max_points)
        new_points = (new.points, new.max_points)
        if old_points != new_points:
            found.append(Moved(one.attempt, old_points, new_points, _checks_moved(one.outcome, new)))
    return found


def _checks_moved(before: LessonOutcome, after: LessonOutcome) -> tuple[CheckMoved, ...]:
    old, new = _by_name(before), _by_name(after)
    names = [*new, *(name for name in old if name not in new)]
    return tuple(
        CheckMoved(*name, old.get(name), new.get(name))
        for name in names
        if _worth(old.get(name)) != _worth(new.get(name))
    )


def _by_name(outcome: LessonOutcome) -> dict[tuple[str, str], CheckOutcome]:
    return {(exercise.id, check.id): check for exercise in outcome.exercises for check in exercise.checks}


def _worth(check: CheckOutcome | None) -> tuple[int, int]:
    return (0, 0) if check is None else (check.points, check.max_points)
