"""The files of a folder or of a zip, alike: named by their parts, read one at a time and no further than a bound."""

from __future__ import annotations

import os
import stat
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from nnedu.classroom.archive import BROKEN, MAX_ZIP, UnreadableError, hidden, shown
from nnedu.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import tzinfo

MAX_FILES = 200_000
MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Leaf:
    """One file. `read` gives its bytes or raises UnreadableError; `changed` is when it was written, as far as known."""

    path: tuple[str, ...]
    read: Callable[[], bytes]
    changed: datetime | None = None

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path[-1]


def leaves(place: Path, zone: tzinfo) -> list[Leaf]:
    """Return the files in a folder or a zip, without hidden ones. A zip's own times are on the clocks of `zone`."""
    found = list(_in_folder(place, ()) if place.is_dir() else _in_zip(place, zone))
    return sorted(found, key=lambda leaf: leaf.path)


def _in_folder(folder: Path, above: tuple[str, ...]) -> Iterator[Leaf]:
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        if not above:
            text = f"{folder} cannot be read: {error.strerror}."
            raise UsageError(text, "Name the folder or the zip that holds the submissions.") from error
        yield Leaf(above, partial(_refuse, f"The folder cannot be read: {error.strerror}."))
        return
    for entry in listed:
        path = (*above, entry.name)
        if hidden(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            if len(path) < MAX_DEPTH:
                yield from _in_folder(Path(entry.path), path)
        else:
            yield _file(Path(entry.path), path)


def _file(file: Path, path: tuple[str, ...]) -> Leaf:
    try:
        status = file.lstat()
    except OSError as error:
        return Leaf(path, partial(_refuse, f"It cannot be read: {error.strerror}."))
    if not stat.S_ISREG(status.st_mode):
        kind = "a link, which is not followed" if stat.S_ISLNK(status.st_mode) else "not an ordinary file"
        return Leaf(path, partial(_refuse, f"It is {kind}."))
    return Leaf(path, partial(read_bounded, file), datetime.fromtimestamp(status.st_mtime, UTC))


def read_bounded(path: Path) -> bytes:
    """Return the bytes of a file, or raise UnreadableError; links and pipes are not followed."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            data = file.read(MAX_ZIP + 1)
    except OSError as error:
        text = f"It cannot be opened: {error.strerror}."
        raise UnreadableError(text) from error
    return _bounded(data)


def _in_zip(place: Path, zone: tzinfo) -> Iterator[Leaf]:
    try:
        archive = zipfile.ZipFile(place)
    except (*BROKEN,) as error:
        text = f"{place} is neither a folder nor a zip that can be read."
        raise UsageError(text, "Download it again, or name another.") from error
    members = archive.infolist()
    if len(members) > MAX_FILES:
        text = f"{place} holds more than {MAX_FILES} files."
        raise UsageError(text, "Name the zip that the learning platform gave you.")
    for info in members:
        path = PurePosixPath(info.filename.replace("\\", "/")).parts
        if not info.is_dir() and path and not any(map(hidden, path)) and len(path) <= MAX_DEPTH:
            yield Leaf(path, partial(_member, archive, info), _written(info, zone))


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if stat.S_IFMT(info.external_attr >> 16) not in {0, stat.S_IFREG}:
        _refuse("It is not an ordinary file.")
    if info.flag_bits & 1:
        _refuse("It is locked with a password.")
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:  # others unpack without a bound
        _refuse("It is packed in an uncommon way.")
    try:
        with archive.open(info) as member:
            data = member.read(MAX_ZIP + 1)
    except BROKEN as error:
        text = "It is damaged in the zip."
        raise UnreadableError(text) from error
    return _bounded(data)


def _bounded(data: bytes) -> bytes:
    if len(data) > MAX_ZIP:
        _refuse(f"It is larger than {MAX_ZIP >> 20} MiB.")
    return data


def _refuse(why: str) -> bytes:
    raise UnreadableError(why)


def _written(info: zipfile.ZipInfo, zone: tzinfo) -> datetime | None:
    """Return when a member was written; the first year that a zip can write stands for none."""
    try:
        moment = datetime(*info.date_time, tzinfo=zone)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.year > 1980 else None  # noqa: PLR2004 - that year


def path_shown(path: tuple[str, ...]) -> str:
    """Return a path that can be printed."""
    return "/".join(map(shown, path))
