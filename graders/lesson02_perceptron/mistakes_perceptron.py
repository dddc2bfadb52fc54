"""Wrong implementations of perceptron.py, as students write them."""

import numpy as np
from perceptron import perceptron_predict

from nnedu.checking import mistake


@mistake(
    "perceptron_predict",
    "one `if` decides about the whole array of scores at once",
    hints=(
        "Does your function accept the whole truth table, or only one row of it?",
        (
            "X (m, n) and w (n,) give m scores, an array (m,). It takes m comparisons, and the result has shape (m,) "
            "even for m = 1."
        ),
        "Compare the array itself with 0: that makes m truth values in one go. Then turn them into integers.",
    ),
)
def predict_with_one_if(X, w, b):
    return 1 if X @ w + b >= 0 else 0


@mistake(
    "perceptron_predict",
    "the result holds probabilities from a sigmoid instead of 0 and 1",
    hints=(
        "Which activation did Rosenblatt's perceptron have?",
        "ŷ (m,) holds the integers 0 and 1 and nothing in between: a step, applied to z = X @ w + b of shape (m,).",
        "There is no exponential here. Ask of each score on which side of 0 it lies.",
    ),
)
def predict_probabilities(X, w, b):
    return 1.0 / (1.0 + np.exp(-(X @ w + b)))


@mistake(
    "perceptron_predict",
    "the score is compared with 0.5 instead of 0",
    hints=(
        "Is z a probability?",
        (
            "z = X @ w + b, shape (m,), can be any number. Its sign tells the side of the line, and b has moved the "
            "line already."
        ),
        "The threshold of the step is 0; one half would be the place for it if there were a sigmoid before it.",
    ),
)
def predict_above_one_half(X, w, b):
    return (X @ w + b >= 0.5).astype(int)


@mistake(
    "perceptron_predict",
    "the perceptron stays silent where the score is exactly 0",
    hints=(
        "What does your perceptron do before it has learned anything, with all weights 0?",
        (
            "ŷ (m,) is 1 where z >= 0. In exercises with whole numbers z = 0 is no rare case: two rows of the OR gate "
            "have it."
        ),
        "Let the comparison include equality.",
    ),
)
def predict_strictly(X, w, b):
    return (X @ w + b > 0).astype(int)


@mistake(
    "perceptron_predict",
    "the result holds True and False",
    hints=(
        "What is the dtype of your result?",
        "The result is an array (m,) of integers. With booleans the error y - ŷ of the next exercise cannot be formed.",
        "Convert the outcome of the comparison to integers before you return it.",
    ),
)
def predict_booleans(X, w, b):
    return X @ w + b >= 0


@mistake(
    "perceptron_predict",
    "the two answers are 1 and -1 instead of 1 and 0",
    hints=(
        "Which labels does this course use for a perceptron?",
        "Some texts label with -1 and +1. Here y and ŷ (m,) are 0 or 1, and the error y - ŷ is -1, 0 or 1.",
        "Where the score is negative, return 0.",
    ),
)
def predict_signs(X, w, b):
    return np.where(X @ w + b >= 0, 1, -1)


@mistake(
    "perceptron_predict",
    "the bias is left out",
    hints=(
        "Which of your arguments is never used?",
        (
            "z = X @ w + b, shape (m,). Without b every line goes through the origin, and a row of zeros always has "
            "the score 0."
        ),
        "Add the bias to the scores before they are compared with 0.",
    ),
)
def predict_without_bias(X, w, b):
    return (X @ w >= 0).astype(int)


def _fires(w, b, x):
    return 1 if w @ x + b >= 0 else 0


@mistake(
    "perceptron_step",
    "the sign of the error is the other way round",
    hints=(
        "A sample with y = 1 was missed, so its score was negative. Should its score grow or shrink?",
        "With error e the score w·x + b changes by lr e (‖x‖² + 1). For y = 1 and ŷ = 0, which sign must e have?",
        "The label comes first in the difference, the prediction is taken away from it.",
    ),
)
def step_away(w, b, x, y, lr):
    error = _fires(w, b, x) - y
    return w + lr * error * x, b + lr * error


@mistake(
    "perceptron_step",
    "the bias is never updated",
    hints=(
        "Can your line ever leave the origin?",
        "w (n,) has moved, b has not. The bias is a weight too: that of an input which is always 1.",
        "Give b the rule of w, with 1 in the place of x.",
    ),
)
def step_without_bias(w, b, x, y, lr):
    error = y - _fires(w, b, x)
    return w + lr * error * x, b


