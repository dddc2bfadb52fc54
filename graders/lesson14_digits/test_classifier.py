"""Grader of classifier.py: the capstone, a classifier for digits."""

from functools import cache
from itertools import pairwise

import numpy as np
from nnedu.checking import (
    assert_array,
    assert_close,
    assert_gradients_agree,
    assert_reaches,
    assert_that,
    exercise,
    hidden,
    points,
)

METHODS = ("fit", "loss_and_gradients", "predict_proba", "predict", "save", "load")


@cache
def digits():
    """Handwritten digits from scikit-learn, 1,797 images of 8 x 8 pixels."""
    from sklearn.datasets import load_digits  # noqa: PLC0415 - it takes half a second, which not every check needs

    return load_digits(return_X_y=True)


def few(rng, count):
    """The images and the digits of so many samples."""
    X, y = digits()
    chosen = rng.permutation(len(y))[:count]
    return X[chosen], y[chosen]


def made(student):
    """A classifier, once it is known to be one."""
    model = student.DigitClassifier()
    missing = [name for name in METHODS if not hasattr(model, name)]
    assert_that(not missing, f"DigitClassifier should have the methods {', '.join(METHODS)}; it lacks {missing}.")
    return model


def probabilities(model, X):
    """What predict_proba returns, once it is known to be probabilities."""
    proba = assert_array(model.predict_proba(X), shape=(len(X), 10), name="predict_proba(X)")
    assert_that(bool(np.all(proba >= 0.0)), "predict_proba(X) should hold no negative numbers.")
    assert_close(proba.sum(axis=1), np.ones(len(X)), name="the sums of the rows of predict_proba(X)")
    return proba


def predicted(model, X):
    """What predict returns, once it is known to be digits."""
    found = model.predict(X)
    is_ints = type(found) is np.ndarray and found.dtype.kind in "iu"
    assert_that(is_ints, "predict(X) should be an array of ints.")
    assert_that(found.shape == (len(X),), f"predict(X) should have shape {(len(X),)}; it has {found.shape}.")
    return found


def told_apart(model, X):
    """What predict returns; a network that has learned nothing names few digits."""
    found = predicted(model, X)
    count = len(np.unique(found))
    assert_that(count > 6, f"predict(X) should name more than six digits for {len(X)} images; it names {count}.")
    return found


def network(rng, sizes, m):
    """Parameters, inputs and classes, drawn again until no unit is near ReLU's kink, and no layer silent."""
    while True:
        X, y = rng.normal(size=(m, sizes[0])), rng.integers(0, sizes[-1], size=m)
        params, A, smallest = {}, X, 1.0
        for layer, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
            W, b = rng.normal(size=(n_in, n_out)) / np.sqrt(n_in), 0.5 * rng.normal(size=n_out)
            params[f"W{layer}"], params[f"b{layer}"] = W, b
            Z = A @ W + b
            if layer < len(sizes) - 1:
                smallest = min(smallest, float(np.abs(Z).min()), float(Z.max()))
            A = np.maximum(Z, 0.0)
        if smallest > 1e-3:
            return params, X, y


def mean_loss(params, X, y):
    """The mean cross-entropy of softmax."""
    A, last = X, len(params) // 2
    for layer in range(1, last + 1):
        Z = A @ params[f"W{layer}"] + params[f"b{layer}"]
        A = np.maximum(Z, 0.0)
    top = Z.max(axis=1)
    return float(np.mean(top + np.log(np.exp(Z - top[:, None]).sum(axis=1)) - Z[np.arange(len(y)), y]))


def pair(result, params):
    """A loss and gradients, once their form is known."""
    two = isinstance(result, (tuple, list)) and len(result) == 2
    assert_that(two, "loss_and_gradients should return two values, (loss, grads).")
    keys = isinstance(result[1], dict) and set(result[1]) == set(params)
    assert_that(keys, f"grads should be a dict with the keys {', '.join(params)}.")
    return result


def assert_slopes(student, reference, rng, sizes, m):
    """Judge the loss and its gradients for a random network."""
    params, X, y = network(rng, sizes, m)
    expected = reference.DigitClassifier().loss_and_gradients(params, X, y)[1]
    loss, grads = pair(made(student).loss_and_gradients(params, X, y), params)
    assert_close(loss, mean_loss(params, X, y), name="loss")
    assert_gradients_agree(grads, expected, loss=lambda at: mean_loss(at, X, y), at=params, batch=m)


def assert_reads(student, rng, count, floor):
    """Judge the mean share of new images that are read right, over so many splits and trainings."""
    X, y = digits()
    shares = []
    for _ in range(count):
        order = rng.permutation(len(y))
        new, known = order[:360], np.sort(order[360:])
        model = made(student)
        model.fit(X[known], y[known], rng)
        shares.append(float(np.mean(predicted(model, X[new]) == y[new])))
    assert_reaches(float(np.mean(shares)), band=(floor, 1.0), name="share of new images read right")


