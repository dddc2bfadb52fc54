"""Plots of lesson 11: the student's learning rates in the course of training."""

import numpy as np
from nnedu.checking import Curves, assert_number

T = 100


def schedules(student, rng):
    """your learning rates over 100 steps"""
    own = student.schedules
    calls = {
        "step_decay": (own.step_decay, (0.1, 25, 0.5)),
        "cosine": (own.cosine, (T, 0.1)),
        "warmup": (own.warmup, (20, 0.1)),
        "one_cycle": (own.one_cycle, (T, 0.1)),
    }
    lines = {
        name: np.array([assert_number(function(t, *args), name=f"{name}({t}, ...)") for t in range(T)])
        for name, (function, args) in calls.items()
    }
    return Curves("largest rate 0.1", np.arange(T), lines, "step t", "learning rate")
