"""Wrong implementations of metrics.py, as students write them."""

import numpy as np
from metrics import accuracy, confusion_matrix
from nnedu.checking import mistake


@mistake(
    "accuracy",
    "a column of predictions is compared with a row of classes, and m·m comparisons are averaged",
    hints=(
        "Print (y == yhat).shape where yhat has shape (m, 1).",
        "(m,) == (m, 1) is stretched to (m, m): each sample is compared with each other. The mean is then near 1 / K.",
        "Refuse what does not have one shape (m,).",
    ),
)
def compares_all_pairs(y, yhat):
    return float(np.mean(y == yhat))


@mistake(
    "accuracy",
    "whatever has m entries is accepted, columns too, because everything is flattened first",
    hints=(
        "What does your function say about a column (m, 1)?",
        "A prediction that comes in a wrong shape is a slip somewhere else; who hides it will meet it again.",
        "Raise ValueError where the shapes are not both (m,).",
    ),
)
def flattens(y, yhat):
    y, yhat = np.ravel(y), np.ravel(yhat)
    if len(y) != len(yhat):
        raise ValueError("lengths")
    return float(np.mean(y == yhat))


@mistake(
    "accuracy",
    "right predictions are counted, and not divided by m",
    hints=(
        "Can your accuracy be larger than 1?",
        "A share is the number of right ones divided by m.",
        "Divide by the number of samples.",
    ),
)
def counts(y, yhat):
    return accuracy(y, yhat) * len(y)


@mistake(
    "accuracy",
    "the result is a percentage",
    hints=(
        "Which number do you get where all are right?",
        "The share of m samples is between 0 and 1.",
        "Leave the factor 100 to whoever prints it.",
    ),
)
def returns_percent(y, yhat):
    return 100.0 * accuracy(y, yhat)


@mistake(
    "accuracy",
    "the share of wrong predictions is returned",
    hints=(
        "Which number do you get where all are right?",
        "accuracy + error rate = 1.",
        "Count where the two are equal.",
    ),
)
def returns_the_error(y, yhat):
    return 1.0 - accuracy(y, yhat)


@mistake(
    "confusion_matrix",
    "rows are the predicted classes, and columns the true ones",
    hints=(
        "A 1 was taken for a 7. In which row does your table count it?",
        (
            "C[i, j] with shape (K, K): i is the true class, j the predicted one. Libraries differ; "
            "scikit-learn does as we do."
        ),
        "The true class comes first.",
    ),
)
def transposes(y, yhat, K):
    return confusion_matrix(yhat, y, K)


@mistake(
    "confusion_matrix",
    "a cell is counted once for all samples that fall into it, as an indexed `+=` adds only once",
    hints=(
        "Add up all entries of your table. How many samples are there?",
        (
            "With arrays as indices, numpy reads the cells of C (K, K), adds 1, and writes back: twice the "
            "same cell is one addition."
        ),
        "Look for a function that adds at indices one by one, or count differently.",
    ),
)
def adds_once(y, yhat, K):
    C = np.zeros((K, K), dtype=int)
    if y.shape != yhat.shape or y.ndim != 1 or min(y.min(), yhat.min()) < 0:
        raise ValueError("wrong")
    if max(y.max(), yhat.max()) >= K:
        raise ValueError("wrong")
    C[y, yhat] += 1
    return C


@mistake(
    "confusion_matrix",
    "the size of the table is taken from the largest class, whatever K says",
    hints=(
        "What shape does your table have with K = 7, where no sample is of class 6?",
        "C has shape (K, K), so that tables of different batches can be added.",
        "Let K decide.",
    ),
)
def ignores_K(y, yhat, K):
    return confusion_matrix(y, yhat, int(max(y.max(), yhat.max())) + 1)


@mistake(
    "confusion_matrix",
    "rows are divided by their sums",
    hints=(
        "What type do the entries of your table have?",
        "C (K, K) holds counts, ints. Shares hide how many samples a class has.",
        "Leave the counts as they are.",
    ),
)
def returns_shares(y, yhat, K):
    C = confusion_matrix(y, yhat, K).astype(float)
    return C / np.maximum(C.sum(axis=1, keepdims=True), 1.0)


@mistake(
    "confusion_matrix",
    "classes that are out of range are counted somewhere, or left out, instead of refused",
    hints=(
        "Where does your table count the class -1?",
        "Classes are 0, ..., K - 1 in both arrays (m,). An index of -1 is the last row for numpy, and no error.",
        "Look at the smallest and the largest class of both arrays first.",
    ),
)
def lets_classes_through(y, yhat, K):
    if y.ndim != 1 or y.shape != yhat.shape:
        raise ValueError("shapes")
    return confusion_matrix(y % K, yhat % K, K)


@mistake(
    "confusion_matrix",
    "arrays of different shapes are accepted, and stretched or cut",
    hints=(
        "What does your table hold where yhat is a column (m, 1), or one sample shorter?",
        "Each of the m samples is counted once: the table's sum is m.",
        "Raise ValueError where the shapes are not both (m,).",
    ),
)
def accepts_any_shape(y, yhat, K):
    y, yhat = np.ravel(y), np.ravel(yhat)
    m = min(len(y), len(yhat))
    return confusion_matrix(y[:m], yhat[:m], K)
