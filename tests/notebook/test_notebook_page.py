"""The HTML of outcomes that a small course does not give: faults, pictures, and all of a module that is broken."""

import pytest

from nnedu.notebook.checked import Checked
from nnedu.notebook.idiom import Notebook
from nnedu.notebook.page import as_html, as_text
from nnedu.outcome import CheckOutcome, Curve, ExerciseOutcome, Grid, LessonOutcome, State

GRID = Grid("dW", (2, 3), ("x..", "..."))
CURVE = Curve("loss", (0, 1, 2), (1.0, None, 0.5), (1.0, 0.5, 0.25))


def checked(state, picture=None, message="It is wrong.\n    [1, 2]\n    [3, 4]\nMend it."):
    check = CheckOutcome("values", "agrees", state, 0, 2, message, "is wrong", picture=picture)
    exercise = ExerciseOutcome("backprop", "m", "t", state, 0, 2, "is wrong", checks=(check,), line=4)
    return Checked(LessonOutcome("lesson05_b", (exercise,)), "B", True, 0, Notebook({"backprop": "cell 2:4"}))


def test_a_fault_is_not_the_students():
    html = as_html(checked(State.FAULT))
    assert "This is a mistake in the course, not in your code. Nothing is counted against you." in html
    assert "send this notebook to your instructor" in html


def test_prose_and_code_of_a_message_are_told_apart():
    html = as_html(checked(State.FAILED))
    assert '<p>It is wrong.</p>\n<pre tabindex="0">[1, 2]\n[3, 4]</pre>\n<p>Mend it.</p>' in html


@pytest.mark.parametrize(
    ("picture", "drawn", "said"),
    [
        (GRID, '<rect class="wrong"', "dW of shape (2, 3): 1 of 6 entries differ, in row 0 and column 0."),
        (CURVE, '<polyline class="ours"', "Your loss goes from 1 to 0.5; that of the reference goes from 1 to 0.25."),
    ],
)
def test_a_picture_is_drawn_and_said(picture, drawn, said):
    html = as_html(checked(State.FAILED, picture))
    assert drawn in html
    assert f"<figcaption>{said}" in html
    assert 'role="img" aria-label="' in html
    assert html.count("<figure>") == html.count("</figure>") == 1
    assert html.count("<svg") == html.count("</svg>")


def test_without_what_draws_it_there_is_no_picture(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "nnedu.reporting.pages", None)
    html = as_html(checked(State.FAILED, GRID))
    assert "<figure>" not in html
    assert "It is wrong." in html


def test_what_a_terminal_would_obey_is_taken_out():
    outcome = checked(State.FAILED, message="\x1b[31mred\x07")
    for text in (as_text(outcome), as_html(outcome)):
        assert "?[31mred?" in text
        assert not [c for c in text if not c.isprintable() and c != "\n"]


def test_the_next_step_of_a_lesson_that_is_complete_is_not_made_up():
    outcome = checked(State.PASSED)
    assert "Next" not in as_text(outcome)
    assert "Next" not in as_html(outcome)
