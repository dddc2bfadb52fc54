"""Tests that do not tell right from wrong, as students write them."""

# ruff: noqa: FBT003 - the mode of lesson 7 is an argument

import numpy as np
from nnedu.checking import mistake
from suites import check_adam, check_backprop, check_batchnorm, check_softmax


def _differs(found, wanted, within=1e-6):
    return np.shape(found) != np.shape(wanted) or not bool(np.max(np.abs(found - wanted)) <= within)


def _softmax(Z):
    powers = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@mistake(
    "check_softmax",
    "every softmax is accepted, as it is where at most the form of the result is looked at",
    hints=(
        "Which of your lines could complain about a wrong number?",
        (
            "P (m, K) with positive entries of the right shape may still be any numbers. What is P for logits "
            "that you know?"
        ),
        "Compute e^z over its row's sum yourself, for some random logits, and compare.",
    ),
)
def softmax_form_only(softmax):
    P = softmax(np.random.default_rng(0).normal(size=(4, 3)))
    return [] if P.shape == (4, 3) and np.all(P > 0) else ["form"]


@mistake(
    "check_softmax",
    "a softmax that overflows is accepted, as it is where only small logits are tried",
    hints=(
        "What comes out of your softmax for logits such as 1000, and of one that subtracts nothing?",
        (
            "e^1000 is infinite, and infinite / infinite is nan. Adding a constant to a row of Z (m, K) must "
            "change nothing."
        ),
        "Try rows around 1000 and around -1000, best both in one array.",
    ),
)
def softmax_small_logits(softmax):
    complaints, rng = [], np.random.default_rng(0)
    for shape in ((3,), (4, 3), (2, 3, 4)):
        Z = rng.normal(size=shape)
        given = Z.copy()
        complaints += ["wrong"] * _differs(softmax(given), _softmax(Z)) + ["changed"] * _differs(given, Z, 0.0)
    return complaints


@mistake(
    "check_softmax",
    "a softmax of the columns is accepted, as it is where only single rows are tried",
    hints=(
        "In which shapes do a sum over rows and one over columns differ?",
        "For Z of shape (K,) every axis is the last one. Take (m, K) with m and K different, and three axes, too.",
        "Try a matrix, and compare row by row.",
    ),
)
def softmax_single_rows(softmax):
    rows = np.array([1000.0, 998.0, 0.0]), np.array([0.3, -1.2, 0.5])
    return [f"wrong for {Z}" for Z in rows if _differs(softmax(Z.copy()), _softmax(Z))]


@mistake(
    "check_softmax",
    "right results are rejected that differ in their last digits",
    hints=(
        "Do two right ways to add three numbers give the same last digit?",
        "Numbers of 64 bits have 16 digits; each operation may be off in the last. Compare to about 1e-6, not with ==.",
        "Ask for the largest difference, and let it be small instead of zero.",
    ),
)
def softmax_to_the_last_digit(softmax):
    Z = np.random.default_rng(0).normal(size=(20, 3))
    return check_softmax(softmax) + ["wrong"] * bool(np.any(softmax(Z) != _softmax(Z)))


@mistake(
    "check_softmax",
    "a truth value is returned instead of a list",
    hints=(
        "What does the docstring say that is returned?",
        "A list of strings, one for each complaint; an empty one accepts.",
        "Collect complaints in a list, and return the list.",
    ),
)
def softmax_truth_value(softmax):
    return not check_softmax(softmax)


@mistake(
    "check_softmax",
    "every softmax is rejected",
    hints=(
        "Put your own softmax of lesson 3 to your tests. What do they say?",
        "A list with a string in it rejects. The list is empty where nothing is wrong.",
        "Append a complaint under a condition only.",
    ),
)
def softmax_rejects(softmax):
    return ["the result may be wrong"]


def _network(rng, sizes):
    params = {}
    for layer in range(1, len(sizes)):
        params[f"W{layer}"] = rng.normal(size=sizes[layer - 1 : layer + 1])
        params[f"b{layer}"] = rng.normal(size=sizes[layer])
    return params


