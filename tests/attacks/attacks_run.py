"""The command as a person starts it, what hostile students write, and what a terminal would obey of it."""

from __future__ import annotations

import os
import subprocess
import sys

CODES = "\x1b[2J\x1b]0;owned\x07\x9b31m\r\x08\u202e\u2066"
SOURCES = {
    "codes": f"""
        import warnings
        print({CODES!r})
        warnings.warn({CODES!r})

        def double(x):
            print({CODES!r})
            raise ValueError({CODES!r})

        relu = lambda x: {CODES!r}
        total = lambda x: type({CODES!r}, (), {{}})()
        """,
    "lines": r"""
        FORGED = "##[error]\nforged  12/12\n  ::error::forged\n=1+1\n<b>forged</b>\n"

        def double(x):
            raise type(FORGED, (Exception,), {})(FORGED)

        def relu(x):
            return type(FORGED, (), {})()

        def total(x):
            return FORGED

        def apply(f, x):
            return {FORGED: 1}

        class Tally:
            def __init__(self):
                raise SyntaxError(FORGED)
        """,
    "syntax": r"""
        exec("raise SyntaxError('forged', ('\\n::error::forged', 1, 1, '\\x1b[2J\\nforged  12/12'))")
        """,
}


def run_nnedu(*arguments, cwd, **environment):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NNEDU", "PYTHON", "PYTEST"))}
    return subprocess.run(
        [sys.executable, "-m", "nnedu", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        env=kept | {"PYTHONUTF8": "1", "GITHUB_ACTIONS": "true", "COLUMNS": "200"} | environment,
        timeout=120,
        check=False,
    )


def obeyed(text):
    """Return what a terminal might obey in a text."""
    return sorted({hex(ord(character)) for character in text if not character.isprintable() and character != "\n"})
