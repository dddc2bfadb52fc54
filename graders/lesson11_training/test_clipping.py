"""Grader of clipping.py: a limit on the length of all gradients together."""

import numpy as np
from nnedu.checking import (
    assert_array,
    assert_close,
    assert_number,
    assert_pure,
    assert_that,
    exercise,
    hidden,
    points,
)

NAMES = ("the clipped gradients", "the total norm")


def gradients(rng, scale=1.0):
    """Gradients of a small network, such that none of its arrays has the others' length."""
    shapes = {"W1": (5, 4), "b1": (4,), "W2": (4, 3), "b2": (3,)}
    return {name: scale * rng.uniform(0.3, 3.0) * rng.normal(size=shape) for name, shape in shapes.items()}


def length(grads):
    """The norm of all arrays together."""
    return float(np.linalg.norm(np.concatenate([one.ravel() for one in grads.values()])))


def parts(result, grads):
    """What clip_grad_norm returned, once its form is known to be right."""
    form = isinstance(result, (tuple, list)) and len(result) == 2 and isinstance(result[0], dict)
    assert_that(form, "The result should be two values, (dict of clipped gradients, total norm).")
    assert_that(set(result[0]) == set(grads), f"The clipped gradients should have the keys {sorted(grads)}.")
    found = {name: assert_array(result[0][name], shape=one.shape, name=name) for name, one in grads.items()}
    return found, result[1]


@exercise("clip_grad_norm")
class TestClipGradNorm:
    """gradients no longer than allowed, all together"""

    @points(1)
    def test_known_value(self, student):
        """gives the numbers of the worked example, with a total norm of 13"""
        grads = {"W1": np.array([[3.0, -4.0]]), "b1": np.array([12.0])}
        expected = {name: one * (6.5 / (13.0 + 1e-6)) for name, one in grads.items()}
        assert_close(student.clip_grad_norm(grads, 6.5), (expected, 13.0), name=NAMES)

    @points(1)
    def test_random(self, student, reference, rng):
        """is right for four gradients that are far too long"""
        grads = gradients(rng, 4.0)
        assert_close(student.clip_grad_norm(grads, 1.5), reference.clip_grad_norm(grads, 1.5), name=NAMES)

    @points(1)
    def test_total_norm(self, student, rng):
        """returns the norm of all gradients before clipping, be they long or short"""
        for scale, max_norm in ((3.0, 1.0), (0.01, 2.0)):
            grads = gradients(rng, scale)
            _, total = parts(student.clip_grad_norm(grads, max_norm), grads)
            assert_close(assert_number(total, name="the total norm"), length(grads), name="the total norm")

    @points(1)
    def test_short(self, student, rng):
        """leaves gradients alone that are short enough"""
        grads = gradients(rng, 0.02)
        found, _ = parts(student.clip_grad_norm(grads, 3.0), grads)
        assert_close(found, grads, name="the clipped gradients")

    @points(1)
    def test_direction(self, student, rng):
        """shortens all arrays by one factor, so that the direction stays"""
        grads = gradients(rng, 5.0)
        found, _ = parts(student.clip_grad_norm(grads, 2.0), grads)
        one, other = (np.concatenate([at[name].ravel() for name in grads]) for at in (found, grads))
        assert_that(float(np.linalg.norm(one)) > 0.0, "Clipped gradients should not be zero.")
        share = float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))
        assert_that(
            share > 1.0 - 1e-9, f"The cosine between the gradient before and after should be 1; it is {share:.4f}."
        )
        assert_that(
            length(found) < 2.0 + 1e-9, f"2 is allowed; the clipped gradients have a norm of {length(found):.4f}."
        )

    @points(1)
    def test_border(self, student):
        """takes 1e-6 more than the norm to divide by, which shows where gradients are small or just long enough"""
        for scale, max_norm in ((1.0, 5.0), (1e-6, 1e-6), (1e-3, 4e-3)):
            grads = {"W1": scale * np.array([[3.0]]), "b1": scale * np.array([-4.0])}
            factor = min(1.0, max_norm / (5.0 * scale + 1e-6))
            expected = {name: factor * one for name, one in grads.items()}
            result = student.clip_grad_norm(grads, max_norm)
            assert_close(parts(result, grads)[0], expected, name="the clipped gradients", atol=1e-14)

    @points(1)
    def test_pure(self, student, reference, rng):
        """leaves the caller's gradients as they are"""
        for max_norm in (0.5, 100.0):
            grads = gradients(rng)
            expected = reference.clip_grad_norm(grads, max_norm)
            assert_pure(student.clip_grad_norm, grads, max_norm, expected=expected, name=NAMES)

    @hidden
    @points(1)
    def test_other_arrays(self, student, reference, rng):
        """works for one array, for four dimensions, for gradients of 0, and where one array is much longer"""
        cases = (
            {"K": rng.normal(size=(2, 3, 2, 4))},
            {"W1": np.zeros((3, 2)), "b1": np.zeros(2), "gamma": 9.0 * rng.normal(size=4)},
            {"W1": 1e4 * rng.normal(size=(3, 2)), "b1": 1e-4 * rng.normal(size=2)},
        )
        for grads in cases:
            result = student.clip_grad_norm(grads, 0.7)
            assert_close(result, reference.clip_grad_norm(grads, 0.7), name=NAMES)
        nothing = {"W1": np.zeros((2, 3)), "b1": np.zeros(3)}
        assert_close(student.clip_grad_norm(nothing, 1.0), (nothing, 0.0), name=NAMES)
