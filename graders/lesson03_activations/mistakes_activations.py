"""Known wrong implementations of the activations, their slopes and softmax."""

import numpy as np
from activations import leaky_relu, relu, sigmoid
from nnedu.checking import mistake


@mistake(
    "sigmoid",
    "the exponent has the wrong sign",
    hints=(
        "Should sigmoid(5) be near 1 or near 0? Which of the two do you get?",
        "sigma(x) = 1 / (1 + e^-x): for a large positive x the power must vanish, so that 1 / (1 + 0) remains.",
        "Your curve is the right one seen in a mirror. Only the sign of what goes into np.exp is at stake.",
    ),
)
def wrong_sign(x):
    return 1 / (1 + np.exp(np.asarray(x, dtype=float)))


@mistake(
    "sigmoid",
    "e^x is divided by 1 + e^x, which is nan at large x",
    hints=(
        "What is infinity divided by infinity?",
        "e^x / (1 + e^x) equals 1 / (1 + e^-x) on paper, yet at x = 1000 both its parts overflow.",
        "Keep this form for negative x, where the power is small, and use the other one for positive x.",
    ),
)
def overflowing_quotient(x):
    power = np.exp(np.asarray(x, dtype=float))
    return power / (1 + power)


def _clipped(x, bound):
    return 1 / (1 + np.exp(-np.clip(np.asarray(x, dtype=float), -bound, bound)))


@mistake(
    "sigmoid",
    "x is clipped at -10 and 10",
    hints=(
        "Are sigmoid(11) and sigmoid(15) the same number?",
        "Clipping changes the function: beyond the bound it is flat, so its slope is 0 where sigma' is not.",
        "Overflow starts near 709, far from 10. Choose the form by the sign of x and no clip is needed.",
    ),
)
def clips_at_10(x):
    return _clipped(x, 10)


@mistake(
    "sigmoid",
    "x is clipped at -20 and 20",
    hints=(
        "Is sigmoid(-25) smaller than sigmoid(-20)?",
        "At -20 the sigmoid is 2e-9: small, but not the value at -1000. Its logarithm would be wrong by a lot.",
        "Overflow starts near 709. A bound of some hundreds does no harm; a choice by the sign of x needs none.",
    ),
)
def clips_at_20(x):
    return _clipped(x, 20)


@mistake(
    "sigmoid",
    "the result is stored in an array of integers",
    hints=(
        "What do you get for np.array([1, 2, -3]), without any decimal point?",
        "zeros_like, empty_like and astype(x.dtype) keep the dtype of x; an integer array cannot hold 0.73.",
        "Turn x into an array of floats in your first line, before anything takes its dtype from it.",
    ),
)
def truncates_integers(x):
    x = np.asarray(x)
    out = np.zeros_like(x)
    out[...] = 1 / (1 + np.exp(-x.astype(float)))
    return out


@mistake(
    "sigmoid",
    "the brackets around the denominator are missing",
    hints=(
        "Can a sigmoid be larger than 1?",
        "Division binds tighter than addition: in 1 / 1 + e, what is divided by what?",
        "The whole sum 1 + e^-x belongs under the fraction line.",
    ),
)
def missing_brackets(x):
    return 1 / 1 + np.exp(-np.asarray(x, dtype=float))


@mistake(
    "sigmoid_derivative",
    "x is taken for the activation, though it is the pre-activation",
    hints=(
        "Can the slope of a sigmoid be negative, or larger than 1/4? Look at your value at 5.",
        "a * (1 - a) is the slope in terms of the activation a = sigma(x). What does the caller hand over, x or a?",
        "Compute the activation from x first, and put it in both places of your formula.",
    ),
)
def expects_activation(x):
    x = np.asarray(x, dtype=float)
    return x * (1 - x)


