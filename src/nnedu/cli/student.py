"""Commands of students: fetch, check, hint, submit, status, reset, undo, and `nnedu` alone.

Imports that cost time stand inside the commands, so that the first line is on the screen at once.
"""

from __future__ import annotations

import getpass
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nnedu.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from nnedu.outcome import ExerciseOutcome, LessonOutcome
    from nnedu.publishing.bundle import Bundle
    from nnedu.reporting.terminal import Style
    from nnedu.running.work import Work
    from nnedu.workspace.workspace import Workspace

CLASSROOM = "NNEDU_CLASSROOM"
FAULT_EXIT = 3
JSON = click.option("--json", "as_json", is_flag=True, help="Print the same facts as one JSON object.")


def style() -> Style:
    """Return what this terminal can show."""
    from nnedu.reporting.terminal import Style  # noqa: PLC0415 - start-up time

    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    fancy = encoding.startswith("utf") and os.environ.get("TERM") != "dumb"
    return Style(colour=sys.stdout.isatty() and "NO_COLOR" not in os.environ and fancy, unicode=fancy)


def _workspace() -> Workspace:
    from nnedu.workspace.workspace import Workspace  # noqa: PLC0415 - start-up time

    return Workspace.find(Path.cwd())


def _target(workspace: Workspace, target: str | None) -> tuple[str, str | None]:
    """Return the lesson and the exercise of `lesson5`, `lesson5/backprop`, `backprop`, or of the folder one is in."""
    name, _, exercise = (target or "").strip("/").partition("/")
    if name and not exercise:
        for lesson in workspace.lessons():
            if any(one.id == name for one in workspace.bundle(lesson).manifest.exercises):
                return lesson, name
    lesson = workspace.resolve(name or None, Path.cwd())
    known = [one.id for one in workspace.bundle(lesson).manifest.exercises]
    if exercise and exercise not in known:
        text = f"{lesson} has no exercise {exercise!r}."
        raise UsageError(text, did_you_mean(exercise, known))
    return lesson, exercise or None


def home() -> None:
    """Say where one is and what to type next."""
    from nnedu.publishing.bundle import built_in  # noqa: PLC0415 - start-up time
    from nnedu.reporting.terminal import short_lesson  # noqa: PLC0415 - start-up time
    from nnedu.workspace.progress import Progress  # noqa: PLC0415 - start-up time
    from nnedu.workspace.workspace import Workspace  # noqa: PLC0415 - start-up time

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
    later = [name for name in manifest.lessons if name not in fetched]
    click.echo("Every exercise of it passes.")
    click.echo(f"Next:  nnedu submit {short_lesson(lesson)}" + (f"    or  nnedu fetch {short_lesson(later[0])}" if later else ""))


@click.command()
@click.argument("lesson")
@click.option("--from", "source", type=click.Path(path_type=Path), help="A classroom folder or a bundle, instead of what came with nnedu.")
def fetch(lesson: str, source: Path | None) -> None:
    """Put a lesson into this folder. What you have changed is kept.

    The first fetch makes this folder your workspace; later ones work from anywhere inside it.
    """
    from nnedu.course.model import find_lesson  # noqa: PLC0415 - start-up time
    from nnedu.publishing import bundle  # noqa: PLC0415 - start-up time
    from nnedu.reporting.terminal import short_lesson  # noqa: PLC0415 - start-up time
    from nnedu.workspace.fetch import fetch as lay_out, find_bundle  # noqa: PLC0415 - start-up time
    from nnedu.workspace.workspace import Workspace  # noqa: PLC0415 - start-up time

    data = find_bundle(source, lesson) if source else bundle.read_built_in(find_lesson(lesson, bundle.built_in()))
    workspace = Workspace.open_or_create(Path.cwd())
    fetched = lay_out(workspace, data)
    click.echo(f"{fetched.title}: {workspace.folder(fetched.lesson)}")
    for file in fetched.files:
        click.echo(f"  {file.name:<24} {file.what.value}")
    click.echo(f"Read {workspace.folder(fetched.lesson) / 'README.md'}, then write the first function.")
    click.echo(f"Next:  nnedu check {short_lesson(fetched.lesson)}")


