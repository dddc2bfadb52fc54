"""How a student's work is spoken of: what to type, and where something stands. In a terminal here; others differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from nnedu.outcome import ExerciseOutcome


class Idiom(Protocol):
    """The words of the place that a student works in. Lessons are named as people type them: `lesson5`."""

    def check(self, lesson: str, exercise: str = "") -> str:
        """What to type to check a lesson, or one of its exercises."""

    def hint(self, lesson: str, exercise: str) -> str:
        """What to type for a hint."""

    def onwards(self, lesson: str) -> str:
        """What to do with a lesson that is complete, or nothing."""

    def report(self, lesson: str) -> str:
        """What to do about a mistake in the course."""

    def file(self, exercise: ExerciseOutcome) -> str:
        """What an exercise is written in."""

    def place(self, exercise: ExerciseOutcome) -> str:
        """Where an exercise stands."""


class Terminal:
    """Files in a folder, and commands."""

    def check(self, lesson: str, exercise: str = "") -> str:
        """`nnedu check lesson5/backprop`."""
        return f"nnedu check {lesson}/{exercise}" if exercise else f"nnedu check {lesson}"

    def hint(self, lesson: str, exercise: str) -> str:
        """`nnedu hint lesson5/backprop`."""
        return f"nnedu hint {lesson}/{exercise}"

    def onwards(self, lesson: str) -> str:
        """`nnedu submit lesson5`."""
        return f"nnedu submit {lesson}"

    def report(self, lesson: str) -> str:
        """Send what a program would read."""
        return f"send this to your instructor:  nnedu check {lesson} --json"

    def file(self, exercise: ExerciseOutcome) -> str:
        """`backprop.py`."""
        return exercise.file

    def place(self, exercise: ExerciseOutcome) -> str:
        """`backprop.py:12`, or where its file cannot be loaded."""
        line = f":{exercise.line}" if exercise.line else ""
        return exercise.broken_at or f"{exercise.file}{line}"


TERMINAL = Terminal()
