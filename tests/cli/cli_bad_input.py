"""What students hand in by accident: one table, which a check and a grading are both put through.

A case spoils one file of lesson 3, or the one function VICTIM in it, of work that is otherwise right.
"""

from __future__ import annotations

import ast
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

VICTIM = "leaky_relu_derivative"
FILE = "debugging.py"
IN_FILE = frozenset({"debug_activations", "plot_ready_table"})
BODY = "return np.where(np.asarray(x) > 0, 1.0, float(alpha))"


@dataclass(frozen=True)
class Case:
    """One accident: which file it happens to, what becomes of its bytes, and what is said about it.

    `hurt` names the exercises that may lose points by it; every other exercise must earn all of its own.
    """

    id: str
    file: str
    spoil: Callable[[bytes], bytes | None]
    state: str
    says: tuple[str, ...]
    hurt: frozenset[str]


def function(id_: str, code: str, state: str, *says: str, after: str = "") -> Case:
    """Return a case in which VICTIM is written otherwise; `after` stands below it."""

    def spoil(data: bytes) -> bytes:
        text = data.decode()
        node = next(n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef) and n.name == VICTIM)
        lines = text.splitlines()
        lines[node.lineno - 1 : node.end_lineno] = [*textwrap.dedent(code).strip("\n").splitlines(), after]
        return ("\n".join(lines) + "\n").encode()

    return Case(id_, "activations.py", spoil, state, says, frozenset({VICTIM}))


def body(id_: str, code: str, state: str, *says: str) -> Case:
    """Return a case in which VICTIM has another body."""
    return function(
        id_,
        f"def {VICTIM}(x, alpha=0.01):\n" + textwrap.indent(textwrap.dedent(code).strip("\n"), "    "),
        state,
        *says,
    )


def file(id_: str, spoil: Callable[[bytes], bytes | None], state: str, *says: str) -> Case:
    """Return a case in which a whole file is spoilt."""
    return Case(id_, FILE, spoil, state, says, frozenset() if state == "passed" else IN_FILE)


def top(id_: str, code: str, state: str, *says: str) -> Case:
    """Return a case in which a file begins with a line that should not be there."""
    return file(id_, lambda data: code.encode() + b"\n" + data, state, *says)


