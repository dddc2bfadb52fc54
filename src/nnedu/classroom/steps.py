"""From an attempt to its points, step by step: exercises, marks set by hand, hints, lateness."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from nnedu.classroom.terms import NOT_LATE
from nnedu.course.policy import exact
from nnedu.reporting.marks import Line, points_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import timedelta

    from nnedu.classroom.records import Override, Scored
    from nnedu.classroom.terms import Terms

_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Steps:
    """What leads from an attempt, or from none, to points: they are what the amounts of the lines add up to."""

    scored: Scored | None
    late: timedelta
    lines: tuple[Line, ...]
    points: Fraction
    max_points: Fraction

    @property
    def share(self) -> Fraction | None:
        """The points as a share of what could be earned, None where that is nothing."""
        return self.points / self.max_points if self.max_points else None


def total(lines: Iterable[Line]) -> Fraction:
    """Return what the amounts of lines add up to."""
    amounts = [line.amount for line in lines if line.amount is not None]
    whole = sum(amount.numerator for amount in amounts if amount.denominator == 1)  # nearly all, and 20 times as fast
    return sum((amount for amount in amounts if amount.denominator != 1), Fraction(whole))


def steps_of(scored: Scored | None, terms: Terms, changes: Mapping[str, Override], worth: Mapping[str, int]) -> Steps:
    """Return the steps of one attempt; without one, there is only what was set by hand.

    Hints and lateness cost percents of what is there when they come, so that no step goes below 0.
    """
    if scored is None:
        exercises, hints, late = {name: (0, can) for name, can in worth.items()}, {}, NOT_LATE
    else:
        exercises = {one.id: (one.points, one.max_points) for one in scored.outcome.exercises}
        hints, late = dict(scored.attempt.hints), terms.lateness(scored.attempt.submitted_at)
    set_alone = {name for name, one in changes.items() if one.points is not None and name in worth}
    exercises |= {name: (0, 0) for name in set_alone if name not in exercises}
    lines: list[Line] = []
    most = out = 0
    for name, (earned, left) in exercises.items():
        change, full = changes.get(name), max(left, worth.get(name, 0))
        can = full if change is not None and change.points is not None else left
        mine = [] if scored is None else [_earned(name, earned, can)]
        mine += _set(name, earned, can, change)
        if name in hints:
            mine += _hints(name, hints[name], total(mine), terms)
        lines += mine
        most, out = most + can, out + full - can
    if out:
        lines.append(Line(f"{out} points count neither way: a mistake in the course was met, so this is of {most}"))
    percent = terms.percent(late)
    if percent:
        points = -total(lines) * percent / 100
        lines.append(Line(f"{terms.late_text(late)}, {_percent(percent)} of the points", points))
    return Steps(scored, late, tuple(lines), total(lines), Fraction(most))


@lru_cache(maxsize=4096)
def _earned(name: str, earned: int, can: int) -> Line:
    """Return the line of an exercise; a class has few that differ."""
    return Line(f"{name}, of {can}", Fraction(earned))


def _set(name: str, earned: int, can: int, change: Override | None) -> Iterator[Line]:
    if change is not None and change.points is not None:
        points = min(max(exact(change.points), _NOTHING), Fraction(can))
        yield Line(by_hand(name, change, points), points - earned)


def by_hand(what: str, change: Override, points: Fraction) -> str:
    """Return the line of a mark that a person set; more than there is to earn, or less than nothing, is not given."""
    asked = exact(change.points or 0)
    bound = "" if asked == points else f" (asked for {points_text(asked)})"
    why = f": {change.why}" if change.why else ""
    return f"{what} set to {points_text(points)}{bound} by {change.by} on {change.at:%Y-%m-%d}{why}"


def _hints(name: str, count: int, points: Fraction, terms: Terms) -> Iterator[Line]:
    each = exact(terms.policy.hint_percent)
    if count > 0 and each and points:
        percent = min(exact(terms.policy.hint_most), count * each)
        hints = f"{count} hint{'s' if count != 1 else ''}"
        yield Line(f"{hints} on {name}, {_percent(percent)} of its points", -points * percent / 100)


def _percent(percent: Fraction) -> str:
    return f"{float(percent):g} %"
