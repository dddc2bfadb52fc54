"""Programs of gauntlet.py that are still wrong, or whose symptom is mended instead of the cause."""

# ruff: noqa: FBT002 - the signature is that of the programs

import numpy as np
from gauntlet import class_probabilities, classifier_delta, loss_gradients, recurrent_gradients
from nnedu.checking import mistake


def _sigmoid(Z):
    return 0.5 + 0.5 * np.tanh(0.5 * Z)


def _forward(X, params, hidden, last=lambda Z: Z):
    A, n_layers = X, len(params) // 2
    for layer in range(1, n_layers + 1):
        Z = A @ params[f"W{layer}"] + params[f"b{layer}"]
        A = hidden(Z) if layer < n_layers else last(Z)
    return A


@mistake(
    "deep_forward",
    "the hidden layers are still sigmoids",
    hints=(
        "By how much can a gradient pass through one hidden layer of yours at most?",
        (
            "The slope of a sigmoid is at most 1/4: ten of them leave a millionth. Which activation does the "
            "docstring name for A_l (m, n_l)?"
        ),
        "One line in the loop: the activation of the hidden layers.",
    ),
)
def deep_sigmoids(X, params):
    return _forward(X, params, _sigmoid)


@mistake(
    "deep_forward",
    "the sigmoids are replaced by tanh, which saturates, too",
    hints=(
        "What is the slope of your activation at z = 3?",
        "tanh has slope 1 at 0 and less everywhere else. A_l, (m, n_l), is a ReLU of Z_l.",
        "Take the activation that the docstring names.",
    ),
)
def deep_tanh(X, params):
    return _forward(X, params, np.tanh)


@mistake(
    "deep_forward",
    "the last layer has got a ReLU, too: logits are never negative",
    hints=(
        "Can your network say that a class is unlikely?",
        "Logits, (m, nL), may have any sign: the last layer is linear.",
        "Let the loop go over the hidden layers only, as it did.",
    ),
)
def deep_relu_everywhere(X, params):
    return _forward(X, params, lambda Z: np.maximum(Z, 0.0), lambda Z: np.maximum(Z, 0.0))


@mistake(
    "deep_forward",
    "the sigmoids are made steeper, so that gradients are larger: the symptom, not the cause",
    hints=(
        "What is the slope of your activation far away from 0?",
        (
            "A factor in front makes a sigmoid larger, and leaves it flat where |z| is large. A_l (m, n_l) is a "
            "ReLU of Z_l."
        ),
        "Replace the activation instead of stretching it.",
    ),
)
def deep_stretched(X, params):
    return _forward(X, params, lambda Z: 4.0 * _sigmoid(Z))


def _train(Z, y, Z_new, steps, lr=0.1, shrink=lambda g: g):
    w, b = np.zeros(Z.shape[1]), 0.0
    with np.errstate(all="ignore"):
        for _ in range(steps):
            error = Z @ w + b - y
            w = w - lr * shrink(Z.T @ error / len(y))
            b = b - lr * np.mean(error)
        return Z_new @ w + b


def _standard(X, X_new):
    return (X_new - X.mean(axis=0)) / X.std(axis=0)


@mistake(
    "predict_prices",
    "the training still sees raw columns",
    hints=(
        "Print Z before the loop. Is it what its name says?",
        (
            "A column of square metres, near 300, makes the loss 300² times as steep as one of size 1: steps of "
            "0.1 overshoot. Z (m, n) should be standardised."
        ),
        "One line above the loop: subtract the mean from X and divide by std, as is done for X_new.",
    ),
)
def prices_raw(X, y, X_new, steps=300):
    return _train(X, y, _standard(X, X_new), steps)


