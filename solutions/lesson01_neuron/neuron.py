"""One neuron: the weighted sum of its inputs, and the activation that turns the sum into an output.

The letters mean the same in all lessons: m samples, n features, x (n,) one sample, X (m, n) a batch of samples as rows,
w (n,) the weights of one neuron, b its bias, z its weighted sum. No function changes an array that it was given.
"""

import numpy as np


def weighted_sum(x: np.ndarray, w: np.ndarray, b: float) -> float:
    """Add up the inputs of a neuron, each times its weight, and its bias.

        z = w_1 x_1 + w_2 x_2 + ... + w_n x_n + b        x (n,), w (n,), b a number -> z a number

    The bias is added once, however many features there are: at x = 0 the sum is b.

    Args:
        x: the features of one sample, shape (n,).
        w: one weight for each feature, shape (n,).
        b: the bias.

    Returns:
        One number: a Python float or a NumPy scalar, not an array of one element.

    Examples:
        >>> weighted_sum(np.array([1.0, 2.0]), np.array([0.5, -1.0]), 4.0)
        2.5

    Source: McCulloch, Pitts, A Logical Calculus of the Ideas Immanent in Nervous Activity (1943).
    """
    return float(np.dot(w, x) + b)


def step(z: np.ndarray) -> np.ndarray:
    """Say for each number whether the neuron fires: 1 where z is at least 0, else 0.

        step(z) = 1 if z >= 0, 0 if z < 0        z (any shape) -> same shape, integers

    At exactly 0 the neuron fires. A single number and an array of shape () are accepted too and give one number. The
    result holds 0 and 1 as numbers (integers; 0.0 and 1.0 will do), not False and True. z itself is left as it is.

    Examples:
        >>> step(np.array([[-1.5, 0.0], [2.0, -0.1]])).tolist()
        [[0, 1], [1, 0]]
        >>> int(step(0.3))
        1

    Source: Rosenblatt, The Perceptron (1958).
    """
    return (np.asarray(z) >= 0).astype(int)


def neuron_forward(X: np.ndarray, w: np.ndarray, b: float, activation: str) -> np.ndarray:
    """Run one neuron on every sample of a batch.

        z[i] = X[i, 1] w[1] + ... + X[i, n] w[n] + b        X (m, n), w (n,), b a number -> z (m,)
        a[i] = f(z[i])                                      z (m,) -> a (m,)

    The name of f is given as a string:

        'step'      1 if z >= 0, else 0            'tanh'      (e^z - e^-z) / (e^z + e^-z)
        'sigmoid'   1 / (1 + e^-z)                 'linear'    z itself
        'relu'      max(0, z)

    Args:
        X: a batch of samples, one per row, shape (m, n).
        w: the weights of the neuron, shape (n,).
        b: its bias, which all samples share.
        activation: one of the five names above.

    Returns:
        An array of shape (m,): one output per sample, float64 (for 'step' integers are accepted too).

    Examples:
        >>> X = np.array([[1.0, 2.0], [3.0, 0.5], [0.0, 1.0]])
        >>> neuron_forward(X, np.array([0.5, -1.0]), 0.25, "relu").tolist()
        [0.0, 1.25, 0.0]

    Raises:
        ValueError: the name of the activation is none of the five.

    Source: Goodfellow, Bengio, Courville, Deep Learning, section 6.3.
    """
    if activation not in _ACTIVATIONS:
        message = f"unknown activation {activation!r}; known are {', '.join(_ACTIVATIONS)}"
        raise ValueError(message)
    return _ACTIVATIONS[activation](X @ w + b)


_ACTIVATIONS = {
    "step": lambda z: step(z).astype(float),
    "sigmoid": lambda z: 1.0 / (1.0 + np.exp(-z)),
    "relu": lambda z: np.maximum(z, 0.0),
    "tanh": np.tanh,
    "linear": lambda z: z,
}
