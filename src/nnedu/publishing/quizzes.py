"""The public form of quizzes: questions without their keys, sealed where that keeps a key."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import msgspec

from nnedu.course.asked import Asked, AskedQuestion, AskedQuiz, Seal
from nnedu.course.items import Numeric
from nnedu.outcome import Kind
from nnedu.publishing.bundle import BundledExercise

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from nnedu.course.items import AnyItem
    from nnedu.course.quiz import Question, Quiz

SPACE = 1_000_000


def public_quizzes(quizzes: Sequence[Quiz]) -> bytes:
    """Return what leaves with students of the quizzes of a lesson."""
    with ThreadPoolExecutor() as pool:  # hashing is slow on purpose, and keeps no other thread waiting
        public = [AskedQuiz(one.id, one.title, tuple([_question(q, pool) for q in one.questions])) for one in quizzes]
    return msgspec.json.format(msgspec.json.encode(public)) + b"\n"


def _question(question: Question, pool: Executor) -> AskedQuestion:
    return AskedQuestion(question.salt, tuple(pool.map(lambda item: _asked(item, question.salt), question.variants)))


def _asked(item: AnyItem, salt: str) -> Asked:
    if not sealable(item):
        return item.asked
    return msgspec.structs.replace(item.asked, seal=Seal.of(salt, item.key, item.distractors))


def sealable(item: AnyItem) -> bool:
    """Whether a seal keeps the key of a question.

    It does where trying all answers takes many minutes. The letters of a choice or of an order are tried in a second,
    however slow the hash; and a number that is only asked for roughly has no hash.
    """
    return isinstance(item, Numeric) and item.space >= SPACE


def bundled_quiz(quiz: Quiz) -> BundledExercise:
    """Return a quiz as an exercise: its points are those that can be earned before grading."""
    points = sum(one.variants[0].points for one in quiz.questions if sealable(one.variants[0]))
    later = sum(one.variants[0].points for one in quiz.questions) - points
    return BundledExercise(quiz.id, "answers", quiz.title, points, (), Kind.QUIZ, later)
