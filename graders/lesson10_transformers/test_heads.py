"""Grader of heads.py: multi-head attention."""

import numpy as np
from nnedu.checking import assert_array, assert_close, assert_pure, assert_raises, assert_that, exercise, hidden, points


def layer(rng, m, T, D):
    """Sequences of tokens and the four matrices of a layer."""
    return rng.normal(size=(m, T, D)), *(1.5 * rng.normal(size=(4, D, D)) / np.sqrt(D))


def attended(Q, K, V):
    """Attention of one head, without a mask."""
    scores = Q @ K.swapaxes(-1, -2) / np.sqrt(K.shape[-1])
    E = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return E / E.sum(axis=-1, keepdims=True) @ V


def padding(lengths, T):
    return (np.arange(T) < np.array(lengths)[:, None])[:, None, :]


@exercise("multi_head_attention", after=["attention"])
class TestMultiHeadAttention:
    """attention with several heads"""

    @points(2)
    def test_known_value(self, student):
        """gives the numbers of the worked example"""
        X = np.array([[[1.0, 0.0, 4.0, 0.0], [0.0, 1.0, 0.0, 8.0]]])
        Wq, one = np.zeros((4, 4)), np.eye(4)
        # The first head looks hard: 1 to 3 for the token itself. The second one looks at all alike.
        Wq[:2, :2] = np.sqrt(2.0) * np.log(3.0) * np.eye(2)
        expected = np.array([[[0.75, 0.25, 2.0, 4.0], [0.25, 0.75, 2.0, 4.0]]])
        assert_close(student.multi_head_attention(X, Wq, one, one, one, 2), expected, name="out")
        swap = one[[2, 3, 0, 1]]
        found = student.multi_head_attention(X, Wq, one, one, swap, 2)
        assert_close(found, expected[..., [2, 3, 0, 1]], name="out, where Wo swaps the halves")

    @points(2)
    def test_one_head(self, student, rng):
        """is attention between projections where there is one head"""
        X, Wq, Wk, Wv, Wo = layer(rng, 5, 4, 6)
        expected = attended(X @ Wq, X @ Wk, X @ Wv) @ Wo
        assert_close(student.multi_head_attention(X, Wq, Wk, Wv, Wo, 1), expected, name="out", batch=5)

    @points(3)
    def test_heads(self, student, reference, rng):
        """is right for two, three and six heads"""
        args = layer(rng, 5, 4, 6)
        for n_heads in (2, 3, 6):
            expected = reference.multi_head_attention(*args, n_heads)
            assert_close(student.multi_head_attention(*args, n_heads), expected, name=f"out, {n_heads} heads", batch=5)

    @points(1)
    def test_columns_of_a_head(self, student, rng):
        """gives each head a block of neighbouring columns: changing one head's Wq changes that block, and no other"""
        (X, Wq, Wk, Wv, _), n = layer(rng, 3, 5, 6), 3
        new, one = Wq.copy(), np.eye(6)
        new[:, 2:4] = rng.normal(size=(6, 2))
        before = assert_array(student.multi_head_attention(X, Wq, Wk, Wv, one, n), shape=(3, 5, 6), name="out")
        after = assert_array(student.multi_head_attention(X, new, Wk, Wv, one, n), shape=(3, 5, 6), name="out")
        moved = np.max(np.abs(after - before), axis=(0, 1)) > 1e-9
        assert_that(
            moved.tolist() == [False, False, True, True, False, False],
            "With 3 heads of 6 columns and Wo the identity, new columns 2 and 3 of Wq should change columns 2 and 3 of "
            f"out; they change {np.flatnonzero(moved).tolist() or 'nothing'}.",
        )

    @points(1)
    def test_order(self, student, rng):
        """follows the order of the tokens, and treats each sequence for itself"""
        args, order = layer(rng, 4, 5, 6), rng.permutation(5)
        out = assert_array(student.multi_head_attention(*args, 2), shape=(4, 5, 6), name="out")
        assert_that(float(np.ptp(out, axis=1).min()) > 0.0, "Different tokens should get different results.")
        found = student.multi_head_attention(args[0][:, order], *args[1:], 2)
        assert_close(found, out[:, order], name="out, tokens in another order", rtol=1e-9)
        found = student.multi_head_attention(args[0][2:3], *args[1:], 2)
        assert_close(found, out[2:3], name="out of one sequence alone", rtol=1e-9)

    @points(2)
    def test_masks(self, student, reference, rng):
        """hides what the mask hides from every head, for masks (T, T), (m, 1, T) and (m, T, T)"""
        args, causal = layer(rng, 3, 5, 4), np.tril(np.ones((5, 5), dtype=bool))
        for n_heads in (2, 1):
            for mask in (causal, padding([5, 2, 4], 5), causal & padding([1, 5, 3], 5)):
                expected = reference.multi_head_attention(*args, n_heads, mask)
                assert_close(student.multi_head_attention(*args, n_heads, mask), expected, name="out")

    @points(1)
    def test_heads_that_do_not_fit(self, student, rng):
        """raises ValueError where D is no multiple of n_heads"""
        for D, n_heads in ((6, 4), (4, 8)):
            assert_raises("ValueError", student.multi_head_attention, *layer(rng, 2, 8, D), n_heads)

    @points(1)
    def test_pure(self, student, reference, rng):
        """changes no argument, and gives the same answer twice"""
        args, mask = layer(rng, 2, 3, 4), padding([3, 1], 3)
        for given in ((2, mask), (1, None)):
            expected = reference.multi_head_attention(*args, *given)
            assert_pure(student.multi_head_attention, *args, *given, expected=expected, name="out")

    @hidden
    @points(1)
    def test_as_many_sequences_as_heads(self, student, reference, rng):
        """is right where m = n_heads, so that a mask for the wrong axis raises no error, and for empty sequences"""
        args, causal = layer(rng, 3, 3, 9), np.tril(np.ones((3, 3), dtype=bool))
        for mask in (padding([1, 3, 2], 3), causal & padding([2, 1, 3], 3), padding([0, 3, 1], 3), causal, None):
            expected = reference.multi_head_attention(*args, 3, mask)
            assert_close(student.multi_head_attention(*args, 3, mask), expected, name="out")
