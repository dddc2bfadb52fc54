"""Right answers to metrics.py, written differently."""

import numpy as np
from nnedu.checking import variant


def _judge(y, yhat):
    if np.ndim(y) != 1 or np.ndim(yhat) != 1 or len(y) != len(yhat):
        raise ValueError("y and yhat should have shape (m,)")


@variant("accuracy", "a loop")
def in_a_loop(y, yhat):
    _judge(y, yhat)
    right = 0
    for a, b in zip(y, yhat, strict=True):
        right += int(a == b)
    return right / len(y)


@variant("accuracy", "counts what differs, and returns a NumPy scalar")
def from_errors(y, yhat):
    _judge(y, yhat)
    return 1 - np.count_nonzero(y - yhat) / np.float64(len(y))


@variant("accuracy", "a mean of truth values")
def of_truths(y, yhat):
    _judge(y, yhat)
    return np.equal(y, yhat).mean()


def _judge_classes(y, yhat, K):
    _judge(y, yhat)
    for one in (y, yhat):
        if (one < 0).any() or (one >= K).any():
            raise ValueError("a class is out of range")


@variant("confusion_matrix", "a loop")
def cell_by_cell(y, yhat, K):
    _judge_classes(y, yhat, K)
    C = np.zeros((K, K), dtype=int)
    for i, j in zip(y, yhat, strict=True):
        C[i, j] += 1
    return C


@variant("confusion_matrix", "adds at indices, in 32 bits")
def added_at(y, yhat, K):
    _judge_classes(y, yhat, K)
    C = np.zeros((K, K), dtype=np.int32)
    np.add.at(C, (y, yhat), 1)
    return C


@variant("confusion_matrix", "a product of rows of zeros and ones, transposed")
def product(y, yhat, K):
    _judge_classes(y, yhat, K)
    unit = np.eye(K, dtype=int)
    return (unit[yhat].T @ unit[y]).T
