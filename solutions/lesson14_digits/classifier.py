"""The capstone: a classifier for handwritten digits, of nothing but your own functions.

What it needs of earlier lessons (a start, a forward and a backward pass, batches, an optimizer) you write here once
more; from the other modules of this lesson you may import.
"""

from itertools import pairwise

import numpy as np
from data import one_hot

_EPOCHS = 20
_BATCH = 32
_LR = 0.006
_BETA1 = 0.9
_BETA2 = 0.999


class DigitClassifier:
    """A network with ReLU in its hidden layers and softmax at its end, which learns to read digits.

    Its parameters are a dict W1, b1, ..., WL, bL with W_l of shape (n_{l-1}, n_l) and b_l of shape (n_l,). How many
    units and epochs, which optimizer and which learning rate, is up to you. Points for reading begin where 90 % of
    new images are read right; the goal is 95 %, on average over five trainings.

    Examples:
        >>> rng = np.random.default_rng(1)
        >>> X, y = 16.0 * rng.random((40, 64)), np.arange(40) % 10
        >>> model = DigitClassifier().fit(X, y, rng)
        >>> model.predict(X[:3]).shape, model.predict_proba(X[:3]).shape
        ((3,), (3, 10))
    """

    def __init__(self) -> None:
        self._params: dict[str, np.ndarray] = {}

    def fit(self, X: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> "DigitClassifier":
        """Train on images X (m, 64), pixels from 0 to 16, with digits y (m,), ints from 0 to 9, and return self.

        All randomness is from rng, so that the same rng gives the same network. A second fit starts anew. No argument
        is changed. It should take a second or two. Print the loss now and then, if you like: while it waits,
        `nnedu check` shows the last line that you printed.
        """
        X, params = X / 16.0, _start((X.shape[1], 64, 10), rng)
        moments = dict.fromkeys(params, (0.0, 0.0))
        steps, t = _EPOCHS * -(-len(X) // _BATCH), 0
        for _ in range(_EPOCHS):
            order = rng.permutation(len(X))
            for first in range(0, len(X), _BATCH):
                batch = order[first : first + _BATCH]
                grads = self.loss_and_gradients(params, X[batch], y[batch])[1]
                lr, t = _LR * (1.0 - t / steps), t + 1
                for name, grad in grads.items():
                    m, v = moments[name]
                    m, v = _BETA1 * m + (1.0 - _BETA1) * grad, _BETA2 * v + (1.0 - _BETA2) * grad**2
                    step = m / (1.0 - _BETA1**t) / (np.sqrt(v / (1.0 - _BETA2**t)) + 1e-8)
                    params[name], moments[name] = params[name] - lr * step, (m, v)
        self._params = params
        return self

    def loss_and_gradients(
        self, params: dict[str, np.ndarray], X: np.ndarray, y: np.ndarray
    ) -> tuple[float, dict[str, np.ndarray]]:
        """Return the loss that fit minimises, and its gradient with respect to params: (loss, grads).

        The loss is the mean cross-entropy of softmax over the m rows of X, for networks of any number of layers, finite
        for scores of any size. X (m, n_0) is taken as it is: if fit scales pixels, it has done so before. grads has the
        keys and the shapes of params. Neither the arguments nor the object are changed.
        """
        activations, Z = _forward(params, X)
        shifted = Z - Z.max(axis=1, keepdims=True)
        log_proba = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        Y, grads = one_hot(y, Z.shape[1]), {}
        dZ = (np.exp(log_proba) - Y) / len(X)
        for layer in range(len(activations), 0, -1):
            A = activations[layer - 1]
            grads[f"W{layer}"], grads[f"b{layer}"] = A.T @ dZ, dZ.sum(axis=0)
            dZ = dZ @ params[f"W{layer}"].T * (A > 0.0)
        return float(-np.sum(Y * log_proba) / len(X)), grads

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """Return the probabilities of the ten digits for images X (k, 64), shape (k, 10): each row sums to 1."""
        Z = _forward(self._params, X / 16.0)[1]
        E = np.exp(Z - Z.max(axis=1, keepdims=True))
        return E / E.sum(axis=1, keepdims=True)

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Return the most probable digit of each image, ints of shape (k,)."""
        return self.predict_proba(X).argmax(axis=1)

    def save(self) -> dict[str, np.ndarray]:
        """Return all that has been learned, as a dict of arrays of numbers that numpy.savez can write to a file."""
        return {name: value.copy() for name, value in self._params.items()}

    def load(self, state: dict[str, np.ndarray]) -> "DigitClassifier":
        """Take over what another classifier has saved, without changing it, and return self."""
        self._params = {name: value.copy() for name, value in state.items()}
        return self


def _start(sizes: tuple[int, ...], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw parameters as He does."""
    params = {}
    for layer, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        params[f"W{layer}"] = rng.normal(0.0, np.sqrt(2.0 / n_in), (n_in, n_out))
        params[f"b{layer}"] = np.zeros(n_out)
    return params


def _forward(params: dict[str, np.ndarray], X: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """Return what each layer reads, and the scores of the last one."""
    activations, Z = [X], X @ params["W1"] + params["b1"]
    for layer in range(2, len(params) // 2 + 1):
        activations.append(np.maximum(Z, 0.0))
        Z = activations[-1] @ params[f"W{layer}"] + params[f"b{layer}"]
    return activations, Z
