"""Wrong implementations of penalties.py, as students write them."""

import numpy as np
from nnedu.checking import mistake


def _squares(params):
    return sum(float((value**2).sum()) for name, value in params.items() if name[0] == "W")


def _sizes(params):
    return sum(float(np.abs(value).sum()) for name, value in params.items() if name[0] == "W")


def _grads(params, slope):
    """A gradient by name: slope(W) for weights, zeros for all else."""
    return {name: slope(value) if name[0] == "W" else np.zeros(value.shape) for name, value in params.items()}


@mistake(
    "l2_penalty",
    "the gradient is that of half the squares, although the penalty has no ½",
    hints=(
        "What is the derivative of λ·w² with respect to w? And does your penalty go with your gradient?",
        (
            "Many books write (λ/2) Σ w², so that the gradient is λw. Here the penalty is λ Σ w², with no ½ "
            "to cancel the 2."
        ),
        "The exponent comes down as a factor, and stays there.",
    ),
)
def l2_half_gradient(params, lam):
    return lam * _squares(params), _grads(params, lambda W: lam * W)


@mistake(
    "l2_penalty",
    "penalty and gradient both have the factor ½ of other books",
    hints=(
        "Take one weight w = 3 and lam = 1. Which penalty does the formula of this lesson give?",
        "Your penalty and gradient fit together, but they are those of (λ/2) Σ w². The convention here is λ Σ w².",
        "Take the ½ out of the penalty; then the derivative has its factor 2 again.",
    ),
)
def l2_half_everything(params, lam):
    return 0.5 * lam * _squares(params), _grads(params, lambda W: lam * W)


@mistake(
    "l2_penalty",
    "biases are penalised like weights",
    hints=(
        "Which keys of the dict belong to the penalty?",
        "Σ w² runs over the entries of W1, W2, ... only. A b (n_out,) shifts its units and needs no leash.",
        "Look at the first letter of the name; under every other key the gradient is zeros of the parameter's shape.",
    ),
)
def l2_penalises_biases(params, lam):
    penalty = sum(lam * float(np.sum(value**2)) for value in params.values())
    return penalty, {name: 2 * lam * value for name, value in params.items()}


@mistake(
    "l2_penalty",
    "the squares are averaged instead of summed",
    hints=(
        "Which Σ or which mean stands in the formula of the penalty?",
        "penalty = λ Σ w², over all entries of all weight arrays. Nothing in it says how many they are.",
        "Do not divide: neither by the number of entries nor by the number of samples.",
    ),
)
def l2_means(params, lam):
    penalty = lam * sum(float(np.mean(value**2)) for name, value in params.items() if name[0] == "W")
    return penalty, _grads(params, lambda W: 2 * lam * W / W.size)


@mistake(
    "l2_penalty",
    "the penalty is divided by the number of rows, as if these were samples",
    hints=(
        "What do the rows of a weight array W (n_in, n_out) stand for?",
        (
            "The mean over the m samples belongs to the data loss. The penalty λ Σ w² does not know how many "
            "samples there are."
        ),
        "Leave out the division by m, in the penalty and in the gradient.",
    ),
)
def l2_divides_by_rows(params, lam):
    penalty = lam * sum(float(np.sum(value**2)) / len(value) for name, value in params.items() if name[0] == "W")
    return penalty, _grads(params, lambda W: 2 * lam * W / len(W))


@mistake(
    "l2_penalty",
    "the penalty is added to the loss only: its gradient is zero",
    hints=(
        "Train once with lam = 0 and once with lam = 1. Is anything different with your gradients?",
        (
            "An update sees nothing of the loss but its gradient: params moves by -lr · grads. What is not in "
            "grads does not act."
        ),
        "The derivative of λw² must stand in grads, under each W.",
    ),
)
def l2_no_gradient(params, lam):
    return lam * _squares(params), _grads(params, lambda W: np.zeros(W.shape))


@mistake(
    "l2_penalty",
    "the penalty is the norm of the weights and not its square",
    hints=(
        "What should happen to the penalty when all weights are doubled?",
        "np.linalg.norm(W) is the root of Σ w². The penalty is λ Σ w², without a root: it grows with the square.",
        "Square what the norm gives, or sum the squares yourself.",
    ),
)
def l2_takes_root(params, lam):
    penalty = lam * sum(float(np.linalg.norm(value)) for name, value in params.items() if name[0] == "W")
    return penalty, _grads(params, lambda W: 2 * lam * W)


