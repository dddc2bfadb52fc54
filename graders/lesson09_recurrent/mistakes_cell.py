"""Half-finished repairs of cell.py, as students leave them."""

import numpy as np
from nnedu.checking import mistake


def _softmax(Z, axis=0):
    E = np.exp(Z - Z.max(axis=axis, keepdims=True))
    return E / E.sum(axis=axis, keepdims=True)


def _logits(x_t, h_prev, parameters):
    W_xh, W_hh, b_h, W_hy, b_y = parameters
    h_next = np.tanh(W_xh @ x_t + W_hh @ h_prev + b_h)
    return h_next, W_hy @ h_next + b_y


@mistake(
    "rnn_cell_forward",
    "the tuple is still taken apart in the order W_hh, W_xh, b_h, W_hy, b_y",
    hints=(
        "Which shape has the first array of the tuple, for n = 5 and d = 4, and what do you call it?",
        "parameters = (W_xh, W_hh, b_h, W_hy, b_y), with W_xh (d, n) and W_hh (d, d). Where n = d no shape complains.",
        "Let the names on the left stand in the order of the docstring.",
    ),
)
def keeps_the_order(x_t, h_prev, parameters):
    W_hh, W_xh, b_h, W_hy, b_y = parameters
    h_next, Z = _logits(x_t, h_prev, (W_xh, W_hh, b_h, W_hy, b_y))
    return h_next, _softmax(Z)


@mistake(
    "rnn_cell_forward",
    "the output is the logits: the softmax of the formula is missing",
    hints=(
        "Add up one column of y_t. What should come out?",
        "y_t = softmax(W_hy @ h_next + b_y), of shape (k, m): k probabilities in every column.",
        "The file has a softmax that nobody calls here.",
    ),
)
def returns_logits(x_t, h_prev, parameters):
    return _logits(x_t, h_prev, parameters)


@mistake(
    "rnn_cell_forward",
    "softmax is taken along the rows, although the samples are columns here",
    hints=(
        "Add up one column of y_t, and one row. Which of the two should be 1?",
        "y_t is (k, m): k classes down, m samples across. axis=-1, right in the rest of the course, mixes the samples.",
        "Normalise along the first axis.",
    ),
)
def softmax_of_rows(x_t, h_prev, parameters):
    h_next, Z = _logits(x_t, h_prev, parameters)
    return h_next, _softmax(Z, axis=-1)


@mistake(
    "rnn_cell_forward",
    "softmax divides by the sum of the whole array, instead of the sum of each column",
    hints=(
        "Add up one column of y_t, and then all of it. Which of the two is 1?",
        "y_t is (k, m), and each of its m columns is a distribution of its own.",
        "Both the maximum and the sum in softmax belong to one column.",
    ),
)
def softmax_of_everything(x_t, h_prev, parameters):
    h_next, Z = _logits(x_t, h_prev, parameters)
    E = np.exp(Z - Z.max())
    return h_next, E / np.sum(E)


@mistake(
    "rnn_cell_forward",
    "softmax is applied twice, to the probabilities as if they were logits",
    hints=(
        "Make one logit very large. Does its probability come near 1?",
        "Probabilities (k, m) lie between 0 and 1, so that a second softmax can make none larger than e / (e + k - 1).",
        "Between the logits and y_t there is one softmax.",
    ),
)
def softmax_twice(x_t, h_prev, parameters):
    h_next, Z = _logits(x_t, h_prev, parameters)
    return h_next, _softmax(_softmax(Z))


@mistake(
    "rnn_cell_forward",
    "softmax subtracts no maximum, and overflows",
    hints=(
        "Try logits around 1000.",
        "Softmax does not change when a constant is subtracted from a column of Z (k, m), and exp(0) is no problem.",
        "Subtract each column's own maximum before the exponential.",
    ),
)
def softmax_overflows(x_t, h_prev, parameters):
    h_next, Z = _logits(x_t, h_prev, parameters)
    with np.errstate(all="ignore"):
        E = np.exp(Z)
        return h_next, E / E.sum(axis=0)


@mistake(
    "rnn_cell_forward",
    "one maximum is subtracted for all columns, so that a column far below it underflows",
    hints=(
        "One sample has logits near 1000, another one near -1000. What is left of the second one's exponentials?",
        "Z is (k, m). exp(-2000) is 0, and 0 / 0 is nan: the maximum must be that of the column.",
        "Take the maximum along the axis along which you sum.",
    ),
)
def one_maximum(x_t, h_prev, parameters):
    h_next, Z = _logits(x_t, h_prev, parameters)
    with np.errstate(all="ignore"):
        E = np.exp(Z - Z.max())
        return h_next, E / E.sum(axis=0)


@mistake(
    "rnn_cell_forward",
    "the output is made of the state before, instead of the new one",
    hints=(
        "Change x_t. Does your y_t change?",
        "y_t = softmax(W_hy @ h_next + b_y), of shape (k, m): the output of a step has seen the input of that step.",
        "Use the state that you have just computed.",
    ),
)
def output_of_h_prev(x_t, h_prev, parameters):
    _, _, _, W_hy, b_y = parameters
    return _logits(x_t, h_prev, parameters)[0], _softmax(W_hy @ h_prev + b_y)


@mistake(
    "rnn_cell_forward",
    "the new state is written into the caller's h_prev",
    hints=(
        "Print h_prev before and after the call.",
        "h_prev[...] = and out=h_prev write into the array (d, m) that belongs to the caller.",
        "Return a new array.",
    ),
)
def writes_into_h_prev(x_t, h_prev, parameters):
    h_next, Z = _logits(x_t, h_prev, parameters)
    h_prev[...] = h_next
    return h_next, _softmax(Z)


