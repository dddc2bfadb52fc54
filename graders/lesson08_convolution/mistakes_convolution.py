"""Wrong implementations of convolution.py, as students write them."""

import math

import numpy as np
from convolution import conv2d_backward, conv2d_forward, conv_output_shape
from nnedu.checking import mistake


def _refuse(h, w, kh, kw, padding):
    if kh > h + 2 * padding or kw > w + 2 * padding:
        message = "the kernel does not fit"
        raise ValueError(message)


@mistake(
    "conv_output_shape",
    "the rows of the kernel are used for its columns too",
    hints=(
        "What does your function give for a kernel of 3 x 2 pixels, and what for one of 3 x 3?",
        "ho depends on h and kh alone, wo on w and kw alone.",
        "Look at the second of the two numbers: which side of the kernel does it subtract?",
    ),
)
def takes_square_kernels(h, w, kh, kw, stride=1, padding=0):
    _refuse(h, w, kh, kw, padding)
    return (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kh) // stride + 1


@mistake(
    "conv_output_shape",
    "the sizes are floats, from a division that is not rounded",
    hints=(
        "Which type do your two results have? Can an image have 4.5 rows?",
        "ho counts positions, so it is an int: a last window that would not fit is left out.",
        "Python has a second division, which rounds down and keeps ints.",
    ),
)
def divides_without_rounding(h, w, kh, kw, stride=1, padding=0):
    _refuse(h, w, kh, kw, padding)
    return (h + 2 * padding - kh) / stride + 1, (w + 2 * padding - kw) / stride + 1


@mistake(
    "conv_output_shape",
    "the quotient is rounded to the nearest int instead of down",
    hints=(
        "An image of 6 pixels, a kernel of 1, a stride of 3: where does each window start?",
        "A window that does not fit as a whole does not count, however little is missing.",
        "Round down, which is what the other division of Python does.",
    ),
)
def rounds_to_the_nearest(h, w, kh, kw, stride=1, padding=0):
    _refuse(h, w, kh, kw, padding)
    return round((h + 2 * padding - kh) / stride) + 1, round((w + 2 * padding - kw) / stride) + 1


@mistake(
    "conv_output_shape",
    "the quotient is rounded up, so that windows count that do not fit",
    hints=(
        "An image of 6 pixels, a kernel of 2, a stride of 3: where would your last window end?",
        "Only windows that lie on the padded image as a whole count.",
        "Round down instead of up.",
    ),
)
def rounds_up(h, w, kh, kw, stride=1, padding=0):
    _refuse(h, w, kh, kw, padding)
    return math.ceil((h + 2 * padding - kh) / stride) + 1, math.ceil((w + 2 * padding - kw) / stride) + 1


@mistake(
    "conv_output_shape",
    "the padding is counted once instead of at both edges",
    hints=(
        "An image of 5 rows gets one row of zeros above and one below. How many rows has it now?",
        "Padding p stands at each of the four edges, so h and w grow by 2p each.",
        "Count the padding twice in both directions.",
    ),
)
def pads_one_edge(h, w, kh, kw, stride=1, padding=0):
    if kh > h + padding or kw > w + padding:
        message = "the kernel does not fit"
        raise ValueError(message)
    return (h + padding - kh) // stride + 1, (w + padding - kw) // stride + 1


@mistake(
    "conv_output_shape",
    "sizes of 0 or less are returned where the kernel does not fit",
    hints=(
        "What does your function give for an image of 2 x 2 and a kernel of 3 x 3?",
        "A kernel of kh x kw fits where kh <= h + 2p and kw <= w + 2p. Where it does not, there is no result.",
        "Raise a ValueError when one of the two kernel sides is longer than the padded image.",
    ),
)
def returns_negative_sizes(h, w, kh, kw, stride=1, padding=0):
    return (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1


@mistake(
    "conv_output_shape",
    "the last position is not counted",
    hints=(
        "How many positions has a kernel of 3 pixels on an image of 3 pixels?",
        "From the first position the kernel can move on (h + 2p - kh) // stride times: how many positions are that?",
        "Count the position where the kernel starts, too.",
    ),
)
def forgets_the_first_position(h, w, kh, kw, stride=1, padding=0):
    _refuse(h, w, kh, kw, padding)
    return (h + 2 * padding - kh) // stride, (w + 2 * padding - kw) // stride


@mistake(
    "conv_output_shape",
    "a kernel that is larger than the image is refused, although padding makes room for it",
    hints=(
        "Does a kernel of 4 x 4 fit on an image of 2 x 2 with a padding of 1?",
        "The kernel has to fit on the padded image, (h + 2p) x (w + 2p).",
        "Take the padding into account before you decide whether to raise.",
    ),
)
def refuses_what_padding_allows(h, w, kh, kw, stride=1, padding=0):
    _refuse(h, w, kh, kw, 0)
    return conv_output_shape(h, w, kh, kw, stride, padding)


def _forward(Xp, W, b, shape, stride, start=None):
    """Slide the filters over images that are padded already; windows start at multiples of `start`."""
    start = start or stride
    ho, wo = shape
    out = np.empty((len(Xp), len(W), ho, wo))
    for r, t in np.ndindex(ho, wo):
        window = Xp[:, :, r * start : r * start + W.shape[2], t * start : t * start + W.shape[3]]
        out[:, :, r, t] = np.tensordot(window, W, axes=([1, 2, 3], [1, 2, 3])) + b
    return out


def _zeros_around(X, padding):
    return np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))