@mistake(
    "perceptron_step",
    "the bias is updated once for each input instead of once for the sample",
    hints=(
        "By how much does b change for a sample with n = 1, and by how much with n = 2?",
        "There are n weights w (n,) but one b: its change is lr (y - ŷ), whatever n is.",
        "Look at where the line for the bias stands. It does not belong inside the loop over the inputs.",
    ),
)
def step_with_a_bias_for_each_input(w, b, x, y, lr):
    error = y - _fires(w, b, x)
    w = w.copy()
    for j in range(len(w)):
        w[j] = w[j] + lr * error * x[j]
        b = b + lr * error
    return w, b


@mistake(
    "perceptron_step",
    "the rule for labels -1 and +1 is applied to labels 0 and 1",
    hints=(
        "Which labels make your function change anything?",
        "y z <= 0 with the update lr y x belongs to labels -1 and +1. With y = 0 that update is 0 for every x (n,).",
        "Work with the error instead: what the label says less what the perceptron says, which can be 1, 0 or -1.",
    ),
)
def step_for_other_labels(w, b, x, y, lr):
    if y * (w @ x + b) <= 0:
        return w + lr * y * x, b + lr * y
    return w.copy(), b


@mistake(
    "perceptron_step",
    "the caller's weights are changed in place",
    hints=(
        "Print w before and after the call. Did the caller ask for that?",
        (
            "`w += ...` writes into the array (n,) that was passed in; both names stand for one array. b, a number, "
            "is not affected."
        ),
        "Write the sum as an expression, without an assignment to w's entries: that makes a new array.",
    ),
)
def step_in_place(w, b, x, y, lr):
    error = y - _fires(w, b, x)
    w += lr * error * x
    b += lr * error
    return w, b


@mistake(
    "perceptron_step",
    "a score of exactly 0 counts as silent",
    hints=(
        "What does the perceptron predict at z = 0, and is a sample with y = 1 then missed?",
        "ŷ = 1 where w·x + b >= 0, the bound included. Where ŷ = y, w (n,) and b stay as they are.",
        "Use the comparison of the exercise before, or call that function.",
    ),
)
def step_silent_at_zero(w, b, x, y, lr):
    error = y - (1 if w @ x + b > 0 else 0)
    return w + lr * error * x, b + lr * error


@mistake(
    "perceptron_step",
    "the learning rate is left out",
    hints=(
        "Which of your arguments is never used?",
        "The changes are lr (y - ŷ) x, shape (n,), and lr (y - ŷ). Halving lr halves both.",
        "Scale the error by the learning rate before it moves w and b.",
    ),
)
def step_without_rate(w, b, x, y, lr):
    error = y - _fires(w, b, x)
    return w + error * x, b + error


def _epoch(X, y, w, b, lr):
    """One pass as it should be: w, b and the number of mistakes."""
    wrong = 0
    for x, label in zip(X, y, strict=True):
        error = label - _fires(w, b, x)
        wrong += int(error != 0)
        w, b = w + lr * error * x, b + lr * error
    return w, float(b), wrong


def _fit(X, y, lr, epochs, w=None):
    w, b, errors = np.zeros(X.shape[1]) if w is None else w, 0.0, []
    for _ in range(epochs):
        w, b, wrong = _epoch(X, y, w, b, lr)
        errors.append(wrong)
        if wrong == 0:
            break
    return w, b, errors


@mistake(
    "perceptron_fit",
    "the corrections of all samples are added up, and made once at the end of the epoch",
    hints=(
        "When does the second sample notice what was learned from the first?",
        (
            "Each sample x (n,) is predicted with the w and b that the one before has left. An epoch of m samples "
            "makes up to m updates."
        ),
        "Update inside the loop over the samples, right after the prediction.",
    ),
)
def fit_in_batches(X, y, lr=1.0, epochs=100):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        error = y - perceptron_predict(X, w, b)
        errors.append(int(np.sum(error != 0)))
        if errors[-1] == 0:
            break
        w, b = w + lr * (error @ X), float(b + lr * error.sum())
    return w, b, errors


@mistake(
    "perceptron_fit",
    "the weights start at random",
    hints=(
        "Where do w and b start according to the docstring? What would errors[0] be then?",
        "A perceptron needs no random start: there is one unit, and no symmetry to break. w (n,) and b start at 0.",
        "Let numpy make the n weights without any random numbers.",
    ),
)
def fit_from_a_random_start(X, y, lr=1.0, epochs=100):
    return _fit(X, y, lr, epochs, np.random.default_rng(0).normal(size=X.shape[1]))


