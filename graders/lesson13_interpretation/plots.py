"""Plots of lesson 13: where a small trained network looks, by the student's own functions."""

import warnings
from functools import cache

from nnedu.checking import Images, assert_array

COUNT = 8


@cache
def _network():
    """A network trained by scikit-learn on digits, as parameters of this lesson, and images: (params, X, y)."""
    from sklearn.datasets import load_digits  # noqa: PLC0415 - it takes half a second
    from sklearn.neural_network import MLPClassifier  # noqa: PLC0415

    X, y = load_digits(return_X_y=True)
    X = X / 16.0
    model = MLPClassifier((24,), alpha=1.0, max_iter=60, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it could go on for longer
        model.fit(X[COUNT + 2 :], y[COUNT + 2 :])
    params = {f"W{layer}": W for layer, W in enumerate(model.coefs_, start=1)}
    return params | {f"b{layer}": b for layer, b in enumerate(model.intercepts_, start=1)}, X[:COUNT], y[:COUNT]


def digits(student, rng):
    """what a small network says of new images, by your mlp_forward"""
    params, X, y = _network()
    found = student.saliency.mlp_forward(X, params)
    logits = found[0] if isinstance(found, (tuple, list)) and found else None
    read = assert_array(logits, shape=(COUNT, 10), name="the logits of mlp_forward").argmax(axis=1)
    return Images(
        "images that the network was not trained on",
        X.reshape(-1, 8, 8),
        [f"read as {i}" for i in read],
        columns=COUNT,
        marked=[i for i in range(COUNT) if read[i] != y[i]],
    )


def pixels(student, rng):
    """which of their pixels speak for the digit, by your saliency"""
    params, X, y = _network()
    S = assert_array(student.saliency.saliency(X, params, y), shape=X.shape, name="saliency(X, params, target)")
    return Images(
        "slope of the logit of the true digit along each pixel",
        S.reshape(-1, 8, 8),
        [f"for {digit}" for digit in y],
        columns=COUNT,
        signed=True,
        value="for (+), against (-)",
    )
