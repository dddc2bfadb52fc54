"""What the boundary around student code costs: one call across it, and the layers that confine it."""
# ruff: noqa: INP001 - of scripts, not of a package

from __future__ import annotations

import os
import statistics
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import numpy as np
from processes import one_core, pinned, tree_cpu
from table import NotMeasuredError, Row, progress

from nnedu.course import load_course
from nnedu.publishing.stubs import lesson_stubs
from nnedu.running.grader import Grader
from nnedu.running.kit import kit_of
from nnedu.running.limits import policy_of
from nnedu.running.work import Work
from nnedu.sandbox import bubblewrap
from nnedu.sandbox.client import Proxy
from nnedu.sandbox.confinement import Confinement
from nnedu.sandbox.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Callable

    from classes import Bench

ECHO = {"echo": "def size(x):\n    return x.size\n\n\ndef same(x):\n    return x\n"}
SMALL, LARGE = 10, 1_000_000
CALLS = {SMALL: 300, LARGE: 7}


def measure_call(bench: Bench) -> list[Row]:
    """One call across the boundary, confined."""
    rows = {
        ("same", SMALL): Row(f"one call, confined: {SMALL} floats there and back", "µs", 150e-6),
        ("size", LARGE): Row("one call, confined: 8 MB there", "ms", 10e-3),
        ("same", LARGE): Row("one call, confined: 8 MB there and back", "ms", 10e-3),
    }
    allowed = frozenset({"numpy"})
    with Confinement(policy_of(load_course(bench.course))) as confinement:
        submission = Submission(ECHO, lambda: confinement.channel(ECHO, allowed), allowed=allowed)
        echo = Proxy(submission, "echo")
        try:
            for turn in range(9 + 1):
                for (name, size), row in rows.items():
                    seconds = _call_seconds(getattr(echo, name), size)
                    row.values += [seconds] if turn else []  # the first round warms up
        finally:
            submission.close()
    return list(rows.values())


def _call_seconds(function: Callable[[np.ndarray], object], size: int) -> float:
    values, taken = np.arange(float(size)), []
    for _ in range(CALLS[size]):
        started = time.perf_counter()
        function(values)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def measure_confinement(bench: Bench) -> list[Row]:
    """What the layers around a worker cost, against workers of a zygote with every door open."""
    course = load_course(bench.course)
    [lesson] = course.lessons
    kit = kit_of(course, lesson, lesson_stubs(lesson))
    opened = [sys.executable, "-P", str(Path(__file__).with_name("open_zygote.py"))]
    row = Row("what confinement takes of the throughput", "%", 0.05)
    rate = Row("  confined, submissions in a second of a core", "/s", None)
    with pinned(one_core()), ExitStack() as stack:
        confined = Grader(kit)
        stack.callback(confined.close)
        with mock.patch.object(bubblewrap, "command", return_value=opened):
            plain = Grader(kit)
        stack.callback(plain.close)
        work = Work(lesson.solution_sources())
        for turn in range(3 if bench.quick else 17):
            progress(f"confined against not confined, round {turn + 1}")
            # Each is first in every second round: what comes later may find the machine slower.
            order = (confined, plain) if turn % 2 else (plain, confined)
            found = {one is confined: _rate(one, work) for one in order}
            if turn:  # the first round warms up
                row.values.append(1 - found[True] / found[False])
                rate.values.append(found[True])
    return [row, rate]


def _rate(grader: Grader, work: Work, submissions: int = 50) -> float:
    """Return how many submissions are graded in a second of a core, which others may use too."""
    before = tree_cpu(os.getpid())
    results = [grader.grade(work) for _ in range(submissions)]
    cpu = tree_cpu(os.getpid()) - before
    if not all(result.outcome is not None and result.outcome.complete for result in results):
        text = "the solution does not pass in the sandbox"
        raise NotMeasuredError(text)
    return submissions / cpu
