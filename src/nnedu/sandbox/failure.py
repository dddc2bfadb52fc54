"""What student code did instead of returning a value, in words."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from nnedu.outcome import State
from nnedu.sandbox.host import MAX_FRAMES, MAX_TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping

_AS_IN_THE_STUB = (
    "The name and the arguments must stay as they are in the stub;\n"
    "nnedu reset puts a fresh stub in place, and nnedu undo takes that back."
)
_COMMAND = re.compile(r"^[^\S\n]*:(?=:)|##(?=\[)", re.MULTILINE)
# A student can write there too, so the number is one that a file may have: int() refuses one of 5000 digits.
_DUMP = re.compile(r'File "([^"]+)", line (\d{1,7}) in (\S+)')


class StudentFailure(Exception):  # noqa: N818 - it is an outcome, not an error of ours
    """Student code raised, never returned, or is not there.

    `error_type` is the name of the exception's class, `place` where it happened: `backprop.py:12`.
    """

    def __init__(self, state: State, summary: str, message: str, error_type: str = "") -> None:
        self.summary = one_line(summary)
        super().__init__(self.summary)
        self.state = state
        self.message = printable(message)
        self.error_type = one_line(error_type)
        self.place = ""


def from_error(
    body: Mapping[str, Any], function: str, module: str, allowed: frozenset[str], memory_mib: int | None = None
) -> StudentFailure:
    """Put an error reply into words. Whatever is in it came from the worker, so nothing is taken for granted."""
    failure = _in_words(body, function, module, allowed, memory_mib)
    failure.place = one_line("".join(f"{frame[0]}:{frame[1]}" for frame in _frames(body.get("frames"))[-1:]))
    return failure


def _in_words(  # noqa: C901, PLR0911 - one table, one row a kind
    body: Mapping[str, Any], function: str, module: str, allowed: frozenset[str], memory_mib: int | None
) -> StudentFailure:
    kind, name, text = (text_of(body.get(key)) for key in ("kind", "type", "text"))
    frames = _frames(body.get("frames"))
    here = _where(frames)
    place = f"{frames[-1][0]}:{frames[-1][1]}" if frames else f"{module}.py" if module else function
    if kind == "not_started" and not (frames and frames[-1][2] == "<module>"):
        if frames and frames[-1][2] != frames[0][2]:
            called = f"calls {frames[-1][2]}, which is not written yet"
            return StudentFailure(State.RAISED, called, f"{function} {called}.\n{here}", name)
        still = f"{function} still raises NotImplementedError, at {place}."
        return StudentFailure(State.NOT_STARTED, "not started", still, name)
    if kind == "missing" and not module:
        return StudentFailure(State.FAILED, f"has no {function}", f"The object that the lesson asks has no {function}.")
    if kind == "endless":
        return StudentFailure(State.FAILED, "never ends", "The iterator gives one item after the other and never ends.")
    if kind == "missing":
        lacks = f"{module}.py does not define {function}"
        return StudentFailure(State.FAILED, lacks, f"{lacks}. {_AS_IN_THE_STUB}")
    if kind == "signature":
        return StudentFailure(State.FAILED, "cannot be called as the lesson calls it", f"{function} {text}.")
    if kind == "syntax":
        line = f"\n    {frames[-1][3]}" if frames and frames[-1][3] else ""
        return StudentFailure(State.RAISED, f"{place} is not valid Python", f"{place}: {text}{line}", name)
    if kind == "import":
        permitted = f"which this course does not use. Allowed: {', '.join(sorted(allowed))}."
        message = f"{place} imports {text}, {permitted}\n{here}".rstrip()
        return StudentFailure(State.RAISED, f"imports {text}, which is not allowed", message, name)
    if kind == "not_installed":
        return StudentFailure(State.RAISED, text, f"{text}, at {place}. Is the name right?\n{here}".rstrip(), name)
    if kind == "unsendable":
        return StudentFailure(State.FAILED, f"returned {text}", f"{function} returned {text}.")
    if name == "MemoryError":
        limit = f" (limit {memory_mib} MiB)" if memory_mib is not None else ""
        said = f": {text}" if text and text != "(no message)" else "."
        message = f"{function} ran out of memory{limit}, at {place}{said}\n{here}".rstrip()
        return StudentFailure(State.RAISED, f"ran out of memory at {place}", message, name)
    return _raised(function, name, text, place, here)


def _raised(function: str, name: str, text: str, place: str, here: str) -> StudentFailure:
    if name in {"SystemExit", "KeyboardInterrupt"}:
        message = f"{function} left the program ({name}) at {place}. A function should return a value instead."
        return StudentFailure(
            State.RAISED, "leaves the program instead of returning", f"{message}\n{here}".rstrip(), name
        )
    if name == "RecursionError":
        message = f"{function} calls itself without end, at {place}."
        return StudentFailure(State.RAISED, "calls itself without end", f"{message}\n{here}".rstrip(), name)
    said = f"{name}: {text}" if text else name
    return StudentFailure(State.RAISED, f"raised {name} at {place}", f"{function} raised {said}\n{here}".rstrip(), name)


class Allowance(NamedTuple):
    """The seconds that a call may take, and the limit from which they follow; `of` says whose limit it is."""

    seconds: float
    limit: float
    of: str = ""


def from_stop(function: str, allowance: Allowance, dump: str, sources: Mapping[str, str]) -> StudentFailure:
    """Say where a call was when it was stopped. `dump` is what faulthandler wrote."""
    where = _stopped_at(dump, sources)
    whose = f" for {allowance.of}" if allowance.of else ""
    after = f"stopped after {max(allowance.seconds, 0.0):.3g} s"
    if allowance.seconds <= 0:
        after = "not run: its time was spent"
    message = f"{function} was {after} (limit {allowance.limit:g} s{whose}){where}."
    return StudentFailure(State.STOPPED, f"{after}{where}", message)


def from_death(function: str, dump: str, cpu_limit: int | None = None) -> StudentFailure:
    """Say that the worker is gone: os._exit, a crash, or the system ended it."""
    if cpu_limit is not None:
        message = f"{function} used up the CPU time of the submission (limit {cpu_limit} s)."
        return StudentFailure(State.STOPPED, f"stopped after {cpu_limit} s of CPU time", message)
    crash = dump.strip().splitlines()[0][:120] if dump.startswith("Fatal Python error") else ""
    message = f"The process ended while {function} ran" + (f" ({crash})." if crash else " (os._exit, or a crash).")
    return StudentFailure(State.RAISED, "ended the process it ran in", message)


def _frames(raw: Any) -> list[tuple[str, int, str, str, str]]:
    frames = []
    for frame in raw[-MAX_FRAMES:] if isinstance(raw, list) else []:
        match frame:
            case [str(file), int(line), str(function), str(code), str(shapes)]:
                texts = (one_line(text_of(text)) for text in (file, function, code, shapes))  # a name can hold a line
                file, function, code, shapes = texts
                frames.append((file, line, function, code, shapes))
    return frames


def _where(frames: list[tuple[str, int, str, str, str]]) -> str:
    """Render the student's own frames, the last one with the shapes of its arrays."""
    lines = []
    for file, line, function, code, _ in frames[-3:]:
        lines.append(f"    {file}:{line} in {function}")
        lines.append(f"        {code}")
    if frames and frames[-1][4]:
        lines.append(f"        {frames[-1][4]}")
    return "\n".join(lines)


