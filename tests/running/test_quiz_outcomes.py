"""What comes of a quiz: on the student's machine, and when it is graded."""

import pytest

from nnedu.course import load_course
from nnedu.course.answers import Answers
from nnedu.course.quiz import load_quizzes
from nnedu.outcome import Kind, State
from nnedu.publishing.build import build
from nnedu.publishing.bundle import Bundle, contents
from nnedu.running.quiz import grade_quiz, grade_quizzes, is_open, look_at_quiz

STUDENT = "ada"


@pytest.fixture
def quiz(quizzed):
    course = load_course(quizzed)
    return load_quizzes(course, course.lesson("lines"))[0]


@pytest.fixture
def public(quizzed, tmp_path):
    course = load_course(quizzed)
    folder = tmp_path / "bundle"
    for name, data in contents(build(course, course.lesson("lines"))).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return Bundle(folder)


@pytest.fixture
def right(quiz):
    return {item.id: item.right for item in quiz.of(STUDENT)}


def answers(typed, student=STUDENT, **more):
    return Answers(student, {"quiz_lines": typed | more})


def states(outcome):
    return {check.id: check.state.value for check in outcome.checks}


def test_all_right_is_full_points_when_graded(quiz, right):
    outcome = grade_quiz(quiz, answers(right), STUDENT)
    assert (outcome.state, outcome.points, outcome.max_points) == (State.PASSED, 6, 6)
    assert (outcome.kind, outcome.file, outcome.summary) == (Kind.QUIZ, "answers.toml", "5 of 5 right")
    assert outcome.notes == ()


def test_each_answer_earns_on_its_own(quiz, right):
    outcome = grade_quiz(quiz, answers(right, slope="a", through_zero="", third="three"), STUDENT)
    assert (outcome.state, outcome.points, outcome.max_points) == (State.FAILED, 2, 6)
    assert outcome.summary == "2 of 5 right"
    assert states(outcome) == {
        "slope": "failed",
        "through_zero": "not_started",
        "steepest": "passed",
        "values": "passed",
        "third": "failed",
    }
    messages = {check.id: check.message for check in outcome.checks}
    assert messages["slope"].splitlines() == [
        "The answer 'a' is not right.",
        "That is where the line meets the y axis.",
        "The slope is what y gains when x gains 1.",
    ]
    assert messages["through_zero"] == messages["steepest"] == ""
    assert messages["third"].splitlines() == [
        "The answer 'three' is not understood: 'three' is not a number such as -2.5.",
        "Asked for: a number.",
    ]


def test_nothing_answered_is_not_started(quiz):
    for given in (Answers(), Answers(STUDENT), answers({})):
        outcome = grade_quiz(quiz, given, STUDENT)
        assert (outcome.state, outcome.points, outcome.max_points) == (State.NOT_STARTED, 0, 6)
        assert outcome.summary == "not started"
        assert outcome.notes == ()


def test_half_an_answered_quiz_is_not_done(quiz, right):
    outcome = grade_quiz(quiz, answers({"slope": right["slope"]}), STUDENT)
    assert (outcome.state, outcome.points, outcome.summary) == (State.FAILED, 1, "1 of 5 right")


def test_the_numbers_of_another_are_judged_as_such_and_noted(quiz, right):
    """Nobody loses by how a platform names folders; who hands in a friend's file is seen."""
    outcome = grade_quiz(quiz, answers(right), "ben")
    assert outcome.points == 6
    assert outcome.notes == ("The numbers of the quiz are those of 'ada'; it was handed in by 'ben'.",)
    claimed = next(s for s in ("ben", "cem", "dora") if quiz.of(s)[3] != quiz.of(STUDENT)[3])
    assert states(grade_quiz(quiz, answers(right, claimed), claimed))["values"] == "failed"


def test_a_file_that_cannot_be_read_fails_every_question_and_says_so(quiz):
    (outcome, other) = grade_quizzes((quiz, quiz), b"a = b", STUDENT)
    assert outcome == other
    assert (outcome.state, outcome.points) == (State.FAILED, 0)
    assert outcome.summary.startswith("answers.toml is not valid TOML")
    assert {check.message for check in outcome.checks} == {outcome.summary}
    assert grade_quizzes((quiz,), None, STUDENT)[0].state is State.NOT_STARTED


def test_before_grading_answers_are_only_seen_to_be_there(public, right):
    (quiz, other) = public.quizzes()
    outcome = look_at_quiz(quiz, answers(right, slope="a", third="77"))
    assert (outcome.state, outcome.points, outcome.max_points) == (State.PASSED, 1, 1)
    assert outcome.summary == "5 of 5 answered; 4 are judged when graded"
    assert set(states(outcome).values()) == {"passed"}
    assert [check.sentence for check in outcome.checks][::3] == [
        "question 1 (slope) is answered",
        "question 4 (values) is answered correctly",
    ]
    assert look_at_quiz(other, answers(right)).state is State.NOT_STARTED


def test_what_is_sealed_is_judged_right_away_and_its_misconception_named(public, quiz, right):
    (shown, _) = public.quizzes()
    wrong = quiz.of(STUDENT)[3].wrongs[0][0]
    outcome = look_at_quiz(shown, answers(right, values=wrong))
    assert (outcome.state, outcome.points, outcome.max_points) == (State.FAILED, 0, 1)
    assert outcome.summary == "values: not right"
    assert outcome.first_failure.message == f"The answer {wrong!r} is not right.\nSlope and offset are swapped."


def test_before_grading_an_answer_out_of_form_is_said(public, right):
    outcome = look_at_quiz(public.quizzes()[0], answers(right, slope="z"))
    assert (outcome.state, outcome.summary) == (State.FAILED, "the answer to slope is not understood")


def test_before_grading_some_answers_are_a_beginning(public, right):
    outcome = look_at_quiz(public.quizzes()[0], answers({"slope": "b", "values": right["values"]}))
    assert (outcome.state, outcome.points) == (State.NOT_STARTED, 1)
    assert outcome.summary == "2 of 5 answered; 4 are judged when graded"


def test_open_is_what_is_unanswered_or_known_to_be_wrong(public, quiz, right):
    slope, _, _, values, _ = public.quizzes()[0].of(STUDENT)
    wrong = quiz.of(STUDENT)[3].wrongs[0][0]
    found = [is_open(slope, typed) for typed in ("", "z", "a", "b")]
    assert found == [True, True, False, False]
    assert [is_open(values, typed) for typed in ("1", wrong, right["values"])] == [True, True, False]


def test_the_manifest_counts_what_can_be_earned_before_grading(public):
    quizzes = [one for one in public.manifest.exercises if one.kind is Kind.QUIZ]
    assert [(one.id, one.points, one.file) for one in quizzes] == [
        ("quiz_lines", 1, "answers.toml"),
        ("mended_lines", 0, "answers.toml"),
    ]
    assert public.manifest.has_quiz
