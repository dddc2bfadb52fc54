"""Wrong implementations of flow.py, as students write them."""

import numpy as np
from nnedu.checking import mistake


def _sigmoid(z):
    return 0.5 + 0.5 * np.tanh(z / 2.0)


def _slope(Z, activation):
    return np.where(Z > 0.0, 1.0, 0.0) if activation == "relu" else _sigmoid(Z) * (1.0 - _sigmoid(Z))


def _scale(d, activation, init):
    scales = {"small": 0.01, "xavier": np.sqrt(1.0 / d), "he": np.sqrt(2.0 / d)}
    if activation not in {"sigmoid", "relu"} or init not in scales:
        raise ValueError("unknown name")
    return scales[init]


def _layers(X, depth, activation, scale, rng):
    """A_{l-1}, W_l, Z_l and A_l of each layer."""
    layers = []
    for _ in range(depth):
        W = rng.normal(0.0, scale, (X.shape[1], X.shape[1]))
        Z = X @ W
        A = np.maximum(Z, 0.0) if activation == "relu" else _sigmoid(Z)
        layers.append((X, W, Z, A))
        X = A
    return layers


def _back(layers, dA, slope, gradient=lambda A_prev, dZ, dA: A_prev.T @ dZ, pull=lambda dZ, W: dZ @ W.T):
    norms = []
    for layer in reversed(layers):
        dZ = dA * slope(layer)
        norms.append(np.linalg.norm(gradient(layer[0], dZ, dA)))
        dA = pull(dZ, layer[1])
    return np.array(norms[::-1])


def _network(X, depth, activation, init, rng):
    return _layers(X, depth, activation, _scale(X.shape[1], activation, init), rng)


def _right(activation):
    return lambda layer: _slope(layer[2], activation)


@mistake(
    "gradient_norms",
    "the norms come in reverse: the last layer first",
    hints=(
        "With sigmoids, which layer gets least? Where does it stand in your result?",
        "Index l - 1 belongs to W_l, so the first of the numbers, of shape (depth,), is next to the input.",
        "You have gone back through the layers; turn the result over.",
    ),
)
def turned_over(X, dA, depth, activation, init, rng):
    layers = _network(X, depth, activation, init, rng)
    return _back(layers, dA, _right(activation))[::-1].copy()


@mistake(
    "gradient_norms",
    "the sizes of the activations are measured, and not those of gradients",
    hints=(
        "Which way does what you measure flow: from X, or from dA? Double dA and look.",
        "∂L/∂W_l = A_{l-1}.T @ dZ_l, of shape (d, d), and its norm. Activations are half of it.",
        "Add the way back: from dA to the first layer.",
    ),
)
def measures_activations(X, dA, depth, activation, init, rng):
    return np.array([np.linalg.norm(A) for *_, A in _network(X, depth, activation, init, rng)])


@mistake(
    "gradient_norms",
    "the gradients of the activations are measured, and not those of the weights",
    hints=(
        "Has the array whose norm you take the shape of a batch, or that of W_l?",
        "∂L/∂W_l = A_{l-1}.T @ dZ_l has the shape (d, d); dA_{l-1}, of shape (m, d), only goes on to the layer below.",
        "Take the norm of the product with the layer's input.",
    ),
)
def of_the_activations(X, dA, depth, activation, init, rng):
    layers = _network(X, depth, activation, init, rng)
    return _back(layers, dA, _right(activation), gradient=lambda A_prev, dZ, dA: dA)


@mistake(
    "gradient_norms",
    "the gradients of the pre-activations are measured, and not those of the weights",
    hints=(
        "Has the array whose norm you take the shape of a batch, or that of W_l?",
        "∂L/∂W_l = A_{l-1}.T @ dZ_l has the shape (d, d); dZ_l itself has (m, d).",
        "Take the norm of the product with the layer's input.",
    ),
)
def of_the_preactivations(X, dA, depth, activation, init, rng):
    layers = _network(X, depth, activation, init, rng)
    return _back(layers, dA, _right(activation), gradient=lambda A_prev, dZ, dA: dZ)


@mistake(
    "gradient_norms",
    "the slope of the activation is left out",
    hints=(
        "What is the slope of a sigmoid at most? Where does it come into your product?",
        "dZ_l = dA_l · φ'(Z_l), entry by entry, (m, d), before anything is multiplied by a matrix.",
        "Keep Z of every layer on the way forward, and multiply by the slope there on the way back.",
    ),
)
def no_slope(X, dA, depth, activation, init, rng):
    return _back(_network(X, depth, activation, init, rng), dA, lambda layer: 1.0)


@mistake(
    "gradient_norms",
    "the last layer is taken to have no activation",
    hints=(
        "dA is the gradient at A_depth. What lies between A_depth and Z_depth?",
        "φ follows every layer here, the last one too: dZ_depth = dA · φ'(Z_depth), of shape (m, d).",
        "Treat the last layer like all others.",
    ),
)
def linear_output(X, dA, depth, activation, init, rng):
    layers = _network(X, depth, activation, init, rng)
    return _back(layers, dA, lambda layer: 1.0 if layer is layers[-1] else _slope(layer[2], activation))


@mistake(
    "gradient_norms",
    "the slope is taken at the activation instead of at Z",
    hints=(
        "Is the number that you put into φ' a Z or an A?",
        "σ'(z) = σ(z) (1 - σ(z)). With a = σ(z) already at hand it is a (1 - a), and not σ(a) (1 - σ(a)).",
        "Take the slope at Z (m, d).",
    ),
)
def slope_at_the_activation(X, dA, depth, activation, init, rng):
    return _back(_network(X, depth, activation, init, rng), dA, lambda layer: _slope(layer[3], activation))


