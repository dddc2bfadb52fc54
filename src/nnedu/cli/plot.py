"""`nnedu plot`: what a student built, as a picture."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nnedu.cli.lines import progress
from nnedu.cli.session import find_target, open_workspace
from nnedu.errors import UsageError

if TYPE_CHECKING:
    from nnedu.publishing.bundle import Manifest
    from nnedu.running.plots import Missing, Picture
    from nnedu.workspace.workspace import Workspace

NAME = "plot.png"


@click.command()
@click.argument("lesson", required=False)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write this file instead: .png, .svg or .pdf.",
)
@click.option("--open", "opens", is_flag=True, help="Open the picture with what this system shows pictures with.")
def plot(lesson: str | None, output: Path | None, *, opens: bool) -> None:
    """Draw what your own functions do.

    Your code runs as it does for a check, and what it returns is drawn into the lesson's folder. What is not written
    yet is left out, and named. Exits 0 when all was drawn, 1 when something is missing.
    """
    from nnedu.reporting.plots import FORMATS, draw
    from nnedu.reporting.terminal import short_lesson
    from nnedu.running.plots import Missing, Picture
    from nnedu.workspace import disk

    workspace = open_workspace()
    name, _ = find_target(workspace, lesson)
    path = output or workspace.folder(name) / NAME
    form = path.suffix.lower().removeprefix(".")
    if form not in FORMATS:
        text = f"{path.name} has no ending that says what to draw."
        raise UsageError(text, f"Let it end in one of .{', .'.join(FORMATS)}.")
    manifest = workspace.bundle(name).manifest
    made = _made(workspace, name)
    pictures = [one for one in made if isinstance(one, Picture)]
    missing = [one for one in made if isinstance(one, Missing)]
    _say_missing(manifest, missing)
    if not pictures:
        sys.exit(1)
    disk.replace(path, draw(manifest.title, [(one.title, one.panels) for one in pictures], form))
    _say_unchecked(workspace, manifest, pictures)
    click.echo(f"Drawn: {path}")
    if opens:
        _open(path)
    elif output is None:
        click.echo(f"Next:  nnedu plot {short_lesson(name)} --open")
    sys.exit(1 if missing else 0)


def _made(workspace: Workspace, lesson: str) -> list[Picture | Missing]:
    """Run the plots of a lesson on the student's work, in a worker as for a check."""
    from nnedu.running.plots import load_plots, take_picture

    bundle = workspace.bundle(lesson)
    manifest = bundle.manifest
    plots = load_plots(bundle.graders)
    if not plots:
        raise _nothing(manifest)
    submission = workspace.work(lesson).open(frozenset(manifest.imports), manifest.limits)
    made = []
    try:
        for one in plots:
            progress(f"{one.name} ...")
            submission.begin(one.name)
            made.append(take_picture(one, submission, manifest.modules))
    finally:
        progress("")
        submission.close()
    return made


def _nothing(manifest: Manifest) -> UsageError:
    from nnedu.reporting.terminal import short_lesson

    there = ", ".join(map(short_lesson, manifest.plotted))
    text = f"{short_lesson(manifest.lesson)} has no plots."
    return UsageError(text, f"Lessons that have: {there}." if there else "No lesson of this course has.")


def _say_missing(manifest: Manifest, missing: list[Missing]) -> None:
    """Say what plots lack, once for all that lack the same, and how to check it."""
    from nnedu.reporting.feedback import plain

    for why in dict.fromkeys(one.why for one in missing):
        alike = [one for one in missing if one.why == why]
        click.echo(f"Not drawn yet: {'; '.join(one.title for one in alike)}.")
        click.echo(plain(f"  {why}"))
        click.echo(f"  Next:  nnedu check {_target(manifest, *alike[0].asked)}")


def _target(manifest: Manifest, module: str, name: str) -> str:
    """Return what to check: the exercise that was asked, else its module, else the lesson."""
    from nnedu.reporting.terminal import short_lesson

    lesson = short_lesson(manifest.lesson)
    known = {one.id for one in manifest.exercises}
    inside = {one.module for one in manifest.exercises}
    part = name if name in known else module if module in inside else ""
    return f"{lesson}/{part}" if part else lesson


def _say_unchecked(workspace: Workspace, manifest: Manifest, pictures: list[Picture]) -> None:
    """Warn where a picture shows a function that has not passed its checks as it is now: it may show a mistake."""
    from nnedu.outcome import State
    from nnedu.workspace.history import fingerprint
    from nnedu.workspace.progress import Progress

    progress, lesson = Progress.load(workspace), manifest.lesson
    files = fingerprint(workspace, lesson)
    known = {one.id for one in manifest.exercises}
    asked = dict.fromkeys(name for one in pictures for _, name in one.asked if name in known)
    found = {name: progress.exercise(lesson, name) for name in asked}
    passed = {name for name, one in found.items() if one and one.state is State.PASSED and one.files == files}
    unproved = ", ".join(name for name in asked if name not in passed)
    if unproved:
        click.echo(f"The picture may show a mistake, as this was not checked yet, or did not pass: {unproved}.")
        click.echo(f"  Next:  nnedu check {_target(manifest, '', unproved)}")  # of several, the whole lesson


def _open(path: Path) -> None:
    if click.launch(str(path)) != 0:
        text = f"This system has nothing to show {path} with."
        raise UsageError(text, "Open the file by hand.")
