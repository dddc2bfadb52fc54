"""Oracles that need numpy and scipy alone: special functions, filters, and derivatives by a complex step."""

import math
from functools import partial

import numpy as np
from oracle_registry import complex_step, in_columns, loss, network, oracle, slopes, targets
from scipy import special
from scipy.signal import lfilter
from scipy.stats import logistic

OUTPUTS = ("sigmoid", "softmax", "linear")


@oracle(1, "weighted_sum", "math.fsum")
def _(lesson, rng):
    x, w, b = rng.normal(size=9), rng.normal(size=9), float(rng.normal())
    yield lesson.neuron.weighted_sum(x, w, b), math.fsum([*map(float, x * w), b])


@oracle(1, "step", "numpy.heaviside")
def _(lesson, rng):
    z = np.append(rng.normal(size=9), 0.0)
    yield lesson.neuron.step(z), np.heaviside(z, 1.0)


@oracle(2, "xor_by_hand", "numpy.logical_xor")
def _(lesson, rng):
    table = np.array(list(np.ndindex(2, 2)), dtype=float)
    found = lesson.xor.xor_by_hand()
    hidden = np.heaviside(table @ found["W1"] + found["b1"], 1.0)
    yield np.heaviside(hidden @ found["W2"] + found["b2"], 1.0)[:, 0], np.logical_xor(*table.T)


@oracle(2, "train_and_gate", "numpy.logical_and")
def _(lesson, rng):
    for n_inputs in (1, 2, 3, 4):
        table = lesson.and_gate.truth_table(n_inputs)
        for seed in range(20):
            perceptron, _ = lesson.and_gate.train_and_gate(np.random.default_rng(seed), n_inputs)
            yield perceptron.predict(table), np.logical_and.reduce(table, axis=1)


@oracle(3, "sigmoid", "scipy.special.expit")
def _(lesson, rng):
    x = np.append(30 * rng.normal(size=(6, 5)), [[-800.0, 800.0, 0.0, -1e-9, 40.0]], axis=0)
    yield lesson.activations.sigmoid(x), special.expit(x)


@oracle(3, "sigmoid_derivative", "scipy.stats.logistic")
def _(lesson, rng):
    x = 4 * rng.normal(size=(6, 5))
    yield lesson.activations.sigmoid_derivative(x), logistic.pdf(x)


@oracle(3, "tanh_derivative", "complex step")
def _(lesson, rng):
    x = 2 * rng.normal(size=(6, 5))
    yield lesson.activations.tanh_derivative(x), complex_step(lambda at: np.sum(np.tanh(at)), x)


@oracle(3, "leaky_relu", "numpy.piecewise")
def _(lesson, rng):
    x = rng.normal(size=(6, 5))
    for alpha in (0.01, 2.0):
        branches = [lambda v, alpha=alpha: alpha * v, lambda v: v]
        yield lesson.activations.leaky_relu(x, alpha), np.piecewise(x, [x <= 0, x > 0], branches)


@oracle(3, "leaky_relu_derivative", "complex step")
def _(lesson, rng):
    x = rng.normal(size=(6, 5))
    slope = complex_step(lambda at: np.sum(np.where(at.real > 0, at, 0.2 * at)), x)
    yield lesson.activations.leaky_relu_derivative(x, 0.2), slope


@oracle(3, "softmax", "scipy.special.softmax")
def _(lesson, rng):
    for Z in (3 * rng.normal(size=(6, 5)), rng.normal(size=(2, 4, 3)), 1000 * rng.normal(size=(6, 5))):
        yield lesson.activations.softmax(Z), special.softmax(Z, axis=-1)


@oracle(3, "plot_ready_table", "scipy.special")
def _(lesson, rng):
    x = np.arange(-50, 51) / 10
    ramp = np.heaviside(x, 0.0)
    curves = {"sigmoid": special.expit(x), "tanh": np.tanh(x), "relu": ramp * x, "leaky_relu": (0.1 + 0.9 * ramp) * x}
    yield lesson.debugging.plot_ready_table(), {name: (x, y) for name, y in curves.items()}


@oracle(4, "categorical_cross_entropy", "scipy.special.xlogy")
def _(lesson, rng):
    P, soft = (special.softmax(rng.normal(size=(7, 4)), axis=1) for _ in range(2))
    for Y in (soft, np.eye(4)[rng.integers(0, 4, size=7)]):
        yield lesson.losses.categorical_cross_entropy(Y, P), -np.sum(special.xlogy(Y, P)) / 7


@oracle(4, "cross_entropy_from_logits", "scipy.special.log_softmax")
def _(lesson, rng):
    y = rng.integers(0, 4, size=7)
    for Z in (3 * rng.normal(size=(7, 4)), 1000 * rng.normal(size=(7, 4))):
        picked = special.log_softmax(Z, axis=1)[np.arange(7), y]
        yield lesson.losses.cross_entropy_from_logits(Z, y), -math.fsum(map(float, picked)) / 7


