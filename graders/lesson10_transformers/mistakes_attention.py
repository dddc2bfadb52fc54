"""Wrong implementations of attention.py, as students write them."""

import numpy as np
from attention import attention as right
from nnedu.checking import mistake


def _scores(Q, K, scale=None):
    return Q @ K.swapaxes(-1, -2) / (np.sqrt(K.shape[-1]) if scale is None else scale)


def _softmax(scores, axis=-1):
    """Softmax, in which a row of -inf becomes zeros."""
    largest = scores.max(axis=axis, keepdims=True)
    E = np.exp(scores - np.where(np.isfinite(largest), largest, 0.0))
    return E / np.maximum(E.sum(axis=axis, keepdims=True), 1.0)


def _hidden(scores, mask):
    return scores if mask is None else np.where(mask, scores, -np.inf)


def _result(weights, V):
    return weights @ V, weights


@mistake(
    "attention",
    "the scores are not divided by √d",
    hints=(
        "Compare how sharp your weights are for random queries and keys with d = 4 and with d = 64.",
        "A dot product of d random terms has a standard deviation of √d. scores = Q Kᵀ / √d, (..., Tq, Tk).",
        "Divide by the root of the number of columns of K.",
    ),
)
def no_scale(Q, K, V, mask=None):
    return _result(_softmax(_hidden(_scores(Q, K, 1.0), mask)), V)


@mistake(
    "attention",
    "the scores are divided by d instead of by √d",
    hints=(
        "Which grows like d when d random terms are added up: their variance, or their standard deviation?",
        "scores = Q Kᵀ / √d, (..., Tq, Tk): the scale keeps the standard deviation near 1, not the variance near 1/d.",
        "There is a root missing.",
    ),
)
def divides_by_d(Q, K, V, mask=None):
    return _result(_softmax(_hidden(_scores(Q, K, K.shape[-1]), mask)), V)


@mistake(
    "attention",
    "the scores are divided by √dv, from the length of a value instead of that of a key",
    hints=(
        "Over which axis does the product of queries and keys sum?",
        "scores = Q Kᵀ / √d, where d is the length of a query and of a key. A value, (dv,), has no part in the scores.",
        "Take the number of columns of K.",
    ),
)
def divides_by_root_of_dv(Q, K, V, mask=None):
    return _result(_softmax(_hidden(_scores(Q, K, np.sqrt(V.shape[-1])), mask)), V)


@mistake(
    "attention",
    "the weights are divided by √d, after the softmax, instead of the scores",
    hints=(
        "Do your rows of weights add up to 1?",
        "weights = softmax(Q Kᵀ / √d), (..., Tq, Tk): the scale belongs inside.",
        "Divide before you take the exponential.",
    ),
)
def scales_after_softmax(Q, K, V, mask=None):
    return _result(_softmax(_hidden(_scores(Q, K, 1.0), mask)) / np.sqrt(K.shape[-1]), V)


@mistake(
    "attention",
    "softmax is taken over the queries, so that the columns of weights add up to 1",
    hints=(
        "Who has attention to give away: a query, or a key?",
        "weights is (..., Tq, Tk), and each query, a row, spreads a sum of 1 over the keys.",
        "Normalise along the last axis.",
    ),
)
def softmax_over_queries(Q, K, V, mask=None):
    weights = _softmax(_hidden(_scores(Q, K), mask), axis=-2)
    return _result(weights, V)


@mistake(
    "attention",
    "the axes of K are exchanged by transpose(0, 1, 3, 2), which needs four axes",
    hints=(
        "How many axes has a batch of sequences, (m, T, d)?",
        "Kᵀ exchanges the last two axes of K, (..., Tk, d) to (..., d, Tk), whatever stands in front.",
        "swapaxes takes two axes, and counts from the end where they are negative.",
    ),
)
def transposes_four_axes(Q, K, V, mask=None):
    K.transpose(0, 1, 3, 2)
    return right(Q, K, V, mask)


@mistake(
    "attention",
    "the mask is put in by masked_fill, which numpy arrays do not have",
    hints=(
        "Which library has masked_fill?",
        "Where mask, (..., Tq, Tk), is True the score stays, elsewhere it becomes -∞: a choice between two arrays.",
        "np.where makes that choice.",
    ),
)
def calls_masked_fill(Q, K, V, mask=None):
    scores = _scores(Q, K)
    if mask is not None:
        scores = scores.masked_fill(mask == 0, -1e9)
    return _result(_softmax(scores), V)


