"""Wrong implementations of updates.py, as students write them."""

import numpy as np
from nnedu.checking import mistake


@mistake(
    "sgd_update",
    "the parameter is changed in place",
    hints=(
        "What does your function do to the array that the caller still holds?",
        (
            "`-=`, `*=` and `out=` write into the array that they are given, and an integer array cannot hold float "
            "results at all. The rule new = param - lr·grad asks for a new array of the same shape."
        ),
        "Compute the difference as an expression of its own, and hand that back without assigning into `param`.",
    ),
)
def sgd_in_place(param, grad, lr):
    param -= lr * grad
    return param


@mistake(
    "sgd_update",
    "the step goes up the gradient instead of down",
    hints=(
        "For the loss w^2 at w = 3 the gradient is 6. Does your step bring w closer to 0?",
        "The gradient points to where the loss grows. The rule is new = param - lr·grad, all three of one shape.",
        "One sign is wrong: the step has to be taken away from the parameter.",
    ),
)
def sgd_ascends(param, grad, lr):
    return param + lr * grad


@mistake(
    "sgd_update",
    "nothing is returned",
    hints=(
        "What does Python hand back from a function that ends without saying what?",
        "The caller writes new = sgd_update(param, grad, lr) and expects an array of param's shape in `new`.",
        "The new parameter is computed and then forgotten: the last line has to give it back.",
    ),
)
def sgd_returns_nothing(param, grad, lr):
    param = param - lr * grad


@mistake(
    "sgd_update",
    "the learning rate is not used",
    hints=(
        "Call your function with lr = 0.1 and with lr = 0.2. What is different?",
        "In new = param - lr·grad the number lr scales the whole step.",
        "Multiply the gradient by the learning rate before you take it away.",
    ),
)
def sgd_ignores_lr(param, grad, lr):
    return param - grad


@mistake(
    "momentum_update",
    "the gradient is averaged into the velocity with a factor 1 - beta",
    hints=(
        (
            "Start at rest, with a gradient of 1. How long is your first step, and how long is it in plain gradient "
            "descent?"
        ),
        (
            "There are two forms of momentum. The classical one keeps the full gradient: velocity_new = "
            "beta·velocity - lr·grad. The averaging one weighs it by 1 - beta, and needs a learning rate that is "
            "1 / (1 - beta) times as large."
        ),
        "Take the factor 1 - beta out: only the old velocity is weighed, by beta.",
    ),
)
def momentum_averages(param, grad, velocity, lr=0.01, beta=0.9):
    velocity = beta * velocity - (1 - beta) * lr * grad
    return param + velocity, velocity


@mistake(
    "momentum_update",
    "the parameter moves by the velocity from before the step",
    hints=(
        "Start at rest. Does your parameter move at all in the first step?",
        "The order matters: first velocity_new = beta·velocity - lr·grad, then the parameter moves by velocity_new.",
        "Swap the order of the two lines, so that the parameter uses the velocity that has already seen this gradient.",
    ),
)
def momentum_uses_old_velocity(param, grad, velocity, lr=0.01, beta=0.9):
    param = param + velocity
    velocity = beta * velocity - lr * grad
    return param, velocity


@mistake(
    "momentum_update",
    "the velocity comes back as it went in",
    hints=(
        "Call your function twice, passing on what it returned. Does the second call know of the first?",
        (
            "The function returns the tuple (param_new, velocity_new), both of the parameter's shape; the caller "
            "passes the velocity into the next step."
        ),
        "The second value of the tuple has to be the velocity that you have just used to move the parameter.",
    ),
)
def momentum_does_not_return_velocity(param, grad, velocity, lr=0.01, beta=0.9):
    return param + (beta * velocity - lr * grad), velocity + 0.0


