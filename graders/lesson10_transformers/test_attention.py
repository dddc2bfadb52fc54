"""Grader of attention.py: scaled dot-product attention, forward and backward."""

import numpy as np
from nnedu.checking import (
    assert_array,
    assert_close,
    assert_gradients_agree,
    assert_pure,
    assert_that,
    exercise,
    hidden,
    points,
)

RESULT = ("out", "weights")
GRADIENTS = ("dQ", "dK", "dV")
# The worked example: two queries, three keys, d = 4; the scores are ln 3, 0, 0 and 0, ln 8, 0.
Q2 = 2.0 * np.array([[np.log(3.0), 0.0, 0.0, 0.0], [0.0, np.log(8.0), 0.0, 0.0]])
K3, V3 = np.eye(3, 4), np.array([[10.0, 0.0], [0.0, 10.0], [5.0, 5.0]])
W23 = np.array([[0.6, 0.2, 0.2], [0.1, 0.8, 0.1]])


def tokens(rng, *front, Tq=4, Tk=6, d=5, dv=3):
    """Queries, keys and values at random, with axes in front."""
    return rng.normal(size=(*front, Tq, d)), rng.normal(size=(*front, Tk, d)), rng.normal(size=(*front, Tk, dv))


def some(rng, *shape):
    """A mask at random, in which every query may attend to one key at least, and not to all."""
    mask = rng.random(shape) < 0.6
    mask[..., 0], mask[..., -1] = True, False
    return mask


def both(result, out, weights):
    """The two results, once their form is known to be right."""
    assert_that(
        isinstance(result, (tuple, list)) and len(result) == 2, "The result should be two arrays, out, weights."
    )
    return assert_array(result[0], shape=out, name="out"), assert_array(result[1], shape=weights, name="weights")


def gradient(result, index):
    """One of the three gradients, once it is known that they are three."""
    three = isinstance(result, (tuple, list)) and len(result) == 3
    assert_that(three, "The result should be three arrays, (dQ, dK, dV).")
    return result[index]


