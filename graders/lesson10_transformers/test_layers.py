"""Grader of layers.py: layer normalisation and the feed-forward layer."""

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

GRADIENTS = ("dX", "dgamma", "dbeta")
# The worked example: one token has mean 3 and variance 4, the other one mean 8 and variance 4.
WORKED = np.array([[[1.0, 5.0], [10.0, 6.0]]]), np.array([3.0, 2.0]), np.array([0.5, 0.0])


def layer(rng, *shape):
    """Tokens whose means and spreads differ, gamma and beta."""
    D, front = shape[-1], (*shape[:-1], 1)
    X = rng.normal(size=shape) * rng.uniform(0.5, 3.0, size=front) + 4.0 * rng.normal(size=front)
    return X, rng.choice([-1.0, 1.0], size=D) * rng.uniform(0.5, 2.0, size=D), rng.normal(size=D)


def part(result, index):
    """out or the cache, once it is known that there are two."""
    two = isinstance(result, (tuple, list)) and len(result) == 2
    assert_that(two, "The result should be two values, (out, cache).")
    return result[index]


def gradient(result, index):
    """One of the three gradients, once it is known that they are three."""
    three = isinstance(result, (tuple, list)) and len(result) == 3
    assert_that(three, "The result should be three arrays, (dX, dgamma, dbeta).")
    return result[index]


def backward(player, dout, args, **kwargs):
    """What a player's backward makes of its own cache."""
    return player.layernorm_backward(dout, part(player.layernorm_forward(*args, **kwargs), 1))


@exercise("layernorm_forward")
class TestLayernormForward:
    """normalising every token"""

    @points(1)
    def test_known_value(self, student):
        """gives the numbers of the worked example"""
        expected = np.array([[[-2.5, 2.0], [3.5, -2.0]]])
        assert_close(part(student.layernorm_forward(*WORKED, eps=0.0), 0), expected, name="out")

    @points(1)
    def test_tokens(self, student, reference, rng):
        """is right for tokens (m, T, D), for tokens (m, D), and where m = T = D"""
        # Where eps stands is judged by another check.
        close = {"rtol": 1e-3, "atol": 1e-4}
        for shape in ((5, 4, 6), (7, 5), (4, 4, 4)):
            args = layer(rng, *shape)
            expected = reference.layernorm_forward(*args)[0]
            assert_close(part(student.layernorm_forward(*args), 0), expected, name="out", batch=shape[0], **close)

    @points(1)
    def test_eps(self, student, reference, rng):
        """adds eps to the variance, under the root"""
        X, gamma, beta = layer(rng, 3, 4, 5)
        # The default shows where the spread is tiny.
        for inputs, given in ((X, {"eps": 0.3}), (0.002 * X, {})):
            expected = reference.layernorm_forward(inputs, gamma, beta, **given)[0]
            assert_close(part(student.layernorm_forward(inputs, gamma, beta, **given), 0), expected, name="out")

    @hidden
    @points(1)
    def test_pure(self, student, reference, rng):
        """changes no argument, and gives beta for a token whose numbers are all the same"""
        X, gamma, beta = layer(rng, 3, 2, 5)
        X[1, 1] = 2.5
        reply = student.layernorm_forward.reply(X, gamma, beta)
        assert_close(part(reply.value, 0), reference.layernorm_forward(X, gamma, beta)[0], name="out")
        assert_that(not reply.changed, f"The caller's {', '.join(reply.changed)} should be what it was.")


@exercise("layernorm_backward", after=["layernorm_forward"])
class TestLayernormBackward:
    """the gradients of layer normalisation"""

    @points(2)
    def test_dX(self, student, reference, rng):
        """gives a dX that agrees with the numerical derivative of a random sum of out"""
        (X, gamma, beta), dout = layer(rng, 3, 4, 6), rng.normal(size=(3, 4, 6))
        assert_gradients_agree(
            gradient(backward(student, dout, (X, gamma, beta)), 0),
            backward(reference, dout, (X, gamma, beta))[0],
            loss=lambda at: float(np.sum(dout * reference.layernorm_forward(at, gamma, beta)[0])),
            at=X,
            names=("dX",),
            batch=3,
            factors={"D": 6},
        )

    @points(1)
    def test_parameters(self, student, reference, rng):
        """gives dgamma and dbeta that agree with the numerical derivative of a random sum of out"""
        for shape in ((3, 4, 6), (7, 5)):
            (X, *params), dout = layer(rng, *shape), rng.normal(size=shape)
            found, expected = backward(student, dout, (X, *params)), backward(reference, dout, (X, *params))
            assert_gradients_agree(
                (gradient(found, 1), gradient(found, 2)),
                expected[1:],
                loss=lambda at, X=X, dout=dout: float(np.sum(dout * reference.layernorm_forward(X, *at)[0])),
                at=tuple(params),
                names=("dgamma", "dbeta"),
                batch=shape[0],
                factors={"the number of tokens": int(np.prod(shape[:-1]))},
            )

    @hidden
    @points(1)
    def test_equal_sizes(self, student, reference, rng):
        """is right where m = T = D, changes no argument, and gives a dX that adds up to 0 for each token"""
        args, dout = layer(rng, 4, 4, 4), rng.normal(size=(4, 4, 4))
        cache = part(student.layernorm_forward(*args, eps=0.2), 1)
        expected = backward(reference, dout, args, eps=0.2)
        assert_pure(student.layernorm_backward, dout, cache, expected=expected, name=GRADIENTS, may_alias=True)
        dX = assert_array(gradient(backward(student, dout, args), 0), shape=(4, 4, 4), name="dX")
        worst = float(np.max(np.abs(dX.sum(axis=-1))))
        assert_that(worst < 1e-10, f"The numbers of dX should add up to 0 for each token; one adds up to {worst:.3g}.")


@exercise("ffn")
class TestFfn:
    """the feed-forward layer"""

    @points(1)
    def test_known_value(self, student, reference, rng):
        """gives the numbers of the worked example, and is right for random tokens"""
        W1, b1 = np.array([[1.0, 0.0, -2.0], [0.0, 2.0, 1.0]]), np.array([0.0, -1.0, 1.0])
        W2, b2 = np.array([[1.0, 2.0], [0.0, 1.0], [3.0, 0.0]]), np.array([0.5, -0.5])
        X = np.array([[[2.0, 1.0], [-1.0, 0.0]]])
        assert_close(student.ffn(X, W1, b1, W2, b2), np.array([[[2.5, 4.5], [9.5, -0.5]]]), name="the result")
        args = [rng.normal(size=shape) for shape in ((3, 4, 5), (5, 7), (7,), (7, 5), (5,))]
        assert_close(student.ffn(*args), reference.ffn(*args), name="the result", batch=3)

    @hidden
    @points(1)
    def test_other_shapes(self, student, reference, rng):
        """is right for a table of tokens and where all sizes are equal, and changes no argument"""
        for X, D, F in (((6, 3), 3, 8), ((4, 4, 4), 4, 4)):
            args = [rng.normal(size=shape) for shape in (X, (D, F), (F,), (F, D), (D,))]
            assert_pure(student.ffn, *args, expected=reference.ffn(*args), name="the result")
