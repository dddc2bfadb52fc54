"""Grader of gauntlet.py: eight programs, mended."""

import numpy as np
from nnedu.checking import assert_close, assert_gradients_agree, assert_pure, assert_that, exercise, hidden, points


def network(rng, sizes):
    params = {}
    for layer in range(1, len(sizes)):
        params[f"W{layer}"] = rng.normal(size=(sizes[layer - 1], sizes[layer]))
        params[f"b{layer}"] = rng.normal(size=sizes[layer])
    return params


@exercise("deep_forward")
class TestDeepForward:
    """a deep network whose first layers do not learn"""

    @points(1)
    def test_logits(self, student, reference, rng):
        """gives the logits of a network of three layers, and changes nothing that it is given"""
        X, params = rng.normal(size=(7, 5)), network(rng, (5, 6, 4, 3))
        expected = reference.deep_forward(X, params)
        assert_pure(student.deep_forward, X, params, expected=expected, name="logits")

    @hidden
    @points(1)
    def test_depth(self, student, reference, rng):
        """gives the logits of networks of one layer and of six"""
        for sizes in ((3, 2), (4, 8, 7, 6, 5, 9, 2)):
            X, params = rng.normal(size=(6, sizes[0])), network(rng, sizes)
            assert_close(student.deep_forward(X, params), reference.deep_forward(X, params), name="logits")


def flats(rng, count):
    """Rooms and square metres, and a price."""
    rooms = rng.uniform(1.0, 6.0, size=count)
    metres = 25.0 * rooms + rng.normal(0.0, 15.0, size=count) + 200.0
    return np.stack([rooms, metres], axis=1), 3.0 * metres - 20.0 * rooms + rng.normal(0.0, 5.0, size=count)


@exercise("predict_prices")
class TestPredictPrices:
    """a linear model whose predictions come out as nan"""

    @points(1)
    def test_prices(self, student, reference, rng):
        """predicts what gradient descent on standardised columns does, and changes nothing that it is given"""
        (X, y), (X_new, _) = flats(rng, 40), flats(rng, 7)
        for steps in ((2,), ()):
            expected = reference.predict_prices(X, y, X_new, *steps)
            assert_pure(student.predict_prices, X, y, X_new, *steps, expected=expected, name="prices")

    @hidden
    @points(1)
    def test_other_rows(self, student, reference, rng):
        """predicts the same for a row alone, for flats unlike those of the training, and after few steps"""
        X, y = flats(rng, 25)
        X = np.hstack([X, 1000.0 * rng.normal(size=(25, 1))])
        X_new = np.array([[2.0, 900.0, 40.0], [9.0, 40.0, -700.0]])
        for rows, steps in ((X_new, 5), (X_new[:1], 5), (X_new, 200)):
            expected = reference.predict_prices(X, y, rows, steps)
            assert_close(student.predict_prices(X, y, rows, steps), expected, name=f"prices after {steps} steps")


@exercise("class_probabilities")
class TestClassProbabilities:
    """probabilities that do not sum to 1"""

    @points(1)
    def test_probabilities(self, student, reference, rng):
        """gives probabilities of exclusive classes, also for large logits, and changes nothing that it is given"""
        apart = rng.normal(size=(3, 5)) + np.array([[1000.0], [0.0], [-1000.0]])
        apart[1] += 400.0 * np.arange(5)
        for logits in (rng.normal(size=(7, 4)), apart, rng.normal(size=(1, 2))):
            expected = reference.class_probabilities(logits)
            assert_pure(student.class_probabilities, logits, expected=expected, name="P")


def cross_entropy(Z, Y):
    return float(np.mean(np.logaddexp(0.0, Z) - Y * Z))


@exercise("classifier_delta")
class TestClassifierDelta:
    """a classifier that does not learn what it is sure of"""

    def agrees(self, student, reference, Z, Y):
        assert_gradients_agree(
            student.classifier_delta(Z, Y),
            reference.classifier_delta(Z, Y),
            loss=lambda at: cross_entropy(at, Y),
            at=Z,
            batch=len(Z),
            names=("dZ",),
            factors={"the number of outputs": Z.shape[1]},
        )

    @points(1)
    def test_gradient(self, student, reference, rng):
        """agrees with the numerical derivative of the mean cross-entropy, and changes nothing that it is given"""
        Z, Y = rng.normal(size=(7, 4)), rng.integers(0, 2, size=(7, 4)).astype(float)
        self.agrees(student, reference, Z, Y)
        Z = 3.0 * Z
        assert_pure(student.classifier_delta, Z, Y, expected=reference.classifier_delta(Z, Y), name="dZ")

    @hidden
    @points(1)
    def test_surely_wrong(self, student, reference, rng):
        """is as large as it should be where a sample is surely wrong, and small where it is surely right"""
        Z = rng.choice([-1.0, 1.0], size=(5, 3)) * rng.uniform(8.0, 30.0, size=(5, 3))
        for Y in ((Z < 0).astype(float), rng.integers(0, 2, size=(5, 3)).astype(float)):
            assert_close(student.classifier_delta(Z, Y), reference.classifier_delta(Z, Y), name="dZ", batch=5)
        one = rng.normal(size=(9, 1))
        self.agrees(student, reference, one, (rng.normal(size=(9, 1)) > 0).astype(float))


def half_squares(X, Y, W, b):
    return float(0.5 * np.sum((X @ W + b - Y) ** 2) / len(X))


