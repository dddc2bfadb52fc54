"""Proves the quizzes of a lesson: right answers get everything, each wrong one loses and is named, no key leaves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nnedu.authoring.leaks import TEXT
from nnedu.course.answers import STUDENT, Answers
from nnedu.course.items import Numeric
from nnedu.outcome import State
from nnedu.publishing.quizzes import sealable
from nnedu.running.quiz import grade_quiz, look_at_quiz

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from nnedu.course.asked import AskedQuiz
    from nnedu.course.items import AnyItem
    from nnedu.course.quiz import Question, Quiz
    from nnedu.outcome import ExerciseOutcome

STUDENTS = ("ada", "ben", "Zoë", "")
FEWEST = 12
TELLING = 5  # digits: a shorter number may stand in a text by chance

Typed = dict[str, str]


def quiz_problems(
    quizzes: Sequence[Quiz], public: Sequence[AskedQuiz], exercises: Sequence[str], files: Mapping[str, bytes]
) -> Iterator[str]:
    """Yield what is wrong with quizzes, as they are graded and as they lie in a bundle."""
    if [quiz.id for quiz in quizzes] != [quiz.id for quiz in public]:
        yield "the bundle does not hold the quizzes of quiz.toml"
        return
    for quiz, shown in zip(quizzes, public, strict=True):
        if quiz.id in exercises:
            yield f"the quiz {quiz.id} has the name of an exercise"
        for question in quiz.questions:
            yield from _form(f"the question {quiz.id}/{question.id}", question)
        for student in STUDENTS:
            yield from _judged(quiz, shown, student)
    texts = {name: _squeeze(data.decode("utf-8")) for name, data in files.items() if name.endswith(TEXT)}
    for quiz in quizzes:
        for question in quiz.questions:
            for name, text in texts.items():
                if any(secret in text for item in question.variants for secret in _secrets(item)):
                    yield f"the bundle gives away the answer to {quiz.id}/{question.id} in {name}"


def right_answers(quizzes: Sequence[Quiz], student: str) -> str:
    """Return answers.toml as a student has it who knows everything."""
    tables = [
        f"\n[{quiz.id}]\n" + "".join(f'{item.id} = "{item.right}"\n' for item in quiz.of(student)) for quiz in quizzes
    ]
    return f'{STUDENT} = "{student}"\n' + "".join(tables)


def _form(name: str, question: Question) -> Iterator[str]:
    """Yield what an author left out."""
    item = question.variants[0]
    if not item.because.strip():
        yield f"{name} has no because, the explanation that a student reads after grading"
    if not item.wrongs:
        yield f"{name} has no wrong answer that shows a misconception"
    if not all(said.strip() for _, said in item.wrongs):
        yield f"{name} has a wrong answer without the misconception that it shows"
    if isinstance(item, Numeric) and item.between is not None and not sealable(item):
        yield f"{name} has {item.space} possible answers: too few to be sealed, so leave out between"
    if 1 < len(question.variants) < FEWEST:
        yield f"{name} has {len(question.variants)} different variants; {FEWEST} are asked for"


def _judged(quiz: Quiz, shown: AskedQuiz, student: str) -> Iterator[str]:
    """Yield answers that are judged wrongly, with the numbers of one student."""
    items = quiz.of(student)
    if [item.asked.text for item in items] != [asked.text for asked in shown.of(student)]:
        yield f"{quiz.id} asks {student!r} other questions than it grades"
        return
    ways: tuple[tuple[str, Callable[[Typed], ExerciseOutcome]], ...] = (
        ("when graded", lambda typed: grade_quiz(quiz, Answers(student, {quiz.id: typed}), student)),
        ("on the student's machine", lambda typed: look_at_quiz(shown, Answers(student, {quiz.id: typed}))),
    )
    right = {item.id: item.right for item in items}
    for where, judge in ways:
        full, empty = judge(right), judge({})
        if full.state is not State.PASSED or full.points != full.max_points:
            yield f"the right answers to {quiz.id} do not get full points {where}: {full.summary}"
        if empty.state is not State.NOT_STARTED or empty.points:
            yield f"no answers to {quiz.id} are judged as {empty.state} {where}"
        for item in items:
            if where == ways[0][0] or sealable(item):
                yield from _rejected(f"{quiz.id}/{item.id}", item, lambda typed, judge=judge: judge(right | typed))  # type: ignore[misc]


def _rejected(name: str, item: AnyItem, judge: Callable[[Typed], ExerciseOutcome]) -> Iterator[str]:
    """Yield wrong answers that are not judged as wrong, or not as what they show."""
    for typed, said in item.wrongs:
        outcome = judge({item.id: typed})
        check = next(check for check in outcome.checks if check.id == item.id)
        if check.state is not State.FAILED or outcome.points != outcome.max_points - item.points:
            yield f"the wrong answer {typed!r} to {name} loses no points"
        elif said not in check.message:
            yield f"the wrong answer {typed!r} to {name} is not recognised"


def _secrets(item: AnyItem) -> list[str]:
    """Return what must not stand in a bundle. Misconceptions do where wrong answers are sealed beside them."""
    said = [] if sealable(item) else [said for _, said in item.wrongs]
    number = [item.right] if isinstance(item, Numeric) and len(re.sub(r"\D", "", item.right)) >= TELLING else []
    return [_squeeze(text) for text in (item.because, *said, *number) if text.strip()]


def _squeeze(text: str) -> str:
    """Leave out what may be written in several ways: spaces, and the escapes of JSON."""
    return re.sub(r"\\n|\\|\s+", "", text)
