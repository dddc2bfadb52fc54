"""Max pooling: of each window of an image, only the largest pixel goes on."""

import numpy as np


def maxpool2d_forward(X: np.ndarray, k: int = 2, stride: int = 2) -> np.ndarray:
    """Return the largest pixel of each window of k x k pixels, channel by channel.

        out[s, c, r, t] = max over i, j in 0 ... k - 1 of X[s, c, r · stride + i, t · stride + j]

    Windows overlap where stride < k. Rows and columns at the end that fill no window any more are left out.

    Args:
        X: images, shape (m, C, h, w), with h and w at least k.
        k: rows and columns of a window.
        stride: pixels from one window to the next.

    Returns:
        out, shape (m, C, ho, wo), with ho and wo as conv_output_shape has them for a kernel of k x k. X is not changed.

    Examples:
        >>> X = np.array([[[[1.0, 2.0, 0.0, -1.0], [5.0, 3.0, -2.0, -4.0]]]])
        >>> maxpool2d_forward(X).tolist(), maxpool2d_forward(X, stride=1).tolist()
        ([[[[5.0, 0.0]]]], [[[[5.0, 3.0, 0.0]]]])
    """
    raise NotImplementedError


def maxpool2d_backward(dout: np.ndarray, X: np.ndarray, k: int = 2, stride: int = 2) -> np.ndarray:
    """Return ∂L/∂X of max pooling, given dout = ∂L/∂out.

    Of each window only the largest pixel has moved the loss: it gets what arrives for the window, and the others get
    nothing. A pixel that is the largest of several windows collects from all of them. Where several pixels of a window
    are equally large, what arrives goes to one of them, or in any shares to them: it leaves once, so that dX adds up
    to the sum of dout.

    Args:
        dout: shape (m, C, ho, wo).
        X: the images of the forward pass, shape (m, C, h, w).
        k: its k.
        stride: its stride.

    Returns:
        dX, shape (m, C, h, w). No argument is changed.

    Examples:
        >>> X = np.array([[[[1.0, 2.0, 0.0, -1.0], [5.0, 3.0, -2.0, -4.0]]]])
        >>> maxpool2d_backward(np.array([[[[7.0, 9.0]]]]), X).tolist()
        [[[[0.0, 0.0, 9.0, 0.0], [7.0, 0.0, 0.0, 0.0]]]]
    """
    raise NotImplementedError
