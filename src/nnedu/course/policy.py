"""How work becomes marks: `[policy]` of course.toml, and the schedule of a lesson. `classroom.policy` judges by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from nnedu.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

YEARS = range(2000, 3000)
_END_OF_DAY = time(23, 59, 59)


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is true of every lesson. Left out: no penalty of any kind, and the last attempt counts.

    Percents are of the points earned: `late_percent` for each hour or day begun, of the lesson; `hint_percent` for each
    hint, of its exercise. `late_most` and `hint_most` are the most that is taken.
    """

    timezone: str = "UTC"
    attempts: Literal["best", "last"] = "last"
    late_percent: float = 0.0
    late_per: Literal["hour", "day"] = "day"
    late_most: float = 100.0
    grace_minutes: float = 0.0
    drop_lowest: int = 0
    hint_percent: float = 0.0
    hint_most: float = 100.0

    @property
    def zone(self) -> tzinfo:
        """The time zone, in which dates without an offset are meant."""
        return zone_named(self.timezone)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a lesson is due, when nothing is taken any more, and what it weighs. Moments are in UTC."""

    due: datetime | None = None
    cut_off: datetime | None = None
    weight: Fraction = Fraction(1)


class BadPolicyError(ValueError):
    """A value that a policy cannot have: `key` is where it stands."""

    def __init__(self, key: str, sentence: str, next_step: str = "") -> None:
        super().__init__(sentence)
        self.key, self.sentence, self.next_step = key, sentence, next_step


def checked_policy(policy: Policy) -> Policy:
    """Return a policy whose values are possible, or raise BadPolicyError."""
    for key in ("late_percent", "late_most", "hint_percent", "hint_most"):
        if not 0 <= getattr(policy, key) <= 100:  # noqa: PLR2004 - percents; not a number fails, too
            raise BadPolicyError(key, f"{key} must be a percentage, 0 to 100")
    if not 0 <= policy.grace_minutes <= 60 * 24 * 365:
        raise BadPolicyError("grace_minutes", "grace_minutes must be 0 or more, and at most a year")
    if policy.drop_lowest < 0:
        raise BadPolicyError("drop_lowest", "drop_lowest must be 0 or more")
    zone_named(policy.timezone)
    return policy


def schedule_of(said: Mapping[str, Any], zone: tzinfo) -> Schedule:
    """Return the schedule that the keys `due`, `cut_off` and `weight` of a lesson give, or raise BadPolicyError."""
    due, cut_off = (_moment(key, said.get(key), zone) for key in ("due", "cut_off"))
    if due is not None and cut_off is not None and cut_off < due:
        raise BadPolicyError("cut_off", "cut_off is before due")
    weight = said.get("weight", 1)
    if not 0 <= weight <= 10**6:
        raise BadPolicyError("weight", "weight must be 0 or more, and at most a million")
    return Schedule(due, cut_off, exact(weight))


def exact(number: float) -> Fraction:
    """Return the number as it was written: 0.1 is a tenth."""
    return Fraction(str(number))


def zone_named(name: str) -> tzinfo:
    """Return a time zone by its name in the IANA database, or raise BadPolicyError."""
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo, available_timezones  # noqa: PLC0415 - most commands know no other zone than UTC

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # unknown; no name at all; a folder of the database
        known = sorted(available_timezones())
        step = did_you_mean(name, known) if known else "This machine knows none: pip install 'nnedu[classroom]'"
        step = "It is a name like Europe/Berlin or America/New_York." if len(step) > 200 else step  # noqa: PLR2004
        raise BadPolicyError("timezone", f"there is no time zone {name!r}", step) from error


def _moment(key: str, said: object, zone: tzinfo) -> datetime | None:
    """Return the moment that TOML's date or date-time means. A date alone is the end of that day."""
    if said is None:
        return None
    if isinstance(said, date) and not isinstance(said, datetime):
        said = datetime.combine(said, _END_OF_DAY)
    if not isinstance(said, datetime):
        step = "Like 2026-03-01, which is the end of that day, or 2026-03-01T18:00:00; without quotes."
        raise BadPolicyError(key, f"{key} must be a date, or a date and a time", step)
    if said.year not in YEARS:
        raise BadPolicyError(key, f"{key} is in the year {said.year}")
    return said.astimezone(UTC) if said.tzinfo is not None else moment_at(said, zone)


def moment_at(wall: datetime, zone: tzinfo) -> datetime:
    """Return the moment at which the clocks of a zone show `wall`.

    A time that they show twice is the later one; one that they skip is the moment at which they skip it. So a later
    time on the clock is never an earlier moment.
    """
    early, late = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early <= late:
        return late
    early, late = late, early  # skipped: the two lie on either side of the jump
    before = early.astimezone(zone).utcoffset()
    while (seconds := int((late - early).total_seconds())) > 1:
        middle = early + timedelta(seconds=seconds // 2)
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late
