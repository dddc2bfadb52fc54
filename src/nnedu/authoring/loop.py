"""The demonstration of a class: an instructor's loop from roster to report, with a class of which all is known."""

from __future__ import annotations

import ast
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import msgspec
import numpy as np

from nnedu.authoring.comparison import Report, compare
from nnedu.authoring.material import Material
from nnedu.authoring.population import WRONG, Population
from nnedu.course import load_course
from nnedu.course.quiz import load_quizzes
from nnedu.errors import CourseFault, UsageError
from nnedu.running.collect import collect
from nnedu.running.evidence import Live

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nnedu.authoring.population import HandedIn, Truth
    from nnedu.course import Lesson
    from nnedu.running.collect import Check, Exercise

_T = TypeVar("_T")
SMALLEST = 20
FEWEST = 2  # students who meet the broken check
SHOWN = 9  # lines at the beginning and at the end of what a command prints
PAUSE = 3.0
AGO = timedelta(days=4)  # when it was due
_TREES = ("exercises", "solutions", "graders")
_BROKEN = '''

def _breaks_down(check):
    """What was planted for the demonstration: a check that fails itself where it should say what is wrong."""
    import functools

    @functools.wraps(check)
    def broken(*args, **fixtures):
        try:
            check(*args, **fixtures)
        except AssertionError as failed:
            raise KeyError("the check looks up what it never stored") from failed

    return broken

'''


class Packer(Protocol):
    """Packs what a student hands in, as `nnedu submit` does; returns the name of the file, and its bytes."""

    def __call__(self, handed_in: HandedIn) -> tuple[str, bytes]:
        """Return the name and the bytes."""


@dataclass(frozen=True, slots=True)
class Played:
    """What is left of a demonstration: the folder, what is known, and the report as the command printed it."""

    folder: Path
    lesson: str
    truth: Truth
    report: Report


def play_class(
    root: Path,
    out: Path,
    number: int,
    seed: int,
    pack_in: Callable[[Path, str], Packer],
    say: Callable[[str], None],
    lesson: str = "",
) -> Played:
    """Play an instructor's loop with a simulated class, and say what is done and what was found."""
    started = time.perf_counter()
    if number < SMALLEST:
        text = f"A class of {number} is too small to plant anything in."
        raise UsageError(text, f"Name {SMALLEST} students or more: nnedu demo --class {SMALLEST}")
    play = _Play(root, _empty(out), number, seed, say, lesson)
    play.prepare()
    play.hand_in(pack_in)
    report = play.grade_and_report()
    play.end(report, time.perf_counter() - started)
    return Played(play.out, play.lesson.id, play.truth, report)


