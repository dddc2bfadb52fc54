"""Known wrong answers about lines."""

import numpy as np
from lines import FRICTION
from nnedu.checking import mistake

HINTS = ("Which way?", "y = slope x + intercept, shape (m,).", "Look at the sign.")


@mistake("line", "the intercept is left out", hints=HINTS)
def no_intercept(x, slope, intercept):
    return slope * np.asarray(x, dtype=float)


@mistake("line", "x is changed in place", hints=HINTS)
def in_place(x, slope, intercept):
    x *= slope
    x += intercept
    return x


@mistake("line", "only numbers near 0 are treated right", hints=HINTS)
def near_zero(x, slope, intercept):
    return slope * np.clip(x, -50, 50) + intercept


@mistake("fit", "the slope is upside down", hints=HINTS)
def upside_down(x, y):
    dx, dy = x - x.mean(), y - y.mean()
    slope = float(dx @ dx / (dx @ dy))
    return slope, float(y.mean() - slope * x.mean())


@mistake("fit", "the intercept is forgotten", hints=HINTS)
def through_origin(x, y):
    return float(x @ y / (x @ x)), 0.0


@mistake("slope_gradient", "the sum is not divided by the batch size", hints=HINTS)
def sums(x, y, slope):
    return np.array([np.sum((slope[0] * x - y) * x)])


@mistake("slope_gradient", "the sign is wrong", hints=HINTS)
def climbs(x, y, slope):
    return -np.array([np.mean((slope[0] * x - y) * x)])


@mistake("step", "the velocity is forgotten", hints=HINTS)
def forgets(value, velocity, gradient):
    return value - gradient, gradient


@mistake("step", "the gradient is damped too", hints=HINTS)
def damps(value, velocity, gradient):
    velocity = FRICTION * velocity + (1 - FRICTION) * gradient
    return value - velocity, velocity


@mistake("shuffled", "the order stays", hints=HINTS)
def stays(values, rng):
    return values.copy()


@mistake("RunningMean", "the count starts at 1", hints=HINTS)
class OneTooMany:
    def __init__(self):
        self.numbers = [0.0]

    def add(self, number):
        self.numbers.append(number)

    def mean(self):
        return float(np.mean(self.numbers))


@mistake("RunningMean", "the last number is the mean", hints=HINTS)
class Last:
    def add(self, number):
        self.number = number

    def mean(self):
        return float(self.number)
