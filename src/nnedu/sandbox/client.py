"""What a grader holds in its hands: proxies of the student's functions, and what a player behind them answers.

A proxy turns `student.backprop(X, Y, params)` into a `Call` and gives it to a `Player`, which answers with a `Reply`.
Players differ (a submission, a recording, a shadow of one), graders do not notice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class How(Enum):
    """What a call does with its target. VERDICT: a call to a test that a student wrote, which returns complaints."""

    CALL = "call"
    VERDICT = "verdict"
    MANY = "many"
    ITEMS = "items"
    ATTRIBUTE = "attribute"


@dataclass(frozen=True, slots=True)
class Call:
    """One use of student code: a function of a module, or a method or the items of an object made earlier."""

    target: str | Handle
    name: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    how: How = How.CALL
    readonly: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the value, and what happened beside it. Seconds are those of the student's code."""

    value: Any
    changed: tuple[str, ...] = ()
    aliased: bool = False
    printed: str = ""
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0


class Player(Protocol):
    """Whoever plays the student, or the reference."""

    def play(self, call: Call) -> Reply:
        """Carry out a call, or raise StudentFailure."""


class Handle:
    """An object that lives with the student: an optimizer, a cache, an iterator. It can be called on, and iterated."""

    def __init__(self, player: Player, token: object, type_name: str) -> None:
        self._player = player
        self._token = token
        self._type_name = type_name

    def __getattr__(self, name: str) -> Function:
        if name.startswith("__"):
            raise AttributeError(name)
        return Function(self._player, self, name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the object itself."""
        return Function(self._player, self, "__call__")(*args, **kwargs)

    def attribute(self, name: str) -> Any:
        """Return the value of an attribute of the object."""
        return self._player.play(Call(self, name, how=How.ATTRIBUTE)).value

    def __iter__(self) -> Iterator[Any]:
        return iter(self._player.play(Call(self, "__iter__", how=How.ITEMS)).value)

    def __repr__(self) -> str:
        return f"<a {self._type_name} of the student>"


def handle_token(handle: Handle) -> object:
    """Return what a player knows its handle by."""
    return handle._token  # noqa: SLF001 - private to graders, not to players


def handle_type(handle: Handle) -> str:
    """Return the name of the class of the student's object."""
    return handle._type_name  # noqa: SLF001 - private to graders, not to players


class Function:
    """A function of the student's; calling it returns the value, `reply` everything."""

    def __init__(self, player: Player, target: str | Handle, name: str) -> None:
        self._player = player
        self._target = target
        self.name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function and return the value."""
        return self.reply(*args, **kwargs).value

    def reply(self, *args: Any, **kwargs: Any) -> Reply:
        """Call the function and return the whole reply."""
        return self._player.play(Call(self._target, self.name, args, kwargs))

    def verdict(self, *args: Any) -> Any:
        """Call a test that a student wrote, and return its complaints; recorded is only whether there are any."""
        return self._player.play(Call(self._target, self.name, args, how=How.VERDICT)).value

    def reply_readonly(self, *args: Any, **kwargs: Any) -> Reply:
        """Call the function with arrays that raise where somebody writes into them."""
        return self._player.play(Call(self._target, self.name, args, kwargs, readonly=True))


class Proxy:
    """`student` or `reference` in a grader: the functions of one module, by name."""

    def __init__(self, player: Player, module: str) -> None:
        self._player = player
        self._module = module

    def __getattr__(self, name: str) -> Function:
        if name.startswith("__"):
            raise AttributeError(name)
        return Function(self._player, self._module, name)

    def call_many(self, name: str, calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Call a function with each of many tuples of arguments, in one round trip."""
        values = self._player.play(Call(self._module, name, tuple(tuple(args) for args in calls), how=How.MANY)).value
        return list(values)
