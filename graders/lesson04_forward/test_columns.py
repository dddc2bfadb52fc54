"""Grader of columns.py: the forward pass with samples as columns."""

import numpy as np

from nnedu.checking import assert_close, assert_pure, assert_raises, assert_that, exercise, hidden, points

NAMES = ("A_L", "caches")


def network_of_columns(rng, sizes, m):
    """Random inputs (n0, m) and parameters, W_l (n_l, n_{l-1}) and b_l (n_l, 1); no bias is 0."""
    params_c = {}
    for layer in range(1, len(sizes)):
        n_in, n_out = sizes[layer - 1], sizes[layer]
        params_c[f"W{layer}"] = rng.normal(size=(n_out, n_in)) * np.sqrt(2.0 / n_in)
        params_c[f"b{layer}"] = rng.normal(size=(n_out, 1))
    return rng.normal(size=(sizes[0], m)), params_c


def part(result, index):
    """The output or the caches, once it is known that there are two values."""
    assert_that(
        isinstance(result, (tuple, list)) and len(result) == 2,
        "mlp_forward_columns should return two values, (A_L, caches)",
    )
    return result[index]


@exercise("mlp_forward_columns")
class TestMlpForwardColumns:
    """the network of other texts, whose samples are columns"""

    @points(1)
    def test_one_unit(self, student):
        """gives the three probabilities of a single sigmoid unit, worked out by hand"""
        X = np.array([[0.5, 1.0, -1.0], [0.8, 0.0, 2.0]])
        params_c = {"W1": np.array([[0.3, -0.5]]), "b1": np.array([[0.1]])}
        expected = 1.0 / (1.0 + np.exp(-np.array([[-0.15, 0.4, -1.2]])))
        assert_close(part(student.mlp_forward_columns(X, params_c), 0), expected, name="A_L")

    @points(1)
    def test_relu(self, student, reference, rng):
        """gives the output of three layers, with ReLU in the hidden ones when nothing else is said"""
        X, params_c = network_of_columns(rng, (5, 6, 3, 4), 7)
        expected = reference.mlp_forward_columns(X, params_c)[0]
        assert_close(part(student.mlp_forward_columns(X, params_c), 0), expected, name="A_L")

    @points(1)
    def test_sigmoid(self, student, reference, rng):
        """gives the output of three layers with sigmoids in the hidden ones, too"""
        X, params_c = network_of_columns(rng, (4, 6, 5, 2), 7)
        expected = reference.mlp_forward_columns(X, params_c, hidden="sigmoid")[0]
        assert_close(part(student.mlp_forward_columns(X, params_c, hidden="sigmoid"), 0), expected, name="A_L")

    @points(2)
    def test_caches(self, student, reference, rng):
        """keeps for every layer the 4-tuple (A_prev, W, b, Z)"""
        X, params_c = network_of_columns(rng, (5, 6, 3), 8)
        caches = part(student.mlp_forward_columns(X, params_c), 1)
        names = ("the cache of layer 1", "the cache of layer 2")
        assert_close(caches, reference.mlp_forward_columns(X, params_c)[1], name=names)

    @points(1)
    def test_equal_sizes(self, student, reference, rng):
        """is right where every size is 4, the batch's too, so that no slip raises an error"""
        X, params_c = network_of_columns(rng, (4, 4, 4), 4)
        expected = reference.mlp_forward_columns(X, params_c)[0]
        assert_close(part(student.mlp_forward_columns(X, params_c), 0), expected, name="A_L")

    @points(1)
    def test_unknown_activation(self, student, rng):
        """raises ValueError for a hidden activation that it does not know"""
        X, params_c = network_of_columns(rng, (3, 4, 1), 5)
        assert_raises("ValueError", student.mlp_forward_columns, X, params_c, hidden="rectifier")

    @hidden
    @points(1)
    def test_one_column(self, student, reference, rng):
        """agrees with the network in rows on a single column, and leaves its arguments unchanged"""
        X, params_c = network_of_columns(rng, (3, 5, 2), 1)
        hidden_rows = np.maximum(X.T @ params_c["W1"].T + params_c["b1"][:, 0], 0.0)
        rows = 1.0 / (1.0 + np.exp(-(hidden_rows @ params_c["W2"].T) - params_c["b2"][:, 0]))
        expected = (rows.T, reference.mlp_forward_columns(X, params_c)[1])
        assert_pure(student.mlp_forward_columns, X, params_c, expected=expected, name=NAMES, may_alias=True)
