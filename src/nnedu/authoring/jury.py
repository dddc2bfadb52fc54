"""Processes in which mutants are judged: a mutant may never end, and then only its process can be ended."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Protocol

from nnedu.errors import FaultError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from multiprocessing.connection import Connection

START_SECONDS = 120.0
STOPPED = "stopped"


class Judge(Protocol):
    """Says of the mutant with a number which check it failed; "" if it passed all."""

    def __call__(self, number: int) -> str:
        """Judge one mutant."""


class _Juror:
    """One process, which judges one mutant after the other, and is replaced after a mutant that did not end."""

    def __init__(self, make: Callable[[], Judge]) -> None:
        self._make = make
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")  # a fork of a process with threads may hang
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._make), daemon=True)
        self._process.start()
        theirs.close()
        if self._answer(START_SECONDS) != "ready":
            text = "The process that judges mutants did not start."
            raise FaultError(text, "Run nnedu course verify: a grader that cannot be read is named there.")

    def _answer(self, seconds: float) -> str:
        try:
            return str(self._pipe.recv()) if self._pipe.poll(seconds) else STOPPED
        except EOFError:  # it took its process with it
            return STOPPED

    def judge(self, number: int, seconds: float) -> str:
        """Return the check that a mutant fails, "" if none, STOPPED if it does not end in time."""
        self._pipe.send(number)
        answer = self._answer(seconds)
        if answer == STOPPED:
            self.close()
            self._start()
        return answer

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _serve(pipe: Connection, make: Callable[[], Judge]) -> None:
    judge = make()
    pipe.send("ready")
    while True:
        try:
            number = pipe.recv()
        except EOFError:
            return
        pipe.send(judge(number))


def judged(make: Callable[[], Judge], limits: Mapping[int, float], *, workers: int) -> dict[int, str]:
    """Judge mutants by number, each in at most so many seconds. `make` makes a judge in each of the processes."""
    queue: SimpleQueue[int] = SimpleQueue()
    for number in limits:
        queue.put(number)

    def work(_: int) -> list[tuple[int, str]]:
        if queue.empty():
            return []
        with closing(_Juror(make)) as juror:
            return [(number, juror.judge(number, limits[number])) for number in _drained(queue)]

    with ThreadPoolExecutor(workers) as threads:
        return dict(pair for found in threads.map(work, range(workers)) for pair in found)


def _drained(queue: SimpleQueue[int]) -> Iterator[int]:
    while True:
        try:
            yield queue.get_nowait()
        except Empty:
            return
