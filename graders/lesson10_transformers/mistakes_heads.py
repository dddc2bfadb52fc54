"""Wrong implementations of heads.py, as students write them."""

import numpy as np
from attention import attention
from heads import multi_head_attention as right
from nnedu.checking import mistake


def _fits(X, n_heads):
    if X.shape[-1] % n_heads:
        raise ValueError("D is no multiple of n_heads")


def _split(Z, n_heads):
    m, T, D = Z.shape
    return Z.reshape(m, T, n_heads, D // n_heads).transpose(0, 2, 1, 3)


def _merge(out):
    m, h, T, d = out.shape
    return out.transpose(0, 2, 1, 3).reshape(m, T, h * d)


def _for_heads(mask):
    return mask if mask is None or mask.ndim == 2 else mask[:, None]


@mistake(
    "multi_head_attention",
    "the heads are cut by a reshape to (m, h, T, D/h) alone, which mixes the tokens",
    hints=(
        "Whose numbers stand in the first row of your first head? Print a small Q before and after.",
        "(m, T, D) → (m, T, h, D/h) → (m, h, T, D/h): reshape may only cut the last axis; then two axes are exchanged.",
        "First cut, then exchange axes 1 and 2.",
    ),
)
def reshapes_only(X, Wq, Wk, Wv, Wo, n_heads, mask=None):
    _fits(X, n_heads)
    m, T, D = X.shape
    Q, K, V = ((X @ W).reshape(m, n_heads, T, D // n_heads) for W in (Wq, Wk, Wv))
    return _merge(attention(Q, K, V, _for_heads(mask))[0]) @ Wo


@mistake(
    "multi_head_attention",
    "the heads are put together by a reshape alone, without exchanging the axes back",
    hints=(
        "What is undone first: the cutting, or the exchange of axes?",
        "(m, h, T, D/h) → (m, T, h, D/h) → (m, T, D): the exact way back of the splitting.",
        "Exchange axes 1 and 2 before the reshape.",
    ),
)
def merges_by_reshape(X, Wq, Wk, Wv, Wo, n_heads, mask=None):
    _fits(X, n_heads)
    Q, K, V = (_split(X @ W, n_heads) for W in (Wq, Wk, Wv))
    return attention(Q, K, V, _for_heads(mask))[0].reshape(X.shape) @ Wo


@mistake(
    "multi_head_attention",
    "heads are cut and put together by a reshape alone, both times",
    hints=(
        "Whose numbers stand in the first row of your first head? Print a small Q before and after.",
        "(m, T, D) → (m, T, h, D/h) → (m, h, T, D/h), and the same way back. A reshape never moves an axis.",
        "After the first reshape, and before the last one, axes 1 and 2 are exchanged.",
    ),
)
def reshapes_twice(X, Wq, Wk, Wv, Wo, n_heads, mask=None):
    _fits(X, n_heads)
    m, T, D = X.shape
    Q, K, V = ((X @ W).reshape(m, n_heads, T, D // n_heads) for W in (Wq, Wk, Wv))
    return attention(Q, K, V, _for_heads(mask))[0].reshape(X.shape) @ Wo


@mistake(
    "multi_head_attention",
    "the scores of a head are divided by √D instead of by √(D/h)",
    hints=(
        "With one head, is your result right? How long is a key of one of three heads?",
        "A head has keys of D/h numbers, (m, h, T, D/h): over these the dot product sums, and they set the scale.",
        "Divide by the root of the length of a key in the head.",
    ),
)
def scales_by_D(X, Wq, Wk, Wv, Wo, n_heads, mask=None):
    return right(X, Wq / np.sqrt(n_heads), Wk, Wv, Wo, n_heads, mask)


@mistake(
    "multi_head_attention",
    "Wo is missing: the heads stand side by side, and nothing mixes them",
    hints=(
        "Which of your five arrays did you not use?",
        "out = [out_1, ..., out_h] @ Wo: (m, T, D) times (D, D), so that each column sees all heads.",
        "One more product at the end.",
    ),
)
def no_Wo(X, Wq, Wk, Wv, Wo, n_heads, mask=None):
    return right(X, Wq, Wk, Wv, np.eye(len(Wo)), n_heads, mask)


@mistake(
    "multi_head_attention",
    "every n_heads-th column makes a head, instead of neighbouring columns",
    hints=(
        "Which columns of Q does your first of three heads get, for D = 6?",
        "(m, T, D) → (m, T, h, D/h): the heads come first, then the columns within a head.",
        "Exchange the last two numbers in your reshape.",
    ),
)
def interleaves_heads(X, Wq, Wk, Wv, Wo, n_heads, mask=None):
    _fits(X, n_heads)
    order = np.arange(X.shape[-1]).reshape(-1, n_heads).T.ravel()
    back = np.argsort(order)
    return right(X, Wq[:, order], Wk[:, order], Wv[:, order], np.eye(len(Wo)), n_heads, mask)[..., back] @ Wo


@mistake(
    "multi_head_attention",
    "the heads of one token attend to each other, instead of the tokens of one head",
    hints=(
        "Which two axes of its arguments does your attention take for tokens and for numbers?",
        "attention works on the last two axes. They have to be tokens and the numbers of a head: (m, h, T, D/h).",
        "Exchange axes 1 and 2 after the cutting, and back before putting together.",
    ),
)
def heads_attend_to_heads(X, Wq, Wk, Wv, Wo, n_heads, mask=None):
    _fits(X, n_heads)
    m, T, D = X.shape
    Q, K, V = ((X @ W).reshape(m, T, n_heads, D // n_heads) for W in (Wq, Wk, Wv))
    return attention(Q, K, V)[0].reshape(X.shape) @ Wo


@mistake(
    "multi_head_attention",
    "a mask for each sequence is not given an axis for the heads, so that it meets the wrong axis",
    hints=(
        "Which shape have the scores, and how does numpy stretch a mask of (m, 1, T) to it? What if m = n_heads?",
        "Scores are (m, h, T, T). A mask (m, 1, T) or (m, T, T) has to become (m, 1, ..., T): all heads get the same.",
        "Insert an axis after the first one where the mask has three.",
    ),
)
def mask_meets_the_heads(X, Wq, Wk, Wv, Wo, n_heads, mask=None):
    _fits(X, n_heads)
    Q, K, V = (_split(X @ W, n_heads) for W in (Wq, Wk, Wv))
    return _merge(attention(Q, K, V, mask)[0]) @ Wo


@mistake(
    "multi_head_attention",
    "the mask is ignored",
    hints=(
        "Where does your function use its last argument?",
        "Every head uses the mask, on scores of (m, h, T, T).",
        "Pass it on to attention.",
    ),
)
def drops_the_mask(X, Wq, Wk, Wv, Wo, n_heads, mask=None):
    return right(X, Wq, Wk, Wv, Wo, n_heads)


@mistake(
    "multi_head_attention",
    "the projections are made with the transposed matrices",
    hints=(
        "In which convention is a matrix of weights (D, D) stood on its side?",
        "A token is a row: Q, K, V = X @ Wq, X @ Wk, X @ Wv, each (m, T, D). As all sizes are D, no shape complains.",
        "Leave out the .T.",
    ),
)
def transposes_projections(X, Wq, Wk, Wv, Wo, n_heads, mask=None):
    return right(X, Wq.T, Wk.T, Wv.T, Wo.T, n_heads, mask)


@mistake(
    "multi_head_attention",
    "what the values are made of is the keys: V = K @ Wv",
    hints=(
        "What goes into V: the tokens, or the keys?",
        "Q, K and V are three projections of the same X, (m, T, D), beside each other and not one after the other.",
        "Let Wv act on X.",
    ),
)
def values_of_keys(X, Wq, Wk, Wv, Wo, n_heads, mask=None):
    return right(X, Wq, Wk, Wk @ Wv, Wo, n_heads, mask)


@mistake(
    "multi_head_attention",
    "columns that do not fit into heads of one size are dropped without a word",
    hints=(
        "What does your function do with D = 6 and 4 heads?",
        "6 // 4 is 1: four heads of one column, and two columns of (m, T, 6) are lost. That has to be a ValueError.",
        "Look at the remainder first.",
    ),
)
def drops_columns(X, Wq, Wk, Wv, Wo, n_heads, mask=None):
    d = X.shape[-1] // n_heads
    if X.shape[-1] % n_heads == 0:
        return right(X, Wq, Wk, Wv, Wo, n_heads, mask)
    out = np.zeros(X.shape)
    for i in range(n_heads if d else 0):
        at = slice(i * d, (i + 1) * d)
        out[..., at] = attention(X @ Wq[:, at], X @ Wk[:, at], X @ Wv[:, at], mask)[0]
    return out @ Wo


@mistake(
    "multi_head_attention",
    "the result is written into the caller's X",
    hints=(
        "Print X before and after the call.",
        "X[...] = and out=X write into the array (m, T, D) that belongs to the caller.",
        "Collect the heads in a new array.",
    ),
)
def writes_into_X(X, Wq, Wk, Wv, Wo, n_heads, mask=None):
    X[...] = right(X, Wq, Wk, Wv, Wo, n_heads, mask)
    return X.copy()
