"""Wrong implementations of ascent.py, as students write them."""

import numpy as np
from nnedu.checking import mistake
from saliency import mlp_forward, saliency


def _logit(params, unit, x):
    return float(mlp_forward(x[None], params)[0][0, unit])


def _slope(params, unit, x):
    return saliency(x[None], params, np.array([unit]))[0]


def _walk(params, unit, x0, steps, lr, l2, bounds, *, slope=None, value=None, move=None, start=None):
    """The right walk, in which each part can be exchanged."""
    slope = slope or (lambda x: _slope(params, unit, x) - 2.0 * l2 * x)
    value = value or (lambda x: _logit(params, unit, x) - l2 * float(np.sum(x**2)))
    move = move or (lambda x, g: np.clip(x + lr * g, *bounds))
    x = np.clip(x0, *bounds) if start is None else start
    trace = [value(x)]
    for _ in range(steps):
        x = move(x, slope(x))
        trace.append(value(x))
    return x, np.array(trace)


@mistake(
    "maximize",
    "the steps go down the gradient instead of up",
    hints=(
        "Does your trace rise or fall?",
        "J should become large: x ← clip(x + lr · ∂J/∂x). A loss would be made small.",
        "Turn the sign of the step around.",
    ),
)
def descends(params, unit, x0, steps, lr, l2=0.0, bounds=(0, 1)):
    return _walk(params, unit, x0, steps, lr, l2, bounds, move=lambda x, g: np.clip(x - lr * g, *bounds))


@mistake(
    "maximize",
    "x is not kept in the bounds",
    hints=(
        "Is your x still an image? What are its smallest and its largest entry?",
        "After each step, every entry of x (n,) is cut to lie from bounds[0] to bounds[1].",
        "numpy has a function that clips.",
    ),
)
def without_bounds(params, unit, x0, steps, lr, l2=0.0, bounds=(0, 1)):
    return _walk(params, unit, x0, steps, lr, l2, bounds, move=lambda x, g: x + lr * g)


@mistake(
    "maximize",
    "x is cut to the bounds only once, at the end",
    hints=(
        "Which input does your trace belong to in the middle of the walk: one that is allowed?",
        "x ← clip(x + lr · ∂J/∂x) is one step. What lies outside of the bounds has gradients of its own.",
        "Bring the cut into the loop.",
    ),
)
def cuts_at_the_end(params, unit, x0, steps, lr, l2=0.0, bounds=(0, 1)):
    x, trace = _walk(params, unit, x0, steps, lr, l2, bounds, move=lambda x, g: x + lr * g)
    return np.clip(x, *bounds), trace


@mistake(
    "maximize",
    "the walk begins at x0 even where that lies outside of the bounds",
    hints=(
        "With steps = 0, is your x in the bounds?",
        "The walk begins at clip(x0), of shape (n,), and the first entry of the trace belongs to that.",
        "Cut x0 before the first look at J.",
    ),
)
def start_outside(params, unit, x0, steps, lr, l2=0.0, bounds=(0, 1)):
    return _walk(params, unit, x0, steps, lr, l2, bounds, start=x0.copy())


@mistake(
    "maximize",
    "the bounds are 0 and 1, whatever is passed",
    hints=(
        "Ask for bounds of -1 and 1. Is there a negative entry in your x?",
        "`bounds` is a pair (low, high); (0, 1) is what it is if the caller names none.",
        "Take the two numbers from bounds.",
    ),
)
def fixed_bounds(params, unit, x0, steps, lr, l2=0.0, bounds=(0, 1)):
    return _walk(params, unit, x0, steps, lr, l2, (0.0, 1.0))


@mistake(
    "maximize",
    "the gradient is cut to the bounds instead of x",
    hints=(
        "Which array has to lie in the bounds: x, or the gradient?",
        "x ← clip(x + lr · ∂J/∂x): the cut is around the whole new x (n,).",
        "Move the bracket.",
    ),
)
def cuts_the_gradient(params, unit, x0, steps, lr, l2=0.0, bounds=(0, 1)):
    return _walk(params, unit, x0, steps, lr, l2, bounds, move=lambda x, g: x + lr * np.clip(g, *bounds))


