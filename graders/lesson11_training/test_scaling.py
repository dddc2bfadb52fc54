"""Grader of scaling.py: inputs of one scale."""

import numpy as np
from nnedu.checking import assert_array, assert_close, assert_pure, assert_that, exercise, hidden, points

SETS = ("the training set", "the test set")


def features(rng, m, k, n):
    """A training set and a test set of n features with means and spreads of their own, the test set elsewhere."""
    mean, spread = rng.normal(0.0, 20.0, n), rng.uniform(0.5, 30.0, n)
    train = mean + spread * rng.normal(size=(m, n))
    return train, mean + spread * (0.7 + 1.4 * rng.normal(size=(k, n)))


def first(result, shape):
    """The standardised training set, whatever came with it."""
    value = result[0] if isinstance(result, (tuple, list)) and result else result
    return assert_array(value, shape=shape, name="the training set")


@exercise("standardize")
class TestStandardize:
    """inputs of one scale, by the numbers of the training set"""

    @points(1)
    def test_known_value(self, student):
        """gives the numbers of the worked example: two people, and a third one who came later"""
        train = np.array([[25000.0, 25.0, 0.5], [85000.0, 55.0, 0.9]])
        test = np.array([[40000.0, 61.0, 0.8]])
        expected = np.array([[-1.0, -1.0, -1.0], [1.0, 1.0, 1.0]]), np.array([[-0.5, 1.4, 0.5]])
        assert_close(student.standardize(train, test), expected, name=SETS)

    @points(1)
    def test_mean_and_spread(self, student, rng):
        """gives every feature of 40 training samples the mean 0 and the mean square 1"""
        X = first(student.standardize(*features(rng, 40, 7, 5)), (40, 5))
        assert_close(X.mean(axis=0), np.zeros(5), name="the mean of each feature", atol=1e-9)
        assert_close((X**2).mean(axis=0), np.ones(5), name="the mean square of each feature")

    @points(1)
    def test_random(self, student, reference, rng):
        """is right for 9 training samples and 6 others with 4 features"""
        train, test = features(rng, 9, 6, 4)
        assert_close(student.standardize(train, test), reference.standardize(train, test), name=SETS)

    @points(1)
    def test_constant(self, student, rng):
        """makes a feature that is constant in the training set 0 there, and x - mean in the test set"""
        train, test = features(rng, 8, 5, 4)
        train[:, 1], train[:, 3] = 0.1, -7.0
        wanted = [
            (one - train.mean(axis=0)) / np.array([train[:, 0].std(), 1.0, train[:, 2].std(), 1.0])
            for one in (train, test)
        ]
        wanted[0][:, 1] = wanted[0][:, 3] = 0.0
        wanted[1][:, 1], wanted[1][:, 3] = test[:, 1] - 0.1, test[:, 3] + 7.0
        assert_close(student.standardize(train, test), tuple(wanted), name=SETS)

    @points(1)
    def test_pure(self, student, reference, rng):
        """leaves both sets as they are, and hands out new ones"""
        train, test = features(rng, 6, 4, 3)
        expected = reference.standardize(train, test)
        assert_pure(student.standardize, train, test, expected=expected, name=SETS)

    @hidden
    @points(1)
    def test_one_sample(self, student, reference, rng):
        """moves a single new sample by the training set's numbers, and alike in whichever company"""
        train, test = features(rng, 7, 5, 3)
        alone = student.standardize(train, test[2:3])
        assert_that(isinstance(alone, (tuple, list)) and len(alone) == 2, "The result should be two arrays.")
        expected = reference.standardize(train, test)[1][2:3]
        assert_close(alone[1], expected, name="the test set, of one sample")
        short = features(rng, 1, 2, 4)
        assert_close(student.standardize(*short), (0.0 * short[0], short[1] - short[0]), name=SETS)
