"""Wrong implementations of shortcut.py, as students write them."""

import numpy as np
from nnedu.checking import mistake
from saliency import mlp_forward, saliency


def _logits(params, X):
    return mlp_forward(X, params)[0]


def _share(Z, y):
    return float(np.mean(Z.argmax(axis=1) == y))


def _mean(X, j):
    return X[:, j].mean()


def _without(params, X, j, value=_mean):
    other = X.copy()
    other[:, j] = value(X, j)
    return _logits(params, other)


def _own(Z, y):
    return Z[np.arange(len(Z)), y]


def _evidence(params, X, y, *, value=_mean, read=_own, mean=np.mean):
    """The drop of each pixel, in which each part can be exchanged."""
    before = read(_logits(params, X), y)
    return np.array([float(mean(before - read(_without(params, X, j, value), y))) for j in range(X.shape[1])])


def _report(params, X, y, drop, *, pixel=None, value=_mean):
    pixel = int(np.argmax(drop)) if pixel is None else pixel
    without = _share(_without(params, X, pixel, value), y)
    return pixel, {"drop": drop, "accuracy": _share(_logits(params, X), y), "accuracy_without": without}


@mistake(
    "find_the_shortcut",
    "the brightest pixel is reported",
    hints=(
        "A pixel that is equally bright in every image: what can it tell about the class?",
        "pixel is the j with the largest drop[j]: what counts is what the logits (m, K) lose.",
        "Take the index from the drops.",
    ),
)
def brightest(params, X, y):
    return _report(params, X, y, _evidence(params, X, y), pixel=int(np.argmax(X.mean(axis=0))))


@mistake(
    "find_the_shortcut",
    "only the first image is looked at",
    hints=(
        "In some images the mark is wrong, or already near its mean. What if the first is one of these?",
        "drop[j] is a mean over all m images.",
        "Measure every image, and average.",
    ),
)
def one_image(params, X, y):
    return _report(params, X, y, _evidence(params, X, y, mean=lambda drops: drops[0]))


@mistake(
    "find_the_shortcut",
    "pixels are taken away by setting them to 0",
    hints=(
        "A pixel that is bright in every image, and never 0: what do you measure when you make it 0?",
        "Without pixel j, each image has X[:, j].mean() in its place: a value that the network is used to.",
        "Replace the 0 by the pixel's mean over the images.",
    ),
)
def black_pixel(params, X, y):
    def zero(X, j):
        return 0.0

    return _report(params, X, y, _evidence(params, X, y, value=zero), value=zero)


@mistake(
    "find_the_shortcut",
    "a pixel gets the mean of the whole image set, not its own",
    hints=(
        "Which number stands in the place of pixel j: one that depends on j?",
        "Without pixel j, each image has X[:, j].mean(), over the m images and over no other pixel.",
        "Take the mean of one column.",
    ),
)
def mean_of_all(params, X, y):
    def overall(X, j):
        return X.mean()

    return _report(params, X, y, _evidence(params, X, y, value=overall), value=overall)


@mistake(
    "find_the_shortcut",
    "a pixel gets the mean of its image, not of that pixel over all images",
    hints=(
        "What does a mean along the row say about pixel j?",
        "Without pixel j, each image has X[:, j].mean(): the same number for all m images.",
        "Average over the other axis.",
    ),
)
def mean_of_the_image(params, X, y):
    def row(X, j):
        return X.mean(axis=1)

    return _report(params, X, y, _evidence(params, X, y, value=row), value=row)


@mistake(
    "find_the_shortcut",
    "the drop is that of the largest logit, not of the logit of y",
    hints=(
        "What if the network is wrong about an image, or changes its mind without the pixel?",
        "drop[j] is the mean over i of z[i, y[i]] - (z[i, y[i]] without pixel j), with z (m, K).",
        "Index the logits with y.",
    ),
)
def largest_logit(params, X, y):
    return _report(params, X, y, _evidence(params, X, y, read=lambda Z, y: Z.max(axis=1)))


@mistake(
    "find_the_shortcut",
    "the drop is that of the probability, not of the logit",
    hints=(
        "Where the network is sure, how much can a probability drop?",
        "drop[j] is a mean of differences of logits, z (m, K) as the last layer gives it.",
        "Leave the softmax out.",
    ),
)
def of_the_probability(params, X, y):
    def read(Z, y):
        E = np.exp(Z - Z.max(axis=1, keepdims=True))
        return _own(E / E.sum(axis=1, keepdims=True), y)

    return _report(params, X, y, _evidence(params, X, y, read=read))


