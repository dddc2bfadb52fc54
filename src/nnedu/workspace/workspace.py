"""A workspace: the folder that holds a student's lessons, and beside them `.nnedu`, where nnedu keeps what it knows."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Self

import msgspec

from nnedu.errors import UsageError, WorkspaceError, did_you_mean
from nnedu.workspace import disk

if TYPE_CHECKING:
    from nnedu.publishing.bundle import Bundle
    from nnedu.running.work import Work

MARKER = ".nnedu"
SETTINGS = "settings.toml"
_HEAD = "# Settings of this workspace. student: your name in submissions; classroom: the folder to submit to.\n"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a student may set, by hand or by a command."""

    student: str = ""
    classroom: str = ""


class Workspace:
    """A student's folder. Lessons lie side by side in `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.marker = root / MARKER

    @classmethod
    def find(cls, start: Path) -> Self:
        """Return the workspace that `start` lies in."""
        start = _absolute(start)
        found = cls._above(start)
        if found is not None:
            return found
        _refuse_course(start)
        text = f"There is no workspace in {start}, nor above it."
        raise WorkspaceError(text, "Make one here by fetching a lesson: nnedu fetch LESSON")

    @classmethod
    def create(cls, root: Path) -> Self:
        """Make a folder a workspace, or return the one that it is."""
        workspace = cls(_absolute(root))
        _refuse_course(workspace.root)
        with disk.writing(workspace.marker):
            workspace.marker.mkdir(parents=True, exist_ok=True)
        return workspace

    @classmethod
    def open_or_create(cls, start: Path) -> Self:
        """Return the workspace that `start` lies in, or make `start` one if there is none above it."""
        return cls._above(_absolute(start)) or cls.create(start)

    @classmethod
    def _above(cls, start: Path) -> Self | None:
        for folder in (start, *start.parents):
            if os.path.isdir(folder / MARKER):  # noqa: PTH112 - false, not an error, where one may not look
                return cls(folder)
        return None

    def folder(self, lesson: str) -> Path:
        """Return the folder in which the student works on a lesson."""
        return self.root / lesson

    def bundle_folder(self, lesson: str) -> Path:
        """Return the folder in which the bundle of a lesson is unpacked."""
        return self.marker / "lessons" / lesson

    def lessons(self) -> list[str]:
        """Return the lessons that were fetched, in the order of their numbers."""
        from nnedu.course.model import lesson_number  # noqa: PLC0415

        try:
            names = os.listdir(self.marker / "lessons")  # noqa: PTH208 - names are what is wanted
        except FileNotFoundError:
            return []
        except OSError as error:
            text = f"{self.marker / 'lessons'} cannot be read: {error.strerror}."
            raise WorkspaceError(text, "Make it yours to read, then type the command again.") from error
        found = [name for name in names if not name.startswith(".") and self.bundle_folder(name).is_dir()]
        return sorted(found, key=lambda name: (lesson_number(name), name))

    def bundle(self, lesson: str) -> Bundle:
        """Return the bundle of a lesson that was fetched."""
        from nnedu.publishing.bundle import Bundle  # noqa: PLC0415

        return Bundle(self.bundle_folder(lesson))

    def work(self, lesson: str) -> Work:
        """Return what the student wrote: the modules of a lesson."""
        from nnedu.running.work import read_folder  # noqa: PLC0415 - brings numpy

        return read_folder(self.folder(lesson), self.bundle(lesson).manifest.modules)

    def lesson_at(self, path: Path) -> str | None:
        """Return the lesson whose folder contains a path."""
        for root, inside in ((self.root, _absolute(path)), (self.root.resolve(), path.resolve())):
            if inside.is_relative_to(root) and inside != root:
                name = inside.relative_to(root).parts[0]
                if name in self.lessons():
                    return name
        return None

    def resolve(self, name: str | None, cwd: Path) -> str:
        """Return the lesson that is meant: by its name, else the one of the folder `cwd`, else the one last checked."""
        lessons = self.lessons()
        if name is not None:
            return self._named(name, lessons)
        here = self.lesson_at(cwd)
        if here is not None:
            return here
        if not lessons:
            text = f"No lesson was fetched into {self.root} yet."
            raise WorkspaceError(text, "Begin with: nnedu fetch LESSON")
        from nnedu.workspace.progress import Progress  # noqa: PLC0415 - it knows this module

        return Progress.load(self).last_checked(lessons) or lessons[0]

    def upcoming(self, cwd: Path) -> str:
        """Return the lesson to go on with: the one of the folder `cwd`, else the first that is not complete."""
        lessons = self.lessons()
        here = self.lesson_at(cwd)
        return here or next((lesson for lesson in lessons if not self._complete(lesson)), lessons[-1])

    def _named(self, name: str, lessons: list[str]) -> str:
        from nnedu.course.model import find_lesson, lesson_number  # noqa: PLC0415

        try:
            return find_lesson(name, lessons)
        except UsageError:
            lesson = find_lesson(name, self._of_the_course(lessons))
            number = lesson_number(lesson)
            text = f"{lesson} was not fetched yet."
            raise WorkspaceError(text, f"nnedu fetch {f'lesson{number}' if number else lesson}") from None

    def _of_the_course(self, lessons: list[str]) -> list[str]:
        """Every lesson known: of the courses that were fetched from, else those that came with nnedu."""
        known: dict[str, None] = {}
        for lesson in lessons:
            try:
                known.update(dict.fromkeys(self.bundle(lesson).manifest.lessons))
            except UsageError:  # damaged; said when it is used
                continue
        if not known:
            from nnedu.publishing.shipped import built_in  # noqa: PLC0415

            known.update(dict.fromkeys(built_in()))
        return list(known | dict.fromkeys(lessons))

    def _complete(self, lesson: str) -> bool:
        from nnedu.workspace.progress import Progress  # noqa: PLC0415 - it knows this module

        try:
            exercises = self.bundle(lesson).manifest.exercises
        except UsageError:  # damaged; said when it is used
            return False
        progress = Progress.load(self)
        found = [progress.exercise(lesson, one.id) for one in exercises]
        return all(one is not None and one.state == "passed" for one in found)

    @property
    def settings(self) -> Settings:
        """What the student set, as it stands in the file now."""
        path = self.marker / SETTINGS
        data = disk.read(path)
        return Settings() if data is None else _parse(path, data)

    def save_settings(self, settings: Settings) -> None:
        """Write the settings; comments and layout of the file stay."""
        path = self.marker / SETTINGS
        text = (disk.read(path) or _HEAD.encode()).decode("utf-8", "replace")
        fresh = _HEAD
        for key in Settings.__struct_fields__:
            line = f"{key} = {_quoted(getattr(settings, key))}\n"
            fresh += line
            edited, count = re.subn(rf"(?m)^[ \t]*{key}[ \t]*=.*\n?", lambda _, line=line: line, text)  # type: ignore[misc]
            text = edited if count else text.rstrip("\n") + "\n" + line
        try:
            kept = _parse(path, text.encode()) == settings
        except WorkspaceError:
            kept = False
        disk.replace(path, (text if kept else fresh).encode())


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - without following links: a workspace may be one


def _refuse_course(start: Path) -> None:
    """Refuse a folder of the course itself: a lesson fetched there would mix with what it is made from."""
    for folder in (start, *start.parents):
        if os.path.isfile(folder / "course.toml") and os.path.isdir(folder / "solutions"):  # noqa: PTH112, PTH113
            text = f"{folder} is the course itself, not a workspace."
            raise WorkspaceError(text, "Work in another folder: mkdir ~/nn, cd ~/nn, nnedu fetch LESSON")


def _parse(path: Path, data: bytes) -> Settings:
    import tomllib  # noqa: PLC0415 - most commands need no settings

    step = 'It holds lines such as: student = "ada". Correct it, or delete it to start afresh.'
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        text = f"{path} cannot be read: {error}."
        raise WorkspaceError(text, step) from error
    for key in table:
        if key not in Settings.__struct_fields__:
            text = f"{path} has an unknown setting {key!r}."
            raise WorkspaceError(text, did_you_mean(key, Settings.__struct_fields__))
    try:
        return msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        text = f"{path} cannot be read: {error}."
        raise WorkspaceError(text, step) from error


def _quoted(value: str) -> str:
    """Return a TOML string; those of JSON are, but for one character."""
    return msgspec.json.encode(value).decode().replace("\x7f", "\\u007f")
