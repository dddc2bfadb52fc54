"""What the commands of a student share: the workspace, the terminal, and one run of checks."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nnedu.errors import UsageError, WorkspaceError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from nnedu.outcome import ExerciseOutcome, LessonOutcome
    from nnedu.publishing.bundle import Bundle
    from nnedu.reporting.terminal import Style
    from nnedu.running.work import Work
    from nnedu.workspace.workspace import Workspace


def style() -> Style:
    """Return what this terminal can show."""
    from nnedu.reporting.terminal import Style

    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    fancy = encoding.startswith("utf") and os.environ.get("TERM") != "dumb"
    return Style(colour=sys.stdout.isatty() and "NO_COLOR" not in os.environ and fancy, unicode=fancy)


def open_workspace() -> Workspace:
    """Return the workspace around the present folder."""
    from nnedu.workspace.workspace import Workspace

    return Workspace.find(Path.cwd())


def find_target(workspace: Workspace, target: str | None) -> tuple[str, str | None]:
    """Return the lesson and the exercise of `lesson5`, `lesson5/backprop`, `backprop`, or of the folder one is in."""
    name, _, exercise = (target or "").strip("/").partition("/")
    here = workspace.lesson_at(Path.cwd())
    lessons = sorted(workspace.lessons(), key=lambda lesson: lesson != here)  # the one of this folder first
    exercises = {one.id: lesson for lesson in reversed(lessons) for one in workspace.bundle(lesson).manifest.exercises}
    if name in exercises and not exercise:
        return exercises[name], name
    try:
        lesson = workspace.resolve(name or None, Path.cwd())
    except UsageError as error:
        if isinstance(error, WorkspaceError) or not get_close_matches(name, exercises, cutoff=0.7):
            raise
        topics = [one.partition("_")[2] for lesson in lessons for one in workspace.bundle(lesson).manifest.lessons]
        text = f"There is no lesson or exercise {name!r}."
        raise UsageError(text, did_you_mean(name, {**exercises, **dict.fromkeys(topics)})) from None
    known = [one.id for one in workspace.bundle(lesson).manifest.exercises]
    if exercise and exercise not in known:
        text = f"{lesson} has no exercise {exercise!r}."
        raise UsageError(text, did_you_mean(exercise, known))
    return lesson, exercise or None


def printer(shown: Style) -> Callable[[ExerciseOutcome], None]:
    """Return what prints the line of an exercise as soon as it is known."""
    from nnedu.reporting.terminal import exercise_line

    def show(one: ExerciseOutcome) -> None:
        click.echo(exercise_line(one, shown))
        sys.stdout.flush()

    return show


def run_checks(
    bundle: Bundle, work: Work, only: str | None, on_exercise: Callable[[ExerciseOutcome], None]
) -> LessonOutcome:
    """Run the public checks of a bundle on a student's work."""
    from nnedu.sandbox.submission import Limits

    manifest = bundle.manifest
    limits = Limits(manifest.call_seconds, manifest.submission_seconds, manifest.exercise_seconds)
    submission = work.open(frozenset(manifest.imports), limits)
    # The worker gets ready while pytest is imported and the checks are found.
    submission.start()
    try:
        from nnedu.running.bench import Bench
        from nnedu.running.collect import collect
        from nnedu.running.evidence import Recorded

        stubs = {module: bundle.stub(module).decode("utf-8") for module in manifest.modules}
        exercises = collect(bundle.graders, manifest.modules)
        bench = Bench(manifest.lesson, exercises, Recorded(bundle.traces, manifest.mistakes), stubs)
        return bench.examine(submission, only=only, on_exercise=on_exercise)
    finally:
        submission.close()


def remember(workspace: Workspace, outcome: LessonOutcome) -> None:
    """Keep an outcome as the student's progress."""
    from nnedu.workspace.progress import Progress

    progress = Progress.load(workspace)
    progress.record(outcome, datetime.now(UTC))
    progress.save()
