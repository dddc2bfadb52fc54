"""Wrong implementations of regularise.py, as students write them."""

import numpy as np
from nnedu.checking import mistake


def _start(n, rng):
    return [rng.normal(0.0, np.sqrt(2.0 / n), (n, 16)), np.zeros(16), rng.normal(0.0, 0.35, (16, 1)), np.zeros(1)]


def _predict(params, X, mask=1.0):
    A = np.maximum(X @ params[0] + params[1], 0.0) * mask
    return 1.0 / (1.0 + np.exp(-np.clip(A @ params[2] + params[3], -30.0, 30.0)))


def _gradients(params, X, y, lam, mask=1.0):
    A = np.maximum(X @ params[0] + params[1], 0.0) * mask
    dZ2 = (_predict(params, X, mask) - y) / len(X)
    dZ1 = dZ2 @ params[2].T * (A > 0.0) * mask
    grads = [X.T @ dZ1, dZ1.sum(axis=0), A.T @ dZ2, dZ2.sum(axis=0)]
    return [grad + lam * np.sign(value) * (value.ndim > 1) for grad, value in zip(grads, params, strict=True)]


def _trained(known, rng, epochs, lam=0.03, keep=1.0):
    """The parameters of the epoch with the lowest validation loss."""
    Xtr, ytr, Xval, yval = known
    params, best = _start(Xtr.shape[1], rng), np.inf
    kept, m, v = params, [0.0] * 4, [0.0] * 4
    for t in range(1, epochs + 1):
        mask = (rng.random((len(Xtr), 16)) < keep) / keep if keep < 1.0 else 1.0
        for i, grad in enumerate(_gradients(params, Xtr, ytr, lam, mask)):
            m[i], v[i] = 0.9 * m[i] + 0.1 * grad, 0.999 * v[i] + 0.001 * grad**2
        steps = [0.03 * a / (1 - 0.9**t) / (np.sqrt(b / (1 - 0.999**t)) + 1e-8) for a, b in zip(m, v, strict=True)]
        params = [value - step for value, step in zip(params, steps, strict=True)]
        P = _predict(params, Xval)
        loss = -np.mean(np.log(np.where(yval > 0.5, P, 1.0 - P)))
        if loss < best:
            kept, best = params, loss
    return kept


@mistake(
    "build_and_train",
    "the network is chosen by its training loss, without any regularisation",
    hints=(
        "What share of Xtr does your network place right at the end, and what share of Xval?",
        (
            "With 60 samples of 62 features and 16 hidden units, the training loss can always go to 0: it votes for no "
            "penalty and for the last epoch. Only Xval, yval, both with 60 rows, tell the gap."
        ),
        "Keep the parameters of the lowest validation loss, and add the gradient of a penalty on W1 and W2.",
    ),
)
def chooses_by_training_loss(Xtr, ytr, Xval, yval, rng, budget):
    params = _trained((Xtr, ytr, Xtr, ytr), rng, budget, lam=0.0)
    return lambda X: _predict(params, X)


@mistake(
    "build_and_train",
    "dropout is still switched on in the function that predicts",
    hints=(
        "Call your function twice with the same X. Are the two answers the same?",
        (
            "Dropout belongs to training. In evaluation every unit of the hidden layer (k, 16) is on, and since the "
            "mask was divided by keep_prob, nothing has to be made up for."
        ),
        "Use training=False in the forward pass that predicts, and in that of the validation loss.",
    ),
)
def drops_out_while_predicting(Xtr, ytr, Xval, yval, rng, budget):
    params = _trained((Xtr, ytr, Xval, yval), rng, budget, keep=0.8)
    return lambda X: _predict(params, X, (rng.random((len(X), 16)) < 0.5) / 0.5)


@mistake(
    "build_and_train",
    "the penalty is so strong that nothing is left of the weights",
    hints=(
        "What share of the training samples themselves does your network place right?",
        (
            "The penalty pulls at every weight, the data only at those that help. Where lam is much larger than a "
            "typical gradient of the loss (a few hundredths here), all of them end near 0."
        ),
        "Try lam between 0.001 and 0.1, by factors of 3, and choose by the validation loss.",
    ),
)
def penalises_too_much(Xtr, ytr, Xval, yval, rng, budget):
    params = _start(Xtr.shape[1], rng)
    for _ in range(budget):
        grads = _gradients(params, Xtr, ytr, lam=1.0)
        params = [value - 0.02 * grad for value, grad in zip(params, grads, strict=True)]
    return lambda X: _predict(params, X)


@mistake(
    "build_and_train",
    "the budget is not looked at",
    hints=(
        "How many epochs does your function take where budget is 0?",
        "budget is the number of steps on all of Xtr that may be taken. With 0 the start is what predicts.",
        "Let the loop over the epochs end at budget, and keep a fixed number of epochs out of the function.",
    ),
)
def ignores_the_budget(Xtr, ytr, Xval, yval, rng, budget):
    params = _trained((Xtr, ytr, Xval, yval), rng, 200)
    return lambda X: _predict(params, X)


@mistake(
    "build_and_train",
    "the caller's arrays are standardised in place",
    hints=(
        "Print Xtr.mean() before and after the call. Whose array is it?",
        "`Xtr -= mean` and `Xtr /= std` write into the caller's array (60, 62). `Xtr - mean` is a new one.",
        "Bind the standardised samples to a new name, made by an expression and not by an assignment in place.",
    ),
)
def standardises_in_place(Xtr, ytr, Xval, yval, rng, budget):
    mean, std = Xtr.mean(axis=0), Xtr.std(axis=0)
    Xtr -= mean
    Xtr /= std
    params = _trained((Xtr, ytr, (Xval - mean) / std, yval), rng, budget)
    return lambda X: _predict(params, (X - mean) / std)


@mistake(
    "build_and_train",
    "new samples are standardised by their own mean and spread",
    hints=(
        "What does your function make of a single sample? What is its mean over the rows?",
        (
            "Mean and spread (62,) belong to what was learned from the training samples. Taken from X (k, 62) they "
            "make the answer for a sample depend on its company, and for k = 1 nothing is left of it."
        ),
        "Compute both once from Xtr, outside of the function that predicts, and use them for Xval and X.",
    ),
)
def standardises_what_it_is_given(Xtr, ytr, Xval, yval, rng, budget):
    def standardised(X):
        return (X - X.mean(axis=0)) / (X.std(axis=0) + 1e-8)

    params = _trained((standardised(Xtr), ytr, standardised(Xval), yval), rng, budget)
    return lambda X: _predict(params, standardised(X))


@mistake(
    "build_and_train",
    "predictions are returned as one row, or without the second axis",
    hints=(
        "What is the shape of predict(X) for X of shape (50, 62)?",
        "The function returns a column: shape (k, 1), as ytr has it.",
        "Leave the output of the last layer as X @ W + b makes it, and do not flatten it.",
    ),
)
def predicts_flat(Xtr, ytr, Xval, yval, rng, budget):
    params = _trained((Xtr, ytr, Xval, yval), rng, budget)
    return lambda X: _predict(params, X).ravel()
