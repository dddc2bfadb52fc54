"""Wrong implementations of saliency.py, as students write them."""

import numpy as np
from nnedu.checking import mistake
from saliency import mlp_forward


def _checked(X, target):
    if target.shape != (len(X),):
        raise ValueError("one class for each row")


def _softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def _back(dZ, params, gates):
    """The gradient at X of a gradient at the logits."""
    S = dZ @ params[f"W{len(gates) + 1}"].T
    for layer in range(len(gates), 0, -1):
        S = (S * gates[layer - 1]) @ params[f"W{layer}"].T
    return S


def _right(X, params, target):
    _checked(X, target)
    Z, gates = mlp_forward(X, params)
    return _back(np.eye(Z.shape[1])[target], params, gates)


@mistake(
    "saliency",
    "the gradient is that of the cross-entropy loss",
    hints=(
        "Which number do you differentiate? What happens to it where the network is sure and right?",
        "S[i] = ∂z[i, target[i]]/∂X[i]: at the logits (m, K) it starts as 1 for one class, 0 for others.",
        "Start from the one-hot row of the target, without any probability in it.",
    ),
)
def of_the_loss(X, params, target):
    _checked(X, target)
    Z, gates = mlp_forward(X, params)
    return _back(_softmax(Z) - np.eye(Z.shape[1])[target], params, gates)


@mistake(
    "saliency",
    "the gradient is that of the softmax probability, which vanishes where the network is sure",
    hints=(
        "Which number do you differentiate? Can it still rise where it is 0.9999?",
        "z (m, K) are the logits, before any softmax. ∂z[i, target[i]]/∂z[i] is a row with one 1.",
        "Leave the softmax out of this file.",
    ),
)
def of_the_probability(X, params, target):
    _checked(X, target)
    Z, gates = mlp_forward(X, params)
    P, own = _softmax(Z), np.eye(Z.shape[1])[target]
    return _back(np.sum(P * own, axis=1, keepdims=True) * (own - P), params, gates)


@mistake(
    "saliency",
    "the absolute value is returned, and the sign is lost",
    hints=(
        "How would a reader of your map tell a pixel that speaks for the class from one that speaks against it?",
        "S[i, j] = ∂z[i, target[i]]/∂X[i, j] has a sign; for a picture others take |S|.",
        "Return the gradient as it arrives.",
    ),
)
def without_sign(X, params, target):
    return np.abs(_right(X, params, target))


@mistake(
    "saliency",
    "the input is multiplied by the gradient",
    hints=(
        "What does your map say about a pixel that is 0, and what would the derivative say?",
        "S = ∂z/∂X, of shape (m, n). X * S is another map, with a name of its own.",
        "Return the gradient alone.",
    ),
)
def times_input(X, params, target):
    return X * _right(X, params, target)


@mistake(
    "saliency",
    "the gradient is taken with respect to W1 and not to X",
    hints=(
        "What shape has your result, and what shape has X?",
        "From dZ1 (m, n1), X.T @ dZ1 goes to the weights, and dZ1 @ W1.T to the input, with a row per image.",
        "Take the other of the two.",
    ),
)
def of_the_weights(X, params, target):
    _checked(X, target)
    Z, gates = mlp_forward(X, params)
    S = np.eye(Z.shape[1])[target]
    for layer in range(len(gates) + 1, 1, -1):
        S = (S @ params[f"W{layer}"].T) * gates[layer - 2]
    return X.T @ S


@mistake(
    "saliency",
    "the gates of ReLU are left out: the gradient passes through units that are off",
    hints=(
        "Does your result depend on X at all?",
        "A unit that is off passes nothing on: between two matrices there is a factor 1 or 0 for each unit, (m, n_l).",
        "Multiply by where Z of that layer is positive, before you go through its matrix.",
    ),
)
def no_gates(X, params, target):
    _checked(X, target)
    Z, gates = mlp_forward(X, params)
    return _back(np.eye(Z.shape[1])[target], params, [np.ones_like(gate) for gate in gates])


@mistake(
    "saliency",
    "negative gradients are cut off at each hidden layer, which is guided backpropagation",
    hints=(
        "Which of two signs decides at a ReLU: that of Z, or that of the gradient?",
        "The slope of ReLU is 1 where Z > 0 and 0 elsewhere. A negative gradient passes through a unit that is on.",
        "Use the gate of the forward pass only.",
    ),
)
def guided(X, params, target):
    _checked(X, target)
    _, gates = mlp_forward(X, params)
    S = params[f"W{len(gates) + 1}"].T[target]
    for layer in range(len(gates), 0, -1):
        S = (np.maximum(S, 0.0) * gates[layer - 1]) @ params[f"W{layer}"].T
    return S


@mistake(
    "saliency",
    "the gradient's sign takes the place of the gate, as in a deconvolution",
    hints=(
        "Which of two signs decides at a ReLU: that of Z, or that of the gradient?",
        "The slope of ReLU is 1 where Z > 0 and 0 elsewhere, (m, n_l). It comes from the forward pass.",
        "Keep Z of every layer, or where it is positive, until you come back to it.",
    ),
)
def deconvolution(X, params, target):
    _checked(X, target)
    _, gates = mlp_forward(X, params)
    S = params[f"W{len(gates) + 1}"].T[target]
    for layer in range(len(gates), 0, -1):
        S = np.maximum(S, 0.0) @ params[f"W{layer}"].T
    return S