@oracle(5, "linear_backward", "complex step")
def _(lesson, rng):
    at = {"A": rng.normal(size=(7, 5)), "W": rng.normal(size=(5, 4)), "b": rng.normal(size=4)}
    dZ = rng.normal(size=(7, 4))
    wanted = slopes(lambda at: np.sum(dZ * (at["A"] @ at["W"] + at["b"])), at)
    yield lesson.gradients.linear_backward(dZ, at["A"], at["W"]), tuple(wanted.values())


@oracle(5, "sigmoid_bce_backward", "complex step")
def _(lesson, rng):
    Z, Y = rng.normal(size=(7, 4)), rng.uniform(size=(7, 4))
    wanted = complex_step(lambda at: np.mean(np.log(1 + np.exp(at)) - Y * at), Z)
    yield lesson.gradients.sigmoid_bce_backward(special.expit(Z), Y), wanted


@oracle(5, "softmax_ce_backward", "complex step")
def _(lesson, rng):
    Z, Y = rng.normal(size=(7, 4)), special.softmax(rng.normal(size=(7, 4)), axis=1)
    wanted = complex_step(lambda at: np.mean(np.log(np.sum(np.exp(at), axis=1)) - np.sum(Y * at, axis=1)), Z)
    yield lesson.gradients.softmax_ce_backward(special.softmax(Z, axis=1), Y), wanted


@oracle(5, "mse_backward", "complex step")
def _(lesson, rng):
    P, Y = rng.normal(size=(7, 4)), rng.normal(size=(7, 4))
    yield lesson.gradients.mse_backward(P, Y), complex_step(lambda at: np.mean((at - Y) ** 2), P)


@oracle(5, "relu_backward", "complex step")
def _(lesson, rng):
    dA, Z = rng.normal(size=(7, 4)), rng.normal(size=(7, 4))
    wanted = complex_step(lambda at: np.sum(dA * np.where(at.real > 0, at, 0)), Z)
    yield lesson.gradients.relu_backward(dA, Z), wanted


@oracle(5, "numerical_gradient", "numpy.polynomial")
def _(lesson, rng):
    x, cubic = rng.normal(size=(3, 4)), np.polynomial.Polynomial(rng.normal(size=4))
    # Of a cubic, a central difference with step h is the derivative plus h² times the leading coefficient, exactly.
    for h in (0.5, 0.125):
        found = lesson.numeric.numerical_gradient(lambda at: float(np.sum(cubic(at))), x, h)
        yield found, cubic.deriv()(x) + h**2 * cubic.coef[3]


@oracle(5, "backprop", "complex step")
def _(lesson, rng):
    for output in OUTPUTS:
        params, X, Y = network(rng, (3, 6, 5, 4)), rng.normal(size=(7, 3)), targets(rng, 7, 4, output)
        wanted = slopes(partial(loss, X, Y, output=output), params)
        yield lesson.backprop.backprop(X, Y, params, output), wanted


@oracle(5, "backpropagation_columns", "complex step")
def _(lesson, rng):
    for hidden in ("relu", "sigmoid"):
        params, X, Y = network(rng, (3, 6, 5, 2)), rng.normal(size=(7, 3)), targets(rng, 7, 2, "sigmoid")
        columns = in_columns(params)
        A_out, caches = lesson.columns.forward_propagation(X.T, columns, hidden)
        found = lesson.columns.backpropagation_columns(columns, A_out, caches, X.T, Y.T, hidden)
        wanted = slopes(partial(loss, X, Y, hidden=hidden), params)
        yield found, {f"d{name}": value for name, value in in_columns(wanted).items()}


def walked(update, param, grads, *states):
    """The parameter and the states after a walk along gradients."""
    for t, grad in enumerate(grads, start=1):
        param, *states = update(t, param, grad, *states)
    return param, *states


def mean_of(values, beta):
    """The running means of values, as the output of a linear filter."""
    return lfilter([1 - beta], [1, -beta], values, axis=0)


