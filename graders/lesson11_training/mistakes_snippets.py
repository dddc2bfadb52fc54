"""Wrong implementations of snippets.py, as students repair."""

from nnedu.checking import mistake
from snippets import SNIPPETS, repair


def _with(**others):
    """The right answer but for some of its configurations."""
    return {**repair(), **others}


@mistake(
    "repair",
    "the incomes are still in euros, and only the rate is lower",
    hints=(
        "An income of 50,000 and a ratio of 0.5: by which of them does the first layer's sum go?",
        "A weight's gradient has its input as a factor: 50,000 for one, 0.5 for the other. No lr suits both.",
        "Standardise the features.",
    ),
)
def lower_rate():
    return _with(income={**SNIPPETS["income"], "lr": 1e-6})


@mistake(
    "repair",
    "the deep network gets another activation, and keeps weights of 0.01",
    hints=(
        "What is left of an input after six layers with weights of 0.01?",
        "ReLU lets half pass, and a matrix (32, 32) with a spread of 0.01 a twentieth. Six times.",
        "Change the init, too.",
    ),
)
def only_the_activation():
    return _with(deep={**SNIPPETS["deep"], "hidden": "relu"})


@mistake(
    "repair",
    "the deep network gets larger weights, and keeps its sigmoids",
    hints=(
        "What is the slope of a sigmoid at most, and what are six of them?",
        "0.25 to the power 6 is 0.0002. The weights (32, 32) would have to make up for all of it.",
        "Change the activation, too.",
    ),
)
def only_the_weights():
    return _with(deep={**SNIPPETS["deep"], "init": "xavier"})


@mistake(
    "repair",
    "the squared error is kept, with a higher rate",
    hints=(
        "The output is about 0.00001 where 1 is right. What is the gradient that reaches the pre-activation?",
        "dL/dz = 2 (p - y) p (1 - p) / m for the squared error, and (p - y) / m for the cross-entropy.",
        "Change the loss.",
    ),
)
def keeps_the_squared_error():
    return _with(squared={**SNIPPETS["squared"], "lr": 0.3})


@mistake(
    "repair",
    "everything is changed everywhere",
    hints=(
        "Which of your changes would you miss, if you took it back?",
        "Four places are wrong in all. A debugger who changes five does not know which one it was.",
        "Take your changes back one at a time, and keep those without which it does not learn.",
    ),
)
def changes_everything():
    return {name: {"scale": True, "hidden": "relu", "init": "xavier", "loss": "bce", "lr": 0.05} for name in SNIPPETS}


@mistake(
    "repair",
    "the snippets are returned as they were",
    hints=(
        "What share of new samples does each of them place right?",
        "Each snippet has one cause that one sentence of the lesson names; one of them has two places to change.",
        "Begin with the incomes: which of the five keys says something about them?",
    ),
)
def as_they_were():
    return {name: dict(one) for name, one in SNIPPETS.items()}