CASES = (
    # A file that is not what it should be.
    top("syntax error", "def broken(:", "raised", "debugging.py:1", "not valid Python", "def broken(:"),
    file("missing", lambda _: None, "raised", "debugging.py is missing", "nnedu reset", "nnedu undo"),
    file("empty", lambda _: b"\n", "raised", "debugging.py is empty", "nnedu reset"),
    file("binary", lambda _: b"\x7fELF\0\0\1\2", "raised", "debugging.py is not a text file"),
    file("UTF-16", lambda data: data.decode().encode("utf-16"), "raised", "debugging.py is saved as UTF-16", "UTF-8"),
    file("Latin-1", lambda data: b"# caf\xe9\n" + data, "raised", "debugging.py is not UTF-8", "line 1"),
    file("too large", lambda data: data + b"#" * 300_000, "raised", "debugging.py is larger than 256 KiB"),
    file("BOM", lambda data: b"\xef\xbb\xbf" + data, "passed"),
    file("CRLF", lambda data: data.replace(b"\n", b"\r\n"), "passed"),
    file("no newline at the end", lambda data: data.rstrip(), "passed"),
    file(
        "tabs and spaces",
        lambda data: b"if True:\n        one = 1\n\ttwo = 2\n" + data,
        "raised",
        "debugging.py:3",
        "not valid Python",
    ),
    file("a notebook's magic", lambda data: b"%matplotlib inline\n" + data, "raised", "debugging.py:1", "%matplotlib"),
    # A file that does something when it is imported.
    top("raises at import", "1 / 0", "raised", "debugging.py:1", "ZeroDivisionError", "1 / 0"),
    top("imports torch", "import torch", "raised", "debugging.py:1", "imports torch", "Allowed:", "numpy"),
    top("imports a typo", "import nunpy as np", "raised", "debugging.py:1", "imports nunpy", "Allowed:"),
    top("leaves at import", "raise SystemExit(0)", "raised", "left the program", "debugging.py:1"),
    top("ends the process at import", "import os; os._exit(0)", "raised", "The process ended", "debugging.py"),
    top("loops at import", "while True: pass", "stopped", "debugging.py", "stopped after 1 s", "while True"),
    top("asks for input", "input('alpha? ')", "raised", "debugging.py:1", "EOFError"),
    # A function that is not there, or not as it was.
    function(
        "name missing", f"def {VICTIM}s(x, alpha=0.01):\n    {BODY}", "failed", "does not define", VICTIM, "reset"
    ),
    function("wrong signature", f"def {VICTIM}(x):\n    {BODY.replace('alpha', '0.01')}", "failed", VICTIM, "(x)"),
    function("not a function", f"{VICTIM} = 3", "failed", VICTIM, "is of type int, not a function"),
    # A function that returns what it should not.
    body("None", "np.where(x > 0, 1.0, alpha)", "failed", "None", "expected a numpy array of shape"),
    body("a list", f"{BODY}.tolist()", "failed", "list", "expected a numpy array of shape"),
    body("a scalar", "return float(alpha)", "failed", "a number", "expected a numpy array of shape"),
    body("float32", f"{BODY}.astype(np.float32)", "failed", "float32", "float64"),
    body("integers", f"{BODY}.astype(int)", "failed", "int64", "float64"),
    body("object array", f"{BODY}.astype(object)", "failed", "object", "expected a numpy array of shape"),
    body("masked array", "return np.ma.array(np.where(x > 0, 1.0, alpha))", "failed", "MaskedArray"),
    body("matrix", "return np.asmatrix(np.where(x > 0, 1.0, alpha))", "failed", "matrix"),
    body("NaN", "return np.full(np.shape(x), np.nan)", "failed", "not finite", "35 of 35", "nan"),
    body("wrong shape", "return np.where(x > 0, 1.0, alpha).T", "failed", "has shape (5, 7); expected (7, 5)"),
    body("a generator", "yield 1.0", "failed", "a generator", "expected a numpy array of shape"),
    body("itself", f"return {VICTIM}", "failed", "a function", "expected a numpy array of shape"),
    body("a list in itself", "a = []\na.append(a)\nreturn a", "failed", VICTIM, "returned"),
    # A function that does not return.
    body("not started", "raise NotImplementedError", "not_started", "not started"),
    body(
        "raises",
        "wrong = np.ones((3, 3))\nreturn x @ wrong",
        "raised",
        "ValueError",
        "activations.py:",
        "return x @ wrong",
        "wrong (3, 3)",
    ),
    body("unknown name", "return heaviside(x)", "raised", "NameError", "heaviside", "activations.py:"),
    body("recurses", f"return {VICTIM}(x, alpha)", "raised", "calls itself without end", "activations.py:"),
    body("loops", "while True:\n    x = x + 1", "stopped", "stopped after 1 s", "activations.py:", "while True"),
    body("leaves", "import sys\nsys.exit(0)", "raised", "left the program", "SystemExit", "activations.py:"),
    body("ends the process", "import os\nos._exit(0)", "raised", "The process ended", VICTIM),
    body("imports inside", "import torch\nreturn x", "raised", "imports torch", "activations.py:"),
    body(
        "raises what cannot be said",
        "class Odd(Exception):\n    def __str__(self):\n        raise ValueError\nraise Odd",
        "raised",
        "Odd",
        "activations.py:",
    ),
    # A function that does something besides.
    body(
        "edits its input",
        "x[x > 0] = 1.0\nx[x <= 0] = alpha\nreturn x.copy()",
        "failed",
        "changed its input x",
        "activations.py:",
        "x[x > 0] = 1.0",
    ),
    body("returns its input", "return x", "failed", "no single factor"),
    body(
        "writes its answer into its input",
        "keep = x.copy()\nx[...] = np.where(keep > 0, 1.0, alpha)\nreturn x[:]",
        "failed",
        "changed its input x",
    ),
    body(
        "global randomness",
        "return np.where(x > 0, 1.0, alpha) + np.random.normal(size=x.shape)",
        "failed",
        "no single factor",
    ),
    function(
        "other answers later",
        f"""
        def {VICTIM}(x, alpha=0.01, _calls=[]):
            _calls.append(1)
            return np.where(x > 0, 1.0, alpha) + (len(_calls) > 3)
        """,
        "failed",
        "Called twice with the same arguments",
        "two answers",
    ),
    body("prints 100 MB", f"print('x' * 100_000_000)\n{BODY}", "passed"),
    body("warns for every entry", f"np.zeros(3) / np.zeros(3)\n{BODY}", "passed"),
    body("prints escape sequences", f"print('\\x1b[2J\\x1b]0;owned\\x07\\r')\n{BODY}", "passed"),
    body(
        "raises escape sequences",
        "raise ValueError('\\x1b[31mred\\x1b[0m\\x07\\u202e\\x9b')",
        "raised",
        "ValueError",
        "red",
    ),
)
