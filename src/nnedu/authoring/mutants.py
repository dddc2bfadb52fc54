"""Mutation testing of a lesson's graders: nearly every slip in a solution is caught, and what is not is explained."""

from __future__ import annotations

import ast
import time
import tomllib
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from nnedu.authoring.jury import STOPPED, judged
from nnedu.authoring.mutations import Mutant, mutants, name_of
from nnedu.course import load_course
from nnedu.diagnosis.trace import replaying
from nnedu.errors import CourseFault
from nnedu.outcome import State
from nnedu.running.bench import Bench
from nnedu.running.collect import collect
from nnedu.running.evidence import Live, local_submission

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from nnedu.course import Course, Lesson
    from nnedu.running.collect import Exercise

FILE = "survivors.toml"
GOAL = 0.95
SECONDS = 20.0  # that a mutant has at least...
SLACK = 6  # ...or so many times what the solution takes in the same checks
Place = tuple[str, str]  # a module, and a name that it defines


class Verdict(Enum):
    """What a survivor is: a right answer too, a wrong one that no check is worth, or one that trains by its luck."""

    RIGHT = "right"
    WRONG = "wrong"
    CHANCE = "chance"


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a mutant passes every check and may.

    It is right where no argument tells it from the solution, or where the exercise leaves open what it changes.
    """

    module: str
    inside: str
    line: str
    becomes: str
    verdict: Verdict
    reason: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """The mutant that it belongs to."""
        return self.module, self.inside, self.line, self.becomes


class _Labels(msgspec.Struct, forbid_unknown_fields=True):
    survivor: list[Label]


@dataclass(slots=True)
class MutantReport:
    """What came of the mutants of a lesson."""

    lesson: str
    made: int = 0
    killed: int = 0
    stopped: int = 0
    right: int = 0
    wrong: int = 0
    survivors: list[Mutant] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def share(self) -> float:
        """The share of the mutants that were killed, out of those that are not right."""
        return self.killed / (self.made - self.right) if self.made > self.right else 1.0


@dataclass(frozen=True, slots=True)
class _Case:
    """A mutant, and the exercises that have to notice it."""

    mutant: Mutant
    exercises: tuple[str, ...]


def survivors(course: Course, lesson: Lesson, *, only: str = "", quick: bool = False, workers: int = 2) -> MutantReport:
    """Judge every mutant of a lesson (or those that one exercise has to notice) by all its checks.

    `quick` leaves out those that an exercise has to notice which trains.
    """
    started = time.perf_counter()
    exercises = collect(lesson.graders_folder, lesson.modules)
    cases = _cases(lesson, exercises)
    labels = load_labels(lesson)
    known = {label.key: label.verdict for label in labels}
    long = {one.id for one in exercises if one.trains and quick}
    chosen = [(not only or only in case.exercises) and long.isdisjoint(case.exercises) for case in cases]
    asked = [number for number, is_chosen in enumerate(chosen) if is_chosen]
    # What trains by its luck is allowed to live and to die, so that to run it would tell nothing.
    numbers = [number for number in asked if known.get(cases[number].mutant.key) is not Verdict.CHANCE]
    make = partial(_Judge, course.root, lesson.id)
    noticing = {one for number in numbers for one in cases[number].exercises}
    taken = _seconds(course, lesson, [one for one in exercises if one.id in noticing])
    limits = {number: max(SECONDS, SLACK * sum(taken[one] for one in cases[number].exercises)) for number in numbers}
    verdicts = judged(make, limits, workers=max(1, min(workers, len(numbers))))
    report = MutantReport(lesson.id, made=len(asked), seconds=time.perf_counter() - started)
    report.killed = sum(bool(verdict) for verdict in verdicts.values())
    report.stopped = sum(verdict == STOPPED for verdict in verdicts.values())
    alive = [cases[number].mutant for number in numbers if not verdicts[number]]
    report.survivors = [mutant for mutant in alive if mutant.key not in known]
    report.right = sum(known.get(mutant.key) is Verdict.RIGHT for mutant in alive) + len(asked) - len(numbers)
    report.wrong = sum(known.get(mutant.key) is Verdict.WRONG for mutant in alive)
    dead = {cases[number].mutant.key for number in numbers} - {mutant.key for mutant in alive}
    stale = [label for label in labels if label.key in dead]
    report.problems = [f"{_named(label)} is labelled as a survivor, but a check fails it" for label in stale]
    report.problems += label_problems(lesson, exercises)
    if not only and report.share < GOAL:
        text = f"{report.share:.1%} of the wrong mutants of {lesson.id} are killed; {GOAL:.0%} are asked for"
        report.problems.append(text)
    return report


def _seconds(course: Course, lesson: Lesson, exercises: Sequence[Exercise]) -> dict[str, float]:
    """Return what the solution takes in all checks of each exercise."""
    live = Live(course, lesson)
    bench, taken = Bench(lesson.id, exercises, live), {}
    submission = local_submission(live.sources, live.allowed)
    for exercise in exercises:
        started = time.perf_counter()
        for check in exercise.checks:
            bench.judge(check, submission)
        taken[exercise.id] = time.perf_counter() - started
    submission.close()
    return taken


def label_problems(lesson: Lesson, exercises: Sequence[Exercise]) -> Iterator[str]:
    """Yield the labels that no longer belong to a mutant, or give no reason. Runs nothing."""
    made = {case.mutant.key for case in _cases(lesson, exercises)}
    for label in load_labels(lesson):
        if label.key not in made:
            yield f"{_named(label)} is labelled as a survivor, but the solution has no such mutant any more"
        if not label.reason.strip():
            yield f"{_named(label)} is labelled as a survivor without a reason"


def load_labels(lesson: Lesson) -> list[Label]:
    """Return the survivors that an author has explained."""
    path = lesson.graders_folder / FILE
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), _Labels).survivor
    except FileNotFoundError:
        return []
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        text = f"{path} cannot be read: {error}."
        raise CourseFault(
            text, "A [[survivor]] has module, inside, line, becomes, verdict (right, wrong or chance) and reason."
        ) from error


def label_text(mutant: Mutant) -> str:
    """Return the entry of survivors.toml for a mutant, its reason to be filled in."""
    fields = {"module": mutant.module, "inside": mutant.inside, "line": mutant.line, "becomes": mutant.becomes}
    lines = [f"{name} = {_quoted(value)}" for name, value in (fields | {"verdict": "", "reason": ""}).items()]
    return "\n".join(["[[survivor]]", *lines])


def _quoted(text: str) -> str:
    if "'" not in text:
        return f"'{text}'"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _named(label: Label) -> str:
    return f"{FILE}: in {label.module}.{label.inside}, {label.line} -> {label.becomes}"


def _cases(lesson: Lesson, exercises: Sequence[Exercise]) -> list[_Case]:
    """Return the mutants of every definition that an exercise uses: of an exercise, of a helper, of a private table."""
    sources = {name: text for name, text in lesson.solution_sources().items() if name in lesson.modules}
    users = _users(sources, exercises)
    return [
        _Case(mutant, users[module, mutant.inside])
        for module, source in sources.items()
        for mutant in mutants(module, source, [name for where, name in users if where == module])
    ]


def _users(sources: dict[str, str], exercises: Sequence[Exercise]) -> dict[Place, tuple[str, ...]]:
    """Return for each definition the exercises whose checks have to notice a change of it.

    An exercise is noticed by its own checks alone; a helper by those of all exercises that use it. Public constants are
    given to students, and are no part of the answer.
    """
    uses = {place: found for module, text in sources.items() for place, found in _uses(module, text, sources).items()}
    own = {(one.module, one.id): one.id for one in exercises}
    users: dict[Place, tuple[str, ...]] = {place: (name,) for place, name in own.items() if place in uses}
    for place, name in own.items():
        waiting, seen = [place], {place}
        while waiting:
            new = uses.get(waiting.pop(), set()) - seen
            seen |= new
            waiting += new
        for found in seen - own.keys():
            if found in uses and (found[1].startswith("_") or not found[1].isupper()):
                users[found] = (*users.get(found, ()), name)
    return users


def _uses(module: str, source: str, sources: dict[str, str]) -> dict[Place, set[Place]]:
    """Return for each definition of a module the definitions that its text names."""
    body = ast.parse(source).body
    known = {name_of(node): (module, name_of(node)) for node in body if name_of(node)}
    for node in body:
        if isinstance(node, ast.ImportFrom) and node.module in sources:
            known |= {alias.asname or alias.name: (str(node.module), alias.name) for alias in node.names}
    return {
        (module, name_of(node)): {
            known[part.id] for part in ast.walk(node) if isinstance(part, ast.Name) and part.id in known
        }
        for node in body
        if name_of(node)
    }


class _Judge:
    """The checks of a lesson, in a process of their own. Made from the names of things, so that it starts anywhere."""

    def __init__(self, root: Path, name: str) -> None:
        course = load_course(root)
        self._lesson = course.lesson(name)
        self._live = Live(course, self._lesson)
        exercises = collect(self._lesson.graders_folder, self._lesson.modules)
        self._cases = _cases(self._lesson, exercises)
        self._bench = Bench(self._lesson.id, exercises, self._live)

    def __call__(self, number: int) -> str:
        """Return the first check that notices a mutant. One that crashes the check has not been noticed."""
        case = self._cases[number]
        sources = self._live.sources | {case.mutant.module: case.mutant.source}
        submission = local_submission(sources, self._live.allowed)
        try:
            with replaying():  # the references themselves are proved by nnedu course verify
                for exercise in self._bench.exercises:
                    for check in exercise.checks if exercise.id in case.exercises else ():
                        state = self._bench.judge(check, submission).state
                        if state not in {State.PASSED, State.FAULT}:
                            return check.id
        finally:
            submission.close()
        return ""
