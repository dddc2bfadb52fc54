"""Wrong implementations of losses.py, as students write them."""

import numpy as np
from losses import binary_cross_entropy, categorical_cross_entropy, cross_entropy_from_logits, mse_loss

from nnedu.checking import mistake


def _same_shape(a, b):
    if a.shape != b.shape:
        raise ValueError(f"{a.shape} is not {b.shape}")


def _surprise(y, p):
    """The binary cross-entropy of every entry, with nothing clipped."""
    return -(y * np.log(p) + (1.0 - y) * np.log(1.0 - p))


@mistake(
    "binary_cross_entropy",
    "the loss is the sum over the batch, not the mean",
    hints=(
        "Stack the batch on top of itself. Should the loss change?",
        "L is an average over the N entries of y (m, 1), so that batches of different size can be compared.",
        "Divide the sum by the number of entries, or let numpy average.",
    ),
)
def bce_sum(y, p, eps=1e-12):
    return binary_cross_entropy(y, p, eps) * y.size


@mistake(
    "binary_cross_entropy",
    "the sum is divided by shape[1], which is the number of outputs here, not of samples",
    hints=(
        "Which axis of y holds the samples in this course?",
        "y is (m, 1): shape[0] is m, shape[1] is 1. Where samples are columns it is the other way round.",
        "Average over all entries, and no axis has to be named.",
    ),
)
def bce_divides_by_columns(y, p, eps=1e-12):
    total = binary_cross_entropy(y, p, eps) * y.size
    return total / y.shape[1]


@mistake(
    "binary_cross_entropy",
    "the sum is divided by the rows only, although it runs over all entries",
    hints=(
        "What happens to your loss when every output stands there twice, side by side?",
        (
            "The mean runs over all N = m·k entries of y (m, k); with one output that is the same as m, with "
            "four it is 4m."
        ),
        "Divide by the size of the array instead of its length.",
    ),
)
def bce_divides_by_rows(y, p, eps=1e-12):
    return binary_cross_entropy(y, p, eps) * y.size / len(y)


@mistake(
    "binary_cross_entropy",
    "the minus sign is missing",
    hints=(
        "Is your loss positive or negative? Which one should it be?",
        "The logarithm of a probability is never positive, so every term y log p + (1 - y) log(1 - p) is at most 0.",
        "Change the sign of the mean.",
    ),
)
def bce_without_minus(y, p, eps=1e-12):
    return -binary_cross_entropy(y, p, eps)


@mistake(
    "binary_cross_entropy",
    "the minus sign belongs to the first of the two terms only",
    hints=(
        "Take y = 0 and p = 0.9, a bad guess. Is its loss positive?",
        "Both terms, y log p and (1 - y) log(1 - p), are at most 0, and the minus has to reach both.",
        "Put brackets around the sum of the two terms, and the minus in front of the brackets.",
    ),
)
def bce_minus_on_the_first_term(y, p, eps=1e-12):
    _same_shape(y, p)
    p = np.clip(np.asarray(p, dtype=float), eps, 1.0 - eps)
    return float(np.mean(-y * np.log(p) + (1.0 - y) * np.log(1.0 - p)))


@mistake(
    "binary_cross_entropy",
    "target and prediction are exchanged: the logarithms are taken of y",
    hints=(
        "Which of the two arguments stands inside the logarithms?",
        (
            "y holds the answers, 0 or 1, and weighs the two terms. The probabilities p (m, 1) are what the "
            "logarithm is of."
        ),
        "Exchange the two names in the formula; the targets come first in the list of arguments.",
    ),
)
def bce_swaps_arguments(y, p, eps=1e-12):
    return binary_cross_entropy(p, y, eps)


@mistake(
    "binary_cross_entropy",
    "nothing is clipped, and log 0 makes the loss infinite or nan",
    hints=(
        "What is your loss for p = 0 and p = 1 exactly?",
        "log 0 is -inf, and 0 · log 0 is nan. A sigmoid does return exactly 0 or 1 for large inputs.",
        "Before the logarithms bring p (m, 1) into the interval from eps to 1 - eps, at both ends.",
    ),
)
def bce_without_clip(y, p, eps=1e-12):
    del eps
    _same_shape(y, p)
    return float(np.mean(_surprise(np.asarray(y, dtype=float), np.asarray(p, dtype=float))))


@mistake(
    "binary_cross_entropy",
    "eps is added inside the logarithms instead of clipping",
    hints=(
        "Your loss for a perfect prediction is slightly negative. Can that be?",
        (
            "With p = 1 the logarithm of p + eps is above 0. Clipping keeps p in [eps, 1 - eps], and changes "
            "nothing in between."
        ),
        "Replace the two additions by one clip of p, before both logarithms.",
    ),
)
def bce_adds_eps(y, p, eps=1e-12):
    _same_shape(y, p)
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    return float(-np.mean(y * np.log(p + eps) + (1.0 - y) * np.log(1.0 - p + eps)))


