"""Plots of lesson 9: how much of a gradient is left many steps back, by the student's own bptt_norms."""

import numpy as np
from nnedu.checking import Curves, assert_array

STEPS = 30
ROTATION = np.array([[0.8, -0.6], [0.6, 0.8]])
SMALLEST = 1e-12


def memory(student, rng):
    """how far back your gradients reach, measured by your bptt_norms"""
    X, Wx = rng.normal(size=(20, STEPS, 1)), np.array([[0.6, 0.3]])
    panels = []
    for activation, title in (("linear", "without an activation function"), ("tanh", "with tanh")):
        lines = {}
        for radius in (0.5, 0.9, 1.0, 1.1):
            norms = student.flow.bptt_norms(radius * ROTATION, X, np.zeros((20, 2)), Wx, np.zeros(2), activation)
            norms = assert_array(norms, shape=(STEPS,), name="bptt_norms(...)")
            lines[f"radius {radius}"] = np.maximum(norms[::-1], SMALLEST)
        panels.append(
            Curves(title, np.arange(STEPS), lines, "steps back from the last one", "norm of ∂h_T/∂h_t", log=True)
        )
    return tuple(panels)
