"""Right answers of perceptron.py, written differently."""

import numpy as np
from perceptron import perceptron_predict, perceptron_step

from nnedu.checking import variant


@variant("perceptron_predict", "row by row, with an if")
def predict_loops(X, w, b):
    result = []
    for x in X:
        z = b
        for j in range(len(w)):
            z += x[j] * w[j]
        if z >= 0:
            result.append(1)
        else:
            result.append(0)
    return np.array(result)


@variant("perceptron_predict", "with np.where and einsum")
def predict_where(X, w, b):
    return np.where(np.einsum("ij,j->i", X, w) + b < 0, 0, 1)


@variant("perceptron_predict", "with the bias as one more weight, in short integers, as a non-contiguous result")
def predict_augmented(X, w, b):
    z = np.column_stack([X, np.ones(len(X))]) @ np.append(w, b)
    twice = np.zeros((len(X), 2), dtype=np.int8)
    twice[:, 0] = ~(z < 0)
    return twice[:, 0]


@variant("perceptron_predict", "with a heaviside that is 1 at 0")
def predict_heaviside(X, w, b):
    return np.heaviside(np.sum(X * w, axis=1) + b, 1.0).astype(np.int64)


@variant("perceptron_step", "entry by entry, on copies")
def step_loops(w, b, x, y, lr):
    z = sum(w[j] * x[j] for j in range(len(w))) + b
    y_hat = 1 if z >= 0 else 0
    w = w.copy()
    for j in range(len(w)):
        w[j] += lr * (y - y_hat) * x[j]
    b += lr * (y - y_hat)
    return w, b


@variant("perceptron_step", "returns its own arguments where nothing is to be learned")
def step_returns_its_arguments(w, b, x, y, lr):
    y_hat = perceptron_predict(x.reshape(1, -1), w, b).item()
    if y_hat == y:
        return w, b
    if y == 1:
        return w + lr * x, b + lr
    return w - lr * x, b - lr


@variant("perceptron_step", "with the bias as one more weight")
def step_augmented(w, b, x, y, lr):
    v, u = np.append(w, b), np.append(x, 1.0)
    v = v - lr * (np.heaviside(v @ u, 1.0) - y) * u
    return v[:-1], v[-1]


@variant("perceptron_fit", "with indices, and everything in one function")
def fit_indices(X, y, lr=1.0, epochs=100):
    m, n = X.shape
    w = np.zeros(n)
    b = 0
    errors = []
    for _ in range(epochs):
        count = 0
        for i in range(m):
            z = np.dot(w, X[i]) + b
            y_hat = 1 if z >= 0 else 0
            if y_hat != y[i]:
                update = lr * (y[i] - y_hat)
                w += update * X[i]
                b += update
                count += 1
        errors.append(count)
        if count == 0:
            break
    return w, b, errors


@variant("perceptron_fit", "with the functions of the exercises before, and a mistake seen from the change of b")
def fit_composed(X, y, lr=1.0, epochs=100):
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    while len(errors) < epochs and (not errors or errors[-1] > 0):
        errors.append(0)
        for x, label in zip(X, y, strict=True):
            w, b_new = perceptron_step(w, b, x, int(label), lr)
            errors[-1] += b_new != b
            b = b_new
    return w, np.float64(b), tuple(errors)


@variant("perceptron_fit", "with the bias as one more weight, and the learning rate multiplied in at the end")
def fit_augmented(X, y, lr=1.0, epochs=100):
    U, v, errors = np.asfortranarray(np.column_stack([X, np.ones(len(X))])), np.zeros(X.shape[1] + 1), []
    for _ in range(epochs):
        errors.append(np.int64(0))
        for u, label in zip(U, y, strict=True):
            error = label - (v @ u >= 0)
            errors[-1] += abs(error)
            v = v + error * u
        if not errors[-1]:
            break
    return lr * v[:-1], lr * v[-1], errors
