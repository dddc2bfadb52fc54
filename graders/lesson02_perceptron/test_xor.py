"""Grader of xor.py: weights for XOR, judged by what two layers of steps make of them."""

import numpy as np

from nnedu.checking import assert_that, exercise, hidden, points

TABLE = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([0, 1, 1, 0])
SHAPES = {"W1": (2, 2), "b1": (2,), "W2": (2, 1), "b2": (1,)}


def judged(student):
    """The four arrays, once their form is known to be right; integers will do."""
    found = student.xor_by_hand()
    assert_that(
        isinstance(found, dict) and set(found) == set(SHAPES),
        f"xor_by_hand should return a dict with the keys {', '.join(SHAPES)}",
    )
    for name, shape in SHAPES.items():
        value = found[name]
        assert_that(isinstance(value, np.ndarray), f"{name} should be a numpy array; found {type(value).__name__}")
        assert_that(value.shape == shape, f"{name} should have shape {shape}; found {value.shape}")
        assert_that(
            value.dtype.kind in "iuf" and bool(np.all(np.isfinite(value))), f"{name} should hold finite numbers"
        )
    return found


def step(Z):
    return (Z >= 0.0).astype(int)


def hidden_codes(weights, X):
    """What the hidden units say to each row of X."""
    return step(X @ weights["W1"] + weights["b1"])


def output(weights, X):
    return step(hidden_codes(weights, X) @ weights["W2"] + weights["b2"])[:, 0]


def truth(weights):
    """The truth table as it comes out, in words."""
    rows = zip(TABLE.astype(int).tolist(), hidden_codes(weights, TABLE).tolist(), output(weights, TABLE), strict=True)
    return "; ".join(f"{tuple(x)} -> hidden {tuple(h)} -> {out}" for x, h, out in rows)


def assert_xor_near_the_corners(weights, offsets):
    """Judge the output at every corner of the square, moved by every offset."""
    for x, wanted in zip(TABLE, XOR, strict=True):
        wrong = np.flatnonzero(output(weights, x + offsets) != wanted)
        where = tuple(np.round(x + offsets[wrong[0]], 3).tolist()) if wrong.size else ()
        assert_that(
            not wrong.size,
            f"the output should be {wanted} as far as 0.1 around {tuple(x.astype(int).tolist())}; it is not at {where}",
        )


# Sealed: what the solution returns is all there is to find. The checks do not need it.
@exercise("xor_by_hand", sealed=True)
class TestXorByHand:
    """two layers of perceptrons that compute XOR"""

    @points(2)
    def test_three_rows(self, student):
        """gets three rows of the truth table right, which one perceptron can do as well"""
        weights = judged(student)
        right = int(np.sum(output(weights, TABLE) == XOR))
        assert_that(right >= 3, f"at least three rows should be right; found {right}: {truth(weights)}")

    @points(2)
    def test_hidden_units(self, student):
        """has hidden units that leave the output a problem which one line solves"""
        weights = judged(student)
        codes = [tuple(code) for code in hidden_codes(weights, TABLE).tolist()]
        on, off = {codes[1], codes[2]}, {codes[0], codes[3]}
        table = truth(weights)
        # One of the two would do then; the next sentence would be true, and say less.
        assert_that(
            len({first == second for first, second in codes}) == 2,
            f"the two hidden units should not say the same, or each other's opposite, on all rows: {table}",
        )
        assert_that(
            not on & off,
            f"rows that belong to different outputs should not look the same to the hidden units: {table}",
        )
        diagonals = ({(0, 0), (1, 1)}, {(0, 1), (1, 0)})
        assert_that(
            not (on in diagonals and off in diagonals),
            f"the hidden units should not hand XOR on to the output unsolved: {table}",
        )

    @points(1)
    def test_four_rows(self, student):
        """computes XOR for all four rows"""
        weights = judged(student)
        right = int(np.sum(output(weights, TABLE) == XOR))
        assert_that(right == 4, f"all four rows should be right; found {right}: {truth(weights)}")

    @points(2)
    def test_margin(self, student):
        """still computes XOR when each input is 0.1 too small or too large"""
        offsets = 0.1 * np.array([[i, j] for i in (-1, 0, 1) for j in (-1, 0, 1)])
        assert_xor_near_the_corners(judged(student), offsets)

    @hidden
    @points(1)
    def test_everywhere_near(self, student, rng):
        """computes XOR for all inputs within 0.1 of the rows"""
        assert_xor_near_the_corners(judged(student), rng.uniform(-0.1, 0.1, size=(500, 2)))
