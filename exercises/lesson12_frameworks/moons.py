"""The network of the framework pages, built and trained with our own framework.

Leave the imports: the checks build networks with them.
"""

import numpy as np
from layers import Dropout, Linear, ReLU, sgd_step
from sequential import Sequential


def build_mlp(input_dim: int, hidden_dims: list[int], output_dim: int, rng: np.random.Generator) -> Sequential:
    """Return a network that ends in logits: Linear, ReLU, Linear, ReLU, ..., Linear.

    Each hidden layer is a Linear and a ReLU; the last layer is a Linear alone, with no ReLU and no sigmoid after it.

    Args:
        input_dim: number of inputs.
        hidden_dims: sizes of the hidden layers; may be empty.
        output_dim: number of logits.
        rng: draws the weights, layers in order.

    Returns:
        A Sequential whose parameters are named "0.W", "0.b", "2.W", "2.b", "4.W", ...

    Examples:
        >>> model = build_mlp(2, [10, 5], 1, np.random.default_rng(0))
        >>> {name: p.shape for name, p in sorted(model.params().items()) if "W" in name}
        {'0.W': (2, 10), '2.W': (10, 5), '4.W': (5, 1)}
    """
    raise NotImplementedError


def fit(
    model: Sequential,
    X: np.ndarray,
    y: np.ndarray,
    rng: np.random.Generator,
    epochs: int = 200,
    lr: float = 0.5,
    batch_size: int = 32,
) -> list[float]:
    """Train a model with one logit for two classes and return the mean loss of each epoch.

    The loss is the mean of log(1 + exp(z)) - y·z over the samples, binary cross-entropy with the sigmoid inside; its
    gradient by the logits z is (sigmoid(z) - y) / m. In every epoch rng puts the samples in a new order; batches of
    batch_size follow each other, of which the last may be smaller; each is one step of plain gradient descent.

    Args:
        model: a Sequential that returns logits (m, 1). It is trained in place, in training mode.
        X: inputs, shape (m, n).
        y: classes 0.0 and 1.0, shape (m, 1).
        rng: draws the order of the samples.
        epochs: how often all samples are seen.
        lr: learning rate.
        batch_size: samples in a batch.

    Returns:
        A list of `epochs` floats, the mean over all samples of the losses that training met. X and y do not change.

    Examples:
        >>> rng = np.random.default_rng(0)
        >>> model, X, y = build_mlp(1, [], 1, rng), np.array([[-1.0], [1.0]]), np.array([[0.0], [1.0]])
        >>> losses = fit(model, X, y, rng)
        >>> len(losses), losses[-1] < 0.05
        (200, True)

    Raises:
        ValueError: if y is not of shape (m, 1).
    """
    raise NotImplementedError