@mistake(
    "binary_cross_entropy",
    "float32 probabilities stay float32, where 1 - eps is 1 and clips nothing",
    hints=(
        "What is np.float32(1) - np.float32(1e-12)?",
        "float32 has about seven digits: near 1 its numbers are 6e-8 apart. So p = 1 stays 1, and log(1 - p) is -inf.",
        "Convert p to float64 first, and clip then.",
    ),
)
def bce_in_single_precision(y, p, eps=1e-12):
    _same_shape(y, p)
    p = np.clip(p, p.dtype.type(eps), p.dtype.type(1.0 - eps))
    return float(np.mean(_surprise(y, p)))


@mistake(
    "binary_cross_entropy",
    "different shapes are accepted: (m,) against (m, 1) silently broadcasts to (m, m)",
    hints=(
        "Print the shape of y * p for a y of shape (m,) and a p of shape (m, 1). What do you see?",
        "Broadcasting pairs every target with every prediction: m² numbers of which m are meant, and a wrong mean.",
        "Compare the two shapes before you compute, and raise a ValueError if they are not equal.",
    ),
)
def bce_broadcasts(y, p, eps=1e-12):
    y, p = np.broadcast_arrays(y, p)
    return binary_cross_entropy(y, p, eps)


def _log(P):
    return np.log(np.clip(P, 1e-12, 1.0))


@mistake(
    "categorical_cross_entropy",
    "the mean runs over all m·K entries instead of the m rows",
    hints=(
        "What does a uniform guess over ten classes cost you? It should cost ln 10 = 2.303.",
        "L = -(1/m) Σ_i Σ_c Y[i, c] log P[i, c]: the K classes of a row are summed, the m rows are averaged.",
        "Divide by the number of rows, not by the size of the array.",
    ),
)
def cce_mean_over_entries(Y, P):
    return categorical_cross_entropy(Y, P) / Y.shape[1]


@mistake(
    "categorical_cross_entropy",
    "the binary formula is used, with its terms for 1 - Y",
    hints=(
        "Which probabilities of a row enter the loss when one class is true?",
        (
            "With exclusive classes only the true one counts: Σ_c Y[i, c] log P[i, c]. The others matter through "
            "their sum, 1 - P."
        ),
        "Take out the second term, the one with 1 - Y and 1 - P.",
    ),
)
def cce_binary(Y, P):
    _same_shape(Y, P)
    P = np.clip(P, 1e-12, 1.0 - 1e-12)
    return float(np.mean(np.sum(_surprise(Y, P), axis=1)))


@mistake(
    "categorical_cross_entropy",
    "the logarithm is taken of the product Y·P, which is 0 for every other class",
    hints=(
        "How many entries of Y * P are 0, and what does the logarithm make of them?",
        "Y (m, K) is a weight in front of the logarithm: Σ_c Y[i, c] log P[i, c]. It does not belong inside.",
        "Take the logarithm of P alone, and multiply the result by Y.",
    ),
)
def cce_log_of_product(Y, P):
    _same_shape(Y, P)
    return float(-np.sum(np.log(Y * P)) / len(Y))


@mistake(
    "categorical_cross_entropy",
    "the logarithm is taken of the row sums of Y·P, which is right for one-hot targets only",
    hints=(
        "What is your loss when the target itself is spread over two classes?",
        "Σ_c Y[i, c] log P[i, c] is a mean of logarithms, and log Σ_c Y[i, c] P[i, c] is the logarithm of a mean.",
        "Logarithm first, then weigh with Y and sum along the row.",
    ),
)
def cce_log_of_row_sum(Y, P):
    _same_shape(Y, P)
    return float(-np.mean(_log(np.sum(Y * P, axis=1))))


@mistake(
    "categorical_cross_entropy",
    "0 · log 0 makes the loss nan",
    hints=(
        "What does numpy make of 0 · log 0?",
        "Where Y = 0 a class should contribute nothing, even if P (m, K) is exactly 0 there; but 0 times -inf is nan.",
        "Keep P away from 0 by a tiny amount before the logarithm.",
    ),
)
def cce_without_clip(Y, P):
    _same_shape(Y, P)
    return float(-np.mean(np.sum(Y * np.log(P), axis=1)))


