"""What work is worth: attempts, schedule and policy to a mark, with the steps that lead to it. Pure functions.

Points are exact fractions. The amounts of a mark's lines add up to its points.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from nnedu.classroom.steps import Steps, by_hand, steps_of, total
from nnedu.classroom.terms import NOT_LATE, Terms, extended, usual_terms
from nnedu.course.policy import exact
from nnedu.reporting.marks import Line, points_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from nnedu.classroom.records import Attempt, Extension, Override, Scored
    from nnedu.course import Course, Lesson

_Record = TypeVar("_Record")
_Dated = TypeVar("_Dated", "Extension", "Override")


class Standing(StrEnum):
    """How it stands with a student and a lesson."""

    ON_TIME = "on time"
    LATE = "late"
    TOO_LATE = "after the cut-off"
    MISSING = "missing"
    NOT_DUE = "not due yet"
    WAITING = "not graded yet"
    EXCUSED = "excused"


_NO_MARK_YET = {Standing.NOT_DUE, Standing.WAITING, Standing.EXCUSED}


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt. `share` is what it would be worth, 0 to 1, after penalties; None where it is not known.

    `lateness` is 0 for an attempt in time, grace included. `taken` is false after the cut-off.
    """

    attempt: Attempt
    lateness: timedelta
    taken: bool
    graded: bool
    share: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """What one student has in one lesson. `attempts` are in the order they were handed in, `counting` is one of them.

    `by_hand`: a person set the mark, or a part of it. `due` and `cut_off` are those of this student.
    """

    lesson: str
    state: Standing
    points: Fraction
    max_points: Fraction
    lines: tuple[Line, ...]
    counting: Scored | None = None
    lateness: timedelta = NOT_LATE
    attempts: tuple[Tried, ...] = ()
    by_hand: bool = False
    due: datetime | None = None
    cut_off: datetime | None = None

    @property
    def share(self) -> Fraction | None:
        """The mark as a share of what could be earned, None where that is nothing."""
        return self.points / self.max_points if self.max_points else None

    @property
    def counts(self) -> bool:
        """Whether it is a mark yet: handed in and graded, or due, or set by hand; and of something."""
        return bool(self.max_points) and (self.by_hand or self.state not in _NO_MARK_YET)

    @property
    def total(self) -> Line:
        """The mark in words, and what the amounts of the lines add up to."""
        return Line(f"of {points_text(self.max_points)}, {self.state}", self.points)


def class_marks(
    course: Course,
    lesson: Lesson,
    logins: Iterable[str],
    *,
    attempts: Iterable[Attempt],
    scored: Iterable[Scored],
    extensions: Iterable[Extension],
    overrides: Iterable[Override],
    now: datetime,
) -> dict[str, Mark]:
    """Return the mark of each student in a lesson, from what the gradebook holds of it."""
    scored = [one for one in scored if one.attempt.lesson == lesson.id]
    worth = full_worth(scored)
    tried = _grouped(attempts, lambda one: one.student)
    graded = _grouped(scored, lambda one: one.attempt.student)
    given = _grouped(extensions, lambda one: one.student)
    changed = _grouped(overrides, lambda one: one.student)
    return {
        login: judge(
            course,
            lesson,
            graded.get(login, ()),
            attempts=tried.get(login, ()),
            extensions=given.get(login, ()),
            overrides=changed.get(login, ()),
            worth=worth,
            now=now,
        )
        for login in logins
    }


def full_worth(scored: Iterable[Scored]) -> dict[str, int]:
    """Return what each exercise is worth where no fault of the course takes points out: the most that was ever met.

    The exercises are those of the latest run.
    """
    found = list(scored)
    latest = max((one.run for one in found), default=0)
    worth = {exercise.id: 0 for one in found if one.run == latest for exercise in one.outcome.exercises}
    for one in found:
        for exercise in one.outcome.exercises:
            if exercise.max_points > worth.get(exercise.id, exercise.max_points):
                worth[exercise.id] = exercise.max_points
    return worth


def judge(
    course: Course,
    lesson: Lesson,
    scored: Sequence[Scored],
    *,
    now: datetime,
    extensions: Iterable[Extension] = (),
    overrides: Iterable[Override] = (),
    attempts: Iterable[Attempt] = (),
    worth: Mapping[str, int] | None = None,
) -> Mark:
    """Return the mark of one student in one lesson; every record is of that student.

    `attempts` are all there are, for those that are not graded yet. `worth` is the `full_worth` of the class.
    """
    scored = [one for one in scored if one.attempt.lesson == lesson.id]
    worth = full_worth(scored) if worth is None else worth
    extension = _latest((one for one in extensions if one.lesson == lesson.id), lambda _: "").get("")
    changes = _latest((one for one in overrides if one.lesson == lesson.id), lambda one: one.exercise)
    usual = usual_terms(course, lesson)
    terms = extended(usual, extension)
    worked = sorted((steps_of(one, terms, changes, worth) for one in scored), key=_when)
    counting = _counting(worked, usual, terms)
    tried = _tried(worked, attempts, lesson, terms)
    none = steps_of(None, terms, changes, worth)
    base = _never_hurt(counting, none, usual) if counting else none
    lines, most = _set_by_hand(base, changes.get(""), worth)
    return Mark(
        lesson=lesson.id,
        state=_standing(counting, tried, terms, now),
        points=total(lines),
        max_points=most,
        lines=(*terms.lines(extension), *_listed(tried, counting, terms), *lines),
        counting=counting.scored if counting else None,
        lateness=counting.late if counting else NOT_LATE,
        attempts=tried,
        by_hand=any(one.points is not None and (not name or name in worth) for name, one in changes.items()),
        due=terms.due,
        cut_off=terms.cut_off,
    )


