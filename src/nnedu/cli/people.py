"""Commands about people: who is in the class, and what an instructor decides about a student's work."""

from __future__ import annotations

import math
import re
import sys
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nnedu.cli.author import COURSE, open_course
from nnedu.cli.identity import who
from nnedu.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nnedu.classroom.desk import Desk
    from nnedu.classroom.records import Student
    from nnedu.classroom.roster import Changed
    from nnedu.course import Course, Lesson

SHOWN = 20  # new students of a roster; those who change or go are all shown
WHY = click.option("--why", metavar="TEXT", required=True, help="The reason, which is kept with it.")
_END_OF_DAY = time(23, 59, 59)
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


@click.command()
@click.argument("file", metavar="[CSV]", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--yes", is_flag=True, help="Write the changes without asking.")
@COURSE
def roster(file: Path | None, folder: Path | None, *, yes: bool) -> None:
    """Show the roster, or take over a CSV file.

    The first line of the file names its columns: login, or username, and if there are any name, email, ID number and
    section. The exports of Canvas, Moodle and nbgrader are understood as they are. Nobody is forgotten: a student who
    is not in the file is no longer listed, and keeps their work.

    \b
        nnedu roster                     shows who is in the class
        nnedu roster students.csv        shows what would change, and asks
        nnedu roster students.csv --yes  does it
    """  # noqa: D301 - \b is click's mark for a block that is not wrapped
    with _open(folder) as desk:
        if file is None:
            _list(desk.book.students())
        else:
            _import(desk, file, yes=yes)


def _list(students: Sequence[Student]) -> None:
    from nnedu.reporting.feedback import plain

    if not students:
        click.echo("Nobody is on the roster. Take over a CSV file: nnedu roster FILE.csv")
        return
    rows = [["login", "name", "e-mail", "number", "section", ""]]
    for one in students:
        cells = (one.login, one.name, one.email, one.number, one.section)
        rows.append([*map(plain, cells), "" if one.listed else "not listed"])
    columns = [column for column in zip(*rows, strict=True) if any(column[1:])]
    widths = [max(map(len, column)) for column in columns]
    for row in zip(*columns, strict=True):
        click.echo("  ".join(map(str.ljust, row, widths)).rstrip())
    listed = sum(one.listed for one in students)
    others = f", and {len(students) - listed} not listed" if listed < len(students) else ""
    click.echo(f"\n{_students(listed)}{others}")


def _import(desk: Desk, file: Path, *, yes: bool) -> None:
    from nnedu.classroom.roster import changes, read_roster

    try:
        listed = read_roster(file.read_bytes(), file.name)
    except OSError as error:
        text = f"{file} cannot be read: {error.strerror}."
        raise UsageError(text, "Name the CSV file of the roster.") from error
    found = changes(listed, desk.book.students())
    if listed.by_email:
        click.echo("No column names the logins: what stands before the @ of each e-mail address is taken.")
    if not found:
        click.echo(f"{_students(len(listed.students))} in {file.name}, and nothing changes.")
        return
    _preview(found)
    if not yes:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            text = "Nothing was written."
            raise UsageError(text, f"To write these changes: nnedu roster {file} --yes")
        if not click.confirm("\nWrite this to the gradebook?"):
            click.echo("Nothing was written.")
            return
    desk.book.enrol([one.student for one in found], who())
    click.echo(f"Written. {_students(len(listed.students))} on the roster.")


def _preview(found: Sequence[Changed]) -> None:
    from nnedu.classroom.roster import Change
    from nnedu.reporting.feedback import plain

    for kind in Change:
        those = [one for one in found if one.kind is kind]
        if not those:
            continue
        click.echo(f"{kind}: {_students(len(those))}")
        shown = those[:SHOWN] if kind is Change.NEW else those
        for one in shown:
            student = one.student
            said = [student.name, student.email, student.number, student.section]
            if kind is Change.CHANGED:
                said = [f"{name}: {before or 'nothing'} -> {after or 'nothing'}" for name, before, after in one.fields]
            click.echo(plain(f"  {student.login}  {', '.join(part for part in said if part)}".rstrip()))
        if len(shown) < len(those):
            click.echo(f"  ... and {len(those) - len(shown)} more")


def _students(number: int) -> str:
    return f"{number} student{'s' if number != 1 else ''}"


@click.command()
@click.argument("student")
@click.argument("target", metavar="LESSON[/EXERCISE]")
@click.argument("points", type=float, required=False)
@WHY
@click.option("--take-back", is_flag=True, help="The mark is again what it was without it.")
@COURSE
def override(
    student: str, target: str, points: float | None, *, why: str, take_back: bool, folder: Path | None
) -> None:
    """Set a mark by hand, or take that back.

    \b
        nnedu override ada lesson5/backprop 3.5 --why "right, but in float32"
        nnedu override ada lesson5 10 --why "oral exam"
        nnedu override ada lesson5 --take-back --why "was meant for ben"

    Nothing is overwritten: each of these is kept, with who, when and why, and the latest counts.
    """  # noqa: D301 - \b is click's mark for a block that is not wrapped
    from nnedu.classroom.records import Override

    if (points is None) is not take_back:
        text = "A mark is set to POINTS, or taken back with --take-back: one of the two."
        raise UsageError(text, f"nnedu override {student} {target} POINTS --why TEXT")
    if points is not None and not (math.isfinite(points) and points >= 0):
        text = f"{points} cannot be a mark."
        raise UsageError(text, "Points are 0 or more, as 3 or 3.5.")
    with _open(folder) as desk:
        login = _student(desk, student)
        lesson, exercise = _target(desk.course, target)
        before = [one for one in desk.book.overrides(lesson.id) if (one.student, one.exercise) == (login, exercise)]
        if take_back and (not before or before[-1].points is None):
            text = f"No mark of {login} in {_named(lesson, exercise)} was set by hand."
            raise UsageError(text, "Nothing was written.")
        desk.book.override(Override(login, lesson.id, exercise, points, _said(why), who(), datetime.now(UTC)))
    done = "the mark set by hand is taken back" if points is None else f"set to {points:g} points"
    click.echo(f"{login}, {_named(lesson, exercise)}: {done}.")
    click.echo(f"How the mark comes to be: nnedu report {lesson.id} --explain {login}")


@click.command()
@click.argument("student")
@click.argument("target", metavar="LESSON[/EXERCISE]")
@click.argument("text")
@COURSE
def comment(student: str, target: str, text: str, folder: Path | None) -> None:
    """Write to a student about their work.

    It stands on the student's page, which nnedu report LESSON --students FOLDER writes.

    \b
        nnedu comment ada lesson5/backprop "Look at the shapes before the values."
    """  # noqa: D301 - \b is click's mark for a block that is not wrapped
    from nnedu.classroom.records import Comment

    with _open(folder) as desk:
        login = _student(desk, student)
        lesson, exercise = _target(desk.course, target)
        desk.book.comment(Comment(login, lesson.id, exercise, _said(text), who(), datetime.now(UTC)))
    click.echo(f"{login}, {_named(lesson, exercise)}: the comment is kept.")
    click.echo(f"It stands on the student's page: nnedu report {lesson.id} --students FOLDER")


@click.command()
@click.argument("student")
@click.argument("lesson", metavar="LESSON")
@click.argument("until")
@WHY
@COURSE
def extend(student: str, lesson: str, until: str, *, why: str, folder: Path | None) -> None:
    """Give a student a later due date.

    UNTIL is a date, which is the end of that day, or a date and a time, in the time zone of the course; or how much
    later than the due date of the lesson.

    \b
        nnedu extend ada lesson5 2026-12-01 --why ill
        nnedu extend ada lesson5 2026-12-01T18:00 --why ill
        nnedu extend ada lesson5 +2d --why ill

    The cut-off moves with it. The latest extension counts, and an earlier date takes one back.
    """  # noqa: D301 - \b is click's mark for a block that is not wrapped
    from nnedu.classroom.records import Extension

    with _open(folder) as desk:
        login, chosen = _student(desk, student), desk.course.lesson(lesson)
        moment = _until(until, desk.course, chosen)
        desk.book.extend(Extension(login, chosen.id, moment, _said(why), who(), datetime.now(UTC)))
        zone = desk.course.policy
    shown = moment.astimezone(zone.zone).strftime("%A, %Y-%m-%d %H:%M:%S")
    click.echo(f"{login}, {chosen.id}: due {shown} ({zone.timezone}).")
    if chosen.schedule.due is None:
        click.echo("The lesson has no due date in course.toml, so nobody is late, with or without this.")


def _until(said: str, course: Course, lesson: Lesson) -> datetime:
    """Return the moment that is meant, in UTC."""
    from nnedu.course.policy import YEARS, moment_at

    zone = course.policy.zone
    later = re.fullmatch(r"\+(\d{1,4})([hdw])", said)
    if later:
        if lesson.schedule.due is None:
            text = f"{lesson.id} has no due date in course.toml, so there is nothing that {said} could be later than."
            raise UsageError(text, "Name the day, as 2026-12-01.")
        more = timedelta(**{_UNITS[later[2]]: int(later[1])})
        if later[2] == "h":
            return lesson.schedule.due + more
        return moment_at(lesson.schedule.due.astimezone(zone).replace(tzinfo=None) + more, zone)
    try:
        day = len(said) == len("2026-12-01")
        wall = datetime.combine(date.fromisoformat(said), _END_OF_DAY) if day else datetime.fromisoformat(said)
    except ValueError as error:
        text = f"{said!r} is no date."
        raise UsageError(text, "Write it as 2026-12-01, 2026-12-01T18:00, or +2d for two days later.") from error
    if wall.year not in YEARS:
        text = f"{said!r} is in the year {wall.year}."
        raise UsageError(text, "Write it as 2026-12-01, 2026-12-01T18:00, or +2d for two days later.")
    return wall.astimezone(UTC) if wall.tzinfo is not None else moment_at(wall, zone)


@contextmanager
def _open(folder: Path | None) -> Iterator[Desk]:
    from nnedu.classroom.desk import open_desk

    with open_desk(open_course(folder)) as desk:
        yield desk


def _student(desk: Desk, said: str) -> str:
    """Return the login that is meant, or say who may have been."""
    students = {one.login: one for one in desk.book.students()}
    if said in students:
        return said
    text = f"The gradebook knows no student {said!r}."
    names = {one.name: one.login for one in students.values() if one.name}
    if said in names:
        raise UsageError(text, f"Did you mean {names[said]}? Students are named by their logins.")
    meant = did_you_mean(said, students)
    raise UsageError(text, meant if meant.startswith("Did") else "Who it knows is listed by nnedu roster.")


def _target(course: Course, said: str) -> tuple[Lesson, str]:
    """Return the lesson and the exercise that are meant; the exercise is empty for all of the lesson."""
    name, _, exercise = said.strip("/").partition("/")
    lesson = course.lesson(name)
    if not exercise:
        return lesson, ""
    from nnedu.course.quiz import load_quizzes
    from nnedu.running.collect import collect

    known = [one.id for one in collect(lesson.graders_folder, lesson.modules)]
    known += [one.id for one in load_quizzes(course, lesson)]
    if exercise not in known:
        text = f"{lesson.id} has no exercise {exercise!r}."
        raise UsageError(text, did_you_mean(exercise, known))
    return lesson, exercise


def _named(lesson: Lesson, exercise: str) -> str:
    return f"{lesson.id}/{exercise}" if exercise else lesson.id


def _said(text: str) -> str:
    """Return what a person wrote, which has to be something."""
    if text.strip():
        return text.strip()
    sentence = "There is no text."
    raise UsageError(sentence, "It is kept to be read later: say it in a few words.")
