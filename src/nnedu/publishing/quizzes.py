"""The public form of quizzes: questions without their keys, sealed where that keeps a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from nnedu.course.asked import Asked, AskedQuestion, AskedQuiz, Seal
from nnedu.course.items import Numeric
from nnedu.outcome import Kind
from nnedu.publishing.bundle import BundledExercise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nnedu.course.items import AnyItem
    from nnedu.course.quiz import Question, Quiz

SPACE = 1_000_000


def public_quizzes(quizzes: Sequence[Quiz]) -> bytes:
    """Return what leaves with students of the quizzes of a lesson."""
    public = [AskedQuiz(quiz.id, quiz.title, tuple(map(_question, quiz.questions))) for quiz in quizzes]
    return msgspec.json.format(msgspec.json.encode(public)) + b"\n"


def _question(question: Question) -> AskedQuestion:
    return AskedQuestion(question.salt, tuple(_asked(item, question.salt) for item in question.variants))


def _asked(item: AnyItem, salt: str) -> Asked:
    if not sealable(item):
        return item.asked
    return msgspec.structs.replace(item.asked, seal=Seal.of(salt, item.key, item.distractors))


def sealable(item: AnyItem) -> bool:
    """Whether a seal keeps the key of a question.

    It does where trying all answers takes an hour and not a second. The letters of a choice or of an order are tried at
    once, however slow the hash; and a number that is only asked for roughly has no hash.
    """
    return isinstance(item, Numeric) and item.space >= SPACE


def bundled_quiz(quiz: Quiz) -> BundledExercise:
    """Return a quiz as an exercise: its points are those that can be earned before grading."""
    points = sum(one.variants[0].points for one in quiz.questions if sealable(one.variants[0]))
    later = sum(one.variants[0].points for one in quiz.questions) - points
    return BundledExercise(quiz.id, "answers", quiz.title, points, (), Kind.QUIZ, later)
