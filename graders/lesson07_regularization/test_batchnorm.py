"""Grader of batchnorm.py: batch normalisation forward, in training and in evaluation, and backward."""

import numpy as np
from nnedu.checking import (
    assert_array,
    assert_close,
    assert_gradients_agree,
    assert_pure,
    assert_that,
    assert_trajectory,
    exercise,
    hidden,
    points,
)

RESULT = "(out, cache, running_mean, running_var)"
# The worked example: the features have mean 2 and variance 1, and mean 10 and variance 25.
WORKED = (
    np.array([[1.0, 9.0], [3.0, 11.0], [1.0, 3.0], [3.0, 17.0]]),
    np.array([2.0, 1.0]),
    np.array([0.5, -1.0]),
    np.zeros(2),
    np.ones(2),
)
GRADIENTS = ("dX", "dgamma", "dbeta")


def layer(rng, m, d):
    """A batch whose features have means and spreads of their own, gamma, beta and running statistics."""
    X = rng.normal(size=(m, d)) * rng.uniform(0.5, 3.0, size=d) + 4.0 * rng.normal(size=d)
    gamma = rng.choice([-1.0, 1.0], size=d) * rng.uniform(0.5, 2.0, size=d)
    return X, gamma, rng.normal(size=d), rng.normal(size=d), rng.uniform(0.5, 2.0, size=d)


def part(result, index):
    """One of the four results, once it is known that they are four."""
    assert_that(isinstance(result, (tuple, list)) and len(result) == 4, f"The result should be four values, {RESULT}.")
    return result[index]


def walk(player, batches, gamma, beta, mean, var, **kwargs):
    """The running statistics after each batch."""
    states = [(mean, var)]
    for X in batches:
        result = player.batchnorm_forward(X, gamma, beta, *states[-1], **kwargs)
        states.append((part(result, 2), part(result, 3)))
    return states[1:]


def gradient(result, index):
    """One of the three gradients, once it is known that they are three."""
    assert_that(
        isinstance(result, (tuple, list)) and len(result) == 3,
        "The result should be three arrays, (dX, dgamma, dbeta).",
    )
    return result[index]


def backward(player, dout, args, **kwargs):
    """What a player's backward makes of its own cache."""
    return player.batchnorm_backward(dout, part(player.batchnorm_forward(*args, **kwargs), 1))


