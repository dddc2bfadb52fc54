"""Wrong implementations of data.py, as students write them."""

import numpy as np
from data import one_hot, split_and_scale
from nnedu.checking import mistake


@mistake(
    "one_hot",
    "the number of columns is always taken from the largest class in y, whatever K says",
    hints=(
        "A batch happens to have no 9 in it. How many columns should its rows have?",
        "Y has shape (m, K). Only where K is None does y decide.",
        "Let the argument K decide, and look for the largest class where nothing was given.",
    ),
)
def ignores_K(y, K=None):
    return one_hot(y, int(y.max()) + 1)


@mistake(
    "one_hot",
    "classes are the columns of the result, not its rows",
    hints=(
        "What is the shape of your result for 7 samples and 9 classes?",
        "In this course a row is a sample: (m, K). The page that this lesson starts from has columns, (K, m).",
        "One row per sample: look at the place where you turn the array.",
    ),
)
def transposes(y, K=None):
    return one_hot(y, K).T


@mistake(
    "one_hot",
    "the entries are integers or truth values, not floats",
    hints=(
        "Print the dtype of your result.",
        "Losses and gradients are float64, and so are the targets (m, K) that they are computed with.",
        "Ask for floats where you make the array.",
    ),
)
def returns_ints(y, K=None):
    return one_hot(y, K).astype(int)


@mistake(
    "one_hot",
    "a class of -1 becomes the last class, because numpy counts negative indices from the end",
    hints=(
        "What does your function make of the class -1?",
        "An index of -1 is no error for numpy: it is the last row of an array (K, K).",
        "Look at the smallest class before you use y as an index.",
    ),
)
def wraps_negative_classes(y, K=None):
    K = int(y.max()) + 1 if K is None else K
    if y.ndim != 1:
        raise ValueError("y should have shape (m,)")
    if y.max() >= K:
        raise ValueError("too large")
    return np.eye(K)[y]


@mistake(
    "one_hot",
    "a class that is too large gets a row of zeros, where an error should come",
    hints=(
        "Add up the rows of your result. What is the sum for class 3 with K = 3?",
        "Classes are 0, ..., K - 1; a row without a one says that a sample belongs to no class.",
        "Look at the largest class, too.",
    ),
)
def zeros_for_unknown_classes(y, K=None):
    if y.ndim != 1 or y.min() < 0:
        raise ValueError("negative")
    K = int(y.max()) + 1 if K is None else K
    return (y[:, None] == np.arange(K)).astype(float)


@mistake(
    "one_hot",
    "the columns are the classes that occur in y, so that missing ones have none",
    hints=(
        "What does your function return for the classes 1 and 5 with K = 9?",
        "Column k of Y (m, K) stands for class k, whether y holds it or not.",
        "The class itself is the index of the column; the number of different ones in y plays no part.",
    ),
)
def skips_missing_classes(y, K=None):
    classes = np.unique(y)
    if y.ndim != 1 or y.min() < 0 or (K is not None and y.max() >= K):
        raise ValueError("wrong")
    return (y[:, None] == classes).astype(float)


@mistake(
    "one_hot",
    "classes are counted from 1",
    hints=(
        "Which column has the one for class 0?",
        "Classes are 0, ..., K - 1, and so are the columns of an array (m, K).",
        "Nothing has to be subtracted.",
    ),
)
def counts_from_one(y, K=None):
    return np.roll(one_hot(y, K), -1, axis=1)


def _scaled(Xtr, Xte, mean, std):
    std = np.where(std == 0.0, 1.0, std)
    return (Xtr - mean) / std, (Xte - mean) / std


def _chosen(y, test_frac, rng):
    """The rows of the test set, class by class."""
    is_test = np.zeros(len(y), dtype=bool)
    for label in np.unique(y):
        members = rng.permutation(np.flatnonzero(y == label))
        is_test[members[: round(test_frac * len(members))]] = True
    return is_test


def _refuses(X, y, test_frac):
    if len(X) != len(y) or not 0 < test_frac < 1:
        raise ValueError("wrong")


@mistake(
    "split_and_scale",
    "X is scaled before it is split, so that the test samples have a say in the scaling",
    hints=(
        "In which order do you split and scale, and which rows are in your mean?",
        (
            "The test set stands for images that come next year. Mean and deviation (n,) are learned, like "
            "weights, from Xtr only."
        ),
        "Split first.",
    ),
)
def scales_before_the_split(X, y, test_frac, rng):
    _refuses(X, y, test_frac)
    is_test = _chosen(y, test_frac, rng)
    Xtr, Xte = _scaled(X[~is_test], X[is_test], X.mean(axis=0), X.std(axis=0))
    return Xtr, Xte, y[~is_test], y[is_test]


@mistake(
    "split_and_scale",
    "the test set is scaled by its own mean and deviation",
    hints=(
        "What would your function make of a test set of a single image?",
        (
            "The network has learned weights for columns in certain units. The same pixel has to become the "
            "same number in Xtr and Xte."
        ),
        "Compute mean and deviation once, of the training rows, and use them twice.",
    ),
)
def scales_each_by_itself(X, y, test_frac, rng):
    Xtr, Xte, ytr, yte = split_and_scale(X, y, test_frac, rng)
    spread = Xte.std(axis=0)
    return Xtr, (Xte - Xte.mean(axis=0)) / np.where(spread == 0.0, 1.0, spread), ytr, yte


