"""Tables, grades and feedback: pure functions of outcomes, safe to open anywhere."""

import csv
import io
import json
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from reporting_outcomes import LESSON, SCREENS, TITLE, check, exercise, lesson
from test_reporting_terminal import agrees_with_golden

from nnedu.outcome import LessonOutcome, State, lesson_json
from nnedu.reporting.feedback import feedback_text, plain
from nnedu.reporting.tables import (
    JSON_BETWEEN,
    JSON_END,
    class_row,
    class_table,
    csv_head,
    csv_row,
    json_head,
    json_row,
    safe_cell,
    text_table,
    verify_table,
)


@dataclass
class Graded:
    """What came of one submission."""

    student: str
    outcome: LessonOutcome
    problem: str = ""


SECRET = "the answer was 41.5"  # noqa: S105 - what a hidden check found
HIDDEN = lesson(
    exercise(
        "backprop",
        State.FAILED,
        SECRET,
        check("form", "returns a dict"),
        check("far", "is right for large inputs", State.FAILED, message=SECRET, summary=SECRET, hidden=True),
        notes=(SECRET,),
    )
)

CLASS = [
    Graded("ada", SCREENS["success"]),
    Graded("ben", SCREENS["factor_m"]),
    Graded("chloe the second", SCREENS["every_state"]),
    Graded("dev", SCREENS["nothing_started"], "It holds none of gradients.py, backprop.py."),
]


def grades_csv(graded):
    exercises = [one.id for one in graded[0].outcome.exercises]
    return csv_head(exercises) + "".join(map(csv_row, graded))


def grades_json(graded):
    return json_head(LESSON, 16, {"engine": "nnedu"}) + JSON_BETWEEN.join(map(json_row, graded)) + JSON_END


def test_a_text_table_has_straight_columns():
    """The first column to the left, the others to the right, nothing at the end of a line."""
    assert text_table(("name", "points"), [("ada", 10), ("b", 7)]).splitlines() == [
        "name  points",
        "----  ------",
        "ada       10",
        "b          7",
    ]
    assert text_table(("name",), []).splitlines() == ["name", "----"]


def test_the_table_of_a_class():
    """A row a student, a column an exercise; the legend says which, and what the signs are."""
    same = [Graded(one.student, SCREENS["factor_m"] if one.student == "ada" else one.outcome) for one in CLASS[:2]]
    exercises = [one.id for one in same[0].outcome.exercises]
    agrees_with_golden("class_table", class_table(exercises, list(map(class_row, same))))


def test_the_names_below_the_table_of_a_class_stay_whole():
    """A lesson of twelve has more of them than a line has room; a number stays with its name."""
    exercises = [f"exercise_{'n' * (n % 7)}_{n}" for n in range(24)]
    below = class_table(exercises, [["ada", "0/9", *"-" * 24, "x"]]).partition("\n\n")[2]
    *lines, _ = below.splitlines()
    assert len(lines) > 3
    assert max(map(len, lines)) <= 100
    assert "  ".join(lines).split("  ") == [f"{number} {name}" for number, name in enumerate(exercises, 1)]


def test_the_table_of_an_empty_class():
    """No submissions is no error."""
    assert class_table(["backprop"], []) == "no submissions"
    assert csv_head(["backprop"]) == "student,points,max_points,backprop,problem,by_hand\n"


def test_the_table_of_what_was_proved():
    """A row an exercise, and the sums."""
    row = SimpleNamespace(id="backprop", points=9, checks=4, hidden=1, mistakes=7, diagnosed=6, variants=3)
    report = SimpleNamespace(lesson=LESSON, rows=[row, row], problems=[], seconds=1.25)
    agrees_with_golden("verify_table", verify_table(report))
    nothing = SimpleNamespace(lesson=LESSON, rows=[], problems=[], seconds=0.0)
    assert verify_table(nothing).splitlines()[-1].split() == ["all", "0", "0", "0", "0", "0/0", "0"]


