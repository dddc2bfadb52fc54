"""One check of what is defined in a notebook, and what came of it."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from nnedu.notebook.cells import cells_of
from nnedu.notebook.idiom import Notebook
from nnedu.notebook.namespace import UNDEFINED, submission_of
from nnedu.outcome import ExerciseOutcome, LessonOutcome, State
from nnedu.running.bench import Bench, with_prerequisites
from nnedu.running.collect import collect
from nnedu.running.evidence import Recorded
from nnedu.sandbox.failure import from_error
from nnedu.sandbox.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nnedu.notebook.cells import NameOf
    from nnedu.notebook.lessons import Target
    from nnedu.sandbox.client import Call, Reply


@dataclass(frozen=True)
class Checked:
    """What came of a check. `whole`: all of the lesson was checked; `later` points come when it is graded."""

    outcome: LessonOutcome
    title: str
    whole: bool
    later: int
    idiom: Notebook


def check_namespace(namespace: Mapping[str, Any], target: Target, name_of: NameOf | None = None) -> Checked:
    """Run the public checks of a target on what is defined in a namespace; `name_of` names a cell by its file."""
    manifest = target.bundle.manifest
    stubs = {module: target.bundle.stub(module).decode("utf-8") for module in manifest.modules}
    submission = submission_of(
        namespace,
        manifest.modules,
        stubs=stubs,
        allowed=frozenset(manifest.imports),
        limits=manifest.limits,
        name_of=name_of,
    )
    outcome = _examine(submission, target, stubs)
    cells = cells_of(namespace, name_of)
    there = {one.id: namespace.get(one.id) for one in manifest.exercises}
    places = {name: cells.place(thing) for name, thing in there.items() if thing is not None}
    exercises = tuple(one if one.id in namespace else _undefined(one) for one in outcome.exercises)
    return _checked(msgspec.structs.replace(outcome, exercises=exercises), target, places)


def check_broken(error: SyntaxError, cell: str, target: Target) -> Checked:
    """Return what came of a cell that is not valid Python: nothing in it could be checked."""
    first = target.exercises[:1]
    outcome = _examine(_Broken(error, cell), target, {}, first)
    return _checked(outcome, target, dict.fromkeys(first, f"{cell}:{error.lineno or 1}"))


def _checked(outcome: LessonOutcome, target: Target, places: Mapping[str, str]) -> Checked:
    manifest = target.bundle.manifest
    later = sum(one.later for one in manifest.exercises if one.id in target.exercises)
    return Checked(outcome, manifest.title, target.whole, later, Notebook(places))


def _examine(
    submission: Submission, target: Target, stubs: Mapping[str, str], wanted: Iterable[str] | None = None
) -> LessonOutcome:
    bundle, manifest = target.bundle, target.bundle.manifest
    with warnings.catch_warnings():  # of numpy, in a grader's formula
        warnings.simplefilter("ignore")
        exercises = collect(bundle.graders, manifest.modules)
        bench = Bench(manifest.lesson, exercises, Recorded(bundle.traces, manifest.mistakes), stubs)
        names = with_prerequisites(exercises, target.exercises) if wanted is None else set(wanted)
        try:
            outcome = bench.examine(submission, only=names)
        finally:
            submission.close()
    relevant = tuple(_relevant(outcome.exercises, frozenset(target.exercises)))
    return msgspec.structs.replace(outcome, exercises=relevant)


def _relevant(exercises: Iterable[ExerciseOutcome], wanted: frozenset[str]) -> Iterator[ExerciseOutcome]:
    """Yield what came of the wanted exercises; before one that does not pass, what it comes after and does not either.

    As `nnedu check` does.
    """
    broken: list[ExerciseOutcome] = []
    for one in exercises:
        if one.id not in wanted:
            broken += [one] if one.state is not State.PASSED else []
            continue
        if one.state is not State.PASSED:
            yield from broken
            broken = []
        yield one


def _undefined(one: ExerciseOutcome) -> ExerciseOutcome:
    """Say of an exercise that nobody has started why that is: a cell that was not run looks the same."""
    return msgspec.structs.replace(one, summary=UNDEFINED) if one.state is State.NOT_STARTED else one


class _Broken(Submission):
    """The submission of a cell that Python cannot read: whatever is called, that is the answer."""

    def __init__(self, error: SyntaxError, cell: str) -> None:
        super().__init__({}, _nothing_to_open)
        frame = [cell, error.lineno or 1, "", (error.text or "").strip()[:200], ""]
        self._body = {"kind": "syntax", "type": type(error).__name__, "text": error.msg, "frames": [frame]}

    def play(self, call: Call) -> Reply:
        """Say where the cell is wrong."""
        raise from_error(self._body, call.name, "", frozenset())


def _nothing_to_open() -> Any:
    raise NotImplementedError
