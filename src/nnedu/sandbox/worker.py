"""The worker process: student code and nothing else. Reads messages on one pipe, answers on another.

Started as `python -s -P -m nnedu.sandbox.worker` it takes its standard input and output for the wire; a confined worker
is forked by the zygote, and given a wire. Standard error is the file in which faulthandler writes where a stopped call
was. With the word `heard` behind it, it tells there, at the front, the last line that was printed (`sandbox.heard`).
"""

from __future__ import annotations

import faulthandler
import os
import random
import signal
import sys
from io import BytesIO, RawIOBase
from typing import TYPE_CHECKING, Any

import numpy as np

from nnedu.sandbox.host import Capped, Host
from nnedu.sandbox.message import LARGE, PREFIX, Callback, Message, WireError
from nnedu.sandbox.wire import frame_sizes, pack, pack_parts, read_exactly, unpack_parts

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from nnedu.sandbox.message import Remote


BUFFER = 1 << 16  # what is read at once; frames of a few small arrays come whole
SAMPLE = """
import numpy as np


def double(x, names=()):
    y = x(1.0) if callable(x) else x
    return np.asarray(y[0] if isinstance(y, list) else 2.0) * 2.0, {"x": y}


def fail(x):
    raise NotImplementedError
"""
REHEARSALS = 20  # Python makes code faster once it has run some times


class Pipes:
    """The two ends of the wire inside the worker."""

    def __init__(self, incoming: BinaryIO, outgoing: RawIOBase) -> None:
        self._incoming = incoming
        self._outgoing = outgoing

    def receive(self, resolve: Callable[..., object]) -> Message | None:
        """Return the next message, or None when the grader has gone."""
        prefix = self._incoming.read(PREFIX.size)
        if len(prefix) < PREFIX.size:
            return None
        header_size, blob_size = frame_sizes(prefix)
        if blob_size >= LARGE:  # into memory of its own, where a large array stays
            header = read_exactly(self._incoming, header_size)
            return unpack_parts(header, read_exactly(self._incoming, blob_size), resolve)
        body = memoryview(self._incoming.read(header_size + blob_size))
        if len(body) < header_size + blob_size:
            raise EOFError
        return unpack_parts(body[:header_size], body[header_size:], resolve)

    def send(self, parts: list[Any]) -> None:
        """Send a frame, as it is: one turn to the system for each part."""
        for part in parts:
            left = memoryview(part)
            while left:
                left = left[self._outgoing.write(left) :]


def take_pipes() -> Pipes:
    """Take standard input and output for the wire, and leave student code with nothing to read and nowhere to write."""
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    return pipes_of(incoming, outgoing)


def pipes_of(incoming: int, outgoing: int) -> Pipes:
    """Return the ends of a wire that are these descriptors."""
    return Pipes(os.fdopen(incoming, "rb", BUFFER), os.fdopen(outgoing, "wb", 0, closefd=incoming != outgoing))


def reply_frame(message: Message, keep: Callable[[Any], Remote]) -> bytes:
    """Return the frame of a reply; one that does not fit the wire becomes an error that says so."""
    return b"".join(reply_parts(message, keep))


def reply_parts(message: Message, keep: Callable[[Any], Remote]) -> list[Any]:
    """Return the frame of a reply in pieces."""
    try:
        return pack_parts(message, keep)
    except (WireError, MemoryError, RecursionError) as error:
        text = str(error) or "a value too large to send"
        seconds = message.body.get("seconds")
        body: dict[str, Any] = {"kind": "unsendable", "type": "", "text": text, "frames": []}
        body["seconds"] = seconds if type(seconds) is float else 0.0
        return pack_parts(Message("error", body))


def serve(pipes: Pipes, printed: Callable[[], Capped] = Capped) -> None:
    """Serve one submission until the grader hangs up. `printed` makes what takes down the prints of a call."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(faulthandler, "register"):
        faulthandler.register(signal.SIGUSR1, file=sys.__stderr__, all_threads=False)  # type: ignore[arg-type]
    start = pipes.receive(lambda reference: reference)
    if start is None:
        return
    sources, allowed = start.body

    def ask(message: Message) -> Message:
        pipes.send(pack_parts(message, host.keep))
        answer = pipes.receive(host.resolve)
        if answer is None:
            raise SystemExit
        return answer

    # Unseeded draws of a submission are the same on each grading; that they should come from rng is for checks to say.
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002, TID251 - it is the student's global state, not ours
    host = Host(sources, frozenset(allowed), ask, printed=printed)
    pipes.send(pack_parts(Message("ready", None)))
    _talk(pipes, host)


def _talk(pipes: Pipes, host: Host) -> None:
    while (message := pipes.receive(host.resolve)) is not None:
        pipes.send(reply_parts(host.serve(message), host.keep))


def rehearse() -> None:
    """Serve calls of a sample, so that what Python and numpy make when it is first used is there before the fork."""
    array = np.ones((2, 3))
    values: tuple[Any, ...] = (array, [array, 1.5], {"x": array}, (1, "x", None), Callback(0))
    calls = [["sample", name, [[value], {}], False] for value in values for name in ("double", "fail")]
    calls += [["sample", "double", [[value], {"names": [value]}], False] for value in values]
    frames = [pack(Message("call", call)) for call in calls] * REHEARSALS
    host = Host({"sample": SAMPLE}, frozenset({"numpy"}), lambda _: Message("returned", [array, None]))
    _talk(Pipes(BytesIO(b"".join(frames)), _Nowhere()), host)
    host.modules.close()


class _Nowhere(RawIOBase):
    """Where the rehearsal sends its replies."""

    def write(self, data: Any) -> int:
        return len(data)


def listened_to() -> Callable[[], Capped]:
    """Return what takes down the prints of a call where somebody waits for the last line."""
    from nnedu.sandbox.heard import heard_in  # noqa: PLC0415 - a confined worker should not even find it in memory

    return heard_in(sys.__stderr__.fileno())  # type: ignore[union-attr]


if __name__ == "__main__":
    serve(take_pipes(), listened_to() if len(sys.argv) > 1 else Capped)