@mistake(
    "sigmoid_derivative",
    "the sigmoid is applied twice before the slope is taken",
    hints=(
        "Your slope hardly changes: it stays between 0.19 and 0.25. Should it not vanish at 10?",
        "In sigma'(x) = sigma(x)(1 - sigma(x)) the sigmoid is evaluated at x, the pre-activation, and nowhere else.",
        "Follow one number through your code and count how often it passes through the sigmoid. Once is right.",
    ),
)
def sigmoid_twice(x):
    s = sigmoid(sigmoid(x))
    return s * (1 - s)


@mistake(
    "sigmoid_derivative",
    "the sigmoid itself is returned, not its slope",
    hints=(
        "What is your value at 0, and what is the slope of the sigmoid there?",
        "sigma(0) = 1/2, while sigma'(0) = 1/4: the formula has two factors.",
        "You have one factor, sigma(x). The other is what it lacks to 1.",
    ),
)
def returns_sigmoid(x):
    return sigmoid(x)


@mistake(
    "sigmoid_derivative",
    "the formula of tanh is used: one minus the square of the sigmoid",
    hints=(
        "Your slope tends to 1 on the far left. Is the sigmoid steep there?",
        "1 - a^2 belongs to a = tanh(x). For a = sigma(x) the derivative of 1 / (1 + e^-x) gives another product.",
        "The slope must vanish at both ends: where the activation is near 0 and where it is near 1. Two factors do.",
    ),
)
def tanh_formula(x):
    return 1 - sigmoid(x) ** 2


@mistake(
    "sigmoid_derivative",
    "e^-x is divided by (1 + e^-x)^2, which is nan at large negative x",
    hints=(
        "What is infinity divided by infinity? Try x = -800.",
        "e^-x / (1 + e^-x)^2 is right on paper, but both its parts overflow for large negative x.",
        "The same slope can be written with the sigmoid alone, which stays between 0 and 1.",
    ),
)
def overflowing_slope(x):
    power = np.exp(-np.asarray(x, dtype=float))
    return power / (1 + power) ** 2


@mistake(
    "tanh_derivative",
    "x is taken for the activation: one minus the square of x",
    hints=(
        "tanh always rises. Can its slope be negative, as yours is at x = 2?",
        "tanh'(x) = 1 - a^2 with a = tanh(x). The argument x is the pre-activation, not a.",
        "The square is right; what is squared is not. The tanh has to be taken first.",
    ),
)
def squares_x(x):
    return 1 - np.asarray(x, dtype=float) ** 2


@mistake(
    "tanh_derivative",
    "tanh is not squared",
    hints=(
        "tanh is equally steep at 1 and -1. Compare your values there.",
        "tanh'(x) = 1 - a^2 with a = tanh(x): even, never above 1.",
        "On the left your values pass 1, since a is negative there. A power is missing on it.",
    ),
)
def forgets_square(x):
    return 1 - np.tanh(np.asarray(x, dtype=float))


@mistake(
    "tanh_derivative",
    "the reciprocal of the slope is returned",
    hints=(
        "tanh flattens out on both sides. Does your slope fade or grow there?",
        "1 / (1 - a^2) is the slope of the inverse function, artanh, at a. Here the slope of tanh at x is asked for.",
        "The denominator of your fraction is worth a closer look: it is the whole story.",
    ),
)
def reciprocal(x):
    return 1 / (1 - np.tanh(np.asarray(x, dtype=float)) ** 2)


@mistake(
    "tanh_derivative",
    "tanh is applied twice before the slope is taken",
    hints=(
        "Your slope never falls below 0.42. Is tanh steep at 10?",
        "tanh'(x) = 1 - a^2 with a = tanh(x): one tanh lies between x and the square.",
        "Follow one number through your code and count how often it passes through tanh. Once is right.",
    ),
)
def tanh_twice(x):
    return 1 - np.tanh(np.tanh(np.asarray(x, dtype=float))) ** 2


