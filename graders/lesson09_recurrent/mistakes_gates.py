"""Wrong implementations of gates.py, as students write them."""

import numpy as np
from nnedu.checking import mistake


def _sigmoid(z):
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def _blocks(x, h, Wx, Wh, b, count):
    return np.split(x @ Wx + h @ Wh + b, count, axis=1)


def _lstm(i, f, g, o, c):
    """The step, from the arguments of the gates in the right order."""
    c_next = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * np.tanh(c_next), c_next


@mistake(
    "lstm_step_forward",
    "the blocks are taken in the order i, f, o, g, that of the course cs231n",
    hints=(
        "Which block of columns holds the candidate? In which order does this course keep the four?",
        "Z (m, 4d) has the blocks i, f, g, o. Weights that were trained in one order mean nothing in another.",
        "Exchange your last two blocks.",
    ),
)
def order_ifog(x, h, c, Wx, Wh, b):
    i, f, o, g = _blocks(x, h, Wx, Wh, b, 4)
    return _lstm(i, f, g, o, c)


@mistake(
    "lstm_step_forward",
    "the blocks are taken in the order i, g, f, o, that of TensorFlow's first cell",
    hints=(
        "Which block of columns holds the candidate? In which order does this course keep the four?",
        "Z (m, 4d) has the blocks i, f, g, o. TensorFlow's BasicLSTMCell has i, j, f, o, where j is the candidate.",
        "Exchange your second and your third block.",
    ),
)
def order_igfo(x, h, c, Wx, Wh, b):
    i, g, f, o = _blocks(x, h, Wx, Wh, b, 4)
    return _lstm(i, f, g, o, c)


@mistake(
    "lstm_step_forward",
    "input gate and forget gate are exchanged",
    hints=(
        "With f = 1 and i = 0 the cell should stay as it is. What does yours do?",
        "c_next = f · c + i · g, and the blocks of Z (m, 4d) are i, f, g, o.",
        "The gate that multiplies the old cell is the second block.",
    ),
)
def exchanges_i_and_f(x, h, c, Wx, Wh, b):
    i, f, g, o = _blocks(x, h, Wx, Wh, b, 4)
    return _lstm(f, i, g, o, c)


@mistake(
    "lstm_step_forward",
    "the candidate goes through the sigmoid",
    hints=(
        "Can your step ever make an entry of c smaller than f · c?",
        "Three gates say how much, from 0 to 1. The candidate g (m, d) says what, and may be negative.",
        "The third block needs the other function.",
    ),
)
def sigmoid_on_candidate(x, h, c, Wx, Wh, b):
    i, f, g, o = _blocks(x, h, Wx, Wh, b, 4)
    c_next = _sigmoid(f) * c + _sigmoid(i) * _sigmoid(g)
    return _sigmoid(o) * np.tanh(c_next), c_next


@mistake(
    "lstm_step_forward",
    "tanh is applied to all four blocks, the gates included",
    hints=(
        "What would a forget gate of -0.5 do to the cell?",
        "A gate is a share, between 0 and 1: i, f and o are σ of their blocks, each (m, d). Only g is a tanh.",
        "Give three of the four blocks the sigmoid.",
    ),
)
def tanh_on_gates(x, h, c, Wx, Wh, b):
    i, f, g, o = (np.tanh(one) for one in _blocks(x, h, Wx, Wh, b, 4))
    c_next = f * c + i * g
    return o * np.tanh(c_next), c_next


@mistake(
    "lstm_step_forward",
    "the state is o · c_next, without tanh",
    hints=(
        "Is your h_next always between -1 and 1?",
        "h_next = o · tanh(c_next). The cell (m, d) may grow without bound; what is shown of it may not.",
        "One tanh is missing, around the new cell.",
    ),
)
def shows_the_cell(x, h, c, Wx, Wh, b):
    i, f, g, o = _blocks(x, h, Wx, Wh, b, 4)
    c_next = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * c_next, c_next


