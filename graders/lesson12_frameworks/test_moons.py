"""Grader of moons.py: the network of the framework pages, on two half moons."""

import numpy as np
from nnedu.checking import (
    assert_array,
    assert_close,
    assert_raises,
    assert_reaches,
    assert_that,
    exercise,
    hidden,
    points,
)


def shapes_of(dims):
    """The names and shapes of a network's parameters."""
    shapes = {}
    for i in range(len(dims) - 1):
        shapes |= {f"{2 * i}.W": (dims[i], dims[i + 1]), f"{2 * i}.b": (dims[i + 1],)}
    return shapes


def params_of(model, dims):
    """The parameters of a model, once they are known to be those of such a network."""
    assert_that(hasattr(model, "params"), f"the model should be a Sequential; found {type(model).__name__}")
    params, shapes = model.params(), shapes_of(dims)
    assert_that(isinstance(params, dict), "params() should return a dict")
    names = ", ".join(sorted(map(str, params)))
    assert_that(set(params) == set(shapes), f"params() should have the keys {', '.join(shapes)}; found {names}.")
    params = {
        name: assert_array(params[name], shape=shape, name=f"params()[{name!r}]") for name, shape in shapes.items()
    }
    random = all(np.any(value != 0.0) for name, value in params.items() if name.endswith("W"))
    assert_that(random, "the weights of a new network should be random numbers, not 0")
    return params


def logits(X, params):
    pairs = list(params.values())
    for W, b in zip(pairs[:-2:2], pairs[1:-2:2], strict=True):
        X = np.maximum(X @ W + b, 0.0)
    return X @ pairs[-2] + pairs[-1]


def to_the_input(X, params, dZ):
    """The gradient of X, given that of the logits."""
    weights, slopes = list(params.values())[::2], []
    for i, W in enumerate(weights[:-1]):
        Z = X @ W + params[f"{2 * i}.b"]
        slopes.append(Z > 0)
        X = Z * slopes[-1]
    for W, slope in zip(weights[:0:-1], slopes[::-1], strict=True):
        dZ = (dZ @ W.T) * slope
    return dZ @ weights[0].T


def moons(rng, count):
    """Two half moons, their classes as a column."""
    angle, y = rng.uniform(0.0, np.pi, count), np.arange(count) % 2
    x = np.where(y == 1, 1.0 - np.cos(angle), np.cos(angle))
    height = np.where(y == 1, 0.5 - np.sin(angle), np.sin(angle))
    return np.stack([x, height], axis=1) + rng.normal(0.0, 0.08, size=(count, 2)), y[:, None].astype(float)


@exercise("build_mlp", after=("Linear", "Sequential"))
class TestBuildMlp:
    """a network from its sizes"""

    def judge(self, student, rng, dims):
        model = student.build_mlp(dims[0], list(dims[1:-1]), dims[-1], rng)
        params, X = params_of(model, dims), rng.normal(size=(30, dims[0]))
        assert_close(model.forward(X), logits(X, params), name="forward(X)", batch=30)
        dout = rng.normal(size=(30, dims[-1]))
        assert_close(model.backward(dout), to_the_input(X, params, dout), name="backward(dout)", batch=30)

    @points(2)
    def test_structure(self, student, rng):
        """has a ReLU after every linear layer but the last, and its parameters under the names of their places"""
        self.judge(student, rng, (2, 10, 5, 1))
        self.judge(student, rng, (3, 6, 4))

    @hidden
    @points(1)
    def test_other_sizes(self, student, rng):
        """builds deep networks and such without a hidden layer, by the rng that it is given"""
        self.judge(student, rng, (4, 5, 6, 7, 3))
        self.judge(student, rng, (4, 3))
        one, other = (params_of(student.build_mlp(2, [4], 3, rng), (2, 4, 3)) for _ in range(2))
        assert_close(one, other, name="params() of a second model with an rng in the same state")
        other = params_of(student.build_mlp(2, [4], 3, np.random.default_rng(rng.integers(1 << 30))), (2, 4, 3))
        assert_that(bool(np.any(other["0.W"] != one["0.W"])), "another rng should draw other weights")