@mistake(
    "momentum_update",
    "the velocity starts from zero in each step",
    hints=(
        "Where does your formula use the velocity that it was given?",
        "velocity_new = beta·velocity - lr·grad has two terms: what is left of the old motion, and the new push.",
        "Add beta times the incoming velocity to the push -lr·grad before you move.",
    ),
)
def momentum_forgets_velocity(param, grad, velocity, lr=0.01, beta=0.9):
    velocity = np.zeros(np.shape(param)) - lr * grad
    return param + velocity, velocity


@mistake(
    "momentum_update",
    "the new velocity is subtracted from the parameter",
    hints=(
        "At rest, with a positive gradient: which sign has your velocity, and which way does the parameter go?",
        "velocity_new = beta·velocity - lr·grad already carries the minus of descent; it is the step itself.",
        "The minus has been used once, inside the velocity. The parameter only adds.",
    ),
)
def momentum_subtracts_velocity(param, grad, velocity, lr=0.01, beta=0.9):
    velocity = beta * velocity - lr * grad
    return param - velocity, velocity


@mistake(
    "momentum_update",
    "the step looks ahead, as in Nesterov's momentum",
    hints=(
        "Which of the two kinds of momentum does this exercise ask for, classical or Nesterov?",
        "The classical rule moves by velocity_new alone, Nesterov's by beta·velocity_new - lr·grad.",
        (
            "Leave out the look-ahead: what you add to the parameter and what you return as velocity are the same "
            "array of numbers."
        ),
    ),
)
def momentum_looks_ahead(param, grad, velocity, lr=0.01, beta=0.9):
    velocity = beta * velocity - lr * grad
    return param + beta * velocity - lr * grad, velocity


@mistake(
    "momentum_update",
    "the velocity adds up gradients, and the learning rate comes in only when the parameter moves",
    hints=(
        "In which unit is your velocity: that of a gradient, or that of a step?",
        (
            "PyTorch keeps v = beta·v + grad and moves by -lr·v. Here the velocity is the step itself: "
            "velocity_new = beta·velocity - lr·grad."
        ),
        "Multiply by -lr where the gradient enters the velocity, and just add the velocity to the parameter.",
    ),
)
def momentum_scales_late(param, grad, velocity, lr=0.01, beta=0.9):
    velocity = beta * velocity + grad
    return param - lr * velocity, velocity


@mistake(
    "momentum_update",
    "the parameter and the velocity are changed in place",
    hints=(
        "Print your three arguments before and after the call. Which of them have changed?",
        (
            "`*=`, `-=` and `+=` write into the caller's arrays. Both results, (param_new, velocity_new), have to be "
            "new arrays."
        ),
        "Write each line as a name, an equals sign and a full expression, so that Python makes a new array.",
    ),
)
def momentum_in_place(param, grad, velocity, lr=0.01, beta=0.9):
    velocity *= beta
    velocity -= lr * grad
    param += velocity
    return param, velocity


@mistake(
    "rmsprop_update",
    "the gradient is divided by s itself and not by its root",
    hints=(
        "How long is your first step for a gradient of 100, and for one of 1?",
        (
            "s is a mean of squares. For a step that does not depend on the size of the gradient, divide by "
            "sqrt(s_new) + eps."
        ),
        "Take the elementwise square root of s_new first, then add eps.",
    ),
)
def rmsprop_without_root(param, grad, s, lr=0.01, beta=0.9, eps=1e-8):
    s = beta * s + (1 - beta) * grad**2
    return param - lr * grad / (s + eps), s


@mistake(
    "rmsprop_update",
    "eps is added inside the root",
    hints=(
        "What does your denominator become for a gradient of 1e-6, and what should it be?",
        "The root of eps = 1e-8 is 1e-4, which is larger than many gradients. The denominator is sqrt(s_new) + eps.",
        "Close the bracket of the root before eps is added.",
    ),
)
def rmsprop_eps_inside(param, grad, s, lr=0.01, beta=0.9, eps=1e-8):
    s = beta * s + (1 - beta) * grad**2
    return param - lr * grad / np.sqrt(s + eps), s