@mistake(
    "predict_prices",
    "nan is replaced by numbers at the end: the symptom, not the cause",
    hints=(
        "Are 0 or 10^308 likely prices of a flat?",
        (
            "Once there is a nan in w (n,), nothing that was learnt is left. Look for the step in which w becomes "
            "infinite, and why."
        ),
        "Take nan_to_num out, and look at the columns that the loop is given.",
    ),
)
def prices_without_nan(X, y, X_new, steps=300):
    return np.nan_to_num(_train(X, y, _standard(X, X_new), steps))


@mistake(
    "predict_prices",
    "the gradient is clipped: the symptom, not the cause",
    hints=(
        "How good are your predictions, beside being finite?",
        "Clipped steps along raw columns go to and fro. In standardised columns, (m, n), a rate of 0.1 converges.",
        "Take the clipping out, and standardise what the loop is given.",
    ),
)
def prices_clipped(X, y, X_new, steps=300):
    return _train(X, y, _standard(X, X_new), steps, shrink=lambda g: np.clip(g, -1.0, 1.0))


@mistake(
    "predict_prices",
    "the learning rate is made tiny: the symptom, not the cause",
    hints=(
        "How far does the bias get in 300 steps of yours?",
        (
            "One rate has to fit all n columns: what is small enough for square metres is far too small for rooms "
            "and bias."
        ),
        "Put the rate back to 0.1, and standardise what the loop is given.",
    ),
)
def prices_tiny_rate(X, y, X_new, steps=300):
    return _train(X, y, _standard(X, X_new), steps, lr=1e-6)


@mistake(
    "predict_prices",
    "new rows are standardised by their own mean and standard deviation",
    hints=(
        "What does your function predict for one flat alone?",
        (
            "The weights belong to columns measured from the mean of X, in units of its std, (n,). New rows, (k, "
            "n), are measured the same way."
        ),
        "Use mean and std of X for both.",
    ),
)
def prices_own_scale(X, y, X_new, steps=300):
    return _train(_standard(X, X), y, (X_new - X_new.mean(axis=0)) / (X_new.std(axis=0) + 1e-12), steps)


@mistake(
    "predict_prices",
    "nothing is standardised any more, neither in training nor in prediction",
    hints=(
        "What does the docstring say that happens to the columns first?",
        "Both Z (m, n) and Z_new (k, n) are (· - mean) / std, with mean and std of X.",
        "Of the two, Z_new was right.",
    ),
)
def prices_all_raw(X, y, X_new, steps=300):
    return _train(X, y, X_new, steps)


