"""Callbacks and last words of a worker that says what it likes: never a fault of the course."""

import ast
import contextlib
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wire_fuzz_peers import Peer
from wire_fuzz_trials import (
    LONG,
    PATIENCE,
    WRONG,
    bounded,
    channels,
    checks_of,
    judged,
    keeping,
    numbers_of_checks,
    tiny_bench,
)

from hostile_values import values
from nnedu.outcome import State
from nnedu.sandbox import failure
from nnedu.sandbox.client import Call
from nnedu.sandbox.failure import Allowance, StudentFailure, from_death, from_stop
from nnedu.sandbox.message import Message, Remote
from nnedu.sandbox.submission import Limits, Submission
from nnedu.sandbox.wire import pack

digits = st.integers(0, 10**9).map(str) | st.text("0123456789٣", max_size=9)
frames = st.builds('  File "m.py", line {} in {}\n'.format, digits, st.text(max_size=5))


@pytest.fixture(scope="module")
def bench():
    return tiny_bench()


CALLBACKS = [
    [0, []],
    [0, [1.0] * 100],
    [-1, []],
    [2**63, []],
    [True, [1]],
    [0, [Remote(0, "m.X")]],
    [0],
    {"a": 1},
    None,
    [0, [np.zeros((0, 5))]],
    [[], []],
]


@channels
@given(
    numbers_of_checks,
    st.integers(0, 3),
    st.lists(st.sampled_from(CALLBACKS), min_size=1, max_size=40),
    st.booleans(),
)
@bounded
def test_a_callback_that_nobody_offered_is_the_students_failure(bench, connect, number, at, asked, together):
    """No check of this lesson hands out a function; asked for one, or forty at once."""

    def tamper(_reply, frame):
        frames = [pack(Message("callback", body)) for body in asked]
        return [b"".join([*frames, frame])] if together else [*frames, frame]

    outcome, trial = judged(bench, connect, checks_of(bench)[number], tamper, at)
    assert outcome.state in (WRONG if trial.tampered is not None else {State.PASSED}), outcome.message


def asked_with(connect, loss, args):
    """Return what comes of a call whose worker calls the grader's function back with certain arguments."""
    peer = Peer(lambda reply, frame: [pack(Message("callback", [0, args]), keeping), frame])
    sources = {"m": "def f(loss):\n    return 1.0\n"}
    submission = Submission(
        sources, lambda: connect(peer, sources, frozenset()), limits=Limits(LONG, PATIENCE, PATIENCE)
    )
    submission._loaded["m"] = None
    try:
        return submission.play(Call("m", "f", (loss,))).value
    finally:
        submission.close()
        peer.bury()


LOSSES = {
    "a formula": lambda *args: float(np.sum(args[0] ** 3)),
    "a mean": lambda *args: np.mean(args[0]),
    "a loop": lambda *args: sum(float(item) for item in args[0]),
    "a stack": lambda *args: np.stack([args[0], args[0]]),
    "itself": lambda *args: args[0],
    "a table": lambda *args: {args[0]: list(args)},
    "a method": lambda *args: args[0].step(args[1]),
    "an attribute": lambda *args: args[0].shape,
}


@channels
@given(st.sampled_from(sorted(LOSSES)), st.lists(values, max_size=3))
@example("a mean", [Remote(0, "m.X")])
@example("a loop", [Remote(0, "m.X")])
@example("a stack", [Remote(0, "m.X")])
@example("a method", [Remote(0, "m.X"), 1.0])
@bounded
def test_a_callback_with_odd_arguments_is_the_students_matter(connect, name, args):
    """Whatever a function of the grader does with them, it is not a fault of the course."""
    with contextlib.suppress(StudentFailure), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as the bench does
        assert asked_with(connect, LOSSES[name], args) == 1.0


@given(st.lists(st.text(max_size=30) | frames).map("".join))
@example('  File "m.py", line ' + "9" * 5000 + " in f\n")
@bounded
def test_last_words_are_only_words(dump):
    """A student can write where faulthandler does."""
    for words in (
        from_stop("f", Allowance(1.0, 1.0), dump, {"m": "while True:\n    pass\n"}),
        from_death("f", "Fatal Python error: " + dump),
    ):
        assert words.state in WRONG
        assert "\n" not in words.summary
        assert len(words.message) < 1_000


def test_last_words_that_name_every_line_are_looked_up_in_one_reading(monkeypatch):
    """A file is parsed once, however many of its lines a student writes there: it may be long."""
    parsed = []
    counting = {"parse": lambda text: parsed.append(text) or ast.parse(text)}
    monkeypatch.setattr(failure, "ast", SimpleNamespace(**vars(ast) | counting))
    dump = "".join(f'  File "m.py", line {number} in f\n' for number in range(1, 500))
    from_stop("f", Allowance(1.0, 1.0), dump, {"m": "x = 1\n" * 500})
    assert len(parsed) == 1
