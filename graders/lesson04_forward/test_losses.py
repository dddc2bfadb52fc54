"""Grader of losses.py: the mean losses."""

import numpy as np

from nnedu.checking import (
    assert_close,
    assert_number,
    assert_pure,
    assert_raises,
    assert_that,
    exercise,
    hidden,
    points,
)

COPIES = {"the number of copies of the batch": 3}


def probabilities(rng, m, K):
    """m random distributions over K classes, none of them near 0 or 1."""
    P = rng.uniform(0.1, 1.0, size=(m, K))
    return P / P.sum(axis=1, keepdims=True)


def one_hot(rng, m, K):
    return np.eye(K)[rng.integers(0, K, size=m)]


def assert_same_for_copies(once, thrice):
    """Judge that a loss is not 0, and is the same for three copies of the batch."""
    value = assert_number(once, name="the loss")
    assert_that(abs(value) > 1e-3, f"the loss of these predictions should not be 0; it is {value:.4g}")
    assert_close(thrice, value, name="the loss of three copies", rtol=1e-10, atol=1e-12, factors=COPIES)


@exercise("binary_cross_entropy")
class TestBinaryCrossEntropy:
    """the mean cost of yes-or-no predictions"""

    @points(1)
    def test_known_value(self, student):
        """is 0.3406 for the three predictions worked out in the text"""
        loss = student.binary_cross_entropy(np.array([[1.0], [0.0], [1.0]]), np.array([[0.9], [0.2], [0.5]]))
        assert_close(loss, -float(np.log(0.9) + np.log(0.8) + np.log(0.5)) / 3.0, name="the loss", batch=3)

    @points(1)
    def test_random(self, student, reference, rng):
        """is the mean over all entries, also with several outputs and soft targets"""
        y, p = rng.integers(0, 2, size=(7, 1)).astype(float), rng.uniform(0.05, 0.95, size=(7, 1))
        assert_close(student.binary_cross_entropy(y, p), reference.binary_cross_entropy(y, p), name="the loss", batch=7)
        y, p = rng.uniform(size=(6, 4)), rng.uniform(0.05, 0.95, size=(6, 4))
        factors = {"the number of outputs": 4, "the number of entries": 24}
        expected = reference.binary_cross_entropy(y, p)
        assert_close(student.binary_cross_entropy(y, p), expected, name="the loss", batch=6, factors=factors)

    @points(1)
    def test_copies(self, student, rng):
        """is the same, not 0, for three copies of the batch"""
        y, p = np.array([[1.0], [0.0], [0.0], [1.0], [0.0]]), rng.uniform(0.05, 0.4, size=(5, 1))
        once = student.binary_cross_entropy(y, p)
        assert_same_for_copies(once, student.binary_cross_entropy(np.vstack([y, y, y]), np.vstack([p, p, p])))

    @points(1)
    def test_certain(self, student):
        """clips p to [eps, 1 - eps]: a certain prediction costs a finite amount, and never less than nothing"""
        one, zero = np.array([[1.0]]), np.array([[0.0]])
        for y, p in ((one, zero), (zero, one)):
            wrong = student.binary_cross_entropy(y, p)
            # 1 - (1 - 1e-12) is 1e-12 to five digits only.
            assert_close(wrong, -float(np.log(1e-12)), name=f"the loss of p = {p[0, 0]:g} where y is not", rtol=1e-5)
            held = student.binary_cross_entropy(y, p, eps=0.01)
            assert_close(held, -float(np.log(0.01)), name="the same loss with eps = 0.01")
        for y in (one, zero):
            right = assert_number(student.binary_cross_entropy(y, y), name=f"the loss of p = y = {y[0, 0]:g}")
            assert_that(0.0 <= right < 1e-10, f"the loss of p = y = {y[0, 0]:g} should be 0 or just above, not {right}")

    @points(1)
    def test_single_precision(self, student):
        """is finite and right for probabilities in float32"""
        y = np.array([[1.0], [0.0], [1.0]], dtype=np.float32)
        p = np.array([[1.0], [0.0], [0.25]], dtype=np.float32)
        assert_close(student.binary_cross_entropy(y, p), float(np.log(4.0)) / 3.0, name="the loss", batch=3)

    @points(2)
    def test_shapes(self, student, rng):
        """raises ValueError when y and p have different shapes"""
        y, p = rng.integers(0, 2, size=7).astype(float), rng.uniform(0.05, 0.95, size=(7, 1))
        assert_raises("ValueError", student.binary_cross_entropy, y, p)
        assert_raises("ValueError", student.binary_cross_entropy, p, y)
        assert_raises("ValueError", student.binary_cross_entropy, p.T, p)

    @hidden
    @points(1)
    def test_purity(self, student, reference, rng):
        """clips in a copy: y and p stay as they are"""
        y, p = rng.integers(0, 2, size=5).astype(float), rng.uniform(0.0, 1.0, size=5)
        p[0], p[1] = 0.0, 1.0
        expected = reference.binary_cross_entropy(y, p, eps=0.05)
        assert_pure(student.binary_cross_entropy, y, p, eps=0.05, expected=expected, name="the loss")


