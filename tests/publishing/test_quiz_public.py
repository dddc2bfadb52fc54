"""What of a quiz leaves with students: the questions, and a seal where that keeps the key."""

import json

import pytest

from nnedu.course import load_course
from nnedu.course.asked import sealed
from nnedu.course.quiz import load_quizzes
from nnedu.errors import UsageError
from nnedu.publishing.build import build
from nnedu.publishing.bundle import QUIZ, Bundle, contents
from nnedu.publishing.quizzes import SPACE, public_quizzes, sealable


@pytest.fixture
def quizzes(quizzed):
    course = load_course(quizzed)
    return load_quizzes(course, course.lesson("lines"))


def test_no_key_and_no_explanation_leaves(quizzes):
    data = public_quizzes(quizzes).decode()
    for quiz in quizzes:
        for question in quiz.questions:
            for item in question.variants:
                assert item.because not in data
                assert sealable(item) or not any(said in data for _, said in item.wrongs)
                assert sealable(item) or sealed(question.salt, item.key) not in data
    allowed = {"id", "title", "questions", "salt", "variants", "form", "points", "text", "choices", "count", "places"}
    assert keys(json.loads(data)) == allowed | {"seal", "right", "known"}


def keys(value):
    if isinstance(value, dict):
        return set(value).union(*map(keys, value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


def test_only_numbers_from_a_large_space_are_sealed(quizzes):
    """Whatever the salt: the four letters of a choice are tried in no time."""
    found = {question.id: sealable(question.variants[0]) for quiz in quizzes for question in quiz.questions}
    assert found == {
        "slope": False,
        "through_zero": False,
        "steepest": False,
        "values": True,
        "third": False,
        "which_lines": False,
    }
    assert quizzes[0].questions[3].variants[0].space == 2001**2 >= SPACE
    public = json.loads(public_quizzes(quizzes))
    asked = [variant for quiz in public for question in quiz["questions"] for variant in question["variants"]]
    assert {variant["id"] for variant in asked if "seal" in variant} == {"values"}


def test_too_small_a_space_is_not_sealed(quizzed):
    path = quizzed / "graders" / "lesson01_lines" / "quiz.toml"
    path.write_text(path.read_text().replace("between = [-100, 100]", "between = [-40, 40]"))
    course = load_course(quizzed)
    item = load_quizzes(course, course.lesson("lines"))[0].questions[3].variants[0]
    assert (item.space, sealable(item)) == (801**2, False)


def test_a_bundle_is_the_same_each_time_and_one_without_a_quiz_has_none(quizzed):
    course = load_course(quizzed)
    assert build(course, course.lesson("lines")) == build(course, course.lesson("lines"))
    assert QUIZ not in contents(build(course, course.lesson("sums")))


def test_a_damaged_quiz_is_a_sentence(quizzed, tmp_path):
    course = load_course(quizzed)
    folder = tmp_path / "bundle"
    for name, data in contents(build(course, course.lesson("lines"))).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    (folder / QUIZ).write_bytes((folder / QUIZ).read_bytes().replace(b'"salt"', b'"answer"'))
    with pytest.raises(UsageError) as caught:
        Bundle(folder).quizzes()
    assert "is damaged" in caught.value.sentence
    (folder / QUIZ).unlink()
    assert Bundle(folder).quizzes() == ()
