"""Right answers to layers.py, written differently."""

import numpy as np
from layers import BatchNorm, Dropout, Layer, Linear
from nnedu.checking import variant


@variant("Linear", "with dicts of parameters and gradients, and einsum")
class LinearDicts(Layer):
    def __init__(self, n_in, n_out, rng):
        self.p = {"b": np.zeros(n_out), "W": rng.standard_normal((n_in, n_out)) * (2 / n_in) ** 0.5}
        self.g = {name: np.zeros_like(value) for name, value in self.p.items()}

    def params(self):
        return self.p

    def grads(self):
        return self.g

    def forward(self, X):
        self.last = X.copy()
        return np.einsum("mn,nk->mk", X, self.p["W"]) + self.p["b"][None, :]

    def backward(self, dout):
        self.g["W"] += np.einsum("mn,mk->nk", self.last, dout)
        self.g["b"] += np.ones(len(dout)) @ dout
        return np.einsum("mk,nk->mn", dout, self.p["W"])


@variant("Linear", "without Layer, drawn column by column, sample by sample")
class LinearLoops:
    def __init__(self, n_in, n_out, rng):
        self.W = np.stack([rng.normal(0, np.sqrt(2 / n_in), n_in) for _ in range(n_out)], axis=1)
        self.b = np.zeros(n_out)
        self.zero_grad()

    def params(self):
        return {"W": self.W, "b": self.b}

    def grads(self):
        return {"W": self.dW, "b": self.db}

    def zero_grad(self):
        self.dW, self.db = np.zeros(self.W.shape), np.zeros(self.b.shape)

    def train(self):
        pass

    def eval(self):
        pass

    def forward(self, X):
        self.X = X
        return np.array([x @ self.W + self.b for x in X])

    def backward(self, dout):
        for x, d in zip(self.X, dout, strict=True):
            self.dW = self.dW + np.outer(x, d)
            self.db = self.db + d
        return np.array([self.W @ d for d in dout])


@variant("Linear", "with transposed results, and a sum of Fortran order")
class LinearFortran(Linear):
    def __init__(self, n_in, n_out, rng):
        super().__init__(n_in, n_out, rng)
        self._dW = np.zeros((n_in, n_out), order="F")

    def backward(self, dout):
        np.add(self._dW, (dout.T @ self._X).T, out=self._dW)
        np.add(self._db, np.sum(dout, 0), out=self._db)
        return (self._W @ dout.T).T


@variant("Dropout", "with a mask of bools, and the division at the end")
class DropoutMask(Layer):
    def __init__(self, keep, rng):
        if keep <= 0 or keep > 1:
            raise ValueError("keep")
        self.keep, self.rng, self.mask = keep, rng, None

    def forward(self, X):
        self.mask = self.rng.uniform(size=X.shape) < self.keep if self.training else None
        return self.backward(X)

    def backward(self, dout):
        return dout.copy() if self.mask is None else np.where(self.mask, dout, 0.0) / self.keep


@variant("Dropout", "with binomial numbers")
class DropoutBinomial(Dropout):
    def forward(self, X):
        draws = self._rng.binomial(1, self._keep, size=X.shape) if self.training else self._keep * np.ones(X.shape)
        self._factor = draws / self._keep
        return np.multiply(X, self._factor)


@variant("Dropout", "column by column, with what is dropped")
class DropoutColumns(Dropout):
    def forward(self, X):
        self._factor = np.ones(X.shape)
        if self.training:
            for j in range(X.shape[1]):
                self._factor[:, j] = np.where(self._rng.random(len(X)) >= self._keep, 0.0, 1.0 / self._keep)
        return self._factor * X


@variant("BatchNorm", "by the chain rule, step by step")
class NormSteps(BatchNorm):
    def backward(self, dout):
        m = len(dout)
        self._dgamma += np.sum(dout * self._X_hat, axis=0)
        self._dbeta += np.sum(dout, axis=0)
        d = dout * self._gamma
        centred = self._X_hat * self._std
        dvar = -0.5 * np.sum(d * centred, axis=0) / self._std**3
        dmean = -np.sum(d, axis=0) / self._std - 2.0 * dvar * centred.mean(axis=0)
        return d / self._std + 2.0 * dvar * centred / m + dmean / m


@variant("BatchNorm", "with dicts, statistics moved in place, and one formula for the gradient")
class NormDicts(Layer):
    def __init__(self, d, momentum=0.1, eps=1e-5):
        self.p = {"gamma": np.ones(d), "beta": np.zeros(d)}
        self.g = {"gamma": np.zeros(d), "beta": np.zeros(d)}
        self.running_mean, self.running_var = np.zeros(d), np.ones(d)
        self.momentum, self.eps = momentum, eps

    def params(self):
        return self.p

    def grads(self):
        return self.g

    def forward(self, X):
        if self.training:
            mean = X.sum(axis=0) / len(X)
            var = ((X - mean) ** 2).sum(axis=0) / len(X)
            self.running_mean += self.momentum * (mean - self.running_mean)
            self.running_var += self.momentum * (var - self.running_var)
        else:
            mean, var = self.running_mean, self.running_var
        self.inverse = (var + self.eps) ** -0.5
        self.X_hat = (X - mean) * self.inverse
        return self.X_hat * self.p["gamma"] + self.p["beta"]

    def backward(self, dout):
        m, here = len(dout), (dout * self.X_hat).sum(0)
        self.g["gamma"] += here
        self.g["beta"] += dout.sum(0)
        return self.p["gamma"] * self.inverse / m * (m * dout - dout.sum(0) - self.X_hat * here)


@variant("BatchNorm", "feature by feature")
class NormFeatures(BatchNorm):
    def forward(self, X):
        out = np.empty(X.shape, order="F")
        self._std, self._X_hat = np.empty(X.shape[1]), np.empty(X.shape)
        for j in range(X.shape[1]):
            mean, var = self.running_mean[j], self.running_var[j]
            if self.training:
                mean, var = np.mean(X[:, j]), np.var(X[:, j])
                self.running_mean[j] += self._momentum * (mean - self.running_mean[j])
                self.running_var[j] += self._momentum * (var - self.running_var[j])
            self._std[j] = np.sqrt(var + self._eps)
            self._X_hat[:, j] = (X[:, j] - mean) / self._std[j]
            out[:, j] = self._gamma[j] * self._X_hat[:, j] + self._beta[j]
        return out
