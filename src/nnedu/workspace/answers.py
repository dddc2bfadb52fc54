"""answers.toml in a student's folder: written by `nnedu quiz` one answer at a time, and by hand as one likes.

What a person wrote stays: comments, order, layout. A file that is not valid TOML is never written to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import tomlkit
from tomlkit.exceptions import TOMLKitError

from nnedu.course.answers import STUDENT, Answers, read_answers
from nnedu.errors import WorkspaceError
from nnedu.outcome import ANSWERS
from nnedu.reporting.questions import question_lines
from nnedu.reporting.terminal import short_lesson
from nnedu.workspace import disk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tomlkit.items import Table

    from nnedu.course.asked import Asked, AskedQuiz
    from nnedu.workspace.workspace import Workspace

_HEAD = (
    'Your answers, between the quotes: a letter as in "b", letters as in "a, c", numbers as in "0.5, -2".',
    "Empty quotes are a question that is not answered. nnedu quiz {lesson} asks what is still open.",
)
_WHOSE = "the questions have the numbers of this name"


class AnswerFile:
    """The file of one lesson."""

    def __init__(self, workspace: Workspace, lesson: str) -> None:
        self.path = workspace.folder(lesson) / ANSWERS
        self._lesson = lesson

    def read(self) -> Answers:
        """Return what is in it now."""
        data = disk.read(self.path)
        answers = read_answers(data)
        if answers.problem:
            raise self._refusal(answers.problem)
        return answers

    def begin(self, student: str, quizzes: Sequence[AskedQuiz]) -> Answers:
        """Lay it out if it is not there, with every question to be answered; return what is in it."""
        if not self.path.exists():
            document = tomlkit.document()
            for line in _HEAD:
                document.add(tomlkit.comment(line.format(lesson=short_lesson(self._lesson))))
            document.add(STUDENT, tomlkit.string(student).comment(_WHOSE))
            for quiz in quizzes:
                document.add(tomlkit.nl())
                document.add(quiz.id, table := tomlkit.table())
                for number, asked in enumerate(quiz.of(student), 1):
                    _ask(table, asked, number)
            disk.replace(self.path, tomlkit.dumps(document).encode())
        return self.read()

    def put(self, quiz: str, asked: Asked, number: int, typed: str) -> None:
        """Write one answer into the file as it is now."""
        before = self.read()
        try:
            document = tomlkit.parse((disk.read(self.path) or b"").decode("utf-8-sig"))
            table = document.setdefault(quiz, tomlkit.table())
            if asked.id not in table:
                _ask(table, asked, number)
            table[asked.id] = typed
            data = tomlkit.dumps(document).encode()
        except TOMLKitError as error:
            raise self._refusal(f"{ANSWERS} cannot be added to: {error}.") from error
        after = read_answers(data)
        expected = before.given | {quiz: before.given.get(quiz, {}) | {asked.id: typed}}
        if (after.student, after.given, after.problem) != (before.student, expected, ""):
            raise self._refusal(after.problem or f"{ANSWERS} cannot be added to: it is laid out in an uncommon way.")
        disk.replace(self.path, data)

    def _refusal(self, problem: str) -> WorkspaceError:
        text = f"{problem}\n{self.path} was left as it is."
        return WorkspaceError(text, f"Correct it in your editor, then: nnedu quiz {short_lesson(self._lesson)}")


def _ask(table: Table, asked: Asked, number: int) -> None:
    """Add a question that is not answered, as a comment and an empty answer."""
    table.add(tomlkit.nl())
    for line in question_lines(asked, number):
        table.add(tomlkit.comment(line))
    table.add(asked.id, "")
