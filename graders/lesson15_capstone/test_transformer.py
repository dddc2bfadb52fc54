"""Grader of transformer.py: the second capstone, a transformer for sequences of symbols."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from nnedu.checking import (
    assert_array,
    assert_close,
    assert_gradients_agree,
    assert_raises,
    assert_reaches,
    assert_that,
    exercise,
    hidden,
    points,
)

VOCAB, LENGTH, STEPS = 8, 6, 500
METHODS = ("load", "fit", "loss", "gradients", "predict", "attention")
SQUARE = ("Wq", "Wk", "Wv", "Wo")


@dataclass(frozen=True)
class Sizes:
    """Of a transformer, and of a batch."""

    vocab: int = 7
    D: int = 6
    n_heads: int = 3
    T: int = 5
    F: int = 9
    m: int = 4

    @property
    def made(self):
        """What the class is called with."""
        return self.vocab, self.D, self.n_heads, self.T

    def shapes(self):
        """The shape of each parameter."""
        shapes = {"E": (self.vocab, self.D), **dict.fromkeys(SQUARE, (self.D, self.D))}
        shapes |= dict.fromkeys(("g1", "be1", "b2", "g2", "be2"), (self.D,))
        return shapes | {
            "W1": (self.D, self.F),
            "b1": (self.F,),
            "W2": (self.F, self.D),
            "U": (self.D, self.vocab),
            "c": (self.vocab,),
        }


def waves(T, D):
    """The positional encoding."""
    angles = [[p / 10000.0 ** ((j - j % 2) / D) for j in range(D)] for p in range(T)]
    return np.where(np.arange(D) % 2 == 1, np.cos(angles), np.sin(angles))


def normed(X, scale, shift):
    """Layer normalisation."""
    centred = X - X.mean(axis=2, keepdims=True)
    return scale * centred / np.sqrt((centred**2).mean(axis=2, keepdims=True) + 1e-5) + shift


def walk(p, n_heads, ids, lengths=None):
    """The scores (m, T, vocab), the weights of attention (m, h, T, T), and what ReLU gets (m, T, F)."""
    (m, T), D = ids.shape, p["E"].shape[1]
    d = D // n_heads
    X = p["E"][ids] + waves(T, D)
    shown = np.arange(T) < (np.full(m, T) if lengths is None else lengths)[:, None]
    weights, attended = np.zeros((m, n_heads, T, T)), X.copy()
    for head in range(n_heads):
        at = slice(head * d, (head + 1) * d)
        Q, K, V = (X @ p[name][:, at] for name in SQUARE[:3])
        fit = np.einsum("mid,mjd->mij", Q, K) / np.sqrt(d)
        E = np.exp(fit - fit.max(axis=2, keepdims=True)) * shown[:, None, :]
        weights[:, head] = E / E.sum(axis=2, keepdims=True)
        attended += weights[:, head] @ V @ p["Wo"][at]
    A = normed(attended, p["g1"], p["be1"])
    Z = A @ p["W1"] + p["b1"]
    B = normed(A + np.maximum(Z, 0.0) @ p["W2"] + p["b2"], p["g2"], p["be2"])
    return B @ p["U"] + p["c"], weights, Z


def mean_loss(p, n_heads, ids, targets, lengths=None):
    """The mean cross-entropy over all places that are no padding."""
    scores = walk(p, n_heads, ids, lengths)[0]
    shown = np.arange(ids.shape[1]) < (np.full(len(ids), ids.shape[1]) if lengths is None else lengths)[:, None]
    top = scores.max(axis=2)
    each = top + np.log(np.exp(scores - top[..., None]).sum(axis=2))
    each = each - np.take_along_axis(scores, targets[..., None], axis=2)[..., 0]
    return float(each[shown].mean())


def drawn(rng, sizes, lengths=None):
    """Parameters, symbols and targets, drawn again until nothing is near ReLU's kink or a tie."""
    while True:
        params = {name: rng.normal(size=shape) / np.sqrt(shape[0]) for name, shape in sizes.shapes().items()}
        params |= {name: 1.5 * params[name] for name in ("E", "Wq", "Wk", "U")}
        params |= {name: 0.5 + rng.random(sizes.D) for name in ("g1", "g2")}
        ids, targets = rng.integers(0, sizes.vocab, size=(2, sizes.m, sizes.T))
        scores, _, Z = walk(params, sizes.n_heads, ids, lengths)
        first, second = np.sort(scores, axis=2)[..., :-3:-1].T
        if min(np.abs(Z).min(), np.min(first - second)) > 1e-3:
            return params, ids, targets


def made(student, sizes, params=None):
    """A model, once it is known to be one, with parameters of the grader's."""
    model = student.MiniTransformer(*sizes.made)
    missing = [name for name in METHODS if not hasattr(model, name)]
    assert_that(not missing, f"MiniTransformer should have the methods {', '.join(METHODS)}; it lacks {missing}.")
    if params is not None:
        model.load(params)
    return model


def named(found, names, what):
    """A dict of arrays, once it is known to have these keys."""
    keys = isinstance(found, dict) and set(found) == set(names)
    assert_that(keys, f"{what} should be a dict with the keys {', '.join(names)}.")
    return found


