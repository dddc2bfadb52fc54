"""Grader of masks.py: who may attend to whom."""

import numpy as np
from nnedu.checking import assert_close, assert_pure, assert_that, exercise, hidden, points


def attended(Q, K, V, mask):
    """What attention gives under a mask that leaves no query without a key."""
    scores = np.where(mask, Q @ K.swapaxes(-1, -2) / np.sqrt(K.shape[-1]), -np.inf)
    E = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return E / E.sum(axis=-1, keepdims=True) @ V


def bools(value, shape, name):
    """The mask, once it is known to be bools of this shape."""
    found = f"an array of shape {value.shape} and dtype {value.dtype}" if isinstance(value, np.ndarray) else "no array"
    right = isinstance(value, np.ndarray) and value.shape == shape and value.dtype == bool
    assert_that(right, f"{name} should be an array of bools of shape {shape}; it is {found}.")
    return value


def with_keys(mask, name):
    """The mask, once it is known that every query may attend to something."""
    assert_that(bool(np.all(mask.any(axis=-1))), f"Every row of {name} should have a True: the token itself.")
    return mask


@exercise("causal_mask")
class TestCausalMask:
    """who may attend to whom when the future is not to be seen"""

    @points(1)
    def test_known_value(self, student):
        """gives the mask of four tokens"""
        expected = np.array([[1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 0], [1, 1, 1, 1]], dtype=bool)
        assert_close(student.causal_mask(4), expected, name="the mask")

    @points(1)
    def test_future(self, student, rng):
        """makes attention blind for the future, and for nothing else: each token sees itself and all before it"""
        Q, K, V = (rng.normal(size=(6, n)) for n in (3, 3, 4))
        mask = with_keys(bools(student.causal_mask(6), (6, 6), "the mask"), "the mask")
        expected = [attended(Q[i : i + 1], K[: i + 1], V[: i + 1], np.ones(1, dtype=bool))[0] for i in range(6)]
        assert_close(attended(Q, K, V, mask), np.array(expected), name="what attention gives under the mask")

    @hidden
    @points(1)
    def test_other_lengths(self, student):
        """is right for sequences of 1, 2 and 9 tokens"""
        for T in (9, 1, 2):
            expected = np.array([[j <= i for j in range(T)] for i in range(T)])
            assert_close(student.causal_mask(T), expected, name=f"causal_mask({T})")


@exercise("padding_mask")
class TestPaddingMask:
    """which keys are real"""

    @points(1)
    def test_known_value(self, student):
        """gives the masks of sequences with 3, 1, 5 and 0 of 5 places"""
        rows = [[1, 1, 1, 0, 0], [1, 0, 0, 0, 0], [1, 1, 1, 1, 1], [0, 0, 0, 0, 0]]
        expected = np.array(rows, dtype=bool)[:, None, :]
        lengths = np.array([3, 1, 5, 0])
        assert_pure(student.padding_mask, lengths, 5, expected=expected, name="the mask")

    @points(1)
    def test_padding_changes_nothing(self, student, rng):
        """makes attention over padded sequences give what it gives over the sequences alone"""
        lengths, T = np.array([3, 6, 2, 5]), 7
        Q, K, V = (rng.normal(size=(4, T, n)) for n in (3, 3, 4))
        mask = bools(student.padding_mask(lengths, T), (4, 1, T), "the mask")
        found = attended(Q, K, V, with_keys(mask, "the mask"))
        for i, length in enumerate(lengths):
            expected = attended(Q[i, :length], K[i, :length], V[i, :length], np.ones(1, dtype=bool))
            assert_close(found[i, :length], expected, name=f"attention over the {length} tokens of sequence {i}")

    @hidden
    @points(1)
    def test_with_the_causal_mask(self, student):
        """goes together with a causal mask, by &, to a mask for each sequence, also where m = T"""
        for lengths, T in (([2, 4, 3, 0], 4), ([1], 3), ([3, 2, 1, 5, 5, 4], 5)):
            mask = bools(student.padding_mask(np.array(lengths), T), (len(lengths), 1, T), "the mask")
            rows = [[[j <= i and j < length for j in range(T)] for i in range(T)] for length in lengths]
            causal = np.tril(np.ones((T, T), dtype=bool))
            assert_close(mask & causal, np.array(rows), name="padding_mask(lengths, T) & causal_mask(T)")
