"""Classes to grade: folders of submissions, and `nnedu grade` on them, the real command with all that it does."""
# ruff: noqa: INP001 - of scripts, not of a package

from __future__ import annotations

import ast
import csv
import json
import os
import shutil
import sys
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from processes import Usage, watch
from table import NotMeasuredError
from trio import LESSON, ROOT, Trio

from nnedu.authoring.handwriting import Hand, written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NNEDU = str(Path(sys.executable).with_name("nnedu"))
LEFT_OUT = {"NNEDU_CLASSROOM", "PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTHONPATH"}


@dataclass(frozen=True)
class Class:
    """Students of one lesson of a course, whose work differs in a comment: identical work would be graded once."""

    folder: Path
    course: Path
    lesson: str
    _numbers: count[int] = field(default_factory=count)

    def add(self, students: int, modules: Mapping[str, str], name: str = "right") -> None:
        """Add students with the same modules."""
        for number in range(students):
            place = self.folder / f"{name}{number:05}"
            place.mkdir(parents=True)
            mark = f"\n# The work of {name} {number}.\n"
            for module, text in modules.items():
                (place / f"{module}.py").write_text(text + mark, "utf-8")

    def grade(self, *options: str, cores: set[int] | None = None, memory: bool = False) -> Graded:
        """Grade the class from the beginning."""
        out = self.folder.with_name(f"{self.folder.name}-grades{next(self._numbers)}")
        environment = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
        environment |= {"NO_COLOR": "1", "PYTHONUTF8": "1", "TMPDIR": str(self.folder.parent)}
        command = [NNEDU, "grade", self.lesson, str(self.folder), "--course", str(self.course), "--out", str(out)]
        usage = watch([*command, *options], self.folder.parent, environment, cores=cores, memory=memory)
        graded = Graded(usage, points(out), own_seconds(out))
        shutil.rmtree(out)
        return graded


@dataclass
class Bench:
    """A temporary folder, and how much is measured in it."""

    folder: Path
    quick: bool

    @property
    def rounds(self) -> int:
        """How often everything short is measured, in turn."""
        return 1 if self.quick else 5

    @cached_property
    def trio(self) -> Trio:
        """The three exercises."""
        return Trio()

    @cached_property
    def course(self) -> Path:
        """The course of the three exercises."""
        place = self.folder / "course"
        self.trio.write_course(place)
        return place

    def right(self, name: str, students: int, lesson: str = LESSON) -> Class:
        """Return a class in which all is right: of the three exercises, or of a whole lesson."""
        course = self.course if lesson == LESSON else ROOT
        solutions = sorted((course / "solutions" / lesson).glob("*.py"))
        found = Class(self.folder / f"{lesson}-{name}", course, lesson)
        found.add(students, {path.stem: path.read_text("utf-8") for path in solutions})
        return found

    def by_hand(self, name: str, students: int, lesson: str) -> Class:
        """Return a class in which all is right, written by everybody in another way: some answer otherwise."""
        found = Class(self.folder / f"{lesson}-{name}-by-hand", ROOT, lesson)
        sources = {path.stem: path.read_text("utf-8") for path in sorted((ROOT / "solutions" / lesson).glob("*.py"))}
        for number in range(students):
            rng = np.random.default_rng([number, len(name)])
            hand = Hand.of(rng)
            found.add(1, {module: _written(text, hand, rng) for module, text in sources.items()}, f"hand{number:03}-")
        return found

    def many(self, number: int) -> int:
        """Return a number of students, or a fifth of it."""
        return number // 5 if self.quick else number


def _written(source: str, hand: Hand, rng: np.random.Generator) -> str:
    """Return a module as somebody else might have written it."""
    tree = ast.parse(source)
    kinds = (ast.FunctionDef, ast.ClassDef)
    tree.body = [written(one, hand, rng) if isinstance(one, kinds) else one for one in tree.body]
    return ast.unparse(tree)


@dataclass(frozen=True)
class Graded:
    """What grading took, what each student earned by exercise, and what the students' own code took."""

    usage: Usage
    points: dict[str, dict[str, float]]
    own: float


@dataclass(frozen=True)
class PerSubmission:
    """What one submission takes, the start of the command apart.

    `own`: core seconds of the student's own code. Workers report seconds by the clock; on a core that others use too,
    code gets as much of them as everything else that was started with it.
    """

    seconds: float
    cpu: float
    own: float

    @property
    def beyond(self) -> float:
        """Core seconds beyond those of the student's own code."""
        return self.cpu - self.own


def per_submission(few: Class, many: Class, *options: str, cores: set[int] | None = None) -> PerSubmission:
    """Grade two classes of right submissions; the difference is what their difference in size takes."""
    small, large = (one.grade(*options, cores=cores) for one in (few, many))
    for graded in (small, large):
        all_right(graded)
    more = len(large.points) - len(small.points)
    seconds, cpu = large.usage.seconds - small.usage.seconds, large.usage.cpu - small.usage.cpu
    return PerSubmission(seconds / more, cpu / more, large.own / len(large.points) * min(cpu / seconds, 1.0))


def all_right(graded: Graded, students: Sequence[str] = ()) -> None:
    """Refuse to measure where a right submission has not earned what the others have, and all that there is."""
    most = {name: max(one[name] for one in graded.points.values()) for name in next(iter(graded.points.values()))}
    short = [name for name in students or graded.points if graded.points[name] != most]
    if short or not all(most.values()):
        text = (
            f"{len(short)} of {len(graded.points)} right submissions did not earn every point, {short[:3]} among them"
        )
        raise NotMeasuredError(text)


def points(out: Path) -> dict[str, dict[str, float]]:
    """Return the points of each student by exercise, as grades.csv has them."""
    others = {"student", "points", "max_points", "problem", "by_hand"}
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    # Nobody here answers quizzes: they cost no process, and are no part of what is measured.
    kept = [name for name in (rows[0] if rows else ()) if name not in others and not name.startswith("quiz_")]
    return {row["student"]: {name: float(row[name]) for name in kept} for row in rows}


def own_seconds(out: Path) -> float:
    """Return the seconds of all students' own code, as the workers reported them."""
    bodies = (path.read_bytes().partition(b"\n")[2] for path in (out / ".results").iterdir())
    return sum(float(json.loads(body)["outcome"].get("seconds", 0.0)) for body in bodies)
