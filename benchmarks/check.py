"""Measures what has a budget: `.venv/bin/python benchmarks/check.py`. It is no gate: the exit code is always 0."""
# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import argparse
import ast
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from table import NotMeasuredError, Row, machine, progress, table

from nnedu.authoring.quizzes import right_answers
from nnedu.course import load_course
from nnedu.course.quiz import load_quizzes
from nnedu.outcome import ANSWERS
from nnedu.running.bench import Bench
from nnedu.running.collect import collect
from nnedu.running.evidence import Known, Recorded
from nnedu.sandbox.channel import ProcessChannel
from nnedu.sandbox.client import Proxy
from nnedu.sandbox.submission import Limits, Submission
from nnedu.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nnedu.running.collect import Exercise

ROOT = Path(__file__).resolve().parents[1]
LESSON = "lesson5"
RUNS = 9
MAX_FILE = 350
MAX_FUNCTION = 40
SMALL, SMALL_CALLS = 10, 200
LARGE, LARGE_CALLS = 1_000_000, 5
ECHO = {"echo": "def size(x):\n    return x.size\n\n\ndef same(x):\n    return x\n"}


@dataclass
class Place:
    """Temporary folders: a workspace with the right answers, and a course whose graders are the public ones."""

    workspace: Workspace
    course: Path
    lesson: str
    exercises: tuple[Exercise, ...]
    environment: dict[str, str]

    @property
    def last_unit(self) -> str:
        """The exercise whose line is the last before training begins."""
        return [one.id for one in self.exercises if not one.trains][-1]


def prepare(folder: Path) -> Place:
    """Fetch the lesson as a student would, answer it with the solution, and copy the course for bare pytest."""
    left_out = {"NNEDU_CLASSROOM", "PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTHONPATH"}
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    environment |= {"NO_COLOR": "1", "PYTHONUTF8": "1", "TMPDIR": str(folder)}
    (folder / "student").mkdir()
    run(nnedu("fetch", LESSON), folder / "student", environment)
    workspace = Workspace.find(folder / "student")
    [lesson] = workspace.lessons()
    for source in (ROOT / "solutions" / lesson).glob("*.py"):
        shutil.copy(source, workspace.folder(lesson))
    answer_quizzes(workspace.folder(lesson), lesson)
    course = folder / "course"
    for name in ("exercises", "solutions", "graders"):
        shutil.copytree(ROOT / name, course / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "course.toml", course)
    bundle = workspace.bundle(lesson)
    for grader in bundle.graders.glob("test_*.py"):
        shutil.copy(grader, course / "graders" / lesson)
    return Place(workspace, course, lesson, collect(bundle.graders, bundle.manifest.modules), environment)


def answer_quizzes(place: Path, lesson: str) -> None:
    """Answer the quizzes of a lesson, without which it is not complete."""
    course = load_course(ROOT)
    quizzes = load_quizzes(course, course.lesson(lesson))
    (place / ANSWERS).write_text(right_answers(quizzes, "sam"), "utf-8")


def nnedu(*arguments: str) -> list[str]:
    """Return the installed command with arguments."""
    return [str(Path(sys.executable).with_name("nnedu")), *arguments]


def run(command: Sequence[str], folder: Path, environment: dict[str, str]) -> float:
    """Run a command to its end and return its seconds; it has to succeed."""
    started = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - nnedu and pytest of this environment
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        said = [*(done.stderr.strip() or done.stdout.strip()).splitlines()[-1:], *faults(environment)]
        text = f"{' '.join([Path(command[0]).name, *command[1:]])} exited with {done.returncode}: {' '.join(said)}"
        raise NotMeasuredError(text)
    return seconds


def faults(environment: dict[str, str]) -> list[str]:
    """Return the last line of each report that nnedu left in the temporary folder, which goes with it."""
    reports = sorted(Path(environment["TMPDIR"]).glob("nnedu-fault-*.txt"))
    return [path.read_text("utf-8").strip().splitlines()[-1] for path in reports]


