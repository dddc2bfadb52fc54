"""Grader of forward.py: the start of a network, and its forward pass."""

import numpy as np

from nnedu.checking import (
    assert_array,
    assert_close,
    assert_pure,
    assert_raises,
    assert_that,
    exercise,
    hidden,
    points,
)


def judged(params, layer_dims):
    """The parameters that came back, once it is known that no weight matrix is missing, of wrong form or zero."""
    names = [f"{kind}{layer}" for layer in range(1, len(layer_dims)) for kind in "Wb"]
    assert_that(
        isinstance(params, dict) and set(params) == set(names),
        f"params should be a dict with the keys {', '.join(names)}",
    )
    for layer in range(1, len(layer_dims)):
        W = assert_array(params[f"W{layer}"], shape=(layer_dims[layer - 1], layer_dims[layer]), name=f"W{layer}")
        assert_that(float(np.max(np.abs(W))) > 0.0, f"W{layer} should not consist of zeros")
    return params


def assert_spread(W, variance, name):
    """Judge mean and variance of random weights, to six standard errors of each."""
    mean, found = float(np.mean(W)), float(np.var(W))
    assert_that(
        abs(mean) < 6.0 * np.sqrt(variance / W.size),
        f"the mean of {name} should be near 0; it is {mean:.4g}",
    )
    assert_that(
        abs(found / variance - 1.0) < 6.0 * np.sqrt(2.0 / W.size),
        f"{name} of shape {W.shape} should have a variance near {variance:.4g}; it has {found:.4g}, "
        f"which is {found / variance:.4g} times that",
    )


def network(rng, sizes, m):
    """Random inputs and parameters; no bias is 0."""
    params = {}
    for layer in range(1, len(sizes)):
        n_in, n_out = sizes[layer - 1], sizes[layer]
        params[f"W{layer}"] = rng.normal(size=(n_in, n_out)) * np.sqrt(2.0 / n_in)
        params[f"b{layer}"] = rng.normal(size=n_out)
    return rng.normal(size=(m, sizes[0])), params


def part(result, index):
    """The output or the caches, once it is known that there are two values."""
    assert_that(
        isinstance(result, (tuple, list)) and len(result) == 2, "mlp_forward should return two values, (A_L, caches)"
    )
    return result[index]


def cache_names(n_layers):
    return tuple(f"the cache of layer {layer}" for layer in range(1, n_layers + 1))


@exercise("init_params")
class TestInitParams:
    """random weights of the right size, and biases of 0"""

    @points(2)
    def test_form(self, student, rng):
        """gives every layer a weight matrix (n_in, n_out), not all zeros, and a bias (n_out,) of zeros"""
        for layer_dims in ([5, 7, 3, 2], [4, 4]):
            params = judged(student.init_params(layer_dims, rng), layer_dims)
            for layer in range(1, len(layer_dims)):
                b = assert_array(params[f"b{layer}"], shape=(layer_dims[layer],), name=f"b{layer}")
                largest = float(np.max(np.abs(b)))
                assert_that(largest == 0.0, f"b{layer} should be 0 everywhere; found an entry of size {largest:.4g}")

    @points(2)
    def test_he(self, student, rng):
        """gives the weights of 120 inputs and 40 outputs He's variance, 2/120, under the "he" scheme"""
        params = judged(student.init_params([120, 40], rng, scheme="he"), [120, 40])
        assert_spread(params["W1"], 2.0 / 120.0, "W1")

    @points(2)
    def test_xavier(self, student, rng):
        """gives the weights of 120 inputs and 40 outputs Xavier's variance, 2/160, under the "xavier" scheme"""
        params = judged(student.init_params([120, 40], rng, scheme="xavier"), [120, 40])
        assert_spread(params["W1"], 2.0 / 160.0, "W1")

    @points(1)
    def test_small(self, student, rng):
        """gives the weights a standard deviation of 0.01 under the "small" scheme"""
        params = judged(student.init_params([70, 70], rng, scheme="small"), [70, 70])
        assert_spread(params["W1"], 1e-4, "W1")

    @points(1)
    def test_generator(self, student, rng):
        """gives the same weights for equal generators, and others for another seed"""
        seed, layer_dims = int(rng.integers(1, 1_000_000)), [6, 6, 6]
        first, again, other = (
            judged(student.init_params(layer_dims, np.random.default_rng(s)), layer_dims)
            for s in (seed, seed, seed + 1)
        )
        for name in ("W1", "W2"):
            same = float(np.max(np.abs(first[name] - again[name])))
            apart = float(np.max(np.abs(first[name] - other[name])))
            assert_that(same == 0.0, f"two equal generators should give the same {name}")
            assert_that(apart > 0.0, f"two generators with different seeds should give different {name}")

    @points(1)
    def test_unknown_scheme(self, student, rng):
        """raises ValueError for a scheme that it does not know"""
        assert_raises("ValueError", student.init_params, [3, 2], rng, scheme="normal")

    @hidden
    @points(1)
    def test_every_layer(self, student, rng):
        """uses each layer's own sizes, and He's scheme when none is given"""
        layer_dims = [300, 200, 100, 400]
        params = judged(student.init_params(layer_dims, rng), layer_dims)
        for layer, n_in in ((1, 300.0), (2, 200.0), (3, 100.0)):
            assert_spread(params[f"W{layer}"], 2.0 / n_in, f"W{layer}")


