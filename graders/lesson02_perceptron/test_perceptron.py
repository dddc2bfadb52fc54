"""Grader of perceptron.py: the prediction of a perceptron, its rule, and its training."""

import numpy as np

from nnedu.checking import assert_array, assert_close, assert_number, assert_pure, assert_that, exercise, hidden, points

TABLE = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
GATES = {"OR": np.array([0, 1, 1, 1]), "AND": np.array([0, 0, 0, 1]), "NAND": np.array([1, 1, 1, 0])}
XOR = np.array([0, 1, 1, 0])


def above_one_half(value):
    """Whether an answer for a single row is nearer to 1 than to 0, in whatever form it comes."""
    if isinstance(value, np.ndarray):
        assert_that(value.size == 1, f"one row should give one answer; found an array of shape {value.shape}")
        value = value.ravel()[0]
    if isinstance(value, (bool, np.bool_)):
        value = int(value)
    return assert_number(value, name="the answer for a single row") > 0.5


def scored(rng, m, n, scores, b=-2.5):
    """Random rows X, and w and b, for which X @ w + b is what is asked for."""
    X, w = rng.normal(size=(m, n)), rng.normal(size=n)
    return X + np.outer(scores - X @ w - b, w) / (w @ w), w, b


def both_signs(rng, m, low, high):
    """Scores of both signs, between low and high in size."""
    return rng.uniform(low, high, size=m) * np.where(np.arange(m) % 2 == 0, 1.0, -1.0)


def clouds(rng, m, n):
    """Two clouds of points with a clear gap between them, whose line misses the origin: X (m, n), y (m,)."""
    y = (np.arange(m) % 3 == 0).astype(int)
    X, _, _ = scored(rng, m, n, rng.uniform(0.5, 2.0, size=m) * (2 * y - 1))
    return X, y


def part(result, index):
    """One of w, b and errors, once the result is known to be three things."""
    assert_that(
        isinstance(result, (tuple, list)) and len(result) == 3,
        "the result should be a tuple of three, (w, b, errors)",
    )
    return result[index]


@exercise("perceptron_predict")
class TestPerceptronPredict:
    """where a perceptron fires"""

    @points(1)
    def test_known_value(self, student):
        """computes the AND gate with w = (2, 2) and b = -3"""
        found = student.perceptron_predict(TABLE, np.array([2.0, 2.0]), -3.0)
        assert_close(found, GATES["AND"], name="the prediction")

    @points(1)
    def test_fires_at_zero(self, student):
        """fires where the score is exactly 0, as two rows of the OR gate with w = (1, 1) and b = -1 do"""
        found = student.perceptron_predict(TABLE, np.array([1.0, 1.0]), -1.0)
        assert_close(found, GATES["OR"], name="the prediction")

    @points(1)
    def test_only_the_sign_counts(self, student, reference, rng):
        """answers the same for w and b of any size: doubled, or a hundred times smaller"""
        X, w, b = rng.normal(size=(40, 5)), rng.normal(size=5), float(rng.normal())
        expected = reference.perceptron_predict(X, w, b)
        for c in (1.0, 2.0, 0.01):
            assert_close(
                student.perceptron_predict(X, c * w, c * b), expected, name=f"the prediction for {c:g} w, {c:g} b"
            )

    @points(1)
    def test_single_rows(self, student, rng):
        """puts single rows, m = 1, on the right side"""
        scores = both_signs(rng, 8, 1.0, 3.0)
        X, w, b = scored(rng, 8, 4, scores)
        fires = [above_one_half(student.perceptron_predict(X[i : i + 1], w, b)) for i in range(8)]
        wrong = sum(one != (score > 0.0) for one, score in zip(fires, scores, strict=True))
        assert_that(wrong == 0, f"a row should give 1 where w·x + b >= 0, else 0; {wrong} of 8 rows do not")

    @hidden
    @points(1)
    def test_integers(self, student, reference, rng):
        """takes rows of integers, as many as inputs, and leaves its arguments unchanged"""
        X, w, b = rng.integers(-9, 10, size=(6, 6)), rng.normal(size=6), float(rng.normal())
        expected = reference.perceptron_predict(X, w, b)
        assert_pure(student.perceptron_predict, X, w, b, expected=expected, name="the prediction")


