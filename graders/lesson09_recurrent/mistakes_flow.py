"""Wrong implementations of flow.py, as students write them."""

import numpy as np
from nnedu.checking import mistake


def _slopes(Wh, X, h0, Wx, b, activation):
    """The slope of the activation at each step, (m, d)."""
    if activation not in {"tanh", "linear"}:
        raise ValueError(f"unknown activation {activation!r}")
    h, slopes = h0, []
    for t in range(X.shape[1]):
        z = X[:, t] @ Wx + h @ Wh + b
        h = np.tanh(z) if activation == "tanh" else z
        slopes.append(1.0 - h**2 if activation == "tanh" else np.ones(h.shape))
    return slopes


def _steps(Wh, slopes):
    """A_t, (m, d, d), for each step."""
    return [Wh * slope[:, None, :] for slope in slopes]


def _size(jacobians):
    return float(np.mean(np.linalg.norm(jacobians, ord=2, axis=(-2, -1))))


def _back(steps, size=_size, join=lambda step, later: step @ later):
    """The size of the product of all later steps, for each step."""
    product, norms = np.broadcast_to(np.eye(steps[0].shape[-1]), steps[0].shape), []
    for step in reversed(steps):
        norms.append(size(product))
        product = join(step, product)
    return np.array(norms[::-1])


@mistake(
    "bptt_norms",
    "the factors are multiplied in the wrong order",
    hints=(
        "Which step does a change of h_t pass through first?",
        "A row is multiplied from the right: δh_T = δh_t @ A_{t+1} @ ... @ A_T, each A (d, d), and no two commute.",
        "Going back in time, the earlier factor has to come in on the left.",
    ),
)
def wrong_side(Wh, X, h0, Wx, b, activation="tanh"):
    return _back(_steps(Wh, _slopes(Wh, X, h0, Wx, b, activation)), join=lambda step, later: later @ step)


@mistake(
    "bptt_norms",
    "the slope stands on the wrong side of Wh",
    hints=(
        "A change of h_{t-1} first goes through Wh, then through the slope at step t. Where does yours go first?",
        "A_t = Wh @ diag(φ'_t): column q of Wh (d, d) is multiplied by the slope of unit q of the new state.",
        "Let the slopes (m, d) run along the columns of Wh, not along its rows.",
    ),
)
def slope_first(Wh, X, h0, Wx, b, activation="tanh"):
    return _back([slope[:, :, None] * Wh for slope in _slopes(Wh, X, h0, Wx, b, activation)])


@mistake(
    "bptt_norms",
    "the slope of tanh is left out",
    hints=(
        "Where a unit is saturated, what does a change of its argument do to it?",
        "A_t = Wh @ diag(1 - h_t²) for tanh. Without the slope, of shape (m, d), the inputs would not matter at all.",
        "Run forward first, keep the slope of every step, and bring it into each factor.",
    ),
)
def no_slope(Wh, X, h0, Wx, b, activation="tanh"):
    return _back(_steps(Wh, [np.ones_like(one) for one in _slopes(Wh, X, h0, Wx, b, activation)]))


@mistake(
    "bptt_norms",
    "powers of the norm of Wh are returned, which are a bound and not the value",
    hints=(
        "For Wh = [[0, 2], [0.5, 0]], what is Wh @ Wh, and what is the square of its norm?",
        "‖A @ B‖ ≤ ‖A‖ · ‖B‖, and mostly it is less. The states h_t (m, d) come in through the slopes, too.",
        "Multiply the matrices themselves, and take the norm of the product.",
    ),
)
def powers_of_the_norm(Wh, X, h0, Wx, b, activation="tanh"):
    _slopes(Wh, X, h0, Wx, b, activation)
    return np.linalg.norm(Wh, 2) ** np.arange(X.shape[1] - 1.0, -1.0, -1.0)


@mistake(
    "bptt_norms",
    "the norms of the single steps are multiplied, which is a bound and not the value",
    hints=(
        "For Wh = [[0, 2], [0.5, 0]], what is Wh @ Wh, and what is the square of its norm?",
        "‖A @ B‖ ≤ ‖A‖ · ‖B‖ for matrices (d, d), and mostly it is less.",
        "Multiply the matrices themselves, and take the norm of the product.",
    ),
)
def product_of_norms(Wh, X, h0, Wx, b, activation="tanh"):
    norms = np.ones((X.shape[1], len(X)))
    sizes = [np.linalg.norm(one, 2, axis=(1, 2)) for one in _steps(Wh, _slopes(Wh, X, h0, Wx, b, activation))]
    for t in range(X.shape[1] - 2, -1, -1):
        norms[t] = norms[t + 1] * sizes[t + 1]
    return norms.mean(axis=1)


@mistake(
    "bptt_norms",
    "the Frobenius norm is taken, which is numpy's default for matrices",
    hints=(
        "What is the norm of the identity, in your measure and in the one that is asked for?",
        "The 2-norm of a matrix (d, d) is its largest singular value. np.linalg.norm(A) is the root of Σ A[p, q]².",
        "Tell np.linalg.norm which norm is meant.",
    ),
)
def frobenius(Wh, X, h0, Wx, b, activation="tanh"):
    def size(jacobians):
        return float(np.mean(np.linalg.norm(jacobians, axis=(1, 2))))

    return _back(_steps(Wh, _slopes(Wh, X, h0, Wx, b, activation)), size)


