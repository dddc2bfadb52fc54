"""What lies around the grader for an attack to reach: files, sockets, processes; and what has changed afterwards."""

from __future__ import annotations

import os
import resource
import socket
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

import nnedu

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "the-secret-of-the-grader"  # noqa: S105 - bait
MAX_GROWTH_MIB = 200
PATIENCE = 2.0
OPEN_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm", "/run", ".")  # noqa: S108 - where an attack would write


def descendants(pid: int) -> Iterator[int]:
    """Yield the living processes that a process, or those it started, have started."""
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                if Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                    yield child
                    yield from descendants(child)


class Surroundings:
    """Bait in a folder of its own and on local sockets, and a memory of how everything was."""

    def __init__(self, course: Path) -> None:
        self._stack = ExitStack()
        self._mark = f"nnedu-was-here-{os.getpid()}"
        self._course = course
        self._before: dict[str, object] = {}

    def __enter__(self) -> Self:
        root = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        root.chmod(0o755)
        self._shared, self._open, self._secret = root / "shared", root / "open", root / "secret"
        self._shared.mkdir()
        self._shared.chmod(0o777)
        for path, mode in ((self._open, 0o666), (self._secret, 0o600)):
            path.write_text(SECRET)
            path.chmod(mode)
        os.environ["NNEDU_SECRET"] = SECRET
        self._listeners = [
            self._listener(socket.AF_INET, ("127.0.0.1", 0)),
            self._listener(socket.AF_UNIX, f"\0{self._mark}"),
            self._listener(socket.AF_UNIX, str(self._shared / "socket")),
        ]
        (self._shared / "socket").chmod(0o777)
        self._datagrams = self._stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self._datagrams.bind(("127.0.0.1", 0))
        self._datagrams.setblocking(False)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _listener(self, family: int, address: object) -> socket.socket:
        listener = self._stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
        listener.bind(address)
        listener.listen()
        listener.setblocking(False)
        return listener

    def put_into(self, source: str) -> str:
        """Tell an attack where the bait is."""
        places = {
            "@MARK@": self._mark,
            "@DIR@": self._shared,
            "@OPEN@": self._open,
            "@SECRET@": self._secret,
            "@COURSE@": self._course,
            "@SITE@": Path(np.__file__).parents[1],
            "@SRC@": Path(nnedu.__file__).parents[1],
            "@PID@": os.getpid(),
            "@PORT@": self._listeners[0].getsockname()[1],
            "@UDP@": self._datagrams.getsockname()[1],
        }
        for name, place in places.items():
            source = source.replace(name, str(place))
        return source

    def remember(self) -> None:
        """Take down how everything is."""
        self._before = self._now()
        self._peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def look(self) -> list[str]:
        """Return what is not as it was, once everything has had time to end; and put it right."""
        until = time.monotonic() + PATIENCE
        while (now := self._now()) != self._before and time.monotonic() < until:
            time.sleep(0.01)
        found = [f"{name}: {now[name]} instead of {was}" for name, was in self._before.items() if now[name] != was]
        self._before = now
        found += [f"somebody connected to {one.getsockname()!r}" for one in self._listeners if _accepted(one)]
        with suppress(OSError):
            found.append(f"somebody sent {self._datagrams.recv(100)!r}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        if peak - self._peak > MAX_GROWTH_MIB << 10:
            found.append(f"the grader grew by {(peak - self._peak) >> 10} MiB")
        self._peak = peak
        for path in (path for folder in OPEN_FOLDERS for path in _marked(folder, self._mark)):
            found.append(f"{path} was left")
            path.unlink()
        return found

    def _now(self) -> dict[str, object]:
        state = self._open.stat()
        return {
            "processes": sorted(descendants(os.getpid())),
            "descriptors": len(os.listdir("/proc/self/fd")),  # noqa: PTH208 - names, to be counted
            "threads": threading.active_count(),
            "files": sorted(path.name for path in self._shared.iterdir()),
            "the open file": (self._open.read_text(), state.st_mode, state.st_mtime_ns, state.st_nlink, state.st_uid),
            "shared memory": [line.split()[0] for line in _shared_memory() if int(line.split()[0]) == 0x4E4E],
        }


def _accepted(listener: socket.socket) -> bool:
    try:
        connection, _ = listener.accept()
    except BlockingIOError:
        return False
    connection.close()
    return True


def _marked(folder: str, mark: str) -> list[Path]:
    try:
        return [path for path in Path(folder).iterdir() if mark in path.name]
    except OSError:
        return []


def _shared_memory() -> Iterator[str]:
    for kind in ("shm", "msg", "sem"):
        with suppress(OSError):
            yield from Path(f"/proc/sysvipc/{kind}").read_text().splitlines()[1:]