@exercise("categorical_cross_entropy")
class TestCategoricalCrossEntropy:
    """the mean cost of one class out of K"""

    @points(1)
    def test_known_value(self, student):
        """is 0.602 for the two predictions worked out in the text"""
        Y, P = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), np.array([[0.5, 0.3, 0.2], [0.1, 0.6, 0.3]])
        loss = student.categorical_cross_entropy(Y, P)
        assert_close(loss, -float(np.log(0.5) + np.log(0.6)) / 2.0, name="the loss", batch=2, factors={"K": 3})

    @points(1)
    def test_one_hot(self, student, reference, rng):
        """agrees with the reference on random predictions and one-hot targets"""
        Y, P = one_hot(rng, 7, 5), probabilities(rng, 7, 5)
        expected = reference.categorical_cross_entropy(Y, P)
        loss = student.categorical_cross_entropy(Y, P)
        assert_close(loss, expected, name="the loss", batch=7, factors={"the number of classes K": 5})

    @points(1)
    def test_soft(self, student, reference, rng):
        """agrees with the reference on soft targets, where every class counts by its share"""
        Y, P = probabilities(rng, 6, 4), probabilities(rng, 6, 4)
        expected = reference.categorical_cross_entropy(Y, P)
        loss = student.categorical_cross_entropy(Y, P)
        assert_close(loss, expected, name="the loss", batch=6, factors={"the number of classes K": 4})

    @points(1)
    def test_uniform(self, student, rng):
        """is ln K for a uniform guess, 2.3026 with ten classes, whatever the targets"""
        for K in (2, 10):
            loss = student.categorical_cross_entropy(one_hot(rng, 3, K), np.full((3, K), 1.0 / K))
            factors = {"the number of classes K": K}
            assert_close(loss, float(np.log(K)), name=f"the loss for K = {K}", batch=3, factors=factors)

    @points(1)
    def test_copies(self, student, rng):
        """is the same, not 0, for three copies of the batch"""
        Y, P = one_hot(rng, 5, 3), probabilities(rng, 5, 3)
        once = student.categorical_cross_entropy(Y, P)
        assert_same_for_copies(once, student.categorical_cross_entropy(np.vstack([Y, Y, Y]), np.vstack([P, P, P])))

    @points(1)
    def test_zeros(self, student):
        """ignores P = 0 where Y = 0, and is finite where P = 0 and Y = 1"""
        Y = np.array([[0.0, 1.0, 0.0]])
        loss = student.categorical_cross_entropy(Y, np.array([[0.75, 0.25, 0.0]]))
        assert_close(loss, float(np.log(4.0)), name="the loss of P = [0.75, 0.25, 0]")
        assert_number(student.categorical_cross_entropy(Y, np.array([[0.75, 0.0, 0.25]])), name="the loss of P = 0")

    @points(1)
    def test_shapes(self, student, rng):
        """raises ValueError when Y and P have different shapes"""
        P = probabilities(rng, 5, 4)
        assert_raises("ValueError", student.categorical_cross_entropy, one_hot(rng, 1, 4), P)
        assert_raises("ValueError", student.categorical_cross_entropy, one_hot(rng, 5, 4).T, P)

    @hidden
    @points(1)
    def test_purity(self, student, reference, rng):
        """works on a single row with a certain class, and leaves Y and P as they are"""
        Y, P = np.array([[0.7, 0.3, 0.0, 0.0]]), probabilities(rng, 1, 4)
        P[0, 3] = 0.0
        expected = reference.categorical_cross_entropy(Y, P)
        assert_pure(student.categorical_cross_entropy, Y, P, expected=expected, name="the loss")


