"""Tests of your own, for four functions of this course.

Each of the four is given an implementation, right or wrong, and returns a list of complaints: strings that say what is
wrong with it. An empty list accepts it. nnedu puts them to five right implementations each, written in different ways,
and to six with one fault each. Who rejects a right one earns nothing for it; for the others every wrong one counts.

- An exception that you do not catch rejects, too. To print is allowed, and judges nothing.
- Draw inputs from np.random.default_rng(SEED) with a SEED of your own: each implementation comes twice, in any order,
  and your tests have to say the same of it. They should take a tenth of a second, or less.
- What you hand to an implementation it may change, and you see it: that is a fault. What it returns is a copy.
- An implementation takes at most 5000 numbers in one call. A few dozen do; let no two sizes be equal.
- Compare to about 1e-6. Right implementations differ in their last digits, and where the text leaves them free.
"""

from collections.abc import Callable

import numpy as np


def check_softmax(softmax: Callable) -> list[str]:
    """Return what is wrong with a softmax: a list of strings, empty if nothing is.

        softmax(Z) -> P,   P[..., k] = e^Z[..., k] / Σ_j e^Z[..., j]

    Z has one axis or more, (..., K), float64; classes lie on the last one. P has the shape of Z. It is right also for
    logits such as 1000 or -1000, and for rows of very different size in one array. Z is not changed.

    Examples:
        >>> bool(check_softmax(lambda Z: np.exp(Z) / np.exp(Z).sum()))
        True
    """
    raise NotImplementedError


def check_backprop(backprop: Callable) -> list[str]:
    """Return what is wrong with a backprop: a list of strings, empty if nothing is.

        backprop(X, Y, params, output="sigmoid") -> grads

    The backprop of lesson 5: X (m, n0), Y (m, nL), params W1 (n0, n1), b1 (n1,), ..., WL, bL; one layer or more, with
    ReLU between them. The losses are "sigmoid" (mean binary cross-entropy over all m·nL entries of Y), "softmax" (mean
    cross-entropy over the m rows) and "linear" (mean squared error over all entries). grads is a dict with the keys of
    params in any order, each gradient of the shape of its parameter. No argument is changed.

    At a pre-activation of exactly 0 the slope of ReLU may be any number from 0 to 1. You may put your mean_loss of
    lesson 5 into this file: what the gradient is a gradient of, no other test asks.

    Examples:
        >>> bool(check_backprop(lambda X, Y, params, output="sigmoid": params))
        True
    """
    raise NotImplementedError


def check_adam(adam_update: Callable) -> list[str]:
    """Return what is wrong with an adam_update: a list of strings, empty if nothing is.

        adam_update(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8) -> (param, m, v)

        m_new = beta1·m + (1 - beta1)·grad          m_hat = m_new / (1 - beta1^t)
        v_new = beta2·v + (1 - beta2)·grad²         v_hat = v_new / (1 - beta2^t)
        param_new = param - lr·m_hat / (√v_hat + eps)

    The adam_update of lesson 6, for arrays of any shape; t is 1 at the first step. The moments are returned as they are
    before they are corrected. No argument is changed.

    eps stands outside of the root. It may also be added to √v_new, with the correction in the learning rate: that is
    Adam, too. For gradients of 0.1 and more the two differ by less than 1e-5 of a step, for gradients of 1e-4 by 1 %.

    Examples:
        >>> bool(check_adam(lambda param, grad, m, v, t, lr=0.001: (param - lr * grad, m, v)))
        True
    """
    raise NotImplementedError


def check_batchnorm(batchnorm_forward: Callable, batchnorm_backward: Callable) -> list[str]:
    """Return what is wrong with a batch normalisation: a list of strings, empty if nothing is.

        batchnorm_forward(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5)
            -> (out, cache, running_mean, running_var)
        batchnorm_backward(dout, cache) -> (dX, dgamma, dbeta)

    Both as in lesson 7: X and out (m, d), the others (d,). out = gamma·(X - mean) / √(var + eps) + beta, with mean and
    var of the batch in training (var divides by m) and the running ones in evaluation. In training, running_new =
    (1 - momentum)·running + momentum·batch for both; in evaluation they stay. No argument is changed.

    The cache may be anything, and after evaluation nothing: hand it over as it is, and after training only.

    Examples:
        >>> bool(check_batchnorm(lambda X, *rest, **more: (X, None, *rest[2:4]), lambda dout, cache: (dout, 0, 0)))
        True
    """
    raise NotImplementedError