@mistake(
    "perceptron_fit",
    "the bias stays at 0",
    hints=(
        "Through which point does every line go that you can find?",
        "w (n,) and b are both learned. With b = 0 a row of zeros has the score 0 for every w, and so it always fires.",
        "In the loop over the samples, take up both results of a step, the weights and the bias.",
    ),
)
def fit_without_bias(X, y, lr=1.0, epochs=100):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            error = label - _fires(w, b, x)
            w = w + lr * error * x
            wrong += int(error != 0)
        errors.append(wrong)
        if wrong == 0:
            break
    return w, b, errors


@mistake(
    "perceptron_fit",
    "the mistakes are counted with the weights at the end of the epoch",
    hints=(
        "When is a mistake noticed: before the update that mends it, or after?",
        "errors[i] counts the samples whose prediction, just before their own update in epoch i, was not their label.",
        "Do the counting in the loop over the samples, between prediction and update, instead of after the loop.",
    ),
)
def fit_counts_after_the_epoch(X, y, lr=1.0, epochs=100):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        w, b, _ = _epoch(X, y, w, b, lr)
        errors.append(int(np.sum(perceptron_predict(X, w, b) != y)))
        if errors[-1] == 0:
            break
    return w, b, errors


@mistake(
    "perceptron_fit",
    "a sample is counted as wrong only if it still is after its own update",
    hints=(
        "Your training may stop although it made mistakes. What does it count?",
        "A sample counts if its prediction with the weights before its update differs from its label, mended or not.",
        "Predict first, count, and only then update.",
    ),
)
def fit_counts_after_the_update(X, y, lr=1.0, epochs=100):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            error = label - _fires(w, b, x)
            w, b = w + lr * error * x, float(b + lr * error)
            wrong += int(_fires(w, b, x) != label)
        errors.append(wrong)
        if wrong == 0:
            break
    return w, b, errors


@mistake(
    "perceptron_fit",
    "all epochs are run, also when nothing is left to learn",
    hints=(
        "What happens in the epoch after one without a mistake?",
        (
            "An update needs a mistake. After an epoch with 0 mistakes w (n,) and b can never change again, so errors "
            "ends there."
        ),
        "Leave the loop over the epochs once you have recorded a 0.",
    ),
)
def fit_never_stops(X, y, lr=1.0, epochs=100):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        w, b, wrong = _epoch(X, y, w, b, lr)
        errors.append(wrong)
    return w, b, errors


@mistake(
    "perceptron_fit",
    "the epoch without a mistake is not recorded",
    hints=(
        "On the OR gate the last entry of errors is 0. Which is yours?",
        (
            "errors has one entry for each epoch that was run, and the last one, in which all m samples were right, "
            "was run too."
        ),
        "Record the number of mistakes first, and ask afterwards whether to stop.",
    ),
)
def fit_does_not_record_the_last_epoch(X, y, lr=1.0, epochs=100):
    w, b, errors = _fit(X, y, lr, epochs)
    return w, b, [wrong for wrong in errors if wrong]


@mistake(
    "perceptron_fit",
    "the samples are shuffled in every epoch",
    hints=(
        "In which order does the docstring want the samples?",
        (
            "Which line is found depends on the order of the m rows. Two runs can both be right on all samples, with "
            "another w (n,) each."
        ),
        "Go through the rows of X as they stand, with no random numbers.",
    ),
)
def fit_shuffles(X, y, lr=1.0, epochs=100):
    rng = np.random.default_rng(0)
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        order = rng.permutation(len(X))
        w, b, wrong = _epoch(X[order], y[order], w, b, lr)
        errors.append(wrong)
        if wrong == 0:
            break
    return w, b, errors


@mistake(
    "perceptron_fit",
    "the mistakes of all epochs so far are added up",
    hints=(
        "Can the number of mistakes in an epoch be larger than the number of samples?",
        "errors[i] belongs to epoch i alone and lies between 0 and m. The training stops when it is 0.",
        "Set the counter back to 0 where an epoch begins, not before the first one.",
    ),
)
def fit_never_resets_the_count(X, y, lr=1.0, epochs=100):
    w, b, errors, wrong = np.zeros(X.shape[1]), 0.0, [], 0
    for _ in range(epochs):
        w, b, new = _epoch(X, y, w, b, lr)
        wrong += new
        errors.append(wrong)
        if wrong == 0:
            break
    return w, b, errors
