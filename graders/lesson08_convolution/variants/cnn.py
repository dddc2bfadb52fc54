"""Right answers to cnn.py, written differently."""

import numpy as np
from convolution import conv2d_backward, conv2d_forward
from nnedu.checking import variant
from pooling import maxpool2d_backward, maxpool2d_forward


class _Net:
    """Convolution without padding, ReLU, pooling, an affine layer; momentum, and a rate that falls."""

    def __init__(self, rng, filters):
        self.W, self.b = rng.normal(0.0, 0.45, (filters, 1, 3, 3)), np.zeros(filters)
        self.V, self.c = rng.normal(0.0, 1.0 / np.sqrt(9 * filters), (filters * 9, 10)), np.zeros(10)
        self.moving = [0.0, 0.0, 0.0, 0.0]

    def forward(self, X):
        self.Z = conv2d_forward(X, self.W, self.b)
        self.A = np.maximum(self.Z, 0.0)
        self.pooled = maxpool2d_forward(self.A)
        self.rows = self.pooled.reshape(len(X), -1)
        return self.rows @ self.V + self.c

    def step(self, X, y, lr):
        scores = self.forward(X)
        P = np.exp(scores - scores.max(axis=1)[:, None])
        P /= P.sum(axis=1)[:, None]
        P[np.arange(len(y)), y] -= 1.0
        P /= len(y)
        dA = maxpool2d_backward((P @ self.V.T).reshape(self.pooled.shape), self.A)
        _, dW, db = conv2d_backward(np.where(self.Z > 0.0, dA, 0.0), X, self.W)
        grads = (dW, db, self.rows.T @ P, P.sum(axis=0))
        self.moving = [0.9 * old - lr * grad for old, grad in zip(self.moving, grads, strict=True)]
        for name, move in zip("WbVc", self.moving, strict=True):
            setattr(self, name, getattr(self, name) + move)

    def __call__(self, X):
        return np.argmax(self.forward((X - 4.9) / 6.0), axis=1)


@variant("train_cnn", "without padding, with momentum, and with pixels brought to mean 0 and spread 1")
def with_momentum(Xtr, ytr, rng):
    net, X, epochs = _Net(rng, 20), (Xtr - 4.9) / 6.0, 14
    for epoch in range(epochs):
        for batch in np.array_split(rng.permutation(len(X)), max(1, len(X) // 25)):
            net.step(X[batch], ytr[batch], 0.03 * (1.0 - epoch / epochs))
    return net


def _moved(X, down, right):
    return np.roll(np.pad(X, ((0, 0), (0, 0), (1, 1), (1, 1))), (down, right), axis=(2, 3))[:, :, 1:-1, 1:-1]


@variant("train_cnn", "with copies of the images that are moved by a pixel")
def with_moved_copies(Xtr, ytr, rng):
    net, X, epochs = _Net(rng, 16), (Xtr - 4.9) / 6.0, 16
    for epoch in range(epochs):
        order = rng.permutation(len(X))
        for first in range(0, len(X), 24):
            batch = order[first : first + 24]
            images = X[batch]
            if rng.random() < 0.25:
                images = _moved(images, *rng.integers(-1, 2, size=2))
            net.step(images, ytr[batch], 0.03 * (1.0 - epoch / epochs))
    return net


class _Together:
    """Several networks, whose scores are added up."""

    def __init__(self, nets):
        self.nets = nets

    def __call__(self, X):
        return sum(net.forward((X - 4.9) / 6.0) for net in self.nets).argmax(axis=1).astype(np.int32)


@variant("train_cnn", "two small networks whose scores are added up")
def two_networks(Xtr, ytr, rng):
    nets, X, epochs = [_Net(rng, 10) for _ in range(2)], (Xtr - 4.9) / 6.0, 12
    for net in nets:
        for epoch in range(epochs):
            order = rng.permutation(len(X))
            for first in range(0, len(X), 24):
                batch = order[first : first + 24]
                net.step(X[batch], ytr[batch], 0.03 * (1.0 - epoch / epochs))
    return _Together(nets)
