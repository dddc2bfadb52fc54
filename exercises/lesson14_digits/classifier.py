"""The capstone: a classifier for handwritten digits, of nothing but your own functions.

What it needs of earlier lessons (a start, a forward and a backward pass, batches, an optimizer) you write here once
more; from the other modules of this lesson you may import.
"""

import numpy as np


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
        raise NotImplementedError

    def fit(self, X: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> "DigitClassifier":
        """Train on images X (m, 64), pixels from 0 to 16, with digits y (m,), ints from 0 to 9, and return self.

        All randomness is from rng, so that the same rng gives the same network. A second fit starts anew. No argument
        is changed. It should take a second or two. Print the loss now and then, if you like: while it waits,
        `nnedu check` shows the last line that you printed.
        """
        raise NotImplementedError

    def loss_and_gradients(
        self, params: dict[str, np.ndarray], X: np.ndarray, y: np.ndarray
    ) -> tuple[float, dict[str, np.ndarray]]:
        """Return the loss that fit minimises, and its gradient with respect to params: (loss, grads).

        The loss is the mean cross-entropy of softmax over the m rows of X, for networks of any number of layers, finite
        for scores of any size. X (m, n_0) is taken as it is: if fit scales pixels, it has done so before. grads has the
        keys and the shapes of params. Neither the arguments nor the object are changed.
        """
        raise NotImplementedError

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """Return the probabilities of the ten digits for images X (k, 64), shape (k, 10): each row sums to 1."""
        raise NotImplementedError

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Return the most probable digit of each image, ints of shape (k,)."""
        raise NotImplementedError

    def save(self) -> dict[str, np.ndarray]:
        """Return all that has been learned, as a dict of arrays of numbers that numpy.savez can write to a file."""
        raise NotImplementedError

    def load(self, state: dict[str, np.ndarray]) -> "DigitClassifier":
        """Take over what another classifier has saved, without changing it, and return self."""
        raise NotImplementedError
