"""Wrong implementations of dropout.py, as students write them."""

# ruff: noqa: FBT002 - the signature is that of the exercise

import numpy as np
from nnedu.checking import mistake


@mistake(
    "dropout_forward",
    "what is kept is not divided by keep_prob",
    hints=(
        "Send an array of ones through, in training and in evaluation. What is the mean of each?",
        (
            "Of an entry x, a share keep_prob is left on average: E[mask · x] = keep_prob · x. Evaluation returns x. "
            "Training has to make up for it."
        ),
        "One division is missing in the training branch, by the probability to be kept.",
    ),
)
def unscaled(X, keep_prob, rng, training=True):
    if not training:
        return X.copy(), None
    mask = rng.random(X.shape) < keep_prob
    return X * mask, mask


@mistake(
    "dropout_forward",
    "this is plain dropout, which scales in evaluation instead of in training",
    hints=(
        "There are two kinds of dropout. Which of the two has an evaluation that does nothing?",
        (
            "Plain: out = X · mask, later keep_prob · X. Inverted: the compensation comes at once, in training, and "
            "evaluation returns X itself."
        ),
        "Move the factor from one branch to the other; there it becomes a division.",
    ),
)
def scales_in_evaluation(X, keep_prob, rng, training=True):
    if not training:
        return keep_prob * X, None
    mask = rng.random(X.shape) < keep_prob
    return X * mask, mask


@mistake(
    "dropout_forward",
    "keep_prob is taken for the probability to drop",
    hints=(
        "For keep_prob = 0.8, how many of a thousand entries should be zero, and how many are?",
        "P(mask = True) = keep_prob. Other libraries name the opposite: a drop rate p = 1 - keep_prob.",
        "Compare the draws with keep_prob the other way round, and divide by keep_prob as well.",
    ),
)
def drops_keep_prob(X, keep_prob, rng, training=True):
    if not training:
        return X.copy(), None
    mask = rng.random(X.shape) > keep_prob
    with np.errstate(all="ignore"):
        return X * mask / (1 - keep_prob), mask


@mistake(
    "dropout_forward",
    "the comparison with keep_prob is the wrong way round",
    hints=(
        "For keep_prob = 0.8, how many of a thousand entries should be zero, and how many are?",
        "P(u < p) = p for u uniform on [0, 1), and P(mask = True) should be keep_prob, for each entry of X (m, n).",
        "A kept entry is one whose draw lies below keep_prob.",
    ),
)
def compares_wrong_way(X, keep_prob, rng, training=True):
    if not training:
        return X.copy(), None
    mask = rng.random(X.shape) > keep_prob
    return X * mask / keep_prob, mask


@mistake(
    "dropout_forward",
    "the right share is kept, but the mask is True where an entry is switched off",
    hints=(
        "Where your mask is True, is out zero or not?",
        "The mask has the shape of X and says what is kept: out = X / keep_prob where it is True, else 0.",
        "Return the mask that you multiply by, not its opposite.",
    ),
)
def mask_of_dropped(X, keep_prob, rng, training=True):
    if not training:
        return X.copy(), None
    dropped = rng.random(X.shape) >= keep_prob
    return np.where(dropped, 0.0, X / keep_prob), dropped


@mistake(
    "dropout_forward",
    "what is kept is divided by 1 - keep_prob",
    hints=(
        "What is the mean of a thousand ones after your dropout with keep_prob = 0.8?",
        "E[mask · x] = keep_prob · x, and the result should be x. By what must you divide?",
        "Divide by the share that is left, not by the share that is gone.",
    ),
)
def scales_by_drop_rate(X, keep_prob, rng, training=True):
    if not training:
        return X.copy(), None
    mask = rng.random(X.shape) < keep_prob
    with np.errstate(all="ignore"):
        return X * mask / (1 - keep_prob), mask


