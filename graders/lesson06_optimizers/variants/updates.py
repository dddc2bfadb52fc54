"""Right answers to updates.py, written differently."""

import math

import numpy as np
from nnedu.checking import variant


@variant("sgd_update", "with numpy functions")
def sgd_by_functions(param, grad, lr):
    return np.subtract(param, np.multiply(lr, grad))


@variant("sgd_update", "as a sum with the step, Fortran-ordered")
def sgd_fortran(param, grad, lr):
    step = -lr * grad
    return np.asfortranarray(step + param)


@variant("sgd_update", "in place on a copy")
def sgd_on_a_copy(param, grad, lr):
    new = np.array(param, dtype=float)
    new -= lr * grad
    return new


@variant("momentum_update", "with a velocity that points uphill inside")
def momentum_uphill(param, grad, velocity, lr=0.01, beta=0.9):
    uphill = lr * grad - beta * velocity
    return param - uphill, -uphill


@variant("momentum_update", "in place on copies")
def momentum_on_copies(param, grad, velocity, lr=0.01, beta=0.9):
    velocity = np.array(velocity, dtype=float)
    velocity *= beta
    velocity -= lr * grad
    return np.add(param, velocity), velocity


@variant("momentum_update", "with a loop over the entries")
def momentum_by_loop(param, grad, velocity, lr=0.01, beta=0.9):
    new_velocity, new_param = np.zeros(np.shape(param)), np.zeros(np.shape(param))
    for at in np.ndindex(*np.shape(param)):
        new_velocity[at] = beta * velocity[at] - lr * grad[at]
        new_param[at] = param[at] + new_velocity[at]
    return new_param, new_velocity


@variant("rmsprop_update", "as a correction of the old mean")
def rmsprop_as_correction(param, grad, s, lr=0.01, beta=0.9, eps=1e-8):
    s = s + (1 - beta) * (np.square(grad) - s)
    return param - lr / (np.sqrt(s) + eps) * grad, s


@variant("rmsprop_update", "with a power for the root, Fortran-ordered")
def rmsprop_by_power(param, grad, s, lr=0.01, beta=0.9, eps=1e-8):
    s = np.asfortranarray(beta * s + (1 - beta) * grad * grad)
    return np.asfortranarray(param - lr * grad / (s**0.5 + eps)), s


@variant("rmsprop_update", "with a loop over the entries")
def rmsprop_by_loop(param, grad, s, lr=0.01, beta=0.9, eps=1e-8):
    new_s, new_param = np.zeros(np.shape(param)), np.zeros(np.shape(param))
    for at in np.ndindex(*np.shape(param)):
        new_s[at] = beta * s[at] + (1 - beta) * grad[at] ** 2
        new_param[at] = param[at] - lr * grad[at] / (math.sqrt(new_s[at]) + eps)
    return new_param, new_s


@variant("adam_update", "with the correction in the learning rate and eps-hat, section 2 of the paper")
def adam_eps_hat(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    if t < 1:
        raise ValueError("t must be at least 1")
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad * grad
    lr_t = lr * math.sqrt(1 - beta2**t) / (1 - beta1**t)
    return param - lr_t * m / (np.sqrt(v) + eps), m, v


@variant("adam_update", "as corrections of the old moments")
def adam_as_corrections(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    if not t >= 1:
        raise ValueError(t)
    m = m + (1 - beta1) * (grad - m)
    v = v + (1 - beta2) * (np.square(grad) - v)
    step = m / -np.expm1(t * math.log(beta1))
    scale = np.sqrt(v / -np.expm1(t * math.log(beta2))) + eps
    return param - lr * step / scale, m, v


@variant("adam_update", "with the roots divided one by one, Fortran-ordered")
def adam_split_roots(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    if t <= 0:
        raise ValueError("step numbers start at 1")
    first = np.asfortranarray(beta1 * m + (1 - beta1) * grad)
    second = np.asfortranarray(beta2 * v + (1 - beta2) * grad**2)
    root = np.sqrt(second) / np.sqrt(1 - beta2**t)
    return np.asfortranarray(param - (lr / (1 - beta1**t)) * first / (root + eps)), first, second


@variant("adam_update", "with a loop over the entries")
def adam_by_loop(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    if t < 1:
        raise ValueError("t < 1")
    new = [np.zeros(np.shape(param)) for _ in range(3)]
    for at in np.ndindex(*np.shape(param)):
        first = beta1 * m[at] + (1 - beta1) * grad[at]
        second = beta2 * v[at] + (1 - beta2) * grad[at] ** 2
        step = (first / (1 - beta1**t)) / (math.sqrt(second / (1 - beta2**t)) + eps)
        new[0][at], new[1][at], new[2][at] = param[at] - lr * step, first, second
    return tuple(new)