@mistake(
    "class_probabilities",
    "each class still has a probability of its own",
    hints=(
        "Add up a row of P. What should it be?",
        "Of exclusive classes one is right: P (m, K) has e^logit over the sum of its row, the same for all K.",
        "One line: the denominator.",
    ),
)
def classes_alone(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / (1.0 + powers)


@mistake(
    "class_probabilities",
    "independent probabilities are divided by their sum afterwards: the symptom, not the cause",
    hints=(
        "Rows sum to 1 now. Are the ratios right, for logits 0 and 3?",
        "P[i, a] / P[i, b] is e^(z_a - z_b). Sigmoids that are made to sum to 1 have other ratios.",
        "Divide the exponentials themselves by the sum of their row.",
    ),
)
def classes_renormalised(logits):
    P = classes_alone(logits)
    return P / P.sum(axis=1, keepdims=True)


@mistake(
    "class_probabilities",
    "the sum runs over the samples instead of the classes",
    hints=(
        "Add up a row of P, and a column. Which of the two is 1?",
        "Rows of logits, (m, K), are samples and columns are classes.",
        "Sum along the last axis, and keep the dimension.",
    ),
)
def classes_by_columns(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=0, keepdims=True)


@mistake(
    "class_probabilities",
    "logits are clipped, where the maximum was subtracted",
    hints=(
        "What are your probabilities for the logits 1000 and 990?",
        (
            "After clipping both are the same. Subtracting the maximum of each row of (m, K) changes nothing, and "
            "e^0 is the largest."
        ),
        "Leave the subtraction as it was given.",
    ),
)
def classes_clipped(logits):
    return class_probabilities(np.clip(logits, -20.0, 20.0))


@mistake(
    "classifier_delta",
    "it is still the gradient of the mean squared error",
    hints=(
        "How large is your gradient for a sample with Z = -20 and Y = 1?",
        (
            "With squared errors the slope A(1 - A) of the sigmoid is left over, which is 0 where A is sure. In "
            "the cross-entropy it cancels: work ∂L/∂Z (m, k) out."
        ),
        "One line: two factors have no business in it.",
    ),
)
def delta_of_squares(Z, Y):
    A = _sigmoid(Z)
    return 2.0 * (A - Y) * A * (1.0 - A) / Z.size


@mistake(
    "classifier_delta",
    "the slope of the sigmoid is still a factor",
    hints=(
        "How large is your gradient for a sample with Z = -20 and Y = 1?",
        "The derivative of the cross-entropy by A has A(1 - A) in its denominator; the sigmoid's slope cancels it.",
        "Leave the slope out, entry by entry of (m, k).",
    ),
)
def delta_with_slope(Z, Y):
    A = _sigmoid(Z)
    return (A - Y) * A * (1.0 - A) / Z.size


@mistake(
    "classifier_delta",
    "the slope of the sigmoid is kept from becoming small: the symptom, not the cause",
    hints=(
        "What is the loss whose gradient your number is?",
        (
            "A floor under A(1 - A) lets sure samples move, but it is the gradient of no loss. That of cross- "
            "entropy, (m, k), has no such factor."
        ),
        "Take the slope out altogether.",
    ),
)
def delta_with_floor(Z, Y):
    A = _sigmoid(Z)
    return 2.0 * (A - Y) * np.maximum(A * (1.0 - A), 0.05) / Z.size


@mistake(
    "classifier_delta",
    "the factor 2 of the squared error is still there",
    hints=(
        "By which factor is your gradient too large?",
        "Nothing in the cross-entropy is squared: ∂L/∂Z has no 2.",
        "Take the 2 out.",
    ),
)
def delta_twice(Z, Y):
    return 2.0 * classifier_delta(Z, Y)


@mistake(
    "classifier_delta",
    "the loss is averaged over the rows only",
    hints=(
        "By which factor is your gradient too large?",
        "The mean is over all m·k entries of Y, not over the m rows.",
        "Divide by the number of entries, as it was given.",
    ),
)
def delta_by_rows(Z, Y):
    return classifier_delta(Z, Y) * Z.shape[1]


@mistake(
    "loss_gradients",
    "the gradients still belong to the sum of the losses",
    hints=(
        "Stack the batch on top of itself. What happens to the mean loss, and what to your gradients?",
        "L has 1/m in front. It belongs into dZ (m, k), once, and reaches dW and db from there.",
        "One line: divide the error by the number of rows.",
    ),
)
def gradients_of_the_sum(X, Y, W, b):
    dZ = X @ W + b - Y
    return X.T @ dZ, dZ.sum(axis=0)


@mistake(
    "loss_gradients",
    "dW is divided by m, and db is not",
    hints=(
        "Stack the batch on top of itself. Which of the two gradients stays?",
        "Both come from the same dZ (m, k). What is divided there is divided in both.",
        "Divide in dZ instead of in dW.",
    ),
)
def gradients_dW_only(X, Y, W, b):
    dW, db = loss_gradients(X, Y, W, b)
    return dW, db * len(X)


@mistake(
    "loss_gradients",
    "the gradients are divided by all m·k entries",
    hints=(
        "By which factor are your gradients too small?",
        "The loss is a mean over the m rows, and a sum over the k outputs.",
        "Divide by the number of rows only.",
    ),
)
def gradients_by_entries(X, Y, W, b):
    dW, db = loss_gradients(X, Y, W, b)
    return dW / Y.shape[1], db / Y.shape[1]


@mistake(
    "loss_gradients",
    "the gradients are clipped, so that they do not explode: the symptom, not the cause",
    hints=(
        "Are your gradients those of any loss?",
        (
            "Clipping changes the direction, too. What makes dW (n, k) grow with the batch is a factor m that "
            "should not be there."
        ),
        "Take the clipping out, and look for the mean.",
    ),
)
def gradients_clipped(X, Y, W, b):
    return tuple(np.clip(one, -1.0, 1.0) for one in gradients_of_the_sum(X, Y, W, b))


@mistake(
    "loss_gradients",
    "the gradients are divided by m twice",
    hints=(
        "Stack the batch on top of itself. Do your gradients stay?",
        "Find every place where something is divided by m. In dZ (m, k) is enough.",
        "Keep one division.",
    ),
)
def gradients_averaged_twice(X, Y, W, b):
    dW, db = loss_gradients(X, Y, W, b)
    return dW / len(X), db / len(X)


@mistake(
    "recurrent_gradients",
    "db is still summed over the wrong axes",
    hints=(
        "Which shape has your db, and which shape has b?",
        "dZ is (m, T, d). b (d,) is used for every sample and every step: what is left after the sum is d numbers.",
        "One line: which two of the axes 0, 1 and 2 are summed over?",
    ),
)
def recurrent_wrong_axes(dZ, X):
    return recurrent_gradients(dZ, X)[0], dZ.sum(axis=(1, 2))


@mistake(
    "recurrent_gradients",
    "db is summed over the samples and averaged over the steps",
    hints=(
        "By which factor is your db too small?",
        "Each of the T steps uses b (d,), and each adds its share.",
        "A sum over both axes.",
    ),
)
def recurrent_mean_of_steps(dZ, X):
    return recurrent_gradients(dZ, X)[0], dZ.sum(axis=0).mean(axis=0)


@mistake(
    "recurrent_gradients",
    "db is a mean over the samples, which the loss has taken already",
    hints=(
        "By which factor is your db too small?",
        "dZ (m, T, d) belongs to a mean loss already; a layer only adds up.",
        "A sum over both axes.",
    ),
)
def recurrent_mean_of_samples(dZ, X):
    return recurrent_gradients(dZ, X)[0], dZ.mean(axis=0).sum(axis=0)


@mistake(
    "recurrent_gradients",
    "db is that of the last time step alone",
    hints=(
        "Change dZ of the first step. Does your db move?",
        "The same b (d,) is used in each of the T steps.",
        "Sum over the steps, too.",
    ),
)
def recurrent_last_step(dZ, X):
    return recurrent_gradients(dZ, X)[0], dZ[:, -1].sum(axis=0)


@mistake(
    "recurrent_gradients",
    "db keeps the time axis",
    hints=(
        "Which shape has your db, and which shape has b?",
        "A gradient has the shape of its parameter, (d,); (T, d) has a row for each step.",
        "Sum over both axes.",
    ),
)
def recurrent_keeps_time(dZ, X):
    return recurrent_gradients(dZ, X)[0], dZ.sum(axis=0)


def _momentum(result, grads, lr, beta, steps, pull=1.0, reset=False):
    for name, grad in grads.items():
        velocity = np.zeros_like(grad)
        for _ in range(steps):
            velocity = (0.0 if reset else beta) * velocity - pull * lr * grad
            result[name] += velocity
    return result


@mistake(
    "momentum_steps",
    "the dict is copied, and the arrays in it are still the caller's",
    hints=(
        "Print a parameter of the caller before and after. And what does dict(params) copy?",
        "A copy of a dict has the same arrays under its names; += writes into them.",
        "Copy each array, or build a new one in each step.",
    ),
)
def momentum_shallow(params, grads, lr=0.1, beta=0.9, steps=3):
    return _momentum(dict(params), grads, lr, beta, steps)


@mistake(
    "momentum_steps",
    "the arrays are copied at the end, when those of the caller have changed already",
    hints=(
        "Print a parameter of the caller before and after. Is it the same?",
        "The copy has to be there before the first += writes.",
        "Copy each array when result is made.",
    ),
)
def momentum_copied_late(params, grads, lr=0.1, beta=0.9, steps=3):
    return {name: value.copy() for name, value in _momentum(dict(params), grads, lr, beta, steps).items()}


@mistake(
    "momentum_steps",
    "in-place steps are gone, and the velocity with them",
    hints=(
        "How long is your third step, compared with the first?",
        (
            "velocity, of the shape of its parameter, goes from step to step: beta times the one before, minus lr "
            "times grad."
        ),
        "Change the copy alone; the loop was right.",
    ),
)
def momentum_without_velocity(params, grads, lr=0.1, beta=0.9, steps=3):
    return _momentum({name: value.copy() for name, value in params.items()}, grads, lr, beta, steps, reset=True)


@mistake(
    "momentum_steps",
    "the gradient enters with 1 - beta in front",
    hints=(
        "How long is your first step?",
        "velocity = beta · velocity - lr · grad: the gradient has the learning rate in front, and nothing else.",
        "Change the copy alone; the loop was right.",
    ),
)
def momentum_averaged(params, grads, lr=0.1, beta=0.9, steps=3):
    return _momentum({name: value.copy() for name, value in params.items()}, grads, lr, beta, steps, pull=1.0 - beta)


def _normalised(Z, layer, mean, var, eps):
    return np.maximum(layer["gamma"] * (Z - mean) / np.sqrt(var + eps) + layer["beta"], 0.0)


@mistake(
    "predict_rows",
    "the statistics are still those of the rows to be predicted",
    hints=(
        "Predict a row alone, and beside others. The same?",
        "In evaluation mean and var, (d,), are what training left, whatever X (m, n) is.",
        "One line: where mean and var come from.",
    ),
)
def rows_by_the_batch(X, layer, eps=1e-5):
    Z = X @ layer["W"]
    return _normalised(Z, layer, Z.mean(axis=0), Z.var(axis=0), eps)


@mistake(
    "predict_rows",
    "the mean is the running one, and the variance is still that of the batch",
    hints=(
        "What is the variance of one row?",
        "Both statistics, (d,), are the running ones in evaluation.",
        "Take running_var, too.",
    ),
)
def rows_half_mended(X, layer, eps=1e-5):
    Z = X @ layer["W"]
    return _normalised(Z, layer, layer["running_mean"], Z.var(axis=0), eps)


@mistake(
    "predict_rows",
    "normalisation is left out in evaluation: the symptom, not the cause",
    hints=(
        "Which inputs do gamma and beta, (d,), expect?",
        "Evaluation uses the same formula as training, with other statistics.",
        "Leave the formula as it was, and change mean and var.",
    ),
)
def rows_not_normalised(X, layer, eps=1e-5):
    return np.maximum(layer["gamma"] * (X @ layer["W"]) + layer["beta"], 0.0)


@mistake(
    "predict_rows",
    "rows are predicted one by one, by their own statistics: the symptom, not the cause",
    hints=(
        "What is Z - mean for a batch of one row?",
        "A row's own mean is the row: every output, (1, d), becomes relu(beta).",
        "Take mean and var from what training left.",
    ),
)
def rows_one_by_one(X, layer, eps=1e-5):
    return np.vstack([rows_by_the_batch(X[i : i + 1], layer, eps) for i in range(len(X))])


@mistake(
    "predict_rows",
    "eps is added behind the root",
    hints=(
        "Set eps to 0.4. Which outputs change, compared with the formula?",
        "√(var + eps), the same in training and in evaluation.",
        "Leave that line as it was given.",
    ),
)
def rows_eps_outside(X, layer, eps=1e-5):
    Z_hat = (X @ layer["W"] - layer["running_mean"]) / (np.sqrt(layer["running_var"]) + eps)
    return np.maximum(layer["gamma"] * Z_hat + layer["beta"], 0.0)
