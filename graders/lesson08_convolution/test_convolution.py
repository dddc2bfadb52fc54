"""Grader of convolution.py: the shape of a convolution, its forward pass and its gradients."""

import numpy as np
from nnedu.checking import (
    assert_array,
    assert_close,
    assert_gradients_agree,
    assert_pure,
    assert_raises,
    assert_that,
    exercise,
    hidden,
    points,
)

SHAPE = ("ho", "wo")
GRADIENTS = ("dX", "dW", "db")
# The worked example: one image of 3 x 4 pixels, one kernel of 2 x 2.
IMAGE = np.array([[[[1.0, 2.0, 0.0, 1.0], [0.0, 1.0, 3.0, 2.0], [2.0, 0.0, 1.0, 1.0]]]])
KERNEL = np.array([[[[1.0, 0.0], [2.0, -1.0]]]])


def layer(rng, X, W):
    """Images of the shape X, filters of the shape W, and a bias for each filter."""
    return rng.normal(size=X), rng.normal(size=W), rng.normal(size=W[0])


def backward_case(rng, X, W, out, **how):
    """What conv2d_backward is given, with images and filters of these shapes, and b."""
    images, filters, b = layer(rng, X, W)
    return (rng.normal(size=out), images, filters), b, how


def part(result, index):
    """One of the three gradients, once it is known that they are three."""
    assert_that(
        isinstance(result, (tuple, list)) and len(result) == 3,
        "The result should be three arrays, (dX, dW, db).",
    )
    return result[index]


def assert_gradient(student, reference, case, index):
    """Judge one of the gradients of a convolution by the numerical derivative of a random sum of its output."""
    (dout, X, W), b, how = case
    at = (X, W, b)

    def loss(moved):
        args = [moved if place == index else given for place, given in enumerate(at)]
        return float(np.sum(dout * reference.conv2d_forward(*args, **how)))

    assert_gradients_agree(
        part(student.conv2d_backward(dout, X, W, **how), index),
        reference.conv2d_backward(dout, X, W, **how)[index],
        loss=loss,
        at=at[index],
        names=(GRADIENTS[index],),
        batch=len(X),
        factors={"the number of filters": len(W), "the number of windows": dout[0, 0].size},
    )


@exercise("conv_output_shape")
class TestConvOutputShape:
    """how many positions a kernel has on an image"""

    @points(1)
    def test_lenet(self, student):
        """gives the sizes of LeNet-5, from an image of 32 x 32 down to one of 1 x 1"""
        layers = [(32, 32, 5, 5, 1), (28, 28, 2, 2, 2), (14, 14, 5, 5, 1), (10, 10, 2, 2, 2), (5, 5, 5, 5, 1)]
        for args, side in zip(layers, (28, 14, 10, 5, 1), strict=True):
            assert_close(student.conv_output_shape(*args), (side, side), name=SHAPE)

    @points(1)
    def test_known_values(self, student):
        """gives both sizes where images and kernels are no squares, with strides and padding"""
        known = [
            ((7, 4, 3, 2, 2, 1), (4, 3)),
            ((9, 12, 2, 5), (8, 8)),
            ((10, 8, 3, 3, 3, 2), (4, 4)),
            ((6, 11, 4, 1, 1, 2), (7, 15)),
            ((8, 5, 3, 2, 4, 0), (2, 1)),
        ]
        for args, expected in known:
            assert_close(student.conv_output_shape(*args), expected, name=SHAPE)

    @points(1)
    def test_no_room(self, student):
        """raises ValueError where the kernel does not fit, and only there: padding makes room, too"""
        for args in ((2, 9, 3, 3), (9, 2, 3, 3), (2, 2, 3, 3), (3, 9, 6, 3, 1, 1), (9, 3, 3, 8, 2, 2)):
            assert_raises("ValueError", student.conv_output_shape, *args)
        assert_close(student.conv_output_shape(2, 3, 4, 5, 1, 1), (1, 1), name=SHAPE)

    @hidden
    @points(1)
    def test_random(self, student, rng):
        """counts the positions right for 60 random images, kernels, strides and paddings"""
        calls, expected = [], []
        for _ in range(60):
            kh, kw, stride, padding = (int(n) for n in rng.integers((1, 1, 1, 0), (6, 6, 5, 4)))
            h, w = kh + int(rng.integers(0, 12)), kw + int(rng.integers(0, 12))
            calls.append((h, w, kh, kw, stride, padding))
            sides = ((h, kh), (w, kw))
            expected.append(tuple(len(range(-padding, side + padding - kernel + 1, stride)) for side, kernel in sides))
        for found, wanted in zip(student.call_many("conv_output_shape", calls), expected, strict=True):
            assert_close(found, wanted, name=SHAPE)


