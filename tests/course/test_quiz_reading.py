"""quiz.toml and quiz_numbers.py: read whole, with the same numbers everywhere, or refused with the question."""

import shutil
from decimal import Decimal
from fractions import Fraction

import pytest

from nnedu.course import load_course
from nnedu.course.draw import Draw, derived, pick
from nnedu.course.quiz import VARIANTS, load_quizzes
from nnedu.errors import CourseFault

LINES = "lesson01_lines"
RIGHT = {"slope": "b", "through_zero": "a c", "steepest": "b a c", "third": "0.33", "which_lines": "b"}


def load(root):
    course = load_course(root)
    return load_quizzes(course, course.lesson(LINES))


def question(root, name):
    return next(one for quiz in load(root) for one in quiz.questions if one.id == name)


def edit(root, old, new, file="quiz.toml"):
    path = root / "graders" / LINES / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    path.write_text(text.replace(old, new), "utf-8")


def test_a_lesson_without_a_quiz_has_none(tiny):
    assert load_quizzes(tiny, tiny.lesson(LINES)) == ()


def test_the_quizzes_of_a_lesson(quizzed):
    lines, mended = load(quizzed)
    assert (lines.id, lines.title, lines.max_points) == ("quiz_lines", "what lines do", 6)
    assert [one.id for one in lines.questions] == ["slope", "through_zero", "steepest", "values", "third"]
    assert (mended.id, mended.max_points, mended.drawn, lines.drawn) == ("mended_lines", 1, False, True)
    assert [len(one.variants) for one in lines.questions] == [1, 1, 1, VARIANTS, 1]


@pytest.mark.parametrize(("name", "typed"), RIGHT.items())
def test_right_answers_are_right(quizzed, name, typed):
    item = question(quizzed, name).of("ada")
    assert item.judge(item.asked.read(typed)).right
    assert item.judge(item.key).right


WRONG = [
    ("slope", "a", "That is where the line meets the y axis."),
    ("slope", "c", "That is y at x = 1."),
    ("through_zero", "a b c", "At x = 0 it is at 3."),
    ("through_zero", "b d", "At x = 0 it is at 3. It is at 1 everywhere."),
    ("through_zero", "a", "All that you ticked is right, but something that is right is not ticked."),
    ("steepest", "a b c", "A slope of -1 is less than one of 1."),
    ("steepest", "c c c", ""),
    ("third", "0.30", "Three tenths are less."),
    ("third", "0.4", ""),
]


@pytest.mark.parametrize(("name", "typed", "said"), WRONG)
def test_wrong_answers_show_their_misconception(quizzed, name, typed, said):
    item = question(quizzed, name).of("ada")
    verdict = item.judge(item.asked.read(typed))
    assert (verdict.right, verdict.misconception) == (False, said)


@pytest.mark.parametrize(
    ("within", "typed", "right"),
    [
        ("within = 0.01", "0.343333", True),
        ("within = 0.01", "0.343334", False),
        ("relative = 0.05", "0.34999965", True),
        ("relative = 0.05", "0.34999966", False),
        ("places = 2", "0.3349", True),
        ("places = 2", "0.3351", False),
    ],
)
def test_a_tolerance_ends_where_it_says(quizzed, within, typed, right):
    """By exact arithmetic: there is no last digit that a float would round over the edge."""
    edit(quizzed, "within = 0.01", within)
    item = question(quizzed, "third").of("ada")
    assert item.judge(item.asked.read(typed)).right is right


def test_every_variant_has_its_own_numbers_and_the_answer_that_follows(quizzed):
    for item in question(quizzed, "values").variants:
        slope, rest = item.text.removeprefix("What is ").split("x + ")
        offset, rest = rest.split(" at x = ")
        x = rest.split(",")[0]
        right = [Fraction(slope) * times * Fraction(x) + Fraction(offset) for times in (1, 2)]
        assert [Fraction(number) for number in item.key] == right
        assert item.judge(item.distractors[0][0]).misconception == "Slope and offset are swapped."
    texts = {item.text for item in question(quizzed, "values").variants}
    assert len(texts) == VARIANTS


def test_numbers_are_the_same_on_every_machine(quizzed):
    """These were drawn once and written down: a bundle and the grading of its answers may lie years apart."""
    draw = Draw(b"key")
    drawn = [draw.integer(0, 1000), draw.integer(-5, 5), draw.decimal(-1, 1, 3), draw.choice("abcdef")]
    assert drawn == [473, 1, Decimal("-0.153"), "b"]
    assert str(draw.decimal(2, 2, 2)) == "2.00"
    assert derived("key", "a", "b").hex()[:16] == "fc2a18b4698f83ee"
    assert [pick("salt", name, 24) for name in ("ada", "ben", "Zoë", "")] == [18, 12, 21, 0]
    assert question(quizzed, "values").of("ada").text == "What is 3.2x + -7.2 at x = 2, and what at twice that?"