@mistake(
    "relu",
    "the array of the caller is changed",
    hints=(
        "Print your input before and after the call. Is it still the same?",
        "x[x < 0] = 0 and out=x write into the array that you were given; np.asarray does not copy an array of floats.",
        "Build a new array out of x and return that. The backward pass will need the old one.",
    ),
)
def edits_argument(x):
    x = np.asarray(x, dtype=float)
    x[x < 0] = 0
    return x


@mistake(
    "relu",
    "integers stay integers",
    hints=(
        "Which dtype has your answer for [1, -2]?",
        "The maximum of an integer array and the integer 0 is an integer array. The result must be float64.",
        "Turn the input into floats before you compare it with 0.",
    ),
)
def keeps_integers(x):
    return np.maximum(0, x)


@mistake(
    "relu",
    "a single number is expected: an if on an array fails",
    hints=(
        "What happens for an array of two numbers?",
        "x > 0 on an array of shape (7, 5) is 35 answers, and `if` wants one.",
        "Look for a numpy function that takes the larger of two things element by element.",
    ),
)
def only_scalars(x):
    return x if x > 0 else 0.0


@mistake(
    "relu",
    "the slope is returned, not the value",
    hints=(
        "What should relu(3) be: 3 or 1?",
        "A positive x passes unchanged. A mask of zeros and ones is the derivative, the next exercise.",
        "The mask can still serve: it says which of the entries of x stay.",
    ),
)
def returns_mask(x):
    return (np.asarray(x) > 0).astype(float)


@mistake(
    "relu_derivative",
    "the slope at exactly 0 is 1",
    hints=(
        "What does the docstring say about x = 0, and what do you return there?",
        "ReLU has no slope at its kink, and the course takes 0 there. Your comparison lets 0 through.",
        "Compare strictly: only what is truly above zero has slope 1.",
    ),
)
def one_at_zero(x):
    return (np.asarray(x) >= 0).astype(float)


@mistake(
    "relu_derivative",
    "ReLU itself is returned, not its slope",
    hints=(
        "How steep is the line y = x at x = 3: 3 or 1?",
        "relu'(x) has two values only, 0.0 and 1.0. The number x itself does not appear in it.",
        "You multiplied x by a mask. The mask alone is of interest here.",
    ),
)
def returns_relu(x):
    return relu(x)


@mistake(
    "relu_derivative",
    "the array of the caller is changed",
    hints=(
        "Print your input before and after the call. Is it still the same?",
        "x[x <= 0] = 0 writes into the array that you were given. The caller still needs its pre-activations.",
        "A comparison such as x > 0 makes a new array by itself; start from that one.",
    ),
)
def writes_into_x(x):
    x = np.asarray(x, dtype=float)
    x[x <= 0] = 0
    x[x > 0] = 1
    return x


@mistake(
    "relu_derivative",
    "the result is an array of integers",
    hints=(
        "Which dtype has your result?",
        "np.where(x > 0, 1, 0) takes its dtype from its two literals. A gradient in such an array loses its decimals.",
        "Write the two constants as floats, or convert at the end.",
    ),
)
def returns_integers(x):
    return np.where(np.asarray(x) > 0, 1, 0)


@mistake(
    "relu_derivative",
    "the result is an array of booleans",
    hints=(
        "Which dtype has your result?",
        "A comparison gives True and False. A slope is a number: 1.0 and 0.0, float64, shape of x.",
        "The comparison is right; what is missing is its conversion to floats.",
    ),
)
def returns_booleans(x):
    return np.asarray(x) > 0


@mistake(
    "relu_derivative",
    "a single number is expected: an if on an array fails",
    hints=(
        "What happens for an array of two numbers?",
        "x > 0 on an array of shape (7, 5) is 35 answers, and `if` wants one.",
        "Let numpy compare the whole array at once; the answers only need another dtype.",
    ),
)
def slope_of_scalars(x):
    return 1.0 if x > 0 else 0.0


