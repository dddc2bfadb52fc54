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


@variant("line", "with np.add, Fortran-ordered")
def by_ufunc(x, slope, intercept):
    return np.asfortranarray(np.add(np.multiply(x, slope), intercept))


@variant("line", "every other entry of a longer array")
def strided(x, slope, intercept):
    return np.repeat(slope * x + intercept, 2)[::2]


@variant("fit", "by the normal equations")
def normal_equations(x, y):
    A = np.stack([x, np.ones_like(x)], axis=1)
    return tuple(np.linalg.solve(A.T @ A, A.T @ y))


@variant("fit", "with lstsq")
def by_lstsq(x, y):
    return tuple(map(float, np.linalg.lstsq(np.vander(x, 2), y, rcond=None)[0]))


@variant("slope_gradient", "as two means")
def two_means(x, y, slope):
    return slope * np.mean(x * x) - np.mean(x * y)


@variant("slope_gradient", "as a product")
def product(x, y, slope):
    return ((slope * x - y) @ x / len(x)).reshape(1)


@variant("step", "multiplied out")
def multiplied_out(value, velocity, gradient):
    return value - 0.9 * velocity - gradient, 0.9 * velocity + gradient


@variant("step", "as a sum over two rows")
def two_rows(value, velocity, gradient):
    faster = np.sum([0.9 * velocity, gradient], axis=0)
    return value - faster, faster


@variant("shuffled", "with take")
def by_take(values, rng):
    return np.take(values, rng.permutation(values.size))


@variant("shuffled", "with the permutation of the values")
def by_permutation(values, rng):
    return rng.permutation(values)


@variant("RunningMean", "moving a little with each number")
class Moving:
    def __init__(self):
        self.now, self.count = 0.0, 0

    def add(self, number):
        self.count += 1
        self.now += (number - self.now) / self.count

    def mean(self):
        return self.now


@variant("RunningMean", "with a sum")
class BySum:
    def __init__(self):
        self.sum, self.count = 0.0, 0

    def add(self, number):
        self.sum, self.count = self.sum + number, self.count + 1

    def mean(self):
        return np.float64(self.sum / self.count)
