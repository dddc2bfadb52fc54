"""Grader of snippets.py: whether three trainings learn once they are repaired."""

from functools import cache
from itertools import pairwise

import numpy as np
from nnedu.checking import assert_number, assert_reaches, assert_that, exercise, hidden, points

STEPS = 200
DIMS = {"income": (3, 16, 1), "deep": (2, *6 * (32,), 1), "squared": (2, 32, 1)}
OUTPUT_BIAS = {"squared": -12.0}
FOUND = {
    "income": {"scale": False, "hidden": "relu", "init": "he", "loss": "bce"},
    "deep": {"scale": True, "hidden": "sigmoid", "init": "small", "loss": "bce"},
    "squared": {"scale": True, "hidden": "relu", "init": "he", "loss": "mse"},
}
CHOICES = {
    "scale": (False, True),
    "hidden": ("sigmoid", "relu"),
    "init": ("small", "xavier", "he"),
    "loss": ("mse", "bce"),
}


def moons(rng, count):
    """Two half moons that fit into each other, far from the origin."""
    angle, y = rng.uniform(0.0, np.pi, count), np.arange(count) % 2
    plane = np.where(
        y[:, None] == 1,
        np.column_stack([1.0 - np.cos(angle), 0.5 - np.sin(angle)]),
        np.column_stack([np.cos(angle), np.sin(angle)]),
    )
    return plane + rng.normal(0.0, 0.1, size=(count, 2)), y[:, None].astype(float)


def people(rng, count):
    """Income, age and ratio; who is in class 1 depends on all three."""
    u = rng.uniform(size=(count, 3))
    y = u[:, :1] + np.abs(2.0 * u[:, 1:2] - 1.0) + u[:, 2:] > 1.5
    return u * [70_000.0, 50.0, 1.0] + [20_000.0, 20.0, 0.0], y.astype(float)


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-np.clip(z, -40.0, 40.0)))


def outputs(X, params, hidden_kind):
    """The activations of all layers, X first and the probabilities last."""
    activations = [X]
    for W, b in params:
        Z = activations[-1] @ W + b
        last = len(activations) == len(params)
        activations.append(sigmoid(Z) if last or hidden_kind == "sigmoid" else np.maximum(Z, 0.0))
    return activations


def gradients(activations, params, y, chosen):
    """The gradient of the loss for each W and b."""
    P, found = activations[-1], []
    delta = (P - y) / len(y) * (1.0 if chosen["loss"] == "bce" else 2.0 * P * (1.0 - P))
    for (W, _), A, A_prev in zip(params[::-1], activations[:0:-1], activations[-2::-1], strict=True):
        if found:
            delta = delta * (A * (1.0 - A) if chosen["hidden"] == "sigmoid" else A > 0.0)
        found.append((A_prev.T @ delta, delta.sum(axis=0)))
        delta = delta @ W.T
    return found[::-1]


def start(name, init, rng):
    """The first weights and biases, and a velocity of zeros for each."""
    dims, params = DIMS[name], []
    for n_in, n_out in pairwise(dims):
        spread = {"small": 0.01, "xavier": np.sqrt(2.0 / (n_in + n_out)), "he": np.sqrt(2.0 / n_in)}[init]
        params.append((rng.normal(0.0, spread, (n_in, n_out)), np.zeros(n_out)))
    params[-1] = params[-1][0], params[-1][1] + OUTPUT_BIAS.get(name, 0.0)
    return params, [(np.zeros(W.shape), np.zeros(b.shape)) for W, b in params]


@cache
def learned(name, entries, seed):
    """The share of new samples that are placed right after training."""
    chosen, rng = dict(entries), np.random.default_rng(seed)
    draw = people if name == "income" else moons
    (X, y), (X_new, y_new) = draw(rng, 300), draw(rng, 1000)
    if chosen["scale"]:
        mean, std = X.mean(axis=0), X.std(axis=0)
        X, X_new = (X - mean) / std, (X_new - mean) / std
    params, velocity = start(name, chosen["init"], rng)
    with np.errstate(all="ignore"):  # what is broken may well overflow
        for _ in range(STEPS):
            found = gradients(outputs(X, params, chosen["hidden"]), params, y, chosen)
            velocity = [
                tuple(0.9 * v - chosen["lr"] * g for v, g in zip(*pair, strict=True))
                for pair in zip(velocity, found, strict=True)
            ]
            params = [(W + dW, b + db) for (W, b), (dW, db) in zip(params, velocity, strict=True)]
        return float(np.mean((outputs(X_new, params, chosen["hidden"])[-1] > 0.5) == (y_new > 0.5)))


def configurations(student):
    """What the student returns, once it is known to be three configurations that can be trained."""
    found = student.repair()
    form = isinstance(found, dict) and all(isinstance(found.get(name), dict) for name in FOUND)
    assert_that(form, f"repair() should return a dict with a dict for each of {', '.join(FOUND)}.")
    for name in FOUND:
        chosen = found[name]
        for key, values in CHOICES.items():
            known = any(type(chosen.get(key)) is type(value) and chosen[key] == value for value in values)
            assert_that(known, f"{key!r} of {name!r} should be one of {', '.join(repr(one) for one in values)}.")
        lr = assert_number(chosen.get("lr"), name=f"lr of {name!r}")
        assert_that(0.0 < lr <= 0.3, f"lr of {name!r} should be above 0 and at most 0.3; it is {lr:g}.")
        found[name] = {**chosen, "lr": lr}
    return found


def assert_learns(student, rng, name, seeds):
    """Judge the worst of so many trainings."""
    drawn = rng.integers(2**32, size=seeds)  # and nothing else, since how much is drawn depends on what was chosen
    chosen = configurations(student)[name]
    entries = tuple((key, chosen[key]) for key in ("lr", *CHOICES))
    assert_reaches(
        min(learned(name, entries, int(seed)) for seed in drawn),
        band=(0.9, 1.0),
        name=f"share of new samples placed right in {name!r}",
    )


@exercise("repair", trains=True)
class TestRepair:
    """three broken trainings that learn again"""

    @points(1)
    def test_income(self, student, rng):
        """makes the network learn from income, age and ratio"""
        assert_learns(student, rng, "income", 2)

    @points(1)
    def test_deep(self, student, rng):
        """makes the network with six hidden layers learn"""
        assert_learns(student, rng, "deep", 2)

    @points(1)
    def test_squared(self, student, rng):
        """makes the network learn whose output starts sure and wrong"""
        assert_learns(student, rng, "squared", 2)

    @hidden
    @points(1)
    def test_no_more_than_needed(self, student, rng):
        """changes four places in all, and learns from five starts each"""
        found = configurations(student)
        changed = sum(found[name][key] != value for name, one in FOUND.items() for key, value in one.items())
        assert_that(changed == 4, f"Four places are wrong in SNIPPETS (lr not counted); {changed} are changed.")
        for name in FOUND:
            assert_learns(student, rng, name, 5)