def _shape(X, W, stride, padding):
    if X.shape[1] != W.shape[1]:
        message = "the channels differ"
        raise ValueError(message)
    return conv_output_shape(*X.shape[2:], *W.shape[2:], stride, padding)


@mistake(
    "conv2d_forward",
    "the kernel is turned round before it is laid on the image, as in the convolution of mathematics",
    hints=(
        "A symmetric kernel hides it. What comes out for the kernel [[1, 0], [0, 0]]?",
        "out[s, f, r, t] takes W[f, c, i, j] with the pixel i rows below and j columns right of the window's corner.",
        "Leave the kernel as it is, and look for what reverses it: [::-1], np.flip, or scipy's habit.",
    ),
)
def flips_the_kernel(X, W, b, stride=1, padding=0):
    return conv2d_forward(X, W[:, :, ::-1, ::-1], b, stride, padding)


@mistake(
    "conv2d_forward",
    "the bias is added to every product, and so C · kh · kw times",
    hints=(
        "What comes out where all weights are 0?",
        "b (F,) stands before the sum over c, i, j, and not inside it.",
        "Add the bias once for each number of the output.",
    ),
)
def adds_the_bias_inside(X, W, b, stride=1, padding=0):
    return conv2d_forward(X, W, b * W[0].size, stride, padding)


@mistake(
    "conv2d_forward",
    "the bias is left out",
    hints=(
        "What comes out where all weights are 0?",
        "Each filter f has one number b[f] of its own, which is part of all of out[:, f].",
        "Add b, with two axes of length 1 behind it, so that it lines up with the filters.",
    ),
)
def leaves_out_the_bias(X, W, b, stride=1, padding=0):
    return conv2d_forward(X, W, 0.0 * b, stride, padding)


@mistake(
    "conv2d_forward",
    "the output has the right size for the stride, but the windows move by one pixel only",
    hints=(
        "With a stride of 2, which pixel is the first of the window for out[..., 0, 1]?",
        "The window of out[s, f, r, t] starts in row r · stride and column t · stride of the padded image.",
        "The stride belongs to where a window starts, too.",
    ),
)
def forgets_the_stride_of_windows(X, W, b, stride=1, padding=0):
    return _forward(_zeros_around(X, padding), W, b, _shape(X, W, stride, padding), stride, start=1)


@mistake(
    "conv2d_forward",
    "the border is a copy of the edge pixels instead of zeros",
    hints=(
        "Print the corner of your padded image. What stands there?",
        "The `padding` rows and columns at each edge of h and w are zeros.",
        "np.pad has a mode; the one that is wanted here is its default.",
    ),
)
def repeats_the_edge(X, W, b, stride=1, padding=0):
    p = padding
    return conv2d_forward(np.pad(X, ((0, 0), (0, 0), (p, p), (p, p)), mode="edge"), W, b, stride)


@mistake(
    "conv2d_forward",
    "the zeros are put above and below the images only",
    hints=(
        "Print the shape of your padded images. Which of its numbers have grown?",
        "X (m, C, h, w) becomes (m, C, h + 2p, w + 2p): both last axes grow.",
        "Pad the last axis as you pad the one before it.",
    ),
)
def pads_rows_only(X, W, b, stride=1, padding=0):
    return conv2d_forward(np.pad(X, ((0, 0), (0, 0), (padding, padding), (0, 0))), W, b, stride)


