"""Grader of pooling.py: max pooling, and where its gradient goes."""

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

# The worked example.
IMAGE = np.array([[[[1.0, 3.0, 2.0, 0.0], [4.0, 2.0, 5.0, 1.0], [0.0, 6.0, 1.0, 2.0], [2.0, 1.0, 3.0, 7.0]]]])


def distinct(rng, *shape):
    """Pixels of both signs, no two of them closer than a tenth, so that every window has one largest pixel."""
    count = int(np.prod(shape))
    return 0.1 * rng.permutation(count).reshape(shape) - 0.05 * count


def assert_gradient(student, reference, case, k, stride):
    """Judge dX by the numerical derivative of a random sum of out."""
    dout, X = case
    assert_gradients_agree(
        student.maxpool2d_backward(dout, X, k, stride),
        reference.maxpool2d_backward(dout, X, k, stride),
        loss=lambda at: float(np.sum(dout * reference.maxpool2d_forward(at, k, stride))),
        at=X,
        names=("dX",),
        batch=len(X),
        factors={"the pixels of a window": k * k},
    )


def in_blocks(images, k):
    """The pixels of windows that do not overlap, window by window: (m, C, ho, wo, k · k)."""
    m, C, h, w = images.shape
    blocks = images.reshape(m, C, h // k, k, w // k, k).transpose(0, 1, 2, 4, 3, 5)
    return blocks.reshape(m, C, h // k, w // k, k * k)


@exercise("maxpool2d_forward")
class TestMaxpool2dForward:
    """the largest pixel of each window"""

    @points(1)
    def test_known_value(self, student):
        """gives the numbers of the worked example"""
        assert_close(student.maxpool2d_forward(IMAGE), np.array([[[[4.0, 5.0], [6.0, 7.0]]]]), name="out")
        overlapping = np.array([[[[6.0, 6.0], [6.0, 7.0]]]])
        assert_close(student.maxpool2d_forward(IMAGE, 3, 1), overlapping, name="out")

    @points(1)
    def test_windows(self, student, reference, rng):
        """is right for images that are no squares, window by window and channel by channel"""
        for shape, k, stride in (
            ((3, 2, 6, 4), 2, 2),
            ((2, 3, 6, 9), 3, 3),
            ((2, 3, 7, 9), 3, 2),
            ((2, 2, 5, 4), 2, 1),
        ):
            X = distinct(rng, *shape)
            expected = reference.maxpool2d_forward(X, k, stride)
            assert_close(student.maxpool2d_forward(X, k, stride), expected, name="out", batch=len(X))

    @points(1)
    def test_negative_pixels(self, student, reference, rng):
        """gives a negative number where all pixels of a window are negative"""
        X = -1.0 - np.abs(distinct(rng, 2, 3, 6, 4))
        assert_close(student.maxpool2d_forward(X), reference.maxpool2d_forward(X), name="out", batch=2)

    @points(1)
    def test_pure(self, student, reference, rng):
        """leaves X alone, and gives the same answer twice"""
        X = distinct(rng, 2, 3, 5, 7)
        assert_pure(student.maxpool2d_forward, X, 3, 2, expected=reference.maxpool2d_forward(X, 3, 2), name="out")

    @hidden
    @points(1)
    def test_what_is_left_over(self, student, reference, rng):
        """leaves out rows and columns that fill no window, and is right for a single image and a single window"""
        for shape, k, stride in (
            ((1, 1, 5, 7), 2, 2),
            ((2, 3, 8, 6), 3, 3),
            ((1, 2, 4, 4), 4, 4),
            ((2, 1, 9, 7), 2, 3),
        ):
            X = distinct(rng, *shape)
            expected = reference.maxpool2d_forward(X, k, stride)
            assert_close(student.maxpool2d_forward(X, k, stride), expected, name="out", batch=len(X))


@exercise("maxpool2d_backward", after=["maxpool2d_forward"])
class TestMaxpool2dBackward:
    """where the gradient of max pooling goes"""

    @points(1)
    def test_known_value(self, student):
        """gives the numbers of the worked example"""
        expected = np.zeros((1, 1, 4, 4))
        expected[0, 0, 2, 1], expected[0, 0, 3, 3] = 6.0, 4.0
        dout = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
        assert_close(student.maxpool2d_backward(dout, IMAGE, 3, 1), expected, name="dX")

    @points(1)
    def test_separate_windows(self, student, reference, rng):
        """gives a dX that agrees with the numerical derivative, where windows do not overlap"""
        for shape, out, k in (((3, 2, 6, 4), (3, 2, 3, 2), 2), ((2, 3, 6, 9), (2, 3, 2, 3), 3)):
            assert_gradient(student, reference, (rng.normal(size=out), distinct(rng, *shape)), k, k)

    @points(2)
    def test_overlapping_windows(self, student, reference, rng):
        """gives a dX that agrees with the numerical derivative, where windows overlap"""
        for shape, out, k, stride in (((2, 3, 7, 9), (2, 3, 3, 4), 3, 2), ((2, 2, 5, 6), (2, 2, 4, 5), 2, 1)):
            assert_gradient(student, reference, (rng.normal(size=out), distinct(rng, *shape)), k, stride)

    @points(1)
    def test_ties(self, student, rng):
        """lets what arrives for a window leave once, where several of its pixels are equally large"""
        # As after ReLU: many zeros, and windows that hold nothing else.
        X = np.maximum(rng.integers(-3, 3, size=(3, 2, 6, 8)), 0).astype(float)
        X[0, 0, :4, :4] = 0.0
        dout = rng.uniform(0.5, 2.0, size=(3, 2, 3, 4))
        dX = assert_array(student.maxpool2d_backward(dout, X), shape=X.shape, name="dX")
        pixels, shares = in_blocks(X, 2), in_blocks(dX, 2)
        lost = shares[pixels < pixels.max(axis=4, keepdims=True)]
        assert_that(bool(np.all(lost == 0.0)), "Pixels that are not the largest of their window should get nothing.")
        assert_close(shares.sum(axis=4), dout, name="the sums of dX over each window", factors={"k · k": 4})

    @points(1)
    def test_pure(self, student, reference, rng):
        """leaves its arguments alone, and gives the same answer twice"""
        dout, X = rng.normal(size=(2, 3, 2, 3)), distinct(rng, 2, 3, 5, 7)
        expected = reference.maxpool2d_backward(dout, X, 3, 2)
        assert_pure(student.maxpool2d_backward, dout, X, 3, 2, expected=expected, name="dX")

    @hidden
    @points(1)
    def test_what_is_left_over(self, student, reference, rng):
        """gives 0 to rows and columns that filled no window, and is right for a single image and a single window"""
        cases = [
            ((1, 1, 5, 7), (1, 1, 2, 3), 2, 2),
            ((2, 3, 8, 6), (2, 3, 3, 2), 3, 2),
            ((1, 2, 4, 4), (1, 2, 1, 1), 4, 4),
            ((2, 1, 9, 7), (2, 1, 3, 2), 2, 3),
        ]
        for shape, out, k, stride in cases:
            dout, X = rng.normal(size=out), distinct(rng, *shape)
            expected = reference.maxpool2d_backward(dout, X, k, stride)
            assert_close(student.maxpool2d_backward(dout, X, k, stride), expected, name="dX", batch=shape[0])
