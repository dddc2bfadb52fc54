"""A network that is right for the wrong reason: find the pixel that gives the classes away.

From saliency.py you may import what you need, or write it here once more.
"""

import numpy as np
from saliency import mlp_forward


def find_the_shortcut(
    params: dict[str, np.ndarray], X: np.ndarray, y: np.ndarray
) -> tuple[int, dict[str, np.ndarray | float]]:
    """Return the one pixel that a trained network relies on, and the evidence.

    In the images that the network was trained on, and in X too, one pixel tells nearly all of the classes: a mark of
    the camera, a stamp. The network has learned the mark and little else. Which pixel it is differs from network to
    network. It need not be bright, and in a few images it is wrong.

    The evidence is what happens without a pixel. To take pixel j away, give it in every image the value of its mean
    over X: so it says the same about each image, and nothing else changes.

        drop[j]  = mean over i of  z[i, y[i]] - (z[i, y[i]] without pixel j)        z (m, K): the logits
        pixel    = the j with the largest drop
        accuracy = the share of images whose largest logit is that of y[i]

    Args:
        params: the network: W1 (n, n1), b1 (n1,), ..., WL, bL; ReLU in hidden layers, logits at the end.
        X: images, one in each row, shape (m, n).
        y: their classes, integers from 0 to K - 1, shape (m,).

    Returns:
        pixel, an int from 0 to n - 1, and evidence, a dict with "drop", a float array of shape (n,), and with two
        floats: "accuracy", with all pixels, and "accuracy_without", without the one that you report. No argument is
        changed.

    Examples:
        >>> params = {"W1": np.array([[0.0, 1.0], [8.0, -8.0]]), "b1": np.array([0.0, 8.0])}
        >>> X = np.array([[0.9, 0.75], [0.8, 0.75], [0.9, 0.25], [1.0, 0.25]])
        >>> pixel, evidence = find_the_shortcut(params, X, np.array([0, 0, 1, 1]))
        >>> pixel, evidence["drop"].round(9).tolist(), evidence["accuracy"], evidence["accuracy_without"]
        (1, [0.025, 2.0], 1.0, 0.5)

    Source: R. Geirhos et al., "Shortcut learning in deep neural networks", 2020.
    """
    Z = mlp_forward(X, params)[0]
    own, drop = np.arange(len(X)), np.empty(X.shape[1])
    for j in range(X.shape[1]):
        drop[j] = np.mean((Z - _without(params, X, j))[own, y])
    pixel = int(np.argmax(drop))
    evidence = {"drop": drop, "accuracy": _share(Z, y), "accuracy_without": _share(_without(params, X, pixel), y)}
    return pixel, evidence


def _without(params: dict[str, np.ndarray], X: np.ndarray, pixel: int) -> np.ndarray:
    """Return the logits for images in which a pixel has the value of its mean."""
    X = X.copy()
    X[:, pixel] = X[:, pixel].mean()
    return mlp_forward(X, params)[0]


def _share(Z: np.ndarray, y: np.ndarray) -> float:
    """Return the share of rows whose largest logit is that of their class."""
    return float(np.mean(Z.argmax(axis=1) == y))
