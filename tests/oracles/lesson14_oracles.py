"""Oracles of lesson 14: scikit-learn's encoders, splits, metrics and network, and a complex step."""

import numpy as np
from oracle_registry import loss, network, oracle, slopes, targets
from scipy.special import softmax
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score, confusion_matrix
from sklearn.preprocessing import OneHotEncoder, StandardScaler


@oracle(14, "one_hot", "sklearn.preprocessing.OneHotEncoder")
def _(lesson, rng):
    for m, K in ((1, 4), (30, 7)):
        y = rng.integers(0, K, size=m)
        encoder = OneHotEncoder(categories=[np.arange(K)], sparse_output=False)
        yield lesson.data.one_hot(y, K), encoder.fit_transform(y[:, None])


@oracle(14, "split_and_scale", "sklearn.preprocessing.StandardScaler")
def _(lesson, rng):
    """Rows are known by their first column, which only grows."""
    m = 80
    X, y = np.column_stack([np.arange(m), rng.normal(2.0, 5.0, size=(m, 4)), np.ones(m)]), np.arange(m) % 3
    Xtr, Xte, ytr, yte = lesson.data.split_and_scale(X, y, 0.25, rng)
    rank = np.argsort(np.argsort(np.concatenate([Xtr[:, 0], Xte[:, 0]])))
    train, test = rank[: len(Xtr)], rank[len(Xtr) :]
    scaler = StandardScaler().fit(X[train])
    yield (Xtr, Xte), (scaler.transform(X[train]), scaler.transform(X[test]))
    yield (ytr, yte), (y[train], y[test])


@oracle(14, "accuracy", "sklearn.metrics.accuracy_score")
def _(lesson, rng):
    y, yhat = rng.integers(0, 4, size=(2, 50))
    yield lesson.metrics.accuracy(y, yhat), accuracy_score(y, yhat)


@oracle(14, "confusion_matrix", "sklearn.metrics.confusion_matrix")
def _(lesson, rng):
    y, yhat = rng.integers(0, 4, size=(2, 50))
    yield lesson.metrics.confusion_matrix(y, yhat, 6), confusion_matrix(y, yhat, labels=np.arange(6))


@oracle(14, "report", "sklearn.calibration.calibration_curve")
def _(lesson, rng):
    proba = softmax(2.0 * rng.normal(size=(150, 5)), axis=1)
    yhat = proba.argmax(axis=1)
    y = np.where(rng.random(150) < 0.6, yhat, rng.integers(0, 5, size=150))
    found, sure = lesson.errors.report(y, yhat, proba), proba.max(axis=1)
    share, mean = calibration_curve(y == yhat, sure, n_bins=10)
    counts = np.histogram(sure, np.linspace(0.0, 1.0, 11))[0]
    yield found["ece"], np.sum(counts[counts > 0] * np.abs(share - mean)) / 150
    C = confusion_matrix(y, yhat, labels=np.arange(5)) * (1 - np.eye(5))
    yield found["worst_pair"], np.unravel_index(C.argmax(), C.shape)
    yield found["hardest_indices"], sorted(range(150), key=lambda i: proba[i, y[i]])[:10]


@oracle(14, "DigitClassifier", "complex step")
def _(lesson, rng):
    for sizes, m in (((4, 5, 3), 6), ((3, 4, 5, 4), 5), ((4, 3), 3)):
        params, X = network(rng, sizes), rng.normal(size=(m, sizes[0]))
        Y = targets(rng, m, sizes[-1], "softmax")
        wanted = slopes(lambda at, X=X, Y=Y: loss(X, Y, at, output="softmax"), params)
        value = loss(X, Y, params, output="softmax")
        yield lesson.classifier.DigitClassifier().loss_and_gradients(params, X, Y.argmax(axis=1)), (value, wanted)


@oracle(14, "train_digits_columns", "complex step")
def _(lesson, rng):
    """One step from its own start, in rows."""
    X, y, seed = rng.normal(size=(5, 23)), rng.integers(0, 4, size=23), int(rng.integers(1, 10_000))
    train = lesson.mnist.train_digits_columns
    start, _, held_out, _ = train(X, y, [5, 6, 4], 1, 0.0, np.random.default_rng(seed))
    moved, costs, _, _ = train(X, y, [5, 6, 4], 1, 0.5, np.random.default_rng(seed))
    known = np.setdiff1d(np.arange(23), held_out)
    rows, Y = X.T[known], np.eye(4)[y[known]]
    params = {name: value.T if name[0] == "W" else value[:, 0] for name, value in start.items()}
    slope = slopes(lambda at: loss(rows, Y, at, output="softmax"), params)
    found = {name: value.T if name[0] == "W" else value[:, 0] for name, value in moved.items()}
    yield found, {name: params[name] - 0.5 * slope[name] for name in params}
    yield costs[0], loss(rows, Y, params, output="softmax")
