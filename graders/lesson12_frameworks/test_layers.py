"""Grader of layers.py: layers as objects, which keep their parameters and add up their gradients."""

import numpy as np
from nnedu.checking import (
    assert_array,
    assert_close,
    assert_gradients_agree,
    assert_raises,
    assert_that,
    exercise,
    hidden,
    points,
)


def made(layer, *methods):
    """A layer, once it is known to be an object with these methods."""
    for method in ("forward", "backward", *methods):
        assert_that(hasattr(layer, method), f"a layer should be an object with a method {method}")
    return layer


def arrays(found, shapes, what):
    """A dict of arrays, once its names and shapes are known to be right."""
    assert_that(isinstance(found, dict), f"{what}() should return a dict; found {type(found).__name__}.")
    names = ", ".join(sorted(map(str, found)))
    assert_that(set(found) == set(shapes), f"{what}() should have the keys {', '.join(sorted(shapes))}; found {names}.")
    return {name: assert_array(found[name], shape=shape, name=f"{what}()[{name!r}]") for name, shape in shapes.items()}


def linear(student, rng, n=5, k=4):
    """A linear layer, and its weights and biases."""
    layer = made(student.Linear(n, k, rng), "params", "grads", "zero_grad")
    params = arrays(layer.params(), {"W": (n, k), "b": (k,)}, "params")
    assert_that(bool(np.all(params["W"] != 0.0)), "the weights of a new layer should be random numbers, not 0")
    return layer, params["W"], params["b"]


@exercise("Linear")
class TestLinear:
    """an affine layer that keeps its parameters and adds up its gradients"""

    @points(1)
    def test_start(self, student, rng):
        """starts with weights of mean 0 and variance 2/n_in drawn by rng, biases of 0 and gradients of 0"""
        layer, W, b = linear(student, rng, 200, 30)
        assert_that(abs(float(W.mean())) < 0.006, f"the mean of W should be near 0; found {W.mean():.4f}")
        assert_that(abs(float(W.std()) - 0.1) < 0.005, f"the spread of W should be near 0.1; found {W.std():.4f}")
        assert_close(b, np.zeros(30), name="b")
        zeros = {"W": np.zeros((200, 30)), "b": np.zeros(30)}
        assert_close(arrays(layer.grads(), {"W": (200, 30), "b": (30,)}, "grads"), zeros, name="grads()")
        _, again, _ = linear(student, rng, 200, 30)
        assert_close(again, W, name="W of a second layer with an rng in the same state")

    @points(1)
    def test_gradients(self, student, rng):
        """is X @ W + b, and gives gradients that agree with the numerical derivative"""
        layer, W, b = linear(student, rng)
        X, dout = rng.normal(size=(7, 5)), rng.normal(size=(7, 4))
        assert_close(layer.forward(X), X @ W + b, name="forward(X)", batch=7)
        dX = layer.backward(dout)
        grads = arrays(layer.grads(), {"W": (5, 4), "b": (4,)}, "grads")
        assert_gradients_agree(
            (dX, grads["W"], grads["b"]),
            (dout @ W.T, X.T @ dout, dout.sum(axis=0)),
            loss=lambda at: float(np.sum(dout * (at[0] @ at[1] + at[2]))),
            at=(X, W, b),
            names=("dX", "dW", "db"),
            batch=7,
        )

    @points(1)
    def test_accumulates(self, student, rng):
        """adds the gradients of every backward up, until zero_grad"""
        layer, _, _ = linear(student, rng)
        X, dout, shapes = rng.normal(size=(7, 5)), rng.normal(size=(7, 4)), {"W": (5, 4), "b": (4,)}
        once = {"W": X.T @ dout, "b": dout.sum(axis=0)}
        for times in (1, 2, 3):
            layer.forward(X)
            layer.backward(dout)
            expected = {name: times * grad for name, grad in once.items()}
            assert_close(arrays(layer.grads(), shapes, "grads"), expected, name=f"grads() after {times} backward")
        layer.zero_grad()
        layer.forward(X)
        layer.backward(2.0 * dout)
        doubled = {name: 2.0 * grad for name, grad in once.items()}
        assert_close(layer.grads(), doubled, name="grads() after zero_grad and one more backward")

    @hidden
    @points(1)
    def test_last_forward(self, student, rng):
        """goes back through its last forward, whatever its batch size was, and changes nothing that comes in"""
        layer, W, _ = linear(student, rng, 4, 3)
        layer.forward(rng.normal(size=(6, 4)))
        X, dout = rng.normal(size=(1, 4)), rng.normal(size=(1, 3))
        reply = layer.forward.reply(X)
        assert_that(not reply.changed, "forward should leave X as it was")
        reply = layer.backward.reply(dout)
        assert_close(reply.value, dout @ W.T, name="dX")
        assert_that(not reply.changed, "backward should leave dout as it was")
        assert_close(layer.grads(), {"W": X.T @ dout, "b": dout[0]}, name="grads()")
        student.sgd_step(layer, 0.5)
        moved = X @ (W - 0.5 * X.T @ dout) - 0.5 * dout
        assert_close(layer.forward(X), moved, name="forward(X) after a step of gradient descent")
        other, _, _ = linear(student, rng, 4, 3)
        assert_close(other.grads(), {"W": np.zeros((4, 3)), "b": np.zeros(3)}, name="grads() of another layer")


