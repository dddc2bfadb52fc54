"""The layers of a small framework: each is an object that keeps its parameters, their gradients, and its last input.

Layer, ReLU and sgd_step are given: what all layers share, a whole layer to learn the manner from, and the use of both.
"""

from typing import Any

import numpy as np


class Layer:
    """What all layers share: a mode, and no parameters unless a layer says otherwise."""

    training = True

    def params(self) -> dict[str, np.ndarray]:
        """Return the parameters by name: the arrays themselves, so that who changes them changes the layer."""
        return {}

    def grads(self) -> dict[str, np.ndarray]:
        """Return the gradients, under the names of the parameters: the arrays themselves."""
        return {}

    def zero_grad(self) -> None:
        """Set all gradients to zero."""
        for grad in self.grads().values():
            grad.fill(0.0)

    def train(self) -> None:
        """Go into training mode."""
        self.training = True

    def eval(self) -> None:
        """Go into evaluation mode."""
        self.training = False


class ReLU(Layer):
    """max(0, X), entry by entry."""

    def forward(self, X: np.ndarray) -> np.ndarray:
        """Return max(0, X) and remember where X was positive."""
        self._positive = X > 0
        return X * self._positive

    def backward(self, dout: np.ndarray) -> np.ndarray:
        """Return ∂L/∂X of the last forward, given dout = ∂L/∂out."""
        return dout * self._positive


def sgd_step(model: Any, lr: float) -> None:
    """Move every parameter of the model, in place, by -lr times its gradient."""
    grads = model.grads()
    for name, param in model.params().items():
        np.subtract(param, lr * grads[name], out=param)


class Linear(Layer):
    """The affine layer X @ W + b.

    `params()` and `grads()` have the keys "W" (n_in, n_out) and "b" (n_out,). At the start W is drawn by rng with mean
    0 and variance 2/n_in (He), b and both gradients are 0. `forward(X)` takes (m, n_in). `backward(dout)` takes dout =
    ∂L/∂out (m, n_out) of the last forward, returns ∂L/∂X, and *adds* to the gradients

        dW += X.T @ dout        db += column sums of dout

    so that they accumulate until `zero_grad()` is called. `params()` and `grads()` return the layer's arrays
    themselves, not copies. Nothing else that comes in is changed.

    Examples:
        >>> layer = Linear(2, 1, np.random.default_rng(0))
        >>> layer.params()["W"][:] = [[2.0], [-1.0]]
        >>> layer.forward(np.array([[1.0, 3.0]])).tolist()
        [[-1.0]]
        >>> layer.backward(np.array([[0.5]])).tolist(), layer.grads()["W"].tolist()
        ([[1.0, -0.5]], [[0.5], [1.5]])
        >>> _ = layer.backward(np.array([[0.5]]))
        >>> layer.grads()["W"].tolist()
        [[1.0], [3.0]]
    """

    def __init__(self, n_in: int, n_out: int, rng: np.random.Generator) -> None:
        raise NotImplementedError

    def params(self) -> dict[str, np.ndarray]:
        """Return {"W": ..., "b": ...}."""
        raise NotImplementedError

    def grads(self) -> dict[str, np.ndarray]:
        """Return {"W": ..., "b": ...}."""
        raise NotImplementedError

    def forward(self, X: np.ndarray) -> np.ndarray:
        """Return X @ W + b."""
        raise NotImplementedError

    def backward(self, dout: np.ndarray) -> np.ndarray:
        """Add to the gradients and return ∂L/∂X."""
        raise NotImplementedError


class Dropout(Layer):
    """Inverted dropout, which keeps an entry with probability `keep`.

    In training `forward(X)` sets each entry to 0 with probability 1 - keep and divides the others by keep; each forward
    draws anew, by the rng that the layer got. `backward(dout)` does to dout what the last forward did to X. In
    evaluation both return what comes in. There are no parameters. No argument is changed.

    Examples:
        >>> layer = Dropout(0.5, np.random.default_rng(0))
        >>> sorted(set(layer.forward(np.ones((20, 20))).ravel().tolist()))
        [0.0, 2.0]
        >>> layer.eval()
        >>> layer.forward(np.ones((1, 2))).tolist()
        [[1.0, 1.0]]

    Raises ValueError unless 0 < keep ≤ 1.
    """

    def __init__(self, keep: float, rng: np.random.Generator) -> None:
        raise NotImplementedError

    def forward(self, X: np.ndarray) -> np.ndarray:
        """Return X with dropout, or X itself in evaluation."""
        raise NotImplementedError

    def backward(self, dout: np.ndarray) -> np.ndarray:
        """Return ∂L/∂X of the last forward."""
        raise NotImplementedError


class BatchNorm(Layer):
    """Batch normalisation of d features, as in lesson 7.

        X_hat = (X - mean) / sqrt(var + eps)        out = gamma · X_hat + beta

    `params()` and `grads()` have the keys "gamma" and "beta", (d,); at the start gamma is 1, beta and the gradients are
    0. In training mean and var are those of the batch (var divides by m), and every forward moves `running_mean` and
    `running_var`, at first 0 and 1, to (1 - momentum) · running + momentum · batch. In evaluation mean and var are the
    running ones, which stay. `backward(dout)` is that of a training forward: it adds to the gradients, and returns
    ∂L/∂X.

    Examples:
        >>> layer = BatchNorm(1, momentum=0.5, eps=0.0)
        >>> layer.forward(np.array([[1.0], [5.0]])).tolist(), layer.running_mean.tolist(), layer.running_var.tolist()
        ([[-1.0], [1.0]], [1.5], [2.5])

    Source: S. Ioffe and C. Szegedy, "Batch normalization", 2015, algorithms 1 and 2.
    """

    def __init__(self, d: int, momentum: float = 0.1, eps: float = 1e-5) -> None:
        raise NotImplementedError

    def params(self) -> dict[str, np.ndarray]:
        """Return {"gamma": ..., "beta": ...}."""
        raise NotImplementedError

    def grads(self) -> dict[str, np.ndarray]:
        """Return {"gamma": ..., "beta": ...}."""
        raise NotImplementedError

    def forward(self, X: np.ndarray) -> np.ndarray:
        """Return gamma · X_hat + beta."""
        raise NotImplementedError

    def backward(self, dout: np.ndarray) -> np.ndarray:
        """Add to the gradients and return ∂L/∂X."""
        raise NotImplementedError
