"""Players that prove graders: all zeros, odd values, and a reference that is watched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nnedu.diagnosis.trace import is_paused, rehandled, same_values
from nnedu.outcome import State
from nnedu.running.evidence import Live
from nnedu.sandbox.channel import LocalChannel
from nnedu.sandbox.client import Call, Handle, How, Player, Reply
from nnedu.sandbox.failure import StudentFailure
from nnedu.sandbox.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nnedu.course import Course, Lesson
    from nnedu.outcome import ExerciseOutcome
    from nnedu.running.collect import Check

ODD_VALUES: tuple[tuple[str, Any], ...] = (
    ("None", None),
    ("a number", 0.5),
    ("nan", float("nan")),
    ("a string", "0.5"),
    ("a list", [1.0, 2.0]),
    ("a tuple", (None, None, None)),
    ("a dict", {"W1": None, 1: 2}),
    ("an empty array", np.zeros(0)),
    ("an array of another shape", np.ones((3, 2, 2))),
    ("an array of nan", np.full((7, 5), np.nan)),
    ("float32", np.ones((7, 5), dtype=np.float32)),
    ("complex numbers", np.ones(4, dtype=complex)),
    ("a pair of lists", ([1.0], [[2.0]])),
)


class Zeros(Submission):
    """A student whose every answer has the right form and is zero."""

    def __init__(self, sources: dict[str, str], allowed: frozenset[str]) -> None:
        super().__init__(sources, lambda: LocalChannel(sources, allowed), allowed=allowed)

    def play(self, call: Call) -> Reply:
        """Return the right answer with every number in it replaced by 0; a test that finds fault with nothing."""
        if call.how is How.VERDICT:
            return Reply([])
        try:
            return Reply(_zero(super().play(call).value))
        except StudentFailure:
            return Reply(0.0)


def _zero(value: Any) -> Any:
    if isinstance(value, (np.ndarray, np.generic)):
        return np.zeros_like(value)
    if isinstance(value, dict):
        return {key: _zero(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_zero(item) for item in value)
    return type(value)() if isinstance(value, (bool, int, float, str)) else value


class Fixed(Submission):
    """A student whose every answer is the same odd value."""

    def __init__(self, value: Any) -> None:
        super().__init__({}, lambda: LocalChannel({}, frozenset()))
        self._value = value

    def play(self, call: Call) -> Reply:
        """Return the value, whatever was asked."""
        return Reply([self._value] * len(call.args) if call.how is How.MANY else self._value)


def _number(value: Any) -> bool:
    return isinstance(value, (int, float, np.number)) and not isinstance(value, (bool, np.bool_))


ODD_PARTS: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("an array of no axes for each number", lambda part: np.array(part) if _number(part) else part),
    ("an array for each number", lambda part: np.array([part, part]) if _number(part) else part),
    ("None for each number", lambda part: None if _number(part) else part),
    ("an array for each text", lambda part: np.array([1.0, 2.0]) if isinstance(part, str) else part),
    ("None for each text", lambda part: None if isinstance(part, str) else part),
    ("None for each array", lambda part: None if isinstance(part, np.ndarray) else part),
    ("a list for each array", lambda part: part.tolist() if isinstance(part, np.ndarray) else part),
    ("an empty array for each array", lambda part: np.zeros(0) if isinstance(part, np.ndarray) else part),
    ("keys that are no text in each dict", lambda part: {**part, 7: 1.0, (): None} if isinstance(part, dict) else part),
    ("one value too few", lambda part: part[:-1] if isinstance(part, (list, tuple)) else part),
)


class OddParts(Submission):
    """A student who has everything right, but for every part of a kind. Where there is none, the check ends."""

    def __init__(self, sources: dict[str, str], allowed: frozenset[str], odd: Callable[[Any], Any]) -> None:
        super().__init__(sources, lambda: LocalChannel(sources, allowed), allowed=allowed)
        self._odd = odd

    def play(self, call: Call) -> Reply:
        """Return the right answer with the parts replaced."""
        value = super().play(call).value
        if isinstance(value, Handle):
            return Reply(value)
        # Of many answers, and of items, there are as many as were asked for: that is for the boundary to see to.
        whole = [value] if call.how not in {How.MANY, How.ITEMS} else value
        found, changed = zip(*map(self._changed, whole), strict=True) if whole else ((), ())
        if not any(changed):
            raise StudentFailure(State.FAILED, "nothing odd", "There is nothing odd in this answer.")
        return Reply(found[0] if call.how not in {How.MANY, How.ITEMS} else list(found))

    def _changed(self, value: Any) -> tuple[Any, bool]:
        """Return a value with its parts replaced, the inner ones first, and whether there were any."""
        inner = False
        if isinstance(value, dict):
            parts = {key: self._changed(item) for key, item in value.items()}
            inner = any(changed for _, changed in parts.values())
            value = {key: item for key, (item, _) in parts.items()}
        elif isinstance(value, (list, tuple)):
            items = [self._changed(item) for item in value]
            inner = any(changed for _, changed in items)
            value = type(value)(item for item, _ in items)
        odd = self._odd(value)
        return odd, inner or odd is not value


class Watched(Live):
    """Evidence that notices a public check whose reference is asked what depends on the student's answers.

    Such a check cannot be replayed: a student has a recording of the reference, not the reference.
    """

    def __init__(self, course: Course, lesson: Lesson) -> None:
        super().__init__(course, lesson)
        self._right: dict[str, list[Call]] = {}
        self._now: dict[str, list[Call]] = {}
        self._checks: dict[str, Check] = {}

    def reference(self, check: Check) -> Player:
        """Return the solution, with its calls written down."""
        log: list[Call] = []
        self._now[check.id] = log
        self._right.setdefault(check.id, log)
        self._checks[check.id] = check
        return _Watching(super().reference(check), log)

    def dependent(self, outcome: ExerciseOutcome) -> Iterator[str]:
        """Yield the public checks of an exercise that asked the reference something else than with the solution."""
        for result in outcome.checks:
            check = self._checks[f"{outcome.id}/{result.id}"]
            right, now = self._right[check.id], self._now[check.id]
            differs = any(a.name != b.name or not _same_arguments(a, b) for a, b in zip(right, now, strict=False))
            if not check.hidden and (differs or len(now) > len(right)):
                yield (
                    f"the public check {check.id} asks the reference what depends on the student's answer; "
                    "judge the returned value itself, and let a @hidden check ask the reference"
                )


class _Watching:
    def __init__(self, player: Player, log: list[Call]) -> None:
        self._player = player
        self._log = log

    def play(self, call: Call) -> Reply:
        if not is_paused():
            self._log.append(call)
        return rehandled(self._player.play(call), self)


def _same_arguments(a: Call, b: Call) -> bool:
    return all(
        isinstance(x, Handle) or callable(x) or same_values(x, y)
        for x, y in zip((*a.args, *a.kwargs.values()), (*b.args, *b.kwargs.values()), strict=False)
    )
