"""Grader processes of a Dask cluster. They need nnedu, and no folder in common with the command: the lesson is sent.

A worker that dies is made up for by Dask, which gives its jobs to others; only a job that has ended several of them
comes back to the batch.
"""

from __future__ import annotations

import logging
import math
import time
import uuid
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from nnedu.errors import UsageError
from nnedu.running import grader
from nnedu.running.cores import is_filled_by

try:
    from distributed import Client, KilledWorker, WorkerPlugin
    from distributed.comm.addressing import get_address_host
except ImportError as error:
    _text = f"Grading on a cluster needs Dask, and {error.name} is not installed."
    raise UsageError(_text, 'Install it here and on the workers: pip install "nnedu[cluster]"') from error

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

    from nnedu.running.batch import Done
    from nnedu.running.kit import Kit

CONNECT_SECONDS = 10
WORKERS_SECONDS = 60
LEAST = 8  # tasks, however few workers there are
_PROFILERS = ("profile", "profile-cycle")
COUNT_SECONDS = 5  # from one look at how many workers there are to the next


class Cluster:
    """The workers of a scheduler, also those that come later. Each process is sent the lesson once."""

    lost: tuple[type[BaseException], ...] = (KilledWorker,)
    seconds = 0.15  # handing over a task takes some 10 ms of several processes

    def __init__(self, kit: Kit, scheduler: str) -> None:
        self._name = f"nnedu-{uuid.uuid4().hex}"
        self._window, self._counted = LEAST, -math.inf
        # What goes wrong is said in a sentence.
        for name in ("distributed", "distributed.client", "tornado.application"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            self._client = Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            text = f"No Dask scheduler answers at {scheduler}."
            raise UsageError(text, "Is it running, and is this its address? Start one with: dask scheduler") from error
        try:
            self._equip(kit, scheduler)
        except BaseException:
            self._client.close()
            raise
        self._executor = self._client.get_executor(pure=False)

    def _equip(self, kit: Kit, scheduler: str) -> None:
        try:
            self._client.wait_for_workers(1, timeout=WORKERS_SECONDS)
        except TimeoutError as error:
            text = f"The scheduler at {scheduler} has no workers."
            raise UsageError(
                text, f"Start some, on any machine with nnedu: dask worker {scheduler} --nthreads 1"
            ) from error
        try:
            self._client.register_plugin(_Equipped(self._name, kit.packed(), self._threads()), name=self._name)
        except (ImportError, AttributeError, TypeError) as error:
            text = f"A worker of the cluster cannot take a lesson of this nnedu: {error}."
            raise UsageError(text, "Install the same nnedu on every worker, and start the workers again.") from error

    def _threads(self) -> Counter[str]:
        """Return how many threads there are for graders on each machine."""
        found: Counter[str] = Counter()
        for address, threads in self._client.nthreads().items():
            found[get_address_host(address)] += threads
        return found

    @property
    def window(self) -> int:
        """How many tasks keep the workers busy that there are by now."""
        now = time.monotonic()
        if now - self._counted >= COUNT_SECONDS:
            with suppress(OSError, TimeoutError):  # of a scheduler that is gone the tasks themselves tell
                threads = self._client.nthreads(callback_timeout=CONNECT_SECONDS)
                self._window = max(LEAST, 3 * sum(threads.values()))
            self._counted = now
        return self._window

    def submit(self, works: Sequence[bytes]) -> Future[Done]:
        """Begin a task."""
        started: Future[Done] = self._executor.submit(grader.grade_all, self._name, works)
        return started

    def close(self) -> None:
        """Leave the workers to others, without what they were sent."""
        with suppress(OSError, TimeoutError):  # a cluster that is gone needs no tidying
            self._client.unregister_worker_plugin(self._name)
        self._client.close()


class _Equipped(WorkerPlugin):
    """What gives the lesson to a worker process when it starts, or now."""

    def __init__(self, name: str, kit: Kit, threads: Counter[str]) -> None:
        self._name = name
        self._kit = kit
        self._threads = threads
        self._paused: list[Any] = []

    def setup(self, worker: Any) -> None:
        # Dask looks a hundred times a second where a worker is, which takes a tenth of what grading takes.
        callbacks = getattr(worker, "periodic_callbacks", {})
        self._paused = [callbacks[name] for name in _PROFILERS if name in callbacks and callbacks[name].is_running()]
        for one in self._paused:
            one.stop()
        alone = worker.state.nthreads == 1
        filled = is_filled_by(self._threads[get_address_host(worker.address)])
        grader.equip(self._name, self._kit, own_core=alone and filled)

    def teardown(self, worker: Any) -> None:
        del worker
        for one in self._paused:
            one.start()
        grader.dismiss(self._name)
