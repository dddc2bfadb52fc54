"""The process from which workers are made: clean, numpy loaded, one thread, nothing secret in it. It forks and reaps.

Started by `nnedu.sandbox.confinement` with the number of a socket. On it come messages of a kind, with descriptors:

    policy   settings, the grader's uid, whether bubblewrap is around us -> the layers in force
    spawn    a socket for the wire, a file for last words                -> pid, with a pidfd
    reap     pid, of a worker that has been killed                       -> CPU seconds

It never reads what a worker says.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import importlib
import os
import socket
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from nnedu.sandbox import confine, worker
from nnedu.sandbox.layers import Policy

LAST_WORDS, WIRE, RULES = 2, 3, 4
MAX_MESSAGE = 1 << 16
_HIGH = 100  # above the descriptors that a worker keeps
# What numpy and the standard library would otherwise load when it is first used: behind closed doors they cannot.
_LATE = (
    "_strptime", "ast", "bisect", "copy", "datetime", "decimal", "difflib", "encodings.ascii", "encodings.cp1252",
    "encodings.idna", "encodings.latin_1", "encodings.utf_16", "fractions", "heapq", "inspect", "json", "linecache",
    "numbers", "numpy.ctypeslib", "numpy.fft", "numpy.lib.format", "numpy.linalg", "numpy.ma", "numpy.polynomial",
    "numpy.random", "numpy.rec", "numpy.testing", "operator", "pprint", "random", "re", "statistics", "string",
    "textwrap", "time", "traceback", "types", "unicodedata", "warnings", "weakref",
)  # fmt: skip


def main() -> None:
    """Make workers until the grader hangs up; the workers end with this process."""
    control = socket.socket(fileno=int(sys.argv[1]))
    os.environ.clear()
    with contextlib.suppress(OSError):  # where memory runs out, a worker goes, and not the grader
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
    _, (settings, grader_uid, bubblewrap), _ = _receive(control)
    policy = msgspec.convert(settings, Policy)
    for name in (*_LATE, *policy.preload):
        with contextlib.suppress(ImportError):  # a name that only another version has
            importlib.import_module(name)
    doors = confine.prepare(policy, bubblewrap=bubblewrap, grader_uid=grader_uid)
    if _threads() > 1:
        sys.exit("numpy has started threads, which a fork does not take along")
    _send(control, "layers", msgspec.to_builtins(doors.layers))
    worker.rehearse()
    gc.freeze()
    while True:
        kind, body, descriptors = _receive(control)
        if kind == "spawn":
            pid = _spawn(control, doors, *descriptors)
            _send(control, "spawned", pid, [os.pidfd_open(pid)])
        elif kind == "reap":
            _, _, usage = os.wait4(body, 0)
            _send(control, "reaped", usage.ru_utime + usage.ru_stime)


def _threads() -> int:
    try:
        return len(list(Path("/proc/self/task").iterdir()))
    except OSError:  # no /proc here
        return 1


def _spawn(control: socket.socket, doors: confine.Doors, wire: int, last_words: int) -> int:
    zygote = os.getpid()
    pid = os.fork()
    if pid:
        os.close(wire)
        os.close(last_words)
        return pid
    try:
        control.close()
        _serve(doors, zygote, wire, last_words)
    except BaseException as error:  # noqa: BLE001 - this process ends here, whatever happened
        os.write(LAST_WORDS, f"worker: {type(error).__name__}: {error}".encode())
    os._exit(0)  # not through the zygote's own frames


def _serve(doors: confine.Doors, zygote: int, wire: int, last_words: int) -> None:
    """Become a worker: descriptors in their places, doors closed, then whatever the grader asks."""
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    wanted = {0: nothing, 1: nothing, LAST_WORDS: last_words, WIRE: wire}
    if doors.rules >= 0:
        wanted[RULES] = doors.rules
    # First out of the way: one of them may stand where another belongs.
    moved = {place: fcntl.fcntl(descriptor, fcntl.F_DUPFD, _HIGH) for place, descriptor in wanted.items()}
    for place, descriptor in moved.items():
        os.dup2(descriptor, place)
    os.closerange(max(wanted) + 1, _HIGH + 100)
    confine.close(replace(doors, rules=RULES if doors.rules >= 0 else -1), zygote)
    worker.serve(worker.pipes_of(WIRE, WIRE))


def _receive(control: socket.socket) -> tuple[str, Any, list[int]]:
    data, descriptors, _, _ = socket.recv_fds(control, MAX_MESSAGE, 4)
    if not data:
        sys.exit(0)
    kind, body = msgspec.json.decode(data)
    return kind, body, descriptors


def _send(control: socket.socket, kind: str, body: object, descriptors: list[int] | None = None) -> None:
    socket.send_fds(control, [msgspec.json.encode([kind, body])], descriptors or [])
    for descriptor in descriptors or []:
        os.close(descriptor)


if __name__ == "__main__":
    main()
