"""Four update rules: how one step of gradient descent moves one parameter array.

Every rule is a pure function of a parameter, its gradient and what the rule remembers from earlier steps. It returns
new arrays of the parameter's shape, in float64, and leaves the arrays that it was given as they were.
"""

import numpy as np


def sgd_update(param: np.ndarray, grad: np.ndarray, lr: float) -> np.ndarray:
    """Return the parameter after one step of gradient descent.

        new = param - lr * grad

    `param` and `grad` have one shape, any shape, and so has the result.

    Examples:
        >>> sgd_update(np.array([1.0, -2.0]), np.array([4.0, 2.0]), lr=0.25).tolist()
        [0.0, -2.5]

    Source: H. Robbins and S. Monro, "A stochastic approximation method", 1951.
    """
    raise NotImplementedError


def momentum_update(
    param: np.ndarray, grad: np.ndarray, velocity: np.ndarray, lr: float = 0.01, beta: float = 0.9
) -> tuple[np.ndarray, np.ndarray]:
    """Return the parameter and the velocity after one step of classical momentum.

        velocity_new = beta * velocity - lr * grad
        param_new    = param + velocity_new

    `velocity` has the shape of `param`; before the first step it is zero. Returns the tuple (param_new, velocity_new).

    Examples:
        >>> param, velocity = momentum_update(np.array([1.0]), np.array([2.0]), np.array([-0.5]), lr=0.25, beta=0.5)
        >>> param.tolist(), velocity.tolist()
        ([0.25], [-0.75])

    Source: B. Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.
    """
    raise NotImplementedError


def rmsprop_update(
    param: np.ndarray, grad: np.ndarray, s: np.ndarray, lr: float = 0.01, beta: float = 0.9, eps: float = 1e-8
) -> tuple[np.ndarray, np.ndarray]:
    """Return the parameter and the mean squared gradient after one step of RMSprop.

        s_new     = beta * s + (1 - beta) * grad^2
        param_new = param - lr * grad / (sqrt(s_new) + eps)

    All operations are elementwise; `s` has the shape of `param` and is zero before the first step. `eps` stands outside
    the root. Returns the tuple (param_new, s_new).

    Examples:
        >>> param, s = rmsprop_update(np.array([1.0]), np.array([2.0]), np.array([4.0]), lr=0.5, beta=0.5, eps=0.0)
        >>> param.tolist(), s.tolist()
        ([0.5], [4.0])

    Source: G. Hinton, "Neural networks for machine learning", lecture 6e, 2012.
    """
    raise NotImplementedError


def adam_update(
    param: np.ndarray,
    grad: np.ndarray,
    m: np.ndarray,
    v: np.ndarray,
    t: int,
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the parameter and both moments after step number t of Adam.

        m_new = beta1 * m + (1 - beta1) * grad          m_hat = m_new / (1 - beta1^t)
        v_new = beta2 * v + (1 - beta2) * grad^2        v_hat = v_new / (1 - beta2^t)
        param_new = param - lr * m_hat / (sqrt(v_hat) + eps)

    All operations are elementwise; `m` and `v` have the shape of `param` and are zero before the first step. The caller
    counts the steps: t is 1 at the first one. Returns the tuple (param_new, m_new, v_new), the moments uncorrected.

    Examples:
        >>> zero = np.zeros(2)
        >>> param, m, v = adam_update(np.array([1.0, 1.0]), np.array([0.5, -300.0]), zero, zero, t=1, lr=0.25)
        >>> param.round(6).tolist()
        [0.75, 1.25]

    Raises ValueError if t is below 1.

    Source: D. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015, algorithm 1.
    """
    raise NotImplementedError
