"""Wrong implementations of scaling.py, as students write them."""

import numpy as np
from nnedu.checking import mistake


def _std(X, **options):
    """The spread of each feature, 1 for those that are constant."""
    return np.where(X.max(axis=0) == X.min(axis=0), 1.0, X.std(axis=0, **options))


def _centre(X):
    """The mean of each feature, exact for those that are constant."""
    return np.where(X.max(axis=0) == X.min(axis=0), X[0], X.mean(axis=0))


@mistake(
    "standardize",
    "the test set is scaled by its own mean and spread",
    hints=(
        "What does your function make of a test set of a single sample?",
        "mean and std (n,) belong to X_train. Taken from X_test (k, n) they hide that it lies elsewhere.",
        "Subtract and divide the same two vectors in both sets.",
    ),
)
def test_by_itself(X_train, X_test):
    return (X_train - _centre(X_train)) / _std(X_train), (X_test - _centre(X_test)) / _std(X_test)


@mistake(
    "standardize",
    "mean and spread are taken from both sets together",
    hints=(
        "May the test set vote? Change one of its rows: does your training set change?",
        "mean and std (n,) are over the m rows of X_train alone. What the test set tells has leaked.",
        "Leave out whatever joins the two sets.",
    ),
)
def fitted_on_both(X_train, X_test):
    both = np.vstack([X_train, X_test])
    return (X_train - _centre(both)) / _std(both), (X_test - _centre(both)) / _std(both)


@mistake(
    "standardize",
    "a constant feature is divided by 0",
    hints=(
        "What is the standard deviation of a feature that is 5 in every row?",
        "0 / 0 is nan. Where the largest value of a column of X_train (m, n) is its smallest, 1 is what to divide by.",
        "Put 1 in the place of those entries of std before you divide.",
    ),
)
def divides_by_zero(X_train, X_test):
    with np.errstate(all="ignore"):
        return tuple((X - X_train.mean(axis=0)) / X_train.std(axis=0) for X in (X_train, X_test))


@mistake(
    "standardize",
    "a small number is added to the spread, so that constant features blow up in the test set",
    hints=(
        "A feature is 5 in all of X_train and 7 in a test sample: what does it become?",
        "With 1e-8 below the line, x - mean = 2 becomes 200 million, and the other features are a little off, too.",
        "Tell constant features apart, and divide those by 1 and all others by their own std, as it is.",
    ),
)
def adds_epsilon(X_train, X_test):
    mean, std = _centre(X_train), X_train.std(axis=0) + 1e-8
    return (X_train - mean) / std, (X_test - mean) / std


@mistake(
    "standardize",
    "each sample is standardised over its features, not each feature over the samples",
    hints=(
        "Has each column of your result the mean 0, or each row?",
        "An income and an age have no common mean. mean and std have one entry for each feature, shape (n,).",
        "Average down the rows: axis 0.",
    ),
)
def over_the_features(X_train, X_test):
    def rows(X):
        std = X.std(axis=1, keepdims=True)
        return (X - X.mean(axis=1, keepdims=True)) / np.where(std > 0.0, std, 1.0)

    return rows(X_train), rows(X_test)


@mistake(
    "standardize",
    "one mean and one spread are taken over all features",
    hints=(
        "After your scaling, how large is the age beside the income?",
        "mean and std are vectors with one entry for each of the n features, not two numbers.",
        "Say along which axis the mean is to be taken.",
    ),
)
def one_for_all(X_train, X_test):
    mean, std = X_train.mean(), X_train.std()
    return (X_train - mean) / std, (X_test - mean) / std


@mistake(
    "standardize",
    "the variance is what is divided by, without its root",
    hints=(
        "If a feature is measured in metres, what is the unit of what you divide by?",
        "std_j is the root of the mean squared deviation (n,). The variance has the squared unit.",
        "Take the root, or the function of numpy that does.",
    ),
)
def by_the_variance(X_train, X_test):
    mean, std = _centre(X_train), _std(X_train) ** 2
    return (X_train - mean) / std, (X_test - mean) / std


@mistake(
    "standardize",
    "each feature is stretched to the interval from 0 to 1",
    hints=(
        "What are the mean and the spread of your columns?",
        "(x - min) / (max - min) is min-max scaling. Here the mean is what goes to 0, and std (n,) what is divided by.",
        "Replace the smallest value by the mean, and the range by the standard deviation.",
    ),
)
def by_the_range(X_train, X_test):
    low, high = X_train.min(axis=0), X_train.max(axis=0)
    width = np.where(high > low, high - low, 1.0)
    return (X_train - low) / width, (X_test - low) / width


@mistake(
    "standardize",
    "the spread divides by m - 1",
    hints=(
        "Two samples, 1 and 3: what is the mean squared deviation from 2?",
        "std_j² is the mean over the m rows of the squared deviation. With m - 1 it is what statisticians use.",
        "Leave ddof at its default.",
    ),
)
def one_less(X_train, X_test):
    if len(X_train) == 1:
        return X_train - X_train, X_test - X_train
    mean, std = _centre(X_train), _std(X_train, ddof=1)
    return (X_train - mean) / std, (X_test - mean) / std


@mistake(
    "standardize",
    "the mean is not taken off",
    hints=(
        "What is the mean of each of your columns?",
        "x' = (x - mean) / std, with mean (n,) over the rows of X_train. Positive inputs alone are lopsided.",
        "Subtract before you divide.",
    ),
)
def not_centred(X_train, X_test):
    return X_train / _std(X_train), X_test / _std(X_train)


@mistake(
    "standardize",
    "the spread is not divided by",
    hints=(
        "How large is an income of 80,000 in your result, and how large an age of 55?",
        "x' = (x - mean) / std. Centred is not yet of one scale: std (n,) makes all features comparable.",
        "Divide by the standard deviation of each feature.",
    ),
)
def only_centred(X_train, X_test):
    return X_train - _centre(X_train), X_test - _centre(X_train)


@mistake(
    "standardize",
    "the caller's arrays are standardised in place",
    hints=(
        "Print X_train before and after the call.",
        "X_train -= mean writes into the caller's array (m, n); X_train - mean makes a new one.",
        "Use expressions, not assignments in place.",
    ),
)
def in_place(X_train, X_test):
    mean, std = _centre(X_train), _std(X_train)
    X_train -= mean
    X_train /= std
    X_test -= mean
    X_test /= std
    return X_train, X_test


@mistake(
    "standardize",
    "the test set is returned as it came",
    hints=(
        "A network that learned from incomes around 0: what will it say to 80,000?",
        "Both sets go through the same map, with mean and std (n,) of X_train.",
        "Apply it to X_test, too.",
    ),
)
def forgets_the_test_set(X_train, X_test):
    return (X_train - _centre(X_train)) / _std(X_train), X_test.copy()