@exercise("mlp_forward")
class TestMlpForward:
    """from a batch of inputs to the outputs, with everything that the way back needs"""

    @points(2)
    def test_known_value(self, student):
        """gives 0.6724 for the worked 2-3-1 example"""
        params = {
            "W1": np.array([[0.1, 0.3, -0.2], [0.4, -0.5, 0.6]]),
            "b1": np.array([0.1, -0.1, 0.2]),
            "W2": np.array([[0.7], [-0.3], [0.5]]),
            "b2": np.array([0.1]),
        }
        A = part(student.mlp_forward(np.array([[0.5, 0.8]]), params), 0)
        assert_close(A, np.array([[1.0 / (1.0 + np.exp(-0.719))]]), name="A_L")

    @points(1)
    def test_three_layers(self, student, reference, rng):
        """gives the class probabilities of a network with three layers and a softmax"""
        X, params = network(rng, (3, 6, 5, 4), 7)
        A = part(student.mlp_forward(X, params, output="softmax"), 0)
        assert_close(A, reference.mlp_forward(X, params, output="softmax")[0], name="A_L")

    @points(2)
    def test_caches(self, student, reference, rng):
        """keeps for every layer what went into it and its pre-activation, (A_prev, Z)"""
        X, params = network(rng, (5, 6, 4, 3), 8)
        caches = part(student.mlp_forward(X, params), 1)
        assert_close(caches, reference.mlp_forward(X, params)[1], name=cache_names(3))

    @points(1)
    def test_linear_output(self, student, reference, rng):
        """leaves a linear output as it is, so that it can be negative"""
        X, params = network(rng, (4, 6, 3), 7)
        A = part(student.mlp_forward(X, params, output="linear"), 0)
        assert_close(A, reference.mlp_forward(X, params, output="linear")[0], name="A_L")

    @points(1)
    def test_one_layer(self, student, reference, rng):
        """works without a hidden layer, where it is logistic regression"""
        X, params = network(rng, (5, 2), 6)
        A = part(student.mlp_forward(X, params), 0)
        assert_close(A, reference.mlp_forward(X, params)[0], name="A_L")

    @points(2)
    def test_rows(self, student, rng):
        """treats each row by itself: one row alone gives its row of the batch, and adds up to 1 under softmax"""
        X, params = network(rng, (3, 5, 4), 6)
        A = assert_array(part(student.mlp_forward(X, params, output="softmax"), 0), shape=(6, 4), name="A_L")
        for i in range(6):
            alone = part(student.mlp_forward(X[i : i + 1], params, output="softmax"), 0)
            row = assert_array(alone, shape=(1, 4), name="A_L of one row")
            assert_that(abs(float(np.sum(A[i])) - 1.0) < 1e-12, f"row {i} should add up to 1, not {np.sum(A[i]):.6g}")
            worst = float(np.max(np.abs(row[0] - A[i])))
            assert_that(worst < 1e-12, f"row {i} alone should give row {i} of the batch, and differs by {worst:.2g}")

    @points(1)
    def test_unknown_output(self, student, rng):
        """raises ValueError for an output that it does not know"""
        X, params = network(rng, (3, 2), 4)
        assert_raises("ValueError", student.mlp_forward, X, params, output="sigmoidal")

    @hidden
    @points(1)
    def test_equal_sizes(self, student, reference, rng):
        """is right where all layers have the batch's size, so that no slip raises an error"""
        X, params = network(rng, (4, 4, 4, 4), 4)
        expected = reference.mlp_forward(X, params, output="softmax")
        assert_close(student.mlp_forward(X, params, output="softmax"), expected, name=("A_L", "caches"))

    @hidden
    @points(1)
    def test_purity(self, student, reference, rng):
        """works on a batch of one row and leaves its arguments unchanged"""
        X, params = network(rng, (3, 5, 2), 1)
        expected = reference.mlp_forward(X, params)
        assert_pure(student.mlp_forward, X, params, expected=expected, name=("A_L", "caches"), may_alias=True)
