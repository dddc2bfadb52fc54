"""The grader's functions that student code may call: an argument such as `loss` stays here, and is called back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nnedu.errors import CourseFault, NneduError
from nnedu.sandbox.arguments import arrays_in
from nnedu.sandbox.client import Handle
from nnedu.sandbox.failure import StudentFailure
from nnedu.sandbox.message import Callback, Message, WireError

if TYPE_CHECKING:
    from collections.abc import Callable


MOST = 1 << 30  # bytes that the functions of one call may be given
EACH = 64  # bytes of anything, about


class Callables:
    """The grader's functions that one call has passed on, and what came of calling them back."""

    def __init__(self) -> None:
        self.raised: BaseException | None = None
        self.called = False
        self._given = 0
        self._functions: list[Callable[..., Any]] = []

    def keep(self, function: Callable[..., Any]) -> Callback:
        """Return what stands for a function on the wire."""
        self._functions.append(function)
        return Callback(len(self._functions) - 1)

    def answer(self, asked: Message) -> Message:
        """Call a function of the grader with what the student gave it.

        The answer is the value and, where the function has written into its arguments, what they are now: a student's
        test may look. What the student gave may not fit, and then it is told so. What is no matter of the student's (a
        fault of the course, a judgement) is kept in `raised` until the student's own call has ended.
        """
        self.called = True
        number, args, kwargs = _asked(asked.body)
        if not 0 <= number < len(self._functions):
            text = "a callback to nothing"
            raise WireError(text)
        self._given += _weight([args, kwargs])
        if self._given > MOST:  # a check may keep what its function is called with
            text = f"functions of the lesson called with more than {MOST >> 20} MiB in one call"
            raise WireError(text)
        arrays = arrays_in([args, kwargs])
        before = [array.tobytes() for array in arrays]
        try:
            value = self._functions[number](*args, **kwargs)
        except (NneduError, StudentFailure, AssertionError) as error:
            if isinstance(error, CourseFault) and _holds_object([args, kwargs]):
                return Message("raised", "it was given an object, and expects a value")
            self.raised = self.raised or error
            return Message("raised", "it cannot go on")
        except Exception as error:  # noqa: BLE001 - whatever a function does with arguments that do not fit
            return Message("raised", f"{type(error).__name__}: {error}")
        changed = any(array.tobytes() != old for array, old in zip(arrays, before, strict=True))
        return Message("returned", [value, [args, kwargs] if changed else None])


def _asked(body: Any) -> tuple[int, list[Any], dict[str, Any]]:
    """Return the number of a function, and what it is called with."""
    match body:
        case [int(number), list(args)] if type(number) is int:
            return number, args, {}
        case [int(number), list(args), dict(kwargs)] if type(number) is int and {*map(type, kwargs)} <= {str}:
            return number, args, kwargs
    text = "a callback to nothing"
    raise WireError(text)


def _weight(value: Any) -> int:
    """Return about how many bytes a value takes that came over the wire."""
    if isinstance(value, dict):
        return EACH + sum(map(_weight, value.values())) + sum(map(_weight, value))
    if isinstance(value, (list, tuple)):
        return EACH + sum(map(_weight, value))
    return EACH + (value.nbytes if isinstance(value, np.ndarray) else len(value) if isinstance(value, str) else 0)


def _holds_object(value: Any) -> bool:
    """Whether there is an object of the student's in a value: numpy may call its methods, in the middle of a call."""
    if isinstance(value, dict):
        return any(map(_holds_object, value.values()))
    return isinstance(value, Handle) or (isinstance(value, (list, tuple)) and any(map(_holds_object, value)))
