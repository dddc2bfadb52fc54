"""Traces: what a check draws, asks of the reference and asks of the student, while the solution plays the student.

One mechanism, four uses: a student's machine replays the reference and the draws; a shadow run asks another
implementation the same questions; what a mistake answers is compared with what the student answers; and `course verify`
proves all of it.
"""

from __future__ import annotations

import copy
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from nnedu.errors import CourseFault
from nnedu.outcome import State
from nnedu.sandbox.client import Call, Handle, How, Player, Reply, handle_token, handle_type
from nnedu.sandbox.failure import StudentFailure
from nnedu.sandbox.message import Message, Remote
from nnedu.sandbox.wire import pack, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

AGREE = 1e-9
COMPLAINT = "it finds fault with it"
_replaying: ContextVar[bool] = ContextVar("replaying", default=False)
_paused: ContextVar[bool] = ContextVar("paused", default=False)


def proofs_wanted() -> bool:
    """Whether a check should prove its reference numerically: not where a recording of it plays."""
    return not _replaying.get()


@contextmanager
def unrecorded() -> Iterator[None]:
    """Leave out of the recording what the reference is asked for a proof."""
    token = _paused.set(True)
    try:
        yield
    finally:
        _paused.reset(token)


def is_paused() -> bool:
    """Whether the reference is asked for a proof just now."""
    return _paused.get()


