"""Grader of mnist.py: the digit classifier of a web page, repaired."""

from functools import cache

import numpy as np
from nnedu.checking import (
    assert_array,
    assert_close,
    assert_number,
    assert_reaches,
    assert_that,
    exercise,
    hidden,
    points,
)


@cache
def digits():
    """Handwritten digits from scikit-learn in columns, pixels from 0 to 1."""
    from sklearn.datasets import load_digits  # noqa: PLC0415 - it takes half a second, which not every check needs

    X, y = load_digits(return_X_y=True)
    return X.T / 16.0, y


def clouds(rng, m, n, K):
    """Columns around K centres, and which one each is from."""
    y = rng.permutation(np.arange(m) % K)
    return rng.normal(size=(n, K))[:, y] + 0.5 * rng.normal(size=(n, m)), y


def forward(X, parameters):
    """What each layer reads, and the probabilities, in columns."""
    inputs, L = [], len(parameters) // 2
    for layer in range(1, L + 1):
        inputs.append(X)
        Z = parameters[f"W{layer}"] @ X + parameters[f"b{layer}"]
        X = np.maximum(Z, 0.0)
    E = np.exp(Z - Z.max(axis=0))
    return inputs, E / E.sum(axis=0)


def mean_loss(X, y, parameters):
    """The mean cross-entropy."""
    return float(-np.mean(np.log(forward(X, parameters)[1][y, np.arange(len(y))])))


def stepped(X, y, parameters, lr):
    """The parameters after one step of gradient descent."""
    inputs, P = forward(X, parameters)
    dZ, moved = (P - np.eye(len(P))[y].T) / len(y), {}
    for layer in range(len(inputs), 0, -1):
        A, W = inputs[layer - 1], parameters[f"W{layer}"]
        moved[f"W{layer}"] = W - lr * dZ @ A.T
        moved[f"b{layer}"] = parameters[f"b{layer}"] - lr * dZ.sum(axis=1, keepdims=True)
        dZ = (W.T @ dZ) * (A > 0.0)
    return moved


