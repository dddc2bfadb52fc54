"""How a message reaches the host of a submission and its reply comes back: in this process, or in a worker's.

`Channel` is the seam behind which a confined worker takes the place of the plain one.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from nnedu.errors import CourseFault, FaultError
from nnedu.sandbox.heard import ASKED, SIZE, forget_line, read_line
from nnedu.sandbox.host import Host
from nnedu.sandbox.message import PREFIX, Message, WireError
from nnedu.sandbox.threads import THREADS
from nnedu.sandbox.wire import frame_sizes, pack, read_exactly, unpack, unpack_parts
from nnedu.sandbox.worker import reply_frame

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

    from nnedu.sandbox.message import Callback, Remote

    OpenChannel = Callable[[dict[str, str], frozenset[str]], "Channel"]
    Keep = Callable[[Any], Remote | Callback]
    Resolve = Callable[[Remote | Callback], Any]

# One thread for linear algebra, the same order of sets each time, and nothing of the grader's own.
ENVIRONMENT = dict.fromkeys(THREADS, "1") | {"PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}
START_SECONDS = 60.0
DUMP_SECONDS = 0.15
TICK = 0.02
UNASKED = "it answered before it was asked"
_PEEK = int(socket.MSG_PEEK | socket.MSG_DONTWAIT) if os.name == "posix" else 0  # no sockets elsewhere
BUFFER = 4 << 20  # where the system lets us; a large array then crosses in a few turns


class ChannelLostError(Exception):
    """The host is gone. `stopped` if its time ran out; `dump` is what it wrote last.

    `cpu_limit`: the CPU seconds it was given, where it has used them up.
    """

    def __init__(self, dump: str, *, stopped: bool, cpu_limit: int | None = None) -> None:
        super().__init__("the worker is gone")
        self.stopped = stopped
        self.dump = dump
        self.cpu_limit = cpu_limit


class Frame(NamedTuple):
    """The two parts of a frame, as they came."""

    header: memoryview
    blob: memoryview


class Channel(Protocol):
    """One host of one submission."""

    def request(
        self, message: Message, answer: Callable[[Message], Message], keep: Keep, resolve: Resolve, seconds: float
    ) -> Message:
        """Send a message and return the reply. `answer` serves the callbacks in between."""

    def close(self) -> None:
        """End the host."""


class LocalChannel:
    """A host in this process, for authors. Values go through the wire all the same, so that nothing is shared."""

    def __init__(
        self, sources: dict[str, str], allowed: frozenset[str], overrides: dict[str, Any] | None = None
    ) -> None:
        self._host = Host(sources, allowed, self._ask, overrides)
        self._turn: tuple[Callable[[Message], Message], Keep, Resolve] | None = None

    def request(
        self, message: Message, answer: Callable[[Message], Message], keep: Keep, resolve: Resolve, seconds: float
    ) -> Message:
        """Serve the message here and now, for as long as it takes: nothing can stop a call in process."""
        del seconds
        before, self._turn = self._turn, (answer, keep, resolve)
        try:
            there = unpack(pack_ours(message, keep), self._host.resolve)
            return unpack(reply_frame(self._host.serve(there), self._host.keep), resolve)
        finally:
            self._turn = before

    def _ask(self, message: Message) -> Message:
        if self._turn is None:
            text = "a callback outside a call"
            raise WireError(text)
        answer, keep, resolve = self._turn
        return unpack(pack(answer(unpack(pack(message, self._host.keep), resolve)), keep), self._host.resolve)

    def close(self) -> None:
        """Forget the modules."""
        self._host.modules.close()


class ProcessChannel:
    """A plain worker process, on any system. A watchdog ends it when a request takes too long: no read ever hangs.

    `heard`: it tells the last line that was printed, for `last_line`; not on Windows, which has no `pread`.
    """

    def __init__(self, sources: dict[str, str], allowed: frozenset[str], *, heard: bool = False) -> None:
        environment = dict(ENVIRONMENT)
        if "SYSTEMROOT" in os.environ:  # Windows cannot start Python without it
            environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
        self._last_words = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed with the channel
        self._heard = heard and hasattr(os, "pread")
        if self._heard:  # at its start there is the line, and last words come behind
            forget_line(self._last_words.fileno())
            self._last_words.seek(SIZE)
        # A socket can be shut from this side, whoever else holds its other end. Windows has pipes only.
        self._wire: socket.socket | None = None
        inside: int = subprocess.PIPE
        if os.name == "posix":
            self._wire, theirs = socket_pair()
            inside = theirs.detach()
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "-s", "-P", "-m", "nnedu.sandbox.worker", *([ASKED] if self._heard else [])],
            stdin=inside,
            stdout=inside,
            stderr=self._last_words,
            env=environment,
        )
        self._outgoing = self._process.stdin
        self._incoming: Any = self._process.stdout  # a pipe, or a socket without a buffer
        if self._wire is not None:
            os.close(inside)
            self._outgoing = self._outgoing or self._wire.makefile("wb")
            self._incoming = self._incoming or self._wire.makefile("rb", buffering=0)
        self._lock = threading.Lock()
        self._deadline: float | None = None
        self._stopped = False
        self._closed = threading.Event()
        self._ready = False
        self._start = Message("start", [sources, sorted(allowed)])
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self._closed.wait(TICK):
            with self._lock:
                self._stopped = self._deadline is not None and time.monotonic() > self._deadline
            if self._stopped:
                if hasattr(signal, "SIGUSR1"):  # faulthandler writes where the call is
                    self._process.send_signal(signal.SIGUSR1)
                    time.sleep(DUMP_SECONDS)
                self._hang_up()
                return

    def _hang_up(self) -> None:
        """End the worker, and the talk with whatever it has left behind."""
        self._process.kill()
        if self._wire is not None:
            with suppress(OSError):  # nobody was there any more
                self._wire.shutdown(socket.SHUT_RDWR)

    def request(
        self, message: Message, answer: Callable[[Message], Message], keep: Keep, resolve: Resolve, seconds: float
    ) -> Message:
        """Send a message over the pipe, and read frames until one is the reply."""
        frame = pack_ours(message, keep)
        if not self._ready:
            self._begin(pack(self._start), resolve)
        self._set_deadline(seconds)
        try:
            self._send(frame)
            while (reply := self._receive(resolve)).kind == "callback":
                self._send(pack(answer(reply), keep))
        except (OSError, EOFError) as error:
            raise self._lost() from error
        finally:
            self._set_deadline(None)
        if self._stopped:  # its reply came in the moment in which it was being ended
            raise self._lost()
        return reply

    def _begin(self, start: bytes, resolve: Resolve) -> None:
        """Hand the worker its sources, and wait until it is ready. One that never gets there is no student's fault."""
        self._set_deadline(START_SECONDS)
        try:
            self._send(start)
            self._receive(resolve)
        except (OSError, EOFError) as error:
            last = self._lost().dump.strip().splitlines()[-1:]
            message = "The process in which student code runs does not start."
            raise FaultError(message, "\n".join(last)) from error
        finally:
            self._set_deadline(None)
        self._ready = True

    def _set_deadline(self, seconds: float | None) -> None:
        with self._lock:
            self._deadline = None if seconds is None else time.monotonic() + seconds

    def _send(self, frame: bytes) -> None:
        if self._wire is not None:
            refuse_unasked(self._wire)
        pipe = _pipe(self._outgoing)
        pipe.write(frame)
        pipe.flush()

    def _receive(self, resolve: Resolve) -> Message:
        pipe = _pipe(self._incoming)
        prefix = read_exactly(pipe, PREFIX.size)
        header_size, blob_size = frame_sizes(prefix)
        return unpack_parts(read_exactly(pipe, header_size), read_exactly(pipe, blob_size), resolve)

    def _lost(self) -> ChannelLostError:
        self._hang_up()
        self._process.wait()
        self._last_words.seek(SIZE if self._heard else 0)
        return ChannelLostError(self._last_words.read(20_000).decode(errors="replace"), stopped=self._stopped)

    def close(self) -> None:
        """End the worker, whatever it is doing."""
        self._closed.set()
        self._hang_up()
        self._process.wait()
        for pipe in (self._outgoing, self._incoming, self._wire):
            with suppress(OSError):  # what was still to be sent is of no interest
                if pipe is not None:
                    pipe.close()
        with self._lock:
            self._last_words.close()

    def last_line(self) -> str:
        """Return the last line that was printed, as the worker wrote it: hostile. From any thread, at any time."""
        with self._lock:
            return read_line(self._last_words.fileno()) if self._heard and not self._last_words.closed else ""

    def forget_line(self) -> None:
        """Forget the last line, where what follows has printed nothing yet."""
        with self._lock:
            if self._heard and not self._last_words.closed:
                forget_line(self._last_words.fileno())


