"""One block of a transformer's encoder: attention and a feed-forward layer, each with a path around it, and norms.

From heads.py and layers.py you may import what you need, or write it here once more.
"""

import numpy as np

def encoder_block(X: np.ndarray, p: dict[str, np.ndarray], n_heads: int, mask: np.ndarray | None = None) -> np.ndarray:
    """Return what a block of the encoder makes of X, in the order of the paper: the norm after the sum.

        A   = layernorm(X + multi_head_attention(X))      with g1, be1
        out = layernorm(A + ffn(A))                       with g2, be2

    Both norms use eps = 1e-5. There is no dropout, and no positional encoding: what a token becomes depends on the
    other tokens, but not on their order.

    Args:
        X: m sequences of T tokens, shape (m, T, D).
        p: the parameters: Wq, Wk, Wv and Wo (D, D) of the attention, W1 (D, F), b1 (F,), W2 (F, D) and b2 (D,) of the
            feed-forward layer, g1, be1, g2 and be2 (D,), scale and shift of the two norms.
        n_heads: how many heads; D is a multiple of it.
        mask: None, or bools of shape (T, T), (m, 1, T) or (m, T, T), True: may attend.

    Returns:
        The new tokens, shape (m, T, D). No argument is changed.

    Examples:
        >>> p = {name: np.zeros((2, 2)) for name in ("Wq", "Wk", "Wv", "Wo", "W1", "W2")}
        >>> p |= {"b1": np.zeros(2), "b2": np.zeros(2), "g1": np.ones(2), "be1": np.zeros(2)}
        >>> p |= {"g2": np.array([3.0, 2.0]), "be2": np.array([0.5, 0.0])}
        >>> X = np.array([[[1.0, 5.0], [10.0, 6.0]]])
        >>> encoder_block(X, p, 1).round(3).tolist()  # with weights of 0 only the norms are left
        [[[-2.5, 2.0], [3.5, -2.0]]]

    Raises:
        ValueError: if D is no multiple of n_heads.

    Source: A. Vaswani et al., "Attention is all you need", 2017, section 3.1.
    """
    raise NotImplementedError
