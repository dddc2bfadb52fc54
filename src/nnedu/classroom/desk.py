"""The instructor's desk: a course, the folders of its class, and its gradebook, opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from nnedu.classroom.gradebook import Gradebook, open_gradebook
from nnedu.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from nnedu.course import Course

GRADEBOOK = "gradebook.db"


@dataclass(frozen=True, slots=True)
class Desk:
    """A course and its class. `folder` is the instructor's own, `exchange` is shared with students."""

    course: Course
    folder: Path
    exchange: Path
    book: Gradebook

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.book.close()


def open_desk(course: Course) -> Desk:
    """Open the desk of a course; the instructor's folder and the gradebook are made where there are none."""
    said = course.classroom
    folder, exchange = course.root / said.folder, course.root / said.exchange
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        text = f"The classroom's folder {folder} cannot be made: {error.strerror}."
        raise UsageError(text, 'Name another in course.toml: [classroom], folder = "FOLDER"') from error
    return Desk(course, folder, exchange, open_gradebook(said.gradebook or folder / GRADEBOOK))