def judged(result, X, layer_dims, epochs):
    """What train_digits_columns returns, once its form is known."""
    four = isinstance(result, (tuple, list)) and len(result) == 4
    assert_that(four, "train_digits_columns should return (parameters, costs, held_out, test_accuracy).")
    parameters, costs, held_out, test_accuracy = result
    L, m = len(layer_dims) - 1, X.shape[1]
    names = {f"{kind}{layer}" for kind in "Wb" for layer in range(1, L + 1)}
    keys = isinstance(parameters, dict) and set(parameters) == names
    assert_that(keys, f"parameters should be a dict with the keys {', '.join(sorted(names))}.")
    for layer in range(1, L + 1):
        n_in, n_out = layer_dims[layer - 1 : layer + 1]
        assert_array(parameters[f"W{layer}"], shape=(n_out, n_in), name=f"W{layer}")
        assert_array(parameters[f"b{layer}"], shape=(n_out, 1), name=f"b{layer}")
    enough = isinstance(costs, (list, tuple)) and len(costs) == epochs
    assert_that(enough, f"costs should be a list with one number per epoch, {epochs}.")
    ints = type(held_out) is np.ndarray and held_out.dtype.kind in "iu" and held_out.shape == (m // 5,)
    assert_that(ints, f"held_out should be an array of {m // 5} ints for {m} images.")
    columns = len(np.unique(held_out)) == m // 5 and held_out.min() >= 0 and held_out.max() < m
    assert_that(bool(columns), "held_out should name different columns of X.")
    assert_number(test_accuracy, name="test_accuracy")
    return parameters, costs, held_out, float(test_accuracy)


def trained(student, X, y, layer_dims, epochs, lr, seed):
    result = student.train_digits_columns(X, y, layer_dims, epochs, lr, np.random.default_rng(seed))
    return judged(result, X, layer_dims, epochs)


@exercise("train_digits_columns", trains=True)
class TestTrainDigitsColumns:
    """the classifier of a web page, repaired"""

    @points(1)
    def test_start(self, student, rng):
        """starts as He does, and holds out other images and draws other weights with another rng"""
        (X, y), layer_dims = clouds(rng, 40, 60, 3), [60, 40, 3]
        seed = int(rng.integers(1, 1_000_000))
        first, _, held, _ = trained(student, X, y, layer_dims, 1, 0.0, seed)
        second, _, other, _ = trained(student, X, y, layer_dims, 1, 0.0, seed + 1)
        deviation, wanted = float(np.std(first["W1"])), float(np.sqrt(2.0 / 60.0))
        near = abs(deviation / wanted - 1.0) < 0.1
        assert_that(near, f"W1 should have a standard deviation near {wanted:.4f}; it has {deviation:.4f}.")
        assert_that(float(np.max(np.abs(first["b1"]))) == 0.0, "b1 should start at 0.")
        assert_that(float(np.max(np.abs(first["W1"] - second["W1"]))) > 0.0, "Another rng should draw other weights.")
        assert_that(set(held.tolist()) != set(other.tolist()), "Another rng should hold out other images.")

    @points(1)
    def test_costs(self, student, rng):
        """gives, before each step, the mean cross-entropy of the images that are not held out"""
        (X, y), layer_dims = clouds(rng, 33, 6, 4), [6, 9, 4]
        seed = int(rng.integers(1, 1_000_000))
        parameters, costs, held, _ = trained(student, X, y, layer_dims, 2, 0.0, seed)
        known = np.setdiff1d(np.arange(33), held)
        for i in range(2):
            assert_close(costs[i], mean_loss(X[:, known], y[known], parameters), name=f"costs[{i}]")
        # The same start, then a step: the first cost stays, the second one falls to that of the moved parameters.
        moved, costs, _, _ = trained(student, X, y, layer_dims, 1, 0.5, seed)
        assert_close(costs[0], mean_loss(X[:, known], y[known], parameters), name="costs[0]")
        costs = trained(student, X, y, layer_dims, 2, 0.5, seed)[1]
        assert_close(costs[1], mean_loss(X[:, known], y[known], moved), name="costs[1]")

    @points(1)
    def test_steps(self, student, rng):
        """takes the right steps from its own start, with ten classes and two hidden layers"""
        (X, y), layer_dims = clouds(rng, 57, 8, 10), [8, 12, 7, 10]
        seed = int(rng.integers(1, 1_000_000))
        expected, _, held, _ = trained(student, X, y, layer_dims, 1, 0.0, seed)
        known = np.setdiff1d(np.arange(57), held)
        for steps in (1, 2, 3):
            expected = stepped(X[:, known], y[known], expected, 0.5)
            found = trained(student, X, y, layer_dims, steps, 0.5, seed)[0]
            assert_close(found, expected, name=f"parameters after {steps} steps", rtol=1e-7, atol=1e-9)

    @points(1)
    def test_accuracy(self, student, rng):
        """reports the accuracy on the images that it has held out, and changes no argument"""
        X, y = clouds(rng, 200, 6, 4)
        layer_dims = [6, 8, 4]
        for lr in (0.0, 0.3):
            reply = student.train_digits_columns.reply(X, y, layer_dims, 20, lr, rng)
            assert_that(not reply.changed, "train_digits_columns should change no argument.")
            parameters, _, held, share = judged(reply.value, X, layer_dims, 20)
            right = forward(X[:, held], parameters)[1].argmax(axis=0) == y[held]
            assert_close(share, float(np.mean(right)), name="test_accuracy")

    @hidden
    @points(2)
    def test_digits(self, student, rng):
        """reads 92 % of the digits that it has held out, on average over three trainings"""
        X, y = digits()
        shares = []
        for seed in rng.integers(1, 1_000_000, size=3):
            parameters, _, held, _ = trained(student, X, y, [64, 32, 10], 200, 0.5, int(seed))
            shares.append(float(np.mean(forward(X[:, held], parameters)[1].argmax(axis=0) == y[held])))
        assert_reaches(float(np.mean(shares)), band=(0.92, 1.0), name="share of held-out digits read right")
