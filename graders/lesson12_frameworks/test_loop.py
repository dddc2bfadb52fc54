"""Grader of loop.py: a training loop with six faults, each with a check of its own."""

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


def mean_loss(logits, labels):
    """Mean cross-entropy, for the numerical derivative."""
    top = logits.max(axis=1)
    return float(
        np.mean(np.log(np.exp(logits - top[:, None]).sum(axis=1)) + top - logits[np.arange(len(labels)), labels])
    )


@exercise("cross_entropy")
class TestCrossEntropy:
    """the cross-entropy of logits, with labels that are integers"""

    @points(1)
    def test_loss_of_one_sample(self, student):
        """is log 4 for four equal logits, and near 0 where the right logit leads by 30"""
        loss = self.parts(student.cross_entropy(np.zeros((1, 4)), np.array([2])), (1, 4))[0]
        assert_close(loss, float(np.log(4.0)), name="the loss")
        sure = np.array([[30.0, 0.0, 0.0]])
        loss, _ = self.parts(student.cross_entropy(sure, np.array([0])), (1, 3))
        assert_close(loss, 2.0 * float(np.exp(-30.0)), name="the loss of one who is sure", rtol=1e-3, atol=1e-9)

    def parts(self, result, shape):
        assert_that(isinstance(result, (tuple, list)) and len(result) == 2, "The result is a pair, (loss, dlogits).")
        assert_array(result[1], shape=shape, name="dlogits")
        return result

    @points(1)
    def test_gradient(self, student, reference, rng):
        """has a gradient that agrees with the numerical derivative of the loss"""
        logits, labels = 2.0 * rng.normal(size=(7, 4)), rng.integers(0, 4, size=7)
        _, dlogits = self.parts(student.cross_entropy(logits, labels), (7, 4))
        assert_gradients_agree(
            dlogits,
            reference.cross_entropy(logits, labels)[1],
            loss=lambda at: mean_loss(at, labels),
            at=logits,
            batch=7,
        )

    @points(1)
    def test_labels(self, student, rng):
        """takes the logit of each sample's own label, also where there are as many classes as samples"""
        for m, K in ((7, 4), (5, 5)):
            logits, labels = rng.normal(size=(m, K)), rng.integers(0, K, size=m)
            loss, _ = self.parts(student.cross_entropy(logits, labels), (m, K))
            assert_close(
                loss, mean_loss(logits, labels), name="the loss", batch=m, factors={"the number of classes K": K}
            )

    @hidden
    @points(1)
    def test_large_logits(self, student, reference, rng):
        """is right for logits near 1000 and 1e-3, and changes no argument"""
        labels = rng.integers(0, 3, size=6)
        for scale, shift in ((1.0, 1000.0), (1e-3, 0.0), (900.0, 0.0), (3.0, np.linspace(-1000.0, 1000.0, 6)[:, None])):
            logits = scale * rng.normal(size=(6, 3)) + shift
            expected = reference.cross_entropy(logits, labels)
            assert_pure(student.cross_entropy, logits, labels, expected=expected, name=("the loss", "dlogits"))


def stand_in(logits, labels):
    """A loss without any softmax: mean of (logits - labels)² / 2 over the rows."""
    apart = logits - labels[:, None]
    return float(0.5 * np.sum(apart**2) / len(apart)), apart / len(apart)


def weighted(logits, labels):
    """A loss of which batches with the label 0 have no gradient."""
    value, gradient = stand_in(logits, labels)
    return value, gradient * (labels[:1] != 0)


def linear(student, rng, n=5, k=3):
    """A network of one layer, in a Sequential, and its parameters."""
    model = student.Sequential(student.Linear(n, k, rng))
    assert_that(hasattr(model, "params"), f"a Sequential should be an object; found {type(model).__name__}")
    params, shapes = model.params(), {"0.W": (n, k), "0.b": (k,)}
    names = isinstance(params, dict) and set(params) == set(shapes)
    assert_that(names, "params() of a Sequential with one Linear should have the keys 0.W and 0.b")
    return model, {name: assert_array(params[name], shape=shape, name=name) for name, shape in shapes.items()}


def walk(params, batches, loss, lrs, max_norm=np.inf):
    """The losses of the batches and the parameters at the end, step by step."""
    W, b, losses = params["0.W"], params["0.b"], []
    for (X, labels), lr in zip(batches, lrs, strict=True):
        value, d = loss(X @ W + b, labels)
        dW, db = X.T @ d, d.sum(axis=0)
        norm = float(np.sqrt(np.sum(dW**2) + np.sum(db**2)))
        share = min(1.0, max_norm / norm) if norm > 0 else 1.0
        W, b = W - lr * share * dW, b - lr * share * db
        losses.append(value)
    return losses, {"0.W": W, "0.b": b}


def some(rng, count, n=5):
    return [(rng.normal(size=(m, n)), rng.integers(1, 4, size=m).astype(float)) for m in (6, 6, 4, 5)[:count]]


def constant(lr):
    return lambda step: lr


