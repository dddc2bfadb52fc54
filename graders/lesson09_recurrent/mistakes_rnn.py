"""Wrong implementations of rnn.py, as students write them."""

import numpy as np
from nnedu.checking import mistake
from rnn import rnn_forward as _right_forward


@mistake(
    "rnn_step_forward",
    "Wx and Wh are exchanged",
    hints=(
        "Which shape has x, and which of the two matrices has as many rows as x has columns?",
        "x (m, n) belongs to Wx (n, d), h_prev (m, d) to Wh (d, d). Where n = d, an exchange raises no error.",
        "The input goes through the matrix of the input, the state through that of the state.",
    ),
)
def exchanges_weights(x, h_prev, Wx, Wh, b):
    return np.tanh(x @ Wh + h_prev @ Wx + b)


@mistake(
    "rnn_step_forward",
    "tanh is missing",
    hints=(
        "Between which two numbers should every entry of a state lie? Do yours?",
        "h = tanh(x @ Wx + h_prev @ Wh + b), entry by entry, of shape (m, d).",
        "Send the whole sum through one more function before you return it.",
    ),
)
def no_tanh(x, h_prev, Wx, Wh, b):
    return x @ Wx + h_prev @ Wh + b


@mistake(
    "rnn_step_forward",
    "the bias is added twice, once with each product",
    hints=(
        "Let x and h_prev be 0. What should h be, and what is yours?",
        "PyTorch has two biases, b_ih and b_hh, which only ever act as their sum. Here there is one, b (d,).",
        "Add b to the sum of the two products, once.",
    ),
)
def bias_twice(x, h_prev, Wx, Wh, b):
    return np.tanh((x @ Wx + b) + (h_prev @ Wh + b))


@mistake(
    "rnn_step_forward",
    "there is no bias",
    hints=(
        "Let x and h_prev be 0. What should h be, and what is yours?",
        "Three terms stand in the brackets of tanh: x @ Wx and h_prev @ Wh, both (m, d), and b (d,).",
        "Add b to the two products; numpy repeats it for every row.",
    ),
)
def no_bias(x, h_prev, Wx, Wh, b):
    return np.tanh(x @ Wx + h_prev @ Wh)


@mistake(
    "rnn_step_forward",
    "the state before is not used: there is no memory",
    hints=(
        "Change h_prev. Does your result change?",
        "h = tanh(x @ Wx + h_prev @ Wh + b). The second product is all that a network knows of earlier steps.",
        "Add what Wh makes of the state before.",
    ),
)
def forgets_h_prev(x, h_prev, Wx, Wh, b):
    return np.tanh(x @ Wx + b)


@mistake(
    "rnn_step_forward",
    "the sigmoid stands where tanh should",
    hints=(
        "Can a state of yours be negative?",
        "tanh maps to (-1, 1) and keeps 0 at 0; the sigmoid maps to (0, 1), and 0 to one half.",
        "Take numpy's hyperbolic tangent of the sum.",
    ),
)
def sigmoid_instead(x, h_prev, Wx, Wh, b):
    return 1.0 / (1.0 + np.exp(-(x @ Wx + h_prev @ Wh + b)))


@mistake(
    "rnn_step_forward",
    "the weights are transposed, as where samples are columns",
    hints=(
        "Are the sequences of a batch the rows of x, or its columns?",
        "Rows: x (m, n) @ Wx (n, d). Wx.T belongs to samples that are columns. Where n = d, it raises no error.",
        "Multiply by the matrices as they come, from the right.",
    ),
)
def transposes_weights(x, h_prev, Wx, Wh, b):
    return np.tanh(x @ Wx.T + h_prev @ Wh.T + b)


@mistake(
    "rnn_step_forward",
    "Wh alone is transposed",
    hints=(
        "Wh is square, so no shape complains. Does row or column p of it belong to entry p of the old state?",
        "z[i, q] = Σ_p x[i, p] Wx[p, q] + Σ_p h_prev[i, p] Wh[p, q] + b[q]: both matrices are used in the same way.",
        "Multiply the state by Wh as it comes, from the right.",
    ),
)
def transposes_Wh(x, h_prev, Wx, Wh, b):
    return np.tanh(x @ Wx + h_prev @ Wh.T + b)


