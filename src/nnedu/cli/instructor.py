"""Commands of instructors: grade a folder of submissions."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nnedu.cli.author import COURSE
from nnedu.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nnedu.classroom.grade import Graded
    from nnedu.course import Course


@click.command()
@click.argument("lesson")
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), help="Where grades and feedback go; by default grades-LESSON here."
)
@COURSE
@click.option("--json", "as_json", is_flag=True, help="Print the results as one JSON object instead of a table.")
def grade(lesson: str, submissions: Path, out: Path | None, folder: Path | None, *, as_json: bool) -> None:
    """Grade a folder of submissions.

    The folder holds one folder or one zip per student, as submit and most learning platforms leave them.
    Runs public and hidden checks on each, in a process of its own, and writes grades.csv, grades.json and
    feedback/STUDENT.txt. One broken submission never stops the others.
    """
    from nnedu.classroom.grade import Grading, write_results
    from nnedu.classroom.intake import read_submissions
    from nnedu.reporting.tables import class_table, grades_json

    course = _course(folder)
    chosen = course.lesson(lesson)
    intake = read_submissions(submissions, chosen.id, chosen.modules)
    grading = Grading(course, chosen)
    place = out or Path(f"grades-{chosen.id}")
    with _writing(place):  # said before the class is graded, not after
        place.mkdir(parents=True, exist_ok=True)
    with _progress(len(intake.received)) as on_done:
        graded = grading.grade(intake.received, on_done)
    with _writing(place):
        write_results(place, grading, graded)
    if as_json:
        click.echo(grades_json(chosen.id, grading.max_points, graded), nl=False)
    else:
        click.echo(class_table(graded))
    for ignored in intake.ignored:
        click.echo(f"left out: {ignored}", err=as_json)
    if as_json:
        return
    count = f"{len(graded)} submission{'s' if len(graded) != 1 else ''}"
    click.echo(f"\n{count} graded. Written: {place}/grades.csv, {place}/grades.json, {place}/feedback/")


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
    """Show how far grading is: a bar with a rate in a terminal, a line a student elsewhere. On standard error."""
    if not sys.stderr.isatty():
        yield lambda one: click.echo(f"graded {one.student}: {one.outcome.points}/{one.outcome.max_points}", err=True)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    student = TextColumn("{task.description}")
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), student)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda one: bar.update(task, advance=1, description=one.student)
