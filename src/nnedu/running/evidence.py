"""What checks are run with besides the student: the reference, the draws, and the answers of known mistakes.

Where the solutions are, all of it is made live; with a student it is read from the recording in the bundle.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.random.bit_generator import ISeedSequence

from nnedu.checking.marks import MistakeMark, VariantMark, mark_of
from nnedu.checking.values import CheckFailed
from nnedu.diagnosis.draws import RecordedRng, ReplayRng
from nnedu.diagnosis.known import Known
from nnedu.diagnosis.trace import (
    Answer,
    Recorder,
    Replay,
    Shadow,
    ShadowEnd,
    Trace,
    answers_from_bytes,
    replaying,
    trace_from_bytes,
)
from nnedu.errors import CourseFault
from nnedu.running.memory import Remembering, Writing
from nnedu.sandbox.channel import LocalChannel
from nnedu.sandbox.client import Call, Player, Proxy, Reply
from nnedu.sandbox.failure import StudentFailure
from nnedu.sandbox.loading import Modules
from nnedu.sandbox.submission import Limits, Submission

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from nnedu.course import Course, Lesson
    from nnedu.running.collect import Check
    from nnedu.running.memory import Entry


@dataclass(frozen=True, slots=True)
class Implementation:
    """A function or class that plays an exercise: a mistake or a variant."""

    name: str
    mark: MistakeMark | VariantMark
    thing: Any


class Evidence(Protocol):
    """Where the reference, the draws and the known mistakes come from."""

    def reference(self, check: Check) -> Player:
        """Who plays the reference in this check."""

    def rng(self, check: Check) -> Any:
        """The generator that the check draws its inputs from."""

    def trace(self, check: Check) -> Trace | None:
        """The recording of the check, or None where there is none."""

    def mistakes(self, exercise: str) -> Sequence[Known]:
        """The named mistakes of an exercise, in the order of their file."""

    def answers(self, check: Check, mistake: str) -> list[Answer]:
        """What a mistake answers in this check."""


class _Reference:
    """The solution as reference. Where it fails, the course is wrong, not the student."""

    def __init__(self, player: Player) -> None:
        self._player = player

    def play(self, call: Call) -> Reply:
        try:
            return self._player.play(call)
        except StudentFailure as failure:
            text = f"The solution itself fails in reference.{call.name}: {failure.message}"
            raise CourseFault(text) from failure


class _Seed(ISeedSequence):
    """What `np.random.default_rng(entropy)` is seeded with, worked out once for a whole class."""

    def __init__(self, entropy: int) -> None:
        self._words = np.random.SeedSequence(entropy).generate_state(4, np.uint64)

    def generate_state(self, n_words: int, dtype: Any = np.uint64) -> Any:
        """Return the words that PCG64 asks for."""
        assert n_words == len(self._words)  # noqa: S101 - of another bit generator they would be too few
        assert dtype == self._words.dtype  # noqa: S101
        return self._words


class Live:
    """Evidence made from the solutions, mistakes and variants of a course, each when it is first asked for."""

    def __init__(self, course: Course, lesson: Lesson) -> None:
        self.lesson = lesson
        self.allowed = course.imports
        self.sources = lesson.solution_sources()
        self._key = course.key.encode()
        self._traces: dict[str, Trace] = {}
        self._answers: dict[tuple[str, str], list[Answer]] = {}
        self._seeds: dict[str, _Seed] = {}

    @cached_property
    def solution(self) -> Player:
        """The solution as reference."""
        return _Reference(self._solution)

    @cached_property
    def _solution(self) -> Submission:
        return local_submission(self.sources, self.allowed)

    def player(self, implementation: Implementation) -> Submission:
        """Return a submission that has everything right but this implementation."""
        return local_submission(self.sources, self.allowed, {implementation.mark.exercise: implementation.thing})

    def reference(self, check: Check) -> Player:
        """The solution."""
        del check
        return self.solution

    def rng(self, check: Check) -> np.random.Generator:
        """A generator that depends on the course's key and the check, and on nothing else."""
        return self.seeded(check.id)

    def seeded(self, check: str) -> np.random.Generator:
        """Return the generator of a check by its id."""
        if check not in self._seeds:
            digest = hmac.new(self._key, f"{self.lesson.id}/{check}".encode(), hashlib.sha256).digest()
            self._seeds[check] = _Seed(int.from_bytes(digest[:16], "little"))
        return np.random.Generator(np.random.PCG64(self._seeds[check]))  # type: ignore[arg-type] # its stub is narrow

    def trace(self, check: Check) -> Trace:
        """Run the check with the solution as the student, and return the recording."""
        if check.id not in self._traces:
            trace = Trace()
            student = Recorder(self._solution, trace.student, check.exercise)
            reference = Recorder(self._asked(check), trace.reference, check.exercise)
            try:
                run_check(check, student, reference, RecordedRng(self.rng(check), trace))
            except (CheckFailed, AssertionError, StudentFailure) as error:
                text = f"The solution does not pass its own check {check.id}: {error}"
                raise CourseFault(text) from error
            self._traces[check.id] = trace
        return self._traces[check.id]

    def _asked(self, check: Check) -> Player:
        """Who plays the reference while a check is recorded."""
        del check
        return self.solution

    @cached_property
    def implementations(self) -> list[Implementation]:
        """The mistakes of the lesson, in the order of modules and files."""
        return [one for m in self.lesson.modules for one in self._marked(f"mistakes_{m}.py", MistakeMark)]

    @cached_property
    def variants(self) -> list[Implementation]:
        """The right implementations written differently."""
        return [one for m in self.lesson.modules for one in self._marked(f"variants/{m}.py", VariantMark)]

    def _marked(self, name: str, kind: type) -> Iterator[Implementation]:
        path = self.lesson.graders_folder / name
        if not path.is_file():
            return
        # Beside the solution's modules, so that a mistake can use what the student has right.
        stem = "nnedu_" + path.stem
        modules = Modules(self.sources | {stem: path.read_text("utf-8")}, self.allowed | {"nnedu"})
        try:
            loaded = modules.load(stem)
        except Exception as error:
            text = f"{path} cannot be read: {type(error).__name__}: {error}"
            raise CourseFault(text) from error
        for thing_name, thing in vars(loaded).items():
            mark = mark_of(thing)
            if isinstance(mark, kind):
                yield Implementation(thing_name, mark, thing)  # type: ignore[arg-type]

    def mistakes(self, exercise: str) -> list[Known]:
        """The named mistakes of an exercise."""
        found = [(one.name, one.mark) for one in self.implementations if one.mark.exercise == exercise]
        return [
            Known(name, exercise, mark.sentence, mark.hints) for name, mark in found if isinstance(mark, MistakeMark)
        ]

    def answers(self, check: Check, mistake: str) -> list[Answer]:
        """Ask a mistake what the check asks."""
        key = (check.id, mistake)
        if key not in self._answers:
            one = next(m for m in self.implementations if m.name == mistake and m.mark.exercise == check.exercise)
            self._answers[key] = shadow(check, self.trace(check), self.player(one))
        return self._answers[key]


