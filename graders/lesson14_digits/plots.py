"""Plots of lesson 14: digits as the student's own classifier reads them, and what it takes for what."""

import numpy as np
from nnedu.checking import Images, Matrix, assert_array, assert_that

SHOWN = 16
HELD_OUT = 360


def _read(student, rng):
    """Train the student's classifier, and let it read images that it has never seen: (X, y, yhat, confidence)."""
    from sklearn.datasets import load_digits  # noqa: PLC0415 - it takes half a second, which a stub need not wait for

    model = student.classifier.DigitClassifier()
    assert_that(hasattr(model, "predict_proba"), "DigitClassifier should have the methods of its stub.")
    X, y = load_digits(return_X_y=True)
    order = rng.permutation(len(y))
    new, known = order[:HELD_OUT], order[HELD_OUT:]
    model.fit(X[known], y[known], rng)
    proba = assert_array(model.predict_proba(X[new]), shape=(HELD_OUT, 10), name="predict_proba(X)")
    return X[new], y[new], proba.argmax(axis=1), proba.max(axis=1)


def digits(student, rng):
    """new images, and how your DigitClassifier reads them"""
    X, y, yhat, sure = _read(student, rng)
    wrong, right = np.flatnonzero(y != yhat), np.flatnonzero(y == yhat)
    wrong = wrong[np.argsort(-sure[wrong])][: SHOWN - 10]
    _, first = np.unique(y[right], return_index=True)  # one of each digit, then others
    right = [*right[first], *np.delete(right, first)]
    chosen = [*right[: SHOWN - len(wrong)], *wrong]
    captions = [
        f"{yhat[i]}  {100 * sure[i]:.0f} %" if y[i] == yhat[i] else f"{yhat[i]}, is {y[i]}  {100 * sure[i]:.0f} %"
        for i in chosen
    ]
    count = int(np.sum(y == yhat))
    return Images(
        f"{count} of {len(y)} read right ({100 * count / len(y):.1f} %); below each: its reading, and how sure it is",
        X[chosen].reshape(-1, 8, 8),
        captions,
        marked=[index for index, i in enumerate(chosen) if y[i] != yhat[i]],
    )


def confusions(student, rng):
    """what is taken for what: your confusion_matrix of the same images"""
    _, y, yhat, _ = _read(student, rng)
    counts = student.metrics.confusion_matrix(y, yhat, 10)
    right = type(counts) is np.ndarray and counts.dtype.kind in "iu" and counts.shape == (10, 10)
    assert_that(right, "confusion_matrix should return an array of ints of shape (10, 10).")
    names = [str(digit) for digit in range(10)]
    return Matrix(f"{HELD_OUT} new images", counts, names, names, "true digit", "read as", "images", numbers=True)
