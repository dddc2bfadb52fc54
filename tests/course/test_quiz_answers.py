"""What a student typed: understood however it is written, or refused with the reason; the file, whatever is in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnedu.course.answers import MAX_ANSWERS, Answers, read_answers, text_of
from nnedu.course.asked import Asked, AskedQuestion, Form, Seal, canonical
from nnedu.errors import UsageError

CHOICES = ("one", "two", "three", "four")
SINGLE = Asked("q", Form.SINGLE, 1, "?", CHOICES)
MULTIPLE = Asked("q", Form.MULTIPLE, 1, "?", CHOICES)
ORDERED = Asked("q", Form.ORDERED, 1, "?", CHOICES, count=3)
WHOLE = Asked("q", Form.NUMERIC, 1, "?", places=0)
TENTHS = Asked("q", Form.NUMERIC, 1, "?", count=2, places=1)
FREE = Asked("q", Form.NUMERIC, 1, "?")

UNDERSTOOD = [
    (SINGLE, "b", ("b",)),
    (SINGLE, " B) ", ("b",)),
    (MULTIPLE, "c a", ("a", "c")),
    (MULTIPLE, "a, c, a", ("a", "c")),
    (MULTIPLE, "[ca]", ("a", "c")),
    (ORDERED, "bac", ("b", "a", "c")),
    (ORDERED, "b > a > c", ("b", "a", "c")),
    (ORDERED, "b-b-b", ("b", "b", "b")),
    (WHOLE, "101770", ("101770",)),
    (WHOLE, "1e5", ("100000",)),
    (WHOLE, "2.5000000001", ("3",)),
    (TENTHS, "0.25000001 -3", ("3/10", "-3")),
    (TENTHS, "[0.3, 2.40]", ("3/10", "12/5")),
    (TENTHS, "(.3; −2)", ("3/10", "-2")),
    (TENTHS, "0.30000000000000004 -0", ("3/10", "0")),
    (FREE, "+2.50", ("5/2",)),
]


@pytest.mark.parametrize(("asked", "typed", "answer"), UNDERSTOOD)
def test_an_answer_is_understood_however_it_is_written(asked, typed, answer):
    assert asked.read(typed) == answer


REFUSED = [
    (SINGLE, "e", "'e' is none of the choices a to d"),
    (SINGLE, "two", "'t' is none of the choices a to d"),
    (SINGLE, "ab", "it has 2 letters"),
    (SINGLE, "", "it has 0 letters"),
    (ORDERED, "ab", "it has 2 letters"),
    (WHOLE, "many", "'many' is not a number such as -2.5"),
    (WHOLE, "101,770", "it has 2 numbers; write 2.5 with a point, and 1000 without a comma"),
    (WHOLE, "nan", "'nan' is not a number"),
    (WHOLE, "inf", "'inf' is not a number"),
    (WHOLE, "1/3", "'1/3' is not a number"),
    (WHOLE, "1e999999999", "is not a number"),
    (WHOLE, "9" * 5000, "is not a number"),
    (WHOLE, "\uff11", "is not a number"),
    (TENTHS, "0.3", "it has 1 number"),
]


@pytest.mark.parametrize(("asked", "typed", "why"), REFUSED)
def test_what_is_not_understood_is_said_with_what_is_asked_for(asked, typed, why):
    with pytest.raises(UsageError) as caught:
        asked.read(typed)
    assert why in caught.value.sentence
    assert len(caught.value.sentence) < 200
    assert caught.value.next_step == f"Asked for: {asked.how}."


def test_how_a_question_is_answered_is_said():
    assert [asked.how for asked in (SINGLE, MULTIPLE, ORDERED, WHOLE, TENTHS, FREE)] == [
        "one letter",
        "all letters that apply",
        "3 letters in order",
        "a whole number",
        "2 numbers, rounded to 1 decimal",
        "a number",
    ]


@given(st.decimals(-(10**6), 10**6, places=4))
def test_one_number_has_one_way_to_be_written(number):
    assert canonical(format(number, "f"), 4) == canonical(f"{number:.9f}", 4) == canonical(format(number, "f"), None)


@given(st.text())
def test_whatever_is_typed_is_an_answer_or_a_sentence(typed):
    for asked in (SINGLE, MULTIPLE, ORDERED, WHOLE, TENTHS, FREE):
        try:
            answer = asked.read(typed)
        except UsageError:
            continue
        assert all(isinstance(part, str) for part in answer)


def test_a_seal_opens_for_the_right_answer_alone():
    seal = Seal.of("salt", ("101770",), ((("101632",), "the biases are missing"),))
    assert seal.judge(WHOLE.read("101770.0")).right
    wrong, other = seal.judge(("101632",)), seal.judge(("101771",))
    assert (wrong.right, wrong.misconception) == (False, "the biases are missing")
    assert (other.right, other.misconception) == (False, "")
    assert Seal.of("other salt", ("101770",)).right != seal.right
    assert "101770" not in str(seal)


def test_the_same_student_gets_the_same_variant():
    question = AskedQuestion("salt", tuple(Asked(f"q{number}", Form.NUMERIC, 1, "?") for number in range(24)))
    assert question.of("ada") == question.of("ada")
    assert len({question.of(f"student {number}").id for number in range(400)}) == 24


# ------------------------------------------------------------------------------------------------- the file


def test_answers_are_read_whatever_their_type():
    text = '\ufeffstudent = " Zoe\u0308 "\n[quiz]\na = "b"\nb = ["a", "c"]\nc = 2.50\nd = [0.3, 2]\ne = true\nf = ""\n'
    answers = read_answers(text.encode())
    assert answers.student == "Zoë"
    assert answers.given == {"quiz": {"a": "b", "b": "a, c", "c": "2.50", "d": "0.3, 2", "e": "True", "f": ""}}
    assert (answers.to("quiz", "c"), answers.to("quiz", "z"), answers.to("other", "a")) == ("2.50", "", "")


def test_there_may_be_no_file_or_none_that_can_be_read():
    assert read_answers(None) == Answers()
    assert read_answers("answers.toml is not an ordinary file.").problem == "answers.toml is not an ordinary file."


PROBLEMS = {
    "line": (b'student = "ada"\n[quiz]\na = b\n', "not valid TOML: Invalid value (at line 3, column 5)"),
    "latin-1": ('student = "Zoë"\n'.encode("latin-1"), "not UTF-8"),
    "utf-16": ('student = "ada"\n'.encode("utf-16"), "not UTF-8"),
    "loose answer": (b'theorem = "b"\n', "'theorem' stands above the first [quiz]"),
    "student is a number": (b"student = 3\n", 'student is a text, such as student = "ada"'),
    "nested": (b"a = " + b"[" * 1900, "value that answers nothing"),
    "endless integer": (b"[q]\na = " + b"\n  ".join([b"1"]) + b"1" * 1900 + b"\nb = 0x" + b"f" * 1900, ""),
    "large": (b"# " + b"x\n# " * MAX_ANSWERS, "larger than 32 KiB"),
    "long line": (b"a." * 8000 + b"a = 1", "or has a line longer than 2000"),
    "zero bytes": (b"a = \0", "not valid TOML"),
}


@pytest.mark.parametrize(("data", "said"), PROBLEMS.values(), ids=PROBLEMS)
def test_what_is_wrong_with_the_file_is_a_sentence(data, said):
    answers = read_answers(data)
    assert said in answers.problem
    if said:
        assert answers.given == {}


@given(st.binary(max_size=300))
def test_any_bytes_are_answers_or_a_sentence(data):
    answers = read_answers(data)
    assert not answers.problem or answers.given == {}


def test_a_value_is_written_as_it_would_be_typed():
    assert (text_of([0.5, -2]), text_of(3), text_of(" b ")) == ("0.5, -2", "3", "b")