class Remembered(Live):
    """Live evidence for a whole class: the reference is asked once what all submissions have in common."""

    def __init__(self, course: Course, lesson: Lesson) -> None:
        super().__init__(course, lesson)
        self._logs: dict[str, list[Entry]] = {}

    def reference(self, check: Check) -> Player:
        """The solution, from memory where it was asked the same before."""
        self.trace(check)
        return Remembering(self.solution, self._logs[check.id])

    def _asked(self, check: Check) -> Player:
        self._logs[check.id] = []
        return Writing(self.solution, self._logs[check.id])


class Recorded:
    """Evidence read from an unpacked bundle: what a student has."""

    def __init__(self, folder: Path, known: Sequence[Known]) -> None:
        self._folder = folder
        self._known = known
        self._traces: dict[str, Trace] = {}
        self._mistakes: dict[str, dict[str, list[Answer]]] = {}

    def reference(self, check: Check) -> Player:
        """The recorded answers of the solution."""
        return Replay(self._load(check).reference, check.id)

    def rng(self, check: Check) -> ReplayRng:
        """The recorded draws."""
        return ReplayRng(self._load(check))

    def trace(self, check: Check) -> Trace | None:
        """The recording, but of a sealed exercise, whose answers did not leave."""
        return None if check.sealed else self._load(check)

    def mistakes(self, exercise: str) -> list[Known]:
        """The named mistakes of an exercise."""
        return [known for known in self._known if known.exercise == exercise]

    def answers(self, check: Check, mistake: str) -> list[Answer]:
        """What a mistake answered when the bundle was made; the solution's answers where it gave the same."""
        if check.id not in self._mistakes:
            self._mistakes[check.id] = answers_from_bytes(self._read(check, ".mistakes"))
        return self._mistakes[check.id].get(mistake, self._load(check).student)

    def _load(self, check: Check) -> Trace:
        if check.id not in self._traces:
            self._traces[check.id] = trace_from_bytes(self._read(check, ""))
        return self._traces[check.id]

    def _read(self, check: Check, kind: str) -> bytes:
        try:
            return (self._folder / trace_name(check.id, kind)).read_bytes()
        except OSError as error:
            text = f"The recording of the check {check.id} is missing from the lesson."
            raise CourseFault(text, "Fetch the lesson again: nnedu fetch LESSON") from error


def trace_name(check: str, kind: str) -> str:
    """Return the file name of a check's recording."""
    return "".join(c if c.isalnum() or c in "_-" else "." for c in check) + f"{kind}.trace"


def local_submission(
    sources: dict[str, str], allowed: frozenset[str], overrides: dict[str, Any] | None = None
) -> Submission:
    """Return a submission that runs in this process: for the solution, mistakes, variants, stubs."""
    unlimited = Limits(math.inf, math.inf, math.inf)
    return Submission(sources, lambda: LocalChannel(sources, allowed, overrides), allowed=allowed, limits=unlimited)


def run_check(check: Check, student: Player, reference: Player, rng: Any) -> None:
    """Run a check once; it ends, or raises what it has to say."""
    check.run(Proxy(student, check.module), Proxy(reference, check.module), rng)


def shadow(check: Check, trace: Trace, side: Player) -> list[Answer]:
    """Return what another implementation answers to every call of a check."""
    player = Shadow(trace.student, side, check.exercise)
    try:
        with replaying():
            run_check(check, player, Replay(trace.reference, check.id), ReplayRng(trace))
    except (CheckFailed, AssertionError, StudentFailure, ShadowEnd, CourseFault):
        # The check went another way than recorded, as one that counts calls may; the answers up to there stand.
        pass
    return player.answers
