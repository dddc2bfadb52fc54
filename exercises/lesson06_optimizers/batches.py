"""Mini-batches: one pass over the data in random order, a few rows at a time."""

from collections.abc import Iterator

import numpy as np


def minibatches(
    X: np.ndarray, Y: np.ndarray, batch_size: int, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the rows of X and Y in random order, in pairs (Xb, Yb) of at most batch_size rows.

    `X` (m, ...) holds one sample in each row and `Y` (m, ...) its label, of any dtype. Every row comes exactly once,
    next to its own label, in an order drawn from `rng`. There are ceil(m / batch_size) batches: each has batch_size
    rows, only the last one may have fewer. X and Y stay as they are.

    An iterator, a generator or a list of pairs are all fine.

    Examples:
        >>> X = np.arange(10.0).reshape(10, 1)
        >>> batches = list(minibatches(X, 2 * X, 4, np.random.default_rng(0)))
        >>> [Xb.shape for Xb, Yb in batches]
        [(4, 1), (4, 1), (2, 1)]
        >>> all((Yb == 2 * Xb).all() for Xb, Yb in batches)
        True

    Source: I. Goodfellow, Y. Bengio and A. Courville, "Deep learning", 2016, section 8.1.3.
    """
    raise NotImplementedError
