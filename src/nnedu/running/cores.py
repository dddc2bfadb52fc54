"""One core for each grader, where there are as many graders as cores.

A grader and the sandbox that it asks take turns. On two cores, each question and each answer would wake up one that
sleeps.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = "\0nnedu-core-{}"  # of a socket without a file: only one at a time may be called so


def usable_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def is_filled_by(graders: int) -> bool:
    """Whether so many graders are just as many as the cores, and more than one."""
    return graders == usable_cores() > 1


@contextmanager
def own_core() -> Iterator[None]:
    """Keep this thread, and what it starts, on a core that no other grader of this machine has; if there is one."""
    taken = _take() if sys.platform == "linux" else None
    if taken is None:
        yield
        return
    core, held = taken
    thread, before = threading.get_native_id(), os.sched_getaffinity(0)
    with held:
        _keep(thread, {core})
        try:
            yield
        finally:
            _keep(thread, before)


def _keep(thread: int, cores: set[int]) -> None:
    with suppress(OSError):  # a core may have been taken away meanwhile, and a thread have ended
        os.sched_setaffinity(thread, cores)


def _take() -> tuple[int, socket.socket] | None:
    """Return a core, and what is held for as long as it is ours: the kernel lets go of it with this process."""
    for core in sorted(os.sched_getaffinity(0)):
        held = socket.socket(socket.AF_UNIX)
        try:
            held.bind(_NAME.format(core))
        except OSError:
            held.close()
        else:
            return core, held
    return None