def assert_epoch(student, rng, batches, loss, schedule, *, step=0, max_norm=np.inf, left=False):
    """Judge the losses and the parameters after an epoch."""
    model, params = linear(student, rng)
    if left:  # gradients that somebody has left behind
        model.forward(batches[0][0])
        model.backward(np.ones((len(batches[0][0]), 3)))
    lrs = [schedule(step + i) for i in range(len(batches))]
    losses, expected = walk(params, batches, loss, lrs, max_norm)
    result = student.train_epoch(model, batches, loss, schedule, step, max_norm)
    assert_that(isinstance(result, (tuple, list)) and len(result) == 2, "The result is a pair, (losses, step).")
    assert_that(isinstance(result[0], (tuple, list)), "The losses are a list, the first of the two results.")
    assert_close(model.params(), expected, name="params() after the epoch")
    assert_close(list(result[0]), losses, name="losses")
    return result[1]


@exercise("train_epoch", after=("Linear", "Sequential"))
class TestTrainEpoch:
    """one epoch of training"""

    @points(1)
    def test_own_gradients(self, student, rng):
        """uses in each step the gradients of its own batch alone, not those that are left in the model"""
        assert_epoch(student, rng, some(rng, 3), stand_in, constant(0.1), left=True)

    @points(1)
    def test_clipping(self, student, rng):
        """clips the gradients of the batch to max_norm, all together, and lets smaller ones through"""
        assert_epoch(student, rng, some(rng, 1), stand_in, constant(0.5), max_norm=0.25)
        assert_epoch(student, rng, some(rng, 1), stand_in, constant(0.5), max_norm=1000.0)

    @points(1)
    def test_schedule(self, student, rng):
        """asks the schedule for a learning rate in each step, and counts steps on from epoch to epoch"""
        batches = [(X, labels * (i == 2)) for i, (X, labels) in enumerate(some(rng, 3))]
        step = assert_epoch(student, rng, batches, weighted, lambda step: 0.5 / (1 + step), step=4)
        assert_close(step, 7, name="step")

    @hidden
    @points(2)
    def test_all(self, student, rng):
        """does all of it together, in training mode, also where the model comes in evaluation mode"""
        step = assert_epoch(student, rng, some(rng, 4), stand_in, lambda step: 0.5 / (1 + step), step=3, max_norm=0.5)
        assert_close(step, 7, name="step")
        model = student.Sequential(student.Dropout(0.5, rng))
        model.eval()
        seen = []

        def looking(logits, labels):
            seen.append(np.array(logits))
            return stand_in(logits, labels)

        steps = []

        def noting(step):
            steps.append(step)
            return 0.1

        student.train_epoch(model, [(np.ones((8, 9)), np.ones(8))], looking, noting)
        assert_that(steps == [0], "steps should be counted from 0, unless step says otherwise")
        assert_that(len(seen) == 1 and 0 < int(np.sum(seen[0] == 0.0)) < 72, "training should drop some of the entries")


@exercise("evaluate", after=("Dropout", "BatchNorm", "Sequential"))
class TestEvaluate:
    """the share of samples that is placed right"""

    def right(self, X, labels):
        return float(np.mean(X.argmax(axis=1) == labels))

    @points(1)
    def test_dropout(self, student, rng):
        """is the same each time, although the model has dropout and comes in training mode"""
        model, X, labels = (
            student.Sequential(student.Dropout(0.5, rng)),
            rng.normal(size=(60, 3)),
            rng.integers(0, 3, size=60),
        )
        labels[:30] = X[:30].argmax(axis=1)
        for _ in range(2):
            assert_close(student.evaluate(model, X, labels), self.right(X, labels), name="the accuracy")

    @points(1)
    def test_batchnorm(self, student, rng):
        """uses the running statistics, and does not move them"""
        X, labels = 3.0 * rng.normal(size=(40, 3)) + np.array([2.0, 0.0, -1.0]), rng.integers(0, 3, size=40)
        labels[:20] = X[:20].argmax(axis=1)
        model = student.BatchNorm(3)
        assert_close(student.evaluate(model, X, labels), self.right(X, labels), name="the accuracy")
        assert_close(model.attribute("running_mean"), np.zeros(3), name="running_mean")

    @hidden
    @points(1)
    def test_back_to_training(self, student, rng):
        """leaves the model in training mode, and is right for a single sample"""
        model, X = student.Sequential(student.Dropout(0.5, rng)), np.array([[1.0, 3.0, 2.0]])
        assert_close(student.evaluate(model, X, np.array([1])), 1.0, name="the accuracy")
        assert_close(student.evaluate(model, X, np.array([2])), 0.0, name="the accuracy")
        linear_model, params = linear(student, rng)
        X, labels = rng.normal(size=(40, 5)), rng.integers(0, 3, size=40)
        expected = self.right(X @ params["0.W"] + params["0.b"], labels)
        assert_close(student.evaluate(linear_model, X, labels), expected, name="the accuracy")
        dropped = assert_array(model.forward(np.ones((9, 8))), shape=(9, 8), name="forward(X)") == 0.0
        assert_that(0 < int(dropped.sum()) < 72, "after evaluate the model should be in training mode")
