"""Grader of rnn.py: one step of a recurrent network, all of its steps, and backpropagation through time."""

import numpy as np
from nnedu.checking import (
    assert_array,
    assert_close,
    assert_gradients_agree,
    assert_pure,
    assert_that,
    exercise,
    hidden,
    points,
)

GRADIENTS = ("dX", "dh0", "dWx", "dWh", "db")


def weights(rng, n, d):
    """Random Wx, Wh and b, such that tanh is neither flat nor straight."""
    return rng.normal(size=(n, d)) / np.sqrt(n), rng.normal(size=(d, d)) / np.sqrt(d), 0.5 * rng.normal(size=d)


def step(rng, m, n, d):
    """The arguments of a random step."""
    return rng.normal(size=(m, n)), rng.normal(size=(m, d)), *weights(rng, n, d)


def sequence(rng, m, T, n, d):
    """The arguments of a random forward pass."""
    return rng.normal(size=(m, T, n)), rng.normal(size=(m, d)), *weights(rng, n, d)


def states(X, h0, Wx, Wh, b):
    """The states of the network, for proofs by numerical derivatives."""
    h, found = h0, []
    for t in range(X.shape[1]):
        h = np.tanh(X[:, t] @ Wx + h @ Wh + b)
        found.append(h)
    return np.stack(found, axis=1)


def backward_case(rng, m, T, n, d):
    """A random forward pass with its bias, and the arguments of rnn_backward for it."""
    X, h0, Wx, Wh, b = sequence(rng, m, T, n, d)
    return (X, h0, Wx, Wh, b), (rng.normal(size=(m, T, d)), X, h0, states(X, h0, Wx, Wh, b), Wx, Wh)


def gradient(result, name):
    """One of the five gradients, once the form of the result is known to be right."""
    assert_that(
        isinstance(result, (tuple, list)) and len(result) == 5,
        f"The result should be five arrays, ({', '.join(GRADIENTS)}).",
    )
    return result[GRADIENTS.index(name)]


@exercise("rnn_step_forward")
class TestRnnStepForward:
    """one step of a recurrent network"""

    @points(1)
    def test_known_value(self, student):
        """gives the first two states of the worked example"""
        Wx, b = np.array([[1.0, 0.0], [-1.0, 2.0]]), np.array([0.5, -0.5])
        Wh = np.array([[0.5, 1.0], [0.0, -1.0]])
        for x, h_prev, z in (
            ([[1.0, 0.5]], [[0.0, 0.0]], [[1.0, 0.5]]),
            ([[0.5, 1.5]], [[0.4, -0.6]], [[-0.3, 3.5]]),
        ):
            h = student.rnn_step_forward(np.array(x), np.array(h_prev), Wx, Wh, b)
            assert_close(h, np.tanh(np.array(z)), name="h")

    @points(2)
    def test_random(self, student, reference, rng):
        """is right for 7 sequences with 5 inputs and 4 states"""
        args = step(rng, 7, 5, 4)
        assert_close(student.rnn_step_forward(*args), reference.rnn_step_forward(*args), name="h", batch=7)

    @points(1)
    def test_square_weights(self, student, reference, rng):
        """is right where there are as many inputs as states, so that no exchange of Wx and Wh raises an error"""
        *args, b = step(rng, 6, 4, 4)
        args.append(0.0 * b)  # what becomes of the bias is judged by others
        assert_close(student.rnn_step_forward(*args), reference.rnn_step_forward(*args), name="h", batch=6)

    @points(1)
    def test_bounded(self, student, rng):
        """keeps the state between -1 and 1, with the sign of what goes into tanh"""
        x, h_prev, Wx, Wh, b = step(rng, 8, 5, 6)
        z = 4.0 * (x @ Wx + h_prev @ Wh)
        h = student.rnn_step_forward(4.0 * x, h_prev, Wx, 4.0 * Wh, 0.0 * b)
        h = assert_array(h, shape=(8, 6), name="h")
        assert_that(float(np.abs(h).max()) <= 1.0, f"States lie between -1 and 1; found {np.abs(h).max():.3f}.")
        wrong = np.argwhere(np.sign(h) != np.sign(z))
        assert_that(
            len(wrong) == 0, f"h should have the sign of x @ Wx + h_prev @ Wh + b; here, {len(wrong)} of 48 have not."
        )

    @points(1)
    def test_bias_alone(self, student, rng):
        """gives tanh(b) in every row where x and h_prev are 0"""
        _, _, Wx, Wh, b = step(rng, 3, 5, 4)
        h = student.rnn_step_forward(np.zeros((3, 5)), np.zeros((3, 4)), Wx, Wh, b)
        assert_close(h, np.tile(np.tanh(b), (3, 1)), name="h")

    @points(1)
    def test_pure(self, student, reference, rng):
        """leaves its arguments as they are, and hands out a new array"""
        args = step(rng, 5, 3, 4)
        assert_pure(student.rnn_step_forward, *args, expected=reference.rnn_step_forward(*args), name="h")

    @hidden
    @points(1)
    def test_one_row(self, student, reference, rng):
        """works for a single sequence and a single state"""
        for shape in ((1, 5, 3), (4, 3, 1), (1, 1, 1)):
            args = step(rng, *shape)
            assert_close(student.rnn_step_forward(*args), reference.rnn_step_forward(*args), name="h")


