"""The one strict place where a value is judged: type, dtype kind, shape, finite, and only then how close it is."""

from __future__ import annotations

import numbers
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nnedu.diagnosis.explain import Sizes, explain, explain_not_finite, explain_shape, index
from nnedu.diagnosis.pictures import draw_grid
from nnedu.errors import CourseFault
from nnedu.sandbox.client import Handle, handle_type
from nnedu.sandbox.failure import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nnedu.outcome import Curve, Grid


class CheckFailed(AssertionError):  # noqa: N818 - an outcome of a check
    """A check did not pass. `summary` is for one line, `message` is what was found, `picture` shows it if it can."""

    def __init__(self, summary: str, message: str, picture: Grid | Curve | None = None) -> None:
        super().__init__(printable(message))
        self.summary = one_line(summary)
        self.message = printable(message)
        self.picture = picture


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a value may be from what is expected: `absolute + relative * |expected|`, entry by entry."""

    relative: float = 1e-7
    absolute: float = 1e-10

    def allowed(self, expected: np.ndarray) -> np.ndarray:
        """Return the allowed distance of each entry."""
        return np.asarray(self.absolute + self.relative * np.abs(expected))


def assert_close(
    actual: Any,
    expected: Any,
    *,
    name: str | tuple[str, ...] = "",
    rtol: float = 1e-7,
    atol: float = 1e-10,
    batch: int | None = None,
    factors: Mapping[str, float] | None = None,
) -> None:
    """Judge a value strictly against the expected one: arrays, numbers, strings, and tuples and dicts of them."""
    __tracebackhide__ = True
    _Comparison(Tolerance(rtol, atol), Sizes(batch, factors or {})).compare(actual, expected, name)


def assert_array(value: Any, *, shape: tuple[int, ...], name: str) -> np.ndarray:
    """Judge the form only: a finite float64 array of this shape. Returns it."""
    __tracebackhide__ = True
    return form(value, np.zeros(shape), name)


def assert_number(value: Any, *, name: str) -> float:
    """Judge the form only: a finite real number, or a 0-d array of one. Returns it as a float."""
    __tracebackhide__ = True
    if isinstance(value, np.ndarray) and value.shape == ():
        value = value[()]
    odd = isinstance(value, (bool, np.bool_, np.timedelta64))  # which count as integers
    if odd or not isinstance(value, (numbers.Real, np.floating, np.integer)):
        raise CheckFailed(f"{name} is {describe(value)}", _found(name, value, "a number"))
    try:
        number = float(value)
    except OverflowError:
        number = float("inf")
    if not np.isfinite(number):
        raise CheckFailed(f"{name} is {number}", f"{name} is {number}; expected a finite number.")
    return number


def assert_that(condition: object, sentence: str) -> None:
    """Judge a property that holds or does not; the sentence says what should hold, and what was found."""
    __tracebackhide__ = True
    if not isinstance(condition, (bool, np.bool_)):
        text = f"assert_that needs True or False, and was given {describe(condition)} ({sentence})."
        raise CourseFault(text)
    if not condition:
        raise CheckFailed(_first_line(sentence), sentence)


def form(value: Any, expected: np.ndarray, name: str) -> np.ndarray:
    """Judge type, dtype kind, shape and finiteness against an array, and return the value as an array.

    A numpy scalar counts as a 0-d array. Any width of integer passes for an integer; a float must be float64.
    """
    __tracebackhide__ = True
    if isinstance(value, np.generic) and expected.ndim == 0:
        value = np.asarray(value)
    if type(value) is not np.ndarray:
        wanted = f"a numpy array of shape {expected.shape}"
        raise CheckFailed(f"{name} is {describe(value)}", _found(name, value, wanted))
    if not _kind_fits(value.dtype, expected.dtype):
        text = f"{name} has dtype {value.dtype}; expected {expected.dtype}."
        raise CheckFailed(f"{name} has dtype {value.dtype}", text)
    if value.shape != expected.shape:
        raise CheckFailed(f"{name} has shape {value.shape}", explain_shape(value.shape, expected.shape, name))
    if value.dtype.kind in "fc" and not np.isfinite(value).all():
        raise CheckFailed(f"{name} is not finite", explain_not_finite(value, name))
    return value


def _kind_fits(actual: np.dtype[Any], expected: np.dtype[Any]) -> bool:
    if expected.kind in "iu":
        return actual.kind in "iu"
    return actual.kind == expected.kind and (expected.kind != "f" or actual == np.float64)


def _same_bits(actual: Any, expected: Any) -> bool:
    """Whether an array of a kind that may be judged is the expected one to the last bit, as right answers often are."""
    return (
        type(actual) is type(expected) is np.ndarray
        and actual.dtype == expected.dtype
        and _kind_fits(actual.dtype, expected.dtype)
        and actual.shape == expected.shape
        and actual.tobytes() == expected.tobytes()
    )


@dataclass(frozen=True, slots=True)
class _Comparison:
    tolerance: Tolerance
    sizes: Sizes

    def compare(self, actual: Any, expected: Any, name: str | tuple[str, ...]) -> None:
        __tracebackhide__ = True
        if isinstance(expected, dict):
            self._dicts(actual, expected, name if isinstance(name, str) else "")
        elif isinstance(expected, (tuple, list)):
            self._sequences(actual, list(expected), name)
        else:
            self._single(actual, expected, (name if isinstance(name, str) else "") or "the result")

    def _dicts(self, actual: Any, expected: dict[Any, Any], name: str) -> None:
        __tracebackhide__ = True
        same_keys(actual, expected, name or "the result")
        for key, value in expected.items():
            self.compare(actual[key], value, f"{name}[{key!r}]" if name else str(key))

    def _sequences(self, actual: Any, expected: list[Any], name: str | tuple[str, ...]) -> None:
        __tracebackhide__ = True
        names = name if isinstance(name, tuple) else tuple(f"{name or 'the result'}[{i}]" for i in range(len(expected)))
        whole = ", ".join(names) if isinstance(name, tuple) else name or "the result"
        same_length(actual, len(expected), whole)
        for ours, theirs, label in zip(actual, expected, names, strict=True):
            self.compare(ours, theirs, label)

    def _single(self, actual: Any, expected: Any, name: str) -> None:
        __tracebackhide__ = True
        if isinstance(expected, (np.ndarray, float, complex, np.number)) and not np.isfinite(expected).all():
            text = f"The expected {name} is not finite, so nothing can be judged against it."
            raise CourseFault(text)
        if _same_bits(actual, expected):
            return
        if isinstance(expected, np.ndarray):
            self._numbers(form(actual, expected, name), expected, name)
        elif isinstance(expected, (bool, np.bool_, str)) or expected is None:
            wanted = bool(expected) if isinstance(expected, np.bool_) else expected
            found = bool(actual) if isinstance(actual, np.bool_) else actual
            if type(found) is not type(wanted) or found != wanted:
                raise CheckFailed(f"{name} is {describe(actual)}", _found(name, actual, repr(expected)))
        elif isinstance(expected, (complex, np.complexfloating)):
            number = np.asarray(actual) if isinstance(actual, (complex, np.complexfloating)) else actual
            self._numbers(form(number, np.asarray(expected), name), np.asarray(expected), name)
        else:
            real = assert_number(actual, name=name)
            self._numbers(np.asarray(real), np.asarray(float(expected)), name)

    def _numbers(self, actual: np.ndarray, expected: np.ndarray, name: str) -> None:
        __tracebackhide__ = True
        exact = expected.dtype.kind in "biu"
        allowed = np.zeros(expected.shape) if exact else self.tolerance.allowed(expected)
        kind = complex if expected.dtype.kind == "c" else float
        with np.errstate(over="ignore"):
            difference = np.abs(actual.astype(kind, copy=False) - expected.astype(kind, copy=False))
        wrong = actual != expected if exact else difference > allowed
        if not np.any(wrong):
            return
        place = tuple(int(i) for i in np.unravel_index(int(np.argmax(difference - allowed)), expected.shape))
        if not wrong[place]:  # integers that no float tells apart
            place = tuple(int(i) for i in np.argwhere(wrong)[0])
        short, sentence = ("", "")
        if kind is float:
            short, sentence = explain(actual.astype(float), expected.astype(float), self.sizes)
        found = (
            f"{name}{index(place)} is {_number(actual[place])}; expected {_number(expected[place])}: "
            f"off by {difference[place]:.2g}, allowed {allowed[place]:.0e}."
        )
        summary = f"{name} {short}" if short else f"{name} is wrong"
        raise CheckFailed(summary, f"{found}\n{sentence}" if sentence else found, draw_grid(name, wrong))


def same_keys(actual: Any, expected: dict[Any, Any], name: str) -> None:
    """Judge that a value is a dict with just the expected keys."""
    __tracebackhide__ = True
    if type(actual) is not dict:
        raise CheckFailed(f"{name} is {describe(actual)}", _found(name, actual, "a dict"))
    missing = [str(key) for key in expected if key not in actual]
    extra = [describe(key) if not isinstance(key, str) else key[:40] for key in actual if key not in expected]
    if missing or extra:
        parts = [f"lacks {', '.join(missing)}"] if missing else []
        parts += [f"has {', '.join(extra[:5])} too many"] if extra else []
        text = f"{name} {' and '.join(parts)}; expected the keys {', '.join(map(str, expected))}."
        raise CheckFailed(f"{name} {' and '.join(parts)}", text)


def same_length(actual: Any, length: int, name: str) -> None:
    """Judge that a value is a tuple (or list) of this length."""
    __tracebackhide__ = True
    if not isinstance(actual, (tuple, list)):
        text = _found("The result", actual, f"{length} values: {name}")
        raise CheckFailed(f"returned {describe(actual)}", text)
    if len(actual) != length:
        text = f"The result has {len(actual)} values; expected {length}: {name}."
        raise CheckFailed(f"returned {len(actual)} values instead of {length}", text)


def describe(value: Any) -> str:  # noqa: PLR0911 - one table, one row a type
    """Say what a value is, for a person: `None`, `a list of 3`, `a number (2.5)`."""
    if value is None:
        return "None"
    if isinstance(value, Handle):
        return f"a {handle_type(value)}"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    if isinstance(value, (bool, np.bool_)):
        return f"a bool ({bool(value)})"
    if isinstance(value, (int, float, complex, np.generic)):
        return f"a number ({value!s:.40})"
    if isinstance(value, str):
        return f"a string ({value[:40]!r})"
    if isinstance(value, (list, tuple, dict)):
        return f"a {type(value).__name__} of {len(value)}"
    return f"a {type(value).__name__}"


def _found(name: str, value: Any, expected: str) -> str:
    """Say what was found and what was expected; of nothing, where it usually comes from."""
    said = f"{name} is {describe(value)}; expected {expected}."
    return f"{said} Is there a return?" if value is None else said


def _number(value: Any) -> str:
    return f"{value:.7g}" if isinstance(value, (float, np.floating)) else str(value)


def _first_line(text: str) -> str:
    return text.splitlines()[0].rstrip(".") if text else ""