@pytest.mark.parametrize("graded", CLASS, ids=lambda one: one.student)
def test_feedback(graded):
    """What a student reads: points, what is not right, and the first message of each exercise."""
    text = feedback_text(graded.student, TITLE, graded.outcome, graded.problem)
    agrees_with_golden(f"feedback_{graded.student.split()[0]}", text)


def test_feedback_keeps_what_hidden_checks_found():
    """That a hidden check failed is said, with its sentence; what it was given, and what came back, is not."""
    text = feedback_text("ada", TITLE, HIDDEN)
    assert SECRET not in text
    assert "41.5" not in text
    assert "not yet: backprop is right for large inputs (0/2, checked on other inputs)" in text
    assert "2 of 4 points" in text


def test_the_first_public_message_is_shown_even_after_a_hidden_failure():
    """A hidden check that fails first does not keep the student from what a public one found."""
    outcome = lesson(
        exercise(
            "backprop",
            State.FAILED,
            "wrong",
            check("far", "is right for large inputs", State.FAILED, message=SECRET, hidden=True),
            check("near", "is right for small inputs", State.FAILED, message="dW1 is transposed"),
        )
    )
    text = feedback_text("ada", TITLE, outcome)
    assert "        dW1 is transposed" in text
    assert SECRET not in text


@pytest.mark.parametrize("text", ["\x1b[31m", "bell\x07", "\x9b2J", "a\rb", "\u202ereversed", "\x00", "a\x7fb"])
def test_feedback_has_nothing_that_a_terminal_obeys(text):
    """Whatever is in a message or a name, a control character becomes a question mark."""
    outcome = lesson(exercise("backprop", State.RAISED, text, check("form", "returns", State.RAISED, message=text)))
    shown = feedback_text(text, TITLE, outcome, text)
    assert all(c.isprintable() or c == "\n" for c in shown)
    assert plain("tab\tand\nline stay") == "tab\tand\nline stay"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(name):
    """A name that a spreadsheet would compute is marked as text; the column is still one column."""
    graded = [Graded(name, SCREENS["success"], problem=name)]
    (_, row) = csv.reader(io.StringIO(grades_csv(graded), newline=""))
    assert row[0] == row[-2] == ("?=1" if name == "\r=1" else f"'{name}")


@pytest.mark.parametrize("cell", ["ada", "", "a=b", 0, -3, 2.5, None])
def test_other_cells_are_as_they_are(cell):
    """Numbers, also negative ones, and ordinary names are not touched."""
    assert safe_cell(cell) == cell


def test_grades_as_csv():
    """One row a student, one column an exercise, numbers as numbers."""
    ben = CLASS[1]
    (row,) = csv.DictReader(io.StringIO(grades_csv([ben])))
    assert row == {
        "student": "ben",
        "points": "8",
        "max_points": "16",
        "linear_backward": "6",
        "backprop": "2",
        "train": "0",
        "problem": "",
        "by_hand": "",
    }
    awkward = Graded('O"Neil, "Max"\nJr', SCREENS["success"])
    (row,) = csv.DictReader(io.StringIO(grades_csv([awkward]), newline=""))
    assert row["student"] == awkward.student


def test_grades_as_json():
    """The same facts for programs; a problem only where there is one; the same input gives the same bytes."""
    text = grades_json(CLASS)
    assert text == grades_json(CLASS)
    assert text.endswith("}\n")
    grades = json.loads(text)
    assert list(grades) == ["lesson", "max_points", "graded_with", "submissions"]
    assert text == json.dumps(grades, indent=1, ensure_ascii=False) + "\n"
    assert [one["student"] for one in grades["submissions"]] == [one.student for one in CLASS]
    for one, graded in zip(grades["submissions"], CLASS, strict=True):
        more = (["problem"] if graded.problem else []) + (["by_hand"] if graded.student.startswith("chloe") else [])
        assert list(one) == ["student", "points", "exercises", *more]
        assert one["exercises"] == lesson_json(graded.outcome)["exercises"]
