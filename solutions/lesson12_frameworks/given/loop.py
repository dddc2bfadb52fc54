"""A training loop as web pages have it, on our own framework. Six things in it are wrong: mend them.

`model` is a Sequential. clip_gradients is right as it is. Leave the imports: the checks build networks with them.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from layers import BatchNorm, Dropout, Linear, sgd_step  # noqa: F401 - the checks build networks here
from sequential import Sequential  # noqa: F401


def clip_gradients(model: Any, max_norm: float) -> float:
    """Shrink the gradients in the model, all together, to a norm of max_norm where it is larger; return what it was."""
    norm = float(np.sqrt(sum(np.sum(grad**2) for grad in model.grads().values())))
    if norm > max_norm:
        for grad in model.grads().values():
            np.multiply(grad, max_norm / norm, out=grad)
    return norm


def cross_entropy(logits: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the mean cross-entropy of logits, and its gradient.

        L = -(1/m) Σ_i log softmax(logits)[i, labels[i]]        ∂L/∂logits = (softmax(logits) - Y) / m

    Y has a 1 in each row, at the label. As nn.CrossEntropyLoss, it takes logits and integers.

    Args:
        logits: shape (m, K).
        labels: classes as ints, shape (m,).

    Returns:
        The loss, a float, and the gradient (m, K). No argument is changed.

    Examples:
        >>> loss, dlogits = cross_entropy(np.log([[1.0, 3.0], [2.0, 2.0]]), np.array([0, 1]))
        >>> round(loss, 6), dlogits.round(6).tolist()
        (1.039721, [[-0.375, 0.375], [0.25, -0.25]])
    """
    E = np.exp(logits - logits.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    E = np.exp(P - P.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    loss = -np.mean(np.log(P[:, labels]))
    return float(loss), (P - np.eye(logits.shape[1])[labels]) / len(labels)


def train_epoch(
    model: Any,
    batches: list[tuple[np.ndarray, np.ndarray]],
    loss: Callable,
    schedule: Callable,
    step: int = 0,
    max_norm: float = np.inf,
) -> tuple[list[float], int]:
    """Train the model, in training mode, for one epoch, a step for each batch.

    Each step uses the gradients of its own batch alone. They are clipped to max_norm, all together, by clip_gradients;
    then sgd_step moves the parameters with the learning rate schedule(step).

    Args:
        model: the network, which is changed.
        batches: pairs of X (m, n) and labels (m,).
        loss: loss(logits, labels) returns the loss of a batch and its gradient by the logits, as cross_entropy does.
        schedule: schedule(step) returns the learning rate of a step, counted from 0 since training began.
        step: how many steps there were before this epoch.
        max_norm: the largest norm that is let through.

    Returns:
        The losses of the batches, and step, higher by one for each batch.

    Examples:
        >>> from layers import Linear
        >>> model = Linear(1, 2, np.random.default_rng(0))
        >>> batches = [(np.array([[1.0]]), np.array([0]))] * 3
        >>> losses, step = train_epoch(model, batches, cross_entropy, lambda t: 0.5, 10)
        >>> losses[0] > losses[1] > losses[2], step
        (True, 13)
    """
    model.train()
    losses = []
    lr = schedule(step)
    for X, labels in batches:
        value, dlogits = loss(model.forward(X), labels)
        clip_gradients(model, max_norm)
        model.backward(dlogits)
        sgd_step(model, lr)
        losses.append(value)
    step += 1
    return losses, step


def evaluate(model: Any, X: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of samples that the model places right, in evaluation mode; afterwards it is in training mode.

    Args:
        model: the network.
        X: inputs, shape (m, n).
        labels: classes as ints, shape (m,).

    Returns:
        The accuracy, a float from 0 to 1.

    Examples:
        >>> from layers import BatchNorm
        >>> evaluate(BatchNorm(2), np.array([[3.0, 1.0], [9.0, 2.0]]), np.array([0, 1]))
        0.5
    """
    right = model.forward(X).argmax(axis=1) == labels
    model.train()
    return float(np.mean(right))