@mistake(
    "lstm_step_forward",
    "the state is made of the old cell",
    hints=(
        "Does your h_next depend on the candidate at all?",
        "h_next = o · tanh(c_next): first the new cell (m, d), then what is shown of it.",
        "Use the cell that you have just computed.",
    ),
)
def shows_the_old_cell(x, h, c, Wx, Wh, b):
    i, f, g, o = _blocks(x, h, Wx, Wh, b, 4)
    return _sigmoid(o) * np.tanh(c), _lstm(i, f, g, o, c)[1]


@mistake(
    "lstm_step_forward",
    "c is overwritten before it is used, so that the old cell is lost",
    hints=(
        "With f = 1 and i = 0 the cell should stay as it is. What does yours do?",
        "c_next = f · c + i · g. If c is given a new value first, f multiplies that one.",
        "Give the new cell (m, d) a name of its own, and compute it from both terms at once.",
    ),
)
def overwrites_c(x, h, c, Wx, Wh, b):
    i, f, g, o = _blocks(x, h, Wx, Wh, b, 4)
    c = _sigmoid(i) * np.tanh(g)
    return _lstm(i, f, g, o, c)


@mistake(
    "lstm_step_forward",
    "the old cell is left out: nothing is remembered",
    hints=(
        "Change c. Does your c_next change?",
        "c_next = f · c + i · g: what is kept of the old cell (m, d), and what is written anew.",
        "Your sum has one term; it needs the other.",
    ),
)
def forgets_c(x, h, c, Wx, Wh, b):
    i, _, g, o = _blocks(x, h, Wx, Wh, b, 4)
    c_next = _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * np.tanh(c_next), c_next


@mistake(
    "lstm_step_forward",
    "the input gate is tied to the forget gate, as 1 - f",
    hints=(
        "How many gates has your cell? Does the first block matter?",
        "Tied gates save weights, but here i and f are gates of their own: c_next = f · c + i · g.",
        "Let the first block decide how much of the candidate is written.",
    ),
)
def tied_gates(x, h, c, Wx, Wh, b):
    _, f, g, o = _blocks(x, h, Wx, Wh, b, 4)
    return _lstm(-f, f, g, o, c)


@mistake(
    "lstm_step_forward",
    "every fourth column is taken for a gate, instead of d columns side by side",
    hints=(
        "Columns 0 to d - 1 of Z belong to which gate? Which columns do you take?",
        "Z (m, 4d) = [Z_i | Z_f | Z_g | Z_o], each block (m, d). A stride of 4, or a reshape to (m, d, 4), mixes them.",
        "Cut Z into four pieces side by side along its second axis.",
    ),
)
def every_fourth(x, h, c, Wx, Wh, b):
    Z = x @ Wx + h @ Wh + b
    return _lstm(*(Z[:, k::4] for k in range(4)), c)


@mistake(
    "lstm_step_forward",
    "Wx and Wh are exchanged",
    hints=(
        "Which of the two matrices has as many rows as x has columns?",
        "x (m, n) belongs to Wx (n, 4d), h (m, d) to Wh (d, 4d). Where n = d, an exchange raises no error.",
        "The input goes through the matrix of the input, the state through that of the state.",
    ),
)
def lstm_exchanges_weights(x, h, c, Wx, Wh, b):
    return _lstm(*_blocks(h, x, Wx, Wh, b, 4), c)


@mistake(
    "lstm_step_forward",
    "the gates do not look at the state before",
    hints=(
        "Change h. Does your result change?",
        "Z = x @ Wx + h @ Wh + b, of shape (m, 4d): every gate and the candidate see the input and the state.",
        "Add what Wh makes of h to all four blocks.",
    ),
)
def lstm_ignores_h(x, h, c, Wx, Wh, b):
    return _lstm(*np.split(x @ Wx + b, 4, axis=1), c)


