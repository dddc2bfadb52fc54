"""Grader of positions.py: positional encoding."""

import numpy as np
from nnedu.checking import assert_array, assert_close, assert_that, exercise, hidden, points


@exercise("positional_encoding")
class TestPositionalEncoding:
    """positions as sines and cosines"""

    @points(1)
    def test_known_value(self, student):
        """gives the numbers of the worked example, and 0, 1, 0, 1, ... for position 0"""
        angles = np.array([[0.0, 0.0], [1.0, 0.01], [2.0, 0.02]])
        expected = np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(3, 4)
        assert_close(student.positional_encoding(3, 4), expected, name="PE")

    @points(2)
    def test_many_columns(self, student, reference):
        """is right for many positions and columns"""
        for T, D in ((7, 10), (40, 16)):
            assert_close(student.positional_encoding(T, D), reference.positional_encoding(T, D), name="PE")

    @points(1)
    def test_odd(self, student, reference):
        """is right for an odd number of columns, where the last sine has no cosine"""
        for T, D in ((6, 5), (4, 7)):
            assert_close(student.positional_encoding(T, D), reference.positional_encoding(T, D), name="PE")

    @points(1)
    def test_circle(self, student):
        """gives pairs of neighbouring columns that lie on a circle: the squares of a pair add up to 1"""
        PE = assert_array(student.positional_encoding(20, 8), shape=(20, 8), name="PE")
        worst = float(np.max(np.abs(PE[:, 0::2] ** 2 + PE[:, 1::2] ** 2 - 1.0)))
        assert_that(worst < 1e-9, f"PE[p, 2i]² + PE[p, 2i + 1]² should be 1; it is off by {worst:.3g}.")

    @points(1)
    def test_shift(self, student):
        """turns every pair by an angle that depends on the distance alone: PE[p + k] follows from PE[p] and PE[k]"""
        PE = assert_array(student.positional_encoding(15, 6), shape=(15, 6), name="PE")
        assert_that(float(np.ptp(PE, axis=0).min()) > 0.0, "No column of PE should be the same for all positions.")
        sine, cosine = PE[:, 0::2], PE[:, 1::2]
        for k in (1, 4, 7):
            turned = sine[: 15 - k] * cosine[k] + cosine[: 15 - k] * sine[k]
            name = f"the sines {k} positions on, against the pairs turned by the angle of {k} positions"
            assert_close(sine[k:], turned, name=name, rtol=1e-8, atol=1e-9)

    @points(1)
    def test_frequencies(self, student):
        """has frequencies that fall from 1 by the same factor from pair to pair, 10000^(-2/D)"""
        PE = assert_array(student.positional_encoding(2, 10), shape=(2, 10), name="PE")
        inside = bool(np.all(np.abs(PE) <= 1.0))
        assert_that(inside, "Sines and cosines lie between -1 and 1.")
        expected = 10000.0 ** (-np.arange(5) / 5.0)
        assert_close(np.arcsin(PE[1, 0::2]), expected, name="the angles of position 1", rtol=1e-6)

    @hidden
    @points(1)
    def test_small_and_large(self, student, reference):
        """is right for a single position, one, two and three columns, and far out"""
        for T, D in ((1, 6), (5, 1), (5, 2), (3, 3), (300, 12)):
            expected = reference.positional_encoding(T, D)
            assert_close(student.positional_encoding(T, D), expected, name=f"positional_encoding({T}, {D})", atol=1e-9)
