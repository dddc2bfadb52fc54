"""Wrong implementations of gradients.py, as students write them."""

import numpy as np

from nnedu.checking import mistake


@mistake(
    "linear_backward",
    "dW and db are divided by the batch size a second time",
    hints=(
        "Who divides by m in this course: the loss, or every layer?",
        (
            "The gradient that arrives, dZ (m, k), already belongs to the mean loss. A layer only passes it on to "
            "dW (n, k) and db (k,)."
        ),
        "Take the division by m out of this function; it has been done once, in the gradient of the loss.",
    ),
)
def linear_divides_by_m(dZ, A_prev, W):
    m = dZ.shape[0]
    return dZ @ W.T, A_prev.T @ dZ / m, dZ.sum(axis=0) / m


@mistake(
    "linear_backward",
    "db is the mean over the batch instead of the sum",
    hints=(
        (
            "One and the same b was added to every row of the batch. What happens to the effects of a variable "
            "that is used m times?"
        ),
        "b reaches the loss on m paths, one per row of dZ (m, k), and the gradients of several paths add up.",
        "Add up the rows of dZ, which is the column sums, and do not divide by anything.",
    ),
)
def linear_averages_db(dZ, A_prev, W):
    return dZ @ W.T, A_prev.T @ dZ, dZ.mean(axis=0)


@mistake(
    "linear_backward",
    "db is dZ itself, not summed over the batch",
    hints=(
        "What shape does b have, and what shape does your db have?",
        "b (k,) is shared by all m rows of Z (m, k), so db (k,) collects something from every row of dZ (m, k).",
        "Reduce dZ over its first axis, the samples, until only one number per unit is left.",
    ),
)
def linear_does_not_sum_db(dZ, A_prev, W):
    return dZ @ W.T, A_prev.T @ dZ, dZ.copy()


@mistake(
    "linear_backward",
    "db keeps a batch axis of length 1",
    hints=(
        "Does your db have exactly the shape of b?",
        (
            "b is (k,), a vector. A db of shape (1, k) still broadcasts in an update, and then b itself silently "
            "becomes (1, k)."
        ),
        "Sum over the first axis without keeping that axis.",
    ),
)
def linear_keeps_the_batch_axis(dZ, A_prev, W):
    return dZ @ W.T, A_prev.T @ dZ, dZ.sum(axis=0, keepdims=True)


@mistake(
    "linear_backward",
    "dW is transposed",
    hints=(
        "Which shape does W have, and which one does your dW have when n and k differ?",
        "dW is (n, k). You have A_prev (m, n) and dZ (m, k), and the sum must run over the m samples.",
        "The factor whose samples have to become columns is A_prev; dZ stays as it is and stands on the right.",
    ),
)
def linear_transposes_dW(dZ, A_prev, W):
    return dZ @ W.T, dZ.T @ A_prev, dZ.sum(axis=0)


@mistake(
    "linear_backward",
    "dA_prev is computed with W instead of its transpose",
    hints=(
        "Forward, W leads from n units to k units. Which way does the gradient go?",
        (
            "dZ (m, k) times something gives dA_prev (m, n), so that something is (k, n). With n = k a wrong one "
            "raises no error."
        ),
        "Multiply dZ from the right by the transpose of the weights.",
    ),
)
def linear_forgets_to_transpose_W(dZ, A_prev, W):
    return dZ @ W, A_prev.T @ dZ, dZ.sum(axis=0)


@mistake(
    "sigmoid_bce_backward",
    "the gradient belongs to the sum of the losses, not to their mean",
    hints=(
        "Is this the gradient of a mean or of a sum?",
        (
            "The loss of lesson 4 averages all m·k entries of Y (m, k). What does a mean over N terms do to the "
            "derivative of each?"
        ),
        "One division is missing: by the number of entries of Y.",
    ),
)
def sigmoid_not_averaged(A, Y):
    return A - Y


@mistake(
    "sigmoid_bce_backward",
    "the gradient is divided by the rows only, although the loss averages all entries",
    hints=(
        "Does your gradient still agree with the loss when there is more than one output?",
        "The binary cross-entropy is a mean over all m·k entries of Y (m, k), not over the m rows.",
        "Divide by the number of entries; with one output that is the same as m, with four it is 4m.",
    ),
)
def sigmoid_divides_by_rows(A, Y):
    return (A - Y) / len(Y)


@mistake(
    "sigmoid_bce_backward",
    "the sign is reversed, Y - A instead of A - Y",
    hints=(
        "Does your gradient point uphill or downhill?",
        "A gradient shows where the loss grows. If Y = 1 and A = 0.6, must Z grow or shrink to raise the loss?",
        "Exchange the two terms of the difference.",
    ),
)
def sigmoid_sign(A, Y):
    return (Y - A) / Y.size


@mistake(
    "sigmoid_bce_backward",
    "the slope of the sigmoid is multiplied in a second time",
    hints=(
        "Take Y = 1 and A = 0.001, confident and wrong. How large is your gradient?",
        (
            "∂L/∂Z = ∂L/∂A · ∂A/∂Z. The first factor has A(1 - A) in its denominator, the second one is A(1 - A). "
            "What is left?"
        ),
        "The difference of prediction and target is already the whole chain; take the factor A(1 - A) out.",
    ),
)
def sigmoid_slope_twice(A, Y):
    return (A - Y) * A * (1 - A) / Y.size


@mistake(
    "sigmoid_bce_backward",
    "the chain stops at the probabilities: this is the gradient with respect to A",
    hints=(
        "With respect to which variable is your gradient, A or Z?",
        (
            "-Y/A + (1 - Y)/(1 - A) is N·∂L/∂A, with N the number of entries. Between A and Z there is one more "
            "factor, ∂A/∂Z."
        ),
        "Multiply by the slope of the sigmoid on paper, cancel, and write down only what is left.",
    ),
)
def sigmoid_stops_at_A(A, Y):
    return (-Y / A + (1 - Y) / (1 - A)) / Y.size