class _Play:
    """One demonstration, in a folder of its own."""

    def __init__(self, root: Path, out: Path, number: int, seed: int, say: Callable[[str], None], lesson: str) -> None:
        self.out = out
        self._say = say
        original = load_course(root)
        name = original.lesson(lesson).id if lesson else original.demo or original.lessons[0].id
        due = (datetime.now(UTC) - AGO).replace(hour=20, minute=0, second=0, microsecond=0)
        say(f"A class of {number} in {out}: drawing what each can do, and what each writes")
        course_folder = _course(root, out / "course", name, due)
        self.course = load_course(course_folder)
        self.lesson: Lesson = self.course.lesson(name)
        exercises = collect(self.lesson.graders_folder, self.lesson.modules)
        material = Material(self.lesson, Live(self.course, self.lesson), exercises)
        self._population = Population(number, seed, due, material, load_quizzes(self.course, self.lesson))
        check, met = to_break(self._population.truth, material, exercises, seed)
        plant_fault(course_folder, name, check)
        self.truth = msgspec.structs.replace(self._population.truth, broken_check=check.id, met_it=tuple(met))

    @property
    def _exchange(self) -> Path:
        return self.course.root / self.course.classroom.exchange

    def prepare(self) -> None:
        """Write the truth and the roster, and release the lesson."""
        (self.out / "truth.json").write_bytes(msgspec.json.format(msgspec.json.encode(self.truth), indent=1) + b"\n")
        rows = [["Login", "Name", "E-mail", "ID number", "Section"]]
        rows += [
            [one.login, one.name, f"{one.login}@example.edu", one.number, one.section]
            for one in self.truth.students
            if one.listed
        ]
        with (self.out / "roster.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        self._nnedu("roster", str(self.out / "roster.csv"), "--yes")
        self._nnedu("release", self.lesson.id)

    def hand_in(self, pack_in: Callable[[Path, str], Packer]) -> None:
        """Lay what all students hand in where `collect` finds it."""
        attempts = [(student, attempt) for student in self.truth.students for attempt in student.attempts]
        place = self._exchange / self.lesson.id
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="nnedu-student-") as home:
            self._nnedu("fetch", self.lesson.id, "--from", str(self._exchange), folder=Path(home), course=False)
            pack = pack_in(Path(home), self.lesson.id)
            self._say(f"\n{len(attempts)} submissions of {len(self.truth.students)} students are written and handed in")
            for student, attempt in _counted(attempts, self._say):
                name, data = pack(self._population.handed_in(student, attempt))
                (place / name).write_bytes(data)
                os.utime(place / name, (attempt.at.timestamp(), attempt.at.timestamp()))

    def grade_and_report(self) -> Report:
        """Collect, grade and report as an instructor does."""
        name = self.lesson.id
        self._nnedu("collect", name)
        self._nnedu("grade", name)
        self._nnedu("report", name, "--html", str(self.out / "report.html"), "--students", str(self.out / "students"))
        return msgspec.json.decode(self._nnedu("report", name, "--json", show=False), type=Report)

    def end(self, report: Report, seconds: float) -> None:
        """Say what was known and what was found, and where everything is."""
        self._say("\nWhat is known of this class, and what the report says:\n")
        for one in compare(self.truth, report):
            self._say(
                f"  {one.what:<38} {one.known:>6}   {one.found:<22} {'' if one.holds else 'not as planted'}".rstrip()
            )
        alpha = report.reliability
        if alpha.alpha is not None and alpha.low is not None and alpha.high is not None:
            self._say(f"  {'Cronbach’s alpha':<38} {'':>6}   {alpha.alpha:.2f} [{alpha.low:.2f}, {alpha.high:.2f}]")
        places = {
            "truth.json": "all that is known of the class",
            "students/": "the page of each student",
            "course/": "the course, with one broken check, and the classroom with its gradebook",
        }
        self._say(f"\nAll of it is in {self.out}:")
        for place, what in places.items():
            self._say(f"  {place:<12} {what}")
        self._say(f"It took {seconds:.0f} s.\n\nOpen the report:  {self.out / 'report.html'}")
        student = next(one for one in self.truth.students if one.attempts and one.attempts[-1].readable)
        self._say(f"and a student's:  {self.out / 'students' / f'{student.login}.html'}")
        self._say(
            f"Ask on:           nnedu report {self.lesson.id} --explain {student.login} --course {self.course.root}"
        )

    def _nnedu(self, *arguments: str, folder: Path | None = None, course: bool = True, show: bool = True) -> str:
        """Run a command as a person would, and show what it prints, or how it begins and ends."""
        typed = [*arguments, *(("--course", str(self.course.root)) if course else ())]
        if show:
            self._say(f"\n$ nnedu {' '.join(arguments)}")
        done: subprocess.CompletedProcess[str] = subprocess.run(  # noqa: S603 - this very program, with arguments written here
            [sys.executable, "-m", "nnedu", *typed],
            cwd=folder or self.out,
            stdout=subprocess.PIPE,
            stderr=None if show else subprocess.DEVNULL,  # progress goes where this one's goes
            text=True,
            env=os.environ | {"NO_COLOR": "1", "PYTHONUTF8": "1"},
            check=False,
            encoding="utf-8",
        )
        if done.returncode not in {0, 1, 3}:  # 3: the broken check was met
            text = f"nnedu {' '.join(arguments)} ended with {done.returncode}: {done.stdout.strip()[-2000:]}"
            raise UsageError(text)
        if show:
            self._say(_shortened(done.stdout))
        return done.stdout