@mistake(
    "maximize",
    "the penalty is left out of the gradient",
    hints=(
        "Does l2 change your x?",
        "J = z[unit] - l2 · Σ x², so ∂J/∂x has two terms, both of shape (n,).",
        "Take the slope of l2 · Σ x² off the gradient of the logit.",
    ),
)
def no_penalty(params, unit, x0, steps, lr, l2=0.0, bounds=(0, 1)):
    return _walk(params, unit, x0, steps, lr, l2, bounds, slope=lambda x: _slope(params, unit, x))


@mistake(
    "maximize",
    "the penalty's gradient lacks the factor 2",
    hints=(
        "What is the derivative of x²?",
        "J = z[unit] - l2 · Σ x², without a factor ½.",
        "Differentiate l2 · x_j² once more, on paper.",
    ),
)
def half_penalty(params, unit, x0, steps, lr, l2=0.0, bounds=(0, 1)):
    return _walk(params, unit, x0, steps, lr, l2, bounds, slope=lambda x: _slope(params, unit, x) - l2 * x)


@mistake(
    "maximize",
    "the penalty is added, so that large inputs are rewarded",
    hints=(
        "With a large l2, should x become small or large?",
        "J = z[unit] - l2 · Σ x²: the penalty is taken off what is to become large.",
        "Mind the sign of the penalty in the gradient and in J.",
    ),
)
def rewards_size(params, unit, x0, steps, lr, l2=0.0, bounds=(0, 1)):
    return _walk(params, unit, x0, steps, lr, -l2, bounds)


@mistake(
    "maximize",
    "the trace holds the logit, without the penalty",
    hints=(
        "Which number do your steps make larger, and which one is in your trace?",
        "The trace holds J = z[unit] - l2 · Σ x², steps + 1 numbers.",
        "Take the penalty off each entry.",
    ),
)
def trace_of_the_logit(params, unit, x0, steps, lr, l2=0.0, bounds=(0, 1)):
    return _walk(params, unit, x0, steps, lr, l2, bounds, value=lambda x: _logit(params, unit, x))


@mistake(
    "maximize",
    "the trace ends before the last step",
    hints=(
        "How many entries has the trace for steps = 0?",
        "The trace has steps + 1 entries: J at the beginning, and after each step. The last one belongs to x.",
        "Note J once more after the loop.",
    ),
)
def trace_too_short(params, unit, x0, steps, lr, l2=0.0, bounds=(0, 1)):
    x, trace = _walk(params, unit, x0, steps, lr, l2, bounds)
    return x, trace[:-1].copy()


@mistake(
    "maximize",
    "the trace begins after the first step",
    hints=(
        "How many entries has the trace for steps = 0?",
        "The trace has steps + 1 entries: J at the beginning, and after each step.",
        "Note J once before the loop.",
    ),
)
def trace_without_start(params, unit, x0, steps, lr, l2=0.0, bounds=(0, 1)):
    x, trace = _walk(params, unit, x0, steps, lr, l2, bounds)
    return x, trace[1:].copy()


@mistake(
    "maximize",
    "one step too many is taken",
    hints=(
        "With steps = 0, does x move?",
        "x is what has come out after `steps` steps, and the trace (steps + 1,) ends with J of this x.",
        "Count the rounds of your loop.",
    ),
)
def one_step_more(params, unit, x0, steps, lr, l2=0.0, bounds=(0, 1)):
    return _walk(params, unit, x0, steps + 1, lr, l2, bounds)


@mistake(
    "maximize",
    "the gradient is computed once, at the start, and used for all steps",
    hints=(
        "After ten steps, are the same units on as at the start?",
        "∂J/∂x (n,) is another one at each x: units switch, and the penalty pulls harder.",
        "Compute the gradient inside of the loop, at the x of that step.",
    ),
)
def first_gradient(params, unit, x0, steps, lr, l2=0.0, bounds=(0, 1)):
    x = np.clip(x0, *bounds)
    g = _slope(params, unit, x) - 2.0 * l2 * x
    return _walk(params, unit, x0, steps, lr, l2, bounds, slope=lambda _: g)


