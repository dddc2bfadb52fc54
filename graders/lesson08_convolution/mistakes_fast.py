"""Wrong implementations of fast.py, as students write them."""

import numpy as np
from convolution import conv_output_shape
from nnedu.checking import mistake
from numpy.lib.stride_tricks import sliding_window_view


def _windows(X, W, stride, padding):
    """All windows, (m, C, ho, wo, kh, kw), once it is known that the channels agree and the kernel fits."""
    if X.shape[1] != W.shape[1]:
        message = "the channels differ"
        raise ValueError(message)
    conv_output_shape(*X.shape[2:], *W.shape[2:], stride, padding)
    Xp = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    return sliding_window_view(Xp, W.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]


def _product(windows, filters, b):
    """Rows times columns, put back into (m, F, ho, wo)."""
    m, C, ho, wo, kh, kw = windows.shape
    rows = windows.transpose(0, 2, 3, 1, 4, 5).reshape(m * ho * wo, C * kh * kw)
    return np.ascontiguousarray((rows @ filters + b).reshape(m, ho, wo, len(b)).transpose(0, 3, 1, 2))


@mistake(
    "conv2d_im2col",
    "the windows are reshaped into rows before their axes are in order, so that pixels of different windows mix",
    hints=(
        "Compare the first row of your matrix with the first window, pixel by pixel.",
        "windows (m, C, ho, wo, kh, kw) has to become (m, ho, wo, C, kh, kw), and then (m · ho · wo, C · kh · kw).",
        "reshape moves no pixel, it only sets new borders. Put the axes in order with a transpose first.",
    ),
)
def reshapes_without_transposing(X, W, b, stride=1, padding=0):
    windows = _windows(X, W, stride, padding)
    m, C, ho, wo, kh, kw = windows.shape
    out = windows.reshape(m * ho * wo, C * kh * kw) @ W.reshape(len(W), -1).T + b
    return out.reshape(m, ho, wo, len(W)).transpose(0, 3, 1, 2)


@mistake(
    "conv2d_im2col",
    "the entries of a filter stand in another order than the pixels of a window",
    hints=(
        "Take one window and one filter: does the product of your row and your column pair the right numbers?",
        "A row holds a window in the order C, kh, kw; a column has to hold its filter in the same order.",
        "Flatten W from (F, C, kh, kw) as it is; do not move its channels to the end.",
    ),
)
def puts_channels_last(X, W, b, stride=1, padding=0):
    return _product(_windows(X, W, stride, padding), W.transpose(2, 3, 1, 0).reshape(-1, len(W)), b)


@mistake(
    "conv2d_im2col",
    "the result is reshaped to (m, F, ho, wo) although its rows hold the filters last",
    hints=(
        "What do the F numbers in one row of your product belong to: one window, or one filter?",
        "The product is (m · ho · wo, F), that is (m, ho, wo, F) when it is unfolded; F has yet to come second.",
        "Unfold first, then move the last axis to its place.",
    ),
)
def reshapes_the_result(X, W, b, stride=1, padding=0):
    out = _product(_windows(X, W, stride, padding), W.reshape(len(W), -1).T, b)
    return out.transpose(0, 2, 3, 1).reshape(out.shape)


@mistake(
    "conv2d_im2col",
    "the channels stay last in the result",
    hints=(
        "Compare the shape of your result with (m, F, ho, wo).",
        "The product unfolds to (m, ho, wo, F), which is the order of other libraries; here F comes second.",
        "Move the last axis to the second place.",
    ),
)
def returns_channels_last(X, W, b, stride=1, padding=0):
    return _product(_windows(X, W, stride, padding), W.reshape(len(W), -1).T, b).transpose(0, 2, 3, 1)


@mistake(
    "conv2d_im2col",
    "a filter with a single channel is spread over all channels of the image",
    hints=(
        "What does your function make of images with 3 channels and filters (4, 1, 2, 2)?",
        "In `window * W[f]` numpy stretches an axis of length 1, so (1, kh, kw) fits on any (C, kh, kw), silently.",
        "Compare the two numbers of channels first, and raise a ValueError where they differ.",
    ),
)
def spreads_one_channel(X, W, b, stride=1, padding=0):
    # Loops over samples and pixels stay, which is too slow besides.
    ho, wo = conv_output_shape(*X.shape[2:], *W.shape[2:], stride, padding)
    Xp, out = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding))), np.empty((len(X), len(W), ho, wo))
    for s, r, t in np.ndindex(len(X), ho, wo):
        window = Xp[s, :, r * stride : r * stride + W.shape[2], t * stride : t * stride + W.shape[3]]
        out[s, :, r, t] = np.sum(window * W, axis=(1, 2, 3)) + b
    return out


@mistake(
    "conv2d_im2col",
    "the windows are one pixel apart, whatever the stride is",
    hints=(
        "How many windows do you have for a stride of 2, and where do they start?",
        "windows has shape (m, C, ho, wo, kh, kw), with one window at every multiple of the stride.",
        "A view of all windows can be thinned out by a slice with a step.",
    ),
)
def forgets_the_stride(X, W, b, stride=1, padding=0):
    ho, wo = conv_output_shape(*X.shape[2:], *W.shape[2:], stride, padding)
    return _product(_windows(X, W, 1, padding)[:, :, :ho, :wo], W.reshape(len(W), -1).T, b)


@mistake(
    "conv2d_im2col",
    "the bias is left out",
    hints=(
        "What comes out where all weights are 0?",
        "The product is (m · ho · wo, F), and b is (F,): it lines up with the last axis.",
        "Add b to the product before it is unfolded.",
    ),
)
def leaves_out_the_bias(X, W, b, stride=1, padding=0):
    return _product(_windows(X, W, stride, padding), W.reshape(len(W), -1).T, 0.0 * b)


@mistake(
    "conv2d_im2col",
    "the kernel is turned round before it is laid on the image",
    hints=(
        "A symmetric kernel hides it. What comes out for the kernel [[1, 0], [0, 0]]?",
        "Entry c, i, j of a row meets W[f, c, i, j]: no axis of the kernel is reversed.",
        "Leave the kernel as it is, and look for what reverses it: [::-1], np.flip, or scipy's habit.",
    ),
)
def flips_the_kernel(X, W, b, stride=1, padding=0):
    return _product(_windows(X, W, stride, padding), W[:, :, ::-1, ::-1].reshape(len(W), -1).T, b)
