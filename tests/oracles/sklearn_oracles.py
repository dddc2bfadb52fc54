"""Oracles from scikit-learn: its perceptron, its networks with our parameters put in, its metrics and its scaler."""

import numpy as np
from oracle_registry import in_columns, network, oracle, targets
from sklearn.linear_model import LinearRegression, LogisticRegression, Perceptron
from sklearn.metrics import log_loss, mean_squared_error
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.neural_network._base import ACTIVATIONS, DERIVATIVES
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer, SGDOptimizer
from sklearn.preprocessing import StandardScaler
from sklearn.utils import gen_batches

NAMES = {"sigmoid": "logistic", "relu": "relu", "tanh": "tanh", "linear": "identity"}


def activated(name, Z):
    """scikit-learn's activation, which works in place."""
    Z = np.array(Z)
    ACTIVATIONS[NAMES[name]](Z)
    return Z


def linear(W, b):
    """A fitted linear model with these parameters."""
    model = LinearRegression()
    model.coef_, model.intercept_ = W.T, b
    return model


def fitted(params, Y, output, hidden="relu", **options):
    """A network of scikit-learn with our parameters: it is trained for one step, to have all that it needs."""
    layers = len(params) // 2
    sizes = tuple(params[f"b{layer}"].size for layer in range(1, layers))
    kind = MLPRegressor if output == "linear" else MLPClassifier
    options |= {"activation": NAMES[hidden], "solver": "sgd", "alpha": 0.0, "batch_size": len(Y), "shuffle": False}
    model = kind(hidden_layer_sizes=sizes, **options)
    labels = Y.argmax(axis=1) if output == "softmax" else Y[:, 0] if Y.shape[1] == 1 else Y
    known = {} if output == "linear" else {"classes": np.arange(max(2, Y.shape[1]))}
    model.partial_fit(np.zeros((len(Y), params["W1"].shape[0])), labels, **known)
    model.coefs_ = [params[f"W{layer}"].copy() for layer in range(1, layers + 1)]
    model.intercepts_ = [params[f"b{layer}"].copy() for layer in range(1, layers + 1)]
    return model, labels


def answered(model, X, k):
    """The outputs of a network, of shape (m, k) also where a binary one gives both probabilities."""
    found = model.predict_proba(X) if isinstance(model, MLPClassifier) else model.predict(X)
    return found[:, -k:].reshape(len(X), k)


@oracle(1, "neuron_forward", "sklearn")
def _(lesson, rng):
    X, w, b = rng.normal(size=(7, 5)), rng.normal(size=5), 0.3
    for name in NAMES:
        yield lesson.neuron.neuron_forward(X, w, b, name), activated(name, X @ w + b)
    model = LogisticRegression()
    model.coef_, model.intercept_, model.classes_ = w[None], np.array([b]), np.array([0, 1])
    yield lesson.neuron.neuron_forward(X, w, b, "sigmoid"), model.predict_proba(X)[:, 1]
    yield lesson.neuron.neuron_forward(X, w, b, "step"), model.predict(X)


@oracle(1, "affine", "sklearn")
def _(lesson, rng):
    X, W, b = rng.normal(size=(7, 5)), rng.normal(size=(5, 4)), rng.normal(size=4)
    yield lesson.layers.affine(X, W, b), linear(W, b).predict(X)


@oracle(1, "to_columns", "sklearn")
def _(lesson, rng):
    X, params = rng.normal(size=(7, 5)), network(rng, (5, 4))
    X_c, columns = lesson.layers.to_columns(X, params)
    yield columns["W1"] @ X_c + columns["b1"], linear(params["W1"], params["b1"]).predict(X).T


@oracle(1, "from_columns", "sklearn")
def _(lesson, rng):
    X, params = rng.normal(size=(7, 5)), network(rng, (5, 4))
    X_r, rows = lesson.layers.from_columns(X.T, in_columns(params))
    yield linear(rows["W1"], rows["b1"]).predict(X_r), linear(params["W1"], params["b1"]).predict(X)


