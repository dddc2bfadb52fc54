"""Grader of dot_product.py: the attention of a web page, repaired."""

import numpy as np
from nnedu.checking import assert_close, assert_pure, exercise, hidden, points

RESULT = ("output", "attention_weights")


def tokens(rng, *front, Tq=4, Tk=4, d=5, dv=5):
    """Queries, keys and values at random, with axes in front."""
    return rng.normal(size=(*front, Tq, d)), rng.normal(size=(*front, Tk, d)), rng.normal(size=(*front, Tk, dv))


@exercise("scaled_dot_product_attention")
class TestScaledDotProductAttention:
    """the attention of a web page, repaired"""

    @points(1)
    def test_axes(self, student, reference, rng):
        """is right for sequences, (m, T, d), and for heads, (m, h, T, d)"""
        for args in (tokens(rng, 2), tokens(rng, 2, 3)):
            expected = reference.scaled_dot_product_attention(*args)
            assert_close(student.scaled_dot_product_attention(*args), expected, name=RESULT)

    @points(1)
    def test_causal(self, student, reference, rng):
        """lets no query see the future, with a causal mask on sequences and on heads"""
        mask = np.tril(np.ones((4, 4), dtype=bool))
        for args in (tokens(rng, 2), tokens(rng, 2, 3)):
            expected = reference.scaled_dot_product_attention(*args, mask)
            assert_close(student.scaled_dot_product_attention(*args, mask), expected, name=RESULT)

    @points(1)
    def test_nothing_to_see(self, student, reference, rng):
        """gives zeros to a query that may attend to nothing, and is right for the others"""
        mask = np.arange(4) < np.array([3, 0])[:, None, None]
        args = tokens(rng, 2)
        expected = reference.scaled_dot_product_attention(*args, mask)
        assert_close(student.scaled_dot_product_attention(*args, mask), expected, name=RESULT)

    @points(1)
    def test_pure(self, student, reference, rng):
        """changes no argument, and gives the same answer twice"""
        for mask in (rng.random((2, 4, 4)) < 0.6, None):
            args = (*tokens(rng, 2), mask)
            expected = reference.scaled_dot_product_attention(*args)
            assert_pure(student.scaled_dot_product_attention, *args, expected=expected, name=RESULT)

    @hidden
    @points(1)
    def test_all_sizes(self, student, reference, rng):
        """is right where all sizes differ, and where scores are large"""
        for front in ((3,), (2, 3)):
            Q, K, V = tokens(rng, *front, Tq=4, Tk=6, d=5, dv=3)
            mask = rng.random((*front, 4, 6)) < 0.5
            mask[..., 0, :], mask[..., 1, :] = False, True
            for scale in (1.0, 1000.0):
                expected = reference.scaled_dot_product_attention(scale * Q, K, V, mask)
                assert_close(student.scaled_dot_product_attention(scale * Q, K, V, mask), expected, name=RESULT)
