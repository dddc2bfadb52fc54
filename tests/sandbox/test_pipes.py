"""The ends of the wire inside a worker: frames come whole, however they are cut."""

import io

import numpy as np
import pytest

from nnedu.sandbox.message import LARGE, PREFIX, Message
from nnedu.sandbox.wire import pack, pack_parts, unpack
from nnedu.sandbox.worker import Pipes, reply_frame, reply_parts

SMALL = np.arange(5.0)
BIG = np.arange(float(LARGE // 8))
VALUES = {
    "nothing": None,
    "text": "x" * 300_000,
    "a small array": SMALL,
    "a large array": BIG,
    "many small ones": [np.full(1000, float(i)) for i in range(200)],
    "large ones between small ones": [SMALL, BIG, 1.0, SMALL, BIG[::-1], BIG.reshape(2, -1).T, SMALL],
}


class Bits(io.RawIOBase):
    """A stream that gives and takes a few bytes at a time."""

    def __init__(self, data=b"", most=1000):
        self.data = bytearray(data)
        self.most = most

    def readable(self):
        return True

    def readinto(self, buffer):
        count = min(len(buffer), self.most, len(self.data))
        buffer[:count] = self.data[:count]
        del self.data[:count]
        return count

    def write(self, data):
        count = min(len(data), self.most)
        self.data += data[:count]
        return count


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_frame_in_parts_is_the_frame(value):
    """The same bytes, whoever sends them, and as many parts as there are large arrays and what is between."""
    message = Message("reply", {"value": value})
    parts = pack_parts(message)
    assert b"".join(parts) == pack(message) == b"".join(reply_parts(message, None)) == reply_frame(message, None)
    assert (
        len(parts) <= 2 * sum(np.size(one) >= BIG.size for one in (value if isinstance(value, list) else [value])) + 1
    )


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("most", [10_000, 1 << 30])
def test_frames_come_whole(value, most):
    """However few bytes come at a time, and one frame behind the other."""
    frame = pack(Message("call", value))
    pipes = Pipes(io.BufferedReader(Bits(2 * frame, most)), None)
    for _ in range(2):
        assert pack(pipes.receive(None)) == frame
    assert pipes.receive(None) is None


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("most", [10_000, 1 << 30])
def test_frames_go_whole(value, most):
    """However few bytes are taken at a time."""
    outgoing = Bits(most=most)
    message = Message("reply", value)
    Pipes(None, outgoing).send(pack_parts(message))
    assert outgoing.data == pack(message)


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_frame_that_is_cut_off_is_none(value):
    """A worker whose grader goes in the middle of a message does not carry out half of it."""
    frame = pack(Message("call", value))
    for size in (PREFIX.size, PREFIX.size + 5, len(frame) - 1):
        with pytest.raises(EOFError):
            Pipes(io.BufferedReader(Bits(frame[:size])), None).receive(None)


def test_an_array_that_comes_is_the_workers_own():
    """Writable, and no array in the memory of another."""
    frame = pack(Message("call", [SMALL, BIG, SMALL, BIG]))
    arrays = Pipes(io.BufferedReader(Bits(frame, 1 << 30)), None).receive(None).body
    for number, array in enumerate(arrays):
        array[:] = number
    assert [set(array) for array in arrays] == [{0.0}, {1.0}, {2.0}, {3.0}]
    assert unpack(frame).body[0].tolist() == SMALL.tolist()
