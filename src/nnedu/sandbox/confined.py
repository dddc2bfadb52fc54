"""A channel to a confined worker: a socket with a deadline, a process known by its pidfd, a file for its last words."""

from __future__ import annotations

import os
import select
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from nnedu.errors import FaultError
from nnedu.sandbox.channel import (
    DUMP_SECONDS,
    START_SECONDS,
    UNASKED,
    ChannelLostError,
    Frame,
    pack_ours,
    refuse_unasked,
)
from nnedu.sandbox.message import PREFIX, Message, WireError
from nnedu.sandbox.wire import frame_sizes, pack, refuse, unpack_parts

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from nnedu.sandbox.channel import Keep, Resolve

LAST_WORDS = 20_000
CPU_GRAIN = 0.5  # how exactly the kernel keeps a limit of CPU seconds
SMALL = 1 << 16  # what is read at once; frames of a few small arrays come whole


class Worker:
    """A process that the zygote has forked, by its pidfd: never the wrong one, even where numbers are used again."""

    def __init__(self, pidfd: int, reap: Callable[[], float]) -> None:
        self._pidfd = pidfd
        self._reap = reap

    def signal(self, number: int) -> None:
        """Send a signal; to one that has ended, nothing."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, number)

    def end(self) -> float:
        """Kill the process, whatever it is doing, have it buried, and return the CPU seconds that it took."""
        if self._pidfd < 0:
            return 0.0
        self.signal(signal.SIGKILL)
        os.close(self._pidfd)
        self._pidfd = -1
        return self._reap()


class ConfinedChannel:
    """One confined worker. Every read and every write has the deadline of the whole request."""

    def __init__(self, worker: Worker, wire: socket.socket, last_words: int, start: bytes, cpu_seconds: int) -> None:
        self._worker = worker
        self._wire = wire
        self._last_words = last_words
        self._cpu_seconds = cpu_seconds
        self._deadline = 0.0
        self._start: bytes | None = start
        self._buffer = memoryview(bytearray(SMALL))
        self._first = self._last = 0  # what has come and is not read yet lies between
        wire.setblocking(False)  # noqa: FBT003 - that is how it is spelled
        self._readable, self._writable = select.poll(), select.poll()
        self._readable.register(wire, select.POLLIN)
        self._writable.register(wire, select.POLLOUT)

    def request(
        self, message: Message, answer: Callable[[Message], Message], keep: Keep, resolve: Resolve, seconds: float
    ) -> Message:
        """Send a message over the wire, and read frames until one is the reply."""
        heard = self.say(pack_ours(message, keep), seconds)
        while (reply := unpack_parts(*heard, resolve)).kind == "callback":
            heard = self.say(pack(answer(reply), keep))
        return reply

    def say(self, frame: bytes, seconds: float | None = None) -> Frame:
        """Send a frame, and return the one that comes in answer, which is good until the next one is read.

        Without seconds, it is the answer to a callback, in the time that its call has left.
        """
        if self._start is not None:
            self._begin(self._start)
        if seconds is not None:
            self._deadline = time.monotonic() + seconds
        try:
            self._send(frame)
            return self._receive()
        except TimeoutError as error:
            raise self._lost(stopped=True) from error
        except (OSError, EOFError) as error:
            raise self._lost(stopped=False) from error

    def _begin(self, start: bytes) -> None:
        """Hand the worker its sources, and wait until it is ready. One that never gets there is no student's fault."""
        self._deadline = time.monotonic() + START_SECONDS
        try:
            self._send(start)
            unpack_parts(*self._receive(), refuse)
        except (OSError, EOFError) as error:
            last = self._lost(stopped=False).dump.strip().splitlines()[-1:]
            message = "The confined process in which student code runs does not start."
            raise FaultError(message, "\n".join(last)) from error
        self._start = None

    def _wait(self, poll: select.poll) -> None:
        """Wait until the wire is ready, at most until the deadline."""
        left = self._deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise TimeoutError

    def _send(self, frame: bytes) -> None:
        """Send a frame. Nothing may have come before it was asked for: that would be taken for an answer."""
        if self._first < self._last:
            raise WireError(UNASKED)
        if self._readable.poll(0):  # also where the worker has hung up
            refuse_unasked(self._wire)
        left = memoryview(frame)
        while left:
            try:
                left = left[self._wire.send(left) :]
            except BlockingIOError:
                self._wait(self._writable)

    def _receive(self) -> Frame:
        header_size, blob_size = frame_sizes(self._read(PREFIX.size))
        if header_size + blob_size <= SMALL:
            body = self._read(header_size + blob_size)
            return Frame(body[:header_size], body[header_size:])
        header = memoryview(bytes(self._read(header_size)))
        return Frame(header, self._read(blob_size))

    def _read(self, size: int) -> memoryview:
        """Read so many bytes. They are good until more is read: what stays of a small frame is copied out of it."""
        if size > SMALL:
            return self._read_large(size)
        if self._first + size > SMALL:
            waiting = self._last - self._first
            self._buffer[:waiting] = bytes(self._buffer[self._first : self._last])
            self._first, self._last = 0, waiting
        while self._last - self._first < size:
            self._last += self._received(self._buffer[self._last :])
        self._first += size
        return self._buffer[self._first - size : self._first]

    def _read_large(self, size: int) -> memoryview:
        """Read a frame with a large array into memory of its own, where the array stays."""
        view = np.empty(size, dtype=np.uint8).data  # not a bytearray: it would be filled with zeros first
        done = min(self._last - self._first, size)
        view[:done] = self._buffer[self._first : self._first + done]
        self._first += done
        while done < size:
            done += self._received(view[done:])
        return view

    def _received(self, view: memoryview) -> int:
        self._wait(self._readable)
        count = self._wire.recv_into(view)
        if not count:
            raise EOFError
        return count

    def _lost(self, *, stopped: bool) -> ChannelLostError:
        if stopped:  # faulthandler writes where the call is
            self._worker.signal(signal.SIGUSR1)
            time.sleep(DUMP_SECONDS)
        took = self._worker.end()
        dump = os.pread(self._last_words, LAST_WORDS, 0).decode(errors="replace")
        spent = not stopped and took > self._cpu_seconds - CPU_GRAIN
        return ChannelLostError(dump, stopped=stopped, cpu_limit=self._cpu_seconds if spent else None)

    def close(self) -> None:
        """End the worker, whatever it is doing."""
        self._worker.end()
        self._wire.close()
        if self._last_words >= 0:
            os.close(self._last_words)
            self._last_words = -1
