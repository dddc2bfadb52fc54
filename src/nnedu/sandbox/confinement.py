"""The grader's end of the sandbox: starts a zygote, and opens confined workers as channels.

    grader ── control: spawn, reap ──► zygote (perhaps in bubblewrap)
       └───── wire, one socket each ──► worker, forked by the zygote, its doors closed

A worker serves one submission and is killed; its socket, its process and its file are never used again.
"""

from __future__ import annotations

import os
import socket
import subprocess
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import msgspec

from nnedu.errors import FaultError, UsageError
from nnedu.sandbox import bubblewrap
from nnedu.sandbox.channel import ENVIRONMENT, socket_pair
from nnedu.sandbox.confined import ConfinedChannel, Worker
from nnedu.sandbox.layers import REMEDIES, Bubblewrap, Layers
from nnedu.sandbox.message import Message
from nnedu.sandbox.wire import pack

if TYPE_CHECKING:
    from nnedu.sandbox.layers import Policy

START_SECONDS = 30.0
ZYGOTE = ("-s", "-S", "-P", "-B", "-m", "nnedu.sandbox.zygote")
COMPLAINT = 20_000
MAX_MESSAGE = 1 << 16


class Confinement:
    """A zygote, from which confined workers are made, one for each submission. A context manager.

    Entering it raises UsageError where a layer is missing that the policy insists on.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._layers: Layers | None = None

    def __enter__(self) -> Self:
        self._start()
        missing = [layer for layer in self.policy.minimum if not self.layers.has(layer)]
        if missing:
            self.close()
            names = ", ".join(layer.value for layer in missing)
            text = f"This machine lacks what the course wants around student code: {names} ({self.layers.sentence()})."
            raise UsageError(text, REMEDIES[missing[0]])
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def layers(self) -> Layers:
        """The layers in force."""
        if self._layers is None:
            text = "The sandbox has not been started."
            raise FaultError(text)
        return self._layers

    def channel(self, sources: dict[str, str], allowed: frozenset[str]) -> ConfinedChannel:
        """Open a worker for one submission. A zygote that is gone (the system may end it) is replaced, once."""
        ours, theirs = socket_pair()
        last_words = os.memfd_create("last words")
        try:
            try:
                worker = self._spawn(theirs.fileno(), last_words)
            except (OSError, EOFError):
                self.close()
                self._start()
                worker = self._spawn(theirs.fileno(), last_words)
        except BaseException:
            ours.close()
            os.close(last_words)
            raise
        finally:
            theirs.close()
        start = pack(Message("start", [sources, sorted(allowed)]))
        return ConfinedChannel(worker, ours, last_words, start, self.policy.cpu_seconds)

    def close(self) -> None:
        """End the zygote, and with it every worker."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            if self._process.stderr is not None:
                self._process.stderr.close()
            self._process = None

    def _spawn(self, wire: int, last_words: int) -> Worker:
        pid, (pidfd,) = self._ask("spawn", None, [wire, last_words])
        return Worker(pidfd, partial(self._reap, self._control, pid))

    def _reap(self, control: socket.socket | None, pid: int) -> float:
        """Let the zygote bury a worker that has been killed, and return the CPU seconds that it took."""
        if control is not self._control:  # of an earlier zygote; in this one the number is somebody else's
            return 0.0
        try:
            return float(self._ask("reap", pid)[0])
        except (OSError, EOFError):  # gone, or late: a late answer must not be taken for that to the next question
            self.close()
            return 0.0

    def _ask(self, kind: str, body: object, descriptors: list[int] | None = None) -> tuple[Any, list[int]]:
        if self._control is None:
            raise EOFError
        socket.send_fds(self._control, [msgspec.json.encode([kind, body])], descriptors or [])
        data, received, _, _ = socket.recv_fds(self._control, MAX_MESSAGE, 1)
        if not data:
            raise EOFError
        _, answer = msgspec.json.decode(data)
        return answer, received

    def _start(self) -> None:
        """Start a zygote in bubblewrap where that works, and else without."""
        last = ""
        for around in self._surroundings():
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            ours.settimeout(START_SECONDS)
            environment = ENVIRONMENT | {"PYTHONPATH": os.pathsep.join(bubblewrap.import_path())}
            command = [*around, bubblewrap.interpreter(), *ZYGOTE, str(theirs.fileno())]
            self._process = subprocess.Popen(  # noqa: S603 - a program and arguments of our own
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=[theirs.fileno()],
                env=environment,
                cwd="/",
                start_new_session=True,  # Ctrl-C is for the grader
            )
            theirs.close()
            self._control = ours
            try:
                settings = [msgspec.to_builtins(self.policy), os.getuid(), bool(around)]
                answer, _ = self._ask("policy", settings)
            except (OSError, EOFError):
                last = self._complaint()
                self.close()
                continue
            self._layers = msgspec.convert(answer, Layers)
            return
        text = "The process from which the workers of student code are made does not start."
        raise FaultError(text, last)

    def _surroundings(self) -> list[list[str]]:
        """Return what to start a zygote in, the best first."""
        around = bubblewrap.command() if self.policy.bubblewrap is Bubblewrap.AUTO else None
        return [[]] if around is None else [around, []]

    def _complaint(self) -> str:
        """Return the last line that a zygote has left on standard error."""
        if self._process is None or self._process.stderr is None:
            return ""
        self._process.kill()
        lines = self._process.stderr.read(COMPLAINT).decode(errors="replace").strip().splitlines()
        return "".join(lines[-1:])
