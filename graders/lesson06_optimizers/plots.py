"""Plots of lesson 6: the student's optimizers on their way down a narrow valley."""

import numpy as np
from nnedu.checking import Curves, assert_array, assert_that

STEPS = 60
RATES = {"sgd": 0.03, "momentum": 0.03, "rmsprop": 0.1, "adam": 0.3}
STEEP = np.array([1.0, 50.0])


def valley(student, rng):
    """your Optimizer in a valley that is 50 times as steep across as along"""
    lines = {}
    for kind, lr in RATES.items():
        optimizer = student.optimizer.Optimizer(kind, lr)
        assert_that(hasattr(optimizer, "step"), "Optimizer should have a method step.")
        place, heights = {"x": np.array([4.0, 1.0])}, []
        for _ in range(STEPS):
            x = place["x"]
            heights.append(float(0.5 * np.sum(STEEP * x**2)))
            place = optimizer.step(place, {"x": STEEP * x})
            assert_that(isinstance(place, dict) and "x" in place, "step should return a dict with the keys of params.")
            assert_array(place["x"], shape=(2,), name="what step returns")
        lines[f"{kind}, lr = {lr:g}"] = np.maximum(heights, 1e-12)
    return Curves("f(x) = (x1² + 50 x2²) / 2, from (4, 1)", np.arange(STEPS), lines, "step", "f(x)", log=True)
