"""The last line that student code printed, as somebody who waits hears it from the worker while it runs."""

import subprocess
import sys
import threading
import tracemalloc

import numpy as np
import pytest

from nnedu.outcome import State
from nnedu.sandbox.channel import Listener, ProcessChannel
from nnedu.sandbox.client import Proxy
from nnedu.sandbox.failure import StudentFailure
from nnedu.sandbox.heard import SIZE, Heard
from nnedu.sandbox.submission import Limits, Submission

if sys.platform == "win32":
    pytest.skip("there is no pread, and nothing is heard", allow_module_level=True)

PRINTS = r"""
import os
import sys
import time


def says(*texts, end="\n"):
    for text in texts:
        print(text, end=end)


def flushes(text):
    print("before")
    print(text, end="", flush=True)


def bar(count):
    for i in range(count):
        sys.stderr.write(f"\r{i} of {count}")


def much(megabytes):
    print("x" * (megabytes << 20))
    print("y" * (megabytes << 20), end="")
    print("\n" * (megabytes << 20))
    for i in range(10_000):
        print(i)


def halves():
    print("a\ud800b")


def waits(ask):
    print("epoch 1")
    ask()


def endless():
    print('  File "m.py", line 8 in says')
    while True:
        time.sleep(0.01)


def exits():
    print("epoch 3")
    os._exit(0)


def cuts_the_file_short():
    os.ftruncate(2, 0)
"""
ALLOWED = frozenset({"os", "sys", "time"})


@pytest.fixture
def listening():
    """The proxy of a module that prints, and what listens to it."""
    listener = Listener()
    submission = Submission(
        {"m": PRINTS}, lambda: listener({"m": PRINTS}, ALLOWED), allowed=ALLOWED, limits=Limits(call=1.5)
    )
    yield Proxy(submission, "m"), listener
    submission.close()
    assert listener.last_line() == ""


def test_the_last_line_is_heard(listening):
    """The last that has anything in it; and nothing once it is forgotten."""
    student, listener = listening
    assert listener.last_line() == ""
    student.says("epoch 3: loss 0.5", "epoch 4: loss 0.412")
    assert listener.last_line() == "epoch 4: loss 0.412"
    student.says("é 漢", "", "  ")
    assert listener.last_line() == "é 漢"
    listener.forget()
    assert listener.last_line() == ""
    student.says("short")
    assert listener.last_line() == "short"


def test_it_is_heard_while_the_call_runs(listening):
    """Not only when the call is over: here it asks the grader something in between."""
    student, listener = listening
    heard = []
    student.waits(lambda: heard.append(listener.last_line()))
    assert heard == ["epoch 1"]


def test_a_bar_of_progress_is_heard(listening):
    """One that returns to the start of its line, and one that is flushed before its line ends."""
    student, listener = listening
    student.bar(7)
    assert listener.last_line() in {"5 of 7", "6 of 7"}  # the last one has no end
    student.flushes("50 %")
    assert listener.last_line() == "50 %"


def test_whatever_is_printed_is_one_short_line(listening):
    """Megabytes, a line without an end, the lone half of a character."""
    student, listener = listening
    student.says("漢" * 10_000)
    assert 100 < len(listener.last_line()) <= SIZE
    student.halves()
    assert listener.last_line() == "a?b"
    reply = student.much.reply(8)
    assert listener.last_line() == "9999"
    assert len(reply.printed) == 20_000


def test_a_reply_is_the_same_whether_somebody_listens_or_not():
    """What is printed is noted as ever, with what was lost of it."""
    notes = []
    for channel in (Listener(), ProcessChannel):
        submission = Submission(
            {"m": PRINTS}, lambda channel=channel: channel({"m": PRINTS}, ALLOWED), allowed=ALLOWED, limits=Limits()
        )
        Proxy(submission, "m").says("one", "two\r\n", "three" * 10_000, end="")
        notes.append(submission.take_notes())
        submission.close()
    assert notes[0] == notes[1]
    assert notes[0][0].startswith("printed: onetwo")


def test_last_words_are_found_behind_the_line(listening):
    """Where a call was stopped is said as ever, whatever was printed; and the fresh worker is the one that is heard."""
    student, listener = listening
    with pytest.raises(StudentFailure) as raised:
        student.endless()
    assert raised.value.state is State.STOPPED
    assert "in the loop `while True`" in raised.value.summary
    assert listener.last_line() == ""
    student.says("epoch 9")
    assert listener.last_line() == "epoch 9"


def test_a_worker_that_ends_takes_nobody_with_it(listening):
    """Nor does one that cuts the file short in which the line stands."""
    student, listener = listening
    with pytest.raises(StudentFailure):
        student.exits()
    assert listener.last_line() == ""
    student.cuts_the_file_short()
    assert listener.last_line() == ""


def test_nobody_hears_a_file_of_somebody_elses():
    """While one thread listens, another ends the worker: its descriptor then belongs to the next file."""
    channel = ProcessChannel({"m": PRINTS}, ALLOWED, heard=True)
    ends, heard = threading.Event(), []

    def listen():
        while not ends.is_set():
            heard.append(channel.last_line())

    thread = threading.Thread(target=listen)
    thread.start()
    channel.close()
    with open(__file__, "rb"), open(__file__, "rb"):  # noqa: PTH123 - they take the free descriptors
        ends.set()
        thread.join()
        heard.append(channel.last_line())
    assert set(heard) == {""}


def test_in_pieces_of_any_size_the_last_line_is_the_same():
    """However print cuts a text, told is its last line that has an end and something in it."""
    rng = np.random.default_rng(0)
    letters = list("ab \n\r")
    for _ in range(500):
        text = "".join(rng.choice(letters, size=int(rng.integers(0, 60))))
        told = []
        heard = Heard(told.append)
        left = text
        while left:
            cut = int(rng.integers(1, 8))
            heard.write(left[:cut])
            left = left[cut:]
        ended = text.replace("\r", "\n").split("\n")[:-1]
        lines = [line for line in ended if line.strip()]
        assert told[-1:] == lines[-1:]
        assert heard.text == text


@pytest.mark.parametrize("end", ["", "\n"])
def test_what_is_printed_is_not_kept(end):
    """Of 50 MB, with and without an end of a line, a few thousand letters are ever held."""
    text = "x" * (1 << 20) + end
    heard = Heard(lambda line: None)
    tracemalloc.start()
    for _ in range(50):
        heard.write(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200_000


def test_a_confined_worker_does_not_even_know_of_it():
    """What it is forked from has neither the module nor the shared memory that it brings."""
    code = "import sys, nnedu.sandbox.zygote; print([n for n in ('nnedu.sandbox.heard', 'mmap') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
