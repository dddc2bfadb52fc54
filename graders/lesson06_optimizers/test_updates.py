"""Grader of updates.py: one step of gradient descent, momentum, RMSprop and Adam."""

import numpy as np
from nnedu.checking import (
    assert_array,
    assert_close,
    assert_pure,
    assert_raises,
    assert_that,
    assert_trajectory,
    exercise,
    hidden,
    points,
)

SHAPE = (5, 4)
STEPS = 20
# With eps = 1e-8 and gradients near 1 its place changes a step by less than this. Checks of their own look at it.
ANY_EPS = {"rtol": 1e-6, "atol": 1e-6}


def unpacked(result, length):
    """The values of a result, once its form has been judged."""
    assert_that(
        isinstance(result, (tuple, list)) and len(result) == length,
        f"Returns a tuple of {length} values; found {type(result).__name__}"
        f"{f' of {len(result)}' if isinstance(result, (tuple, list)) else ''}.",
    )
    return tuple(result)


def walk(update, start, grads):
    """The states after each step; `update(t, grad, *state)` gets what the step before returned."""
    states = [start]
    for t, grad in enumerate(grads, 1):
        states.append(unpacked(update(t, grad, *states[-1]), len(start)))
    return states[1:]


def large_gradients(rng):
    """A gradient for each step, every entry away from zero."""
    return rng.choice([-1.0, 1.0], size=(STEPS, *SHAPE)) * rng.uniform(0.5, 2, size=(STEPS, *SHAPE))


@exercise("sgd_update")
class TestSgdUpdate:
    """one step of gradient descent"""

    @points(1)
    def test_known_value(self, student):
        """moves [1, -2] by the gradient [4, 2] and lr = 0.25 to [0, -2.5]"""
        result = student.sgd_update(np.array([1.0, -2.0]), np.array([4.0, 2.0]), 0.25)
        assert_close(result, np.array([0.0, -2.5]), name="param")

    @points(1)
    def test_step_is_proportional_to_lr(self, student, rng):
        """moves twice as far with twice the learning rate"""
        param, grad = rng.normal(size=SHAPE), rng.normal(size=SHAPE)
        for lr in (0.1, 0.2):
            step = assert_array(student.sgd_update(param, grad, lr), shape=SHAPE, name="param") - param
            assert_close(np.abs(step), lr * np.abs(grad), name=f"the size of the step for lr = {lr}")

    @points(1)
    def test_pure(self, student, reference, rng):
        """returns a new array and leaves its arguments alone"""
        args = rng.normal(size=SHAPE), rng.normal(size=SHAPE), 0.3
        assert_pure(student.sgd_update, *args, expected=reference.sgd_update(*args), name="param")

    @hidden
    @points(1)
    def test_integers(self, student, reference, rng):
        """takes integer arrays and returns floats"""
        args = rng.integers(-9, 9, size=SHAPE), rng.integers(1, 9, size=SHAPE), 0.3
        assert_close(student.sgd_update(*args), reference.sgd_update(*args), name="param")


@exercise("momentum_update")
class TestMomentumUpdate:
    """one step of classical momentum"""

    @points(1)
    def test_new_velocity(self, student):
        """returns the velocity beta * velocity - lr * grad: -0.75 for the numbers of the docstring"""
        result = student.momentum_update(np.array([1.0]), np.array([2.0]), np.array([-0.5]), lr=0.25, beta=0.5)
        assert_close(unpacked(result, 2)[1], np.array([-0.75]), name="velocity")

    @points(1)
    def test_moves_by_the_new_velocity(self, student, reference, rng):
        """moves the parameter by the velocity that has seen this gradient"""
        args = rng.normal(size=SHAPE), rng.normal(size=SHAPE), rng.normal(size=SHAPE)
        expected, _ = reference.momentum_update(*args, lr=0.2, beta=0.7)
        assert_close(unpacked(student.momentum_update(*args, lr=0.2, beta=0.7), 2)[0], expected, name="param")

    @points(1)
    def test_velocity_decays(self, student, rng):
        """keeps the share beta of its velocity where the gradient is zero"""
        param, velocity = rng.normal(size=SHAPE), rng.normal(size=SHAPE)
        result = student.momentum_update(param, np.zeros(SHAPE), velocity, lr=0.1, beta=0.8)
        assert_close(unpacked(result, 2)[1], 0.8 * velocity, name="velocity")

    @points(1)
    def test_without_memory(self, student, rng):
        """is plain gradient descent when beta is 0"""
        param, grad, velocity = (rng.normal(size=SHAPE) for _ in range(3))
        result = student.momentum_update(param, grad, velocity, lr=0.3, beta=0.0)
        assert_close(unpacked(result, 2)[0], param - 0.3 * grad, name="param")

    @points(2)
    def test_twenty_steps(self, student, reference, rng):
        """follows the rule for 20 steps with the default lr and beta"""
        start, grads = (rng.normal(size=SHAPE), np.zeros(SHAPE)), rng.normal(size=(STEPS, *SHAPE))
        assert_trajectory(
            walk(lambda t, grad, param, velocity: student.momentum_update(param, grad, velocity), start, grads),
            walk(lambda t, grad, param, velocity: reference.momentum_update(param, grad, velocity), start, grads),
            name=("param", "velocity"),
        )

    @points(1)
    def test_pure(self, student, reference, rng):
        """returns new arrays and leaves its arguments alone"""
        args = rng.normal(size=SHAPE), rng.normal(size=SHAPE), rng.normal(size=SHAPE), 0.1
        expected = reference.momentum_update(*args)
        assert_pure(student.momentum_update, *args, expected=expected, name=("param", "velocity"))

    @hidden
    @points(1)
    def test_integers_at_rest(self, student, reference, rng):
        """takes integer arrays, starts from rest, and returns floats"""
        args = rng.integers(-9, 9, size=SHAPE), rng.integers(1, 9, size=SHAPE), np.zeros(SHAPE)
        expected = reference.momentum_update(*args, lr=0.3)
        assert_close(student.momentum_update(*args, lr=0.3), expected, name=("param", "velocity"))


