"""Half-finished repairs of and_gate.py, as students leave them."""

import numpy as np
from and_gate import Perceptron, truth_table

from nnedu.checking import mistake


class _Perceptron(Perceptron):
    """The given class with a predict that takes tables, and a start that can be chosen."""

    def __init__(self, weights, learning_rate):
        self.weights, self.bias, self.lr = weights, 0.0, learning_rate


def _gate(n_inputs):
    X = truth_table(n_inputs)
    return X, X.all(axis=1).astype(int)


def _trained(weights, learning_rate, epochs):
    perceptron = _Perceptron(weights, learning_rate)
    return perceptron, perceptron.train(*_gate(len(weights)), epochs)


@mistake(
    "train_and_gate",
    "there are 100 epochs now, but the start is still far away when measured in steps",
    hints=(
        "Are 100 epochs enough for every start? Try fifty.",
        (
            "The weights (n,) start around 1 in size, an update moves each by 0.01 or not at all. How many updates "
            "may be needed?"
        ),
        "Bring the start closer to 0, or make the steps longer; only the ratio of the two matters.",
    ),
)
def raises_epochs_only(rng, n_inputs=2):
    return _trained(rng.normal(size=n_inputs), 0.01, 100)


@mistake(
    "train_and_gate",
    "a seed was looked for with which the training happens to work",
    hints=(
        "Would it work tomorrow, with another seed or another gate?",
        "A fixed seed hides the luck, it does not remove it: the start (n,) is still a hundred steps away.",
        "Repair it so that the start does not decide. Then take the seed out; what is random comes from rng.",
    ),
)
def keeps_a_lucky_seed(rng, n_inputs=2):
    return _trained(np.random.default_rng(74).normal(size=n_inputs), 0.01, 10)


def _with_product(X):
    X = np.asarray(X)
    return np.concatenate([X, X.prod(axis=-1, keepdims=True)], axis=-1)


class _WithProduct:
    def __init__(self, n_inputs):
        self.inner = _Perceptron(np.zeros(n_inputs + 1), 1.0)

    def predict(self, X):
        return self.inner.predict(_with_product(X))

    def train(self, X, y, epochs):
        return self.inner.train(_with_product(X), y, epochs)


@mistake(
    "train_and_gate",
    "the product of the inputs is added as one more input, as if no line could make an AND",
    hints=(
        "Is there a line with (1, 1) on one side and the other three rows on the other? Draw it.",
        (
            "AND is separable: w (n,) and b exist, and so the rule finds them. The trouble is how long it takes from "
            "this start."
        ),
        "Leave the inputs as they are, and look at the size of the start and of a step.",
    ),
)
def blames_separability(rng, n_inputs=2):
    perceptron = _WithProduct(n_inputs)
    return perceptron, perceptron.train(*_gate(n_inputs), 100)


class _LookUp:
    def predict(self, X):
        return np.all(np.asarray(X) == 1.0, axis=-1).astype(int)


@mistake(
    "train_and_gate",
    "nothing is learned: the gate is written into predict",
    hints=(
        "What does your perceptron answer to (2, 2)?",
        "A perceptron has weights (n,) and a bias, and answers by the sign of w·x + b, for every point of the plane.",
        "Let predict use the weights again, and mend the training instead.",
    ),
)
def looks_the_answer_up(rng, n_inputs=2):
    return _LookUp(), [0]


class _OneRow(_Perceptron):
    def activation(self, z):
        return 1 if z >= 0 else 0


@mistake(
    "train_and_gate",
    "it learns, but predict still takes a single row only",
    hints=(
        "What does predict say to the whole truth table?",
        "For a table X (m, n) the score has shape (m,), and an `if` cannot decide about m numbers at once.",
        "Let the activation compare entry by entry, so that it works for a number and for an array.",
    ),
)
def predicts_single_rows(rng, n_inputs=2):
    perceptron = _OneRow(np.zeros(n_inputs), 1.0)
    return perceptron, perceptron.train(*_gate(n_inputs), 100)


@mistake(
    "train_and_gate",
    "there are still ten epochs, which is enough for two inputs and no more",
    hints=(
        "How long is your errors, and what is its last entry for four inputs?",
        "A gate with n inputs has 2^n rows, only one of which is on. The more rows, the more epochs it takes.",
        "Allow up to 100 epochs, and stop after the first one without a mistake.",
    ),
)
def keeps_ten_epochs(rng, n_inputs=2):
    return _trained(0.01 * rng.normal(size=n_inputs), 0.1, 10)


@mistake(
    "train_and_gate",
    "it trains for as long as it takes, which can be hundreds of epochs",
    hints=(
        "How many entries does errors have, for ten different rngs?",
        (
            "From a start of size 1, with steps of size 0.01, the weights (n,) need up to some hundred epochs. 100 "
            "are allowed."
        ),
        "A bolder step or a smaller start makes ten epochs of it, for two inputs.",
    ),
)
def trains_as_long_as_it_takes(rng, n_inputs=2):
    return _trained(rng.normal(size=n_inputs), 0.01, 100_000)
