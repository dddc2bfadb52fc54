"""Right implementations of dot_product.py, written differently."""

import numpy as np
from attention import attention
from dot_product import softmax
from nnedu.checking import variant


@variant("scaled_dot_product_attention", "with -1e9, and zeros after the softmax")
def sdpa_minus_1e9(Q, K, V, mask=None):
    d_k = Q.shape[-1]
    scores = np.matmul(Q, K.swapaxes(-2, -1)) / np.sqrt(d_k)
    if mask is None:
        weights = softmax(scores)
    else:
        weights = np.where(mask, softmax(np.where(mask == 0, -1e9, scores)), 0.0)
    return np.matmul(weights, V), weights


@variant("scaled_dot_product_attention", "by the attention of attention.py")
def sdpa_calls_attention(Q, K, V, mask=None):
    return attention(Q, K, V, mask)


@variant("scaled_dot_product_attention", "by cases of three and four axes, with -inf and nan_to_num")
def sdpa_cases(Q, K, V, mask=None):
    order = (0, 2, 1) if K.ndim == 3 else (0, 1, 3, 2)
    scores = Q @ K.transpose(order) / Q.shape[-1] ** 0.5
    with np.errstate(invalid="ignore"):
        if mask is not None:
            scores = scores + np.where(mask, 0.0, -np.inf)
        weights = np.nan_to_num(softmax(scores))
    return weights @ V, weights
