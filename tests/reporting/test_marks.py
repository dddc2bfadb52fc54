"""How a mark came to be, as text."""

from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnedu.reporting.marks import ROUNDED, Line, decimal, explain, points_text


@dataclass(frozen=True)
class Part:
    lines: tuple[Line, ...]
    total: Line


def part(*amounts, text="step"):
    lines = tuple(Line(text, None if amount is None else Fraction(amount)) for amount in amounts)
    return Part(lines, Line("of 10.00, late", sum((line.amount or 0 for line in lines), Fraction(0))))


@pytest.mark.parametrize(
    ("number", "text"),
    [("0", "0.00"), ("23/2", "11.50"), ("1/3", "0.33"), ("1/200", "0.01"), ("-1/200", "-0.01"), ("-1/1000", "0.00")],
)
def test_points_are_shown_to_two_decimals(number, text):
    assert points_text(Fraction(number)) == text


@settings(deadline=None)
@given(st.fractions(-1000, 1000))
def test_no_number_is_shown_more_than_half_a_hundredth_off(number):
    assert abs(Fraction(decimal(number)) - number) <= Fraction(1, 200)
    assert decimal(-number) == -decimal(number)


def test_the_steps_stand_in_one_column_above_their_sum():
    assert explain("Ada", [("Lines", part(7, None, "-0.7"))]) == (
        "Ada\n\nLines\n        7.00  step\n              step\n       -0.70  step\n"
        "  ----------\n        6.30  of 10.00, late\n"
    )


def test_where_a_step_is_not_a_whole_hundredth_it_is_said_that_nothing_was_rounded():
    assert ROUNDED in explain("Ada", [("Lines", part("1/3", "1/3", "1/3"))])
    assert ROUNDED not in explain("Ada", [("Lines", part("0.25", None))])


def test_a_reason_cannot_break_out_of_its_line():
    text = explain("Ada\x1b[2J", [("x", part(1, text="why\n   100.00  forged\x1b[1m"))])
    assert "\x1b" not in text
    assert "  step" not in text
    assert [line for line in text.splitlines() if "forged" in line] == ["        1.00  why 100.00 forged?[1m"]


def test_what_has_no_sum_has_none():
    assert explain("Ada", [("Course", Part((), Line("nothing counts yet")))]).endswith(
        "----------\n              nothing counts yet\n"
    )
