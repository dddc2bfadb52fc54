"""What student code does instead of returning a value, and the words for it; the same over both channels."""

import numpy as np
import pytest

from nnedu.outcome import State
from nnedu.sandbox.client import Proxy
from nnedu.sandbox.failure import StudentFailure
from nnedu.sandbox.submission import Submission

CASES = {
    "not started": ("def f(x):\n    raise NotImplementedError\n", State.NOT_STARTED, "not started"),
    "missing": ("def g(x):\n    return x\n", State.FAILED, "m.py does not define f"),
    "signature": ("def f():\n    return 1\n", State.FAILED, "cannot be called as the lesson calls it"),
    "no function": ("f = 3.0\n", State.FAILED, "cannot be called as the lesson calls it"),
    "raises": ("def f(x):\n    return x / {}\n", State.RAISED, "raised TypeError at m.py:2"),
    "syntax": ("def f(x:\n    return x\n", State.RAISED, "m.py:1 is not valid Python"),
    "tabs": ("def f(x):\n    y = x\n\treturn y\n", State.RAISED, "m.py:3 is not valid Python"),
    "import not allowed": (
        "import socket\n\n\ndef f(x):\n    return x\n",
        State.RAISED,
        "imports socket, which is not allowed",
    ),
    "import in function": (
        "def f(x):\n    from subprocess import run\n",
        State.RAISED,
        "imports subprocess, which is not allowed",
    ),
    "engine": ("import nnedu.checking\n", State.RAISED, "imports nnedu, which is not allowed"),
    "not installed": ("import numpy.nothing\n", State.RAISED, "No module named 'numpy.nothing'"),
    "module level": (
        "import numpy as np\nW = np.zeros(3) + np.zeros(2)\n",
        State.RAISED,
        "raised ValueError at m.py:2",
    ),
    "leaves": ("import sys\n\n\ndef f(x):\n    sys.exit(0)\n", State.RAISED, "leaves the program instead of returning"),
    "leaves at load": ("raise SystemExit\n", State.RAISED, "leaves the program instead of returning"),
    "interrupts": ("def f(x):\n    raise KeyboardInterrupt\n", State.RAISED, "leaves the program instead of returning"),
    "recursion": ("def f(x):\n    return f(x)\n", State.RAISED, "calls itself without end"),
    "huge value": (
        "import numpy as np\n\n\ndef f(x):\n    return np.zeros(9_000_000)\n",
        State.FAILED,
        "returned more than 64 MiB of array data",
    ),
    "deep value": (
        "def f(x):\n    v = []\n    v.append(v)\n    return v\n",
        State.FAILED,
        "returned a value nested deeper than 32 levels",
    ),
    "half a character": ("def f(x):\n    return '\\ud800'\n", State.FAILED, "returned text that is not Unicode"),
    "huge int": ("def f(x):\n    return 10 ** 10_000\n", State.FAILED, "returned an int of more than 2000 digits"),
    "bad message": (
        "class E(Exception):\n    def __str__(self):\n        raise SystemExit\n\n\ndef f(x):\n    raise E\n",
        State.RAISED,
        "raised E at m.py:7",
    ),
    "message of half characters": (
        "def f(x):\n    raise ValueError('\\ud800')\n",
        State.RAISED,
        "raised ValueError at m.py:2",
    ),
}


def failure_of(call):
    with pytest.raises(StudentFailure) as raised:
        call()
    return raised.value


@pytest.mark.parametrize("kind", ["local", "process"])
@pytest.mark.parametrize(("source", "state", "summary"), CASES.values(), ids=CASES)
def test_each_failure_has_its_state_and_line(proxied, kind, source, state, summary):
    """And the submission goes on: what is asked next is answered, or fails the same way."""
    student = proxied(source, kind=kind)
    failure = failure_of(lambda: student.f(1.0))
    assert (failure.state, failure.summary) == (state, summary)
    assert failure.message
    assert failure_of(lambda: student.f(1.0)).summary == summary