def _loss(X, Y, params):
    A = X
    for layer in range(1, len(params) // 2 + 1):
        Z = A @ params[f"W{layer}"] + params[f"b{layer}"]
        A = np.maximum(Z, 0.0)
    return float(np.mean(np.logaddexp(0.0, Z) - Y * Z))


def _gradients(X, Y, params):
    grads = {}
    for name, value in params.items():
        steps = 1e-5 * np.eye(value.size).reshape(value.size, *value.shape)
        slopes = [_loss(X, Y, params | {name: value + s}) - _loss(X, Y, params | {name: value - s}) for s in steps]
        grads[name] = np.reshape(slopes, value.shape) / 2e-5
    return grads


@mistake(
    "check_backprop",
    "every backprop is accepted, as it is where only the course of a training is looked at",
    hints=(
        "In lesson 5, which wrong gradients trained a network all the same?",
        (
            "A step against something roughly like the gradient lowers the loss. Each entry, of W1 (n0, n1) and "
            "all others, has to be right."
        ),
        "Compare with central differences of the mean loss, entry by entry.",
    ),
)
def backprop_accuracy_only(backprop):
    rng = np.random.default_rng(0)
    X, params = rng.normal(size=(40, 2)), _network(rng, (2, 8, 1))
    Y = (X[:, :1] > 0).astype(float)
    before = _loss(X, Y, params)
    for _ in range(100):
        grads = backprop(X, Y, params)
        params = {name: value - 0.02 * grads[name] for name, value in params.items()}
    return [] if _loss(X, Y, params) < before else ["the loss does not fall"]


@mistake(
    "check_backprop",
    "a forgotten slope is accepted, as it is where no network has a hidden layer",
    hints=(
        "In which networks is there a slope of ReLU to forget?",
        "Params W1, b1 alone have no hidden layer. With W1 (n0, n1), W2 (n1, n2), W3 (n2, n3) there are two.",
        "Try two and three layers, with sizes that are all different.",
    ),
)
def backprop_one_layer(backprop):
    rng = np.random.default_rng(0)
    X, params, Y = rng.normal(size=(6, 3)), _network(rng, (3, 2)), rng.integers(0, 2, size=(6, 2)).astype(float)
    grads, wanted = backprop(X, Y, params), _gradients(X, Y, params)
    return [name for name in params if _differs(grads[name], wanted[name])]


@mistake(
    "check_backprop",
    "gradients of a wrong length are accepted, as they are where only directions or accuracies are compared",
    hints=(
        "What does your test say of gradients that are seven times too long?",
        "A gradient of the sum of m losses points where that of their mean does, and is m times as long.",
        "Compare the numbers themselves, not what is left after a division by a norm.",
    ),
)
def backprop_directions(backprop):
    rng = np.random.default_rng(0)
    X, params, Y = rng.normal(size=(6, 3)), _network(rng, (3, 4, 2)), rng.integers(0, 2, size=(6, 2)).astype(float)
    grads, wanted = backprop(X, Y, params), _gradients(X, Y, params)
    cosines = {n: np.sum(grads[n] * w) / np.sqrt(np.sum(grads[n] ** 2) * np.sum(w**2)) for n, w in wanted.items()}
    return [name for name, cosine in cosines.items() if not cosine > 0.9999]


@mistake(
    "check_backprop",
    "the slope of ReLU at exactly 0 is tested, where the text leaves it open",
    hints=(
        "Which inputs of yours make a pre-activation exactly 0?",
        (
            "At Z = 0 ReLU has a kink: any slope from 0 to 1 is a right answer. X = 0 (m, n0) with b = 0 puts "
            "every unit there."
        ),
        "Draw inputs and biases from a normal distribution; then no unit is at 0.",
    ),
)
def backprop_at_the_kink(backprop):
    rng = np.random.default_rng(0)
    params = _network(rng, (3, 4, 2)) | {"b1": np.zeros(4)}
    grads = backprop(np.zeros((5, 3)), np.ones((5, 2)), params)
    return check_backprop(backprop) + ["b1 should not move"] * bool(np.any(grads["b1"] != 0.0))


@mistake(
    "check_backprop",
    "the keys have to come in the order of params",
    hints=(
        "Are two dicts equal whose keys were put in in different order?",
        "grads has the keys of params, W1, b1, ..., in any order.",
        "Compare sets of keys, or look every key up.",
    ),
)
def backprop_key_order(backprop):
    rng = np.random.default_rng(0)
    params = _network(rng, (3, 4, 2))
    grads = backprop(rng.normal(size=(5, 3)), np.ones((5, 2)), params)
    return check_backprop(backprop) + ["other keys"] * (list(grads) != list(params))


@mistake(
    "check_adam",
    "every adam_update is accepted, as it is where going downhill is enough",
    hints=(
        "Would plain gradient descent pass your tests?",
        (
            "Any step against the sign of the gradient goes downhill. Adam says how long each of them is, and "
            "what m and v are."
        ),
        "Work out param, m and v of a step by the formulas, and compare all three.",
    ),
)
def adam_downhill(adam_update):
    param, m, v = np.array([3.0, -2.0]), np.zeros(2), np.zeros(2)
    for t in range(1, 50):
        param, m, v = adam_update(param, param.copy(), m, v, t, lr=0.02)
    return [] if float(param @ param) < 13.0 else ["it does not go down"]


def _adam(param, grad, m, v, t, lr):
    m, v = 0.9 * m + 0.1 * grad, 0.999 * v + 0.001 * grad**2
    return param - lr * m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8), m, v


