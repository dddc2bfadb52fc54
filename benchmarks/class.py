"""Measures the grading of a class: `.venv/bin/python benchmarks/class.py`. It is no gate: the exit code is always 0."""
# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from boundary import measure_call, measure_confinement
from classes import Bench, Class, all_right, per_submission
from hostile import hostile
from peers import Nbgrader, Otter, install
from processes import one_core
from table import NotMeasuredError, Row, machine, progress, table
from trio import EXERCISES, LESSON, NAME

from nnedu.course import load_course
from nnedu.errors import NneduError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[1]
HOSTILE_SHARE = 20  # one in so many
# In the course with hostile students, so that the measurement ends. What one of them may take is SUBMISSION_SECONDS.
SUBMISSION_SECONDS = 4.0
SHORT = f"call_seconds = 1.0\nexercise_seconds = 2.0\nsubmission_seconds = {SUBMISSION_SECONDS}\n"
START_SECONDS = 60.0


def measure_lessons(bench: Bench) -> list[Row]:
    """Core seconds of whole lessons, one core, confined."""
    rows = []
    lessons = {one.number: one.id for one in load_course(ROOT).lessons}
    for number, hands in ((3, False), (5, False), (5, True)):
        make = bench.by_hand if hands else bench.right
        few, many = make("few", 5, lessons[number]), make("many", 5 + bench.many(100), lessons[number])
        name = f"lesson {number}{', each in another hand' if hands else ' whole'}"
        whole = Row(f"{name}: a submission, core time", "ms", None)
        own = Row("  of it the student's own code", "ms", None)
        beyond = Row("  beyond the student's own code", "ms", 20e-3)
        for turn in range(bench.rounds):
            progress(f"{name}, round {turn + 1} of {bench.rounds}")
            one = per_submission(few, many, "--workers", "1", cores=one_core())
            for row, value in ((whole, one.cpu), (own, one.own), (beyond, one.beyond)):
                row.values.append(value)
        rows += [whole, own, beyond]
    return rows


def measure_peers(bench: Bench) -> list[Row]:
    """The same three exercises in nnedu, nbgrader and otter, side by side: first who is right, then how fast."""
    install()
    nbgrader, otter = Nbgrader(bench.folder / "nbgrader", bench.trio), Otter(bench.folder / "otter", bench.trio)
    _refuse_disagreement(bench, nbgrader, otter)
    few, many = bench.right("few", 20), bench.right("many", 20 + bench.many(300))
    first, others = "a", [f"b{number}" for number in range(2 if bench.quick else 6)]
    for student in (first, *others):
        nbgrader.submit(student, bench.trio.solution)
    rows = {
        "rate": Row("nnedu, three exercises, one core", "/s", 50.0, least=True),
        "nnedu": Row("  a submission", "ms", None),
        "nnedu cpu": Row("  core time of it", "ms", None),
        "nbgrader": Row("nbgrader autograde, a submission", "ms", None),
        "nbgrader ratio": Row("  nnedu is faster by", "x", 50.0, least=True),
        "nbgrader cpu": Row("  and takes less core time by", "x", None),
        "otter": Row("otter run, a submission", "ms", None),
        "otter ratio": Row("  nnedu is faster by", "x", 100.0, least=True),
        "otter cpu": Row("  and takes less core time by", "x", None),
    }
    for turn in range(min(bench.rounds, 3)):
        progress(f"nnedu, nbgrader and otter, round {turn + 1} of {min(bench.rounds, 3)}")
        ours = per_submission(few, many, "--workers", "1", cores=one_core())
        found = {"rate": 1 / ours.seconds, "nnedu": ours.seconds, "nnedu cpu": ours.cpu}
        start, whole = nbgrader.autograde(first), nbgrader.autograde("*")
        run, _ = otter.grade(bench.trio.solution)
        theirs = {
            "nbgrader": ((whole.seconds - start.seconds) / len(others), (whole.cpu - start.cpu) / len(others)),
            "otter": (run.seconds, run.cpu),
        }
        for name, (seconds, cpu) in theirs.items():
            found |= {name: seconds, f"{name} ratio": seconds / ours.seconds, f"{name} cpu": cpu / ours.cpu}
        for name, value in found.items():
            rows[name].values.append(value)
    return list(rows.values())


