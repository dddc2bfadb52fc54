"""Commands of students: fetch, check, status, and `nnedu` alone.

Imports that cost time stand inside the commands, so that the first line is on the screen at once.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nnedu.cli.lines import Lines, Silent
from nnedu.cli.session import check_and_remember, find_target, open_workspace, style
from nnedu.errors import UsageError
from nnedu.outcome import Kind

if TYPE_CHECKING:
    from nnedu.outcome import LessonOutcome
    from nnedu.workspace.workspace import Workspace

FAULT_EXIT = 3
JSON = click.option("--json", "as_json", is_flag=True, help="Print the same facts as one JSON object.")


def home() -> None:
    """Say where one is and what to type next."""
    from nnedu.publishing.shipped import built_in
    from nnedu.reporting.terminal import short_lesson
    from nnedu.workspace.progress import Progress
    from nnedu.workspace.workspace import Workspace

    try:
        workspace = Workspace.find(Path.cwd())
    except UsageError as error:
        click.echo(error.sentence)
        lessons = [short_lesson(lesson) for lesson in built_in()]
        if lessons:
            click.echo(f"Lessons that came with nnedu: {', '.join(lessons)}.")
            click.echo(f"Next:  nnedu fetch {lessons[0]}    in a folder of your own")
        return
    fetched = workspace.lessons()
    if not fetched:
        click.echo(f"Your workspace is {workspace.root}; it holds no lesson yet.\nNext:  nnedu fetch LESSON")
        return
    lesson = workspace.upcoming(Path.cwd())
    manifest = workspace.bundle(lesson).manifest
    progress = Progress.load(workspace)
    click.echo(f"Your workspace is {workspace.root}")
    click.echo(f"Lesson {short_lesson(lesson).removeprefix('lesson')}  {manifest.title}")
    for one in manifest.exercises:
        record = progress.exercise(lesson, one.id)
        if record is None or record.state != "passed":
            click.echo(f"Open  {workspace.folder(lesson) / one.file}  at {one.id}")
            click.echo(f"Next:  nnedu {'quiz' if one.kind is Kind.QUIZ else 'check'} {short_lesson(lesson)}")
            return
    order = manifest.lessons
    after = order.index(lesson) + 1 if lesson in order else 0
    later = [name for name in (*order[after:], *order[:after]) if name not in fetched]
    click.echo("Every exercise of it passes.")
    onwards = f"    or  nnedu fetch {short_lesson(later[0])}" if later else ""
    click.echo(f"Next:  nnedu submit {short_lesson(lesson)}{onwards}")


@click.command()
@click.argument("lesson")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    help="A classroom folder or a bundle, instead of what came with nnedu.",
)
def fetch(lesson: str, source: Path | None) -> None:
    """Put a lesson into this folder.

    The first fetch makes this folder your workspace; later ones work from anywhere inside it. What you have changed
    is kept: a new stub is then laid beside your file.
    """
    from nnedu.course.model import find_lesson
    from nnedu.publishing import shipped
    from nnedu.reporting.terminal import short_lesson
    from nnedu.workspace.fetch import fetch as lay_out
    from nnedu.workspace.fetch import find_bundle
    from nnedu.workspace.workspace import Workspace

    data = find_bundle(source, lesson) if source else shipped.read_built_in(find_lesson(lesson, shipped.built_in()))
    workspace = Workspace.open_or_create(Path.cwd())
    fetched = lay_out(workspace, data)
    click.echo(f"{fetched.title}: {workspace.folder(fetched.lesson)}")
    width = max((len(file.name) for file in fetched.files), default=0)
    for file in fetched.files:
        click.echo(f"  {file.name:<{width}}  {file.what.value}" + (f": {file.beside}" if file.beside else ""))
    click.echo(f"Read {workspace.folder(fetched.lesson) / 'README.md'}, then write the first function.")
    click.echo(f"Next:  nnedu check {short_lesson(fetched.lesson)}")


@click.command()
@click.argument("target", required=False, metavar="[LESSON[/EXERCISE or MODULE]]")
@JSON
def check(target: str | None, *, as_json: bool) -> None:
    """Check your code and say what is wrong with it.

    \b
        nnedu check                      the lesson of this folder, or the last
        nnedu check lesson5              a lesson
        nnedu check lesson5/backprop     one exercise
        nnedu check lesson5/gradients    the exercises of one module

    Only the first cause is shown in full. Your files are kept as a snapshot first.
    What trains comes last, with the line that your code printed last; Ctrl-C keeps what is known by then.
    Exits 0 when all of it passes, 1 when not yet, 3 when the course itself is at fault.
    """  # noqa: D301 - \b is click's mark for a block that is not wrapped
    from nnedu.reporting.terminal import closing, header
    from nnedu.workspace.history import snapshot

    workspace = open_workspace()
    lesson, exercise = find_target(workspace, target)
    bundle = workspace.bundle(lesson)
    shown = style()
    if not as_json:
        click.echo(header(lesson, bundle.manifest.title, shown) + "\n")
        sys.stdout.flush()
    snapshot(workspace, lesson, "check")
    outcome = check_and_remember(workspace, lesson, exercise, Silent() if as_json else Lines(shown))
    if as_json:
        from nnedu.outcome import lesson_json

        click.echo(json.dumps(lesson_json(outcome), indent=1, ensure_ascii=False))
    else:
        later = sum(one.later for one in bundle.manifest.exercises)
        where = _relative(workspace.folder(lesson))
        click.echo("\n" + closing(outcome, where, shown, whole=exercise is None, later=later))
        _report_fault(workspace, outcome)
    sys.exit(_exit_code(outcome))


def _relative(folder: Path) -> str:
    try:
        return folder.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(folder)


def _exit_code(outcome: LessonOutcome) -> int:
    from nnedu.outcome import State

    states = {exercise.state for exercise in outcome.exercises}
    if states <= {State.PASSED}:
        return 0
    return FAULT_EXIT if states <= {State.PASSED, State.FAULT} else 1


def _report_fault(workspace: Workspace, outcome: LessonOutcome) -> None:
    from nnedu.outcome import State

    faults = [f"{e.id}/{c.id}\n{c.message}\n" for e in outcome.exercises for c in e.checks if c.state is State.FAULT]
    if faults:
        path = workspace.root / ".nnedu" / f"course-fault-{datetime.now(UTC):%Y%m%dT%H%M%S}.txt"
        path.write_text("\n".join(faults), "utf-8")
        click.echo(f"Please send {path} to your instructor.")


@click.command()
@JSON
def status(*, as_json: bool) -> None:
    """Show how far you are in each lesson, as of your last checks."""
    from nnedu.reporting.progress import Checked, progress_json, progress_text
    from nnedu.workspace.history import fingerprint
    from nnedu.workspace.progress import Progress

    workspace = open_workspace()
    progress = Progress.load(workspace)
    rows = []
    checked = {}
    for lesson in workspace.lessons():
        manifest = workspace.bundle(lesson).manifest
        records = [found for one in manifest.exercises if (found := progress.exercise(lesson, one.id))]
        if records:
            files = fingerprint(workspace, lesson)
            edited = any(record.files not in {"", files} for record in records)
            checked[lesson] = Checked(max(record.checked_at for record in records).astimezone(), edited)
        for one in manifest.exercises:
            record = progress.exercise(lesson, one.id)
            state = record.state if record else "not_started"
            points, summary = (record.points, record.summary) if record else (0, "not started")
            rows.append((lesson, manifest.title, one.id, state, points, one.points, summary))
    click.echo(json.dumps(progress_json(rows, checked), indent=1) if as_json else progress_text(rows, style(), checked))
