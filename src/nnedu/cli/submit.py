"""`nnedu submit`: hand a lesson in, and keep a receipt."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nnedu.cli.identity import student_name
from nnedu.cli.lines import Lines
from nnedu.cli.session import check_and_remember, find_target, open_workspace, style
from nnedu.errors import UsageError

if TYPE_CHECKING:
    from nnedu.workspace.submission import Packed, Receipt
    from nnedu.workspace.workspace import Workspace

CLASSROOM = "NNEDU_CLASSROOM"


@click.command()
@click.argument("lesson", required=False)
@click.option(
    "--to",
    "classroom",
    type=click.Path(path_type=Path),
    help=f"The classroom's folder; else {CLASSROOM}, else your settings.",
)
@click.option("--as", "student", metavar="NAME", help="Your name in the class; kept in .nnedu/settings.toml.")
def submit(lesson: str | None, classroom: Path | None, student: str | None) -> None:
    """Hand a lesson in and keep a receipt.

    Your work is checked once more, and what goes in and what stays out is shown.
    Without a classroom the zip is left in your workspace, for uploading.
    """
    from nnedu.reporting.terminal import header, next_line, short_lesson
    from nnedu.workspace.history import snapshot
    from nnedu.workspace.submission import pack
    from nnedu.workspace.submission import submit as hand_in

    workspace = open_workspace()
    name, _ = find_target(workspace, lesson)
    to = _classroom(workspace, classroom)
    who = student_name(workspace, student)
    bundle = workspace.bundle(name)
    snapshot(workspace, name, "submit")
    packed = pack(workspace, name, who, datetime.now(UTC))
    shown = style()
    click.echo(header(name, bundle.manifest.title, shown) + "\n")
    outcome = check_and_remember(workspace, name, None, Lines(shown))
    receipt = hand_in(workspace, packed, to, points=outcome.points, max_points=outcome.max_points)
    _show(packed, receipt, uploaded=to is not None)
    short = short_lesson(name)
    again = f"nnedu check {short}, and submit once more when more of it passes"
    click.echo(next_line("nnedu status" if outcome.complete else again, shown))


def _show(packed: Packed, receipt: Receipt, *, uploaded: bool) -> None:
    """Print what went in, what did not, and the receipt."""
    click.echo(f"\nFiles that are handed in, as {packed.manifest.student}:")
    width = max(map(len, (*(file.name for file in receipt.files), *packed.left_out)), default=0)
    for file in receipt.files:
        click.echo(f"  {file.name:<{width}}  sha256 {file.sha256[:16]}")
    for sentence in packed.missing:
        click.echo(f"  {sentence}")
    for left_out in packed.left_out:
        click.echo(f"  {left_out:<{width}}  stays here")
    if packed.manifest.hints:
        given = ", ".join(f"{count} on {exercise}" for exercise, count in packed.manifest.hints.items())
        click.echo(f"  with them: how many hints you were given ({given})")
    click.echo(
        f"\n{receipt.points} of {receipt.max_points} points in the public checks; hidden ones are run when graded."
    )
    if receipt.already:
        click.echo(f"This very work is already submitted: receipt {receipt.id}, {receipt.submitted_at}.")
    elif not uploaded:
        click.echo(f"There is no classroom here, so nothing has left this machine. Upload this file:\n  {receipt.path}")
    else:
        click.echo(
            f"Submitted: receipt {receipt.id}, {receipt.submitted_at}, kept in .nnedu/receipts.\n  {receipt.path}"
        )


def _classroom(workspace: Workspace, given: Path | None) -> Path | None:
    """Return the classroom's folder: given now, or named by the environment or the settings; None if by nothing."""
    settings = workspace.marker / "settings.toml"
    named = workspace.settings.classroom
    places = (
        (given, "--to"),
        (os.environ.get(CLASSROOM), CLASSROOM),
        (workspace.root / Path(named).expanduser() if named else None, settings),
    )
    for place, where in places:
        if place:
            if not (path := Path(place).expanduser()).is_dir():
                text = f"There is no classroom at {path}."
                raise UsageError(text, f"It is named by {where}: correct it there, or ask your instructor.")
            return path
    return None