@exercise("batchnorm_forward")
class TestBatchnormForward:
    """normalising each feature, in training and in evaluation"""

    @points(1)
    def test_known_value(self, student):
        """gives the numbers of the worked example"""
        expected = np.array([[-1.5, -1.2], [2.5, -0.8], [-1.5, -2.4], [2.5, 0.4]])
        assert_close(part(student.batchnorm_forward(*WORKED, eps=0.0), 0), expected, name="out", batch=4)

    @points(1)
    def test_mean_and_spread(self, student, rng):
        """gives every feature the mean beta and the standard deviation |gamma|, where eps is tiny"""
        X, gamma, beta, mean, var = layer(rng, 9, 5)
        result = student.batchnorm_forward(X, gamma, beta, mean, var, eps=1e-12)
        out = assert_array(part(result, 0), shape=(9, 5), name="out")
        assert_close(out.mean(axis=0), beta, name="the mean of out", rtol=1e-8, atol=1e-8)
        assert_close(out.std(axis=0), np.abs(gamma), name="the standard deviation of out", rtol=1e-8)

    @points(1)
    def test_square_batch(self, student, reference, rng):
        """is right where there are as many samples as features, so that a wrong axis raises no error"""
        args = layer(rng, 6, 6)
        # Where eps stands is judged by another check.
        close = {"rtol": 1e-4, "atol": 1e-4}
        expected = reference.batchnorm_forward(*args)[0]
        assert_close(part(student.batchnorm_forward(*args), 0), expected, name="out", batch=6, **close)

    @points(1)
    def test_eps_in_training(self, student, reference, rng):
        """adds eps to the variance, under the root, in training"""
        X, *others = layer(rng, 7, 5)
        # The default shows where the spread is tiny.
        for inputs, given in ((X, {"eps": 0.3}), (0.002 * X, {})):
            assert_close(
                part(student.batchnorm_forward(inputs, *others, **given), 0),
                reference.batchnorm_forward(inputs, *others, **given)[0],
                name="out",
                batch=7,
            )

    @points(2)
    def test_running_statistics(self, student, reference, rng):
        """moves the running statistics towards those of three batches, one after the other"""
        _, gamma, beta, mean, var = layer(rng, 7, 5)
        batches = [3.0 * rng.normal(size=(m, 5)) + rng.normal(size=5) for m in (7, 4, 9)]
        for momentum in ({}, {"momentum": 0.3}):
            assert_trajectory(
                walk(student, batches, gamma, beta, mean, var, **momentum),
                walk(reference, batches, gamma, beta, mean, var, **momentum),
                name=("running_mean", "running_var"),
            )

    @points(1)
    def test_evaluation(self, student, reference, rng):
        """uses the running statistics in evaluation, for a batch as for a single sample"""
        args = layer(rng, 7, 5)
        for X in (args[0], args[0][:1]):
            # Where eps stands is judged by the next check.
            assert_close(
                part(student.batchnorm_forward(X, *args[1:], training=False), 0),
                reference.batchnorm_forward(X, *args[1:], training=False)[0],
                name="out",
                rtol=1e-4,
                atol=1e-4,
            )

    @points(2)
    def test_eps_in_evaluation(self, student, reference, rng):
        """uses the same formula in evaluation, with eps under the root"""
        args = layer(rng, 7, 5)
        assert_close(
            part(student.batchnorm_forward(*args, training=False, eps=0.3), 0),
            reference.batchnorm_forward(*args, training=False, eps=0.3)[0],
            name="out",
        )

    @points(1)
    def test_evaluation_learns_nothing(self, student, rng):
        """returns the running statistics as they were in evaluation"""
        *args, mean, var = layer(rng, 7, 5)
        result = student.batchnorm_forward(*args, mean, var, training=False)
        assert_close((part(result, 2), part(result, 3)), (mean, var), name=("running_mean", "running_var"))

    @points(1)
    def test_leaves_its_arguments_alone(self, student, rng):
        """never writes into X or into the running statistics that it is given"""
        args = layer(rng, 7, 5)
        reply = student.batchnorm_forward.reply(*args)
        for index, shape in ((0, (7, 5)), (2, (5,)), (3, (5,))):
            found = np.asarray(part(reply.value, index))
            assert_that(
                found.dtype.kind == "f" and found.size == np.prod(shape) and bool(np.any(found != 0.0)),
                f"The result should be four values, {RESULT}; number {index + 1} is not an array that holds numbers.",
            )
        changed = ", ".join(reply.changed)
        assert_that(not reply.changed, f"The caller's {changed} should be what it was; build new arrays.")

    @hidden
    @points(1)
    def test_one_row(self, student, reference, rng):
        """gives beta for a batch of one sample, and finite running statistics"""
        args = layer(rng, 1, 4)
        result, expected = student.batchnorm_forward(*args), reference.batchnorm_forward(*args)
        for index, name in ((0, "out"), (2, "running_mean"), (3, "running_var")):
            assert_close(part(result, index), expected[index], name=name)


