"""Right answers to batches.py, written differently."""

import math

import numpy as np
from nnedu.checking import variant


@variant("minibatches", "as a list, from shuffled copies")
def as_a_list(X, Y, batch_size, rng):
    order = np.arange(len(X))
    rng.shuffle(order)
    X, Y = X[order], Y[order]
    return [(X[k : k + batch_size], Y[k : k + batch_size]) for k in range(0, len(X), batch_size)]


@variant("minibatches", "as a generator that sorts random keys")
def by_random_keys(X, Y, batch_size, rng):
    order = np.argsort(rng.random(X.shape[0]))
    for number in range(math.ceil(X.shape[0] / batch_size)):
        rows = order[number * batch_size : (number + 1) * batch_size]
        yield np.take(X, rows, axis=0), np.take(Y, rows, axis=0)


@variant("minibatches", "as an iterator over slices of the order")
def over_slices(X, Y, batch_size, rng):
    order = rng.permutation(len(Y))
    starts = range(0, len(Y), batch_size)
    return iter([(X[rows], Y[rows]) for rows in np.split(order, starts[1:])])


class _Batches:
    def __init__(self, X, Y, batch_size, order):
        self.X, self.Y, self.batch_size, self.order = X, Y, batch_size, order

    def __iter__(self):
        left = list(self.order)
        while left:
            rows, left = left[: self.batch_size], left[self.batch_size :]
            yield [np.asfortranarray(self.X[rows]), self.Y[rows]]


@variant("minibatches", "as an object that can be iterated, with lists as pairs")
def as_an_object(X, Y, batch_size, rng):
    return _Batches(X, Y, batch_size, rng.permutation(len(X)))
