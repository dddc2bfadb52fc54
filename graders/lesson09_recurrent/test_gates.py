"""Grader of gates.py: one step of an LSTM and of a GRU."""

import numpy as np
from nnedu.checking import (
    assert_array,
    assert_close,
    assert_pure,
    assert_that,
    assert_trajectory,
    exercise,
    hidden,
    points,
)

LSTM = ("h_next", "c_next")
LOG = np.log


def cell(rng, m, n, d, blocks):
    """Random x, h, Wx, Wh and b for a cell with so many blocks."""
    Wx, Wh = rng.normal(size=(n, blocks * d)) / np.sqrt(n), rng.normal(size=(d, blocks * d)) / np.sqrt(d)
    return rng.normal(size=(m, n)), rng.normal(size=(m, d)), Wx, Wh, rng.normal(size=blocks * d)


def lstm(rng, m, n, d):
    """The arguments of a random step of an LSTM."""
    x, h, Wx, Wh, b = cell(rng, m, n, d, 4)
    return x, h, 1.5 * rng.normal(size=(m, d)), Wx, Wh, b


def gru(rng, m, n, d):
    """The arguments of a random step of a GRU."""
    return cell(rng, m, n, d, 3)


def block(b, index, value):
    """A copy of the bias with one block raised to a value, so that its gate is as good as open or shut."""
    b, d = b.copy(), len(b) // 4
    b[index * d : (index + 1) * d] = value
    return b


def part(result, index):
    """h_next or c_next, once the form of the result is known to be right."""
    assert_that(
        isinstance(result, (tuple, list)) and len(result) == 2, "The result should be two arrays, (h_next, c_next)."
    )
    return result[index]


@exercise("lstm_step_forward")
class TestLstmStepForward:
    """one step of an LSTM"""

    @points(1)
    def test_known_value(self, student):
        """gives the h and the c of the worked example, in which each gate has a value of its own"""
        b = LOG([3.0, 1.0, 1.0 / 3.0, 1.0, 2.0, 0.5, 4.0, 1.0])
        args = np.zeros((1, 3)), np.zeros((1, 2)), np.array([[2.0, -4.0]]), np.zeros((3, 8)), np.zeros((2, 8)), b
        # Unit 0: i = 3/4, f = 1/4, g = 3/5, o = 4/5.  Unit 1: i = f = o = 1/2, g = -3/5.
        c = np.array([[0.25 * 2.0 + 0.75 * 0.6, 0.5 * -4.0 + 0.5 * -0.6]])
        assert_close(student.lstm_step_forward(*args), (np.array([[0.8, 0.5]]) * np.tanh(c), c), name=LSTM)

    @points(2)
    def test_cell(self, student, reference, rng):
        """gives the right c_next for 7 sequences with 5 inputs and 4 states"""
        args = lstm(rng, 7, 5, 4)
        expected = reference.lstm_step_forward(*args)[1]
        assert_close(part(student.lstm_step_forward(*args), 1), expected, name="c_next", batch=7)

    @points(1)
    def test_state(self, student, reference, rng):
        """gives the right h_next for 7 sequences with 5 inputs and 4 states"""
        args = lstm(rng, 7, 5, 4)
        expected = reference.lstm_step_forward(*args)[0]
        assert_close(part(student.lstm_step_forward(*args), 0), expected, name="h_next", batch=7)

    @points(1)
    def test_square_weights(self, student, reference, rng):
        """is right where there are as many inputs as states, so that no exchange of Wx and Wh raises an error"""
        args = lstm(rng, 6, 4, 4)
        assert_close(student.lstm_step_forward(*args), reference.lstm_step_forward(*args), name=LSTM, batch=6)

    @points(1)
    def test_keeps_the_cell(self, student, rng):
        """keeps c as it is where f is 1 and i is 0"""
        x, h, c, Wx, Wh, b = lstm(rng, 5, 3, 4)
        kept = part(student.lstm_step_forward(x, h, c, Wx, Wh, block(block(b, 0, -60.0), 1, 60.0)), 1)
        assert_close(kept, c, name="c_next")

    @points(1)
    def test_candidate(self, student, rng):
        """replaces c by tanh of the third block where f is 0 and i is 1: it has both signs"""
        x, h, c, Wx, Wh, b = lstm(rng, 5, 3, 4)
        new = part(student.lstm_step_forward(x, h, c, Wx, Wh, block(block(b, 0, 60.0), 1, -60.0)), 1)
        Z = x @ Wx[:, 8:12] + h @ Wh[:, 8:12] + b[8:12]
        assert_close(new, np.tanh(Z), name="c_next")

    @points(1)
    def test_output_gate(self, student, rng):
        """shows o · tanh(c) where f is 1 and i is 0, with the fourth block as o"""
        x, h, c, Wx, Wh, b = lstm(rng, 5, 3, 4)
        shown = part(student.lstm_step_forward(x, h, c, Wx, Wh, block(block(b, 0, -60.0), 1, 60.0)), 0)
        o = 1.0 / (1.0 + np.exp(-(x @ Wx[:, 12:] + h @ Wh[:, 12:] + b[12:])))
        assert_close(shown, o * np.tanh(c), name="h_next")

    @points(1)
    def test_bounded(self, student, rng):
        """shows a state between -1 and 1, with the sign of c, however large c is"""
        x, h, c, Wx, Wh, b = lstm(rng, 5, 3, 4)
        c = 30.0 * (c + np.sign(c))
        shown = part(student.lstm_step_forward(x, h, c, Wx, Wh, block(block(b, 1, 60.0), 3, 60.0)), 0)
        shown = assert_array(shown, shape=(5, 4), name="h_next")
        assert_that(
            float(np.abs(shown).max()) <= 1.0, f"h_next lies between -1 and 1; found {np.abs(shown).max():.3f}."
        )
        assert_that(bool(np.all(np.sign(shown) == np.sign(c))), "h_next should have the sign of c_next, and not be 0.")

    @points(1)
    def test_far_out(self, student, reference, rng):
        """is right, and not nan, where the gates' arguments are as large as 1000 and as small as -1000"""
        x, h, c, Wx, Wh, _ = lstm(rng, 4, 3, 4)
        b = 1000.0 * np.array([1, -1, -1, 1, 1, 1, -1, -1, 1, -1, 1, -1, 1, 1, 1, -1.0])
        expected = reference.lstm_step_forward(x, h, c, Wx, Wh, b)
        assert_close(student.lstm_step_forward(x, h, c, Wx, Wh, b), expected, name=LSTM)

    @points(1)
    def test_pure(self, student, reference, rng):
        """leaves its arguments as they are, c among them"""
        args = lstm(rng, 5, 2, 3)
        assert_pure(student.lstm_step_forward, *args, expected=reference.lstm_step_forward(*args), name=LSTM)

    @hidden
    @points(1)
    def test_many_steps(self, student, reference, rng):
        """goes on for ten steps with the h and the c that it has returned, for a single sequence"""
        walks = []
        X, (_, h0, c0, Wx, Wh, b) = rng.normal(size=(10, 1, 5)), lstm(rng, 1, 5, 3)
        for player in (student, reference):
            h, c, walk = h0, c0, []
            for x in X:
                result = player.lstm_step_forward(x, h, c, Wx, Wh, b)
                h, c = (assert_array(part(result, i), shape=(1, 3), name=LSTM[i]) for i in range(2))
                walk.append((h, c))
            walks.append(walk)
        assert_trajectory(*walks, name=LSTM)