def timed_check(place: Place) -> tuple[float, float, float]:
    """Run `nnedu check`; return the seconds until its first line, its last unit exercise, and its end."""
    started = time.perf_counter()
    lines: list[tuple[float, str]] = []
    command = nnedu("check", LESSON)
    with subprocess.Popen(  # noqa: S603 - nnedu of this environment
        command, cwd=place.workspace.root, env=place.environment, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None  # noqa: S101 - for the type checker: it is a pipe
        lines = [(time.perf_counter() - started, line.decode()) for line in process.stdout]
    whole = time.perf_counter() - started
    unit = [seconds for seconds, line in lines if line.split()[1:2] == [place.last_unit]]
    if process.returncode != 0 or not unit:
        text = f"nnedu check {LESSON} exited with {process.returncode}, and the solution has to pass."
        raise NotMeasuredError(text)
    return lines[0][0], unit[0], whole


def student_seconds(place: Place) -> float:
    """Return the seconds of the student's own code in the same checks, as the worker reports them."""
    bundle = place.workspace.bundle(place.lesson)
    manifest = bundle.manifest
    limits = Limits(manifest.call_seconds, manifest.submission_seconds)
    known = [Known(one.id, one.exercise, one.sentence, one.hints) for one in manifest.mistakes]
    submission = place.workspace.work(place.lesson).open(frozenset(manifest.imports), limits)
    try:
        bench = Bench(place.lesson, place.exercises, Recorded(bundle.traces, known))
        outcome = bench.examine(submission)
    finally:
        submission.close()
    if not outcome.complete:
        text = "The solution does not pass in process."
        raise NotMeasuredError(text)
    return outcome.seconds


def bare_pytest(place: Place, *, alone: bool) -> float:
    """Run the same checks with pytest, in one process. `alone`: without the plugins of other packages."""
    command = [sys.executable, "-m", "pytest", f"graders/{place.lesson}", "-q", "-p", "no:cacheprovider"]
    options = ["-p", "nnedu.running.plugin"] if alone else []
    more = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"} if alone else {}
    return run([*command, *options], place.course, place.environment | more)


def call_seconds(function: Callable[[np.ndarray], object], size: int, calls: int) -> float:
    """Return the median seconds of one call with an array of `size` floats."""
    values = np.arange(float(size))
    function(values)
    taken = []
    for _ in range(calls):
        started = time.perf_counter()
        function(values)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def measure_rounds(place: Place, runs: int) -> list[Row]:
    """Measure everything short in turn, again and again: a machine that drifts drifts for all of it."""
    rows = {
        "help": Row("nnedu --help", "s", 0.1),
        "first": Row(f"nnedu check {LESSON}: first line", "s", 0.15),
        "unit": Row(f"nnedu check {LESSON}: last unit exercise", "s", 0.6),
        "whole": Row(f"nnedu check {LESSON}: whole command", "s", None),
        "own": Row("  of it the student's own code", "s", None),
        "beyond": Row("  beyond the student's own code", "s", 0.45),
        "bare": Row("bare pytest, same checks, one process", "s", None),
        "ratio": Row("  check / bare pytest", "x", 2.0),
        "alone": Row("bare pytest, other plugins off", "s", None),
        "ratio alone": Row("  check / that", "x", 2.0),
        "small": Row(f"one call: {SMALL} floats there and back", "µs", 150e-6),
        "large": Row("one call: 8 MB there", "ms", 10e-3),
        "both": Row("one call: 8 MB there and back", "ms", 10e-3),
    }
    allowed = frozenset({"numpy"})
    submission = Submission(ECHO, lambda: ProcessChannel(ECHO, allowed), allowed=allowed)
    echo = Proxy(submission, "echo")
    try:
        for number in range(runs + 1):
            found = {"help": run(nnedu("--help"), place.course, place.environment)}
            found["first"], found["unit"], found["whole"] = timed_check(place)
            found["own"] = student_seconds(place)
            found["beyond"] = found["whole"] - found["own"]
            found["bare"], found["alone"] = (bare_pytest(place, alone=alone) for alone in (False, True))
            found["ratio"] = found["whole"] / found["bare"]
            found["ratio alone"] = found["whole"] / found["alone"]
            found["small"] = call_seconds(echo.same, SMALL, SMALL_CALLS)
            found["large"] = call_seconds(echo.size, LARGE, LARGE_CALLS)
            found["both"] = call_seconds(echo.same, LARGE, LARGE_CALLS)
            for name, value in found.items() if number else ():  # the first round warms up
                rows[name].values.append(value)
            progress(f"round {number} of {runs}")
    finally:
        submission.close()
    return list(rows.values())


def measure_once(row: Row, command: list[str], folder: Path, environment: dict[str, str]) -> Row:
    """Measure a long command in one run."""
    progress(row.what)
    row.values.append(run(command, folder, environment))
    return row


def sizes() -> tuple[list[Row], list[str]]:
    """Count the engine; return the rows and what is too long, by name."""
    texts = {path: path.read_text("utf-8") for path in sorted((ROOT / "src" / "nnedu").rglob("*.py"))}
    lengths = {path: len(text.splitlines()) for path, text in texts.items()}
    names = {path: path.relative_to(ROOT / "src").as_posix() for path in texts}
    files = [f"{names[path]}: {count} lines" for path, count in lengths.items() if count > MAX_FILE]
    functions = []
    for path, text in texts.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                count = (node.end_lineno or node.lineno) - node.lineno + 1
                if count > MAX_FUNCTION:
                    functions.append(f"{names[path]}:{node.lineno} {node.name}: {count} lines")
    rows = [
        Row("engine: lines of src/nnedu", "", 4000, [sum(lengths.values())]),
        Row(f"engine: files over {MAX_FILE} lines", "", 0, [len(files)]),
        Row(f"engine: functions over {MAX_FUNCTION} lines", "", 0, [len(functions)]),
    ]
    return rows, files + functions


def measure(runs: int, *, quick: bool) -> tuple[list[Row], list[str]]:
    """Measure everything; what could not be measured becomes a remark."""
    rows: list[Row] = []
    remarks: list[str] = []
    count = len(load_course(ROOT).lessons)
    with tempfile.TemporaryDirectory(prefix="nnedu-bench-") as name:
        folder = Path(name)
        try:
            place = prepare(folder)
            rows += measure_rounds(place, runs)
        except NotMeasuredError as error:
            remarks.append(f"not measured: {error}")
        else:
            for row, command, where in (
                (Row(f"nnedu course verify, {count} lessons", "s", 60.0), nnedu("course", "verify"), ROOT),
                (Row("nnedu demo", "s", 30.0), nnedu("demo"), folder),
            ) * (not quick):
                try:
                    rows.append(measure_once(row, command, where, place.environment))
                except NotMeasuredError as error:
                    rows.append(row)
                    remarks.append(f"not measured: {error}")
    sized, long = sizes()
    return rows + sized, remarks + long


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, metavar="N", help=f"rounds after the warm-up ({RUNS})")
    parser.add_argument("--quick", action="store_true", help="leave out course verify and demo")
    parser.add_argument("--json", action="store_true", help="print JSON, times in seconds, instead of the table")
    arguments = parser.parse_args()
    where, runs = machine(), max(arguments.runs, 1)
    rows, remarks = measure(runs, quick=arguments.quick)
    progress("")
    if arguments.json:
        plain = {"machine": where, "rows": [row.plain() for row in rows], "remarks": remarks}
        sys.stdout.write(json.dumps(plain, indent=1, ensure_ascii=False) + "\n")
        return
    sys.stdout.write(f"{where}; {runs} rounds after one to warm up\n\n{table(rows)}\n")
    if remarks:
        sys.stdout.write("\n" + "\n".join(remarks) + "\n")


if __name__ == "__main__":
    main()
