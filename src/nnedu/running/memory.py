"""What the reference answered in a check, kept, so that a whole class is graded without asking it the same again.

An answer is given again where the call is the same to the last bit; any other call goes to the reference itself. So a
check may ask what depends on a student's answers, which the recording that a student has could not hold.
"""

from __future__ import annotations

import copy
import types
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nnedu.diagnosis.draws import RecordedRng
from nnedu.sandbox.client import Call, Handle, Player, Reply, handle_token, handle_type

if TYPE_CHECKING:
    from collections.abc import Callable

DEPTH = 16
_PLAIN = (int, bool, str, bytes, types.NoneType)
_ITSELF = (type, types.ModuleType, types.BuiltinFunctionType, np.ufunc)  # the same where it is the very same


class _Object(NamedTuple):
    """An object of the reference: the number of the call that gave it, and where it stands in that call's value."""

    number: int
    path: tuple[Any, ...]
    type_name: str


class _Closure(NamedTuple):
    """A grader's function: its code, and the values that it holds."""

    code: types.CodeType
    held: Any


class _Unknown:
    """A value of which nobody can say that it is the same again."""


@dataclass(slots=True)
class Entry:
    """One call of the reference. `objects`: it gave, or was given, an object.

    `reply` is None where the call can never be known to be the same.
    """

    call: Call
    reply: Reply | None = None
    objects: bool = False


