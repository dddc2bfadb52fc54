"""What a check and a submission say to each other, frame by frame, so that it can be said to the next submission too.

What a check says next depends on nothing but what it has heard until then. So these talks form a tree: `Turn`s, and
from each of them one way on for each thing that was ever heard there. A submission that goes a way, to the last bit,
which has led to the end before, has passed the check that is at the end of it, and the check itself need not run
(`Submission.follow`). Where it leaves the known ways, the check runs, and hears first what has been heard already.
"""

from __future__ import annotations

import struct
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from nnedu.errors import CourseFault
from nnedu.sandbox.channel import ChannelLostError, Frame, pack_ours
from nnedu.sandbox.client import Reply
from nnedu.sandbox.failure import StudentFailure
from nnedu.sandbox.replies import BESIDE, sane_seconds
from nnedu.sandbox.wire import pack, unpack_parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from nnedu.sandbox.channel import Keep, Resolve
    from nnedu.sandbox.message import Message, WireError

CALLBACK = b"\x92\xa8callback"  # how the header of a callback begins
SECONDS = struct.Struct(">d")
FLOAT = b"\xcb"  # what stands before a float in a header

MOST = 1 << 20  # bytes of a talk
EACH = 500  # of a step, beside what is said

Heard = tuple[bytes, bytes]


class Speaking(Protocol):
    """A channel that takes a frame as it is."""

    def say(self, frame: bytes, seconds: float | None = None) -> Frame:
        """Send a frame, and return what comes in answer. It is good until the next one."""


class Line(NamedTuple):
    """What a check says: a call, or the answer to a callback, which has no function."""

    frame: bytes
    function: str = ""
    module: str = ""


@dataclass(slots=True)
class Turn:
    """What a check says at some point of a talk, nothing where it has passed; and how it goes on, by what is heard.

    `noted`: what was heard last says something beside its value, which is noted with the submission.
    """

    line: Line | None = None
    then: dict[Heard, Turn] = field(default_factory=dict)
    noted: bool = False


class Step(NamedTuple):
    """One line, and what was heard then."""

    line: Line
    heard: Heard
    noted: bool


class Told(NamedTuple):
    """What was said to a submission, what came of it, and the seconds that took."""

    line: Line
    heard: Frame | ChannelLostError | WireError
    took: float


class Talk:
    """One check and one submission. `told`: what has been said already, and is yet to be heard by the check.

    `steps` is the way that this talk takes, None where it cannot be known to lead to the same end again or is too long;
    `size` are its bytes. `unlike`: the check has not said what was said in its name.
    """

    def __init__(self) -> None:
        self.told: deque[Told] = deque()
        self.steps: list[Step] | None = []
        self.size = 0
        self.unlike = False
        self._took = 0.0
        self._left: float | None = None  # seconds that the call has which is told

    def attend(self, play: Callable[[], Reply]) -> Reply:
        """Carry out a call, and note what a check learns of it otherwise than by what was heard.

        That is how long it took, and failures without an answer (a module that cannot be loaded, no time left): after
        these nothing is known of others.
        """
        before = len(self.steps or ())
        try:
            reply = play()
        except StudentFailure:
            if len(self.steps or ()) == before:
                self.steps = None
            raise
        return _Clocked(self, reply)

    def request(
        self,
        channel: Speaking,
        message: Message,
        answer: Callable[[Message], Message],
        keep: Keep,
        resolve: Resolve,
        seconds: float,
    ) -> Message:
        """Send a message and return the reply, as a channel does."""
        line = Line(pack_ours(message, keep), *_called(message))
        try:
            heard = self._say(channel, line, seconds)
            while (reply := unpack_parts(*heard, resolve)).kind == "callback":
                self._note(line, heard, reply)
                line = Line(pack(answer(reply), keep))
                heard = self._say(channel, line, None)
        except BaseException:  # a check may go on after it, and not the same way again
            self.steps = None
            raise
        self._note(line, heard, reply)
        return reply

    def _say(self, channel: Speaking, line: Line, seconds: float | None) -> Frame:
        left, self._left = self._left if seconds is None else seconds, None
        if not self.told:
            return channel.say(line.frame, left)
        told = self.told.popleft()
        if told.line.frame != line.frame:
            self.unlike = True
            text = "A check says different things after the same answers."
            raise CourseFault(text)
        self._took += told.took
        self._left = None if left is None else left - told.took
        if isinstance(told.heard, Frame):
            return told.heard
        raise told.heard

    def _note(self, line: Line, heard: Frame, reply: Message) -> None:
        self.size += len(line.frame) + len(heard.header) + len(heard.blob) + EACH
        if self.steps is None or self.size > MOST or not _is_plain(heard, reply):
            self.steps = None
            return
        noted = reply.kind != "callback" and bool(reply.body.keys() & BESIDE)
        self.steps.append(Step(line, as_heard(heard), noted))

    def take_seconds(self) -> float:
        """Return the seconds that what was told took, since this was asked last."""
        took, self._took = self._took, 0.0
        return took


class _Clocked(Reply):
    """A reply that knows when somebody looks at its seconds, which are other ones each time."""

    __slots__ = ("_talk",)

    def __init__(self, talk: Talk, reply: Reply) -> None:
        super().__init__(reply.value, reply.changed, reply.aliased, reply.printed, reply.warnings, reply.seconds)
        object.__setattr__(self, "_talk", talk)

    def __getattribute__(self, name: str) -> Any:
        if name == "seconds":
            self._talk.steps = None
        return super().__getattribute__(name)


def as_heard(frame: Frame) -> Heard:
    """Return what a check can tell of a frame: all of it, but for the seconds at the end of a reply."""
    header, blob = frame
    return bytes(header if header[: len(CALLBACK)] == CALLBACK else header[: -SECONDS.size]), bytes(blob)


def seconds_in(frame: Frame) -> float:
    """Return the seconds at the end of a reply that is known to be one, 0 of a callback."""
    header = frame.header
    if header[: len(CALLBACK)] == CALLBACK:
        return 0.0
    return sane_seconds(SECONDS.unpack(header[-SECONDS.size :])[0])


def _called(message: Message) -> tuple[str, str]:
    """Return the function that a message calls, and the module that it is in, nothing for one of an object."""
    if message.kind == "items":
        return "__iter__", ""
    target, name = message.body[:2]
    return name, target if isinstance(target, str) else ""


def _is_plain(heard: Frame, reply: Message) -> bool:
    """Whether a frame is told by what `as_heard` makes of it: a callback, or a reply with its seconds at the end."""
    if reply.kind == "callback":
        return bytes(heard.header[: len(CALLBACK)]) == CALLBACK
    if type(reply.body) is not dict or not reply.body:
        return False
    last, seconds = next(reversed(reply.body.items()))
    # No key comes twice in a dict of the wire, so the last one stands at the end.
    return last == "seconds" and type(seconds) is float and heard.header[-9:] == FLOAT + SECONDS.pack(seconds)
