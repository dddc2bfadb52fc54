"""Grader of fast.py: the same convolution, without a loop over the pixels."""

from time import perf_counter

import numpy as np
from nnedu.checking import assert_close, assert_pure, assert_raises, assert_that, exercise, hidden, points

BUDGET = 0.05  # seconds; the solution takes a tenth of it
HOPELESS = 10 * BUDGET
TRIES = 5
YARDSTICKS = 10  # a machine that is busy or slow may take so many times as long as the task of `yardstick`, instead


def layer(rng, X, W):
    """Images of the shape X, filters of the shape W, and a bias for each filter."""
    return rng.normal(size=X), rng.normal(size=W), rng.normal(size=W[0])


def sparks(rng, X, W):
    """Images that are black but for one pixel each, filters of 3 x 3, and what comes out: the filter, turned round."""
    (m, C, h, w), (F, *_) = X, W
    images, filters, b = np.zeros(X), rng.normal(size=W), rng.normal(size=F)
    out = np.tile(b[:, None, None], (m, 1, h - 2, w - 2))
    for s in range(m):
        c, row, column = rng.integers((0, 2, 2), (C, h - 2, w - 2))
        images[s, c, row, column] = 1.0
        out[s, :, row - 2 : row + 1, column - 2 : column + 1] += filters[:, c, ::-1, ::-1]
    return (images, filters, b), out


def yardstick():
    """Return the seconds that this machine takes just now for a task of about 3 ms."""
    rows, columns = np.ones((28_800, 27)), np.ones((27, 16))
    started = perf_counter()
    rows.copy() @ columns
    return perf_counter() - started


def assert_fast(student, args, expected):
    """Judge the value, and the shortest of a few times: a machine that is busy is seldom so all the time."""
    times, yards = [], []
    for _ in range(TRIES):
        yards.append(yardstick())
        reply = student.conv2d_im2col.reply(*args)
        assert_close(reply.value, expected, name="out")
        times.append(reply.seconds)
        if times[-1] > HOPELESS:
            break
    assert_that(
        min(times) <= max(BUDGET, YARDSTICKS * min(yards)),
        f"It should take {BUDGET} s at most; it takes {min(times):.2g} s. The result is right: where is there a Python "
        "loop that runs once for every pixel, sample or filter?",
    )


@exercise("conv2d_im2col", after=["conv_output_shape"])
class TestConv2dIm2col:
    """convolution as a product of two matrices"""

    @points(1)
    def test_known_value(self, student):
        """gives the numbers of the worked example"""
        X = np.array([[[[1.0, 2.0, 0.0, 1.0], [0.0, 1.0, 3.0, 2.0], [2.0, 0.0, 1.0, 1.0]]]])
        W, expected = np.array([[[[1.0, 0.0], [2.0, -1.0]]]]), np.array([[[[0.5, 1.5, 4.5], [4.5, 0.5, 4.5]]]])
        assert_close(student.conv2d_im2col(X, W, np.array([0.5])), expected, name="out")

    @points(2)
    def test_channels_and_filters(self, student, reference, rng):
        """agrees with conv2d_forward, where neither images nor kernels are square"""
        for args in (layer(rng, (3, 4, 6, 9), (5, 4, 3, 2)), layer(rng, (2, 3, 8, 5), (4, 3, 2, 4))):
            assert_close(student.conv2d_im2col(*args), reference.conv2d_im2col(*args), name="out", batch=len(args[0]))

    @points(2)
    def test_stride_and_padding(self, student, reference, rng):
        """agrees with conv2d_forward for strides and paddings"""
        args = layer(rng, (3, 2, 8, 6), (4, 2, 3, 2))
        for stride, padding in ((2, 0), (1, 1), (3, 2)):
            expected = reference.conv2d_im2col(*args, stride, padding)
            assert_close(student.conv2d_im2col(*args, stride, padding), expected, name="out", batch=3)

    @points(1)
    def test_refuses(self, student, rng):
        """raises ValueError for filters of another number of channels, be it one, and for a kernel that is too large"""
        X, _, b = layer(rng, (2, 3, 5, 6), (4, 3, 2, 2))
        for W in ((4, 1, 2, 2), (4, 2, 2, 2), (4, 5, 2, 2), (4, 3, 6, 2), (4, 3, 2, 7)):
            assert_raises("ValueError", student.conv2d_im2col, X, rng.normal(size=W), b)

    @points(1)
    def test_pure(self, student, reference, rng):
        """leaves its arguments alone, and gives the same answer twice"""
        args = layer(rng, (2, 3, 5, 4), (4, 3, 2, 3))
        expected = reference.conv2d_im2col(*args, padding=1)
        assert_pure(student.conv2d_im2col, *args, padding=1, expected=expected, name="out")

    @points(2)
    def test_large_image(self, student, rng):
        """takes at most 0.05 s for one image of 256 x 256 pixels"""
        args, expected = sparks(rng, (1, 1, 256, 256), (1, 1, 3, 3))
        assert_fast(student, args, expected)

    @hidden
    @points(1)
    def test_batch(self, student, rng):
        """takes at most 0.05 s for a batch of 32 coloured images of 32 x 32 pixels, with 16 filters"""
        args, expected = sparks(rng, (32, 3, 32, 32), (16, 3, 3, 3))
        assert_fast(student, args, expected)