def _steps(adam_update, grads, t, within=1e-6):
    state, complaints = (np.ones(grads.shape[1:]), np.zeros(grads.shape[1:]), np.zeros(grads.shape[1:])), []
    for later, grad in enumerate(grads):
        found = adam_update(state[0].copy(), grad, state[1].copy(), state[2].copy(), t + later, lr=0.1)
        state = _adam(state[0], grad, state[1], state[2], t + later, 0.1)
        complaints += [f"step {t + later}"] * any(map(lambda a, b: _differs(a, b, within), found, state))
    return complaints


@mistake(
    "check_adam",
    "one scale for a whole array is accepted, as it is where parameters of one number are tried",
    hints=(
        "Of which shape are the parameters that you try?",
        "All operations are entry by entry. For one number, a mean over the array and the entry are the same.",
        "Try a matrix whose gradients are of very different size.",
    ),
)
def adam_one_number(adam_update):
    return _steps(adam_update, np.array([[0.5], [-1.0], [2.0]]), 1)


@mistake(
    "check_adam",
    "moments that are never corrected are accepted, as they are where only late steps are tried",
    hints=(
        "Which t do you try?",
        "1 - 0.999^t is 0.001 for t = 1, and 1 for t = 100000. What is divided by it matters at the start.",
        "Begin with t = 1 and m = v = 0, and take some steps.",
    ),
)
def adam_late_steps(adam_update):
    return _steps(adam_update, np.random.default_rng(0).normal(size=(3, 3, 2)), 100_000)


@mistake(
    "check_adam",
    "right results are rejected that differ in their last digits",
    hints=(
        "Do two right ways to compute the same give the same last digit?",
        (
            "eps may be added in either of two places, and numbers of 64 bits round. Compare to about 1e-6, with "
            "lr near 0.1."
        ),
        "Replace == by a bound on the largest difference.",
    ),
)
def adam_to_the_last_digit(adam_update):
    return check_adam(adam_update) + _steps(adam_update, np.random.default_rng(0).normal(size=(4, 3, 2)), 1, 0.0)


@mistake(
    "check_adam",
    "eps in its other place is rejected, as it is where gradients are tiny",
    hints=(
        "How large are your gradients, compared with eps?",
        (
            "√v_new is 0.03·|grad| at the first step: with |grad| = 1e-6 an eps of 1e-8 is a third of it, in one "
            "place and not in the other."
        ),
        "For small gradients, allow for some per cent of a step; with |grad| near 1e-4 a wrong root still shows.",
    ),
)
def adam_tiny_gradients(adam_update):
    return check_adam(adam_update) + _steps(adam_update, np.full((1, 2), 1e-6), 1, 1e-4)


