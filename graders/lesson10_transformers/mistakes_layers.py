"""Wrong implementations of layers.py, as students write them."""

import numpy as np
from nnedu.checking import mistake


def _scaled(X, mean, std, gamma, beta):
    """The output and the cache, from whatever mean and standard deviation."""
    X_hat = (X - mean) / std
    return gamma * X_hat + beta, (X_hat, std, gamma)


def _std(X, eps, **kwargs):
    return np.sqrt(X.var(axis=-1, keepdims=True, **kwargs) + eps)


def _mean(X):
    return X.mean(axis=-1, keepdims=True)


@mistake(
    "layernorm_forward",
    "the numbers are normalised over the batch, as in batch normalisation",
    hints=(
        "Does your result for one sequence depend on the others in the batch?",
        "mean and var belong to one token: over the last axis of X, (..., D), one of each for every token.",
        "Take both along the last axis.",
    ),
)
def over_the_batch(X, gamma, beta, eps=1e-5):
    return _scaled(X, X.mean(axis=0), np.sqrt(X.var(axis=0) + eps), gamma, beta)


@mistake(
    "layernorm_forward",
    "all tokens of a sequence share one mean and one variance",
    hints=(
        "How many means are there for X of shape (5, 4, 6)?",
        "Every token of (m, T, D) has its own mean and variance, over D numbers: (m, T, 1).",
        "Average over the last axis only.",
    ),
)
def over_the_sequence(X, gamma, beta, eps=1e-5):
    axes = tuple(range(1, X.ndim)) if X.ndim > 2 else None
    mean, var = X.mean(axis=axes, keepdims=True), X.var(axis=axes, keepdims=True)
    return _scaled(X, mean, np.sqrt(var + eps), gamma, beta)


@mistake(
    "layernorm_forward",
    "the variance divides by D - 1",
    hints=(
        "With gamma = 1, beta = 0 and eps = 0, what is the spread of a token in your output? Is it exactly 1?",
        "var = (1/D) Σ (x - mean)², over the D numbers of a token.",
        "Leave numpy's ddof at its default.",
    ),
)
def unbiased(X, gamma, beta, eps=1e-5):
    return _scaled(X, _mean(X), _std(X, eps, ddof=1), gamma, beta)


@mistake(
    "layernorm_forward",
    "eps is added to the root instead of under it",
    hints=(
        "Set eps to 0.3, and compare with the formula by hand. Where does it stand?",
        "X_hat = (X - mean) / sqrt(var + eps): eps belongs to the variance, (..., 1).",
        "Let eps join the variance before the root is taken.",
    ),
)
def eps_outside(X, gamma, beta, eps=1e-5):
    with np.errstate(all="ignore"):
        return _scaled(X, _mean(X), _std(X, 0.0) + eps, gamma, beta)


@mistake(
    "layernorm_forward",
    "eps is missing",
    hints=(
        "What does your function give for a token whose numbers are all the same?",
        "X_hat = (X - mean) / sqrt(var + eps): where var, (..., 1), is 0, eps keeps the quotient finite.",
        "Add eps under the root.",
    ),
)
def no_eps(X, gamma, beta, eps=1e-5):
    with np.errstate(all="ignore"):
        return _scaled(X, _mean(X), _std(X, 0.0), gamma, beta)


@mistake(
    "layernorm_forward",
    "the root is missing: the numbers are divided by the variance",
    hints=(
        "Multiply a token by 10. Does your X_hat change?",
        "X_hat = (X - mean) / sqrt(var + eps): the spread, (..., 1), is the root of the variance.",
        "Take the root.",
    ),
)
def no_root(X, gamma, beta, eps=1e-5):
    return _scaled(X, _mean(X), _std(X, eps) ** 2, gamma, beta)


