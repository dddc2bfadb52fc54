"""Commands of authors: prove a course, make its stubs and bundles."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from nnedu.cli.lines import progress
from nnedu.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nnedu.authoring.verify import Report
    from nnedu.course import Course, Lesson

COURSE = click.option(
    "--course",
    "folder",
    type=click.Path(path_type=Path),
    help="The course's folder; by default the one you are in.",
)
T = TypeVar("T")
QUICK = click.option("--quick", is_flag=True, help="Leave out what trains.")
WORKERS = click.option("--workers", type=click.IntRange(1), help="Processes; by default one for each core.")


@click.group(invoke_without_command=False)
def course() -> None:
    """Write a course: verify, mutants, calibrate, stubs, bundle, coverage."""


def open_course(folder: Path | None) -> Course:
    """Return the course in a folder, or the one around the present folder."""
    from nnedu.course import find_course, load_course

    root = folder or find_course(Path.cwd())
    if root is None:
        text = "There is no course here: no course.toml in this folder or above it."
        raise UsageError(text, "Go to the course's folder, or name it with --course.")
    return load_course(root)


def chosen(course: Course, lessons: tuple[str, ...]) -> list[Lesson]:
    """Return the lessons named, or all."""
    return [course.lesson(name) for name in lessons] or list(course.lessons)


@course.command()
@click.argument("lessons", nargs=-1, metavar="[LESSON]...")
@WORKERS
@COURSE
def verify(lessons: tuple[str, ...], workers: int | None, folder: Path | None) -> None:
    """Prove the graders of lessons, or of all of them.

    Right answers pass, stubs and zeros earn nothing, every known mistake is rejected and named, nothing leaks.
    Prints a table per lesson, then what is wrong; exits 1 if anything is.
    """
    from nnedu.reporting.tables import verify_table

    opened = open_course(folder)
    problems = 0
    for report in _proved(opened, chosen(opened, lessons), workers):
        click.echo(verify_table(report))
        for problem in report.problems:
            click.echo(f"  wrong: {problem}")
        problems += len(report.problems)
        click.echo()
    click.echo("all of it holds" if not problems else f"{problems} thing{'s' if problems > 1 else ''} wrong")
    sys.exit(1 if problems else 0)


def _proved(course: Course, lessons: list[Lesson], workers: int | None) -> Iterator[Report]:
    from nnedu.authoring.verify import verify as prove

    if len(lessons) > 1:
        yield from _each(prove, course, lessons, workers)
        return
    [lesson] = lessons
    report = prove(course, lesson, on_step=lambda step: progress(f"{lesson.id}: {step}"))
    progress("")
    yield report


def _each(
    work: Callable[[Course, Lesson], T], course: Course, lessons: list[Lesson], workers: int | None
) -> Iterator[T]:
    """Yield what comes of each lesson, and say meanwhile which one is waited for."""
    from nnedu.authoring.lessons import each
    from nnedu.running.cores import usable_cores

    found = each(work, course, lessons, workers or usable_cores())
    for number, lesson in enumerate(lessons, 1):
        progress(f"{lesson.id}, {number} of {len(lessons)}")
        made = next(found)
        progress("")
        yield made


@course.command()
@click.argument("lessons", nargs=-1, metavar="[LESSON]...")
@click.option("--exercise", default="", metavar="ID", help="Only the mutants that this exercise has to notice.")
@QUICK
@WORKERS
@COURSE
def mutants(
    lessons: tuple[str, ...],
    exercise: str,
    quick: bool,  # noqa: FBT001 - a click flag
    workers: int | None,
    folder: Path | None,
) -> None:
    """Change the solutions one thing at a time: a check must fail.

    Nearly all mutants have to be killed. One that survives is labelled with a reason in graders/LESSON/survivors.toml;
    those without a label are printed as they would stand there. Exits 1 if there are any, or a label is out of date.
    """
    from nnedu.authoring.mutants import label_text, survivors
    from nnedu.reporting.proofs import mutants_table
    from nnedu.running.cores import usable_cores

    opened, reports = open_course(folder), []
    for lesson in chosen(opened, lessons):
        progress(f"{lesson.id}: mutants")
        reports.append(survivors(opened, lesson, only=exercise, quick=quick, workers=workers or usable_cores()))
        progress("")
    for report in reports:
        for mutant in report.survivors:
            click.echo(f"# {report.lesson}: no check fails this\n{label_text(mutant)}\n")
    click.echo(mutants_table(reports))
    problems = [problem for report in reports for problem in report.problems]
    for problem in problems:
        click.echo(f"  wrong: {problem}")
    sys.exit(1 if problems or any(report.survivors for report in reports) else 0)


@course.command()
@click.argument("lessons", nargs=-1, metavar="[LESSON]...")
@click.option("--seeds", type=click.IntRange(2), default=30, show_default=True, help="How many.")
@click.option("--write", is_flag=True, help="Store what training reaches in graders/LESSON/calibration.toml.")
@QUICK
@WORKERS
@COURSE
def calibrate(
    lessons: tuple[str, ...],
    seeds: int,
    write: bool,  # noqa: FBT001 - a click flag
    quick: bool,  # noqa: FBT001
    workers: int | None,
    folder: Path | None,
) -> None:
    """Run the checks with the solution on many seeds.

    It has to pass them all. Prints what its training reaches beside the band that each check asks for; exits 1 if it
    fails a check on any seed.
    """
    from functools import partial

    from nnedu.authoring import calibrate as calibration
    from nnedu.reporting.proofs import calibration_table

    if write and quick:
        text = "What training reaches cannot be stored without training."
        raise UsageError(text, "Leave out --quick, or --write.")
    opened, found = open_course(folder), []
    named = chosen(opened, lessons)
    if len(named) == 1:
        found.append(calibration.calibrate(opened, named[0], seeds, on_check=progress, quick=quick))
        progress("")
    else:
        found += _each(partial(calibration.calibrate, seeds=seeds, quick=quick), opened, named, workers)
    for lesson, one in zip(named, found, strict=True):
        if write and not one.problems:
            calibration.write(lesson, one.reached)
    click.echo(calibration_table(found))
    problems = [problem for one in found for problem in one.problems]
    for problem in problems:
        click.echo(f"  wrong: {problem}")
    sys.exit(1 if problems else 0)


@course.command()
@click.argument("lessons", nargs=-1, metavar="[LESSON]...")
@COURSE
def stubs(lessons: tuple[str, ...], folder: Path | None) -> None:
    """Write exercises/ anew from solutions/."""
    from nnedu.publishing.stubs import lesson_stubs

    opened = open_course(folder)
    for lesson in chosen(opened, lessons):
        lesson.exercises_folder.mkdir(parents=True, exist_ok=True)
        for module, text in lesson_stubs(lesson).items():
            path = lesson.exercises_folder / f"{module}.py"
            same = path.is_file() and path.read_text("utf-8") == text
            if not same:
                path.write_text(text, "utf-8")
            click.echo(f"{'unchanged' if same else 'written  '}  {path.relative_to(opened.root)}")


@course.command()
@click.argument("lessons", nargs=-1, metavar="[LESSON]...")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="The folder that the bundles are written to."
)
@COURSE
def bundle(lessons: tuple[str, ...], out: Path, folder: Path | None) -> None:
    """Build the bundles that students fetch.

    A bundle holds stubs, README, public checks and their recordings, and hints: no solution, no hidden check.
    """
    from nnedu.publishing.build import build

    opened = open_course(folder)
    out.mkdir(parents=True, exist_ok=True)
    for lesson in chosen(opened, lessons):
        data = build(opened, lesson)
        (out / f"{lesson.id}.zip").write_bytes(data)
        click.echo(f"{out / (lesson.id + '.zip')}  {len(data) / 1024:.0f} KiB")


@course.command()
@click.option("--write", is_flag=True, help="Write docs/coverage.md instead of printing it.")
@click.option("--check", is_flag=True, help="Only say whether docs/coverage.md is up to date.")
@COURSE
def coverage(folder: Path | None, *, write: bool, check: bool) -> None:
    """Show what of the seed texts each exercise covers.

    What they teach and where they are wrong is listed in docs/seeds.toml. Exits 1 if something is covered by nothing,
    or an exercise is named that is not there; with --check also if docs/coverage.md is not what --write would write.
    """
    from nnedu.authoring.coverage import built, load_seeds, problems
    from nnedu.authoring.coverage_page import PAGE, page

    opened = open_course(folder)
    seeds, there = load_seeds(opened.root), built(opened)
    found, text, path = list(problems(seeds, there)), page(seeds, there), opened.root / PAGE
    if write:
        path.write_text(text, "utf-8")
        click.echo(f"written    {PAGE}")
    elif not check:
        click.echo(text)
    elif not path.is_file() or path.read_text("utf-8") != text:
        found.append(f"{PAGE} is out of date: run nnedu course coverage --write")
    for problem in found:
        click.echo(f"  wrong: {problem}", err=not check)
    if check and not found:
        click.echo(f"{PAGE} is up to date, and everything is covered")
    sys.exit(1 if found else 0)
