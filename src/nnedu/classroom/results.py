"""Results as they come, one small file each, so that whatever ends a run, the next one goes on from there.

A file is known by what its result depends on: the submission, the lesson and the engine. It is written aside, then put
in place at once; one that is damaged counts for nothing.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from nnedu.outcome import State
from nnedu.running.grader import Result

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO

    from nnedu.running.kit import Kit

FOLDER = ".results"


class Results:
    """The results of one lesson in a folder."""

    def __init__(self, folder: Path, kit: Kit) -> None:
        self._folder = folder
        self._token = kit.token
        folder.mkdir(parents=True, exist_ok=True)

    def key(self, work: bytes) -> str:
        """Return what the result of a submission is known by."""
        return hashlib.sha256(f"{self._token}\0".encode() + work).hexdigest()

    def load(self, key: str) -> Result | None:
        """Return a result, or None where there is none that is whole."""
        try:
            digest, _, body = (self._folder / key).read_bytes().partition(b"\n")
        except FileNotFoundError:
            return None
        if digest.decode("ascii", "replace") != hashlib.sha256(body).hexdigest():
            return None
        try:
            return msgspec.json.decode(body, type=Result)
        except msgspec.DecodeError:
            return None

    def save(self, key: str, result: Result) -> None:
        """Put a result on the disk, whole or not at all."""
        body = msgspec.json.encode(result)
        with whole(self._folder / key, sure=True) as file:
            file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)


def is_final(result: Result) -> bool:
    """Whether a result needs no second try: a fault may be mended, or have come of a machine that was too full."""
    return result.outcome is not None and not any(
        check.state is State.FAULT for exercise in result.outcome.exercises for check in exercise.checks
    )


@contextmanager
def whole(path: Path, *, sure: bool = False) -> Iterator[IO[bytes]]:
    """Write a file so that it is there as a whole, or as it was before; `sure`: also if the power fails next."""
    # A name may be as long as may be, and another process may be writing the same result.
    aside = path.with_name(f".{hashlib.sha256(path.name.encode()).hexdigest()[:16]}-{os.getpid()}.new")
    with aside.open("wb") as file:
        yield file
        if sure:
            file.flush()
            os.fsync(file.fileno())
    aside.replace(path)
