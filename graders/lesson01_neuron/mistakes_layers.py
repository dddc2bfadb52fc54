"""Known mistakes of layers.py."""

import numpy as np
from nnedu.checking import mistake


@mistake(
    "affine",
    "the factors are exchanged, W @ X, as where samples are columns",
    hints=(
        "Which axis of X counts the samples in this course, and which one does your product add over?",
        (
            "X (m, n), W (n, k), Z (m, k). A product adds over the last axis of its left "
            "factor and the first of its right one."
        ),
        "The two inner sizes have to be the n features: the batch stands on the left.",
    ),
)
def W_times_X(X, W, b):
    return W @ X + b


@mistake(
    "affine",
    "the weights are transposed",
    hints=(
        "It works when n = k only, and is wrong even then. What do the rows of W stand for?",
        "W is (n, k): row p belongs to feature p, column q to neuron q. Some libraries keep it as (k, n).",
        "With X (m, n) on the left, W already has the side that fits; leave it as it is.",
    ),
)
def transposes_W(X, W, b):
    return X @ W.T + b


@mistake(
    "affine",
    "Z comes out on its side, one column per sample",
    hints=(
        "Compare the shape of your result with what is asked for. Which axis are the samples?",
        "W.T (k, n) times X.T (n, m) is (k, m): right numbers, in columns. This course wants Z (m, k).",
        "Turn the result back at the end; or start without transposing anything.",
    ),
)
def result_in_columns(X, W, b):
    return W.T @ X.T + b.reshape(-1, 1)


@mistake(
    "affine",
    "X and W are multiplied entry by entry",
    hints=(
        "How many products have to be added up for one entry of Z?",
        (
            "Z[i, q] = Σ_p X[i, p] W[p, q] + b[q]: n products for each. The star multiplies "
            "entries that lie on the same place."
        ),
        "The matrix product is written with another sign than the star.",
    ),
)
def star(X, W, b):
    return X * W + b


@mistake(
    "affine",
    "the bias is a column, and spreads along the samples",
    hints=(
        "With as many samples as neurons your code runs and is wrong. Which sample gets which bias?",
        (
            "NumPy lines shapes up from the right: (m, k) and (k,) give each column its own "
            "bias, (m, k) and (k, 1) each row."
        ),
        "Leave b with its single axis (k,); reshaping is what columns would need.",
    ),
)
def bias_as_column(X, W, b):
    return X @ W + b.reshape(-1, 1)


@mistake(
    "affine",
    "the bias is added once for every feature",
    hints=(
        "Try one feature, then five. When does your result begin to be off, and by what?",
        "Z[i, q] = (Σ_p X[i, p] W[p, q]) + b[q]: the bias stands outside the sum over the n features.",
        "Finish the sum over the features first; add b (k,) after it, once.",
    ),
)
def bias_per_feature(X, W, b):
    return np.sum(X[:, :, None] * W + b, axis=1)


@mistake(
    "affine",
    "the biases are left out",
    hints=(
        "What is your Z for a sample whose features are all 0?",
        "Z[i, q] = Σ_p X[i, p] W[p, q] + b[q]. At X = 0 each row of Z (m, k) is b (k,).",
        "The product is right; each of its rows still lacks the biases.",
    ),
)
def forgets_bias(X, W, b):
    return X @ W


@mistake(
    "affine",
    "the loop runs over the columns of X and never looks whether W has more rows",
    hints=(
        "What does your function do with 5 features and weights for 6?",
        "X (m, n) and W (n, k) share n. A loop over p = 0 ... n - 1 takes n from one of them and never asks the other.",
        "Compare the two sizes before the loop, and raise the error that the docstring names. Look at b too.",
    ),
)
def loops_without_looking(X, W, b):
    (m, n), k = X.shape, W.shape[1]
    Z = np.zeros((m, k))
    for i in range(m):
        for q in range(k):
            Z[i, q] = sum(X[i, p] * W[p, q] for p in range(n)) + b[q]
    return Z


@mistake(
    "affine",
    "the result takes over the integer dtype of X, and the fractions are cut off",
    hints=(
        "Call it with integers in X and print the dtype of the result. Where do your fractions go?",
        "np.zeros_like and dtype=X.dtype copy the kind of numbers too; writing 2.7 into an array of integers stores 2.",
        "Make the array that receives Z (m, k) one of floats: np.zeros gives float64 without being asked.",
    ),
)
def keeps_integers(X, W, b):
    Z = np.zeros((X.shape[0], W.shape[1]), dtype=X.dtype)
    Z[...] = X @ W + b
    return Z


