"""Right implementations of neuron.py, written differently."""

import math

import numpy as np

from nnedu.checking import variant


@variant("weighted_sum", "with a loop over the features")
def sum_loop(x, w, b):
    z = b
    for i in range(len(x)):
        z += x[i] * w[i]
    return z


@variant("weighted_sum", "as a NumPy scalar, with the matrix product of two vectors")
def sum_scalar(x, w, b):
    return x @ w + b


@variant("weighted_sum", "with the bias as the weight of a further feature that is always 1")
def sum_augmented(x, w, b):
    return np.einsum("i,i", np.append(x, 1.0), np.append(w, b))


@variant("weighted_sum", "as an array of shape (), from the products")
def sum_zero_dimensional(x, w, b):
    return np.array((x * w).sum() + b)


@variant("step", "with np.where")
def step_where(z):
    return np.where(np.asarray(z) < 0, 0, 1)


@variant("step", "as floats, with the Heaviside function")
def step_heaviside(z):
    return np.heaviside(z, 1.0)


@variant("step", "entry by entry, in short integers and in Fortran order")
def step_loop(z):
    z = np.asarray(z)
    out = np.empty(z.shape, dtype=np.int8, order="F")
    for index in np.ndindex(*z.shape):
        out[index] = 1 if z[index] >= 0 else 0
    return out


@variant("step", "as a Python number where it is given one")
def step_python(z):
    return int(z >= 0) if isinstance(z, float) else 1 * np.greater_equal(z, 0)


@variant("neuron_forward", "with a chain of ifs, and integers for the step")
def forward_ifs(X, w, b, activation):
    z = np.dot(X, w) + b
    if activation == "step":
        return (z >= 0).astype(int)
    if activation == "sigmoid":
        return np.exp(z) / (1 + np.exp(z))
    if activation == "relu":
        return z * (z > 0)
    if activation == "tanh":
        return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))
    if activation == "linear":
        return z
    raise ValueError(activation)


@variant("neuron_forward", "sample by sample with the math module")
def forward_loop(X, w, b, activation):
    functions = {
        "step": lambda z: float(z >= 0),
        "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
        "relu": lambda z: max(0.0, z),
        "tanh": math.tanh,
        "linear": float,
    }
    if activation not in functions:
        raise ValueError(f"no activation of the name {activation}")
    a = np.zeros(len(X))
    for i, x in enumerate(X):
        a[i] = functions[activation](sum(p * q for p, q in zip(x, w, strict=True)) + b)
    return a


@variant("neuron_forward", "as a non-contiguous column of a matrix, with match")
def forward_column(X, w, b, activation):
    z = np.einsum("mn,n->m", X, w) + b
    match activation:
        case "step":
            a = np.heaviside(z, 1.0)
        case "sigmoid":
            a = 0.5 + 0.5 * np.tanh(z / 2)
        case "relu":
            a = (z + np.abs(z)) / 2
        case "tanh":
            a = np.tanh(z)
        case "linear":
            a = z
        case _:
            raise ValueError("unknown")
    return np.stack([a, a], axis=1)[:, 0]
