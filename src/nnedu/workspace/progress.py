"""What came of every exercise so far, and the hints that were given: `.nnedu/progress.json`, for people to read too."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

import msgspec

from nnedu.errors import WorkspaceError
from nnedu.outcome import ExerciseOutcome, LessonOutcome, State
from nnedu.workspace import disk

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nnedu.workspace.workspace import Workspace

FORMAT = 1
NAME = "progress.json"


class ExerciseProgress(msgspec.Struct, frozen=True):
    """An exercise at its last check. `message` is of the first check that did not pass; `attempts` leaves stubs out.

    `files` is the fingerprint of the lesson's files at that check, `broken_at` where its module could not be loaded.
    """

    state: State
    points: int
    max_points: int
    summary: str
    mistake: str | None
    message: str
    best_points: int
    attempts: int
    checked_at: datetime
    files: str = ""
    broken_at: str = ""


class _Contents(msgspec.Struct):
    format: int = FORMAT
    lessons: dict[str, dict[str, ExerciseProgress]] = {}
    hints: dict[str, dict[str, dict[str, int]]] = {}


class Progress:
    """The progress of one workspace. Nothing is written before `save`."""

    def __init__(self, path: Path, contents: _Contents | None = None) -> None:
        self.path = path
        self._contents = contents or _Contents()

    @classmethod
    def load(cls, workspace: Workspace) -> Self:
        """Read the progress; a file that cannot be read is set aside, and said once."""
        path = workspace.marker / NAME
        data = disk.read(path)
        if data is None:
            return cls(path)
        try:
            contents = msgspec.json.decode(data, type=_Contents)
        except (msgspec.DecodeError, RecursionError) as error:
            raise _set_aside(path) from error
        if contents.format != FORMAT:
            text = f"{path} has format {contents.format}; this nnedu reads format {FORMAT}."
            raise WorkspaceError(text, "Upgrade: pip install --upgrade nnedu")
        return cls(path, contents)

    def record(self, outcome: LessonOutcome, at: datetime, files: str = "") -> None:
        """Take in what came of a check; exercises that were not checked stay as they were."""
        lesson = self._contents.lessons.setdefault(outcome.lesson, {})
        for one in outcome.exercises:
            lesson[one.id] = _after(lesson.get(one.id), one, at, files)

    def exercise(self, lesson: str, exercise: str) -> ExerciseProgress | None:
        """Return an exercise at its last check, None if it was never checked."""
        return self._contents.lessons.get(lesson, {}).get(exercise)

    def last_checked(self, lessons: Sequence[str]) -> str | None:
        """Return the lesson of the last check, None if none of them was checked."""
        times = {
            lesson: max(one.checked_at for one in self._contents.lessons[lesson].values())
            for lesson in lessons
            if self._contents.lessons.get(lesson)
        }
        return max(times, key=times.__getitem__, default=None)

    def points(self, lesson: str) -> tuple[int, int]:
        """Return the points of a lesson at the last check of each exercise, and how many there were to earn."""
        found = self._contents.lessons.get(lesson, {}).values()
        return sum(one.points for one in found), sum(one.max_points for one in found)

    def hint_level(self, lesson: str, exercise: str, mistake: str | None) -> int:
        """Return how many hints were given on a mistake; None stands for the hints of the exercise as such."""
        return self._contents.hints.get(lesson, {}).get(exercise, {}).get(mistake or "", 0)

    def hints(self, lesson: str) -> dict[str, int]:
        """Return how many hints were given on each exercise of a lesson, on whatever mistake."""
        given = self._contents.hints.get(lesson, {})
        return {exercise: sum(levels.values()) for exercise, levels in sorted(given.items()) if any(levels.values())}

    def give_hint(self, lesson: str, exercise: str, mistake: str | None, level: int) -> None:
        """Remember that the hints on a mistake were given up to `level`; what was given stays given."""
        level = max(level, self.hint_level(lesson, exercise, mistake))
        self._contents.hints.setdefault(lesson, {}).setdefault(exercise, {})[mistake or ""] = level

    def save(self) -> None:
        """Write the file."""
        disk.replace(self.path, msgspec.json.format(msgspec.json.encode(self._contents)) + b"\n")


def _after(before: ExerciseProgress | None, one: ExerciseOutcome, at: datetime, files: str) -> ExerciseProgress:
    failure = one.first_failure
    tried = one.state not in {State.NOT_STARTED, State.FAULT}
    return ExerciseProgress(
        state=one.state,
        points=one.points,
        max_points=one.max_points,
        summary=one.summary,
        mistake=one.diagnosis.mistake if one.diagnosis else None,
        message=failure.message if failure else "",
        best_points=max(one.points, before.best_points if before else 0),
        attempts=(before.attempts if before else 0) + tried,
        checked_at=at.astimezone(UTC),
        files=files,
        broken_at=one.broken_at,
    )


def _set_aside(path: Path) -> WorkspaceError:
    aside = path.with_name(f"{path.name}.damaged")
    number = 2
    while aside.exists():
        aside = path.with_name(f"{path.name}.damaged{number}")
        number += 1
    with disk.writing(aside):
        path.rename(aside)
    text = f"{path} is damaged. It was set aside as {aside.name}; your code is not touched."
    return WorkspaceError(text, "Type the command again: progress starts afresh, and nnedu check fills it in.")
