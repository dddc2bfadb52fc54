"""Mutants: every slip that a formula invites is made once, and what is no formula stays as it is."""

import ast

import pytest

from nnedu.authoring.mutations import mutants

WHOLE = '''
"""A module."""
import numpy as np

_TABLE = {"a": lambda z: np.exp(z), "b": 2.0}


def f(x: np.ndarray, axis: int = 0) -> np.ndarray:
    """Text, 1 + 1."""
    if axis not in {0, 1}:
        message = f"axis {axis + 1} of {len(x)}"
        raise ValueError(message + "!")
    return x.sum(axis=axis, keepdims=True)


class C:
    """Text."""

    def g(self, y):
        """Text, 2 + 2."""
        self.n = self.n + y
        return -y


def other():
    return 1
'''


def becomes(body, head="def f(x, y, i):"):
    """What the statements of a function become."""
    source = f"{head}\n" + "".join(f"    {line}\n" for line in body.split("\n"))
    return {(one.line, one.becomes) for one in mutants("m", source, ["f"])}


@pytest.mark.parametrize(
    ("line", "slips"),
    [
        ("return x + y", {"return x - y", "return x", "return y"}),
        ("return x @ y", {"return x * y", "return x", "return y"}),
        ("return x ** 2", {"return x * 2", "return x", "return 2", "return x ** 3", "return x ** 1"}),
        ("return x / y", {"return x * y"}),
        ("return x < y", {"return x <= y", "return x >= y"}),
        ("return x >= y", {"return x > y", "return x < y"}),
        ("return x == y", {"return x != y"}),
        ("return x in y", {"return x not in y"}),
        ("return x is None", {"return x is not None"}),
        ("return x or y", {"return x and y", "return x", "return y"}),
        ("return not x", {"return x"}),
        ("return -x", {"return x"}),
        ("return True", {"return False"}),
        ("return 1e-08", {"return 2e-08", "return -1e-08"}),
        ("return 0.0", {"return 1.0", "return -1.0"}),
        ("return 0", {"return 1", "return -1"}),
        ("return 'he'", {"return 'he_'"}),
        ("return x.T", {"return x"}),
        ("return x.size", {"return len(x)"}),
        ("return x[i]", {"return x"}),
        ("return x[i:y]", {"return x[:y]", "return x[i:]", "return x"}),
        ("return x.copy()", {"return x"}),
        ("return np.sqrt(x)", {"return x"}),
        ("return np.dot(x, y)", {"return np.dot(y, x)", "return x"}),
        ("return np.maximum(x, y)", {"return np.minimum(x, y)"}),
        ("return sum(x)", {"return mean(x)", "return x"}),
        ("return x.mean(axis=0)", {"return x.sum(axis=0)", "return x.mean()", "return x.mean(axis=1)", "return x"}),
        ("return x.sum(axis=0, keepdims=True)", {"return x.sum(keepdims=True)", "return x.sum(axis=0)"}),
        ("return (x, y)", {"return (y, x)"}),
        ("return x if i else y", {"return y if i else x"}),
        ("i += x", {"i = x", "i -= x", "pass"}),
        ("x = x + y", {"x += y", "pass", "x = x - y"}),
        ("x.sort()", {"x", "pass"}),
    ],
)
def test_each_slip_is_made(line, slips):
    """And shown as the statement before and after."""
    assert slips <= {after for before, after in becomes(line) if before == line}


def test_conditions_are_negated_and_dropped():
    """With all that hangs on them."""
    found = becomes("if x:\n    return y\nreturn i")
    assert {("if x:", "if not x:"), ("if x:", "pass")} <= found
    assert ("break", "pass") in becomes("for i in x:\n    break")
    assert ("for i in x:", "pass") in becomes("for i in x:\n    y = i")


def test_defaults_change_and_types_do_not():
    """The head of a function is shown without its types."""
    found = becomes("return x", head="def f(x: 'int' = 3, *, y: tuple[int, 4] = (5,)) -> 6:")
    assert found == {
        ("def f(x=3, *, y=(5,))", f"def f(x={x}, *, y=({y},))") for x, y in ((4, 5), (2, 5), (3, 6), (3, 4))
    }


def test_names_that_are_bound_stay():
    """What is assigned to, and what a loop counts with."""
    assert becomes("x[i + 1] = y") == {("x[i + 1] = y", "pass")}
    assert becomes("for x[1] in y:\n    pass") == {("for x[1] in y:", "pass")}


def test_a_change_that_changes_nothing_is_none():
    """The product of an array with itself, its factors exchanged."""
    assert becomes("return np.dot(x, x)") == {("return np.dot(x, x)", "return x")}


def test_only_the_named_definitions_change():
    """Functions, classes and tables, one at a time."""
    found = mutants("m", WHOLE, ["f", "C", "_TABLE"])
    assert {one.inside for one in found} == {"f", "C", "_TABLE"}
    assert all("return 1\n" in one.source + "\n" for one in found)
    assert {one.line for one in found if one.inside == "_TABLE"} == {"'a'", "'b'", "lambda z: np.exp(z)", "2.0"}


def test_words_are_not_formulas():
    """Docstrings, annotations, what is printed into a text, what is raised."""
    for one in mutants("m", WHOLE, ["f", "C", "_TABLE"]):
        assert "Text, 1 + 1." in one.source
        assert "Text, 2 + 2." in one.source
        assert "axis: int=" in one.source
        if "message" in one.source:
            assert "raise ValueError(message + '!')" in one.source or one.becomes == "pass"


def test_a_mutant_is_one_change_and_no_two_are_one():
    """Each can be compiled, and none is the solution itself."""
    found = mutants("m", WHOLE, ["f", "C", "_TABLE"])
    texts = [one.source for one in found]
    assert len(set(texts)) == len(texts) > 20
    assert ast.unparse(ast.parse(WHOLE)) not in texts
    for one in found:
        compile(one.source, "m.py", "exec")
    assert found == mutants("m", WHOLE, ["f", "C", "_TABLE"])