@mistake(
    "lstm_step_forward",
    "the sigmoid is exp(z) / (1 + exp(z)), which is nan for large z",
    hints=(
        "What is exp(1000), and what is that divided by itself plus 1?",
        "σ(z) = 1 / (1 + exp(-z)) goes to 0 and to 1 at the ends, as inf in a denominator is harmless.",
        "Choose the form of σ in which an overflow stands below the line only, or build it from tanh.",
    ),
)
def overflowing_sigmoid(x, h, c, Wx, Wh, b):
    def sigmoid(z):
        return np.exp(z) / (1.0 + np.exp(z))

    i, f, g, o = _blocks(x, h, Wx, Wh, b, 4)
    with np.errstate(all="ignore"):
        c_next = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(c_next), c_next


@mistake(
    "lstm_step_forward",
    "h_next and c_next are returned in the wrong order",
    hints=(
        "Which of your two results lies between -1 and 1?",
        "The result is (h_next, c_next), both (m, d): what is shown first, what is kept second.",
        "Exchange them in the return statement.",
    ),
)
def wrong_order(x, h, c, Wx, Wh, b):
    h_next, c_next = _lstm(*_blocks(x, h, Wx, Wh, b, 4), c)
    return c_next, h_next


@mistake(
    "lstm_step_forward",
    "the new cell is written into the caller's c",
    hints=(
        "Print c before and after the call.",
        "c *= f and c += i * g write into the array (m, d) that belongs to the caller.",
        "Build the new cell as an expression, which makes a new array.",
    ),
)
def writes_into_c(x, h, c, Wx, Wh, b):
    h_next, c[...] = _lstm(*_blocks(x, h, Wx, Wh, b, 4), c)
    return h_next, c


def _gru(r, z, x_n, h_n, h):
    """The step, from the gates and the two parts of the candidate."""
    return (1.0 - z) * np.tanh(x_n + r * h_n) + z * h


def _gates(x, h, Wx, Wh, b):
    """r, z and the two parts of the candidate."""
    x_r, x_z, x_n = np.split(x @ Wx + b, 3, axis=1)
    h_r, h_z, h_n = np.split(h @ Wh, 3, axis=1)
    return _sigmoid(x_r + h_r), _sigmoid(x_z + h_z), x_n, h_n


@mistake(
    "gru_step_forward",
    "z and 1 - z are exchanged",
    hints=(
        "With z = 1, should the state stay, or be replaced?",
        "h_next = (1 - z) · n + z · h, as in PyTorch and in the paper of 2014. Many pages have it the other way round.",
        "The gate z (m, d) multiplies the old state.",
    ),
)
def exchanges_z(x, h, Wx, Wh, b):
    r, z, x_n, h_n = _gates(x, h, Wx, Wh, b)
    return _gru(r, 1.0 - z, x_n, h_n, h)


@mistake(
    "gru_step_forward",
    "the reset gate acts on the state before the matrix product, instead of after it",
    hints=(
        "Is r · (h @ W) the same as (r · h) @ W?",
        "n = tanh(x @ Wx_n + r · (h @ Wh_n) + b_n). Both forms are in use, but not with the same weights.",
        "Multiply by the matrix first, by the gate (m, d) afterwards.",
    ),
)
def resets_before(x, h, Wx, Wh, b):
    r, z, x_n, _ = _gates(x, h, Wx, Wh, b)
    d = h.shape[1]
    return _gru(1.0, z, x_n, (r * h) @ Wh[:, 2 * d :], h)


@mistake(
    "gru_step_forward",
    "the reset gate is left out",
    hints=(
        "Set r to 0, with a large negative bias. Does the candidate still depend on h?",
        "n = tanh(x @ Wx_n + r · (h @ Wh_n) + b_n): r (m, d) decides how much of the state the candidate sees.",
        "Multiply what comes from the state by the first gate.",
    ),
)
def no_reset(x, h, Wx, Wh, b):
    _, z, x_n, h_n = _gates(x, h, Wx, Wh, b)
    return _gru(1.0, z, x_n, h_n, h)


@mistake(
    "gru_step_forward",
    "the reset gate multiplies the input and the bias of the candidate too",
    hints=(
        "With r = 0, is your candidate anything but 0?",
        "n = tanh(x @ Wx_n + r · (h @ Wh_n) + b_n): of the three terms, each (m, d), the gate acts on one.",
        "Mind the brackets: only what comes from the state is reset.",
    ),
)
def resets_all(x, h, Wx, Wh, b):
    r, z, x_n, h_n = _gates(x, h, Wx, Wh, b)
    return _gru(r, z, r * x_n, h_n, h)


