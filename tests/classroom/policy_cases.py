"""Records of a class for the tests of its policy: a course of two exercises a lesson, attempts, people's decisions."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from nnedu.classroom.policy import judge
from nnedu.classroom.records import Attempt, Extension, Override, Scored
from nnedu.course.model import Course, Lesson, Limits
from nnedu.course.policy import Policy, Schedule
from nnedu.outcome import CheckOutcome, ExerciseOutcome, LessonOutcome, State

DUE = datetime(2026, 3, 10, 12, tzinfo=UTC)
NOW = DUE + timedelta(days=300)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LESSON = "lesson01_lines"
WORTH = {"dense": 6, "relu": 4}


def course(due=DUE, cut_off=None, *, weights=(1,), **policy):
    """Return a course of as many lessons as there are weights, due at the same time."""
    root = Path("nowhere")
    ids = [LESSON, *(f"lesson{n:02}_more" for n in range(2, len(weights) + 1))]
    lessons = tuple(
        Lesson(name, name, ("lines",), root, Schedule(due, cut_off, Fraction(weight)))
        for name, weight in zip(ids, weights, strict=True)
    )
    return Course(root, "Lines", "1", "k", frozenset(), Limits(), lessons, policy=Policy(**policy))


def outcome(dense=6, relu=4, *, faulty=0, lesson=LESSON):
    """Return an outcome with these points; of `dense`, `faulty` points are out by a mistake in the course."""
    rows = (("dense", dense, WORTH["dense"] - faulty), ("relu", relu, WORTH["relu"]))
    exercises = tuple(
        ExerciseOutcome(name, "lines", name, State.PASSED, points, most, "", checks=_checks(points, most))
        for name, points, most in rows
    )
    return LessonOutcome(lesson, exercises)


def _checks(points, most):
    return (CheckOutcome("c", "is right", State.PASSED if points else State.FAILED, points, most),)


def scored(number=1, *, at=DUE - HOUR, hints=(), problem="", run=1, student="ada", **points):
    """Return an attempt that was graded."""
    attempt = Attempt(number, student, LESSON, f"{number}", at, at, problem=problem, hints=hints)
    return Scored(attempt, run, outcome(**points))


def override(points, exercise="", *, minutes=0, student="ada"):
    """Return a mark set by hand."""
    return Override(student, LESSON, exercise, points, "because", "grace", NOW + timedelta(minutes=minutes))


def extension(until, *, minutes=0, student="ada"):
    """Return a later date."""
    return Extension(student, LESSON, until, "ill", "grace", NOW + timedelta(minutes=minutes))


def mark(of, *attempts, now=NOW, worth=WORTH, **facts):
    """Return the mark of a student in the first lesson of a course."""
    return judge(of, of.lessons[0], attempts, now=now, worth=worth, **facts)


def said(judged):
    """Return the texts of a mark's lines."""
    return [line.text for line in judged.lines]


def added(judged):
    """Return what the amounts of a mark's lines add up to."""
    return sum((line.amount for line in judged.lines if line.amount is not None), Fraction(0))
