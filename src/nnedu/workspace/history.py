"""Snapshots of a student's modules and answers, and the way back through them.

A snapshot is a folder `<time>-<reason>` that holds the files as bytes, and `index.json`, which says what they were and
which were missing. Snapshots are only ever added, and a file that is there is never taken away. `undo` puts an earlier
one back and adds it once more at the end, so that the newest is always what the student last had; a cursor remembers
how far back the walk has come, and counts for as long as the files are as that walk left them.
"""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from nnedu.errors import WorkspaceError
from nnedu.outcome import ANSWERS
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


class Kept(msgspec.Struct, frozen=True):
    """A state that can be put back, by its number; `files` are those that would change by it."""

    number: int
    taken: datetime
    reason: str
    files: tuple[str, ...]


class Undone(msgspec.Struct, frozen=True):
    """What was put back: from when, what that snapshot was taken for, and the files that changed by it.

    `back` is the number of the state that was there before.
    """

    taken: datetime
    reason: str
    files: tuple[str, ...]
    back: int


class _Cursor(msgspec.Struct, frozen=True):
    position: str
    files: Hashes


def folder(workspace: Workspace, lesson: str) -> Path:
    """Return the folder that holds the snapshots of a lesson."""
    return workspace.marker / "history" / lesson


def snapshot(workspace: Workspace, lesson: str, reason: str, modules: Sequence[str] | None = None) -> Path | None:
    """Keep the modules of a lesson as they are now; None if the newest snapshot holds just that."""
    return _keep(folder(workspace, lesson), _present(workspace, lesson, modules), reason)


def fingerprint(workspace: Workspace, lesson: str) -> str:
    """Return what tells whether the modules of a lesson were edited since."""
    return hashlib.sha256(msgspec.json.encode(_hashes(_present(workspace, lesson)), order="sorted")).hexdigest()


def kept(workspace: Workspace, lesson: str) -> list[Kept]:
    """Return the states that can be put back, the newest first and each once, with numbers that stay what they are."""
    present = _hashes(_present(workspace, lesson))
    found: dict[object, Kept] = {}
    for number, (_, one) in _numbered(folder(workspace, lesson)).items():
        found.setdefault(
            tuple(sorted(one.files.items())), Kept(number, one.taken, one.reason, _changing(one.files, present))
        )
    return list(found.values())[::-1]


def undo(workspace: Workspace, lesson: str, to: int | None = None) -> Undone:
    """Put back the newest snapshot that differs from what is there; typed again, the one before it. Or state `to`."""
    history = folder(workspace, lesson)
    files = _present(workspace, lesson)
    present = _hashes(files)
    cursor = _cursor(history, present)
    numbered = _numbered(history)
    if to is not None and to not in numbered:
        text = f"There is no state {to} of {lesson}."
        raise WorkspaceError(text, f"nnedu undo {lesson} --list shows what there is.")
    _keep(history, files, "undo")
    for path, found in _snapshots(history, cursor) if to is None else [numbered[to]]:
        names = _changing(found.files, present)
        if names:
            earlier = {name: disk.read(path / name) for name in names}
            if _hashes(earlier) == {name: found.files[name] for name in names}:  # else it is damaged
                break
    else:
        raise _nothing(history, lesson, cursor) if to is None else _not_put_back(lesson, to, damaged=bool(names))
    disk.replace_all({workspace.folder(lesson) / name: data for name, data in earlier.items()})
    now = files | earlier
    _keep(history, now, found.reason, taken=found.taken)
    disk.replace(history / CURSOR, msgspec.json.encode(_Cursor(path.name, _hashes(now))))
    back = next((number for number, (_, one) in _numbered(history).items() if one.files == present), 0)
    return Undone(found.taken, found.reason, names, back)


def _changing(earlier: Hashes, present: Hashes) -> tuple[str, ...]:
    known = {*present, ANSWERS}
    return tuple(name for name, digest in earlier.items() if digest and name in known and present.get(name) != digest)


def _not_put_back(lesson: str, number: int, *, damaged: bool) -> WorkspaceError:
    text = f"State {number} of {lesson} {'is damaged' if damaged else 'is what is there now'}."
    return WorkspaceError(text, f"Nothing was changed. nnedu undo {lesson} --list shows the others.")


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
    place = workspace.folder(lesson)
    names = [f"{module}.py" for module in modules] + [ANSWERS] * (place / ANSWERS).is_file()
    return {name: disk.read(place / name) for name in names}


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


def _numbered(history: Path) -> dict[int, tuple[Path, Snapshot]]:
    """Return the snapshots by their numbers, from the oldest: none is ever taken away, so a number stays."""
    numbers = {name: number for number, name in enumerate(reversed(_names(history)), 1)}
    return {numbers[path.name]: (path, one) for path, one in reversed(list(_snapshots(history)))}


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
