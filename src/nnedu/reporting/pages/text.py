"""The same reports as text, compact enough for a terminal."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from nnedu.reporting.feedback import feedback_text, plain
from nnedu.reporting.pages import facts
from nnedu.reporting.pages.words import clip, count, fixed, moment, name, names, percent
from nnedu.reporting.tables import text_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nnedu.reporting.pages.records import CourseReport, LessonReport, Provenance, StudentReport

SHOWN = 8
NAMES = 70  # columns of names
WIDTH = 100
_EMPTY = "    none"
NO_PROOF = "    Shared passages do not prove copying: read the two texts, and talk with the students, first."


def lesson_text(report: LessonReport) -> str:
    """Return what a terminal shows of a lesson over a class."""
    said = facts.facts_of(report)
    due = f", due {name(report.due)}" if report.due else ""
    people = count(len(report.people), "student")
    parts = [
        f"{name(report.title)} ({name(report.lesson)}{due})",
        f"{people}: {said.handed_in} handed in, {said.late} of them late; {said.missing} missing",
    ]
    if said.graded:
        marks = f"median {said.median_points} ({percent(said.median)}), mean {said.mean_points} ({percent(said.mean)})"
        parts += [f"Marks: {marks}"]
    blocks = [
        "\n".join(parts),
        _block("Faults of the course, counted for nobody and against nobody", _faults(report)) if report.faults else "",
        _block("What the class misunderstood", _misunderstood(report)),
        _exercises(report),
        _reliability(report),
        _block("Late and missing", _absent(report)),
        _block("Similar submissions", _alike(report)),
        _provenance(report.provenance),
    ]
    return plain("\n\n".join(block for block in blocks if block)) + "\n"


def _block(title: str, lines: Sequence[str]) -> str:
    return "\n".join([title, *(lines or [_EMPTY])])


def _faults(report: LessonReport) -> list[str]:
    return [
        f"    {len(one.students):>4}  {name(one.exercise)}: {clip(one.check, WIDTH)}  ({names(one.students, NAMES)})"
        for one in report.faults
    ]


def _misunderstood(report: LessonReport) -> list[str]:
    lines = []
    for one in report.misunderstood[:SHOWN]:
        lines.append(f"    {len(one.students):>4}  {name(one.exercise)}: {clip(one.sentence, WIDTH)}")
        lines.append(f"          {names(one.students, NAMES)}")
    left = len(report.misunderstood) - SHOWN
    return [*lines, f"    and {left} more, met by fewer"] if left > 0 else lines


def _exercises(report: LessonReport) -> str:
    rows = [
        (
            name(one.id),
            one.max_points,
            percent(one.right / max(1, one.handed_in)),
            percent(one.begun / max(1, one.handed_in)),
            percent(one.mean_share),
            fixed(one.discrimination),
        )
        for one in facts.hardest_first(report)
    ]
    return text_table(("exercise", "points", "all right", "begun", "mean", "discrimination"), rows) if rows else ""


def _reliability(report: LessonReport) -> str:
    one = report.reliability
    if one.alpha is None:
        return ""
    between = "" if one.low is None else f", between {fixed(one.low)} and {fixed(one.high)} in 95 of 100"
    few = "; under 100 students that says little" if one.few else ""
    return f"Cronbach's alpha {fixed(one.alpha)}{between}, from {count(one.students, 'student')}{few}."


def _absent(report: LessonReport) -> list[str]:
    groups: dict[str, list[str]] = {}
    for one in facts.absent(report):
        groups.setdefault(one.arrival.value, []).append(name(one.shown) + (f" ({name(one.late)})" if one.late else ""))
    return [f"    {how} ({len(who)}): {names(who, NAMES)}" for how, who in groups.items()]


def _alike(report: LessonReport) -> list[str]:
    lines = [f"    {percent(one.share)} alike: {names(one.students, NAMES)}" for one in report.alike[:SHOWN]]
    left = len(report.alike) - SHOWN
    more = [f"    and {count(left, 'group')} more"] if left > 0 else []
    note = [f"    {clip(report.alike_note, WIDTH)}"] if report.alike_note else []
    return [*lines, *more, *note, *([NO_PROOF] if lines else [])]


def _provenance(by: Provenance) -> str:
    runs = by.runs[-1] if by.runs else None
    last = f"Last run {runs.number} by {name(runs.by)}, {moment(runs.began)}" if runs else "Nothing has been graded yet"
    broken = ", interrupted" if runs and runs.ended is None else ""
    graded = (
        f"Graded with {name(by.engine)}; lesson {by.lesson_version} of version {by.course_version}. " if runs else ""
    )
    return f"{graded}{last}{broken}."


def course_text(report: CourseReport) -> str:
    """Return what a terminal shows of a course so far."""
    lessons = [
        (
            name(one.lesson),
            name(one.due) or "-",
            one.handed_in,
            one.late,
            one.missing,
            percent(one.mean_share),
            percent(one.median_share),
        )
        for one in report.lessons
    ]
    people = [
        (
            clip(one.shown, 30),
            percent(one.total),
            one.missing,
            *(("" if share is None else round(100 * share)) for share in one.shares),
        )
        for one in report.people
    ]
    behind = [
        f"    {name(one.shown)}: {clip('; '.join(one.behind), 2 * WIDTH)}" for one in facts.falling_behind(report)
    ]
    students, middle = count(len(report.people), "student"), percent(facts.median_total(report))
    blocks = [
        f"{name(report.title)}: {students}, median total {middle}",
        text_table(("lesson", "due", "handed in", "late", "missing", "mean", "median"), lessons),
        text_table(("student", "total", "missing", *(_short(one.lesson) for one in report.lessons)), people),
        _block("Falling behind", behind),
        _wrapped(report.rule),
        _wrapped(report.weighting),
    ]
    return plain("\n\n".join(blocks)) + "\n"


def _short(lesson: str) -> str:
    return name(lesson).removeprefix("lesson")


def _wrapped(text: str) -> str:
    return textwrap.fill(clip(text, 10 * WIDTH), WIDTH)


def student_text(report: StudentReport) -> str:
    """Return the text that a student is given of a lesson: mark, what people wrote, and what the checks found."""
    found = feedback_text(report.shown, report.title, report.outcome, report.problem)
    marked = "\n".join(report.explanation)
    wrote = [
        f"{moment(one.at)}, {one.by}{f', on {one.exercise}' if one.exercise else ''}:\n{one.text}"
        for one in report.notes
    ]
    parts = [found.rstrip(), *(["How the mark came to be\n" + marked] if marked else []), *wrote]
    return plain("\n\n".join(parts)) + "\n"
