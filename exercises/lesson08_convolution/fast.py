"""Convolution as one product of two matrices, which is how libraries make it fast."""

import numpy as np

def conv2d_im2col(X: np.ndarray, W: np.ndarray, b: np.ndarray, stride: int = 1, padding: int = 0) -> np.ndarray:
    """Return what conv2d_forward returns, without a Python loop over the pixels or over the samples.

    Every window becomes a row of a large matrix, and every filter a column of another one:

        windows (m · ho · wo, C · kh · kw)  @  filters (C · kh · kw, F)  +  b

    The entries of a row have to stand in the same order as those of a column. A loop over the kh · kw places of the
    kernel is no loop over pixels, and is quick enough.

    Args:
        X: images, shape (m, C, h, w).
        W: filters, shape (F, C, kh, kw).
        b: a bias for each filter, shape (F,).
        stride: pixels from one window to the next.
        padding: zeros at each edge.

    Returns:
        out, shape (m, F, ho, wo). No argument is changed.

    Raises:
        ValueError: images and filters differ in their channels, or the kernel does not fit, as in conv2d_forward.

    A batch (32, 3, 32, 32) with 16 filters of 3 x 3 may take 0.05 s, and so may one image (1, 1, 256, 256) with one
    filter.

    Examples:
        >>> X = np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]])
        >>> conv2d_im2col(X, np.array([[[[1.0, 0.0], [0.0, -10.0]]]]), np.array([100.0])).tolist()
        [[[[51.0, 42.0]]]]

    Source: K. Chellapilla et al., "High performance convolutional neural networks for document processing", 2006.
    """
    raise NotImplementedError