@mistake(
    "leaky_relu",
    "the larger of x and alpha * x is taken, which is wrong for alpha above 1",
    hints=(
        "Try alpha = 2 at x = -1. What does the formula say, and what do you get?",
        "max(alpha * x, x) equals Leaky ReLU only while alpha is at most 1; above, the two lines swap order.",
        "Decide by the sign of x which of the two lines holds, not by which is larger.",
    ),
)
def larger_of_two(x, alpha=0.01):
    x = np.asarray(x, dtype=float)
    return np.maximum(alpha * x, x)


@mistake(
    "leaky_relu",
    "alpha is fixed at 0.01",
    hints=(
        "Does your result change when you pass another alpha?",
        "On the left the line is alpha * x, for the alpha of this call; 0.01 is only what it is when none is given.",
        "Look for a literal 0.01 in the body. The signature is its only place.",
    ),
)
def fixed_alpha(x, alpha=0.01):
    return leaky_relu(x)


@mistake(
    "leaky_relu",
    "integers stay integers when alpha is one too",
    hints=(
        "Which dtype has your result for integers and alpha = 0?",
        "np.where takes the common dtype of its branches; x and alpha * x may both be integers.",
        "Turn x into floats first. Everything computed from it then follows.",
    ),
)
def keeps_integers_leaky(x, alpha=0.01):
    x = np.asarray(x)
    return np.where(x > 0, x, alpha * x)


@mistake(
    "leaky_relu",
    "the array of the caller is changed",
    hints=(
        "Print your input before and after the call. Is it still the same?",
        "x[x < 0] *= alpha writes into the array that you were given.",
        "Build a new array from the two cases and return that.",
    ),
)
def scales_in_place(x, alpha=0.01):
    x = np.asarray(x, dtype=float)
    x[x < 0] *= alpha
    return x


@mistake(
    "leaky_relu",
    "everything on the left becomes alpha itself",
    hints=(
        "Should leaky_relu(-100) and leaky_relu(-1) be the same number?",
        "Left of 0 the function is a line through the origin with slope alpha. A slope is not yet a value.",
        "A line through the origin needs its slope and the place: alpha is there, x is missing.",
    ),
)
def alpha_as_value(x, alpha=0.01):
    x = np.asarray(x, dtype=float)
    return np.where(x > 0, x, float(alpha))


@mistake(
    "leaky_relu_derivative",
    "alpha is multiplied by x on the left",
    hints=(
        "How steep is a straight line? Does it depend on where you stand?",
        "On the left the function is alpha * x. What is the derivative of that with respect to x?",
        "Neither of the two slopes contains x; it decides only which of them holds.",
    ),
)
def alpha_times_x(x, alpha=0.01):
    x = np.asarray(x, dtype=float)
    return np.where(x > 0, 1.0, alpha * x)


@mistake(
    "leaky_relu_derivative",
    "alpha is fixed at 0.01",
    hints=(
        "Does your result change when you pass another alpha?",
        "The slope on the left is the alpha of this call; 0.01 is only what it is when none is given.",
        "Look for a literal 0.01 in the body. The signature is its only place.",
    ),
)
def fixed_slope(x, alpha=0.01):
    return np.where(np.asarray(x) > 0, 1.0, 0.01)


@mistake(
    "leaky_relu_derivative",
    "the result is an array of integers when alpha is an integer",
    hints=(
        "Which dtype has your result for alpha = 0?",
        "np.where takes the common dtype of its branches: the literal 1 and alpha may both be integers.",
        "Make one of the two branches a float, and the array becomes one.",
    ),
)
def integer_slopes(x, alpha=0.01):
    return np.where(np.asarray(x) > 0, 1, alpha)


