"""The grader's end against a worker that answers what it likes: no pass it has not earned, no fault, no hang."""

import contextlib

import numpy as np
import pytest
import wire_fuzz_peers as peers
from hypothesis import example, given, settings
from hypothesis import strategies as st
from wire_fuzz_trials import (
    SHORT,
    WRONG,
    Trial,
    bounded,
    channels,
    checks_of,
    judged,
    keeping,
    numbers_of_checks,
    numbers_of_replies,
    passes_only_if_right,
    tiny_bench,
    with_body,
)

from hostile_values import deep, values
from nnedu.outcome import State
from nnedu.sandbox.message import PREFIX, Message, Remote, WireError
from nnedu.sandbox.wire import pack, unpack
from nnedu.sandbox.worker import reply_frame


@pytest.fixture(scope="module")
def bench():
    return tiny_bench()


@channels
def test_an_honest_worker_passes(bench, connect):
    """Or nothing below would mean anything."""
    for check in checks_of(bench):
        outcome, trial = judged(bench, connect, check, lambda reply, frame: [frame])
        assert outcome.state is State.PASSED
        assert trial.tampered is not None


@channels
@given(numbers_of_checks, numbers_of_replies, values)
@example(0, 1, Remote(0, "\x1b[31m\n\npassed"))
@bounded
def test_no_other_value_passes(bench, connect, number, at, value):
    """Of any type, shape and size."""
    check = checks_of(bench)[number]
    tamper = with_body(lambda body: body.update(value=value))
    passes_only_if_right(*judged(bench, connect, check, tamper, at))


FIELDS = ("value", "changed", "aliased", "seconds", "printed", "lost", "warnings", "kind", "type", "text", "frames")
ODD = {
    "nan": lambda: float("nan"),
    "-inf": lambda: float("-inf"),
    "a long time": lambda: 1e308,
    "no time": lambda: -1.0,
    "a huge int": lambda: 10**400,
    "mixed": lambda: [["a"], 3, None],
    "lines": lambda: ["\n" * 5] * 9,
    "long texts": lambda: ["x" * 100_000] * 9,
    "arrays": lambda: [np.zeros(1000)] * 500,
    "a dict": lambda: {"a": {}},
    "deep": lambda: deep(1, 20),
    "a frame too short": lambda: [["f.py", 3, "f", "line", 4]],
    "odd frames": lambda: [["f.py\n", 10**300, "\x1b[1m", "x" * 100_000, ""]] * 5,
    "an object": lambda: Remote(3, "else"),
    "true": lambda: True,
}
odd = (
    st.sampled_from(sorted(ODD)).map(lambda name: ODD[name]())
    | st.sampled_from(["not_started", "missing", "signature", "syntax", "unsendable", "raised", "import", "endless"])
    | values
)


@channels
@given(
    numbers_of_checks,
    numbers_of_replies,
    st.dictionaries(st.sampled_from(FIELDS), odd, max_size=4),
    st.sets(st.sampled_from(FIELDS), max_size=3),
    st.sampled_from(["reply", "error", "callback", "ready", "passed", "returned", ""]),
)
@example(0, 1, {"text": "x" * 100_000}, set(), "error")
@example(0, 1, {"type": "Error\npassed"}, set(), "error")
@example(0, 1, {"frames": [["f.py", 3, "f", "x" * 100_000, ""]] * 9}, set(), "error")
@bounded
def test_what_stands_beside_a_value_is_not_believed(bench, connect, number, at, odd, missing, kind):
    """Seconds, notes, frames, the kind of the reply: of any type, or not there at all."""

    def tamper(reply, _frame):
        body = {key: item for key, item in (reply.body | odd).items() if key not in missing}
        return [reply_frame(Message(kind, body), keeping)]

    outcome, trial = judged(bench, connect, checks_of(bench)[number], tamper, at)
    passes_only_if_right(outcome, trial)


def mutations(frame, steps):
    """Return a frame with some of its bytes changed, as a list of (what, where, with what) says."""
    data = bytearray(frame)
    for what, where, byte in steps:
        place = where % (len(data) + 1)
        if what == "flip" and place < len(data):
            data[place] ^= byte or 1
        elif what == "insert":
            data[place:place] = bytes([byte]) * (1 + byte % 5)
        elif what == "delete":
            del data[place : place + 1 + byte % 9]
        elif what == "repeat":
            data[place:place] = data[place : place + byte]
    return bytes(data)


