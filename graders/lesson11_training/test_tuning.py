"""Grader of tuning.py: what a training of the given kind makes of digits, within a budget."""

from functools import cache
from itertools import pairwise

import numpy as np
from nnedu.checking import assert_number, assert_reaches, assert_that, exercise, hidden, points

IMAGES = 1797
KNOWN = 1198
BUDGET = 41_000
SIZE = 20_000
NAMES = {
    "init": ("small", "xavier", "he"),
    "optimizer": ("sgd", "momentum", "adam"),
    "schedule": ("constant", "cosine"),
}


@cache
def digits():
    """Handwritten digits from scikit-learn, 1,797 rows of 64 numbers between 0 and 1."""
    from sklearn.datasets import load_digits  # noqa: PLC0415 - it takes half a second, which only this exercise needs

    X, y = load_digits(return_X_y=True)
    return X / 16.0, y


def whole(value, name, low):
    """An integer that is large enough."""
    assert_that(
        isinstance(value, int | np.integer) and not isinstance(value, bool) and value >= low,
        f"{name} should be an integer, {low} or more.",
    )
    return int(value)


def configuration(student):
    """What was chosen, once it is known to be something that can be built."""
    found = student.config()
    keys = {"dims", "lr", "batch_size", "epochs", *NAMES}
    assert_that(isinstance(found, dict), "config() should return a dict.")
    missing, foreign = sorted(keys - set(found)), sorted(str(key) for key in set(found) - keys)
    assert_that(not missing, f"config() should have a value for {missing[:1]}.")
    assert_that(not foreign, f"config() has a key that means nothing here: {foreign[:1]}.")
    dims = found["dims"]
    assert_that(isinstance(dims, list | tuple) and len(dims) > 1, "dims should be a list of sizes.")
    dims = [whole(one, "each of dims", 1) for one in dims]
    assert_that((dims[0], dims[-1]) == (64, 10), f"dims should lead from 64 to 10; it is {dims}.")
    for key, names in NAMES.items():
        assert_that(isinstance(found[key], str) and found[key] in names, f"{key} should be one of {', '.join(names)}.")
    lr = assert_number(found["lr"], name="lr")
    assert_that(lr > 0.0, "lr should be above 0.")
    batch_size = whole(found["batch_size"], "batch_size", 1)
    assert_that(batch_size <= KNOWN, f"batch_size should be at most {KNOWN}, the number of images.")
    sizes = {"dims": dims, "lr": float(lr), "batch_size": batch_size, "epochs": whole(found["epochs"], "epochs", 1)}
    return {**found, **sizes}


def affordable(student):
    """A configuration that keeps to the budget."""
    chosen = configuration(student)
    spent = KNOWN * chosen["epochs"]
    assert_that(
        spent <= BUDGET, f"{chosen['epochs']} epochs of {KNOWN} images are {spent} gradients; {BUDGET} are allowed."
    )
    size = sum((n_in + 1) * n_out for n_in, n_out in pairwise(chosen["dims"]))
    assert_that(size <= SIZE, f"The network has {size} weights and biases; {SIZE} are allowed.")
    return chosen


