"""Grader of sums.py."""

import numpy as np
from nnedu.checking import assert_close, assert_that, exercise, hidden, points


@exercise("total")
class TestTotal:
    """the sum of all values"""

    @points(2)
    def test_sum(self, student, reference, rng):
        """agrees with the reference"""
        values = rng.normal(size=6)
        assert_close(student.total(values), reference.total(values), name="total")


@exercise("answers", sealed=True)
class TestAnswers:
    """the questions"""

    @points(1)
    def test_form(self, student):
        """gives a letter to each question"""
        found = student.answers()
        named = isinstance(found, dict) and set(found) == {"first", "second"}
        letters = named and all(isinstance(one, str) and one in {"a", "b"} for one in found.values())
        assert_that(letters, "should be a dict with a letter for first and second")

    @hidden
    @points(2)
    def test_right(self, student):
        """answers both questions"""
        assert_close(student.answers(), {"first": "b", "second": "a"}, name="answers")
