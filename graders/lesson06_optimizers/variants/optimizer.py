"""Right answers to optimizer.py, written differently."""

import numpy as np
from nnedu.checking import variant


@variant("Optimizer", "with one dict of states for each name")
class WithDicts:
    def __init__(self, kind, lr, beta=0.9, beta1=0.9, beta2=0.999, eps=1e-8):
        if kind not in ("sgd", "momentum", "rmsprop", "adam"):
            raise ValueError(f"unknown kind: {kind}")
        self.kind, self.lr, self.eps = kind, lr, eps
        self.beta, self.beta1, self.beta2 = beta, beta1, beta2
        self.first, self.second = {}, {}
        self.t = 0

    def step(self, params, grads):
        self.t += 1
        moved = {}
        for key, grad in grads.items():
            first = self.first.get(key, np.zeros(grad.shape))
            second = self.second.get(key, np.zeros(grad.shape))
            if self.kind == "sgd":
                step = -self.lr * grad
            elif self.kind == "momentum":
                step = first = self.beta * first - self.lr * grad
            elif self.kind == "rmsprop":
                second = self.beta * second + (1 - self.beta) * grad**2
                step = -self.lr * grad / (np.sqrt(second) + self.eps)
            else:
                first = self.beta1 * first + (1 - self.beta1) * grad
                second = self.beta2 * second + (1 - self.beta2) * grad**2
                root = np.sqrt(second / (1 - self.beta2**self.t))
                step = -self.lr * first / (1 - self.beta1**self.t) / (root + self.eps)
            self.first[key], self.second[key] = first, second
            moved[key] = params[key] + step
        return moved


def _sgd(lr):
    return lambda grad: -lr * grad


def _momentum(lr, beta=0.9):
    velocity = 0.0

    def step(grad):
        nonlocal velocity
        velocity = beta * velocity - lr * grad
        return velocity

    return step


def _rmsprop(lr, beta=0.9, eps=1e-8):
    s = 0.0

    def step(grad):
        nonlocal s
        s = beta * s + (1 - beta) * np.square(grad)
        return -lr * grad / (np.sqrt(s) + eps)

    return step


def _adam(lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v, t = 0.0, 0.0, 0

    def step(grad):
        nonlocal m, v, t
        t += 1
        m = beta1 * m + (1 - beta1) * grad
        v = beta2 * v + (1 - beta2) * np.square(grad)
        return -lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)

    return step


@variant("Optimizer", "with a closure for each parameter")
class WithClosures:
    def __init__(self, kind, lr, **hyper):
        rules = {"sgd": _sgd, "momentum": _momentum, "rmsprop": _rmsprop, "adam": _adam}
        if kind not in rules:
            raise ValueError(kind)
        self.make = lambda: rules[kind](lr, **hyper)
        self.steppers = {}

    def step(self, params, grads):
        new = {}
        for key in sorted(params):
            if key not in self.steppers:
                self.steppers[key] = self.make()
            new[key] = np.asfortranarray(params[key] + self.steppers[key](grads[key]))
        return new


@variant("Optimizer", "in place on copies, with eps-hat in adam")
class OnCopies:
    def __init__(self, kind, lr, **hyper):
        self.rule = {"sgd": self.sgd, "momentum": self.momentum, "rmsprop": self.rmsprop, "adam": self.adam}.get(kind)
        if self.rule is None:
            raise ValueError(f"{kind!r} is not an optimizer")
        self.lr, self.hyper, self.memory, self.steps = lr, hyper, {}, 0

    def step(self, params, grads):
        self.steps += 1
        new = {key: np.array(value, dtype=float) for key, value in params.items()}
        for key, value in new.items():
            self.memory.setdefault(key, [np.zeros(value.shape), np.zeros(value.shape)])
            self.rule(value, np.asarray(grads[key], dtype=float), *self.memory[key], **self.hyper)
        return new

    def sgd(self, param, grad, _first, _second):
        param -= self.lr * grad

    def momentum(self, param, grad, velocity, _, beta=0.9):
        velocity *= beta
        velocity -= self.lr * grad
        param += velocity

    def rmsprop(self, param, grad, s, _, beta=0.9, eps=1e-8):
        s *= beta
        s += (1 - beta) * grad**2
        param -= self.lr * grad / (np.sqrt(s) + eps)

    def adam(self, param, grad, m, v, beta1=0.9, beta2=0.999, eps=1e-8):
        m += (1 - beta1) * (grad - m)
        v += (1 - beta2) * (grad**2 - v)
        rate = self.lr * np.sqrt(1 - beta2**self.steps) / (1 - beta1**self.steps)
        param -= rate * m / (np.sqrt(v) + eps)