@mistake(
    "attention",
    "the mask is read the other way round: True is hidden",
    hints=(
        "With a causal mask, does token 0 see token 3?",
        "True means: may attend. The score stays where mask, (..., Tq, Tk), is True, and is -∞ where it is False.",
        "Exchange the two cases.",
    ),
)
def mask_inverted(Q, K, V, mask=None):
    return right(Q, K, V, None if mask is None else ~mask)


@mistake(
    "attention",
    "the scores are multiplied by the mask, so that a hidden key has the score 0 and not the weight 0",
    hints=(
        "Which weight has a key with the score 0?",
        "exp(0) is 1, exp(-∞) is 0: scores, (..., Tq, Tk), need -∞ where the mask is False.",
        "Choose between the scores and -np.inf, before the softmax.",
    ),
)
def mask_multiplies_scores(Q, K, V, mask=None):
    scores = _scores(Q, K)
    return _result(_softmax(scores if mask is None else scores * mask), V)


@mistake(
    "attention",
    "the mask is applied after the softmax, so that the rows of weights do not add up to 1",
    hints=(
        "Add up the weights of a row with a hidden key.",
        "What is hidden must be gone before softmax divides by the sum of the row, (..., Tq, 1).",
        "Let the mask act on the scores.",
    ),
)
def mask_after_softmax(Q, K, V, mask=None):
    weights = _softmax(_scores(Q, K))
    return _result(weights if mask is None else weights * mask, V)


@mistake(
    "attention",
    "the mask is ignored",
    hints=(
        "Where does your function use its fourth argument?",
        "scores, (..., Tq, Tk), become -∞ where the mask is False.",
        "One line between the scores and the softmax.",
    ),
)
def mask_ignored(Q, K, V, mask=None):
    return right(Q, K, V)


@mistake(
    "attention",
    "hidden scores are set to +∞ instead of -∞",
    hints=(
        "Which sign has the score of a key that shall get nothing?",
        "exp(-∞) is 0; with +∞ the maximum of the row, (..., Tq, 1), is ∞, and ∞ - ∞ is nan.",
        "A minus sign in front of np.inf; two of them cancel.",
    ),
)
def plus_infinity(Q, K, V, mask=None):
    scores = _scores(Q, K)
    with np.errstate(all="ignore"):
        scores = scores if mask is None else np.where(mask, scores, -float("-inf"))
        E = np.exp(scores - scores.max(axis=-1, keepdims=True))
        return _result(E / E.sum(axis=-1, keepdims=True), V)


@mistake(
    "attention",
    "a query that may attend to nothing gets nan",
    hints=(
        "What is the maximum of a row in which all scores are -∞, and what is -∞ minus it?",
        "For such a row, (Tk,), weights and output are zeros by definition; everything else goes as before.",
        "Replace a maximum that is not finite, and a sum that is 0, before they do harm.",
    ),
)
def nan_where_nothing_is_left(Q, K, V, mask=None):
    scores = _hidden(_scores(Q, K), mask)
    with np.errstate(all="ignore"):
        E = np.exp(scores - scores.max(axis=-1, keepdims=True))
        return _result(E / E.sum(axis=-1, keepdims=True), V)


@mistake(
    "attention",
    "a query that may attend to nothing attends to all keys alike, as -1e9 makes it",
    hints=(
        "What comes out of softmax where all scores of a row are -1e9?",
        "Softmax sees differences only: equal scores give 1/Tk each, however low. Such a row, (Tk,), should be zeros.",
        "Set the weights to 0 once more where the mask is False.",
    ),
)
def uniform_where_nothing_is_left(Q, K, V, mask=None):
    scores = _scores(Q, K)
    return _result(_softmax(scores if mask is None else np.where(mask, scores, -1e9)), V)


@mistake(
    "attention",
    "the values are taken from K",
    hints=(
        "In self-attention without projections Q, K and V are the same. What if they are not?",
        "out = weights V: (..., Tq, Tk) times (..., Tk, dv). K, (..., Tk, d), has done its work in the scores.",
        "Look at the last product of your function.",
    ),
)
def values_from_K(Q, K, V, mask=None):
    weights = right(Q, K, V, mask)[1]
    return weights @ K, weights