@exercise("rnn_forward", after=["rnn_step_forward"])
class TestRnnForward:
    """all steps of a recurrent network"""

    @points(1)
    def test_known_value(self, student):
        """gives the three states of the worked example"""
        X, h0 = np.array([[[1.0], [0.0], [-1.0]]]), np.array([[0.4]])
        H = student.rnn_forward(X, h0, np.array([[1.0]]), np.array([[0.5]]), np.array([-0.2]))
        # tanh(1 + 0.2 - 0.2), then tanh(0 + 0.380797 - 0.2), then tanh(-1 + 0.0894263 - 0.2)
        assert_close(H, np.array([[[0.7615942], [0.1788526], [-0.8042651]]]), name="H", rtol=1e-6)

    @points(2)
    def test_random(self, student, reference, rng):
        """is right for 7 sequences of 6 steps, with 5 inputs and 4 states"""
        args = sequence(rng, 7, 6, 5, 4)
        assert_close(student.rnn_forward(*args), reference.rnn_forward(*args), name="H", batch=7)

    @points(1)
    def test_no_look_ahead(self, student, rng):
        """lets an input change its own state and all later ones, and none before"""
        X, *others = sequence(rng, 4, 6, 3, 5)
        other = X.copy()
        other[:, 2] += 1.0
        before, after = (
            assert_array(student.rnn_forward(inputs, *others), shape=(4, 6, 5), name="H") for inputs in (X, other)
        )
        moved = np.abs(before - after).max(axis=(0, 2))
        assert_that(
            bool(np.all(moved[:2] < 1e-12)), "A change of x_3 has changed the states h_1 or h_2, which are before it."
        )
        assert_that(
            bool(np.all(moved[2:] > 1e-9)),
            f"A change of x_3 should reach h_3 and all later states; it changes them by {np.round(moved[2:], 4)}.",
        )

    @points(1)
    def test_as_many_steps_as_sequences(self, student, reference, rng):
        """is right where m, T, n and d are all 5, so that a wrong axis raises no error"""
        X, h0, *params = sequence(rng, 5, 5, 5, 5)
        args = X, 0.0 * h0, *params
        assert_close(student.rnn_forward(*args), reference.rnn_forward(*args), name="H", batch=5)

    @points(1)
    def test_one_step(self, student, rng):
        """is one step, and nothing else, for T = 1"""
        X, h0, Wx, Wh, b = sequence(rng, 3, 1, 5, 4)
        expected = np.tanh(X[:, 0] @ Wx + h0 @ Wh + b)[:, None]
        assert_close(student.rnn_forward(X, h0, Wx, Wh, b), expected, name="H")

    @points(1)
    def test_pure(self, student, reference, rng):
        """leaves its arguments as they are, h0 among them"""
        args = sequence(rng, 4, 3, 2, 5)
        assert_pure(student.rnn_forward, *args, expected=reference.rnn_forward(*args), name="H")

    @hidden
    @points(1)
    def test_one_long_sequence(self, student, reference, rng):
        """works for a single sequence of 40 steps"""
        args = sequence(rng, 1, 40, 3, 4)
        assert_close(student.rnn_forward(*args), reference.rnn_forward(*args), name="H", rtol=1e-6)


