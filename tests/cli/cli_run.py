"""Starts the real command, as a person would."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnedu.authoring.quizzes import right_answers
from nnedu.course import load_course
from nnedu.course.quiz import load_quizzes
from nnedu.outcome import ANSWERS

ROOT = Path(__file__).parents[2]
LESSON3 = "lesson03_activations"
LESSON5 = "lesson05_backpropagation"
LESSONS = [f"lesson{lesson.number}" for lesson in load_course(ROOT).lessons]  # as people type them


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, read as JSON."""
        return json.loads(self.out)

    @property
    def last_line(self) -> str:
        """The last line that was printed; one that is too long for the terminal goes on below, indented."""
        return re.sub(r"\n {7}(?=\S)", " ", self.out.rstrip()).splitlines()[-1]


def nnedu(*arguments: object, cwd: Path, typed: str = "", **environment: str) -> Ran:
    """Run nnedu in a folder; there is no terminal, and no name or classroom but those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NNEDU", "PYTHON", "PYTEST"))}
    done = subprocess.run(
        [sys.executable, "-m", "nnedu", *map(str, arguments)],
        cwd=cwd,
        input=typed.encode(),
        capture_output=True,
        env=kept | {"NO_COLOR": "1", "PYTHONUTF8": "1", "LOGNAME": "sam"} | environment,
        timeout=60,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def solve(lesson_folder: Path, course_folder: Path = ROOT) -> None:
    """Put the solutions into a student's folder, and the right answers to its quiz."""
    for path in lesson_folder.glob("*.py"):
        path.write_bytes((ROOT / "solutions" / lesson_folder.name / path.name).read_bytes())
    for name, text in answered(lesson_folder.name, course_folder).items():
        (lesson_folder / name).write_text(text, "utf-8")


def answered(lesson: str, course_folder: Path = ROOT) -> dict[str, str]:
    """Return the file of answers, all of them right, with its name; nothing where there is nothing to answer."""
    course = load_course(course_folder)
    quizzes = load_quizzes(course, course.lesson(lesson))
    return {ANSWERS: right_answers(quizzes, "sam")} if quizzes else {}


def unfit(text: str) -> list[str]:
    """Return the characters of a text that a terminal might obey."""
    return sorted({hex(ord(c)) for c in text if not c.isprintable() and c != "\n"})