@mistake(
    "saliency",
    "the last layer has a ReLU too, so that a negative logit has no gradient",
    hints=(
        "Is there a row of zeros in your result? What is the logit of that row?",
        "Hidden layers use ReLU, the last one nothing: z (m, K) may be negative, and its slope is 1 all the same.",
        "Start from the one-hot row as it is.",
    ),
)
def output_gate(X, params, target):
    _checked(X, target)
    Z, gates = mlp_forward(X, params)
    return _back(np.eye(Z.shape[1])[target] * (Z > 0.0), params, gates)


@mistake(
    "saliency",
    "the biases are left out of the forward pass, so that other units are on",
    hints=(
        "Which units are on in the worked example, and which ones in yours?",
        "Z_l = A_{l-1} @ W_l + b_l: a bias has no gradient with respect to X, and yet it decides whether a unit is on.",
        "Add b to each Z of the forward pass.",
    ),
)
def no_biases(X, params, target):
    return _right(X, {name: value if name[0] == "W" else 0.0 * value for name, value in params.items()}, target)


@mistake(
    "saliency",
    "the class that the network predicts is asked about, not the target",
    hints=(
        "Call it twice for the same X, with two targets. Do you get two maps?",
        "The target (m,) says whose logit is meant: one may ask of a picture of a 3 what in it looks like an 8.",
        "Use target where you take the largest logit.",
    ),
)
def of_the_prediction(X, params, target):
    return (
        _right(X, params, mlp_forward(X, params)[0].argmax(axis=1))
        if target.shape == (len(X),)
        else _checked(X, target)
    )


@mistake(
    "saliency",
    "the gradient is that of the sum of all logits",
    hints=(
        "Call it twice for the same X, with two targets. Do you get two maps?",
        "At the logits (m, K) the gradient to send back has a 1 in the column of target[i], and 0 elsewhere.",
        "Start from one column of the last matrix for each row, not from the sum of all.",
    ),
)
def of_all_logits(X, params, target):
    _checked(X, target)
    Z, gates = mlp_forward(X, params)
    return _back(np.ones_like(Z), params, gates)


@mistake(
    "saliency",
    "the first row's target is used for all rows",
    hints=(
        "Exchange two entries of the target. Which rows of your result change?",
        "target (m,) has a class for each row, and WL (n_{L-1}, K) a column for each class.",
        "Pick a column for each row, with all of target as the index.",
    ),
)
def first_target(X, params, target):
    _checked(X, target)
    return _right(X, params, np.full_like(target, target[0]))


@mistake(
    "saliency",
    "the gradient is divided by the number of rows",
    hints=(
        "Put every row in twice. Should the map of an image change?",
        "S[i] belongs to the logit of row i alone. There is no mean over the m rows in it.",
        "Take the division by m out.",
    ),
)
def divides_by_m(X, params, target):
    return _right(X, params, target) / len(X)


@mistake(
    "saliency",
    "each map is divided by its largest entry",
    hints=(
        "Multiply the last matrix by 2. What should happen to S, and what happens to yours?",
        "S[i, j] = ∂z/∂X[i, j] has a size, too. Scaling to 1 is for drawing a picture.",
        "Leave the size of the gradient as it is.",
    ),
)
def scaled(X, params, target):
    S = _right(X, params, target)
    return S / np.abs(S).max(axis=1, keepdims=True)


@mistake(
    "saliency",
    "hidden matrices are used where their transposes belong",
    hints=(
        "Why does it work for layers of the same size, and with an error for all others?",
        "Forward A (m, n_{l-1}) @ W_l (n_{l-1}, n_l). Back, (m, n_l) has to become (m, n_{l-1}).",
        "Transpose each W on the way back.",
    ),
)
def not_transposed(X, params, target):
    _checked(X, target)
    _, gates = mlp_forward(X, params)
    S = params[f"W{len(gates) + 1}"].T[target]
    for layer in range(len(gates), 0, -1):
        S = (S * gates[layer - 1]) @ params[f"W{layer}"]
    return S


@mistake(
    "saliency",
    "a target that does not fit X is not refused",
    hints=(
        "What comes back for five rows and a target of length 1?",
        "target is (m,). numpy stretches an index of length 1 over all rows without a word.",
        "Compare the shape of target with the number of rows, and raise a ValueError.",
    ),
)
def takes_any_target(X, params, target):
    Z, gates = mlp_forward(X, params)
    rows = np.resize(target, len(X))
    return _back(np.eye(Z.shape[1])[rows], params, gates)


@mistake(
    "saliency",
    "the last layer's biases are set to 0 in the caller's network",
    hints=(
        "Print the network before and after the call.",
        "A bias (K,) adds nothing to a gradient, which is no reason to write into the caller's array.",
        "Leave params alone: what is not needed is not used.",
    ),
)
def clears_the_bias(X, params, target):
    params[f"b{len(params) // 2}"][...] = 0.0
    return _right(X, params, target)
