"""`nnedu hint`: the next hint on an exercise, fitting what its last check found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nnedu.cli.session import exercises_of, find_target, open_workspace, style
from nnedu.outcome import Kind, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nnedu.reporting.terminal import Style
    from nnedu.workspace.progress import ExerciseProgress, Progress

_QUIET = {State.NOT_STARTED, State.WAITING}


@click.command()
@click.argument("target", required=False, metavar="[LESSON/]EXERCISE")
def hint(target: str | None) -> None:
    """Give the next hint.

    First a question, then the equation and the shapes, then nearly the line. The hint fits what your last check
    found. Hints stay readable after you pass.
    """
    from nnedu.reporting.terminal import next_line, short_lesson
    from nnedu.workspace.history import fingerprint
    from nnedu.workspace.progress import Progress

    workspace, shown = open_workspace(), style()
    lesson, part = find_target(workspace, target)
    manifest, progress = workspace.bundle(lesson).manifest, Progress.load(workspace)
    files, name = fingerprint(workspace, lesson), short_lesson(lesson)
    names = exercises_of(manifest, part)
    exercise = names[0] if names == [part] else _open(names, lesson, progress)
    if exercise is None:
        _say_all_passed(name, shown, edited=any(_edited(progress.exercise(lesson, one), files) for one in names))
        return
    record = progress.exercise(lesson, exercise)
    for sentence in _said_first(exercise, record, files):
        click.echo(shown.wrap(sentence))
    if record is not None and record.broken_at:
        click.echo(next_line(f"mend {record.broken_at}, then  nnedu check {name}", shown))
        return
    mistake = record.mistake if record is not None else None
    hints = manifest.hints(exercise, mistake)
    if not hints:
        quiz = any(one.id == exercise and one.kind is Kind.QUIZ for one in manifest.exercises)
        click.echo(f"There is no hint for {exercise}.")
        click.echo(next_line(f"nnedu {'quiz' if quiz else 'check'} {name}/{exercise}", shown))
        return
    level = min(progress.hint_level(lesson, exercise, mistake) + 1, len(hints))
    progress.give_hint(lesson, exercise, mistake, level)
    progress.save()
    click.echo(f"{exercise}, hint {level} of {len(hints)}" + ("" if mistake else " (general)"))
    click.echo(shown.wrap(hints[level - 1], "  "))
    more = f"    or once more  nnedu hint {name}/{exercise}" if level < len(hints) else ""
    click.echo(next_line(f"nnedu check {name}/{exercise}{more}", shown))


def _say_all_passed(lesson: str, shown: Style, *, edited: bool) -> None:
    """Say why there is no hint where nothing is open, and what to do."""
    from nnedu.reporting.terminal import next_line

    since = " You have edited the lesson since." if edited else " There is nothing to give a hint on."
    click.echo(shown.wrap(f"Every exercise passed when it was last checked.{since}"))
    click.echo(next_line(f"nnedu {'check' if edited else 'submit'} {lesson}    or  nnedu hint EXERCISE", shown))


def _open(names: Sequence[str], lesson: str, progress: Progress) -> str | None:
    """Return the exercise to give a hint on: one that is begun and wrong before one that is not; None if all pass."""
    records = {name: progress.exercise(lesson, name) for name in names}
    left = [name for name, record in records.items() if record is None or record.state is not State.PASSED]
    begun = [name for name in left if (record := records[name]) is not None and record.state not in _QUIET]
    return next(iter(begun or left), None)


def _edited(record: ExerciseProgress | None, files: str) -> bool:
    return record is not None and record.files not in {"", files}


def _said_first(exercise: str, record: ExerciseProgress | None, files: str) -> Iterator[str]:
    """Yield what a student should know before the hint: what it is about may not be what is there now."""
    if record is None:
        yield f"{exercise} was not checked yet."
        return
    if record.state is State.PASSED:
        yield f"{exercise} passed when it was last checked; its hints stay readable."
    if record.state is State.WAITING:
        yield f"{exercise} {record.summary}: look there first."
    if record.broken_at:
        yield f"There is no hint on a file that cannot be loaded. {record.message.partition(chr(10))[0]}"
    if _edited(record, files):
        yield "You have edited the lesson since; this is about what the last check found."
