"""Grader of layers.py: a layer as a matrix product, and the two conventions."""

from itertools import pairwise

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


def network(rng, sizes):
    """Random parameters in rows: W_l (n_in, n_out) and b_l (n_out,) for each pair of neighbouring sizes."""
    params = {}
    for layer, (n_in, n_out) in enumerate(pairwise(sizes), 1):
        params[f"W{layer}"] = rng.normal(size=(n_in, n_out))
        params[f"b{layer}"] = rng.normal(size=n_out)
    return params


def network_columns(rng, sizes):
    """Random parameters in columns: W_l (n_out, n_in) and b_l (n_out, 1)."""
    params = {}
    for layer, (n_in, n_out) in enumerate(pairwise(sizes), 1):
        params[f"W{layer}"] = rng.normal(size=(n_out, n_in))
        params[f"b{layer}"] = rng.normal(size=(n_out, 1))
    return params


def translated(result, keys):
    """The two parts of a translation, once the form of the result is known to be right."""
    ok = isinstance(result, (tuple, list)) and len(result) == 2 and isinstance(result[1], dict)
    assert_that(ok, "the result should be a pair: the batch, and a dict of the parameters")
    batch, params = result
    assert_that(
        all(key in params for key in keys) and len(params) == len(keys),
        f"the dict of the result should have the keys {', '.join(keys)}, and no others",
    )
    return batch, params


@exercise("affine")
class TestAffine:
    """the weighted sums of a whole layer, Z = X @ W + b"""

    @points(1)
    def test_known_value(self, student):
        """is [[0.47, -0.35, 0.58]] for the layer of the worked example"""
        X, b = np.array([[0.5, 0.8]]), np.array([0.1, -0.1, 0.2])
        W = np.array([[0.1, 0.3, -0.2], [0.4, -0.5, 0.6]])
        assert_close(student.affine(X, W, b), np.array([[0.47, -0.35, 0.58]]), name="Z")

    @points(1)
    def test_random_layer(self, student, reference, rng):
        """agrees with the reference for 7 samples, 5 features and 4 neurons"""
        X, W, b = rng.normal(size=(7, 5)), rng.normal(size=(5, 4)), rng.normal(size=4)
        factors = {"the number of features": 5, "the number of neurons": 4}
        assert_close(student.affine(X, W, b), reference.affine(X, W, b), name="Z", batch=7, factors=factors)

    @points(1)
    def test_square(self, student, reference, rng):
        """is right where X and W are square, so that no wrong transpose raises an error"""
        X, W, b = rng.normal(size=(4, 4)), rng.normal(size=(4, 4)), rng.normal(size=4)
        assert_close(student.affine(X, W, b), reference.affine(X, W, b), name="Z")

    @points(1)
    def test_moves_with_the_inputs(self, student, rng):
        """moves by the sums over D[i, p] W[p, q] when X moves by D, whatever the biases are"""
        X, D, W, b = rng.normal(size=(4, 6)), rng.normal(size=(4, 6)), rng.normal(size=(6, 4)), rng.normal(size=4)
        before = assert_array(student.affine(X, W, b), shape=(4, 4), name="Z at X")
        after = assert_array(student.affine(X + D, W, b), shape=(4, 4), name="Z at X + D")
        assert_close(after - before, np.einsum("ip,pq->iq", D, W), name="the difference of Z at X + D and at X")

    @points(1)
    def test_weights_that_do_not_fit(self, student, rng):
        """raises ValueError where W has more or fewer rows than X has columns"""
        X, b = rng.normal(size=(7, 5)), rng.normal(size=4)
        assert_raises("ValueError", student.affine, X, rng.normal(size=(6, 4)), b)
        assert_raises("ValueError", student.affine, X, rng.normal(size=(3, 4)), b)

    @points(1)
    def test_biases_that_do_not_fit(self, student, rng):
        """raises ValueError where b has more or fewer entries than W has columns"""
        X, W = rng.normal(size=(7, 5)), rng.normal(size=(5, 4))
        assert_raises("ValueError", student.affine, X, W, rng.normal(size=6))
        assert_raises("ValueError", student.affine, X, W, rng.normal(size=3))

    @points(1)
    def test_integers(self, student, reference, rng):
        """gives float64 where X holds integers, and leaves its arguments unchanged"""
        X, W, b = rng.integers(1, 9, size=(6, 3)), rng.normal(size=(3, 5)), rng.normal(size=5)
        assert_pure(student.affine, X, W, b, expected=reference.affine(X, W, b), name="Z of integers")

    @hidden
    @points(1)
    def test_odd_layouts(self, student, reference, rng):
        """works for one sample, one neuron and transposed arrays, and leaves its arguments unchanged"""
        for X, W in (
            (rng.normal(size=(1, 5)), rng.normal(size=(5, 5))),
            (rng.normal(size=(6, 3)), rng.normal(size=(3, 1))),
            (rng.normal(size=(4, 6)).T, rng.normal(size=(5, 4)).T),
        ):
            b = rng.normal(size=W.shape[1])
            assert_pure(student.affine, X, W, b, expected=reference.affine(X, W, b), name="Z")


