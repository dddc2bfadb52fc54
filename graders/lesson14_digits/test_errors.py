"""Grader of errors.py: what a classifier mixes up, how sure it is, and its hardest samples."""

import numpy as np
from nnedu.checking import assert_close, assert_that, exercise, hidden, points

KEYS = {"worst_pair", "ece", "hardest_indices"}
PROBA = np.array(
    [[0.72, 0.2, 0.08], [0.36, 0.55, 0.09], [0.1, 0.83, 0.07], [0.05, 0.57, 0.38], [0.85, 0.1, 0.05], [0.52, 0.4, 0.08]]
)
CERTAIN = np.array([[1.0, 0.0], [1.0, 0.0], [0.06, 0.94], [0.0, 1.0]])
TRUE = np.array([0, 0, 1, 2, 2, 1])


def probabilities(rng, m, K, sharpness=2.0):
    """Rows of probabilities that are no multiples of a tenth, and classes that they often name."""
    E = np.exp(sharpness * rng.normal(size=(m, K)))
    proba = E / E.sum(axis=1, keepdims=True)
    y = np.where(rng.random(m) < 0.6, proba.argmax(axis=1), rng.integers(0, K, size=m))
    return y, proba.argmax(axis=1), proba


def judged(result):
    """A report, once it is known to be one."""
    right = isinstance(result, dict) and set(result) == KEYS
    assert_that(right, "report should return a dict with the keys worst_pair, ece and hardest_indices.")
    return result


def worst(result):
    """The worst pair, as a tuple, or None."""
    found = judged(result)["worst_pair"]
    form = found is None or (isinstance(found, (list, tuple)) and len(found) == 2)
    assert_that(form, "worst_pair should be a tuple of two ints, or None.")
    return None if found is None else tuple(found)


def assert_worst(result, expected, name="worst_pair"):
    """Judge a pair where there is one."""
    found = worst(result)
    assert_that(found is not None, f"{name} should be a pair; it is None.")
    assert_close(found, expected, name=name)


def indices(result):
    """The hardest ones, as an array of ints."""
    found = judged(result)["hardest_indices"]
    form = isinstance(found, (list, tuple, np.ndarray)) and np.ndim(found) == 1
    assert_that(form and all(isinstance(i, (int, np.integer)) for i in found), "hardest_indices should hold ints.")
    return np.array(found, dtype=int)


@exercise("report")
class TestReport:
    """a report on errors"""

    @points(1)
    def test_worked_example(self, student):
        """gives the three numbers of the worked example: the pair, the error of 0.4333 and the order"""
        found = student.report(TRUE, PROBA.argmax(axis=1), PROBA)
        assert_close(judged(found)["ece"], 13.0 / 30.0, name="ece")
        assert_worst(found, (0, 1))
        assert_close(indices(found), np.array([4, 1, 3, 5, 0, 2]), name="hardest_indices")

    @points(1)
    def test_calibration(self, student, reference, rng):
        """agrees on the calibration error for random probabilities, and for certain ones"""
        for args in (probabilities(rng, 90, 4), probabilities(rng, 60, 10, 0.8)):
            found = judged(student.report(*args))["ece"]
            assert_close(found, reference.report(*args)["ece"], name="ece")
        y = np.array([0, 1, 1, 1])
        found = judged(student.report(y, np.array([0, 0, 1, 1]), CERTAIN))["ece"]
        assert_close(found, 0.235, name="ece where three of four predictions are certain, and one of those is wrong")

    @points(1)
    def test_pair(self, student, rng):
        """names the most frequent error, the first of several, and none where there is none"""
        y, yhat = np.repeat([3, 1, 2, 0, 4], (4, 3, 3, 1, 9)), np.repeat([1, 3, 1, 2, 4], (4, 3, 3, 1, 9))
        proba = 0.4 * np.eye(5)[yhat] + 0.12
        assert_worst(student.report(y, yhat, proba), (3, 1))
        order = rng.permutation(np.flatnonzero(np.arange(20) != 0))
        found = student.report(y[order], yhat[order], proba[order])
        assert_worst(found, (1, 3), name="worst_pair of three as frequent ones")
        found = worst(student.report(yhat, yhat, proba))
        assert_that(found is None, f"worst_pair should be None where there is no error; it is {found!r}.")

    @points(1)
    def test_hardest(self, student, reference, rng):
        """lists the ten samples whose true class got least, and the smaller index first where two are equal"""
        y, yhat, proba = probabilities(rng, 40, 5)
        found = indices(student.report(y, yhat, proba))
        assert_close(found, reference.report(y, yhat, proba)["hardest_indices"], name="hardest_indices")
        again = rng.integers(0, 6, size=40)
        given = (y[again], yhat[again], proba[again])
        found = indices(student.report(*given))
        assert_close(found, reference.report(*given)["hardest_indices"], name="hardest_indices, with equal samples")

    @points(1)
    def test_pure(self, student, reference, rng):
        """changes no argument"""
        args = probabilities(rng, 30, 3)
        expected, reply = reference.report(*args)["ece"], student.report.reply(*args)
        assert_that(not reply.changed, "report should change no argument.")
        assert_close(judged(reply.value)["ece"], expected, name="ece")

    @hidden
    @points(1)
    def test_other_sizes(self, student, reference, rng):
        """is right for few samples and for many"""
        for m, K in ((7, 3), (200, 10), (10, 2)):
            args = probabilities(rng, m, K)
            expected, found = reference.report(*args), student.report(*args)
            assert_close(judged(found)["ece"], expected["ece"], name="ece")
            assert_close(indices(found), expected["hardest_indices"], name="hardest_indices")
            pair = worst(found)
            assert_that(pair == expected["worst_pair"], f"worst_pair should be {expected['worst_pair']}; it is {pair}.")