@mistake(
    "find_the_shortcut",
    "the absolute drops are averaged",
    hints=(
        "A pixel that is all noise moves every logit up or down. What should its drop be, and what is yours?",
        "drop[j] is the mean over the m images of a difference with its sign.",
        "Average first; no absolute value is needed.",
    ),
)
def size_of_the_change(params, X, y):
    return _report(params, X, y, _evidence(params, X, y, mean=lambda drops: np.mean(np.abs(drops))))


@mistake(
    "find_the_shortcut",
    "the difference is taken the other way round",
    hints=(
        "Does the logit of the right class fall or rise without the pixel that it relies on?",
        "drop[j] is the mean of z[i, y[i]] minus the same without pixel j: positive where something is lost.",
        "Exchange the two terms.",
    ),
)
def rise(params, X, y):
    return _report(params, X, y, -_evidence(params, X, y))


@mistake(
    "find_the_shortcut",
    "the drops are added up over the images instead of averaged",
    hints=(
        "Put every image in twice. Should a drop change?",
        "drop[j] is a mean over the m images.",
        "Divide by the number of images.",
    ),
)
def sum_of_drops(params, X, y):
    return _report(params, X, y, _evidence(params, X, y, mean=np.sum))


@mistake(
    "find_the_shortcut",
    "what has been taken away is not brought back before the next pixel",
    hints=(
        "When the last pixel is asked about, how many others does the network still see?",
        "Without pixel j, all n - 1 other pixels are as they were.",
        "Begin each time with a fresh copy of X.",
    ),
)
def cumulative(params, X, y):
    other, before, drop = X.copy(), _own(_logits(params, X), y), []
    for j in range(X.shape[1]):
        other[:, j] = X[:, j].mean()
        drop.append(float(np.mean(before - _own(_logits(params, other), y))))
    return _report(params, X, y, np.array(drop))


@mistake(
    "find_the_shortcut",
    "the two accuracies are exchanged",
    hints=(
        "With which of the two should the network be right more often?",
        '"accuracy" belongs to the images as they are, "accuracy_without" to those without the pixel.',
        "Exchange the two entries.",
    ),
)
def accuracies_exchanged(params, X, y):
    pixel, evidence = _report(params, X, y, _evidence(params, X, y))
    first, second = evidence["accuracy"], evidence["accuracy_without"]
    return pixel, evidence | {"accuracy": second, "accuracy_without": first}


@mistake(
    "find_the_shortcut",
    "accuracies are given in percent",
    hints=(
        "Can a share be larger than 1?",
        "The share of the m images that are placed right lies between 0 and 1.",
        "Leave the factor 100 out.",
    ),
)
def percent(params, X, y):
    pixel, evidence = _report(params, X, y, _evidence(params, X, y))
    return pixel, {name: value if name == "drop" else 100.0 * value for name, value in evidence.items()}


@mistake(
    "find_the_shortcut",
    "accuracy_without is that of images without any pixel",
    hints=(
        "How many pixels are left when you measure the second accuracy?",
        "Without the one pixel that you report: all n - 1 others are as they were.",
        "Replace one column of a copy of X.",
    ),
)
def without_all(params, X, y):
    pixel, evidence = _report(params, X, y, _evidence(params, X, y))
    blank = np.tile(X.mean(axis=0), (len(X), 1))
    return pixel, evidence | {"accuracy_without": _share(_logits(params, blank), y)}


@mistake(
    "find_the_shortcut",
    "the pixel with the largest slope is reported, and slopes stand in the place of drops",
    hints=(
        "A pixel may have a steep slope and never change. Does the network rely on it?",
        "drop[j] compares logits (m, K) with and without the pixel. Saliency is a first guess.",
        "Take each pixel away, and see what is lost.",
    ),
)
def by_saliency(params, X, y):
    return _report(params, X, y, np.abs(saliency(X, params, y)).mean(axis=0))


@mistake(
    "find_the_shortcut",
    "pixels are counted from 1",
    hints=(
        "What is the number of the first pixel?",
        "pixel is an index from 0 to n - 1, as in X[:, pixel].",
        "Add nothing to what argmax returns.",
    ),
)
def counts_from_one(params, X, y):
    pixel, evidence = _report(params, X, y, _evidence(params, X, y))
    return pixel + 1, evidence


@mistake(
    "find_the_shortcut",
    "the pixel is taken away in the caller's images",
    hints=(
        "Print X before and after the call.",
        "other = X makes no copy: other[:, j] = ... writes into the caller's array (m, n).",
        "Copy X for every pixel.",
    ),
)
def writes_into_X(params, X, y):
    pixel, evidence = _report(params, X, y, _evidence(params, X, y))
    X[:, pixel] = X[:, pixel].mean()
    return pixel, evidence
