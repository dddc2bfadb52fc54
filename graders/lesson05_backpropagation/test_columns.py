"""Grader of columns.py: the column-major backward pass and training loop, repaired."""

import numpy as np

from nnedu.checking import (
    assert_array,
    assert_close,
    assert_gradients_agree,
    assert_pure,
    assert_that,
    assert_trains,
    exercise,
    hidden,
    points,
)

COPIES = {"the number of copies of the batch": 3}


def sigmoid(Z):
    return 0.5 * (1.0 + np.tanh(0.5 * Z))


def forward(X, parameters, activation="relu"):
    """The network in columns: A_out, the caches, and the smallest |z| of any hidden unit, or less if all are silent."""
    caches, A, smallest = [], X, np.inf
    n_layers = len(parameters) // 2
    for layer in range(1, n_layers + 1):
        W, b = parameters[f"W{layer}"], parameters[f"b{layer}"]
        Z = W @ A + b
        caches.append((A, W, b, Z))
        if layer < n_layers:
            smallest = min(smallest, float(np.min(np.abs(Z))), float(np.max(Z)))
        A = sigmoid(Z) if layer == n_layers or activation == "sigmoid" else np.maximum(Z, 0.0)
    return A, caches, smallest


def mean_loss(X, Y, parameters, activation="relu"):
    A = np.clip(forward(X, parameters, activation)[0], 1e-12, 1.0 - 1e-12)
    return float(-np.mean(Y * np.log(A) + (1.0 - Y) * np.log(1.0 - A)))


def network(rng, sizes, m, activation="relu"):
    """Random parameters, A_out, caches, X and Y, drawn again until no hidden unit is near the kink of ReLU."""
    while True:
        parameters = {}
        for layer in range(1, len(sizes)):
            n_in, n_out = sizes[layer - 1], sizes[layer]
            parameters[f"W{layer}"] = rng.normal(size=(n_out, n_in)) / np.sqrt(n_in)
            parameters[f"b{layer}"] = rng.normal(size=(n_out, 1))
        X, Y = rng.normal(size=(sizes[0], m)), rng.integers(0, 2, size=(sizes[-1], m)).astype(float)
        A_out, caches, smallest = forward(X, parameters, activation)
        if smallest > 0.01:
            return parameters, A_out, caches, X, Y


def moons(rng, m):
    """Two interleaved half circles with a little noise: X (2, m) and Y (1, m), m even."""
    angle = rng.uniform(0.0, np.pi, size=m)
    upper = np.arange(m) % 2 == 0
    x = np.where(upper, np.cos(angle), 1.0 - np.cos(angle))
    y = np.where(upper, np.sin(angle), 0.5 - np.sin(angle))
    return np.stack([x, y]) + 0.15 * rng.normal(size=(2, m)), (~upper).astype(float)[None]


def judged(grads, parameters, prefix="d"):
    """A dict of gradients (or of parameters, with no prefix), once its form is known to be right."""
    names = [prefix + name for name in parameters]
    assert_that(
        isinstance(grads, dict) and set(grads) == set(names),
        f"the result should be a dict with the keys {', '.join(names)}",
    )
    for name, value in parameters.items():
        assert_array(grads[prefix + name], shape=value.shape, name=prefix + name)
    return grads


def trained(student, X, Y, layer_dims, epochs, lr, rng):
    """What train_columns returns: the parameters, judged in form, and the costs, not judged yet."""
    result = student.train_columns(X, Y, layer_dims, epochs, lr, rng)
    assert_that(
        isinstance(result, (tuple, list)) and len(result) == 2,
        "train_columns should return two values, (parameters, costs)",
    )
    form = {}
    for layer in range(1, len(layer_dims)):
        form[f"W{layer}"] = np.zeros((layer_dims[layer], layer_dims[layer - 1]))
        form[f"b{layer}"] = np.zeros((layer_dims[layer], 1))
    return judged(result[0], form, prefix=""), result[1]