def gradient_descent(params, X, y, epochs, lr):
    """Losses and parameters of a linear model that sees all samples at once."""
    W, b, losses = params["0.W"], params["0.b"], []
    for _ in range(epochs):
        Z = X @ W + b
        losses.append(float(np.mean(np.log1p(np.exp(-np.abs(Z))) + np.maximum(Z, 0.0) - y * Z)))
        dZ = (1.0 / (1.0 + np.exp(-Z)) - y) / len(X)
        W, b = W - lr * X.T @ dZ, b - lr * dZ.sum(axis=0)
    return losses, {"0.W": W, "0.b": b}


def losses_of(student, *args, **kwargs):
    epochs = kwargs.get("epochs", 200)
    losses = student.fit(*args, **kwargs)
    assert_that(isinstance(losses, (list, tuple)) and len(losses) == epochs, f"fit should return {epochs} losses")
    return list(losses)


@exercise("fit", after=("build_mlp",), trains=True)
class TestFit:
    """training by mini-batches"""

    @points(1)
    def test_full_batch(self, student, rng):
        """is gradient descent where one batch holds all samples, and changes neither X nor y"""
        (X, y), model = moons(rng, 30), student.Sequential(student.Linear(2, 1, rng))
        losses, params = gradient_descent(params_of(model, (2, 1)), X, y, 6, 0.3)
        reply = student.fit.reply(model, X, y, rng, epochs=6, lr=0.3, batch_size=64)
        assert_close(list(reply.value or ()), losses, name="losses", rtol=1e-9)
        assert_close(params_of(model, (2, 1)), params, name="params() after training", rtol=1e-9)
        assert_that(not reply.changed, "fit should change neither X nor y")

    @points(1)
    def test_batches(self, student, rng):
        """shuffles by rng, sees each sample once in an epoch, averages over samples, and refuses y of shape (m,)"""
        (X, y), model = moons(rng, 33), student.build_mlp(2, [4], 1, rng)
        params = params_of(model, (2, 4, 1))
        Z = logits(X, params)
        mean = float(np.mean(np.logaddexp(0.0, Z) - y * Z))
        losses = losses_of(student, model, X, y, rng, epochs=2, lr=0.0, batch_size=32)
        assert_close(losses, [mean, mean], name="losses with lr = 0 (33 samples in batches of 32)", rtol=1e-9)
        found = []
        for _ in range(2):
            model = student.build_mlp(2, [4], 1, rng)
            losses_of(student, model, X, y, rng, epochs=3, batch_size=4)
            found.append(params_of(model, (2, 4, 1)))
        assert_close(found[1], found[0], name="params() of a second training with rngs in the same state", rtol=1e-9)
        other = student.build_mlp(2, [4], 1, rng)
        losses_of(student, other, X, y, np.random.default_rng(rng.integers(1 << 30)), epochs=3, batch_size=4)
        apart = max(float(np.abs(p - found[0][name]).max()) for name, p in params_of(other, (2, 4, 1)).items())
        assert_that(apart > 1e-6, "another rng should put the samples in another order")
        assert_raises("ValueError", student.fit, model, X, y[:, 0], rng)

    @points(1)
    def test_learns(self, student, rng):
        """places 97 % of new samples of two moons right"""
        self.judge(student, rng, 1)

    def judge(self, student, rng, seeds):
        shares = []
        for _ in range(seeds):
            (X, y), (new, classes) = moons(rng, 240), moons(rng, 500)
            start = np.random.default_rng(rng.integers(1 << 30))
            model = student.build_mlp(2, [16, 8], 1, start)
            losses_of(student, model, X, y, start)
            Z = assert_array(model.forward(new), shape=(500, 1), name="forward(X)")
            shares.append(float(np.mean((Z > 0) == (classes > 0.5))))
        assert_reaches(min(shares), band=(0.97, 1.0), name="share of new samples placed right")

    @hidden
    @points(2)
    def test_three_seeds(self, student, rng):
        """places 97 % of new samples right in each of three trainings, and leaves the model in training mode"""
        self.judge(student, rng, 3)
        model = student.Sequential(student.Linear(2, 1, rng), student.Dropout(0.5, rng))
        model.eval()
        X, y = moons(rng, 30)
        losses_of(student, model, X, y, rng, epochs=1, lr=0.0)
        out = assert_array(model.forward(X), shape=(30, 1), name="forward(X)")
        assert_that(0 < int(np.sum(out == 0.0)) < 30, "fit should train in training mode, in which dropout works")
