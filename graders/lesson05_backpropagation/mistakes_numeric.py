"""Wrong implementations of numeric.py, as students write them."""

import numpy as np

from nnedu.checking import mistake


def _differences(f, x, difference):
    """Collect difference(f, x, i) of every entry of a float copy of x."""
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        gradient[i] = difference(f, x, i)
    return gradient


def _moved(x, i, step):
    x = x.copy()
    x[i] += step
    return x


@mistake(
    "numerical_gradient",
    "the difference is taken to one side only",
    hints=(
        "Halve eps on a cubic. Does your error halve, or does it shrink to a quarter?",
        (
            "(f(x + eps) - f(x)) / eps is off by eps·f''/2. Going to both sides makes that term cancel; what is "
            "left is eps²."
        ),
        "Take the second value of f at x - eps instead of at x, and adapt what you divide by.",
    ),
)
def one_sided(f, x, eps=1e-5):
    return _differences(f, x, lambda f, x, i: (f(_moved(x, i, eps)) - f(x)) / eps)


@mistake(
    "numerical_gradient",
    "the central difference is divided by eps, not by the distance of the two points",
    hints=(
        "How far apart are the two points at which you call f?",
        "A slope is a rise over a run. From x - eps to x + eps the run is not eps.",
        "Divide by twice the step.",
    ),
)
def divides_by_eps(f, x, eps=1e-5):
    return _differences(f, x, lambda f, x, i: (f(_moved(x, i, eps)) - f(_moved(x, i, -eps))) / eps)


@mistake(
    "numerical_gradient",
    "all entries of x are moved together, so that every entry of the result is the same",
    hints=(
        "Why are all entries of your gradient equal?",
        (
            "A partial derivative moves one entry of x and holds the others. Moving all gives the sum of all "
            "partial derivatives."
        ),
        "Loop over the indices of x, of any shape, and move only the entry at that index.",
    ),
)
def moves_all_entries(f, x, eps=1e-5):
    x = np.array(x, dtype=float)
    return np.full(x.shape, (f(x + eps) - f(x - eps)) / (2 * eps))


@mistake(
    "numerical_gradient",
    "an entry is not put back before the next one is moved",
    hints=(
        "Print x after the call. Is it what it was before?",
        (
            "While entry i moves, all other entries must stand at their own values, those that have had their turn "
            "included."
        ),
        "Remember the old value of the entry and write it back after the second call of f.",
    ),
)
def does_not_restore(f, x, eps=1e-5):
    x = np.asarray(x, dtype=float)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += eps
        f_plus = f(x)
        x[i] -= 2 * eps
        gradient[i] = (f_plus - f(x)) / (2 * eps)
    return gradient


@mistake(
    "numerical_gradient",
    "the step is so small that rounding drowns the difference",
    hints=(
        "With a smaller step the formula gets better. Does the computed number, too?",
        (
            "f is known to about 16 digits. With a step of 1e-12 the two values agree in about 12 of them; how "
            "many are left?"
        ),
        "Keep the default step of 1e-5, which balances the error of the formula against that of rounding.",
    ),
)
def step_too_small(f, x, eps=1e-12):
    return _differences(f, x, lambda f, x, i: (f(_moved(x, i, eps)) - f(_moved(x, i, -eps))) / (2 * eps))


@mistake(
    "numerical_gradient",
    "x keeps its integer type, so that adding eps to an entry is rounded away",
    hints=(
        "What is np.array([1, 2]) after its first entry is set to 1.00001?",
        "An array of integers cuts off everything after the point when you write into it.",
        "Work on a copy of x that holds floats.",
    ),
)
def keeps_integers(f, x, eps=1e-5):
    gradient = np.zeros(np.shape(x))
    for i in np.ndindex(np.shape(x)):
        up, down = np.array(x), np.array(x)
        up[i] = x[i] + eps
        down[i] = x[i] - eps
        gradient[i] = (f(up) - f(down)) / (2 * eps)
    return gradient