def _stopped_at(dump: str, sources: Mapping[str, str]) -> str:
    """Say where a call was: at the head of its innermost loop rather than at a line in it, which differs each time."""
    place = ""
    for filename, number, _ in _DUMP.findall(dump):
        source = sources.get(filename.removesuffix(".py"))
        if source is not None:
            loop = _loop_at(source, int(number))
            if loop is not None:
                return f" at {filename}:{loop[0]}, in the loop `{loop[1]}`"
            place = place or f" at {filename}:{number}"
    return place


def _loop_at(source: str, line: int) -> tuple[int, str] | None:
    """Return the line and the head of the innermost loop around a line."""
    around = [first for first, last in _loops(source) if first <= line <= last]
    if not around:
        return None
    return max(around), source.splitlines()[max(around) - 1].strip().rstrip(":")[:80]


@lru_cache(maxsize=8)  # a dump that a student has written may name hundreds of lines of one long file
def _loops(source: str) -> list[tuple[int, int]]:
    """Return the first and last lines of the loops in a source."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return []
    nodes = [node for node in ast.walk(tree) if isinstance(node, (ast.For, ast.While))]
    return [(node.lineno, node.end_lineno or node.lineno) for node in nodes]


def text_of(value: Any, limit: int = MAX_TEXT) -> str:
    """Return what a worker calls a text if it is one. Anything else is not put into words: that costs time."""
    return value[:limit] if isinstance(value, str) else ""


def one_line(text: str) -> str:
    """Return printable text without its line breaks, for a row of a table."""
    return printable(text).replace("\n", " ")


def printable(text: str) -> str:
    """Take control characters out of student text, so that no escape sequence reaches a terminal or a report."""
    if not text:
        return text
    if not (text.isascii() and text.isprintable()):
        text = "".join(c if c.isprintable() or c == "\n" else " " if c == "\t" else "?" for c in text)
    return inert(text)


def inert(text: str) -> str:
    """Break up what the log of a CI service obeys: `::command::` at the start of a line, `##[command]` anywhere."""
    return _COMMAND.sub(r"\g<0> ", text)
