"""Oracles of lesson 8: scipy's correlation and filters, matrices, automatic derivatives of PyTorch."""

import numpy as np
from oracle_registry import complex_step, oracle
from scipy.ndimage import maximum_filter
from scipy.signal import correlate

CASES = [  # images, filters, stride, padding
    ((3, 4, 6, 9), (5, 4, 3, 2), 1, 0),
    ((2, 3, 9, 7), (4, 3, 2, 3), 2, 1),
    ((2, 3, 8, 11), (4, 3, 3, 4), 3, 2),
    ((1, 1, 4, 5), (1, 1, 4, 5), 1, 0),
]
SMALL = [((2, 2, 4, 5), (2, 2, 3, 2), 1, 0), ((2, 1, 5, 4), (2, 1, 2, 3), 2, 1), ((1, 2, 6, 5), (1, 2, 2, 2), 3, 2)]
POOLS = [((3, 2, 6, 4), 2, 2), ((2, 3, 7, 9), 3, 2), ((2, 2, 5, 6), 2, 1), ((2, 1, 9, 7), 2, 3)]


def layer(rng, X, W):
    return rng.normal(size=X), rng.normal(size=W), rng.normal(size=W[0])


def correlated(X, W, b, stride, padding):
    """scipy's correlation of each image with each filter, over all channels at once, thinned out."""
    Xp = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    rows = [[correlate(image, kernel, "valid", "direct")[0] for kernel in W] for image in Xp]
    return np.array(rows)[:, :, ::stride, ::stride] + b[:, None, None]


@oracle(8, "conv_output_shape", "scipy.signal.correlate")
def _(lesson, rng):
    for _ in range(40):
        kh, kw, stride, padding = (int(n) for n in rng.integers((1, 1, 1, 0), (5, 5, 4, 3)))
        h, w = kh + int(rng.integers(0, 9)), kw + int(rng.integers(0, 9))
        image = np.zeros((h + 2 * padding, w + 2 * padding))
        found = correlate(image, np.zeros((kh, kw)), "valid", "direct")[::stride, ::stride]
        yield lesson.convolution.conv_output_shape(h, w, kh, kw, stride, padding), found.shape


@oracle(8, "conv2d_forward", "scipy.signal.correlate")
def _(lesson, rng):
    for X, W, stride, padding in CASES:
        args = layer(rng, X, W)
        yield lesson.convolution.conv2d_forward(*args, stride, padding), correlated(*args, stride, padding)


@oracle(8, "conv2d_im2col", "scipy.signal.correlate")
def _(lesson, rng):
    for X, W, stride, padding in CASES:
        args = layer(rng, X, W)
        yield lesson.fast.conv2d_im2col(*args, stride, padding), correlated(*args, stride, padding)


@oracle(8, "conv2d_backward", "complex step")
def _(lesson, rng):
    for X, W, stride, padding in SMALL:
        at = layer(rng, X, W)
        dout = rng.normal(size=correlated(*at, stride, padding).shape)

        def loss(moved, index, at=at, dout=dout, stride=stride, padding=padding):
            args = [moved if place == index else given for place, given in enumerate(at)]
            # scipy conjugates the second one.
            return np.sum(dout * correlated(args[0], np.conj(args[1]), args[2], stride, padding))

        wanted = tuple(complex_step(lambda moved, index=index: loss(moved, index), at[index]) for index in range(3))
        yield lesson.convolution.conv2d_backward(dout, *at[:2], stride, padding), wanted


def pooled(X, k, stride):
    """scipy's maximum filter, whose windows have their middle in each pixel, where all of a window is on the image."""
    rows, columns = (slice(k // 2, k // 2 + side - k + 1, stride) for side in X.shape[2:])
    return maximum_filter(X, (1, 1, k, k))[:, :, rows, columns]


@oracle(8, "maxpool2d_forward", "scipy.ndimage.maximum_filter")
def _(lesson, rng):
    for shape, k, stride in POOLS:
        X = rng.normal(size=shape)
        yield lesson.pooling.maxpool2d_forward(X, k, stride), pooled(X, k, stride)


@oracle(8, "maxpool2d_backward", "scipy.ndimage.maximum_filter")
def _(lesson, rng):
    for shape, k, stride in POOLS:
        X = rng.normal(size=shape)
        out = pooled(X, k, stride)
        dout = rng.normal(size=out.shape)
        # No two pixels are equal, so that a pixel is known by its value.
        wanted = np.zeros(shape)
        for s, c in np.ndindex(*shape[:2]):
            place = {value: np.argwhere(X[s, c] == value)[0] for value in np.unique(out[s, c])}
            for value, share in zip(out[s, c].ravel(), dout[s, c].ravel(), strict=True):
                wanted[s, c, *place[value]] += share
        yield lesson.pooling.maxpool2d_backward(dout, X, k, stride), wanted


def fixed(array):
    import torch

    return torch.tensor(array)


def leaf(array):
    return fixed(array).requires_grad_()


@oracle(8, "conv2d_forward", "torch")
def _(lesson, rng):
    from torch.nn.functional import conv2d

    for X, W, stride, padding in CASES:
        args = layer(rng, X, W)
        wanted = conv2d(*map(fixed, args), stride=stride, padding=padding).numpy()
        yield lesson.convolution.conv2d_forward(*args, stride, padding), wanted
        yield lesson.fast.conv2d_im2col(*args, stride, padding), wanted


@oracle(8, "conv2d_backward", "torch")
def _(lesson, rng):
    from torch.nn.functional import conv2d

    for X, W, stride, padding in CASES:
        at = layer(rng, X, W)
        leaves = [leaf(array) for array in at]
        out = conv2d(*leaves, stride=stride, padding=padding)
        dout = rng.normal(size=tuple(out.shape))
        (out * fixed(dout)).sum().backward()
        found = lesson.convolution.conv2d_backward(dout, *at[:2], stride, padding)
        yield found, tuple(tensor.grad.numpy() for tensor in leaves)


@oracle(8, "maxpool2d_backward", "torch")
def _(lesson, rng):
    from torch.nn.functional import max_pool2d

    for shape, k, stride in POOLS:
        X = rng.normal(size=shape)
        at = leaf(X)
        out = max_pool2d(at, k, stride)
        dout = rng.normal(size=tuple(out.shape))
        (out * fixed(dout)).sum().backward()
        yield lesson.pooling.maxpool2d_forward(X, k, stride), out.detach().numpy()
        yield lesson.pooling.maxpool2d_backward(dout, X, k, stride), at.grad.numpy()