@mistake(
    "rmsprop_update",
    "the squares are added up and never forgotten, as in AdaGrad",
    hints=(
        "After a hundred steps with the same gradient, what is your s? Does it still grow?",
        (
            "s_new = beta·s + (1 - beta)·grad^2 is a running mean: the two weights add up to 1. A sum lets the "
            "steps die out."
        ),
        "Weigh the old s by beta and the new square by 1 - beta.",
    ),
)
def rmsprop_never_forgets(param, grad, s, lr=0.01, beta=0.9, eps=1e-8):
    s = s + grad**2
    return param - lr * grad / (np.sqrt(s) + eps), s


@mistake(
    "rmsprop_update",
    "s averages the gradient and not its square",
    hints=(
        "Can your s be negative? What does the root make of that?",
        (
            "s_new = beta·s + (1 - beta)·grad^2, elementwise: the mean of squares, so that its root has the unit "
            "of a gradient."
        ),
        "Square the gradient where it enters s.",
    ),
)
def rmsprop_does_not_square(param, grad, s, lr=0.01, beta=0.9, eps=1e-8):
    s = beta * s + (1 - beta) * grad
    return param - lr * grad / (np.sqrt(s) + eps), s


@mistake(
    "rmsprop_update",
    "beta and 1 - beta have changed places",
    hints=(
        "With beta = 0.9, how much of the old s is left after one step?",
        "beta is the share of the past: s_new = beta·s + (1 - beta)·grad^2.",
        "Exchange the two weights: the large one belongs to the old s.",
    ),
)
def rmsprop_swaps_weights(param, grad, s, lr=0.01, beta=0.9, eps=1e-8):
    s = (1 - beta) * s + beta * grad**2
    return param - lr * grad / (np.sqrt(s) + eps), s


@mistake(
    "rmsprop_update",
    "the parameter and s are changed in place",
    hints=(
        "Print `param` and `s` before and after the call. Are they still what the caller passed?",
        "`*=`, `+=` and `-=` write into the caller's arrays. Both results, (param_new, s_new), have to be new arrays.",
        "Write each line as a name, an equals sign and a full expression, so that Python makes a new array.",
    ),
)
def rmsprop_in_place(param, grad, s, lr=0.01, beta=0.9, eps=1e-8):
    s *= beta
    s += (1 - beta) * grad**2
    param -= lr * grad / (np.sqrt(s) + eps)
    return param, s


def _refuse_zero(t):
    if t < 1:
        raise ValueError("t starts at 1")


