"""Tests of your own, for four functions of this course.

Each of the four is given an implementation, right or wrong, and returns a list of complaints: strings that say what is
wrong with it. An empty list accepts it. nnedu puts them to five right implementations each, written in different ways,
and to six with one fault each. Who rejects a right one earns nothing for it; for the others every wrong one counts.

- An exception that you do not catch rejects, too. To print is allowed, and judges nothing.
- Draw inputs from np.random.default_rng(SEED) with a SEED of your own: each implementation comes twice, in any order,
  and your tests have to say the same of it. They should take a tenth of a second, or less.
- What you hand to an implementation it may change, and you see it: that is a fault. What it returns is a copy.
- An implementation takes at most 5000 numbers in one call. A few dozen do; let no two sizes be equal.
- Compare to about 1e-6. Right implementations differ in their last digits, and where the text leaves them free.
"""

from collections.abc import Callable

import numpy as np

_SEED = 15


def _far(found: object, wanted: np.ndarray, within: float = 1e-6) -> bool:
    """Whether an array has another shape than wanted, or a number that is off by more than `within`, or nan."""
    found, wanted = np.asarray(found, dtype=float), np.asarray(wanted, dtype=float)
    return found.shape != wanted.shape or not np.max(np.abs(found - wanted)) <= within


def _slopes(f: Callable[[np.ndarray], float], at: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """The numerical gradient of f, by central differences."""
    steps = h * np.eye(at.size).reshape(at.size, *at.shape)
    return np.array([(f(at + step) - f(at - step)) / (2 * h) for step in steps]).reshape(at.shape)


def _changed(before: list[np.ndarray], after: list[np.ndarray]) -> bool:
    return any(np.any(old != new) for old, new in zip(before, after, strict=True))


def check_softmax(softmax: Callable) -> list[str]:
    """Return what is wrong with a softmax: a list of strings, empty if nothing is.

        softmax(Z) -> P,   P[..., k] = e^Z[..., k] / Σ_j e^Z[..., j]

    Z has one axis or more, (..., K), float64; classes lie on the last one. P has the shape of Z. It is right also for
    logits such as 1000 or -1000, and for rows of very different size in one array. Z is not changed.

    Examples:
        >>> bool(check_softmax(lambda Z: np.exp(Z) / np.exp(Z).sum()))
        True
    """
    rng, complaints = np.random.default_rng(_SEED), []
    inputs = [rng.normal(size=shape) for shape in ((4,), (5, 3), (2, 3, 4))]
    for Z in (*inputs, inputs[1] + np.array([[1000.0], [-1000.0], [0.0], [500.0], [-500.0]])):
        given = Z.copy()
        powers = np.exp(Z - Z.max(axis=-1, keepdims=True))
        if _far(softmax(given), powers / powers.sum(axis=-1, keepdims=True)):
            complaints.append(f"wrong probabilities for logits of shape {Z.shape}, up to {Z.max():.0f}")
        if _changed([given], [Z]):
            complaints.append("the logits are changed")
    return complaints


def _loss(X: np.ndarray, Y: np.ndarray, params: dict[str, np.ndarray], output: str) -> float:
    """The mean loss of a network, from its logits."""
    A = X
    for layer in range(1, len(params) // 2 + 1):
        Z = A @ params[f"W{layer}"] + params[f"b{layer}"]
        A = np.maximum(Z, 0.0)
    if output == "linear":
        return float(np.mean((Z - Y) ** 2))
    if output == "sigmoid":
        return float(np.mean(np.logaddexp(0.0, Z) - Y * Z))
    return float(np.mean(np.log(np.sum(np.exp(Z), axis=1)) - np.sum(Y * Z, axis=1)))


def _loss_slopes(X: np.ndarray, Y: np.ndarray, params: dict[str, np.ndarray], output: str) -> dict[str, np.ndarray]:
    """The numerical gradient of the mean loss by each parameter."""

    def moved(name: str) -> Callable[[np.ndarray], float]:
        return lambda value: _loss(X, Y, params | {name: value}, output)

    return {name: _slopes(moved(name), value) for name, value in params.items()}


def check_backprop(backprop: Callable) -> list[str]:
    """Return what is wrong with a backprop: a list of strings, empty if nothing is.

        backprop(X, Y, params, output="sigmoid") -> grads

    The backprop of lesson 5: X (m, n0), Y (m, nL), params W1 (n0, n1), b1 (n1,), ..., WL, bL; one layer or more, with
    ReLU between them. The losses are "sigmoid" (mean binary cross-entropy over all m·nL entries of Y), "softmax" (mean
    cross-entropy over the m rows) and "linear" (mean squared error over all entries). grads is a dict with the keys of
    params in any order, each gradient of the shape of its parameter. No argument is changed.

    At a pre-activation of exactly 0 the slope of ReLU may be any number from 0 to 1. You may put your mean_loss of
    lesson 5 into this file: what the gradient is a gradient of, no other test asks.

    Examples:
        >>> bool(check_backprop(lambda X, Y, params, output="sigmoid": params))
        True
    """
    rng, complaints = np.random.default_rng(_SEED), []
    for output, sizes in (("sigmoid", (4, 5, 2)), ("softmax", (3, 6, 5, 4)), ("linear", (2, 4, 3))):
        X, params = rng.normal(size=(7, sizes[0])), {}
        Y = np.eye(sizes[-1])[rng.integers(sizes[-1], size=7)]
        for layer in range(1, len(sizes)):
            params[f"W{layer}"] = rng.normal(size=sizes[layer - 1 : layer + 1])
            params[f"b{layer}"] = rng.normal(size=sizes[layer])
        given = [value.copy() for value in (X, Y, *params.values())]
        grads = backprop(given[0], given[1], dict(zip(params, given[2:], strict=True)), output)
        if _changed(given, [X, Y, *params.values()]):
            complaints.append(f"{output}: an argument is changed")
        for name, slopes in _loss_slopes(X, Y, params, output).items():
            if _far(grads[name], slopes):
                complaints.append(f"{output}: {name} is not the gradient of the mean loss")
    return complaints


def check_adam(adam_update: Callable) -> list[str]:
    """Return what is wrong with an adam_update: a list of strings, empty if nothing is.

        adam_update(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8) -> (param, m, v)

        m_new = beta1·m + (1 - beta1)·grad          m_hat = m_new / (1 - beta1^t)
        v_new = beta2·v + (1 - beta2)·grad²         v_hat = v_new / (1 - beta2^t)
        param_new = param - lr·m_hat / (√v_hat + eps)

    The adam_update of lesson 6, for arrays of any shape; t is 1 at the first step. The moments are returned as they are
    before they are corrected. No argument is changed.

    eps stands outside of the root. It may also be added to √v_new, with the correction in the learning rate: that is
    Adam, too. For gradients of 0.1 and more the two differ by less than 1e-5 of a step, for gradients of 1e-4 by 1 %.

    Examples:
        >>> bool(check_adam(lambda param, grad, m, v, t, lr=0.001: (param - lr * grad, m, v)))
        True
    """
    rng, complaints = np.random.default_rng(_SEED), []
    param, m, v = rng.normal(size=(3, 2)), np.zeros((3, 2)), np.zeros((3, 2))
    for t in range(1, 5):
        grad = rng.uniform(0.5, 2.0, size=(3, 2)) * [1.0, -1.0]
        given = [param.copy(), grad.copy(), m.copy(), v.copy()]
        found = adam_update(*given, t, lr=0.1)
        if _changed(given, [param, grad, m, v]):
            complaints.append(f"step {t}: an argument is changed")
        m, v = 0.9 * m + 0.1 * grad, 0.999 * v + 0.001 * grad**2
        param = param - 0.1 * m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        if any(map(_far, found, (param, m, v))):
            complaints.append(f"step {t}: the parameter or a moment is wrong")
    small = adam_update(np.zeros(2), np.full(2, 1e-4), np.zeros(2), np.zeros(2), 1, lr=1.0)[0]
    return complaints + ["too short a step for a small gradient"] * _far(small, -np.ones(2), 0.05)


def check_batchnorm(batchnorm_forward: Callable, batchnorm_backward: Callable) -> list[str]:
    """Return what is wrong with a batch normalisation: a list of strings, empty if nothing is.

        batchnorm_forward(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5)
            -> (out, cache, running_mean, running_var)
        batchnorm_backward(dout, cache) -> (dX, dgamma, dbeta)

    Both as in lesson 7: X and out (m, d), the others (d,). out = gamma·(X - mean) / √(var + eps) + beta, with mean and
    var of the batch in training (var divides by m) and the running ones in evaluation. In training, running_new =
    (1 - momentum)·running + momentum·batch for both; in evaluation they stay. No argument is changed.

    The cache may be anything, and after evaluation nothing: hand it over as it is, and after training only.

    Examples:
        >>> bool(check_batchnorm(lambda X, *rest, **more: (X, None, *rest[2:4]), lambda dout, cache: (dout, 0, 0)))
        True
    """
    rng, complaints = np.random.default_rng(_SEED), []
    X, dout, gamma, beta, mean = (rng.normal(size=size) for size in ((5, 3), (5, 3), 3, 3, 3))
    var, eps = rng.uniform(0.5, 2.0, size=3), 0.3
    for training in (True, False):
        given = [X.copy(), gamma.copy(), beta.copy(), mean.copy(), var.copy()]
        out, cache, new_mean, new_var = batchnorm_forward(*given, training=training, eps=eps)
        if _changed(given, [X, gamma, beta, mean, var]):
            complaints.append("an argument is changed")
        used = (X.mean(axis=0), X.var(axis=0)) if training else (mean, var)
        if _far(out, gamma * (X - used[0]) / np.sqrt(used[1] + eps) + beta):
            complaints.append(f"out is wrong with training={training}")
        if _far(new_mean, 0.9 * mean + 0.1 * used[0]) or _far(new_var, 0.9 * var + 0.1 * used[1]):
            complaints.append(f"the running statistics are wrong with training={training}")
        if training:
            given = dout.copy()
            dX, dgamma, dbeta = batchnorm_backward(given, cache)
            complaints += ["dout is changed"] * _changed([given], [dout])

    def loss(x: np.ndarray = X, g: np.ndarray = gamma, b: np.ndarray = beta) -> float:
        return float(np.sum(dout * batchnorm_forward(x, g, b, mean, var, eps=eps)[0]))

    wanted = _slopes(loss, X), _slopes(lambda g: loss(g=g), gamma), _slopes(lambda b: loss(b=b), beta)
    return complaints + ["a gradient is wrong"] * any(map(_far, (dX, dgamma, dbeta), wanted))