@exercise("cross_entropy_from_logits")
class TestCrossEntropyFromLogits:
    """the same cost straight from the logits"""

    @points(1)
    def test_known_value(self, student):
        """is 0.7578 for the two rows worked out in the text"""
        loss = student.cross_entropy_from_logits(np.array([[2.0, 1.0, 0.1], [0.0, 0.0, 0.0]]), np.array([0, 2]))
        first = np.log(1.0 + np.exp(-1.0) + np.exp(-1.9))
        assert_close(loss, float(first + np.log(3.0)) / 2.0, name="the loss", batch=2)

    @points(1)
    def test_random(self, student, reference, rng):
        """agrees with the reference on random logits"""
        Z, y = 2.0 * rng.normal(size=(7, 5)), rng.integers(0, 5, size=7)
        expected = reference.cross_entropy_from_logits(Z, y)
        assert_close(student.cross_entropy_from_logits(Z, y), expected, name="the loss", batch=7, factors={"K": 5})

    @points(1)
    def test_shift(self, student, reference, rng):
        """does not change when a constant is added to all logits of a row, and leaves Z as it is"""
        Z, y = rng.normal(size=(6, 4)), rng.integers(0, 4, size=6)
        constants = rng.uniform(-5.0, 5.0, size=(6, 1))
        expected = reference.cross_entropy_from_logits(Z, y)
        assert_pure(student.cross_entropy_from_logits, Z + constants, y, expected=expected, name="the loss")

    @points(2)
    def test_large_gap(self, student):
        """is exactly 1000 for the logits 0 and 1000 and the class 0, and 2.5 where the gap is 2.5 near 1000"""
        loss = student.cross_entropy_from_logits(np.array([[0.0, 1000.0]]), np.array([0]))
        assert_close(loss, 1000.0, name="the loss of [0, 1000]", rtol=1e-12)
        loss = student.cross_entropy_from_logits(np.array([[1000.0, 1002.5, -1000.0]]), np.array([0]))
        assert_close(loss, 2.5 + float(np.log1p(np.exp(-2.5))), name="the loss of [1000, 1002.5, -1000]")

    @points(1)
    def test_rows_of_different_size(self, student, reference):
        """is right when the rows of one batch differ by thousands"""
        Z = np.array([[1000.0, 1001.0, 999.5], [0.0, 1.0, -0.5], [-1000.0, -1001.0, -1002.5], [0.3, 0.1, -0.2]])
        y = np.array([1, 0, 2, 1])
        expected = reference.cross_entropy_from_logits(Z, y)
        assert_close(student.cross_entropy_from_logits(Z, y), expected, name="the loss", batch=4)

    @points(2)
    def test_shapes(self, student, rng):
        """raises ValueError when y is not (m,)"""
        Z, y = rng.normal(size=(5, 3)), rng.integers(0, 3, size=5)
        assert_raises("ValueError", student.cross_entropy_from_logits, Z, y[:, None])
        assert_raises("ValueError", student.cross_entropy_from_logits, Z, y[:4])

    @hidden
    @points(1)
    def test_square(self, student, reference, rng):
        """is right for as many rows as classes, and for a single row"""
        for m in (4, 1):
            Z, y = 3.0 * rng.normal(size=(m, 4)), rng.integers(0, 4, size=m)
            expected = reference.cross_entropy_from_logits(Z, y)
            assert_close(student.cross_entropy_from_logits(Z, y), expected, name=f"the loss of {m} rows", batch=m)


@exercise("mse_loss")
class TestMseLoss:
    """the mean squared error"""

    @points(1)
    def test_known_value(self, student):
        """is 0.4167 for errors of 0.5, -1 and 0"""
        loss = student.mse_loss(np.array([[3.0], [-1.0], [2.0]]), np.array([[2.5], [0.0], [2.0]]))
        assert_close(loss, 1.25 / 3.0, name="the loss", batch=3)

    @points(1)
    def test_random(self, student, reference, rng):
        """is the mean over all entries of several outputs, and the same with its arguments exchanged"""
        y_true, y_pred = rng.normal(size=(7, 3)), rng.normal(size=(7, 3))
        expected, factors = (
            reference.mse_loss(y_true, y_pred),
            {"the number of outputs": 3, "the number of entries": 21},
        )
        for a, b in ((y_true, y_pred), (y_pred, y_true)):
            assert_close(student.mse_loss(a, b), expected, name="the loss", batch=7, factors=factors)

    @points(1)
    def test_shapes(self, student, rng):
        """raises ValueError when the shapes differ"""
        y_true, y_pred = rng.normal(size=6), rng.normal(size=(6, 1))
        assert_raises("ValueError", student.mse_loss, y_true, y_pred)
        assert_raises("ValueError", student.mse_loss, y_pred, rng.normal(size=(6, 4)))

    @hidden
    @points(1)
    def test_purity(self, student, reference, rng):
        """works on vectors, and leaves its arguments as they are"""
        y_true, y_pred = rng.normal(size=8), rng.normal(size=8)
        assert_pure(student.mse_loss, y_true, y_pred, expected=reference.mse_loss(y_true, y_pred), name="the loss")
