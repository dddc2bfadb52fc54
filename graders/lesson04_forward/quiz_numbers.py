"""What is drawn for the questions of lesson 4, for each student, and the answers that follow from it."""

from decimal import Decimal
from itertools import pairwise

MILLI = Decimal("0.001")


def _near(value):
    return value.quantize(MILLI)


def _clear(value):
    """Whether a number lies so far from the middle of two thousandths that it is rounded alike whoever rounds."""
    return abs(abs(value % MILLI) / MILLI - Decimal("0.5")) > Decimal("0.15")


def _sigmoid(z):
    return 1 / (1 + (-z).exp())


def _dot(a, b):
    return sum((one * other for one, other in zip(a, b, strict=True)), Decimal(0))


def _relu(row):
    return [max(one, Decimal(0)) for one in row]


def hidden_layer(draw):
    """One row and a layer of three units, one of which at least is silent and one not; each slip shows."""
    while True:
        x, b = [draw.decimal(-1, 1, 1) for _ in range(2)], [draw.decimal(-1, 1, 1) for _ in range(3)]
        W = [[draw.decimal(-1, 1, 1) for _ in range(3)] for _ in range(2)]
        products = [_dot(x, column) for column in zip(*W, strict=True)]
        z = [p + b_j for p, b_j in zip(products, b, strict=True)]
        twice = [p + 2 * b_j for p, b_j in zip(products, b, strict=True)]
        flat = [entry for row in W for entry in row]
        reshaped = [_dot(x, flat[2 * j : 2 * j + 2]) + b_j for j, b_j in enumerate(b)]
        answers = {
            "right": [*z, *_relu(z)],
            "no_relu": [*z, *z],
            "no_bias": [*products, *_relu(products)],
            "bias_twice": [*twice, *_relu(twice)],
            "size": [*z, *map(abs, z)],
            "reshaped": [*reshaped, *_relu(reshaped)],
        }
        mixed = min(z) <= Decimal("-0.1") and max(z) >= Decimal("0.1")
        if mixed and 0 not in (*x, *b, *flat, *z) and len({tuple(one) for one in answers.values()}) == len(answers):
            return {"x": x, "W": W, "b": b, **answers}


def output_layer(draw):
    """An output unit of negative z, and its loss; rounding on the way changes no digit that is asked for."""
    while True:
        a = [draw.decimal(0, 1, 1), Decimal(0), draw.decimal(0, 1, 1)]
        w, b = [draw.decimal(-2, 2, 1) for _ in range(3)], draw.decimal(-1, 1, 1)
        z, y = _dot(a, w) + b, draw.integer(0, 1)
        if not Decimal("-2.5") <= z <= Decimal("-0.2") or 0 in (a[0], a[2], *w, b):
            continue
        p, bare = _sigmoid(z), _sigmoid(z - b)
        loss = -(p if y else 1 - p).ln()
        rounded = -(_near(p) if y else 1 - _near(p)).ln()
        answers = {
            "right": [z, _near(p), _near(loss)],
            "no_bias": [z - b, _near(bare), _near(-(bare if y else 1 - bare).ln())],
            "turned": [z, _near(1 - p), _near(-(1 - p if y else p).ln())],
            "other_label": [z, _near(p), _near(-(1 - p if y else p).ln())],
            "squared": [z, _near(p), _near((y - p) ** 2)],
            "relu": [z, Decimal("0.5"), _near(Decimal(2).ln())],
        }
        different = len({tuple(one) for one in answers.values()}) == len(answers)
        if different and _clear(p) and _clear(loss) and _near(loss) == _near(rounded):
            return {"a": a, "w": [[one] for one in w], "b": [b], "y": y, **answers}


def parameters(draw):
    """A network of four layers of units, no two alike."""
    while True:
        n = [draw.integer(3, 30) for _ in range(4)]
        if len(set(n)) == 4:
            weights = sum(one * following for one, following in pairwise(n))
            return {
                "n": n,
                "right": weights + sum(n[1:]),
                "weights": weights,
                "inputs_too": weights + sum(n),
                "one_bias": weights + 3,
                "no_last": weights + n[1] + n[2],
                "units": sum(n),
            }


def shapes(draw):
    """Sizes of a layer and a batch, all different."""
    while True:
        m, n0, n1 = draw.integer(5, 40), draw.integer(2, 12), draw.integer(2, 12)
        if len({m, n0, n1}) == 3:
            rows, columns = [n0, n1, m, n1], [n1, n0, n1, 1, n1, m]
            return {
                "m": m,
                "n0": n0,
                "n1": n1,
                "right": [*rows, *columns],
                "alike": [*rows, n0, n1, n1, 1, m, n1],
                "turned": [n1, n0, m, n1, *columns],
                "swapped": [*columns[:2], n1, m, *rows[:2], n1, 1, m, n1],
                "flat_bias": [*rows, n1, n0, 1, n1, n1, m],
                "bias_per_row": [*rows, n1, n0, n1, m, n1, m],
            }


def first_loss(draw):
    """Numbers of classes other than those of the page; a logarithm that is rounded too early shows."""
    each = Decimal(2).ln()
    while True:
        K = draw.integer(5, 60)
        one_of, added, early = Decimal(K).ln(), K * each, K * _near(each)
        if K != 10 and _clear(one_of) and _clear(added) and early != _near(added):
            return {
                "K": K,
                "right": [_near(one_of), _near(added)],
                "sigmoids": [_near(added), _near(added)],
                "softmax": [_near(one_of), _near(one_of)],
                "mean": [_near(one_of), _near(each)],
                "exchanged": [_near(added), _near(one_of)],
                "certain": [0, 0],
                "early": [_near(one_of), early],
            }
