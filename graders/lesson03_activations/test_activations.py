"""Grader of activations.py: the activation functions, their slopes, and softmax."""

import numpy as np
from nnedu.checking import (
    assert_array,
    assert_close,
    assert_gradients_agree,
    assert_number,
    assert_pure,
    assert_that,
    exercise,
    hidden,
    points,
)


def _away_from_zero(rng, shape):
    x = rng.normal(size=shape)
    return x + 0.1 * np.sign(x)


@exercise("sigmoid")
class TestSigmoid:
    """the sigmoid, at any x"""

    @points(1)
    def test_known_values(self, student):
        """is 0.1192, 0.5 and 0.8808 at -2, 0 and 2"""
        expected = np.array([0.11920292202211755, 0.5, 0.8807970779778823])
        assert_close(student.sigmoid(np.array([-2.0, 0.0, 2.0])), expected, name="sigmoid([-2, 0, 2])")

    @points(1)
    def test_agrees_with_the_reference(self, student, reference, rng):
        """agrees with the reference on random numbers"""
        x = 6 * rng.normal(size=(7, 5))
        assert_close(student.sigmoid(x), reference.sigmoid(x), name="sigmoid(x)")

    @points(2)
    def test_mirror(self, student, rng):
        """adds up to 1 at x and -x"""
        x = rng.normal(size=(6, 4))
        right = assert_array(student.sigmoid(x), shape=(6, 4), name="sigmoid(x)")
        left = assert_array(student.sigmoid(-x), shape=(6, 4), name="sigmoid(-x)")
        worst = np.max(np.abs(right + left - 1))
        assert_that(worst < 1e-12, f"sigmoid(x) + sigmoid(-x) should be 1, and is off by up to {worst:.2g}")

    @points(1)
    def test_increases(self, student):
        """increases strictly from -30 to 15"""
        x = np.linspace(-30, 15, 91)
        y = assert_array(student.sigmoid(x), shape=(91,), name="sigmoid(x)")
        flat = int(np.argmin(np.diff(y)))
        assert_that(
            y[flat + 1] > y[flat],
            f"should be larger at {x[flat + 1]} than at {x[flat]}: found {y[flat + 1]:.6g} and {y[flat]:.6g}",
        )

    @points(1)
    def test_large_inputs(self, student):
        """is 0 at -1000 and 1 at 1000, and never nan"""
        x = np.array([[-1000.0, 1000.0], [-750.0, 800.0], [-40.0, 40.0]])
        assert_close(student.sigmoid(x), np.array([[0.0, 1.0]] * 3), name="sigmoid at large x")

    @points(1)
    def test_integers(self, student, reference):
        """gives floats for integers and for lists"""
        x = np.array([1, 2, -3])
        assert_close(student.sigmoid(x), reference.sigmoid(x), name="sigmoid of an integer array")
        assert_close(student.sigmoid([[-1, 4]]), reference.sigmoid([[-1, 4]]), name="sigmoid of a list")

    @hidden
    @points(1)
    def test_pure(self, student, reference, rng):
        """takes any shape and leaves its argument alone"""
        x = 8 * rng.normal(size=(2, 3, 4))
        assert_pure(student.sigmoid, x, expected=reference.sigmoid(x), name="sigmoid(x)")
        assert_close(student.sigmoid(-0.7), reference.sigmoid(-0.7), name="sigmoid(-0.7)")


