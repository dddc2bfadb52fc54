"""The last line that student code printed, for somebody who waits: told through the first bytes of a file, at once.

Only a plain worker that is asked to does this. A confined one keeps what is printed to itself until the call is over.
"""

from __future__ import annotations

import mmap
import os
import re
from typing import TYPE_CHECKING

from nnedu.sandbox.host import Capped

if TYPE_CHECKING:
    from collections.abc import Callable

ASKED = "heard"  # the word on the worker's command line
SIZE = 512
TAIL = 4 * SIZE  # of one text so much is looked through, so that printing 100 MB costs nothing
_END = re.compile(r"[\r\n]")  # a bar of progress returns to the start of its line


class Heard(Capped):
    """Keeps what is printed, as its parent does, and tells each line that ends; one that is flushed, as it is then."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__()
        self._tell = tell
        self._begun = ""

    def write(self, text: str) -> int:
        """Take a text down, and tell the last line that ends in it."""
        count = super().write(text)
        if "\n" not in text and "\r" not in text:
            self._begun = (self._begun + text[:SIZE])[:SIZE]
            return count
        if len(text) > TAIL:
            text, self._begun = text[-TAIL:], ""
        *ended, begun = _END.split(self._begun + text)
        self._begun = begun[:SIZE]
        line = next((one for one in reversed(ended) if one.strip()), "")
        if line:
            self._tell(line)
        return count

    def flush(self) -> None:
        """Tell the line that is not ended yet."""
        if self._begun.strip():
            self._tell(self._begun)


def heard_in(descriptor: int) -> Callable[[], Capped]:
    """Return what takes down the prints of a call, and tells them in the first bytes of a file; for the worker.

    They are written as memory: a line costs no turn to the system, and none has to be left out to keep printing fast.
    """
    there = mmap.mmap(descriptor, SIZE)

    def tell(line: str) -> None:
        there[:] = line[:SIZE].encode("utf-8", "replace")[:SIZE].ljust(SIZE, b"\0")

    return lambda: Heard(tell)


def forget_line(descriptor: int) -> None:
    """Make room at the start of a file for the last line, or forget what stands there; for the grader."""
    os.pwrite(descriptor, bytes(SIZE), 0)


def read_line(descriptor: int) -> str:
    """Return the last line that was told, whatever its characters; for the grader.

    Read as a file and not as memory, as the worker could have cut the file short.
    """
    return os.pread(descriptor, SIZE, 0).rstrip(b"\0").decode("utf-8", "replace")
