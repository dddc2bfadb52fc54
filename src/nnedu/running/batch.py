"""A class through any `concurrent.futures.Executor`: as many jobs at a time as it takes, none lost, none done twice.

A job whose process dies is done again, alone. Where it ends a second process, that is said of it, and of no other.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, ProcessPoolExecutor, wait
from typing import TYPE_CHECKING, NamedTuple, Protocol

import msgspec

from nnedu.errors import UsageError
from nnedu.running import grader
from nnedu.running.grader import Result
from nnedu.running.processes import end_pool, end_with_parent, without_interrupts
from nnedu.sandbox.threads import THREADS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nnedu.running.kit import Kit

NAME = "class"  # a pool grades one
LOST = "The process that graded it ended, twice"


class Job(NamedTuple):
    """One submission to grade, and the key that its result is known by."""

    key: str
    work: bytes


class Crew(Protocol):
    """Grader processes. `window`: how many jobs keep them busy; `lost`: what a job raises whose process has died."""

    window: int
    lost: tuple[type[BaseException], ...]

    def submit(self, work: bytes) -> Future[bytes]:
        """Begin a job."""

    def close(self) -> None:
        """End the processes, or leave them to others."""


def run(jobs: Iterable[Job], crew: Crew) -> Iterator[tuple[str, Result]]:
    """Yield the result of each job as it comes."""
    waiting = iter(jobs)
    pending: dict[Future[bytes], Job] = {}
    again: deque[Job] = deque()
    alone = False
    while True:
        while not again and len(pending) < crew.window and (job := next(waiting, None)):
            pending[crew.submit(job.work)] = job
        if not pending:
            if not again:
                return
            job = again.popleft()
            pending[crew.submit(job.work)] = job
            alone = True
        done, _ = wait(pending, return_when=FIRST_COMPLETED)
        for future in done:
            job = pending.pop(future)
            try:
                yield job.key, msgspec.json.decode(future.result(), type=Result)
            except crew.lost:
                if alone:
                    yield job.key, Result(None, fault=LOST)
                else:
                    again.append(job)
            except CancelledError as error:
                text = "The grader processes are gone."
                raise UsageError(text, "What is graded is kept. Run the command again when they are there.") from error
        alone = False


class Pool:
    """Grader processes on this machine. One that dies is replaced; all end with this process, however it ends."""

    lost: tuple[type[BaseException], ...] = (BrokenExecutor,)

    def __init__(self, kit: Kit, workers: int) -> None:
        self.window = 2 * workers
        self._kit = kit
        self._workers = workers
        self._others = multiprocessing.active_children()
        # One thread each: the processes are as many as the cores, and sums come out the same wherever they run.
        self._environment = {name: os.environ.get(name) for name in THREADS}
        os.environ.update(dict.fromkeys(THREADS, "1"))
        self._executor = self._open()

    def _open(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        executor = ProcessPoolExecutor(self._workers, context, initializer=_begin, initargs=(self._kit,))
        with without_interrupts():
            for _ in range(self._workers):
                executor.submit(grader.ready, NAME)
        return executor

    def submit(self, work: bytes) -> Future[bytes]:
        """Begin a job, in a new pool where the old one is broken."""
        try:
            with without_interrupts():
                return self._executor.submit(grader.grade_one, NAME, work)
        except BrokenExecutor:
            self._end()
            self._executor = self._open()
            return self._executor.submit(grader.grade_one, NAME, work)

    def close(self) -> None:
        """End all processes, whatever they are doing."""
        self._end()
        for name, value in self._environment.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})

    def _end(self) -> None:
        end_pool(self._executor, self._others)


def _begin(kit: Kit) -> None:
    """Make ready a process of the pool."""
    grader.equip(NAME, kit)
    end_with_parent()