class Training:
    """A network of the given kind, its optimiser, and its schedule."""

    def __init__(self, chosen, rng):
        self.chosen, self.rng, self.params, self.t = chosen, rng, [], 0
        for n_in, n_out in pairwise(chosen["dims"]):
            spread = {"small": 0.01, "xavier": np.sqrt(2.0 / (n_in + n_out)), "he": np.sqrt(2.0 / n_in)}
            self.params += [rng.normal(0.0, spread[chosen["init"]], (n_in, n_out)), np.zeros(n_out)]
        self.first = [np.zeros(value.shape) for value in self.params]
        self.second = [np.zeros(value.shape) for value in self.params]
        self.steps = chosen["epochs"] * -(-KNOWN // chosen["batch_size"])

    def activations(self, X):
        """X, the hidden layers, and the logits."""
        found = [X]
        for at in range(0, len(self.params), 2):
            Z = found[-1] @ self.params[at] + self.params[at + 1]
            found.append(np.maximum(Z, 0.0) if at < len(self.params) - 2 else Z)
        return found

    def gradients(self, X, y):
        """The gradient of the mean cross-entropy for each parameter."""
        found, grads = self.activations(X), []
        delta = np.exp(found[-1] - found[-1].max(axis=1, keepdims=True))
        delta /= delta.sum(axis=1, keepdims=True)
        delta[np.arange(len(y)), y] -= 1.0
        delta /= len(y)
        for layer in range(len(found) - 2, -1, -1):
            grads = [found[layer].T @ delta, delta.sum(axis=0), *grads]
            delta = delta @ self.params[2 * layer].T * (found[layer] > 0.0)
        return grads

    def step(self, X, y):
        """One update of all parameters."""
        lr, kind = self.chosen["lr"], self.chosen["optimizer"]
        if self.chosen["schedule"] == "cosine":
            lr *= 0.5 * (1.0 + np.cos(np.pi * self.t / self.steps))
        self.t += 1
        for at, grad in enumerate(self.gradients(X, y)):
            move = grad
            if kind == "momentum":
                move = self.first[at] = 0.9 * self.first[at] + grad
            elif kind == "adam":
                self.first[at] = 0.9 * self.first[at] + 0.1 * grad
                self.second[at] = 0.999 * self.second[at] + 0.001 * grad**2
                root = np.sqrt(self.second[at] / (1.0 - 0.999**self.t)) + 1e-8
                move = self.first[at] / (1.0 - 0.9**self.t) / root
            self.params[at] = self.params[at] - lr * move

    def run(self, X, y):
        """All epochs."""
        size = self.chosen["batch_size"]
        for _ in range(self.chosen["epochs"]):
            order = self.rng.permutation(len(y))
            for at in range(0, len(y), size):
                self.step(X[order[at : at + size]], y[order[at : at + size]])


@cache
def share_read(dims, others, seed):
    """The share of all digits that are read right, each by a network that has not seen it."""
    chosen, rng = {"dims": dims, **dict(others)}, np.random.default_rng(seed)
    X, y = digits()
    parts, right = np.array_split(rng.permutation(IMAGES), 3), 0
    with np.errstate(all="ignore"):  # what is badly chosen may well overflow
        for new in parts:
            known = np.setdiff1d(np.arange(IMAGES), new)
            training = Training(chosen, rng)
            training.run(X[known], y[known])
            logits = training.activations(X[new])[-1]
            right += int(np.sum(np.isfinite(logits).all(axis=1) & (logits.argmax(axis=1) == y[new])))
    return right / IMAGES


def assert_reads(student, rng, floor):
    """Judge the share of digits that are read right."""
    seed = int(rng.integers(2**32))  # and no other draw, since how much is drawn depends on what was chosen
    chosen = affordable(student)
    dims = tuple(chosen.pop("dims"))
    share = share_read(dims, tuple(sorted(chosen.items())), seed)
    assert_reaches(share, band=(floor, 1.0), name="share of digits read right")


@exercise("config", trains=True)
class TestConfig:
    """a network for digits, and a training that is affordable"""

    @points(1)
    def test_form(self, student):
        """has all seven entries, each of its kind"""
        configuration(student)

    @points(1)
    def test_budget(self, student):
        """stays within 41,000 gradients of single images, and 20,000 weights and biases"""
        affordable(student)

    @points(2)
    def test_start(self, student, rng):
        """reads 92 % of the digits right"""
        assert_reads(student, rng, 0.92)

    @points(2)
    def test_below_the_middle(self, student, rng):
        """reads 93.5 % of the digits right"""
        assert_reads(student, rng, 0.935)

    @points(2)
    def test_middle(self, student, rng):
        """reads 94.5 % of the digits right"""
        assert_reads(student, rng, 0.945)

    @hidden
    @points(2)
    def test_above_the_middle(self, student, rng):
        """reads 95.5 % of the digits right"""
        assert_reads(student, rng, 0.955)

    @hidden
    @points(2)
    def test_near_the_goal(self, student, rng):
        """reads 96 % of the digits right"""
        assert_reads(student, rng, 0.96)

    @hidden
    @points(2)
    def test_goal(self, student, rng):
        """reads 96.5 % of the digits right"""
        assert_reads(student, rng, 0.965)