def to_break(truth: Truth, material: Material, exercises: Sequence[Exercise], seed: int) -> tuple[Check, list[str]]:
    """Choose a check to break, and return it with the students whose mistakes meet it: a few at least."""
    last = {one.login: one.attempts[-1] for one in truth.students if one.attempts and one.attempts[-1].readable}
    found = []
    for exercise in exercises:
        mistakes = {login: one.exercises[exercise.id] for login, one in last.items()}
        failing = {
            login: material.way(exercise.id, done.way).fails for login, done in mistakes.items() if done.how == WRONG
        }
        for check in exercise.checks if not (exercise.sealed or material.needs(exercise.id)) else ():
            met = [login for login, fails in failing.items() if check.name in fails]
            if 0 < 2 * check.points <= exercise.max_points and len(met) >= FEWEST:
                found.append((check, met))
    if not found:
        text = f"{truth.lesson} has no check that could be broken: one of several, met by {FEWEST} students or more."
        raise UsageError(text, "Take a larger class, or another seed.")
    return found[int(np.random.default_rng([seed, 1]).integers(len(found)))]


def plant_fault(course: Path, lesson: str, check: Check) -> None:
    """Break one check of a course that is a copy: where it should say what is wrong, it fails itself."""
    path = course / "graders" / lesson / f"test_{check.module}.py"
    path.write_text(_broken(path.read_text("utf-8"), check.exercise, check.name), "utf-8")


def _broken(text: str, exercise: str, check: str) -> str:
    """Return a grader with one check wrapped."""
    tree = ast.parse(text)
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and any(exercise in ast.unparse(mark) for mark in node.decorator_list):
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and method.name == f"test_{check}":
                    lines = text.splitlines()
                    first = min([method.lineno, *(mark.lineno for mark in method.decorator_list)]) - 1
                    lines.insert(first, " " * method.col_offset + "@_breaks_down")
                    last = max(n.end_lineno or 0 for n in tree.body if isinstance(n, (ast.Import, ast.ImportFrom)))
                    lines.insert(last, _BROKEN)
                    return "\n".join(lines) + "\n"
    message = f"{exercise} has no check test_{check} of its own."
    raise CourseFault(message)


def _course(root: Path, to: Path, lesson: str, due: datetime) -> Path:
    """Copy a course, with a due date for one lesson, and a policy."""
    for name in _TREES:
        shutil.copytree(root / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
    text = (root / "course.toml").read_text("utf-8")
    dates = f"due = {due:%Y-%m-%dT%H:%M:%SZ}\ncut_off = {due + timedelta(days=3):%Y-%m-%dT%H:%M:%SZ}"
    text = text.replace(f'folder = "{lesson}"', f'folder = "{lesson}"\n{dates}')
    if "[policy]" not in text:
        text += '\n[policy]\nlate_percent = 10\nlate_per = "day"\nlate_most = 30\n'
    (to / "course.toml").write_text(text, "utf-8")
    return to


def _empty(out: Path) -> Path:
    try:
        out.mkdir(parents=True, exist_ok=True)
        if not any(out.iterdir()):
            return out.resolve()
    except OSError as error:
        text = f"The demonstration cannot be written to {out}: {error.strerror}."
        raise UsageError(text, "Name another folder with --out.") from error
    text = f"{out} is not empty, and nothing in it is overwritten."
    raise UsageError(text, "Name a folder that does not exist yet: nnedu demo --class 200 --out FOLDER")


def _counted(many: Sequence[_T], say: Callable[[str], None]) -> Iterator[_T]:
    """Yield one after the other, and say now and then how many there were."""
    last = time.monotonic()
    for number, one in enumerate(many):
        yield one
        if time.monotonic() - last > PAUSE:
            last = time.monotonic()
            say(f"  {number + 1} of {len(many)}")


def _shortened(printed: str) -> str:
    """Leave out the middle of what a command printed of a whole class."""
    lines = printed.rstrip().splitlines()
    if len(lines) <= 2 * SHOWN:
        return "\n".join(lines)
    return "\n".join([*lines[:SHOWN], f"  ... {len(lines) - 2 * SHOWN} lines ...", *lines[-SHOWN:]])
