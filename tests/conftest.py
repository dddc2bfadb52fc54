"""What all tests share: the tiny course, and submissions that are closed when a test ends."""

from __future__ import annotations

import os
import shutil
import signal
import textwrap
from pathlib import Path

import pytest

from nnedu.course import load_course
from nnedu.sandbox.channel import LocalChannel, ProcessChannel
from nnedu.sandbox.client import Proxy
from nnedu.sandbox.submission import Limits, Submission
from nnedu.sandbox.threads import one_thread

# What a test starts has a student’s environment, without a terminal: pytest-xdist gives its own processes 80 columns.
os.environ.pop("COLUMNS", None)
one_thread()
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # started in the background of a shell, and so would all else be
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parents[1]
TINY = Path(__file__).parent / "courses" / "tiny"
ALLOWED = frozenset(
    {"numpy", "math", "functools", "itertools", "dataclasses", "time", "os", "sys", "struct", "warnings", "builtins"}
)

collect_ignore = ["courses"]  # these are graders of courses, not tests of the engine


@pytest.fixture
def tiny():
    """The second course."""
    return load_course(TINY)


@pytest.fixture
def tiny_copy(tmp_path):
    """A copy of the second course, for a test to break."""
    root = tmp_path / "tiny"
    shutil.copytree(TINY, root, ignore=shutil.ignore_patterns("__pycache__"))
    return root


@pytest.fixture
def opened():
    """Make submissions of one module `m`, run in a process (or in this one), and close them at the end."""
    made = []

    def open_submission(source, *, kind="process", call=10.0, total=60.0, exercise=30.0, **sources):
        texts = {name: textwrap.dedent(text) for name, text in ({"m": source} | sources).items()}
        channel = {"process": ProcessChannel, "local": LocalChannel}[kind]
        submission = Submission(
            texts, lambda: channel(texts, ALLOWED), allowed=ALLOWED, limits=Limits(call, total, exercise)
        )
        made.append(submission)
        return submission

    yield open_submission
    for submission in made:
        submission.close()


@pytest.fixture
def proxied(opened):
    """Make the proxy of a module `m`."""

    def open_proxy(source, **options):
        return Proxy(opened(source, **options), "m")

    return open_proxy


@pytest.fixture
def quizzed(tiny_copy):
    """A copy of the second course, with quizzes in its first lesson."""
    for path in (TINY.parent / "quiz").glob("quiz*"):
        shutil.copy(path, tiny_copy / "graders" / "lesson01_lines")
    return tiny_copy
