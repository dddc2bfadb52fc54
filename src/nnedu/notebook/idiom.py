"""How a student's work in a notebook is spoken of: by cell, and with magic commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nnedu.outcome import ExerciseOutcome


class Notebook:
    """Cells instead of files, and `%check`. `places` says where each exercise is defined: `cell 5:3`."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = places

    def check(self, lesson: str, exercise: str = "") -> str:
        """`%check lesson5/backprop`."""
        return f"%check {lesson}/{exercise}" if exercise else f"%check {lesson}"

    def hint(self, lesson: str, exercise: str) -> str:
        """`%hint lesson5/backprop`."""
        return f"%hint {lesson}/{exercise}"

    def onwards(self, lesson: str) -> str:
        """Nothing: how a notebook is handed in, nnedu does not know."""
        del lesson
        return ""

    def report(self, lesson: str) -> str:
        """Send the notebook; the message is in it."""
        return f"send this notebook to your instructor; {lesson} needs mending"

    def file(self, exercise: ExerciseOutcome) -> str:
        """`cell 5`, or some cell where it is not written yet."""
        return self._places.get(exercise.id, "").partition(":")[0] or "a cell"

    def place(self, exercise: ExerciseOutcome) -> str:
        """`cell 5:3`."""
        return exercise.broken_at or self._places.get(exercise.id, "")
