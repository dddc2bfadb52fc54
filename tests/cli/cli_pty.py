"""Runs the real command in a terminal of its own, and types into it."""

from __future__ import annotations

import os
import pty
import re
import select
import sys
from typing import TYPE_CHECKING

from cli_run import Ran

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PROMPT = b"> "
NAME = b"[sam]: "
CONFIRM = b"[y/N]: "
CTRL_C, CTRL_D = "\x03", "\x04"
PATIENCE = 30


def typing(*arguments: object, cwd: Path, typed: Sequence[str] = (), stop_at: str = "") -> Ran:
    """Run nnedu in a terminal and answer each of its prompts with the next of `typed`.

    `stop_at`: press Ctrl-C when that is shown.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NNEDU", "PYTHON", "PYTEST"))}
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(cwd)
        command = [sys.executable, "-m", "nnedu", *map(str, arguments)]
        environment = kept | {"NO_COLOR": "1", "PYTHONUTF8": "1", "LOGNAME": "sam"}
        os.execve(sys.executable, command, environment)  # noqa: S606 - this very program
    shown, waiting, patience = b"", list(typed), PATIENCE
    while patience:
        if not select.select([terminal], [], [], 1)[0]:
            patience -= 1
            if shown.endswith(b"^C"):  # it came between the prompt and the reading of the answer, where it is lost
                os.write(terminal, CTRL_C.encode())
            continue
        try:
            data = os.read(terminal, 4096)
        except OSError:  # the terminal is closed when the command ends
            break
        shown, patience = shown + data, PATIENCE
        if stop_at and stop_at.encode() in shown:
            stop_at = ""
            os.write(terminal, CTRL_C.encode())
        if shown.endswith((b"\n" + PROMPT, NAME, CONFIRM)):
            line = waiting.pop(0) if waiting else CTRL_D
            os.write(terminal, line.encode() if line in {CTRL_C, CTRL_D} else f"{line}\n".encode())
    else:
        os.kill(process, 9)
    os.close(terminal)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    assert not waiting, f"not asked for: {waiting}"
    assert not stop_at, f"never shown: {stop_at}"
    return Ran(code, shown.decode().replace("\r\n", "\n"), "")


def screen(shown: str) -> str:
    """Return what stands on the terminal in the end, of all that was ever written to it."""
    rows, row, column = [""], 0, 0
    for part in re.findall(r"\x1b\[\d*[A-Za-z]|\r|\n|[^\x1b\r\n]+", shown):
        if part == "\n":
            row, column = row + 1, 0
            rows += [""] * (row == len(rows))
        elif part == "\r":
            column = 0
        elif part.endswith("K"):
            rows[row] = rows[row][:column]
        elif part.endswith("J"):
            rows[row:] = [rows[row][:column]]
        elif part.startswith("\x1b"):
            assert part.endswith("A"), f"nnedu should not use {part!r}"
            row -= int(part[2:-1])
            assert row >= 0, "above the top of the terminal"
        else:
            rows[row] = rows[row][:column].ljust(column) + part + rows[row][column + len(part) :]
            column += len(part)
    return "\n".join(rows)