@mistake(
    "softmax_ce_backward",
    "the gradient belongs to the sum of the losses, not to their mean",
    hints=(
        "Stack the batch on top of itself: what happens to a mean loss, and to your gradient?",
        "The cross-entropy is a mean over the m rows of P (m, K). What does a mean do to the derivative of each term?",
        "One division is missing: by the number of rows.",
    ),
)
def softmax_not_averaged(P, Y):
    return P - Y


@mistake(
    "softmax_ce_backward",
    "the gradient is divided by rows times classes",
    hints=(
        "What did the categorical cross-entropy of lesson 4 average?",
        "L = -(1/m) Σ_i Σ_c Y[i, c] log P[i, c]: over the K classes there is a sum, over the m rows a mean.",
        "Only the rows count in the division, not all entries.",
    ),
)
def softmax_divides_by_entries(P, Y):
    return (P - Y) / P.size


@mistake(
    "softmax_ce_backward",
    "the sign is reversed, Y - P instead of P - Y",
    hints=(
        "Does your gradient point uphill or downhill?",
        "Raising the score of the true class lowers the loss, so its entry of dZ (m, K) must be negative.",
        "Exchange the two terms of the difference.",
    ),
)
def softmax_sign(P, Y):
    return (Y - P) / len(P)


@mistake(
    "softmax_ce_backward",
    "a factor P(1 - P) is multiplied in again",
    hints=(
        "Add up one row of your gradient. What should come out, and why?",
        (
            "The derivative of softmax is a K by K matrix, and its product with -Y/P has already collapsed to "
            "something simple."
        ),
        "The difference of prediction and target is the whole chain; take the factor P(1 - P) out.",
    ),
)
def softmax_slope_twice(P, Y):
    return (P - Y) * P * (1 - P) / len(P)


@mistake(
    "softmax_ce_backward",
    "the chain stops at the probabilities: this is the gradient with respect to P",
    hints=(
        "With respect to which variable is your gradient, P or Z?",
        "-Y/P is m·∂L/∂P. Every P depends on every Z of its row, so the step to Z is still to come.",
        (
            "Write out ∂P[c]/∂Z[d] = P[c]·(1 if c = d else 0) - P[c]·P[d], sum over c, and use that the rows of Y "
            "add up to 1."
        ),
    ),
)
def softmax_stops_at_P(P, Y):
    return -Y / P / len(P)


@mistake(
    "mse_backward",
    "the gradient belongs to the sum of the squares, not to their mean",
    hints=(
        "Is this the gradient of a mean or of a sum?",
        (
            "The loss averages all m·k entries of y_true (m, k). What does a mean over N terms do to the "
            "derivative of each?"
        ),
        "One division is missing: by the number of entries.",
    ),
)
def mse_not_averaged(y_pred, y_true):
    return 2 * (y_pred - y_true)


@mistake(
    "mse_backward",
    "the sign is reversed",
    hints=(
        "Where the prediction is too high, does the loss grow or shrink when it rises further?",
        "The derivative of (y_pred - y_true)² is taken with respect to y_pred, whose sign in the bracket is plus.",
        "Exchange the two terms of the difference.",
    ),
)
def mse_sign(y_pred, y_true):
    return 2 * (y_true - y_pred) / y_true.size


@mistake(
    "mse_backward",
    "the factor 2 of the derivative of a square is missing",
    hints=(
        "What is the derivative of e²?",
        "This course's squared error has no ½ in front: L = (1/N) Σ e² with N = m·k.",
        "The exponent comes down as a factor; nothing cancels it.",
    ),
)
def mse_without_two(y_pred, y_true):
    return (y_pred - y_true) / y_true.size


@mistake(
    "mse_backward",
    "the gradient is divided by the rows only, although the loss averages all entries",
    hints=(
        "Does your gradient still agree with the loss when there are three outputs?",
        "np.mean without an axis averages all m·k entries of an (m, k) array; len gives m.",
        "Divide by the size of the array, not by its length.",
    ),
)
def mse_divides_by_rows(y_pred, y_true):
    return 2 * (y_pred - y_true) / len(y_true)


@mistake(
    "relu_backward",
    "the upstream gradient is missing: only the slope of ReLU is returned",
    hints=(
        "The chain rule multiplies two things here. Which one is missing?",
        "∂L/∂Z = ∂L/∂A · ∂A/∂Z, entry by entry. The second factor is the 0/1 mask; the first one is an argument.",
        "Multiply the mask by dA.",
    ),
)
def relu_forgets_upstream(dA, Z):
    return (Z > 0).astype(float)


@mistake(
    "relu_backward",
    "the mask is taken from the sign of dA instead of that of Z",
    hints=(
        "Whose sign decides whether a ReLU unit was on?",
        "A = max(0, Z): the slope depends on Z (m, n). The gradient dA may have either sign and still has to pass.",
        "Compare the pre-activation with zero, not the gradient.",
    ),
)
def relu_masks_by_dA(dA, Z):
    return np.where(dA > 0, dA, 0.0)


@mistake(
    "relu_backward",
    "the caller's dA is edited in place",
    hints=(
        "Print dA before and after the call. Is it still the same?",
        "An assignment to a selection of dA writes into the caller's array. The caller may need dA again.",
        "Build a new array: multiply by the mask, or let np.where choose between dA and zero.",
    ),
)
def relu_edits_dA(dA, Z):
    dA[Z <= 0] = 0.0
    return dA
