"""The worker process: what stops it, what ends it, what it cannot do."""

import os
import time

import numpy as np
import pytest

from nnedu.errors import CourseFault
from nnedu.outcome import State
from nnedu.sandbox import channel
from nnedu.sandbox.client import Proxy
from nnedu.sandbox.failure import StudentFailure, from_death

LOOPS = """
import time

import numpy as np


def right(x):
    return x + 1


def endless(x):
    for i in range(3):
        while x > 0:
            x = x + 1


def inside_numpy(x):
    for _ in iter(int, 1):
        np.sort(np.random.default_rng(0).normal(size=10**6))


def swallows(x):
    while True:
        try:
            time.sleep(0.01)
        except BaseException:
            pass


def exits(x):
    import os
    os._exit(0)


def crashes(x):
    import ctypes
    ctypes.string_at(0)


def sleeps(seconds):
    time.sleep(seconds)
    return seconds


class Counter:
    def __init__(self):
        self.n = 0

    def up(self):
        self.n += 1
        return self.n


def calls(loss):
    while True:
        loss(1.0)
"""


def failure_of(call):
    with pytest.raises(StudentFailure) as raised:
        call()
    return raised.value


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("endless", ", in the loop `while x > 0`"),
        ("inside_numpy", ", in the loop `for _ in iter(int, 1)`"),
        ("swallows", ""),
    ],
)
def test_a_loop_without_end_is_stopped_where_it_is(proxied, name, where):
    """With its line and the head of the loop, in hardly more than the limit; and the next call is answered."""
    student = proxied(LOOPS, call=0.5)
    assert student.right(1.0) == 2.0
    started = time.monotonic()
    failure = failure_of(lambda: getattr(student, name)(1.0))
    assert time.monotonic() - started < 1.5
    assert failure.state is State.STOPPED
    assert failure.summary.startswith("stopped after 0.5 s at m.py:")
    assert where in failure.summary
    assert student.right(1.0) == 2.0


def test_a_module_that_never_loads_is_paid_for_once(proxied, opened):
    """All its functions fail with the same words, and only the first one waits."""
    submission = opened("x = 1\nwhile True:\n    x += 1\n", call=0.5)
    student = Proxy(submission, "m")
    started = time.monotonic()
    messages = {failure_of(lambda: student.f(1.0)).summary for _ in range(20)}
    assert time.monotonic() - started < 2
    assert len(messages) == 1
    assert "in the loop `while True`" in messages.pop()
    assert submission.seconds == pytest.approx(0.5)


@pytest.mark.parametrize("name", ["exits", "crashes"])
def test_a_worker_that_ends_is_followed_by_a_fresh_one(opened, name):
    """The failure says so; objects of the old one are gone, and say that."""
    submission = opened(LOOPS.replace("import ctypes", "ctypes = __import__('numpy').ctypeslib.ctypes"))
    student = Proxy(submission, "m")
    counter = student.Counter()
    assert counter.up() == 1
    failure = failure_of(lambda: getattr(student, name)(1.0))
    assert (failure.state, failure.summary) == (State.RAISED, "ended the process it ran in")
    assert f"while {name} ran" in failure.message
    assert student.right(1.0) == 2.0
    assert failure_of(counter.up).summary == "its object is gone"
    assert failure_of(lambda: student.right(counter)).summary == "its object is gone"
    assert student.Counter().up() == 1


def test_a_crash_names_its_kind():
    """What faulthandler wrote last, without control characters."""
    assert (
        "(Fatal Python error: Segmentation fault" in from_death("f", "Fatal Python error: Segmentation fault\n").message
    )
    assert "\x1b" not in from_death("f", "Fatal Python error: \x1b[31m\n").message


def test_the_budget_of_a_submission_is_all_there_is(opened):
    """What is left of it limits a call; when it is used up, an exercise has what is reserved for it, and no more."""
    submission = opened(LOOPS, call=10.0, total=0.6, exercise=0.5)
    student = Proxy(submission, "m")
    for exercise in ("one", "two"):
        submission.begin(exercise)
        failure = failure_of(lambda: [student.sleeps(0.2) for _ in range(9)])
        assert failure.state is State.STOPPED
        assert "for the exercise" in failure.message
    started = time.monotonic()
    for _ in range(3):
        assert failure_of(lambda: student.right(1.0)).summary == "not run: its time was spent"
    assert time.monotonic() - started < 0.2
    submission.begin("three")
    assert student.right(1.0) == 2.0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only where a process can fork")