@mistake(
    "categorical_cross_entropy",
    "the minus sign is missing",
    hints=(
        "Is your loss positive or negative? Which one should it be?",
        "The logarithm of a probability is never positive, so the double sum over Y log P is at most 0.",
        "Change the sign of the mean.",
    ),
)
def cce_without_minus(Y, P):
    return -categorical_cross_entropy(Y, P)


@mistake(
    "categorical_cross_entropy",
    "the loss is the sum over the rows, not their mean",
    hints=(
        "Stack the batch on top of itself. Should the loss change?",
        "L = -(1/m) Σ_i Σ_c Y[i, c] log P[i, c]: a sum over classes, a mean over the m rows.",
        "Divide once by the number of rows.",
    ),
)
def cce_sum(Y, P):
    return categorical_cross_entropy(Y, P) * len(Y)


@mistake(
    "categorical_cross_entropy",
    "different shapes are accepted, and broadcasting pairs what does not belong together",
    hints=(
        "What does your function do with a single row of targets and five rows of predictions?",
        "Y and P are both (m, K). Broadcasting repeats a smaller array without a word.",
        "Compare the two shapes before you compute, and raise a ValueError if they are not equal.",
    ),
)
def cce_broadcasts(Y, P):
    return float(-np.mean(np.sum(Y * _log(P), axis=1)))


def _checked(Z, y):
    if np.shape(y) != (len(Z),):
        raise ValueError(f"y has shape {np.shape(y)}")
    return np.arange(len(Z)), Z.max(axis=1, keepdims=True)


def _log_sum(Z):
    return np.log(np.sum(np.exp(Z), axis=1))


@mistake(
    "cross_entropy_from_logits",
    "softmax is computed first and its logarithm afterwards, which is infinite where a probability is 0",
    hints=(
        "Is the loss for the logits [0, 1000] and the class 0 really infinite?",
        "You take exponentials of Z (m, K) and then a logarithm. Write log softmax on paper, and see what cancels.",
        (
            "Per row: the largest logit, plus the log of the summed exponentials of the differences to it, minus "
            "the true logit."
        ),
    ),
)
def logits_log_of_softmax(Z, y):
    rows, Z_max = _checked(Z, y)
    E = np.exp(Z - Z_max)
    P = E / np.sum(E, axis=1, keepdims=True)
    return float(-np.mean(np.log(P[rows, y])))


@mistake(
    "cross_entropy_from_logits",
    "the probabilities are clipped, so that no example can cost more than 27.6",
    hints=(
        "What is your loss for the logits [0, 1000] and the class 0? It should be 1000.",
        "-log(1e-12) is 27.6, and behind that wall the loss is flat. From logits Z (m, K) nothing needs to be clipped.",
        "Do not form probabilities at all: subtract the true logit from the log of the summed exponentials.",
    ),
)
def logits_clips(Z, y):
    rows, Z_max = _checked(Z, y)
    E = np.exp(Z - Z_max)
    P = np.clip(E / np.sum(E, axis=1, keepdims=True), 1e-12, 1.0)
    return float(-np.mean(np.log(P[rows, y])))


@mistake(
    "cross_entropy_from_logits",
    "the maximum is subtracted inside the sum, but not added back",
    hints=(
        "Add 5 to all logits of a row. Should the loss change, and does yours?",
        "log Σ exp(z - max) is log Σ exp(z) minus max. The true logit of Z (m, K) has not been shifted.",
        "Either add each row's maximum to the logarithm, or take it off the true logit as well.",
    ),
)
def logits_forgets_the_maximum(Z, y):
    rows, Z_max = _checked(Z, y)
    return float(np.mean(_log_sum(Z - Z_max) - Z[rows, y]))


@mistake(
    "cross_entropy_from_logits",
    "Z[:, y] picks m columns in every row, instead of one entry per row",
    hints=(
        "What is the shape of Z[:, y], and what shape do you need?",
        "A slice and an index array give every combination, (m, m). Two index arrays of length m are paired up, (m,).",
        "Index the rows with 0, 1, ..., m - 1 and the columns with y, both as arrays.",
    ),
)
def logits_picks_columns(Z, y):
    _, Z_max = _checked(Z, y)
    log_sum = Z_max + _log_sum(Z - Z_max)[:, None]
    return float(np.mean(log_sum - Z[:, y]))


@mistake(
    "cross_entropy_from_logits",
    "no maximum is taken out of the sum, and exp overflows",
    hints=(
        "What is np.exp(1000)?",
        "log Σ exp(z) = c + log Σ exp(z - c) for every number c. Which c keeps all exponents of a row at or below 0?",
        "Take each row's own maximum out of the exponentials, and add it again outside the logarithm.",
    ),
)
def logits_no_maximum(Z, y):
    rows, _ = _checked(Z, y)
    return float(np.mean(_log_sum(Z) - Z[rows, y]))