@mistake(
    "maximize",
    "the gradient is divided by its norm",
    hints=(
        "How long is your first step, compared with lr · ‖∂J/∂x‖?",
        "x ← clip(x + lr · ∂J/∂x), with the gradient (n,) as it is. Steps of one length are another method.",
        "Leave the division out.",
    ),
)
def unit_steps(params, unit, x0, steps, lr, l2=0.0, bounds=(0, 1)):
    def move(x, g):
        return np.clip(x + lr * g / (np.linalg.norm(g) + 1e-12), *bounds)

    return _walk(params, unit, x0, steps, lr, l2, bounds, move=move)


@mistake(
    "maximize",
    "only the gradient's signs are used",
    hints=(
        "Do all entries of x move equally far in your first step?",
        "x ← clip(x + lr · ∂J/∂x), with the gradient (n,) as it is: large slopes make large steps.",
        "Leave the sign function out.",
    ),
)
def sign_steps(params, unit, x0, steps, lr, l2=0.0, bounds=(0, 1)):
    return _walk(params, unit, x0, steps, lr, l2, bounds, move=lambda x, g: np.clip(x + lr * np.sign(g), *bounds))


@mistake(
    "maximize",
    "the softmax probability is made large instead of the logit",
    hints=(
        "Which number is in your trace: can it be larger than 1?",
        "J = z[unit] - l2 · Σ x², with z (K,) as the last layer gives it.",
        "Leave the softmax out: a probability also grows when the other classes fall.",
    ),
)
def of_the_probability(params, unit, x0, steps, lr, l2=0.0, bounds=(0, 1)):
    def P(x):
        z = mlp_forward(x[None], params)[0][0]
        E = np.exp(z - z.max())
        return E / E.sum()

    def slope(x):
        p = P(x)
        each = np.array([_slope(params, k, x) for k in range(len(p))])
        return p[unit] * (each[unit] - p @ each) - 2.0 * l2 * x

    def value(x):
        return float(P(x)[unit] - l2 * np.sum(x**2))

    return _walk(params, unit, x0, steps, lr, l2, bounds, slope=slope, value=value)


@mistake(
    "maximize",
    "the sum of all logits is made large",
    hints=(
        "Call it twice, for two units. Do you get two inputs?",
        "J has one logit in it, z[unit] of z (K,).",
        "Pick the entry `unit` before you differentiate.",
    ),
)
def of_all_logits(params, unit, x0, steps, lr, l2=0.0, bounds=(0, 1)):
    K = len(params[f"b{len(params) // 2}"])

    def slope(x):
        return sum(_slope(params, k, x) for k in range(K)) - 2.0 * l2 * x

    def value(x):
        return sum(_logit(params, k, x) for k in range(K)) - l2 * float(np.sum(x**2))

    return _walk(params, unit, x0, steps, lr, l2, bounds, slope=slope, value=value)


@mistake(
    "maximize",
    "the weights are updated besides the input",
    hints=(
        "Print the network before and after the call.",
        "The network stays as it is; what moves is x (n,) alone. J would rise with the weights too, and show nothing.",
        "Take out what writes into params.",
    ),
)
def updates_weights(params, unit, x0, steps, lr, l2=0.0, bounds=(0, 1)):
    def move(x, g):
        params[f"b{len(params) // 2}"][unit] += lr
        return np.clip(x + lr * g, *bounds)

    return _walk(params, unit, x0, steps, lr, l2, bounds, move=move)


@mistake(
    "maximize",
    "the caller's x0 is changed",
    hints=(
        "Print x0 before and after the call.",
        "x = x0 makes no copy, and `x += ...` writes into the caller's array (n,).",
        "Begin with an array of your own.",
    ),
)
def writes_into_x0(params, unit, x0, steps, lr, l2=0.0, bounds=(0, 1)):
    x, trace = _walk(params, unit, x0, steps, lr, l2, bounds)
    x0[...] = x
    return x0, trace
