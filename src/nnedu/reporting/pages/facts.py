"""What page and text both say of a class, computed once from its records."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import fmean, median, pstdev
from typing import TYPE_CHECKING

from nnedu.reporting.pages.records import Arrival
from nnedu.reporting.pages.words import number, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nnedu.reporting.pages.records import Column, CourseReport, LessonReport, Person, SoFar

NOT_AS_IT_SHOULD_BE = (
    Arrival.LATE,
    Arrival.TOO_LATE,
    Arrival.UNREADABLE,
    Arrival.UNGRADED,
    Arrival.EXCUSED,
    Arrival.MISSING,
)
HOURS = (
    (72, "more than 3 days before"),
    (24, "1 to 3 days before"),
    (3, "3 to 24 hours before"),
    (0, "in the last 3 hours"),
)
AFTER = ((-24, "up to a day late"), (float("-inf"), "more than a day late"))
MANY = 5  # attempts that are counted together
EASY, HARD = 0.95, 0.2
AGAINST, APART = 0.0, 0.15


@dataclass(frozen=True, slots=True)
class Facts:
    """The numbers at the head of a report. Shares are None where nothing was graded."""

    handed_in: int
    graded: int
    late: int
    missing: int
    median: float | None
    mean: float | None
    median_points: str
    mean_points: str
    spread: str


def facts_of(report: LessonReport) -> Facts:
    """Return the numbers at the head of a report."""
    missing = len(report.arrived(Arrival.MISSING))
    awaited = len(report.arrived(Arrival.NOT_DUE))
    late = len(report.arrived(Arrival.LATE, Arrival.TOO_LATE))
    marks = [one.points for one in report.graded]
    shares = [one.share for one in report.graded]
    handed_in = len(report.people) - missing - awaited
    if not marks:
        return Facts(handed_in, 0, late, missing, None, None, "", "", "")
    of = f"of {number(report.max_points)}"
    spread = (
        f"Of {len(marks)} who handed in: from {percent(min(shares))} to {percent(max(shares))}, half of them between "
        f"{percent(_quantile(shares, 0.25))} and {percent(_quantile(shares, 0.75))}; "
        f"the standard deviation is {number(pstdev(marks))} points."
    )
    middle, mean = f"{number(median(marks))} {of}", f"{number(fmean(marks))} {of}"
    return Facts(handed_in, len(marks), late, missing, median(shares), fmean(shares), middle, mean, spread)


def _quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def hardest_first(report: LessonReport) -> list[Column]:
    """Return the exercises by the share of students who have all points, the lowest first."""
    return sorted(report.columns, key=lambda one: (one.right / max(1, one.handed_in), one.mean_share))


def absent(report: LessonReport) -> list[Person]:
    """Return those whose work is not as it should be: missing first."""
    order = {how: place for place, how in enumerate(reversed(NOT_AS_IT_SHOULD_BE))}
    return sorted((one for one in report.people if one.arrival in order), key=lambda one: order[one.arrival])


def arrivals(report: LessonReport) -> list[tuple[str, int, float]]:
    """Count when the work came in, before and after it was due; empty where there is no date."""
    hours = [one.hours_left for one in report.people if one.hours_left is not None]
    counts = Counter(next(label for least, label in HOURS + AFTER if left >= least) for left in hours)
    if not hours:
        return []
    return [(label, counts[label], counts[label] / len(hours)) for _, label in HOURS + AFTER]


def attempts(report: LessonReport) -> list[tuple[str, int, float, float]]:
    """Count how often students handed in, with the mean mark of those who did as often."""
    groups: dict[int, list[float]] = {}
    for one in report.people:
        if one.attempts and one.cells:
            groups.setdefault(min(MANY, one.attempts), []).append(one.share)
    total = sum(map(len, groups.values()))
    return [
        (f"{often} or more" if often == MANY else str(often), len(shares), len(shares) / total, fmean(shares))
        for often, shares in sorted(groups.items())
    ]


def remark(column: Column) -> str:
    """Say what is odd about the numbers of an exercise, or nothing."""
    if column.discrimination is not None and column.discrimination < AGAINST:
        return "those who do well elsewhere do worse here: read its checks"
    if column.difficulty is not None and column.difficulty > EASY:
        return "nearly everybody solves it"
    if column.difficulty is not None and column.difficulty < HARD:
        return "hardly anybody solves it"
    if column.discrimination is not None and column.discrimination < APART:
        return "says little about the rest"
    return ""


def falling_behind(report: CourseReport) -> list[SoFar]:
    """Return the students who are falling behind, those with most against them first."""
    found = [one for one in report.people if one.behind]
    return sorted(found, key=lambda one: (-len(one.behind), one.total or 0.0))


def median_total(report: CourseReport) -> float | None:
    """Return the median of the totals there are."""
    totals = [one.total for one in report.people if one.total is not None]
    return median(totals) if totals else None