@mistake(
    "l2_penalty",
    "grads has no entries for the biases",
    hints=(
        "What will `grads[name]` do for a name such as b1, when grads is added to the gradients of the loss?",
        "grads has all the keys of params. What is not penalised has the gradient 0, in its own shape.",
        "For the other keys, put zeros of the parameter's shape into the dict.",
    ),
)
def l2_leaves_biases_out(params, lam):
    return lam * _squares(params), {name: 2 * lam * value for name, value in params.items() if name[0] == "W"}


@mistake(
    "l2_penalty",
    "the caller's weights are squared in place",
    hints=(
        "Print params before and after the call. Are they the same?",
        "`W **= 2` and `W *= W` write into the array that the caller passed. The network still needs its weights.",
        "Let the square be a new array: an expression, not an assignment to a parameter.",
    ),
)
def l2_squares_in_place(params, lam):
    grads, total = {}, 0.0
    for name, value in params.items():
        grads[name] = 2 * lam * value if name[0] == "W" else np.zeros(value.shape)
        if name[0] == "W":
            params[name] **= 2
            total += float(params[name].sum())
    return lam * total, grads


@mistake(
    "l1_penalty",
    "the gradient is proportional to the weight, as in L2",
    hints=(
        "How steep is |w| at w = 3, and how steep at w = 0.001?",
        "|w| is a straight line on either side of 0: its slope is +1 or -1, whatever the size of w (n_in, n_out).",
        "Only the sign of the weight enters the gradient, times lam.",
    ),
)
def l1_uses_weight(params, lam):
    return lam * _sizes(params), _grads(params, lambda W: lam * W)


@mistake(
    "l1_penalty",
    "the gradient at a weight of 0 is lam instead of 0",
    hints=(
        "What happens in the next update to a weight that is exactly 0?",
        "L1 brings weights to 0 and should leave them there: at w = 0 the gradient is 0, beside +lam and -lam.",
        "There are three cases, not two; numpy has a function for just this.",
    ),
)
def l1_moves_zeros(params, lam):
    return lam * _sizes(params), _grads(params, lambda W: np.where(W >= 0, lam, -lam))


@mistake(
    "l1_penalty",
    "biases are penalised like weights",
    hints=(
        "Which keys of the dict belong to the penalty?",
        "Σ |w| runs over the entries of W1, W2, ... only. The gradient of a b (n_out,) is zeros, (n_out,).",
        "Ask the name for its first letter before you add anything up.",
    ),
)
def l1_penalises_biases(params, lam):
    penalty = sum(lam * float(np.sum(np.abs(value))) for value in params.values())
    return penalty, {name: lam * np.sign(value) for name, value in params.items()}


@mistake(
    "l1_penalty",
    "the weights are summed with their signs, so that they cancel",
    hints=(
        "What is your penalty for the weights 5 and -5?",
        "penalty = λ Σ |w|: a penalty counts how large weights are, and not which way they point.",
        "Take the absolute value of every entry before you sum.",
    ),
)
def l1_sums_signed(params, lam):
    penalty = lam * sum(float(np.sum(value)) for name, value in params.items() if name[0] == "W")
    return penalty, _grads(params, lambda W: lam * np.sign(W))


@mistake(
    "l1_penalty",
    "the penalty is the 1-norm of a matrix, its largest column sum",
    hints=(
        "What does the norm of order 1 do with an array that has two dimensions? Look it up.",
        "Σ |w| runs over all n_in·n_out entries. The matrix norm takes one column only, the largest.",
        "Sum the absolute values of all entries, or flatten the array before you ask for a norm.",
    ),
)
def l1_matrix_norm(params, lam):
    penalty = lam * sum(float(np.linalg.norm(value, 1)) for name, value in params.items() if name[0] == "W")
    return penalty, _grads(params, lambda W: lam * np.sign(W))


@mistake(
    "l1_penalty",
    "the strength lam is missing in the gradient",
    hints=(
        "Double lam: what should happen to the pull at the weights?",
        "The penalty is λ Σ |w|. A constant factor of a function is a factor of its derivative too.",
        "The signs, each -1, 0 or 1, are not yet multiplied by the strength.",
    ),
)
def l1_gradient_without_lam(params, lam):
    return lam * _sizes(params), _grads(params, np.sign)


@mistake(
    "l1_penalty",
    "the penalty is added to the loss only: its gradient is zero",
    hints=(
        "Train once with lam = 0 and once with lam = 1. Is anything different with your gradients?",
        (
            "params moves by -lr · grads. A penalty that is not in grads changes the number on the screen and "
            "nothing else."
        ),
        "The slope of λ|w| must stand in grads, under each W.",
    ),
)
def l1_no_gradient(params, lam):
    return lam * _sizes(params), _grads(params, lambda W: np.zeros(W.shape))