@exercise("sigmoid_derivative", after=["sigmoid"])
class TestSigmoidDerivative:
    """the slope of the sigmoid at a pre-activation"""

    @points(1)
    def test_known_values(self, student):
        """is 0.105, 0.25 and 0.105 at -2, 0 and 2"""
        expected = np.array([0.10499358540350652, 0.25, 0.10499358540350652])
        assert_close(student.sigmoid_derivative(np.array([-2.0, 0.0, 2.0])), expected, name="sigmoid'([-2, 0, 2])")

    @points(2)
    def test_gradient(self, student, reference, rng):
        """agrees with the numerical slope of the sigmoid"""
        x, r = 2 * rng.normal(size=(7, 5)), rng.normal(size=(7, 5))
        assert_gradients_agree(
            r * assert_array(student.sigmoid_derivative(x), shape=x.shape, name="sigmoid'(x)"),
            r * reference.sigmoid_derivative(x),
            loss=lambda at: float(np.sum(r * reference.sigmoid(at))),
            at=x,
        )

    @points(1)
    def test_range(self, student, rng):
        """is positive and at most 1/4"""
        x = 3 * rng.normal(size=(6, 5))
        y = assert_array(student.sigmoid_derivative(x), shape=(6, 5), name="sigmoid'(x)")
        assert_that(
            y.min() > 0 and y.max() <= 0.25 + 1e-12,
            f"a slope of the sigmoid lies between 0 and 1/4; found values from {y.min():.4g} to {y.max():.4g}",
        )

    @points(1)
    def test_even(self, student, rng):
        """is positive, and the same at x and -x"""
        x = rng.uniform(0.1, 6, size=8)
        right = assert_array(student.sigmoid_derivative(x), shape=(8,), name="sigmoid'(x)")
        left = assert_array(student.sigmoid_derivative(-x), shape=(8,), name="sigmoid'(-x)")
        worst = np.max(np.abs(right - left))
        assert_that(worst < 1e-12, f"the slopes at x and -x should be equal, and differ by up to {worst:.2g}")
        assert_that(right.min() > 0, f"the sigmoid rises everywhere; found a slope of {right.min():.4g}")

    @points(1)
    def test_falls(self, student):
        """falls strictly as x grows from 1 to 12"""
        x = np.linspace(1, 12, 23)
        y = assert_array(student.sigmoid_derivative(x), shape=(23,), name="sigmoid'(x)")
        steepest = int(np.argmax(np.diff(y)))
        assert_that(
            y[steepest + 1] < y[steepest],
            f"the slope at {x[steepest + 1]} should be below that at {x[steepest]}: "
            f"found {y[steepest + 1]:.6g} and {y[steepest]:.6g}",
        )

    @points(1)
    def test_large_inputs(self, student):
        """vanishes far from 0, and is never nan"""
        x, expected = np.array([-1000.0, -750.0, 0.0, 800.0]), np.array([0.0, 0.0, 0.25, 0.0])
        assert_close(student.sigmoid_derivative(x), expected, name="sigmoid' at large x")

    @hidden
    @points(1)
    def test_pure(self, student, reference, rng):
        """takes any shape and integers, and leaves its argument alone"""
        x = 4 * rng.normal(size=(2, 3, 4))
        assert_pure(student.sigmoid_derivative, x, expected=reference.sigmoid_derivative(x), name="sigmoid'(x)")
        whole = np.array([[1, -2, 3]])
        assert_close(
            student.sigmoid_derivative(whole), reference.sigmoid_derivative(whole), name="sigmoid' of integers"
        )


@exercise("tanh_derivative")
class TestTanhDerivative:
    """the slope of tanh at a pre-activation"""

    @points(1)
    def test_known_values(self, student):
        """is 0.0707, 1 and 0.0707 at -2, 0 and 2"""
        expected = np.array([0.07065082485316443, 1.0, 0.07065082485316443])
        assert_close(student.tanh_derivative(np.array([-2.0, 0.0, 2.0])), expected, name="tanh'([-2, 0, 2])")

    @points(1)
    def test_gradient(self, student, reference, rng):
        """agrees with the numerical slope of tanh"""
        x, r = rng.normal(size=(7, 5)), rng.normal(size=(7, 5))
        assert_gradients_agree(
            r * assert_array(student.tanh_derivative(x), shape=x.shape, name="tanh'(x)"),
            r * reference.tanh_derivative(x),
            loss=lambda at: float(np.sum(r * np.tanh(at))),
            at=x,
        )

    @points(1)
    def test_even(self, student, rng):
        """is positive where x is small, and the same at x and -x"""
        x = rng.uniform(0.05, 0.95, size=9)
        right = assert_array(student.tanh_derivative(x), shape=(9,), name="tanh'(x)")
        left = assert_array(student.tanh_derivative(-x), shape=(9,), name="tanh'(-x)")
        worst = np.max(np.abs(right - left))
        assert_that(worst < 1e-12, f"the slopes at x and -x should be equal, and differ by up to {worst:.2g}")
        assert_that(right.min() > 0, f"tanh rises everywhere; found a slope of {right.min():.4g}")

    @points(1)
    def test_fades(self, student):
        """fades from 1 towards 0 as x grows, and never leaves that interval"""
        x = np.linspace(0, 8, 17)
        y = assert_array(student.tanh_derivative(x), shape=(17,), name="tanh'(x)")
        assert_that(
            y.min() > 0 and y.max() <= 1 + 1e-12,
            f"a slope of tanh lies between 0 and 1; found values from {y.min():.4g} to {y.max():.4g}",
        )
        assert_that(np.all(np.diff(y) < 0), "the slope should fall as x grows from 0, and does not")

    @hidden
    @points(1)
    def test_pure(self, student, reference, rng):
        """takes any shape, numbers far from 0 and integers, and leaves its argument alone"""
        x = 4 * rng.normal(size=(2, 3, 4))
        assert_pure(student.tanh_derivative, x, expected=reference.tanh_derivative(x), name="tanh'(x)")
        whole = np.array([[1, -2, 40]])
        assert_close(student.tanh_derivative(whole), reference.tanh_derivative(whole), name="tanh' of integers")


