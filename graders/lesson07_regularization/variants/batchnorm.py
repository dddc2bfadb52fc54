"""Right answers to batchnorm.py, written differently.

A backward pass is given the cache of the module's own forward pass, (X_hat, std, gamma).
"""

# ruff: noqa: FBT002 - the signature is that of the exercise

import numpy as np
from nnedu.checking import variant


class _Cache:
    def __init__(self, **arrays):
        self.__dict__.update(arrays)

    def __iter__(self):
        return iter((self.X_hat, self.std, self.gamma))


@variant("batchnorm_forward", "in two branches, with an object as the cache")
def two_branches(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    if not training:
        return gamma * (X - running_mean) / np.sqrt(running_var + eps) + beta, None, running_mean, running_var
    mu = np.mean(X, axis=0)
    var = np.mean((X - mu) ** 2, axis=0)
    X_hat = (X - mu) / np.sqrt(var + eps)
    running_mean = running_mean + momentum * (mu - running_mean)
    running_var = running_var + momentum * (var - running_var)
    cache = _Cache(X_hat=X_hat, std=np.sqrt(var + eps), gamma=gamma)
    return gamma * X_hat + beta, cache, running_mean, running_var


@variant("batchnorm_forward", "feature by feature")
def by_feature(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    m, d = X.shape
    out, X_hat, std = np.empty((m, d)), np.empty((m, d)), np.empty(d)
    new_mean, new_var = running_mean.copy(), running_var.copy()
    for j in range(d):
        mean, var = running_mean[j], running_var[j]
        if training:
            mean = sum(X[:, j]) / m
            var = sum((x - mean) ** 2 for x in X[:, j]) / m
            new_mean[j] = (1 - momentum) * running_mean[j] + momentum * mean
            new_var[j] = (1 - momentum) * running_var[j] + momentum * var
        std[j] = (var + eps) ** 0.5
        X_hat[:, j] = (X[:, j] - mean) / std[j]
        out[:, j] = gamma[j] * X_hat[:, j] + beta[j]
    return out, (X_hat, std, gamma), new_mean, new_var


@variant("batchnorm_forward", "as one affine map, with a transposed result")
def affine_map(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    if training:
        mean = np.ones(len(X)) @ X / len(X)
        var = np.einsum("ij,ij->j", X - mean, X - mean) / len(X)
        running_mean = momentum * mean + running_mean * (1 - momentum)
        running_var = momentum * var + running_var * (1 - momentum)
    else:
        mean, var = running_mean.copy(), running_var.copy()
    slope = gamma * (var + eps) ** -0.5
    out = (slope[:, None] * (X - mean).T + beta[:, None]).T
    return out, [(X - mean) / np.sqrt(var + eps), np.sqrt(var + eps), gamma], running_mean, running_var


@variant("batchnorm_backward", "along the three paths")
def three_paths(dout, cache):
    X_hat, std, gamma = cache
    m = dout.shape[0]
    centred = X_hat * std
    dX_hat = dout * gamma
    dvar = np.sum(dX_hat * centred, axis=0) * -0.5 * std**-3
    dmean = -np.sum(dX_hat / std, axis=0) - 2 * dvar * np.mean(centred, axis=0)
    dX = dX_hat / std + dvar * 2 * centred / m + dmean / m
    return dX, np.sum(dout * X_hat, axis=0), np.sum(dout, axis=0)


@variant("batchnorm_backward", "with the Jacobian of each feature")
def jacobian(dout, cache):
    X_hat, std, gamma = cache
    m, d = dout.shape
    dX = np.empty((m, d), order="F")
    for j in range(d):
        J = gamma[j] / std[j] * (np.eye(m) - 1 / m - np.outer(X_hat[:, j], X_hat[:, j]) / m)
        dX[:, j] = J.T @ dout[:, j]
    return dX, np.einsum("ij,ij->j", dout, X_hat), np.ones(m) @ dout


@variant("batchnorm_backward", "from dgamma and dbeta, multiplied by m")
def from_sums(dout, cache):
    X_hat, std, gamma = cache
    m = len(dout)
    dbeta = dout.sum(axis=0)
    dgamma = (dout * X_hat).sum(axis=0)
    return (gamma / (m * std)) * (m * dout - dbeta - X_hat * dgamma), dgamma, dbeta