@click.command()
@click.argument("target", required=False, metavar="[LESSON[/EXERCISE]]")
@JSON
def check(target: str | None, *, as_json: bool) -> None:
    """Check your code, and say what is wrong with the first thing that is.

    \b
        nnedu check                       the lesson of this folder
        nnedu check lesson5               a lesson
        nnedu check lesson5/backprop      one exercise

    Exits 0 when all of it passes, 1 when not yet, 3 when the course itself is at fault.
    """
    from nnedu.reporting.terminal import closing, header  # noqa: PLC0415 - start-up time
    from nnedu.workspace.history import snapshot  # noqa: PLC0415 - start-up time

    workspace = _workspace()
    lesson, exercise = _target(workspace, target)
    bundle = workspace.bundle(lesson)
    shown = style()
    if not as_json:
        click.echo(header(lesson, bundle.manifest.title, shown) + "\n")
        sys.stdout.flush()
    snapshot(workspace, lesson, "check")
    outcome = _run(bundle, workspace.work(lesson), exercise, (lambda _: None) if as_json else _printer(shown))
    _remember(workspace, outcome)
    if as_json:
        from nnedu.outcome import lesson_json  # noqa: PLC0415 - already loaded

        click.echo(json.dumps(lesson_json(outcome), indent=1, ensure_ascii=False))
    else:
        click.echo("\n" + closing(outcome, _relative(workspace.folder(lesson)), shown))
        _report_fault(workspace, outcome)
    sys.exit(_exit_code(outcome))


def _printer(shown: Style) -> Callable[[ExerciseOutcome], None]:
    from nnedu.reporting.terminal import exercise_line  # noqa: PLC0415 - already loaded

    def show(one: ExerciseOutcome) -> None:
        click.echo(exercise_line(one, shown))
        sys.stdout.flush()

    return show


def _run(bundle: Bundle, work: Work, only: str | None, on_exercise: Callable[[ExerciseOutcome], None]) -> LessonOutcome:
    """Run the public checks of a bundle on a student's work."""
    from nnedu.sandbox.client import Limits  # noqa: PLC0415 - start-up time

    manifest = bundle.manifest
    limits = Limits(manifest.call_seconds, manifest.submission_seconds)
    submission = work.open(frozenset(manifest.imports), limits)
    # The worker gets ready while pytest is imported and the checks are found.
    submission.start()
    try:
        from nnedu.running.bench import Bench  # noqa: PLC0415 - start-up time
        from nnedu.running.collect import collect  # noqa: PLC0415 - start-up time
        from nnedu.running.evidence import Known, Recorded  # noqa: PLC0415 - start-up time

        known = [Known(m.id, m.exercise, m.sentence, m.hints) for m in manifest.mistakes]
        stubs = {module: bundle.stub(module).decode("utf-8") for module in manifest.modules}
        exercises = collect(bundle.graders, manifest.modules)
        bench = Bench(manifest.lesson, exercises, Recorded(bundle.traces, known), stubs)
        return bench.examine(submission, only=only, on_exercise=on_exercise)
    finally:
        submission.close()


def _remember(workspace: Workspace, outcome: LessonOutcome) -> None:
    from nnedu.workspace.progress import Progress  # noqa: PLC0415 - start-up time

    progress = Progress.load(workspace)
    progress.record(outcome, datetime.now(UTC))
    progress.save()


def _relative(folder: Path) -> str:
    try:
        return folder.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(folder)


def _exit_code(outcome: LessonOutcome) -> int:
    from nnedu.outcome import State  # noqa: PLC0415 - already loaded

    states = {exercise.state for exercise in outcome.exercises}
    if states <= {State.PASSED}:
        return 0
    return FAULT_EXIT if states <= {State.PASSED, State.FAULT} else 1


def _report_fault(workspace: Workspace, outcome: LessonOutcome) -> None:
    from nnedu.outcome import State  # noqa: PLC0415 - already loaded

    faults = [f"{e.id}/{c.id}\n{c.message}\n" for e in outcome.exercises for c in e.checks if c.state is State.FAULT]
    if faults:
        path = workspace.root / ".nnedu" / f"course-fault-{datetime.now(UTC):%Y%m%dT%H%M%S}.txt"
        path.write_text("\n".join(faults), "utf-8")
        click.echo(f"Please send {path} to your instructor.")


