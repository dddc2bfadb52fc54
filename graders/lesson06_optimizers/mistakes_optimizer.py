"""Wrong implementations of optimizer.py, as students write them."""

import numpy as np
from nnedu.checking import mistake
from updates import adam_update, momentum_update, rmsprop_update, sgd_update

_SIZES = {"sgd": 0, "momentum": 1, "rmsprop": 1, "adam": 2}
_SHARED = {}


def _start(param, kind):
    return [np.zeros(np.shape(param)) for _ in range(_SIZES[kind])]


def _update(kind, param, grad, state, t, hyper):
    """One update by the rule of that kind: the new parameter and the list of its new state."""
    if kind == "sgd":
        return sgd_update(param, grad, **hyper), []
    if kind == "momentum":
        param, *state = momentum_update(param, grad, *state, **hyper)
    elif kind == "rmsprop":
        param, *state = rmsprop_update(param, grad, *state, **hyper)
    else:
        param, *state = adam_update(param, grad, *state, t, **hyper)
    return param, state


class _Right:
    """What the mistakes below share: everything but the slip."""

    def __init__(self, kind, lr, **hyper):
        if kind not in _SIZES:
            raise ValueError(kind)
        self.kind, self.hyper = kind, {"lr": lr, **hyper}
        self.states, self.t = {}, 0

    def step(self, params, grads):
        self.t += 1
        return {key: self.update(key, params[key], grads[key]) for key in params}

    def update(self, key, param, grad):
        state = self.states.get(key) or _start(param, self.kind)
        param, self.states[key] = _update(self.kind, param, grad, state, self.t, self.hyper)
        return param


@mistake(
    "Optimizer",
    "all parameters share one state",
    hints=(
        "Print the shape of your velocity after W has been moved and before b is. Whose is it?",
        (
            "A state has the shape of its parameter, and each key has its own: one velocity for W (n, k), another for "
            "b (k,)."
        ),
        (
            "Keep the states in a dict with the keys of `params`, and look up the one of the parameter that you are "
            "moving."
        ),
    ),
)
class SharesOneState(_Right):
    def update(self, key, param, grad):
        return super().update("the only one", param, grad)


@mistake(
    "Optimizer",
    "the steps are counted once for each parameter instead of once for each call",
    hints=(
        "Print t for each key during the first call of `step`. Is it 1 every time?",
        (
            "t is the number of calls of `step`; the bias correction 1 - beta^t of the second parameter needs the "
            "same t as that of the first."
        ),
        "Count before the loop over the keys, not within it.",
    ),
)
class CountsParameters(_Right):
    def step(self, params, grads):
        moved = {}
        for key in params:
            self.t += 1
            moved[key] = self.update(key, params[key], grads[key])
        return moved


@mistake(
    "Optimizer",
    "the state of an integer parameter is kept in integers",
    hints=(
        "What is the dtype of your velocity when the parameter is an array of integers?",
        (
            "`np.zeros_like(param)` copies the dtype too, and what is written into an integer array loses its "
            "fraction. A state is float64."
        ),
        "Make the zeros from the shape of the parameter alone.",
    ),
)
class KeepsIntegers(_Right):
    def update(self, key, param, grad):
        state = self.states.setdefault(key, [np.zeros_like(param) for _ in range(_SIZES[self.kind])])
        param, new = _update(self.kind, param, grad, state, self.t, self.hyper)
        for kept, value in zip(state, new, strict=True):
            kept[...] = value
        return param


@mistake(
    "Optimizer",
    "nothing is remembered from one step to the next",
    hints=(
        "With the same gradient in every call, does momentum get faster?",
        (
            "The state that a rule returns is an argument of the next step: velocity for momentum, s for rmsprop, m "
            "and v for adam."
        ),
        "Store what the rule returns on self, and start from zeros only when a key is met for the first time.",
    ),
)
class ForgetsState(_Right):
    def update(self, key, param, grad):
        return _update(self.kind, param, grad, _start(param, self.kind), self.t, self.hyper)[0]


@mistake(
    "Optimizer",
    "two optimizers share their states",
    hints=(
        "Make two optimizers and take one step with each. Does the second one start from rest?",
        "A dict in the module or in the body of the class is one for all optimizers; each object needs its own.",
        "Make the dict of states in __init__, and reach it through self.",
    ),
)
class SharesBetweenOptimizers(_Right):
    def __init__(self, kind, lr, **hyper):
        super().__init__(kind, lr, **hyper)
        self.states = _SHARED
        self.states.clear()


@mistake(
    "Optimizer",
    "the caller's arrays are changed in place",
    hints=(
        "Print the dict that you passed to `step` before and after the call. Is it still the same?",
        (
            "`params[key] -= ...` and `params[key] = ...` write into the caller's dict. `step` returns a dict of new "
            "arrays under the same keys."
        ),
        "Build a new dict in the loop, and leave the one that you were given alone.",
    ),
)
class ChangesParams(_Right):
    def step(self, params, grads):
        moved = super().step(params, grads)
        for key, param in moved.items():
            params[key][...] = param
        return moved


@mistake(
    "Optimizer",
    "step returns nothing",
    hints=(
        "What does `params = optimizer.step(params, grads)` leave in `params`?",
        "`step` returns a dict with the keys of `params` and, under each, the new array of the same shape.",
        "Collect the moved arrays in a dict, and give it back at the end of `step`.",
    ),
)
class ReturnsNothing(_Right):
    def step(self, params, grads):
        params.update(super().step(params, grads))


@mistake(
    "Optimizer",
    "hyperparameters other than lr are ignored",
    hints=(
        "Make a momentum optimizer with beta = 0.5. Which beta does its first step use, and its second?",
        (
            "`**hyper` collects beta, beta1, beta2 and eps, as far as they are given; the rules have their own "
            "defaults for the rest."
        ),
        "Keep `hyper` on self, and pass it on to the rule by name, next to lr.",
    ),
)
class IgnoresHyper(_Right):
    def __init__(self, kind, lr, **hyper):
        super().__init__(kind, lr)


@mistake(
    "Optimizer",
    "an unknown kind is taken without an error",
    hints=(
        "What happens on Optimizer('adma', lr=0.1)?",
        (
            "The contract names four kinds; for every other one the constructor raises ValueError, so that a typing "
            "error shows at once."
        ),
        "Test in __init__ whether the kind is one that you know, and raise the error there if it is not.",
    ),
)
class AcceptsAnyKind(_Right):
    def __init__(self, kind, lr, **hyper):
        super().__init__(kind if kind in _SIZES else "sgd", lr, **hyper)