@mistake(
    "split_and_scale",
    "samples are drawn from all together, not class by class",
    hints=(
        "How many of a class of 10 samples end in your test set? Try several rngs.",
        (
            "A random tenth of all m samples may hold none of a rare class. Stratified means: the same share "
            "of each class."
        ),
        "Go through the classes, and draw from the rows of each one.",
    ),
)
def does_not_stratify(X, y, test_frac, rng):
    _refuses(X, y, test_frac)
    order = rng.permutation(len(y))
    count = round(test_frac * len(y))
    test, train = order[:count], order[count:]
    Xtr, Xte = _scaled(X[train], X[test], X[train].mean(axis=0), X[train].std(axis=0))
    return Xtr, Xte, y[train], y[test]


@mistake(
    "split_and_scale",
    "X and y are shuffled by different permutations, so that images and labels no longer belong together",
    hints=(
        "Take one row of Xtr, find it in X, and compare its class with that in ytr.",
        "Row i of X (m, n) and entry i of y (m,) are one sample. Two calls of a permutation are two orders.",
        "Make one array of indices, and use it for both.",
    ),
)
def breaks_the_pairs(X, y, test_frac, rng):
    Xtr, Xte, ytr, yte = split_and_scale(X, y, test_frac, rng)
    return Xtr, Xte, rng.permutation(ytr), rng.permutation(yte)


@mistake(
    "split_and_scale",
    "the test samples are also in the training set",
    hints=(
        "How many rows do Xtr and Xte have together, and how many has X?",
        "Each of the m samples is in one of both sets. What has been trained on is no test.",
        "Take the rows of the test set out of those that are trained on.",
    ),
)
def trains_on_the_test_set(X, y, test_frac, rng):
    _refuses(X, y, test_frac)
    is_test = _chosen(y, test_frac, rng)
    Xtr, Xte = _scaled(X, X[is_test], X.mean(axis=0), X.std(axis=0))
    return Xtr, Xte, y, y[is_test]


@mistake(
    "split_and_scale",
    "the first samples of each class are the test set, whatever rng says",
    hints=(
        "Call your function with two different rngs, and compare.",
        "The order in which samples were collected is seldom random: perhaps one person wrote the first hundred.",
        "Shuffle the rows of a class before you cut.",
    ),
)
def takes_the_first(X, y, test_frac, rng):
    class _Kept:
        permutation = staticmethod(np.asarray)

    return split_and_scale(X, y, test_frac, _Kept)


@mistake(
    "split_and_scale",
    "a seed of its own decides, not the rng that is given",
    hints=(
        "Do two different rngs give two different splits?",
        (
            "Randomness comes in as an argument in this course. A seed inside makes each of five trainings "
            "use the same split."
        ),
        "Use the methods of rng, and no other source.",
    ),
)
def seeds_inside(X, y, test_frac, rng):
    return split_and_scale(X, y, test_frac, np.random.default_rng(42))


@mistake(
    "split_and_scale",
    "a constant column is divided by its standard deviation, which is 0",
    hints=(
        "Look at the corner pixels, which are 0 in each image. What becomes of them?",
        "0 / 0 is nan, and one nan among the n columns makes every score nan. A constant column is only shifted.",
        "Divide by 1 where the deviation is 0.",
    ),
)
def divides_by_zero(X, y, test_frac, rng):
    _refuses(X, y, test_frac)
    is_test = _chosen(y, test_frac, rng)
    Xtr, Xte = X[~is_test], X[is_test]
    with np.errstate(all="ignore"):
        mean, std = Xtr.mean(axis=0), Xtr.std(axis=0)
        return (Xtr - mean) / std, (Xte - mean) / std, y[~is_test], y[is_test]


@mistake(
    "split_and_scale",
    "the standard deviation is that of a sample, with m - 1",
    hints=(
        "Compute the deviation of a column of your Xtr. Is it 1?",
        "np.std divides by the number of rows unless ddof says otherwise.",
        "Leave the deviation as numpy computes it by default.",
    ),
)
def divides_by_one_less(X, y, test_frac, rng):
    Xtr, Xte, ytr, yte = split_and_scale(X, y, test_frac, rng)
    factor = np.sqrt(1.0 - 1.0 / len(Xtr))
    return Xtr * factor, Xte * factor, ytr, yte


@mistake(
    "split_and_scale",
    "both sets have changed places: the smaller share is trained on",
    hints=(
        "With test_frac = 0.3, how many rows has Xte?",
        "test_frac of each class is the share of the *test* set: Xte has about test_frac · m rows.",
        "Look at which part of the indices goes where.",
    ),
)
def swaps_the_shares(X, y, test_frac, rng):
    return split_and_scale(X, y, 1.0 - test_frac, rng)
