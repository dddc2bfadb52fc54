"""What the commands of a student share: the workspace, the terminal, and one run of checks."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from nnedu.errors import UsageError, WorkspaceError, did_you_mean
from nnedu.outcome import LessonOutcome

if TYPE_CHECKING:
    from collections.abc import Collection

    from nnedu.cli.lines import Silent
    from nnedu.outcome import ExerciseOutcome
    from nnedu.publishing.bundle import Bundle, Manifest
    from nnedu.reporting.terminal import Style
    from nnedu.running.work import Work
    from nnedu.workspace.workspace import Workspace

WIDEST = 120  # longer lines are hard to read


def style() -> Style:
    """Return what this terminal can show."""
    from nnedu.reporting.terminal import WIDTH, Style

    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    fancy = encoding.startswith("utf") and os.environ.get("TERM") != "dumb"
    width = shutil.get_terminal_size((WIDTH, 24)).columns
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ and fancy
    return Style(colour=colour, unicode=fancy, width=min(width, WIDEST))


def open_workspace() -> Workspace:
    """Return the workspace around the present folder."""
    from nnedu.workspace.workspace import Workspace

    return Workspace.find(Path.cwd())


def find_target(workspace: Workspace, target: str | None) -> tuple[str, str | None]:
    """Return the lesson and the part that is meant: an exercise, a module as `gradients.py`, or None for all of it.

    Understood are `lesson5`, `lesson5/backprop`, `backprop`, `lesson5/gradients`, `gradients.py`, and nothing: the
    lesson of the folder one is in, else the one that was checked last.
    """
    name, _, exercise = (target or "").strip("/").partition("/")
    if name.endswith(".py") and not exercise:
        name, exercise = "", name
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
    if not name and here is None and len(lessons) > 1:
        _say_which(workspace, lesson, lessons)
    return lesson, _part(workspace.bundle(lesson).manifest, exercise) if exercise else None


def _say_which(workspace: Workspace, lesson: str, lessons: list[str]) -> None:
    from nnedu.reporting.terminal import short_lesson
    from nnedu.workspace.progress import Progress

    why = "the one you checked last" if Progress.load(workspace).last_checked(lessons) == lesson else "the first"
    click.echo(f"No lesson is named, so this is {short_lesson(lesson)}, {why}.", err=True)


def _part(manifest: Manifest, name: str) -> str:
    known = [one.id for one in manifest.exercises]
    if name in known:
        return name
    if name.removesuffix(".py") in manifest.modules:
        return f"{name.removesuffix('.py')}.py"
    text = f"{manifest.lesson} has no exercise or module {name!r}."
    raise UsageError(text, did_you_mean(name, [*known, *manifest.modules]))


def exercises_of(manifest: Manifest, part: str | None) -> list[str]:
    """Return the exercises of a part of a lesson, as `find_target` returns it."""
    return [one.id for one in manifest.exercises if part in {None, one.id, f"{one.module}.py"}]


def check_and_remember(workspace: Workspace, lesson: str, only: str | None, lines: Silent) -> LessonOutcome:
    """Check a part of a lesson as `find_target` returns it, and keep what came of it as the student's progress.

    At Ctrl-C what was known by then is kept: who does not wait for a long training has seen all the rest.
    """
    from nnedu.workspace.history import fingerprint

    files = fingerprint(workspace, lesson)
    try:
        outcome = _run_checks(workspace.bundle(lesson), workspace.work(lesson), only, lines)
    except KeyboardInterrupt:
        _remember(workspace, LessonOutcome(lesson, (*lines.finished_ones, *lines.last_ones)), files)
        raise
    _remember(workspace, outcome, files)
    return outcome


def _run_checks(bundle: Bundle, work: Work, only: str | None, lines: Silent) -> LessonOutcome:
    """Run the public checks of a bundle on a student's work, and look at the answers to its quizzes."""
    from nnedu.running.quiz import with_quizzes

    quizzes = _look_at_quizzes(bundle, work, only)
    lines.know(quizzes)
    try:
        if only is None or not quizzes:
            outcome = _run_code(bundle, work, only, lines)
        else:
            outcome = LessonOutcome(bundle.manifest.lesson, ())
    finally:
        lines.stop()
    lines.end()
    return with_quizzes(outcome, quizzes)


def _look_at_quizzes(bundle: Bundle, work: Work, only: str | None) -> list[ExerciseOutcome]:
    quizzes = [one for one in bundle.quizzes() if only in {None, one.id}]
    if not quizzes:
        return []
    from nnedu.course.answers import read_answers
    from nnedu.running.quiz import look_at_quiz

    answers = read_answers(work.answers)
    return [look_at_quiz(one, answers) for one in quizzes]


def _run_code(bundle: Bundle, work: Work, only: str | None, lines: Silent) -> LessonOutcome:
    from nnedu.sandbox.channel import Listener

    manifest = bundle.manifest
    listener = Listener()
    submission = work.open(frozenset(manifest.imports), manifest.limits, listener)
    # The worker gets ready while pytest is imported and the checks are found.
    submission.start()
    try:
        from nnedu.running.bench import Bench, with_prerequisites
        from nnedu.running.collect import collect
        from nnedu.running.evidence import Recorded

        stubs = {module: bundle.stub(module).decode("utf-8") for module in manifest.modules}
        exercises = collect(bundle.graders, manifest.modules)
        bench = Bench(manifest.lesson, exercises, Recorded(bundle.traces, manifest.mistakes), stubs)
        wanted = set(exercises_of(manifest, only))
        relevant = _Relevant(wanted, lines)
        training = {one.id for one in exercises if one.trains}

        def started(name: str) -> None:
            listener.forget()
            if name in training:
                lines.trains(name, listener.last_line)
            else:
                lines.started(name)

        outcome = bench.examine(
            submission, only=with_prerequisites(exercises, wanted), on_start=started, on_exercise=relevant.add
        )
        return msgspec.structs.replace(outcome, exercises=tuple(relevant.outcomes))
    finally:
        submission.close()


class _Relevant:
    """What came of the wanted exercises, and, where one does not pass, of those that it comes after and that do not."""

    def __init__(self, wanted: Collection[str], lines: Silent) -> None:
        self.outcomes: list[ExerciseOutcome] = []
        self._wanted = wanted
        self._lines = lines
        self._broken: list[ExerciseOutcome] = []

    def add(self, one: ExerciseOutcome) -> None:
        """Take in what came of the next exercise."""
        if one.id not in self._wanted:
            self._broken += [one] if one.state != "passed" else []
            return
        before, self._broken = ([], self._broken) if one.state == "passed" else (self._broken, [])
        for relevant in (*before, one):
            self.outcomes.append(relevant)
            self._lines.finished(relevant)


def _remember(workspace: Workspace, outcome: LessonOutcome, files: str) -> None:
    """Keep an outcome as the student's progress; `files` is the fingerprint of what was checked."""
    from nnedu.workspace.progress import Progress

    progress = Progress.load(workspace)
    progress.record(outcome, datetime.now(UTC), files)
    progress.save()