@mistake(
    "gradient_norms",
    "W is not transposed on the way back",
    hints=(
        "d units in, d units out: no shape complains. Which of W's indices belongs to the input?",
        "Z = A_prev @ W, so dA_prev = dZ @ W.T, with (m, d) on both sides.",
        "Transpose.",
    ),
)
def not_transposed(X, dA, depth, activation, init, rng):
    layers = _network(X, depth, activation, init, rng)
    return _back(layers, dA, _right(activation), pull=lambda dZ, W: dZ @ W)


@mistake(
    "gradient_norms",
    "the gradients are divided by the number of samples",
    hints=(
        "Who divides by m in this course: the loss, or every layer?",
        "dA already is the gradient of the loss. ∂L/∂W_l = A_{l-1}.T @ dZ_l, (d, d), adds up the samples.",
        "Take the division out.",
    ),
)
def divides_by_m(X, dA, depth, activation, init, rng):
    return _back(_network(X, depth, activation, init, rng), dA, _right(activation)) / len(X)


@mistake(
    "gradient_norms",
    "the squares of the norms are returned",
    hints=(
        "What happens to your numbers where dA is doubled?",
        "The norm of ∂L/∂W_l (d, d) is the root of the sum of its squared entries.",
        "Take the root.",
    ),
)
def squared(X, dA, depth, activation, init, rng):
    return _back(_network(X, depth, activation, init, rng), dA, _right(activation)) ** 2


@mistake(
    "gradient_norms",
    "the largest singular value is taken, not the root of the sum of squares",
    hints=(
        "Which norm does np.linalg.norm take of a matrix, if nothing else is said?",
        "The root of the sum of all squared entries of ∂L/∂W_l (d, d). Lesson 9 asked for another one.",
        "Leave ord out.",
    ),
)
def spectral(X, dA, depth, activation, init, rng):
    layers, norms = _network(X, depth, activation, init, rng), []
    for A_prev, W, Z, _ in reversed(layers):
        dZ = dA * _slope(Z, activation)
        norms.append(np.linalg.norm(A_prev.T @ dZ, ord=2))
        dA = dZ @ W.T
    return np.array(norms[::-1])


@mistake(
    "gradient_norms",
    "all layers share one weight matrix",
    hints=(
        "How often do you draw from rng?",
        "W_1, ..., W_depth are different matrices (d, d), drawn one after the other.",
        "Draw inside the loop.",
    ),
)
def one_matrix(X, dA, depth, activation, init, rng):
    W = rng.normal(0.0, _scale(X.shape[1], activation, init), (X.shape[1], X.shape[1]))

    class Same:
        def normal(self, *_):
            return W

    return _back(_network(X, depth, activation, init, Same()), dA, _right(activation))


@mistake(
    "gradient_norms",
    "He and Xavier initialisation are exchanged",
    hints=(
        "Which of the two has the larger spread in your function?",
        "xavier: s² = 2 / (d + d), the mean of both sides; he: s² = 2 / d, twice as much, as a ReLU cuts half off.",
        "Exchange the two.",
    ),
)
def exchanged_inits(X, dA, depth, activation, init, rng):
    other = {"he": "xavier", "xavier": "he"}.get(init, init)
    return _back(_network(X, depth, activation, other, rng), dA, _right(activation))


@mistake(
    "gradient_norms",
    "the weights are drawn small, whatever `init` says",
    hints=(
        "Do your two inits give different numbers?",
        "s is 0.01 only for small; for the others it depends on d.",
        "Choose s by init before you draw W (d, d).",
    ),
)
def always_small(X, dA, depth, activation, init, rng):
    _scale(X.shape[1], activation, init)
    return _back(_layers(X, depth, activation, 0.01, rng), dA, _right(activation))


@mistake(
    "gradient_norms",
    "the variance is given to rng.normal where it asks for the standard deviation",
    hints=(
        "What does the second argument of rng.normal mean?",
        "rng.normal(0.0, s, (d, d)): s is the standard deviation, the root of 2 / d or of 1 / d.",
        "Take the root.",
    ),
)
def variance_for_spread(X, dA, depth, activation, init, rng):
    scale = _scale(X.shape[1], activation, init)
    return _back(_layers(X, depth, activation, scale**2 if init != "small" else scale, rng), dA, _right(activation))


@mistake(
    "gradient_norms",
    "unknown names are taken for ReLU and He",
    hints=(
        'What does your function do with "softplus"?',
        "Two activations and three inits are known. Any other name asks for a ValueError, and no (depth,) numbers.",
        "Test both names before the first layer.",
    ),
)
def takes_any_name(X, dA, depth, activation, init, rng):
    activation = activation if activation == "sigmoid" else "relu"
    init = init if init in {"small", "xavier"} else "he"
    return _back(_network(X, depth, activation, init, rng), dA, _right(activation))


@mistake(
    "gradient_norms",
    "the gradient is written into the caller's dA",
    hints=(
        "Print dA before and after the call.",
        "dA *= slope writes into the caller's array (m, d). dA * slope makes a new one.",
        "Give the product a name of its own.",
    ),
)
def writes_into_dA(X, dA, depth, activation, init, rng):
    layers = _network(X, depth, activation, init, rng)
    norms = _back(layers, dA, _right(activation))
    dA *= _slope(layers[-1][2], activation)
    return norms