@mistake(
    "check_adam",
    "a tuple is insisted on, where a list holds the same three arrays",
    hints=(
        "What do you ask of the result beside its numbers?",
        "Three values are returned, param, m and v. Who unpacks them does not see in what they came.",
        "Unpack the result into three names.",
    ),
)
def adam_tuples(adam_update):
    found = adam_update(np.ones(2), np.ones(2), np.zeros(2), np.zeros(2), 1)
    return check_adam(adam_update) + ["no tuple"] * (type(found) is not tuple)


@mistake(
    "check_batchnorm",
    "every batch normalisation is accepted, as it is where at most the form of the result is looked at",
    hints=(
        "Which of your lines could complain about a wrong number?",
        "out and dX have the shape (m, d) of X whatever is in them.",
        "Work out what the formulas say for a random X, and compare.",
    ),
)
def batchnorm_form_only(batchnorm_forward, batchnorm_backward):
    X, d = np.random.default_rng(0).normal(size=(5, 3)), np.ones(3)
    out, cache, mean, var = batchnorm_forward(X, d, d, 0 * d, d)
    dX, _, _ = batchnorm_backward(X, cache)
    return [] if out.shape == dX.shape == (5, 3) and mean.shape == var.shape == (3,) else ["form"]


def _outputs(batchnorm_forward, mode):
    rng = np.random.default_rng(0)
    X, gamma, beta, mean, var = rng.normal(size=(5, 3)), *rng.uniform(0.5, 2.0, size=(4, 3))
    used = (X.mean(axis=0), X.var(axis=0)) if mode else (mean, var)
    out = batchnorm_forward(X, gamma, beta, mean, var, training=mode)[0]
    return ["out"] * _differs(out, gamma * (X - used[0]) / np.sqrt(used[1] + 1e-5) + beta)


@mistake(
    "check_batchnorm",
    "statistics of the batch are accepted in evaluation, as they are where evaluation is never tried",
    hints=(
        "Which values of training do you try?",
        "In evaluation mean and var, (d,), are the running ones: the output of a row does not depend on the others.",
        "Try training=False with running statistics that differ from those of the batch.",
    ),
)
def batchnorm_training_only(batchnorm_forward, batchnorm_backward):
    return _outputs(batchnorm_forward, True)


@mistake(
    "check_batchnorm",
    "normalised rows are accepted in training, as they are where training is never tried",
    hints=(
        "Which values of training do you try?",
        "In training mean and var, (d,), are those of the batch, and the running ones move towards them.",
        "Try training=True: out, and the running statistics, and the way back.",
    ),
)
def batchnorm_evaluation_only(batchnorm_forward, batchnorm_backward):
    return _outputs(batchnorm_forward, False)


@mistake(
    "check_batchnorm",
    "the cache is opened, whose content is nobody else's business",
    hints=(
        "What do you know of a cache?",
        "batchnorm_backward(dout, cache) knows what its own forward kept; it may be a tuple, a dict, or anything.",
        "Hand the cache over as it is.",
    ),
)
def batchnorm_opens_the_cache(batchnorm_forward, batchnorm_backward):
    X, d = np.random.default_rng(0).normal(size=(5, 3)), np.ones(3)
    _, std, _ = batchnorm_forward(X, d, d, 0 * d, d)[1]
    return check_batchnorm(batchnorm_forward, batchnorm_backward) + ["std"] * _differs(std, np.sqrt(X.var(0) + 1e-5))


@mistake(
    "check_batchnorm",
    "a way back is asked from evaluation, of which the text says nothing",
    hints=(
        "After which calls of batchnorm_forward do you call batchnorm_backward?",
        "The cache is for the way back after training; after evaluation it may be anything, or None.",
        "Go back after calls with training=True only.",
    ),
)
def batchnorm_back_from_evaluation(batchnorm_forward, batchnorm_backward):
    X, d = np.random.default_rng(0).normal(size=(5, 3)), np.ones(3)
    _, cache, _, _ = batchnorm_forward(X, d, d, 0 * d, d, training=False)
    batchnorm_backward(X, cache)
    return check_batchnorm(batchnorm_forward, batchnorm_backward)
