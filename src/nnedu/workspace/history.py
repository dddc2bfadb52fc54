"""Snapshots of a student's modules, and the way back through them.

A snapshot is a folder `<time>-<reason>` that holds the files as bytes, and `index.json`, which says what they were and
which were missing. Snapshots are only ever added. `undo` puts an earlier one back and adds it once more at the end, so
that the newest is always what the student last had; a cursor remembers how far back the walk has come, and counts for
as long as the files are as that walk left them.
"""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from nnedu.errors import WorkspaceError
from nnedu.workspace import disk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from nnedu.workspace.workspace import Workspace

INDEX = "index.json"
CURSOR = ".cursor.json"
STAMP = "%Y%m%dT%H%M%S%fZ"

Files = dict[str, bytes | None]
Hashes = dict[str, str | None]


class Snapshot(msgspec.Struct, frozen=True):
    """What one snapshot holds: the hash of each file, None of one that was missing."""

    taken: datetime
    reason: str
    files: Hashes


class Undone(msgspec.Struct, frozen=True):
    """What was put back: from when, what that snapshot was taken for, and the files that changed by it."""

    taken: datetime
    reason: str
    files: tuple[str, ...]


class _Cursor(msgspec.Struct, frozen=True):
    position: str
    files: Hashes


def folder(workspace: Workspace, lesson: str) -> Path:
    """Return the folder that holds the snapshots of a lesson."""
    return workspace.marker / "history" / lesson


def snapshot(workspace: Workspace, lesson: str, reason: str, modules: Sequence[str] | None = None) -> Path | None:
    """Keep the modules of a lesson as they are now; None if the newest snapshot holds just that."""
    return _keep(folder(workspace, lesson), _present(workspace, lesson, modules), reason)


def undo(workspace: Workspace, lesson: str) -> Undone:
    """Put back the newest snapshot that differs from what is there; typed again, the one before it."""
    history = folder(workspace, lesson)
    files = _present(workspace, lesson)
    present = _hashes(files)
    cursor = _cursor(history, present)
    _keep(history, files, "undo")
    for path, found in _snapshots(history, cursor):
        names = [name for name, digest in found.files.items() if name in present and present[name] != digest]
        if names:
            earlier = {name: disk.read(path / name) for name in names}
            if _hashes(earlier) == {name: found.files[name] for name in names}:  # else it is damaged
                break
    else:
        raise _nothing(history, lesson, cursor)
    disk.replace_all({workspace.folder(lesson) / name: data for name, data in earlier.items()})
    now = files | earlier
    _keep(history, now, found.reason, taken=found.taken)
    disk.replace(history / CURSOR, msgspec.json.encode(_Cursor(path.name, _hashes(now))))
    return Undone(found.taken, found.reason, tuple(names))


def _nothing(history: Path, lesson: str, cursor: str) -> WorkspaceError:
    if not cursor:
        return WorkspaceError(f"There is nothing to undo in {lesson}.", "Every check keeps a copy to come back to.")
    with disk.writing(history / CURSOR):
        (history / CURSOR).unlink(missing_ok=True)
    text = f"This is the earliest that was kept of {lesson}."
    return WorkspaceError(text, f"nnedu undo starts again from the newest. All copies are in {history}")


def _present(workspace: Workspace, lesson: str, modules: Sequence[str] | None = None) -> Files:
    if modules is None:
        modules = workspace.bundle(lesson).manifest.modules
    return {f"{module}.py": disk.read(workspace.folder(lesson) / f"{module}.py") for module in modules}


def _hashes(files: Mapping[str, bytes | None]) -> Hashes:
    return {name: None if data is None else hashlib.sha256(data).hexdigest() for name, data in files.items()}


def _cursor(history: Path, present: Hashes) -> str:
    """Return the snapshot that the last undo put back, empty if anything was changed since."""
    try:
        cursor = msgspec.json.decode((history / CURSOR).read_bytes(), type=_Cursor)
    except (OSError, msgspec.DecodeError):  # a cursor is only a convenience
        return ""
    return cursor.position if cursor.files == present else ""


def _names(history: Path) -> list[str]:
    """Return the names of the snapshots, the newest first."""
    try:
        return sorted((name for name in os.listdir(history) if not name.startswith(".")), reverse=True)  # noqa: PTH208
    except FileNotFoundError:
        return []
    except OSError as error:
        text = f"{history} cannot be read: {error.strerror}."
        raise WorkspaceError(text, "Make it yours to read, then type the command again.") from error


def _snapshots(history: Path, before: str = "") -> Iterator[tuple[Path, Snapshot]]:
    """Give the snapshots that can be read, the newest first, only those older than `before` if it is given."""
    for name in _names(history):
        if before and name >= before:
            continue
        try:
            yield history / name, msgspec.json.decode((history / name / INDEX).read_bytes(), type=Snapshot)
        except (OSError, msgspec.DecodeError):  # not whole, so not one to put back
            continue


def _keep(history: Path, files: Files, reason: str, taken: datetime | None = None) -> Path | None:
    hashes = _hashes(files)
    newest = next(_snapshots(history), None)
    if newest is not None and newest[1].files == hashes:
        return None
    moment = datetime.now(UTC)
    record = Snapshot(taken or moment, reason, hashes)
    stored = {name: data for name, data in files.items() if data is not None}
    stored[INDEX] = msgspec.json.format(msgspec.json.encode(record))
    path = history / f"{_stamp(history, moment)}-{reason}"
    new = disk.write_folder(path, stored)
    disk.swap(new, path)
    return path


def _stamp(history: Path, moment: datetime) -> str:
    """Return a name that sorts after all others, also when the clock was set back."""
    last = next(iter(_names(history)), "").split("-")[0]
    if last >= moment.strftime(STAMP):
        try:
            moment = datetime.strptime(last, STAMP).replace(tzinfo=UTC) + timedelta(microseconds=1)
        except ValueError:  # not a name of ours
            return moment.strftime(STAMP)
    return moment.strftime(STAMP)
