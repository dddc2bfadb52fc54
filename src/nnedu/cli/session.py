"""What the commands of a student share: the workspace, the terminal, and one run of checks."""

from __future__ import annotations

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
    from nnedu.sandbox.client import Limits

    manifest = bundle.manifest
    limits = Limits(manifest.call_seconds, manifest.submission_seconds)
    submission = work.open(frozenset(manifest.imports), limits)
    # The worker gets ready while pytest is imported and the checks are found.
    submission.start()
    try:
        from nnedu.running.bench import Bench
        from nnedu.running.collect import collect
        from nnedu.running.evidence import Known, Recorded

        known = [Known(m.id, m.exercise, m.sentence, m.hints) for m in manifest.mistakes]
        stubs = {module: bundle.stub(module).decode("utf-8") for module in manifest.modules}
        exercises = collect(bundle.graders, manifest.modules)
        bench = Bench(manifest.lesson, exercises, Recorded(bundle.traces, known), stubs)
        return bench.examine(submission, only=only, on_exercise=on_exercise)
    finally:
        submission.close()


def remember(workspace: Workspace, outcome: LessonOutcome) -> None:
    """Keep an outcome as the student's progress."""
    from nnedu.workspace.progress import Progress

    progress = Progress.load(workspace)
    progress.record(outcome, datetime.now(UTC))
    progress.save()
