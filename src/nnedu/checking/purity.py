"""What a function does beside returning: changing its arguments, answering differently, sharing the caller's memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nnedu.checking.values import CheckFailed, assert_close, describe
from nnedu.outcome import State
from nnedu.sandbox.failure import StudentFailure

if TYPE_CHECKING:
    from nnedu.sandbox.client import Function


def assert_pure(
    function: Function,
    *args: Any,
    expected: Any,
    name: str | tuple[str, ...] = "",
    may_alias: bool = False,
    rtol: float = 1e-7,
    atol: float = 1e-10,
    **kwargs: Any,
) -> None:
    """Judge that a function returns the right value, leaves its arguments alone, and answers the same twice."""
    __tracebackhide__ = True
    first = function.reply(*args, **kwargs)
    if first.changed:
        what = first.changed[0]
        message = f"{function.name} changed its input {what}. The caller still needs it; build a new array instead."
        place = _guilty_line(function, *args, **kwargs)
        raise CheckFailed(f"changes its input {what}", f"{message}\n{place}" if place else message)
    assert_close(first.value, expected, name=name or function.name, rtol=rtol, atol=atol)
    if first.aliased and not may_alias:
        message = (
            f"{function.name} returns memory of its own input: writing into the result would change the input. "
            "Return a new array."
        )
        raise CheckFailed("returns a view of its input", message)
    second = function.reply(*args, **kwargs)
    try:
        assert_close(second.value, expected, name=name or function.name, rtol=rtol, atol=atol)
    except CheckFailed as failed:
        message = f"Called twice with the same arguments, {function.name} gives two answers. {failed.message}"
        raise CheckFailed("gives another answer on the second call", message) from None


def assert_raises(error: str, function: Function, *args: Any, **kwargs: Any) -> None:
    """Judge that a call raises the built-in exception of this name."""
    __tracebackhide__ = True
    try:
        value = function(*args, **kwargs)
    except StudentFailure as failure:
        if failure.state is not State.RAISED or failure.error_type in {"", "SyntaxError", "ImportError"}:
            raise
        if failure.error_type != error:
            message = f"{function.name} raised {failure.error_type}; expected {error}.\n{failure.message}"
            raise CheckFailed(f"raises {failure.error_type} instead of {error}", message) from None
        return
    message = f"{function.name} returned {describe(value)}; expected it to raise {error}."
    raise CheckFailed(f"does not raise {error}", message)


def _guilty_line(function: Function, *args: Any, **kwargs: Any) -> str:
    """Call once more with arrays that refuse to be written, so that the line shows itself."""
    try:
        function.reply_readonly(*args, **kwargs)
    except StudentFailure as failure:
        return failure.message.partition("\n")[2]
    return ""
