"""Convolution of images: the shape of the result, the forward pass, and the gradients.

Images are arrays (m, C, h, w): m samples, C channels, h rows and w columns of pixels. W (F, C, kh, kw) holds F filters,
each with a kernel of kh rows and kw columns for every channel, and b (F,) a bias for each filter.
"""

import numpy as np


def conv_output_shape(h: int, w: int, kh: int, kw: int, stride: int = 1, padding: int = 0) -> tuple[int, int]:
    """Return how many rows and columns a kernel's positions on an image have: (ho, wo).

    `padding` zeros are put at each of the four edges first, so that h grows by twice the padding. The kernel's first
    position is the top left corner, and from there it moves on by `stride` pixels, as long as all of it lies on the
    padded image. For rows (columns alike)

        ho = (h + 2 · padding - kh) / stride + 1,  the quotient rounded down

    Args:
        h: rows of the image.
        w: columns of the image.
        kh: rows of the kernel.
        kw: columns of the kernel.
        stride: pixels from one position to the next, 1 or more; the same down and across.
        padding: zeros at each edge, 0 or more.

    Returns:
        ho and wo, two ints.

    Raises:
        ValueError: the kernel does not fit on the padded image, in one direction or in both.

    Examples:
        >>> conv_output_shape(32, 32, 5, 5)
        (28, 28)
        >>> conv_output_shape(7, 4, 3, 2, stride=2, padding=1)
        (4, 3)

    Source: V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning", 2016, relationship 6.
    """
    raise NotImplementedError


def conv2d_forward(X: np.ndarray, W: np.ndarray, b: np.ndarray, stride: int = 1, padding: int = 0) -> np.ndarray:
    """Return the cross-correlation of images with filters, which networks call convolution.

    With Xp, the images with `padding` zeros at each of their four edges,

        out[s, f, r, t] = b[f] + Σ_c Σ_i Σ_j  W[f, c, i, j] · Xp[s, c, r · stride + i, t · stride + j]

    The kernel is laid on the image as it is, not turned round. All channels of a window add up to one number.

    Args:
        X: images, shape (m, C, h, w).
        W: filters, shape (F, C, kh, kw), with as many channels as the images.
        b: a bias for each filter, shape (F,).
        stride: pixels from one window to the next.
        padding: zeros at each edge.

    Returns:
        out, shape (m, F, ho, wo), with ho and wo from conv_output_shape. No argument is changed.

    Raises:
        ValueError: images and filters differ in their channels, also where a filter has just one; or the kernel does
            not fit on the padded image.

    Examples:
        >>> X = np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]])
        >>> conv2d_forward(X, np.array([[[[1.0, 0.0], [0.0, -10.0]]]]), np.array([100.0])).tolist()
        [[[[51.0, 42.0]]]]

    Source: Y. LeCun et al., "Gradient-based learning applied to document recognition", 1998, section II.
    """
    raise NotImplementedError


def conv2d_backward(
    dout: np.ndarray, X: np.ndarray, W: np.ndarray, stride: int = 1, padding: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of a convolution, given dout = ∂L/∂out.

    In the formula of conv2d_forward each pixel, weight and bias stands in many sums, and its gradient collects what
    each of them says. For every window (s, r, t), filter f and place c, i, j in it:

        dXp[s, c, r · stride + i, t · stride + j]  grows by  dout[s, f, r, t] · W[f, c, i, j]
        dW[f, c, i, j]                             grows by  dout[s, f, r, t] · Xp[s, c, r · stride + i, t · stride + j]
        db[f]                                      grows by  dout[s, f, r, t]

    dX is dXp without the padding. As in lesson 5, nothing is divided by m here.

    Args:
        dout: shape (m, F, ho, wo).
        X: the images of the forward pass, shape (m, C, h, w).
        W: its filters, shape (F, C, kh, kw).
        stride: its stride.
        padding: its padding.

    Returns:
        dX (m, C, h, w), dW (F, C, kh, kw) and db (F,). No argument is changed.

    Examples:
        >>> X, W = np.array([[[[1.0, 2.0, 3.0]]]]), np.array([[[[10.0, -1.0]]]])
        >>> dX, dW, db = conv2d_backward(np.array([[[[1.0, 4.0]]]]), X, W)
        >>> dX.tolist(), dW.tolist(), db.tolist()
        ([[[[10.0, 39.0, -4.0]]]], [[[[9.0, 14.0]]]], [5.0])
    """
    raise NotImplementedError
