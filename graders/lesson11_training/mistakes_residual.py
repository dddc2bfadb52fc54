"""Wrong implementations of residual.py, as students write them."""

import numpy as np
from nnedu.checking import mistake
from residual import residual_forward as _forward


def _gradients(dout, cache):
    X, H, W1, W2 = cache
    dZ = dout @ W2.T * (H > 0.0)
    grads = {"W1": X.T @ dZ, "b1": dZ.sum(axis=0), "W2": H.T @ dout, "b2": dout.sum(axis=0)}
    return dZ @ W1.T, grads


@mistake(
    "residual_forward",
    "the input is not added",
    hints=(
        "What comes out where all weights are 0?",
        "out = X + relu(X @ W1 + b1) @ W2 + b2, each term of shape (m, d).",
        "Add the input at the end.",
    ),
)
def no_skip(X, W1, b1, W2, b2):
    out, cache = _forward(X, W1, b1, W2, b2)
    return out - X, cache


@mistake(
    "residual_forward",
    "an activation follows the sum",
    hints=(
        "Can a negative input pass your block where all weights are 0?",
        "out = X + relu(X @ W1 + b1) @ W2 + b2. Other texts have a ReLU after the sum (m, d); here there is none.",
        "Return the sum as it is.",
    ),
)
def relu_after_the_sum(X, W1, b1, W2, b2):
    out, cache = _forward(X, W1, b1, W2, b2)
    return np.maximum(out, 0.0), cache


@mistake(
    "residual_forward",
    "an activation follows the second layer, before the sum",
    hints=(
        "Can your block ever make an entry of X smaller?",
        "Only the hidden layer (m, h) has a ReLU. The second one is linear, so that it may add and take away.",
        "One ReLU is enough: the inner one.",
    ),
)
def relu_before_the_sum(X, W1, b1, W2, b2):
    out, cache = _forward(X, W1, b1, W2, b2)
    return X + np.maximum(out - X, 0.0), cache


@mistake(
    "residual_forward",
    "the ReLU between the layers is left out",
    hints=(
        "What are two linear layers one after the other?",
        "relu(X @ W1 + b1) is the hidden layer, (m, h).",
        "Bring the ReLU in before the second product.",
    ),
)
def no_relu(X, W1, b1, W2, b2):
    return X + (X @ W1 + b1) @ W2 + b2, _forward(X, W1, b1, W2, b2)[1]


@mistake(
    "residual_forward",
    "the input is added twice",
    hints=(
        "What comes out where all weights are 0?",
        "The skip is a single term: X, of shape (m, d).",
        "Look for a second place that adds X.",
    ),
)
def skip_twice(X, W1, b1, W2, b2):
    out, cache = _forward(X, W1, b1, W2, b2)
    return out + X, cache


@mistake(
    "residual_forward",
    "the bias of the second layer is left out",
    hints=(
        "What comes out where all weights and X are 0, and b2 is not?",
        "out = X + H @ W2 + b2, with b2 of shape (d,).",
        "Add b2.",
    ),
)
def no_second_bias(X, W1, b1, W2, b2):
    return _forward(X, W1, b1, W2, 0.0 * b2)


@mistake(
    "residual_forward",
    "the bias of the first layer is left out",
    hints=(
        "Does your result change with b1?",
        "The hidden layer is relu(X @ W1 + b1), with b1 of shape (h,).",
        "Add b1 before the ReLU.",
    ),
)
def no_first_bias(X, W1, b1, W2, b2):
    return _forward(X, W1, 0.0 * b1, W2, b2)


@mistake(
    "residual_forward",
    "the sum is written into the caller's X",
    hints=(
        "Print X before and after the call.",
        "X += ... writes into the caller's array (m, d).",
        "Build the sum as a new array.",
    ),
)
def adds_in_place(X, W1, b1, W2, b2):
    _, (old, *others) = _forward(X.copy(), W1, b1, W2, b2)
    X += others[0] @ W2 + b2
    return X, (old, *others)


