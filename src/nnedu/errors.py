"""Every error that a person can meet: a sentence, a next step, and an exit code.

    NneduError
    ├── UsageError         what was typed cannot be done (exit 2)
    │   └── WorkspaceError     the student's folder is not as it should be
    └── FaultError         the course or the engine is wrong, never the student (exit 3)
        └── CourseFault        the course: course.toml, a grader, a solution

Errors are made where the knowledge is and shown in one place, `nnedu.cli`.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class NneduError(Exception):
    """Something that a person has to know, with what to do next."""

    exit_code = 1

    def __init__(self, sentence: str, next_step: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.sentence}\n{self.next_step}" if self.next_step else self.sentence


class UsageError(NneduError):
    """What was typed cannot be done."""

    exit_code = 2


class WorkspaceError(UsageError):
    """The student's folder is missing, unreadable or cannot be written."""


class FaultError(NneduError):
    """The course or the engine is wrong; nothing is counted against anybody."""

    exit_code = 3


class CourseFault(FaultError):  # noqa: N818 - a word of its own; every layer says it
    """The course is wrong: course.toml, a grader, a solution, a recording."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Offer the known words that look like `word`, or say what is known."""
    names = list(known)
    close = get_close_matches(word, names, n=3, cutoff=0.5)
    if close:
        return "Did you mean " + " or ".join(close) + "?"
    return "Known: " + ", ".join(names) + "." if names else ""
