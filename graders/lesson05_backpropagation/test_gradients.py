"""Grader of gradients.py: the backward pass of one layer at a time."""

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

NAMES = ("dA_prev", "dW", "db")


def part(result, index):
    """One of the three gradients, once the form of the result is known to be right."""
    assert_that(
        isinstance(result, (tuple, list)) and len(result) == 3,
        "the result should be a tuple of three arrays, (dA_prev, dW, db)",
    )
    return result[index]


def layer(rng, m, n, k):
    """A random linear layer and a random gradient of its output: dZ, A_prev, W, b."""
    return rng.normal(size=(m, k)), rng.normal(size=(m, n)), rng.normal(size=(n, k)), rng.normal(size=k)


def away_from_zero(values):
    """Move every entry off the kink at 0, keeping its sign."""
    return values + 0.1 * np.sign(values)


def one_hot(rng, m, K):
    return np.eye(K)[rng.integers(0, K, size=m)]


def sigmoid(Z):
    return 1.0 / (1.0 + np.exp(-Z))


def softmax(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return E / E.sum(axis=-1, keepdims=True)


def binary_cross_entropy(Z, Y):
    A = sigmoid(Z)
    return float(-np.mean(Y * np.log(A) + (1.0 - Y) * np.log(1.0 - A)))


def cross_entropy(Z, Y):
    return float(-np.mean(np.sum(Y * np.log(softmax(Z)), axis=1)))


@exercise("linear_backward")
class TestLinearBackward:
    """the gradients of Z = A_prev @ W + b"""

    @points(1)
    def test_known_value(self, student):
        """gives the numbers of an example with three samples, worked out by hand"""
        dZ = np.array([[1.0, -1.0], [0.5, 2.0], [-2.0, 0.0]])
        A_prev = np.array([[1.0, 2.0, 3.0, 0.0], [0.0, -1.0, 4.0, 1.0], [2.0, 0.0, -1.0, 0.5]])
        W = np.array([[1.0, 0.0], [2.0, -1.0], [0.5, 3.0], [-1.0, 1.0]])
        expected = (
            np.array([[1.0, 3.0, -2.5, -2.0], [0.5, -1.0, 6.25, 1.5], [-2.0, -4.0, -1.0, 2.0]]),
            np.array([[-3.0, -1.0], [1.5, -4.0], [7.0, 5.0], [-0.5, 2.0]]),
            np.array([-0.5, 1.0]),
        )
        assert_close(student.linear_backward(dZ, A_prev, W), expected, name=NAMES, batch=3)

    @points(2)
    def test_dA_prev(self, student, reference, rng):
        """gives a dA_prev that agrees with the numerical derivative of a random sum of Z"""
        dZ, A_prev, W, b = layer(rng, m=7, n=5, k=4)
        assert_gradients_agree(
            part(student.linear_backward(dZ, A_prev, W), 0),
            reference.linear_backward(dZ, A_prev, W)[0],
            loss=lambda at: float(np.sum(dZ * (at @ W + b))),
            at=A_prev,
            names=("dA_prev",),
            batch=7,
        )

    @points(2)
    def test_dW(self, student, reference, rng):
        """gives a dW that agrees with the numerical derivative of a random sum of Z"""
        dZ, A_prev, W, b = layer(rng, m=7, n=5, k=4)
        assert_gradients_agree(
            part(student.linear_backward(dZ, A_prev, W), 1),
            reference.linear_backward(dZ, A_prev, W)[1],
            loss=lambda at: float(np.sum(dZ * (A_prev @ at + b))),
            at=W,
            names=("dW",),
            batch=7,
        )

    @points(1)
    def test_db(self, student, reference, rng):
        """gives a db that agrees with the numerical derivative of a random sum of Z"""
        dZ, A_prev, W, b = layer(rng, m=7, n=5, k=4)
        assert_gradients_agree(
            part(student.linear_backward(dZ, A_prev, W), 2),
            reference.linear_backward(dZ, A_prev, W)[2],
            loss=lambda at: float(np.sum(dZ * (A_prev @ W + at))),
            at=b,
            names=("db",),
            batch=7,
        )

    @points(1)
    def test_square_weights(self, student, reference, rng):
        """is right where W is square, so that a wrong transpose raises no error"""
        dZ, A_prev, W, _ = layer(rng, m=6, n=4, k=4)
        expected = reference.linear_backward(dZ, A_prev, W)
        assert_close(student.linear_backward(dZ, A_prev, W), expected, name=NAMES, batch=6)

    @points(3)
    def test_doubled_batch(self, student, reference, rng):
        """gives twice the dW and db when the batch is stacked on itself, since every row adds its share"""
        dZ, A_prev, W, _ = layer(rng, m=5, n=4, k=4)
        _, dW, db = reference.linear_backward(dZ, A_prev, W)
        stacked = student.linear_backward(np.vstack([dZ, dZ]), np.vstack([A_prev, A_prev]), W)
        assert_close(part(stacked, 1), 2.0 * dW, name="dW of the stacked batch", batch=10)
        assert_close(part(stacked, 2), 2.0 * db, name="db of the stacked batch", batch=10)

    @hidden
    @points(2)
    def test_one_row(self, student, reference, rng):
        """works on a batch of one row and leaves its arguments unchanged"""
        dZ, A_prev, W, _ = layer(rng, m=1, n=5, k=3)
        assert_pure(
            student.linear_backward, dZ, A_prev, W, expected=reference.linear_backward(dZ, A_prev, W), name=NAMES
        )


@exercise("sigmoid_bce_backward")
class TestSigmoidBceBackward:
    """the gradient of the mean binary cross-entropy with respect to Z"""

    @points(1)
    def test_known_value(self, student):
        """gives A - 1 for the single positive sample of the worked 2-2-1 example"""
        A = np.array([[1.0 / (1.0 + np.exp(-0.39))]])
        expected = np.array([[-0.4037173]])
        assert_close(student.sigmoid_bce_backward(A, np.array([[1.0]])), expected, name="dZ", rtol=1e-6)

    @points(1)
    def test_agrees_with_a_numerical_gradient(self, student, reference, rng):
        """agrees with the numerical derivative of the mean loss, for four outputs"""
        Z, Y = rng.normal(size=(7, 4)), rng.integers(0, 2, size=(7, 4)).astype(float)
        A = sigmoid(Z)
        assert_gradients_agree(
            student.sigmoid_bce_backward(A, Y),
            reference.sigmoid_bce_backward(A, Y),
            loss=lambda at: binary_cross_entropy(at, Y),
            at=Z,
            names=("dZ",),
            batch=7,
            factors={"the number of outputs": 4, "the number of entries": 28},
        )

    @hidden
    @points(1)
    def test_one_output(self, student, reference, rng):
        """is right for one output and soft targets, and leaves its arguments unchanged"""
        A, Y = rng.uniform(0.1, 0.9, size=(6, 1)), rng.uniform(size=(6, 1))
        assert_pure(student.sigmoid_bce_backward, A, Y, expected=reference.sigmoid_bce_backward(A, Y), name="dZ")


@exercise("softmax_ce_backward")
class TestSoftmaxCeBackward:
    """the gradient of the mean cross-entropy with respect to Z"""

    @points(1)
    def test_known_value(self, student):
        """gives P - Y for a single row"""
        P, Y = np.array([[0.5, 0.2, 0.3]]), np.array([[0.0, 1.0, 0.0]])
        assert_close(student.softmax_ce_backward(P, Y), np.array([[0.5, -0.8, 0.3]]), name="dZ")

    @points(1)
    def test_agrees_with_a_numerical_gradient(self, student, reference, rng):
        """agrees with the numerical derivative of the mean loss"""
        Z, Y = rng.normal(size=(7, 4)), one_hot(rng, 7, 4)
        P = softmax(Z)
        assert_gradients_agree(
            student.softmax_ce_backward(P, Y),
            reference.softmax_ce_backward(P, Y),
            loss=lambda at: cross_entropy(at, Y),
            at=Z,
            names=("dZ",),
            batch=7,
            factors={"the number of classes K": 4, "the number of entries": 28},
        )

    @points(1)
    def test_rows_add_up_to_zero(self, student, rng):
        """sets the true class against all the others: its entry has the other sign, and every row adds up to 0"""
        P, Y = softmax(rng.normal(size=(6, 5))), one_hot(rng, 6, 5)
        dZ = assert_array(student.softmax_ce_backward(P, Y), shape=(6, 5), name="dZ")
        true, others = dZ[Y == 1.0][:, None], dZ[Y == 0.0].reshape(6, 4)
        assert_that(
            bool(np.all(true * others < 0.0)),
            "the entry of the true class and those of the other classes should have different signs, and not be 0",
        )
        worst = float(np.max(np.abs(dZ.sum(axis=1))))
        assert_that(worst < 1e-12, f"every row of dZ should add up to 0; one adds up to {worst:.3g}")

    @hidden
    @points(1)
    def test_soft_targets(self, student, reference, rng):
        """is right for soft targets, and leaves its arguments unchanged"""
        P, Y = softmax(rng.normal(size=(5, 3))), softmax(rng.normal(size=(5, 3)))
        assert_pure(student.softmax_ce_backward, P, Y, expected=reference.softmax_ce_backward(P, Y), name="dZ")


@exercise("mse_backward")
class TestMseBackward:
    """the gradient of the mean squared error with respect to the prediction"""

    @points(1)
    def test_points_uphill(self, student, rng):
        """is positive where the prediction is too high, and proportional to the error"""
        y_true, error = rng.normal(size=(6, 2)), away_from_zero(rng.normal(size=(6, 2)))
        once = assert_array(student.mse_backward(y_true + error, y_true), shape=(6, 2), name="the gradient")
        thrice = assert_array(student.mse_backward(y_true + 3.0 * error, y_true), shape=(6, 2), name="the gradient")
        assert_that(
            bool(np.all(np.sign(once) == np.sign(error))),
            "the gradient should be positive where y_pred > y_true and negative where y_pred < y_true",
        )
        worst = float(np.max(np.abs(thrice - 3.0 * once) / np.abs(once)))
        assert_that(worst < 1e-9, f"three times the error should give three times the gradient; found {worst:.3g} off")

    @points(1)
    def test_agrees_with_a_numerical_gradient(self, student, reference, rng):
        """agrees with the numerical derivative of the mean over all entries"""
        y_pred, y_true = rng.normal(size=(7, 3)), rng.normal(size=(7, 3))
        assert_gradients_agree(
            student.mse_backward(y_pred, y_true),
            reference.mse_backward(y_pred, y_true),
            loss=lambda at: float(np.mean((at - y_true) ** 2)),
            at=y_pred,
            names=("the gradient",),
            batch=7,
            factors={"the number of outputs": 3, "the number of entries": 21},
        )

    @hidden
    @points(1)
    def test_one_output(self, student, reference, rng):
        """is right for one output, and leaves its arguments unchanged"""
        y_pred, y_true = rng.normal(size=(5, 1)), rng.normal(size=(5, 1))
        expected = reference.mse_backward(y_pred, y_true)
        assert_pure(student.mse_backward, y_pred, y_true, expected=expected, name="the gradient")


@exercise("relu_backward")
class TestReluBackward:
    """the gradient through A = max(0, Z)"""

    @points(1)
    def test_of_ones_is_the_mask(self, student):
        """lets an upstream gradient of ones through where Z is positive, and nowhere else"""
        Z = np.array([[-2.0, 0.5, 3.0], [4.0, -0.1, -7.0]])
        expected = np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 0.0]])
        assert_close(student.relu_backward(np.ones((2, 3)), Z), expected, name="dZ")

    @points(1)
    def test_agrees_with_a_numerical_gradient(self, student, reference, rng):
        """agrees with the numerical derivative of a random sum of A"""
        dA, Z = rng.normal(size=(7, 5)), away_from_zero(rng.normal(size=(7, 5)))
        assert_gradients_agree(
            student.relu_backward(dA, Z),
            reference.relu_backward(dA, Z),
            loss=lambda at: float(np.sum(dA * np.maximum(at, 0.0))),
            at=Z,
            names=("dZ",),
            batch=7,
        )

    @points(1)
    def test_is_linear_in_dA(self, student, reference, rng):
        """gives -2 times the result for -2 times the upstream gradient"""
        dA, Z = rng.normal(size=(6, 4)), away_from_zero(rng.normal(size=(6, 4)))
        assert_close(student.relu_backward(-2.0 * dA, Z), -2.0 * reference.relu_backward(dA, Z), name="dZ")

    @points(1)
    def test_purity(self, student, reference, rng):
        """leaves dA and Z as they are"""
        dA, Z = rng.normal(size=(4, 6)), away_from_zero(rng.normal(size=(4, 6)))
        assert_pure(student.relu_backward, dA, Z, expected=reference.relu_backward(dA, Z), name="dZ")

    @hidden
    @points(1)
    def test_one_row(self, student, reference, rng):
        """works on a batch of one row"""
        dA, Z = rng.normal(size=(1, 8)), away_from_zero(rng.normal(size=(1, 8)))
        assert_close(student.relu_backward(dA, Z), reference.relu_backward(dA, Z), name="dZ")
