"""Grader of metrics.py: accuracy, and the confusion matrix."""

import numpy as np
from nnedu.checking import assert_close, assert_pure, assert_raises, exercise, hidden, points


def labels(rng, m, K):
    """True classes and predictions, half of them right."""
    y = rng.integers(0, K, size=m)
    return y, np.where(rng.random(m) < 0.5, y, rng.integers(0, K, size=m))


@exercise("accuracy")
class TestAccuracy:
    """the share of right predictions"""

    @points(1)
    def test_known_value(self, student, rng):
        """is 0.625 in the worked example, and right on random classes"""
        y, yhat = np.array([0, 0, 1, 1, 1, 2, 2, 2]), np.array([0, 1, 1, 1, 1, 2, 0, 0])
        assert_pure(student.accuracy, y, yhat, expected=0.625, name="accuracy(y, yhat)")
        y, yhat = labels(rng, 37, 4)
        assert_close(student.accuracy(y, yhat), sum(a == b for a, b in zip(y, yhat, strict=True)) / 37, name="accuracy")

    @hidden
    @points(1)
    def test_shapes(self, student, rng):
        """refuses a column beside a row, and different lengths; is right for one sample"""
        y, yhat = labels(rng, 9, 3)
        assert_close(student.accuracy(y[:1], y[:1]), 1.0, name="accuracy of one sample")
        for given in (
            (y, yhat[:, None]),
            (y[:, None], yhat),
            (y[:, None], yhat[:, None]),
            (y, yhat[:8]),
            (y, yhat[:1]),
        ):
            assert_raises("ValueError", student.accuracy, *given)


@exercise("confusion_matrix")
class TestConfusionMatrix:
    """which class is taken for which"""

    @points(1)
    def test_known_value(self, student):
        """gives the counts of the worked example, rows true"""
        y, yhat = np.array([0, 0, 1, 1, 1, 2, 2, 2]), np.array([0, 1, 1, 1, 1, 2, 0, 0])
        expected = np.array([[1, 1, 0], [0, 3, 0], [2, 0, 1]])
        assert_pure(student.confusion_matrix, y, yhat, 3, expected=expected, name="C")

    @points(1)
    def test_random(self, student, rng):
        """counts right where classes are missing, at the end and in between"""
        y, yhat = labels(rng, 50, 3)
        y, yhat = 2 * y, 2 * yhat
        expected = np.array([[np.sum((y == i) & (yhat == j)) for j in range(7)] for i in range(7)])
        assert_close(student.confusion_matrix(y, yhat, 7), expected, name="C")

    @points(1)
    def test_errors(self, student):
        """refuses classes out of range, and arrays that are not both of shape (m,)"""
        y = np.array([0, 1, 2, 2])
        assert_close(student.confusion_matrix(y, y[::-1], 3), np.array([[0, 0, 1], [0, 0, 1], [1, 1, 0]]), name="C")
        for yhat in (np.array([0, 1, -1, 2]), np.array([3, 1, 1, 2]), y[:, None], y[:3], y[:1]):
            assert_raises("ValueError", student.confusion_matrix, y, yhat, 3)
            assert_raises("ValueError", student.confusion_matrix, yhat, y, 3)

    @hidden
    @points(1)
    def test_many(self, student, rng):
        """counts each of many samples once, for other numbers of classes"""
        for m, K in ((1, 1), (5, 2), (300, 10)):
            y, yhat = labels(rng, m, K)
            expected = np.array([[np.sum((y == i) & (yhat == j)) for j in range(K)] for i in range(K)])
            assert_close(student.confusion_matrix(y, yhat, K), expected, name="C")
