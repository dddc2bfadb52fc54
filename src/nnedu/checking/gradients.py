"""Gradients: judged by norms against the reference, which is itself proved against numerical derivatives.

The recipe: central differences with h = 1e-5 max(1, |x|); norms decide, entries illustrate; kinks are recognised by
one-sided slopes that disagree, and left out; above 300 parameters three random directions per parameter; a gradient
that is next to nothing proves nothing, so such a check is a fault of the course.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from nnedu.checking.values import CheckFailed, describe, form, same_keys, same_length
from nnedu.diagnosis.explain import REMAINDER, Factor, Sizes, factor, index, times
from nnedu.diagnosis.pictures import draw_grid
from nnedu.diagnosis.trace import proofs_wanted, unrecorded
from nnedu.errors import CourseFault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

STEP = 1e-5
NORM_ERROR = 1e-6
ENTRY_ERROR = 1e-5
VACUOUS = 1e-7
ONE_SIDED = 1e-4
DROPPED = 0.05
FEW_PARAMETERS = 300
DIRECTIONS = 3


def assert_gradients_agree(
    actual: Any,
    expected: Any,
    *,
    loss: Callable[[Any], float],
    at: Any,
    batch: int | None = None,
    names: tuple[str, ...] | None = None,
    factors: Mapping[str, float] | None = None,
) -> None:
    """Judge gradients: one array, or a tuple or dict of them, of the form of `at`.

    `expected` is the reference's; `loss(at)` is the number whose derivative it is, which is proved numerically.
    """
    __tracebackhide__ = True
    parts = _parts(at, names)
    theirs = _pick(expected, parts)
    for part, gradient in zip(parts, theirs, strict=True):
        if type(gradient) is not np.ndarray or not np.all(np.isfinite(gradient)):
            text = f"The expected {part.name} is {describe(gradient)}; a check needs an array of finite numbers."
            raise CourseFault(text)
    if proofs_wanted():
        with unrecorded():
            _refuse_vacuous(parts, theirs)
            for part, gradient in zip(parts, theirs, strict=True):
                _prove(loss, at, part, gradient)
    if isinstance(at, dict):
        same_keys(actual, at, "the result")
    elif isinstance(at, tuple):
        same_length(actual, len(at), ", ".join(part.name for part in parts))
    ours = [
        form(value, gradient, part.name)
        for value, gradient, part in zip(_pick(actual, parts), theirs, parts, strict=True)
    ]
    with np.errstate(all="ignore"):
        wrong = [_differs(a, e) for a, e in zip(ours, theirs, strict=True)]
        if any(wrong):
            found = [factor(a, e, Sizes(batch, factors or {})) for a, e in zip(ours, theirs, strict=True)]
            raise _failure(parts, ours, theirs, found, wrong)


class _Part:
    """One parameter: where it stands in `at`, and the name of its gradient."""

    def __init__(self, key: Any, name: str) -> None:
        self.key = key
        self.name = name

    def of(self, value: Any) -> Any:
        return value if self.key is None else value[self.key]

    def moved(self, at: Any, value: np.ndarray) -> Any:
        if self.key is None:
            return value
        if isinstance(at, dict):
            return {**at, self.key: value}
        return tuple(value if i == self.key else item for i, item in enumerate(at))


def _parts(at: Any, names: tuple[str, ...] | None) -> list[_Part]:
    """Name the parameters, the one nearest the loss first: the highest layer of W1, b1, W2, ..."""
    if isinstance(at, dict):

        def layer(key: str) -> int:
            number = re.search(r"(\d+)$", key)
            return -int(number[1]) if number else 0

        return [_Part(key, f"d{key}") for key in sorted(at, key=layer)]
    if isinstance(at, tuple):
        return [_Part(i, names[i] if names else f"gradient {i + 1}") for i in range(len(at))]
    return [_Part(None, names[0] if names else "the gradient")]


def _pick(value: Any, parts: list[_Part]) -> list[Any]:
    try:
        return [part.of(value) for part in parts]
    except (KeyError, IndexError, TypeError):
        # The form is judged next, in words; here is only what there is.
        return [None] * len(parts)


def _slopes(
    loss: Callable[[Any], float], at: Any, part: _Part, direction: np.ndarray, step: float
) -> tuple[float, float, float]:
    """Return the central slope along a direction, and the one-sided ones, by the steps actually taken."""
    x = np.asarray(part.of(at), dtype=float)
    size = float(np.max(np.abs(direction)))
    h = step * max(1.0, float(np.max(np.abs(x[direction != 0]), initial=0.0))) / size
    up, down = x + h * direction, x - h * direction
    reach = float(np.max(np.abs(up - down))) / (2 * size)
    above, below, here = (float(loss(part.moved(at, point))) for point in (up, down, x))
    return (above - below) / (2 * reach), (above - here) / reach, (here - below) / reach


def _prove(loss: Callable[[Any], float], at: Any, part: _Part, gradient: np.ndarray) -> None:
    """Prove that the expected gradient is the derivative of the loss, or say that the course is wrong."""
    x = np.asarray(part.of(at), dtype=float)
    if x.size <= FEW_PARAMETERS:
        directions = [unit.reshape(x.shape) for unit in np.eye(x.size)]
    else:
        directions = list(np.random.default_rng(x.size).normal(size=(DIRECTIONS, *x.shape)))
    measured = np.array([_slopes(loss, at, part, direction, STEP) for direction in directions]).reshape(-1, 3)
    wanted = np.array([float(np.sum(gradient * direction)) for direction in directions])
    scale = float(np.linalg.norm(gradient))
    smooth = np.abs(measured[:, 1] - measured[:, 2]) <= ONE_SIDED * max(scale, VACUOUS) + 1e-3 * np.abs(measured[:, 0])
    for i in np.flatnonzero(~smooth):
        # Where the slope is small, what bends looks like a kink; but from nearer its one-sided slopes close up.
        nearer = np.array(_slopes(loss, at, part, directions[i], STEP / 4))
        if abs(nearer[1] - nearer[2]) < abs(measured[i, 1] - measured[i, 2]) / 2:
            measured[i], smooth[i] = nearer, True
    if np.mean(~smooth) > DROPPED:
        text = f"The loss has too many kinks at the point where {part.name} is checked; the inputs must be drawn again."
        raise CourseFault(text)
    error = float(np.linalg.norm((measured[:, 0] - wanted)[smooth]))
    # The second term is what rounding leaves of a loss of this size after division by 2h.
    if error > NORM_ERROR * scale + 1e-10 * max(1.0, abs(float(loss(at)))) * np.sqrt(wanted.size):
        off = error / max(scale, 1e-300)
        text = f"The expected {part.name} is not the derivative of the loss of its check: off by {off:.1g}."
        raise CourseFault(text)


def _refuse_vacuous(parts: list[_Part], gradients: list[np.ndarray]) -> None:
    norms = [float(np.linalg.norm(gradient)) for gradient in gradients]
    for part, norm in zip(parts, norms, strict=True):
        if norm <= VACUOUS * max(1e-3, *norms):
            text = f"The expected {part.name} is next to nothing, so its check proves nothing."
            raise CourseFault(text)


def _differs(actual: np.ndarray, expected: np.ndarray) -> bool:
    gap = actual - expected
    norm = max(float(np.linalg.norm(actual)), float(np.linalg.norm(expected)))
    largest = float(np.max(np.abs(expected), initial=0.0))
    return not (
        float(np.linalg.norm(gap)) < NORM_ERROR * norm
        and float(np.max(np.abs(gap), initial=0.0)) < ENTRY_ERROR * largest
    )


def _failure(
    parts: list[_Part], ours: list[np.ndarray], theirs: list[np.ndarray], found: list[Factor], wrong: list[bool]
) -> CheckFailed:
    rows = ["Shapes and dtypes are right. Compared with the numerical derivative of the loss:", ""]
    rows.append(f"    {'':<10} {'shape':<10} {'yours / numerical':>18}   left over")
    for part, gradient, one, bad in zip(parts, theirs, found, wrong, strict=True):
        ratio = "right" if not bad else f"{one.value:.6f}" if one.exact else "no single factor"
        named = f"  = {one.written}" if bad and one.exact and one.written else ""
        left = f"{one.remainder:.0e}" if bad else "-"
        rows.append(
            f"    {part.name:<10} {str(gradient.shape).replace(' ', ''):<10} {ratio:>18}   {left:<8}{named}".rstrip()
        )
    first = wrong.index(True)
    gap = np.abs(ours[first] - theirs[first])
    place = tuple(int(i) for i in np.unravel_index(int(np.argmax(gap)), gap.shape))
    mine, right = ours[first][place], theirs[first][place]
    rows += [
        "",
        f"For one entry:  {parts[first].name}{index(place)}   yours {mine:.6f}   numerical {right:.6f}",
    ]
    summary, sentence = _verdict(parts, found, wrong)
    off = gap > REMAINDER * float(np.max(np.abs(theirs[first]), initial=0.0))
    picture = draw_grid(parts[first].name, off)
    return CheckFailed(summary, "\n".join([*rows, *([sentence] if sentence else [])]), picture)


def _verdict(parts: list[_Part], found: list[Factor], wrong: list[bool]) -> tuple[str, str]:
    """Say what the table shows: one factor everywhere, one factor from some parameter on, or which ones are wrong."""
    bad = [part.name for part, is_wrong in zip(parts, wrong, strict=True) if is_wrong]
    good = [part.name for part, is_wrong in zip(parts, wrong, strict=True) if not is_wrong]
    factors = [one for one, is_wrong in zip(found, wrong, strict=True) if is_wrong]
    same = all(one.exact and abs(one.value - factors[0].value) < NORM_ERROR * abs(factors[0].value) for one in factors)
    why = f": {factors[0].why}" if factors[0].why else ""
    if same and not good:
        what = "the gradients are" if len(bad) > 1 else f"{bad[0]} is"
        return f"{what} {times(factors[0])}", f"Every entry is off by the same factor, {_written(factors[0])}{why}."
    if same:
        is_are = "is" if len(bad) == 1 else "are"
        return f"{_list(bad)} {is_are} {times(factors[0])}", (
            f"{_list(good)} {'is' if len(good) == 1 else 'are'} right. "
            f"In {_list(bad)} one factor {_written(factors[0])} comes in too many{why}."
        )
    if good:
        return (
            f"{_list(bad)} {'is' if len(bad) == 1 else 'are'} wrong",
            f"{_list(good)} {'is' if len(good) == 1 else 'are'} right: the slip comes after.",
        )
    return f"{_list(bad)} {'is' if len(bad) == 1 else 'are'} wrong", ""


def _written(one: Factor) -> str:
    return one.written or f"{one.value:.6g}"


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