def test_who_one_is_decides_the_numbers_and_so_does_the_key_of_the_course(quizzed):
    values = question(quizzed, "values")
    texts = {values.of(f"student {number}").text for number in range(200)}
    assert len(texts) > VARIANTS // 2
    assert values.of("ada") == question(quizzed, "values").of("ada")
    (quizzed / "course.toml").write_text((quizzed / "course.toml").read_text().replace('key = "tiny"', 'key = "other"'))
    other = question(quizzed, "values")
    assert other.salt != values.salt
    assert {item.text for item in other.variants}.isdisjoint(item.text for item in values.variants)


def test_draws_stay_in_their_bounds_and_reach_them():
    draw = Draw(b"bounds")
    assert {draw.integer(-2, 2) for _ in range(200)} == {-2, -1, 0, 1, 2}
    assert {draw.choice("ab") for _ in range(50)} == {"a", "b"}
    tenths = {draw.decimal(-1, 1, 1) for _ in range(400)}
    assert tenths == {Decimal(number).scaleb(-1) for number in range(-10, 11)}


BROKEN = {
    "no TOML": ("[quiz_lines]", "[quiz_lines", "cannot be read"),
    "no kind": ('kind = "single"\n', "", "the question slope of quiz_lines: Object missing required field `kind`"),
    "unknown kind": ('kind = "single"', 'kind = "essay"', "the question slope of quiz_lines: Invalid value 'essay'"),
    "unknown key": ('id = "slope"', 'id = "slope"\nhint = 3', "unknown field `hint`"),
    "no title": ('title = "what lines do"', "", "missing required field `title`"),
    "id": ('id = "slope"', 'id = "the slope"', "the id 'the slope' is not a name"),
    "points": ("points = 2", "points = 0", "the question through_zero of quiz_lines: it is worth no points"),
    "nothing right": ('{ text = "2", right = true }', '{ text = "2" }', "at least one has to be right"),
    "two right": (
        '{ text = "1", misconception',
        '{ text = "1", right = true, misconception',
        "its kind is then multiple",
    ),
    "same text": ('{ text = "1", mis', '{ text = "3", mis', "two of its choices have the same text"),
    "foreign letter": ('answer = "b a c"', 'answer = "b a d"', "'d' is none of the choices a to c"),
    "no answer": ("answer = 0.333333", 'answer = ""', "it has no right answer"),
    "wrong is right": ('[{ answer = "a b c"', '[{ answer = "bac"', "one of its wrong answers is right"),
    "wrong within tolerance": ("[{ answer = 0.3,", "[{ answer = 0.34,", "one of its wrong answers is right"),
    "places and within": ("within = 0.01", "within = 0.01\nplaces = 2", "either places, or within or relative"),
    "neither": ("within = 0.01", "", "either places, or within or relative"),
    "no question": ("[mended_lines]", '[empty]\ntitle = "e"\nquestion = []\n[mended_lines]', "length >= 1"),
    "not drawn": ('answer = "{both}"', 'answer = "{bot}"', "nothing was drawn for {bot}"),
    "twice": ('id = "third"', 'id = "slope"', "slope is not the id of just one question"),
    "numbers for nobody": ('id = "values"', 'id = "value"', "values is not the id of just one question"),
}


@pytest.mark.parametrize(("old", "new", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_quiz_is_refused(quizzed, old, new, said):
    edit(quizzed, old, new)
    with pytest.raises(CourseFault) as caught:
        load(quizzed)
    assert said in caught.value.sentence
    assert "quiz.toml" in caught.value.sentence


NUMBERS = {
    "raises": ("draw.integer(2, 5)", "draw.integer(2) / 0", "the question values of quiz_lines: its numbers cannot"),
    "a float": ("draw.integer(2, 5)", "0.5", "TypeError"),
    "no Python": ("return {", "return {{{", "quiz_numbers.py cannot be run: SyntaxError"),
}


@pytest.mark.parametrize(("old", "new", "said"), NUMBERS.values(), ids=NUMBERS)
def test_broken_numbers_are_refused(quizzed, old, new, said):
    edit(quizzed, old, new, "quiz_numbers.py")
    with pytest.raises(CourseFault) as caught:
        load(quizzed)
    assert said in caught.value.sentence


def test_nothing_is_written_where_the_numbers_are_run(quizzed):
    shutil.rmtree(quizzed / "graders" / LINES / "__pycache__", ignore_errors=True)
    load(quizzed)
    assert not (quizzed / "graders" / LINES / "__pycache__").exists()
