"""Grader of targets.py."""

import numpy as np
from nnedu.checking import assert_close, assert_pure, assert_that, exercise, hidden, points
from nnedu.sandbox.client import Handle


@exercise("double")
class TestDouble:
    """twice a value"""

    @points(1)
    def test_values(self, student, reference, rng):
        """agrees with the reference"""
        x = rng.normal(size=(3, 4))
        assert_close(student.double(x), reference.double(x), name="y")

    @hidden
    @points(1)
    def test_again(self, student, reference, rng):
        """agrees with the reference again and again, and leaves its input alone"""
        for size in (2, 5, 2):
            x = rng.normal(size=size)
            assert_pure(student.double, x, expected=reference.double(x), name="y")


@exercise("relu")
class TestRelu:
    """the positive part"""

    @points(1)
    def test_of_three(self, student):
        """gives -1, 0, 2 its positive part"""
        assert_close(student.relu(np.array([-1.0, 0.0, 2.0])), np.array([0.0, 0.0, 2.0]), name="y")

    @hidden
    @points(1)
    def test_elsewhere(self, student, reference, rng):
        """agrees with the reference"""
        x = rng.normal(size=(4, 3))
        assert_close(student.relu(x), reference.relu(x), name="y")


@exercise("total")
class TestTotal:
    """the sum"""

    @points(1)
    def test_sum(self, student, reference, rng):
        """agrees with the reference"""
        x = rng.normal(size=5)
        assert_close(student.total(x), reference.total(x), name="total")

    @hidden
    @points(1)
    def test_twice(self, student, reference, rng):
        """gives the same on the same values"""
        x = rng.normal(size=6)
        for _ in range(2):
            assert_close(student.total(x), reference.total(x), name="total")


@exercise("apply")
class TestApply:
    """a function of the grader, called"""

    @points(2)
    def test_applies(self, student, rng):
        """calls the function that it is given"""
        x = rng.normal(size=3)
        assert_close(student.apply(lambda v: float(np.sum(v * v)), x), float(np.sum(x * x)) + 1.0, name="f(x) + 1")


@exercise("Tally")
class TestTally:
    """an object that keeps a sum"""

    @points(2)
    def test_sum(self, student, rng):
        """adds numbers up"""
        numbers = rng.normal(size=3)
        tally = student.Tally()
        assert_that(isinstance(tally, Handle), "Tally makes an object with add and value")
        for number in numbers:
            tally.add(float(number))
        assert_close(tally.value(), float(np.sum(numbers)), name="value()")


@exercise("halves")
class TestHalves:
    """an iterator"""

    @points(2)
    def test_both(self, student, rng):
        """yields two halves"""
        x = rng.normal(size=6)
        found = student.halves(x)
        assert_that(isinstance(found, (Handle, list, tuple)), "halves yields two arrays")
        assert_close(list(found), [x[:3], x[3:]], name="halves")