def _counting(worked: Sequence[Steps], usual: Terms, terms: Terms) -> Steps | None:
    """Return the attempt that counts. One that cannot be read, or of which a fault left nothing, gives way to others.

    Where the last one counts, an extension does not hurt: what only it lets in counts where it is better.
    """

    def better(number: int) -> tuple[bool, Fraction]:
        return bool(worked[number].max_points), worked[number].share or Fraction(0)

    def readable(number: int) -> bool:
        return not _attempt(worked[number]).problem

    pool = [number for number, one in enumerate(worked) if terms.takes(_attempt(one).submitted_at)]
    if not pool:
        return None
    if terms.policy.attempts == "best":
        return worked[max(pool, key=lambda number: (better(number), readable(number), -number))]
    before = [number for number in pool if usual.takes(_attempt(worked[number]).submitted_at)]
    let_in = [number for number in pool if number not in before]
    last = [max(before, key=lambda number: (better(number)[0], readable(number), number))] if before else []
    return worked[max([*last, *let_in], key=lambda number: (better(number), readable(number), number))]


def _never_hurt(counting: Steps, none: Steps, usual: Terms) -> Steps:
    """Return what counts: where an extension alone lets an attempt in, marks by hand are worth no less than without."""
    if usual.takes(_attempt(counting).submitted_at) or (none.share or 0) <= (counting.share or 0):
        return counting
    said = Line("what was handed in is left aside: with what is taken off for it, it would be less")
    return replace(none, lines=(said, *none.lines))


def _attempt(steps: Steps) -> Attempt:
    if steps.scored is None:
        message = "steps without an attempt"
        raise ValueError(message)
    return steps.scored.attempt


def _when(steps: Steps) -> tuple[datetime, int]:
    return _attempt(steps).submitted_at, _attempt(steps).id


def _tried(worked: Sequence[Steps], attempts: Iterable[Attempt], lesson: Lesson, terms: Terms) -> tuple[Tried, ...]:
    known = {_attempt(one).id: one for one in worked}
    found = {one.id: one for one in attempts if one.lesson == lesson.id} | {n: _attempt(w) for n, w in known.items()}
    return tuple(
        Tried(
            one,
            terms.lateness(one.submitted_at),
            terms.takes(one.submitted_at),
            one.id in known,
            known[one.id].share if one.id in known else None,
        )
        for one in sorted(found.values(), key=lambda one: (one.submitted_at, one.id))
    )


def _standing(counting: Steps | None, tried: Sequence[Tried], terms: Terms, now: datetime) -> Standing:
    if counting is not None:
        handed_in = Standing.LATE if counting.late else Standing.ON_TIME
        return handed_in if counting.max_points else Standing.EXCUSED
    if any(one.taken and not one.graded for one in tried):
        return Standing.WAITING
    if tried:
        return Standing.TOO_LATE
    return Standing.MISSING if terms.is_due(now) else Standing.NOT_DUE


def _listed(tried: Sequence[Tried], counting: Steps | None, terms: Terms) -> Iterator[Line]:
    """Yield a line for each attempt: when, how late, what it would be worth, and which one counts."""
    for number, one in enumerate(tried, 1):
        worth = "not graded yet" if not one.graded else "not counted, a mistake in the course was met"
        worth = f"{points_text(100 * one.share)} %" if one.share is not None else worth
        counts = counting is not None and _attempt(counting).id == one.attempt.id
        late = terms.late_text(one.lateness) if one.taken else "after the cut-off, which does not count"
        problem = "; it could not be read" if one.attempt.problem else ""
        mine = ", counts" if counts and len(tried) > 1 else ""
        at = terms.shown(one.attempt.submitted_at)
        yield Line(f"attempt {number}, {at}, {late}: {worth}{problem}{mine}")


def _set_by_hand(base: Steps, change: Override | None, worth: Mapping[str, int]) -> tuple[tuple[Line, ...], Fraction]:
    """Return the lines and the maximum, after a person set the mark of the lesson: of all that it can be worth."""
    if change is None or change.points is None:
        return base.lines, base.max_points
    most = Fraction(sum(worth.values()))
    points = min(max(exact(change.points), Fraction(0)), most)
    return (*base.lines, Line(by_hand("mark", change, points), points - base.points)), most


def _latest(records: Iterable[_Dated], key: Callable[[_Dated], str]) -> dict[str, _Dated]:
    """Return the record of each key that was made last."""
    return {key(one): one for one in sorted(records, key=lambda one: one.at)}


def _grouped(records: Iterable[_Record], key: Callable[[_Record], str]) -> dict[str, list[_Record]]:
    groups: defaultdict[str, list[_Record]] = defaultdict(list)
    for one in records:
        groups[key(one)].append(one)
    return groups
