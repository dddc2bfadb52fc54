"""`nnedu report`: how the class did, in the terminal, on a page, and for each student."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nnedu.cli.author import COURSE
from nnedu.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nnedu.classroom.desk import Desk
    from nnedu.classroom.ledger import Ledger
    from nnedu.course import Lesson
    from nnedu.reporting.pages.records import CourseReport, LessonReport

PATH = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("lesson", required=False)
@click.option("--html", type=PATH, metavar="OUT", help="Write the whole report as one page, to be opened offline.")
@click.option(
    "--students",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write a page and a text for each student: what they are given.",
)
@click.option("--explain", metavar="STUDENT", help="Say line by line how a student's mark came to be.")
@click.option("--csv", "sheet", type=PATH, metavar="OUT", help="Write a table, safe to open in a spreadsheet.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.option(
    "--from-nbgrader",
    "nbgrader",
    metavar="URL",
    help="nbgrader's gradebook, by URL, file or folder of its course: take its marks over first.",
)
@COURSE
def report(
    lesson: str | None,
    *,
    html: Path | None,
    students: Path | None,
    explain: str | None,
    sheet: Path | None,
    as_json: bool,
    nbgrader: str | None,
    folder: Path | None,
) -> None:
    """Report on a lesson, or on the course so far.

    Reads the gradebook and changes nothing in it, unless --from-nbgrader says where marks are to be taken over from.

    \b
        nnedu report                               who is falling behind
        nnedu report lesson5                       what was not understood
        nnedu report lesson5 --html lesson5.html   all of it, on one page
        nnedu report lesson5 --students feedback/  a page for each student
        nnedu report lesson5 --explain ada         how a mark came to be
        nnedu report lesson5 --from-nbgrader nn101/gradebook.db
    """  # noqa: D301 - \b is click's mark for a block that is not wrapped
    from nnedu.classroom.desk import open_desk
    from nnedu.cli.author import open_course

    course = open_course(folder)
    chosen = course.lesson(lesson) if lesson else None
    if students and chosen is None:
        text = "--students writes what students are given of one lesson."
        raise UsageError(text, "Name it: nnedu report LESSON --students DIR")
    now = datetime.now(UTC)
    with open_desk(course) as desk:
        if nbgrader:
            _take_over(desk, chosen, nbgrader, now)
        ledgers = _ledgers(desk, [chosen] if chosen else course.lessons, now)
        if explain:
            click.echo(_explained(desk, ledgers, explain, whole=chosen is None), nl=False)
            return
        found = _lesson(ledgers[0]) if chosen else _whole_course(desk, ledgers, now)
        written = [*_written(found, html, sheet), *(_handed_out(ledgers[0], students) if students else [])]
    _show(found, written, as_json=as_json, step=f"nnedu report {lesson or ''}".rstrip())


def _ledgers(desk: Desk, lessons: Sequence[Lesson], now: datetime) -> list[Ledger]:
    """Read the gradebook, or say that it is empty."""
    from nnedu.classroom.ledger import read_ledger

    ledgers = [read_ledger(desk, one, now) for one in lessons]
    if not any(one.students for one in ledgers):
        text = "The gradebook knows no students yet."
        raise UsageError(text, "Next:  nnedu roster FILE.csv    or  nnedu collect, which takes in what was submitted")
    return ledgers


def _take_over(desk: Desk, lesson: Lesson | None, said: str, now: datetime) -> None:
    """Take the marks of nbgrader over, and say on stderr what a person should know of them."""
    from nnedu.classroom.notebooks import take_over
    from nnedu.cli.identity import who
    from nnedu.publishing.nbgrader.gradebook import gradebook_url, read_scores
    from nnedu.reporting.feedback import plain

    if lesson is None:
        text = "--from-nbgrader takes over the marks of one lesson."
        raise UsageError(text, "Name it: nnedu report LESSON --from-nbgrader URL")
    done = take_over(desk, lesson, read_scores(gradebook_url(said), lesson.id), now, who())
    click.echo(f"nbgrader: {len(done.overrides)} marks taken over, {done.same} as they were", err=True)
    for flag in done.flags:
        click.echo(plain(f"  {flag}"), err=True)


def _lesson(ledger: Ledger) -> LessonReport:
    from nnedu.classroom.summary import lesson_report

    return lesson_report(ledger)


def _whole_course(desk: Desk, ledgers: Sequence[Ledger], now: datetime) -> CourseReport:
    from nnedu.classroom.overview import course_report

    return course_report(desk, ledgers, now)


def _show(found: LessonReport | CourseReport, written: Sequence[str], *, as_json: bool, step: str) -> None:
    """Print the report, and what was written."""
    from nnedu.reporting.pages.records import LessonReport
    from nnedu.reporting.pages.sheets import report_json
    from nnedu.reporting.pages.text import course_text, lesson_text

    if as_json:
        click.echo(report_json(found))
    else:
        click.echo(lesson_text(found) if isinstance(found, LessonReport) else course_text(found))
    if written:
        click.echo(f"Written: {', '.join(written)}", err=as_json)
    elif not as_json:
        click.echo(f"Next:  {step} --html report.html")


def _written(found: LessonReport | CourseReport, html: Path | None, sheet: Path | None) -> Iterator[str]:
    """Write the page and the table that were asked for, and yield their names."""
    from nnedu.reporting.pages.records import LessonReport
    from nnedu.reporting.pages.sheets import course_csv, lesson_csv

    if html:
        from nnedu.reporting.pages.render import course_html, lesson_html

        page = lesson_html(found) if isinstance(found, LessonReport) else course_html(found)
        yield _write(html, page)
    if sheet:
        yield _write(sheet, lesson_csv(found) if isinstance(found, LessonReport) else course_csv(found))


def _handed_out(ledger: Ledger, place: Path) -> Iterator[str]:
    """Write a page and a text for each student who has a mark or an attempt."""
    from nnedu.classroom.handout import feedback_name
    from nnedu.classroom.summary import student_report
    from nnedu.reporting.pages.render import student_html
    from nnedu.reporting.pages.text import student_text

    with _writing(place):
        place.mkdir(parents=True, exist_ok=True)
    count = 0
    for one in ledger.students:
        mark = ledger.marks[one.login]
        if mark.counts or mark.attempts:
            given = student_report(ledger, one.login)
            _write(place / feedback_name(one.login, ".html"), student_html(given))
            _write(place / feedback_name(one.login), student_text(given))
            count += 1
    yield f"{place}/ with a page and a text for {count} student{'s' if count != 1 else ''}"


def _explained(desk: Desk, ledgers: Sequence[Ledger], student: str, *, whole: bool) -> str:
    """Return how the marks of a student came to be: in one lesson, or in all that have begun and in the course."""
    from nnedu.classroom.total import course_mark
    from nnedu.reporting.marks import explain

    known = {login: name for one in ledgers for login, name in one.names.items()}
    named = [login for login, name in known.items() if student in {login, name}]
    if len(named) != 1:
        text = f"There is no student {student!r}." if not named else f"There are {len(named)} students {student!r}."
        raise UsageError(text, did_you_mean(student, known) if not named else f"Name one: {', '.join(named)}.")
    [login] = named
    marks = {one.lesson: one.marks[login] for one in ledgers if login in one.marks}
    begun = {lesson: mark for lesson, mark in marks.items() if mark.counts or mark.attempts or not whole}
    parts = [(f"{lesson.title} ({lesson.id})", mark) for lesson, mark in begun.items()]
    if whole:
        total = course_mark(desk.course, {lesson.id: mark for lesson, mark in marks.items()})
        return explain(known[login], [*parts, (desk.course.title, total)])
    return explain(known[login], parts)


def _write(path: Path, text: str) -> str:
    with _writing(path):
        path.write_text(text, "utf-8", newline="")
    return str(path)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        text = f"{path} cannot be written: {error.strerror}."
        raise UsageError(text, "Name another place, in a folder that is there.") from error
