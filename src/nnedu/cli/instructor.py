"""Commands of instructors: grade what the gradebook holds, or a folder of submissions."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nnedu.cli.author import COURSE, open_course
from nnedu.cli.identity import who
from nnedu.errors import FaultError, UsageError
from nnedu.reporting.pace import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nnedu.classroom.desk import Desk
    from nnedu.classroom.grade import Graded, Grading, OnDone
    from nnedu.classroom.handout import Grades, Handout
    from nnedu.course import Course, Lesson
    from nnedu.running.batch import Crew
    from nnedu.running.kit import Kit

    OpenCrew = Callable[[Kit, int], Crew]

SHOWN = 10
DRAW_SECONDS = 0.2


@click.command()
@click.argument("lesson")
@click.argument("submissions", type=click.Path(path_type=Path), required=False)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Where grades and feedback go; by default grades-LESSON, here for a folder, else in the classroom's.",
)
@COURSE
@click.option("--workers", type=click.IntRange(1, 1024), help="Grader processes; by default one for each core.")
@click.option(
    "--executor",
    type=click.Choice(["pool", "dask"]),
    help="Where they run: in a pool on this machine (the default), or as workers of a Dask cluster.",
)
@click.option("--scheduler", metavar="URL", help="The scheduler of that cluster, as tcp://HOST:8786.")
@click.option("--regrade", is_flag=True, help="Grade everything anew, also what has a result from an earlier run.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as one JSON object instead of a table.")
def grade(  # noqa: PLR0913 - the parameters of a command are its options
    lesson: str,
    submissions: Path | None,
    *,
    out: Path | None,
    folder: Path | None,
    workers: int | None,
    executor: str | None,
    scheduler: str | None,
    regrade: bool,
    as_json: bool,
) -> None:
    """Grade what was collected, or a folder of submissions.

    Without SUBMISSIONS, every attempt that nnedu collect took in and that these versions of the lesson and of nnedu
    have not graded yet; the results go into the gradebook, and the latest attempt of each student is written out.

    SUBMISSIONS is a folder that holds one folder or one zip per student, as submit and most learning platforms leave
    them. It is graded without a gradebook.

    Runs public and hidden checks on each, in a process of its own, and writes grades.csv, grades.json and
    feedback/STUDENT.txt. One broken submission never stops the others.

    \b
    Every result is kept as it comes. Whatever ends the command, type it
    again: it goes on where it was, and grades nothing twice. A submission
    is graded anew when it, the lesson or nnedu has changed.

    \b
        nnedu grade lesson5
        nnedu grade lesson5 handed-in/
        nnedu grade lesson5 handed-in/ --workers 8
        nnedu grade lesson5 handed-in/ --scheduler tcp://10.0.0.5:8786

    Exits 0 when the class is graded, 3 when a mistake in the course was met, which is never counted against a student.
    """  # noqa: D301 - \b is click's mark for a block that is not wrapped
    course = the_course(folder) if submissions else open_course(folder)
    chosen = course.lesson(lesson)
    crew = open_crew(executor, scheduler, workers)
    if submissions is None:
        faulty = _grade_collected(course, chosen, crew, out, regrade=regrade, as_json=as_json)
    else:
        faulty = _grade_folder(course, chosen, submissions, crew, out, regrade=regrade, as_json=as_json)
    if faulty:
        sys.exit(FaultError.exit_code)


def _grade_folder(
    course: Course,
    lesson: Lesson,
    submissions: Path,
    crew: OpenCrew,
    out: Path | None,
    *,
    regrade: bool,
    as_json: bool,
) -> bool:
    """Grade a folder; return whether a person has to look at something."""
    from nnedu.classroom.grade import ClassGrades, Grading
    from nnedu.classroom.handout import write_grades
    from nnedu.classroom.intake import read_submissions
    from nnedu.classroom.results import FOLDER, Results

    intake = read_submissions(submissions, lesson.id, lesson.modules)
    grading = Grading(course, lesson)
    place = out or Path(f"grades-{lesson.id}")
    with _writing(place):  # said before the class is graded, not after
        results = Results(place / FOLDER, grading.kit)
    grades = ClassGrades(grading, results, regrade=regrade)
    total = len(intake.received)
    with kept(lambda: grades.graded), _writing(place), progress(total) as on_done:
        grades.grade(intake.received, lambda kit: crew(kit, total), on_done)
    with _writing(place):
        handout = write_grades(place, grades)
    _show(place, grades, handout, intake.ignored, as_json=as_json)
    if not as_json:
        _show_end(place, len(handout.rows), grades.earlier)
    return bool(handout.by_hand)


def _grade_collected(
    course: Course, lesson: Lesson, crew: OpenCrew, out: Path | None, *, regrade: bool, as_json: bool
) -> bool:
    """Grade the attempts of the gradebook; return whether a person has to look at something."""
    from nnedu.classroom.desk import open_desk
    from nnedu.classroom.grade import Grading
    from nnedu.classroom.runs import Marking

    with open_desk(course) as desk:
        grading = Grading(course, lesson)
        marking = Marking(desk, grading)
        waiting = marking.attempts if regrade else marking.waiting()
        place = out or written_to(desk, lesson)
        with _writing(place):  # said before the class is graded, not after
            place.mkdir(parents=True, exist_ok=True)
        total = len(waiting)
        if waiting:
            with kept(lambda: marking.graded), _writing(desk.folder), progress(total) as on_done:
                marking.grade(waiting, lambda kit: crew(kit, total), on_done, by=who(), regrade=regrade)
        grades, handout = write_kept(desk, grading, place)
        _show(place, grades, handout, (), as_json=as_json)
        if not as_json:
            _show_end(place, len(marking.attempts), len(marking.attempts) - total, len(handout.rows))
        return bool(handout.by_hand)


def written_to(desk: Desk, lesson: Lesson) -> Path:
    """Return where the grades of what was collected are written."""
    return desk.folder / f"grades-{lesson.id}"


def write_kept(desk: Desk, grading: Grading, place: Path) -> tuple[Grades, Handout]:
    """Write out what the gradebook holds of a lesson."""
    from nnedu.classroom.handout import write_grades
    from nnedu.classroom.runs import Kept

    grades = Kept(desk, grading)
    with _writing(place):
        return grades, write_grades(place, grades)


@contextmanager
def kept(graded: Callable[[], int]) -> Iterator[None]:
    """Say at Ctrl-C that nothing is lost."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo(f"\n{_count(graded())} graded, and kept. To go on, type the same command again.", err=True)
        raise


