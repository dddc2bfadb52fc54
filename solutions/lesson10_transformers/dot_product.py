"""Attention as a web page had it, repaired."""

import numpy as np


def softmax(x: np.ndarray) -> np.ndarray:
    """Return the softmax of every row of x, whatever stands in front of the last axis."""
    exp_x = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return exp_x / np.sum(exp_x, axis=-1, keepdims=True)


def scaled_dot_product_attention(
    Q: np.ndarray, K: np.ndarray, V: np.ndarray, mask: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return scaled dot-product attention and its weights, as attention in attention.py.

        attention_weights = softmax(Q Kᵀ / √d_k)
        output            = attention_weights V

    Args:
        Q: queries, shape (batch, seq_len, d_k), or (batch, heads, seq_len, d_k).
        K: keys, of as many axes; seq_len may be another one than that of Q.
        V: values, one for each key; a value may have another length than d_k.
        mask: bools that numpy can broadcast to the weights, True: may attend. None: every query attends to every key.

    Returns:
        output and attention_weights. Where the mask is False the weight is 0. A query that may attend to nothing gets
        zeros, both as weights and as output. No argument is changed.

    Examples:
        >>> Q, K = np.array([[[0.0], [np.log(3.0)]]]), np.array([[[0.0], [1.0]]])
        >>> output, attention_weights = scaled_dot_product_attention(Q, K, np.array([[[8.0], [0.0]]]))
        >>> attention_weights.round(6).tolist(), output.round(6).tolist()
        ([[[0.5, 0.5], [0.25, 0.75]]], [[[4.0], [2.0]]])
        >>> may = np.array([[True, False], [False, False]])
        >>> scaled_dot_product_attention(Q, K, np.array([[[8.0], [0.0]]]), may)[1].tolist()
        [[[1.0, 0.0], [0.0, 0.0]]]
    """
    d_k = Q.shape[-1]
    scores = np.matmul(Q, np.swapaxes(K, -1, -2)) / np.sqrt(d_k)
    if mask is not None:
        scores = np.where(mask, scores, -1e300)
    attention_weights = softmax(scores)
    if mask is not None:
        attention_weights = attention_weights * mask
    output = np.matmul(attention_weights, V)
    return output, attention_weights


# Example shapes: Q (2, 8, 64), K (2, 8, 64), V (2, 8, 64) -> out (2, 8, 64)
