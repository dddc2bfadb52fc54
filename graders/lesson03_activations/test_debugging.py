"""Grader of debugging.py: diagnoses of broken activations, and a table of curves."""

import numpy as np
from nnedu.checking import assert_close, assert_that, exercise, hidden, points

IDS = (
    "softmax_a",
    "softmax_b",
    "sigmoid_derivative",
    "relu",
    "relu_derivative",
    "leaky_relu",
    "claim_softmax",
    "claim_leaky_relu",
)
CODES = (
    "no_axis",
    "wrong_axis",
    "no_shift",
    "wrong_sign",
    "expects_activation",
    "activated_twice",
    "returns_function",
    "edits_argument",
    "wrong_at_kink",
    "ignores_alpha",
    "needs_small_alpha",
    "independent_classes",
    "wrong_range",
    "claim_holds",
)


def _answers(student):
    found = student.debug_activations()
    assert_that(isinstance(found, dict), f"should return a dict {{id: code}}; found {type(found).__name__}")
    return {name: code for name, code in found.items() if isinstance(name, str) and isinstance(code, str)}


def _assert_right(student, reference, *names):
    found, right = _answers(student), reference.debug_activations()
    wrong = [name for name in names if found.get(name) != right[name]]
    assert_that(not wrong, f"another code fits {' and '.join(wrong)}")


@exercise("debug_activations", sealed=True)
class TestDebugActivations:
    """what is wrong with six lines and two claims"""

    @points(1)
    def test_form(self, student):
        """answers all eight ids, each with a code of CODES"""
        found = _answers(student)
        missing = [name for name in IDS if name not in found]
        assert_that(not missing, f"every id needs a code, a string; without one: {', '.join(missing)}")
        unknown = [name for name in found if name not in IDS]
        assert_that(not unknown, f"only keys of BROKEN and CLAIMS are ids; not one of them: {', '.join(unknown)}")
        strange = [name for name in IDS if found[name] not in CODES]
        assert_that(not strange, f"only keys of CODES are codes; something else is given for {', '.join(strange)}")

    @hidden
    @points(1)
    def test_softmax(self, student, reference):
        """knows what is wrong with the two softmax lines"""
        _assert_right(student, reference, "softmax_a", "softmax_b")

    @hidden
    @points(1)
    def test_slopes(self, student, reference):
        """knows what is wrong with the two slopes"""
        _assert_right(student, reference, "sigmoid_derivative", "relu_derivative")

    @hidden
    @points(1)
    def test_rectifiers(self, student, reference):
        """knows what is wrong with ReLU and Leaky ReLU"""
        _assert_right(student, reference, "relu", "leaky_relu")

    @hidden
    @points(1)
    def test_claims(self, student, reference):
        """judges the two claims"""
        _assert_right(student, reference, "claim_softmax", "claim_leaky_relu")


@exercise("plot_ready_table", after=["sigmoid", "relu", "leaky_relu"])
class TestPlotReadyTable:
    """a table of four curves, ready to plot"""

    NAMES = ("sigmoid", "tanh", "relu", "leaky_relu")

    def _column(self, student, column):
        table = student.plot_ready_table()
        assert_that(
            isinstance(table, dict) and all(isinstance(table.get(name), tuple | list) for name in self.NAMES),
            f"should return a dict with a pair (x, y) for each of {', '.join(self.NAMES)}",
        )
        for name in self.NAMES:
            assert_that(len(table[name]) == 2, f"{name} should be a pair (x, y); found {len(table[name])} items")
        return {name: table[name][column] for name in self.NAMES}

    @points(1)
    def test_grid(self, student):
        """has for each name the 101 numbers from -5 to 5 as x"""
        grid = np.linspace(-5.0, 5.0, 101)
        for name, x in self._column(student, 0).items():
            assert_close(x, grid, name=f"x of {name}")

    @points(1)
    def test_curves(self, student, reference):
        """has for each name the activation at x as y"""
        expected = reference.plot_ready_table()
        for name, y in self._column(student, 1).items():
            assert_close(y, expected[name][1], name=f"y of {name}")