@contextmanager
def replaying() -> Iterator[None]:
    """Run checks on a recording."""
    token = _replaying.set(True)
    try:
        yield
    finally:
        _replaying.reset(token)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one call came to. `own`: a call of the exercise itself, not of a helper. Objects stand as `Remote`s."""

    name: str
    own: bool
    state: State
    value: Any = None
    error_type: str = ""
    changed: tuple[str, ...] = ()
    aliased: bool = False


@dataclass(slots=True)
class Trace:
    """The recording of one check."""

    draws: list[tuple[str, Any]] = field(default_factory=list)
    generators: dict[int, Any] = field(default_factory=dict)
    reference: list[Answer] = field(default_factory=list)
    student: list[Answer] = field(default_factory=list)


def to_bytes(answers: Any) -> bytes:
    """Return a trace, or lists of answers, as one frame of the wire."""
    return pack(Message("trace", _plain(answers)))


def trace_from_bytes(frame: bytes) -> Trace:
    """Read a trace back."""
    draws, generators, reference, student = unpack(frame).body
    return Trace([tuple(d) for d in draws], generators, _answers(reference), _answers(student))


def answers_from_bytes(frame: bytes) -> dict[str, list[Answer]]:
    """Read the answers of mistakes back."""
    return {name: _answers(rows) for name, rows in unpack(frame).body.items()}


def _plain(thing: Any) -> Any:
    if isinstance(thing, Trace):
        return [thing.draws, thing.generators, _plain(thing.reference), _plain(thing.student)]
    if isinstance(thing, Answer):
        return [
            thing.name,
            thing.own,
            thing.state.value,
            thing.value,
            thing.error_type,
            list(thing.changed),
            thing.aliased,
        ]
    if isinstance(thing, dict):
        return {key: _plain(value) for key, value in thing.items()}
    return [_plain(item) for item in thing]


def _answers(rows: list[list[Any]]) -> list[Answer]:
    return [Answer(n, own, State(s), value, kind, tuple(changed), al) for n, own, s, value, kind, changed, al in rows]


def _without_handles(value: Any) -> Any:
    """Return a copy of a value in which the student's objects are replaced by their type names."""
    if isinstance(value, Handle):
        return Remote(0, handle_type(value))
    if isinstance(value, dict):
        return {key: _without_handles(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_without_handles(item) for item in value)
    return copy.copy(value)


def ask(player: Player, call: Call, exercise: str) -> tuple[Answer, Any, StudentFailure | None]:
    """Let a player answer a call, and return what to record, the live value, and the failure if there is one."""
    own = call.name == exercise or isinstance(call.target, Handle)
    try:
        reply = player.play(call)
    except StudentFailure as failure:
        return Answer(call.name, own, failure.state, error_type=failure.error_type), None, failure
    value = _without_handles(reply.value)
    if call.how is How.VERDICT and type(value) is list:
        value = value and [COMPLAINT]  # two tests that find fault with the same answer the same, whatever their words
    return Answer(call.name, own, State.PASSED, value, "", reply.changed, reply.aliased), reply, None


class Recorder:
    """A player that writes down what another one answers."""

    def __init__(self, player: Player, log: list[Answer], exercise: str) -> None:
        self._player = player
        self._log = log
        self._exercise = exercise

    def play(self, call: Call) -> Reply:
        """Answer, and write the answer down."""
        if is_paused():
            return self._player.play(call)
        answer, reply, failure = ask(self._player, call, self._exercise)
        self._log.append(answer)
        if failure is not None:
            raise failure
        return rehandled(reply, self)


def rehandled(reply: Reply, player: Player) -> Reply:
    """Let the objects in a reply be asked through another player, so that it sees their calls too."""

    def wrap(value: Any) -> Any:
        if isinstance(value, Handle):
            return Handle(player, handle_token(value), handle_type(value))
        if isinstance(value, dict):
            return {key: wrap(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(wrap(item) for item in value)
        return value

    return replace(reply, value=wrap(reply.value))


class Replay:
    """A player that gives recorded answers in their order: the reference on a student's machine."""

    def __init__(self, log: list[Answer], check: str) -> None:
        self._left = iter(log)
        self._check = check

    def play(self, call: Call) -> Reply:
        """Return the next recorded answer."""
        answer = next(self._left, None)
        if answer is None or answer.name != call.name:
            text = f"The recording of the check {self._check} does not hold this call of reference.{call.name}."
            raise CourseFault(text, "The course must be released again (nnedu course verify finds such checks).")
        if answer.state is not State.PASSED:
            raise StudentFailure(answer.state, answer.error_type, answer.error_type, answer.error_type)
        return Reply(self._revived(copy.deepcopy(answer.value)), answer.changed, answer.aliased)

    def _revived(self, value: Any) -> Any:
        if isinstance(value, Remote):
            return Handle(self, None, value.type_name)
        if isinstance(value, dict):
            return {key: self._revived(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(self._revived(item) for item in value)
        return value


class ShadowEnd(Exception):  # noqa: N818 - an end, not an error
    """The check asks something that the recording does not hold."""


class Shadow:
    """A player that answers as recorded, and on the side asks another implementation the same.

    So a check goes on as if all were right, and every call of it is answered by the other implementation too. Where an
    argument is an earlier result (a cache, a handle, a velocity), the other implementation is given its own.
    """

    def __init__(self, recorded: list[Answer], side: Player, exercise: str) -> None:
        self.answers: list[Answer] = []
        self._recorded = iter(recorded)
        self._side = side
        self._exercise = exercise
        self._values: list[Any] = []
        self._links: dict[int, tuple[int, tuple[Any, ...]]] = {}
        self._alive: list[Any] = []

    def play(self, call: Call) -> Reply:
        """Return the recorded answer, after the other implementation has answered."""
        recorded = next(self._recorded, None)
        if recorded is None or recorded.name != call.name:
            raise ShadowEnd
        self._answer_aside(call, recorded)
        if recorded.state is not State.PASSED:
            raise StudentFailure(recorded.state, recorded.error_type, recorded.error_type, recorded.error_type)
        value = self._linked(copy.deepcopy(recorded.value), (len(self._values) - 1, ()))
        return Reply(value, recorded.changed, recorded.aliased)

    def _answer_aside(self, call: Call, recorded: Answer) -> None:
        try:
            target = call.target if isinstance(call.target, str) else self._own(call.target)
            args, kwargs = tuple(map(self._own, call.args)), {key: self._own(item) for key, item in call.kwargs.items()}
        except (LookupError, TypeError):
            target = None
        if not isinstance(target, (str, Handle)):
            # It has no such object of its own, because an earlier call of it failed.
            self.answers.append(Answer(call.name, recorded.own, State.WAITING))
            self._values.append(None)
            return
        answer, reply, _ = ask(
            self._side, Call(target, call.name, args, kwargs, call.how, call.readonly), self._exercise
        )
        self.answers.append(answer)
        self._values.append(reply.value if reply is not None else None)

    def _linked(self, value: Any, place: tuple[int, tuple[Any, ...]]) -> Any:
        """Return a recorded value with its objects alive again, remembering where each part of it came from."""
        number, path = place
        if isinstance(value, Remote):
            value = Handle(self, place, value.type_name)
        elif isinstance(value, dict):
            value = {key: self._linked(item, (number, (*path, key))) for key, item in value.items()}
        elif isinstance(value, (list, tuple)):
            value = type(value)(self._linked(item, (number, (*path, i))) for i, item in enumerate(value))
        if isinstance(value, (np.ndarray, dict, list, tuple)) and not (isinstance(value, (list, tuple)) and not value):
            self._alive.append(value)
            self._links[id(value)] = place
        return value

    def _own(self, value: Any) -> Any:
        """Return the other implementation's own version of an earlier result; anything else as it is."""
        place = handle_token(value) if isinstance(value, Handle) else self._links.get(id(value))
        if place is not None:
            number, path = cast("tuple[int, tuple[Any, ...]]", place)
            found = self._values[number]
            for key in path:
                found = found[key]
            return found
        if type(value) is dict:
            return {key: self._own(item) for key, item in value.items()}
        if type(value) in {list, tuple}:
            return type(value)(self._own(item) for item in value)
        return value


def agree(ours: Answer, theirs: Answer) -> bool:
    """Whether two answers are the same, values to 1e-9."""
    if ours.state is not theirs.state or ours.error_type != theirs.error_type:
        return False
    return (ours.changed, ours.aliased) == (theirs.changed, theirs.aliased) and same_values(ours.value, theirs.value)


def same_values(a: Any, b: Any) -> bool:  # noqa: PLR0911 - one table, one row a type
    """Whether two values are the same, numbers to 1e-9 of the largest of their array.

    A numpy scalar, a 0-d array and a plain number count as the same, as they do where values are judged.
    """
    a, b = _plain_number(a), _plain_number(b)
    if type(a) is not type(b):
        return False
    if isinstance(a, np.random.Generator):
        return same_values(a.bit_generator.state, b.bit_generator.state)
    if isinstance(a, Remote):  # objects are judged by what their methods answer, not by what their classes are called
        return True
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(same_values(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same_values(a[key], b[key]) for key in a)
    if isinstance(a, (np.ndarray, float)):
        return _same_numbers(np.asarray(a), np.asarray(b))
    return bool(a == b)


def _plain_number(value: Any) -> Any:
    scalar = isinstance(value, np.generic) or (type(value) is np.ndarray and value.ndim == 0)
    return value.item() if scalar else value


def _same_numbers(a: np.ndarray, b: np.ndarray) -> bool:
    whole = a.dtype.kind in "iu" and b.dtype.kind in "iu"
    if a.shape != b.shape or (a.dtype != b.dtype and not whole):
        return False
    if a.dtype.kind not in "fc":
        return bool(np.all(a == b))
    odd_a, odd_b = ~np.isfinite(a), ~np.isfinite(b)
    if np.any(odd_a != odd_b) or str(a[odd_a]) != str(b[odd_b]):
        return False
    fine_a, fine_b = a[~odd_a], b[~odd_b]
    with np.errstate(all="ignore"):  # a student's numbers may be as large as numbers get
        size = float(np.max(np.abs(fine_b), initial=0.0))
        return bool(np.max(np.abs(fine_a - fine_b), initial=0.0) <= AGREE * size)
