"""Right answers written differently."""

import numpy as np
from activations import leaky_relu, relu, sigmoid
from debugging import debug_activations as answers
from debugging import plot_ready_table as table
from nnedu.checking import variant


@variant("debug_activations", "in another order")
def reversed_order():
    return dict(reversed(answers().items()))


@variant("debug_activations", "from a list of pairs")
def from_pairs():
    return dict(sorted(answers().items()))


@variant("debug_activations", "filled one by one")
def one_by_one():
    found = {}
    for name in sorted(answers(), reverse=True):
        found[name] = answers()[name]
    return found


@variant("plot_ready_table", "a grid of its own for each curve, from arange")
def grid_from_arange():
    functions = {"leaky_relu": lambda x: leaky_relu(x, 0.1), "relu": relu, "tanh": np.tanh, "sigmoid": sigmoid}
    return {name: (np.arange(-50, 51) / 10, f(np.arange(-50, 51) / 10)) for name, f in functions.items()}


@variant("plot_ready_table", "through the sigmoid and maximum")
def other_formulas():
    x = np.linspace(-5, 5, 101)
    return {
        "tanh": (x, 2 * sigmoid(2 * x) - 1),
        "sigmoid": (x, (1 + np.tanh(x / 2)) / 2),
        "relu": (x, np.maximum(x, 0)),
        "leaky_relu": (x, np.maximum(x, x / 10)),
    }


@variant("plot_ready_table", "columns of one Fortran-ordered matrix")
def columns_of_a_matrix():
    matrix = np.asfortranarray(np.array([table()["tanh"][0]] + [y for _, y in table().values()]).T)
    return {name: (matrix[:, 0], matrix[:, 1 + i]) for i, name in enumerate(table())}
