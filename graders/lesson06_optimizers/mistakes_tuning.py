"""Wrong implementations of tuning.py, as students write them."""

from nnedu.checking import mistake

_GOOD = {
    "sgd": {"lr": 0.25},
    "momentum": {"lr": 0.04, "beta": 0.5},
    "rmsprop": {"lr": 0.4, "beta": 0.99},
    "adam": {"lr": 0.6, "beta1": 0.5, "beta2": 0.99},
}


@mistake(
    "tuned",
    "all rules keep lr = 0.1 and their default betas",
    hints=(
        "How long is a step of Adam with lr = 0.1, and how far is it from (4, 3) to the bottom?",
        (
            "No number suits every rule. RMSprop and Adam move each coordinate by about lr per step; momentum with "
            "beta = 0.9 circles, with a radius that shrinks only by sqrt(0.9) in each step."
        ),
        "Take the rules one at a time: larger lr for RMSprop and Adam, smaller beta and beta1 for momentum and Adam.",
    ),
)
def keeps_defaults():
    return {
        "sgd": {"lr": 0.1},
        "momentum": {"lr": 0.1, "beta": 0.9},
        "rmsprop": {"lr": 0.1, "beta": 0.9},
        "adam": {"lr": 0.1, "beta1": 0.9, "beta2": 0.999},
    }


@mistake(
    "tuned",
    "the velocity and Adam's first moment remember for too long",
    hints=(
        "Print x in every step of momentum. How often does its sign change?",
        (
            "Where the ball circles, it comes closer by the factor sqrt(beta) in each step, whatever lr is. In 60 "
            "steps that is beta to the power 30, and 60 in the loss: how small does beta have to be for 1e-6?"
        ),
        "Lower beta of momentum and beta1 of Adam to something between 0.4 and 0.7, then look for lr again.",
    ),
)
def remembers_too_long():
    return _GOOD | {"momentum": {"lr": 0.04, "beta": 0.95}, "adam": {"lr": 0.5, "beta1": 0.95, "beta2": 0.99}}


@mistake(
    "tuned",
    "the rate of gradient descent is beyond 2 / (the largest second derivative)",
    hints=(
        "What does one step of gradient descent do to y alone?",
        "y becomes (1 - 6 lr)·y. It shrinks where |1 - 6 lr| < 1; x becomes (1 - 2 lr)·x.",
        "Stay below 1/3, and choose lr so that |1 - 2 lr| and |1 - 6 lr| are equally small.",
    ),
)
def rate_beyond_the_border():
    return _GOOD | {"sgd": {"lr": 0.35}}


@mistake(
    "tuned",
    "momentum is tuned for the wide valley alone",
    hints=(
        "What is the largest second derivative of x² + 30y², and what does your lr make of it?",
        (
            "Momentum is stable for lr below 2 (1 + beta) / c, where c is the largest second derivative: 6 in the wide "
            "valley, 60 in the narrow one."
        ),
        "Bring lr of momentum below 0.05 first, and then try beta between 0.4 and 0.6 in both valleys.",
    ),
)
def tuned_for_the_wide_valley():
    return _GOOD | {"momentum": {"lr": 0.3, "beta": 0.1}}


@mistake(
    "tuned",
    "the rates are so small that no rule arrives in 60 steps",
    hints=(
        "Where is each rule after 60 steps? Is it circling, or still on its way?",
        (
            "Each step takes a share of about 2 lr of x away from it, in gradient descent; for RMSprop and Adam lr is "
            "about the length of a step. From 4 to 0.001 in 60 steps takes more than 0.001."
        ),
        "Multiply lr by 3 as long as the loss at the end falls; when it rises, go half of the way back.",
    ),
)
def rates_too_small():
    return {kind: hyper | {"lr": 0.001} for kind, hyper in _GOOD.items()}


@mistake(
    "tuned",
    "eps is made so large that RMSprop and Adam turn into gradient descent and momentum",
    hints=(
        "What is left of grad / (sqrt(s) + eps) where eps is 1000?",
        "With a large eps the denominator is a constant: no coordinate has a rate of its own. eps stays at 1e-8 here.",
        "Leave eps out of the dicts, and choose lr and the betas only.",
    ),
)
def changes_eps():
    return _GOOD | {
        "rmsprop": {"lr": 250.0, "beta": 0.9, "eps": 1000.0},
        "adam": {"lr": 250.0, "beta1": 0.1, "beta2": 0.9, "eps": 1000.0},
    }


@mistake(
    "tuned",
    "the rate of RMSprop fits one start only",
    hints=(
        "Start RMSprop at (-5, 2.5) instead. Does it still arrive?",
        (
            "With a short memory the last steps are nearly as long as lr, and it is luck how close to 0 they stop. "
            "With a long one, the steep start stays in s, and the steps become short by themselves."
        ),
        "Raise beta of RMSprop to 0.95 or beyond, and look for lr again from several starts.",
    ),
)
def fits_one_start():
    return _GOOD | {"rmsprop": {"lr": 0.105, "beta": 0.8}}


@mistake(
    "tuned",
    "the numbers of a rule stand in a tuple and not in a dict with their names",
    hints=(
        "How would `Optimizer(kind, **hyper)` take what you return for one kind?",
        "Under each of the four kinds stands a dict: a number under 'lr', and under 'beta', or 'beta1' and 'beta2'.",
        "Write {'lr': ..., 'beta': ...} for momentum, and the others alike.",
    ),
)
def returns_tuples():
    return {kind: tuple(hyper.values()) for kind, hyper in _GOOD.items()}