@mistake(
    "adam_update",
    "the moments are used without the bias correction",
    hints=(
        "How long is your very first step, compared with lr?",
        (
            "After one step m is only a tenth of the gradient and v a thousandth of its square. The correction makes "
            "up for the start at zero: m_hat = m_new / (1 - beta1^t), v_hat = v_new / (1 - beta2^t)."
        ),
        "Divide both moments by their correction, and take the step with the corrected ones, not with m and v.",
    ),
)
def adam_without_correction(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    _refuse_zero(t)
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return param - lr * m / (np.sqrt(v) + eps), m, v


@mistake(
    "adam_update",
    "t is counted up inside, so that the first step uses t = 2",
    hints=(
        "What is t in your formulas the first time that the function is called?",
        (
            "The caller passes t = 1, 2, 3, ... With t = 2 in the first call the correction is too weak, and the step "
            "is 0.74 lr."
        ),
        "Use t as it arrives, as the exponent in 1 - beta^t, without adding to it.",
    ),
)
def adam_starts_at_two(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    _refuse_zero(t)
    t = t + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return param - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


@mistake(
    "adam_update",
    "the correction uses t - 1, which is 0 in the first step",
    hints=(
        "What is beta to the power 0, and what does your correction divide by in the first step?",
        "The steps are counted from 1, and t arrives as 1: 1 - beta^1 is 0.1 for beta1 and 0.001 for beta2.",
        "Take the exponent as it comes; nothing has to be subtracted from t.",
    ),
)
def adam_starts_at_zero(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    _refuse_zero(t)
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1 ** (t - 1))
    v_hat = v / (1 - beta2 ** (t - 1))
    return param - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


@mistake(
    "adam_update",
    "the correction is that of the first step in every step",
    hints=(
        "Should the correction be the same in step 1 and in step 1000?",
        (
            "The start at zero matters less and less: 1 - beta1^t goes from 0.1 to 1. Without the exponent it stays "
            "at 0.1."
        ),
        "Raise beta1 and beta2 to the power of the t that was passed before you take them from 1.",
    ),
)
def adam_stays_at_one(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    _refuse_zero(t)
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1)
    v_hat = v / (1 - beta2)
    return param - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


@mistake(
    "adam_update",
    "the correction multiplies beta by t instead of raising it to the power t",
    hints=(
        "What is your correction at t = 2? Can it be negative?",
        "m_hat = m_new / (1 - beta1^t): a power, which fades from beta1 to 0. A product grows beyond 1.",
        "In Python the power is written with two stars.",
    ),
)
def adam_multiplies_by_t(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    _refuse_zero(t)
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1 * t)
    v_hat = v / (1 - beta2 * t)
    return param - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


@mistake(
    "adam_update",
    "only the first moment is corrected",
    hints=(
        "Your first step is about 30 times too long or too short. What is v after one step, compared with grad^2?",
        (
            "Both moments start at zero, so both are biased: m_hat = m_new / (1 - beta1^t) and v_hat = v_new / (1 - "
            "beta2^t)."
        ),
        "Correct v as well, with its own beta, and take the root of the corrected one.",
    ),
)
def adam_corrects_m_only(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    _refuse_zero(t)
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    return param - lr * m_hat / (np.sqrt(v) + eps), m, v


@mistake(
    "adam_update",
    "the corrected moments are returned in place of the raw ones",
    hints=(
        "Which m does the formula of the next step start from, m or m_hat?",
        (
            "State and correction are two things: (param_new, m_new, v_new) goes back to the caller; m_hat and v_hat "
            "serve this one step only."
        ),
        "Give the corrected moments names of their own, and return the ones from before the division.",
    ),
)
def adam_returns_corrected(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    _refuse_zero(t)
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m = m / (1 - beta1**t)
    v = v / (1 - beta2**t)
    return param - lr * m / (np.sqrt(v) + eps), m, v


@mistake(
    "adam_update",
    "eps is added inside the root",
    hints=(
        "How long is your first step for a gradient of 1e-4? Is it still lr?",
        "The root of eps = 1e-8 is 1e-4. The denominator of the step is sqrt(v_hat) + eps.",
        "Close the bracket of the root before eps is added.",
    ),
)
def adam_eps_inside(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    _refuse_zero(t)
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return param - lr * m_hat / np.sqrt(v_hat + eps), m, v


@mistake(
    "adam_update",
    "the parameter is changed in place",
    hints=(
        "Print `param` before and after the call. Is it still what the caller passed?",
        (
            "`param -= ...` writes into the caller's array, and fails for an array of integers. The three results are "
            "new arrays."
        ),
        "Return the difference of the parameter and the step, without assigning into `param`.",
    ),
)
def adam_in_place(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    _refuse_zero(t)
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    param -= lr * m_hat / (np.sqrt(v_hat) + eps)
    return param, m, v


@mistake(
    "adam_update",
    "a step number below 1 goes through without an error",
    hints=(
        "What does your function do with t = 0?",
        "1 - beta^0 is 0, and 0 / 0 is nan without a word. The contract: t below 1 raises ValueError.",
        "Test t before anything else, and raise the error that the docstring names, with a message that shows t.",
    ),
)
def adam_accepts_step_zero(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return param - lr * m_hat / (np.sqrt(v_hat) + eps), m, v