@mistake(
    "gru_step_forward",
    "the reset gate multiplies the candidate's bias too, as PyTorch's second bias",
    hints=(
        "With r = 0, where has your b_n gone?",
        "PyTorch has b_hn inside r · (h @ W + b_hn), and b_in outside. Here the one b_n (d,) stands outside.",
        "Add the bias after the gate has done its work.",
    ),
)
def resets_bias(x, h, Wx, Wh, b):
    r, z, x_n, h_n = _gates(x, h, Wx, Wh, b)
    b_n = b[2 * h.shape[1] :]
    return _gru(r, z, x_n - b_n, h_n + b_n, h)


@mistake(
    "gru_step_forward",
    "the blocks are taken in the order z, r, n, that of Keras",
    hints=(
        "Which block of columns holds the gate that keeps the state?",
        "Wx (n, 3d), Wh (d, 3d) and b (3d,) have the blocks r, z, n.",
        "Exchange your first two blocks.",
    ),
)
def order_zrn(x, h, Wx, Wh, b):
    r, z, x_n, h_n = _gates(x, h, Wx, Wh, b)
    return _gru(z, r, x_n, h_n, h)


@mistake(
    "gru_step_forward",
    "the candidate goes through the sigmoid",
    hints=(
        "Can your candidate be negative?",
        "r and z are shares, from 0 to 1. The candidate n = tanh(...), of shape (m, d), is a state, from -1 to 1.",
        "The third block needs the other function.",
    ),
)
def gru_sigmoid_on_candidate(x, h, Wx, Wh, b):
    r, z, x_n, h_n = _gates(x, h, Wx, Wh, b)
    return (1.0 - z) * _sigmoid(x_n + r * h_n) + z * h


@mistake(
    "gru_step_forward",
    "the candidate replaces the state: the update gate is left out",
    hints=(
        "With z = 1 the state should stay as it is. What does yours do?",
        "h_next = (1 - z) · n + z · h, a mean of the candidate and the state, with shares of its own for every entry.",
        "One more line: mix the two, both (m, d), by the second gate.",
    ),
)
def no_update(x, h, Wx, Wh, b):
    r, _, x_n, h_n = _gates(x, h, Wx, Wh, b)
    return np.tanh(x_n + r * h_n)


@mistake(
    "gru_step_forward",
    "the whole candidate is added to what is kept, without the share 1 - z",
    hints=(
        "With z = 1 the state should stay as it is. What does yours do?",
        "h_next = (1 - z) · n + z · h: the two shares, both (m, d), add up to 1, so that h_next stays in (-1, 1).",
        "Weight the candidate by what z leaves.",
    ),
)
def adds_all(x, h, Wx, Wh, b):
    r, z, x_n, h_n = _gates(x, h, Wx, Wh, b)
    return np.tanh(x_n + r * h_n) + z * h


@mistake(
    "gru_step_forward",
    "Wx and Wh are exchanged",
    hints=(
        "Which of the two matrices has as many rows as x has columns?",
        "x (m, n) belongs to Wx (n, 3d), h (m, d) to Wh (d, 3d). Where n = d, an exchange raises no error.",
        "The input goes through the matrix of the input, the state through that of the state.",
    ),
)
def gru_exchanges_weights(x, h, Wx, Wh, b):
    r, z, x_n, h_n = _gates(x, h, Wh, Wx, b)
    return _gru(r, z, x_n, h_n, h)


@mistake(
    "gru_step_forward",
    "the new state is written into the caller's h",
    hints=(
        "Print h before and after the call.",
        "h *= z and h += (1 - z) * n write into the array (m, d) that belongs to the caller.",
        "Build the new state as an expression, which makes a new array.",
    ),
)
def writes_into_h(x, h, Wx, Wh, b):
    h[...] = _gru(*_gates(x, h, Wx, Wh, b), h)
    return h
