"""Checks that are judged on a worker whose replies are tampered with, and what has to hold of every outcome."""

import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from wire_fuzz_peers import Peer, confined, plain

from nnedu.course import load_course
from nnedu.outcome import State
from nnedu.running.bench import Bench
from nnedu.running.collect import collect
from nnedu.running.evidence import Live
from nnedu.sandbox.message import Message, Remote
from nnedu.sandbox.submission import Limits, Submission
from nnedu.sandbox.wire import unpack
from nnedu.sandbox.worker import reply_frame

TINY = Path(__file__).parents[1] / "courses" / "tiny"
PATIENCE = 60.0  # seconds until a test says that the grader hangs
LONG, SHORT = 30.0, 0.2  # seconds for a call: for a worker that answers or hangs up, and for one that does neither
WRONG = {State.FAILED, State.RAISED, State.STOPPED, State.NOT_STARTED}

bounded = settings(
    max_examples=100, derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
channels = pytest.mark.parametrize("connect", [plain, confined])
numbers_of_checks, numbers_of_replies = st.integers(0, 8), st.integers(0, 3)


def tiny_bench():
    """Return the checks of the second course."""
    course = load_course(TINY)
    lesson = course.lesson("lines")
    return Bench(lesson.id, collect(lesson.graders_folder, lesson.modules), Live(course, lesson))


def checks_of(bench):
    return [check for exercise in bench.exercises for check in exercise.checks]


class Trial:
    """One check, or the whole lesson, on a worker whose replies are tampered with."""

    def __init__(self, bench, connect, tamper, at=None, call=LONG):
        self.bench = bench
        self._connect = connect
        self._tamper = tamper
        self._at = at
        self._call = call
        self._heard = 0
        self._peers = []
        self.tampered = None  # the honest reply in whose place something else was said, and what that was

    def _say(self, reply, frame):
        self._heard += 1
        if self._at is not None and self._heard != self._at + 1:
            return [frame]
        pieces = self._tamper(reply, frame)
        self.tampered = (reply, pieces)
        return pieces

    def _open(self):
        self._peers.append(Peer(self._say))
        evidence = self.bench.evidence
        return self._connect(self._peers[-1], evidence.sources, evidence.allowed)

    def run(self, work):
        """Do what `work` does with the submission, in a thread, because it might never return."""
        evidence = self.bench.evidence
        submission = Submission(
            evidence.sources, self._open, allowed=evidence.allowed, limits=Limits(self._call, PATIENCE, PATIENCE)
        )
        came = []
        thread = threading.Thread(target=lambda: came.append(_result(work, submission)), daemon=True)
        thread.start()
        thread.join(PATIENCE)
        assert not thread.is_alive(), "the grader hangs"
        submission.close()
        for peer in self._peers:
            peer.bury()
        if isinstance(came[0], BaseException):
            raise came[0]
        return came[0]


def _result(work, submission):
    try:
        return work(submission)
    except BaseException as error:  # noqa: BLE001 - raised again in the thread of the test
        return error


def judged(bench, connect, check, tamper, at=None, call=LONG):
    """Return the outcome of a check, and the trial."""
    trial = Trial(bench, connect, tamper, at, call)
    return trial.run(lambda submission: bench.judge(check, submission)), trial


def right(value, honest):
    """Whether a value is the honest one, to what the checks allow, in any of the forms that they allow."""
    if isinstance(honest, (tuple, list)):
        same_length = isinstance(value, (tuple, list)) and len(value) == len(honest)
        return same_length and all(right(a, b) for a, b in zip(value, honest, strict=True))
    if not isinstance(honest, (np.ndarray, np.generic, float)):  # an object, or nothing: no check judges it
        return True
    kind = isinstance(value, (int, float, np.generic, np.ndarray)) and not isinstance(value, (bool, np.bool_))
    if not kind or np.shape(value) != np.shape(honest):
        return False
    with np.errstate(all="ignore"):
        return bool(np.all(np.abs(np.asarray(value, dtype=complex) - honest) <= 1e-5 * (np.max(np.abs(honest)) + 1e-3)))


def passes_only_if_right(outcome, trial):
    """Nothing that is said in place of a right answer passes, and none of it is a fault of the course."""
    assert outcome.state in {*WRONG, State.PASSED}, outcome.message
    assert len(outcome.message) < 20_000
    assert "\n" not in outcome.summary
    assert outcome.message.replace("\n", "").isprintable()
    if outcome.state is State.PASSED and trial.tampered is not None:
        reply, pieces = trial.tampered
        said = unpack(b"".join(pieces))
        assert (said.kind, reply.kind) == ("reply", "reply")
        if not outcome.sentence.startswith("walks"):  # whose last velocity nobody asks for
            assert right(said.body["value"], reply.body["value"])


def keeping(value):
    """Encode what an honest host would keep: the peer's own numbers mean nothing to a test."""
    return Remote(0, type(value).__name__)


def with_body(change):
    """Return what tampers with the body of a reply."""

    def tamper(reply, _frame):
        body = dict(reply.body)
        change(body)
        return [reply_frame(Message(reply.kind, body), keeping)]

    return tamper