@exercise("relu")
class TestRelu:
    """the rectified linear unit"""

    @points(1)
    def test_values(self, student, reference, rng):
        """keeps what is positive, replaces the rest by 0, and leaves its argument alone"""
        x = rng.normal(size=(7, 5))
        assert_pure(student.relu, x, expected=reference.relu(x), name="relu(x)")

    @points(1)
    def test_numbers_and_lists(self, student):
        """takes numbers and lists, and gives floats for integers"""
        value = assert_number(student.relu(3.0), name="relu(3.0)")
        assert_that(value == 3.0, f"relu(3.0) should be 3.0, and is {value}")
        assert_close(student.relu([1, -2]), np.array([1.0, 0.0]), name="relu([1, -2])")

    @hidden
    @points(1)
    def test_any_shape(self, student, reference, rng):
        """takes arrays of three dimensions, with zeros and large numbers"""
        x = 100 * rng.normal(size=(2, 3, 4))
        x[0, 0, 0] = 0.0
        assert_close(student.relu(x), reference.relu(x), name="relu(x)")


@exercise("relu_derivative")
class TestReluDerivative:
    """the slope of ReLU, 0 at the kink"""

    @points(1)
    def test_numbers(self, student):
        """is 0 at -2 and 1 at 3"""
        left = assert_number(student.relu_derivative(-2.0), name="relu'(-2.0)")
        right = assert_number(student.relu_derivative(3.0), name="relu'(3.0)")
        assert_that(left == 0 and right == 1, f"the slopes at -2 and 3 should be 0 and 1, and are {left} and {right}")

    @points(1)
    def test_gradient(self, student, reference, rng):
        """agrees with the numerical slope of ReLU away from 0"""
        x, r = _away_from_zero(rng, (7, 5)), rng.normal(size=(7, 5))
        assert_gradients_agree(
            r * assert_array(student.relu_derivative(x), shape=x.shape, name="relu'(x)"),
            r * reference.relu_derivative(x),
            loss=lambda at: float(np.sum(r * reference.relu(at))),
            at=x,
        )

    @points(1)
    def test_kink(self, student):
        """is 0.0 at x = 0, and 1.0 right of it"""
        x, expected = np.array([-1.5, 0.0, 1e-6, 2.5]), np.array([0.0, 0.0, 1.0, 1.0])
        assert_close(student.relu_derivative(x), expected, name="relu'([-1.5, 0, 1e-6, 2.5])")

    @points(1)
    def test_pure(self, student, reference, rng):
        """leaves its argument alone"""
        x = _away_from_zero(rng, (6, 4))
        assert_pure(student.relu_derivative, x, expected=reference.relu_derivative(x), name="relu'(x)")

    @hidden
    @points(1)
    def test_integers(self, student, reference):
        """gives floats for integers and for lists, in any shape"""
        x = np.array([[[-4, 7, 2]], [[5, -1, -3]]])
        assert_close(student.relu_derivative(x), reference.relu_derivative(x), name="relu' of an integer array")
        assert_close(student.relu_derivative([1, -2]), np.array([1.0, 0.0]), name="relu'([1, -2])")


@exercise("leaky_relu")
class TestLeakyRelu:
    """Leaky ReLU for any alpha"""

    @points(1)
    def test_default_alpha(self, student, reference, rng):
        """has alpha = 0.01 when none is given, and leaves its argument alone"""
        x = 50 * rng.normal(size=(7, 5))
        assert_pure(student.leaky_relu, x, expected=reference.leaky_relu(x), name="leaky_relu(x)")

    @points(1)
    def test_any_alpha(self, student, reference, rng):
        """scales what is negative by alpha, below and above 1"""
        x = rng.normal(size=(6, 4))
        for alpha in (float(rng.uniform(0.1, 0.9)), float(rng.uniform(1.2, 2.0))):
            name = f"leaky_relu(x, alpha={alpha:.3f})"
            assert_close(student.leaky_relu(x, alpha=alpha), reference.leaky_relu(x, alpha=alpha), name=name)

    @hidden
    @points(1)
    def test_integers(self, student, reference):
        """gives floats for integers, alpha = 0 and lists"""
        x = np.array([[-3, 2, 5]])
        assert_close(student.leaky_relu(x, 0), reference.leaky_relu(x, 0), name="leaky_relu of integers, alpha = 0")
        assert_close(student.leaky_relu([4, -1], 0), np.array([4.0, 0.0]), name="leaky_relu([4, -1], alpha=0)")