@mistake(
    "layernorm_forward",
    "gamma and beta are missing",
    hints=(
        "What are the two vectors for that your function is given?",
        "out = gamma · X_hat + beta, with gamma and beta (D,), the same for every token.",
        "Scale and shift at the end.",
    ),
)
def no_gamma(X, gamma, beta, eps=1e-5):
    X_hat, cache = _scaled(X, _mean(X), _std(X, eps), 1.0, 0.0)
    return X_hat, (*cache[:2], gamma)


@mistake(
    "layernorm_forward",
    "the caller's X is centred in place",
    hints=(
        "Print X before and after the call.",
        "X -= ... writes into the array (..., D) that belongs to the caller.",
        "Write a difference that makes a new array.",
    ),
)
def centres_in_place(X, gamma, beta, eps=1e-5):
    X -= _mean(X)
    return _scaled(X, 0.0, _std(X, eps), gamma, beta)


def _dX(dX_hat, X_hat, std, axis=-1):
    inner = (dX_hat * X_hat).mean(axis=axis, keepdims=True)
    return (dX_hat - dX_hat.mean(axis=axis, keepdims=True) - X_hat * inner) / std


def _dparams(dout, X_hat):
    axes = tuple(range(dout.ndim - 1))
    return (dout * X_hat).sum(axis=axes), dout.sum(axis=axes)


@mistake(
    "layernorm_backward",
    "dgamma and dbeta are summed over the first axis only, and keep one row for each position",
    hints=(
        "Which shape has your dgamma for tokens of shape (3, 4, 6)?",
        "gamma is (D,), and all tokens of all sequences share it: its gradient is a sum over every axis but the last.",
        "Sum over all axes in front of the last one; reshape(-1, D) is one way to get there.",
    ),
)
def sums_first_axis(dout, cache):
    X_hat, std, gamma = cache
    return _dX(dout * gamma, X_hat, std), (dout * X_hat).sum(axis=0), dout.sum(axis=0)


@mistake(
    "layernorm_backward",
    "dgamma and dbeta are means over the tokens instead of sums",
    hints=(
        "Put every sequence in twice. Does your dgamma change? Who divides in this course?",
        "dgamma, (D,), is the sum over all tokens of dout · X_hat; dout belongs to the mean loss already.",
        "Add up, and do not divide.",
    ),
)
def means_of_parameters(dout, cache):
    X_hat, std, gamma = cache
    dgamma, dbeta = _dparams(dout, X_hat)
    tokens = dout[..., 0].size
    return _dX(dout * gamma, X_hat, std), dgamma / tokens, dbeta / tokens


@mistake(
    "layernorm_backward",
    "mean and variance are taken for constants in dX",
    hints=(
        "Add up your dX over the numbers of a token. Adding 1 to all of them changes nothing in out.",
        "Every number of a token, (D,), moves its mean and its variance: two more terms stand in the bracket of dX.",
        "Subtract the mean of dX_hat, and X_hat times the mean of dX_hat · X_hat, before you divide.",
    ),
)
def constants(dout, cache):
    X_hat, std, gamma = cache
    return dout * gamma / std, *_dparams(dout, X_hat)


@mistake(
    "layernorm_backward",
    "the path through the variance is missing in dX",
    hints=(
        "Stretch a token. out does not change, but for eps. What does that say of the sum of dX · X_hat?",
        "The bracket of dX, (..., D), has three terms; the third one is X_hat times the mean of dX_hat · X_hat.",
        "One more mean over the last axis, times X_hat, is to be subtracted.",
    ),
)
def no_variance_path(dout, cache):
    X_hat, std, gamma = cache
    dX_hat = dout * gamma
    return (dX_hat - _mean(dX_hat)) / std, *_dparams(dout, X_hat)


@mistake(
    "layernorm_backward",
    "the path through the mean is missing in dX",
    hints=(
        "Add up your dX over the numbers of a token. Adding 1 to all of them changes nothing in out.",
        "The bracket of dX, (..., D), has three terms; the second one is the mean of dX_hat over the token.",
        "One more mean over the last axis is to be subtracted.",
    ),
)
def no_mean_path(dout, cache):
    X_hat, std, gamma = cache
    dX_hat = dout * gamma
    return (dX_hat - X_hat * _mean(dX_hat * X_hat)) / std, *_dparams(dout, X_hat)


