"""Right answers to classifier.py, written differently."""

import numpy as np
from nnedu.checking import variant


def _slopes(params, X, y):
    """Loss and gradients, by indexing the true class."""
    L, m = len(params) // 2, X.shape[0]
    inputs, rows = [], np.arange(m)
    for layer in range(1, L + 1):
        inputs.append(X)
        Z = X @ params[f"W{layer}"] + params[f"b{layer}"]
        X = np.where(Z > 0, Z, 0.0)
    top = np.max(Z, axis=1)
    log_sum = top + np.log(np.sum(np.exp(Z - top[:, None]), axis=1))
    d = np.exp(Z - log_sum[:, None])
    d[rows, y] -= 1.0
    d /= m
    grads = {}
    for layer in reversed(range(1, L + 1)):
        grads[f"W{layer}"] = np.einsum("mn,mk->nk", inputs[layer - 1], d)
        grads[f"b{layer}"] = np.einsum("mk->k", d)
        d = np.where(inputs[layer - 1] > 0, d @ params[f"W{layer}"].T, 0.0)
    return float((log_sum - Z[rows, y]).mean()), grads


def _softmax(Z):
    E = np.exp(Z - np.max(Z, axis=-1, keepdims=True))
    return E / np.sum(E, axis=-1, keepdims=True)


@variant("DigitClassifier", "momentum, standardised pixels whose mean and deviation are saved as well")
class WithMomentum:
    def __init__(self):
        self.state = None

    def fit(self, X, y, rng):
        mean, std = X.mean(axis=0), X.std(axis=0) + 1.0
        X = (X - mean) / std
        params = {
            "W1": rng.standard_normal((64, 48)) * np.sqrt(2 / 64),
            "b1": np.zeros(48),
            "W2": rng.standard_normal((48, 10)) * np.sqrt(2 / 48),
            "b2": np.zeros(10),
        }
        speed = {name: np.zeros_like(value) for name, value in params.items()}
        for epoch in range(18):
            lr = 0.06 if epoch < 12 else 0.01
            for chosen in np.array_split(rng.permutation(len(X)), max(1, len(X) // 25)):
                _, grads = self.loss_and_gradients(params, X[chosen], y[chosen])
                for name, grad in grads.items():
                    speed[name] = 0.9 * speed[name] + grad
                    params[name] = params[name] - lr * speed[name]
        self.state = {**params, "mean": mean, "std": std}

    def loss_and_gradients(self, params, X, y):
        return _slopes(params, X, y)

    def predict_proba(self, X):
        s = self.state
        A = np.maximum(0, (X - s["mean"]) / s["std"] @ s["W1"] + s["b1"])
        return _softmax(A @ s["W2"] + s["b2"])

    def predict(self, X):
        return np.argmax(self.predict_proba(X), axis=-1).astype(np.int32)

    def save(self):
        return self.state

    def load(self, state):
        self.state = dict(state)


@variant("DigitClassifier", "two hidden layers, Adam, a little weight decay, and lists of layers")
class TwoHiddenLayers:
    sizes = (64, 64, 32, 10)

    def fit(self, X, y, rng):
        X, params = X * 0.0625, {}
        for layer in range(1, 4):
            shape = self.sizes[layer - 1 : layer + 1]
            params[f"W{layer}"] = rng.uniform(-1.0, 1.0, shape) * np.sqrt(6.0 / shape[0])
            params[f"b{layer}"] = np.zeros(shape[1])
        m, v, t = dict.fromkeys(params, 0.0), dict.fromkeys(params, 0.0), 0
        for _ in range(20):
            order = rng.permutation(len(X))
            for start in range(0, len(X), 40):
                t += 1
                chosen = order[start : start + 40]
                for name, g in self.loss_and_gradients(params, X[chosen], y[chosen])[1].items():
                    m[name] = 0.9 * m[name] + 0.1 * g
                    v[name] = 0.99 * v[name] + 0.01 * g * g
                    step = (m[name] / (1 - 0.9**t)) / (np.sqrt(v[name] / (1 - 0.99**t)) + 1e-7)
                    params[name] = params[name] * (1.0 - 1e-5) - 0.003 * step
        self.layers = [(params[f"W{layer}"], params[f"b{layer}"]) for layer in range(1, 4)]
        return self

    def loss_and_gradients(self, params, X, y):
        return [*_slopes(params, X, y)]

    def predict_proba(self, X):
        A = X * 0.0625
        for W, b in self.layers:
            Z = A @ W + b
            A = np.maximum(Z, 0.0)
        return np.asfortranarray(_softmax(Z))

    def predict(self, X):
        return self.predict_proba(X).argmax(axis=1)

    def save(self):
        return {f"{place}.{kind}": layer[kind] for place, layer in enumerate(self.layers) for kind in (0, 1)}

    def load(self, state):
        self.layers = [(state[f"{place}.0"], state[f"{place}.1"]) for place in range(3)]
        return self


@variant("DigitClassifier", "plain descent, and probabilities from the logarithm of softmax")
class PlainDescent:
    lr = 0.4

    def fit(self, X, y, rng):
        first, second = rng.normal(size=(64, 80)) / np.sqrt(32), rng.normal(size=(80, 10)) / np.sqrt(40)
        self.params = {"W1": first, "b1": np.zeros(80), "W2": second, "b2": np.zeros(10)}
        for epoch in range(24):
            order = rng.permutation(len(y))
            for batch in np.split(order, range(30, len(y), 30)):
                grads = self.loss_and_gradients(self.params, X[batch] / 16, y[batch])[1]
                rate = self.lr * (0.2 if epoch > 18 else 1.0)
                self.params = {key: value - rate * grads[key] for key, value in self.params.items()}
        return self

    def loss_and_gradients(self, params, X, y):
        return _slopes(params, X, y)

    def predict_proba(self, X):
        p = self.params
        Z = np.maximum(X / 16 @ p["W1"] + p["b1"], 0) @ p["W2"] + p["b2"]
        Z = Z - Z.max(axis=1)[:, None]
        return np.exp(Z - np.log(np.exp(Z).sum(axis=1))[:, None])

    def predict(self, X):
        return np.array([row.argmax() for row in self.predict_proba(X)])

    def save(self):
        return {key: value.copy() for key, value in self.params.items()}

    def load(self, state):
        self.params = {**state}
        return self