@exercise("leaky_relu_derivative")
class TestLeakyReluDerivative:
    """the slope of Leaky ReLU for any alpha"""

    @points(1)
    def test_gradient(self, student, reference, rng):
        """agrees with the numerical slope of Leaky ReLU for alpha below and above 1"""
        x, r = _away_from_zero(rng, (7, 5)), rng.normal(size=(7, 5))
        for alpha in (float(rng.uniform(0.1, 0.9)), float(rng.uniform(1.2, 2.0))):
            slope = student.leaky_relu_derivative(x, alpha=alpha)
            assert_gradients_agree(
                r * assert_array(slope, shape=x.shape, name=f"leaky_relu'(x, alpha={alpha:.3f})"),
                r * reference.leaky_relu_derivative(x, alpha=alpha),
                loss=lambda at, alpha=alpha: float(np.sum(r * reference.leaky_relu(at, alpha=alpha))),
                at=x,
            )

    @points(1)
    def test_default_alpha(self, student, reference, rng):
        """has alpha = 0.01 when none is given, and leaves its argument alone"""
        x = _away_from_zero(rng, (6, 4))
        assert_pure(
            student.leaky_relu_derivative, x, expected=reference.leaky_relu_derivative(x), name="leaky_relu'(x)"
        )

    @hidden
    @points(1)
    def test_integers(self, student, reference):
        """gives floats for integers and for an integer alpha"""
        x = np.array([[-3, 2, 5]])
        slopes = student.leaky_relu_derivative(x, 0)
        assert_close(slopes, reference.leaky_relu_derivative(x, 0), name="leaky_relu' of integers, alpha = 0")
        assert_close(
            student.leaky_relu_derivative([4, -1], 0), np.array([1.0, 0.0]), name="leaky_relu'([4, -1], alpha=0)"
        )


@exercise("softmax")
class TestSoftmax:
    """probabilities of exclusive classes, row by row"""

    @points(1)
    def test_known_values(self, student):
        """is 0.659, 0.2424 and 0.0986 for the logits 2, 1 and 0.1"""
        expected = np.array([0.6590011388859679, 0.24243297070471392, 0.09856589040931818])
        assert_close(student.softmax(np.array([2.0, 1.0, 0.1])), expected, name="softmax([2, 1, 0.1])")

    @points(2)
    def test_agrees_with_the_reference(self, student, reference, rng):
        """agrees with the reference on random logits"""
        Z = 2 * rng.normal(size=(7, 5))
        assert_close(student.softmax(Z), reference.softmax(Z), name="softmax(Z)", batch=7, factors={"K": 5})

    @points(1)
    def test_rows_sum_to_one(self, student, rng):
        """makes each row sum to 1"""
        P = assert_array(student.softmax(rng.normal(size=(6, 4))), shape=(6, 4), name="softmax(Z)")
        sums = P.sum(axis=-1)
        row = int(np.argmax(np.abs(sums - 1)))
        assert_that(abs(sums[row] - 1) < 1e-12, f"every row should sum to 1; row {row} sums to {sums[row]:.6g}")

    @points(1)
    def test_shift(self, student, reference, rng):
        """does not change when a constant is added to a row"""
        Z, constants = rng.normal(size=(5, 3)), rng.uniform(-3, 3, size=(5, 1))
        assert_close(student.softmax(Z + constants), reference.softmax(Z), name="softmax of shifted rows")

    @points(2)
    def test_large_logits(self, student, reference):
        """is finite and right for logits near 1000 and -1000"""
        Z = np.array([1000.0, 1001.0, 998.5])
        assert_close(student.softmax(Z), reference.softmax(Z), name="softmax([1000, 1001, 998.5])")
        assert_close(student.softmax(-Z), reference.softmax(-Z), name="softmax([-1000, -1001, -998.5])")

    @points(2)
    def test_rows_of_different_size(self, student, reference):
        """is right when the rows of one array differ by thousands"""
        Z = np.array([[1000.0, 1001.0, 999.5], [0.0, 1.0, -0.5], [-1000.0, -1001.0, -1002.5], [700.0, 0.0, -700.0]])
        assert_close(student.softmax(Z), reference.softmax(Z), name="softmax of rows of different size")

    @points(1)
    def test_pure(self, student, reference, rng):
        """leaves its argument alone, also where it has as many rows as classes"""
        Z = rng.normal(size=(4, 4))
        assert_pure(student.softmax, Z, expected=reference.softmax(Z), name="softmax of a square Z")

    @hidden
    @points(2)
    def test_any_shape(self, student, reference, rng):
        """normalises over the last axis of three and four dimensions, and takes integers and lists"""
        for shape in ((2, 3, 5), (2, 4, 3, 6), (1, 4)):
            Z = 3 * rng.normal(size=shape)
            assert_close(student.softmax(Z), reference.softmax(Z), name=f"softmax of shape {shape}")
        whole = np.array([[3, 1, 0], [-2, 4, 6]])
        assert_close(student.softmax(whole), reference.softmax(whole), name="softmax of integers")
        listed = whole.tolist()
        assert_close(student.softmax(listed), reference.softmax(listed), name="softmax of a list")
