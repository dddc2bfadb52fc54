"""Files on disk: each is the old one or the new one, never half of either, and what went wrong is a sentence."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from typing import TYPE_CHECKING

from nnedu.errors import WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MAX_FILE = 64 << 20
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the system refuses while `path` is written into a sentence."""
    try:
        yield
    except OSError as error:
        raise _refusal(path, error) from error


def _refusal(path: Path, error: OSError) -> WorkspaceError:
    if error.errno in _FULL:
        text = f"There is no room on the disk for {path}."
        return WorkspaceError(text, "Make some room, then type the command again. What was there is as it was.")
    if error.errno in _REFUSED:
        text = f"{path} cannot be written: you have no permission, or another program holds it."
        return WorkspaceError(text, "Make the folder yours to write, then type the command again.")
    text = f"{path} cannot be written: {error.strerror or error}."
    return WorkspaceError(text, "Put that right, then type the command again. What was there is as it was.")


def read(path: Path) -> bytes | None:
    """Return the bytes of a file, None if there is none; what is no file, or cannot be read, is refused."""
    step = "Move it to another place, then type the command again."
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            text = f"{path} is not an ordinary file."
            raise WorkspaceError(text, step)
        if found.st_size > MAX_FILE:
            text = f"{path} is larger than {MAX_FILE >> 20} MiB."
            raise WorkspaceError(text, step)
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        text = f"{path} cannot be read: {error.strerror or error}."
        raise WorkspaceError(text, "Make it yours to read, then type the command again.") from error


def replace(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Write one file; `durable` waits until the disk has it."""
    replace_all({path: data}, durable=durable)


def replace_all(files: Mapping[Path, bytes | None], *, durable: bool = False) -> None:
    """Write several files, and take away those whose bytes are None: all are written beside before any is replaced."""
    ready: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            if data is not None:
                with writing(path):
                    path.parent.mkdir(parents=True, exist_ok=True)
                    ready[path] = _beside(path)
                    _write(ready[path], data, durable=durable)
        for path, data in files.items():
            with writing(path):
                if data is None:
                    path.unlink(missing_ok=True)
                else:
                    os.replace(ready[path], path)  # noqa: PTH105 - the one call that this module is about
    finally:
        for temporary in ready.values():
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.parent / f".{os.urandom(6).hex()}.tmp"


def _write(path: Path, data: bytes, *, durable: bool) -> None:
    with path.open("xb") as file:
        file.write(data)
        if durable:
            file.flush()
            os.fsync(file.fileno())


def write_folder(beside: Path, files: Mapping[str, bytes]) -> Path:
    """Write a folder under a temporary name beside another, for `swap` to put in its place."""
    folder = _beside(beside)
    try:
        with writing(beside):
            folder.mkdir(parents=True)
            for name, data in files.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                _write(path, data, durable=False)
    except WorkspaceError:
        discard(folder)
        raise
    return folder


def swap(new: Path, folder: Path) -> None:
    """Put a folder in the place of another; the other comes back if that fails."""
    old = _beside(folder)
    try:
        with writing(folder):
            _exchange(new, folder, old)
    except WorkspaceError:
        discard(new)
        raise
    discard(old)


def _exchange(new: Path, folder: Path, old: Path) -> None:
    try:
        folder.rename(old)
    except FileNotFoundError:
        new.rename(folder)
        return
    try:
        new.rename(folder)
    except OSError:
        old.rename(folder)
        raise


def discard(folder: Path) -> None:
    """Take away a folder that this module wrote; what cannot be taken away is left, under its temporary name."""
    if not folder.exists():
        return
    import shutil  # noqa: PLC0415 - not needed by most commands

    shutil.rmtree(folder, ignore_errors=True)