@mistake(
    "cross_entropy_from_logits",
    "one maximum is used for the whole batch, and rows far below it vanish",
    hints=(
        "What happens to a row whose logits all lie 2000 below those of another row?",
        "With Z (m, K) and one maximum, exp of such a row is 0 everywhere, and log 0 is -inf. Rows are independent.",
        "Take the maximum along axis 1, and keep that axis for the subtraction.",
    ),
)
def logits_one_maximum(Z, y):
    rows, _ = _checked(Z, y)
    return float(np.mean(Z.max() + _log_sum(Z - Z.max()) - Z[rows, y]))


@mistake(
    "cross_entropy_from_logits",
    "the loss is the sum over the rows, not their mean",
    hints=(
        "Stack the batch on top of itself. Should the loss change?",
        "There is one loss per row of Z (m, K), and L is their average.",
        "Divide once by the number of rows.",
    ),
)
def logits_sum(Z, y):
    return cross_entropy_from_logits(Z, y) * len(Z)


@mistake(
    "cross_entropy_from_logits",
    "a y of shape (m, 1) is accepted, and indexing silently pairs all rows with all classes",
    hints=(
        "What is the shape of what you pick from Z when y is a column, (m, 1)?",
        "Index arrays of shapes (m,) and (m, 1) broadcast to (m, m). The mean of that is a number, and a wrong one.",
        "Compare the shape of y with (m,) at the start, and raise a ValueError if it differs.",
    ),
)
def logits_column_accepted(Z, y):
    Z_max = Z.max(axis=1, keepdims=True)
    log_sum = Z_max[:, 0] + _log_sum(Z - Z_max)
    return float(np.mean(log_sum - Z[np.arange(len(y)), y]))


@mistake(
    "cross_entropy_from_logits",
    "the maximum is subtracted from the caller's Z in place",
    hints=(
        "Print Z before and after the call. Is it still the same?",
        (
            "Z -= ... writes into the array (m, K) that belongs to the caller. Only the loss may come out of "
            "this function."
        ),
        "Write the shifted logits as a new array, with a minus sign instead of an assignment operator.",
    ),
)
def logits_edits_Z(Z, y):
    rows, Z_max = _checked(Z, y)
    Z -= Z_max
    return float(np.mean(_log_sum(Z) - Z[rows, y]))


@mistake(
    "mse_loss",
    "there is a factor 1/2 in front",
    hints=(
        "What does a prediction cost that is off by exactly 1?",
        "Some texts halve the square so that its derivative has no 2. Here L = (1/N) Σ (y_true - y_pred)², N entries.",
        "Take the 1/2 out.",
    ),
)
def mse_half(y_true, y_pred):
    return mse_loss(y_true, y_pred) / 2.0


@mistake(
    "mse_loss",
    "the mean runs over the rows only, and the outputs of a row are summed",
    hints=(
        "What happens to your loss when every output stands there twice, side by side?",
        "N counts all m·k entries of an (m, k) array; its length is m.",
        "Average over all axes at once.",
    ),
)
def mse_mean_over_rows(y_true, y_pred):
    return mse_loss(y_true, y_pred) * y_true.size / len(y_true)


@mistake(
    "mse_loss",
    "different shapes are accepted: (m,) minus (m, 1) silently gives (m, m)",
    hints=(
        "What is the shape of y_true - y_pred for the shapes (m,) and (m, 1)?",
        "Broadcasting subtracts every prediction from every target: m² differences of which only m are meant.",
        "Compare the two shapes first, and raise a ValueError if they are not equal.",
    ),
)
def mse_broadcasts(y_true, y_pred):
    return float(np.square(y_true - y_pred).mean())


@mistake(
    "mse_loss",
    "the squares are summed, not averaged",
    hints=(
        "Stack the batch on top of itself. Should the loss change?",
        "L = (1/N) Σ (y_true - y_pred)² with N the number of entries, m·k for an (m, k) array.",
        "Divide by the number of entries, or let numpy average.",
    ),
)
def mse_sum(y_true, y_pred):
    return mse_loss(y_true, y_pred) * y_true.size


@mistake(
    "mse_loss",
    "a square root is taken at the end",
    hints=(
        "In which unit is your loss, if the targets are in metres?",
        (
            "The mean of the squares is the loss itself, (1/N) Σ (y_true - y_pred)². Its root is another "
            "measure, the RMSE."
        ),
        "Leave the root out.",
    ),
)
def mse_root(y_true, y_pred):
    return float(np.sqrt(mse_loss(y_true, y_pred)))
