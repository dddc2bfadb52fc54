"""Right answers to data.py, written differently."""

import numpy as np
from nnedu.checking import variant


def _classes(y, K):
    if y.ndim != 1:
        raise ValueError("y should have shape (m,)")
    K = int(np.max(y)) + 1 if K is None else K
    if np.any(y < 0) or np.any(y >= K):
        raise ValueError("a class is out of range")
    return K


@variant("one_hot", "rows of the unit matrix")
def from_eye(y, K=None):
    return np.eye(_classes(y, K))[y]


@variant("one_hot", "ones written into zeros")
def written(y, K=None):
    Y = np.zeros((len(y), _classes(y, K)))
    Y[np.arange(len(y)), y] = 1.0
    return Y


@variant("one_hot", "a loop, with the memory in columns")
def in_a_loop(y, K=None):
    Y = np.zeros((_classes(y, K), len(y))).T
    for i, k in enumerate(y):
        Y[i, k] = 1.0
    return Y


def _judge(X, y, test_frac):
    if X.shape[0] != y.shape[0]:
        raise ValueError("lengths")
    if test_frac <= 0 or test_frac >= 1:
        raise ValueError("share")


@variant("split_and_scale", "shuffles first, then takes the first of each class; rounds up")
def shuffled_first(X, y, test_frac, rng):
    _judge(X, y, test_frac)
    order = rng.permutation(len(y))
    X, y = X[order], y[order]
    test = np.concatenate([np.flatnonzero(y == k)[: int(np.ceil(test_frac * np.sum(y == k)))] for k in np.unique(y)])
    train = np.setdiff1d(np.arange(len(y)), test)
    mu, sigma = np.mean(X[train], axis=0), np.std(X[train], axis=0)
    sigma[sigma == 0] = 1
    return (X[train] - mu) / sigma, (X[test] - mu) / sigma, y[train], y[test]


@variant("split_and_scale", "sorts random numbers within each class; rounds down; returns a list")
def by_keys(X, y, test_frac, rng):
    _judge(X, y, test_frac)
    key, rank = rng.random(len(y)), np.empty(len(y))
    for k in set(y.tolist()):
        mine = y == k
        rank[mine] = np.argsort(np.argsort(key[mine]))
        rank[mine] = rank[mine] < int(test_frac * mine.sum())
    test = rank > 0
    A, B = X[~test], X[test]
    mu = A.sum(axis=0) / len(A)
    sigma = np.sqrt(((A - mu) ** 2).mean(axis=0))
    constant = np.ptp(A, axis=0) == 0
    sigma = np.where(constant, 1.0, sigma)
    return [(A - mu) / sigma, (B - mu) / sigma, y[~test], y[test]]


@variant("split_and_scale", "draws without replacement, and shuffles both sets at the end")
def drawn(X, y, test_frac, rng):
    _judge(X, y, test_frac)
    train, test = [], []
    for k in np.unique(y)[::-1]:
        members = np.where(y == k)[0]
        chosen = rng.choice(members, size=round(test_frac * len(members)), replace=False)
        test.extend(chosen)
        train.extend(i for i in members if i not in chosen)
    train, test = rng.permutation(train), rng.permutation(test)
    mu, sigma = X[train].mean(0), X[train].std(0)
    sigma = sigma + (sigma == 0)
    return np.asfortranarray((X[train] - mu) / sigma), (X[test] - mu) / sigma, y[train], y[test]