def assert_symbols(found, expected, name):
    """Judge ints of any width."""
    is_ints = type(found) is np.ndarray and found.dtype.kind in "iu"
    assert_that(is_ints, f"{name} should be an array of ints.")
    assert_close(found.astype(float), expected.astype(float), name=name)


def assert_slopes(student, reference, rng, sizes, names, lengths=None):
    """Judge the gradients of some of the parameters."""
    params, ids, targets = drawn(rng, sizes, lengths)
    args = (ids, targets) if lengths is None else (ids, targets, lengths)
    model = reference.MiniTransformer(*sizes.made)
    model.load(params)
    expected = model.gradients(*args)
    ours = made(student, sizes, params)
    found = named(ours.gradients(*args), params, "gradients(ids, targets)")
    assert_gradients_agree(
        {name: found[name] for name in names},
        {name: expected[name] for name in names},
        loss=lambda at: mean_loss({**params, **at}, sizes.n_heads, *args),
        at={name: params[name] for name in names},
        batch=sizes.m * sizes.T,
        factors={"the number of places T": sizes.T, "the number of sequences m": sizes.m},
    )
    assert_close(
        ours.loss(*args), mean_loss(params, sizes.n_heads, *args), name="the loss after gradients were asked for"
    )


def sequences(task, rng, m):
    """Symbols, and what a task makes of them; tasks.py is the student's to change."""
    ids = rng.integers(0, VOCAB, size=(m, LENGTH))
    made_of = {
        "reverse": ids[:, ::-1],
        "shift": ids[:, (np.arange(LENGTH) - 2) % LENGTH],
        "sort": np.sort(ids, axis=1),
        "copy": ids[:, np.zeros(LENGTH, dtype=int)],
    }
    return ids, made_of[task]


def assert_learns(student, rng, task, floor):
    """Judge the share of symbols of 500 new sequences that are right after training."""
    model = made(student, Sizes(vocab=VOCAB, D=32, n_heads=4, T=LENGTH))
    model.fit(task, np.random.default_rng(int(rng.integers(1, 1_000_000))), STEPS)
    ids, targets = sequences(task, rng, 500)
    found = model.predict(ids)
    form = type(found) is np.ndarray and found.dtype.kind in "iu" and found.shape == ids.shape
    assert_that(form, f"predict(ids) should be an array of ints of shape {ids.shape}.")
    assert_reaches(float(np.mean(found == targets)), band=(floor, 1.0), name=f"share of right symbols in {task}")


