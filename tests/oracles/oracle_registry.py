"""What an oracle is: somebody else's code that answers the same question as a solution, and shares nothing with it."""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from nnedu.course import load_course
from nnedu.sandbox.loading import Modules

COURSE = load_course(Path(__file__).parents[2])
AGREE = 1e-10


@dataclass(frozen=True)
class Oracle:
    """One comparison: `pairs(modules of the lesson, rng)` yields the solution's answers beside the oracle's."""

    lesson: str
    exercise: str
    by: str
    pairs: Any

    @property
    def id(self):
        return f"{self.lesson[:8]}/{self.exercise}-{self.by}"


ORACLES: list[Oracle] = []


def oracle(lesson, exercise, by):
    """Enter a comparison. `lesson` is a number."""

    def enter(pairs):
        ORACLES.append(Oracle(COURSE.lesson(str(lesson)).id, exercise, by, pairs))
        return pairs

    return enter


@cache
def solutions(lesson):
    """The modules of a lesson's solution."""
    modules = Modules(COURSE.lesson(lesson).solution_sources(), COURSE.imports)
    return SimpleNamespace(**{name: modules.load(name) for name in COURSE.lesson(lesson).modules})


def difference(actual, expected):
    """The largest difference, relative to the largest number: of arrays and numbers, or of tuples and dicts of them."""
    if isinstance(expected, dict):
        assert actual.keys() == expected.keys()
        return max(difference(actual[key], value) for key, value in expected.items())
    if isinstance(expected, (tuple, list)):
        assert len(actual) == len(expected)
        return max(difference(one, other) for one, other in zip(actual, expected, strict=True))
    actual, expected = np.asarray(actual, dtype=float), np.asarray(expected, dtype=float)
    assert actual.shape == expected.shape
    largest = float(np.max(np.abs(expected)))
    gap = float(np.max(np.abs(actual - expected)))
    return gap / largest if largest else gap


def complex_step(function, x):
    """The gradient of a real function of an array, by a step into the complex plane: nothing is subtracted, or lost."""
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        moved = x.astype(complex)
        moved[index] += 1e-200j
        gradient[index] = function(moved).imag / 1e-200
    return gradient


def slopes(function, params):
    """The gradient of a real function of a dict of arrays with respect to each of them."""

    def moved(name):
        return lambda at: function({**params, name: at})

    return {name: complex_step(moved(name), value) for name, value in params.items()}


def network(rng, sizes):
    """Parameters of a network in rows."""
    params = {}
    for layer, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        params[f"W{layer}"] = rng.normal(size=(n_in, n_out)) / np.sqrt(n_in)
        params[f"b{layer}"] = rng.normal(size=n_out)
    return params


def in_columns(params):
    """The same network in columns."""
    return {name: value.T if name[0] == "W" else value[:, None] for name, value in params.items()}


def targets(rng, m, k, output):
    """Random targets for an output layer."""
    if output == "sigmoid":
        return rng.integers(0, 2, size=(m, k)).astype(float)
    return np.eye(k)[rng.integers(0, k, size=m)] if output == "softmax" else rng.normal(size=(m, k))


def loss(X, Y, params, output="sigmoid", hidden="relu"):
    """The mean loss of a network, for complex numbers too: nothing is clipped, and all functions are analytic."""
    A, layers = X, len(params) // 2
    for layer in range(1, layers + 1):
        Z = A @ params[f"W{layer}"] + params[f"b{layer}"]
        A = np.where(Z.real > 0, Z, 0) if hidden == "relu" else 1 / (1 + np.exp(-Z))
    if output == "sigmoid":
        return np.mean(np.log(1 + np.exp(Z)) - Y * Z)
    if output == "softmax":
        return np.mean(np.log(np.sum(np.exp(Z), axis=1)) - np.sum(Y * Z, axis=1))
    return np.mean((Z - Y) ** 2)
