"""Activation functions, their slopes, and softmax.

Every function takes an array of pre-activations of any shape, a list or a number, computes in float64, gives back a new
array of the same shape, and leaves its argument alone.
"""

import numpy as np


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Squash every number into (0, 1): the sigmoid, or logistic function.

        sigma(x) = 1 / (1 + e^-x)        x (any shape) -> same shape, float64

    Right at every x: 0 at -1000, 1 at 1000, and never nan. Inputs of integers give floats.

    Examples:
        >>> np.round(sigmoid(np.array([-2.0, 0.0, 2.0])), 3).tolist()
        [0.119, 0.5, 0.881]

    Source: Goodfellow, Bengio, Courville, Deep Learning, section 3.10.
    """
    raise NotImplementedError


def sigmoid_derivative(x: np.ndarray) -> np.ndarray:
    """Slope of the sigmoid at the pre-activation x.

        sigma'(x) = sigma(x) * (1 - sigma(x))        x (any shape) -> same shape, float64

    The argument is what goes into the sigmoid, not what comes out of it. The slope lies in (0, 1/4] and is 1/4 at 0.

    Examples:
        >>> np.round(sigmoid_derivative(np.array([-2.0, 0.0, 2.0])), 3).tolist()
        [0.105, 0.25, 0.105]

    Source: Nielsen, Neural Networks and Deep Learning, chapter 2.
    """
    raise NotImplementedError


def tanh_derivative(x: np.ndarray) -> np.ndarray:
    """Slope of the hyperbolic tangent at the pre-activation x.

        tanh'(x) = 1 - tanh(x)^2        x (any shape) -> same shape, float64

    The slope lies in (0, 1], is 1 at 0, and is the same at x and -x.

    Examples:
        >>> np.round(tanh_derivative(np.array([-1.0, 0.0, 1.0])), 3).tolist()
        [0.42, 1.0, 0.42]

    Source: LeCun, Bottou, Orr, Mueller, Efficient BackProp, section 4.4.
    """
    raise NotImplementedError


def relu(x: np.ndarray) -> np.ndarray:
    """Keep what is positive and replace the rest by 0: the rectified linear unit.

        relu(x) = max(0, x)        x (any shape) -> same shape, float64

    Numbers and lists are accepted; integers give floats.

    Examples:
        >>> relu([1, -2]).tolist()
        [1.0, 0.0]

    Source: Glorot, Bordes, Bengio, Deep Sparse Rectifier Neural Networks.
    """
    raise NotImplementedError


def relu_derivative(x: np.ndarray) -> np.ndarray:
    """Slope of ReLU at the pre-activation x: 1.0 where x is positive, else 0.0.

        relu'(x) = 1 if x > 0, 0 if x < 0        x (any shape) -> same shape, float64

    At x = 0 ReLU has a kink and no slope; this course takes 0.0 there, as PyTorch does.

    Examples:
        >>> relu_derivative(np.array([-2.0, 0.0, 3.0])).tolist()
        [0.0, 0.0, 1.0]

    Source: Goodfellow, Bengio, Courville, Deep Learning, section 6.3.
    """
    raise NotImplementedError


def leaky_relu(x: np.ndarray, alpha: float = 0.01) -> np.ndarray:
    """Keep what is positive and scale the rest by alpha.

        leaky_relu(x) = x if x > 0, alpha * x otherwise        x (any shape) -> same shape, float64

    alpha is any number, also above 1. The result is float64 even when x and alpha are integers.

    Examples:
        >>> leaky_relu(np.array([-100.0, 3.0])).tolist()
        [-1.0, 3.0]

    Source: Maas, Hannun, Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models.
    """
    raise NotImplementedError


def leaky_relu_derivative(x: np.ndarray, alpha: float = 0.01) -> np.ndarray:
    """Slope of Leaky ReLU at the pre-activation x.

        leaky_relu'(x) = 1 if x > 0, alpha if x < 0        x (any shape) -> same shape, float64

    At x = 0 either value is right, and neither is tested. The result is float64 even when alpha is an integer.

    Examples:
        >>> leaky_relu_derivative(np.array([-100.0, 3.0]), alpha=0.2).tolist()
        [0.2, 1.0]

    Source: Maas, Hannun, Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models.
    """
    raise NotImplementedError


def softmax(Z: np.ndarray) -> np.ndarray:
    """Turn the logits of every sample into probabilities of K exclusive classes.

        P[..., k] = e^Z[..., k] / sum over j of e^Z[..., j]        Z (..., K) -> P (..., K), float64

    Classes lie on the last axis; Z has one dimension or more, and P.sum(axis=-1) is 1 everywhere. Right also for logits
    such as 1000 or -1000, and for rows of very different size in one array: adding a constant to a row changes nothing.

    Examples:
        >>> np.round(softmax(np.array([[2.0, 1.0, 0.1], [0.0, 0.0, 0.0]])), 3).tolist()
        [[0.659, 0.242, 0.099], [0.333, 0.333, 0.333]]

    Source: Goodfellow, Bengio, Courville, Deep Learning, sections 4.1 and 6.2.2.3.
    """
    raise NotImplementedError