class _Objects:
    """The objects of the reference itself, which stand behind those that a check holds in its hands."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self._values: dict[int, Any] = {}

    def ask(self, number: int, call: Call) -> Reply:
        """Ask the reference, and return its reply with `_Object`s in place of its own."""

        def own(value: Any, _: tuple[Any, ...]) -> Any:
            token = handle_token(value) if isinstance(value, Handle) else value
            return self._find(token) if isinstance(token, _Object) else value

        def stand_in(value: Any, path: tuple[Any, ...]) -> Any:
            return _Object(number, path, handle_type(value)) if isinstance(value, Handle) else value

        reply = self.player.play(_each(call, own))
        self._values[number] = reply.value
        return replace(reply, value=_map(reply.value, stand_in))

    def _find(self, place: _Object) -> Any:
        found = self._values[place.number]
        for key in place.path:
            found = found[key]
        return found


class Writing:
    """A player that writes down what the reference is asked, and what it answers."""

    def __init__(self, player: Player, log: list[Entry]) -> None:
        self._objects = _Objects(player)
        self._log = log

    def play(self, call: Call) -> Reply:
        """Answer, and keep the answer with what was asked."""
        number = len(self._log)
        entry = Entry(_each(call, _kept))
        self._log.append(entry)
        reply = self._objects.ask(number, call)
        entry.objects = _any(call, Handle) or bool(_found(reply.value, _Object))
        # A grader's function that has changed what it holds would do so again; one on an object cannot be asked again.
        if _same_call(entry.call, call) and not (entry.objects and _any(entry.call, _Closure)):
            entry.reply = replace(reply, value=_map(reply.value, _kept))
        return _alive(reply, self)


class Remembering:
    """A player that answers from what was written down, and asks the reference where the call is another one.

    The objects of the reference come to life when one of them is asked something new: what was asked of them until then
    is asked again.
    """

    def __init__(self, player: Player, log: list[Entry]) -> None:
        self._objects = _Objects(player)
        self._log = log
        self._next = 0
        self._asked: list[int] = []
        self._awake = False
        self._new = 0

    def play(self, call: Call) -> Reply:
        """Answer from memory, or let the reference answer."""
        number, self._next = self._next, self._next + 1
        entry = self._log[number] if number < len(self._log) and not self._awake else None
        if entry is not None and entry.reply is not None and _same_call(entry.call, call):
            if entry.objects:
                self._asked.append(number)
            return _alive(entry.reply, self)
        if not self._awake and _any(call, Handle):
            self._awaken()
        self._new -= 1
        return _alive(self._objects.ask(self._new, call), self)

    def _awaken(self) -> None:
        self._awake = True
        for number in self._asked:
            self._objects.ask(number, self._log[number].call)


def _alive(reply: Reply, player: Player) -> Reply:
    """Return a reply with arrays of its own, and with objects that can be asked."""

    def revive(value: Any) -> Any:
        kind = type(value)
        if kind is np.ndarray:
            return value.copy()
        if kind is dict:
            return {key: revive(item) for key, item in value.items()}
        if kind is list or kind is tuple:
            return kind([revive(item) for item in value])
        if kind is _Object:
            return Handle(player, value, value.type_name)
        return copy.deepcopy(value) if kind is np.random.Generator else value

    return Reply(revive(reply.value), reply.changed, reply.aliased, reply.printed, reply.warnings, reply.seconds)


def _map(value: Any, leaf: Callable[[Any, tuple[Any, ...]], Any], path: tuple[Any, ...] = ()) -> Any:
    """Rebuild a value of lists, tuples and dicts, with its leaves replaced."""
    kind = type(value)
    if kind is dict:
        return {key: _map(item, leaf, (*path, key)) for key, item in value.items()}
    if kind is list or kind is tuple:
        return kind(_map(item, leaf, (*path, number)) for number, item in enumerate(value))
    return leaf(value, path)


def _each(call: Call, leaf: Callable[[Any, tuple[Any, ...]], Any]) -> Call:
    """Rebuild a call, with the leaves of its target and its arguments replaced."""
    return replace(call, target=leaf(call.target, ()), args=_map(call.args, leaf), kwargs=_map(call.kwargs, leaf))


def _found(value: Any, kind: type) -> list[Any]:
    """Return the leaves of a kind."""
    found: list[Any] = []
    _map(value, lambda leaf, _: found.append(leaf) if isinstance(leaf, kind) else None)
    return found


def _any(call: Call, kind: type) -> bool:
    return isinstance(call.target, kind) or bool(_found([call.args, call.kwargs], kind))


def _kept(value: Any, _: tuple[Any, ...] = (), depth: int = 0) -> Any:  # noqa: PLR0911 - one table, one row a type
    """Return a copy of an argument that nobody can change, to compare a later one with."""
    if isinstance(value, Handle):
        return handle_token(value)
    if isinstance(value, RecordedRng):
        return value.as_generator()
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, (np.generic, float, complex, _Object, *_PLAIN, *_ITSELF)):
        return value
    if isinstance(value, np.random.Generator):
        return copy.deepcopy(value)
    if isinstance(value, types.FunctionType) and depth < DEPTH:
        return _Closure(value.__code__, _map(_held(value), lambda item, _: _kept(item, depth=depth + 1)))
    return _Unknown()


def _held(function: types.FunctionType) -> list[Any]:
    """Return what a function holds: its defaults, and the variables around it."""
    try:
        cells = [cell.cell_contents for cell in function.__closure__ or ()]
    except ValueError:  # a variable that has no value yet
        cells = [_Unknown()]
    return [function.__defaults__, function.__kwdefaults__, cells]


def _same_call(kept: Call, call: Call) -> bool:
    return (
        kept.name == call.name
        and kept.how is call.how
        and kept.readonly == call.readonly
        and _same(kept.target, call.target)
        and _same(kept.args, call.args)
        and _same(kept.kwargs, call.kwargs)
    )


def _same(kept: Any, value: Any) -> bool:  # noqa: C901, PLR0911 - one table, one row a type
    """Whether a value is what was kept, to the last bit."""
    if kept is value:  # what could change was kept as a copy
        return True
    kind = type(kept)
    if kind is np.ndarray and type(value) is kind:
        return bool(kept.shape == value.shape and kept.dtype == value.dtype and kept.tobytes() == value.tobytes())
    if kind is list or kind is tuple:
        return kind is type(value) and len(kept) == len(value) and all(map(_same, kept, value))
    if kind is dict:
        return (
            type(value) is dict
            and len(kept) == len(value)
            and all(a is b or _same(a, b) for a, b in zip(kept, value, strict=True))
            and all(map(_same, kept.values(), value.values()))
        )
    if kind is _Object:
        return isinstance(value, Handle) and bool(handle_token(value) == kept)
    if kind is _Closure:
        return type(value) is types.FunctionType and value.__code__ is kept.code and _same(kept.held, _held(value))
    if kind is np.random.Generator:
        now = value.as_generator() if isinstance(value, RecordedRng) else value
        return type(now) is kind and _same(kept.bit_generator.state, now.bit_generator.state)
    if kind is not type(value):
        return False
    if isinstance(kept, np.generic):
        return bool(kept.tobytes() == value.tobytes())
    if kind is float or kind is complex:
        return repr(kept) == repr(value)
    return kept is value if isinstance(kept, _ITSELF) else kind in _PLAIN and bool(kept == value)