@mistake(
    "conv2d_forward",
    "the zeros are put at one edge of each axis only",
    hints=(
        "Print your padded image of 2 x 2 pixels. Is there a row of zeros above it as well as below it?",
        "X (m, C, h, w) becomes (m, C, h + 2p, w + 2p), with the image in the middle.",
        "Each axis that is padded takes a pair, of what comes before and of what comes after.",
    ),
)
def pads_one_side(X, W, b, stride=1, padding=0):
    return conv2d_forward(np.pad(X, ((0, 0), (0, 0), (padding, 0), (padding, 0))), W, b, stride)


@mistake(
    "conv2d_forward",
    "the samples and the channels are padded as well as the pixels",
    hints=(
        "Print the shape of your padded images. How many samples and channels do they have?",
        "X (m, C, h, w) becomes (m, C, h + 2p, w + 2p): m and C stay.",
        "np.pad takes a pair for each of the four axes; the first two have nothing to add.",
    ),
)
def pads_every_axis(X, W, b, stride=1, padding=0):
    return conv2d_forward(np.pad(X, padding), W, b, stride)


@mistake(
    "conv2d_forward",
    "only the first channel is looked at",
    hints=(
        "Change a pixel of the last channel. Does your output change?",
        "A filter W[f] is (C, kh, kw): it has a kernel for each channel, and one number comes of all of them.",
        "The sum runs over c as well as over i and j.",
    ),
)
def sees_the_first_channel(X, W, b, stride=1, padding=0):
    shape = _shape(X, W, stride, padding)
    return _forward(_zeros_around(X, padding)[:, :1], W[:, :1], b, shape, stride)


@mistake(
    "conv2d_forward",
    "a filter with a single channel is spread over all channels of the image",
    hints=(
        "What does your function make of images with 3 channels and filters (4, 1, 2, 2)?",
        "In `window * W[f]` numpy stretches an axis of length 1, so (1, kh, kw) fits on any (C, kh, kw), silently.",
        "Compare the two numbers of channels first, and raise a ValueError where they differ.",
    ),
)
def spreads_one_channel(X, W, b, stride=1, padding=0):
    Xp = _zeros_around(X, padding)
    ho, wo = conv_output_shape(*X.shape[2:], *W.shape[2:], stride, padding)
    out = np.empty((len(X), len(W), ho, wo))
    for f, r, t in np.ndindex(len(W), ho, wo):
        window = Xp[:, :, r * stride : r * stride + W.shape[2], t * stride : t * stride + W.shape[3]]
        out[:, f, r, t] = np.sum(window * W[f], axis=(1, 2, 3)) + b[f]
    return out


@mistake(
    "conv2d_forward",
    "an empty array is returned where the kernel is too large for the image",
    hints=(
        "What does your function return for an image of 5 rows and a kernel of 6?",
        "Where kh > h + 2p or kw > w + 2p there is no window at all, and no output (m, F, ho, wo).",
        "Raise a ValueError, which conv_output_shape can do for you.",
    ),
)
def returns_nothing_for_large_kernels(X, W, b, stride=1, padding=0):
    ho = (X.shape[2] + 2 * padding - W.shape[2]) // stride + 1
    wo = (X.shape[3] + 2 * padding - W.shape[3]) // stride + 1
    if min(ho, wo) < 1:
        return np.zeros((len(X), len(W), max(ho, 0), max(wo, 0)))
    return conv2d_forward(X, W, b, stride, padding)


@mistake(
    "conv2d_forward",
    "the output is made as wide as it is high",
    hints=(
        "What is the shape of your output for an image of 6 x 9 pixels?",
        "out is (m, F, ho, wo), where ho follows from h and kh, and wo from w and kw.",
        "Compute both numbers, and use the second one for the columns.",
    ),
)
def makes_the_output_square(X, W, b, stride=1, padding=0):
    out = conv2d_forward(X, W, b, stride, padding)
    ho = out.shape[2]
    if out.shape[3] < ho:
        out = np.pad(out, ((0, 0), (0, 0), (0, 0), (0, ho - out.shape[3])))
    return out[:, :, :, :ho].copy()


def _case(X, W, stride, padding):
    """The padded images, and the rows and columns that place i, j of the kernel meets."""
    ho, wo = conv_output_shape(*X.shape[2:], *W.shape[2:], stride, padding)
    places = [
        (i, j, (slice(None), slice(None), slice(i, i + stride * ho, stride), slice(j, j + stride * wo, stride)))
        for i, j in np.ndindex(*W.shape[2:])
    ]
    return _zeros_around(X, padding), places


def _padded_dX(dout, X, W, stride=1, padding=0):
    """The gradient with respect to the padded images."""
    Xp, places = _case(X, W, stride, padding)
    dXp = np.zeros(Xp.shape)
    for i, j, where in places:
        dXp[where] += np.tensordot(dout, W[:, :, i, j], axes=(1, 0)).transpose(0, 3, 1, 2)
    return dXp