@mistake(
    "rnn_step_forward",
    "the new state is written into the caller's h_prev",
    hints=(
        "Print h_prev before and after the call.",
        "h_prev[...] = and out=h_prev write into the array (m, d) that belongs to the caller, who needs it backward.",
        "Return a new array.",
    ),
)
def writes_into_h_prev(x, h_prev, Wx, Wh, b):
    h_prev[...] = np.tanh(x @ Wx + h_prev @ Wh + b)
    return h_prev


@mistake(
    "rnn_forward",
    "every step starts from h0 again",
    hints=(
        "Change the first input. Does your last state change?",
        "h_t comes from x_t and h_{t-1}, of shape (m, d). Only the first step sees h0.",
        "Keep the state that a step returns in a variable, and give that to the next one.",
    ),
)
def always_h0(X, h0, Wx, Wh, b):
    return np.stack([np.tanh(X[:, t] @ Wx + h0 @ Wh + b) for t in range(X.shape[1])], axis=1)


@mistake(
    "rnn_forward",
    "the loop runs over the sequences, as if the first axis of X were time",
    hints=(
        "What is X[0]: the first step of all sequences, or all steps of the first sequence?",
        "X is (m, T, n), batch first. Step t of all sequences is an array (m, n).",
        "Count to the length of the second axis, and take every sequence at that step.",
    ),
)
def time_first(X, h0, Wx, Wh, b):
    return np.moveaxis(_right_forward(np.moveaxis(X, 1, 0), h0, Wx, Wh, b), 0, 1)


@mistake(
    "rnn_forward",
    "the states are stacked with time first",
    hints=(
        "Which shape has your result for 7 sequences, 6 steps and 4 states?",
        "T arrays (m, d) should become one of shape (m, T, d). np.array and np.stack put the new axis first.",
        "Tell np.stack on which axis the steps should lie.",
    ),
)
def stacked_time_first(X, h0, Wx, Wh, b):
    return np.ascontiguousarray(np.moveaxis(_right_forward(X, h0, Wx, Wh, b), 1, 0))


@mistake(
    "rnn_forward",
    "all steps show the last state, since one array was stored T times and written over",
    hints=(
        "Compare H[:, 0] with H[:, 1].",
        "h[...] = changes the array (m, d) that the list already holds; T references to one array are no history.",
        "Let every step make an array of its own, or copy it when you store it.",
    ),
)
def one_array(X, h0, Wx, Wh, b):
    h, states = h0.copy(), []
    for t in range(X.shape[1]):
        h[...] = np.tanh(X[:, t] @ Wx + h @ Wh + b)
        states.append(h)
    return np.stack(states, axis=1)


@mistake(
    "rnn_forward",
    "the state before each step is stored, instead of the one after it",
    hints=(
        "What is your H[:, 0]: h_0 or h_1?",
        "H (m, T, d) holds h_1, ..., h_T. The first of them has seen x_1, and h0 is not in it.",
        "Store the state after it has been renewed.",
    ),
)
def one_late(X, h0, Wx, Wh, b):
    return np.concatenate([h0[:, None], _right_forward(X, h0, Wx, Wh, b)[:, :-1]], axis=1)


@mistake(
    "rnn_forward",
    "h0 is among the states that are returned",
    hints=(
        "How many states does your result have for T = 6?",
        "H is (m, T, d): one state for each input, h_1, ..., h_T.",
        "Begin the list without h0.",
    ),
)
def with_h0(X, h0, Wx, Wh, b):
    return np.concatenate([h0[:, None], _right_forward(X, h0, Wx, Wh, b)], axis=1)


@mistake(
    "rnn_forward",
    "only the last state is returned",
    hints=(
        "Which shape has your result for 7 sequences, 6 steps and 4 states?",
        "H is (m, T, d), since a loss may look at every step, and since rnn_backward needs every h_t.",
        "Collect the states while you go, and return all of them.",
    ),
)
def last_only(X, h0, Wx, Wh, b):
    return _right_forward(X, h0, Wx, Wh, b)[:, -1]


@mistake(
    "rnn_forward",
    "the sequences are read backwards",
    hints=(
        "Change the last input. Does your first state change?",
        "h_1 comes from x_1 and h0, h_2 from x_2 and h_1, and so on. Forward, t grows.",
        "Let the loop begin at the first step.",
    ),
)
def reads_backwards(X, h0, Wx, Wh, b):
    return _right_forward(X[:, ::-1], h0, Wx, Wh, b)[:, ::-1].copy()


