"""Executes student code and says what happened: the value, what was printed, warnings, arguments changed, seconds.

One host serves one submission, in the worker process or, for authors, in this one. Both speak `Message`s, so that what
an author tries in process is what a student's worker does.
"""

from __future__ import annotations

import inspect
import io
import re
import sys
import warnings
from functools import lru_cache
from time import perf_counter  # by name: student code may put something else in its place there
from types import FunctionType
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings

import numpy as np

from nnedu.sandbox.arguments import Watched, overwrite
from nnedu.sandbox.loading import Modules, NotAllowedError
from nnedu.sandbox.message import Message, Remote

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

MAX_PRINTED = 20_000
MAX_TEXT = 1_000
MAX_NOTES = 10
MAX_FRAMES = 8
MAX_ITEMS = 10_000
with catch_warnings():
    warnings.simplefilter("always")
    _ALWAYS = warnings.filters[0]


class Capped(io.TextIOBase):
    """A text stream that keeps its beginning and forgets the rest, so that printing 100 MB costs nothing."""

    def __init__(self) -> None:
        self.text = ""
        self.lost = 0

    def writable(self) -> bool:
        """Say yes."""
        return True

    def write(self, text: str) -> int:
        """Take down what there is room for."""
        room = MAX_PRINTED - len(self.text)
        self.text += _sendable(text[:room])
        self.lost += max(0, len(text) - room)
        return len(text)


