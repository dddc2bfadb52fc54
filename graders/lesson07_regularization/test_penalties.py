"""Grader of penalties.py: the L2 and the L1 penalty, and their gradients."""

import numpy as np
from nnedu.checking import (
    assert_array,
    assert_close,
    assert_gradients_agree,
    assert_number,
    assert_pure,
    assert_that,
    exercise,
    hidden,
    points,
)

SHAPES = {"W1": (5, 6), "b1": (6,), "W2": (6, 4), "b2": (4,)}
RECURRENT = {"Wx": (4, 3), "Wh": (3, 3), "bh": (3,), "gamma": (3,), "W10": (1, 1)}
WORKED = {"W1": np.array([[1.0, -2.0], [0.5, 0.0]]), "b1": np.array([3.0, -1.0]), "W2": np.array([[2.0], [-4.0]])}


def network(rng, shapes):
    """Parameters by name, every entry at least 0.1 away from zero."""
    return {
        name: rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.1, 2.0, size=shape) for name, shape in shapes.items()
    }


def weights(params):
    return {name: value for name, value in params.items() if name.startswith("W")}


def pair(result):
    assert_that(
        isinstance(result, (tuple, list)) and len(result) == 2, "The result should be two values, (penalty, grads)."
    )
    return result


def penalty_of(result):
    """The penalty alone, whatever the gradients are."""
    return assert_number(pair(result)[0], name="the penalty")


def grads_of(result, params):
    """The gradients alone, once their form is known to be right."""
    grads = pair(result)[1]
    keys = ", ".join(params)
    assert_that(
        type(grads) is dict and set(grads) == set(params), f"grads should be a dict with all the keys of params: {keys}"
    )
    for name, value in params.items():
        assert_array(grads[name], shape=value.shape, name=f"grads[{name!r}]")
    return grads


def assert_only_weights(grads):
    """Judge that the gradient is zero for biases, and for them alone."""
    for name, gradient in grads.items():
        largest = float(np.max(np.abs(gradient)))
        if name.startswith("W"):
            assert_that(largest > 0.0, f"grads[{name!r}] should not be zero: the penalty pulls at every weight array.")
        else:
            assert_that(largest == 0.0, f"grads[{name!r}] should be zeros; its largest entry is {largest:.3g}.")


@exercise("l2_penalty")
class TestL2Penalty:
    """the sum of the squared weights, and its gradient"""

    @points(1)
    def test_known_value(self, student):
        """gives 2.525 for the network of the worked example and lam = 0.1"""
        penalty = penalty_of(student.l2_penalty(WORKED, 0.1))
        assert_close(penalty, 2.525, name="the penalty")

    @points(2)
    def test_agrees_with_a_numerical_gradient(self, student, reference, rng):
        """gives gradients of the weights that agree with the numerical derivative of the penalty"""
        params, lam = network(rng, SHAPES), 0.3
        grads = grads_of(student.l2_penalty(params, lam), params)
        assert_gradients_agree(
            weights(grads),
            weights(reference.l2_penalty(params, lam)[1]),
            loss=lambda at: lam * sum(float(np.sum(W * W)) for W in at.values()),
            at=weights(params),
            factors={"lam": lam},
        )

    @points(1)
    def test_biases_are_free(self, student, rng):
        """has a gradient of zeros, in the right shape, for biases and only for them"""
        params = network(rng, SHAPES)
        assert_only_weights(grads_of(student.l2_penalty(params, 0.3), params))

    @points(1)
    def test_doubled_weights(self, student, rng):
        """gives four times the penalty for twice the weights and the same biases"""
        params = network(rng, SHAPES)
        once = penalty_of(student.l2_penalty(params, 0.3))
        doubled = params | {name: 2.0 * value for name, value in weights(params).items()}
        twice = penalty_of(student.l2_penalty(doubled, 0.3))
        assert_that(once > 0.0, f"The penalty of a network with weights should be positive; found {once:.6g}.")
        assert_that(
            abs(twice - 4.0 * once) < 1e-9 * once,
            f"Twice the weights should have four times the penalty; found {twice / once:.6g} times.",
        )

    @hidden
    @points(1)
    def test_other_names(self, student, reference, rng):
        """knows weights by the first letter of their names, and leaves its arguments unchanged"""
        params = network(rng, RECURRENT)
        assert_pure(
            student.l2_penalty, params, 0.7, expected=reference.l2_penalty(params, 0.7), name=("the penalty", "grads")
        )


@exercise("l1_penalty")
class TestL1Penalty:
    """the sum of the absolute weights, and its gradient"""

    @points(1)
    def test_known_value(self, student):
        """gives 0.95 for the network of the worked example and lam = 0.1"""
        penalty = penalty_of(student.l1_penalty(WORKED, 0.1))
        assert_close(penalty, 0.95, name="the penalty")

    @points(1)
    def test_agrees_with_a_numerical_gradient(self, student, reference, rng):
        """gives gradients of the weights that agree with the numerical derivative of the penalty"""
        params, lam = network(rng, SHAPES), 0.3
        grads = grads_of(student.l1_penalty(params, lam), params)
        assert_gradients_agree(
            weights(grads),
            weights(reference.l1_penalty(params, lam)[1]),
            loss=lambda at: lam * sum(float(np.sum(np.abs(W))) for W in at.values()),
            at=weights(params),
            factors={"lam": lam},
        )

    @points(1)
    def test_zeros_stay(self, student, rng):
        """pulls at every weight with the same force lam, but not at those that are 0"""
        W, off = network(rng, {"W1": (6, 5)})["W1"], rng.permutation(30).reshape(6, 5) < 9
        params = {"W1": np.where(off, 0.0, W), "b1": rng.normal(size=5)}
        gradient = grads_of(student.l1_penalty(params, 0.25), params)["W1"]
        at_zero, elsewhere = np.abs(gradient[off]), np.abs(gradient[~off])
        assert_that(
            bool(np.all(at_zero == 0.0)), f"Where a weight is 0 the gradient should be 0; found {np.max(at_zero):.3g}."
        )
        worst = elsewhere[np.argmax(np.abs(elsewhere - 0.25))]
        assert_that(abs(worst - 0.25) < 1e-12, f"Elsewhere its size should be lam, 0.25; found {worst:.6g}.")

    @points(1)
    def test_biases_are_free(self, student, rng):
        """has a gradient of zeros, in the right shape, for biases and only for them"""
        params = network(rng, SHAPES)
        assert_only_weights(grads_of(student.l1_penalty(params, 0.3), params))

    @hidden
    @points(1)
    def test_other_names(self, student, reference, rng):
        """knows weights by the first letter of their names, and leaves its arguments unchanged"""
        params = network(rng, RECURRENT)
        assert_pure(
            student.l1_penalty, params, 0.7, expected=reference.l1_penalty(params, 0.7), name=("the penalty", "grads")
        )
