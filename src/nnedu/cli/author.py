"""Commands of authors: prove a course, make its stubs and bundles."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nnedu.errors import UsageError

if TYPE_CHECKING:
    from nnedu.course import Course, Lesson

COURSE = click.option(
    "--course",
    "folder",
    type=click.Path(path_type=Path),
    help="The course's folder; by default the one you are in.",
)


@click.group(invoke_without_command=False)
def course() -> None:
    """Write a course: verify, stubs, bundle."""


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
@COURSE
def verify(lessons: tuple[str, ...], folder: Path | None) -> None:
    """Prove the graders of lessons, or of all of them.

    Right answers pass, stubs and zeros earn nothing, every known mistake is rejected and named, nothing leaks.
    Prints a table per lesson, then what is wrong; exits 1 if anything is.
    """
    from nnedu.authoring.verify import verify as prove
    from nnedu.reporting.tables import verify_table

    opened = open_course(folder)
    problems = 0
    for lesson in chosen(opened, lessons):
        report = prove(opened, lesson, on_step=lambda step, name=lesson.id: _progress(f"{name}: {step}"))  # type: ignore[misc]
        _progress("")
        click.echo(verify_table(report))
        for problem in report.problems:
            click.echo(f"  wrong: {problem}")
        problems += len(report.problems)
        click.echo()
    click.echo("all of it holds" if not problems else f"{problems} thing{'s' if problems > 1 else ''} wrong")
    sys.exit(1 if problems else 0)


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{text}", nl=False, err=True)


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
