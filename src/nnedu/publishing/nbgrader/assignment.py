"""Writes a lesson into a course of nbgrader: notebook, what lies beside it, settings. Nothing of a person's is lost."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnedu.errors import UsageError
from nnedu.publishing.build import build, figures
from nnedu.publishing.nbgrader import config
from nnedu.publishing.nbgrader.layout import layout_of
from nnedu.publishing.nbgrader.notebook import OURS, digest_of, notebook_of
from nnedu.publishing.nbgrader.statements import grade_id_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nnedu.course import Course, Lesson
    from nnedu.publishing.nbgrader.config import Settings

SOURCE = "source"


@dataclass(slots=True)
class Exported:
    """What was written, what was as it is already, and what a person should know."""

    written: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def export(course: Course, lesson: Lesson, folder: Path, settings: Settings) -> Exported:
    """Write the assignment of a lesson into a course of nbgrader, which may be new."""
    if "+" in lesson.id:
        text = f"nbgrader takes no + in the name of an assignment, and the lesson is called {lesson.id}."
        raise UsageError(text, "Give its folders another name.")
    done = Exported()
    layout = layout_of(course, lesson)
    notebook = notebook_of(course, layout)
    place = folder / SOURCE / lesson.id
    done.notes += _looked_at(place / f"{lesson.id}.ipynb", json.loads(notebook))
    files = {f"{lesson.id}.ipynb": notebook, f"{lesson.id}.zip": build(course, lesson), **figures(lesson)}
    settings_file = folder / config.NAME
    written = config.merged(_text(settings_file), config.block(settings))  # refused before anything is written
    _write_all(place, files, SOURCE, done)
    _write_all(folder, {config.NAME: written.encode()}, "", done)
    return done


def settings_of(folder: Path) -> Settings | None:
    """Return what an earlier export told nbgrader, None where there was none."""
    return config.settings_in(_text(folder / config.NAME))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        text = f"{path} cannot be read as text."
        raise UsageError(text, "Save it as UTF-8, or move it away.") from error


def _write_all(folder: Path, files: Mapping[str, bytes], above: str, done: Exported) -> None:
    for name, data in files.items():
        path = folder / name
        shown = f"{above}/{folder.name}/{name}" if above else name
        try:
            if path.is_file() and path.read_bytes() == data:
                done.same.append(shown)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            _replace(path, data)
        except OSError as error:
            text = f"{path} cannot be written: {error.strerror}."
            raise UsageError(text, "Name another folder with --course, or make this one writable.") from error
        done.written.append(shown)


def _replace(path: Path, data: bytes) -> None:
    """Write a file as a whole: a notebook that is half there would be released."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".nnedu-")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _looked_at(path: Path, new: dict[str, Any]) -> list[str]:
    """Say what changes in a notebook that is there, or refuse: a person's own is not replaced."""
    if not path.exists():
        return []
    try:
        old: Any = json.loads(path.read_text("utf-8"))
        said = old["metadata"].get(OURS)
        mine = isinstance(said, dict) and said.get("digest") == digest_of(old["cells"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        said, mine = None, False
    if not mine:
        what = "was changed since nnedu wrote it" if said else "is not by nnedu"
        text = f"{path} {what}, and would be lost."
        raise UsageError(text, "Move it away, export, and put your changes into the new one.")
    before, after = ([grade_id_of(cell) for cell in one["cells"] if grade_id_of(cell)] for one in (old, new))
    changes = [f"+{name}" for name in after if name not in before] + [
        f"-{name}" for name in before if name not in after
    ]
    if not changes:
        return []
    return [f"cells have come or gone ({', '.join(changes)}); nbgrader refuses that once somebody has handed in"]
