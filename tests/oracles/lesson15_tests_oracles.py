"""Oracles of lesson 15: scipy, scikit-learn, eigenvalues, a complex step, and the solutions of earlier lessons."""

import numpy as np
from oracle_registry import complex_step, network, oracle, solutions
from scipy.signal import lfilter
from scipy.special import softmax
from sklearn.neural_network import MLPRegressor
from sklearn.preprocessing import StandardScaler


@oracle(15, "deep_forward", "sklearn.neural_network.MLPRegressor")
def _(lesson, rng):
    params = network(rng, (4, 6, 5, 3))
    theirs = MLPRegressor(hidden_layer_sizes=(6, 5), activation="relu", max_iter=1).partial_fit(
        rng.normal(size=(9, 4)), rng.normal(size=(9, 3))
    )
    theirs.coefs_ = [value for name, value in params.items() if name[0] == "W"]
    theirs.intercepts_ = [value for name, value in params.items() if name[0] == "b"]
    X = rng.normal(size=(8, 4))
    yield lesson.gauntlet.deep_forward(X, params), theirs.predict(X)


@oracle(15, "predict_prices", "the powers of eigenvalues")
def _(lesson, rng):
    """After t steps from 0, w is V (1 - (1 - 0.1 λ)^t)/λ V^T g, with the eigenvalues λ of the second moments."""
    X, X_new, y = rng.normal(30.0, 9.0, size=(20, 3)), rng.normal(30.0, 9.0, size=(5, 3)), rng.normal(size=20)
    scaler = StandardScaler().fit(X)
    Z, Z_new = scaler.transform(X), scaler.transform(X_new)
    values, V = np.linalg.eigh(Z.T @ Z / 20)
    for t in (1, 40):
        w = V @ ((1 - (1 - 0.1 * values) ** t) / values * (V.T @ (Z.T @ y) / 20))
        yield lesson.gauntlet.predict_prices(X, y, X_new, t), Z_new @ w + y.mean() * (1 - 0.9**t)


@oracle(15, "class_probabilities", "scipy.special.softmax")
def _(lesson, rng):
    logits = 300.0 * rng.normal(size=(6, 4))
    yield lesson.gauntlet.class_probabilities(logits), softmax(logits, axis=1)


@oracle(15, "classifier_delta", "complex step")
def _(lesson, rng):
    Z, Y = 3.0 * rng.normal(size=(5, 4)), rng.integers(0, 2, size=(5, 4)).astype(float)
    yield lesson.gauntlet.classifier_delta(Z, Y), complex_step(lambda at: np.mean(np.log(1 + np.exp(at)) - Y * at), Z)


@oracle(15, "loss_gradients", "complex step")
def _(lesson, rng):
    X, Y, W, b = rng.normal(size=(6, 3)), rng.normal(size=(6, 2)), rng.normal(size=(3, 2)), rng.normal(size=2)

    def loss(W, b):
        return np.sum((X @ W + b - Y) ** 2) / 12

    wanted = complex_step(lambda at: loss(at, b), W), complex_step(lambda at: loss(W, at), b)
    yield lesson.gauntlet.loss_gradients(X, Y, W, b), wanted


@oracle(15, "recurrent_gradients", "complex step")
def _(lesson, rng):
    """Through a whole layer of one tanh after the other, with Wh, where dZ is what comes back."""
    m, T, n, d = 3, 4, 2, 5
    X, Wx, Wh, b = (rng.normal(size=size) for size in ((m, T, n), (n, d), (d, d), d))
    R = rng.normal(size=(m, T, d))

    def loss(Wx, b, shift=0.0):
        H, total = np.zeros((m, d)), 0.0
        for t in range(T):
            H = np.tanh(X[:, t] @ Wx + H @ Wh + b + (shift[:, t] if np.ndim(shift) else shift))
            total = total + np.sum(R[:, t] * H)
        return total

    dZ = complex_step(lambda at: loss(Wx, b, at), np.zeros((m, T, d)))
    wanted = complex_step(lambda at: loss(at, b), Wx), complex_step(lambda at: loss(Wx, at), b)
    yield lesson.gauntlet.recurrent_gradients(dZ, X), wanted


@oracle(15, "momentum_steps", "scipy.signal.lfilter")
def _(lesson, rng):
    params, grads = ({"W": rng.normal(size=(3, 4)), "b": rng.normal(size=4)} for _ in range(2))
    for steps, lr, beta in ((1, 0.1, 0.9), (6, 0.3, 0.5)):
        moved = float(np.sum(lfilter([-lr], [1.0, -beta], np.ones(steps))))
        wanted = {name: params[name] + moved * grads[name] for name in params}
        yield lesson.gauntlet.momentum_steps(params, grads, lr, beta, steps), wanted


@oracle(15, "predict_rows", "sklearn.preprocessing.StandardScaler")
def _(lesson, rng):
    X, W, (gamma, beta, mean) = rng.normal(size=(7, 3)), rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    var, scaler = rng.uniform(0.5, 3.0, size=4), StandardScaler()
    scaler.mean_, scaler.scale_ = mean, np.sqrt(var + 0.1)
    layer = {"W": W, "gamma": gamma, "beta": beta, "running_mean": mean, "running_var": var}
    yield lesson.gauntlet.predict_rows(X, layer, 0.1), np.clip(gamma * scaler.transform(X @ W) + beta, 0.0, None)


@oracle(15, "check_softmax", "scipy's softmax, and that of lesson 3")
def _(lesson, rng):
    del rng
    for right in (lambda Z: softmax(Z, axis=-1), solutions("3").activations.softmax):
        yield len(lesson.suites.check_softmax(right)), 0


@oracle(15, "check_backprop", "the backprop of lesson 5")
def _(lesson, rng):
    del rng
    yield len(lesson.suites.check_backprop(solutions("5").backprop.backprop)), 0


@oracle(15, "check_adam", "the adam_update of lesson 6")
def _(lesson, rng):
    del rng
    yield len(lesson.suites.check_adam(solutions("6").updates.adam_update)), 0


@oracle(15, "check_batchnorm", "the batch normalisation of lesson 7")
def _(lesson, rng):
    del rng
    norm = solutions("7").batchnorm
    yield len(lesson.suites.check_batchnorm(norm.batchnorm_forward, norm.batchnorm_backward)), 0
