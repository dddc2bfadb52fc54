"""Commands of students: fetch, check, hint, status, reset, undo, and `nnedu` alone.

Imports that cost time stand inside the commands, so that the first line is on the screen at once.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nnedu.cli.session import find_target, open_workspace, printer, remember, run_checks, style
from nnedu.errors import UsageError

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
    lesson = workspace.resolve(None, Path.cwd())
    manifest = workspace.bundle(lesson).manifest
    progress = Progress.load(workspace)
    click.echo(f"Your workspace is {workspace.root}")
    click.echo(f"Lesson {short_lesson(lesson).removeprefix('lesson')}  {manifest.title}")
    for one in manifest.exercises:
        record = progress.exercise(lesson, one.id)
        if record is None or record.state != "passed":
            click.echo(f"Open  {workspace.folder(lesson) / (one.module + '.py')}  at {one.id}")
            click.echo(f"Next:  nnedu check {short_lesson(lesson)}")
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
    for file in fetched.files:
        click.echo(f"  {file.name:<24} {file.what.value}" + (f": {file.beside}" if file.beside else ""))
    click.echo(f"Read {workspace.folder(fetched.lesson) / 'README.md'}, then write the first function.")
    click.echo(f"Next:  nnedu check {short_lesson(fetched.lesson)}")


@click.command()
@click.argument("target", required=False, metavar="[LESSON[/EXERCISE]]")
@JSON
def check(target: str | None, *, as_json: bool) -> None:
    """Check your code and say what is wrong with it.

    \b
        nnedu check                       the lesson of this folder
        nnedu check lesson5               a lesson
        nnedu check lesson5/backprop      one exercise

    Only the first cause is shown in full. Your files are kept as a snapshot first.
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
    outcome = run_checks(bundle, workspace.work(lesson), exercise, (lambda _: None) if as_json else printer(shown))
    remember(workspace, outcome)
    if as_json:
        from nnedu.outcome import lesson_json

        click.echo(json.dumps(lesson_json(outcome), indent=1, ensure_ascii=False))
    else:
        click.echo("\n" + closing(outcome, _relative(workspace.folder(lesson)), shown, whole=exercise is None))
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
@click.argument("target", required=False, metavar="[LESSON/]EXERCISE")
def hint(target: str | None) -> None:
    """Give the next hint.

    First a question, then the equation and the shapes, then nearly the line. The hint fits what your last check
    found. Hints stay readable after you pass.
    """
    from nnedu.reporting.terminal import short_lesson
    from nnedu.workspace.progress import Progress

    workspace = open_workspace()
    lesson, exercise = find_target(workspace, target)
    manifest = workspace.bundle(lesson).manifest
    progress = Progress.load(workspace)
    if exercise is None:
        ids = [one.id for one in manifest.exercises]
        open_ones = [name for name in ids if (r := progress.exercise(lesson, name)) is None or r.state != "passed"]
        quiet = {"not_started", "waiting"}
        begun = [name for name in open_ones if (r := progress.exercise(lesson, name)) and r.state not in quiet]
        exercise = (begun or open_ones or ids)[0]
    record = progress.exercise(lesson, exercise)
    mistake = record.mistake if record is not None else None
    hints = manifest.hints(exercise, mistake)
    if not hints:
        click.echo(f"There is no hint for {exercise}.\nNext:  nnedu check {short_lesson(lesson)}/{exercise}")
        return
    level = min(progress.hint_level(lesson, exercise, mistake) + 1, len(hints))
    progress.give_hint(lesson, exercise, mistake, level)
    progress.save()
    click.echo(f"{exercise}, hint {level} of {len(hints)}" + ("" if mistake else " (general)"))
    click.echo(click.wrap_text(hints[level - 1], 100, initial_indent="  ", subsequent_indent="  "))
    more = f"    or once more  nnedu hint {short_lesson(lesson)}/{exercise}" if level < len(hints) else ""
    click.echo(f"Next:  nnedu check {short_lesson(lesson)}/{exercise}{more}")


@click.command()
@JSON
def status(*, as_json: bool) -> None:
    """Show how far you are in each lesson, as of your last checks."""
    from nnedu.reporting.progress import progress_json, progress_text
    from nnedu.workspace.progress import Progress

    workspace = open_workspace()
    progress = Progress.load(workspace)
    rows = []
    for lesson in workspace.lessons():
        manifest = workspace.bundle(lesson).manifest
        for one in manifest.exercises:
            record = progress.exercise(lesson, one.id)
            state = record.state if record else "not_started"
            points, summary = (record.points, record.summary) if record else (0, "not started")
            rows.append((lesson, manifest.title, one.id, state, points, one.points, summary))
    click.echo(json.dumps(progress_json(rows), indent=1) if as_json else progress_text(rows, style()))


@click.command()
@click.argument("target", metavar="LESSON[/EXERCISE or MODULE]")
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(target: str, *, yes: bool) -> None:
    """Put fresh stubs in place of your files.

    A snapshot is taken first, and nnedu undo takes the reset back.
    """
    from nnedu.reporting.terminal import short_lesson
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
    click.echo(f"Fresh: {files}\nNext:  nnedu undo {short_lesson(lesson)}    takes it back")


@click.command()
@click.argument("lesson", required=False)
def undo(lesson: str | None) -> None:
    """Put back an earlier state of your files.

    Every check, submit, reset and fetch keeps one. Repeat undo to go further back; nothing is lost by it.
    """
    from nnedu.reporting.terminal import short_lesson
    from nnedu.workspace.history import undo as take_back

    workspace = open_workspace()
    name, _ = find_target(workspace, lesson)
    undone = take_back(workspace, name)
    when = f"{undone.taken:%Y-%m-%d %H:%M:%S} UTC ({undone.reason})"
    click.echo(f"Put back what was there at {when}: {', '.join(undone.files)}")
    click.echo(f"Next:  nnedu undo {short_lesson(name)}    goes further back")