@exercise("loss_gradients")
class TestLossGradients:
    """a training that explodes with the size of the batch"""

    @points(1)
    def test_gradient(self, student, reference, rng):
        """agrees with the numerical derivative of the mean loss, and changes nothing that it is given"""
        self.agrees(student, reference, rng, 7, 5, 4)
        args = rng.normal(size=(6, 3)), rng.normal(size=(6, 2)), rng.normal(size=(3, 2)), rng.normal(size=2)
        expected = reference.loss_gradients(*args)
        assert_pure(student.loss_gradients, *args, expected=expected, name=("dW", "db"))

    @hidden
    @points(1)
    def test_batches(self, student, reference, rng):
        """agrees with it for batches of 1 and of 40, and where errors are large"""
        self.agrees(student, reference, rng, 1, 3, 2)
        self.agrees(student, reference, rng, 40, 2, 3)
        X, Y, W, b = (rng.normal(size=size) for size in ((8, 3), (8, 5), (3, 5), 5))
        expected = reference.loss_gradients(50.0 * X, Y, W, b)
        assert_close(student.loss_gradients(50.0 * X, Y, W, b), expected, name=("dW", "db"), batch=8)

    def agrees(self, student, reference, rng, m, n, k):
        X, Y, W, b = rng.normal(size=(m, n)), rng.normal(size=(m, k)), rng.normal(size=(n, k)), rng.normal(size=k)
        assert_gradients_agree(
            student.loss_gradients(X, Y, W, b),
            reference.loss_gradients(X, Y, W, b),
            loss=lambda at: half_squares(X, Y, *at),
            at=(W, b),
            batch=m,
            names=("dW", "db"),
            factors={"the number of outputs": k},
        )


@exercise("recurrent_gradients")
class TestRecurrentGradients:
    """a bias gradient of the wrong shape"""

    def agrees(self, student, reference, rng, m, T, n, d):
        dZ, X = rng.normal(size=(m, T, d)), rng.normal(size=(m, T, n))
        assert_gradients_agree(
            student.recurrent_gradients(dZ, X),
            reference.recurrent_gradients(dZ, X),
            loss=lambda at: float(np.sum(dZ * (X @ at[0] + at[1]))),
            at=(rng.normal(size=(n, d)), rng.normal(size=d)),
            batch=m,
            names=("dWx", "db"),
            factors={"the number of time steps": T},
        )

    @points(1)
    def test_gradients(self, student, reference, rng):
        """agrees with the numerical derivatives of a random sum of Z, and changes nothing that it is given"""
        self.agrees(student, reference, rng, 7, 5, 3, 4)
        dZ, X = rng.normal(size=(2, 6, 5)), rng.normal(size=(2, 6, 3))
        expected = reference.recurrent_gradients(dZ, X)
        assert_pure(student.recurrent_gradients, dZ, X, expected=expected, name=("dWx", "db"))

    @hidden
    @points(1)
    def test_silent_shapes(self, student, reference, rng):
        """agrees with them also where samples, steps and units are equally many, for one step and for one sample"""
        for m, T, n, d in ((4, 4, 3, 4), (5, 1, 2, 3), (1, 6, 2, 3)):
            self.agrees(student, reference, rng, m, T, n, d)


@exercise("momentum_steps")
class TestMomentumSteps:
    """a training that takes the caller's parameters along"""

    @points(1)
    def test_steps(self, student, reference, rng):
        """takes three steps, and leaves the parameters and gradients that it is given as they are"""
        params = {"W1": rng.normal(size=(3, 4)), "b1": rng.normal(size=4)}
        grads = {name: rng.normal(size=value.shape) for name, value in params.items()}
        expected = reference.momentum_steps(params, grads)
        assert_pure(student.momentum_steps, params, grads, expected=expected, name="params")

    @hidden
    @points(1)
    def test_other_steps(self, student, reference, rng):
        """takes one step and eight, with other settings, and changes nothing in either"""
        params = {name: rng.normal(size=size) for name, size in (("a", (2, 3, 4)), ("b", (1,)), ("c", (5, 2)))}
        grads = {name: rng.normal(size=value.shape) for name, value in params.items()}
        for steps, lr, beta in ((1, 0.3, 0.5), (8, 0.02, 0.95)):
            reply = student.momentum_steps.reply(params, grads, lr, beta, steps)
            expected = reference.momentum_steps(params, grads, lr, beta, steps)
            assert_close(reply.value, expected, name=f"params after {steps} steps")
            assert_that(not reply.changed and not reply.aliased, "the parameters of the caller should stay theirs")


def trained_layer(rng, n, d):
    names = ("gamma", "beta", "running_mean")
    layer = {name: rng.normal(size=d) for name in names} | {"W": rng.normal(size=(n, d))}
    return layer | {"running_var": rng.uniform(0.5, 4.0, size=d)}


@exercise("predict_rows")
class TestPredictRows:
    """a prediction that depends on the rows beside it"""

    @points(1)
    def test_outputs(self, student, reference, rng):
        """gives the outputs in evaluation, and changes nothing that it is given"""
        X, layer = rng.normal(size=(7, 5)), trained_layer(rng, 5, 4)
        expected = reference.predict_rows(X, layer)
        assert_pure(student.predict_rows, X, layer, expected=expected, name="out")

    @hidden
    @points(1)
    def test_rows(self, student, reference, rng):
        """gives them for a row alone, for rows of another distribution, and with a large eps"""
        layer = trained_layer(rng, 3, 6)
        for X, eps in ((rng.normal(size=(1, 3)), 1e-5), (20.0 + 5.0 * rng.normal(size=(9, 3)), 0.4)):
            assert_close(student.predict_rows(X, layer, eps), reference.predict_rows(X, layer, eps), name="out")
