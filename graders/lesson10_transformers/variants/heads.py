"""Right answers to heads.py, written differently."""

import numpy as np
from attention import attention
from nnedu.checking import variant


@variant("multi_head_attention", "head by head, by slices of the columns")
def heads_by_slices(X, Wq, Wk, Wv, Wo, n_heads, mask=None):
    D = X.shape[-1]
    if D % n_heads != 0:
        raise ValueError("D % n_heads")
    d = D // n_heads
    outs = []
    for i in range(n_heads):
        at = slice(i * d, (i + 1) * d)
        outs.append(attention(X @ Wq[:, at], X @ Wk[:, at], X @ Wv[:, at], mask)[0])
    return np.concatenate(outs, axis=-1) @ Wo


@variant("multi_head_attention", "with einsum over heads")
def heads_einsum(X, Wq, Wk, Wv, Wo, n_heads, mask=None):
    D = Wq.shape[0]
    Wq, Wk, Wv = (W.reshape(D, n_heads, D // n_heads) for W in (Wq, Wk, Wv))
    Q, K, V = (np.einsum("mtD,Dhd->mhtd", X, W) for W in (Wq, Wk, Wv))
    scores = np.einsum("mhid,mhjd->mhij", Q, K) / np.sqrt(D // n_heads)
    if mask is not None:
        scores = np.where(mask[:, None] if mask.ndim == 3 else mask[None, None], scores, -1e9)
    E = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = E / E.sum(axis=-1, keepdims=True)
    if mask is not None:
        weights = weights * (mask[:, None] if mask.ndim == 3 else mask)
    return np.einsum("mhij,mhjd,hdD->miD", weights, V, Wo.reshape(n_heads, -1, D))


@variant("multi_head_attention", "with np.split and a list of heads, the sum of their shares of Wo")
def heads_split(X, Wq, Wk, Wv, Wo, n_heads, mask=None):
    parts = [np.split(X @ W, n_heads, axis=2) for W in (Wq, Wk, Wv)]  # raises ValueError where they do not fit
    rows = np.split(Wo, n_heads)
    return sum(attention(*head, mask)[0] @ share for *head, share in zip(*parts, rows, strict=True))


@variant("multi_head_attention", "sequence by sequence, with heads as the batch")
def heads_by_sequence(X, Wq, Wk, Wv, Wo, n_heads, mask=None):
    m, T, D = X.shape
    if D % n_heads:
        raise ValueError
    out = np.empty((m, T, D), order="F")
    for s in range(m):
        heads = [(X[s] @ W).T.reshape(n_heads, -1, T).transpose(0, 2, 1) for W in (Wq, Wk, Wv)]
        own = mask if mask is None or mask.ndim == 2 else mask[s]
        found = attention(*heads, own)[0]
        out[s] = np.hstack(list(found)) @ Wo
    return out