@exercise("conv2d_forward", after=["conv_output_shape"])
class TestConv2dForward:
    """cross-correlating images with filters"""

    @points(1)
    def test_sums(self, student):
        """adds up the nine pixels of each window and the bias, where the kernel is 3 x 3 ones"""
        X, W = np.arange(16.0).reshape(1, 1, 4, 4), np.ones((1, 1, 3, 3))
        expected = np.array([[[[46.0, 55.0], [82.0, 91.0]]]])
        assert_close(student.conv2d_forward(X, W, np.ones(1)), expected, name="out")

    @points(1)
    def test_known_value(self, student):
        """gives the numbers of the worked example"""
        expected = np.array([[[[0.5, 1.5, 4.5], [4.5, 0.5, 4.5]]]])
        assert_close(student.conv2d_forward(IMAGE, KERNEL, np.array([0.5])), expected, name="out")

    @points(3)
    def test_channels_and_filters(self, student, reference, rng):
        """adds up all channels for each filter, where neither images nor kernels are square"""
        for args in (layer(rng, (3, 4, 6, 9), (5, 4, 3, 2)), layer(rng, (2, 3, 8, 5), (4, 3, 2, 4))):
            assert_close(student.conv2d_forward(*args), reference.conv2d_forward(*args), name="out", batch=len(args[0]))

    @points(2)
    def test_stride(self, student, reference, rng):
        """moves on by the stride, also where the last windows do not reach the edge"""
        args = layer(rng, (3, 2, 8, 11), (4, 2, 3, 2))
        for stride in (2, 3):
            expected = reference.conv2d_forward(*args, stride=stride)
            assert_close(student.conv2d_forward(*args, stride=stride), expected, name="out", batch=3)

    @points(2)
    def test_padding(self, student, reference, rng):
        """puts zeros around each image, as many at each edge as padding says"""
        args = layer(rng, (3, 2, 5, 4), (4, 2, 3, 2))
        for padding in (1, 2):
            expected = reference.conv2d_forward(*args, padding=padding)
            assert_close(student.conv2d_forward(*args, padding=padding), expected, name="out", batch=3)

    @points(1)
    def test_moves_with_the_image(self, student, rng):
        """gives a result that moves along where the picture moves on its background of zeros"""
        picture, W, b = layer(rng, (2, 3, 4, 5), (4, 3, 3, 2))
        one, other = np.zeros((2, 3, 9, 12)), np.zeros((2, 3, 9, 12))
        one[:, :, 2:6, 2:7] = picture
        other[:, :, 3:7, 4:9] = picture
        here = assert_array(student.conv2d_forward(one, W, b), shape=(2, 4, 7, 11), name="out")
        there = assert_array(student.conv2d_forward(other, W, b), shape=(2, 4, 7, 11), name="out of the moved picture")
        assert_that(float(np.std(here[0, 0])) > 0.0, "out should not be the same everywhere.")
        assert_close(there[:, :, 1:, 2:], here[:, :, :-1, :-2], name="the part of out that has moved along")

    @points(1)
    def test_bias(self, student, rng):
        """gives the bias of each filter, once, wherever its weights are 0"""
        X, W, b = layer(rng, (2, 3, 5, 6), (4, 3, 2, 3))
        expected = np.tile(b[:, None, None], (2, 1, 4, 4))
        assert_close(student.conv2d_forward(X, 0.0 * W, b), expected, name="out", factors={"C · kh · kw": 18})

    @points(1)
    def test_refuses(self, student, rng):
        """raises ValueError for filters of another number of channels, be it one, and for a kernel that is too large"""
        X, _, b = layer(rng, (2, 3, 5, 6), (4, 3, 2, 2))
        for W in ((4, 1, 2, 2), (4, 2, 2, 2), (4, 5, 2, 2), (4, 3, 6, 2), (4, 3, 2, 7)):
            assert_raises("ValueError", student.conv2d_forward, X, rng.normal(size=W), b)

    @points(1)
    def test_pure(self, student, reference, rng):
        """leaves its arguments alone, and gives the same answer twice"""
        args = layer(rng, (2, 3, 5, 4), (4, 3, 2, 3))
        expected = reference.conv2d_forward(*args, padding=1)
        assert_pure(student.conv2d_forward, *args, padding=1, expected=expected, name="out")

    @hidden
    @points(1)
    def test_everything_at_once(self, student, reference, rng):
        """is right for a single image, and with stride and padding together"""
        cases = [
            ((1, 1, 5, 7), (1, 1, 2, 3), 1, 0),
            ((1, 3, 9, 6), (2, 3, 4, 1), 3, 2),
            ((4, 2, 6, 10), (3, 2, 3, 5), 2, 1),
            ((2, 5, 3, 4), (3, 5, 3, 4), 1, 0),
        ]
        for X, W, stride, padding in cases:
            args = layer(rng, X, W)
            expected = reference.conv2d_forward(*args, stride, padding)
            assert_close(student.conv2d_forward(*args, stride, padding), expected, name="out", batch=X[0])