@mistake(
    "affine",
    "the sums run on into the caller's b: an assignment makes no copy",
    hints=(
        "Print b before and after the call. And why is the first row right, but not the second?",
        (
            "z = b gives the same array (k,) a second name. z += ... then writes into b, and "
            "the next row starts from there."
        ),
        "Start each row from a new array, or write the addition as an expression with a single plus and no `+=`.",
    ),
)
def runs_into_b(X, W, b):
    rows = []
    for x in X:
        z = b
        z += x @ W
        rows.append(z.copy())
    return np.array(rows)


@mistake(
    "to_columns",
    "the weights are transposed, but the biases keep their single axis",
    hints=(
        "Print the shape of b next to that of Z_c. Along which axis does NumPy spread it?",
        (
            "In columns Z_c is (n_out, m), and (n_out,) lines up with its last axis: the "
            "samples. When m = n_out no error tells."
        ),
        "Give each bias a second axis of length 1, so that it becomes (n_out, 1).",
    ),
)
def to_flat_bias(X, params):
    return X.T.copy(), {k: v.T.copy() if k[0] == "W" else v.copy() for k, v in params.items()}


@mistake(
    "to_columns",
    "the arrays are reshaped instead of transposed: right shapes, scrambled numbers",
    hints=(
        "Did the numbers move, or only the box around them? Try np.arange(6).reshape(2, 3).",
        (
            "X_c[p, i] = X[i, p]. A reshape keeps the numbers in reading order and starts new "
            "rows elsewhere: (m, n) to (n, m)."
        ),
        "Exchange the two axes instead: that is what a transpose does.",
    ),
)
def to_reshaped(X, params):
    new = {k: v.reshape(v.shape[::-1]).copy() if k[0] == "W" else v.reshape(-1, 1).copy() for k, v in params.items()}
    return X.reshape(X.shape[::-1]).copy(), new


@mistake(
    "to_columns",
    "views are returned: writing into the result changes the input",
    hints=(
        "Write a 0 into your result and look at the array that you were given. Who owns the memory?",
        "A transpose and a reshape make a new view (n, m) of the old numbers, not new numbers.",
        "Ask every array of the result for a copy of its own before you return it.",
    ),
)
def to_views(X, params):
    return X.T, {k: v.T if k[0] == "W" else v.reshape(-1, 1) for k, v in params.items()}


@mistake(
    "to_columns",
    "np.ascontiguousarray is taken for a copy, which it is not for one sample or one neuron",
    hints=(
        "Look at a batch of one sample. Does your X_c have memory of its own there?",
        (
            "np.ascontiguousarray copies only where it must. A transposed (1, n) is in order "
            "already, so you get a view (n, 1)."
        ),
        "Use the method that always copies.",
    ),
)
def to_contiguous(X, params):
    new = {k: np.ascontiguousarray(v.T) if k[0] == "W" else v.reshape(-1, 1).copy() for k, v in params.items()}
    return np.ascontiguousarray(X.T), new


@mistake(
    "to_columns",
    "the batch is translated, but the weights are not",
    hints=(
        "Can your W_c be multiplied by X_c from the left?",
        "W_c @ X_c needs W_c (n_out, n_in) and X_c (n_in, m). Yours is still (n_in, n_out).",
        "Exchange the axes of the weights as you did with those of X.",
    ),
)
def to_same_weights(X, params):
    return X.T.copy(), {k: v.copy() if k[0] == "W" else v.reshape(-1, 1).copy() for k, v in params.items()}


@mistake(
    "to_columns",
    "the biases become rows (1, n_out) instead of columns",
    hints=(
        "In columns, which axis of Z_c counts the neurons?",
        (
            "Z_c is (n_out, m). A bias (1, n_out) would have to line up with the samples; "
            "(n_out, 1) lines up with the neurons."
        ),
        "The new axis of length 1 comes last, not first.",
    ),
)
def to_bias_rows(X, params):
    return X.T.copy(), {k: v.T.copy() if k[0] == "W" else v.reshape(1, -1).copy() for k, v in params.items()}


@mistake(
    "to_columns",
    "the translated arrays are put into the caller's own dict",
    hints=(
        "Print the shapes in params before and after the call. Are they still the same?",
        (
            "Storing under params[name] replaces W_l (n_in, n_out) in the dict of the caller, "
            "who then has half of each convention."
        ),
        "Start a new dict, and fill that one.",
    ),
)
def to_edits_dict(X, params):
    for name in params:
        params[name] = params[name].T.copy() if name[0] == "W" else params[name].reshape(-1, 1).copy()
    return X.T.copy(), params