@mistake(
    "rnn_forward",
    "h0 is taken for zeros",
    hints=(
        "Change h0. Does your first state change?",
        "h_1 = tanh(x_1 @ Wx + h0 @ Wh + b) with h0 (m, d), whatever it holds.",
        "Begin with the state that is passed in.",
    ),
)
def zero_start(X, h0, Wx, Wh, b):
    return _right_forward(X, np.zeros_like(h0), Wx, Wh, b)


@mistake(
    "rnn_forward",
    "the states are written into the caller's h0",
    hints=(
        "Print h0 before and after the call.",
        "h = h0 makes no copy: h[...] = then writes into the caller's array (m, d).",
        "Let every step make a new array.",
    ),
)
def writes_into_h0(X, h0, Wx, Wh, b):
    H = _right_forward(X, h0, Wx, Wh, b)
    h0[...] = H[:, -1]
    return H


def _walk(dH, h0, H, Wh, *, dh_next=True, slope=lambda h: 1.0 - h**2, back=lambda dz, Wh: dz @ Wh.T, last=False):
    """The backward loop with one thing left to go wrong: dZ (m, T, d) and dh0."""
    dZ, arriving = np.zeros(H.shape), np.zeros(h0.shape)
    for t in reversed(range(H.shape[1])):
        own = dH[:, t] if not last or t == H.shape[1] - 1 else 0.0
        dZ[:, t] = (own + (arriving if dh_next else 0.0)) * slope(H[:, t])
        arriving = back(dZ[:, t], Wh)
    return dZ, arriving


def _before(h0, H):
    return np.concatenate([h0[:, None], H[:, :-1]], axis=1)


def _sums(dZ, X, H_prev):
    dWx, dWh = (np.einsum("mtp,mtq->pq", entered, dZ) for entered in (X, H_prev))
    return dWx, dWh, dZ.sum(axis=(0, 1))


@mistake(
    "rnn_backward",
    "what comes back from the next step is left out, so that every step hears of its own loss only",
    hints=(
        "Change only the last step's loss. Does dX of the first step react?",
        "h_t influences its own output and h_{t+1}: dh_t = dH_t + dz_{t+1} @ Wh.T, both of shape (m, d).",
        "Going backwards, add the gradient that arrives from the step after before you apply the slope of tanh.",
    ),
)
def no_future(dH, X, h0, H, Wx, Wh):
    dZ, dh0 = _walk(dH, h0, H, Wh, dh_next=False)
    return dZ @ Wx.T, dh0, *_sums(dZ, X, _before(h0, H))


@mistake(
    "rnn_backward",
    "the gradients of the weights are overwritten in each step instead of added up",
    hints=(
        "How many steps use the same Wx? How many of them does your dWx remember?",
        "The weights are shared in time: dWx (n, d), dWh (d, d) and db (d,) are sums over all T steps.",
        "Start the three at zero before the loop, and let each step add its share.",
    ),
)
def overwrites(dH, X, h0, H, Wx, Wh):
    dZ, dh0 = _walk(dH, h0, H, Wh)
    return dZ @ Wx.T, dh0, X[:, 0].T @ dZ[:, 0], h0.T @ dZ[:, 0], dZ[:, 0].sum(axis=0)


@mistake(
    "rnn_backward",
    "the slope of tanh is taken at h, which is a tanh already",
    hints=(
        "H holds values of tanh. What is the slope of tanh, written with its value?",
        "h = tanh(z) has dh/dz = 1 - tanh(z)² = 1 - h². The argument z is not needed, and not given.",
        "One square is all: no tanh occurs in the backward pass.",
    ),
)
def tanh_of_h(dH, X, h0, H, Wx, Wh):
    dZ, dh0 = _walk(dH, h0, H, Wh, slope=lambda h: 1.0 - np.tanh(h) ** 2)
    return dZ @ Wx.T, dh0, *_sums(dZ, X, _before(h0, H))


@mistake(
    "rnn_backward",
    "the slope of tanh is missing",
    hints=(
        "Where a state is nearly 1, what does a small change of its argument do?",
        "dz_t = dh_t · (1 - h_t²), entry by entry, all of shape (m, d).",
        "Multiply what has arrived by the slope at that step, before it goes on to x, to h and to the weights.",
    ),
)
def no_slope(dH, X, h0, H, Wx, Wh):
    dZ, dh0 = _walk(dH, h0, H, Wh, slope=np.ones_like)
    return dZ @ Wx.T, dh0, *_sums(dZ, X, _before(h0, H))


