"""Wrong implementations of pooling.py, as students write them."""

import numpy as np
from nnedu.checking import mistake
from pooling import maxpool2d_backward, maxpool2d_forward


def _sides(X, k, stride):
    return (X.shape[2] - k) // stride + 1, (X.shape[3] - k) // stride + 1


def _windows(X, k, stride):
    """Each window with its place in the output, and where it stands in the image."""
    for r, t in np.ndindex(*_sides(X, k, stride)):
        where = (slice(None), slice(None), slice(r * stride, r * stride + k), slice(t * stride, t * stride + k))
        yield r, t, where, X[where]


@mistake(
    "maxpool2d_forward",
    "the windows move by one pixel, whatever the stride is",
    hints=(
        "Which pixels are in the window of out[0, 0, 0, 1], for k = 2 and stride 2?",
        "The window of out[s, c, r, t] starts in row r · stride and column t · stride of the image.",
        "Multiply the index of the window by the stride where you cut it out.",
    ),
)
def forgets_the_stride(X, k=2, stride=2):
    ho, wo = _sides(X, k, stride)
    return maxpool2d_forward(X, k, 1)[:, :, :ho, :wo].copy()


@mistake(
    "maxpool2d_forward",
    "windows never overlap: they are k pixels apart, whatever the stride is",
    hints=(
        "What is the shape of your output for k = 3 and stride 1, on an image of 4 x 4?",
        "k is the size of a window, stride the way from one to the next: two numbers, and out is (m, C, ho, wo).",
        "Use stride where you decide on the number of windows and on where they start.",
    ),
)
def moves_by_k(X, k=2, stride=2):
    return maxpool2d_forward(X, k, k)


@mistake(
    "maxpool2d_forward",
    "the mean of each window is taken instead of its largest pixel",
    hints=(
        "What comes out for a window that holds 1, 2, 4 and 5?",
        "out[s, c, r, t] is one of the k · k pixels of its window, the largest.",
        "There are two sorts of pooling; this one takes the maximum.",
    ),
)
def takes_the_mean(X, k=2, stride=2):
    ho, wo = _sides(X, k, stride)
    out = np.empty((*X.shape[:2], ho, wo))
    for r, t, _, window in _windows(X, k, stride):
        out[:, :, r, t] = window.mean(axis=(2, 3))
    return out


@mistake(
    "maxpool2d_forward",
    "the largest pixel is looked for beginning with 0, so that no negative number comes out",
    hints=(
        "What comes out for a window of -3, -1, -4 and -2?",
        "Images may have pixels of both signs, and so may any layer before this one.",
        "Begin with a pixel of the window, or with minus infinity.",
    ),
)
def begins_with_zero(X, k=2, stride=2):
    return np.maximum(maxpool2d_forward(X, k, stride), 0.0)


@mistake(
    "maxpool2d_forward",
    "the output is made as wide as it is high",
    hints=(
        "What is the shape of your output for an image of 6 x 4 pixels?",
        "out is (m, C, ho, wo), where ho follows from h, and wo from w.",
        "Compute both numbers, and use the second one for the columns.",
    ),
)
def makes_the_output_square(X, k=2, stride=2):
    ho = _sides(X, k, stride)[0]
    return maxpool2d_forward(X, k, stride).reshape(*X.shape[:2], ho, ho)


@mistake(
    "maxpool2d_forward",
    "the largest pixel is taken over all channels",
    hints=(
        "How many channels has your output, if X has three?",
        "out (m, C, ho, wo) has the channels of X: each of them is pooled on its own.",
        "Take the maximum over the two axes of the window only.",
    ),
)
def mixes_the_channels(X, k=2, stride=2):
    out = maxpool2d_forward(X, k, stride)
    return np.broadcast_to(out.max(axis=1, keepdims=True), out.shape).copy()


@mistake(
    "maxpool2d_forward",
    "windows that reach beyond the edge count too",
    hints=(
        "How many rows has your output for an image of 5 rows, k = 2 and stride 2?",
        "Only windows count that lie on the image as a whole, so ho = (h - k) // stride + 1.",
        "Leave out the last window if some of its rows or columns are missing.",
    ),
)
def counts_partial_windows(X, k=2, stride=2):
    low, (h, w) = float(X.min()), X.shape[2:]
    below, right = -(h - k) % stride, -(w - k) % stride
    return maxpool2d_forward(np.pad(X, ((0, 0), (0, 0), (0, below), (0, right)), constant_values=low), k, stride)


