"""A quiz in a notebook: its questions as text, the answers in a dict of texts.

A notebook is the same for all students, so all are asked with the numbers of one who has no name.
"""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING

from nnedu.course.asked import LETTERS
from nnedu.outcome import ANSWERS
from nnedu.publishing.nbgrader.cells import Cell, Role, grading_cell, points_text
from nnedu.publishing.nbgrader.marking import BEGIN, END

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nnedu.course.items import AnyItem
    from nnedu.course.quiz import Quiz

NOBODY = ""
MAX_ANSWER = 200


def quiz_cells(lesson: str, quiz: Quiz) -> Iterator[Cell]:
    """Yield the cells of a quiz: its questions, the answers, and what grades them."""
    items = quiz.of(NOBODY)
    yield Cell(Role.TEXT, _text(quiz, items), f"{quiz.id}-text", exercise=quiz.id)
    answered = _dict(quiz.id, [(item, item.right) for item in items])
    yield Cell(
        Role.SOLUTION,
        f"{BEGIN}\n{answered}\n{END}",
        quiz.id,
        name=quiz.id,
        exercise=quiz.id,
        released=_dict(quiz.id, [(item, "") for item in items]),
        by_hand=True,
    )
    yield grading_cell(lesson, quiz.id, quiz.max_points)


def _text(quiz: Quiz, items: Sequence[AnyItem]) -> str:
    parts = [f"### {quiz.id}: {quiz.title} ({points_text(quiz.max_points)})"]
    parts.append("Write each answer between the quotes of the cell below: a letter, letters, or numbers.")
    for number, item in enumerate(items, 1):
        asked = item.asked
        parts.append(f"**{number}. {asked.id}** ({asked.how}, {points_text(asked.points)})\n\n{asked.text.strip()}")
        parts += ["\n".join(f"- {letter}) {text}" for letter, text in zip(LETTERS, asked.choices, strict=False))]
    return "\n\n".join(part for part in parts if part)


def _dict(name: str, answers: Sequence[tuple[AnyItem, str]]) -> str:
    rows = [f"    {_quoted(item.id)}: {_quoted(answer)},  # {item.asked.how}" for item, answer in answers]
    return "\n".join([f"{name} = {{", *rows, "}"])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def read_answers(texts: Iterable[str], quiz: str) -> dict[str, str] | str:
    """Return the answers to a quiz in cells, the last that are there; or a sentence on why there are none."""
    found: dict[str, str] | str = f"There is no cell with {quiz} = {{...}} in it."
    for text in texts:
        try:
            body = ast.parse(text).body
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            if quiz in text:
                found = f"The cell of {quiz} is not valid Python."
            continue
        for node in body:
            if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == quiz for t in node.targets):
                found = _literal(node.value, quiz)
    return found


def _literal(node: ast.expr, quiz: str) -> dict[str, str] | str:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        value = None
    return answers_in(value, quiz)


def answers_in(value: object, quiz: str) -> dict[str, str] | str:
    """Return the answers that a dict holds, as they would be typed; or a sentence."""
    if type(value) is not dict:
        return f"{quiz} is no dict of texts."
    return {_typed(key): _typed(answer) for key, answer in list(value.items())[:100]}


def _typed(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_typed, value[:50]))[:MAX_ANSWER]
    plain = type(value) in {str, int, float, bool}
    text = str(value)[:MAX_ANSWER] if plain else ""
    return "".join(c for c in text if c.isprintable()).strip()


def answers_file(given: Mapping[str, dict[str, str] | str]) -> bytes | str | None:
    """Return answers.toml for the quizzes of a notebook: its bytes, a sentence, or None where nothing is answered."""
    readable = {quiz: answers for quiz, answers in given.items() if isinstance(answers, dict)}
    if not any(any(answers.values()) for answers in readable.values()):
        return next((f"{ANSWERS}: {said}" for said in given.values() if isinstance(said, str)), None)
    lines = [f"student = {_quoted(NOBODY)}"]
    for quiz, answers in readable.items():
        lines += ["", f"[{quiz}]", *(f"{_quoted(key)} = {_quoted(value)}" for key, value in answers.items())]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")