@exercise("attention")
class TestAttention:
    """scaled dot-product attention"""

    @points(2)
    def test_known_value(self, student):
        """gives the numbers of the worked examples"""
        assert_close(student.attention(Q2, K3, V3), (np.array([[7.0, 3.0], [1.5, 8.5]]), W23), name=RESULT)
        one, a = np.eye(2), np.exp(np.sqrt(0.5))
        weights = np.array([[a, 1.0], [1.0, a]]) / (a + 1.0)
        assert_close(student.attention(one, one, one), (weights, weights), name=RESULT)

    @points(2)
    def test_three_axes(self, student, reference, rng):
        """is right for a batch of sequences, where Tq, Tk, d and dv all differ"""
        args = tokens(rng, 7)
        assert_close(student.attention(*args), reference.attention(*args), name=RESULT, batch=7)

    @points(1)
    def test_other_axes(self, student, reference, rng):
        """is right for one sequence without a batch, (T, d), and for heads, (m, h, T, d)"""
        for args in (tokens(rng), tokens(rng, 3, 2), tokens(rng, 2, 3, Tq=6, Tk=4, d=3, dv=5)):
            assert_close(student.attention(*args), reference.attention(*args), name=RESULT)

    @points(1)
    def test_rows(self, student, rng):
        """gives weights that are positive and add up to 1 over the keys, for every query"""
        result = student.attention(*tokens(rng, 3, Tq=5, Tk=5))
        _, weights = both(result, (3, 5, 3), (3, 5, 5))
        worst = float(np.max(np.abs(weights.sum(axis=-1) - 1.0)))
        assert_that(float(weights.min()) > 0.0, "Every weight should be positive where there is no mask.")
        assert_that(worst < 1e-9, f"Every row of weights should add up to 1; one is off by {worst:.2g}.")

    @points(3)
    def test_mask(self, student, reference, rng):
        """gives a masked key the weight 0 and the other keys all of it, for masks of every shape"""
        args = tokens(rng, 3, Tq=4, Tk=6)
        for shape in ((4, 6), (3, 1, 6), (3, 4, 6), (1, 6)):
            mask = some(rng, *shape)
            result = student.attention(*args, mask)
            _, weights = both(result, (3, 4, 3), (3, 4, 6))
            hidden_keys = weights[~np.broadcast_to(mask, (3, 4, 6))]
            assert_that(float(np.max(np.abs(hidden_keys))) == 0.0, "Where the mask is False the weight should be 0.")
            assert_close(result, reference.attention(*args, mask), name=RESULT)

    @points(1)
    def test_future(self, student, rng):
        """lets nothing of the future through a causal mask, and all of the past"""
        Q, K, V = tokens(rng, 2, Tq=5, Tk=5)
        mask = np.tril(np.ones((5, 5), dtype=bool))
        K_new, V_new = K.copy(), V.copy()
        K_new[:, 3], V_new[:, 3] = rng.normal(size=(2, 5)), rng.normal(size=(2, 3))
        before, _ = both(student.attention(Q, K, V, mask), (2, 5, 3), (2, 5, 5))
        after, _ = both(student.attention(Q, K_new, V_new, mask), (2, 5, 3), (2, 5, 5))
        assert_close(after[:, :3], before[:, :3], name="out of tokens 0 to 2, when token 3 changes", rtol=1e-12)
        moved = float(np.min(np.max(np.abs(after - before)[:, 3:], axis=-1)))
        assert_that(moved > 0.0, "When token 3 changes, so should what tokens 3 and 4 get.")

    @points(2)
    def test_masked_rows(self, student, reference, rng):
        """gives zeros to a query that may attend to nothing, and is right for the others"""
        args = tokens(rng, 3, Tq=5, Tk=6)
        for empty in ([0], [1, 4]):
            mask = some(rng, 5, 6)
            mask[empty] = False
            assert_close(student.attention(*args, mask), reference.attention(*args, mask), name=RESULT)

    @points(1)
    def test_large_scores(self, student, reference, rng):
        """stays finite and right where scores are above 1000, and where those of two queries are 2000 apart"""
        Q, K, V = tokens(rng, 2, Tq=3, Tk=4)
        assert_close(student.attention(500.0 * Q, 2.0 * K, V), reference.attention(500.0 * Q, 2.0 * K, V), name=RESULT)
        K[..., 0] = 1.0
        far = Q + np.sqrt(5.0) * np.array([1000.0, -1000.0, 0.0])[:, None] * np.eye(5)[0]
        mask = some(rng, 3, 4)
        for given in ((), (mask,)):
            found, expected = student.attention(far, K, V, *given), reference.attention(far, K, V, *given)
            assert_close(found, expected, name=RESULT, rtol=1e-6)

    @points(1)
    def test_order(self, student, rng):
        """does not depend on the order of the keys, and follows the order of the queries"""
        (Q, K, V), keys, queries = tokens(rng, 2, Tq=5, Tk=5), rng.permutation(5), np.array([1, 2, 3, 4, 0])
        out, weights = both(student.attention(Q, K, V), (2, 5, 3), (2, 5, 5))
        apart = float(np.min(np.ptp(out, axis=1)))
        assert_that(apart > 0.0, "Different queries should get different results.")
        found = student.attention(Q, K[:, keys], V[:, keys])
        name = ("out, keys and values in another order", "weights, keys and values in another order")
        assert_close(found, (out, weights[..., keys]), name=name, rtol=1e-9)
        name = ("out, queries in another order", "weights, queries in another order")
        assert_close(
            student.attention(Q[:, queries], K, V), (out[:, queries], weights[:, queries]), name=name, rtol=1e-9
        )

    @points(1)
    def test_pure(self, student, reference, rng):
        """changes no argument, and gives the same answer twice"""
        for mask in (some(rng, 4, 6), None):
            args = (*tokens(rng, 3), mask)
            assert_pure(student.attention, *args, expected=reference.attention(*args), name=RESULT)

    @hidden
    @points(1)
    def test_equal_sizes(self, student, reference, rng):
        """is right where all sizes are equal, so that no wrong axis raises, and for a single key"""
        args = tokens(rng, 4, 4, Tq=4, Tk=4, d=4, dv=4)
        for mask in (None, some(rng, 4, 1, 1, 4), some(rng, 4, 1, 4, 4), some(rng, 4, 4)):
            assert_close(student.attention(*args, mask), reference.attention(*args, mask), name=RESULT)
        Q, K, V = tokens(rng, 1, Tq=3, Tk=1, d=2)
        assert_close(student.attention(Q, K, V), (np.repeat(V, 3, axis=1), np.ones((1, 3, 1))), name=RESULT)


