"""Right answers to scaling.py, written differently."""

import math

import numpy as np
from nnedu.checking import variant


@variant("standardize", "column by column, with math.fsum")
def by_columns(X_train, X_test):
    out = [np.empty(X.shape, order="F") for X in (X_train, X_test)]
    for j in range(X_train.shape[1]):
        column = X_train[:, j].tolist()
        if min(column) == max(column):
            mean, std = column[0], 1.0
        else:
            mean = math.fsum(column) / len(column)
            std = math.sqrt(math.fsum((x - mean) ** 2 for x in column) / len(column))
        for new, X in zip(out, (X_train, X_test), strict=True):
            new[:, j] = (X[:, j] - mean) / std
    return out[0], out[1]


@variant("standardize", "by the range that is 0, in one array")
def both_at_once(X_train, X_test):
    still = np.ptp(X_train, axis=0) == 0.0
    both = np.concatenate([X_train, X_test]) - X_train[:1]
    mine = both[: len(X_train)]
    centred = both - np.average(mine, axis=0)
    std = np.sqrt(np.var(mine, axis=0))
    std[still] = 1.0
    return np.split(centred / std, [len(X_train)])


@variant("standardize", "in columns, with a spread that is 0 put to 1")
def in_columns(X_train, X_test):
    constant = (X_train == X_train[0]).all(axis=0)
    mean = X_train.mean(axis=0)
    mean[constant] = X_train[0, constant]
    std = np.linalg.norm(X_train - mean, axis=0) / np.sqrt(len(X_train))
    std[std == 0.0] = 1.0
    return ((X_train.T - mean[:, None]) / std[:, None]).T, ((X_test.T - mean[:, None]) / std[:, None]).T