@mistake(
    "from_columns",
    "the biases keep their second axis",
    hints=(
        "Print the shape of b next to that of Z = X @ W + b. Along which axis does NumPy spread it?",
        "In rows Z is (m, n_out), and a bias (n_out, 1) spreads along the samples. When m = n_out no error tells.",
        "A bias in rows has a single axis: flatten (n_out, 1) to (n_out,).",
    ),
)
def from_column_bias(X_c, params_c):
    return X_c.T.copy(), {k: v.T.copy() if k[0] == "W" else v.copy() for k, v in params_c.items()}


@mistake(
    "from_columns",
    "the biases are transposed with the rest and end as rows (1, n_out)",
    hints=(
        "How many axes has a bias in this course?",
        "A transpose of (n_out, 1) is (1, n_out), which has two axes. Asked for is (n_out,).",
        "Flatten the biases; transpose the weights and the batch only.",
    ),
)
def from_bias_rows(X_c, params_c):
    return X_c.T.copy(), {k: v.T.copy() for k, v in params_c.items()}


@mistake(
    "from_columns",
    "the arrays are reshaped instead of transposed: right shapes, scrambled numbers",
    hints=(
        "Did the numbers move, or only the box around them? Try np.arange(6).reshape(2, 3).",
        (
            "X[i, p] = X_c[p, i]. A reshape keeps the numbers in reading order and starts new "
            "rows elsewhere: (n, m) to (m, n)."
        ),
        "Exchange the two axes instead: that is what a transpose does.",
    ),
)
def from_reshaped(X_c, params_c):
    new = {k: v.reshape(v.shape[::-1]).copy() if k[0] == "W" else v.reshape(-1).copy() for k, v in params_c.items()}
    return X_c.reshape(X_c.shape[::-1]).copy(), new


@mistake(
    "from_columns",
    "views are returned: writing into the result changes the input",
    hints=(
        "Write a 0 into your result and look at the array that you were given. Who owns the memory?",
        (
            "A transpose makes a view, and so does flattening (n_out, 1) with ravel or reshape: "
            "the numbers are still the caller's."
        ),
        "Ask every array of the result for a copy of its own before you return it.",
    ),
)
def from_views(X_c, params_c):
    return X_c.T, {k: v.T if k[0] == "W" else v.ravel() for k, v in params_c.items()}


@mistake(
    "from_columns",
    "np.ascontiguousarray is taken for a copy, which it is not for one sample or one neuron",
    hints=(
        "Look at a batch of one sample. Does your X have memory of its own there?",
        (
            "np.ascontiguousarray copies only where it must. A transposed (n, 1) is in order "
            "already, so you get a view (1, n)."
        ),
        "Use the method that always copies.",
    ),
)
def from_contiguous(X_c, params_c):
    new = {k: np.ascontiguousarray(v.T) if k[0] == "W" else v.flatten() for k, v in params_c.items()}
    return np.ascontiguousarray(X_c.T), new


@mistake(
    "from_columns",
    "the bias of a layer of one neuron loses both axes",
    hints=(
        "What shape has the bias of a layer of a single neuron, in your result?",
        (
            "squeeze drops every axis of length 1: (4, 1) becomes (4,), but (1, 1) becomes (). "
            "Asked for is (n_out,), here (1,)."
        ),
        "Drop the second axis only, or flatten, which always leaves one.",
    ),
)
def from_squeezed(X_c, params_c):
    return X_c.T.copy(), {k: v.T.copy() if k[0] == "W" else np.array(v.squeeze()) for k, v in params_c.items()}


@mistake(
    "from_columns",
    "the batch is translated, but the weights are not",
    hints=(
        "Can your W be multiplied by X from the left?",
        "X @ W needs X (m, n_in) and W (n_in, n_out). Yours is still (n_out, n_in).",
        "Exchange the axes of the weights as you did with those of the batch.",
    ),
)
def from_same_weights(X_c, params_c):
    return X_c.T.copy(), {k: v.copy() if k[0] == "W" else v.flatten() for k, v in params_c.items()}


@mistake(
    "from_columns",
    "the translated arrays are put into the caller's own dict",
    hints=(
        "Print the shapes in params_c before and after the call. Are they still the same?",
        "Storing under params_c[name] replaces W_l (n_out, n_in) in the dict of the caller, who still needs it.",
        "Start a new dict, and fill that one.",
    ),
)
def from_edits_dict(X_c, params_c):
    for name in params_c:
        params_c[name] = params_c[name].T.copy() if name[0] == "W" else params_c[name].flatten()
    return X_c.T.copy(), params_c