@exercise("DigitClassifier", trains=True)
class TestDigitClassifier:
    """the capstone: a classifier for digits"""

    @points(2)
    def test_worked_loss(self, student):
        """gives the loss 0.5877 of the worked example, and one that is finite for large scores"""
        params = {
            "W1": np.array([[1.0, -1.0], [0.5, 2.0]]),
            "b1": np.array([0.0, 1.0]),
            "W2": np.array([[1.0, 0.0], [0.0, 2.0]]),
            "b2": np.array([0.5, 0.0]),
        }
        X, y = np.array([[1.0, 0.0], [0.0, -1.0]]), np.array([0, 1])
        expected = (np.log1p(np.exp(-1.5)) + np.log1p(np.exp(0.5))) / 2.0
        found = pair(made(student).loss_and_gradients(params, X, y), params)[0]
        assert_close(found, float(expected), name="loss of the worked example")
        far = {**params, "W2": np.array([[3000.0, 0.0], [0.0, 2.0]])}
        found = pair(made(student).loss_and_gradients(far, X, np.array([1, 1])), params)[0]
        expected = (3000.5 + np.log1p(np.exp(0.5))) / 2.0
        assert_close(found, float(expected), name="loss for a score of 3000")

    @points(3)
    def test_gradients(self, student, reference, rng):
        """agrees with the numerical derivative of the loss, for a network with one hidden layer"""
        assert_slopes(student, reference, rng, (6, 5, 4), 7)

    @points(2)
    def test_deeper(self, student, reference, rng):
        """agrees with the numerical derivative of the loss for two hidden layers, and for none"""
        assert_slopes(student, reference, rng, (5, 6, 3, 4), 9)
        assert_slopes(student, reference, rng, (5, 3), 4)

    @points(1)
    def test_loss_is_pure(self, student, rng):
        """changes no parameters where it only asks for the loss, and gives the same loss twice"""
        params, X, y = network(rng, (6, 5, 4), 7)
        model = made(student)
        for _ in range(2):
            reply = model.loss_and_gradients.reply(params, X, y)
            assert_that(not reply.changed, "loss_and_gradients should change no argument.")
            assert_close(pair(reply.value, params)[0], mean_loss(params, X, y), name="loss")

    @points(3)
    def test_probabilities(self, student, rng):
        """predicts the digit with the largest probability; rows sum to 1, and no image depends on its company"""
        X, y = few(rng, 300)
        model = made(student)
        model.fit(X[:240], y[:240], rng)
        X = X[240:]
        proba = probabilities(model, X)
        assert_close(told_apart(model, X), proba.argmax(axis=1), name="predict(X)")
        assert_close(probabilities(model, X), proba, name="predict_proba(X), asked again")
        for first in range(6):
            alone = probabilities(model, X[first : first + 1])
            assert_close(alone, proba[first : first + 1], name="the probabilities for one image alone", rtol=1e-6)
        probabilities(model, np.concatenate([X[:3], 10000.0 * X[3:6]]))

    @points(2)
    def test_fit(self, student, rng):
        """changes no argument, and comes to the same network with an rng in the same state, also where it fits again"""
        X, y = few(rng, 260)
        seed = int(rng.integers(1, 1_000_000))
        model, other = made(student), made(student)
        reply = model.fit.reply(X[:200], y[:200], np.random.default_rng(seed))
        assert_that(not reply.changed, "fit should change no argument.")
        told_apart(model, X[200:])
        proba = probabilities(model, X[200:])
        other.fit(X[:200], y[:200], np.random.default_rng(seed + 1))
        apart = float(np.max(np.abs(probabilities(other, X[200:]) - proba)))
        assert_that(apart > 0.0, "Another rng should lead to another network.")
        other.fit(X[:200], y[:200], np.random.default_rng(seed))
        assert_close(
            probabilities(other, X[200:]), proba, name="the probabilities after a second fit, with the rng of the first"
        )

    @points(1)
    def test_save_and_load(self, student, rng):
        """saves all that it has learned as arrays of numbers, and another classifier that loads them agrees"""
        X, y = few(rng, 260)
        model, other = made(student), made(student)
        model.fit(X[:200], y[:200], rng)
        state, proba = model.save(), probabilities(model, X[200:])
        told_apart(model, X[200:])
        arrays = isinstance(state, dict) and all(
            isinstance(name, str) and isinstance(value, np.ndarray) and value.dtype.kind in "fiub"
            for name, value in state.items()
        )
        assert_that(arrays, "save should return a dict of arrays of numbers, under names.")
        model.fit(X[200:], y[200:], rng)
        other.load(state)
        assert_close(probabilities(other, X[200:]), proba, name="the probabilities of who has loaded")
        other.fit(X[200:], y[200:], rng)
        third = made(student)
        third.load(state)
        assert_close(probabilities(third, X[200:]), proba, name="the probabilities of who has loaded the same later")

    @points(1)
    def test_other_names(self, student, rng):
        """learns what y says: where the digits have changed their names, the new ones"""
        X, y = few(rng, 400)
        y = (y + int(rng.integers(1, 10))) % 10
        model = made(student)
        model.fit(X, y, rng)
        share = float(np.mean(predicted(model, X) == y))
        assert_reaches(share, band=(0.9, 1.0), name="share of training images read right")

    @points(2)
    def test_one_training(self, student, rng):
        """reads 90 % of new images right after one training"""
        assert_reads(student, rng, 1, 0.90)

    @hidden
    @points(2)
    def test_one_sample(self, student, reference, rng):
        """has the right gradient on other sizes, and for one sample"""
        assert_slopes(student, reference, rng, (4, 7, 5, 6, 3), 6)
        assert_slopes(student, reference, rng, (5, 4, 10), 1)

    @hidden
    @points(4)
    def test_middle(self, student, rng):
        """reads 93 % of new images right, on average over two trainings"""
        assert_reads(student, rng, 2, 0.93)

    @hidden
    @points(3)
    def test_goal(self, student, rng):
        """reads 95 % of new images right, on average over five trainings"""
        assert_reads(student, rng, 5, 0.95)
