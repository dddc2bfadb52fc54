"""Grader of cnn.py: what a convolutional network that was trained on digits makes of others."""

from functools import cache

import numpy as np
from nnedu.checking import assert_close, assert_reaches, assert_that, exercise, hidden, points


@cache
def digits():
    """Handwritten digits from scikit-learn, 1,797 images of 8 x 8 pixels."""
    from sklearn.datasets import load_digits  # noqa: PLC0415 - it takes half a second, which only this exercise needs

    X, y = load_digits(return_X_y=True)
    return X.reshape(-1, 1, 8, 8), y


def folds(rng):
    """Three ways to part the images in about 1,200 to train on, sorted by digit, and 600 that are new."""
    X, y = digits()
    parts = np.array_split(rng.permutation(len(y)), 3)
    for new in parts:
        known = np.setdiff1d(np.arange(len(y)), new)
        known = known[np.argsort(y[known], kind="stable")]
        yield (X[known], y[known]), (X[new], y[new])


def few(rng, count):
    """The images and the digits of so many samples."""
    X, y = digits()
    chosen = rng.permutation(len(y))[:count]
    return X[chosen], y[chosen]


def predicted(predict, X):
    """What the function predicts, once it is known to be digits."""
    assert_that(callable(predict), "train_cnn should return a function.")
    found = predict(X)
    is_ints = type(found) is np.ndarray and found.dtype.kind in "iu"
    assert_that(is_ints, "predict(X) should be an array of ints.")
    assert_that(found.shape == (len(X),), f"predict(X) should have shape {(len(X),)}; it has {found.shape}.")
    assert_that(bool(np.all((found >= 0) & (found <= 9))), "predict(X) should hold digits from 0 to 9.")
    return found


def assert_reads(student, rng, count, floor):
    """Judge the mean share of new images that are read right, over so many trainings."""
    shares = []
    for _, ((Xtr, ytr), (X, y)) in zip(range(count), folds(rng), strict=False):
        shares.append(float(np.mean(predicted(student.train_cnn(Xtr, ytr, rng), X) == y)))
    assert_reaches(float(np.mean(shares)), band=(floor, 1.0), name="share of new images read right")


@exercise("train_cnn", trains=True)
class TestTrainCnn:
    """a convolutional network that reads digits"""

    @points(2)
    def test_predicts(self, student, rng):
        """returns a function whose answer for an image is the same each time, whichever others are in the array"""
        X, y = few(rng, 240)
        predict = student.train_cnn(X[:200], y[:200], rng)
        together = predicted(predict, X)
        assert_that(len(np.unique(together)) > 4, "predict(X) should tell more than four digits apart in 240 images.")
        assert_close(predicted(predict, X), together, name="predict(X), asked again")
        for first in range(200, 212):
            alone = predicted(predict, X[first : first + 1])
            assert_close(alone, together[first : first + 1], name="the answer for one image alone")

    @points(1)
    def test_pure(self, student, rng):
        """changes no argument, and comes to the same function again with an rng in the same state"""
        X, y = few(rng, 200)
        reply = student.train_cnn.reply(X[:160], y[:160], rng)
        found = predicted(reply.value, X)
        assert_that(len(np.unique(found)) > 4, "predict(X) should tell more than four digits apart in 200 images.")
        assert_that(not reply.changed, f"train_cnn should change no argument; it changes {reply.changed[:1]}.")
        again = predicted(student.train_cnn(X[:160], y[:160], rng), X)
        assert_close(again, found, name="predict(X) of a second call with the same rng")

    @points(1)
    def test_other_names(self, student, rng):
        """learns what ytr says: where the digits have changed their names, the new ones"""
        X, y = few(rng, 400)
        y = (y + int(rng.integers(1, 10))) % 10
        share = float(np.mean(predicted(student.train_cnn(X, y, rng), X) == y))
        assert_reaches(share, band=(0.9, 1.0), name="share of training images read right")

    @points(2)
    def test_one_training(self, student, rng):
        """reads 93 % of new images right after one training"""
        assert_reads(student, rng, 1, 0.93)

    @hidden
    @points(2)
    def test_middle(self, student, rng):
        """reads 95 % of new images right after another one"""
        assert_reads(student, rng, 1, 0.95)

    @hidden
    @points(4)
    def test_goal(self, student, rng):
        """reads 96 % of new images right, on average over two trainings"""
        assert_reads(student, rng, 2, 0.96)
