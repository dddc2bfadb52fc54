"""Grader of encoder.py: one block of a transformer's encoder."""

import numpy as np
from nnedu.checking import assert_array, assert_close, assert_pure, assert_raises, assert_that, exercise, hidden, points

SQUARE = ("Wq", "Wk", "Wv", "Wo")


def parameters(rng, D, F):
    """The parameters of a block."""
    p = {name: rng.normal(size=(D, D)) / np.sqrt(D) for name in SQUARE}
    p |= {"W1": rng.normal(size=(D, F)) / np.sqrt(D), "W2": rng.normal(size=(F, D)) / np.sqrt(F)}
    p |= {"b1": rng.normal(size=F), "b2": rng.normal(size=D)}
    for norm in "12":
        p |= {f"g{norm}": rng.uniform(0.5, 2.0, size=D), f"be{norm}": rng.normal(size=D)}
    return p


def normalised(X, gamma, beta):
    return gamma * (X - X.mean(axis=-1, keepdims=True)) / np.sqrt(X.var(axis=-1, keepdims=True) + 1e-5) + beta


def padding(lengths, T):
    return (np.arange(T) < np.array(lengths)[:, None])[:, None, :]


@exercise("encoder_block", after=["attention", "multi_head_attention", "layernorm_forward", "ffn"])
class TestEncoderBlock:
    """one block of the encoder"""

    @points(1)
    def test_known_value(self, student):
        """gives the numbers of the worked example"""
        p = {name: np.zeros((2, 2)) for name in (*SQUARE, "W1", "W2")}
        p |= {"b1": np.zeros(2), "b2": np.array([0.0, 3.0])}
        p |= {"g1": np.ones(2), "be1": np.array([2.0, 0.0]), "g2": np.array([3.0, 2.0]), "be2": np.array([0.5, 0.0])}
        X, expected = np.array([[[1.0, 5.0], [10.0, 6.0]]]), np.array([[[-2.5, 2.0], [3.5, -2.0]]])
        assert_close(student.encoder_block(X, p, 1), expected, name="out", rtol=1e-4)

    @points(3)
    def test_blocks(self, student, reference, rng):
        """is right for random tokens and parameters, with one, two and three heads"""
        X, p = rng.normal(size=(5, 4, 6)), parameters(rng, 6, 9)
        for n_heads in (2, 3, 1):
            expected = reference.encoder_block(X, p, n_heads)
            assert_close(student.encoder_block(X, p, n_heads), expected, name=f"out, {n_heads} heads", batch=5)

    @points(2)
    def test_paths_around(self, student, rng):
        """lets X pass around both layers: with weights of 0 two norms are left"""
        X, p = 2.0 * rng.normal(size=(3, 4, 5)), parameters(rng, 5, 7)
        p |= {name: np.zeros(p[name].shape) for name in (*SQUARE, "W1", "b1", "W2", "b2")}
        expected = normalised(normalised(X, p["g1"], p["be1"]), p["g2"], p["be2"])
        assert_close(student.encoder_block(X, p, 1), expected, name="out")

    @points(1)
    def test_norms(self, student, reference, rng):
        """gives every token the mean be2 and the spread g2 at the end, whatever g1 and be1 are"""
        X, p = rng.normal(size=(3, 5, 8)), parameters(rng, 8, 6)
        p |= {"g2": np.full(8, 3.0), "be2": np.full(8, -2.0)}
        out = assert_array(student.encoder_block(X, p, 2), shape=(3, 5, 8), name="out")
        assert_close(out.mean(axis=-1), np.full((3, 5), -2.0), name="the mean of a token in out", rtol=1e-9)
        assert_close(out.std(axis=-1), np.full((3, 5), 3.0), name="the spread of a token in out", rtol=1e-3)
        assert_close(out, reference.encoder_block(X, p, 2), name="out")

    @points(1)
    def test_order(self, student, rng):
        """follows the order of the tokens: without positional encoding, no token knows where it stands"""
        X, p, order = rng.normal(size=(3, 6, 4)), parameters(rng, 4, 5), np.array([3, 0, 5, 1, 2, 4])
        out = assert_array(student.encoder_block(X, p, 2), shape=(3, 6, 4), name="out")
        assert_that(float(np.ptp(out, axis=1).min()) > 0.0, "Different tokens should get different results.")
        found = student.encoder_block(X[:, order], p, 2)
        assert_close(found, out[:, order], name="out, tokens in another order", rtol=1e-9)

    @points(2)
    def test_masks(self, student, reference, rng):
        """uses the mask: what it hides changes nothing, for masks (T, T), (m, 1, T) and (m, T, T)"""
        X, p, T = rng.normal(size=(3, 5, 4)), parameters(rng, 4, 6), 5
        causal = np.tril(np.ones((T, T), dtype=bool))
        for mask in (causal, padding([3, 5, 2], T), causal & padding([4, 1, 5], T)):
            expected = reference.encoder_block(X, p, 2, mask)
            assert_close(student.encoder_block(X, p, 2, mask), expected, name="out")
        short = assert_array(student.encoder_block(X[:1, :3], p, 2), shape=(1, 3, 4), name="out")
        whole = assert_array(student.encoder_block(X, p, 2, padding([3, 5, 2], T)), shape=(3, 5, 4), name="out")
        assert_close(whole[:1, :3], short, name="out of the 3 real tokens of a padded sequence", rtol=1e-9)

    @points(1)
    def test_pure(self, student, reference, rng):
        """changes neither X nor a parameter, and gives the same answer twice"""
        X, p = rng.normal(size=(2, 3, 4)), parameters(rng, 4, 5)
        expected = reference.encoder_block(X, p, 2, padding([3, 2], 3))
        assert_pure(student.encoder_block, X, p, 2, padding([3, 2], 3), expected=expected, name="out")

    @hidden
    @points(1)
    def test_equal_sizes(self, student, reference, rng):
        """is right where m = T = D = F = n_heads, for tokens with a tiny spread, and raises where heads do not fit"""
        p, causal = parameters(rng, 4, 4), np.tril(np.ones((4, 4), dtype=bool))
        X = rng.normal(size=(4, 4, 4))
        for tokens, mask in ((X, causal & padding([2, 4, 1, 3], 4)), (X, None), (0.002 * X, padding([4, 0, 2, 3], 4))):
            expected = reference.encoder_block(tokens, p, 4, mask)
            assert_close(student.encoder_block(tokens, p, 4, mask), expected, name="out")
        assert_raises("ValueError", student.encoder_block, X, p, 3)