@mistake(
    "attention",
    "softmax subtracts no maximum, and overflows",
    hints=(
        "Try queries a thousand times as large.",
        "Softmax does not change when a constant is subtracted from a row of scores, (..., Tq, Tk).",
        "Subtract each row's own maximum before the exponential.",
    ),
)
def no_maximum(Q, K, V, mask=None):
    with np.errstate(all="ignore"):
        E = np.exp(_hidden(_scores(Q, K), mask))
        total = E.sum(axis=-1, keepdims=True)
        return _result(E / np.where(total == 0.0, 1.0, total), V)


@mistake(
    "attention",
    "one maximum is subtracted for all rows, so that a row far below it loses all its weights",
    hints=(
        "One query has scores near 1000, another one near -1000. What is left of the second one's exponentials?",
        "exp(-2000) is 0: each row of scores, (..., Tq, Tk), needs a maximum of its own, (..., Tq, 1).",
        "Take the maximum along the axis along which you sum, with keepdims.",
    ),
)
def one_maximum(Q, K, V, mask=None):
    scores = _hidden(_scores(Q, K), mask)
    E = np.exp(scores - scores.max())
    total = E.sum(axis=-1, keepdims=True)
    return _result(E / np.where(total == 0.0, 1.0, total), V)


@mistake(
    "attention",
    "the caller's Q is divided by √d in place",
    hints=(
        "Print Q before and after the call.",
        "Q /= ... writes into the array (..., Tq, d) that belongs to the caller.",
        "Write a quotient that makes a new array.",
    ),
)
def scales_in_place(Q, K, V, mask=None):
    Q /= np.sqrt(K.shape[-1])
    return _result(_softmax(_hidden(_scores(Q, K, 1.0), mask)), V)


def _dscores(dout, V, weights):
    dweights = dout @ V.swapaxes(-1, -2)
    return weights * (dweights - np.sum(weights * dweights, axis=-1, keepdims=True))


def _gradients(dscores, dout, Q, K, weights):
    return dscores @ K, dscores.swapaxes(-1, -2) @ Q, weights.swapaxes(-1, -2) @ dout


@mistake(
    "attention_backward",
    "softmax is taken for entries that do not know of each other, with the slope w(1 - w) of the sigmoid",
    hints=(
        "When one weight of a row grows, what do the others do?",
        "dscores = w · (dw - Σ_j w_j dw_j), for each row of weights, (..., Tq, Tk): the sum is what the others lose.",
        "Multiply weights and dweights, add up the rows, and subtract before you multiply by the weights.",
    ),
)
def slope_of_the_sigmoid(dout, Q, K, V, weights):
    dscores = weights * (1.0 - weights) * (dout @ V.swapaxes(-1, -2)) / np.sqrt(K.shape[-1])
    return _gradients(dscores, dout, Q, K, weights)


@mistake(
    "attention_backward",
    "dscores is weights · dweights, without the sum that the row loses",
    hints=(
        "Add up a row of dscores. If all scores of a row grow alike, do its weights change?",
        "dscores = w · (dw - Σ_j w_j dw_j), for each row of weights, (..., Tq, Tk): its rows add up to 0.",
        "A sum over the last axis is to be subtracted from dweights.",
    ),
)
def no_sum(dout, Q, K, V, weights):
    dscores = weights * (dout @ V.swapaxes(-1, -2)) / np.sqrt(K.shape[-1])
    return _gradients(dscores, dout, Q, K, weights)


@mistake(
    "attention_backward",
    "the gradient skips the softmax: dweights is used as dscores",
    hints=(
        "How many steps lead from the scores to out?",
        "Between weights and scores, both (..., Tq, Tk), stands the softmax: dscores = w · (dw - Σ_j w_j dw_j).",
        "Put the formula of the softmax between your two products.",
    ),
)
def skips_softmax(dout, Q, K, V, weights):
    return _gradients(dout @ V.swapaxes(-1, -2) / np.sqrt(K.shape[-1]), dout, Q, K, weights)


