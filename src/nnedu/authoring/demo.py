"""The demonstration: twelve simulated students and their instructor, with the real commands in a temporary folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from nnedu.authoring.quizzes import right_answers
from nnedu.authoring.simulate import break_syntax, loop_forever, with_implementation
from nnedu.course import load_course
from nnedu.course.quiz import load_quizzes
from nnedu.errors import CourseFault, UsageError
from nnedu.outcome import ANSWERS
from nnedu.publishing.shipped import checkout
from nnedu.publishing.stubs import lesson_stubs
from nnedu.running.collect import collect
from nnedu.running.evidence import Live

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nnedu.course import Lesson
    from nnedu.course.quiz import Quiz
    from nnedu.running.collect import Exercise
    from nnedu.running.evidence import Implementation

NAMES = ("ada", "ben", "chloe", "dev", "emre", "fay", "goran", "hana", "ivo", "june", "kofi", "lena")
MISTAKEN = 6
CALL_SECONDS = "1.0"
Files = dict[str, str]


def run_demo(say: Callable[[str], None]) -> None:
    """Play a class on one lesson, from fetch to grades, and say what is seen."""
    started = time.perf_counter()
    root = checkout()
    if root is None:
        text = "The demonstration needs the course's sources: simulated students are made from its known mistakes."
        raise UsageError(text, "Run it in a checkout: make demo")
    folder = Path(tempfile.mkdtemp(prefix="nnedu-demo-"))
    course_folder = _short_course(root, folder / "course")
    course = load_course(course_folder)
    lesson = course.lesson(course.demo or course.lessons[0].id)
    say(f"A class of {len(NAMES)} in {folder}\n")
    _nnedu(folder, "course", "bundle", lesson.id, "--out", "classroom/release", "--course", str(course_folder))
    quizzes = load_quizzes(course, lesson)
    students = simulated_class(lesson, Live(course, lesson), collect(lesson.graders_folder, lesson.modules))
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        shown = pool.map(lambda name: _student(folder, lesson, name, students[name][1], quizzes), students)
        screens = dict(zip(students, shown, strict=True))
    for name, (what, _) in students.items():
        say(f"  {name:<6} {what:<58} {_last_line(screens[name])}")
    one = NAMES[2]
    say(f"\nWhat {one} sees:\n\n{one}$ nnedu check {lesson.id}\n{screens[one]}")
    say(f"The instructor:\n\n$ nnedu grade {lesson.id} classroom/{lesson.id}")
    given = ("--out", "grades", "--course", str(course_folder))
    say(_nnedu(folder, "grade", lesson.id, f"classroom/{lesson.id}", *given))
    say(
        f"All of it is in {folder}:\n  students/     twelve workspaces\n  classroom/    what was released and handed in"
    )
    say("  grades/       grades.csv, grades.json, feedback/")
    say(f"It took {time.perf_counter() - started:.0f} s.\nNext:  nnedu fetch {lesson.id}    in a folder of your own")


def simulated_class(lesson: Lesson, live: Live, exercises: tuple[Exercise, ...]) -> dict[str, tuple[str, Files]]:
    """Return for each student what they are like, and their files."""
    right, stubs = dict(live.sources), lesson_stubs(lesson)
    modules = {exercise.id: exercise.module for exercise in exercises}
    first = exercises[0]
    alone = next(e for e in exercises if not e.sealed and not any(e.id in other.after for other in exercises))
    kinds: list[tuple[str, Files]] = [("has everything right", right)]
    variants = {one.mark.exercise: one for one in live.variants}
    unusual = right | {m: _one_each(lesson, m, variants, exercises) for m in lesson.modules}
    kinds.append(("has it right, written differently", unusual))
    for one, source in _spread(lesson, live, exercises):
        kinds.append((f"{one.mark.exercise}: {one.mark.sentence}"[:58], right | {modules[one.mark.exercise]: source}))
    kinds.append(("has lost a bracket", right | {first.module: break_syntax(right[first.module])}))
    endless = loop_forever(right[alone.module], alone.id)
    kinds.append((f"loops for ever in {alone.id}", right | {alone.module: endless}))
    kinds.append(("has not begun", stubs))
    kinds.append(("has done the first file only", stubs | {first.module: right[first.module]}))
    return {
        name: (what, {m: files[m] for m in lesson.modules}) for name, (what, files) in zip(NAMES, kinds, strict=True)
    }


def _one_each(lesson: Lesson, module: str, variants: dict[str, Implementation], exercises: tuple[Exercise, ...]) -> str:
    """Return a module in which one exercise is written differently."""
    for exercise in exercises:
        if exercise.module == module and exercise.id in variants:
            return with_implementation(lesson, module, variants[exercise.id])
    return (lesson.solutions_folder / f"{module}.py").read_text("utf-8")


def _spread(lesson: Lesson, live: Live, exercises: tuple[Exercise, ...]) -> list[tuple[Implementation, str]]:
    """Return one mistake each of as many exercises as there are places, the heaviest first, with the student's file."""
    found: list[tuple[Implementation, str]] = []
    for exercise in sorted(exercises, key=lambda exercise: -exercise.max_points):
        for one in live.implementations:
            if one.mark.exercise == exercise.id and not exercise.sealed and len(found) < MISTAKEN:
                try:
                    found.append((one, with_implementation(lesson, exercise.module, one)))
                    break
                except CourseFault:  # a mistake that is made of the right answer makes no file of its own
                    continue
    return found


def _short_course(root: Path, to: Path) -> Path:
    """Copy the course, with a short limit per call, so that nobody waits ten seconds for a loop."""
    for name in ("exercises", "solutions", "graders"):
        shutil.copytree(root / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
    text = (root / "course.toml").read_text("utf-8")
    seconds = f"call_seconds = {load_course(root).limits.call_seconds}"
    (to / "course.toml").write_text(text.replace(seconds, f"call_seconds = {CALL_SECONDS}"), "utf-8")
    return to


def _student(folder: Path, lesson: Lesson, name: str, files: Files, quizzes: Sequence[Quiz]) -> str:
    """Fetch, edit, check and submit as one student; return what the check printed."""
    home = folder / "students" / name
    home.mkdir(parents=True)
    _nnedu(home, "fetch", lesson.id, "--from", str(folder / "classroom"))
    for module, text in files.items():
        (home / lesson.id / f"{module}.py").write_text(text, "utf-8")
    if quizzes:
        (home / lesson.id / ANSWERS).write_text(right_answers(quizzes, name), "utf-8")
    screen = _nnedu(home, "check", lesson.id)
    _nnedu(home, "submit", lesson.id, "--to", str(folder / "classroom"), "--as", name)
    return screen


def _nnedu(folder: Path, *arguments: str) -> str:
    """Run a command as a person would, and return what it printed. A check that finds something exits 1."""
    environment = os.environ | {"NO_COLOR": "1", "PYTHONUTF8": "1"}
    done = subprocess.run(  # noqa: S603 - this very program, with arguments written here
        [sys.executable, "-m", "nnedu", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        encoding="utf-8",
    )
    if done.returncode not in {0, 1}:
        text = f"nnedu {' '.join(arguments)} ended with {done.returncode}: {done.stderr.strip() or done.stdout.strip()}"
        raise UsageError(text)
    return done.stdout


def _last_line(screen: str) -> str:
    lines = [line for line in screen.strip().splitlines() if "points" in line]
    return lines[-1] if lines else ""
