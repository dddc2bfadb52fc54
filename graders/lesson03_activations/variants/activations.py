"""Right answers written differently."""

import math

import numpy as np
from nnedu.checking import variant


@variant("sigmoid", "the plain formula, whose overflow warning is harmless")
def naive(x):
    return 1 / (1 + np.exp(-np.asarray(x, dtype=float)))


@variant("sigmoid", "with tanh")
def by_tanh(x):
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(x, dtype=float)))


@variant("sigmoid", "clipped where it does no harm")
def clipped_at_500(x):
    return 1 / (1 + np.exp(-np.clip(np.asarray(x, dtype=float), -500, 500)))


@variant("sigmoid", "two branches by mask, Fortran-ordered")
def masked(x):
    x = np.asarray(x, dtype=float)
    out = np.empty_like(x, order="F")
    right = x >= 0
    out[right] = 1 / (1 + np.exp(-x[right]))
    power = np.exp(x[~right])
    out[~right] = power / (1 + power)
    return out


@variant("sigmoid", "through logarithms")
def by_logaddexp(x):
    return np.exp(-np.logaddexp(0, -np.asarray(x, dtype=float)))


@variant("sigmoid_derivative", "product of both tails")
def product_of_tails(x):
    return naive(x) * naive(-np.asarray(x, dtype=float))


@variant("sigmoid_derivative", "with the hyperbolic cosine")
def by_cosh(x):
    return 0.25 / np.cosh(0.5 * np.asarray(x, dtype=float)) ** 2


@variant("sigmoid_derivative", "a minus its square")
def minus_square(x):
    s = naive(x)
    return s - s**2


@variant("sigmoid_derivative", "a quotient of powers of -|x|")
def even_quotient(x):
    power = np.exp(-np.abs(np.asarray(x, dtype=float)))
    return power / (1 + power) ** 2


@variant("tanh_derivative", "with the hyperbolic cosine")
def one_over_cosh_squared(x):
    return 1 / np.cosh(np.asarray(x, dtype=float)) ** 2


@variant("tanh_derivative", "as a product")
def product(x):
    a = np.tanh(np.asarray(x, dtype=float))
    return (1 - a) * (1 + a)


@variant("tanh_derivative", "through the sigmoid")
def through_sigmoid(x):
    s = naive(2 * np.asarray(x, dtype=float))
    return 4 * s * (1 - s)


@variant("tanh_derivative", "one number at a time")
def tanh_loop(x):
    return np.vectorize(lambda v: 1 - math.tanh(v) ** 2, otypes=[float])(x)


@variant("relu", "with a mask")
def by_mask(x):
    x = np.asarray(x, dtype=float)
    return x * (x > 0)


@variant("relu", "with where")
def by_where(x):
    return np.where(np.asarray(x) > 0, x, 0.0)


@variant("relu", "half of x plus its size, Fortran-ordered")
def half_sum(x):
    x = np.asarray(x, dtype=float)
    return np.asfortranarray((x + np.abs(x)) / 2).reshape(x.shape)


@variant("relu", "on a copy")
def on_a_copy(x):
    out = np.array(x, dtype=float)
    out[out < 0] = 0
    return out


@variant("relu_derivative", "with where")
def slope_by_where(x):
    return np.where(np.asarray(x) > 0, 1.0, 0.0)


@variant("relu_derivative", "with heaviside")
def by_heaviside(x):
    return np.heaviside(np.asarray(x, dtype=float), 0.0)


@variant("relu_derivative", "positive part of the sign")
def by_sign(x):
    return np.maximum(np.sign(np.asarray(x, dtype=float)), 0.0)


@variant("relu_derivative", "one number at a time")
def slope_loop(x):
    x = np.asarray(x, dtype=float)
    return np.array([1.0 if v > 0 else 0.0 for v in x.flat]).reshape(x.shape)


@variant("leaky_relu", "positive plus scaled negative part")
def two_parts(x, alpha=0.01):
    x = np.asarray(x, dtype=float)
    return np.maximum(x, 0) + alpha * np.minimum(x, 0)


@variant("leaky_relu", "with >= at zero")
def not_strict(x, alpha=0.01):
    x = np.asarray(x, dtype=float)
    return np.where(x >= 0, x, alpha * x)


@variant("leaky_relu", "x times its slope")
def x_times_slope(x, alpha=0.01):
    x = np.asarray(x, dtype=float)
    return x * np.where(x > 0, 1.0, alpha)


@variant("leaky_relu", "on a copy")
def leaky_on_a_copy(x, alpha=0.01):
    out = np.array(x, dtype=float)
    out[out < 0] *= alpha
    return out


@variant("leaky_relu_derivative", "slope 1 at zero")
def one_at_zero(x, alpha=0.01):
    return np.where(np.asarray(x) >= 0, 1.0, alpha)


@variant("leaky_relu_derivative", "mask plus alpha times the rest")
def mask_and_rest(x, alpha=0.01):
    positive = (np.asarray(x) > 0).astype(float)
    return positive + alpha * (1 - positive)


@variant("leaky_relu_derivative", "filled with alpha first")
def filled(x, alpha=0.01):
    out = np.full(np.shape(x), float(alpha))
    out[np.asarray(x) > 0] = 1
    return out


@variant("leaky_relu_derivative", "half where the kink is")
def half_at_zero(x, alpha=0.01):
    return (1 + alpha) / 2 + (1 - alpha) / 2 * np.sign(np.asarray(x, dtype=float))


@variant("softmax", "through the logarithm of the sum")
def through_logarithm(Z):
    Z = np.asarray(Z, dtype=float)
    top = Z.max(axis=-1, keepdims=True)
    return np.exp(Z - top - np.log(np.exp(Z - top).sum(axis=-1, keepdims=True)))


@variant("softmax", "row by row")
def row_by_row(Z):
    Z = np.asarray(Z, dtype=float)
    rows = [np.exp(row - max(row)) / sum(np.exp(row - max(row))) for row in Z.reshape(-1, Z.shape[-1])]
    return np.array(rows).reshape(Z.shape)


@variant("softmax", "classes moved to the front, einsum, non-contiguous result")
def classes_first(Z):
    columns = np.moveaxis(np.array(Z, dtype=float), -1, 0)
    powers = np.exp(columns - columns.max(axis=0))
    return np.moveaxis(powers / np.einsum("k...->...", powers), 0, -1)


@variant("softmax", "differences between all pairs")
def all_pairs(Z):
    Z = np.asarray(Z, dtype=float)
    with np.errstate(over="ignore"):
        return 1 / np.exp(Z[..., None, :] - Z[..., :, None]).sum(axis=-1)
