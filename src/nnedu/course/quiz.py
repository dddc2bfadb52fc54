"""graders/LESSON/quiz.toml -> the quizzes of a lesson, every variant of every question, with their keys.

A question whose id is a function of quiz_numbers.py beside it has numbers of its own for each student: the function
draws them, and returns what `{name}` in its texts stands for. Variants are drawn here, not on a student's machine,
which so needs neither the formula nor the course's key. A salt, which follows from the course's key and the question,
and the student's name decide which variant is asked.
"""

from __future__ import annotations

import re
import runpy
import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from nnedu.course.answers import text_of
from nnedu.course.draw import Draw, derived, pick
from nnedu.course.items import AnyItem
from nnedu.errors import CourseFault

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nnedu.course.model import Course, Lesson

QUIZ = "quiz.toml"
NUMBERS = "quiz_numbers.py"
VARIANTS = 24
Draws = dict[str, "Callable[[Draw], dict[str, object]]"]


class Question(msgspec.Struct, frozen=True):
    """A question in all its variants, and the salt that decides, with the student's name, which one is asked."""

    id: str
    salt: str
    variants: tuple[AnyItem, ...]

    def of(self, student: str) -> AnyItem:
        """Return the variant of a student."""
        return self.variants[pick(self.salt, student, len(self.variants))]


class Quiz(msgspec.Struct, frozen=True):
    """The concept questions of a lesson, or those that belong to one of its exercises: an exercise of its own."""

    id: str
    title: str
    questions: tuple[Question, ...]

    @property
    def max_points(self) -> int:
        """Points of all questions."""
        return sum(question.variants[0].points for question in self.questions)

    @property
    def drawn(self) -> bool:
        """Whether a student has numbers of their own in it."""
        return any(len(question.variants) > 1 for question in self.questions)

    def of(self, student: str) -> tuple[AnyItem, ...]:
        """Return the questions with the numbers of a student."""
        return tuple(question.of(student) for question in self.questions)


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    title: str
    question: Annotated[list[dict[str, Any]], msgspec.Meta(min_length=1)]


def load_quizzes(course: Course, lesson: Lesson) -> tuple[Quiz, ...]:
    """Return the quizzes of a lesson, none if it has no quiz.toml."""
    path = lesson.graders_folder / QUIZ
    try:
        raw = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
        tables = msgspec.convert(raw, dict[str, _Table])
    except FileNotFoundError:
        return ()
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        text = f"{path} cannot be read: {error}."
        raise CourseFault(text) from error
    draws = _draws(lesson.graders_folder / NUMBERS)
    asked = [str(one.get("id", "")) for table in tables.values() for one in table.question]
    if stray := draws.keys() - set(asked) or {name for name in asked if asked.count(name) > 1}:
        text = f"{path}: {min(stray)} is not the id of just one question."
        raise CourseFault(text, f"An id stands once in a lesson; functions of {NUMBERS} are named like questions.")
    return tuple(
        Quiz(name, table.title, tuple(_Reader(course, lesson, path, name, draws).read(one) for one in table.question))
        for name, table in tables.items()
    )


def _draws(path: Path) -> Draws:
    if not path.is_file():
        return {}
    try:
        names = runpy.run_path(str(path))
    except Exception as error:
        text = f"{path} cannot be run: {type(error).__name__}: {error}."
        raise CourseFault(text) from error
    return {
        name: thing
        for name, thing in names.items()
        if callable(thing) and not name.startswith("_") and getattr(thing, "__module__", "") == "<run_path>"
    }


class _Reader:
    """Makes the questions of one quiz from what stands in its file."""

    def __init__(self, course: Course, lesson: Lesson, path: Path, quiz: str, draws: Draws) -> None:
        self._key = course.key
        self._where = (lesson.id, quiz)
        self._path = path
        self._draws = draws

    def read(self, raw: dict[str, Any]) -> Question:
        """Return a question in all its variants."""
        name = str(raw.get("id", ""))
        salt = derived(self._key, "quiz", *self._where, name).hex()[:32]
        if name not in self._draws:
            return Question(name, salt, (self._item(name, raw, {}),))
        found = (self._item(name, raw, self._values(name, number)) for number in range(VARIANTS))
        return Question(name, salt, tuple({item.text: item for item in found}.values()))

    def _values(self, name: str, number: int) -> dict[str, str]:
        draw = Draw(derived(self._key, "quiz", *self._where, name, str(number)))
        try:
            drawn = self._draws[name](draw)
            return {key: _shown(value) for key, value in drawn.items()}
        except Exception as error:
            raise self._fault(name, f"its numbers cannot be drawn: {type(error).__name__}: {error}") from error

    def _item(self, name: str, raw: dict[str, Any], values: dict[str, str]) -> AnyItem:
        try:
            filled = _filled(raw, values) if values else _typed(raw)
            item: AnyItem = msgspec.convert(filled, AnyItem)
        except KeyError as error:
            raise self._fault(name, f"nothing was drawn for {{{error.args[0]}}}") from error
        except msgspec.ValidationError as error:
            raise self._fault(name, str(error)) from error
        for fault in item.faults():
            raise self._fault(name, fault)
        return item

    def _fault(self, name: str, why: str) -> CourseFault:
        which = f"the question {name or 'without an id'} of {self._where[1]}"
        return CourseFault(f"{self._path}: {which}: {why.rstrip('.')}.")


def _typed(raw: Any) -> Any:
    """Write numbers that stand where an answer does as they would be typed."""
    if isinstance(raw, dict):
        return {key: text_of(value) if key == "answer" else _typed(value) for key, value in raw.items()}
    return [_typed(value) for value in raw] if isinstance(raw, list) else raw


def _filled(raw: dict[str, Any], values: dict[str, str]) -> Any:
    """Put what was drawn into every text."""

    def fill(value: Any) -> Any:
        if isinstance(value, str):
            return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], value)
        if isinstance(value, dict):
            return {key: fill(inner) for key, inner in value.items()}
        return [fill(inner) for inner in value] if isinstance(value, list) else value

    return fill(_typed(raw))


def _shown(value: object) -> str:
    """Write what was drawn, the same everywhere: 2.50, or [0.3, 2.4]."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_shown, value)) + "]"
    if isinstance(value, (int, str)):
        return str(value)
    message = f"{value!r} is neither an integer, a Decimal, a text, nor a list of these"
    raise TypeError(message)