@exercise("backpropagation_columns")
class TestBackpropagationColumns:
    """the backward pass of the column-major listing, repaired"""

    @points(2)
    def test_known_value(self, student):
        """gives the numbers of the worked 2-2-1 example, transposed"""
        parameters = {
            "W1": np.array([[0.3, 0.5], [0.7, -0.2]]),
            "b1": np.array([[0.1], [-0.1]]),
            "W2": np.array([[0.6, -0.4]]),
            "b2": np.array([[0.2]]),
        }
        X, Y = np.array([[1.0], [0.5]]), np.array([[1.0]])
        A_out, caches, _ = forward(X, parameters)
        dZ2 = sigmoid(0.39) - 1.0
        expected = {
            "dW1": dZ2 * np.array([[0.6, 0.3], [-0.4, -0.2]]),
            "db1": dZ2 * np.array([[0.6], [-0.4]]),
            "dW2": dZ2 * np.array([[0.65, 0.5]]),
            "db2": dZ2 * np.array([[1.0]]),
        }
        assert_close(student.backpropagation_columns(parameters, A_out, caches, X, Y), expected, name="grads")

    @points(2)
    def test_one_output(self, student, reference, rng):
        """agrees with the numerical derivative of the loss for one output"""
        self.agrees(student, reference, rng, sizes=(4, 6, 5, 1), activation="relu")

    @points(2)
    def test_ten_outputs(self, student, reference, rng):
        """agrees with the numerical derivative of the loss for ten outputs"""
        self.agrees(student, reference, rng, sizes=(4, 6, 10), activation="relu")

    @points(1)
    def test_sigmoid(self, student, reference, rng):
        """agrees with the numerical derivative of the loss for sigmoid hidden layers"""
        self.agrees(student, reference, rng, sizes=(3, 5, 4, 1), activation="sigmoid")

    @points(1)
    def test_stacked_batch(self, student, rng):
        """gives the same gradient, not zero, for three copies of the batch side by side: the loss is a mean"""
        parameters, A_out, caches, X, Y = network(rng, (3, 6, 1), 5)
        once = judged(student.backpropagation_columns(parameters, A_out, caches, X, Y), parameters)
        X3, Y3 = np.hstack([X, X, X]), np.hstack([Y, Y, Y])
        A_out3, caches3, _ = forward(X3, parameters)
        thrice = student.backpropagation_columns(parameters, A_out3, caches3, X3, Y3)
        assert_that(float(np.max(np.abs(once["dW2"]))) > 0.0, "dW2 should not be zero everywhere")
        assert_close(thrice, once, name="grads of three copies", rtol=1e-10, atol=1e-12, factors=COPIES)

    @points(1)
    def test_purity(self, student, reference, rng):
        """leaves parameters, A_out, caches, X and Y as they are"""
        arguments = network(rng, (3, 4, 1), 6)
        expected = reference.backpropagation_columns(*arguments)
        assert_pure(student.backpropagation_columns, *arguments, expected=expected, name="grads")

    @hidden
    @points(1)
    def test_one_column(self, student, reference, rng):
        """works on a batch of one column with three outputs"""
        arguments = network(rng, (3, 5, 3), 1)
        expected = reference.backpropagation_columns(*arguments)
        assert_close(student.backpropagation_columns(*arguments), expected, name="grads")

    def agrees(self, student, reference, rng, sizes, activation):
        parameters, A_out, caches, X, Y = network(rng, sizes, 7, activation)
        expected = reference.backpropagation_columns(parameters, A_out, caches, X, Y, activation)
        actual = student.backpropagation_columns(parameters, A_out, caches, X, Y, activation)
        assert_gradients_agree(
            {name.removeprefix("d"): value for name, value in judged(actual, parameters).items()},
            {name.removeprefix("d"): value for name, value in expected.items()},
            loss=lambda at: mean_loss(X, Y, at, activation),
            at=parameters,
            batch=7,
            factors={"the number of outputs": sizes[-1], "the number of entries of Y": 7 * sizes[-1]},
        )


@exercise("train_columns", after=["backpropagation_columns"], trains=True)
class TestTrainColumns:
    """the training loop of the column-major listing, repaired"""

    @points(1)
    def test_start_and_costs(self, student, rng):
        """starts as He does, from the rng that it is given, and records a cost before every update"""
        X, Y, layer_dims = rng.normal(size=(150, 8)), np.arange(8.0)[None] % 2, [150, 60, 7, 1]
        seed = int(rng.integers(1, 1_000_000))
        first, _ = trained(student, X, Y, layer_dims, 1, 0.0, np.random.default_rng(seed))
        second, _ = trained(student, X, Y, layer_dims, 1, 0.0, np.random.default_rng(seed + 1))
        found, wanted = float(np.std(first["W1"])), float(np.sqrt(2.0 / 150.0))
        assert_that(
            abs(found / wanted - 1.0) < 0.1,
            f"W1 of shape (60, 150) should have a standard deviation near {wanted:.4f}; it has {found:.4f}",
        )
        mean = float(np.mean(first["W1"]))
        assert_that(abs(mean) < 0.1 * wanted, f"the weights of W1 should have a mean near 0; it is {mean:.4f}")
        assert_that(float(np.max(np.abs(first["b1"]))) == 0.0, "b1 should start at 0")
        apart = float(np.max(np.abs(first["W1"] - second["W1"])))
        assert_that(apart > 0.0, "two rngs with different seeds should give different weights")
        # Far away the outputs are exactly 0 and 1: the cost is that of the clipped probability, and finite.
        for inputs, lr in ((X, 0.1), (1e6 * X, 0.0)):
            _, costs = trained(student, inputs, Y, layer_dims, 3, lr, np.random.default_rng(seed))
            assert_that(
                isinstance(costs, (list, tuple)) and len(costs) == 3, "costs should hold one number per epoch, 3"
            )
            assert_close(costs[0], mean_loss(inputs, Y, first), name="costs[0]")

    @hidden
    @points(1)
    def test_moons(self, student, reference, rng):
        """separates two half moons: from your own start the steps are right, and few new points are misplaced"""
        X, Y = moons(rng, 200)
        layer_dims, steps = [2, 16, 1], (1, 2, 5)
        state, _ = trained(student, X, Y, layer_dims, 1, 0.0, rng)
        first, expected = mean_loss(X, Y, state), []
        for step in range(1, 6):
            A_out, caches = reference.forward_propagation(X, state)
            grads = reference.backpropagation_columns(state, A_out, caches, X, Y)
            state = {name: value - 0.5 * grads[f"d{name}"] for name, value in state.items()}
            if step in steps:
                expected.append(state)
        actual = [trained(student, X, Y, layer_dims, step, 0.5, rng)[0] for step in steps]
        parameters, costs = trained(student, X, Y, layer_dims, 800, 1.0, rng)
        assert_that(isinstance(costs, (list, tuple)) and len(costs) > 0, "costs should be a list, and not empty")
        X_new, Y_new = moons(rng, 400)
        A_new = forward(X_new, parameters)[0]
        assert_trains(
            initial=costs[0],
            expected_initial=first,
            trajectory=(actual, expected),
            final=float(np.mean((A_new > 0.5) != (Y_new > 0.5))),
            band=(0.0, 0.15),
            name="share of misplaced points",
        )