@mistake(
    "layernorm_backward",
    "gamma is missing in dX",
    hints=(
        "What stands between X_hat and out?",
        "out = gamma · X_hat + beta, so that dX_hat, (..., D), is dout times gamma.",
        "Begin with dX_hat, and use it wherever you use dout for dX.",
    ),
)
def dX_without_gamma(dout, cache):
    X_hat, std, _ = cache
    return _dX(dout, X_hat, std), *_dparams(dout, X_hat)


@mistake(
    "layernorm_backward",
    "the means in dX run over the batch, as in batch normalisation",
    hints=(
        "Over which axis does your forward pass average?",
        "Forward, a token's numbers share one mean and one variance; backward, the means run over the same D numbers.",
        "Take both means along the last axis.",
    ),
)
def means_over_the_batch(dout, cache):
    X_hat, std, gamma = cache
    return _dX(dout * gamma, X_hat, std, axis=0), *_dparams(dout, X_hat)


@mistake(
    "layernorm_backward",
    "dX is not divided by the spread",
    hints=(
        "Multiply X by 10. What should happen to dX?",
        "X_hat = (X - mean) / sqrt(var + eps): the derivative has the same denominator, (..., 1).",
        "Divide the bracket by what forward divided by.",
    ),
)
def dX_without_std(dout, cache):
    X_hat, _, gamma = cache
    return _dX(dout * gamma, X_hat, 1.0), *_dparams(dout, X_hat)


@mistake(
    "ffn",
    "ReLU is missing, so that two layers are one affine map",
    hints=(
        "What do two affine maps make, one after the other?",
        "relu(X @ W1 + b1) @ W2 + b2: what is negative in the hidden layer, (..., F), becomes 0.",
        "One function call between the two products.",
    ),
)
def ffn_without_relu(X, W1, b1, W2, b2):
    return (X @ W1 + b1) @ W2 + b2


@mistake(
    "ffn",
    "ReLU is applied to the output too",
    hints=(
        "Can your result be negative?",
        "relu(X @ W1 + b1) @ W2 + b2: the second layer, (..., D), has no activation, as it is added to its input.",
        "Leave the second layer as it is.",
    ),
)
def relu_at_the_end(X, W1, b1, W2, b2):
    return np.maximum(np.maximum(X @ W1 + b1, 0.0) @ W2 + b2, 0.0)


@mistake(
    "ffn",
    "the biases are missing",
    hints=(
        "What does your function give for a token of zeros?",
        "relu(X @ W1 + b1) @ W2 + b2, with b1 (F,) and b2 (D,).",
        "Each layer adds its bias.",
    ),
)
def ffn_without_biases(X, W1, b1, W2, b2):
    return np.maximum(X @ W1, 0.0) @ W2


@mistake(
    "ffn",
    "ReLU is applied to the input instead of the hidden layer",
    hints=(
        "What is negative in X: is it of no use?",
        "relu(X @ W1 + b1) @ W2 + b2: ReLU acts on the hidden layer, (..., F).",
        "Move it behind the first layer.",
    ),
)
def relu_of_the_input(X, W1, b1, W2, b2):
    return (np.maximum(X, 0.0) @ W1 + b1) @ W2 + b2


@mistake(
    "ffn",
    "the tokens of a sequence are added up",
    hints=(
        "Which shape has your result for tokens of shape (3, 4, 5)?",
        "Every token is treated for itself: (..., D) goes in, and (..., D) comes out.",
        "numpy's @ works on the last axis by itself; no sum is needed.",
    ),
)
def adds_tokens(X, W1, b1, W2, b2):
    return (np.maximum(X @ W1 + b1, 0.0) @ W2 + b2).sum(axis=-2)