@exercise("to_columns")
class TestToColumns:
    """from samples as rows to samples as columns"""

    @points(1)
    def test_batch(self, student, rng):
        """makes sample i of X, its row i, column i of X_c"""
        X, params = rng.normal(size=(7, 5)), network(rng, (5, 4))
        X_c, _ = translated(student.to_columns(X, params), params)
        assert_close(X_c, np.array([[X[i, p] for i in range(7)] for p in range(5)]), name="X_c")

    @points(1)
    def test_same_layer(self, student, rng):
        """gives parameters with which W_c @ A_c + b_c is the layer A @ W + b on its side, in each of two layers"""
        sizes = (5, 3, 4)
        X, params = rng.normal(size=(7, 5)), network(rng, sizes)
        _, params_c = translated(student.to_columns(X, params), params)
        for layer, (n_in, n_out) in enumerate(pairwise(sizes), 1):
            W_c = assert_array(params_c[f"W{layer}"], shape=(n_out, n_in), name=f"W{layer} in columns")
            b_c = assert_array(params_c[f"b{layer}"], shape=(n_out, 1), name=f"b{layer} in columns")
            A = rng.normal(size=(6, n_in))
            Z = A @ params[f"W{layer}"] + params[f"b{layer}"]
            assert_close((W_c @ A.T + b_c).T, Z, name=f"W{layer} @ A_c + b{layer}, transposed,")

    @points(1)
    def test_one_sample_and_one_neuron(self, student, reference, rng):
        """returns new arrays and leaves X and params unchanged, also for one sample and a layer of one neuron"""
        X, params = rng.normal(size=(1, 5)), network(rng, (5, 1, 4))
        assert_pure(student.to_columns, X, params, expected=reference.to_columns(X, params), name=("X_c", "params_c"))

    @hidden
    @points(1)
    def test_three_layers(self, student, reference, rng):
        """is right for three layers, where all sizes are equal, and has an inverse"""
        for m, sizes in ((6, (3, 5, 2, 4)), (4, (4, 4, 4))):
            X, params = rng.normal(size=(m, sizes[0])), network(rng, sizes)
            expected = reference.to_columns(X, params)
            assert_pure(student.to_columns, X, params, expected=expected, name=("X_c", "params_c"))
        X_c, params_c = rng.normal(size=(5, 3)), network_columns(rng, (5, 2))
        back = student.to_columns(*reference.from_columns(X_c, params_c))
        assert_close(back, (X_c, params_c), name=("X_c", "params_c"))


@exercise("from_columns")
class TestFromColumns:
    """from samples as columns to samples as rows"""

    @points(1)
    def test_batch(self, student, rng):
        """makes sample i of X_c, its column i, row i of X"""
        X_c, params_c = rng.normal(size=(5, 7)), network_columns(rng, (5, 4))
        X, _ = translated(student.from_columns(X_c, params_c), params_c)
        assert_close(X, np.array([[X_c[p, i] for p in range(5)] for i in range(7)]), name="X")

    @points(1)
    def test_same_layer(self, student, rng):
        """gives parameters with which A @ W + b is the layer W_c @ A_c + b_c on its side, in each of two layers"""
        sizes = (5, 3, 4)
        X_c, params_c = rng.normal(size=(5, 7)), network_columns(rng, sizes)
        _, params = translated(student.from_columns(X_c, params_c), params_c)
        for layer, (n_in, n_out) in enumerate(pairwise(sizes), 1):
            W = assert_array(params[f"W{layer}"], shape=(n_in, n_out), name=f"W{layer} in rows")
            b = assert_array(params[f"b{layer}"], shape=(n_out,), name=f"b{layer} in rows")
            A_c = rng.normal(size=(n_in, 6))
            Z_c = params_c[f"W{layer}"] @ A_c + params_c[f"b{layer}"]
            assert_close((A_c.T @ W + b).T, Z_c, name=f"A @ W{layer} + b{layer}, transposed,")

    @points(1)
    def test_one_sample_and_one_neuron(self, student, reference, rng):
        """returns new arrays and leaves X_c and params_c unchanged, also for one sample and a layer of one neuron"""
        X_c, params_c = rng.normal(size=(5, 1)), network_columns(rng, (5, 1, 4))
        expected = reference.from_columns(X_c, params_c)
        assert_pure(student.from_columns, X_c, params_c, expected=expected, name=("X", "params"))

    @hidden
    @points(1)
    def test_three_layers(self, student, reference, rng):
        """is right for three layers, where all sizes are equal, and undoes to_columns"""
        for m, sizes in ((6, (3, 5, 2, 4)), (4, (4, 4, 4))):
            X_c, params_c = rng.normal(size=(sizes[0], m)), network_columns(rng, sizes)
            expected = reference.from_columns(X_c, params_c)
            assert_pure(student.from_columns, X_c, params_c, expected=expected, name=("X", "params"))
        X, params = rng.normal(size=(5, 3)), network(rng, (3, 2))
        back = student.from_columns(*reference.to_columns(X, params))
        assert_close(back, (X, params), name=("X", "params"))