@exercise("perceptron_step", after=["perceptron_predict"])
class TestPerceptronStep:
    """what a perceptron learns from one sample"""

    @points(1)
    def test_known_value(self, student):
        """moves w from (0.5, -1) to (1, 0) and b from -0.25 to 0.25 for the missed sample x = (1, 2), y = 1"""
        found = student.perceptron_step(np.array([0.5, -1.0]), -0.25, np.array([1.0, 2.0]), 1, 0.5)
        assert_close(found, (np.array([1.0, 0.0]), 0.25), name=("w_new", "b_new"))

    @points(2)
    def test_keeps_what_is_right(self, student, rng):
        """changes nothing where the prediction is right, also at a score of exactly 0"""
        for y, score in ((1, 1.5), (0, -1.5)):
            X, w, b = scored(rng, 1, 4, np.array([score]))
            assert_close(student.perceptron_step(w, b, X[0], y, 0.3), (w, b), name=("w_new", "b_new"))
        w, b, x = np.array([2.0, -1.0, 0.5]), 0.5, np.array([1.0, 3.0, 1.0])  # 2 - 3 + 0.5 + 0.5 = 0: it fires
        assert_close(student.perceptron_step(w, b, x, 1, 0.3), (w, b), name=("w_new", "b_new"))

    @points(1)
    def test_moves_the_score(self, student, rng):
        """moves the score of a missed sample by lr (‖x‖² + 1), up for y = 1 and down for y = 0"""
        for y, score in ((1, -1.0), (0, 1.0)):
            X, w, b = scored(rng, 1, 5, np.array([score]))
            x, lr = X[0], 0.2
            result = student.perceptron_step(w, b, x, y, lr)
            assert_that(
                isinstance(result, (tuple, list)) and len(result) == 2, "the result should be a pair, (w_new, b_new)"
            )
            w_new = assert_array(result[0], shape=(5,), name="w_new")
            b_new = assert_number(result[1], name="b_new")
            wanted = (2 * y - 1) * lr * (float(x @ x) + 1.0)
            assert_close(
                float(w_new @ x) + b_new - score, wanted, name=f"the change of the score for y = {y}", rtol=1e-9
            )

    @points(1)
    def test_purity(self, student, reference, rng):
        """leaves w and x as they are where it learns"""
        X, w, b = scored(rng, 1, 6, np.array([-2.0]))
        expected = reference.perceptron_step(w, b, X[0], 1, 0.7)
        assert_pure(student.perceptron_step, w, b, X[0], 1, 0.7, expected=expected, name=("w_new", "b_new"))

    @hidden
    @points(1)
    def test_many_samples(self, student, reference, rng):
        """is right for samples of one number and of nine, with both labels on both sides of the line"""
        for n in (1, 9):
            X, w, b = scored(rng, 8, n, both_signs(rng, 8, 0.1, 2.0))
            for i in range(8):
                call = w, b, X[i], i // 2 % 2, 0.3
                assert_close(student.perceptron_step(*call), reference.perceptron_step(*call), name=("w_new", "b_new"))