@exercise("batchnorm_backward", after=["batchnorm_forward"])
class TestBatchnormBackward:
    """the gradients of batch normalisation"""

    @points(1)
    def test_known_value(self, student):
        """gives the dX of the worked example"""
        dout = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [0.0, 0.0]])
        expected = np.array([[1.0, -0.048], [0.0, 0.148], [-1.0, -0.036], [0.0, -0.064]])
        result = backward(student, dout, WORKED, eps=0.0)
        assert_close(gradient(result, 0), expected, name="dX", batch=4)

    @points(4)
    def test_dX(self, student, reference, rng):
        """gives a dX that agrees with the numerical derivative of a random sum of out"""
        (X, *others), dout = layer(rng, 7, 5), rng.normal(size=(7, 5))
        assert_gradients_agree(
            gradient(backward(student, dout, (X, *others)), 0),
            backward(reference, dout, (X, *others))[0],
            loss=lambda at: float(np.sum(dout * reference.batchnorm_forward(at, *others)[0])),
            at=X,
            names=("dX",),
            batch=7,
            factors={"the number of features": 5},
        )

    @points(2)
    def test_dgamma(self, student, reference, rng):
        """gives a dgamma that agrees with the numerical derivative of a random sum of out"""
        (X, gamma, *others), dout = layer(rng, 7, 5), rng.normal(size=(7, 5))
        assert_gradients_agree(
            gradient(backward(student, dout, (X, gamma, *others)), 1),
            backward(reference, dout, (X, gamma, *others))[1],
            loss=lambda at: float(np.sum(dout * reference.batchnorm_forward(X, at, *others)[0])),
            at=gamma,
            names=("dgamma",),
            batch=7,
            factors={"the number of features": 5},
        )

    @points(1)
    def test_dbeta(self, student, reference, rng):
        """gives a dbeta that agrees with the numerical derivative of a random sum of out"""
        (X, gamma, beta, *others), dout = layer(rng, 7, 5), rng.normal(size=(7, 5))
        assert_gradients_agree(
            gradient(backward(student, dout, (X, gamma, beta, *others)), 2),
            backward(reference, dout, (X, gamma, beta, *others))[2],
            loss=lambda at: float(np.sum(dout * reference.batchnorm_forward(X, gamma, at, *others)[0])),
            at=beta,
            names=("dbeta",),
            batch=7,
            factors={"the number of features": 5},
        )

    @points(1)
    def test_columns_add_up_to_zero(self, student, rng):
        """gives a dX whose columns add up to 0: moving all samples of a feature together changes nothing"""
        args, dout = layer(rng, 8, 5), 2.0 + rng.normal(size=(8, 5))
        dX = assert_array(gradient(backward(student, dout, args), 0), shape=(8, 5), name="dX")
        smallest, worst = float(np.max(np.abs(dX), axis=0).min()), float(np.max(np.abs(dX.sum(axis=0))))
        assert_that(smallest > 0.0, "No column of dX should be zero everywhere.")
        assert_that(worst < 1e-10, f"Every column of dX should add up to 0; one adds up to {worst:.3g}.")

    @points(2)
    def test_columns_are_orthogonal_to_X_hat(self, student, rng):
        """gives a dX that is orthogonal to X_hat, where eps is tiny: stretching a feature changes nothing"""
        args = layer(rng, 8, 5)
        X_hat = (args[0] - args[0].mean(axis=0)) / args[0].std(axis=0)
        dout = X_hat + rng.normal(size=(8, 5))
        dX = assert_array(gradient(backward(student, dout, args, eps=1e-12), 0), shape=(8, 5), name="dX")
        sums, sizes = np.abs((dX * X_hat).sum(axis=0)), np.max(np.abs(dX), axis=0)
        assert_that(float(sizes.min()) > 0.0, "No column of dX should be zero everywhere.")
        # What eps leaves is eps / var of the size of dX.
        assert_that(
            bool(np.all(sums < 1e-8 * sizes)),
            f"Each column of dX · X_hat should add up to 0; one adds up to {sums.max():.3g}.",
        )

    @points(1)
    def test_square_batch(self, student, reference, rng):
        """is right where there are as many samples as features, so that a wrong axis raises no error"""
        args, dout = layer(rng, 6, 6), rng.normal(size=(6, 6))
        result, expected = backward(student, dout, args), backward(reference, dout, args)
        for index in (1, 2):
            assert_close(gradient(result, index), expected[index], name=GRADIENTS[index], batch=6)

    @points(1)
    def test_pure(self, student, reference, rng):
        """changes neither dout nor the cache, and gives the same answer twice"""
        args, dout = layer(rng, 5, 3), rng.normal(size=(5, 3))
        cache = part(student.batchnorm_forward(*args), 1)
        expected = backward(reference, dout, args)
        assert_pure(student.batchnorm_backward, dout, cache, expected=expected, name=GRADIENTS, may_alias=True)

    @hidden
    @points(1)
    def test_one_row(self, student, rng):
        """gives dbeta = dout for a batch of one sample, and otherwise zeros"""
        args, dout = layer(rng, 1, 4), rng.normal(size=(1, 4))
        assert_close(backward(student, dout, args), (np.zeros((1, 4)), np.zeros(4), dout[0]), name=GRADIENTS)
