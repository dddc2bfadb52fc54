"""What came of a quiz: on the student's machine, where most answers are only seen to be there, and when graded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from nnedu.course.answers import read_answers
from nnedu.errors import UsageError
from nnedu.outcome import CheckOutcome, ExerciseOutcome, Kind, LessonOutcome, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nnedu.course.answers import Answers
    from nnedu.course.asked import Answer, Asked, AskedQuiz
    from nnedu.course.items import AnyItem
    from nnedu.course.quiz import Quiz

LATER = "judged when graded"


def look_at_quiz(quiz: AskedQuiz, answers: Answers) -> ExerciseOutcome:
    """Say which questions are answered, and of those that are sealed, whether correctly."""
    checks = [_looked_at(number, one, answers, quiz.id) for number, one in enumerate(quiz.of(answers.student), 1)]
    wrong = next((check.summary for check in checks if check.state is State.FAILED), "")
    answered = sum(check.state is not State.NOT_STARTED for check in checks)
    later = sum(not check.max_points for check in checks)
    summary = wrong or f"{answered} of {len(checks)} answered" + (f"; {later} are {LATER}" if later else "")
    state = State.FAILED if wrong else State.PASSED if answered == len(checks) else State.NOT_STARTED
    return _outcome(quiz.id, quiz.title, checks, state, summary)


def grade_quizzes(quizzes: Sequence[Quiz], data: bytes | str | None, student: str) -> list[ExerciseOutcome]:
    """Judge the answers of a student to all quizzes of a lesson, from their file as it came in."""
    answers = read_answers(data)
    return [grade_quiz(quiz, answers, student) for quiz in quizzes]


def grade_quiz(quiz: Quiz, answers: Answers, student: str) -> ExerciseOutcome:
    """Judge every answer of a quiz, each by the numbers that were asked for."""
    checks = [_graded(number, one, answers, quiz.id) for number, one in enumerate(quiz.of(answers.student), 1)]
    right = sum(check.state is State.PASSED for check in checks)
    state = State.PASSED if right == len(checks) else State.FAILED
    outcome = _outcome(quiz.id, quiz.title, checks, state, answers.problem or f"{right} of {len(checks)} right")
    # By another's name a student gets another's numbers. The instructor has to know, and may know why: a platform that
    # names folders its own way makes every student another.
    if outcome.state is State.NOT_STARTED or answers.student == student or not quiz.drawn:
        return outcome
    note = f"The numbers of the quiz are those of {answers.student!r}; it was handed in by {student!r}."
    return msgspec.structs.replace(outcome, notes=(note,))


def with_quizzes(outcome: LessonOutcome, quizzes: Sequence[ExerciseOutcome]) -> LessonOutcome:
    """Return what came of a lesson, its quizzes last."""
    return msgspec.structs.replace(outcome, exercises=(*outcome.exercises, *quizzes))


def is_open(asked: Asked, typed: str) -> bool:
    """Whether a question still wants an answer: there is none, it cannot be read, or it is known to be wrong."""
    if not typed:
        return True
    try:
        answer = asked.read(typed)
    except UsageError:
        return True
    return asked.seal is not None and not asked.seal.judge(answer).right


def _looked_at(number: int, asked: Asked, answers: Answers, quiz: str) -> CheckOutcome:
    judge = asked.seal.judge if asked.seal else None
    sentence = f"question {number} ({asked.id}) is answered" + (" correctly" if judge else "")
    blank = CheckOutcome(asked.id, sentence, State.NOT_STARTED, 0, asked.points if judge else 0)
    answer = _read(asked, answers, quiz, blank)
    if isinstance(answer, CheckOutcome):
        return answer
    verdict = judge(answer) if judge else None
    if verdict is None or verdict.right:
        return msgspec.structs.replace(blank, state=State.PASSED, points=blank.max_points)
    return _wrong(blank, answers.to(quiz, asked.id), verdict.misconception)


def _graded(number: int, item: AnyItem, answers: Answers, quiz: str) -> CheckOutcome:
    asked = item.asked
    sentence = f"question {number} ({asked.id}) is answered correctly"
    blank = CheckOutcome(asked.id, sentence, State.NOT_STARTED, 0, asked.points)
    answer = _read(asked, answers, quiz, blank)
    if isinstance(answer, CheckOutcome):
        return answer
    verdict = item.judge(answer)
    if verdict.right:
        return msgspec.structs.replace(blank, state=State.PASSED, points=asked.points)
    return _wrong(blank, answers.to(quiz, asked.id), f"{verdict.misconception}\n{item.because}".strip())


def _read(asked: Asked, answers: Answers, quiz: str, blank: CheckOutcome) -> Answer | CheckOutcome:
    """Return the answer to a question, or what comes of having none."""
    typed = answers.to(quiz, asked.id)
    if answers.problem:
        return _failed(blank, answers.problem, answers.problem)
    if not typed:
        return msgspec.structs.replace(blank, summary="not answered")
    try:
        return asked.read(typed)
    except UsageError as error:
        return _failed(blank, str(error), f"the answer to {asked.id} is not understood")


def _wrong(blank: CheckOutcome, typed: str, said: str) -> CheckOutcome:
    return _failed(blank, f"The answer {typed!r} is not right.\n{said}".strip(), f"{blank.id}: not right")


def _failed(blank: CheckOutcome, message: str, summary: str) -> CheckOutcome:
    return msgspec.structs.replace(blank, state=State.FAILED, message=message, summary=summary)


def _outcome(name: str, title: str, checks: Sequence[CheckOutcome], state: State, summary: str) -> ExerciseOutcome:
    if all(check.state is State.NOT_STARTED for check in checks):
        state, summary = State.NOT_STARTED, "not started"
    earned, full = sum(check.points for check in checks), sum(check.max_points for check in checks)
    return ExerciseOutcome(name, "answers", title, state, earned, full, summary, checks=tuple(checks), kind=Kind.QUIZ)
