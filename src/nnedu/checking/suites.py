"""Tests that a student writes: they have to accept every right implementation, and to reject wrong ones.

The implementations are functions of the grader, called back; a student's test never has their source.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from nnedu.checking.values import CheckFailed, describe
from nnedu.outcome import State
from nnedu.sandbox.failure import StudentFailure, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from nnedu.sandbox.client import Function

    Implementation = tuple[Callable[..., Any], ...]

ROUNDS = 2
MOST_NUMBERS = 5_000
MOST_ITEMS = 200
LARGEST_INT = 10**6
QUOTED = 300


def assert_tells_apart(
    suite: Function,
    *,
    right: Mapping[str, Implementation],
    wrong: Mapping[str, Implementation],
    rng: np.random.Generator,
) -> None:
    """Judge that a student's test accepts each right implementation and rejects each wrong one.

    The test is given the functions of one implementation, and returns a list of complaints, empty to accept; one that
    raises rejects. `right` says of each what it does, as a clause ("subtracts the maximum"), `wrong` names the family
    that a fault is of. All are asked about twice, in orders drawn from `rng`: to count the calls, or to guess, is of
    no use.
    """
    __tracebackhide__ = True
    implementations = [*right.items(), *wrong.items()]
    for _ in range(ROUNDS):
        order = rng.permutation(len(implementations))
        found = _complaints(suite, [implementations[index] for index in order])
        _judge(suite.name, found, right, wrong)


def _complaints(suite: Function, implementations: Sequence[tuple[str, Implementation]]) -> dict[str, str]:
    """Return what a test says of each implementation, nothing where it accepts."""
    found: dict[str, str] = {}
    raised: list[StudentFailure] = []
    for name, functions in implementations:
        try:
            found[name] = _complaint(suite.name, suite.verdict(*map(_guarded, functions)))
        except StudentFailure as failure:
            if failure.state is not State.RAISED or failure.error_type in {"", "SyntaxError", "ImportError"}:
                raise
            raised.append(failure)
            found[name] = failure.message
    if len(raised) == len(implementations):
        raise raised[0]  # it never came as far as to a verdict
    return found


def _judge(suite: str, found: Mapping[str, str], right: Iterable[str], wrong: Iterable[str]) -> None:
    """Raise what there is to say of the complaints that were found: of right implementations first."""
    rejected = next((clause for clause in right if found[clause]), None)
    if rejected is not None:
        message = (
            f"{suite} rejects a right implementation, one that {rejected}. It says:\n    {found[rejected]}\n"
            "A test that rejects what is right earns nothing, whatever else it finds."
        )
        raise CheckFailed("rejects a right implementation", message)
    missed = next((family for family in wrong if not found[family]), None)
    if missed is not None:
        message = f"{suite} accepts a wrong implementation. The family of its fault: {missed}."
        raise CheckFailed(f"accepts a wrong implementation ({missed})", message)


def _complaint(suite: str, value: Any) -> str:
    """Return the first complaint of a test, nothing where it accepts."""
    if type(value) is not list or not all(type(one) is str for one in value):
        inside = ", with something in it that is no string" if type(value) is list else ""
        message = (
            f"{suite} should return a list of strings, one for each fault it finds, and an empty list to accept; "
            f"it returned {describe(value)}{inside}."
        )
        raise CheckFailed("does not return a list of strings", message)
    return one_line(value[0])[:QUOTED] or "(an empty string)" if value else ""


def _guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return an implementation that refuses what would take the grader's memory or time: the student chooses inputs."""

    def call(*args: Any, **kwargs: Any) -> Any:
        if _numbers([*args, *kwargs.values()]) > MOST_NUMBERS:
            text = f"at most {MOST_NUMBERS} numbers in one call"
            raise ValueError(text)
        with np.errstate(all="ignore"):
            return function(*args, **kwargs)

    return call


def _numbers(value: Any, depth: int = 0) -> int:
    """Return how many numbers there are in a value of a kind that these functions take; refuse any other."""
    if type(value) is np.ndarray or isinstance(value, np.generic):
        return math.prod(n or 1 for n in value.shape)  # an empty array may become a large one in a product
    if isinstance(value, (dict, list, tuple)) and len(value) <= MOST_ITEMS and depth < 4:  # noqa: PLR2004
        parts = (*value, *value.values()) if isinstance(value, dict) else value
        return sum(_numbers(one, depth + 1) for one in parts)
    if type(value) is int and abs(value) > LARGEST_INT:
        text = f"an integer larger than {LARGEST_INT}"
        raise ValueError(text)
    if value is not None and type(value) not in {int, bool, float, complex, str}:
        text = "an argument that is an object, too long, or too deep"
        raise TypeError(text)
    return 1
