"""Grader of dropout.py: inverted dropout, forward and backward."""

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

MANY = (300, 200)


def parts(result, shape):
    """What dropout_forward returned in training, once its form is known to be right; the mask as floats."""
    assert_that(isinstance(result, (tuple, list)) and len(result) == 2, "The result should be two values, (out, mask).")
    out, mask = assert_array(result[0], shape=shape, name="out"), result[1]
    assert_that(
        type(mask) is np.ndarray and mask.shape == shape and mask.dtype.kind in "biuf",
        f"In training the mask should be an array of shape {shape}, of bools or of 0.0 and 1.0.",
    )
    mask = mask.astype(float)
    other = mask[(mask != 0.0) & (mask != 1.0)]
    assert_that(other.size == 0, f"The mask should say True or False (or 1 or 0); it holds {other[:1]}.")
    return out, mask


def output(result):
    """The array out for X = ones, whatever came with it: the mask is judged elsewhere."""
    return assert_array(result[0] if isinstance(result, (tuple, list)) and result else result, shape=MANY, name="out")


def away_from_zero(values):
    return values + 0.1 * np.sign(values)


@exercise("dropout_forward")
class TestDropoutForward:
    """inverted dropout, in training and in evaluation"""

    @points(1)
    def test_mean_is_kept(self, student, rng):
        """keeps the mean of 60,000 ones at 1, to 0.02"""
        mean = float(np.mean(output(student.dropout_forward(np.ones(MANY), 0.7, rng))))
        assert_that(abs(mean - 1.0) < 0.02, f"The mean of out should be 1, as that of X; found {mean:.4f}.")

    @points(1)
    def test_share_of_zeros(self, student, rng):
        """switches off a share 1 - keep_prob of the entries, to 0.01, and none for keep_prob = 1"""
        for keep_prob in (0.7, 0.2, 1.0):
            share = float(np.mean(output(student.dropout_forward(np.ones(MANY), keep_prob, rng)) == 0.0))
            assert_that(
                abs(share - (1.0 - keep_prob)) < (0.01 if keep_prob < 1.0 else 1e-12),
                f"For keep_prob = {keep_prob} a share of {1 - keep_prob:.1f} should be zero; found {share:.4f}.",
            )

    @points(1)
    def test_every_entry_for_itself(self, student, rng):
        """decides about every entry on its own: no two rows and no two columns go together"""
        kept = output(student.dropout_forward(np.ones(MANY), 0.7, rng)) != 0.0
        for axis, what in ((0, "column"), (1, "row")):
            shares = kept.mean(axis=axis)
            far = float(np.max(np.abs(shares - kept.mean())))
            # Six standard deviations of a share of 200 (or 300) independent entries.
            allowed = 6.0 * np.sqrt(0.21 / MANY[axis])
            assert_that(
                far < allowed,
                f"The share that is kept in one {what} is {far:.2f} off; independent entries stay closer.",
            )
            assert_that(
                float(np.std(shares)) > 0.5 * np.sqrt(0.21 / MANY[axis]),
                f"Every {what} keeps the same share; with independent entries that differs.",
            )

    @points(1)
    def test_kept_entries(self, student, rng):
        """returns X / keep_prob where its mask is True, and 0 elsewhere"""
        X = away_from_zero(rng.normal(size=(9, 7)))
        out, mask = parts(student.dropout_forward(X, 0.6, rng), X.shape)
        assert_that(0.0 < float(np.mean(mask)) < 1.0, "The mask should keep some entries and not others.")
        assert_close(out, X * mask * (5.0 / 3.0), name="out", factors={"keep_prob": 0.6, "1 - keep_prob": 0.4})

    @points(1)
    def test_evaluation(self, student, rng):
        """returns X and no mask in evaluation"""
        X = rng.normal(size=(7, 5))
        assert_close(student.dropout_forward(X, 0.6, rng, training=False), (X, None), name=("out", "mask"))

    @points(1)
    def test_chance_comes_from_rng(self, student):
        """draws from the generator that it is given: the same one, the same entries"""
        X = np.ones((8, 6))
        first, again, other = (
            parts(student.dropout_forward(X, 0.5, np.random.default_rng(seed)), X.shape)[0] for seed in (7, 7, 8)
        )
        assert_that(
            first.tolist() == again.tolist(),
            "Two generators in the same state should keep the same entries; found others. Do all draws come from rng?",
        )
        assert_that(first.tolist() != other.tolist(), "Another generator should keep other entries; found the same.")

    @points(1)
    def test_leaves_X_alone(self, student, rng):
        """never writes into X, and hands out no view of it in evaluation"""
        X = away_from_zero(rng.normal(size=(6, 4)))
        reply = student.dropout_forward.reply(X, 0.5, rng)
        out, _ = parts(reply.value, X.shape)
        assert_that(not reply.changed, "The caller's X is no longer what it was; build a new array.")
        assert_that(bool(np.any(out != 0.0)), "out should keep some entries of X.")
        assert_pure(student.dropout_forward, X, 0.5, rng, expected=(X, None), name=("out", "mask"), training=False)

    @hidden
    @points(1)
    def test_any_shape(self, student, rng):
        """works on three dimensions, of sizes 3, 5 and 4, and of a single row"""
        for shape in ((3, 5, 4), (1, 1, 40)):
            X = away_from_zero(rng.normal(size=shape))
            out, mask = parts(student.dropout_forward(X, 0.5, rng), shape)
            assert_that(0.0 < float(np.mean(mask)) < 1.0, "The mask should keep some entries and not others.")
            # Whether what is kept is scaled has been judged; here it is where the zeros are.
            assert_close((out != 0.0).astype(float), mask, name="what is left of X")