@mistake(
    "rnn_backward",
    "dWh is made with the state after each step instead of the one before it",
    hints=(
        "dWh alone is wrong. Which state was multiplied by Wh in step t?",
        "z_t = x_t @ Wx + h_{t-1} @ Wh + b, so dWh (d, d) collects h_{t-1}.T @ dz_t.",
        "Shift the states by one step, with h0 as the first.",
    ),
)
def uses_h_t(dH, X, h0, H, Wx, Wh):
    dZ, dh0 = _walk(dH, h0, H, Wh)
    return dZ @ Wx.T, dh0, *_sums(dZ, X, H)


@mistake(
    "rnn_backward",
    "h0 is taken for zeros, so that the first step adds nothing to dWh",
    hints=(
        "dWh alone is wrong. Try it with T = 1: what is left of your dWh?",
        "dWh = Σ h_{t-1}.T @ dz_t begins with h0.T @ dz_1, and h0 (m, d) need not be zero.",
        "In the first step the state before is h0.",
    ),
)
def zero_h0(dH, X, h0, H, Wx, Wh):
    dZ, dh0 = _walk(dH, h0, H, Wh)
    return dZ @ Wx.T, dh0, *_sums(dZ, X, _before(np.zeros_like(h0), H))


@mistake(
    "rnn_backward",
    "the last state stands where h0 should, since index -1 was used at the first step",
    hints=(
        "In the first step, what is H[:, t - 1]?",
        "At index 0 the state before is h0; -1 is no step before the first, but the last of all.",
        "Treat the first step on its own, or put h0 in front of the states.",
    ),
)
def wraps_around(dH, X, h0, H, Wx, Wh):
    dZ, dh0 = _walk(dH, h0, H, Wh)
    return dZ @ Wx.T, dh0, *_sums(dZ, X, np.roll(H, 1, axis=1))


@mistake(
    "rnn_backward",
    "Wh is not transposed on the way back",
    hints=(
        "Wh is square, so no shape complains. Through which of its axes does the gradient come back?",
        "Forward h[i, p] reaches z[i, q] through Wh[p, q]. Backward Σ_q dz[i, q] Wh[p, q] is wanted, of shape (m, d).",
        "As in any linear layer, the gradient comes back through the transposed matrix.",
    ),
)
def not_transposed(dH, X, h0, H, Wx, Wh):
    dZ, dh0 = _walk(dH, h0, H, Wh, back=lambda dz, Wh: dz @ Wh)
    return dZ @ Wx.T, dh0, *_sums(dZ, X, _before(h0, H))


@mistake(
    "rnn_backward",
    "Wx is not transposed on the way back",
    hints=(
        "Which shape has dX, and which one has dz_t @ Wx?",
        "Forward x (m, n) @ Wx (n, d). Backward dz_t (m, d) has to become dx_t (m, n).",
        "As in any linear layer, the gradient comes back through the transposed matrix.",
    ),
)
def Wx_not_transposed(dH, X, h0, H, Wx, Wh):
    dZ, dh0 = _walk(dH, h0, H, Wh)
    return dZ @ Wx, dh0, *_sums(dZ, X, _before(h0, H))


@mistake(
    "rnn_backward",
    "the loop runs forwards in time",
    hints=(
        "In which order were the states made, and which of them knows the loss first?",
        "dh_t needs dz_{t+1} (m, d): the last step comes first, the first one last.",
        "Let the loop count down from T - 1 to 0.",
    ),
)
def loops_forward(dH, X, h0, H, Wx, Wh):
    dZ, dh = _walk(dH[:, ::-1], h0, H[:, ::-1], Wh)
    dZ = dZ[:, ::-1]
    return dZ @ Wx.T, dh, *_sums(dZ, X, _before(h0, H))


