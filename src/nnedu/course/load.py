"""course.toml -> Course. Whatever is wrong is said with the file, the line, and what may have been meant."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

import msgspec

from nnedu.course.model import Classroom, Course, Lesson, Limits, Sandbox
from nnedu.course.policy import BadPolicyError, Policy, Schedule, checked_policy, schedule_of
from nnedu.errors import CourseFault, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FORMAT = 1
NAME = "course.toml"


class _LessonTable(msgspec.Struct, forbid_unknown_fields=True):
    folder: str
    title: str
    modules: list[str]
    due: Any = None  # a date or a date-time; what it means depends on the time zone of the policy
    cut_off: Any = None
    weight: float = 1.0


class _CourseTable(msgspec.Struct, forbid_unknown_fields=True):
    format: int
    title: str
    version: str
    key: str
    imports: list[str]
    lesson: list[_LessonTable]
    limits: Limits = Limits()
    demo: str = ""
    sandbox: Sandbox = Sandbox()
    classroom: Classroom = Classroom()
    policy: Policy = Policy()


_TABLES = {"lesson": _LessonTable, "limits": Limits, "sandbox": Sandbox, "classroom": Classroom, "policy": Policy}


def find_course(start: Path) -> Path | None:
    """Return the nearest folder, from `start` upwards, that holds a course.toml."""
    return next((folder for folder in (start, *start.parents) if (folder / NAME).is_file()), None)


def load_course(root: Path) -> Course:
    """Read the course in a folder, or raise CourseFault with the file, the line and a next step."""
    path = root / NAME
    try:
        text = path.read_text("utf-8")
        raw = tomllib.loads(text)
    except FileNotFoundError as error:
        message = f"There is no {NAME} in {root}."
        raise CourseFault(message, "Run this inside the course, or name its folder with --course.") from error
    except UnicodeDecodeError as error:
        message = f"{path} is not UTF-8 text."
        raise CourseFault(message, "Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        message = f"{path} is not valid TOML: {error}."
        raise CourseFault(message) from error
    try:
        table = msgspec.convert(raw, _CourseTable)
    except msgspec.ValidationError as error:
        raise _explained(str(error), path, text) from error
    return _build(root, path, text, table)


def _build(root: Path, path: Path, text: str, table: _CourseTable) -> Course:
    if table.format != FORMAT:
        message = f"{path}:{_line(text, 'format')}: format {table.format}; this nnedu reads format {FORMAT}."
        raise CourseFault(message, "A newer course needs a newer nnedu: pip install --upgrade nnedu")
    for name in Limits.__struct_fields__:
        if getattr(table.limits, name) <= 0:
            message = f"{path}:{_line(text, name, 'limits')}: {name} must be more than 0."
            raise CourseFault(message)
    schedules = _schedules(path, text, table)
    lessons = tuple(
        Lesson(one.folder, one.title, tuple(one.modules), root, schedule)
        for one, schedule in zip(table.lesson, schedules, strict=True)
    )
    _check_lessons(root, path, text, lessons)
    if table.demo and table.demo not in {lesson.id for lesson in lessons}:
        message = f"{path}:{_line(text, 'demo')}: demo names {table.demo!r}, which is no lesson of the course."
        raise CourseFault(message, did_you_mean(table.demo, [lesson.id for lesson in lessons]))
    return Course(
        root,
        table.title,
        table.version,
        table.key,
        frozenset(table.imports),
        table.limits,
        lessons,
        table.demo,
        table.sandbox,
        table.classroom,
        table.policy,
    )


def _schedules(path: Path, text: str, table: _CourseTable) -> list[Schedule]:
    """Return the schedule of each lesson, when the policy is possible."""
    where, index = "policy", 0
    try:
        zone = checked_policy(table.policy).zone
        where = "lesson"
        schedules = []
        for index, one in enumerate(table.lesson):  # noqa: B007 - where it was when a value was refused
            schedules.append(schedule_of(msgspec.structs.asdict(one), zone))
    except BadPolicyError as error:
        message = f"{path}:{_line(text, error.key, where, index)}: {error.sentence}."
        raise CourseFault(message, error.next_step) from error
    return schedules


def _check_lessons(root: Path, path: Path, text: str, lessons: Sequence[Lesson]) -> None:
    """See that each lesson is there, once, with its graders."""
    for index, lesson in enumerate(lessons):
        line = _line(text, "folder", "lesson", index)
        if lesson.id in [other.id for other in lessons[:index]]:
            message = f"{path}:{line}: {lesson.id} is listed twice."
            raise CourseFault(message)
        if not lesson.solutions_folder.is_dir() or not lesson.graders_folder.is_dir():
            folders = [p.name for p in sorted((root / "solutions").glob("*")) if p.is_dir()]
            message = f"{path}:{line}: there is no lesson {lesson.id!r} in solutions/ and graders/."
            raise CourseFault(message, did_you_mean(lesson.id, folders))
        for module in lesson.modules:
            if not (lesson.graders_folder / f"test_{module}.py").is_file():
                graders = [p.stem.removeprefix("test_") for p in sorted(lesson.graders_folder.glob("test_*.py"))]
                line = _line(text, "modules", "lesson", index)
                message = f"{path}:{line}: {lesson.id} has no grader test_{module}.py."
                raise CourseFault(message, did_you_mean(module, graders))


def _explained(error: str, path: Path, text: str) -> CourseFault:
    """Turn msgspec's message into the file, the line, and the names that are known."""
    what, _, where = error.partition(" - at `$")
    place = re.findall(r"\.(\w+)|\[(\d+)\]", where)
    index = int(place[1][1]) if len(place) > 1 and place[1][1] else 0
    unknown = re.search(r"unknown field `(\w+)`", what)
    missing = re.search(r"missing required field `(\w+)`", what)
    table = place[0][0] if place and (unknown or len(place) > 1) else ""
    key = unknown[1] if unknown else next((name for name, _ in reversed(place) if name), "")
    line = _line(text, key, table, index)
    fields = _TABLES.get(table, _CourseTable)
    if unknown:
        return CourseFault(f"{path}:{line}: unknown key {key!r}.", did_you_mean(key, fields.__struct_fields__))
    if missing:
        inside = f" of [[{place[0][0]}]] number {index + 1}" if place else ""
        return CourseFault(f"{path}: the key {missing[1]!r}{inside} is missing.")
    known = get_args(get_type_hints(fields).get(key)) if "enum value" in what else ()
    return CourseFault(f"{path}:{line}: {key}: {what[0].lower()}{what[1:]}.", did_you_mean("", known))


def _line(text: str, key: str, table: str = "", index: int = 0) -> int:
    """Return the line on which a key is set in the n-th table of a name, or anywhere, or that of the table, or 1."""
    lines = text.splitlines()
    heads = [n for n, line in enumerate(lines, 1) if re.match(rf"\s*\[+\s*{re.escape(table)}\s*\]", line)]
    start = heads[index] if table and index < len(heads) else 0
    for number, line in enumerate(lines[start:], start + 1):
        if re.match(rf"\s*\[*{re.escape(key)}\b", line):
            return number
        if start and re.match(r"\s*\[+\s*[\w.-]+\s*\]+\s*(#.*)?$", line):
            break
    return start or 1
