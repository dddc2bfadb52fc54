"""The proof of quizzes: what an author left out or let out is said, question by question."""

import pytest

from nnedu.authoring.quizzes import quiz_problems, right_answers
from nnedu.authoring.verify import verify
from nnedu.course import load_course
from nnedu.course.answers import Answers
from nnedu.course.asked import Verdict
from nnedu.course.quiz import load_quizzes
from nnedu.publishing.build import build
from nnedu.publishing.bundle import QUIZ, Bundle, contents
from nnedu.running.quiz import grade_quiz, grade_quizzes

LINES = "lesson01_lines"


def opened(root, folder):
    """Return the quizzes with their keys, those of the bundle, and the files of the bundle."""
    course = load_course(root)
    lesson = course.lesson(LINES)
    files = contents(build(course, lesson))
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return load_quizzes(course, lesson), Bundle(folder).quizzes(), files


def problems(root, folder, **more):
    quizzes, public, files = opened(root, folder)
    return list(quiz_problems(quizzes, public, ["slope"], files | more))


def edit(root, old, new, file="quiz.toml"):
    path = root / "graders" / LINES / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    path.write_text(text.replace(old, new), "utf-8")


def test_a_whole_quiz_has_no_problem(quizzed, tmp_path):
    assert problems(quizzed, tmp_path / "b") == []


def test_verify_proves_the_quiz_too(quizzed):
    course = load_course(quizzed)
    edit(quizzed, 'because = "-1, 1, 2."', 'because = ""')
    report = verify(course, course.lesson(LINES))
    assert report.problems == [
        "the question quiz_lines/steepest has no because, the explanation that a student reads after grading"
    ]
    lines, mended = report.rows[-2:]
    assert (lines.id, lines.points, lines.checks, lines.hidden) == ("quiz_lines", 6, 5, 4)
    assert (lines.mistakes, lines.diagnosed, lines.variants) == (7, 7, 24)
    assert (mended.id, mended.points, mended.checks, mended.hidden, mended.variants) == ("mended_lines", 1, 1, 1, 0)


LEFT_OUT = {
    "misconception": (
        ', misconception = "That is y at x = 1."',
        "",
        "the question quiz_lines/slope has a wrong answer without the misconception that it shows",
    ),
    "wrong answers": (
        'wrong = [{ answer = 0.3, misconception = "Three tenths are less." }]\n',
        "",
        "the question quiz_lines/third has no wrong answer that shows a misconception",
    ),
    "space": (
        "between = [-100, 100]",
        "between = [0, 9]",
        "the question quiz_lines/values has 8281 possible answers: too few to be sealed, so leave out between",
    ),
}


@pytest.mark.parametrize(("old", "new", "said"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_was_left_out_is_said(quizzed, tmp_path, old, new, said):
    edit(quizzed, old, new)
    assert problems(quizzed, tmp_path / "b") == [said]


def test_too_few_variants_are_said(quizzed, tmp_path):
    drawn = "draw.decimal(2, 5, 1), draw.decimal(-9, -6, 1), draw.integer(2, 5)"
    edit(quizzed, drawn, "draw.integer(2, 5), -7, 3", "quiz_numbers.py")
    assert problems(quizzed, tmp_path / "b") == [
        "the question quiz_lines/values has 4 different variants; 12 are asked for"
    ]


def test_a_quiz_with_the_name_of_an_exercise(quizzed, tmp_path):
    edit(quizzed, "[quiz_lines]", "[slope]")
    path = quizzed / "graders" / LINES / "quiz.toml"
    path.write_text(path.read_text().replace("[[quiz_lines.question]]", "[[slope.question]]"))
    assert problems(quizzed, tmp_path / "b") == ["the quiz slope has the name of an exercise"]


def test_the_same_misconception_for_the_wrong_number_is_noticed(quizzed, tmp_path):
    """Two wrong answers that are one number: the second can never be recognised."""
    edit(
        quizzed,
        'wrong = [{ answer = 0.3, misconception = "Three tenths are less." }]',
        'wrong = [{ answer = 0.3, misconception = "Low." }, { answer = 0.301, misconception = "Also low." }]',
    )
    assert problems(quizzed, tmp_path / "b") == ["the wrong answer '0.301' to quiz_lines/third is not recognised"] * 4


def test_a_bundle_of_other_questions_is_noticed(quizzed, tmp_path):
    quizzes, _, files = opened(quizzed, tmp_path / "a")
    edit(quizzed, "What is the slope of", "How steep is")
    _, other, _ = opened(quizzed, tmp_path / "b")
    assert "quiz_lines asks 'ada' other questions than it grades" in list(quiz_problems(quizzes, other, [], files))
    assert list(quiz_problems(quizzes, (), [], files)) == ["the bundle does not hold the quizzes of quiz.toml"]


def test_a_seal_that_does_not_open_is_noticed(quizzed, tmp_path):
    quizzes, public, files = opened(quizzed, tmp_path / "a")
    edit(quizzed, '"both": [slope * x + offset,', '"both": [slope * x - offset,', "quiz_numbers.py")
    _, other, _ = opened(quizzed, tmp_path / "b")
    found = list(quiz_problems(quizzes, other, [], files))
    assert "the right answers to quiz_lines do not get full points on the student's machine: values: not right" in found
    assert list(quiz_problems(quizzes, public, [], files)) == []


LEAKS = {
    "explanation": b"The slope is what y gains\n when x gains 1.",
    "misconception": b"At x = 0\nit is at 3.",
    "number": b"it is 0.333333, as everybody knows",
}


@pytest.mark.parametrize("text", LEAKS.values(), ids=LEAKS)
def test_a_key_in_a_bundle_is_noticed(quizzed, tmp_path, text):
    found = problems(quizzed, tmp_path / "b", **{"README.md": text})
    assert len(found) == 1
    assert found[0].startswith("the bundle gives away the answer to quiz_lines/")
    assert found[0].endswith(" in README.md")


def test_the_quiz_of_the_author_in_a_bundle_is_noticed(quizzed, tmp_path):
    source = (quizzed / "graders" / LINES / "quiz.toml").read_bytes()
    assert len(problems(quizzed, tmp_path / "b", **{QUIZ: source})) == 6


def test_who_knows_everything_gets_everything(quizzed, tmp_path):
    """The simulated students of the demonstration."""
    quizzes, _, _ = opened(quizzed, tmp_path / "b")
    outcomes = grade_quizzes(quizzes, right_answers(quizzes, "ada").encode(), "ada")
    assert [one.points for one in outcomes] == [quiz.max_points for quiz in quizzes]


def test_a_judge_that_takes_anything_is_noticed(quizzed, tmp_path, monkeypatch):
    monkeypatch.setattr("nnedu.course.items.Item.judge", lambda item, answer: Verdict(right=True))
    found = problems(quizzed, tmp_path / "b")
    assert "the wrong answer 'a' to quiz_lines/slope loses no points" in found
    assert len(found) == 4 * 8  # every wrong answer of every student that is tried


def test_points_for_nothing_are_noticed(quizzed, tmp_path, monkeypatch):
    def generous(quiz, answers, student):
        return grade_quiz(quiz, Answers(student, {quiz.id: {i.id: i.right for i in quiz.of(student)}}), student)

    monkeypatch.setattr("nnedu.authoring.quizzes.grade_quiz", generous)
    assert "no answers to quiz_lines are judged as passed when graded" in problems(quizzed, tmp_path / "b")