@mistake(
    "rnn_backward",
    "only the gradient of the last state is used",
    hints=(
        "How many steps does the loss look at? Set dH to zero but for its first step: what do you return?",
        "dH (m, T, d) has a part for every step, and each h_t gets its own: dh_t = dH_t + what comes from h_{t+1}.",
        "Add dH at step t in every turn of the loop, not only before it.",
    ),
)
def last_dH(dH, X, h0, H, Wx, Wh):
    dZ, dh0 = _walk(dH, h0, H, Wh, last=True)
    return dZ @ Wx.T, dh0, *_sums(dZ, X, _before(h0, H))


@mistake(
    "rnn_backward",
    "what comes back from the next step does not pass through the slope of tanh",
    hints=(
        "Both parts of dh_t arrive at the same place. What lies between that place and z_t?",
        "dz_t = (dH_t + dz_{t+1} @ Wh.T) · (1 - h_t²): the slope belongs to the sum, of shape (m, d).",
        "Mind the brackets: add first, then multiply.",
    ),
)
def slope_of_own_part(dH, X, h0, H, Wx, Wh):
    dZ, dh_next = np.empty(H.shape), np.zeros(h0.shape)
    for t in reversed(range(H.shape[1])):
        dZ[:, t] = dH[:, t] * (1.0 - H[:, t] ** 2) + dh_next
        dh_next = dZ[:, t] @ Wh.T
    return dZ @ Wx.T, dh_next, *_sums(dZ, X, _before(h0, H))


@mistake(
    "rnn_backward",
    "dh0 is dz_1, which has not come back through Wh yet",
    hints=(
        "dh0 alone is wrong. What stands between h0 and z_1?",
        "z_1 = x_1 @ Wx + h0 @ Wh + b, so dh0 (m, d) is dz_1 sent back through Wh.",
        "It is what would be handed on to a step before the first.",
    ),
)
def stops_at_dz(dH, X, h0, H, Wx, Wh):
    dZ, _ = _walk(dH, h0, H, Wh)
    return dZ @ Wx.T, dZ[:, 0].copy(), *_sums(dZ, X, _before(h0, H))


@mistake(
    "rnn_backward",
    "dh0 is zero: nothing is handed on to the state before the first step",
    hints=(
        "Is h0 an input like others? What if an encoder has made it, and wants to learn?",
        "dh0 = dz_1 @ Wh.T, of shape (m, d).",
        "It is what your loop has left over after its last turn.",
    ),
)
def zero_dh0(dH, X, h0, H, Wx, Wh):
    dZ, _ = _walk(dH, h0, H, Wh)
    return dZ @ Wx.T, np.zeros_like(h0), *_sums(dZ, X, _before(h0, H))


@mistake(
    "rnn_backward",
    "the gradients of the weights are divided by the number of steps",
    hints=(
        "Who divides by anything here: the loss, or its gradient?",
        "Three steps that use a weight make three terms of a sum: dWx = Σ x_t.T @ dz_t, of shape (n, d).",
        "Take the division by T out. Whether the loss is a mean over steps is known to dH already.",
    ),
)
def mean_over_steps(dH, X, h0, H, Wx, Wh):
    dZ, dh0 = _walk(dH, h0, H, Wh)
    return dZ @ Wx.T, dh0, *(one / H.shape[1] for one in _sums(dZ, X, _before(h0, H)))


@mistake(
    "rnn_backward",
    "the gradients of the weights are divided by the number of sequences",
    hints=(
        "Who divides by m in this course: the loss, or every layer?",
        "dH (m, T, d) belongs to the mean loss already. dWx (n, d), dWh (d, d) and db (d,) are sums over all rows.",
        "Take the division by m out of this function.",
    ),
)
def mean_over_batch(dH, X, h0, H, Wx, Wh):
    dZ, dh0 = _walk(dH, h0, H, Wh)
    return dZ @ Wx.T, dh0, *(one / len(H) for one in _sums(dZ, X, _before(h0, H)))


@mistake(
    "rnn_backward",
    "the gradients that come back are added into the caller's dH",
    hints=(
        "Print dH before and after the call, and call your function twice.",
        "dH[:, t - 1] += writes into the array (m, T, d) that belongs to the caller.",
        "Keep what comes back in an array of your own.",
    ),
)
def writes_into_dH(dH, X, h0, H, Wx, Wh):
    dZ, dh0 = _walk(dH, h0, H, Wh)
    for t in range(H.shape[1] - 1):
        dH[:, t] += dZ[:, t + 1] @ Wh.T
    return dZ @ Wx.T, dh0, *_sums(dZ, X, _before(h0, H))