def _refuse_disagreement(bench: Bench, nbgrader: Nbgrader, otter: Otter) -> None:
    """Grade right and wrong work in all three, and refuse to compare what does not agree to the point."""
    works = {"right": bench.trio.solution, **bench.trio.wrong}
    mixed = Class(bench.folder / "mixed", bench.course, LESSON)
    for name, text in works.items():
        progress(f"do nnedu, nbgrader and otter agree on {name}?")
        mixed.add(1, {NAME: text}, name)
        nbgrader.submit(name, text)
    nbgrader.autograde("*")
    theirs = nbgrader.points()
    ours = {name.rstrip("0"): earned for name, earned in mixed.grade().points.items()}
    for name, text in works.items():
        found = {"nnedu": ours[name], "nbgrader": theirs[name], "otter": otter.grade(text)[1]}
        if not found["nnedu"] == found["nbgrader"] == found["otter"]:
            message = f"nnedu and its peers do not agree on {name}: {found}"
            raise NotMeasuredError(message)
    nbgrader.forget(works)


def measure_cores(bench: Bench) -> list[Row]:
    """Two cores against one."""
    row = Row("two cores against one", "x", 1.8, least=True)
    few, many = bench.right("few", 20), bench.right("many", 20 + bench.many(600))
    for turn in range(bench.rounds):
        progress(f"two cores against one, round {turn + 1} of {bench.rounds}")
        one = per_submission(few, many, "--workers", "1", cores=one_core())
        row.values.append(one.seconds / per_submission(few, many, "--workers", "2").seconds)
    return [row]


def measure_memory(bench: Bench) -> list[Row]:
    """Memory of the whole tree, from the first submission to the last."""
    students = bench.many(10_000)
    large = bench.right("large", students)
    progress(f"{students} submissions")
    graded = large.grade("--workers", "2", memory=True)
    all_right(graded)
    memory = graded.usage.memory
    if len(memory) < 4:  # noqa: PLR2004 - a start, a quarter, and an end
        text = "too few submissions to see how memory grows"
        raise NotMeasuredError(text)
    # Many samples each: how many workers there are at a moment, of 16 MB, is chance.
    at = [statistics.median(_between(memory, *part)) for part in ((0.02, 0.08), (0.2, 0.3), (0.87, 0.97))]
    seconds = graded.usage.seconds
    named = zip(("after a twentieth", "after a quarter", "near the end"), at, strict=True)
    return [
        Row(f"{students} submissions, two cores", "/s", None, [students / seconds]),
        *(Row(f"  memory of the whole tree, {when}", "MB", None, [value]) for when, value in named),
        Row("  the most", "MB", 500e6, [max(memory)]),
        Row("  growth from a quarter to the end", "%", 0.05, [at[2] / at[1] - 1]),
    ]


def _between(samples: list[float], first: float, last: float) -> list[float]:
    """Return the samples of a part of the run, one at least."""
    start = int(first * len(samples))
    return samples[start : max(int(last * len(samples)), start + 1)]


def measure_hostile(bench: Bench) -> list[Row]:
    """What hostile submissions cost, each kind alone and one in twenty, in a course with short limits."""
    course = bench.folder / "short"
    bench.trio.write_course(course, SHORT)
    harm = {name.replace(" ", "-"): text for name, text in hostile(EXERCISES).items()}
    nobody, clean, mixed = (Class(bench.folder / name, course, LESSON) for name in ("nobody", "clean", "mixed"))
    for one in (clean, mixed):
        one.add((HOSTILE_SHARE - 1) * len(harm), {NAME: bench.trio.solution})
    nobody.add(1, {NAME: bench.trio.solution})
    start, alone = nobody.grade("--workers", "1", cores=one_core()).usage.seconds, {}
    for name, text in harm.items():
        progress(f"hostile submissions: {name}")
        mixed.add(1, {NAME: text}, name)
        single = Class(bench.folder / name, course, LESSON)
        single.add(1, {NAME: text}, name)
        alone[name] = single.grade("--workers", "1", cores=one_core()).usage.seconds - start
    each = Row(f"1 in {HOSTILE_SHARE} hostile: seconds for each of {len(harm)} kinds", "s", SUBMISSION_SECONDS)
    for turn in range(1 if bench.quick else 3):
        progress(f"hostile submissions among others, round {turn + 1}")
        calm, stormy = (one.grade("--workers", "1", cores=one_core()) for one in (clean, mixed))
        for graded in (calm, stormy):
            all_right(graded, [name for name in graded.points if name.startswith("right")])
        each.values.append((stormy.usage.seconds - calm.usage.seconds) / len(harm))
    worst = max(alone, key=alone.__getitem__)
    return [each, Row(f"  the costliest, alone: {worst}", "s", SUBMISSION_SECONDS, [alone[worst]])]