@mistake(
    "leaky_relu_derivative",
    "the slope on the left is 0, as for plain ReLU",
    hints=(
        "What keeps a leaky unit alive when its input is negative?",
        "Left of 0 Leaky ReLU still rises, alpha for each unit of x. A slope of 0 would stop the gradient.",
        "Your right half is fine. The left one is as constant, but the signature gives you its value.",
    ),
)
def zero_on_the_left(x, alpha=0.01):
    return (np.asarray(x) > 0).astype(float)


@mistake(
    "softmax",
    "one sum over the whole array is used for all rows",
    hints=(
        "What do the entries of one row add up to? And those of the whole array?",
        "Z is (m, K): every row is a sample of its own, so there must be m sums, shape (m, 1), and m maxima.",
        "Give both reductions the axis of the classes, and keep the dimension that they reduce.",
    ),
)
def no_axis(Z):
    powers = np.exp(np.asarray(Z, dtype=float) - np.max(Z))
    return powers / powers.sum()


@mistake(
    "softmax",
    "the columns sum to 1, not the rows",
    hints=(
        "Add up one row of your result, then one column. Which of them gives 1?",
        "Rows are samples and columns are classes: Z (m, K). The probabilities of one sample lie in a row.",
        "Axis 0 runs down the samples. The classes are on the last axis, whatever the number of dimensions.",
    ),
)
def first_axis(Z):
    powers = np.exp(Z - np.max(Z, axis=0, keepdims=True))
    return powers / powers.sum(axis=0, keepdims=True)


@mistake(
    "softmax",
    "the classes are looked for on axis 1, which is the last one of a matrix only",
    hints=(
        "What happens for three logits in a plain 1-D array? And for a 3-D array?",
        "Z is (..., K): in (K,), (m, K) and (m, T, K) the classes are on axis 0, 1 and 2. What do the three share?",
        "Count the axis from the end and one number serves all shapes.",
    ),
)
def second_axis(Z):
    powers = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@mistake(
    "softmax",
    "no maximum is subtracted, so that e^1000 overflows",
    hints=(
        "What is np.exp(1000), and what is that divided by itself?",
        "Softmax does not change when a constant is subtracted from a row. Which constant keeps all powers at most 1?",
        "Shift every row by its own largest logit before the exponential.",
    ),
)
def no_shift(Z):
    powers = np.exp(np.asarray(Z, dtype=float))
    return powers / powers.sum(axis=-1, keepdims=True)


@mistake(
    "softmax",
    "one maximum of the whole array is subtracted from all rows",
    hints=(
        "Try the rows [1000, 1001] and [0, 1] in one array. Should their probabilities differ?",
        "A row far below the maximum of the array becomes e^-1000 = 0 everywhere, and 0 / 0 is nan.",
        "Each row needs a maximum of its own: shape (m, 1), as for the sums.",
    ),
)
def global_maximum(Z):
    powers = np.exp(np.asarray(Z, dtype=float) - np.max(Z))
    return powers / powers.sum(axis=-1, keepdims=True)


@mistake(
    "softmax",
    "the maxima and sums lose their dimension and meet the wrong axis",
    hints=(
        "Print the two shapes that meet in your division. And what comes out of a square Z?",
        "(m, K) divided by (m,) lines m up with K: an error if they differ, and silently wrong if they are equal.",
        "A reduction can keep its axis with length 1. Then (m, K) meets (m, 1).",
    ),
)
def loses_dimension(Z):
    powers = np.exp(Z - np.max(Z, axis=-1))
    return powers / powers.sum(axis=-1)


@mistake(
    "softmax",
    "the array of the caller is changed",
    hints=(
        "Are your logits still logits after the call?",
        "Z -= ..., Z /= ... and out=Z write into the array that you were given; np.asarray does not copy floats.",
        "Write every step as a new array: a plain minus and a plain division.",
    ),
)
def overwrites_logits(Z):
    Z = np.asarray(Z, dtype=float)
    Z -= Z.max(axis=-1, keepdims=True)
    np.exp(Z, out=Z)
    Z /= Z.sum(axis=-1, keepdims=True)
    return Z
