"""A class through a real Dask scheduler and two worker processes, one of which is killed meanwhile."""

import os
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest
from distributed import Client

from nnedu.course import load_course
from nnedu.errors import UsageError
from nnedu.publishing.stubs import lesson_stubs
from nnedu.running.batch import Job, run
from nnedu.running.cluster import Cluster
from nnedu.running.cores import usable_cores
from nnedu.running.grader import pack_work
from nnedu.running.kit import kit_of
from nnedu.running.work import Work

SECONDS = 60
RIGHT = (
    'def total(values):\n    return float(sum(values))\n\ndef answers():\n    return {"first": "b", "second": "a"}\n'
)


def kit(course):
    lesson = course.lesson("sums")
    return kit_of(course, lesson, lesson_stubs(lesson))


class Dask:
    """A scheduler and workers as an instructor starts them, each a process."""

    def __init__(self, folder):
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self._started = []
        self.scheduler = self.start("scheduler", "--host", self.address, "--no-dashboard", "--no-jupyter")
        self.workers = []

    def start(self, *command):
        log = (self._folder / f"{len(self._started)}.log").open("wb")
        with log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *command], cwd=self._folder, stdout=log, stderr=log
            )
        self._started.append(process)
        return process

    def add_worker(self):
        self.workers.append(self.start("worker", self.address, "--nthreads", "1", "--no-dashboard", "--no-nanny"))

    def close(self):
        for process in reversed(self._started):
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()
            process.kill()
            process.wait()


@pytest.fixture
def dask(tmp_path):
    started = Dask(tmp_path)
    yield started
    started.close()


def profiled(client):
    """Return of each worker whether Dask keeps looking where it is."""
    return list(client.run(lambda dask_worker: dask_worker.periodic_callbacks["profile"].is_running()).values())


def test_a_class_is_graded_though_a_worker_is_killed(dask, tiny_copy, tmp_path):
    """Every submission gets what it earns, once; the worker that is left does what the other one had begun."""
    dask.add_worker()
    dask.add_worker()
    cluster = Cluster(kit(load_course(tiny_copy)), dask.address)
    cluster._client.wait_for_workers(2, timeout=SECONDS)
    until = time.monotonic() + SECONDS
    while set(profiled(cluster._client)) != {False}:  # a worker that came later is given the lesson a moment later
        assert time.monotonic() < until
    tiny_copy.rename(tmp_path / "elsewhere")  # no folder is shared: the workers have what they were sent
    wrong = RIGHT.replace("sum(values)", "max(values)")
    works = {str(n): Work({"sums": f"{RIGHT if n % 3 else wrong}# {n}\n"}) for n in range(60)}
    found = []
    try:
        for key, result in run((Job(key, pack_work(work)) for key, work in works.items()), cluster):
            found.append((key, result.outcome.points))
            if len(found) == 5:
                assert len(cluster._client.nthreads()) == 2
                dask.workers[0].send_signal(signal.SIGKILL)
        assert len(cluster._client.nthreads()) == 1
    finally:
        cluster.close()
    assert sorted(found) == sorted((key, 5 if int(key) % 3 else 3) for key in works)
    with Client(dask.address, set_as_default=False) as client:
        assert profiled(client) == [True]
    # What the workers were sent is gone from them.
    (left,) = (psutil.Process(worker.pid) for worker in dask.workers[1:])
    _, alive = psutil.wait_procs(left.children(recursive=True), timeout=SECONDS)
    assert alive == []


def narrowest(client):
    """Return of each worker the cores of its thread that has the fewest."""

    def of_threads():
        threads = [int(name) for name in os.listdir("/proc/self/task")]  # noqa: PTH208 - sent to a worker as it is
        return sorted(min(map(os.sched_getaffinity, threads), key=len))

    return sorted(client.run(of_threads).values())


@pytest.mark.skipif(usable_cores() < 2, reason="one core")
def test_as_many_workers_as_cores_have_one_each(dask, tiny):
    """Each grader has it while the class is there."""
    cores = sorted(os.sched_getaffinity(0))
    for _ in cores:
        dask.add_worker()
    with Client(dask.address, set_as_default=False) as client:
        client.wait_for_workers(len(cores), timeout=SECONDS)
        for attempt in range(10):  # meanwhile the cores may belong to the graders of another test
            cluster = Cluster(kit(tiny), dask.address)
            works = [Work({"sums": f"{RIGHT}# {attempt} {n}\n"}) for n in range(60)]
            assert len(list(run((Job(str(n), pack_work(work)) for n, work in enumerate(works)), cluster))) == 60
            found = narrowest(client)
            cluster.close()
            assert narrowest(client) == [cores] * len(cores)
            if found == [[core] for core in cores]:
                break
    assert found == [[core] for core in cores]


def test_a_scheduler_that_is_killed(dask, tiny, monkeypatch, caplog):
    """It is said, what was graded has come, and nothing hangs."""
    monkeypatch.setattr("nnedu.running.cluster.CONNECT_SECONDS", 5)
    monkeypatch.setattr("nnedu.running.cluster.COUNT_SECONDS", 0)
    dask.add_worker()
    cluster = Cluster(kit(tiny), dask.address)
    results = run((Job(str(n), pack_work(Work({"sums": f"{RIGHT}# {n}\n"}))) for n in range(500)), cluster)
    assert next(results)[1].outcome.points == 5
    dask.scheduler.send_signal(signal.SIGKILL)
    with pytest.raises(UsageError, match="The grader processes are gone") as gone:
        list(results)
    assert "What is graded is kept" in gone.value.next_step
    cluster.close()
    assert caplog.text == ""


def test_a_cluster_that_is_not_there(tiny, monkeypatch):
    """No scheduler: a sentence, and how to start one."""
    monkeypatch.setattr("nnedu.running.cluster.CONNECT_SECONDS", 1)
    for address in ("tcp://127.0.0.1:1", "nonsense://x"):
        with pytest.raises(UsageError) as refused:
            Cluster(kit(tiny), address)
        assert refused.value.sentence == f"No Dask scheduler answers at {address}."
        assert "dask scheduler" in refused.value.next_step


def test_a_scheduler_without_workers(dask, tiny, monkeypatch):
    """It is said, with the command that starts one."""
    monkeypatch.setattr("nnedu.running.cluster.WORKERS_SECONDS", 1)
    with pytest.raises(UsageError, match="has no workers") as refused:
        Cluster(kit(tiny), dask.address)
    assert f"dask worker {dask.address}" in refused.value.next_step
