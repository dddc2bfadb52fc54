"""Masks: who may attend to whom. True means: may attend."""

import numpy as np


def causal_mask(T: int) -> np.ndarray:
    """Return the mask that lets each place attend to itself and to what came before, and not to the future.

    Args:
        T: length of the sequences.

    Returns:
        An array of bools, shape (T, T): query i, a row, may attend to key j, a column, where j ≤ i.

    Examples:
        >>> causal_mask(3).tolist()
        [[True, False, False], [True, True, False], [True, True, True]]
    """
    return np.tril(np.ones((T, T), dtype=bool))


def padding_mask(lengths: np.ndarray, T: int) -> np.ndarray:
    """Return the mask that hides the padding: nobody may attend to what stands behind the end of a sequence.

    Sequences of different lengths are put into one array by appending padding to the shorter ones.

    Args:
        lengths: how many places of each sequence are real, integers from 0 to T, shape (m,).
        T: how many places each of them has, with padding.

    Returns:
        An array of bools, shape (m, 1, T): key j of sequence i may be attended to where j < lengths[i], counted from 0.
        The axis of length 1 stands for the queries, which all see the same keys: the mask broadcasts to (m, Tq, T), and
        `causal_mask(T) & padding_mask(lengths, T)` is a mask of shape (m, T, T).

    Examples:
        >>> padding_mask(np.array([2, 3]), 3).tolist()
        [[[True, True, False]], [[True, True, True]]]
    """
    return (np.arange(T) < lengths[:, None])[:, None, :]
