"""What graders import from nnedu.checking, in plain numpy: with it nbgrader and otter run the very same checks.

Copied beside the notebook of the comparison, where nnedu is not installed. It judges no less than a careful author
would write by hand, and proves no gradient numerically, as nnedu does not either once a class is being graded.
"""
# ruff: noqa: INP001, ANN001, ANN002, ANN003, ANN201, ANN202, D103, S101 - of scripts; as an author writes helpers for a notebook

import copy
import inspect

import numpy as np

EXERCISES = {}


def exercise(name, **_):
    def attach(cls):
        EXERCISES[name] = cls
        return cls

    return attach


def points(_):
    return lambda check: check


def hidden(check):
    return check


def run(name, check, student, reference):
    cls = EXERCISES[name]
    given = {"student": student, "reference": reference, "rng": np.random.default_rng(list(check.encode()))}
    method = getattr(cls(), check)
    method(**{wanted: given[wanted] for wanted in inspect.signature(method).parameters})


def assert_that(condition, message):
    assert condition, message


def assert_number(value, *, name):
    assert np.shape(value) == (), f"{name} should be a number"
    assert np.isfinite(value), f"{name} should be finite"
    return float(value)


def assert_array(value, *, shape, name):
    assert isinstance(value, np.ndarray), f"{name} should be an array"
    assert value.dtype == np.float64, f"{name} should be of float64"
    assert value.shape == shape, f"{name} should be of shape {shape}"
    assert np.all(np.isfinite(value)), f"{name} should be finite"
    return value


def assert_close(actual, expected, *, name="", rtol=1e-7, atol=1e-10, **_):
    if isinstance(expected, dict):
        assert set(actual) == set(expected), f"{name} should have the keys {sorted(expected)}"
        for key, value in expected.items():
            assert_close(actual[key], value, name=key, rtol=rtol, atol=atol)
    elif isinstance(expected, (tuple, list)):
        assert len(actual) == len(expected), f"{name} should hold {len(expected)} values"
        for ours, theirs in zip(actual, expected, strict=True):
            assert_close(ours, theirs, name=name, rtol=rtol, atol=atol)
    else:
        assert_array(actual, shape=np.shape(expected), name=name)
        np.testing.assert_allclose(actual, expected, rtol=rtol, atol=atol, err_msg=str(name))


def assert_trajectory(actual, expected, *, name, rtol=1e-8, atol=1e-12):
    assert_close(list(actual), list(expected), name=name, rtol=rtol, atol=atol)


def assert_gradients_agree(actual, expected, *, loss, at, **_):
    del loss
    for key in at if isinstance(at, dict) else [None]:
        ours, theirs = (actual, expected) if key is None else (actual[key], expected[key])
        assert_array(ours, shape=theirs.shape, name=f"d{key}")
        gap = ours - theirs
        assert np.linalg.norm(gap) < 1e-6 * max(np.linalg.norm(ours), np.linalg.norm(theirs)), f"d{key} is wrong"
        assert np.max(np.abs(gap)) < 1e-5 * np.max(np.abs(theirs)), f"d{key} is wrong"


def assert_pure(function, *args, expected, name="", rtol=1e-7, atol=1e-10, **kwargs):
    before = copy.deepcopy(_arrays(args))
    result = function(*args, **kwargs)
    assert all(map(np.array_equal, _arrays(args), before)), "changes an argument"
    assert_close(result, expected, name=name, rtol=rtol, atol=atol)
    assert not any(np.shares_memory(a, r) for a in _arrays(args) for r in _arrays(result)), "returns its own input"
    assert_close(function(*args, **kwargs), expected, name=name, rtol=rtol, atol=atol)


def _arrays(value):
    if isinstance(value, np.ndarray):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, (tuple, list)) else []
    return [array for item in items for array in _arrays(item)]


def assert_raises(error, function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except Exception as raised:  # noqa: BLE001 - whatever a student's code raises
        found = type(raised).__name__
    else:
        found = "nothing"
    assert found == error, f"raises {found} instead of {error}"
