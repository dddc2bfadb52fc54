"""Grader of backprop.py: the gradient of the loss with respect to every parameter, and training with it."""

import numpy as np

from nnedu.checking import (
    assert_array,
    assert_close,
    assert_gradients_agree,
    assert_number,
    assert_pure,
    assert_raises,
    assert_reaches,
    assert_that,
    assert_trains,
    assert_trajectory,
    exercise,
    hidden,
    loss_curve,
    points,
)

COPIES = {"the number of copies of the batch": 3}
XOR_X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_Y = np.array([[0.0], [1.0], [1.0], [0.0]])


def smallest_hidden_preactivation(X, params):
    """The smallest |z| of any hidden unit, or less where a layer is silent: how far the nearest kink of ReLU is."""
    smallest, A = np.inf, X
    for layer in range(1, len(params) // 2):
        Z = A @ params[f"W{layer}"] + params[f"b{layer}"]
        smallest, A = min(smallest, np.min(np.abs(Z)), np.max(Z)), np.maximum(Z, 0.0)
    return smallest


def network(rng, sizes, m, output):
    """Random inputs, targets and parameters: no hidden unit is near the kink of ReLU, and no layer silent."""
    while True:
        params = {}
        for layer in range(1, len(sizes)):
            n_in, n_out = sizes[layer - 1], sizes[layer]
            params[f"W{layer}"] = rng.normal(size=(n_in, n_out)) / np.sqrt(n_in)
            params[f"b{layer}"] = rng.normal(size=n_out)
        X = rng.normal(size=(m, sizes[0]))
        if smallest_hidden_preactivation(X, params) > 0.01:
            return X, targets(rng, m, sizes[-1], output), params


def targets(rng, m, k, output):
    if output == "sigmoid":
        return rng.integers(0, 2, size=(m, k)).astype(float)
    if output == "softmax":
        return np.eye(k)[rng.integers(0, k, size=m)]
    return rng.normal(size=(m, k))


def moons(rng, m):
    """Two interleaved half circles with a little noise: X (m, 2) and Y (m, 1), m even."""
    angle = rng.uniform(0.0, np.pi, size=m)
    upper = np.arange(m) % 2 == 0
    x = np.where(upper, np.cos(angle), 1.0 - np.cos(angle))
    y = np.where(upper, np.sin(angle), 0.5 - np.sin(angle))
    X = np.stack([x, y], axis=1) + 0.15 * rng.normal(size=(m, 2))
    return X, (~upper).astype(float)[:, None]


def judged(params, layer_dims):
    """The parameters that came back, once their form is known to be right."""
    names = [f"{kind}{layer}" for layer in range(1, len(layer_dims)) for kind in "Wb"]
    assert_that(
        isinstance(params, dict) and set(params) == set(names),
        f"params should be a dict with the keys {', '.join(names)}",
    )
    for layer in range(1, len(layer_dims)):
        assert_array(params[f"W{layer}"], shape=(layer_dims[layer - 1], layer_dims[layer]), name=f"W{layer}")
        assert_array(params[f"b{layer}"], shape=(layer_dims[layer],), name=f"b{layer}")
    return params


def trained(student, X, Y, layer_dims, epochs, lr, rng, *output):
    """What train returns, two values whose form is not judged yet: the parameters and the losses."""
    result = student.train(X, Y, layer_dims, epochs, lr, rng, *output)
    assert_that(
        isinstance(result, (tuple, list)) and len(result) == 2, "train should return two values, (params, losses)"
    )
    return result


def start_of(student, X, Y, layer_dims, rng, *output):
    """The student's own start: one epoch with a learning rate of 0."""
    params = judged(trained(student, X, Y, layer_dims, 1, 0.0, rng, *output)[0], layer_dims)
    weights = [float(np.max(np.abs(params[f"W{layer}"]))) for layer in range(1, len(layer_dims))]
    assert_that(min(weights) > 0.0, "no weight matrix should start with zeros only")
    return params


def number_list(values, length):
    """The losses as floats, once it is known that they are a list of so many numbers."""
    assert_that(isinstance(values, (list, tuple)), "losses should be a list")
    assert_that(len(values) == length, f"losses should hold one number per epoch, {length}; it holds {len(values)}")
    return [assert_number(value, name=f"losses[{i}]") for i, value in enumerate(values)]


@exercise(
    "backprop",
    after=["linear_backward", "sigmoid_bce_backward", "softmax_ce_backward", "mse_backward", "relu_backward"],
)
class TestBackprop:
    """the gradient of the mean loss with respect to every parameter"""

    @points(2)
    def test_known_value(self, student):
        """gives the numbers of the worked 2-2-1 example"""
        params = {
            "W1": np.array([[0.3, 0.7], [0.5, -0.2]]),
            "b1": np.array([0.1, -0.1]),
            "W2": np.array([[0.6], [-0.4]]),
            "b2": np.array([0.2]),
        }
        dZ2 = 1.0 / (1.0 + np.exp(-0.39)) - 1.0
        expected = {
            "W1": dZ2 * np.array([[0.6, -0.4], [0.3, -0.2]]),
            "b1": dZ2 * np.array([0.6, -0.4]),
            "W2": dZ2 * np.array([[0.65], [0.5]]),
            "b2": dZ2 * np.array([1.0]),
        }
        actual = student.backprop(np.array([[1.0, 0.5]]), np.array([[1.0]]), params)
        assert_close(actual, expected, name="grads")

    @points(2)
    def test_one_layer(self, student, reference, rng):
        """agrees with the numerical derivative of the loss of a single layer"""
        self.agrees(student, reference, rng, sizes=(5, 1), output="sigmoid")

    @points(3)
    def test_two_layers(self, student, reference, rng):
        """agrees with the numerical derivative of the loss of two layers with four sigmoid outputs"""
        self.agrees(student, reference, rng, sizes=(5, 6, 4), output="sigmoid")

    @points(3)
    def test_three_layers(self, student, reference, rng):
        """agrees with the numerical derivative of the loss of three layers with a softmax"""
        self.agrees(student, reference, rng, sizes=(3, 6, 5, 4), output="softmax")

    @points(2)
    def test_linear_output(self, student, reference, rng):
        """agrees with the numerical derivative of the squared error of two layers with linear outputs"""
        self.agrees(student, reference, rng, sizes=(4, 6, 3), output="linear")

    @points(3)
    def test_stacked_batch(self, student, rng):
        """gives the same gradient, not zero, for three copies of the batch: the loss is a mean"""
        X, Y, params = network(rng, (4, 6, 1), 5, "sigmoid")
        once = student.backprop(X, Y, params)
        assert_that(
            isinstance(once, dict) and set(once) == set(params), "grads should be a dict with the keys of params"
        )
        for name, value in params.items():
            gradient = assert_array(once[name], shape=value.shape, name=f"d{name}")
            assert_that(name == "b1" or float(np.max(np.abs(gradient))) > 0.0, f"d{name} should not be zero everywhere")
        thrice = student.backprop(np.vstack([X, X, X]), np.vstack([Y, Y, Y]), params)
        assert_close(thrice, once, name="grads of three copies", rtol=1e-10, atol=1e-12, factors=COPIES)

    @points(1)
    def test_unknown_output(self, student, rng):
        """raises ValueError for an output that it does not know"""
        X, Y, params = network(rng, (3, 2), 4, "sigmoid")
        assert_raises("ValueError", student.backprop, X, Y, params, output="sigmoidal")

    @hidden
    @points(2)
    def test_equal_sizes(self, student, reference, rng):
        """is right where all layers have the batch's size, so that a wrong transpose raises no error"""
        X, Y, params = network(rng, (4, 4, 4, 4), 4, "softmax")
        assert_close(
            student.backprop(X, Y, params, output="softmax"), reference.backprop(X, Y, params, output="softmax")
        )

    @hidden
    @points(2)
    def test_one_row(self, student, reference, rng):
        """works on a batch of one row and leaves its arguments unchanged"""
        X, Y, params = network(rng, (3, 5, 4, 1), 1, "sigmoid")
        assert_pure(student.backprop, X, Y, params, expected=reference.backprop(X, Y, params), name="grads")

    def agrees(self, student, reference, rng, sizes, output):
        X, Y, params = network(rng, sizes, 7, output)
        assert_gradients_agree(
            student.backprop(X, Y, params, output=output),
            reference.backprop(X, Y, params, output=output),
            loss=lambda at: reference.mean_loss(X, Y, at, output),
            at=params,
            batch=7,
            factors={"the number of outputs": sizes[-1], "the number of entries of Y": 7 * sizes[-1]},
        )


@exercise("train", after=["backprop"], trains=True)
class TestTrain:
    """full-batch gradient descent"""

    @points(2)
    def test_start(self, student, rng):
        """starts from weights drawn by the rng with He's standard deviation, and from biases of 0"""
        X, Y, layer_dims = rng.normal(size=(2, 150)), np.array([[0.0], [1.0]]), [150, 60, 1]
        seed = int(rng.integers(1, 1_000_000))
        first = start_of(student, X, Y, layer_dims, np.random.default_rng(seed))
        second = start_of(student, X, Y, layer_dims, np.random.default_rng(seed + 1))
        found, wanted = float(np.std(first["W1"])), float(np.sqrt(2.0 / 150.0))
        assert_that(
            abs(found / wanted - 1.0) < 0.1,
            f"W1 of shape (150, 60) should have a standard deviation near {wanted:.4f}; it has {found:.4f}",
        )
        mean = float(np.mean(first["W1"]))
        assert_that(abs(mean) < 0.1 * wanted, f"the weights of W1 should have a mean near 0; it is {mean:.4f}")
        assert_that(float(np.max(np.abs(first["b1"]))) == 0.0, "b1 should start at 0")
        apart = float(np.max(np.abs(first["W1"] - second["W1"])))
        assert_that(apart > 0.0, "two rngs with different seeds should give different weights")

    @points(2)
    def test_losses_fall(self, student, reference, rng):
        """records one loss per epoch, and the loss falls in every epoch when lr is small"""
        X, Y = moons(rng, 30)
        _, losses = trained(student, X, Y, [2, 8, 1], 12, 0.01, rng)
        numbers = number_list(losses, 12)
        _, right = trained(reference, X, Y, [2, 8, 1], 12, 0.01, rng)
        with loss_curve(numbers, right):
            for i in range(1, 12):
                assert_that(
                    numbers[i] < numbers[i - 1],
                    f"with lr = 0.01 every loss should be below the one before; losses[{i}] is not",
                )

    @points(1)
    def test_first_loss(self, student, rng):
        """records as losses[0] the loss of the start, before any update"""
        X, Y = moons(rng, 30)
        start = start_of(student, X, Y, [2, 8, 1], rng)
        _, losses = trained(student, X, Y, [2, 8, 1], 3, 0.5, rng)
        assert_that(isinstance(losses, (list, tuple)) and len(losses) > 0, "losses should be a list, and not empty")
        expected = assert_number(student.mean_loss(X, Y, start), name="the mean loss of the start")
        assert_that(expected > 0.0, "the mean loss of the start should be positive")
        assert_close(losses[0], expected, name="losses[0]")

    @points(2)
    def test_steps(self, student, rng):
        """moves every parameter by -lr times the gradient of your own backprop, for 10 steps"""
        X, Y = moons(rng, 30)
        layer_dims, steps = [2, 6, 4, 1], (1, 2, 5, 10)
        state, expected = start_of(student, X, Y, layer_dims, rng), []
        for step in range(1, 11):
            grads = judged(student.backprop(X, Y, state), layer_dims)
            state = {name: value - 0.5 * grads[name] for name, value in state.items()}
            if step in steps:
                expected.append(state)
        actual = [trained(student, X, Y, layer_dims, step, 0.5, rng)[0] for step in steps]
        assert_trajectory(actual, expected, name="params", steps=steps)

    @points(2)
    def test_xor(self, student, reference, rng):
        """learns XOR with 16 hidden units"""
        start = start_of(student, XOR_X, XOR_Y, [2, 16, 1], rng)
        params, losses = trained(student, XOR_X, XOR_Y, [2, 16, 1], 140, 0.5, rng)
        _, right = trained(reference, XOR_X, XOR_Y, [2, 16, 1], 140, 0.5, rng)
        first = assert_number(student.mean_loss(XOR_X, XOR_Y, start), name="the loss at the start")
        last = assert_number(student.mean_loss(XOR_X, XOR_Y, params), name="the loss at the end")
        assert_that(first > 0.5, f"the loss at the start should be near ln 2 or above; it is {first:.4f}")
        with loss_curve(losses, right):
            assert_reaches(last, band=(0.0, 0.17), name="mean loss on XOR")

    @hidden
    @points(1)
    def test_losses_and_purity(self, student, reference, rng):
        """gives the losses and the parameters of 4 steps with each output, and leaves X and Y unchanged"""
        for output, lr in (("softmax", 0.3), ("linear", 0.03), ("sigmoid", 0.3)):
            X, Y, _ = network(rng, (3, 4), 8, output)
            state, losses = start_of(student, X, Y, [3, 6, 4], rng, output), []
            for _ in range(4):
                losses.append(reference.mean_loss(X, Y, state, output=output))
                grads = reference.backprop(X, Y, state, output=output)
                state = {name: value - lr * grads[name] for name, value in state.items()}
            names, expected = ("params", "losses"), (state, losses)
            assert_pure(student.train, X, Y, [3, 6, 4], 4, lr, rng, output, expected=expected, name=names)
        # Far away the outputs are exactly 0 and 1: the loss is that of the clipped probability, and finite.
        far, start = 1e6 * X, start_of(student, X, Y, [3, 6, 4], rng)
        first = [reference.mean_loss(far, Y, start)]
        assert_close(trained(student, far, Y, [3, 6, 4], 1, 0.0, rng)[1], first, name="the first loss")

    @hidden
    @points(2)
    def test_moons(self, student, reference, rng):
        """separates two half moons: from your own start the steps are right, and few new points are misplaced"""
        X, Y = moons(rng, 200)
        layer_dims, steps = [2, 16, 1], (1, 2, 5)
        state, expected = start_of(student, X, Y, layer_dims, rng), []
        first = reference.mean_loss(X, Y, state)
        for step in range(1, 6):
            grads = reference.backprop(X, Y, state)
            state = {name: value - 0.5 * grads[name] for name, value in state.items()}
            if step in steps:
                expected.append(state)
        actual = [trained(student, X, Y, layer_dims, step, 0.5, rng)[0] for step in steps]
        params, losses = trained(student, X, Y, layer_dims, 800, 1.0, rng)
        X_new, Y_new = moons(rng, 400)
        A, _ = reference.mlp_forward(X_new, judged(params, layer_dims))
        assert_that(isinstance(losses, (list, tuple)) and len(losses) > 0, "losses should be a list, and not empty")
        assert_trains(
            initial=losses[0],
            expected_initial=first,
            trajectory=(actual, expected),
            final=float(np.mean((A > 0.5) != (Y_new > 0.5))),
            band=(0.0, 0.15),
            name="share of misplaced points",
        )