@exercise("rnn_backward")
class TestRnnBackward:
    """backpropagation through time"""

    @points(1)
    def test_known_value(self, student):
        """gives the numbers of the worked example with two steps"""
        x1, x2 = (np.arctanh(0.5) - 0.1) / 2.0, (np.arctanh(0.6) - 0.25) / 2.0
        result = student.rnn_backward(
            np.array([[[1.0], [2.0]]]),
            np.array([[[x1], [x2]]]),
            np.array([[0.2]]),
            np.array([[[0.5], [0.6]]]),
            np.array([[2.0]]),
            np.array([[0.5]]),
        )
        # dz_2 = 2 · 0.64 = 1.28, then dz_1 = (1 + 1.28 · 0.5) · 0.75 = 1.23.
        expected = (
            np.array([[[2.46], [2.56]]]),
            np.array([[0.615]]),
            np.array([[1.23 * x1 + 1.28 * x2]]),
            np.array([[1.23 * 0.2 + 1.28 * 0.5]]),
            np.array([2.51]),
        )
        assert_close(result, expected, name=GRADIENTS)

    @points(2)
    def test_dX(self, student, reference, rng):
        """gives a dX that agrees with the numerical derivative of a loss on all states"""
        self.agrees(student, reference, rng, "dX")

    @points(1)
    def test_dh0(self, student, reference, rng):
        """gives a dh0 that agrees with the numerical derivative of a loss on all states"""
        self.agrees(student, reference, rng, "dh0")

    @points(2)
    def test_dWx(self, student, reference, rng):
        """gives a dWx that agrees with the numerical derivative of a loss on all states"""
        self.agrees(student, reference, rng, "dWx")

    @points(3)
    def test_dWh(self, student, reference, rng):
        """gives a dWh that agrees with the numerical derivative of a loss on all states"""
        self.agrees(student, reference, rng, "dWh")

    @points(1)
    def test_db(self, student, reference, rng):
        """gives a db that agrees with the numerical derivative of a loss on all states"""
        self.agrees(student, reference, rng, "db")

    @points(2)
    def test_without_recurrence(self, student, reference, rng):
        """gives the right dX, dWx and db where Wh is 0, so that no step hears of the next one"""
        X, h0, Wx, Wh, b = sequence(rng, 6, 4, 3, 5)
        Wh = 0.0 * Wh
        dH, H = rng.normal(size=(6, 4, 5)), states(X, h0, Wx, Wh, b)
        result, expected = (one.rnn_backward(dH, X, h0, H, Wx, Wh) for one in (student, reference))
        assert_gradients_agree(
            tuple(gradient(result, name) for name in ("dX", "dWx", "db")),
            (expected[0], expected[2], expected[4]),
            loss=lambda at: float(np.sum(dH * states(at[0], h0, at[1], Wh, at[2]))),
            at=(X, Wx, b),
            names=("dX", "dWx", "db"),
            batch=6,
            factors={"the number of steps T": 4},
        )

    @points(1)
    def test_last_step_only(self, student, reference, rng):
        """carries a loss on the last state alone back to the first input"""
        _, (dH, *others) = backward_case(rng, 4, 6, 3, 5)
        dH[:, :-1] = 0.0
        result, expected = student.rnn_backward(dH, *others), reference.rnn_backward(dH, *others)
        for name in ("dX", "dh0"):
            assert_close(gradient(result, name), expected[GRADIENTS.index(name)], name=name, batch=4)

    @points(2)
    def test_one_step(self, student, reference, rng):
        """is right for T = 1, where h_0 is the state before"""
        (X, h0, Wx, Wh, b), args = backward_case(rng, 5, 1, 3, 4)
        assert_gradients_agree(
            student.rnn_backward(*args),
            reference.rnn_backward(*args),
            loss=lambda at: float(np.sum(args[0] * states(*at))),
            at=(X, h0, Wx, Wh, b),
            names=GRADIENTS,
            batch=5,
        )

    @points(1)
    def test_all_sizes_alike(self, student, reference, rng):
        """is right where m, T, n and d are all 4, so that a wrong transpose raises no error"""
        _, args = backward_case(rng, 4, 4, 4, 4)
        assert_close(student.rnn_backward(*args), reference.rnn_backward(*args), name=GRADIENTS, batch=4)

    @points(1)
    def test_pure(self, student, reference, rng):
        """leaves its arguments as they are"""
        _, args = backward_case(rng, 3, 4, 2, 5)
        assert_pure(student.rnn_backward, *args, expected=reference.rnn_backward(*args), name=GRADIENTS)

    @hidden
    @points(1)
    def test_one_sequence(self, student, reference, rng):
        """works for a single sequence of 9 steps"""
        _, args = backward_case(rng, 1, 9, 3, 4)
        assert_close(student.rnn_backward(*args), reference.rnn_backward(*args), name=GRADIENTS)

    def agrees(self, student, reference, rng, name):
        at, args = backward_case(rng, 7, 5, 3, 4)
        index = GRADIENTS.index(name)
        assert_gradients_agree(
            gradient(student.rnn_backward(*args), name),
            reference.rnn_backward(*args)[index],
            loss=lambda one: float(np.sum(args[0] * states(*at[:index], one, *at[index + 1 :]))),
            at=at[index],
            names=(name,),
            batch=7,
            factors={"the number of steps T": 5},
        )
