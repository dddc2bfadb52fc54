"""Six broken one-line activations and two claims to diagnose, and a table of curves to plot."""

import numpy as np

BROKEN = {
    "softmax_a": "def softmax(Z): return (E := np.exp(Z - Z.max(axis=-1, keepdims=True))) / E.sum()",
    "softmax_b": "def softmax(Z): return (E := np.exp(Z)) / E.sum(axis=-1, keepdims=True)",
    "sigmoid_derivative": "def sigmoid_derivative(Z): return Z * (1 - Z)",
    "relu": "def relu(Z): return np.maximum(Z, 0, out=Z)",
    "relu_derivative": "def relu_derivative(Z): return Z * (Z > 0)",
    "leaky_relu": "def leaky_relu(Z, alpha): return np.maximum(alpha * Z, Z)",
}

CLAIMS = {
    "claim_softmax": "Softmax gives cat 0.659, dog 0.242, bird 0.099. Each is a verdict of its own, so cat and dog "
    "may both be right at once.",
    "claim_leaky_relu": "Leaky ReLU with alpha = 0.01 gives values in [0, inf), as ReLU does.",
}

CODES = {
    "no_axis": "divides by one sum over the whole array",
    "wrong_axis": "normalises over the samples where it should over the classes",
    "no_shift": "overflows on large inputs",
    "wrong_sign": "is the mirror image: it falls where it should rise",
    "expects_activation": "is right only if given the activation in place of the pre-activation",
    "activated_twice": "applies the activation to what is an activation already",
    "returns_function": "returns the function where its slope is asked for",
    "edits_argument": "changes the array of the caller",
    "wrong_at_kink": "is wrong at exactly 0 and nowhere else",
    "ignores_alpha": "gives the same for every alpha",
    "needs_small_alpha": "is wrong for alpha above 1",
    "independent_classes": "takes the shares of exclusive classes for separate yes-or-no answers",
    "wrong_range": "names a range that some outputs leave",
    "claim_holds": "nothing is wrong with the claim",
}


def debug_activations() -> dict[str, str]:
    """Name what is wrong with each line of BROKEN and each sentence of CLAIMS.

        {"softmax_a": code, ..., "claim_leaky_relu": code}        8 ids: those of BROKEN and of CLAIMS

    Every code is a key of CODES, and exactly one fits each id. Run the lines: on ordinary numbers, on 1000, on two rows
    of different size, on 0, with alpha = 2, and look at the array that went in as well as at what came out. Answers
    earn their points in pairs, so a single slip does not cost the exercise.

    Examples:
        >>> sorted(debug_activations()) == sorted([*BROKEN, *CLAIMS])
        True

    Source: the lines are those of well-known tutorials.
    """
    raise NotImplementedError


def plot_ready_table() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Tabulate four activations, ready for a plot of each.

        {"sigmoid": (x, y), "tanh": (x, y), "relu": (x, y), "leaky_relu": (x, y)}        x, y (101,) float64

    x holds 101 equally spaced numbers from -5 to 5, both ends included; y is the activation at x. Leaky ReLU has
    alpha = 0.1, so that its left arm can be seen. Import what you wrote: from activations import sigmoid, and so on.

    Examples:
        >>> x, y = plot_ready_table()["relu"]
        >>> [round(float(v), 2) for v in (x[0], x[-1], y[0], y[-1])]
        [-5.0, 5.0, 0.0, 5.0]

    Source: the plotting scripts of most introductions, without the plot.
    """
    raise NotImplementedError
