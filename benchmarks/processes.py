"""Runs a command, and measures what the whole tree of its processes takes: seconds, CPU seconds, memory."""
# ruff: noqa: INP001 - of scripts, not of a package

from __future__ import annotations

import os
import subprocess
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from table import NotMeasuredError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EVERY = 0.1
MEMORY_EVERY = 10  # of these turns: it takes a walk through all pages
TICKS = os.sysconf("SC_CLK_TCK")
SAID = 3


@dataclass
class Usage:
    """What a command took. `memory`: bytes of the whole tree, sample by sample; shared pages count once."""

    seconds: float = 0.0
    cpu: float = 0.0
    memory: list[float] = field(default_factory=list)


@contextmanager
def pinned(cores: set[int] | None) -> Iterator[None]:
    """Keep this thread, and what it starts, on some cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores or before)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def one_core() -> set[int]:
    """Return a core that we may use: the last, as the first has more of the system's own work."""
    return {max(os.sched_getaffinity(0))}


def watch(
    command: Sequence[str],
    folder: Path,
    environment: dict[str, str],
    *,
    cores: set[int] | None = None,
    memory: bool = False,
) -> Usage:
    """Run a command to its end, which has to be a success."""
    usage = Usage()
    started = time.perf_counter()
    with pinned(cores):
        process = subprocess.Popen(  # noqa: S603 - commands of nnedu and its peers
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
    done = threading.Event()
    sampler = threading.Thread(target=_sample, args=(process.pid, usage, done), kwargs={"memory": memory})
    sampler.start()
    said, _ = process.communicate()
    usage.seconds = time.perf_counter() - started
    done.set()
    sampler.join()
    if process.returncode != 0:
        last = " ".join(said.strip().splitlines()[-SAID:])
        text = f"{' '.join([Path(command[0]).name, *command[1:]])} exited with {process.returncode}: {last}"
        raise NotMeasuredError(text)
    return usage


def _sample(root: int, usage: Usage, done: threading.Event, *, memory: bool) -> None:
    """Look at the tree until it is gone.

    Waiting for the command would not do: a sandbox is killed, and nobody then adds up what its processes have used.
    """
    turn = 0
    while not done.wait(EVERY):
        tree = _tree(root)
        usage.cpu = max(usage.cpu, sum(tree.values()))
        if memory and turn % MEMORY_EVERY == 0:
            usage.memory.append(float(sum(map(_memory, tree))))
        turn += 1


def tree_cpu(root: int) -> float:
    """Return the CPU seconds of a process and of all that it has started."""
    return sum(_tree(root).values())


def _tree(root: int) -> dict[int, float]:
    """Return the CPU seconds of each process of a tree, those of children that it has waited for with its own.

    By the parent that each process names: the kernel's own lists of children may leave some out while others end.
    """
    cpu: dict[int, float] = {}
    children: dict[int, list[int]] = {}
    for pid in (int(name) for name in os.listdir("/proc") if name.isdecimal()):  # noqa: PTH208 - ten times as fast
        try:
            numbers = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        children.setdefault(int(numbers[1]), []).append(pid)
        cpu[pid] = sum(map(int, numbers[11:15])) / TICKS
    tree = [root] if root in cpu else []
    for pid in tree:
        tree += children.get(pid, [])
    return {pid: cpu[pid] for pid in tree}


def _memory(pid: int) -> int:
    """Return the memory of a process in bytes, its share of what it shares."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))