def resized(data):
    """Return bytes with a prefix that fits them, so that what is behind it is read."""
    header = int.from_bytes(data[:4], "little") % max(len(data) - PREFIX.size, 1)
    return PREFIX.pack(header, max(len(data) - PREFIX.size - header, 0)) + data[PREFIX.size :]


steps = st.lists(
    st.tuples(st.sampled_from(["flip", "insert", "delete", "repeat"]), st.integers(0, 2000), st.integers(0, 255)),
    min_size=1,
    max_size=4,
)


@channels
@given(numbers_of_checks, numbers_of_replies, steps)
@bounded
def test_no_mutated_frame_passes(bench, connect, number, at, steps):
    """Bytes are changed, added, left out; then the worker hangs up."""

    def tamper(_reply, frame):
        said = resized(mutations(frame, steps))
        return [said] if _is_frame(said) else [said, peers.HANG_UP]

    outcome, trial = judged(bench, connect, checks_of(bench)[number], tamper, at)
    if trial.tampered is not None and trial.tampered[1][-1] is peers.HANG_UP:
        assert outcome.state in WRONG, outcome.message
    else:
        passes_only_if_right(outcome, trial)


def _is_frame(data):
    with contextlib.suppress(WireError):
        unpack(data)
        return True
    return False


@channels
def test_an_answer_that_comes_before_the_question_is_not_the_right_one(bench, connect):
    """A second reply behind the first: refused, or judged as the value of the next call, which is all it can be."""
    for number, check in enumerate(checks_of(bench)):
        wrong = pack(Message("reply", {"value": 0.125}))
        outcome, trial = judged(bench, connect, check, lambda reply, frame, wrong=wrong: [frame + wrong], 0)
        assert trial.tampered is not None
        assert outcome.state in WRONG, number
        assert connect is peers.plain or "before it was asked" in outcome.message


ENDS = {
    "silence": lambda frame: [],
    "half a frame, then silence": lambda frame: [frame[: len(frame) // 2]],
    "half a prefix, then nothing": lambda frame: [frame[:5], peers.HANG_UP],
    "nothing at all": lambda frame: [peers.HANG_UP],
    "an empty frame": lambda frame: [PREFIX.pack(0, 0)],
    "a promise of 64 MiB": lambda frame: [PREFIX.pack(1 << 20, 64 << 20) + frame, peers.HANG_UP],
    "a promise of more": lambda frame: [PREFIX.pack(2**32 - 1, 2**64 - 1) + frame],
    "the reply in single bytes, but for the last": lambda frame: [frame[i : i + 1] for i in range(len(frame) - 1)],
    "1 MiB of nothing": lambda frame: [bytes(1 << 20), peers.HANG_UP],
}


@channels
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("at", [0, 1])
def test_whoever_never_answers_is_stopped(bench, connect, end, at):
    """In the middle of a frame, before it, and while the module is loaded."""
    outcome, trial = judged(bench, connect, checks_of(bench)[0], lambda reply, frame: end(frame), at, SHORT)
    assert trial.tampered is not None
    assert outcome.state in WRONG, outcome.message


@channels
def test_the_reply_in_single_bytes_is_a_reply(bench, connect):
    """However it comes."""
    outcome, _ = judged(
        bench, connect, checks_of(bench)[0], lambda reply, frame: [frame[i : i + 1] for i in range(len(frame))]
    )
    assert outcome.state is State.PASSED


@channels
@given(st.integers(0, 12), values, st.booleans())
@settings(bounded, max_examples=60)
def test_a_whole_lesson_comes_to_an_end(bench, connect, at, value, once):
    """The checks behind the odd answer are judged, mistakes are looked for, and nothing is a fault of the course."""
    trial = Trial(bench, connect, with_body(lambda body: body.update(value=value)), at if once else None)
    outcome = trial.run(bench.examine)
    for exercise in outcome.exercises:
        assert exercise.state is not State.FAULT, exercise.first_failure
        for check in exercise.checks:
            assert check.state is not State.FAULT, check.message
