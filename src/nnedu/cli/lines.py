"""What stands on the screen while a lesson is checked: a line for each exercise, and below what is running."""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nnedu.outcome import ExerciseOutcome
    from nnedu.reporting.terminal import Style

TICK = 0.25  # seconds from one look at what was printed to the next
CLEAR = "\r\x1b[K"


def progress(text: str) -> None:
    """Show in a terminal what is being done, in place of what was shown before; nothing takes it away."""
    if sys.stderr.isatty():
        click.echo(f"{CLEAR}{text}", nl=False, err=True)


class Silent:
    """Prints nothing, where the outcome is printed as one object. Knows all that is known so far."""

    def __init__(self) -> None:
        self.finished_ones: list[ExerciseOutcome] = []
        self.last_ones: list[ExerciseOutcome] = []

    def know(self, quizzes: Sequence[ExerciseOutcome]) -> None:
        """Take in what is known before anything runs, and stands last."""
        self.last_ones = list(quizzes)

    def started(self, name: str) -> None:
        """Show that an exercise is running."""

    def trains(self, name: str, heard: Callable[[], str]) -> None:
        """Show that an exercise trains; `heard` returns what its code printed last."""

    def finished(self, one: ExerciseOutcome) -> None:
        """Show what came of an exercise."""
        self.finished_ones.append(one)

    def stop(self) -> None:
        """Show no longer that anything is running."""

    def end(self) -> None:
        """Show what stands last."""


class Lines(Silent):
    """Prints the line of each exercise as soon as it is known, and in a terminal which one is running.

    While something trains, all that is known is on the screen, the quizzes too: each result that is still to come is
    put above them, so that in the end the lines stand as they do where there is no terminal.
    """

    def __init__(self, shown: Style) -> None:
        super().__init__()
        self._style = shown
        self._moves = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self._clock: _Clock | None = None
        self._runs = False
        self._rows = 0  # that the quizzes take up on the screen by now

    def started(self, name: str) -> None:
        """Show its name."""
        self.stop()
        if self._moves:
            self._runs = True
            _write(f"{CLEAR}  {self._style.paint(f'{name} ...', 'dim')}")

    def trains(self, name: str, heard: Callable[[], str]) -> None:
        """Show all that is known already, then for how long it has trained."""
        self.stop()
        if self._moves:
            if not self._rows:
                self._show_last()
            self._runs = True
            self._clock = _Clock(name, heard, self._style)

    def finished(self, one: ExerciseOutcome) -> None:
        """Show its line, above those of the quizzes."""
        from nnedu.reporting.terminal import exercise_line

        self.stop()
        line = exercise_line(one, self._style, self.finished_ones)
        super().finished(one)
        lifted = self._rows
        if lifted:
            _write(f"\x1b[{lifted}A\x1b[J")
        if line:
            _write(f"{line}\n")
        if lifted:
            self._show_last()

    def stop(self) -> None:
        """Take away the line of what is running."""
        if self._clock is not None:
            self._clock.stop()
            self._clock = None
        if self._runs:
            self._runs = False
            _write(CLEAR)

    def end(self) -> None:
        """Show the quizzes, where they are not shown yet."""
        if not self._rows:
            self._show_last()

    def _show_last(self) -> None:
        from nnedu.reporting.terminal import exercise_lines

        uncoloured = replace(self._style, colour=False)
        rows = [row for line in exercise_lines(self.last_ones, uncoloured) for row in line.split("\n")]
        self._rows = sum(-(-max(len(row), 1) // self._style.width) for row in rows)
        _write("".join(f"{line}\n" for line in exercise_lines(self.last_ones, self._style)))


class _Clock:
    """A thread that keeps the line of what trains up to date, while the main one waits for the student's code."""

    def __init__(self, name: str, heard: Callable[[], str], style: Style) -> None:
        self._name = name
        self._heard = heard
        self._style = style
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        from nnedu.reporting.live import training_line

        started, before = time.monotonic(), ""
        with suppress(OSError):  # nobody looks any more; the main thread comes to know of it
            while True:
                line = training_line(self._name, int(time.monotonic() - started), self._heard(), self._style)
                if line != before:
                    _write(f"{CLEAR}{line}")
                before = line
                if self._stopped.wait(TICK):
                    return

    def stop(self) -> None:
        """End the thread; what it has written is left to the caller."""
        self._stopped.set()
        self._thread.join()


def _write(text: str) -> None:
    click.echo(text, nl=False)
    sys.stdout.flush()