@exercise("Dropout")
class TestDropout:
    """dropout as a layer with a mode"""

    @points(1)
    def test_training(self, student, rng):
        """drops anew in each forward, divides what stays by keep, and sends gradients the same way"""
        layer, X, dout = (
            made(student.Dropout(0.8, rng), "train", "eval"),
            rng.normal(size=(40, 50)) + 9.0,
            rng.normal(size=(40, 50)),
        )
        first = assert_array(layer.forward(X), shape=(40, 50), name="forward(X)")
        second = assert_array(layer.forward(X), shape=(40, 50), name="forward(X)")
        kept = second != 0.0
        assert_that(abs(float(kept.mean()) - 0.8) < 0.06, f"about 80 % should stay; {100 * kept.mean():.0f} % did")
        assert_that(bool(np.any((first != 0.0) != kept)), "each forward should draw anew")
        assert_close(second, np.where(kept, X / 0.8, 0.0), name="forward(X)", factors={"keep": 0.8})
        assert_close(layer.backward(dout), np.where(kept, dout / 0.8, 0.0), name="dX", factors={"keep": 0.8})

    @hidden
    @points(1)
    def test_modes(self, student, rng):
        """does nothing after eval(), forward or backward, drops again after train(), and refuses keep = 0"""
        layer, X, dout = (
            made(student.Dropout(0.5, rng), "train", "eval"),
            rng.normal(size=(9, 8)),
            rng.normal(size=(9, 8)),
        )
        layer.forward(X)
        layer.eval()
        assert_close(layer.forward(X), X, name="forward(X) in evaluation")
        assert_close(layer.backward(dout), dout, name="dX in evaluation")
        layer.train()
        again = assert_array(layer.forward(X), shape=(9, 8), name="forward(X)")
        dropped = again == 0.0
        assert_that(0 < dropped.sum() < 72, "after train() some entries should be dropped")
        assert_close(again, np.where(dropped, 0.0, 2.0 * X), name="forward(X) after train()")
        assert_close(made(student.Dropout(1.0, rng)).forward(X), X, name="forward(X) with keep = 1")
        for keep in (0.0, 1.25):
            assert_raises("ValueError", student.Dropout, keep, rng)


def normalised(X, eps=1e-5):
    return (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + eps)


