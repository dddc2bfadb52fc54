"""Grader of optimizer.py: an update rule together with all that it remembers."""

import numpy as np
from nnedu.checking import assert_pure, assert_raises, assert_that, assert_trajectory, exercise, hidden, points

STEPS = 30
SHAPES = {"W1": (5, 6), "b1": (6,), "W2": (6, 4), "b2": (4,)}
# Both ways to place Adam's eps are right; with eps = 1e-8 and gradients near 1 they differ by less than this.
EITHER_EPS = {"rtol": 1e-6, "atol": 1e-6}


def arrays(rng, shapes):
    """One array of normal numbers for each key."""
    return {key: rng.normal(size=shape) for key, shape in shapes.items()}


def gradients(rng, shapes, steps):
    """For each step a dict of gradients, all of them away from zero, where Adam's eps would show."""
    return [
        {key: rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.5, 2, size=shape) for key, shape in shapes.items()}
        for _ in range(steps)
    ]


def made(player, kind, **hyper):
    """An optimizer, once it is known to be one."""
    optimizer = player.Optimizer(kind, **hyper)
    assert_that(hasattr(optimizer, "step"), f"Optimizer makes an object with a step; found {type(optimizer).__name__}.")
    return optimizer


def walk(optimizer, params, grads):
    """The parameters after each step; a step gets what the one before returned."""
    states = [params]
    for grad in grads:
        moved = optimizer.step(states[-1], grad)
        assert_that(isinstance(moved, dict), f"step returns a dict of parameters; found {type(moved).__name__}.")
        states.append(moved)
    return states[1:]


def assert_follows(student, reference, rng, kind, *, shapes=SHAPES, steps=STEPS, **hyper):
    """Judge the parameters after each of many steps of one optimizer."""
    params, grads = arrays(rng, shapes), gradients(rng, shapes, steps)
    assert_trajectory(
        walk(made(student, kind, **hyper), params, grads),
        walk(made(reference, kind, **hyper), params, grads),
        name="params",
        **EITHER_EPS,
    )


@exercise("Optimizer", after=("sgd_update", "momentum_update", "rmsprop_update", "adam_update"))
class TestOptimizer:
    """an update rule with its memory, for all parameters of a network"""

    @points(1)
    def test_sgd(self, student):
        """takes two steps of gradient descent, from W = [[1, 2]] to [[0, 3]] and from b = [3] to [5]"""
        params = {"W": np.array([[1.0, 2.0]]), "b": np.array([3.0])}
        grads = {"W": np.array([[2.0, -2.0]]), "b": np.array([-4.0])}
        expected = [
            {"W": np.array([[0.5, 2.5]]), "b": np.array([4.0])},
            {"W": np.array([[0.0, 3.0]]), "b": np.array([5.0])},
        ]
        assert_trajectory(walk(made(student, "sgd", lr=0.25), params, [grads, grads]), expected, name="params")

    @points(1)
    def test_momentum(self, student, reference, rng):
        """moves a network of two layers by momentum for 30 steps"""
        assert_follows(student, reference, rng, "momentum", lr=0.05)

    @points(1)
    def test_rmsprop(self, student, reference, rng):
        """moves a network of two layers by RMSprop for 30 steps"""
        assert_follows(student, reference, rng, "rmsprop", lr=0.05)

    @points(1)
    def test_adam(self, student, reference, rng):
        """moves a network of two layers by Adam for 30 steps"""
        assert_follows(student, reference, rng, "adam", lr=0.05)

    @points(1)
    def test_hyperparameters(self, student, reference, rng):
        """uses the beta, beta1, beta2 and eps that it is given"""
        one = {"W": (5, 4)}
        assert_follows(student, reference, rng, "momentum", shapes=one, steps=2, lr=0.1, beta=0.5)
        assert_follows(student, reference, rng, "rmsprop", shapes=one, steps=2, lr=0.1, beta=0.6, eps=0.5)
        assert_follows(student, reference, rng, "adam", shapes=one, steps=3, lr=0.1, beta1=0.5, beta2=0.8)

    @points(1)
    def test_two_keys_of_one_shape(self, student, reference, rng):
        """keeps the states of two parameters of one shape apart"""
        assert_follows(student, reference, rng, "momentum", shapes={"W1": (4, 4), "W2": (4, 4)}, steps=5, lr=0.1)

    @points(1)
    def test_two_optimizers(self, student, reference, rng):
        """keeps two optimizers apart that take turns"""
        params, grads = arrays(rng, SHAPES), gradients(rng, SHAPES, 6)
        for kind in ("momentum", "adam"):
            turns = []
            for player in (student, reference):
                first, second = made(player, kind, lr=0.1), made(player, kind, lr=0.1)
                turns.append([walk(one, params, [grad])[0] for grad in grads for one in (first, second)])
            assert_trajectory(*turns, name="params", **EITHER_EPS)

    @points(1)
    def test_pure(self, student, reference, rng):
        """changes neither the dicts that step is given, nor an array in them"""
        args = arrays(rng, SHAPES), arrays(rng, SHAPES)
        expected = made(reference, "sgd", lr=0.1).step(*args)
        assert_pure(made(student, "sgd", lr=0.1).step, *args, expected=expected, name="params")

    @points(1)
    def test_refuses_unknown_kinds(self, student):
        """raises ValueError for a kind that it does not know"""
        assert_raises("ValueError", student.Optimizer, "adma", lr=0.1)

    @hidden
    @points(1)
    def test_integers(self, student, reference, rng):
        """keeps its states in floats where the parameters are integers"""
        params = {"W": rng.integers(-9, 9, size=(5, 4)), "b": rng.integers(-9, 9, size=4)}
        grads = gradients(rng, {"W": (5, 4), "b": (4,)}, 3)
        for kind in ("momentum", "adam"):
            assert_trajectory(
                walk(made(student, kind, lr=0.1), params, grads),
                walk(made(reference, kind, lr=0.1), params, grads),
                name="params",
                **EITHER_EPS,
            )