def measure_dask(bench: Bench) -> list[Row]:
    """Two workers of dask against two processes of our own."""
    few, many = bench.right("few", 20), bench.right("many", 20 + bench.many(600))
    row = Row("dask, two workers, against the local pool", "x", 0.9, least=True)
    with _cluster(bench.folder) as scheduler:
        for turn in range(bench.rounds):
            progress(f"dask against the local pool, round {turn + 1} of {bench.rounds}")
            dask = per_submission(few, many, "--executor", "dask", "--scheduler", scheduler)
            row.values.append(per_submission(few, many, "--workers", "2").seconds / dask.seconds)
    return [row]


@contextmanager
def _cluster(folder: Path) -> Iterator[str]:
    """Start a scheduler of dask and two workers, one thread each, and yield the scheduler's address."""
    known = folder / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "DASK_DISTRIBUTED__DASHBOARD__LINK": ""}
    head = ["--scheduler-file", str(known), "--no-dashboard"]
    parts = [["scheduler", *head, "--port", "0", "--host", "127.0.0.1"]]
    parts += [["worker", *head, "--nthreads", "1", "--memory-limit", "0", "--no-nanny"]] * 2
    with ExitStack() as stack:
        for name, *options in parts:
            command = [sys.executable, "-m", f"distributed.cli.dask_{name}", *options]
            process = subprocess.Popen(command, env=environment, **quiet)  # noqa: S603 - dask of this environment
            stack.callback(process.wait)
            stack.callback(process.kill)
            until = time.monotonic() + START_SECONDS
            while not known.is_file() or not known.stat().st_size:
                if time.monotonic() > until or process.poll() is not None:
                    text = f"dask {name} does not start; is dask[distributed] installed?"
                    raise NotMeasuredError(text)
                time.sleep(0.1)
        yield json.loads(known.read_text("utf-8"))["address"]


MEASURES: dict[str, Callable[[Bench], list[Row]]] = {
    "lessons": measure_lessons,
    "peers": measure_peers,
    "cores": measure_cores,
    "memory": measure_memory,
    "hostile": measure_hostile,
    "dask": measure_dask,
    "call": measure_call,
    "confinement": measure_confinement,
}


def measure(names: list[str], *, quick: bool) -> tuple[list[Row], list[str]]:
    """Measure what is named; what could not be measured becomes a remark."""
    rows: list[Row] = []
    remarks: list[str] = []
    for name in names:
        with tempfile.TemporaryDirectory(prefix="nnedu-bench-") as folder:
            try:
                rows += MEASURES[name](Bench(Path(folder), quick))
            except (NotMeasuredError, NneduError) as error:
                remarks.append(f"{name}: not measured: {error}")
    return rows, remarks


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=MEASURES, metavar="ROW", help=", ".join(MEASURES))
    parser.add_argument("--quick", action="store_true", help="a fifth of the submissions, one round")
    parser.add_argument("--json", action="store_true", help="print JSON, times in seconds, instead of the table")
    arguments = parser.parse_args()
    where = machine()
    rows, remarks = measure(arguments.only or list(MEASURES), quick=arguments.quick)
    progress("")
    if arguments.json:
        plain = {"machine": where, "rows": [row.plain() for row in rows], "remarks": remarks}
        sys.stdout.write(json.dumps(plain, indent=1, ensure_ascii=False) + "\n")
        return
    sys.stdout.write(f"{where}\n\n{table(rows)}\n")
    if remarks:
        sys.stdout.write("\n" + "\n".join(remarks) + "\n")


if __name__ == "__main__":
    main()