def _sendable(text: str) -> str:
    """Return text without the lone halves of characters that Python allows and no encoding does."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _text(make: Callable[[], object], limit: int = MAX_TEXT) -> str:
    """Return text that student code makes (`str(error)`, a type's name), whatever happens while making it."""
    try:
        return _sendable(str(make())[:limit])
    except BaseException:  # noqa: BLE001 - a __str__ may raise anything; the sentence goes on without it
        return "(no message)"


class Host:
    """One submission: its modules, the objects it has made, and what to do with a message.

    `ask` sends a message to the grader and returns the answer: how callables of the grader are called back.
    `overrides` replaces functions by name: how a mistake plays a student who has everything else right.
    `printed` makes what takes down the prints of a call.
    """

    def __init__(
        self,
        sources: dict[str, str],
        allowed: frozenset[str],
        ask: Callable[[Message], Message],
        overrides: dict[str, Any] | None = None,
        printed: Callable[[], Capped] = Capped,
    ) -> None:
        self.modules = Modules(sources, allowed)
        self._ask = ask
        self._printed = printed
        self._overrides = overrides or {}
        self._objects: list[Any] = []

    def keep(self, value: Any) -> Remote:
        """Keep an object that cannot cross, and return its number."""
        self._objects.append(value)
        kind = type(value)
        name = _text(lambda: f"{kind.__module__}.{kind.__qualname__}", 200).removeprefix("builtins.")
        name = re.sub(r"^nnedu_student_\d+\.", "", name)
        if isinstance(value, np.ndarray) and kind is np.ndarray:
            name = f"numpy.ndarray of {_text(lambda: value.dtype.name, 40)}"
        return Remote(len(self._objects) - 1, name)

    def resolve(self, reference: Any) -> Any:
        """Return the object or the callable that a reference of the grader stands for."""
        if isinstance(reference, Remote):
            return self._objects[reference.number]
        return self._callable(reference.number)

    def _callable(self, number: int) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            answer = self._ask(Message("callback", [number, list(args), *([kwargs] if kwargs else [])]))
            if answer.kind != "returned":
                message = f"the grader's function: {answer.body}"
                raise ValueError(message)
            value, now = answer.body
            overwrite([args, kwargs], now)
            return value

        return call

    def serve(self, message: Message) -> Message:
        """Carry out one message, and return the reply; whatever the student's code does ends in a reply."""
        printed = self._printed()
        warned: dict[str, None] = {}
        output, errors = sys.stdout, sys.stderr
        started = perf_counter()
        with catch_warnings():
            # As simplefilter would do it, in a twentieth of its time.
            warnings.filters.insert(0, _ALWAYS)  # type: ignore[attr-defined]
            warnings.showwarning = self._note_in(warned)
            try:
                sys.stdout = sys.stderr = printed
                kind, body = "reply", self._carry_out(message)
            except BaseException as error:  # noqa: BLE001 - student code may raise anything, SystemExit too
                kind, body = "error", self._describe(error)
            finally:
                sys.stdout, sys.stderr = output, errors
        seconds = perf_counter() - started
        if printed.text:
            body |= {"printed": printed.text, "lost": printed.lost}
        if warned:
            body["warnings"] = list(warned)
        body["seconds"] = seconds  # last: the end of the header is read without the rest of it
        return Message(kind, body)

    def _carry_out(self, message: Message) -> dict[str, Any]:
        if message.kind == "load":
            self.modules.load(message.body)
            return {"value": None}
        if message.kind == "items":
            items = []
            for item in self._objects[message.body]:
                items.append(item)
                if len(items) > MAX_ITEMS:
                    raise _EndlessError
            return {"value": items}
        if message.kind == "attribute":
            return {"value": self._find(*message.body)}
        module, name, calls, readonly = message.body
        function = self._find(module, name)
        if message.kind == "many":
            return {"value": [_called(function, args) for args in calls]}
        args, kwargs = calls
        return self._call(function, args, kwargs, readonly=readonly)

    def _find(self, module: Any, name: str) -> Any:
        if not isinstance(module, str):
            if not hasattr(type(self._objects[module]), name) and not hasattr(self._objects[module], name):
                raise _MissingError(name)
            return getattr(self._objects[module], name)
        if name in self._overrides:
            return self._overrides[name]
        loaded = self.modules.load(module)
        if name not in vars(loaded):
            raise _MissingError(name)
        return vars(loaded)[name]

    def _call(self, function: Any, args: list[Any], kwargs: dict[str, Any], *, readonly: bool) -> dict[str, Any]:
        names = _names(function, args, kwargs)[: len(args)]
        watched = Watched([*names, *kwargs], [*args, *kwargs.values()])
        if readonly:
            watched.freeze()
        body = {"value": function(*args, **kwargs)}
        changed = watched.changed()
        if changed:
            body["changed"] = changed[:MAX_NOTES]
        if watched.shared_with(body["value"]):
            body["aliased"] = True
        return body

    def _note_in(self, notes: dict[str, None]) -> Callable[..., None]:
        """Return what takes warnings down: the first few that differ, so that a million of them cost nothing."""

        def note(message: object, category: object, filename: str, line: int, *_: object, **__: object) -> None:
            del category
            if len(notes) < MAX_NOTES:
                place = f"{filename}:{line}: " if self.modules.owns(filename) else ""
                notes[place + _text(lambda: message, 200)] = None

        return note

    def _describe(self, error: BaseException) -> dict[str, Any]:
        frames = self._frames(error.__traceback__)
        if isinstance(error, _MissingError):
            kind = "missing"
        elif isinstance(error, _SignatureError):
            kind = "signature"
        elif isinstance(error, _EndlessError):
            kind = "endless"
        elif isinstance(error, NotAllowedError):
            kind = "import"
        elif isinstance(error, SyntaxError):
            kind = "syntax"
            line = error.lineno or 0
            frames = [[f"{error.filename}", line, "", (error.text or "").strip()[:200], ""]]
        elif type(error) is NotImplementedError and frames:
            kind = "not_started"
        elif isinstance(error, ModuleNotFoundError):
            kind = "not_installed"
        else:
            kind = "raised"
        text = error.msg if isinstance(error, SyntaxError) else _text(lambda: error)
        return {"kind": kind, "type": _text(lambda: type(error).__name__, 100), "text": text, "frames": frames}

    def _frames(self, traceback: TracebackType | None) -> list[list[Any]]:
        frames: list[list[Any]] = []
        while traceback is not None:
            code = traceback.tb_frame.f_code
            if self.modules.owns(code.co_filename):
                line = self.modules.source_line(code.co_filename, traceback.tb_lineno)[:200]
                shapes = _shapes(traceback.tb_frame.f_locals, line)
                frames.append([code.co_filename, traceback.tb_lineno, code.co_name, line, shapes])
            traceback = traceback.tb_next
        return frames[-MAX_FRAMES:]


class _MissingError(Exception):
    """The module does not define the name."""


class _EndlessError(Exception):
    """An iterator that goes on and on."""


class _SignatureError(Exception):
    """The function cannot be called the way the lesson calls it."""


# The same function is asked for again and again. Its own hash is Python's; that of another object is the student's.
_signature = lru_cache(64)(inspect.signature)


def _called(function: Any, args: list[Any]) -> Any:
    _names(function, args, {})
    return function(*args)


def _names(function: Any, args: list[Any], kwargs: dict[str, Any]) -> Sequence[str]:
    """Return the names of the parameters that the positional arguments go to, or raise _SignatureError."""
    if type(function) is FunctionType and not kwargs and _takes(function, len(args)):
        return function.__code__.co_varnames
    try:
        signature = _signature(function) if type(function) is FunctionType else inspect.signature(function)
    except (TypeError, ValueError):
        if callable(function):
            return [f"argument {index + 1}" for index in range(len(args))]
        text = f"is of type {type(function).__name__}, not a function"
        raise _SignatureError(text) from None
    try:
        signature.bind(*args, **kwargs)
    except TypeError as error:
        text = f"takes {signature}, which does not fit: {error}"
        raise _SignatureError(text) from None
    names = [name for name, p in signature.parameters.items() if p.kind is not p.KEYWORD_ONLY]
    return [*names, *(f"argument {index + 1}" for index in range(len(names), len(args)))]


def _takes(function: FunctionType, count: int) -> bool:
    """Whether a function surely takes so many arguments, as most do: none is to be named, and it wraps no other."""
    code = function.__code__
    odd = function.__dict__ or code.co_kwonlyargcount
    return not odd and code.co_argcount - len(function.__defaults__ or ()) <= count <= code.co_argcount


def _shapes(variables: dict[str, Any], line: str) -> str:
    """Return the shapes of the arrays that a line of code names: `dZ2 (4, 32)  W2 (16, 4)`."""
    found = []
    for name, value in variables.items():
        if isinstance(value, np.ndarray) and name in line:
            found.append(f"{name} {value.shape}")
    return "  ".join(found[:6])
