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
        self._folder = os.fspath(folder)  # paths of ten thousand keys would stay in memory by their parts
        self._start = hashlib.sha256(f"{kit.token}\0".encode())
        folder.mkdir(parents=True, exist_ok=True)

    def key(self, work: bytes) -> str:
        """Return what the result of a submission is known by."""
        digest = self._start.copy()
        digest.update(work)
        return digest.hexdigest()

    def load(self, key: str) -> Result | None:
        """Return a result, or None where there is none that is whole."""
        try:
            with open(f"{self._folder}/{key}", "rb") as file:  # noqa: PTH123 - no path is made of a key
                digest, _, body = file.read().partition(b"\n")
        except FileNotFoundError:
            return None
        if digest.decode("ascii", "replace") != hashlib.sha256(body).hexdigest():
            return None
        try:
            return msgspec.json.decode(body, type=Result)
        except msgspec.DecodeError:
            return None

    def save(self, key: str, result: Result) -> None:
        """Put a result on the disk, whole or not at all.

        It outlives this process at once, a failure of the power only when it has come to the disk; what had not by then
        is graded again. To wait for the disk each time would hold up the graders.
        """
        body = msgspec.json.encode(result)
        with whole(f"{self._folder}/{key}") as file:
            file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)


def is_final(result: Result) -> bool:
    """Whether a result needs no second try: a fault may be mended, or have come of a machine that was too full."""
    return result.outcome is not None and not any(
        check.state is State.FAULT for exercise in result.outcome.exercises for check in exercise.checks
    )


@contextmanager
def whole(path: Path | str, *, sure: bool = False) -> Iterator[IO[bytes]]:
    """Write a file so that it is there as a whole, or as it was before; `sure`: also if the power fails next."""
    folder, name = os.path.split(path)
    # A name may be as long as may be, and another process may be writing the same result.
    mark = hashlib.sha256(name.encode()).hexdigest()[:16]
    aside = os.path.join(folder, f".{mark}-{os.getpid()}.new")  # noqa: PTH118 - see Results
    with open(aside, "wb") as file:  # noqa: PTH123 - as above
        yield file
        if sure:
            file.flush()
            os.fsync(file.fileno())
    os.replace(aside, path)  # noqa: PTH105 - as above
