"""Inverted dropout: units are switched off at random in training, and evaluation has nothing to make up for."""

import numpy as np


def dropout_forward(
    X: np.ndarray,
    keep_prob: float,
    rng: np.random.Generator,
    training: bool = True,
) -> tuple[np.ndarray, np.ndarray | None]:
    """Return X with some entries switched off, and the mask that says which ones are left.

        training:    mask = True with probability keep_prob, for every entry on its own
                     out  = X / keep_prob where the mask is True, else 0
        evaluation:  out  = X, mask = None

    So the expected value of every entry of out is that entry of X, in training as in evaluation.

    Args:
        X: activations, any shape, (m, n) in a dense layer.
        keep_prob: probability that an entry is kept, in (0, 1].
        rng: the only source of randomness.
        training: False for evaluation.

    Returns:
        out, a new float array of X's shape, and mask: of X's shape too, of bools or of 0.0 and 1.0, not scaled; None in
        evaluation. X stays as it is.

    Examples:
        >>> X = np.array([[1.0, -2.0, 3.0, -4.0, 5.0]])
        >>> out, mask = dropout_forward(X, 0.5, np.random.default_rng(1))
        >>> bool(np.all(out == np.where(mask, 2.0 * X, 0.0)))
        True
        >>> out, mask = dropout_forward(X, 0.5, np.random.default_rng(1), training=False)
        >>> out.tolist(), mask
        ([[1.0, -2.0, 3.0, -4.0, 5.0]], None)

    Source: N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014, section 10.
    """
    raise NotImplementedError


def dropout_backward(dout: np.ndarray, mask: np.ndarray | None, keep_prob: float) -> np.ndarray:
    """Return ∂L/∂X of dropout, given dout = ∂L/∂out.

    `mask` is what dropout_forward returned beside out: the entries that were kept have the slope 1 / keep_prob, those
    that were switched off have the slope 0. In evaluation the mask is None and out is X: dout passes as it is.

    dout and the result have the shape of X. dout stays as it is.

    Examples:
        >>> dropout_backward(np.array([[3.0, 5.0, -1.0]]), np.array([[True, False, True]]), 0.5).tolist()
        [[6.0, 0.0, -2.0]]
        >>> dropout_backward(np.array([[3.0, 5.0, -1.0]]), None, 0.5).tolist()
        [[3.0, 5.0, -1.0]]
    """
    raise NotImplementedError
