"""Wrong implementations of errors.py, as students write them."""

import numpy as np
from errors import report
from nnedu.checking import mistake


def _ece(y, yhat, confidence, *, weighted=True, signed=False, top=True):
    """The calibration error with a slip."""
    place = np.ceil(confidence * 10).astype(int) - 1 if top else np.floor(confidence * 10).astype(int)
    total, filled = 0.0, 0
    for b in range(10):
        chosen = place == b
        if chosen.any():
            gap = float(np.mean(y[chosen] == yhat[chosen]) - np.mean(confidence[chosen]))
            total += (gap if signed else abs(gap)) * (chosen.mean() if weighted else 1.0)
            filled += 1
    return total if weighted else total / filled


def _with(y, yhat, proba, **changed):
    return {**report(y, yhat, proba), **changed}


@mistake(
    "report",
    "all bins count the same in the calibration error, full or nearly empty",
    hints=(
        "One bin holds 90 samples and another one 2. How much should each matter?",
        "ece is a mean over *samples*: bin b counts n_b / m.",
        "Weight each gap by the share of samples in its bin.",
    ),
)
def does_not_weight(y, yhat, proba):
    return _with(y, yhat, proba, ece=_ece(y, yhat, proba.max(axis=1), weighted=False))


@mistake(
    "report",
    "the confidence is the probability of the true class",
    hints=(
        "Does a classifier know the true class when it says how sure it is?",
        "Confidence is what the classifier claims: the largest entry of each row of proba (m, K).",
        "Take the probability of the class that was predicted.",
    ),
)
def confident_of_the_truth(y, yhat, proba):
    return _with(y, yhat, proba, ece=_ece(y, yhat, np.clip(proba[np.arange(len(y)), y], 1e-9, 1.0)))


@mistake(
    "report",
    "gaps of different signs cancel in the calibration error",
    hints=(
        "A classifier is too sure in one bin and too modest in another. Is it calibrated?",
        "Each bin counts with the absolute value of its gap.",
        "Take the absolute value inside the sum, bin by bin.",
    ),
)
def lets_gaps_cancel(y, yhat, proba):
    return _with(y, yhat, proba, ece=abs(_ece(y, yhat, proba.max(axis=1), signed=True)))


@mistake(
    "report",
    "a confidence of exactly 1 falls into no bin",
    hints=(
        "In which bin is a sample with confidence 1? Do the n_b add up to m?",
        "The last bin is (0.9, 1]: it holds 1. Rounding 10 · confidence down gives 10 there, an eleventh bin.",
        "Let 1 belong to the last bin.",
    ),
)
def loses_the_certain_ones(y, yhat, proba):
    return _with(y, yhat, proba, ece=_ece(y, yhat, proba.max(axis=1), top=False))


@mistake(
    "report",
    "the calibration error has squares in it, or a root",
    hints=(
        "Work the example by hand. Which bin departs from yours?",
        "ece is a sum of n_b / m · |gap|. With squares it is another measure, related to the Brier score.",
        "Nothing is squared.",
    ),
)
def squares_gaps(y, yhat, proba):
    confidence = proba.max(axis=1)
    bins = np.ceil(confidence * 10).astype(int) - 1
    gaps = np.bincount(bins, weights=(y == yhat) - confidence, minlength=10)
    counts = np.maximum(np.bincount(bins, minlength=10), 1)
    return _with(y, yhat, proba, ece=float(np.sqrt(np.sum(gaps**2 / counts) / len(y))))


@mistake(
    "report",
    "the pair is turned round: it says (predicted, true)",
    hints=(
        "Threes are taken for eights. Is your pair (3, 8) or (8, 3)?",
        "worst_pair is (true class, predicted class), row and column of the confusion matrix (K, K).",
        "Look at the order in which you return the two.",
    ),
)
def says_predicted_first(y, yhat, proba):
    pair = report(y, yhat, proba)["worst_pair"]
    return _with(y, yhat, proba, worst_pair=None if pair is None else pair[::-1])


@mistake(
    "report",
    "right predictions count for the worst pair, too",
    hints=(
        "Is (4, 4) an error?",
        "The diagonal of the confusion matrix (K, K) holds what is right, and it is mostly larger than all else.",
        "Take the diagonal out before you look for the largest count.",
    ),
)
def counts_the_diagonal(y, yhat, proba):
    K = proba.shape[1]
    worst = np.bincount(K * y + yhat, minlength=K * K).argmax()
    return _with(y, yhat, proba, worst_pair=divmod(int(worst), K))


@mistake(
    "report",
    "where there is no error at all, a pair is named all the same",
    hints=(
        "What does your function say about predictions that are all right?",
        "The largest of K · K zeros is the first of them, which is no error.",
        "Ask first whether there is any error, and answer None if not.",
    ),
)
def always_names_a_pair(y, yhat, proba):
    return _with(y, yhat, proba, worst_pair=report(y, yhat, proba)["worst_pair"] or (0, 0))


@mistake(
    "report",
    "of pairs that are as frequent the last one is named",
    hints=(
        "Two errors are made three times each. Which one does your function name?",
        "The first one by the true class, then by the predicted one: the order of rows of the table (K, K).",
        "Look for the first largest count, row by row.",
    ),
)
def names_the_last_pair(y, yhat, proba):
    K = proba.shape[1]
    counts = np.bincount(K * y + yhat, minlength=K * K) * (1 - np.eye(K, dtype=int).ravel())
    last = len(counts) - 1 - int(counts[::-1].argmax())
    return _with(y, yhat, proba, worst_pair=divmod(last, K) if counts.any() else None)


@mistake(
    "report",
    "equally hard samples come in any order, because the sorting is not stable or runs backwards",
    hints=(
        "Put the same sample in twice. Which index does your list name first?",
        "Where probabilities are equal, the smaller index comes first. Sorting keeps that order only if it is stable.",
        "Ask argsort for a stable kind, and do not turn its result round.",
    ),
)
def breaks_ties_backwards(y, yhat, proba):
    truth = proba[np.arange(len(y)), y]
    return _with(y, yhat, proba, hardest_indices=np.lexsort((-np.arange(len(y)), truth))[:10])


@mistake(
    "report",
    "the samples with the least confidence are listed, whatever their true class got",
    hints=(
        "A classifier is quite sure of a wrong class. Is that sample hard?",
        "Hard are the samples whose *true* class y[i] got little: entry (i, y[i]) of proba (m, K).",
        "Pick one entry of each row, by y.",
    ),
)
def lists_the_unsure(y, yhat, proba):
    return _with(y, yhat, proba, hardest_indices=np.argsort(proba.max(axis=1), kind="stable")[:10])


@mistake(
    "report",
    "the easiest samples are listed, not the hardest",
    hints=(
        "Is the first index of your list the one with the smallest probability?",
        "The smallest probability of the true class comes first.",
        "Sort upwards.",
    ),
)
def lists_the_easiest(y, yhat, proba):
    return _with(y, yhat, proba, hardest_indices=np.argsort(-proba[np.arange(len(y)), y], kind="stable")[:10])


@mistake(
    "report",
    "all samples are listed, not ten",
    hints=(
        "How long is your list?",
        "Ten indices are enough to look at; fewer where m is smaller.",
        "Cut the list.",
    ),
)
def lists_all(y, yhat, proba):
    return _with(y, yhat, proba, hardest_indices=np.argsort(proba[np.arange(len(y)), y], kind="stable"))