@mistake(
    "conv2d_backward",
    "what a window says of a pixel replaces what the windows before it said",
    hints=(
        "Which windows does a pixel in the middle of the image belong to, with a kernel of 3 x 3 and stride 1?",
        "dXp[s, c, r · stride + i, t · stride + j] grows with each window r, t that holds the pixel.",
        "Gradients from different paths add. Look at the kind of assignment in the loop over windows.",
    ),
)
def overwrites_the_overlap(dout, X, W, stride=1, padding=0):
    dXp = np.zeros(_zeros_around(X, padding).shape)
    for r, t in np.ndindex(*dout.shape[2:]):
        share = np.tensordot(dout[:, :, r, t], W, axes=(1, 0))
        dXp[:, :, r * stride : r * stride + W.shape[2], t * stride : t * stride + W.shape[3]] = share
    h, w = X.shape[2:]
    _, dW, db = conv2d_backward(dout, X, W, stride, padding)
    return dXp[:, :, padding : padding + h, padding : padding + w], dW, db


@mistake(
    "conv2d_backward",
    "the padding is cut off from p to -p, which leaves nothing where p is 0",
    hints=(
        "Your dX has a surprising shape for one of our padding values. Which one?",
        "Look at the slice that removes the padding. What does a[0:-0] contain?",
        "Slice by length: from p to p + h, so that p = 0 keeps everything.",
    ),
)
def cuts_from_p_to_minus_p(dout, X, W, stride=1, padding=0):
    _, dW, db = conv2d_backward(dout, X, W, stride, padding)
    return _padded_dX(dout, X, W, stride, padding)[:, :, padding:-padding, padding:-padding], dW, db


@mistake(
    "conv2d_backward",
    "one row and column is cut off at each edge, whatever the padding is",
    hints=(
        "What is the shape of your dX where the padding is 2, and where it is 0?",
        "dXp is (m, C, h + 2p, w + 2p), and dX is the (m, C, h, w) in its middle.",
        "The 1 in your slice is the padding of one example. Take the argument.",
    ),
)
def cuts_off_one_pixel(dout, X, W, stride=1, padding=0):
    _, dW, db = conv2d_backward(dout, X, W, stride, padding)
    return _padded_dX(dout, X, W, stride, padding)[:, :, 1:-1, 1:-1], dW, db


@mistake(
    "conv2d_backward",
    "dX still has its padding",
    hints=(
        "Compare the shape of X with that of your dX where the padding is 1.",
        "A gradient has the shape of its variable. X is (m, C, h, w), the padded images are (m, C, h + 2p, w + 2p).",
        "Cut the zeros' share off at each edge before you return.",
    ),
)
def keeps_the_padding(dout, X, W, stride=1, padding=0):
    _, dW, db = conv2d_backward(dout, X, W, stride, padding)
    return _padded_dX(dout, X, W, stride, padding), dW, db


@mistake(
    "conv2d_backward",
    "db is a mean over samples and windows instead of a sum",
    hints=(
        "Who divides by m in this course: the loss, or every layer?",
        "db (F,) collects what all entries of dout (m, F, ho, wo) say of their filter.",
        "Add up over all axes but that of the filters, without dividing.",
    ),
)
def averages_db(dout, X, W, stride=1, padding=0):
    dX, dW, _ = conv2d_backward(dout, X, W, stride, padding)
    return dX, dW, dout.mean(axis=(0, 2, 3))


@mistake(
    "conv2d_backward",
    "dW and db are divided by the batch size",
    hints=(
        "Who divides by m in this course: the loss, or every layer?",
        "dout (m, F, ho, wo) belongs to the mean loss already; dW (F, C, kh, kw) adds up what the samples say.",
        "Take the division by m out; it has been done once, in the gradient of the loss.",
    ),
)
def divides_by_m(dout, X, W, stride=1, padding=0):
    dX, dW, db = conv2d_backward(dout, X, W, stride, padding)
    return dX, dW / len(X), db / len(X)


@mistake(
    "conv2d_backward",
    "dW is divided by the batch size, while db is not",
    hints=(
        "dW is too small by a factor. Which one, and does it change with the number of images?",
        "dout (m, F, ho, wo) belongs to the mean loss already; dW (F, C, kh, kw) adds up what the samples say.",
        "The same rule for dW as for db: a sum over the samples, and no division.",
    ),
)
def divides_dW_by_m(dout, X, W, stride=1, padding=0):
    dX, dW, db = conv2d_backward(dout, X, W, stride, padding)
    return dX, dW / len(X), db