@exercise("MiniTransformer", trains=True)
class TestMiniTransformer:
    """the second capstone: a transformer of one block"""

    @points(2)
    def test_worked_loss(self, student):
        """gives the loss 0.2390 of the worked example, and one that is finite for large scores"""
        sizes = Sizes(vocab=3, D=2, n_heads=1, T=2, F=1, m=1)
        params = {name: np.zeros(shape) for name, shape in sizes.shapes().items()}
        params |= {"E": np.array([[3.0, 0.0], [0.0, 2.0], [1.0, 1.0]]), "g1": np.ones(2), "g2": np.ones(2)}
        params |= {"U": np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 0.0]]), "c": np.array([0.0, 0.5, 0.0])}
        ids, targets = np.array([[0, 1]]), np.array([[2, 1]])
        found = made(student, sizes, params).loss(ids, targets)
        assert_close(found, mean_loss(params, 1, ids, targets), name="loss of the worked example")
        params["U"] = 1000.0 * params["U"]
        found = made(student, sizes, params).loss(ids, targets[:, ::-1])
        assert_close(found, mean_loss(params, 1, ids, targets[:, ::-1]), name="loss for scores in the thousands")

    @points(2)
    def test_without_attention(self, student, rng):
        """gives the right loss where Wo is zero, so that only embedding, positions, norms and ffn count"""
        sizes = Sizes(D=5, n_heads=1)
        params, ids, targets = drawn(rng, sizes)
        params["Wo"] = np.zeros((5, 5))
        found = made(student, sizes, params).loss(ids, targets)
        assert_close(found, mean_loss(params, 1, ids, targets), name="loss without attention")

    @points(3)
    def test_attention(self, student, rng):
        """shows the weights of attention of each head, and refuses columns that cannot be cut into heads"""
        for sizes in (Sizes(), Sizes(D=8, n_heads=2, T=4, m=3)):
            params, ids, _ = drawn(rng, sizes)
            expected = walk(params, sizes.n_heads, ids)[1]
            assert_close(made(student, sizes, params).attention(ids), expected, name="attention(ids)")
        assert_raises("ValueError", student.MiniTransformer, 8, 10, 4, 6)

    @points(3)
    def test_loss(self, student, rng):
        """gives the right loss with several heads, twice the same, and changes no argument"""
        for sizes in (Sizes(), Sizes(D=8, n_heads=4, T=3, m=1)):
            params, ids, targets = drawn(rng, sizes)
            model = made(student, sizes, params)
            for _ in range(2):
                reply = model.loss.reply(ids, targets)
                assert_that(not reply.changed, "loss should change no argument.")
                assert_close(reply.value, mean_loss(params, sizes.n_heads, ids, targets), name="loss")

    @points(2)
    def test_predict(self, student, rng):
        """names the most probable symbol of each place, from parameters that were loaded"""
        for sizes in (Sizes(m=9), Sizes(vocab=5, T=7, m=2)):
            params, ids, _ = drawn(rng, sizes)
            expected = walk(params, 3, ids)[0].argmax(axis=2)
            assert_symbols(made(student, sizes, params).predict(ids), expected, "predict(ids)")

    @points(3)
    def test_padding(self, student, rng):
        """lets nobody attend to padding, and leaves it out of the loss"""
        for sizes in (Sizes(), Sizes(m=3)):  # as many sequences as heads: what is stretched wrongly would not crash
            lengths = np.concatenate([[sizes.T, 1], rng.integers(2, sizes.T, size=sizes.m - 2)])
            params, ids, targets = drawn(rng, sizes, lengths)
            scores, weights, _ = walk(params, 3, ids, lengths)
            model, shown = made(student, sizes, params), np.arange(sizes.T) < lengths[:, None]
            found = assert_array(model.attention(ids, lengths), shape=weights.shape, name="attention(ids, lengths)")
            at = np.broadcast_to(shown[:, None, :, None], weights.shape)
            assert_close(np.where(at, found, weights), weights, name="attention(ids, lengths)")
            for other in (ids, np.where(shown, ids, rng.integers(0, sizes.vocab, size=ids.shape))):
                found = model.loss(other, targets, lengths)
                assert_close(found, mean_loss(params, 3, ids, targets, lengths), name="loss, with padding")
                found = model.predict(other, lengths)
                form = type(found) is np.ndarray and found.shape == ids.shape
                assert_that(form, f"predict(ids, lengths) should be an array of shape {ids.shape}.")
                assert_symbols(found[shown], scores.argmax(axis=2)[shown], "predict(ids, lengths) in real places")

    @points(4)
    def test_gradients_above(self, student, reference, rng):
        """agrees with the numerical derivative for all that comes after attention: Wo, g1, be1, W1 ... c"""
        names = ("Wo", "g1", "be1", "W1", "b1", "W2", "b2", "g2", "be2", "U", "c")
        assert_slopes(student, reference, rng, Sizes(), names)

    @points(4)
    def test_gradients_of_attention(self, student, reference, rng):
        """agrees with the numerical derivative for E, Wq, Wk and Wv, where symbols come more than once"""
        assert_slopes(student, reference, rng, Sizes(vocab=4), ("E", "Wq", "Wk", "Wv"))

    @points(2)
    def test_fit(self, student, rng):
        """comes to the same parameters with an rng in the same state, also where it fits again"""
        sizes = Sizes(vocab=VOCAB, D=4, n_heads=2, T=LENGTH)
        seed = int(rng.integers(1, 1_000_000))
        model, other = made(student, sizes), made(student, sizes)

        def fitted(one, at, steps=3):
            one.fit("reverse", np.random.default_rng(at), steps)
            names = sizes.shapes()
            return named(one.attribute("params"), names, "params")

        params = fitted(model, seed)
        F = np.shape(params["b1"])[:1]
        assert_that(len(F) == 1, "b1 should have shape (F,).")
        for name, shape in replace(sizes, F=F[0]).shapes().items():
            assert_array(params[name], shape=shape, name=name)
        for at, steps, what in ((seed + 1, 3, "Another rng"), (seed, 2, "Another number of steps")):
            apart = assert_array(fitted(other, at, steps)["U"], shape=(4, VOCAB), name="U")
            assert_that(bool(np.any(apart != params["U"])), f"{what} should lead to other parameters.")
        assert_close(fitted(other, seed), params, name="the parameters after another fit, with the rng of the first")

    @points(2)
    def test_reverse(self, student, rng):
        """learns to reverse sequences: 90 % of the symbols of 500 new ones are right after 500 steps"""
        assert_learns(student, rng, "reverse", 0.90)

    @hidden
    @points(3)
    def test_gradients_with_padding(self, student, reference, rng):
        """has the right gradients with padding, on other sizes, and for one sequence"""
        sizes = Sizes(vocab=5, D=8, n_heads=4, T=4, F=6, m=4)
        assert_slopes(student, reference, rng, sizes, tuple(sizes.shapes()), np.array([4, 2, 3, 2]))
        sizes = Sizes(vocab=4, D=4, n_heads=1, T=6, F=5, m=1)
        assert_slopes(student, reference, rng, sizes, tuple(sizes.shapes()))

    @hidden
    @points(2)
    @pytest.mark.parametrize("task", ["copy", "shift"])
    def test_tasks(self, student, rng, task):
        """learns another task in 500 steps: 99 % of the symbols of 500 new sequences are right"""
        assert_learns(student, rng, task, 0.99)

    @hidden
    @points(2)
    def test_goal(self, student, rng):
        """learns to sort: 98 % of the symbols of 500 new sequences are right after 500 steps"""
        assert_learns(student, rng, "sort", 0.98)
