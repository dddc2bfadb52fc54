"""Known mistakes of neuron.py."""

import numpy as np
from nnedu.checking import mistake


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def _activate(z, name):
    functions = {
        "step": lambda z: (z >= 0).astype(float),
        "sigmoid": _sigmoid,
        "relu": lambda z: np.maximum(z, 0),
        "tanh": np.tanh,
        "linear": lambda z: z,
    }
    if name not in functions:
        raise ValueError(name)
    return functions[name](z)


@mistake(
    "weighted_sum",
    "the bias is left out",
    hints=(
        "What does your neuron say when every input is 0?",
        "z = w_1 x_1 + ... + w_n x_n + b, with x (n,) and w (n,). At x = 0 only one term of this is left.",
        "The sum of products is right. One more number has to be added to it, once.",
    ),
)
def forgets_bias(x, w, b):
    return np.dot(w, x)


@mistake(
    "weighted_sum",
    "the bias is added once for every feature",
    hints=(
        "Try a neuron with one feature, then one with three. When does your value begin to be off?",
        "z = (w_1 x_1 + ... + w_n x_n) + b: the n products stand inside the sum, the bias outside. You have n times b.",
        "Finish the sum, or the loop, over the n features first; add the bias after it.",
    ),
)
def bias_per_feature(x, w, b):
    return np.sum(w * x + b)


@mistake(
    "weighted_sum",
    "the products are returned one by one instead of their sum",
    hints=(
        "How many numbers leave one neuron?",
        "x (n,) times w (n,) is again (n,): the star multiplies entry by entry. z is a single number.",
        "The n products still have to be added up; a dot product multiplies and adds in one go.",
    ),
)
def elementwise(x, w, b):
    return w * x + b


@mistake(
    "weighted_sum",
    "the bias is subtracted, as if it were a threshold",
    hints=(
        "Should a larger b make the neuron fire more easily, or less?",
        (
            "A threshold t is what the sum has to exceed: w·x - t. A bias is the same with "
            "the other sign, b = -t: w·x + b."
        ),
        "This course has a bias, not a threshold. Turn one sign around.",
    ),
)
def threshold(x, w, b):
    return np.dot(w, x) - b


@mistake(
    "weighted_sum",
    "the products are averaged instead of added",
    hints=(
        "Add a feature whose weight is 0. Does your value change?",
        "z = w_1 x_1 + ... + w_n x_n + b has no n in it but the number of its terms. A mean divides by n.",
        "Add the n products up and divide by nothing.",
    ),
)
def averages(x, w, b):
    return np.mean(w * x) + b


@mistake(
    "weighted_sum",
    "an array of one element is returned instead of a number",
    hints=(
        "Ask your result for its shape. Has a number got one?",
        "A matrix (1, n) times a vector (n,) is a vector (1,). Two vectors x (n,) and w (n,) give a number.",
        "Do not reshape x: the dot product of two vectors of one axis has no axis left.",
    ),
)
def array_of_one(x, w, b):
    return np.asarray(x).reshape(1, -1) @ w + b


@mistake(
    "weighted_sum",
    "the step is applied already: the result is 0 or 1",
    hints=(
        "Can two different samples, both well above the threshold, have the same weighted sum?",
        "z = w·x + b comes before the activation and may be any real number; a = f(z) comes after it.",
        "Stop one line earlier: return z as it is, and leave 0 or 1 to the next exercise.",
    ),
)
def fires_already(x, w, b):
    return 1 if np.dot(w, x) + b >= 0 else 0


@mistake(
    "step",
    "the result at exactly 0 is 0 instead of 1",
    hints=(
        "What does the specification say of z = 0, and what do you return there?",
        "step(z) = 1 if z >= 0, else 0. The boundary belongs to the side that fires.",
        "Your comparison is strict; it has to let equality in.",
    ),
)
def strict(z):
    return (np.asarray(z) > 0).astype(int)


@mistake(
    "step",
    "it works for arrays only: a plain number has no astype",
    hints=(
        "What is the type of a comparison of two plain numbers, and what can it do?",
        "-0.3 >= 0 is Python's own False, which has no methods of an array. z may be an array or a single number.",
        "Turn z into an array first with np.asarray, or make the choice with a NumPy function, which takes both.",
    ),
)
def arrays_only(z):
    return (z >= 0).astype(int)


@mistake(
    "step",
    "a Python if decides, which works for one number only",
    hints=(
        "It works for one number. What should it do with ten?",
        (
            "z may have any shape, and the result has the same. `if` needs a single True or "
            "False, an array comparison gives many."
        ),
        "Compare the whole array at once, and turn the array of truth values into numbers, or let np.where choose.",
    ),
)
def python_if(z):
    if z >= 0:
        return 1
    return 0


@mistake(
    "step",
    "truth values are returned instead of numbers",
    hints=(
        "Look at the dtype of your result. Is it a kind of number?",
        "A comparison gives False and True. Asked for are 0 and 1: later we subtract outputs from labels.",
        "Your comparison is right; convert what it gives to integers.",
    ),
)
def booleans(z):
    return np.asarray(z) >= 0


@mistake(
    "step",
    "the two values are -1 and 1 instead of 0 and 1",
    hints=(
        "Which two values does the step of this course take?",
        "step(z) is 0 or 1. The sign function and some books have -1 and 1, which changes every formula built on it.",
        "Where the neuron does not fire, its output is 0.",
    ),
)
def plus_minus(z):
    return np.where(np.asarray(z) >= 0, 1, -1)


@mistake(
    "step",
    "the neuron fires below the threshold instead of above it",
    hints=(
        "Which of -1 and 2 should make the neuron fire?",
        "step(z) = 1 if z >= 0, else 0: a large weighted sum fires.",
        "Turn your comparison around, or exchange the two values between which you choose.",
    ),
)
def inverted(z):
    return (np.asarray(z) <= 0).astype(int)


