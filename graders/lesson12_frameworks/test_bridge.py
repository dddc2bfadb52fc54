"""Grader of bridge.py: parameters in PyTorch's form, and the comparison of two frameworks.

The other side is a stand-in of numpy that keeps to PyTorch's form; that it computes what PyTorch does is shown in
tests/oracles, where PyTorch is installed. Nothing here needs it.
"""

import numpy as np
from nnedu.checking import assert_close, assert_pure, assert_that, exercise, hidden, points

KEYS = ("max_forward_diff", "max_grad_diff")


def network(rng, *sizes):
    """W1, b1, ..., in an order that is not that of the layers."""
    params = {}
    for layer in range(len(sizes) - 1, 0, -1):
        params[f"b{layer}"] = rng.normal(size=sizes[layer])
        params[f"W{layer}"] = rng.normal(size=(sizes[layer - 1], sizes[layer])) / np.sqrt(sizes[layer - 1])
    return params


def state_of(rng, *sizes):
    state = {}
    for layer in range(len(sizes) - 1, 0, -1):
        state[f"{2 * layer - 2}.bias"] = rng.normal(size=sizes[layer])
        state[f"{2 * layer - 2}.weight"] = rng.normal(size=(sizes[layer], sizes[layer - 1]))
    return state


def by_framework(state, X, labels):
    """What nn.Sequential and nn.CrossEntropyLoss return for a state: logits and gradients, by x @ weight.T + bias."""
    places = [2 * i for i in range(len(state) // 2)]
    inputs, grads = [np.array(X)], {}
    for place in places[:-1]:
        inputs.append(np.maximum(inputs[-1] @ state[f"{place}.weight"].T + state[f"{place}.bias"], 0.0))
    logits = inputs[-1] @ state[f"{places[-1]}.weight"].T + state[f"{places[-1]}.bias"]
    P = np.exp(logits - logits.max(axis=1, keepdims=True))
    dZ = P / P.sum(axis=1, keepdims=True)
    dZ[np.arange(len(labels)), labels] -= 1.0
    dZ /= len(labels)
    for place, A in zip(places[::-1], inputs[::-1], strict=True):
        grads[f"{place}.weight"], grads[f"{place}.bias"] = dZ.T @ A, dZ.sum(axis=0)
        dZ = (dZ @ state[f"{place}.weight"]) * (A > 0)
    return logits, grads


def off(at_logit, at_grad, name):
    """A framework that is wrong by so much, in one entry of the logits and in one of a gradient."""

    def framework(state, X, labels):
        logits, grads = by_framework(state, X, labels)
        logits[-1, 1] += at_logit
        grads[name].flat[-1] += at_grad
        return logits, grads

    return framework


@exercise("to_torch")
class TestToTorch:
    """parameters in PyTorch's form"""

    @points(1)
    def test_known_value(self, student):
        """gives the names and numbers of the worked example"""
        params = {"W1": np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), "b1": np.array([7.0, 8.0, 9.0])}
        expected = {"0.weight": np.array([[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]), "0.bias": np.array([7.0, 8.0, 9.0])}
        assert_close(student.to_torch(params), expected, name="the state")

    @points(1)
    def test_three_layers(self, student, reference, rng):
        """counts the ReLUs as modules, and turns weights round, also those that are square"""
        for sizes in ((5, 4, 6, 3), (4, 4, 4)):
            params = network(rng, *sizes)
            assert_close(student.to_torch(params), reference.to_torch(params), name="the state")

    @hidden
    @points(1)
    def test_pure(self, student, reference, rng):
        """gives float64 in arrays of their own, for twelve layers too"""
        params = network(rng, 3, *[4] * 11, 2)
        assert_pure(student.to_torch, params, expected=reference.to_torch(params), name="the state")


@exercise("from_torch")
class TestFromTorch:
    """the way back from PyTorch's form"""

    @points(1)
    def test_three_layers(self, student, reference, rng):
        """gives W1, b1, ... in rows, whatever the order in the state"""
        for sizes in ((5, 4, 6, 3), (4, 4, 4)):
            state = state_of(rng, *sizes)
            assert_close(student.from_torch(state), reference.from_torch(state), name="params")

    @hidden
    @points(1)
    def test_float32(self, student, reference, rng):
        """makes float64 of what comes in float32, exactly, in arrays of their own, for twelve layers too"""
        state = {name: value.astype(np.float32) for name, value in state_of(rng, 3, *[4] * 11, 2).items()}
        assert_close(student.from_torch(state), reference.from_torch(state), name="params", rtol=1e-12)
        state = state_of(rng, 4, 3)
        assert_pure(student.from_torch, state, expected=reference.from_torch(state), name="params")


def reported(student, params, X, labels, framework):
    """The two numbers of a report."""
    report = student.parity_report(params, X, labels, framework)
    assert_that(isinstance(report, dict) and set(report) == set(KEYS), f"The report is a dict of {' and '.join(KEYS)}.")
    return report


@exercise("parity_report", after=("to_torch", "from_torch"))
class TestParityReport:
    """how far two frameworks are apart"""

    def judge(self, student, rng, sizes, m, planted):
        params, X, labels = network(rng, *sizes), rng.normal(size=(m, sizes[0])), rng.integers(0, sizes[-1], size=m)
        for at_logit, at_grad, name in planted:
            report = reported(student, params, X, labels, off(at_logit, at_grad, name))
            expected = dict(zip(KEYS, (abs(at_logit), abs(at_grad)), strict=True))
            assert_close(report, expected, name=f"the report of a framework off by {at_logit} and {at_grad}", rtol=1e-9)

    @points(1)
    def test_one_layer(self, student, rng):
        """finds what is planted in the logits and in the gradients of a network of one layer"""
        self.judge(student, rng, (5, 4), 7, [(0.5, -0.125, "0.weight"), (-0.25, 2.0, "0.bias")])

    @points(2)
    def test_three_layers(self, student, rng):
        """finds it in a network of three layers, in whichever gradient it is"""
        planted = [
            (0.5, 0.25, "0.weight"),
            (-0.75, -0.5, "2.weight"),
            (1e-3, 1e-4, "4.weight"),
            (1e-4, -1e-3, "0.bias"),
        ]
        self.judge(student, rng, (5, 4, 6, 3), 7, planted)

    @points(1)
    def test_equal(self, student, rng):
        """finds less than 1e-10 where there is nothing to find, and more where one weight has been moved"""
        params, X, labels = network(rng, 5, 6, 4), rng.normal(size=(7, 5)), rng.integers(0, 4, size=7)
        report = reported(student, params, X, labels, by_framework)
        assert_close(report, dict.fromkeys(KEYS, 0.0), name="the report of two that agree", atol=1e-10)

        def moved(state, X, labels):
            state = dict(state)
            state["2.bias"] = state["2.bias"] + np.array([0.0, 0.0, 1.0, 0.0])
            return by_framework(state, X, labels)

        report = reported(student, params, X, labels, moved)
        assert_close(report["max_forward_diff"], 1.0, name="max_forward_diff", rtol=1e-9)

    @hidden
    @points(1)
    def test_square_layers(self, student, rng):
        """finds it where all layers are square, for large logits and a single sample, and changes no argument"""
        self.judge(student, rng, (4, 4, 4), 6, [(0.5, 0.25, "0.weight"), (-0.5, -0.25, "2.weight")])
        self.judge(student, rng, (4, 3), 1, [(0.125, -0.5, "0.bias")])
        params, X, labels = network(rng, 3, 4), rng.normal(size=(5, 3)), rng.integers(0, 4, size=5)
        params["b1"] = params["b1"] + np.array([1000.0, 0.0, 0.0, 0.0])
        X = X * np.array([[1.0], [3000.0], [-3000.0], [1.0], [2000.0]])
        reply = student.parity_report.reply(params, X, labels, off(2.0, 3.0, "0.weight"))
        assert_close(reply.value, dict(zip(KEYS, (2.0, 3.0), strict=True)), name="the report", rtol=1e-9)
        assert_that(not reply.changed, "parity_report should change no argument")
