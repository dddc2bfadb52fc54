"""A frame is known again by all that a check can tell of it, and only one whose seconds stand at its end."""

import msgspec
import pytest

from nnedu.sandbox.channel import Frame
from nnedu.sandbox.message import Message, WireError
from nnedu.sandbox.talk import Talk, as_heard, seconds_in
from nnedu.sandbox.wire import refuse

CALL = Message("call", ["m", "f", [[1.0], {}], False])


class Channel:
    """A worker that says certain frames, whatever it is asked."""

    def __init__(self, *trees):
        self._frames = [Frame(memoryview(msgspec.msgpack.encode(tree)), memoryview(b"")) for tree in trees]
        self.said = []

    def say(self, frame, seconds=None):
        self.said.append((frame, seconds))
        return self._frames.pop(0)


def heard(*trees):
    """Return the steps of a talk in which a worker says some frames."""
    talk = Talk()
    talk.request(Channel(*trees), CALL, lambda _: Message("returned", [2.0, None]), refuse, refuse, 3.0)
    return talk.steps


def reply(*pairs, kind="reply"):
    return [kind, ["dict", [list(pair) for pair in pairs]]]


def test_a_reply_is_known_by_everything_but_its_seconds():
    [first] = heard(reply(("value", 1.0), ("seconds", 0.25)))
    [again] = heard(reply(("value", 1.0), ("seconds", 0.5)))
    [other] = heard(reply(("value", 1.5), ("seconds", 0.25)))
    [error] = heard(reply(("value", 1.0), ("seconds", 0.25), kind="error"))
    assert first == again
    assert len({first.heard, other.heard, error.heard}) == 3
    assert not first.noted
    assert first.line.function == "f"
    assert first.line.module == "m"


@pytest.mark.parametrize(
    "pairs",
    [
        [("seconds", 0.25), ("value", 1.0)],
        [("value", 1.0)],
        [("value", 1.0), ("seconds", 1)],
        [("value", 1.0), ("seconds", None)],
        [("value", 1.0), ("seconds", 0.25), ("more", 0.25)],
        [],
    ],
)
def test_a_reply_whose_seconds_are_not_at_its_end_is_not_known_again(pairs):
    """What stands there could be the value, and two values be taken for one."""
    assert heard(reply(*pairs)) is None


def test_a_short_float_at_the_end_is_not_known_again():
    """Of four bytes: the eight at the end would begin before it."""
    tree = msgspec.msgpack.encode(reply(("value", 1.0), ("seconds", 0.25)))
    short = tree[:-9] + b"\xca" + b"\x3e\x80\x00\x00"
    channel = Channel()
    channel._frames = [Frame(memoryview(short), memoryview(b""))]
    talk = Talk()
    message = talk.request(channel, CALL, lambda _: CALL, refuse, refuse, 3.0)
    assert message.body["seconds"] == 0.25
    assert talk.steps is None


def test_a_key_that_comes_twice_is_no_reply():
    """The last one in the dict would not be the last one in the frame."""
    with pytest.raises(WireError, match="twice"):
        heard(reply(("value", 2.0), ("seconds", 2.0), ("value", 2.0)))


def test_what_is_noted_is_marked():
    [step] = heard(reply(("value", 1.0), ("printed", "x"), ("lost", 0), ("seconds", 0.25)))
    assert step.noted


def test_a_callback_is_known_by_all_of_it_and_answered_in_the_time_of_its_call():
    call = ["callback", ["list", [0, ["list", [1.0]]]]]
    channel = Channel(call, reply(("value", 1.0), ("seconds", 0.25)))
    talk = Talk()
    talk.request(channel, CALL, lambda _: Message("returned", [2.0, None]), refuse, refuse, 3.0)
    first, second = talk.steps
    assert first.heard == (msgspec.msgpack.encode(call), b"")
    assert first.line.function == "f"
    assert second.line.function == ""
    assert [seconds for _, seconds in channel.said] == [3.0, None]
    other = ["callback", ["list", [0, ["list", [1.5]]]]]
    assert heard(other, reply(("value", 1.0), ("seconds", 0.25)))[0].heard != first.heard


def test_what_is_too_long_is_not_even_held():
    """A student decides how often a function of the grader is called, and with what."""
    call = ["callback", ["list", [0, ["list", ["x" * 100_000]]]]]
    talk, most = Talk(), []

    def answer(_):
        most.append(len(talk.steps or ()))
        return Message("returned", [2.0, None])

    frames = [call] * 40 + [reply(("value", 1.0), ("seconds", 0.25))]
    talk.request(Channel(*frames), CALL, answer, refuse, refuse, 3.0)
    assert talk.steps is None
    assert max(most) == 10


def test_a_callback_that_is_spelled_otherwise_is_not_known_again():
    """Its last eight bytes would be taken for seconds."""
    header = msgspec.msgpack.encode(["callback", ["list", [0, ["list", [1.0]]]]])
    assert header[1:2] == b"\xa8"
    long = header[:1] + b"\xd9\x08" + header[2:]
    channel = Channel(reply(("value", 1.0), ("seconds", 0.25)))
    channel._frames.insert(0, Frame(memoryview(long), memoryview(b"")))
    talk = Talk()
    talk.request(channel, CALL, lambda _: Message("returned", [2.0, None]), refuse, refuse, 3.0)
    assert talk.steps is None


def test_seconds_are_sane():
    def frame(seconds, kind="reply"):
        return Frame(memoryview(msgspec.msgpack.encode(reply(("seconds", seconds), kind=kind))), memoryview(b""))

    said = [seconds_in(frame(seconds)) for seconds in (0.5, -1.0, float("nan"), float("inf"), 1e9)]
    assert said == [0.5, 0.0, 0.0, 0.0, 3600.0]
    assert seconds_in(frame(0.5, "callback")) == 0.0
    assert as_heard(frame(0.5)) == as_heard(frame(2.5))
