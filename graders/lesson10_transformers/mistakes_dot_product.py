"""Half-finished repairs of dot_product.py, as students leave them."""

import numpy as np
from dot_product import softmax
from nnedu.checking import mistake


def _scores(Q, K):
    return np.matmul(Q, np.swapaxes(K, -1, -2)) / np.sqrt(Q.shape[-1])


def _result(weights, V):
    return np.matmul(weights, V), weights


@mistake(
    "scaled_dot_product_attention",
    "the transpose is mended for three axes only: with heads, four axes, it fails",
    hints=(
        "Try arrays with four axes, (batch, heads, seq_len, d_k), which worked before.",
        "The last two axes of K, (..., seq_len, d_k), are to be exchanged, however many stand in front.",
        "swapaxes takes two axes, and counts from the end where they are negative.",
    ),
)
def three_axes_only(Q, K, V, mask=None):
    scores = np.matmul(Q, K.transpose(0, 2, 1)) / np.sqrt(Q.shape[-1])
    weights = softmax(scores if mask is None else np.where(mask, scores, -1e9))
    return _result(weights if mask is None else weights * mask, V)


@mistake(
    "scaled_dot_product_attention",
    "the transpose is as it was: sequences without heads, three axes, still fail",
    hints=(
        "Try the shapes of the function's own comment.",
        "transpose(0, 1, 3, 2) names four axes; K may be (batch, seq_len, d_k). The last two are to be exchanged.",
        "swapaxes takes two axes, and counts from the end where they are negative.",
    ),
)
def four_axes_only(Q, K, V, mask=None):
    scores = np.matmul(Q, K.transpose(0, 1, 3, 2)) / np.sqrt(Q.shape[-1])
    weights = softmax(scores if mask is None else np.where(mask, scores, -1e9))
    return _result(weights if mask is None else weights * mask, V)


@mistake(
    "scaled_dot_product_attention",
    "masked_fill is still there, which numpy arrays do not have",
    hints=(
        "Try it with a mask.",
        "masked_fill is PyTorch's. Wanted is a choice between scores, (..., Tq, Tk), and a large negative number.",
        "np.where makes that choice.",
    ),
)
def keeps_masked_fill(Q, K, V, mask=None):
    scores = _scores(Q, K)
    if mask is not None:
        scores = scores.masked_fill(mask == 0, -1e9)
    return _result(softmax(scores), V)


@mistake(
    "scaled_dot_product_attention",
    "a query that may attend to nothing attends to all keys alike: -1e9 is still all there is",
    hints=(
        "What comes out of softmax where all scores of a row are -1e9?",
        "Softmax sees differences only: equal scores give equal weights. A row, (Tk,), without True should be zeros.",
        "Set the weights to 0 where the mask is False, after the softmax too.",
    ),
)
def leaves_minus_1e9(Q, K, V, mask=None):
    scores = _scores(Q, K)
    return _result(softmax(scores if mask is None else np.where(mask == 0, -1e9, scores)), V)


@mistake(
    "scaled_dot_product_attention",
    "a query that may attend to nothing gets nan",
    hints=(
        "What is the maximum of a row in which all scores are -∞, and what is -∞ minus it?",
        "A finite number that is low enough does the same as -∞, and leaves no nan in a row, (Tk,), of nothing else.",
        "Take a finite number, and set the weights to 0 where the mask is False after the softmax.",
    ),
)
def minus_infinity(Q, K, V, mask=None):
    scores = _scores(Q, K)
    with np.errstate(all="ignore"):
        return _result(softmax(scores if mask is None else np.where(mask, scores, -np.inf)), V)


@mistake(
    "scaled_dot_product_attention",
    "the repaired choice has its two cases exchanged: what may be seen is hidden",
    hints=(
        "With a causal mask, does the first query see the last key?",
        "np.where(condition, where it holds, where not): scores, (..., Tq, Tk), stay where the mask is True.",
        "Exchange the last two arguments, or turn the condition round.",
    ),
)
def cases_exchanged(Q, K, V, mask=None):
    scores = _scores(Q, K)
    if mask is None:
        return _result(softmax(scores), V)
    return _result(softmax(np.where(mask, -1e9, scores)) * ~mask, V)


@mistake(
    "scaled_dot_product_attention",
    "torch is imported, which this course does not have",
    hints=(
        "Which libraries may you use here?",
        "Arrays are numpy's, in and out. masked_fill belongs to PyTorch's tensors, whose transpose is another one too.",
        "np.swapaxes and np.where do what is needed.",
    ),
)
def brings_torch(Q, K, V, mask=None):
    import torch  # noqa: PLC0415 - the mistake

    scores = torch.tensor(_scores(Q, K))
    if mask is not None:
        scores = scores.masked_fill(torch.tensor(mask) == 0, -1e9)
    weights = torch.softmax(scores, dim=-1).numpy()
    return _result(weights, V)


@mistake(
    "scaled_dot_product_attention",
    "the mask is multiplied onto the scores, so that a hidden key has the score 0 and not the weight 0",
    hints=(
        "Which weight has a key with the score 0?",
        "exp(0) is 1: scores, (..., Tq, Tk), have to become very negative where the mask is False.",
        "Choose between the scores and such a number, before the softmax.",
    ),
)
def multiplies_scores(Q, K, V, mask=None):
    scores = _scores(Q, K)
    return _result(softmax(scores if mask is None else scores * mask), V)
