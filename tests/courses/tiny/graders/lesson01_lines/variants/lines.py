"""Right answers about lines, written differently."""

import numpy as np
from nnedu.checking import variant


@variant("line", "with polyval")
def by_polyval(x, slope, intercept):
    return np.polyval([slope, intercept], x)


@variant("fit", "with polyfit")
def by_polyfit(x, y):
    slope, intercept = np.polyfit(x, y, 1)
    return [float(slope), np.float64(intercept)]


@variant("slope_gradient", "with a loop")
def by_loop(x, y, slope):
    total = 0.0
    for a, b in zip(x, y, strict=True):
        total += (slope[0] * a - b) * a / len(x)
    return np.array([total])


@variant("step", "in another order")
def other_order(value, velocity, gradient):
    faster = gradient + velocity * 0.9
    return -(faster - value), faster


@variant("shuffled", "with a list")
def by_list(values, rng):
    return np.array([values[i] for i in rng.permutation(len(values))])


@variant("RunningMean", "with a list")
class ByList:
    def __init__(self):
        self.numbers = []

    def add(self, number):
        self.numbers.append(number)

    def mean(self):
        return np.mean(self.numbers)
