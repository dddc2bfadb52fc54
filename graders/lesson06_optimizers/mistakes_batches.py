"""Wrong implementations of batches.py, as students write them."""

import numpy as np
from nnedu.checking import mistake


@mistake(
    "minibatches",
    "the last batch is left out when it is shorter than the others",
    hints=(
        "You have 23 rows and batches of 5. How many batches do you make, and how many rows do they hold together?",
        "There are ceil(m / batch_size) batches; the last one has what is left: 5 + 5 + 5 + 5 + 3 = 23.",
        "Let the starts of the slices run up to m itself; a slice that reaches beyond the end simply stops there.",
    ),
)
def drops_last_batch(X, Y, batch_size, rng):
    order = rng.permutation(len(X))
    for number in range(len(X) // batch_size):
        rows = order[number * batch_size : (number + 1) * batch_size]
        yield X[rows], Y[rows]


@mistake(
    "minibatches",
    "X and Y are shuffled each in its own order",
    hints=(
        "Is the first row of a batch of Y still the label of the first row of the batch of X?",
        "A pair is (X[i], Y[i]) with one i. Two draws from rng give two different orders.",
        "Draw one permutation of the m row numbers, and index both arrays with it.",
    ),
)
def shuffles_separately(X, Y, batch_size, rng):
    X, Y = X[rng.permutation(len(X))], Y[rng.permutation(len(Y))]
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size], Y[start : start + batch_size]


@mistake(
    "minibatches",
    "the caller's own arrays are shuffled",
    hints=(
        "Print X before and after one pass over the batches. Is it still in its old order?",
        (
            "`rng.shuffle(X)` and `X[:] = ...` write into the array that the caller passed. A permutation of the row "
            "numbers, of shape (m,), leaves X and Y alone."
        ),
        "Shuffle row numbers, not rows; then pick the rows of each batch by their numbers.",
    ),
)
def shuffles_callers_arrays(X, Y, batch_size, rng):
    order = rng.permutation(len(X))
    X[:] = X[order]
    Y[:] = Y[order]
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size], Y[start : start + batch_size]


@mistake(
    "minibatches",
    "the rows of each batch are drawn afresh, so that some come twice and others never",
    hints=(
        "Count how often each row comes in one pass. Is it exactly once?",
        (
            "An epoch is one pass over the data: the batches together are the m rows, each once. Drawing with "
            "replacement gives that up."
        ),
        "Draw one order of all the rows before the loop, and cut it into pieces.",
    ),
)
def draws_with_replacement(X, Y, batch_size, rng):
    for start in range(0, len(X), batch_size):
        size = min(batch_size, len(X) - start)
        rows = rng.integers(0, len(X), size=size)
        yield X[rows], Y[rows]


@mistake(
    "minibatches",
    "the rows come in the order in which they are stored",
    hints=(
        "What would your batches look like for a data set that is sorted by class?",
        "The order is drawn from rng: another generator, another order.",
        "Let a random permutation of the row numbers decide, and slice that instead of X.",
    ),
)
def does_not_shuffle(X, Y, batch_size, rng):
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size], Y[start : start + batch_size]


@mistake(
    "minibatches",
    "each slice ends one row too early",
    hints=(
        "How many rows has your first batch if batch_size is 5?",
        "A slice a:b holds b - a rows; its end is not part of it. A batch starts at k and holds batch_size rows.",
        "The end of the slice lies batch_size beyond its start, with nothing taken off.",
    ),
)
def ends_one_row_early(X, Y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size - 1]
        yield X[rows], Y[rows]


@mistake(
    "minibatches",
    "the rows are spread evenly over the batches instead of filling one after the other",
    hints=(
        "You have 23 rows and batches of 5. Which sizes do your batches have?",
        (
            "Every batch but the last has exactly batch_size rows: 5, 5, 5, 5, 3. `np.array_split` makes the pieces "
            "equally long: 5, 5, 5, 4, 4."
        ),
        "Cut the order at 0, batch_size, 2·batch_size and so on.",
    ),
)
def spreads_evenly(X, Y, batch_size, rng):
    order = rng.permutation(len(X))
    for rows in np.array_split(order, -(-len(X) // batch_size)):
        yield X[rows], Y[rows]


@mistake(
    "minibatches",
    "the order comes from a generator of its own and not from rng",
    hints=(
        "Call your function with np.random.default_rng(1) and with np.random.default_rng(2). What is different?",
        "Chance comes in only through the argument rng, so that the caller decides whether a run can be repeated.",
        "Do not make a generator inside; ask the one that was passed for the permutation.",
    ),
)
def ignores_rng(X, Y, batch_size, rng):
    order = np.random.default_rng(0).permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], Y[rows]
