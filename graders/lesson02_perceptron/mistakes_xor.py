"""Weights that do not compute XOR, and why students think they do."""

import numpy as np

from nnedu.checking import mistake


def _network(W1, b1, W2, b2):
    values = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    return {name: np.array(value, dtype=float) for name, value in values.items()}


@mistake(
    "xor_by_hand",
    "both hidden units fire on the same rows",
    hints=(
        "What do your two hidden units separate? Write down what each of them says to the four rows.",
        "H (4, 2) has one column for each hidden unit. Two equal columns are one unit, and one unit draws one line.",
        (
            "Keep one unit as it is, and move the line of the other so that it divides the rows in another place: "
            "between one 1 and two."
        ),
    ),
)
def same_rows_twice():
    return _network([[1, 2], [1, 2]], [-0.5, -1], [[1], [1]], [-0.5])


@mistake(
    "xor_by_hand",
    "the hidden units repeat the two inputs, and leave XOR to the output",
    hints=(
        "Which of the four rows do your hidden units change?",
        "H (4, 2) equals X (4, 2) here, so the output has to separate by one line what no line separates.",
        "Let each hidden unit answer a question about both inputs: is any of them on, are both of them on?",
    ),
)
def repeats_the_inputs():
    return _network([[1, 0], [0, 1]], [-0.5, -0.5], [[1], [1]], [-0.5])


@mistake(
    "xor_by_hand",
    "the rows lie exactly on the lines, where the slightest change tips them over",
    hints=(
        "How far are the four rows from the lines of your hidden units?",
        (
            "A sum of two inputs is 0, 1 or 2. With a bias of -1 the score of two rows is exactly 0: right, but with "
            "no margin."
        ),
        "Put each line midway between the sums that it has to keep apart, which are one apart.",
    ),
)
def lines_through_the_rows():
    return _network([[1, 1], [1, 1]], [-1, -2], [[1], [-1]], [-1])


@mistake(
    "xor_by_hand",
    "the output has no step: its score is 0 or 1, and a step makes 1 of both",
    hints=(
        "Which activation stands behind the output?",
        "Yhat = step(H @ W2 + b2), shape (m, 1). What matters is the sign of the score: 0 and 1 are on the same side.",
        "Lower the bias of the output until the score of the rows that should be off is below 0.",
    ),
)
def output_without_a_step():
    return _network([[1, 1], [1, 1]], [-0.5, -1.5], [[1], [-1]], [0])


@mistake(
    "xor_by_hand",
    "the weights are those of a network with ReLU in its hidden layer",
    hints=(
        "Where do these weights come from, and which activation did they have there?",
        "Here H = step(X @ W1 + b1), shape (m, 2). A hidden unit says 0 or 1, never 2, and it says 1 at a score of 0.",
        (
            "Work out the hidden values for the four rows with a step, and choose new biases such that they divide "
            "the rows."
        ),
    ),
)
def relu_weights():
    return _network([[1, 1], [1, 1]], [0, -1], [[1], [-2]], [0])


@mistake(
    "xor_by_hand",
    "W1 holds a hidden unit in each row, where it should hold one in each column",
    hints=(
        "W1 is (2, 2), so its shape cannot tell. Which of its entries meet in the score of the first hidden unit?",
        "Z = X @ W1 + b1, so Z[i, j] = Σ_p X[i, p] W1[p, j] + b1[j]: unit j has column j of W1 (2, 2).",
        "Your numbers are right and stand in the wrong places: exchange the two off the diagonal.",
    ),
)
def units_in_rows():
    return _network([[1, 1], [-1, -1]], [-0.5, 1.5], [[1], [1]], [-1.5])