def labelled(rng, m, n):
    """Samples whose first label is 0, where scikit-learn too learns from a score of exactly 0."""
    X, y = rng.normal(size=(m, n)), rng.integers(0, 2, size=m)
    y[0] = 0
    return X, y


@oracle(2, "perceptron_predict", "sklearn")
def _(lesson, rng):
    X, y = labelled(rng, 20, 5)
    model = Perceptron(max_iter=3, tol=None, shuffle=False).fit(X, y)
    yield lesson.perceptron.perceptron_predict(X, model.coef_[0], model.intercept_[0]), model.predict(X)


@oracle(2, "perceptron_step", "sklearn")
def _(lesson, rng):
    X, y = labelled(rng, 20, 5)
    model, w, b = Perceptron(eta0=0.3, shuffle=False), np.zeros(5), 0.0
    for i in range(20):
        model.partial_fit(X[i : i + 1], y[i : i + 1], classes=[0, 1])
        w, b = lesson.perceptron.perceptron_step(w, b, X[i], y[i], 0.3)
        yield (w, b), (model.coef_[0].copy(), model.intercept_[0])


@oracle(2, "perceptron_fit", "sklearn")
def _(lesson, rng):
    for m, n in ((30, 2), (20, 5)):
        X, y = labelled(rng, m, n)
        model = Perceptron(eta0=0.3, max_iter=25, tol=None, shuffle=False).fit(X, y)
        yield lesson.perceptron.perceptron_fit(X, y, 0.3, 25)[:2], (model.coef_[0], model.intercept_[0])


@oracle(3, "relu", "sklearn")
def _(lesson, rng):
    x = rng.normal(size=(6, 5))
    yield lesson.activations.relu(x), activated("relu", x)


@oracle(3, "relu_derivative", "sklearn")
def _(lesson, rng):
    x = rng.normal(size=(6, 5))
    slope = np.ones((6, 5))
    DERIVATIVES["relu"](activated("relu", x), slope)
    yield lesson.activations.relu_derivative(x), slope


@oracle(4, "mlp_forward", "sklearn")
def _(lesson, rng):
    for output, k in (("sigmoid", 1), ("sigmoid", 4), ("softmax", 4), ("linear", 4)):
        params, X = network(rng, (3, 6, 5, k)), rng.normal(size=(9, 3))
        model, _ = fitted(params, targets(rng, 9, k, output), output)
        yield lesson.forward.mlp_forward(X, params, output)[0], answered(model, X, k)


@oracle(4, "mlp_forward_columns", "sklearn")
def _(lesson, rng):
    for hidden in ("relu", "sigmoid"):
        params, X = network(rng, (3, 6, 5, 4)), rng.normal(size=(9, 3))
        model, _ = fitted(params, targets(rng, 9, 4, "sigmoid"), "sigmoid", hidden)
        yield lesson.columns.mlp_forward_columns(X.T, in_columns(params), hidden)[0], answered(model, X, 4).T


@oracle(4, "binary_cross_entropy", "sklearn")
def _(lesson, rng):
    y, p = rng.integers(0, 2, size=(9, 1)), rng.uniform(0.01, 0.99, size=(9, 1))
    yield lesson.losses.binary_cross_entropy(y, p), log_loss(y[:, 0], p[:, 0], labels=[0, 1])


@oracle(4, "mse_loss", "sklearn")
def _(lesson, rng):
    Y, P = rng.normal(size=(7, 4)), rng.normal(size=(7, 4))
    yield lesson.losses.mse_loss(Y, P), mean_squared_error(Y, P)


def trained(start, X, Y):
    """The losses of 20 steps of gradient descent, and the parameters after them."""
    model, labels = fitted(start, Y, "sigmoid", momentum=0.0, nesterovs_momentum=False, learning_rate_init=0.5)
    for _ in range(20):
        model.partial_fit(X, labels)
    params = {f"W{i}": value for i, value in enumerate(model.coefs_, start=1)}
    return params | {f"b{i}": value for i, value in enumerate(model.intercepts_, start=1)}, model.loss_curve_[1:]


