"""What came of a submission, as it is stored: compact for a whole class, and what each check said for one student."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from nnedu.outcome import Curve, Grid, LessonOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nnedu.outcome import CheckOutcome

_encode = msgspec.json.Encoder().encode
_picture = msgspec.json.Decoder(Grid | Curve).decode
_outcome = msgspec.json.Decoder(LessonOutcome).decode
_QUICK = 1  # zlib's level: what repeats itself are whole sentences, and any level finds those


def compact(outcome: LessonOutcome) -> bytes:
    """Return an outcome without messages and pictures, small: a report reads those of a whole class."""
    exercises = tuple(
        replace(exercise, checks=tuple(replace(check, message="", picture=None) for check in exercise.checks))
        for exercise in outcome.exercises
    )
    return zlib.compress(_encode(replace(outcome, exercises=exercises)), _QUICK)


def expand(data: bytes) -> LessonOutcome:
    """Return the outcome that was made compact."""
    return _outcome(zlib.decompress(data))


def check_rows(attempt: int, run: int, outcome: LessonOutcome) -> Iterator[dict[str, Any]]:
    """Yield the row of every check, in the order of the outcome."""
    checks = ((exercise.id, check) for exercise in outcome.exercises for check in exercise.checks)
    for position, (exercise, check) in enumerate(checks):
        yield {
            "attempt": attempt,
            "run": run,
            "position": position,
            "exercise": exercise,
            "name": check.id,
            "state": check.state.value,
            "points": check.points,
            "max_points": check.max_points,
            "message": check.message,
            "picture": None if check.picture is None else _encode(check.picture),
        }


def with_said(outcome: LessonOutcome, said: Mapping[int, tuple[str, bytes | None]]) -> LessonOutcome:
    """Return an outcome with what its checks said, by their positions."""
    position = iter(range(len(said)))

    def whole(check: CheckOutcome) -> CheckOutcome:
        message, picture = said[next(position)]
        return replace(check, message=message, picture=None if picture is None else _picture(picture))

    exercises = tuple(
        replace(exercise, checks=tuple(whole(check) for check in exercise.checks)) for exercise in outcome.exercises
    )
    return replace(outcome, exercises=exercises)
