"""A network as a row of layers, which is a layer itself.

Leave the imports: the checks build networks with them.
"""

from typing import Any

import numpy as np
from layers import BatchNorm, Dropout, Linear, ReLU, sgd_step


class Sequential:
    """Layers one after the other. It has all methods of a layer, so that it may stand in another Sequential.

    `forward(X)` goes through the layers in their order, `backward(dout)` through them the other way round; it returns
    ∂L/∂X. `params()` and `grads()` hold those of all layers; the name of each is the layer's place, a dot, and its name
    there: "0.W", "0.b", "2.W"; in a Sequential at place 1, "1.0.W". They are the arrays themselves, not copies.
    `train()`, `eval()` and `zero_grad()` reach every layer, nested ones too.

    Examples:
        >>> rng = np.random.default_rng(0)
        >>> model = Sequential(Linear(3, 4, rng), ReLU(), Sequential(Linear(4, 2, rng)))
        >>> sorted(model.params()), model.forward(np.ones((5, 3))).shape
        (['0.W', '0.b', '2.0.W', '2.0.b'], (5, 2))
    """

    def __init__(self, *layers: Any) -> None:
        raise NotImplementedError

    def forward(self, X: np.ndarray) -> np.ndarray:
        """Return what the last layer makes of it."""
        raise NotImplementedError

    def backward(self, dout: np.ndarray) -> np.ndarray:
        """Send dout back through all layers and return ∂L/∂X."""
        raise NotImplementedError

    def params(self) -> dict[str, np.ndarray]:
        """Return the parameters of all layers."""
        raise NotImplementedError

    def grads(self) -> dict[str, np.ndarray]:
        """Return the gradients of all layers, under the names of params."""
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Set the gradients of all layers to zero."""
        raise NotImplementedError

    def train(self) -> None:
        """Put every layer into training mode."""
        raise NotImplementedError

    def eval(self) -> None:
        """Put every layer into evaluation mode."""
        raise NotImplementedError