@oracle(5, "train", "sklearn")
def _(lesson, rng):
    X, Y, sizes, seed = rng.normal(size=(30, 3)), targets(rng, 30, 1, "sigmoid"), [3, 6, 5, 1], 4
    start, _ = lesson.backprop.train(X, Y, sizes, 1, 0.0, np.random.default_rng(seed))
    yield lesson.backprop.train(X, Y, sizes, 20, 0.5, np.random.default_rng(seed)), trained(start, X, Y)


@oracle(5, "train_columns", "sklearn")
def _(lesson, rng):
    X, Y, sizes, seed = rng.normal(size=(30, 3)), targets(rng, 30, 1, "sigmoid"), [3, 6, 5, 1], 4
    start, _ = lesson.columns.train_columns(X.T, Y.T, sizes, 1, 0.0, np.random.default_rng(seed))
    rows = {name: value.T if name[0] == "W" else value[:, 0] for name, value in start.items()}
    params, losses = trained(rows, X, Y)
    yield (
        lesson.columns.train_columns(X.T, Y.T, sizes, 20, 0.5, np.random.default_rng(seed)),
        (
            in_columns(params),
            losses,
        ),
    )


@oracle(6, "momentum_update", "sklearn")
def _(lesson, rng):
    param, velocity = rng.normal(size=(5, 4)), np.zeros((5, 4))
    theirs = [param.copy()]
    optimizer = SGDOptimizer(theirs, 0.1, momentum=0.8, nesterov=False)
    for grad in rng.normal(size=(20, 5, 4)):
        param, velocity = lesson.updates.momentum_update(param, grad, velocity, 0.1, 0.8)
        optimizer.update_params(theirs, [grad])
        yield (param, velocity), (theirs[0].copy(), optimizer.velocities[0])


@oracle(6, "adam_update", "sklearn")
def _(lesson, rng):
    param, m, v = rng.normal(size=(5, 4)), np.zeros((5, 4)), np.zeros((5, 4))
    theirs = [param.copy()]
    optimizer = AdamOptimizer(theirs, 0.01, epsilon=0.0)  # it has eps in another place; without eps there is none
    for t, grad in enumerate(rng.normal(size=(20, 5, 4)), start=1):
        param, m, v = lesson.updates.adam_update(param, grad, m, v, t, lr=0.01, eps=0.0)
        optimizer.update_params(theirs, [grad])
        yield (param, m, v), (theirs[0].copy(), optimizer.ms[0], optimizer.vs[0])


@oracle(6, "minibatches", "sklearn")
def _(lesson, rng):
    X, Y = rng.permutation(23)[:, None] + np.array([0.0, 0.5]), rng.normal(size=23)
    batches = list(lesson.batches.minibatches(X, Y, 5, np.random.default_rng(3)))
    yield [len(Xb) for Xb, _ in batches], [part.stop - part.start for part in gen_batches(23, 5)]
    Xs, Ys = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    yield (Xs[np.argsort(Xs[:, 0])], Ys[np.argsort(Xs[:, 0])]), (X[np.argsort(X[:, 0])], Y[np.argsort(X[:, 0])])


@oracle(7, "batchnorm_forward", "sklearn")
def _(lesson, rng):
    X, gamma, beta = 3 * rng.normal(size=(9, 5)) + 2, rng.normal(size=5), rng.normal(size=5)
    mean, var = rng.normal(size=5), rng.uniform(0.5, 2, size=5)
    scaler = StandardScaler().fit(X)
    out, _, *moved = lesson.batchnorm.batchnorm_forward(X, gamma, beta, mean, var, momentum=0.3, eps=0.0)
    yield out, gamma * scaler.transform(X) + beta
    weights = {"axis": 0, "weights": [7, 3]}
    yield moved, [np.average([mean, scaler.mean_], **weights), np.average([var, scaler.var_], **weights)]
    scaler.mean_, scaler.var_, scaler.scale_ = mean, var, np.sqrt(var)
    found = lesson.batchnorm.batchnorm_forward(X, gamma, beta, mean, var, training=False, eps=0.0)[0]
    yield found, gamma * scaler.transform(X) + beta