@mistake(
    "bptt_norms",
    "the largest eigenvalue is taken instead of the largest singular value",
    hints=(
        "For Wh = [[0, 2], [0.5, 0]], by how much can Wh stretch a vector? What are its eigenvalues?",
        "The 2-norm of a matrix (d, d) is its largest singular value. The spectral radius never is larger.",
        "np.linalg.norm knows the 2-norm of a matrix.",
    ),
)
def spectral_radius(Wh, X, h0, Wx, b, activation="tanh"):
    def size(jacobians):
        return float(np.mean(np.abs(np.linalg.eigvals(jacobians)).max(axis=1)))

    return _back(_steps(Wh, _slopes(Wh, X, h0, Wx, b, activation)), size)


@mistake(
    "bptt_norms",
    "the Jacobians are averaged over the sequences, and then the norm is taken",
    hints=(
        "Two sequences whose Jacobians are J and -J: what should come out, and what do you get?",
        "Each sequence has a Jacobian (d, d) of its own, and a norm. The result is the mean of m norms.",
        "Exchange mean and norm.",
    ),
)
def norm_of_the_mean(Wh, X, h0, Wx, b, activation="tanh"):
    def size(jacobians):
        return float(np.linalg.norm(jacobians.mean(axis=0), 2))

    return _back(_steps(Wh, _slopes(Wh, X, h0, Wx, b, activation)), size)


@mistake(
    "bptt_norms",
    "the norms are added up over the sequences instead of averaged",
    hints=(
        "What is the last of your norms? What should it be, whatever m is?",
        "Each of the T numbers is a mean over the m sequences. ∂h_T/∂h_T is the identity (d, d), of norm 1.",
        "Divide by the number of sequences.",
    ),
)
def sum_of_norms(Wh, X, h0, Wx, b, activation="tanh"):
    return len(X) * _back(_steps(Wh, _slopes(Wh, X, h0, Wx, b, activation)))


@mistake(
    "bptt_norms",
    "only the first sequence is looked at",
    hints=(
        "Change the last sequence of X. Does your result change?",
        "Each of the m sequences has states, slopes and a Jacobian (d, d) of its own. The result is a mean over all m.",
        "Measure every sequence, and take the mean of their norms.",
    ),
)
def first_sequence(Wh, X, h0, Wx, b, activation="tanh"):
    return _back(_steps(Wh, [one[:1] for one in _slopes(Wh, X, h0, Wx, b, activation)]))


@mistake(
    "bptt_norms",
    "the list is turned over: the last state comes first",
    hints=(
        "To which state does your first number belong?",
        "Index t belongs to H[:, t], so that the first of the T numbers is the farthest away, and the last one is 1.",
        "You have gone back in time; turn the result over before you return it.",
    ),
)
def turned_over(Wh, X, h0, Wx, b, activation="tanh"):
    return _back(_steps(Wh, _slopes(Wh, X, h0, Wx, b, activation)))[::-1].copy()


@mistake(
    "bptt_norms",
    "the numbers are one step off: they belong to h_0, ..., h_{T-1}",
    hints=(
        "What is your last number? How strongly does the last state depend on itself?",
        "Index t belongs to H[:, t], which is h_{t+1}; the last of the T numbers is ∂h_T/∂h_T, of norm 1. h0 has none.",
        "Record the norm before the factor of this step comes in, not after.",
    ),
)
def one_step_off(Wh, X, h0, Wx, b, activation="tanh"):
    steps = _steps(Wh, _slopes(Wh, X, h0, Wx, b, activation))
    product, norms = np.eye(len(Wh)), []
    for step in reversed(steps):
        product = step @ product
        norms.append(_size(product))
    return np.array(norms[::-1])


@mistake(
    "bptt_norms",
    "each factor has the slope of the step before its own",
    hints=(
        "Which state's slope stands between h_{t-1} and h_t?",
        "h_t = tanh(z_t) and z_t contains h_{t-1} @ Wh, so A_t (d, d) has the slope 1 - h_t², not 1 - h_{t-1}².",
        "The factor that leads to the last state has the slope of the last state.",
    ),
)
def slope_one_early(Wh, X, h0, Wx, b, activation="tanh"):
    slopes = _slopes(Wh, X, h0, Wx, b, activation)
    return _back(_steps(Wh, [slopes[0], *slopes[:-1]]))


@mistake(
    "bptt_norms",
    "the network is run with tanh, whatever `activation` says",
    hints=(
        "Do your two activations give different numbers?",
        'For "linear" the state is the sum itself, (m, d), and every slope is 1.',
        "Ask `activation` in the forward loop, for the state as well as for its slope.",
    ),
)
def always_tanh(Wh, X, h0, Wx, b, activation="tanh"):
    _slopes(Wh, X, h0, Wx, b, activation)
    return _back(_steps(Wh, _slopes(Wh, X, h0, Wx, b, "tanh")))


@mistake(
    "bptt_norms",
    "any name but tanh is taken for linear",
    hints=(
        'What does your function do with "relu"?',
        "Two names are known; for any other a ValueError is wanted, rather than T numbers that mean something else.",
        "Test `activation` before the first step.",
    ),
)
def takes_any_name(Wh, X, h0, Wx, b, activation="tanh"):
    return _back(_steps(Wh, _slopes(Wh, X, h0, Wx, b, "tanh" if activation == "tanh" else "linear")))


@mistake(
    "bptt_norms",
    "the states are written into the caller's h0",
    hints=(
        "Print h0 before and after the call.",
        "h = h0 makes no copy: h[...] = then writes into the caller's array (m, d).",
        "Let every step make a new array.",
    ),
)
def writes_into_h0(Wh, X, h0, Wx, b, activation="tanh"):
    slopes = _slopes(Wh, X, h0, Wx, b, activation)
    h0[...] = 1.0 - slopes[-1]
    return _back(_steps(Wh, slopes))
