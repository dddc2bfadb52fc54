"""Workers that answer what they like: the other end of a channel, played by a thread of the test."""

import os
import socket
import tempfile
import threading
from contextlib import suppress

import numpy as np

from nnedu.sandbox import channel
from nnedu.sandbox.channel import ProcessChannel
from nnedu.sandbox.confined import ConfinedChannel
from nnedu.sandbox.host import Host
from nnedu.sandbox.message import PREFIX, Message
from nnedu.sandbox.wire import frame_sizes, pack, unpack_parts
from nnedu.sandbox.worker import reply_frame

HANG_UP = None  # in what a peer says: it closes its end there


class Peer(threading.Thread):
    """An honest worker, but for what `tamper` makes of each of its replies: pieces of bytes, or HANG_UP.

    `tamper` is given the reply and its frame.
    """

    def __init__(self, tamper):
        super().__init__(daemon=True)
        self.grader, self._end = socket.socketpair()
        self._tamper = tamper
        self._file = self._end.makefile("rb")
        self.start()

    def run(self):
        with suppress(OSError, EOFError, IndexError):  # the last: a number it never gave out, which ends a worker too
            self._serve()
        self.hang_up()

    def hang_up(self):
        """End both directions, also for whoever waits in a read or a write."""
        with suppress(OSError):
            self._end.shutdown(socket.SHUT_RDWR)

    def bury(self):
        """Wait for the thread, and close everything."""
        self.hang_up()
        self.join()
        self._file.close()
        self._end.close()
        self.grader.close()

    def _hear(self, resolve=lambda reference: reference):
        header_size, blob_size = frame_sizes(self._read(PREFIX.size))
        header = self._read(header_size)
        return unpack_parts(header, self._read(blob_size), resolve)

    def _read(self, size):
        data = np.empty(size, dtype=np.uint8)
        if self._file.readinto(data) < size:
            raise EOFError
        return data.data

    def _serve(self):
        sources, allowed = self._hear().body
        host = Host(sources, frozenset(allowed), self._ask)
        self._resolve = host.resolve
        self._end.sendall(pack(Message("ready", None)))
        while True:
            message = self._hear(host.resolve)
            if message.kind in {"returned", "raised"}:  # the answer to a callback that nobody waits for
                continue
            reply = host.serve(message)
            for piece in self._tamper(reply, reply_frame(reply, host.keep)):
                if piece is HANG_UP:
                    raise EOFError
                self._end.sendall(piece)

    def _ask(self, message):
        self._end.sendall(pack(message))
        return self._hear(self._resolve)


class _Process:
    """As much of a subprocess as a ProcessChannel uses."""

    def __init__(self, peer):
        self._peer = peer
        self.stdin, self.stdout = peer.grader.makefile("wb"), peer.grader.makefile("rb")

    def send_signal(self, number):
        pass

    def kill(self):
        self._peer.hang_up()

    def wait(self):
        self._peer.join()
        return 0


class _Worker:
    """As much of a confined process as its channel uses."""

    def __init__(self, peer):
        self._peer = peer

    def signal(self, number):
        pass

    def end(self):
        self._peer.hang_up()
        return 0.0


def plain(peer, sources, allowed):
    """Return a plain channel to a peer."""

    class Popen:
        PIPE = None

        def __new__(cls, *_, **__):
            return _Process(peer)

    before, channel.subprocess.Popen = channel.subprocess.Popen, Popen
    try:
        return ProcessChannel(sources, allowed)
    finally:
        channel.subprocess.Popen = before


def confined(peer, sources, allowed):
    """Return the channel of a confined worker to a peer."""
    with tempfile.TemporaryFile() as last_words:
        start = pack(Message("start", [sources, sorted(allowed)]))
        return ConfinedChannel(_Worker(peer), peer.grader, os.dup(last_words.fileno()), start, 10)
