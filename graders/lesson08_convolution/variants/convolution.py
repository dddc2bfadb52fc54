"""Right answers to convolution.py, written differently."""

import numpy as np
from convolution import conv_output_shape
from nnedu.checking import variant
from numpy.lib.stride_tricks import sliding_window_view


def _same_channels(X, W):
    if X.shape[1] != W.shape[1]:
        message = f"{X.shape[1]} channels, and filters for {W.shape[1]}"
        raise ValueError(message)


@variant("conv_output_shape", "counting the positions")
def counting(h, w, kh, kw, stride=1, padding=0):
    sizes = tuple(len(range(0, n + 2 * padding - k + 1, stride)) for n, k in ((h, kh), (w, kw)))
    if 0 in sizes:
        message = "no position at all"
        raise ValueError(message)
    return sizes


@variant("conv_output_shape", "with math.floor, and a loop over the two directions")
def with_floor(h, w, kh, kw, stride=1, padding=0):
    result = []
    for image, kernel in zip((h, w), (kh, kw), strict=True):
        room = image - kernel + 2 * padding
        if room < 0:
            raise ValueError(kernel)
        result.append(int(np.floor(room / stride)) + 1)
    return result[0], result[1]


@variant("conv_output_shape", "with numpy, so that the results are its ints")
def with_numpy(h, w, kh, kw, stride=1, padding=0):
    places = (np.array([h, w]) + 2 * padding - np.array([kh, kw]) + stride) // stride
    if np.any(places < 1):
        message = "too large"
        raise ValueError(message)
    return tuple(places)


@variant("conv2d_forward", "window by window")
def window_by_window(X, W, b, stride=1, padding=0):
    _same_channels(X, W)
    (m, C, h, w), (F, _, kh, kw) = X.shape, W.shape
    ho, wo = conv_output_shape(h, w, kh, kw, stride, padding)
    Xp = np.zeros((m, C, h + 2 * padding, w + 2 * padding))
    Xp[:, :, padding : padding + h, padding : padding + w] = X
    out = np.empty((m, F, ho, wo))
    for r in range(ho):
        for t in range(wo):
            window = Xp[:, :, r * stride : r * stride + kh, t * stride : t * stride + kw]
            out[:, :, r, t] = np.einsum("mcij,fcij->mf", window, W) + b
    return out


@variant("conv2d_forward", "with a view of all windows and tensordot")
def with_a_view(X, W, b, stride=1, padding=0):
    _same_channels(X, W)
    Xp = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(Xp, W.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return (np.tensordot(windows, W, axes=((1, 4, 5), (1, 2, 3))) + b).transpose(0, 3, 1, 2)


@variant("conv2d_forward", "with the Fourier transform of the images and of the kernels turned round")
def with_fourier(X, W, b, stride=1, padding=0):
    _same_channels(X, W)
    conv_output_shape(*X.shape[2:], *W.shape[2:], stride, padding)
    Xp = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    (kh, kw), (h, w) = W.shape[2:], Xp.shape[2:]
    size = (h + kh - 1, w + kw - 1)
    images, kernels = np.fft.rfft2(Xp, size), np.fft.rfft2(W[:, :, ::-1, ::-1], size)
    full = np.fft.irfft2(np.einsum("mchw,fchw->mfhw", images, kernels), size)
    return full[:, :, kh - 1 : h : stride, kw - 1 : w : stride] + b[None, :, None, None]


def _matrix(W, h, w, stride, padding):
    """The convolution of one image as a matrix: (F · ho · wo, C · h · w)."""
    F, C, kh, kw = W.shape
    ho, wo = conv_output_shape(h, w, kh, kw, stride, padding)
    table = np.zeros((F, ho, wo, C, h + 2 * padding, w + 2 * padding))
    for r in range(ho):
        for t in range(wo):
            table[:, r, t, :, r * stride : r * stride + kh, t * stride : t * stride + kw] = W
    inside = table[:, :, :, :, padding : padding + h, padding : padding + w]
    return inside.reshape(F * ho * wo, C * h * w)


@variant("conv2d_backward", "with the matrix of the convolution, transposed, and windows in reading order")
def with_a_matrix(dout, X, W, stride=1, padding=0):
    m, _, h, w = X.shape
    dX = (dout.reshape(m, -1) @ _matrix(W, h, w, stride, padding)).reshape(X.shape)
    Xp = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(Xp, W.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return dX, np.einsum("mfrt,mcrtij->fcij", dout, windows), np.einsum("mfrt->f", dout)


@variant("conv2d_backward", "sample by sample and window by window")
def window_by_window_backward(dout, X, W, stride=1, padding=0):
    (m, C, h, w), (F, _, kh, kw) = X.shape, W.shape
    Xp = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dXp, dW, db = np.zeros_like(Xp), np.zeros((F, C, kh, kw)), np.zeros(F)
    for s in range(m):
        for r in range(dout.shape[2]):
            for t in range(dout.shape[3]):
                rows, columns = slice(r * stride, r * stride + kh), slice(t * stride, t * stride + kw)
                for f in range(F):
                    g = dout[s, f, r, t]
                    dXp[s, :, rows, columns] += g * W[f]
                    dW[f] += g * Xp[s, :, rows, columns]
                    db[f] += g
    return dXp[:, :, padding : padding + h, padding : padding + w], dW, db


@variant("conv2d_backward", "as two convolutions, of dout with zeros put in between, and of X with dout")
def as_convolutions(dout, X, W, stride=1, padding=0):
    (m, _, h, w), (F, _, kh, kw) = X.shape, W.shape
    ho, wo = dout.shape[2:]
    spread = np.zeros((m, F, h + 2 * padding - kh + 1, w + 2 * padding - kw + 1))
    spread[:, :, : (ho - 1) * stride + 1 : stride, : (wo - 1) * stride + 1 : stride] = dout
    around = np.pad(spread, ((0, 0), (0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1)))
    windows = sliding_window_view(around, (kh, kw), axis=(2, 3))
    dXp = np.tensordot(windows, W[:, :, ::-1, ::-1], axes=((1, 4, 5), (0, 2, 3))).transpose(0, 3, 1, 2)
    Xp = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    pieces = sliding_window_view(Xp, spread.shape[2:], axis=(2, 3))
    dW = np.tensordot(spread, pieces, axes=((0, 2, 3), (0, 4, 5)))
    bottom, right = padding + h, padding + w
    return dXp[:, :, padding:bottom, padding:right], dW, np.sum(dout, axis=(3, 2, 0))
