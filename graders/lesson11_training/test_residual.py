"""Grader of residual.py: a block of two layers with a way past them, forward and backward."""

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

NAMES = ("W1", "b1", "W2", "b2")


def block(rng, m, d, h):
    """The input and the parameters of a random block."""
    return (
        rng.normal(size=(m, d)),
        rng.normal(size=(d, h)) / np.sqrt(d),
        rng.normal(size=h),
        rng.normal(size=(h, d)) / np.sqrt(h),
        rng.normal(size=d),
    )


def output(X, W1, b1, W2, b2):
    """The block's formula, for proofs by numerical derivatives."""
    return X + np.maximum(X @ W1 + b1, 0.0) @ W2 + b2


def forward(student, args):
    """What residual_forward returned, once it is known to be two values."""
    result = student.residual_forward(*args)
    form = isinstance(result, (tuple, list)) and len(result) == 2
    assert_that(form, "residual_forward should return two values, (out, cache).")
    return result


def backward(student, args, dout):
    """dX and the dict of gradients, from the student's own cache."""
    result = student.residual_backward(dout, forward(student, args)[1])
    form = isinstance(result, (tuple, list)) and len(result) == 2 and isinstance(result[1], dict)
    assert_that(form, "residual_backward should return two values, (dX, dict of gradients).")
    return result


@exercise("residual_forward")
class TestResidualForward:
    """a block that adds something to its input"""

    @points(1)
    def test_known_value(self, student, rng):
        """gives the worked example, and X + b2 where W2 is 0"""
        X, W1 = np.array([[1.0, -2.0]]), np.array([[2.0, 1.0], [1.0, 1.0]])
        out, _ = forward(
            student, (X, W1, np.array([0.5, -1.0]), np.array([[2.0, -1.0], [5.0, 5.0]]), np.array([0.0, 1.0]))
        )
        assert_close(out, np.array([[2.0, -1.5]]), name="out")
        X, W1, b1, W2, b2 = block(rng, 5, 4, 6)
        assert_close(forward(student, (X, W1, b1, 0.0 * W2, b2))[0], X + b2, name="out for W2 = 0", batch=5)

    @hidden
    @points(1)
    def test_random(self, student, reference, rng):
        """is right for 7 samples with 5 features and 4 hidden units, and leaves its arguments as they are"""
        args = block(rng, 7, 5, 4)
        reply = student.residual_forward.reply(*args)
        assert_that(not reply.changed, "residual_forward should change none of its arguments.")
        assert_that(isinstance(reply.value, (tuple, list)) and len(reply.value) == 2, "Two values, (out, cache).")
        assert_close(reply.value[0], reference.residual_forward(*args)[0], name="out", batch=7)
        one = block(rng, 1, 3, 1)
        assert_close(forward(student, one)[0], reference.residual_forward(*one)[0], name="out for one sample")


@exercise("residual_backward", after=["residual_forward"])
class TestResidualBackward:
    """the gradients of the block"""

    @points(1)
    def test_dX(self, student, reference, rng):
        """gives a dX that agrees with the numerical derivative of a random sum of out"""
        args, dout = block(rng, 7, 5, 4), rng.normal(size=(7, 5))
        assert_gradients_agree(
            backward(student, args, dout)[0],
            reference.residual_backward(dout, reference.residual_forward(*args)[1])[0],
            loss=lambda X: float(np.sum(dout * output(X, *args[1:]))),
            at=args[0],
            names=("dX",),
            batch=7,
        )

    @points(1)
    def test_parameters(self, student, reference, rng):
        """gives gradients of W1, b1, W2 and b2 that agree with numerical derivatives"""
        (X, *params), dout = block(rng, 6, 4, 5), rng.normal(size=(6, 4))
        assert_gradients_agree(
            backward(student, (X, *params), dout)[1],
            reference.residual_backward(dout, reference.residual_forward(X, *params)[1])[1],
            loss=lambda at: float(np.sum(dout * output(X, *(at[name] for name in NAMES)))),
            at=dict(zip(NAMES, params, strict=True)),
            batch=6,
        )

    @points(1)
    def test_thirty_blocks(self, student, rng):
        """carries a gradient back through 30 blocks with small weights, and through one with weights of 0 unchanged"""
        X, dout = rng.normal(size=(2, 4)), rng.normal(size=(2, 4))
        zeros = X, np.zeros((4, 3)), np.zeros(3), np.zeros((3, 4)), np.zeros(4)
        assert_close(backward(student, zeros, dout)[0], dout, name="dX for weights of 0", batch=2)
        sent, caches = float(np.linalg.norm(dout)), []
        for _ in range(30):
            params = 0.01 * rng.normal(size=(4, 3)), np.zeros(3), 0.01 * rng.normal(size=(3, 4)), np.zeros(4)
            X, cache = forward(student, (X, *params))
            X = assert_array(X, shape=(2, 4), name="out")
            caches.append(cache)
        for cache in reversed(caches):
            dout = assert_array(student.residual_backward(dout, cache)[0], shape=(2, 4), name="dX")
        share = float(np.linalg.norm(dout)) / sent
        assert_that(
            0.9 < share < 1.1, f"After 30 blocks the norm of dX should be near that of dout; it is {share:.2g} of it."
        )

    @hidden
    @points(1)
    def test_pure(self, student, reference, rng):
        """leaves dout and its cache as they are, and works for one sample"""
        for sizes in ((4, 4, 4), (1, 3, 5)):
            args = block(rng, *sizes)
            dout, cache = rng.normal(size=sizes[:2]), forward(student, args)[1]
            expected = reference.residual_backward(dout, reference.residual_forward(*args)[1])
            assert_pure(student.residual_backward, dout, cache, expected=expected, name=("dX", "grads"))
