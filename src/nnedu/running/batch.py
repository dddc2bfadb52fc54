"""A class through any `concurrent.futures.Executor`: as many jobs at a time as it takes, none lost, none done twice.

Quick jobs go to a process several at a time. A job whose process dies is done again, alone. Where it ends a second
process, that is said of it, and of no other.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from concurrent.futures import BrokenExecutor, CancelledError, Future, ProcessPoolExecutor
from itertools import islice
from queue import SimpleQueue
from typing import TYPE_CHECKING, NamedTuple, Protocol

import msgspec

from nnedu.errors import UsageError
from nnedu.running import grader
from nnedu.running.cores import is_filled_by
from nnedu.running.grader import Result
from nnedu.running.processes import end_pool, end_with_parent, without_interrupts
from nnedu.sandbox.threads import THREADS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nnedu.running.kit import Kit

    Done = tuple[float, list[bytes]]  # the seconds that jobs took, and the result of each

NAME = "class"  # a pool grades one
LOST = "The process that graded it ended, twice"
MOST = 16  # jobs that go together
WEIGHT = 0.2  # of what was last seen


class Job(NamedTuple):
    """One submission to grade, and the key that its result is known by."""

    key: str
    work: bytes


class Crew(Protocol):
    """Grader processes. `lost`: what a task raises whose process has died.

    `seconds`: what the jobs of a task should take together, so that handing them over is little beside it. More would
    be waited for at the end.
    """

    lost: tuple[type[BaseException], ...]
    seconds: float

    @property
    def window(self) -> int:
        """How many tasks keep them busy."""

    def submit(self, works: Sequence[bytes]) -> Future[Done]:
        """Begin a task: some jobs, one after the other in one process."""

    def close(self) -> None:
        """End the processes, or leave them to others."""


class _Tasks:
    """The tasks that a crew has, and how many jobs go into the next one."""

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self._jobs: dict[Future[Done], list[Job]] = {}
        self._done: SimpleQueue[Future[Done]] = SimpleQueue()
        self._each = crew.seconds  # that a job takes, until more is known

    def __len__(self) -> int:
        return len(self._jobs)

    def begin(self, jobs: list[Job]) -> None:
        """Give jobs to the crew."""
        future = self._crew.submit([job.work for job in jobs])
        self._jobs[future] = jobs
        future.add_done_callback(self._done.put)

    def fill(self, waiting: Iterator[Job]) -> None:
        """Give the crew what it takes to be busy."""
        while len(self) < self._crew.window:
            together = min(max(int(self._crew.seconds / self._each), 1), MOST)
            if not (jobs := list(islice(waiting, together))):
                return
            self.begin(jobs)

    def next(self) -> tuple[list[Job], Future[Done]]:
        """Wait for a task to end."""
        future = self._done.get()
        return self._jobs.pop(future), future

    def took(self, seconds: float, jobs: int) -> None:
        """Take in what a task took."""
        self._each += WEIGHT * (seconds / jobs - self._each)


def run(jobs: Iterable[Job], crew: Crew) -> Iterator[tuple[str, Result]]:
    """Yield the result of each job as it comes."""
    waiting = iter(jobs)
    tasks = _Tasks(crew)
    again: deque[Job] = deque()
    while True:
        if not again:
            tasks.fill(waiting)
        alone = not tasks
        if alone:
            if not again:
                return
            tasks.begin([again.popleft()])
        done, future = tasks.next()
        try:
            seconds, found = future.result()
        except crew.lost:
            if alone:
                yield done[0].key, Result(None, fault=LOST)
            else:
                again.extend(done)
            continue
        except CancelledError as error:
            text = "The grader processes are gone."
            raise UsageError(text, "What is graded is kept. Run the command again when they are there.") from error
        tasks.took(seconds, len(done))
        for job, result in zip(done, found, strict=True):
            yield job.key, msgspec.json.decode(result, type=Result)


class Pool:
    """Grader processes on this machine. One that dies is replaced; all end with this process, however it ends."""

    lost: tuple[type[BaseException], ...] = (BrokenExecutor,)
    seconds = 0.05

    def __init__(self, kit: Kit, workers: int) -> None:
        self.window = 2 * workers  # one that is graded, and one that waits
        self._kit = kit
        self._workers = workers
        self._others = multiprocessing.active_children()
        # One thread each: the processes are as many as the cores, and sums come out the same wherever they run.
        self._environment = {name: os.environ.get(name) for name in THREADS}
        os.environ.update(dict.fromkeys(THREADS, "1"))
        self._executor = self._open()

    def _open(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        made_of = (self._kit, is_filled_by(self._workers))
        executor = ProcessPoolExecutor(self._workers, context, initializer=_begin, initargs=made_of)
        with without_interrupts():
            for _ in range(self._workers):
                executor.submit(grader.ready, NAME)
        return executor

    def submit(self, works: Sequence[bytes]) -> Future[Done]:
        """Begin a task, in a new pool where the old one is broken."""
        try:
            with without_interrupts():
                return self._executor.submit(grader.grade_all, NAME, works)
        except BrokenExecutor:
            self._end()
            self._executor = self._open()
            return self._executor.submit(grader.grade_all, NAME, works)

    def close(self) -> None:
        """End all processes, whatever they are doing."""
        self._end()
        for name, value in self._environment.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})

    def _end(self) -> None:
        end_pool(self._executor, self._others)


def _begin(kit: Kit, own_core: bool) -> None:  # noqa: FBT001 - as the pool passes it on
    """Make ready a process of the pool."""
    grader.equip(NAME, kit, own_core=own_core)
    end_with_parent()
