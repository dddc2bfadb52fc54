"""Commands of instructors: grade a folder of submissions."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nnedu.cli.author import COURSE
from nnedu.errors import FaultError, UsageError
from nnedu.reporting.pace import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nnedu.classroom.grade import ClassGrades, Graded
    from nnedu.classroom.handout import Handout
    from nnedu.course import Course
    from nnedu.running.batch import Crew
    from nnedu.running.kit import Kit

SHOWN = 10


@click.command()
@click.argument("lesson")
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), help="Where grades and feedback go; by default grades-LESSON here."
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
    submissions: Path,
    *,
    out: Path | None,
    folder: Path | None,
    workers: int | None,
    executor: str | None,
    scheduler: str | None,
    regrade: bool,
    as_json: bool,
) -> None:
    """Grade a folder of submissions.

    The folder holds one folder or one zip per student, as submit and most learning platforms leave them.
    Runs public and hidden checks on each, in a process of its own, and writes grades.csv, grades.json and
    feedback/STUDENT.txt. One broken submission never stops the others.

    \b
    Every result is kept as it comes. Whatever ends the command, type it
    again: it goes on where it was, and grades nothing twice. A submission
    is graded anew when it, the lesson or nnedu has changed.

    \b
        nnedu grade lesson5 handed-in/
        nnedu grade lesson5 handed-in/ --workers 8
        nnedu grade lesson5 handed-in/ --scheduler tcp://10.0.0.5:8786

    Exits 0 when the class is graded, 3 when a mistake in the course was met, which is never counted against a student.
    """  # noqa: D301 - \b is click's mark for a block that is not wrapped
    from nnedu.classroom.grade import ClassGrades, Grading
    from nnedu.classroom.handout import write_grades
    from nnedu.classroom.intake import read_submissions
    from nnedu.classroom.results import FOLDER, Results

    course = _course(folder)
    chosen = course.lesson(lesson)
    crew = _crew(executor, scheduler, workers)
    intake = read_submissions(submissions, chosen.id, chosen.modules)
    grading = Grading(course, chosen)
    place = out or Path(f"grades-{chosen.id}")
    with _writing(place):  # said before the class is graded, not after
        results = Results(place / FOLDER, grading.kit)
    grades = ClassGrades(grading, results, regrade=regrade)
    total = len(intake.received)
    try:
        with _writing(place), _progress(total) as on_done:
            grades.grade(intake.received, lambda kit: crew(kit, total), on_done)
    except KeyboardInterrupt:
        click.echo(f"\n{_count(grades.graded)} graded, and kept. To go on, type the same command again.", err=True)
        raise
    with _writing(place):
        handout = write_grades(place, grades)
    _show(place, grades, handout, intake.ignored, as_json=as_json)
    if handout.by_hand:
        sys.exit(FaultError.exit_code)


def _show(place: Path, grades: ClassGrades, handout: Handout, ignored: Sequence[str], *, as_json: bool) -> None:
    """Print the table of the class, or its JSON, then what an instructor should know besides."""
    from nnedu.reporting.tables import class_table

    if as_json:
        click.echo((place / "grades.json").read_text("utf-8"), nl=False)
    else:
        click.echo(class_table(grades.grading.exercises, handout.rows))
    for sentence in ignored:
        click.echo(f"left out: {sentence}", err=as_json)
    if handout.by_hand:
        who = ", ".join(handout.by_hand[:SHOWN]) + (", ..." if len(handout.by_hand) > SHOWN else "")
        text = f"A mistake in the course was met, which counts for nobody and against nobody. Look by hand at: {who}"
        click.echo(f"\n{text}", err=as_json)
    if as_json:
        return
    used = grades.graded_with
    click.echo(f"\nGraded with {used.engine}; lesson {used.lesson_version} of version {used.course_version}.")
    for layers in used.sandbox:
        click.echo(f"Sandbox: {layers}.")
    earlier = f" ({grades.earlier} of them in an earlier run)" if grades.earlier else ""
    written = f"{place}/grades.csv, {place}/grades.json, {place}/feedback/"
    click.echo(f"{_count(len(handout.rows))} graded{earlier}. Written: {written}")


def _count(number: int) -> str:
    return f"{number} submission{'s' if number != 1 else ''}"


def _crew(executor: str | None, scheduler: str | None, workers: int | None) -> Callable[[Kit, int], Crew]:
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
    from nnedu.running.batch import Pool, usable_cores

    return lambda kit, total: Pool(kit, min(workers or usable_cores(), total))


@contextmanager
def _writing(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        text = f"The grades cannot be written to {place}: {error.strerror}."
        raise UsageError(text, "Name another folder with --out.") from error


def _course(folder: Path | None) -> Course:
    """Return the course named, the one around the present folder, or the one that nnedu runs from."""
    from nnedu.course import find_course, load_course
    from nnedu.publishing.shipped import checkout

    root = folder or find_course(Path.cwd()) or checkout()
    if root is None:
        text = "There is no course here: grading needs the solutions and graders of a course."
        raise UsageError(text, "Go to the course's folder, or name it with --course.")
    return load_course(root)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[Graded], None]]:
    """Show how far grading is: a bar with a rate in a terminal, and lines elsewhere. On standard error."""
    if not sys.stderr.isatty():
        lines = Lines(total, time.monotonic())

        def say(one: Graded) -> None:
            outcome = one.outcome
            line = lines.after(f"{one.student}: {outcome.points}/{outcome.max_points}", time.monotonic())
            if line:
                click.echo(line, err=True)

        yield say
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    rate, student = TextColumn("{task.fields[rate]}"), TextColumn("{task.description}")
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn(), student)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total, rate="")

        def advance(one: Graded) -> None:
            speed = bar.tasks[0].finished_speed or bar.tasks[0].speed
            bar.update(task, advance=1, description=one.student, rate=f"{speed:.1f}/s" if speed else "")

        yield advance