@mistake(
    "dropout_forward",
    "the draws come from a normal distribution instead of a uniform one",
    hints=(
        "Count the zeros for keep_prob = 0.7. Are there 30 % of them?",
        "P(u < p) = p holds for u uniform on [0, 1). A normal number is below 0.7 with probability 0.758.",
        "Ask rng for uniform numbers of the shape of X.",
    ),
)
def normal_draws(X, keep_prob, rng, training=True):
    if not training:
        return X.copy(), None
    mask = rng.standard_normal(X.shape) < keep_prob
    return X * mask / keep_prob, mask


@mistake(
    "dropout_forward",
    "one row of the mask is used for all samples",
    hints=(
        "Compare two rows of out. Where are their zeros?",
        "X is (m, n), and all m·n entries are switched off independently. A mask (n,) is broadcast along the samples.",
        "The array of draws needs the whole shape of X.",
    ),
)
def one_row(X, keep_prob, rng, training=True):
    if not training:
        return X.copy(), None
    mask = np.broadcast_to(rng.random(X.shape[-1]) < keep_prob, X.shape).copy()
    return X * mask / keep_prob, mask


@mistake(
    "dropout_forward",
    "whole samples are switched off instead of single entries",
    hints=(
        "Look at one row of out: is there any with both zeros and numbers?",
        "X is (m, n), and all m·n entries are switched off independently. A mask (m, 1) is broadcast along the units.",
        "The array of draws needs the whole shape of X, not only its length.",
    ),
)
def whole_samples(X, keep_prob, rng, training=True):
    if not training:
        return X.copy(), None
    draws = rng.random((len(X),) + (1,) * (X.ndim - 1))
    mask = np.broadcast_to(draws < keep_prob, X.shape).copy()
    return X * mask / keep_prob, mask


@mistake(
    "dropout_forward",
    "entries are dropped in evaluation too",
    hints=(
        "Predict twice for the same input with training=False. Is the answer the same?",
        "In evaluation out = X, of X's shape, and there is no mask. The flag `training` decides.",
        "Ask the flag first, and return a copy and None before anything is drawn.",
    ),
)
def always_on(X, keep_prob, rng, training=True):
    mask = rng.random(X.shape) < keep_prob
    return X * mask / keep_prob, mask


@mistake(
    "dropout_forward",
    "the mask is drawn from numpy's global generator",
    hints=(
        "Call your function with np.random.default_rng(1) and with np.random.default_rng(2). What is different?",
        (
            "Chance comes in only through the argument rng, (m, n) draws for X (m, n), so that the caller can "
            "repeat a run."
        ),
        "Take the method of rng in place of the function of np.random, and seed nothing.",
    ),
)
def global_generator(X, keep_prob, rng, training=True):
    if not training:
        return X.copy(), None
    np.random.seed(42)  # noqa: NPY002, TID251 - this is the mistake
    mask = np.random.rand(*X.shape) < keep_prob  # noqa: NPY002
    return X * mask / keep_prob, mask


@mistake(
    "dropout_forward",
    "the mask is returned already divided by keep_prob",
    hints=(
        "Which values does your mask hold, and which does the lesson ask for?",
        "mask (m, n) is True or False (1 or 0). dropout_backward is given keep_prob, and divides by it itself.",
        "Divide in out, and return the mask as it came from the comparison.",
    ),
)
def scaled_mask(X, keep_prob, rng, training=True):
    if not training:
        return X.copy(), None
    mask = (rng.random(X.shape) < keep_prob) / keep_prob
    return X * mask, mask


@mistake(
    "dropout_forward",
    "evaluation hands out the caller's own array",
    hints=(
        "Write a number into out after an evaluation, and print X. Has it changed?",
        "out is a new array of X's shape in both branches; whoever writes into it must not reach X.",
        "Return a copy in evaluation.",
    ),
)
def returns_X_itself(X, keep_prob, rng, training=True):
    if not training:
        return X, None
    mask = rng.random(X.shape) < keep_prob
    return X * mask / keep_prob, mask


@mistake(
    "dropout_forward",
    "the entries of the caller's X are switched off in place",
    hints=(
        "Print X before and after the call. Where do the zeros come from?",
        "`X *= mask`, `X[~mask] = 0` and `X /= keep_prob` write into the array that the caller still needs.",
        "Write a product instead of an assignment to X: it makes a new array of the same shape.",
    ),
)
def edits_X(X, keep_prob, rng, training=True):
    if not training:
        return X.copy(), None
    mask = rng.random(X.shape) < keep_prob
    X[~mask] = 0.0
    return X / keep_prob, mask