@mistake(
    "attention_backward",
    "the sum in the softmax runs over the queries instead of the keys",
    hints=(
        "Which weights compete with each other: those of one query, or those of one key?",
        "dscores = w · (dw - Σ_j w_j dw_j): j runs over the keys, along a row of (..., Tq, Tk).",
        "Take the sum along the last axis.",
    ),
)
def sums_over_queries(dout, Q, K, V, weights):
    dweights = dout @ V.swapaxes(-1, -2)
    dscores = weights * (dweights - np.sum(weights * dweights, axis=-2, keepdims=True)) / np.sqrt(K.shape[-1])
    return _gradients(dscores, dout, Q, K, weights)


@mistake(
    "attention_backward",
    "1/√d is missing",
    hints=(
        "By which factor are dQ and dK off? Does it depend on d?",
        "scores = Q Kᵀ / √d: whatever passes from scores, (..., Tq, Tk), to Q or K passes through the same factor.",
        "Divide dscores by the root of d, once, before the last two products.",
    ),
)
def no_scale_backward(dout, Q, K, V, weights):
    return _gradients(_dscores(dout, V, weights), dout, Q, K, weights)


@mistake(
    "attention_backward",
    "dQ is divided by √d, and dK is not",
    hints=(
        "By which factor is dK off?",
        "scores = Q Kᵀ / √d is symmetric in Q, (..., Tq, d), and K, (..., Tk, d): both gradients have the factor.",
        "Let the scale act on dscores, from which both are made.",
    ),
)
def scales_dQ_only(dout, Q, K, V, weights):
    dQ, dK, dV = _gradients(_dscores(dout, V, weights), dout, Q, K, weights)
    return dQ / np.sqrt(K.shape[-1]), dK, dV


@mistake(
    "attention_backward",
    "dQ and dK are divided by d: the scale has been used twice",
    hints=(
        "By which factor are dQ and dK off? Does it depend on d?",
        "scores = Q Kᵀ / √d has the scale once, and so has its derivative, from (..., Tq, Tk) to (..., Tq, d).",
        "Keep one of the two divisions.",
    ),
)
def scales_twice(dout, Q, K, V, weights):
    return _gradients(_dscores(dout, V, weights) / K.shape[-1], dout, Q, K, weights)


@mistake(
    "attention_backward",
    "dK is made without exchanging the axes of dscores",
    hints=(
        "Which shape has dK, and which one the product that you make it of? Try Tq ≠ Tk.",
        "dK, (..., Tk, d), collects from all queries: (..., Tk, Tq) times (..., Tq, d).",
        "Exchange the last two axes of dscores before the product with Q.",
    ),
)
def dK_without_transpose(dout, Q, K, V, weights):
    dscores = _dscores(dout, V, weights) / np.sqrt(K.shape[-1])
    return dscores @ K, dscores @ Q, weights.swapaxes(-1, -2) @ dout


@mistake(
    "attention_backward",
    "dV is made without exchanging the axes of weights",
    hints=(
        "Which shape has dV, and which one the product that you make it of? Try Tq ≠ Tk.",
        "dV, (..., Tk, dv), collects from all queries that looked there: (..., Tk, Tq) times (..., Tq, dv).",
        "Exchange the last two axes of weights before the product with dout.",
    ),
)
def dV_without_transpose(dout, Q, K, V, weights):
    dscores = _dscores(dout, V, weights) / np.sqrt(K.shape[-1])
    return dscores @ K, dscores.swapaxes(-1, -2) @ Q, weights @ dout


@mistake(
    "attention_backward",
    "all gradients are divided by the number of sequences",
    hints=(
        "Who divides by m in this course: the loss, or every layer?",
        "dout, (..., Tq, dv), already belongs to the mean loss; attention only passes it on.",
        "Take the division by the first axis out.",
    ),
)
def divides_by_m(dout, Q, K, V, weights):
    dscores = _dscores(dout, V, weights) / np.sqrt(K.shape[-1])
    return tuple(one / len(Q) for one in _gradients(dscores, dout, Q, K, weights))


@mistake(
    "attention_backward",
    "dout is changed in place",
    hints=(
        "Print dout before and after the call.",
        "dout *= ... and dout -= ... write into the array (..., Tq, dv) that belongs to the caller.",
        "Build new arrays.",
    ),
)
def writes_into_dout(dout, Q, K, V, weights):
    result = _gradients(_dscores(dout, V, weights) / np.sqrt(K.shape[-1]), dout, Q, K, weights)
    dout /= np.sqrt(K.shape[-1])
    return result