@exercise("rmsprop_update")
class TestRmspropUpdate:
    """one step of RMSprop"""

    @points(2)
    def test_mean_square(self, student, rng):
        """returns the running mean beta * s + (1 - beta) * grad^2"""
        param, grad, s = rng.normal(size=SHAPE), rng.normal(size=SHAPE), rng.uniform(1, 2, size=SHAPE)
        result = student.rmsprop_update(param, grad, s, lr=0.1, beta=0.75)
        assert_close(unpacked(result, 2)[1], 0.75 * s + 0.25 * grad**2, name="s")

    @points(2)
    def test_step_does_not_depend_on_the_scale(self, student):
        """makes a first step that is as long for a gradient of 1000 as for one of 1, against its sign"""
        grad = np.array([1.0, -3.0, 20.0, 1000.0])
        result = student.rmsprop_update(np.zeros(4), grad, np.zeros(4), lr=0.1)
        step = assert_array(unpacked(result, 2)[0], shape=(4,), name="param")
        assert_that(
            np.abs(step).max() - np.abs(step).min() <= 1e-6 * np.abs(step).max(),
            f"From s = 0 all entries move equally far; for gradients {grad.tolist()} yours move by {step.tolist()}.",
        )
        assert_that(
            bool(np.all(step * grad < 0)),
            f"Every entry moves against its gradient; for the gradients {grad.tolist()} yours move by {step.tolist()}.",
        )

    @points(1)
    def test_gradients_of_all_sizes(self, student, reference, rng):
        """is right for gradients from 1e-6 to 1000, where the place of eps shows"""
        param, grad, s = rng.normal(size=10), 10.0 ** np.arange(-6, 4) * np.resize([1, -1], 10), np.zeros(10)
        expected = reference.rmsprop_update(param, grad, s, lr=0.1)
        assert_close(student.rmsprop_update(param, grad, s, lr=0.1), expected, name=("param", "s"))

    @points(1)
    def test_twenty_steps(self, student, reference, rng):
        """follows the rule for 20 steps with the default lr, beta and eps"""
        start, grads = (rng.normal(size=SHAPE), np.zeros(SHAPE)), large_gradients(rng)
        assert_trajectory(
            walk(lambda t, grad, param, s: student.rmsprop_update(param, grad, s), start, grads),
            walk(lambda t, grad, param, s: reference.rmsprop_update(param, grad, s), start, grads),
            name=("param", "s"),
            **ANY_EPS,
        )

    @points(1)
    def test_pure(self, student, reference, rng):
        """returns new arrays and leaves its arguments alone"""
        args = rng.normal(size=SHAPE), rng.normal(size=SHAPE), rng.uniform(1, 2, size=SHAPE), 0.3, 0.6
        assert_pure(student.rmsprop_update, *args, expected=reference.rmsprop_update(*args), name=("param", "s"))

    @hidden
    @points(1)
    def test_integers(self, student, reference, rng):
        """takes integer arrays and returns floats"""
        args = rng.integers(-9, 9, size=SHAPE), rng.integers(1, 9, size=SHAPE), np.zeros(SHAPE)
        expected = reference.rmsprop_update(*args, lr=0.3)
        assert_close(student.rmsprop_update(*args, lr=0.3), expected, name=("param", "s"))


