"""Grader of shortcut.py: which pixel a network relies on."""

import numpy as np
from nnedu.checking import assert_close, assert_pure, assert_that, exercise, hidden, points

SIDE, HIDDEN, EPOCHS = 5, 12, 40
RESULT = ("pixel", "evidence")


def images(rng, m):
    """Dim images with two bright pixels that mean nothing, a few that mean a little, and one that gives y away."""
    n = SIDE**2
    order, y = rng.permutation(n), rng.permutation(np.arange(m) % 2)
    X = rng.uniform(0.1, 0.6, size=(m, n))
    X[:, order[1:3]] = rng.uniform(0.85, 1.0, size=(m, 2))
    X[:, order[3:9]] += (0.05 * rng.normal(size=(2, 6)))[y]
    marks = np.where(rng.random(m) < 0.05, rng.integers(0, 2, size=m), y)
    X[:, order[0]] = 0.1 + 0.6 * marks
    return X, y, int(order[0])


def start(rng, *sizes):
    params = {}
    for layer in range(1, len(sizes)):
        n_in, n_out = sizes[layer - 1 : layer + 1]
        params[f"W{layer}"] = rng.normal(size=(n_in, n_out)) * np.sqrt(2.0 / n_in)
        params[f"b{layer}"] = 0.2 * rng.normal(size=n_out)
    return params


def trained(rng):
    """A network that has been trained on such images, the images, their classes, and the pixel."""
    X, y, pixel = images(rng, 120)
    params = start(rng, SIDE**2, HIDDEN, 2)
    speed = {name: 0.0 * value for name, value in params.items()}
    for _ in range(EPOCHS):
        Z1 = X @ params["W1"] + params["b1"]
        A = np.maximum(Z1, 0.0)
        Z = A @ params["W2"] + params["b2"]
        E = np.exp(Z - Z.max(axis=1, keepdims=True))
        dZ = (E / E.sum(axis=1, keepdims=True) - np.eye(2)[y]) / len(X)
        dZ1 = dZ @ params["W2"].T * (Z1 > 0.0)
        grads = {"W1": X.T @ dZ1, "b1": dZ1.sum(axis=0), "W2": A.T @ dZ, "b2": dZ.sum(axis=0)}
        speed = {name: 0.9 * speed[name] + grads[name] for name in params}
        params = {name: params[name] - 0.1 * speed[name] for name in params}
    return (params, X, y), pixel


def untrained(rng, m, *sizes):
    """A random network and random images: every number of the evidence is another one."""
    return start(rng, *sizes), rng.uniform(size=(m, sizes[0])), rng.integers(0, sizes[-1], size=m)


def found(result):
    """The pixel and the evidence, if there are two things."""
    pair = isinstance(result, (tuple, list)) and len(result) == 2
    assert_that(pair, "find_the_shortcut should return the pixel and the evidence")
    assert_that(isinstance(result[1], dict), "the evidence should be a dict")
    return result


def entry(result, name):
    evidence = found(result)[1]
    assert_that(name in evidence, f'the evidence should have the key "{name}"')
    return evidence[name]


def assert_finds(student, rng):
    """Judge the pixel alone, in a network of which nobody can know it."""
    args, pixel = trained(np.random.default_rng(int(rng.integers(2**32))))  # a recording keeps the seed alone
    assert_close(found(student.find_the_shortcut(*args))[0], pixel, name="pixel")


@exercise("find_the_shortcut")
class TestFindTheShortcut:
    """a network that is right for the wrong reason"""

    @points(1)
    def test_known_value(self, student):
        """gives the numbers of the worked example"""
        params = {"W1": np.array([[0.0, 2.0], [10.0, -10.0]]), "b1": np.array([0.0, 9.0])}
        X = np.array([[0.75, 0.8], [1.0, 0.8], [0.75, 0.2], [1.0, 0.2]])
        expected = {"drop": np.array([0.0, 3.0]), "accuracy": 1.0, "accuracy_without": 0.5}
        assert_close(student.find_the_shortcut(params, X, np.array([0, 0, 1, 1])), (1, expected), name=RESULT)

    @points(2)
    def test_pixel(self, student, rng):
        """finds the pixel in two networks that have been trained on images with a mark"""
        for _ in range(2):
            assert_finds(student, rng)

    @points(1)
    def test_drop(self, student, reference, rng):
        """gives the mean drop for every pixel of 9, of a network with 4 classes and two hidden layers"""
        args = untrained(rng, 40, 9, 8, 6, 4)
        drop = entry(student.find_the_shortcut(*args), "drop")
        assert_close(drop, reference.find_the_shortcut(*args)[1]["drop"], name="drop", batch=40)

    @points(1)
    def test_accuracies(self, student, reference, rng):
        """gives the shares of images that are placed right, with the pixel and without it"""
        args, _ = trained(rng)
        result, expected = student.find_the_shortcut(*args), reference.find_the_shortcut(*args)[1]
        for name in ("accuracy", "accuracy_without"):
            assert_close(entry(result, name), expected[name], name=name)

    @points(1)
    def test_pure(self, student, reference, rng):
        """leaves the network and the images as they are"""
        args = untrained(rng, 12, 5, 4, 3)
        assert_pure(student.find_the_shortcut, *args, expected=reference.find_the_shortcut(*args), name=RESULT)

    @hidden
    @points(2)
    def test_other_networks(self, student, rng):
        """finds the pixel in three more networks"""
        for _ in range(3):
            assert_finds(student, rng)
