"""A student's work as a player: hosts that come and go behind it, limits, and what it cost."""

from __future__ import annotations

import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from nnedu.errors import CourseFault
from nnedu.outcome import State
from nnedu.sandbox.callables import Callables
from nnedu.sandbox.channel import ChannelLostError, Frame
from nnedu.sandbox.client import Call, Handle, How, Reply, handle_token
from nnedu.sandbox.failure import Allowance, StudentFailure, from_death, from_error, from_stop, printable
from nnedu.sandbox.message import Callback, Message, Remote, WireError
from nnedu.sandbox.replies import body_of, notes_of
from nnedu.sandbox.talk import Told, as_heard, seconds_in
from nnedu.sandbox.wire import unpack_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nnedu.sandbox.channel import Channel
    from nnedu.sandbox.talk import Line, Speaking, Talk, Turn

BROKEN = "broke the process it ran in"
SHORT = 0.2
AFTER_STOP = 0.2
RESERVE = 2.0  # seconds that an exercise has even where those before it took all there was


@dataclass(slots=True)
class Limits:
    """Wall-clock seconds that student code may take: in one call, in all, and in the checks of one exercise.

    `memory_mib` is said where memory runs out; a confined worker is held to it, a plain one to nothing.
    """

    call: float = 10.0
    total: float = 120.0
    exercise: float = 30.0
    memory_mib: int | None = None


