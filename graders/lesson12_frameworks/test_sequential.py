"""Grader of sequential.py: a network as a row of layers."""

import numpy as np
from nnedu.checking import assert_array, assert_close, assert_gradients_agree, assert_that, exercise, hidden, points

SHAPES = {"0.W": (5, 11), "0.b": (11,), "2.0.W": (11, 4), "2.0.b": (4,), "2.2.W": (4, 3), "2.2.b": (3,)}


def model_of(student, *layers):
    """A Sequential, once it is known to be an object with methods."""
    model = student.Sequential(*layers)
    for method in ("forward", "backward", "params", "grads", "zero_grad", "train", "eval"):
        assert_that(hasattr(model, method), f"a Sequential should be an object with a method {method}")
    return model


def nested(student, rng):
    """A network of three linear layers, two of them in a Sequential of their own."""
    first, second, third = (student.Linear(n, k, rng) for n, k in ((5, 11), (11, 4), (4, 3)))
    return model_of(student, first, student.ReLU(), model_of(student, second, student.ReLU(), third))


def arrays(found, what, shapes=SHAPES):
    assert_that(isinstance(found, dict), f"{what}() should return a dict; found {type(found).__name__}.")
    names = ", ".join(sorted(map(str, found)))
    assert_that(set(found) == set(shapes), f"{what}() should have the keys {', '.join(shapes)}; found {names}.")
    found = {name: assert_array(found[name], shape=shape, name=f"{what}()[{name!r}]") for name, shape in shapes.items()}
    moved = what == "grads" or all(np.any(value != 0.0) for name, value in found.items() if name.endswith("W"))
    assert_that(moved, "the weights of a new network should be random numbers, not 0")
    return found


def layers_of(params):
    names = list(params)
    return [(params[W], params[b]) for W, b in zip(names[::2], names[1::2], strict=True)]


def logits(X, params):
    """The forward pass of lesson 5."""
    *first, (W, b) = layers_of(params)
    for W_hidden, b_hidden in first:
        X = np.maximum(X @ W_hidden + b_hidden, 0.0)
    return X @ W + b


def backward(X, params, dZ):
    """The gradients of lesson 5: of X, and of the parameters."""
    inputs, grads, names = [X], {}, list(params)
    for W, b in layers_of(params)[:-1]:
        inputs.append(np.maximum(inputs[-1] @ W + b, 0.0))
    for i in range(len(inputs) - 1, -1, -1):
        grads[names[2 * i]], grads[names[2 * i + 1]] = inputs[i].T @ dZ, dZ.sum(axis=0)
        dZ = dZ @ params[names[2 * i]].T * ((inputs[i] > 0) if i else 1.0)
    return dZ, {name: grads[name] for name in names}


@exercise("Sequential", after=("Linear", "Dropout", "BatchNorm"))
class TestSequential:
    """layers in a row, which are a layer again"""

    @points(1)
    def test_forward(self, student, rng):
        """goes through the layers in their order, and names the parameters by place and name"""
        model, X = nested(student, rng), rng.normal(size=(7, 5))
        params = arrays(model.params(), "params")
        assert_close(model.forward(X), logits(X, params), name="forward(X)", batch=7)

    @points(1)
    def test_backward(self, student, rng):
        """gives gradients that agree with lesson 5 and with the numerical derivative"""
        model, X, dout = nested(student, rng), rng.normal(size=(7, 5)), rng.normal(size=(7, 3))
        model.forward(X)
        model.backward(dout)
        student.sgd_step(model, 0.1)  # a dead row would sit in the kink of the next ReLU, were its bias 0
        model.zero_grad()
        params = arrays(model.params(), "params")
        assert_close(model.forward(X), logits(X, params), name="forward(X) after a step", batch=7)
        dX = model.backward(dout)
        grads = arrays(model.grads(), "grads")
        dX_right, expected = backward(X, params, dout)
        assert_gradients_agree(
            {"X": dX, **grads},
            {"X": dX_right, **expected},
            loss=lambda at: float(np.sum(dout * logits(at["X"], {name: at[name] for name in params}))),
            at={"X": X, **params},
            batch=7,
        )

    @points(1)
    def test_accumulates(self, student, rng):
        """adds gradients up over two batches, and starts again after zero_grad, in nested layers too"""
        model, shapes = nested(student, rng), (7, 4)
        params = arrays(model.params(), "params")
        batches = [(rng.normal(size=(m, 5)), rng.normal(size=(m, 3))) for m in shapes]
        total = {name: np.zeros(p.shape) for name, p in params.items()}
        for X, dout in batches:
            model.forward(X)
            model.backward(dout)
            total = {name: total[name] + grad for name, grad in backward(X, params, dout)[1].items()}
        assert_close(arrays(model.grads(), "grads"), total, name="grads() after two batches")
        model.zero_grad()
        X, dout = batches[0]
        model.forward(X)
        model.backward(dout)
        expected = backward(X, params, dout)[1]
        assert_close(arrays(model.grads(), "grads"), expected, name="grads() after zero_grad and one batch")

    @points(1)
    def test_modes(self, student, rng):
        """switches all layers between training and evaluation, nested ones too"""
        X = rng.normal(size=(6, 8))
        other = np.random.default_rng(rng.integers(1 << 30))
        model = model_of(student, student.Dropout(0.5, rng), model_of(student, student.Dropout(0.5, other)))
        model.eval()
        assert_close(model.forward(X), X, name="forward(X) in evaluation")
        model.train()
        out = assert_array(model.forward(X), shape=(6, 8), name="forward(X)")
        twice = int(np.sum(np.abs(out - 4.0 * X) < 1e-9))
        assert_that(
            1 <= twice <= 30, f"two layers that keep half should leave about 12 of 48 entries; {twice} are left"
        )

    @hidden
    @points(1)
    def test_parameters_are_the_layers_own(self, student, rng):
        """gives out the arrays themselves: a step of gradient descent moves the network; with BatchNorm, too"""
        linear, norm = student.Linear(5, 4, rng), student.BatchNorm(4)
        model = model_of(student, model_of(student, linear), norm)
        X, dout = rng.normal(size=(9, 5)), rng.normal(size=(9, 4))
        model.forward(X)
        model.backward(dout)
        shapes = {"0.0.W": (5, 4), "0.0.b": (4,), "1.gamma": (4,), "1.beta": (4,)}
        params, grads = arrays(model.params(), "params", shapes), arrays(model.grads(), "grads", shapes)
        assert_that(float(np.abs(grads["0.0.W"]).max()) > 1e-3, "after backward no gradient should be 0")
        student.sgd_step(model, 0.5)
        expected = {name: params[name] - 0.5 * grads[name] for name in params}
        assert_close(arrays(model.params(), "params", shapes), expected, name="params() after a step")
        Z = X @ expected["0.0.W"] + expected["0.0.b"]
        X_hat = (Z - Z.mean(axis=0)) / np.sqrt(Z.var(axis=0) + 1e-5)
        assert_close(model.forward(X), expected["1.gamma"] * X_hat + expected["1.beta"], name="forward(X) after a step")
