"""A worker that means harm, or is broken: whatever it says is the student's failure, or nobody's."""

import io
import sys

import numpy as np
import pytest

from nnedu.errors import FaultError
from nnedu.outcome import State
from nnedu.sandbox import channel
from nnedu.sandbox.channel import ChannelLostError, ProcessChannel
from nnedu.sandbox.client import Proxy
from nnedu.sandbox.failure import StudentFailure
from nnedu.sandbox.message import Message, WireError
from nnedu.sandbox.submission import Limits, Submission


def failure_of(call):
    with pytest.raises(StudentFailure) as raised:
        call()
    return raised.value


HOSTILE = '''
import os
import sys
import struct


def wire():
    """Find the wire, as an attacker would."""
    for number in range(3, 20):
        try:
            if os.readlink(f"/proc/self/fd/{number}").startswith(("pipe:", "socket:")):
                yield number
        except OSError:
            pass


def nonsense():
    for number in wire():
        try:
            os.write(number, b"nonsense" * 100)
        except OSError:
            pass
    return 1.0


def huge():
    for number in wire():
        try:
            os.write(number, struct.pack("<IQ", 2**31, 2**60))
        except OSError:
            pass
    return 1.0


def right(x):
    return x + 1
'''


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the pipes in /proc")
@pytest.mark.parametrize("name", ["nonsense", "huge"])
def test_nonsense_on_the_wire_is_the_students_failure(proxied, name):
    """Not a fault of the course, no memory, and the next call runs in a fresh worker."""
    student = proxied(HOSTILE, call=3.0)
    failure = failure_of(getattr(student, name))
    assert failure.summary in {"broke the process it ran in", "ended the process it ran in"}
    assert student.right(1.0) == 2.0


class _Says:
    """A channel to a worker that says what it likes."""

    def __init__(self, reply):
        self.reply = reply

    def request(self, message, answer, keep, resolve, seconds):
        if isinstance(self.reply, Exception):
            raise self.reply
        return Message("reply", {"value": None}) if message.kind == "load" else self.reply

    def close(self):
        pass


@pytest.mark.parametrize(
    "reply",
    [
        Message("passed", {"value": 1.0}),
        Message("reply", {}),
        Message("reply", "a text"),
        Message("error", None),
        Message("error", {"kind": {}, "type": [], "text": 3, "frames": [[1, 2], "x", None]}),
        Message("error", {"kind": "raised", "frames": "none", "warnings": 4, "seconds": "long"}),
        WireError("bad"),
        ChannelLostError("", stopped=False),
    ],
    ids=str,
)
def test_an_odd_reply_is_the_students_failure(reply):
    """Whatever a worker says, nothing is taken for granted, and there is no word for "passed"."""
    student = Proxy(Submission({"m": ""}, lambda: _Says(reply)), "m")
    assert failure_of(lambda: student.f(1.0)).state in {State.RAISED, State.FAILED}


@pytest.mark.parametrize(
    "body",
    [
        {"seconds": float("nan")},
        {"seconds": -9.0},
        {"seconds": 1e99},
        {"changed": 3, "warnings": {}, "printed": 5, "aliased": "yes", "lost": "x"},
    ],
)
def test_an_odd_reply_with_a_value_is_only_its_value(body):
    """What stands beside the value is put right."""
    submission = Submission({"m": ""}, lambda: _Says(Message("reply", {"value": 1.0} | body)))
    reply = Proxy(submission, "m").f.reply(1.0)
    assert (reply.value, reply.changed, reply.aliased, reply.warnings) == (1.0, (), False, ())
    assert 0 <= submission.seconds <= 3600


@pytest.mark.parametrize("value", [None, 3.0, (1.0,), [1.0], {"a": 1}, np.zeros(2)])
def test_many_answers_are_as_many_as_were_asked_for(value):
    """A worker that gives another number cannot crash the check."""
    student = Proxy(Submission({"m": ""}, lambda: _Says(Message("reply", {"value": value}))), "m")
    assert failure_of(lambda: student.call_many("f", [(1.0,), (2.0,)])).summary == "broke the process it ran in"


def test_a_worker_that_does_not_start_is_nobodys_fault(monkeypatch):
    """The student is not blamed for the machine."""
    monkeypatch.setattr(channel.sys, "executable", "/bin/false" if sys.platform != "win32" else sys.executable)
    submission = Submission(
        {"m": "def f():\n    return 1\n"}, lambda: ProcessChannel({"m": ""}, frozenset()), limits=Limits()
    )
    with pytest.raises(FaultError, match="does not start"):
        Proxy(submission, "m").f()
    submission.close()


def test_a_slow_start_is_not_the_students_time(opened):
    """The limit of a call begins when the worker is ready."""
    student = Proxy(opened("def f():\n    return 1\n", call=0.05), "m")
    assert student.f() == 1


def test_what_is_written_in_process_stays_out_of_the_terminal(proxied, capsys):
    """In process, too, prints are caught."""
    proxied("import sys\n\n\ndef f():\n    print('a')\n    print('b', file=sys.stderr)\n", kind="local").f()
    assert capsys.readouterr() == ("", "")
    assert isinstance(sys.stdout, io.TextIOBase)