@mistake(
    "residual_backward",
    "the gradient past the layers is missing in dX",
    hints=(
        "How many ways lead from X to out?",
        "dX = dout + (what comes back through both layers), each of shape (m, d).",
        "Add dout.",
    ),
)
def no_skip_gradient(dout, cache):
    return _gradients(dout, cache)


@mistake(
    "residual_backward",
    "the gradient past the layers is counted twice",
    hints=(
        "What is dX where all weights are 0?",
        "out = X + ... has X once, so dout (m, d) comes in once.",
        "Look for a second place that adds dout.",
    ),
)
def skip_gradient_twice(dout, cache):
    dX, grads = _gradients(dout, cache)
    return dX + 2.0 * dout, grads


@mistake(
    "residual_backward",
    "only the way past the layers is taken",
    hints=(
        "Does your dX change with W1?",
        "Two ways lead from X to out: past the layers, and through them. dX (m, d) is the sum of both.",
        "Add what comes back through the second layer, the ReLU and the first layer.",
    ),
)
def only_the_skip(dout, cache):
    return dout.copy(), _gradients(dout, cache)[1]


@mistake(
    "residual_backward",
    "the slope of the ReLU is left out",
    hints=(
        "A hidden unit was 0 for all samples. What gradient does its b1 get from you?",
        "dZ = dout @ W2.T, times 1 where the hidden unit (m, h) was above 0, and 0 elsewhere.",
        "Multiply by that mask before you go on to W1.",
    ),
)
def no_relu_slope(dout, cache):
    X, H, W1, W2 = cache
    dZ = dout @ W2.T
    grads = {"W1": X.T @ dZ, "b1": dZ.sum(axis=0), "W2": H.T @ dout, "b2": dout.sum(axis=0)}
    return dout + dZ @ W1.T, grads


@mistake(
    "residual_backward",
    "dout is masked as if an activation followed the sum",
    hints=(
        "What stands between the sum and out?",
        "Nothing: out (m, d) is the sum itself, and dout reaches both of its terms as it is.",
        "Only the hidden layer has a slope.",
    ),
)
def masks_dout(dout, cache):
    X, H, _, W2 = cache
    dout = dout * (X + H @ W2 > 0.0)
    dX, grads = _gradients(dout, cache)
    return dX + dout, grads


@mistake(
    "residual_backward",
    "gradients are divided by the number of samples",
    hints=(
        "Who divides by m in this course?",
        "The loss has divided already. W1 (d, h), b1 (h,), W2 (h, d) and b2 (d,) get sums over the samples.",
        "Take the division out.",
    ),
)
def divides_by_m(dout, cache):
    dX, grads = _gradients(dout, cache)
    return dX + dout, {name: one / len(dout) for name, one in grads.items()}


@mistake(
    "residual_backward",
    "the gradient of W2 is built with the input instead of the hidden layer",
    hints=(
        "What did W2 multiply?",
        "∂L/∂W2 = H.T @ dout, where H (m, h) is the hidden layer after its ReLU: the result has shape (h, d).",
        "Keep the hidden layer in the cache, and use it here.",
    ),
)
def input_for_hidden(dout, cache):
    X, H, *_ = cache
    dX, grads = _gradients(dout, cache)
    entered = np.resize(X, H.shape)
    return dX + dout, {**grads, "W2": entered.T @ dout}


@mistake(
    "residual_backward",
    "the gradients of the biases are means",
    hints=(
        "Is your gradient of W1 right, and that of b1 not?",
        "One b1 (h,) is used by all rows, and what they say is added up.",
        "Sum over axis 0.",
    ),
)
def mean_biases(dout, cache):
    dX, grads = _gradients(dout, cache)
    means = {name: grads[name] / len(dout) for name in ("b1", "b2")}
    return dX + dout, {**grads, **means}


@mistake(
    "residual_backward",
    "dX is added into the caller's dout",
    hints=(
        "Print dout before and after the call.",
        "dout += ... writes into the caller's array (m, d).",
        "Build the sum as a new array.",
    ),
)
def adds_into_dout(dout, cache):
    dX, grads = _gradients(dout, cache)
    dout += dX
    return dout, grads