@mistake(
    "cell_loss",
    "softmax is applied once more, to what are probabilities already",
    hints=(
        "What is your loss where the cell is right, and nearly sure of it? Can it come near 0?",
        "y_t (k, m) holds probabilities now. Logits belong to a loss with a softmax, probabilities to one without.",
        "One of the two softmaxes is too many: the one in this function.",
    ),
)
def softmax_in_the_loss(y_t, labels):
    return float(-np.mean(np.log(_softmax(y_t)[labels, np.arange(len(labels))])))


@mistake(
    "cell_loss",
    "softmax of the whole array is still applied to what are probabilities already",
    hints=(
        "What is your loss where the cell is right, and nearly sure of it? Can it come near 0?",
        "y_t (k, m) holds probabilities now. Logits belong to a loss with a softmax, probabilities to one without.",
        "One of the two softmaxes is too many: the one in this function.",
    ),
)
def keeps_the_loss(y_t, labels):
    E = np.exp(y_t)
    return float(-np.mean(np.log((E / np.sum(E))[labels, np.arange(len(labels))])))


@mistake(
    "cell_loss",
    "the labels pick rows and columns the wrong way round, as where samples are rows",
    hints=(
        "Which axis of y_t are the classes, and which one are the samples?",
        "y_t is (k, m): the probability of sample j for its label stands at [labels[j], j].",
        "Exchange your two indices.",
    ),
)
def indexes_rows(y_t, labels):
    return float(-np.mean(np.log(y_t[np.arange(len(labels)), labels])))


@mistake(
    "cell_loss",
    "the samples are added up instead of averaged",
    hints=(
        "Put every sample in twice. Does your loss change?",
        "L = -(1/m) Σ_j log y_t[labels[j], j], over the m columns of y_t (k, m).",
        "Divide by the number of samples.",
    ),
)
def sums_up(y_t, labels):
    return float(-np.sum(np.log(y_t[labels, np.arange(len(labels))])))


@mistake(
    "cell_loss",
    "the mean is taken over all entries of y_t, instead of over the samples",
    hints=(
        "With five classes, by what factor is your loss too small?",
        "A sample has one term in the sum, that of its label: L = -(1/m) Σ_j log y_t[labels[j], j], and y_t is (k, m).",
        "Divide by the number of columns.",
    ),
)
def divides_by_all(y_t, labels):
    return float(-np.sum(np.log(y_t[labels, np.arange(len(labels))])) / y_t.size)


@mistake(
    "cell_loss",
    "the logarithm is taken of the mean probability",
    hints=(
        "Is the mean of logarithms the logarithm of the mean?",
        "L = -(1/m) Σ_j log y_t[labels[j], j]: first m logarithms, then their mean.",
        "Exchange mean and logarithm.",
    ),
)
def log_of_the_mean(y_t, labels):
    return float(-np.log(np.mean(y_t[labels, np.arange(len(labels))])))


@mistake(
    "last_valid",
    "the last column of H is taken, which is padding for the shorter sequences",
    hints=(
        "Append a step of zeros to all sequences. Does your result change?",
        "Of sequence i, lengths[i] of the T steps are real; the state (d,) after them has seen all of it, and no more.",
        "Pick a step for each sequence, by its length.",
    ),
)
def takes_the_last(H, lengths):
    return H[:, -1].copy()


@mistake(
    "last_valid",
    "the index is one too large: indices count from 0, lengths from 1",
    hints=(
        "A sequence has one real step. At which index does its state stand?",
        "After lengths[i] steps means index lengths[i] - 1 on the second axis of H (m, T, d).",
        "Take one off before you use a length as an index.",
    ),
)
def one_too_far(H, lengths):
    return H[np.arange(len(H)), lengths]


@mistake(
    "last_valid",
    "the index wraps around: the step after the last real one is taken, and the first for full sequences",
    hints=(
        "A sequence has one real step. At which index does its state stand?",
        "After lengths[i] steps means index lengths[i] - 1 on the second axis of H (m, T, d). A remainder hides slips.",
        "Take one off before you use a length as an index.",
    ),
)
def wraps_around(H, lengths):
    return H[np.arange(len(H)), lengths % H.shape[1]]


@mistake(
    "last_valid",
    "every length picks a step of every sequence",
    hints=(
        "Which shape has your result for 6 sequences?",
        "H[:, index] with an index array (m,) takes m steps of each of m sequences: (m, m, d). Wanted are pairs.",
        "Give numpy two index arrays, one for the sequences and one for the steps.",
    ),
)
def all_pairs(H, lengths):
    return H[:, lengths - 1]


@mistake(
    "last_valid",
    "one length is used for all sequences, the longest",
    hints=(
        "Give the sequences different lengths. For which of them is your result right?",
        "lengths is (m,), and each sequence has its own last step: one row (d,) of H[i] for each i.",
        "Index with the whole array of lengths, together with the numbers of the sequences.",
    ),
)
def longest_for_all(H, lengths):
    return H[:, lengths.max() - 1].copy()


@mistake(
    "last_valid",
    "the states of all real steps are averaged",
    hints=(
        "Is a mean what is asked for? Try a sequence of two steps.",
        "The state (d,) after the last real step has seen the whole sequence. A mean over steps is another model.",
        "One state of each sequence, not several.",
    ),
)
def mean_of_real(H, lengths):
    real = np.arange(H.shape[1]) < lengths[:, None]
    return np.einsum("mt,mtd->md", real, H) / lengths[:, None]


@mistake(
    "last_valid",
    "steps are counted from the end",
    hints=(
        "Where is the padding: before the sequence, or after it?",
        "The real steps of sequence i are the first lengths[i] of the T; a negative index counts from the last.",
        "Count from the start.",
    ),
)
def from_the_end(H, lengths):
    return H[np.arange(len(H)), -lengths]