def _show(place: Path, grades: Grades, handout: Handout, ignored: Sequence[str], *, as_json: bool) -> None:
    """Print the table of the class, or its JSON, then what an instructor should know besides."""
    from nnedu.reporting.tables import class_table

    if as_json:
        click.echo((place / "grades.json").read_text("utf-8"), nl=False)
    else:
        click.echo(class_table(grades.grading.exercises, handout.rows))
    for sentence in ignored:
        click.echo(f"left out: {sentence}", err=as_json)
    say_by_hand(handout.by_hand, err=as_json)
    if as_json:
        return
    used = grades.graded_with
    click.echo(f"\nGraded with {used.engine}; lesson {used.lesson_version} of version {used.course_version}.")
    for layers in used.sandbox:
        click.echo(f"Sandbox: {layers}.")


def _show_end(place: Path, graded: int, earlier: int, students: int | None = None) -> None:
    """Print how many were graded, and where it is written; `students`: how many handed them in."""
    before = f" ({earlier} of them in an earlier run)" if earlier else ""
    whose, which = ("", "") if students is None else (f" of {_count(students, 'student')}", ", of each the latest")
    place = place.relative_to(Path.cwd()) if place.is_relative_to(Path.cwd()) else place
    written = f"{place}/grades.csv, {place}/grades.json, {place}/feedback/"
    click.echo(f"{_count(graded)}{whose} graded{before}. Written{which}: {written}")


def say_by_hand(students: Sequence[str], *, err: bool) -> None:
    """Say at whom a person has to look, if anybody."""
    if students:
        some = ", ".join(students[:SHOWN]) + (", ..." if len(students) > SHOWN else "")
        text = "A mistake in the course was met, which counts for nobody and against nobody."
        click.echo(f"\n{text} Look by hand at: {some}", err=err)


def _count(number: int, what: str = "submission") -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"


def open_crew(executor: str | None, scheduler: str | None, workers: int | None) -> OpenCrew:
    """Return what opens the grader processes that were asked for."""
    if executor == "pool" and scheduler:
        text = "--scheduler names a Dask cluster, and --executor pool grades on this machine."
        raise UsageError(text, "Leave one of them out.")
    if executor == "dask" and not scheduler:
        text = "--executor dask needs the address of a scheduler."
        raise UsageError(text, "Start one with dask scheduler, and name it with --scheduler tcp://HOST:8786")
    if scheduler:
        if workers is not None:
            text = "--workers is for this machine; a cluster has as many workers as were started."
            raise UsageError(text, "Leave --workers out, or --scheduler.")
        from nnedu.running.cluster import Cluster

        return lambda kit, _: Cluster(kit, scheduler)
    from nnedu.running.batch import Pool
    from nnedu.running.cores import usable_cores

    return lambda kit, total: Pool(kit, min(workers or usable_cores(), total))


@contextmanager
def _writing(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        text = f"The grades cannot be written to {place}: {error.strerror}."
        raise UsageError(text, "Name another folder with --out.") from error


def the_course(folder: Path | None) -> Course:
    """Return the course named, the one around the present folder, or the one that nnedu runs from."""
    from nnedu.course import find_course, load_course
    from nnedu.publishing.shipped import checkout

    root = folder or find_course(Path.cwd()) or checkout()
    if root is None:
        text = "There is no course here: grading needs the solutions and graders of a course."
        raise UsageError(text, "Go to the course's folder, or name it with --course.")
    return load_course(root)


@contextmanager
def progress(total: int) -> Iterator[OnDone]:
    """Show how far grading is: a bar with a rate in a terminal, and lines elsewhere. On standard error."""
    if sys.stderr.isatty():
        with _bar(total) as advance:
            yield advance
        return
    lines = Lines(total, time.monotonic())

    def say(student: str, judged: Callable[[], Graded]) -> None:
        part = student
        if lines.each:
            outcome = judged().outcome
            part = f"{student}: {outcome.points}/{outcome.max_points}"
        line = lines.after(part, time.monotonic())
        if line:
            click.echo(line, err=True)

    yield say


@contextmanager
def _bar(total: int) -> Iterator[OnDone]:
    """Show a bar, drawn anew a few times a second at most: a submission takes less than drawing it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    speed, whose = TextColumn("{task.fields[rate]}"), TextColumn("{task.description}", markup=False)
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), speed, TimeRemainingColumn(), whose)
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task("", total=total, rate="")
        done, drawn, began = 0, 0.0, time.monotonic()

        def advance(student: str, judged: Callable[[], Graded]) -> None:
            nonlocal done, drawn
            del judged
            done += 1
            now = time.monotonic()
            if now - drawn < DRAW_SECONDS and done < total:
                return
            drawn = now
            rate = f"{done / max(now - began, 1e-9):.1f}/s"
            bar.update(task, completed=done, description=student, rate=rate, refresh=True)

        yield advance
