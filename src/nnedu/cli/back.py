"""`nnedu reset` and `nnedu undo`: the ways back, each of which can be taken back itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from nnedu.cli.session import find_target, open_workspace, style

if TYPE_CHECKING:
    from datetime import datetime

    from nnedu.workspace.workspace import Workspace


@click.command()
@click.argument("target", metavar="LESSON[/EXERCISE or MODULE]")
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(target: str, *, yes: bool) -> None:
    """Put fresh stubs in place of your files.

    A snapshot is taken first, and nnedu undo takes the reset back.
    """
    from nnedu.reporting.terminal import next_line, short_lesson
    from nnedu.workspace.reset import modules_of
    from nnedu.workspace.reset import reset as put_back

    workspace = open_workspace()
    name, _, part = target.partition("/")
    lesson = workspace.resolve(name, Path.cwd())
    modules = modules_of(workspace, lesson, part or None)
    files = ", ".join(f"{module}.py" for module in modules)
    if not yes and not click.confirm(f"Put fresh stubs in place of {files}? nnedu undo takes it back"):
        click.echo("Nothing was changed.")
        return
    put_back(workspace, lesson, part or None)
    click.echo(style().wrap(f"Fresh: {files}"))
    click.echo(next_line(f"nnedu undo {short_lesson(lesson)}    takes it back", style()))


@click.command()
@click.argument("lesson", required=False)
@click.option("--list", "listed", is_flag=True, help="List the states that can be put back.")
@click.option("--to", "number", type=click.IntRange(1), metavar="N", help="Put back state N of the list.")
def undo(lesson: str | None, number: int | None, *, listed: bool) -> None:
    """Put back an earlier state of your files.

    Every check, submit, reset and fetch keeps one. Repeat undo to go further back. What is there now is kept first, so
    that undo can be undone, and a file that is there is never taken away.
    """
    from nnedu.reporting.terminal import next_line, short_lesson
    from nnedu.workspace.history import undo as take_back

    workspace = open_workspace()
    name, _ = find_target(workspace, lesson)
    short = short_lesson(name)
    if listed:
        _list(workspace, name)
        return
    undone = take_back(workspace, name, number)
    click.echo(style().wrap(f"Put back {', '.join(undone.files)} as of {_when(undone.taken)} ({undone.reason})."))
    step = f"nnedu undo {short}    goes further back    or  nnedu undo {short} --to {undone.back}    takes this back"
    click.echo(next_line(step, style()))


def _list(workspace: Workspace, lesson: str) -> None:
    from nnedu.reporting.terminal import next_line, short_lesson
    from nnedu.workspace.history import kept

    states = kept(workspace, lesson)
    if not states:
        click.echo(f"Nothing is kept of {lesson} yet: every check keeps a state.")
        click.echo(next_line(f"nnedu check {short_lesson(lesson)}", style()))
        return
    click.echo(style().wrap(f"{lesson}: what can be put back, the newest first, with the files that change by it"))
    for one in states:
        files = ", ".join(one.files) or "as it is now"
        row = f"{one.number:>5}  {_when(one.taken)}  {one.reason:<8} "
        click.echo(style().wrap(files, row, " " * len(row)))
    other = next((one.number for one in states if one.files), None)
    step = f"nnedu undo {short_lesson(lesson)} --to {other}" if other else f"nnedu check {short_lesson(lesson)}"
    click.echo(next_line(step, style()))


def _when(taken: datetime) -> str:
    """Return a time as the clock on the wall showed it."""
    return f"{taken.astimezone():%Y-%m-%d %H:%M:%S}"