@exercise("attention_backward", after=["attention"])
class TestAttentionBackward:
    """the gradients of attention"""

    @points(2)
    def test_known_value(self, student):
        """gives the numbers of the worked example"""
        expected = (
            np.array([[0.9, -0.7, -0.2, 0.0], [-0.425, 0.6, -0.175, 0.0]]),
            np.array([[0.9, -0.425], [-0.7, 0.6], [-0.2, -0.175]]) @ Q2,
            W23.T,
        )
        found = student.attention_backward(np.eye(2), Q2, K3, V3, W23)
        assert_close(found, expected, name=GRADIENTS, factors={"√d": 2.0, "d": 4.0})

    @points(2)
    def test_dV(self, student, reference, rng):
        """gives a dV that agrees with the numerical derivative of a random sum of out"""
        self.agrees(student, reference, rng, 2)

    @points(3)
    def test_dQ(self, student, reference, rng):
        """gives a dQ that agrees with the numerical derivative of a random sum of out"""
        self.agrees(student, reference, rng, 0)

    @points(3)
    def test_dK(self, student, reference, rng):
        """gives a dK that agrees with the numerical derivative of a random sum of out"""
        self.agrees(student, reference, rng, 1)

    @points(1)
    def test_keys_add_up_to_zero(self, student, reference, rng):
        """gives a dK that adds up to 0 over the keys: moving all keys together changes no weight"""
        args, dout = tokens(rng, 3), rng.normal(size=(3, 4, 3))
        _, weights = reference.attention(*args)
        dK = assert_array(gradient(student.attention_backward(dout, *args, weights), 1), shape=(3, 6, 5), name="dK")
        assert_that(float(np.max(np.abs(dK), axis=1).min()) > 0.0, "No column of dK should be zero everywhere.")
        worst = float(np.max(np.abs(dK.sum(axis=1))))
        assert_that(worst < 1e-10, f"The rows of dK should add up to 0 in each sequence; they add up to {worst:.3g}.")

    @points(1)
    def test_masked(self, student, reference, rng):
        """is right for weights that a mask has made, also where a query may attend to nothing"""
        args, dout = tokens(rng, 3, 2, Tq=5, Tk=5), rng.normal(size=(3, 2, 5, 3))
        mask = np.tril(np.ones((5, 5), dtype=bool), -1)
        _, weights = reference.attention(*args, mask)
        expected = reference.attention_backward(dout, *args, weights)
        assert_gradients_agree(
            student.attention_backward(dout, *args, weights),
            expected,
            loss=lambda at: float(np.sum(dout * reference.attention(*at, mask)[0])),
            at=args,
            names=GRADIENTS,
            factors={"√d": np.sqrt(5.0)},
        )

    @points(1)
    def test_pure(self, student, reference, rng):
        """changes no argument, and gives the same answer twice"""
        args, dout = tokens(rng, 2), rng.normal(size=(2, 4, 3))
        _, weights = reference.attention(*args)
        expected = reference.attention_backward(dout, *args, weights)
        assert_pure(student.attention_backward, dout, *args, weights, expected=expected, name=GRADIENTS)

    @hidden
    @points(1)
    def test_equal_sizes(self, student, reference, rng):
        """is right where all sizes are equal, so that no wrong axis raises, with a batch and without"""
        for front in ((4, 4), (4,), ()):
            args, dout = tokens(rng, *front, Tq=4, Tk=4, d=4, dv=4), rng.normal(size=(*front, 4, 4))
            _, weights = reference.attention(*args)
            expected = reference.attention_backward(dout, *args, weights)
            found = student.attention_backward(dout, *args, weights)
            assert_close(found, expected, name=GRADIENTS, factors={"√d": 2.0})

    def agrees(self, student, reference, rng, index):
        args, dout = tokens(rng, 3), rng.normal(size=(3, 4, 3))
        _, weights = reference.attention(*args)
        assert_gradients_agree(
            gradient(student.attention_backward(dout, *args, weights), index),
            reference.attention_backward(dout, *args, weights)[index],
            loss=lambda at: float(np.sum(dout * reference.attention(*args[:index], at, *args[index + 1 :])[0])),
            at=args[index],
            names=(GRADIENTS[index],),
            batch=3,
            factors={"√d": np.sqrt(5.0), "d": 5.0},
        )
