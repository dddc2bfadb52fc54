"""The mark of a course: those of its lessons by their weights, the lowest dropped."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from nnedu.reporting.marks import Line, points_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nnedu.classroom.policy import Mark
    from nnedu.course import Course


@dataclass(frozen=True, slots=True)
class Part:
    """What one lesson is in the mark of the course."""

    lesson: str
    mark: Mark
    weight: Fraction
    dropped: bool


@dataclass(frozen=True, slots=True)
class CourseMark:
    """The mark of the course so far: a share between 0 and 1, None before anything counts."""

    share: Fraction | None
    parts: tuple[Part, ...]
    lines: tuple[Line, ...]

    @property
    def total(self) -> Line:
        """The mark in words, and the percent that the amounts of the lines add up to."""
        if self.share is None:
            return Line("nothing counts yet")
        return Line("percent", self.share * 100)


def course_mark(course: Course, marks: Mapping[str, Mark]) -> CourseMark:
    """Return the mark of the course from those of its lessons: of all that count so far, by their weights.

    Dropped are those whose removal raises it most; one always stays.
    """
    weights = {lesson.id: lesson.schedule.weight for lesson in course.lessons}
    shares = {name: share for name in weights if name in marks and (share := _share(marks[name])) is not None}
    heavy = {name: (weights[name], share) for name, share in shares.items() if weights[name]}
    kept = _kept(heavy, course.policy.drop_lowest)
    whole = sum((weights[name] for name in kept), Fraction(0))
    parts = tuple(Part(n, marks[n], weights[n], n in heavy and n not in kept) for n in weights if n in marks)
    lines = []
    for part in parts:
        text = f"{part.lesson}: {points_text(part.mark.points)} of {points_text(part.mark.max_points)}"
        if part.lesson in kept:
            amount = 100 * part.weight * shares[part.lesson] / whole
            lines.append(Line(f"{text}, weight {_number(part.weight)} of {_number(whole)}", amount))
        elif part.lesson in shares:
            lines.append(Line(f"{text}, {'dropped' if part.dropped else 'weight 0'}"))
        else:
            lines.append(Line(f"{part.lesson}: {part.mark.state}"))
    share = sum((weights[n] * shares[n] for n in kept), Fraction(0)) / whole if kept else None
    return CourseMark(share, parts, tuple(lines))


def _share(mark: Mark) -> Fraction | None:
    return mark.share if mark.counts else None


def _kept(marks: Mapping[str, tuple[Fraction, Fraction]], drop: int) -> set[str]:
    """Return the lessons that stay, so that their weighted mean is as large as it can be.

    The lowest share is not always the one to drop, for a small weight moves little. From the mean q of any choice, the
    best choice is that of the largest w(s - q), and it is the best of all when it no longer raises q.
    """
    size = max(len(marks) - drop, min(1, len(marks)))
    chosen, mean = list(marks), Fraction(-1)
    while chosen and (better := _mean(marks[name] for name in chosen)) > mean:
        mean = better
        chosen = sorted(marks, key=lambda name: marks[name][0] * (marks[name][1] - mean), reverse=True)[:size]
    return set(chosen)


def _mean(pairs: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    pairs = list(pairs)
    return sum((w * s for w, s in pairs), Fraction(0)) / sum((w for w, _ in pairs), Fraction(0))


def _number(weight: Fraction) -> str:
    return f"{float(weight):g}"
