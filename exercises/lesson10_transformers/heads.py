"""Multi-head attention: several small attentions beside each other, and a matrix that mixes what they found.

From attention.py you may import your attention, or write it here once more.
"""

import numpy as np


def multi_head_attention(
    X: np.ndarray,
    Wq: np.ndarray,
    Wk: np.ndarray,
    Wv: np.ndarray,
    Wo: np.ndarray,
    n_heads: int,
    mask: np.ndarray | None = None,
) -> np.ndarray:
    """Return the self-attention of X with n_heads heads.

        Q, K, V = X @ Wq, X @ Wk, X @ Wv              (m, T, D)
        the columns of Q, K and V are cut into n_heads blocks of D / n_heads neighbours: one block for each head
        out_i   = attention(Q_i, K_i, V_i, mask)      (m, T, D / n_heads), for each head i
        out     = [out_1, ..., out_h] @ Wo            the blocks side by side again, (m, T, D)

    Args:
        X: m sequences of T tokens with D numbers each, shape (m, T, D).
        Wq: shape (D, D).
        Wk: shape (D, D).
        Wv: shape (D, D).
        Wo: shape (D, D).
        n_heads: how many heads; D is a multiple of it.
        mask: None, or bools of shape (T, T), (m, 1, T) or (m, T, T), True: may attend. All heads of a sequence use the
            same mask.

    Returns:
        out, shape (m, T, D). No argument is changed.

    Examples:
        >>> X, one, none = np.array([[[4.0, 2.0], [0.0, 6.0]]]), np.eye(2), np.zeros((2, 2))
        >>> multi_head_attention(X, none, none, one, one, 2).tolist()  # all weights are 1/2
        [[[2.0, 4.0], [2.0, 4.0]]]
        >>> multi_head_attention(X, none, none, one, one, 2, np.array([[True, False], [True, True]])).tolist()
        [[[4.0, 2.0], [2.0, 4.0]]]

    Raises:
        ValueError: if D is no multiple of n_heads.

    Source: A. Vaswani et al., "Attention is all you need", 2017, section 3.2.2.
    """
    raise NotImplementedError
