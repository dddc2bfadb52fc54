"""A perceptron class found on a web page, which learns the AND gate on few days only, repaired."""

import numpy as np


def truth_table(n_inputs: int) -> np.ndarray:
    """Return all rows of 0 and 1, shape (2**n_inputs, n_inputs): (0, ..., 0) first, (1, ..., 1) last."""
    return np.array(list(np.ndindex(*(2,) * n_inputs)), dtype=float)


class Perceptron:
    """A single unit with a step. It starts at random, but close to 0 when measured by the steps that it takes."""

    def __init__(self, n_inputs: int, rng: np.random.Generator, learning_rate: float = 0.1) -> None:
        self.weights = rng.normal(0.0, 0.1 * learning_rate, n_inputs)
        self.bias = 0.0
        self.lr = learning_rate

    def activation(self, z: np.ndarray) -> np.ndarray:
        """Return 1 where z >= 0, else 0."""
        return np.where(z >= 0.0, 1, 0)

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Return 0 or 1 for a single row (n,), and an array (m,) of them for a table (m, n)."""
        return self.activation(np.dot(X, self.weights) + self.bias)

    def train(self, X: np.ndarray, y: np.ndarray, epochs: int = 100) -> list[int]:
        """Learn from one row after the other, until an epoch has no mistake; return the mistakes of each epoch."""
        errors = []
        for _ in range(epochs):
            mistakes = 0
            for xi, yi in zip(X, y, strict=True):
                error = yi - self.predict(xi)
                self.weights = self.weights + self.lr * error * xi
                self.bias += self.lr * error
                mistakes += int(error != 0)
            errors.append(mistakes)
            if mistakes == 0:
                break
        return errors


def train_and_gate(rng: np.random.Generator, n_inputs: int = 2) -> tuple[Perceptron, list[int]]:
    """Train a perceptron on the AND gate and return it, with the number of mistakes in each epoch.

    The gate has n_inputs inputs, 1 to 4, and is on when all of them are. Whatever the rng, the perceptron is right on
    the whole truth table after at most 100 epochs. What is random comes from rng alone, and nothing has to be random.

    Returns:
        The trained perceptron, and errors, a list of at most 100 integers: the number of rows that were predicted
        wrong in each epoch. The last entry is 0. The perceptron's predict takes a table (m, n_inputs) and returns
        integers 0 or 1 of shape (m,), or takes a single row (n_inputs,) and returns one of them.

    Examples:
        >>> perceptron, errors = train_and_gate(np.random.default_rng(0))
        >>> perceptron.predict(truth_table(2)).tolist(), errors[-1]
        ([0, 0, 0, 1], 0)

    Source: the perceptron of many introductions.
    """
    X = truth_table(n_inputs)
    y = X.all(axis=1).astype(int)
    perceptron = Perceptron(n_inputs, rng)
    errors = perceptron.train(X, y, epochs=100)
    return perceptron, errors