@exercise("gru_step_forward")
class TestGruStepForward:
    """one step of a GRU"""

    @points(1)
    def test_known_value(self, student):
        """gives the state of the worked example, in which each gate has a value of its own"""
        Wh = np.zeros((2, 6))
        Wh[0, 4], Wh[1, 5] = 4.0, 1.0
        b = np.array([LOG(1.0 / 3.0), 0.0, LOG(3.0), LOG(4.0), LOG(2.0) - 0.5, LOG(2.0)])
        h = student.gru_step_forward(np.zeros((1, 3)), np.array([[0.5, -2.0 * LOG(2.0)]]), np.zeros((3, 6)), Wh, b)
        # Unit 0: r = 1/4, z = 3/4, n = tanh(log 2) = 3/5.  Unit 1: r = 1/2, z = 4/5, n = tanh(0) = 0.
        assert_close(h, np.array([[0.25 * 0.6 + 0.75 * 0.5, -1.6 * LOG(2.0)]]), name="h_next")

    @points(1)
    def test_random(self, student, reference, rng):
        """is right for 7 sequences with 5 inputs and 4 states"""
        args = gru(rng, 7, 5, 4)
        assert_close(student.gru_step_forward(*args), reference.gru_step_forward(*args), name="h_next", batch=7)

    @points(1)
    def test_square_weights(self, student, reference, rng):
        """is right where there are as many inputs as states, so that no exchange of Wx and Wh raises an error"""
        args = gru(rng, 6, 4, 4)
        assert_close(student.gru_step_forward(*args), reference.gru_step_forward(*args), name="h_next", batch=6)

    @points(1)
    def test_keeps_the_state(self, student, rng):
        """keeps h as it is where z is 1"""
        x, h, Wx, Wh, b = gru(rng, 5, 3, 4)
        b[4:8] = 60.0
        assert_close(student.gru_step_forward(x, h, Wx, Wh, b), h, name="h_next")

    @points(1)
    def test_candidate(self, student, rng):
        """makes a candidate of input and state alike where r is 1, and takes all of it where z is 0"""
        x, h, Wx, Wh, b = gru(rng, 5, 3, 4)
        b[:4], b[4:8] = 60.0, -60.0
        expected = np.tanh(x @ Wx[:, 8:] + h @ Wh[:, 8:] + b[8:])
        assert_close(student.gru_step_forward(x, h, Wx, Wh, b), expected, name="h_next")

    @points(1)
    def test_reset(self, student, rng):
        """makes a candidate of the input alone where r is 0, and takes all of it where z is 0"""
        x, h, Wx, Wh, b = gru(rng, 5, 3, 4)
        b[:4], b[4:8] = -60.0, -60.0
        assert_close(student.gru_step_forward(x, h, Wx, Wh, b), np.tanh(x @ Wx[:, 8:] + b[8:]), name="h_next")

    @points(1)
    def test_pure(self, student, reference, rng):
        """leaves its arguments as they are, h among them"""
        args = gru(rng, 5, 2, 3)
        assert_pure(student.gru_step_forward, *args, expected=reference.gru_step_forward(*args), name="h_next")

    @hidden
    @points(1)
    def test_one_row(self, student, reference, rng):
        """works for a single sequence, and where the gates' arguments are as large as 1000"""
        x, h, Wx, Wh, b = gru(rng, 1, 5, 3)
        for scale in (1.0, np.array([1000, -1000, 1000, 1000, -1000, -1000, 1, 1000, -1000.0])):
            expected = reference.gru_step_forward(x, h, Wx, Wh, b * scale)
            assert_close(student.gru_step_forward(x, h, Wx, Wh, b * scale), expected, name="h_next")
