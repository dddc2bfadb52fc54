"""A student's files as they were found: text where there is text, a sentence where there is none."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nnedu.outcome import ANSWERS
from nnedu.sandbox.channel import ProcessChannel
from nnedu.sandbox.submission import Limits, Submission

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nnedu.sandbox.channel import OpenChannel

MAX_SOURCE = 256 * 1024
MAX_SOURCES = 512 * 1024  # together they fit in one header of the wire


@dataclass(frozen=True, slots=True)
class Work:
    """The modules of one submission. `problems` says of a module why there is no text of it.

    `answers` are the bytes of answers.toml, or a sentence on why they could not be read; None if there is no such file.
    """

    sources: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    answers: bytes | str | None = None

    def open(
        self, allowed: frozenset[str], limits: Limits | None = None, channel: OpenChannel = ProcessChannel
    ) -> Submission:
        """Return the submission, to be run in a process of its own: a plain one, or what `channel` opens."""
        sources = self.sources
        return Submission(
            sources,
            lambda: channel(sources, allowed),
            allowed=allowed,
            problems=self.problems,
            limits=limits,
        )


def read_work(files: dict[str, bytes | str], answers: bytes | str | None = None) -> Work:
    """Make a work of the bytes of each module, or of a sentence where there are none."""
    sources: dict[str, str] = {}
    problems: dict[str, str] = {}
    left = MAX_SOURCES
    for module, found in files.items():
        data, left = found, left - len(found)
        if left < 0:
            data = f"{module}.py is too large: all modules together may have {MAX_SOURCES // 1024} KiB."
        text, problem = (None, data) if isinstance(data, str) else decode(f"{module}.py", data)
        if text is None:
            problems[module] = problem
        else:
            sources[module] = text
    return Work(sources, problems, answers)


def read_folder(folder: Path, modules: Sequence[str]) -> Work:
    """Read a student's work on a lesson from a folder; what is missing or unreadable is said, never raised."""
    return read_work({module: read_file(folder / f"{module}.py") for module in modules}, read_answers_file(folder))


def read_answers_file(folder: Path) -> bytes | str | None:
    """Return the bytes of the answers to quizzes in a folder, a sentence, or None if there are none."""
    path = folder / ANSWERS
    return read_file(path) if os.path.lexists(path) else None


def read_file(path: Path) -> bytes | str:
    """Return the bytes of a regular file of a sane size, or a sentence. Links and pipes are not followed."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        return missing(path.name)
    except OSError as error:
        return f"{path.name} cannot be opened: {error.strerror}."
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return f"{path.name} is not an ordinary file."
    with os.fdopen(descriptor, "rb") as file:
        data = file.read(MAX_SOURCE + 1)
    return data if len(data) <= MAX_SOURCE else f"{path.name} is larger than {MAX_SOURCE // 1024} KiB."


def missing(name: str) -> str:
    """Say that a file is not there."""
    return f"{name} is missing. nnedu reset puts a fresh stub in its place; nnedu undo brings back what was there."


def decode(name: str, data: bytes) -> tuple[str | None, str]:
    """Return the text of a Python file, or None and a sentence on why there is none."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None, f"{name} is saved as UTF-16; save it as UTF-8 in your editor."
    if b"\0" in data:
        return None, f"{name} is not a text file."
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return None, f"{name} is not UTF-8 text (line {line}); save it as UTF-8 in your editor."
    if not text.strip():
        return (
            None,
            f"{name} is empty. nnedu reset puts a fresh stub in its place; nnedu undo brings back what was there.",
        )
    return text.replace("\r\n", "\n").replace("\r", "\n"), ""