def moments(rng):
    """A parameter, its gradient and both moments in the middle of training."""
    return rng.normal(size=SHAPE), rng.normal(size=SHAPE), rng.normal(size=SHAPE), rng.uniform(0.5, 2, size=SHAPE)


@exercise("adam_update")
class TestAdamUpdate:
    """one step of Adam"""

    @points(2)
    def test_moments(self, student, rng):
        """returns the running means of the gradient and of its square, uncorrected"""
        param, grad, m, v = moments(rng)
        result = student.adam_update(param, grad, m, v, 3, beta1=0.7, beta2=0.95)
        assert_close(unpacked(result, 3)[1:], (0.7 * m + 0.3 * grad, 0.95 * v + 0.05 * grad**2), name=("m", "v"))

    @points(2)
    def test_first_step(self, student):
        """makes a first step of length lr, whatever the gradient"""
        grad = np.array([1e-3, -0.5, 4.0, -1000.0])
        result = student.adam_update(np.zeros(4), grad, np.zeros(4), np.zeros(4), 1, lr=0.1)
        # Between the two places of eps the step for 1e-3 differs by 3e-4 of itself.
        assert_close(unpacked(result, 3)[0], -0.1 * np.sign(grad), name="param", rtol=1e-3)

    @points(1)
    def test_second_step_of_the_worked_example(self, student):
        """takes the second step of the worked example, from 0.9 to 0.806782"""
        param, grad, m, v = np.array([0.9]), np.array([0.25]), np.array([0.05]), np.array([0.00025])
        result = student.adam_update(param, grad, m, v, 2, lr=0.1)
        assert_close(unpacked(result, 3)[0], np.array([0.806782]), name="param", **ANY_EPS)

    @points(2)
    def test_correction_fades(self, student, rng):
        """needs no correction any more in step 1,000,000"""
        param, grad, m, v = moments(rng)
        result = student.adam_update(param, grad, m, v, 1_000_000, lr=0.1)
        step = 0.1 * (0.9 * m + 0.1 * grad) / np.sqrt(0.999 * v + 0.001 * grad**2)
        assert_close(unpacked(result, 3)[0], param - step, name="param", **ANY_EPS)

    @points(3)
    def test_twenty_steps(self, student, reference, rng):
        """follows the rule for 20 steps"""
        start, grads = (rng.normal(size=SHAPE), np.zeros(SHAPE), np.zeros(SHAPE)), large_gradients(rng)
        assert_trajectory(
            walk(lambda t, grad, param, m, v: student.adam_update(param, grad, m, v, t, lr=0.01), start, grads),
            walk(lambda t, grad, param, m, v: reference.adam_update(param, grad, m, v, t, lr=0.01), start, grads),
            name=("param", "m", "v"),
            **ANY_EPS,
        )

    @points(1)
    def test_place_of_eps(self, student, reference, rng):
        """adds eps to a root and not under it"""
        param, grad, m, v = moments(rng)
        # The default shows where gradients are tiny.
        for size, eps, given in ((1.0, 0.5, {"eps": 0.5}), (1e-8, 1e-8, {})):
            args, t = (param, size * grad, size * m, size**2 * v), 3
            # The paper's second formula adds eps to the root of the uncorrected v: the first one with a larger eps.
            right = [reference.adam_update(*args, t, lr=0.1, eps=at)[0] for at in (eps, eps / np.sqrt(1 - 0.999**t))]
            found = unpacked(student.adam_update(*args, t, lr=0.1, **given), 3)[0]
            found = assert_array(found, shape=SHAPE, name="param")
            nearest = min(right, key=lambda expected, found=found: np.abs(found - expected).max())
            assert_close(found, nearest, name="param")

    @points(1)
    def test_pure(self, student, reference, rng):
        """returns new arrays and leaves its arguments alone"""
        args = *moments(rng), 4
        expected = reference.adam_update(*args)
        assert_pure(student.adam_update, *args, expected=expected, name=("param", "m", "v"), **ANY_EPS)

    @points(1)
    def test_refuses_step_zero(self, student, rng):
        """raises ValueError when t is below 1"""
        assert_raises("ValueError", student.adam_update, *moments(rng), 0)
        assert_raises("ValueError", student.adam_update, *moments(rng), -3)

    @hidden
    @points(1)
    def test_integers(self, student, reference, rng):
        """takes integer arrays and returns floats"""
        zero = np.zeros(SHAPE)
        args = rng.integers(-9, 9, size=SHAPE), rng.integers(1, 9, size=SHAPE), zero, zero, 1, 0.3
        assert_close(student.adam_update(*args), reference.adam_update(*args), name=("param", "m", "v"), **ANY_EPS)