@exercise("dropout_backward", after=["dropout_forward"])
class TestDropoutBackward:
    """the gradient through the entries that were kept"""

    @points(1)
    def test_agrees_with_a_numerical_gradient(self, student, reference, rng):
        """agrees with the numerical derivative of a random sum of out, for a given mask"""
        X, dout, mask = rng.normal(size=(7, 5)), rng.normal(size=(7, 5)), rng.permutation(35).reshape(7, 5) < 21
        assert_gradients_agree(
            student.dropout_backward(dout, mask, 0.6),
            reference.dropout_backward(dout, mask, 0.6),
            loss=lambda at: float(np.sum(dout * np.where(mask, at / 0.6, 0.0))),
            at=X,
            names=("dX",),
            factors={"keep_prob": 0.6, "1 - keep_prob": 0.4},
        )

    @points(1)
    def test_undoes_its_own_forward(self, student, rng):
        """gives every entry of X the slope that it had in your own forward pass"""
        X, dout = away_from_zero(rng.normal(size=(6, 8))), rng.normal(size=(6, 8))
        result = student.dropout_forward(X, 0.8, rng)
        out, _ = parts(result, X.shape)
        dX = student.dropout_backward(dout, result[1], 0.8)
        assert_that(bool(np.any(out != 0.0)), "out should keep some entries of X.")
        assert_close(dX, dout * (out / X), name="dX", factors={"keep_prob": 0.8})

    @points(1)
    def test_evaluation(self, student, rng):
        """passes the gradient on unchanged where the mask is None"""
        dout = rng.normal(size=(7, 5))
        assert_close(student.dropout_backward(dout, None, 0.6), dout, name="dX")

    @hidden
    @points(1)
    def test_pure(self, student, reference, rng):
        """works on any shape, and leaves its arguments unchanged"""
        dout, mask = rng.normal(size=(3, 4, 2)), rng.permutation(24).reshape(3, 4, 2) < 9
        assert_pure(
            student.dropout_backward, dout, mask, 0.4, expected=reference.dropout_backward(dout, mask, 0.4), name="dX"
        )