@mistake(
    "step",
    "the array of the caller is overwritten",
    hints=(
        "Print z before and after the call. Is it still the same?",
        (
            "An assignment such as z[...] = 0 writes into the array that you were given. The "
            "caller still needs its numbers."
        ),
        "Build a new array from the comparison, and leave z alone.",
    ),
)
def edits_argument(z):
    z = np.asarray(z, dtype=float)
    fires = z >= 0
    z[fires] = 1
    z[~fires] = 0
    return z


@mistake(
    "step",
    "one truth value is made of the whole array",
    hints=(
        "How many neurons fire in an array of ten numbers, and how many answers do you give?",
        "z (any shape) -> the same shape: every entry gets its own 0 or 1. any() and all() make one value of many.",
        "When NumPy says that a truth value is ambiguous, it is the `if` that has to go, not the entries.",
    ),
)
def one_for_all(z):
    return 1 if np.all(np.asarray(z) >= 0) else 0


@mistake(
    "neuron_forward",
    "the activation is applied before the bias is added",
    hints=(
        "Can your sigmoid come out above 1? Where does the bias act, before or after f?",
        "a = f(z) with z = X w + b, shape (m,): the bias moves the point where f bends.",
        "Work z out completely, with its bias, and apply f to that as the last step.",
    ),
)
def bias_after_activation(X, w, b, activation):
    return _activate(X @ w, activation) + b


@mistake(
    "neuron_forward",
    "a list is returned instead of an array",
    hints=(
        "What type is asked for, and what type do you collect the outputs in?",
        "X (m, n) -> an array of shape (m,). A list cannot be multiplied by a number, or subtracted from labels.",
        "Turn the list into an array at the end; or let one product of X and w make all m sums at once.",
    ),
)
def returns_list(X, w, b, activation):
    return [float(_activate(np.dot(w, x) + b, activation)) for x in X]


@mistake(
    "neuron_forward",
    "the outputs stand in a column (m, 1) instead of an array (m,)",
    hints=(
        "How many axes has your result, and how many has w?",
        "X (m, n) times w (n,) is (m,); X (m, n) times a column (n, 1) is (m, 1). One neuron needs no second axis.",
        "Keep w with its single axis, as you were given it.",
    ),
)
def column(X, w, b, activation):
    return _activate(X @ w.reshape(-1, 1) + b, activation)


@mistake(
    "neuron_forward",
    "the bias is left out",
    hints=(
        "What does your linear neuron say of a sample whose features are all 0?",
        "z[i] = X[i] · w + b for each of the m rows: all share the one bias.",
        "Add the bias to the sums before the activation is applied; NumPy adds a number to every entry.",
    ),
)
def without_bias(X, w, b, activation):
    return _activate(X @ w, activation)


@mistake(
    "neuron_forward",
    "the bias is subtracted, as if it were a threshold",
    hints=(
        "Should a larger b make the neuron fire more easily, or less?",
        "A threshold t is subtracted, a bias b = -t is added: z = X w + b, shape (m,).",
        "One sign is wrong; it is the one in front of b.",
    ),
)
def subtracts_bias(X, w, b, activation):
    return _activate(X @ w - b, activation)


@mistake(
    "neuron_forward",
    "the samples are added up, so that one number comes out for the whole batch",
    hints=(
        "There are m samples. How many outputs do you return?",
        "X (m, n) -> (m,). Only the n features of one row belong together in a sum, not the m rows.",
        "A sum without an axis adds everything. The product of X and w adds along the features only.",
    ),
)
def sums_the_batch(X, w, b, activation):
    return _activate(np.sum(X * w) + b, activation)


@mistake(
    "neuron_forward",
    "the activation is never applied: every name gives the weighted sums",
    hints=(
        "Does the fourth argument change anything in your result?",
        "a = f(z): z (m,) is the pre-activation, and 'linear' is the only name for which a and z are the same.",
        "Choose f by its name and apply it to the sums before you return them.",
    ),
)
def ignores_activation(X, w, b, activation):
    _activate(0.0 * w, activation)
    return X @ w + b


@mistake(
    "neuron_forward",
    "the sigmoid falls: its exponent has the wrong sign",
    hints=(
        "Does your sigmoid rise or fall as z grows?",
        "sigmoid(z) = 1 / (1 + e^-z): 0.12 at -2, 0.88 at 2. With e^z it would be the other way round.",
        "There is a minus in the exponent, in front of z.",
    ),
)
def falling_sigmoid(X, w, b, activation):
    z = X @ w + b
    return _sigmoid(-z) if activation == "sigmoid" else _activate(z, activation)


@mistake(
    "neuron_forward",
    "an unknown activation is silently taken for 'linear'",
    hints=(
        "What happens in your code when somebody types 'sigmiod'?",
        (
            "There are five names. For any other the function has no answer, and an answer of "
            "shape (m,) would hide the slip."
        ),
        "Where your last `else` falls through to z, check the name first and raise the error that the docstring names.",
    ),
)
def falls_back_to_linear(X, w, b, activation):
    z = X @ w + b
    known = ("step", "sigmoid", "relu", "tanh")
    return _activate(z, activation) if activation in known else z


@mistake(
    "neuron_forward",
    "the caller's X is multiplied by the weights in place",
    hints=(
        "Print X before and after the call. Is it still the same?",
        "X *= w writes into the array of the caller. All other neurons of the layer still need X (m, n) as it was.",
        "Write the product as an expression that makes a new array, without `*=`.",
    ),
)
def edits_X(X, w, b, activation):
    X *= w
    return _activate(X.sum(axis=1) + b, activation)
