"""Training: the loss at the start, the first steps, and only then where it ends."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nnedu.checking.values import CheckFailed, assert_close, assert_number, describe
from nnedu.diagnosis.pictures import draw_curve
from nnedu.errors import CourseFault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Band = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that training reached in a check, and the band that it should lie in."""

    name: str
    value: float
    band: Band


_measures: ContextVar[list[Measure] | None] = ContextVar("measures", default=None)


@contextmanager
def measuring() -> Iterator[list[Measure]]:
    """Keep what the checks that run here measure: bands are calibrated with it."""
    found: list[Measure] = []
    token = _measures.set(found)
    try:
        yield found
    finally:
        _measures.reset(token)


@contextmanager
def loss_curve(losses: Any, reference: Any, *, name: str = "loss") -> Iterator[None]:
    """Show the loss by epoch beside that of the reference, should a check fail in the block."""
    __tracebackhide__ = True
    try:
        yield
    except CheckFailed as failed:
        failed.picture = draw_curve(name, losses, reference) or failed.picture
        raise


def rungs(floor: float, goal: float, count: int) -> tuple[float, ...]:
    """Return thresholds for a linear band of points: one check each, from just beyond the floor to the goal."""
    return tuple(floor + (goal - floor) * step / count for step in range(1, count + 1))


def assert_trajectory(
    actual: Any,
    expected: Sequence[Any],
    *,
    name: str | tuple[str, ...],
    steps: Sequence[int] | None = None,
    rtol: float = 1e-8,
    atol: float = 1e-12,
) -> None:
    """Judge a sequence of states against the expected one, and name the first step that departs."""
    __tracebackhide__ = True
    numbers = list(steps) if steps is not None else list(range(1, len(expected) + 1))
    if not isinstance(actual, (list, tuple)):
        text = f"The steps are {describe(actual)}; expected a list of {len(expected)}."
        raise CheckFailed(f"returned {describe(actual)}", text)
    if len(actual) != len(expected):
        text = f"There are {len(actual)} steps; expected {len(expected)}."
        raise CheckFailed(f"has {len(actual)} steps instead of {len(expected)}", text)
    for number, ours, theirs in zip(numbers, actual, expected, strict=True):
        try:
            assert_close(ours, theirs, name=name, rtol=rtol, atol=atol)
        except CheckFailed as failed:
            before = "The steps before are right. " if number != numbers[0] else ""
            message = f"Step {number} is the first that departs. {before}{failed.message}"
            raise CheckFailed(f"departs at step {number}: {failed.summary}", message, failed.picture) from None


def assert_trains(
    *,
    initial: Any,
    expected_initial: float,
    trajectory: tuple[Any, Sequence[Any]],
    final: float,
    band: Band,
    name: str = "loss",
) -> None:
    """Judge training in three parts: the loss at the start, the first steps, and the end inside a calibrated band."""
    __tracebackhide__ = True
    assert_close(
        assert_number(initial, name=f"the first {name}"), float(expected_initial), name=f"the first {name}", rtol=1e-8
    )
    assert_trajectory(*trajectory, name="the parameters")
    assert_reaches(final, band=band, name=name)


def assert_reaches(final: Any, *, band: Band, name: str) -> None:
    """Judge where training ends: at a number inside a calibrated band, (low, high)."""
    __tracebackhide__ = True
    if not band[0] < band[1]:
        text = f"The band {band} of a training check is empty."
        raise CourseFault(text)
    reached = assert_number(final, name=f"the final {name}")
    found = _measures.get()
    if found is not None:
        found.append(Measure(name, reached, band))
    if not band[0] <= reached <= band[1]:
        text = f"Training ends with the {name} at {reached:.4g}; it should be between {band[0]:g} and {band[1]:g}."
        raise CheckFailed(f"ends with the {name} at {reached:.4g}", text)
