"""Grader of and_gate.py: a perceptron that learns the AND gate from every start."""

import numpy as np

from nnedu.checking import assert_close, assert_number, assert_that, exercise, hidden, points


def table(n_inputs):
    """All rows of 0 and 1, and the AND of each."""
    X = np.array(list(np.ndindex(*(2,) * n_inputs)), dtype=float)
    return X, X.all(axis=1).astype(int)


def judged(result):
    """The perceptron and the errors, once they are known to be two things; the errors are not judged yet."""
    assert_that(
        isinstance(result, (tuple, list)) and len(result) == 2 and hasattr(result[0], "predict"),
        "train_and_gate should return a pair (perceptron, errors), and the perceptron should have a predict",
    )
    return result


def trained(student, rng, count, *n_inputs):
    """Pairs (perceptron, errors), one for each of many starts; of two inputs, the default, if no number is given."""
    seeds = rng.integers(1, 1_000_000, size=count).tolist()
    return [judged(student.train_and_gate(np.random.default_rng(seed), *n_inputs)) for seed in seeds]


def answers(perceptron, X):
    """What the perceptron answers to single rows, one after the other."""
    return [assert_number(perceptron.predict(x), name="the prediction for a single row") for x in X]


def assert_right(perceptrons, X, y, what="the rows of the truth table"):
    """Judge perceptrons row by row: all of them have to be right."""
    failed = sum(answers(one, X) != y.tolist() for one in perceptrons)
    assert_that(
        failed == 0, f"{what} should be answered right from every start; {failed} of {len(perceptrons)} are not"
    )


@exercise("train_and_gate")
class TestTrainAndGate:
    """the perceptron of the AND gate, repaired"""

    @points(2)
    def test_whole_table(self, student, rng):
        """gives a perceptron that answers many rows at once, with the same integers as one after the other"""
        perceptron, _ = trained(student, rng, 1)[0]
        X = 20.0 * rng.normal(size=(30, 2))
        one_by_one = np.array(answers(perceptron, X))
        assert_that(
            set(one_by_one.tolist()) == {0.0, 1.0}, "of 30 points all over the plane some should give 1 and some 0"
        )
        assert_close(perceptron.predict(X), one_by_one.astype(int), name="the prediction for a table")

    @points(1)
    def test_many_starts(self, student, rng):
        """is right on all rows for 25 different rngs"""
        X, y = table(2)
        assert_right([perceptron for perceptron, _ in trained(student, rng, 25)], X, y)

    @points(1)
    def test_errors(self, student, rng):
        """learns within 100 epochs, the last of which has no mistake"""
        X, y = table(2)
        for perceptron, errors in trained(student, rng, 10):
            assert_that(isinstance(errors, (list, tuple)) and len(errors) > 0, "errors should be a list, and not empty")
            assert_that(len(errors) <= 100, f"100 epochs are allowed; found {len(errors)} entries in errors")
            assert_close(errors[-1], 0, name="the last entry of errors")
            worst = [assert_number(one, name="an entry of errors") for one in errors if not 0 <= one <= 4]
            assert_that(not worst, f"of 4 rows 0 to 4 can be wrong in an epoch; errors holds {worst[:1]}")
            assert_close(answers(perceptron, X), y.tolist(), name="the prediction")

    @points(2)
    def test_more_inputs(self, student, rng):
        """learns the gate with three inputs and with four just as well"""
        for n_inputs in (3, 4):
            X, y = table(n_inputs)
            perceptrons = [perceptron for perceptron, _ in trained(student, rng, 3, n_inputs)]
            assert_right(perceptrons, X, y, f"the truth table of {n_inputs} inputs")

    @points(1)
    def test_one_straight_line(self, student, rng):
        """divides the plane by one straight line, which settles points far outside the table as well"""
        # Beyond (1, 1) both inputs only push further; before (0, 1) and (1, 0) they only hold back.
        X = np.array([[1.0, 1.0], [5.0, 2.0], [1.0, 30.0], [0.0, 1.0], [-4.0, 1.0], [-20.0, -30.0], [1.0, -7.0]])
        y = np.array([1, 1, 1, 0, 0, 0, 0])
        assert_right([perceptron for perceptron, _ in trained(student, rng, 5)], X, y, "these seven points")

    @hidden
    @points(1)
    def test_two_hundred_starts(self, student, rng):
        """is right on the whole table, within 100 epochs, for 200 different rngs"""
        X, y = table(2)
        for perceptron, errors in trained(student, rng, 200):
            assert_close(perceptron.predict(X), y, name="the prediction for the table")
            assert_that(
                isinstance(errors, (list, tuple)) and len(errors) <= 100, "errors should have at most 100 entries"
            )