class Listener:
    """Opens plain workers, one after the other, and knows what the present one printed last."""

    def __init__(self) -> None:
        self._channel: ProcessChannel | None = None

    def __call__(self, sources: dict[str, str], allowed: frozenset[str]) -> ProcessChannel:
        """Open a worker."""
        self._channel = ProcessChannel(sources, allowed, heard=True)
        return self._channel

    def last_line(self) -> str:
        """Return the last line that was printed since it was forgotten, or nothing."""
        return self._channel.last_line() if self._channel else ""

    def forget(self) -> None:
        """Forget the last line."""
        if self._channel:
            self._channel.forget_line()


def pack_ours(message: Message, keep: Keep) -> bytes:
    """Return the frame of what a grader sends, before any clock starts: what cannot cross is the grader's fault."""
    try:
        return pack(message, keep)
    except WireError as error:
        text = f"A grader passed a value that cannot cross to the worker: {error}."
        raise CourseFault(text) from error


def refuse_unasked(wire: socket.socket) -> None:
    """Raise WireError where bytes came before they were asked for: they would be taken for the next answer."""
    try:
        came = wire.recv(1, _PEEK)
    except BlockingIOError:  # nothing came, as it should be
        return
    if came:
        raise WireError(UNASKED)


def socket_pair() -> tuple[socket.socket, socket.socket]:
    """Return the two ends of a wire."""
    pair = socket.socketpair()
    for end in pair:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
    return pair


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        text = "a worker without a pipe"
        raise OSError(text)
    return pipe