@mistake(
    "dropout_forward",
    "the mask has two dimensions, whatever the shape of X",
    hints=(
        "What is the shape of your mask when X has three dimensions?",
        "mask has the shape of X, which is (m, n) in a dense layer and (m, channels, height, width) in another.",
        "Hand the whole shape to rng instead of its first two numbers.",
    ),
)
def two_dimensions(X, keep_prob, rng, training=True):
    if not training:
        return X.copy(), None
    mask = rng.random((X.shape[0], X.shape[1])) < keep_prob
    return X * mask / keep_prob, mask


@mistake(
    "dropout_backward",
    "the gradient is masked but not divided by keep_prob",
    hints=(
        "With out = 2x, what is the slope of out?",
        "Where the mask is True, out = X / keep_prob, so ∂out/∂X = 1 / keep_prob there.",
        "The scale of the forward pass belongs to the slope: divide here as well.",
    ),
)
def backward_unscaled(dout, mask, keep_prob):
    return dout.copy() if mask is None else dout * mask


@mistake(
    "dropout_backward",
    "the gradient is divided by keep_prob but not masked",
    hints=(
        "How much does the loss change when an entry changes that was switched off?",
        "dX = dout · ∂out/∂X, entry by entry, all of shape (m, n); the slope is 0 where the mask is False.",
        "Multiply by the mask that was used in the forward pass.",
    ),
)
def backward_unmasked(dout, mask, keep_prob):
    return dout.copy() if mask is None else dout / keep_prob


@mistake(
    "dropout_backward",
    "the gradient passes as if there were no dropout",
    hints=(
        "What would the gradient be in evaluation, and what must be different in training?",
        "dX = dout · mask / keep_prob in training, where mask (m, n) is given; only without a mask dX = dout.",
        "Only one of two cases is there: handle the one with a mask, by masking and scaling.",
    ),
)
def backward_identity(dout, mask, keep_prob):
    return dout.copy()


@mistake(
    "dropout_backward",
    "the gradient is multiplied by keep_prob instead of divided",
    hints=(
        "Is the slope of x / 0.5 smaller or larger than 1?",
        "out = X / keep_prob where the mask is True. A constant factor of a function is a factor of its slope.",
        "The same operation as in the forward pass, not its inverse.",
    ),
)
def backward_multiplies(dout, mask, keep_prob):
    return dout.copy() if mask is None else dout * mask * keep_prob


@mistake(
    "dropout_backward",
    "there is no case for evaluation, in which the mask is None",
    hints=(
        "What does dropout_forward return as its mask in evaluation, and what does your product make of it?",
        "With mask None the forward pass was out = X, so ∂out/∂X = 1 everywhere.",
        "Ask for None first, and return the gradient as it came.",
    ),
)
def backward_fails_on_none(dout, mask, keep_prob):
    return dout * mask / keep_prob


@mistake(
    "dropout_backward",
    "no mask is treated as a mask of zeros",
    hints=(
        "In evaluation nothing is switched off. Why should no gradient pass?",
        "With mask None the forward pass was out = X, so dX = dout, of shape (m, n).",
        "Without a mask return the gradient itself, as a copy, not zeros.",
    ),
)
def backward_zeros_on_none(dout, mask, keep_prob):
    return np.zeros(dout.shape) if mask is None else dout * mask / keep_prob


@mistake(
    "dropout_backward",
    "the caller's dout is edited in place",
    hints=(
        "Print dout before and after the call. Is it still the same?",
        "`dout *= mask` and `dout[~mask] = 0` write into the caller's array, which may be needed again.",
        "Write a product instead of an assignment to dout.",
    ),
)
def backward_edits_dout(dout, mask, keep_prob):
    if mask is not None:
        dout *= mask
        dout /= keep_prob
    return dout.copy()