def adam_walk(param, grads, *, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
    """Adam by filters: where it ends, and its moments."""
    t = np.arange(1, len(grads) + 1)[:, None, None]
    m, v = mean_of(grads, beta1), mean_of(grads**2, beta2)
    steps = lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return param - steps.sum(axis=0), m[-1], v[-1]


@oracle(6, "sgd_update", "numpy.cumsum")
def _(lesson, rng):
    param, grads = rng.normal(size=(5, 4)), rng.normal(size=(20, 5, 4))
    found = walked(lambda t, p, g: (lesson.updates.sgd_update(p, g, 0.1),), param, grads)
    yield found, (param - 0.1 * np.cumsum(grads, axis=0)[-1],)


@oracle(6, "momentum_update", "scipy.signal.lfilter")
def _(lesson, rng):
    param, grads = rng.normal(size=(5, 4)), rng.normal(size=(20, 5, 4))
    velocities = lfilter([-0.1], [1, -0.8], grads, axis=0)
    found = walked(lambda t, *args: lesson.updates.momentum_update(*args, 0.1, 0.8), param, grads, 0 * param)
    yield found, (param + velocities.sum(axis=0), velocities[-1])


@oracle(6, "rmsprop_update", "scipy.signal.lfilter")
def _(lesson, rng):
    param, grads = rng.normal(size=(5, 4)), rng.normal(size=(20, 5, 4))
    s = mean_of(grads**2, 0.8)
    found = walked(lambda t, *args: lesson.updates.rmsprop_update(*args, 0.1, 0.8, 1e-3), param, grads, 0 * param)
    yield found, (param - np.sum(0.1 * grads / (np.sqrt(s) + 1e-3), axis=0), s[-1])


@oracle(6, "adam_update", "scipy.signal.lfilter")
def _(lesson, rng):
    param, grads, zero = rng.normal(size=(5, 4)), rng.normal(size=(20, 5, 4)), np.zeros((5, 4))
    adam = lesson.updates.adam_update
    found = walked(lambda t, p, g, m, v: adam(p, g, m, v, t, lr=0.01), param, grads, zero, zero)
    yield found, adam_walk(param, grads)


@oracle(6, "Optimizer", "scipy.signal.lfilter")
def _(lesson, rng):
    start = {"W": rng.normal(size=(5, 4)), "b": rng.normal(size=(1, 4))}
    grads = {name: rng.normal(size=(20, *value.shape)) for name, value in start.items()}

    def walk(kind, **hyper):
        optimizer, params = lesson.optimizer.Optimizer(kind, **hyper), start
        for i in range(20):
            params = optimizer.step(params, {name: value[i] for name, value in grads.items()})
        return params

    filtered = {name: lfilter([-0.1], [1, -0.8], value, axis=0).sum(axis=0) for name, value in grads.items()}
    yield walk("momentum", lr=0.1, beta=0.8), {name: value + filtered[name] for name, value in start.items()}
    yield walk("adam", lr=0.01), {name: adam_walk(value, grads[name])[0] for name, value in start.items()}


@oracle(7, "l2_penalty", "complex step")
def _(lesson, rng):
    params = network(rng, (5, 6, 4))

    def penalty(at):
        return 0.3 * sum(np.sum(at[name] ** 2) for name in ("W1", "W2"))

    yield lesson.penalties.l2_penalty(params, 0.3), (penalty(params), slopes(penalty, params))


@oracle(7, "l1_penalty", "complex step")
def _(lesson, rng):
    params = network(rng, (5, 6, 4))

    def penalty(at):  # the root of the square is |w|, and has its slope
        return 0.3 * sum(np.sum(np.sqrt(at[name] ** 2)) for name in ("W1", "W2"))

    yield lesson.penalties.l1_penalty(params, 0.3), (penalty(params), slopes(penalty, params))


@oracle(7, "dropout_backward", "complex step")
def _(lesson, rng):
    dout, mask = rng.normal(size=(7, 5)), rng.random((7, 5)) < 0.7
    wanted = complex_step(lambda at: np.sum(dout * np.where(mask, at / 0.7, 0)), rng.normal(size=(7, 5)))
    yield lesson.dropout.dropout_backward(dout, mask, 0.7), wanted


@oracle(7, "batchnorm_backward", "complex step")
def _(lesson, rng):
    at = {"X": rng.normal(size=(7, 5)), "gamma": rng.normal(size=5), "beta": rng.normal(size=5)}
    dout = rng.normal(size=(7, 5))

    def total(at):
        centred = at["X"] - at["X"].sum(axis=0) / 7
        spread = np.sqrt((centred**2).sum(axis=0) / 7 + 1e-5)
        return np.sum(dout * (at["gamma"] * centred / spread + at["beta"]))

    cache = lesson.batchnorm.batchnorm_forward(*at.values(), np.zeros(5), np.ones(5))[1]
    yield lesson.batchnorm.batchnorm_backward(dout, cache), tuple(slopes(total, at).values())


@oracle(7, "EarlyStopping", "numpy.minimum.accumulate")
def _(lesson, rng):
    losses = rng.integers(1, 64, size=60) / 64
    best = np.minimum.accumulate(losses)
    for patience in (2, 4, 9):
        stopper = lesson.stopping.EarlyStopping(patience)
        asked = [stopper(float(loss)) for loss in losses]
        # The best has not fallen for `patience` epochs, and once is enough.
        flat = [i >= patience and best[i] == best[i - patience] for i in range(60)]
        yield asked, np.logical_or.accumulate(flat)
        yield (stopper.best, stopper.best_epoch), (best[-1], int(np.argmin(losses)))
