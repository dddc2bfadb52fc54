"""What is drawn for the questions of lesson 9, for each student, and the answers that follow from it."""

import math
from decimal import Decimal

PLACES = Decimal("0.0001")


def _last_norm(r, steps, a):
    """bptt_norms(...)[0] of the network of the question `radius`, in plain Python."""
    (p, q), (s, t) = (0.8 * r, -0.6 * r), (0.6 * r, 0.8 * r)
    h, slopes = (0.0, 0.0), []
    for at in range(steps + 1):
        x = a * math.cos(at)
        h = math.tanh(x + h[0] * p + h[1] * s), math.tanh(0.5 * x + h[0] * q + h[1] * t)
        slopes.append((1.0 - h[0] ** 2, 1.0 - h[1] ** 2))
    j = (1.0, 0.0, 0.0, 1.0)
    for one, other in reversed(slopes[1:]):
        top, low = (p * one, q * other), (s * one, t * other)
        j = (
            top[0] * j[0] + top[1] * j[2],
            top[0] * j[1] + top[1] * j[3],
            low[0] * j[0] + low[1] * j[2],
            low[0] * j[1] + low[1] * j[3],
        )
    squares, det = sum(one * one for one in j), j[0] * j[3] - j[1] * j[2]
    return math.sqrt(0.5 * (squares + math.sqrt(max(squares**2 - 4.0 * det**2, 0.0))))


def _crossing(steps, a):
    """The r at which that norm is 0.001, which is the only one."""
    low, high = 0.5, 2.0
    while high - low > 1e-9:
        middle = (low + high) / 2.0
        low, high = (middle, high) if _last_norm(middle, steps, a) < 1e-3 else (low, middle)
    return low


def _near(value):
    return Decimal(f"{value:.9f}").quantize(PLACES)


def _clear(value):
    """Whether a number lies so far from the middle of two ten-thousandths that it is rounded alike whoever rounds."""
    return abs(value * 1e4 % 1.0 - 0.5) > 0.1


def radius(draw):
    """How far back, and how strong the input is."""
    while True:
        # With stronger inputs there may be more than one r in [0, 3].
        steps, a = draw.integer(30, 50), draw.choice([Decimal(f"0.{tenths}") for tenths in (3, 4, 5, 6)])
        linear, tanh = 1e-3 ** (1.0 / steps), _crossing(steps, float(a))
        if _clear(linear) and _clear(tanh):
            right = [_near(linear), _near(tanh)]
            one_less = [_near(1e-3 ** (1.0 / (steps - 1))), _near(_crossing(steps - 1, float(a)))]
            return {
                "steps": steps,
                "T": steps + 1,
                "a": a,
                "right": right,
                "turned": right[::-1],
                "no_slope": [right[0], right[0]],
                "one_less": one_less,
            }


def recurrent_parameters(draw):
    """An RNN and an LSTM of the same size."""
    n, d = draw.integer(3, 9), draw.integer(10, 20)
    rnn = n * d + d * d + d
    return {
        "n": n,
        "d": d,
        "right": [rnn, 4 * rnn],
        "same": [rnn, rnn],
        "three": [rnn, 3 * rnn],
        "no_bias": [rnn - d, 4 * (rnn - d)],
        "two_biases": [rnn + d, 4 * (rnn + d)],
        "no_state": [n * d + d, 4 * (n * d + d)],
    }


def shrinking(draw):
    """A weight below 1 and one above it, and so many steps that the powers are far from 1."""
    below = draw.choice([Decimal("0.8"), Decimal("0.85"), Decimal("0.9")])
    above, steps = 2 - below, draw.integer(30, 50)

    def short(value):
        return Decimal(f"{value:.5g}")

    return {
        "below": below,
        "above": above,
        "steps": steps,
        "right": [short(below**steps), short(above**steps)],
        "times": [short(below * steps), short(above * steps)],
        "one_less": [short(below ** (steps - 1)), short(above ** (steps - 1))],
        "root": [short(below ** (Decimal(1) / steps)), short(above ** (Decimal(1) / steps))],
    }