@exercise("conv2d_backward", after=["conv2d_forward"])
class TestConv2dBackward:
    """the gradients of a convolution"""

    @points(1)
    def test_known_value(self, student):
        """gives the numbers of the worked example"""
        dout = np.array([[[[1.0, 3.0, 0.0], [0.0, 0.0, 2.0]]]])
        expected = (
            np.array([[[[1.0, 3.0, 0.0, 0.0], [2.0, 5.0, -1.0, 0.0], [0.0, 0.0, 4.0, -2.0]]]]),
            np.array([[[[13.0, 6.0], [5.0, 12.0]]]]),
            np.array([6.0]),
        )
        assert_close(student.conv2d_backward(dout, IMAGE, KERNEL), expected, name=GRADIENTS)

    @points(2)
    def test_dX(self, student, reference, rng):
        """gives a dX that agrees with the numerical derivative of a random sum of out, without padding"""
        assert_gradient(student, reference, backward_case(rng, (3, 2, 5, 6), (4, 2, 3, 2), (3, 4, 3, 5)), 0)

    @points(2)
    def test_dW(self, student, reference, rng):
        """gives a dW that agrees with the numerical derivative of a random sum of out, without padding"""
        assert_gradient(student, reference, backward_case(rng, (3, 2, 5, 6), (4, 2, 3, 2), (3, 4, 3, 5)), 1)

    @points(1)
    def test_db(self, student, reference, rng):
        """gives a db that agrees with the numerical derivative of a random sum of out"""
        assert_gradient(student, reference, backward_case(rng, (3, 2, 5, 6), (4, 2, 3, 2), (3, 4, 3, 5)), 2)

    @points(2)
    def test_padded_dX(self, student, reference, rng):
        """gives a dX of the images' own shape, where they were padded by 1 and by 2"""
        for padding, out in ((1, (3, 4, 5, 7)), (2, (3, 4, 7, 9))):
            case = backward_case(rng, (3, 2, 5, 6), (4, 2, 3, 2), out, padding=padding)
            assert_gradient(student, reference, case, 0)

    @points(1)
    def test_padded_dW(self, student, reference, rng):
        """gives a dW that takes the padding into account"""
        for padding, out in ((1, (3, 4, 5, 7)), (2, (3, 4, 7, 9))):
            case = backward_case(rng, (3, 2, 5, 6), (4, 2, 3, 2), out, padding=padding)
            assert_gradient(student, reference, case, 1)

    @points(3)
    def test_stride(self, student, reference, rng):
        """is right for strides 2 and 3, also where the last windows do not reach the edge"""
        for stride, padding, out in ((2, 1, (2, 3, 5, 4)), (3, 2, (2, 3, 4, 3)), (3, 0, (2, 3, 3, 2))):
            case = backward_case(rng, (2, 4, 9, 7), (3, 4, 2, 3), out, stride=stride, padding=padding)
            for index in range(2):
                assert_gradient(student, reference, case, index)

    @points(2)
    def test_adds_up(self, student, reference, rng):
        """gives dX and dW with Σ dX · X = Σ dW · W = Σ dout · out, where b is 0: out is linear in each of both"""
        (dout, X, W), b, how = backward_case(rng, (3, 2, 6, 5), (4, 2, 2, 3), (3, 4, 4, 3), stride=2, padding=1)
        result = student.conv2d_backward(dout, X, W, **how)
        whole = float(np.sum(dout * reference.conv2d_forward(X, W, 0.0 * b, **how)))
        for index, (name, of) in enumerate((("X", X), ("W", W))):
            gradient = assert_array(part(result, index), shape=of.shape, name=f"d{name}")
            assert_close(float(np.sum(gradient * of)), whole, name=f"Σ d{name} · {name}", rtol=1e-6, atol=1e-8)

    @points(1)
    def test_pure(self, student, reference, rng):
        """leaves its arguments alone, and gives the same answer twice"""
        args, _, how = backward_case(rng, (2, 3, 5, 4), (4, 3, 2, 3), (2, 4, 4, 2))
        expected = reference.conv2d_backward(*args, **how)
        assert_pure(student.conv2d_backward, *args, **how, expected=expected, name=GRADIENTS)

    @hidden
    @points(1)
    def test_everything_at_once(self, student, reference, rng):
        """is right for a single image, for one channel and one filter, and for a kernel as large as the image"""
        cases = [
            backward_case(rng, (1, 1, 4, 6), (1, 1, 3, 2), (1, 1, 2, 5)),
            backward_case(rng, (1, 3, 7, 4), (2, 3, 2, 4), (1, 2, 5, 3), stride=2, padding=2),
            backward_case(rng, (4, 2, 3, 5), (3, 2, 3, 5), (4, 3, 1, 1)),
        ]
        for (dout, X, W), _, how in cases:
            expected = reference.conv2d_backward(dout, X, W, **how)
            assert_close(student.conv2d_backward(dout, X, W, **how), expected, name=GRADIENTS, batch=len(X))
