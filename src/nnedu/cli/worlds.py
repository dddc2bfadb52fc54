"""`nnedu export gradescope` and `nnedu export actions`: a lesson for other people's machines, and what runs there."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from nnedu.cli.author import COURSE, open_course
from nnedu.errors import FaultError, UsageError

_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)
HIDDEN = ("shown", "summed", "after_due_date", "after_published", "hidden")


@click.command()
@click.argument("lesson")
@click.option(
    "--out", type=_FILE, default="autograder.zip", show_default=True, metavar="FILE", help="The zip to write."
)
@click.option(
    "--hidden-checks",
    "hidden",
    type=click.Choice(HIDDEN),
    default="shown",
    show_default=True,
    help="What students see of checks on hidden inputs. With the last three, Gradescope hides the total from them.",
)
@click.option("--wheel", type=_FILE, metavar="FILE", help="A wheel of nnedu; by default one is made of this nnedu.")
@COURSE
def gradescope(lesson: str, *, out: Path, hidden: str, wheel: Path | None, folder: Path | None) -> None:
    """Make an autograder.zip for Gradescope.

    Upload it there as the autograder of a programming assignment. It holds the lesson's solutions and graders, so
    keep it as secret as those. Students upload their files, loose or in a zip.

    \b
        nnedu export gradescope lesson5
        nnedu export gradescope lesson5 --hidden-checks summed --out lesson5.zip
    """  # noqa: D301 - \b is click's mark for a block that is not wrapped
    from nnedu.publishing.gradescope.package import autograder
    from nnedu.publishing.gradescope.results import HiddenChecks
    from nnedu.running.collect import collect
    from nnedu.running.grader import prove_solution

    course = open_course(folder)
    chosen = course.lesson(lesson)
    prove_solution(course, chosen, collect(chosen.graders_folder, chosen.modules))
    data = autograder(course, chosen, HiddenChecks(hidden), _read_wheel(wheel) if wheel else None)
    _write(out, data)
    if HiddenChecks(hidden).hides_the_total:
        click.echo("Gradescope will show students no total while some of their checks are not visible.")


@click.command()
@click.argument("lesson")
@click.option("--out", type=_FOLDER, required=True, metavar="DIR", help="A repository for students.")
@click.option("--install", default="", metavar="WHAT", help="What pip installs; by default nnedu in this version.")
@click.option("--bundle", is_flag=True, help="Put the lesson into the repository too, for a course of your own.")
@COURSE
def actions(lesson: str, *, out: Path, install: str, bundle: bool, folder: Path | None) -> None:
    """Write a GitHub workflow that checks a lesson.

    It runs nnedu check at every push, and writes a table into the job's summary and Classroom 50's result.json.

    \b
        nnedu export actions lesson5 --out template/
    """  # noqa: D301 - \b is click's mark for a block that is not wrapped
    from nnedu.publishing.actions import BUNDLES, workflow
    from nnedu.publishing.build import build
    from nnedu.reporting.terminal import short_lesson

    course = open_course(folder)
    chosen = course.lesson(lesson)
    text = workflow(chosen.id, install, bundled=bundle)
    _write(out / ".github" / "workflows" / f"nnedu-{short_lesson(chosen.id)}.yml", text.encode())
    if bundle:
        _write(out / BUNDLES / f"{chosen.id}.zip", build(course, chosen))


@click.command("run-gradescope", hidden=True)
@click.argument("root", type=_FOLDER)
def run_gradescope(root: Path) -> None:
    """Grade what Gradescope has put into ROOT/submission; run_autograder of the zip calls it."""
    from nnedu.classroom.gradescope import run

    run(root)


@click.command("report-actions", hidden=True)
@click.argument("checked", type=_FILE)
@click.option("--summary", "place", type=_FILE, metavar="FILE", help="The file of the job's summary, added to.")
@click.option("--result", "result_file", type=_FILE, metavar="FILE", help="Classroom 50's result.json.")
@click.option("--log", type=_FILE, metavar="FILE", help="What the commands before said, for where there is no result.")
@click.option("--always-zero", is_flag=True, help="Exit 0 also where not every exercise passes.")
def report_actions(
    checked: Path, *, place: Path | None, result_file: Path | None, log: Path | None, always_zero: bool
) -> None:
    """Make a summary and a result of what nnedu check --json printed; the workflow calls it."""
    import msgspec

    from nnedu.publishing.actions import read_checked, result, summary

    try:
        found = read_checked(checked.read_bytes(), log.read_text("utf-8", "replace") if log is not None else "")
        if place is not None:
            with place.open("a", encoding="utf-8") as file:
                file.write(summary(found))
        if result_file is not None:
            document = result(found, os.environ, datetime.now(UTC))
            result_file.write_bytes(msgspec.json.format(msgspec.json.encode(document)) + b"\n")
    except OSError as error:
        text = f"{error.filename} cannot be read or written: {error.strerror}."
        raise UsageError(text, "Look at what the steps before this one say.") from error
    click.echo(f"{found.points} of {found.max_points} points")
    if found.complete or always_zero:
        return
    sys.exit(FaultError.exit_code if found.faulty else 1)


def _read_wheel(path: Path) -> tuple[str, bytes]:
    if not path.name.startswith("nnedu-") or path.suffix != ".whl":
        text = f"{path.name} is not a wheel of nnedu."
        raise UsageError(text, "Name a file such as nnedu-0.1.0-py3-none-any.whl.")
    try:
        return path.name, path.read_bytes()
    except OSError as error:
        text = f"{path} cannot be read: {error.strerror}."
        raise UsageError(text, "Name a wheel of nnedu, or leave --wheel out.") from error


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        text = f"{path} cannot be written: {error.strerror}."
        raise UsageError(text, "Name another place with --out.") from error
    click.echo(f"Written: {path}")


WORLDS = (gradescope, actions, run_gradescope, report_actions)
