"""nbgrader and our gradebook: notebooks to attempts, its marks to ours, our points to its."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nnedu.classroom.records import Override
from nnedu.outcome import ANSWERS
from nnedu.publishing.nbgrader.layout import layout_of
from nnedu.publishing.nbgrader.modules import submitted
from nnedu.publishing.nbgrader.pipeline import read_submitted, students

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from nnedu.classroom.desk import Desk
    from nnedu.course import Course, Lesson
    from nnedu.publishing.nbgrader.gradebook import Score

BY_HAND = "set by hand in nbgrader"
GRADED = "graded in nbgrader"
STAMP = "timestamp.txt"
SUBMITTED = "submitted"


def unpack_notebooks(course: Course, lesson: Lesson, folder: Path, into: Path) -> list[str]:
    """Write the notebooks that lie in nbgrader's submitted folder as files, and say what was wrong with them.

    What is written has the layout of that folder, `STUDENT/LESSON/...`, so that it is collected as that is.
    """
    layout, said = layout_of(course, lesson), []
    for student in students(folder, lesson.id):
        data = read_submitted(folder, student, lesson.id)
        place = into / student / lesson.id
        place.mkdir(parents=True)
        if isinstance(data, str):
            said.append(f"{student}: {data}")
            continue
        found = submitted(data, layout)
        said += [f"{student}: {problem.sentence}" for problem in found.problems]
        for module, text in found.work.sources.items():
            (place / f"{module}.py").write_text(text, "utf-8", errors="replace", newline="")
        if not found.work.sources:  # kept all the same, so that a person can look at it
            (place / f"{lesson.id}.ipynb").write_bytes(data)
        if isinstance(found.work.answers, bytes):
            (place / ANSWERS).write_bytes(found.work.answers)
        stamp = folder / SUBMITTED / student / lesson.id / STAMP
        if stamp.is_file() and not stamp.is_symlink():
            (place / STAMP).write_bytes(stamp.read_bytes()[:200])
    return said


@dataclass(slots=True)
class TakenOver:
    """What came of reading nbgrader's marks: new entries of ours, those known already, and what to look at."""

    overrides: list[Override] = field(default_factory=list)
    same: int = 0
    flags: list[str] = field(default_factory=list)


def take_over(desk: Desk, lesson: Lesson, scores: Sequence[Score], now: datetime, by: str) -> TakenOver:
    """Turn nbgrader's scores into marks of ours, and keep what is new.

    A mark that a person gave there, extra credit with it, is one that a person set here. One that was found by itself
    is taken over for students whose work we have not graded; where we have, ours stays, and a difference is said.
    """
    ours = {
        (one.attempt.student, exercise.id): exercise.points
        for one in desk.book.scored(lesson.id)
        for exercise in one.outcome.exercises
    }
    latest = {(one.student, one.exercise): one for one in desk.book.overrides(lesson.id)}
    known = {student for student, _ in ours}
    done = TakenOver()
    for score in scores:
        done.flags += [f"{score.student}: {flag}" for flag in score.flags]
        why = _why(score, graded_here=score.student in known)
        earned = ours.get((score.student, score.exercise))
        if why is None:
            if earned is not None and score.auto is not None and earned != score.auto:
                done.flags.append(f"{score.student}: {score.exercise}: {score.auto:g} in nbgrader, {earned} here")
            continue
        last = latest.get((score.student, score.exercise))
        if last is not None and last.points == score.points and last.why == why:
            done.same += 1
            continue
        done.overrides.append(Override(score.student, lesson.id, score.exercise, score.points, why, by, now))
    for override in done.overrides:
        desk.book.override(override)
    return done


def _why(score: Score, *, graded_here: bool) -> str | None:
    """Return why a score of nbgrader becomes a mark of ours, None if it does not."""
    if score.manual is not None or score.extra:
        extra = f", with {score.extra:g} extra credit" if score.extra else ""
        return (BY_HAND if score.manual is not None else GRADED) + extra
    return None if graded_here or score.auto is None or score.waits else GRADED


def points_of(desk: Desk, lesson: Lesson) -> list[tuple[str, str, float]]:
    """Return the points of each student's latest graded attempt, by exercise."""
    latest = {one.attempt.student: one for one in desk.book.scored(lesson.id)}
    return [
        (student, exercise.id, float(exercise.points))
        for student, one in latest.items()
        for exercise in one.outcome.exercises
    ]
