"""Grader of regularise.py: what a network that was trained on 60 samples is worth on others."""

import numpy as np
from nnedu.checking import assert_array, assert_close, assert_reaches, assert_that, exercise, hidden, points

BUDGET = 400
FEATURES = 62


def moons(rng, count, order):
    """Two half moons and 60 columns of noise, in an order of the columns that nobody can know."""
    angle = rng.uniform(0.0, np.pi, count)
    y = np.arange(count) % 2
    lower = (y == 1)[:, None]
    x = np.where(lower, 1.0 - np.cos(angle)[:, None], np.cos(angle)[:, None])
    height = np.where(lower, 0.5 - np.sin(angle)[:, None], np.sin(angle)[:, None])
    plane = np.hstack([x, height]) + rng.normal(0.0, 0.12, size=(count, 2))
    X = np.hstack([(plane - [0.5, 0.25]) / [0.87, 0.5], rng.normal(size=(count, FEATURES - 2))])
    return X[:, order], y[:, None].astype(float)


def task(rng, count=50):
    """The first four arguments, and so many samples with their classes that nobody has seen."""
    order = rng.permutation(FEATURES)
    known, watched, new = moons(rng, 60, order), moons(rng, 60, order), moons(rng, count, order)
    return (*known, *watched), new


def predicted(predict, X):
    """What the function predicts, once it is known to be probabilities."""
    assert_that(callable(predict), "build_and_train should return a function")
    P = assert_array(predict(X), shape=(len(X), 1), name="predict(X)")
    assert_that(P.min() >= 0.0 and P.max() <= 1.0, "the probabilities should lie between 0 and 1")
    return P


def assert_accuracy(student, rng, seeds, count, floor):
    """Judge the mean share of new samples that are placed right, over a few data sets."""
    shares = []
    for _ in range(seeds):
        known, (X, y) = task(rng, count)
        P = predicted(student.build_and_train(*known, rng, BUDGET), X)
        shares.append(float(np.mean((P > 0.5) == (y > 0.5))))
    assert_reaches(float(np.mean(shares)), band=(floor, 1.0), name="share of new samples placed right")


@exercise("build_and_train", trains=True)
class TestBuildAndTrain:
    """a network that has seen 60 samples and is right about others"""

    @points(2)
    def test_predicts(self, student, rng):
        """returns a function whose answer for a sample is the same each time, whoever else is in X"""
        known, (X, _) = task(rng)
        predict = student.build_and_train(*known, rng, 100)
        P = predicted(predict, X)
        assert_that(float(np.std(P)) > 0.01, "the probabilities of different samples should differ")
        assert_close(predicted(predict, X), P, name="the second answer to the same X", rtol=1e-9)
        alone = predicted(predict, X[7:8])
        assert_close(alone, P[7:8], name="the answer for one sample alone", rtol=1e-9, atol=1e-12)

    @points(1)
    def test_pure(self, student, rng):
        """changes no argument, and comes to the same function again with an rng in the same state"""
        known, (X, _) = task(rng)
        reply = student.build_and_train.reply(*known, rng, 50)
        P = predicted(reply.value, X)
        assert_that(float(np.std(P)) > 0.01, "the probabilities of different samples should differ")
        assert_that(not reply.changed, f"build_and_train should change no argument; it changes {reply.changed[:1]}")
        again = predicted(student.build_and_train(*known, rng, 50), X)
        assert_close(again, P, name="predict(X) of a second call with the same rng", rtol=1e-9)

    @points(1)
    def test_budget(self, student, rng):
        """learns from ytr in the epochs that it is given, and learns nothing with budget 0"""
        (Xtr, ytr, Xval, yval), (X, _) = task(rng)
        start = predicted(student.build_and_train(Xtr, ytr, Xval, yval, rng, 0), X)
        mirrored = predicted(student.build_and_train(Xtr, 1.0 - ytr, Xval, yval, rng, 0), X)
        assert_close(mirrored, start, name="predict(X) with budget 0 and the classes of ytr exchanged", rtol=1e-9)
        learned = predicted(student.build_and_train(Xtr, ytr, Xval, yval, rng, BUDGET), X)
        apart = float(np.max(np.abs(learned - start)))
        assert_that(apart > 0.01, f"with budget {BUDGET} predict should have left the start; it has not")

    @points(2)
    def test_two_seeds(self, student, rng):
        """places 75 % of new samples right, on average over two data sets"""
        assert_accuracy(student, rng, 2, 300, 0.75)

    @hidden
    @points(2)
    def test_floor(self, student, rng):
        """places 77 % of new samples right, on average over five data sets"""
        assert_accuracy(student, rng, 5, 1000, 0.77)

    @hidden
    @points(2)
    def test_middle(self, student, rng):
        """places 78.5 % of new samples right, on average over five data sets"""
        assert_accuracy(student, rng, 5, 1000, 0.785)

    @hidden
    @points(2)
    def test_goal(self, student, rng):
        """places 80 % of new samples right, on average over five data sets"""
        assert_accuracy(student, rng, 5, 1000, 0.80)