@mistake(
    "maxpool2d_backward",
    "each of several pixels that are equally large gets all of what arrives",
    hints=(
        "Feed a window of equal numbers and add up your gradient.",
        "After ReLU many windows are all zeros; how much gradient leaves such a window?",
        "One unit of incoming gradient must leave exactly once: pick one maximum (argmax) or share it equally.",
    ),
)
def pays_every_maximum(dout, X, k=2, stride=2):
    dX = np.zeros(X.shape)
    for r, t, where, window in _windows(X, k, stride):
        dX[where] += (window == window.max(axis=(2, 3), keepdims=True)) * dout[:, :, r, t, None, None]
    return dX


def _of_window(dout, window, r, t):
    """What one window sends back: all to its first largest pixel."""
    return maxpool2d_backward(dout[:, :, r : r + 1, t : t + 1], window, window.shape[2], 1)


@mistake(
    "maxpool2d_backward",
    "what a window says of its pixels replaces what the windows before it said",
    hints=(
        "It works with stride = k. Try stride 2 with a window of 3 x 3.",
        "One pixel belongs to several windows; what happens to the earlier contribution?",
        "Gradients from different paths add.",
    ),
)
def overwrites_the_overlap(dout, X, k=2, stride=2):
    dX = np.zeros(X.shape)
    for r, t, where, window in _windows(X, k, stride):
        dX[where] = _of_window(dout, window, r, t)
    return dX


@mistake(
    "maxpool2d_backward",
    "a pixel that is the largest of several windows keeps what the last of them says",
    hints=(
        "One pixel can be the largest of several windows. Whose gradient does it get?",
        "dX (m, C, h, w) at that pixel is the sum over all windows that it wins.",
        "Add to what is there already. With an array of indices numpy adds once for an index that comes twice.",
    ),
)
def keeps_the_last_window(dout, X, k=2, stride=2):
    dX = np.zeros(X.shape)
    for r, t, where, window in _windows(X, k, stride):
        share = _of_window(dout, window, r, t)
        dX[where] = np.where(share != 0.0, share, dX[where])
    return dX


@mistake(
    "maxpool2d_backward",
    "the place of the largest pixel in its window is taken for its place in the image",
    hints=(
        "Which pixels of your dX are not 0? Are there any outside of the top left corner?",
        "argmax over a window gives 0 ... k · k - 1: a row and a column that count from the window's own corner.",
        "Add where the window starts, r · stride and t · stride, to the row and to the column.",
    ),
)
def forgets_the_offset(dout, X, k=2, stride=2):
    dX = np.zeros(X.shape)
    for r, t, _, window in _windows(X, k, stride):
        dX[:, :, :k, :k] += _of_window(dout, window, r, t)
    return dX


@mistake(
    "maxpool2d_backward",
    "what arrives is spread over all pixels of the window, as in average pooling",
    hints=(
        "Change a pixel that is not the largest a little. Does the output change?",
        "∂out/∂x is 1 for the largest of the k · k pixels of a window, and 0 for all others.",
        "Find the one that has won in the forward pass, and give it everything.",
    ),
)
def spreads_evenly(dout, X, k=2, stride=2):
    dX = np.zeros(X.shape)
    for r, t, where, _ in _windows(X, k, stride):
        dX[where] += dout[:, :, r, t, None, None] / k**2
    return dX


@mistake(
    "maxpool2d_backward",
    "images are taken for squares",
    hints=(
        "What does your function do with an image of 6 x 4 pixels?",
        "dout is (m, C, ho, wo): its two last numbers differ where h and w do.",
        "Take the rows from the one and the columns from the other, wherever you reshape or loop.",
    ),
)
def takes_square_images(dout, X, k=2, stride=2):
    ho = dout.shape[2]
    return maxpool2d_backward(dout.reshape(*X.shape[:2], ho, ho), X, k, stride)


@mistake(
    "maxpool2d_backward",
    "the largest pixel gets what arrives times its own value",
    hints=(
        "Double X. Does your dX double, too? Should it?",
        "out is the largest pixel itself, so ∂out/∂x is 1 there, whatever its value is.",
        "A mask of the place is enough; the pixel's value has no part in it.",
    ),
)
def multiplies_by_the_pixel(dout, X, k=2, stride=2):
    return maxpool2d_backward(dout, X, k, stride) * X


@mistake(
    "maxpool2d_backward",
    "the windows move by one pixel, whatever the stride is",
    hints=(
        "Which pixels can get something from dout[..., 0, 1], for k = 2 and stride 2?",
        "The window of dout[s, c, r, t] starts in row r · stride and column t · stride, forward and backward.",
        "Multiply the index of the window by the stride where you cut it out.",
    ),
)
def forgets_the_stride_backward(dout, X, k=2, stride=2):
    ho, wo = dout.shape[2:]
    dX = np.zeros(X.shape)
    part = X[:, :, : ho + k - 1, : wo + k - 1]
    dX[:, :, : ho + k - 1, : wo + k - 1] = maxpool2d_backward(dout, part, k, 1)
    return dX
