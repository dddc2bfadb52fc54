"""answers.toml: what a student answered to the quizzes of a lesson. What is wrong with the file is a sentence in it."""

from __future__ import annotations

import tomllib
import unicodedata
from decimal import Decimal
from typing import Any

import msgspec

from nnedu.outcome import ANSWERS

MAX_ANSWERS = 32 * 1024
MAX_LINE = 2000  # a reader of TOML takes its time over a key of ten thousand parts
STUDENT = "student"


class Answers(msgspec.Struct, frozen=True):
    """The answers to each quiz as they were typed, and the student whose numbers they are for.

    `problem`: why there are none, although there is a file.
    """

    student: str = ""
    given: dict[str, dict[str, str]] = {}
    problem: str = ""

    def to(self, quiz: str, question: str) -> str:
        """Return what was typed, empty where nothing was."""
        return self.given.get(quiz, {}).get(question, "")


def read_answers(data: bytes | str | None) -> Answers:
    """Read the bytes of the file; None if there is none, and a sentence if it could not be read."""
    if data is None:
        return Answers()
    if isinstance(data, str):
        return Answers(problem=data)
    try:
        text = data.decode("utf-8-sig")
        if len(data) > MAX_ANSWERS or max(map(len, text.splitlines()), default=0) > MAX_LINE:
            problem = f"{ANSWERS} is larger than {MAX_ANSWERS // 1024} KiB, or has a line longer than {MAX_LINE}."
            return Answers(problem=problem)
        return _answers(tomllib.loads(text, parse_float=Decimal))
    except (ValueError, RecursionError) as error:
        return Answers(problem=_said(error))


def _said(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"{ANSWERS} is not UTF-8 text; save it as UTF-8 in your editor."
    if isinstance(error, tomllib.TOMLDecodeError):
        return f"{ANSWERS} is not valid TOML: {error}."
    return f"{ANSWERS} holds a value that answers nothing."  # an integer of thousands of digits, say


def _answers(table: dict[str, Any]) -> Answers:
    student = table.pop(STUDENT, "")
    loose = next((key for key, value in table.items() if not isinstance(value, dict)), None)
    if not isinstance(student, str):
        return Answers(problem=f'{ANSWERS}: {STUDENT} is a text, such as {STUDENT} = "ada".')
    if loose is not None:
        return Answers(problem=f"{ANSWERS}: {loose!r} stands above the first [quiz]; it has to stand below one.")
    given = {quiz: {key: text_of(value) for key, value in asked.items()} for quiz, asked in table.items()}
    return Answers(unicodedata.normalize("NFC", student.strip()), given)


def text_of(value: Any) -> str:
    """Return a value of a TOML file as a person would type it: 2.5, or 0.3, 2.4."""
    if isinstance(value, list):
        return ", ".join(map(text_of, value))
    return str(value).strip()
