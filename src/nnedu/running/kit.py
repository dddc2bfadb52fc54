"""What a grader process is made from: a lesson with its course, and the versions of all that a grade depends on."""

from __future__ import annotations

import hashlib
import platform
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

import nnedu
from nnedu.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nnedu.course import Course, Lesson

SHOWN = 12
_TREES = ("solutions", "graders")


@dataclass(frozen=True, slots=True)
class Kit:
    """A lesson as one process hands it to another. `files` are its contents where no folder is shared.

    `lesson_version` and `engine` are those that the grades will be known by: a process that finds others refuses.
    """

    course: Course
    lesson: Lesson
    stubs: Mapping[str, str]
    lesson_version: str
    engine: str
    files: Mapping[str, bytes] | None = None

    @property
    def token(self) -> str:
        """A name for all that it holds."""
        return f"{self.lesson_version}/{self.engine}"

    def packed(self) -> Kit:
        """Return the kit with the contents of the lesson in it."""
        return replace(self, files=lesson_files(self.lesson))

    def unpacked(self, folder: Path) -> Kit:
        """Write the contents to a folder of this machine, and return the kit of the lesson there."""
        for name, data in (self.files or {}).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        lesson = replace(self.lesson, course_root=folder)
        return replace(self, course=replace(self.course, root=folder, lessons=(lesson,)), lesson=lesson, files=None)

    def prove(self) -> None:
        """Raise UsageError where this process would grade otherwise than the one that made the kit."""
        ours = engine_version()
        if ours != self.engine:
            text = f"A grader process has another engine ({ours}) than the command ({self.engine})."
            step = "Have the same nnedu, Python and numpy everywhere, leave them alone meanwhile, and run it again."
            raise UsageError(text, step)
        if lesson_version(self.course, self.lesson) != self.lesson_version:
            text = f"{self.lesson.id} was changed while a class was being graded with it."
            raise UsageError(
                text, "What is graded is kept. Run the command again: the class is graded by what is there."
            )


def kit_of(course: Course, lesson: Lesson, stubs: Mapping[str, str]) -> Kit:
    """Return the kit of a lesson that lies in a folder of this machine."""
    alone = replace(course, lessons=(lesson,))
    return Kit(alone, lesson, stubs, lesson_version(course, lesson), engine_version())


def lesson_files(lesson: Lesson) -> dict[str, bytes]:
    """Return the solutions and graders of a lesson, by their names in the course."""
    files = {}
    for tree in _TREES:
        folder = lesson.course_root / tree / lesson.id
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(lesson.course_root)
            if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in name.parts):
                files[name.as_posix()] = path.read_bytes()
    return files


def lesson_version(course: Course, lesson: Lesson) -> str:
    """Return a hash of what decides about a grade: solutions, graders, and what course.toml says of them."""
    said = [course.key, sorted(course.imports), course.limits, course.sandbox, lesson.id, lesson.modules]
    digest = hashlib.sha256(msgspec.json.encode(said))
    for name, data in lesson_files(lesson).items():
        digest.update(f"\0{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()[:SHOWN]


@cache
def engine_version() -> str:
    """Return the versions of nnedu, by its sources, of Python and of numpy."""
    digest = hashlib.sha256()
    folder = Path(nnedu.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        digest.update(f"\0{path.relative_to(folder).as_posix()}\0".encode() + path.read_bytes())
    sources = digest.hexdigest()[:SHOWN]
    return f"nnedu {nnedu.__version__} ({sources}), Python {platform.python_version()}, numpy {version('numpy')}"