class Submission:
    """A student's work as a player. Opens a host when it is first needed, and a fresh one after a crash or a stop.

    `problems` says of a module why it cannot even be read (binary, missing); its calls fail with that.
    """

    def __init__(
        self,
        sources: dict[str, str],
        open_channel: Callable[[], Channel],
        *,
        allowed: frozenset[str] = frozenset(),
        problems: dict[str, str] | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.sources = sources
        self.seconds = 0.0
        self.notes: dict[str, None] = {}
        self._open_channel = open_channel
        self._allowed = allowed
        self._problems = problems or {}
        self._limits = limits or Limits()
        self._channel: Channel | None = None
        self._generation: object = None
        self._generations: list[object] = []
        self._busy = False
        self._spent = 0.0
        self._exercise = ""
        self._spent_on: defaultdict[str, float] = defaultdict(float)
        self._loaded: dict[str, StudentFailure | None] = {}
        self._slow: set[str] = set()
        self._talk: Talk | None = None

    def start(self) -> None:
        """Open the host now, so that it gets ready while something else is done."""
        if self._channel is None:
            self._channel = self._open_channel()
            self._generation = object()
            self._generations.append(self._generation)

    def close(self) -> None:
        """End the host."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    def begin(self, exercise: str) -> None:
        """Go to an exercise, which has its own time: only the one that ran out of it pays."""
        self._exercise = exercise

    def take_notes(self) -> tuple[str, ...]:
        """Return what was printed and warned of since the last time."""
        notes, self.notes = tuple(self.notes), {}
        return notes

    def play(self, call: Call) -> Reply:
        """Carry out a call in the student's own process."""
        return self._play(call) if self._talk is None else self._talk.attend(partial(self._play, call))

    def _play(self, call: Call) -> Reply:
        if isinstance(call.target, str):
            self._ensure_loaded(call.target)
        self.start()  # before the objects of the call are looked up, which are those of one host
        message = self._message(call)
        reply = self._request(message, call.name, call.target if isinstance(call.target, str) else "")
        value = reply["value"]
        if call.how in {How.ITEMS, How.MANY}:
            if type(value) is not list or (call.how is How.MANY and len(value) != len(call.args)):
                raise StudentFailure(State.RAISED, BROKEN, f"The process of {call.name} spoke out of turn.")
            return Reply(value, seconds=reply["seconds"])
        return Reply(
            value,
            reply["changed"],
            reply.get("aliased") is True,
            reply["printed"],
            reply["warnings"],
            reply["seconds"],
        )

    @contextmanager
    def talking(self, talk: Talk) -> Iterator[None]:
        """Have a check talk with the submission, and write down what they say; what was told before comes first."""
        self._talk = talk
        try:
            yield
        finally:
            self._talk = None
            if talk.told:  # a check that stops in the middle: the next one would be answered by the rest
                self.close()

    def follow(self, turn: Turn, talk: Talk) -> bool:
        """Say what a check has said to others, while this submission answers as one of them did.

        Return whether that was to the end. Where it was not, `talk` holds what has been told, for the check to hear:
        then what it took counts there.
        """
        own, noted, function = 0.0, list[tuple[Message, str]](), ""
        while turn.line is not None:
            try:
                told = self._tell(turn.line)
            except StudentFailure:  # a module that cannot be loaded, or no time left; the check will meet it too
                break
            talk.told.append(told)
            self._spend(told.took)
            if not isinstance(told.heard, Frame) or (found := turn.then.get(as_heard(told.heard))) is None:
                break
            function = turn.line.function or function
            if found.noted:
                noted.append((unpack_parts(*told.heard, self._resolve), function))
            else:
                own += seconds_in(told.heard)
            turn = found
        else:
            self.seconds += own
            for reply, of in noted:
                self._take_in(reply, of)
            return True
        for told in talk.told:
            self._spend(-told.took)
        return False

    def _tell(self, line: Line) -> Told:
        """Say one line, and return what came of it, in bytes of its own."""
        seconds = None
        if line.function:
            if line.module:
                self._ensure_loaded(line.module)
            seconds = self._granted(line.function).seconds
            self.start()
        started = time.monotonic()
        heard: Frame | ChannelLostError | WireError
        try:
            frame = self._speaking().say(line.frame, seconds)
            heard = Frame(memoryview(bytes(frame.header)), memoryview(bytes(frame.blob)))
        except (ChannelLostError, WireError) as error:
            heard = error
        except BaseException:
            self.close()  # in the middle of a message, as in `_exchange`
            raise
        return Told(line, heard, time.monotonic() - started)

    def _speaking(self) -> Speaking:
        return cast("Speaking", self._channel)  # talks are for those who open such channels

    def _ensure_loaded(self, module: str) -> None:
        if module in self._problems:
            raise StudentFailure(State.RAISED, f"{module}.py cannot be read", self._problems[module])
        if module not in self._loaded:
            try:
                self._request(Message("load", module), f"{module}.py", module)
                self._loaded[module] = None
            except StudentFailure as failure:
                self._loaded[module] = failure
        failed = self._loaded[module]
        if failed is not None:
            # Without its type: it is nothing that a function has raised, where a check waits for that.
            raise StudentFailure(failed.state, failed.summary, failed.message)

    def broken_at(self, module: str) -> str:
        """Return where a module could not be read or loaded when it was asked for, `backprop.py:12`, or nothing."""
        failed = self._loaded.get(module)
        if module not in self._problems and failed is None:
            return ""
        return (failed.place if failed else "") or f"{module}.py"

    def _message(self, call: Call) -> Message:
        target: Any = call.target
        if isinstance(target, Handle):
            target = self._own(target).number
        if call.how is How.ITEMS:
            return Message("items", target)
        if call.how is How.ATTRIBUTE:
            return Message("attribute", [target, call.name])
        calls = [list(args) for args in call.args] if call.how is How.MANY else [list(call.args), call.kwargs]
        return Message("many" if call.how is How.MANY else "call", [target, call.name, calls, call.readonly])

    def _request(self, message: Message, function: str, module: str) -> dict[str, Any]:
        if self._busy:
            text = f"A grader's function calls {function} of the student while a call of the student runs."
            raise CourseFault(text)
        callables = Callables()
        reply = self._exchange(message, callables, self._granted(function), function)
        if callables.raised is not None:
            raise callables.raised
        return self._read(reply, function, module)

    def _granted(self, function: str) -> Allowance:
        """Return how long a call may take, or raise that there is no time left."""
        allowance = self._allowance(function)
        if allowance.seconds <= 0:
            raise from_stop(function, allowance, "", self.sources)
        return allowance

    def _allowance(self, function: str) -> Allowance:
        """Return how long a call may take: the least of what the call, the exercise and the submission have left."""
        limits, spent = self._limits, self._spent_on[self._exercise]
        call = Allowance(limits.call, limits.call)
        if function in self._slow:  # likely to be stopped again, so it is given less
            short = max(limits.call * AFTER_STOP, SHORT)
            call = Allowance(short, short, "what was stopped before")
        left = max(limits.total - self._spent, min(RESERVE, limits.exercise) - spent)
        if call.seconds < min(limits.exercise - spent, left):
            return call
        exercise = Allowance(limits.exercise - spent, limits.exercise, "the exercise")
        return min(call, exercise, Allowance(left, limits.total, "the whole submission"))

    def _exchange(self, message: Message, callables: Callables, allowance: Allowance, function: str) -> Message:
        """Send a message and wait for its reply. Time is taken here, where student code cannot turn the clock."""
        self._busy = True
        started = time.monotonic()
        try:
            self.start()
            assert self._channel is not None  # noqa: S101 - start() has just opened it
            request = self._channel.request
            if self._talk is not None and message.kind != "load":
                request = partial(self._talk.request, self._speaking())
            return request(
                message, callables.answer, lambda value: self._keep(value, callables), self._resolve, allowance.seconds
            )
        except ChannelLostError as lost:
            self.close()
            if lost.stopped:
                self.seconds += allowance.seconds
                self._slow.add(function)
                raise from_stop(function, allowance, lost.dump, self.sources) from None
            raise from_death(function, lost.dump, lost.cpu_limit) from None
        except WireError as error:
            self.close()
            text = f"The process of {function} spoke nonsense: {error}."
            raise StudentFailure(State.RAISED, BROKEN, text) from None
        except BaseException:
            self.close()  # in the middle of a message: the next one would be answered by its rest
            raise
        finally:
            self._busy = False
            self._spend(time.monotonic() - started + (self._talk.take_seconds() if self._talk is not None else 0.0))

    def _spend(self, took: float) -> None:
        self._spent += took
        self._spent_on[self._exercise] += took

    def _read(self, reply: Message, function: str, module: str) -> dict[str, Any]:
        """Return the body of a reply, or raise what it says."""
        body = self._take_in(reply, function)
        if reply.kind == "error":
            raise from_error(body, function, module, self._allowed, self._limits.memory_mib)
        if reply.kind != "reply" or "value" not in body:
            raise StudentFailure(State.RAISED, BROKEN, f"The process of {function} spoke out of turn.")
        return body

    def _take_in(self, reply: Message, function: str) -> dict[str, Any]:
        """Take what is well-formed in a reply; add up what it cost, and note what it says beside its value."""
        body = body_of(reply)
        self.seconds += body["seconds"]
        self.notes.update(dict.fromkeys(notes_of(body, function)))
        return body

    def _own(self, handle: Handle) -> Remote:
        """Return what a handle stands for in the host that runs now."""
        match handle_token(handle):
            case (generation, Remote() as remote) if generation in self._generations:
                pass
            case _:
                text = f"A grader passed {handle!r} to somebody else's function; a cache comes from one's own calls."
                raise CourseFault(text)
        if generation is not self._generation:
            raise StudentFailure(State.STOPPED, "its object is gone", "The object went with a call that was stopped.")
        return Remote(remote.number, remote.type_name)

    def _keep(self, value: Any, callables: Callables) -> Any:
        if isinstance(value, Handle):
            return self._own(value)
        if hasattr(value, "as_generator"):  # a recorded rng
            return value.as_generator()
        if callable(value):
            return callables.keep(value)
        if callables.called:  # a grader's function makes its values of what the student gave it
            text = f"a grader's function called with what it turns into a {type(value).__name__}"
            raise WireError(text)
        text = f"A grader passed a {type(value).__name__} to a student's function; it cannot cross to the worker."
        raise CourseFault(text)

    def _resolve(self, reference: Remote | Callback) -> Any:
        if isinstance(reference, Callback):
            text = "a callback from the wrong side"
            raise WireError(text)
        return Handle(self, (self._generation, reference), printable(reference.type_name))
