"""Wrong implementations of encoder.py, as students write them."""

from heads import multi_head_attention
from layers import ffn, layernorm_forward
from nnedu.checking import mistake
from positions import positional_encoding


def _attended(X, p, n_heads, mask):
    return multi_head_attention(X, p["Wq"], p["Wk"], p["Wv"], p["Wo"], n_heads, mask)


def _fed(X, p):
    return ffn(X, p["W1"], p["b1"], p["W2"], p["b2"])


def _norm(X, p, which):
    return layernorm_forward(X, p[f"g{which}"], p[f"be{which}"])[0]


@mistake(
    "encoder_block",
    "both paths around the layers are missing",
    hints=(
        "Set all weights to 0. What arrives at the end of your block, and what should?",
        "A = layernorm(X + attention of X), out = layernorm(A + ffn(A)), all (m, T, D).",
        "Before each norm, add what went into the layer.",
    ),
)
def no_paths_around(X, p, n_heads, mask=None):
    A = _norm(_attended(X, p, n_heads, mask), p, 1)
    return _norm(_fed(A, p), p, 2)


@mistake(
    "encoder_block",
    "the path around the attention is missing",
    hints=(
        "Set Wo to 0. Does anything of X still arrive?",
        "A = layernorm(X + attention of X), (m, T, D): what a token was is kept, and what it found is added.",
        "Add X before the first norm.",
    ),
)
def no_path_around_attention(X, p, n_heads, mask=None):
    A = _norm(_attended(X, p, n_heads, mask), p, 1)
    return _norm(A + _fed(A, p), p, 2)


@mistake(
    "encoder_block",
    "the path around the feed-forward layer is missing",
    hints=(
        "Set W2 to 0. Does anything of A still arrive?",
        "out = layernorm(A + ffn(A)), (m, T, D).",
        "Add A before the second norm.",
    ),
)
def no_path_around_ffn(X, p, n_heads, mask=None):
    A = _norm(X + _attended(X, p, n_heads, mask), p, 1)
    return _norm(_fed(A, p), p, 2)


@mistake(
    "encoder_block",
    "the norms come first, before attention and feed-forward layer: the order of newer models (pre-norm)",
    hints=(
        "Is the last thing that your block does a norm, or a sum?",
        "As in the paper, A = layernorm(X + attention of X), (m, T, D). Yours is X + attention of layernorm(X).",
        "Normalise the sums, not what goes into the layers.",
    ),
)
def pre_norm(X, p, n_heads, mask=None):
    A = X + _attended(_norm(X, p, 1), p, n_heads, mask)
    return A + _fed(_norm(A, p, 2), p)


@mistake(
    "encoder_block",
    "both norms use g1 and be1",
    hints=(
        "Which of the parameters of p does your block never look at?",
        "There are two norms, and each has its own scale and shift, (D,): g1, be1, and g2, be2.",
        "Give the second norm its own.",
    ),
)
def one_norm_for_both(X, p, n_heads, mask=None):
    A = _norm(X + _attended(X, p, n_heads, mask), p, 1)
    return _norm(A + _fed(A, p), p, 1)


@mistake(
    "encoder_block",
    "the norms have each other's parameters",
    hints=(
        "With which scale does your block end? Set g2 to 3 and look.",
        "g1 and be1, (D,), belong to the norm after the attention, g2 and be2 to the last one.",
        "Exchange them.",
    ),
)
def norms_exchanged(X, p, n_heads, mask=None):
    A = _norm(X + _attended(X, p, n_heads, mask), p, 2)
    return _norm(A + _fed(A, p), p, 1)


@mistake(
    "encoder_block",
    "the path around the feed-forward layer starts at X instead of A",
    hints=(
        "What went into your feed-forward layer, and what do you add to its result?",
        "out = layernorm(A + ffn(A)), with one and the same A, (m, T, D).",
        "Add what went in.",
    ),
)
def path_from_X(X, p, n_heads, mask=None):
    A = _norm(X + _attended(X, p, n_heads, mask), p, 1)
    return _norm(X + _fed(A, p), p, 2)


@mistake(
    "encoder_block",
    "what the layers return is normalised before it is added, not the sum",
    hints=(
        "Set all weights to 0 and X to large numbers. Is what comes out normalised?",
        "A = layernorm(X + attention of X): the sum, (m, T, D), is what is normalised.",
        "Add first.",
    ),
)
def adds_after_the_norm(X, p, n_heads, mask=None):
    A = X + _norm(_attended(X, p, n_heads, mask), p, 1)
    return A + _norm(_fed(A, p), p, 2)


@mistake(
    "encoder_block",
    "the norm between attention and feed-forward layer is missing",
    hints=(
        "How many norms has your block?",
        "A = layernorm(X + attention of X) with g1 and be1, (D,), and a second one at the end.",
        "Normalise A before anything is done with it.",
    ),
)
def no_first_norm(X, p, n_heads, mask=None):
    A = X + _attended(X, p, n_heads, mask)
    return _norm(A + _fed(A, p), p, 2)


@mistake(
    "encoder_block",
    "the norm at the end is missing",
    hints=(
        "How many norms has your block?",
        "out = layernorm(A + ffn(A)) with g2 and be2, (D,).",
        "Normalise once more before you return.",
    ),
)
def no_last_norm(X, p, n_heads, mask=None):
    A = _norm(X + _attended(X, p, n_heads, mask), p, 1)
    return A + _fed(A, p)


@mistake(
    "encoder_block",
    "the mask is not passed on",
    hints=(
        "Does the padding of a sequence change what its real tokens become?",
        "The mask, (T, T), (m, 1, T) or (m, T, T), belongs to the attention of the block.",
        "Pass it on.",
    ),
)
def forgets_the_mask(X, p, n_heads, mask=None):
    A = _norm(X + _attended(X, p, n_heads, None), p, 1)
    return _norm(A + _fed(A, p), p, 2)


@mistake(
    "encoder_block",
    "n_heads is not passed on: the attention has one head",
    hints=(
        "Does your result depend on n_heads?",
        "The attention of the block cuts the D columns of (m, T, D) into n_heads heads.",
        "Pass it on.",
    ),
)
def one_head(X, p, n_heads, mask=None):
    A = _norm(X + _attended(X, p, 1, mask), p, 1)
    return _norm(A + _fed(A, p), p, 2)


@mistake(
    "encoder_block",
    "the sums are made in place, in the caller's X",
    hints=(
        "Print X before and after the call.",
        "X += ... writes into the array (m, T, D) that belongs to the caller.",
        "Write a sum that makes a new array.",
    ),
)
def adds_in_place(X, p, n_heads, mask=None):
    X += _attended(X, p, n_heads, mask)
    A = _norm(X, p, 1)
    return _norm(A + _fed(A, p), p, 2)


@mistake(
    "encoder_block",
    "a positional encoding is added to the tokens inside the block",
    hints=(
        "Exchange two tokens. Are the same two rows exchanged in what comes out?",
        "Positions are added once, to the first X, (m, T, D). A block does not know where a token stands.",
        "Take the tokens as they come.",
    ),
)
def adds_positions(X, p, n_heads, mask=None):
    X = X + positional_encoding(*X.shape[1:])
    A = _norm(X + _attended(X, p, n_heads, mask), p, 1)
    return _norm(A + _fed(A, p), p, 2)
