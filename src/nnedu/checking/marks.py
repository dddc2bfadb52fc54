"""The marks that an author puts on graders, mistakes and variants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from nnedu.errors import CourseFault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
HINT_LEVELS = 3
MARK = "__nnedu__"


@dataclass(frozen=True, slots=True)
class ExerciseMark:
    """What `@exercise` says of a grader class."""

    id: str
    after: tuple[str, ...] = ()
    trains: bool = False
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class MistakeMark:
    """What `@mistake` says of a wrong implementation: the exercise, a clause, and three hints."""

    exercise: str
    sentence: str
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VariantMark:
    """What `@variant` says of a right implementation written differently."""

    exercise: str
    sentence: str


def exercise(id: str, *, after: Sequence[str] = (), trains: bool = False, sealed: bool = False) -> Callable[[T], T]:  # noqa: A002 - the word authors use
    """Mark a class of checks as the grader of one function or class."""
    return _mark(ExerciseMark(id, tuple(after), trains, sealed))


def points(number: int) -> Callable[[T], T]:
    """Say how many points a check is worth."""
    if type(number) is not int or number < 1:
        text = f"@points({number!r}): a check is worth a whole number of points, 1 or more."
        raise CourseFault(text)

    def attach(check: T) -> T:
        check.__nnedu_points__ = number  # type: ignore[attr-defined]
        return check

    return attach


def hidden(check: T) -> T:
    """Mark a check that runs only where the solutions are, and never leaves with a student."""
    check.__nnedu_hidden__ = True  # type: ignore[attr-defined]
    return check


def mistake(exercise: str, sentence: str, *, hints: Sequence[str]) -> Callable[[T], T]:
    """Name a wrong implementation. `sentence` completes "This matches what comes out when ..."."""
    if len(hints) != HINT_LEVELS or not all(hint.strip() for hint in hints):
        text = f"The mistake {sentence!r} of {exercise} needs {HINT_LEVELS} hints."
        raise CourseFault(text)
    return _mark(MistakeMark(exercise, sentence, tuple(hints)))


def variant(exercise: str, sentence: str) -> Callable[[T], T]:
    """Name a right implementation that is written differently."""
    return _mark(VariantMark(exercise, sentence))


def mark_of(thing: object) -> Any:
    """Return the mark on a class or function, or None."""
    return vars(thing).get(MARK) if hasattr(thing, "__dict__") else None


def _mark(mark: object) -> Callable[[T], T]:
    def attach(thing: T) -> T:
        setattr(thing, MARK, mark)
        return thing

    return attach
