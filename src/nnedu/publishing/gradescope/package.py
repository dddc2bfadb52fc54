"""autograder.zip: setup.sh, run_autograder, a wheel of nnedu, and the one lesson with its solutions and graders."""

from __future__ import annotations

from importlib.resources import files as resources
from typing import TYPE_CHECKING

import msgspec
import tomlkit

from nnedu.course.load import FORMAT, NAME
from nnedu.publishing.gradescope.results import HiddenChecks
from nnedu.publishing.gradescope.wheel import archive, own_wheel, pinned
from nnedu.running.kit import lesson_files

if TYPE_CHECKING:
    from nnedu.course import Course, Lesson

COURSE = "course"
SETTINGS = "nnedu.json"
SCRIPTS = ("setup.sh", "run_autograder")
WHEEL = "nnedu-*.whl"


class Settings(msgspec.Struct, frozen=True):
    """What was chosen when the zip was made."""

    lesson: str
    hidden: HiddenChecks = HiddenChecks.SHOWN


def autograder(course: Course, lesson: Lesson, hidden: HiddenChecks, wheel: tuple[str, bytes] | None = None) -> bytes:
    """Return the zip for Gradescope. The same course and the same nnedu give the same bytes."""
    name, data = wheel or own_wheel()
    held = {name: data, "requirements.txt": pinned().encode()}
    held[SETTINGS] = msgspec.json.format(msgspec.json.encode(Settings(lesson.id, hidden)))
    held[f"{COURSE}/{NAME}"] = _course_file(course, lesson).encode()
    held |= {f"{COURSE}/{path}": text for path, text in lesson_files(lesson).items()}
    for script in SCRIPTS:
        held[script] = (resources(__package__) / script).read_bytes()
    return archive(held, executable=SCRIPTS)


def _course_file(course: Course, lesson: Lesson) -> str:
    """Return a course.toml of one lesson, by which it is graded as by the whole one."""
    return tomlkit.dumps(
        {
            "format": FORMAT,
            "title": course.title,
            "version": course.version,
            "key": course.key,
            "imports": sorted(course.imports),
            "limits": msgspec.to_builtins(course.limits),
            "sandbox": msgspec.to_builtins(course.sandbox),
            "lesson": [{"folder": lesson.id, "title": lesson.title, "modules": list(lesson.modules)}],
        }
    )
