"""Plots of lesson 3: the student's activation functions, and their slopes."""

import numpy as np
from nnedu.checking import Curves, assert_array

X = np.linspace(-4.0, 4.0, 161)


def _line(function, *args):
    """What a function of the student's makes of X."""
    return assert_array(function(X, *args), shape=X.shape, name=f"{function.name}(x)")


def functions(student, rng):
    """your activation functions"""
    own = student.activations
    lines = {"sigmoid": _line(own.sigmoid), "relu": _line(own.relu)}
    lines["leaky_relu, alpha = 0.1"] = _line(own.leaky_relu, 0.1)
    return Curves("what a unit passes on", X, lines, "input x", "output")


def slopes(student, rng):
    """your derivatives: how much of a gradient gets through"""
    own = student.activations
    lines = {"sigmoid": _line(own.sigmoid_derivative), "tanh": _line(own.tanh_derivative)}
    lines |= {"relu": _line(own.relu_derivative)}
    lines["leaky_relu, alpha = 0.1"] = _line(own.leaky_relu_derivative, 0.1)
    return Curves("slope of each function", X, lines, "input x", "derivative")