@mistake(
    "conv2d_backward",
    "the kernel is turned round when dout is put back onto the image",
    hints=(
        "One window, one filter: out = Σ W[i, j] · x[i, j]. What is the derivative with respect to x[0, 0]?",
        "dXp of the pixel at i, j of a window grows by dout · W[f, c, i, j]: the same places as forward.",
        (
            "In books dX is a convolution of dout with the reversed kernel. Where you put each window's share back "
            "yourself, nothing is reversed."
        ),
    ),
)
def flips_the_kernel_backward(dout, X, W, stride=1, padding=0):
    dX, _, _ = conv2d_backward(dout, X, W[:, :, ::-1, ::-1], stride, padding)
    return dX, *conv2d_backward(dout, X, W, stride, padding)[1:]


@mistake(
    "conv2d_backward",
    "the windows are taken one pixel apart, whatever the stride is",
    hints=(
        "Your gradients are right where the stride is 1. Where does the window of dout[..., 0, 1] start for stride 2?",
        "The window of dout[s, f, r, t] starts in row r · stride and column t · stride, forward and backward.",
        "Multiply the index of the window by the stride where you cut it out of the image, for dX and for dW.",
    ),
)
def forgets_the_stride_backward(dout, X, W, stride=1, padding=0):
    Xp = _zeros_around(X, padding)
    dXp, dW = np.zeros(Xp.shape), np.zeros(W.shape)
    for r, t in np.ndindex(*dout.shape[2:]):
        where = (slice(None), slice(None), slice(r, r + W.shape[2]), slice(t, t + W.shape[3]))
        dXp[where] += np.tensordot(dout[:, :, r, t], W, axes=(1, 0))
        dW += np.tensordot(dout[:, :, r, t], Xp[where], axes=(0, 0))
    h, w = X.shape[2:]
    return dXp[:, :, padding : padding + h, padding : padding + w], dW, dout.sum(axis=(0, 2, 3))


@mistake(
    "conv2d_backward",
    "dW knows of the last window only",
    hints=(
        "How many windows does one weight meet? Whose share is in your dW?",
        "One W[f, c, i, j] is used at all ho · wo places of all m images: its gradient is a sum over all of them.",
        "Weights that are shared collect gradients. Look at the kind of assignment in the loop.",
    ),
)
def dW_of_the_last_window(dout, X, W, stride=1, padding=0):
    dX, _, db = conv2d_backward(dout, X, W, stride, padding)
    r, t = dout.shape[2] - 1, dout.shape[3] - 1
    window = _zeros_around(X, padding)[:, :, r * stride : r * stride + W.shape[2], t * stride : t * stride + W.shape[3]]
    return dX, np.tensordot(dout[:, :, r, t], window, axes=(0, 0)), db


@mistake(
    "conv2d_backward",
    "dW is made from the images without their padding",
    hints=(
        "dX is right, and dW is right without padding. Which image does your dW look at?",
        "W[f, c, i, j] met the pixels of Xp, (m, C, h + 2p, w + 2p), and not those of X.",
        "Cut the windows for dW out of the padded images, as in the forward pass.",
    ),
)
def dW_without_padding(dout, X, W, stride=1, padding=0):
    dX, _, db = conv2d_backward(dout, X, W, stride, padding)
    below = np.pad(X, ((0, 0), (0, 0), (0, 2 * padding), (0, 2 * padding)))
    return dX, conv2d_backward(dout, below, W, stride)[1], db


@mistake(
    "conv2d_backward",
    "db is summed over the samples only",
    hints=(
        "Compare the shape of b with that of your db.",
        "b[f] is part of all ho · wo numbers out[s, f] of each sample: db is (F,).",
        "Three of the four axes of dout disappear in the sum.",
    ),
)
def sums_samples_only(dout, X, W, stride=1, padding=0):
    dX, dW, _ = conv2d_backward(dout, X, W, stride, padding)
    return dX, dW, dout.sum(axis=0)


@mistake(
    "conv2d_backward",
    "dX is collected in the caller's own X",
    hints=(
        "Print X before and after the call, with padding 0. Is it the same?",
        "np.pad returns a new array, but `dX = X` only gives another name to the caller's (m, C, h, w).",
        "Collect dX in an array of zeros that is new.",
    ),
)
def collects_in_X(dout, X, W, stride=1, padding=0):
    dX, dW, db = conv2d_backward(dout, X, W, stride, padding)
    X *= 0.0
    X += dX
    return X, dW, db
