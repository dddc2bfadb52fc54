"""Wrong implementations of columns.py, as students write them."""

import numpy as np
from columns import mlp_forward_columns

from nnedu.checking import mistake


def _relu(Z):
    return np.maximum(0.0, Z)


def _sigmoid(Z):
    return 1.0 / (1.0 + np.exp(-Z))


def _affine(W, A, b):
    return W @ A + b


def _forward(X, params_c, hidden, *, affine=_affine, output=_sigmoid):
    """Run forward in columns, with another affine map or output."""
    activation = {"relu": _relu, "sigmoid": _sigmoid}.get(hidden)
    if activation is None:
        raise ValueError(hidden)
    A, caches, L = X, [], len(params_c) // 2
    for layer in range(1, L + 1):
        W, b = params_c[f"W{layer}"], params_c[f"b{layer}"]
        Z = affine(W, A, b)
        caches.append((A, W, b, Z))
        A = activation(Z) if layer < L else output(Z)
    return A, caches


def _recached(X, params_c, hidden, entry):
    """The right output with other entries in the caches; `entry` is told the layer's output, too."""
    A, caches = mlp_forward_columns(X, params_c, hidden)
    following = [cache[0] for cache in caches[1:]] + [A]
    return A, [entry(*cache, after) for cache, after in zip(caches, following, strict=True)]


@mistake(
    "mlp_forward_columns",
    "the bias is flattened to one axis, so that it is added along the samples",
    hints=(
        "A vector of one axis is added along the last axis. Which axis holds the samples here?",
        (
            "Z_l is (n_l, m) and every column gets the same b_l (n_l, 1). Flattened, (n_l,) fits only where m = "
            "n_l, and wrongly."
        ),
        "Leave the bias the column that it is; broadcasting then repeats it for every sample.",
    ),
)
def flattens_the_bias(X, params_c, hidden="relu"):
    return _forward(X, params_c, hidden, affine=lambda W, A, b: W @ A + b.ravel())


@mistake(
    "mlp_forward_columns",
    "the input is transposed inside",
    hints=(
        "Who has to turn X around here: you, the caller, or nobody?",
        "X is (n0, m) and W_1 is (n1, n0), so the two fit as they are. For a square X a transpose raises no error.",
        "Start with X as it comes, and multiply it from the left.",
    ),
)
def transposes_X(X, params_c, hidden="relu"):
    return _forward(X.T, params_c, hidden)


@mistake(
    "mlp_forward_columns",
    "each entry of the caches is a pair (A, cache), with the layer's output in front",
    hints=(
        "What does caches[-1] contain, and how many names are needed to unpack it?",
        "The output A_L (nL, m) is returned once, beside the list. Every entry of the list is (A_prev, W, b, Z).",
        "Append the 4-tuple by itself, without the activation that follows it.",
    ),
)
def caches_pairs_of_output_and_cache(X, params_c, hidden="relu"):
    return _recached(X, params_c, hidden, lambda A_prev, W, b, Z, A: (A, (A_prev, W, b, Z)))


@mistake(
    "mlp_forward_columns",
    "the caches hold pairs (A_prev, Z), as those of the network in rows do",
    hints=(
        "How many arrays does each entry of caches hold here?",
        "This contract keeps the parameters, too: (A_{l-1}, W_l, b_l, Z_l), so that the way back needs nothing else.",
        "Put the layer's weights and bias between the two arrays that you already keep.",
    ),
)
def caches_pairs_of_arrays(X, params_c, hidden="relu"):
    return _recached(X, params_c, hidden, lambda A_prev, W, b, Z, A: (A_prev, Z))


@mistake(
    "mlp_forward_columns",
    "the four arrays in the caches stand in another order, with Z before the parameters",
    hints=(
        "In which order will somebody else unpack your caches?",
        "An entry is (A_{l-1}, W_l, b_l, Z_l): in the order in which the formula uses them, result last.",
        "Move Z to the end of the tuple.",
    ),
)
def caches_in_another_order(X, params_c, hidden="relu"):
    return _recached(X, params_c, hidden, lambda A_prev, W, b, Z, A: (A_prev, Z, W, b))


@mistake(
    "mlp_forward_columns",
    "the caches hold activations where the pre-activations Z belong",
    hints=(
        "Is any number in the last place of your caches negative? Should one be?",
        "The fourth member is Z_l (n_l, m), before the activation; A_l is the first member of the next entry.",
        "Keep Z under a name of its own, and let the activation make a new array.",
    ),
)
def caches_activations(X, params_c, hidden="relu"):
    return _recached(X, params_c, hidden, lambda A_prev, W, b, Z, A: (A_prev, W, b, A))


@mistake(
    "mlp_forward_columns",
    "the weights are transposed, as they would be in rows",
    hints=(
        "Which size of W_l belongs to the inputs in this convention?",
        (
            "W_l is (n_l, n_{l-1}) and stands on the left of A_{l-1} (n_{l-1}, m). For a square W a transpose "
            "raises no error."
        ),
        "Multiply W_l itself by the activations, weights first.",
    ),
)
def transposes_weights(X, params_c, hidden="relu"):
    return _forward(X, params_c, hidden, affine=lambda W, A, b: W.T @ A + b)


@mistake(
    "mlp_forward_columns",
    "the hidden layers use ReLU even where the sigmoid is asked for",
    hints=(
        "Does your result change when `hidden` changes?",
        "A_l (n_l, m) of a hidden layer is relu(Z_l) or sigmoid(Z_l), and the argument `hidden` says which.",
        "Choose the function by its name once, before the loop, and apply it to every hidden Z.",
    ),
)
def always_relu(X, params_c, hidden="relu"):
    return mlp_forward_columns(X, params_c, {"sigmoid": "relu"}.get(hidden, hidden))


@mistake(
    "mlp_forward_columns",
    "the last layer uses the hidden activation instead of the sigmoid",
    hints=(
        "Can an output of your network be larger than 1?",
        "A_L (nL, m) holds probabilities: the sigmoid of Z_L, whatever the hidden layers use.",
        "Treat the last layer by itself, and give it the sigmoid.",
    ),
)
def hidden_activation_at_the_output(X, params_c, hidden="relu"):
    return _forward(X, params_c, hidden, output=_relu if hidden == "relu" else _sigmoid)


@mistake(
    "mlp_forward_columns",
    "an unknown hidden activation is treated as if it were the sigmoid",
    hints=(
        "What does your function do with hidden='rectifier'?",
        "Only relu and sigmoid have a meaning. An else without a condition catches every typing error.",
        "Raise a ValueError when the name is neither of the two.",
    ),
)
def unknown_activation_accepted(X, params_c, hidden="relu"):
    return mlp_forward_columns(X, params_c, "relu" if hidden == "relu" else "sigmoid")