@click.command()
@click.argument("target", required=False, metavar="[LESSON/]EXERCISE")
def hint(target: str | None) -> None:
    """Give the next hint: a question, then the equation, then nearly the line.

    The hint fits what your last check found. Hints stay readable after you pass.
    """
    from nnedu.reporting.terminal import short_lesson  # noqa: PLC0415 - start-up time
    from nnedu.workspace.progress import Progress  # noqa: PLC0415 - start-up time

    workspace = _workspace()
    lesson, exercise = _target(workspace, target)
    manifest = workspace.bundle(lesson).manifest
    progress = Progress.load(workspace)
    if exercise is None:
        ids = [one.id for one in manifest.exercises]
        open_ones = [name for name in ids if (r := progress.exercise(lesson, name)) is None or r.state != "passed"]
        begun = [name for name in open_ones if (r := progress.exercise(lesson, name)) and r.state not in {"not_started", "waiting"}]
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
@click.argument("lesson", required=False)
@click.option("--to", "classroom", type=click.Path(path_type=Path), help=f"The classroom's folder; else {CLASSROOM}, else your settings.")
@click.option("--as", "student", metavar="NAME", help="Your name in the class; kept in .nnedu/settings.toml.")
def submit(lesson: str | None, classroom: Path | None, student: str | None) -> None:
    """Hand a lesson in: check it once more, show what goes in and what stays out, and keep a receipt.

    Without a classroom the zip is left in your workspace, for uploading.
    """
    from nnedu.reporting.terminal import header  # noqa: PLC0415 - start-up time
    from nnedu.workspace.history import snapshot  # noqa: PLC0415 - start-up time
    from nnedu.workspace.submission import pack, submit as hand_in  # noqa: PLC0415 - start-up time

    workspace = _workspace()
    name, _ = _target(workspace, lesson)
    who = _student(workspace, student)
    to = classroom or _configured_classroom(workspace)
    bundle = workspace.bundle(name)
    snapshot(workspace, name, "submit")
    packed = pack(workspace, name, who, datetime.now(UTC))
    shown = style()
    click.echo(header(name, bundle.manifest.title, shown) + "\n")
    outcome = _run(bundle, workspace.work(name), None, _printer(shown))
    _remember(workspace, outcome)
    receipt = hand_in(workspace, packed, to, points=outcome.points, max_points=outcome.max_points)
    click.echo(f"\nFiles that are handed in, as {who}:")
    for file in receipt.files:
        click.echo(f"  {file.name:<24} sha256 {file.sha256[:16]}")
    for left_out in packed.left_out:
        click.echo(f"  {left_out:<24} stays here")
    click.echo(f"\n{outcome.points} of {outcome.max_points} points in the public checks; hidden checks are run when it is graded.")
    if receipt.already:
        click.echo(f"This very work is already submitted: receipt {receipt.id}, {receipt.submitted_at}.")
    elif to is None:
        click.echo(f"There is no classroom here, so nothing has left this machine. Upload this file:\n  {receipt.path}")
    else:
        click.echo(f"Submitted: receipt {receipt.id}, {receipt.submitted_at}, kept in .nnedu/receipts.\n  {receipt.path}")


def _student(workspace: Workspace, given: str | None) -> str:
    """Return the student's name: given now, remembered, asked for, or the name on this machine."""
    settings = workspace.settings
    name = given or settings.student
    if not name and sys.stdin.isatty():
        name = click.prompt("Your name in the class", default=getpass.getuser())
    name = name or getpass.getuser()
    if name != settings.student:
        from nnedu.workspace.submission import checked_student  # noqa: PLC0415 - start-up time

        workspace.save_settings(type(settings)(checked_student(name), settings.classroom))
    return name


def _configured_classroom(workspace: Workspace) -> Path | None:
    named = os.environ.get(CLASSROOM) or workspace.settings.classroom
    return Path(named).expanduser() if named else None


@click.command()
@JSON
def status(*, as_json: bool) -> None:
    """Show how far you are in every lesson that you have fetched, as of the last check."""
    from nnedu.reporting.progress import progress_json, progress_text  # noqa: PLC0415 - start-up time
    from nnedu.workspace.progress import Progress  # noqa: PLC0415 - start-up time

    workspace = _workspace()
    progress = Progress.load(workspace)
    rows = []
    for lesson in workspace.lessons():
        manifest = workspace.bundle(lesson).manifest
        for one in manifest.exercises:
            record = progress.exercise(lesson, one.id)
            state = record.state if record else "not_started"
            rows.append((lesson, manifest.title, one.id, state, record.points if record else 0, one.points, record.summary if record else ""))
    click.echo(json.dumps(progress_json(rows), indent=1) if as_json else progress_text(rows, style()))


@click.command()
@click.argument("target", metavar="LESSON[/EXERCISE or MODULE]")
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(target: str, *, yes: bool) -> None:
    """Put fresh stubs in place of your files. A snapshot is taken first, and nnedu undo takes it back."""
    from nnedu.reporting.terminal import short_lesson  # noqa: PLC0415 - start-up time
    from nnedu.workspace.reset import modules_of, reset as put_back  # noqa: PLC0415 - start-up time

    workspace = _workspace()
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
    """Put back your files as they were before the last check, submit, reset or fetch. Repeat to go further back."""
    from nnedu.workspace.history import undo as take_back  # noqa: PLC0415 - start-up time

    workspace = _workspace()
    name, _ = _target(workspace, lesson)
    undone = take_back(workspace, name)
    click.echo(f"Put back what was there at {undone.taken:%Y-%m-%d %H:%M:%S} UTC ({undone.reason}): {', '.join(undone.files)}")
    click.echo("Next:  nnedu undo    goes further back")
