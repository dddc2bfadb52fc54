"""Right implementations of numeric.py, written differently."""

import numpy as np

from nnedu.checking import variant


@variant("numerical_gradient", "with unit vectors")
def with_unit_vectors(f, x, eps=1e-5):
    x = np.asarray(x, dtype=float)
    units = np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([(f(x + eps * e) - f(x - eps * e)) / (2 * eps) for e in units]).reshape(x.shape)


@variant("numerical_gradient", "moves the entries of x itself and restores them bit for bit")
def in_place(f, x, eps=1e-5):
    if x.dtype.kind != "f":
        x = x.astype(float)
    gradient = np.empty(x.shape, order="F")
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        i = it.multi_index
        old = x[i].copy()
        x[i] = old - eps
        f_minus = f(x)
        x[i] = old + eps
        f_plus = f(x)
        x[i] = old
        gradient[i] = (f_plus - f_minus) / 2 / eps
        it.iternext()
    return gradient


@variant("numerical_gradient", "on the flat array, with the steps that were really taken")
def flat(f, x, eps=1e-5):
    values = np.asarray(x, dtype=float).ravel()
    gradient = []
    for i, value in enumerate(values):
        up, down = values.copy(), values.copy()
        up[i], down[i] = value + eps, value - eps
        rise = f(up.reshape(np.shape(x))) - f(down.reshape(np.shape(x)))
        gradient.append(rise / (up[i] - down[i]))
    return np.array(gradient).reshape(np.shape(x))
