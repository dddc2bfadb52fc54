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
from typing import TYPE_CHECKING, Any

import numpy as np

from nnedu.sandbox.host import Capped, Host
from nnedu.sandbox.wire import PREFIX, Message, WireError, frame_sizes, pack, read_exactly, unpack, unpack_parts

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from nnedu.sandbox.wire import Remote


REHEARSALS = 20  # Python makes code faster once it has run some times


class Pipes:
    """The two ends of the wire inside the worker."""

    def __init__(self, incoming: BinaryIO, outgoing: BinaryIO) -> None:
        self._incoming = incoming
        self._outgoing = outgoing

    def receive(self, resolve: Callable[..., object]) -> Message | None:
        """Return the next message, or None when the grader has gone."""
        prefix = self._incoming.read(PREFIX.size)
        if len(prefix) < PREFIX.size:
            return None
        header_size, blob_size = frame_sizes(prefix)
        header = read_exactly(self._incoming, header_size)
        return unpack_parts(header, read_exactly(self._incoming, blob_size), resolve)

    def send(self, frame: bytes) -> None:
        """Send a frame."""
        self._outgoing.write(frame)
        self._outgoing.flush()


def take_pipes() -> Pipes:
    """Take standard input and output for the wire, and leave student code with nothing to read and nowhere to write."""
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    return Pipes(os.fdopen(incoming, "rb"), os.fdopen(outgoing, "wb"))


def reply_frame(message: Message, keep: Callable[[Any], Remote]) -> bytes:
    """Return the frame of a reply; one that does not fit the wire becomes an error that says so."""
    try:
        return pack(message, keep)
    except (WireError, MemoryError, RecursionError) as error:
        text = str(error) or "a value too large to send"
        body = {"kind": "unsendable", "type": "", "text": text, "frames": []}
        return pack(Message("error", body))


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
        pipes.send(pack(message, host.keep))
        answer = pipes.receive(host.resolve)
        if answer is None:
            raise SystemExit
        return answer

    # Unseeded draws of a submission are the same on each grading; that they should come from rng is for checks to say.
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002, TID251 - it is the student's global state, not ours
    host = Host(sources, frozenset(allowed), ask, printed=printed)
    pipes.send(pack(Message("ready", None)))
    while (message := pipes.receive(host.resolve)) is not None:
        pipes.send(reply_frame(host.serve(message), host.keep))


def rehearse() -> None:
    """Serve calls of a sample, so that what Python and numpy make when it is first used is there before the fork."""
    sources = {"sample": "import numpy as np\n\n\ndef double(x, names=()):\n    return np.asarray(x) * 2.0, {'x': x}\n"}
    host = Host(sources, frozenset({"numpy"}), lambda message: message)
    array = np.ones((2, 3))
    for value in (array, [array, 1.5], {"x": array}, (1, "x", None)) * REHEARSALS:
        call = unpack(pack(Message("call", ["sample", "double", [[value], {"names": [value]}], False])), host.resolve)
        unpack(reply_frame(host.serve(call), host.keep))
    host.modules.close()


def listened_to() -> Callable[[], Capped]:
    """Return what takes down the prints of a call where somebody waits for the last line."""
    from nnedu.sandbox.heard import heard_in  # noqa: PLC0415 - a confined worker should not even find it in memory

    return heard_in(sys.__stderr__.fileno())  # type: ignore[union-attr]


if __name__ == "__main__":
    serve(take_pipes(), listened_to() if len(sys.argv) > 1 else Capped)