def test_only_the_students_own_frames_are_shown(proxied):
    """With the code of each line, and the shapes of the arrays that the last line names."""
    student = proxied("""
        import numpy as np

        def helper(dZ, W):
            hidden = np.ones(3)
            return np.linalg.solve(dZ @ W, W)

        def f(dZ, W):
            return helper(dZ, W)
        """)
    failure = failure_of(lambda: student.f(np.ones((2, 3)), np.ones((2, 3))))
    assert failure.message.splitlines()[1:] == [
        "    m.py:9 in f",
        "        return helper(dZ, W)",
        "    m.py:6 in helper",
        "        return np.linalg.solve(dZ @ W, W)",
        "        dZ (2, 3)  W (2, 3)",
    ]
    assert failure.message.startswith("f raised ValueError: matmul: Input operand 1 has a mismatch")
    assert failure.error_type == "ValueError"


def test_an_import_that_is_not_allowed_says_what_is(proxied):
    """With the line of the import."""
    failure = failure_of(lambda: proxied("import numpy\nimport requests\n").f())
    assert failure.message.startswith("m.py:2 imports requests, which this course does not use. Allowed: builtins, ")


def test_modules_of_a_lesson_import_each_other(proxied):
    """And what is wrong in the other one is said there."""
    assert proxied("from n import g\n\n\ndef f(x):\n    return g(x)\n", n="def g(x):\n    return x + 1\n").f(1) == 2
    failure = failure_of(lambda: proxied("from n import g\n", n="def g(x)\n").f(1))
    assert failure.summary == "n.py:1 is not valid Python"


def test_a_missing_helper_module_is_not_the_machines(proxied):
    """Only allowed modules and those of the lesson can be imported, whatever else lies around."""
    assert failure_of(lambda: proxied("import pytest\n").f()).summary == "imports pytest, which is not allowed"


ESCAPES = {
    "message": "def f(x):\n    raise ValueError('\\x1b[31mred\\x07')\n",
    "class": "E = type('\\x1b[31mE', (Exception,), {})\n\n\ndef f(x):\n    raise E('no')\n",
    "source": "def f(x):\n    raise ValueError(x)  # \x1b[31m\n",
    "syntax": "def f(x):\n    return '\x1b[31m\n",
    "code": "def f(x):\n    raise ValueError\n\n\nf.__code__ = f.__code__.replace(co_name='\\x1b[31m')\n",
    "bidi": "def f(x):\n    raise ValueError('\\u202e')\n",
}


@pytest.mark.parametrize("source", ESCAPES.values(), ids=ESCAPES)
def test_control_characters_never_reach_a_terminal(proxied, source):
    """Neither in the line nor in the message nor in the type."""
    failure = failure_of(lambda: proxied(source, kind="local").f(1.0))
    for text in (failure.summary, failure.message, failure.error_type, str(failure)):
        assert all(c.isprintable() or c == "\n" for c in text)
    assert "?" in failure.message


def test_control_characters_are_taken_out_of_prints_and_names(opened):
    """What was printed, warned of, the name of a class, a key of a dict."""
    submission = opened(
        """
        import warnings

        class C:
            pass

        C.__qualname__ = "\\x1b[31mC"

        def f(x):
            print("\\x1b[31mred\\tblue")
            warnings.warn("\\x1b[31m")
            x["\\x1b"] = 1
            return C()
        """
    )
    reply = Proxy(submission, "m").f.reply({})
    texts = (reply.printed, *reply.warnings, *reply.changed, repr(reply.value), *submission.take_notes())
    assert len(texts) == 7
    assert all(c.isprintable() or c == "\n" for text in texts for c in text)


def test_a_file_that_cannot_be_read_fails_its_calls():
    """With the sentence that was made when it was read, and without a process."""

    def never():
        raise AssertionError

    submission = Submission({}, never, problems={"m": "m.py is missing."})
    failure = failure_of(lambda: Proxy(submission, "m").f(1.0))
    assert (failure.state, failure.summary, failure.message) == (
        State.RAISED,
        "m.py cannot be read",
        "m.py is missing.",
    )
