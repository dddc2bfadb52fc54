"""The dates that hold for one student in one lesson, and how late something is by them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from nnedu.course.policy import exact, moment_at
from nnedu.reporting.marks import Line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, tzinfo
    from fractions import Fraction

    from nnedu.classroom.records import Extension
    from nnedu.course import Course, Lesson
    from nnedu.course.policy import Policy

DAY, HOUR, NOT_LATE = timedelta(days=1), timedelta(hours=1), timedelta()


@dataclass(frozen=True, slots=True)
class Terms:
    """Due date and cut-off of one student. A limit's own second is in time, and so is the grace after it."""

    policy: Policy
    zone: tzinfo
    due: datetime | None
    cut_off: datetime | None

    def lateness(self, at: datetime) -> timedelta:
        """Return how long after the due date a moment is, 0 where it is in time."""
        return at.replace(microsecond=0) - self.due if self.due is not None and self._passed(self.due, at) else NOT_LATE

    def takes(self, at: datetime) -> bool:
        """Whether something that is handed in at this moment counts."""
        return not self._passed(self.cut_off, at)

    def is_due(self, now: datetime) -> bool:
        """Whether the lesson had to be handed in by now."""
        return self._passed(self.due or self.cut_off, now)

    def _passed(self, limit: datetime | None, at: datetime) -> bool:
        grace = timedelta(minutes=self.policy.grace_minutes)
        return limit is not None and at.replace(microsecond=0) > limit + grace

    def begun(self, late: timedelta) -> int:
        """Return how many hours or days of lateness have begun.

        A day ends at the same time on the clock, also where it has 25 hours; and never before 24 hours have passed.
        """
        if self.due is None or not late:
            return 0
        if self.policy.late_per == "hour":
            return math.ceil(late / HOUR)
        days = math.ceil(late / DAY)
        wall = self.due.astimezone(self.zone).replace(tzinfo=None)
        return days - 1 if days > 1 and moment_at(wall + (days - 1) * DAY, self.zone) >= self.due + late else days

    def percent(self, late: timedelta) -> Fraction:
        """Return how many percent of the points lateness costs."""
        return min(exact(self.policy.late_most), self.begun(late) * exact(self.policy.late_percent))

    def shown(self, at: datetime) -> str:
        """Return a moment as the clocks of the course show it."""
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M %Z}"

    def late_text(self, late: timedelta) -> str:
        """Return lateness in words."""
        count = self.begun(late)
        return f"{count} {self.policy.late_per}{'s' if count != 1 else ''} late" if count else "on time"

    def lines(self, extension: Extension | None) -> Iterator[Line]:
        """Yield what there is to say about the dates."""
        if self.due is not None:
            yield Line(f"due {self.shown(self.due)}")
        if self.cut_off is not None:
            yield Line(f"taken until {self.shown(self.cut_off)}")
        if extension is not None:
            why = f": {extension.why}" if extension.why else ""
            yield Line(f"extended until {self.shown(extension.until)} by {extension.by}{why}")


def usual_terms(course: Course, lesson: Lesson) -> Terms:
    """Return the dates of the schedule."""
    return Terms(course.policy, course.policy.zone, lesson.schedule.due, lesson.schedule.cut_off)


def extended(usual: Terms, extension: Extension | None) -> Terms:
    """Return the dates after an extension: none is earlier than before; the cut-off moves as far as the due date."""
    if extension is None:
        return usual
    until, due, cut_off = extension.until, usual.due, usual.cut_off
    if due is None:
        return replace(usual, cut_off=None if cut_off is None else max(cut_off, until))
    shift = max(until - due, NOT_LATE)
    return replace(usual, due=due + shift, cut_off=None if cut_off is None else cut_off + shift)
