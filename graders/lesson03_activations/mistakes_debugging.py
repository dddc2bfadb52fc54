"""Known wrong diagnoses, and wrong tables."""

import numpy as np
from activations import leaky_relu_derivative, relu, relu_derivative, sigmoid, sigmoid_derivative, tanh_derivative
from debugging import debug_activations, plot_ready_table
from nnedu.checking import mistake


def _right_but_for(**answers):
    return {**debug_activations(), **answers}


@mistake(
    "debug_activations",
    "a missing axis and a missing shift are confused",
    hints=(
        "Which of the two lines gives nan, and which gives rows with a wrong sum?",
        "Run both on [[1000.0, 0.0]] and on [[1.0, 2.0], [3.0, 4.0]], and add up the rows.",
        "nan comes of a power that overflows, a row sum below 1 of dividing by too much. Read your two codes again.",
    ),
)
def swaps_axis_and_shift():
    return _right_but_for(softmax_a="no_shift", softmax_b="no_axis")


@mistake(
    "debug_activations",
    "both softmax lines are said to normalise over the samples",
    hints=(
        "Do the columns of either result sum to 1?",
        "Run both on [[1.0, 2.0], [3.0, 4.0]]: add up rows, columns, and the whole array.",
        "One result adds up to 1 as a whole; the other is right until the numbers grow large.",
    ),
)
def blames_samples():
    return _right_but_for(softmax_a="wrong_axis", softmax_b="wrong_axis")


@mistake(
    "debug_activations",
    "probabilities of exclusive classes are taken for independent ones",
    hints=(
        "Can two of the three classes be certain at the same time?",
        "If cat rises from 0.659 to 0.9, what must happen to the other two?",
        "The three are shares of one whole. Read the codes with that in mind.",
    ),
)
def believes_independence():
    return _right_but_for(claim_softmax="claim_holds")


@mistake(
    "debug_activations",
    "Leaky ReLU is said to have no negative values",
    hints=(
        "What is leaky_relu(-100)?",
        "On the left the function is alpha * x with alpha = 0.01. What is the sign of that?",
        "Compare the set of all outputs with the interval in the claim.",
    ),
)
def believes_leaky_range():
    return _right_but_for(claim_leaky_relu="claim_holds")


@mistake(
    "debug_activations",
    "the slope of the sigmoid is said to apply the sigmoid twice",
    hints=(
        "How often does a sigmoid appear in that line?",
        "Run the line at Z = 5, and then at Z = sigma(5). Which of the two is the slope at 5?",
        "The line is right for one kind of argument. Which kind does it take Z for?",
    ),
)
def sees_two_sigmoids():
    return _right_but_for(sigmoid_derivative="activated_twice")


@mistake(
    "debug_activations",
    "the slope of ReLU is said to be wrong at 0 alone",
    hints=(
        "What does the line return at 3, and what is the slope there?",
        "Run it on [-1.0, 0.0, 0.5, 3.0] and compare with the slopes 0, 0, 1, 1.",
        "The value at 0 is fine. Do you know the function whose values stand at 0.5 and 3?",
    ),
)
def blames_kink():
    return _right_but_for(relu_derivative="wrong_at_kink")


@mistake(
    "debug_activations",
    "Leaky ReLU is said to ignore alpha",
    hints=(
        "Does the line give the same for alpha = 0.1 and alpha = 0.2?",
        "Run it at Z = -1 with alpha = 0.1, 0.5, 2, and compare with alpha * Z.",
        "For some alpha it is right, for others not. Where is the border?",
    ),
)
def says_alpha_ignored():
    return _right_but_for(leaky_relu="ignores_alpha")


@mistake(
    "debug_activations",
    "the line of ReLU is said to fail at 0",
    hints=(
        "Is there any number at which the line returns a wrong value?",
        "What it returns is right. A function can do more than return: print the array Z before and after.",
        "Look at the last argument of np.maximum.",
    ),
)
def finds_fault_at_zero():
    return _right_but_for(relu="wrong_at_kink")


@mistake(
    "debug_activations",
    "the six lines are answered and the two claims are not",
    hints=(
        "How many ids does the docstring ask for, and how many do you return?",
        "The ids are the keys of BROKEN, six, and of CLAIMS, two.",
        "Add the two claims; their codes are in the same dictionary as the others.",
    ),
)
def leaves_out_claims():
    return {name: code for name, code in debug_activations().items() if not name.startswith("claim")}


@mistake(
    "debug_activations",
    "sentences are returned where codes are asked for",
    hints=(
        "What are the keys of CODES, and what are its values?",
        "The result is {id: code}: both are short names, not sentences.",
        "You have the explanation of each code; the code itself is what stands to its left.",
    ),
)
def answers_in_sentences():
    return {name: f"it is {code.replace('_', ' ')}" for name, code in debug_activations().items()}


def _table(x, sigmoid_y, tanh_y, relu_y, leaky_y):
    return {"sigmoid": (x, sigmoid_y), "tanh": (x, tanh_y), "relu": (x, relu_y), "leaky_relu": (x, leaky_y)}


@mistake(
    "plot_ready_table",
    "the grid stops short of its right end",
    hints=(
        "How many numbers does your grid have, and what is the last one?",
        "np.arange leaves its end out. Both -5 and 5 belong to the grid, 101 points in all.",
        "Another numpy function takes the two ends and the number of points, and includes both.",
    ),
)
def forgets_the_end():
    x = np.arange(-50, 50) / 10
    return _table(x, sigmoid(x), np.tanh(x), relu(x), np.where(x > 0, x, 0.1 * x))


@mistake(
    "plot_ready_table",
    "x and y have changed places",
    hints=(
        "Which of the two arrays runs evenly from -5 to 5?",
        "Each name has a pair (x, y): first the grid, then the activation on it.",
        "Swap the two in the tuple.",
    ),
)
def swaps_x_and_y():
    return {name: (y, x) for name, (x, y) in plot_ready_table().items()}


@mistake(
    "plot_ready_table",
    "slopes are tabulated in place of the activations",
    hints=(
        "Should the curve of ReLU reach 5, or 1?",
        "y is the activation at x, shape (101,). The functions called *_derivative belong to the next plot.",
        "Check which function each name calls.",
    ),
)
def tabulates_slopes():
    x = np.linspace(-5, 5, 101)
    return _table(x, sigmoid_derivative(x), tanh_derivative(x), relu_derivative(x), leaky_relu_derivative(x, 0.1))


@mistake(
    "plot_ready_table",
    "Leaky ReLU has its default alpha of 0.01",
    hints=(
        "What is your Leaky ReLU at -5? Could you see that in a plot?",
        "The table asks for alpha = 0.1, which is not what leaky_relu takes when nothing is said.",
        "Pass alpha by name in the call.",
    ),
)
def default_alpha():
    x = np.linspace(-5, 5, 101)
    return _table(x, sigmoid(x), np.tanh(x), relu(x), np.where(x > 0, x, 0.01 * x))
