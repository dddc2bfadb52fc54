"""A network for 60 samples of which most features mean nothing: all of the lesson, put to use.

From penalties.py and stopping.py you may import what you need, or write it here once more.
"""

from collections.abc import Callable

import numpy as np


def build_and_train(
    Xtr: np.ndarray, ytr: np.ndarray, Xval: np.ndarray, yval: np.ndarray, rng: np.random.Generator, budget: int
) -> Callable[[np.ndarray], np.ndarray]:
    """Return a function that predicts, after at most `budget` epochs, from few samples with many useless features.

    Two of the n features tell the two classes apart, which lie like two half moons; the others are noise. Which ones
    are which differs from call to call. A network that is trained until it is right about all of Xtr is right about
    64 % to 76 % of new samples; your goal is 80 % on average, and points begin at 75 %. The way there is up to you.

    Args:
        Xtr: training samples, shape (m, n), here (60, 62); every feature has mean 0 and spread 1, or nearly so.
        ytr: their classes, 0.0 or 1.0, shape (m, 1).
        Xval: validation samples, as many again, to choose and to stop by. Do not train on them.
        yval: their classes.
        rng: the only source of randomness.
        budget: the most epochs, that is steps on all of Xtr, that may be spent, over all networks that you train, here
            400. With budget 0 nothing is learned from ytr: what predicts is the start.

    A call may take about a second. No argument is changed.

    Returns:
        predict: a function that takes X (k, n) and returns the probabilities of class 1, a float array of shape (k, 1).
        A sample counts as class 1 where they are above 0.5. The answer for a sample is the same each time, and whoever
        else is in X.

    Examples:
        >>> rng = np.random.default_rng(1)
        >>> X, y = rng.normal(size=(20, 3)), np.array([[0.0], [1.0]] * 10)
        >>> predict = build_and_train(X, y, X, y, rng, budget=5)
        >>> predict(X).shape
        (20, 1)
    """
    raise NotImplementedError
