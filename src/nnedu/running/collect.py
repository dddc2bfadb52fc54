"""Finds the checks of a lesson with pytest, and reads their marks into records.

Collected once, checks are run over as many submissions as there are: a check is a plain function of three arguments.
"""

from __future__ import annotations

import inspect
import os
import re
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from nnedu.checking.marks import ExerciseMark, mark_of
from nnedu.errors import CourseFault, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

FIXTURES = frozenset({"student", "reference", "rng"})


@dataclass(frozen=True)
class Check:
    """One test of a grader, as a record that can be run."""

    exercise: str
    name: str
    sentence: str
    points: int
    hidden: bool
    module: str
    run: Callable[[Any, Any, Any], None] = field(compare=False)
    sealed: bool = False

    @property
    def id(self) -> str:
        """The name of the check in its lesson."""
        return f"{self.exercise}/{self.name}"


@dataclass(frozen=True, slots=True)
class Exercise:
    """One grader class: what it grades, what it comes after, and its checks."""

    id: str
    title: str
    module: str
    after: tuple[str, ...]
    trains: bool
    sealed: bool
    checks: tuple[Check, ...]

    @property
    def max_points(self) -> int:
        """Points of all its checks."""
        return sum(check.points for check in self.checks)


class _Collector:
    """A pytest plugin that keeps what was collected and runs nothing."""

    def __init__(self) -> None:
        self.items: list[pytest.Function] = []
        self.errors: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            said = str(report.longrepr).strip()
            places = re.findall(r"^(?:E\s+File \")?(\S*test_\w+\.py)(?::|\", line )(\d+)", said, re.MULTILINE)
            place = ":".join(places[-1]) if places else report.nodeid
            error = said.splitlines()[-1].removeprefix("E").strip().rstrip(".")
            self.errors.append(f"{place}: {error.removeprefix(f'{CourseFault.__module__}.{CourseFault.__name__}: ')}")

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.items = [item for item in session.items if isinstance(item, pytest.Function)]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> bool:
        return True


def collect(folder: Path, modules: Sequence[str]) -> tuple[Exercise, ...]:
    """Return the exercises of the graders in a folder: in the order of `modules`, long training last."""
    collector = _Collector()
    files = [str(folder / f"test_{module}.py") for module in modules]
    options = [
        *("--disable-plugin-autoload", "-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:faulthandler"),
        *("-c", os.devnull, "--rootdir", str(folder), "--import-mode=importlib", "--assert=plain", "--capture=no"),
        *("-W", "ignore", "--noconftest"),
    ]
    with _alone([f"test_{module}" for module in modules]):
        code = pytest.main([*options, *files], plugins=[collector])
    if collector.errors or code not in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
        text = f"A grader cannot be read: {(collector.errors or [f'pytest ended with {code}'])[0]}."
        raise CourseFault(text)
    exercises = _exercises(collector.items)
    if not exercises:
        text = f"There are no checks in {folder}."
        raise CourseFault(text, "A lesson without checks would pass anything.")
    return tuple(sorted(exercises, key=lambda exercise: exercise.trains))


@contextmanager
def _alone(names: Sequence[str]) -> Iterator[None]:
    """Collect without what lies around.

    That is: pytest options of somebody's own, which would leave checks out, and modules of the same names, as another
    course has them, or a grader that could not be read a moment ago.
    """
    options = os.environ.pop("PYTEST_ADDOPTS", None)
    before = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    try:
        yield
    finally:
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(before)
        if options is not None:
            os.environ["PYTEST_ADDOPTS"] = options


def _exercises(items: list[pytest.Function]) -> list[Exercise]:
    groups: dict[type, list[Check]] = {}
    for item in items:
        if item.cls is None or not isinstance(mark_of(item.cls), ExerciseMark):
            text = f"{_place(item)}: {item.name}: a check stands in a class marked with @exercise."
            raise CourseFault(text)
        groups.setdefault(item.cls, []).append(_check(item, mark_of(item.cls)))
    exercises = [_exercise(cls, checks) for cls, checks in groups.items()]
    ids = [exercise.id for exercise in exercises]
    for number, (cls, exercise) in enumerate(zip(groups, exercises, strict=True)):
        late = [name for name in exercise.after if name not in ids[:number]]
        if exercise.id in ids[:number] or late:
            where = f"The exercise {exercise.id} ({_place_of_class(cls, items)})"
            if not late:
                text = f"{where} is graded by two classes."
                raise CourseFault(text)
            there = "which is not before it" if late[0] in ids else "which is no exercise of the lesson"
            text = f"{where} comes after {late[0]}, {there}."
            raise CourseFault(text, "" if late[0] in ids else did_you_mean(late[0], ids[:number]))
    return exercises


def _place(item: pytest.Function) -> str:
    """Return where a check stands."""
    return f"{item.path.name}:{item.function.__code__.co_firstlineno}"


def _place_of_class(cls: type, items: list[pytest.Function]) -> str:
    return next(_place(item) for item in items if item.cls is cls)


def _exercise(cls: type, checks: list[Check]) -> Exercise:
    mark: ExerciseMark = mark_of(cls)
    title = inspect.cleandoc(cls.__doc__ or "").partition("\n")[0].rstrip(".")
    if not title:
        text = f"The grader of {mark.id} has no docstring; a student reads it as the exercise's title."
        raise CourseFault(text)
    return Exercise(mark.id, title, checks[0].module, mark.after, mark.trains, mark.sealed, tuple(checks))


def _check(item: pytest.Function, mark: ExerciseMark) -> Check:
    function = item.function
    where = f"{_place(item)}: {item.name} of {mark.id}"
    parameters = dict(item.callspec.params) if hasattr(item, "callspec") else {}
    wanted = [name for name in inspect.signature(function).parameters if name != "self"]
    foreign = [name for name in wanted if name not in FIXTURES and name not in parameters]
    if foreign:
        text = f"{where} asks for {foreign[0]}; a check may ask for student, reference and rng."
        raise CourseFault(text)
    number = getattr(function, "__nnedu_points__", None)
    sentence = " ".join(inspect.cleandoc(function.__doc__ or "").partition("\n\n")[0].split()).rstrip(".")
    if number is None or not sentence:
        text = f"{where} has no {'@points' if number is None else 'docstring, which is the sentence a student reads'}."
        raise CourseFault(text)
    cls = item.cls

    def run(student: Any, reference: Any, rng: Any) -> None:
        given = {"student": student, "reference": reference, "rng": rng} | parameters
        function(cls(), **{name: given[name] for name in wanted})

    return Check(
        mark.id,
        item.name.removeprefix("test_"),
        sentence,
        number,
        getattr(function, "__nnedu_hidden__", False),
        item.path.stem.removeprefix("test_"),
        run,
        mark.sealed,
    )
