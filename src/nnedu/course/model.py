"""The records of a course. Exercises are not among them: those, their order and their points stand in the graders."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import msgspec

from nnedu.course.policy import Policy, Schedule
from nnedu.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What student code may use: wall-clock seconds in a call, in an exercise, and in one submission of one lesson.

    The rest is of one worker, and holds where workers are confined: CPU seconds, address space, and what is written.
    """

    call_seconds: float = 10.0
    exercise_seconds: float = 30.0
    submission_seconds: float = 120.0
    cpu_seconds: int = 120
    memory_mib: int = 1024
    output_kib: int = 1024


class Sandbox(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What confines student code when a class is graded. Without the layers of `minimum` nobody is graded.

    `files`: what may be read, the library ("landlock") or nothing ("none"). `bubblewrap`: where it starts, or never.
    """

    files: Literal["auto", "landlock", "none"] = "auto"
    bubblewrap: Literal["auto", "never"] = "auto"
    minimum: tuple[Literal["seccomp", "files", "signals", "bubblewrap", "uid"], ...] = ("seccomp", "files")


class Classroom(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a class is kept: the instructor's own folder, the one shared with students, and the database by URL.

    Folders are relative to the course. Without a URL the gradebook is a file in the instructor's folder.
    """

    folder: str = "classroom"
    exchange: str = "exchange"
    gradebook: str = ""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A folder of one topic, of one name in all three trees; `modules` stand in the order to work through."""

    id: str
    title: str
    modules: tuple[str, ...]
    course_root: Path
    schedule: Schedule = field(default_factory=Schedule)

    @property
    def number(self) -> int:
        """The number in the folder's name."""
        return lesson_number(self.id)

    @property
    def exercises_folder(self) -> Path:
        """What students receive: the README and the stubs."""
        return self.course_root / "exercises" / self.id

    @property
    def solutions_folder(self) -> Path:
        """The reference, from which the stubs are made."""
        return self.course_root / "solutions" / self.id

    @property
    def graders_folder(self) -> Path:
        """Checks, mistakes, variants and hints."""
        return self.course_root / "graders" / self.id

    def solution_sources(self) -> dict[str, str]:
        """Return the text of each module of the solution."""
        return {path.stem: path.read_text("utf-8") for path in sorted(self.solutions_folder.glob("*.py"))}


@dataclass(frozen=True, slots=True)
class Course:
    """What `course.toml` says."""

    root: Path
    title: str
    version: str
    key: str
    imports: frozenset[str]
    limits: Limits
    lessons: tuple[Lesson, ...]
    demo: str = ""
    sandbox: Sandbox = field(default_factory=Sandbox)
    classroom: Classroom = field(default_factory=Classroom)
    policy: Policy = field(default_factory=Policy)

    def lesson(self, name: str) -> Lesson:
        """Return the lesson that a person means by `name`."""
        return next(one for one in self.lessons if one.id == find_lesson(name, [one.id for one in self.lessons]))


def lesson_number(lesson: str) -> int:
    """Return the number in the name of a lesson's folder, 0 if it has none."""
    found = re.match(r"lesson(\d+)", lesson)
    return int(found[1]) if found else 0


def find_lesson(name: str, known: Sequence[str]) -> str:
    """Return the lesson that a person means: `lesson5`, `5`, `lesson05`, `backpropagation` or the folder's name."""
    wanted = name.strip().strip("/").lower()
    number = re.fullmatch(r"(?:lesson)?[ _-]?0*(\d+)", wanted)
    for lesson in known:
        topic = re.sub(r"^lesson\d+_", "", lesson)
        numbered = topic != lesson and number and lesson_number(lesson) == int(number[1])
        if wanted in {lesson.lower(), topic.lower()} or numbered:
            return lesson
    shown = [f"lesson{lesson_number(lesson)}" if lesson_number(lesson) else lesson for lesson in known]
    topics = [re.sub(r"^lesson\d+_", "", lesson) for lesson in known]
    text = f"There is no lesson {name!r}."
    if re.fullmatch(r"(lesson)?\d+", wanted):
        raise UsageError(text, f"Known: {', '.join(shown)}.")
    raise UsageError(text, did_you_mean(wanted, [*shown, *topics]))