@exercise("perceptron_fit", after=["perceptron_predict", "perceptron_step"])
class TestPerceptronFit:
    """the training of a perceptron"""

    @points(1)
    def test_or_gate(self, student):
        """ends with w = (1, 1) and b = -1 on the OR gate, as in the worked example"""
        result = student.perceptron_fit(TABLE, GATES["OR"])
        found = part(result, 0), part(result, 1)
        assert_close(found, (np.array([1.0, 1.0]), -1.0), name=("w", "b"))

    @points(1)
    def test_errors_of_the_or_gate(self, student):
        """makes 2, 2, 1 and 0 mistakes in its four epochs on the OR gate, and then stops"""
        assert_close(part(student.perceptron_fit(TABLE, GATES["OR"]), 2), [2, 2, 1, 0], name="errors")

    @points(1)
    def test_gates(self, student, reference):
        """finds the right w and b for the AND gate and the NAND gate"""
        for gate in ("AND", "NAND"):
            result = student.perceptron_fit(TABLE, GATES[gate], 0.5, 50)
            expected = reference.perceptron_fit(TABLE, GATES[gate], 0.5, 50)
            names = f"w of {gate}", f"b of {gate}"
            assert_close((part(result, 0), part(result, 1)), expected[:2], name=names)

    @points(1)
    def test_divides(self, student, rng):
        """divides two clouds of points: none is left on the wrong side"""
        X, y = clouds(rng, 25, 3)
        result = student.perceptron_fit(X, y, 0.5, 400)
        w, b = assert_array(part(result, 0), shape=(3,), name="w"), assert_number(part(result, 1), name="b")
        missed = int(np.sum((X @ w + b >= 0.0) != (y == 1)))
        assert_that(missed == 0, f"a line can divide the clouds; of 25 points {missed} are on the wrong side of yours")

    @points(1)
    def test_two_clouds(self, student, reference, rng):
        """finds the w and b for two clouds of points that sequential training finds"""
        X, y = clouds(rng, 31, 4)
        result, expected = student.perceptron_fit(X, y, 0.3, 400), reference.perceptron_fit(X, y, 0.3, 400)
        assert_close((part(result, 0), part(result, 1)), expected[:2], name=("w", "b"))

    @points(1)
    def test_errors_of_two_clouds(self, student, reference, rng):
        """counts the mistakes in each epoch on two clouds, down to a last epoch without any"""
        X, y = clouds(rng, 31, 4)
        expected = reference.perceptron_fit(X, y, 0.3, 400)[2]
        assert_close(part(student.perceptron_fit(X, y, 0.3, 400), 2), expected, name="errors")

    @points(1)
    def test_learning_rate(self, student, rng):
        """finds the same line with four times the learning rate: w and b are four times as large"""
        X, y = clouds(rng, 20, 3)
        small, large = student.perceptron_fit(X, y, 0.25, 400), student.perceptron_fit(X, y, 1.0, 400)
        w, b = assert_array(part(small, 0), shape=(3,), name="w"), assert_number(part(small, 1), name="b")
        assert_that(bool(np.any(w)), "w should not be zero, since something has to be learned here")
        assert_close((part(large, 0), part(large, 1)), (4.0 * w, 4.0 * b), name=("w for 4 lr", "b for 4 lr"))

    @points(1)
    def test_xor(self, student):
        """never gets through an epoch of XOR without a mistake, and tries all the epochs that it may, 100 by default"""
        for epochs, given in ((12, (1.0, 12)), (100, ())):
            errors = part(student.perceptron_fit(TABLE, XOR, *given), 2)
            assert_that(
                isinstance(errors, (list, tuple)) and len(errors) == epochs,
                f"errors should be a list with one entry for each of the {epochs} epochs",
            )
            fewest = min(assert_number(one, name="an entry of errors") for one in errors)
            assert_that(fewest >= 1, f"no line is right on all of XOR, so each epoch has a mistake; one has {fewest:g}")

    @points(1)
    def test_purity(self, student, reference, rng):
        """leaves X and y as they are, and answers the same when it is called again"""
        X, y = clouds(rng, 9, 3)
        expected = reference.perceptron_fit(X, y, 0.5, 3)
        assert_pure(student.perceptron_fit, X, y, 0.5, 3, expected=expected, name=("w", "b", "errors"))

    @hidden
    @points(1)
    def test_no_line(self, student, reference, rng):
        """is right where no line divides the labels, and on a single sample of integers"""
        X, y = rng.normal(size=(6, 6)), np.array([0, 1, 1, 0, 1, 0])
        X, y = np.vstack([X, X[:2], X[:1]]), np.concatenate([y, 1 - y[:2], y[:1]])
        expected = reference.perceptron_fit(X, y, 0.7, 7)
        assert_close(student.perceptron_fit(X, y, 0.7, 7), expected, name=("w", "b", "errors"))
        one = np.array([[3, -2]])
        expected = reference.perceptron_fit(one, np.array([0]), 0.5, 9)
        assert_close(student.perceptron_fit(one, np.array([0]), 0.5, 9), expected, name=("w", "b", "errors"))