@exercise("BatchNorm")
class TestBatchNorm:
    """batch normalisation as a layer with a mode and a memory"""

    @points(1)
    def test_forward(self, student, rng):
        """normalises the batch in training, and moves the running statistics by momentum"""
        layer, means, variances = made(student.BatchNorm(4), "train", "eval"), np.zeros(4), np.ones(4)
        for m in (7, 5):
            X = 2.0 * rng.normal(size=(m, 4)) + 3.0
            assert_close(layer.forward(X), normalised(X), name="forward(X)", batch=m)
            means, variances = 0.9 * means + 0.1 * X.mean(axis=0), 0.9 * variances + 0.1 * X.var(axis=0)
            assert_close(layer.attribute("running_mean"), means, name="running_mean", batch=m)
            assert_close(layer.attribute("running_var"), variances, name="running_var", batch=m)

    @points(1)
    def test_backward(self, student, rng):
        """gives gradients that agree with the numerical derivative, and adds those of gamma and beta up"""
        layer, X, dout = (
            made(student.BatchNorm(4, eps=0.01), "params", "grads"),
            rng.normal(size=(7, 4)),
            rng.normal(size=(7, 4)),
        )
        shapes = {"gamma": (4,), "beta": (4,)}
        params = arrays(layer.params(), shapes, "params")
        assert_close(params, {"gamma": np.ones(4), "beta": np.zeros(4)}, name="params()")
        layer.forward(X)
        dX = layer.backward(dout)
        grads = arrays(layer.grads(), shapes, "grads")
        X_hat, std = normalised(X, 0.01), np.sqrt(X.var(axis=0) + 0.01)
        assert_gradients_agree(
            (dX, grads["gamma"], grads["beta"]),
            (
                (dout - dout.mean(axis=0) - X_hat * (dout * X_hat).mean(axis=0)) / std,
                (dout * X_hat).sum(axis=0),
                dout.sum(axis=0),
            ),
            loss=lambda at: float(np.sum(dout * (at[1] * normalised(at[0], 0.01) + at[2]))),
            at=(X, params["gamma"], params["beta"]),
            names=("dX", "dgamma", "dbeta"),
            batch=7,
        )
        layer.backward(dout)
        twice = {name: 2.0 * grad for name, grad in grads.items()}
        assert_close(layer.grads(), twice, name="grads() after a second backward")

    @hidden
    @points(1)
    def test_evaluation(self, student, rng):
        """uses the running statistics in evaluation and leaves them, obeys momentum and eps, and has its own gamma"""
        layer, X = made(student.BatchNorm(3, momentum=0.25, eps=0.3), "train", "eval"), rng.normal(size=(8, 3)) + 2.0
        layer.forward(X)
        means, variances = 0.25 * X.mean(axis=0), 0.75 + 0.25 * X.var(axis=0)
        layer.eval()
        new = rng.normal(size=(1, 3))
        for _ in range(2):
            assert_close(layer.forward(new), (new - means) / np.sqrt(variances + 0.3), name="forward(X) in evaluation")
        layer.train()
        assert_close(layer.forward(X), normalised(X, 0.3), name="forward(X) after train()")
        dout = rng.normal(size=(8, 3))
        layer.backward(dout)
        layer.zero_grad()
        zeros = np.zeros(3)
        assert_close(layer.grads(), {"gamma": zeros, "beta": zeros}, name="grads() after zero_grad()")
        student.sgd_step(layer, 0.5)
        layer.backward(dout)
        student.sgd_step(layer, 0.5)
        gamma, beta = 1.0 - 0.5 * (dout * normalised(X, 0.3)).sum(axis=0), -0.5 * dout.sum(axis=0)
        assert_close(layer.forward(X), gamma * normalised(X, 0.3) + beta, name="forward(X) after a step")
        dX_hat, X_hat, std = dout * gamma, normalised(X, 0.3), np.sqrt(X.var(axis=0) + 0.3)
        expected = (dX_hat - dX_hat.mean(axis=0) - X_hat * (dX_hat * X_hat).mean(axis=0)) / std
        assert_close(layer.backward(dout), expected, name="dX after a step")