def test_what_a_worker_leaves_behind_holds_nobody_up(opened):
    """A grandchild that keeps the worker's ends open is not waited for."""
    source = "import os\nimport time\n\n\ndef f():\n    if os.fork() == 0:\n        os.setsid()\n    time.sleep(4)\n"
    submission = opened(source, call=0.3)
    started = time.monotonic()
    assert failure_of(lambda: Proxy(submission, "m").f()).state is State.STOPPED
    submission.close()
    assert time.monotonic() - started < 2.0


def test_a_value_of_the_grader_that_cannot_cross_is_its_own_fault(opened):
    submission = opened("def f(x):\n    return x\n")
    with pytest.raises(CourseFault, match="A grader passed a value that cannot cross"):
        Proxy(submission, "m").f(np.zeros((9000, 1000)))
    assert Proxy(submission, "m").f(1.0) == 1.0


def test_only_the_exercise_that_ran_out_of_time_pays(opened):
    submission = opened(LOOPS, call=10.0, total=60.0, exercise=0.3)
    student = Proxy(submission, "m")
    submission.begin("three")
    failure = failure_of(lambda: student.sleeps(5.0))
    assert "limit 0.3 s for the exercise" in failure.message
    submission.begin("four")
    assert student.right(1.0) == 2.0


def test_turning_the_clock_back_gains_nothing(opened):
    """The time of a call is also taken where the student's code is not."""
    submission = opened(
        "import time\n\ntime.perf_counter = lambda: 0.0\n\n\ndef f():\n    time.sleep(0.2)\n", exercise=0.7
    )
    student = Proxy(submission, "m")
    failure = failure_of(lambda: [student.f() for _ in range(9)])
    assert failure.state is State.STOPPED


def test_a_reply_in_the_moment_of_the_stop_is_a_stop(opened, monkeypatch):
    """Not a reply, with the next call blamed for the end of the worker."""
    monkeypatch.setattr(channel, "DUMP_SECONDS", 0.6)
    student = Proxy(opened(LOOPS, call=0.4), "m")
    student.right(1.0)
    assert failure_of(lambda: student.sleeps(0.6)).state is State.STOPPED
    assert student.right(1.0) == 2.0


def test_a_loop_that_calls_the_grader_is_stopped_too(opened):
    """Time goes on while messages do."""
    student = Proxy(opened(LOOPS, call=0.5), "m")
    assert failure_of(lambda: student.calls(lambda x: x)).state is State.STOPPED
    assert student.right(1.0) == 2.0


def test_writing_to_the_real_output_does_not_break_the_wire(proxied):
    """File descriptor 1 is not the wire, nor is sys.__stdout__, and there is nothing to read on 0."""
    student = proxied(
        """
        import os
        import sys

        def f(x):
            os.write(1, b"x" * 1000)
            sys.__stdout__.write("y" * 1000)
            sys.__stdout__.flush()
            os.write(2, b"z")
            return x, os.read(0, 10) == b""
        """
    )
    assert student.f(2.0) == (2.0, True)
    assert student.f(3.0) == (3.0, True)


def test_nothing_of_the_graders_is_in_the_worker(proxied, monkeypatch):
    """No secret of the environment, no pytest, no checks, no reference."""
    monkeypatch.setenv("NNEDU_SECRET", "key")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    student = proxied(
        """
        import os
        import sys

        def f():
            return sorted(os.environ), [name for name in sys.modules if name.startswith(("nnedu", "pytest", "_pytest"))]
        """
    )
    environment, modules = student.f()
    assert not {"NNEDU_SECRET", "PYTHONPATH", "HOME", "PATH"} & set(environment)
    ours = {name for name in modules if not name.startswith("nnedu_student")}
    inside = ("arguments", "decoder", "encoder", "generators", "host", "loading", "message", "wire")
    assert ours == {"nnedu", "nnedu.sandbox", *(f"nnedu.sandbox.{name}" for name in inside)}


def test_an_interrupt_leaves_no_half_message(opened):
    """After Ctrl-C in the middle of a call the next reply is that of the next call."""

    def interrupts(_):
        raise KeyboardInterrupt

    student = Proxy(opened(LOOPS, call=5.0), "m")
    with pytest.raises(KeyboardInterrupt):
        student.calls(interrupts)
    assert student.right(5.0) == 6.0
