"""Wrong implementations of forward.py, as students write them."""

import numpy as np
from forward import init_params, mlp_forward

from nnedu.checking import mistake


def _he(n_in, _):
    return np.sqrt(2.0 / n_in)


def _xavier(n_in, n_out):
    return np.sqrt(2.0 / (n_in + n_out))


def _small(_n_in, _n_out):
    return 0.01


def _drawn(layer_dims, rng, scheme, *, he=_he, xavier=_xavier, small=_small):
    """Draw a network as init_params does, with other standard deviations."""
    deviations = {"he": he, "xavier": xavier, "small": small}
    if scheme not in deviations:
        raise ValueError(scheme)
    params = {}
    for layer in range(1, len(layer_dims)):
        n_in, n_out = layer_dims[layer - 1], layer_dims[layer]
        params[f"W{layer}"] = deviations[scheme](n_in, n_out) * rng.normal(size=(n_in, n_out))
        params[f"b{layer}"] = np.zeros(n_out)
    return params


def _changed(params, *, W=lambda value: value, b=lambda value: value):
    return {name: W(value) if name.startswith("W") else b(value) for name, value in params.items()}


@mistake(
    "init_params",
    "He's standard deviation is used under the name of Xavier",
    hints=(
        "Which of the two schemes looks at how many units a layer leads to, and not only at how many it comes from?",
        (
            "Xavier makes a compromise between the way forward and the way back: W (n_in, n_out) has variance "
            "2/(n_in + n_out)."
        ),
        'For "xavier" let both sizes of the layer, added up, stand under the 2.',
    ),
)
def xavier_is_he(layer_dims, rng, scheme="he"):
    return _drawn(layer_dims, rng, scheme, xavier=_he)


@mistake(
    "init_params",
    "Xavier's variance is 1/n_in, which forgets the outgoing units",
    hints=(
        "Does your Xavier scheme change when only the number of outgoing units changes?",
        (
            "Of the several formulas under this name, this course takes the one with both sizes: variance "
            "2/(n_in + n_out)."
        ),
        "Replace n_in by the mean of n_in and n_out.",
    ),
)
def xavier_without_fan_out(layer_dims, rng, scheme="he"):
    return _drawn(layer_dims, rng, scheme, xavier=lambda n_in, _: np.sqrt(1.0 / n_in))


@mistake(
    "init_params",
    "the variance is used where the standard deviation belongs: a root is missing",
    hints=(
        "Does rng.normal take a variance or a standard deviation?",
        "He's W (n_in, n_out) has variance 2/n_in. The generator scales standard normals by the root of the variance.",
        "Take the square root of the variance before you hand it to the generator; for both schemes.",
    ),
)
def no_root(layer_dims, rng, scheme="he"):
    return _drawn(layer_dims, rng, scheme, he=lambda n_in, _: 2.0 / n_in, xavier=lambda i, o: 2.0 / (i + o))


@mistake(
    "init_params",
    "He's scheme divides by the number of outgoing units instead of the incoming ones",
    hints=(
        "How many terms are added up in one z of the layer, n_in or n_out?",
        (
            "Z = A_prev @ W + b with W (n_in, n_out): each z sums over the rows of W, and its variance grows "
            "with their number."
        ),
        "Divide by the first size of W, not by the second.",
    ),
)
def fan_out(layer_dims, rng, scheme="he"):
    return _drawn(layer_dims, rng, scheme, he=lambda _, n_out: np.sqrt(2.0 / n_out))


@mistake(
    "init_params",
    "all weights start at 0",
    hints=(
        "Take two hidden units with the same weights. Will they ever become different?",
        (
            "With equal weights, units of one layer compute the same and get the same gradient, so W (n_in, "
            "n_out) keeps equal columns."
        ),
        "Biases may start at 0, weights must be random: draw them from the generator, with the scheme's variance.",
    ),
)
def zero_weights(layer_dims, rng, scheme="he"):
    return _changed(_drawn(layer_dims, rng, scheme), W=np.zeros_like)


@mistake(
    "init_params",
    "all weights of a layer start at one and the same number",
    hints=(
        "How do two hidden units differ at the start, and how do their gradients differ?",
        "A standard deviation says how widely the entries of W (n_in, n_out) scatter. Yours do not scatter at all.",
        "Use the number that you have computed as the scale of random draws, not as their value.",
    ),
)
def constant_weights(layer_dims, rng, scheme="he"):
    params = init_params(layer_dims, rng, scheme)
    deviation = {"he": _he, "xavier": _xavier, "small": _small}[scheme]
    return _changed(params, W=lambda W: np.full(W.shape, deviation(*W.shape)))


@mistake(
    "init_params",
    "the weights are 0.01 times a standard normal under every scheme",
    hints=(
        "How large are the activations after ten layers with such weights?",
        'Only "small" has a fixed 0.01. The other two depend on the shape (n_in, n_out) of the matrix.',
        "Compute the standard deviation anew for every layer, from its sizes and the scheme.",
    ),
)
def always_small(layer_dims, rng, scheme="he"):
    return _drawn(layer_dims, rng, scheme, he=_small, xavier=_small)


@mistake(
    "init_params",
    "the global generator is seeded with 42 inside, and the rng that was passed in is ignored",
    hints=(
        "Does it make a difference which rng is passed in?",
        (
            "A seed inside a function gives every network the same weights, and changes the random numbers of "
            "all other code."
        ),
        "Take out the seed, and draw W (n_in, n_out) with the normal method of the rng that is an argument.",
    ),
)
def seeds_inside(layer_dims, rng, scheme="he"):
    del rng
    return _drawn(layer_dims, np.random.RandomState(42), scheme)  # what np.random.seed(42) makes of the global one


@mistake(
    "init_params",
    "the biases have a batch axis, shape (1, n_out)",
    hints=(
        "What shape should b1 have for a layer with three units?",
        (
            "Z (m, n_out) + b broadcasts for (n_out,) and for (1, n_out), but gradients and updates of this "
            "course expect (n_out,)."
        ),
        "Make each bias a vector with one axis only.",
    ),
)
def bias_with_two_axes(layer_dims, rng, scheme="he"):
    return _changed(init_params(layer_dims, rng, scheme), b=lambda b: b[None, :])


@mistake(
    "init_params",
    "the weights are (n_out, n_in) and the biases (n_out, 1), as for samples in columns",
    hints=(
        "Can X (m, n0) be multiplied from the right by your W1?",
        "Rows are samples here: Z = A_prev @ W + b needs W (n_in, n_out) and b (n_out,).",
        "Exchange the two sizes of W, and let b have one axis.",
    ),
)
def column_shapes(layer_dims, rng, scheme="he"):
    return _changed(init_params(layer_dims, rng, scheme), W=np.transpose, b=lambda b: b[:, None])


@mistake(
    "init_params",
    "the biases are random, too",
    hints=(
        "Why do weights have to start at random, and does that reason hold for biases?",
        "Random W (n_in, n_out) already make the units different. b (n_out,) starts at 0.",
        "Fill the biases with zeros instead of drawing them.",
    ),
)
def random_biases(layer_dims, rng, scheme="he"):
    params = init_params(layer_dims, rng, scheme)
    return _changed(params, b=lambda b: rng.normal(0.0, 0.1, b.shape))


@mistake(
    "init_params",
    'an unknown scheme is treated as if it were "he"',
    hints=(
        "What does your function do with scheme='normal'?",
        "Three names have a meaning: he, xavier, small. A last else without a condition catches every typing error.",
        "Raise a ValueError when the scheme is none of the three.",
    ),
)
def unknown_scheme_accepted(layer_dims, rng, scheme="he"):
    return init_params(layer_dims, rng, scheme if scheme in ("xavier", "small") else "he")


def _relu(Z):
    return np.maximum(0.0, Z)


def _sigmoid(Z):
    return 1.0 / (1.0 + np.exp(-Z))


def _softmax(Z, axis=-1):
    E = np.exp(Z - np.max(Z, axis=axis, keepdims=True))
    return E / np.sum(E, axis=axis, keepdims=True)


def _identity(Z):
    return Z


_OUTPUTS = {"sigmoid": _sigmoid, "softmax": _softmax, "linear": _identity}


def _layer(A, params, layer):
    return A @ params[f"W{layer}"] + params[f"b{layer}"]


def _forward(X, params, output, *, affine=_layer, hidden=_relu, outputs=_OUTPUTS, layers=None):
    """Run forward through some of the layers, with another affine map, hidden activation or output."""
    if output not in outputs:
        raise ValueError(output)
    L = len(params) // 2
    A, caches = X, []
    for layer in layers(L) if layers else range(1, L + 1):
        Z = affine(A, params, layer)
        caches.append((A, Z))
        A = outputs[output](Z) if layer == L else hidden(Z)
    return A, caches


@mistake(
    "mlp_forward",
    "ReLU is applied to the last layer, too, before the output function",
    hints=(
        "Can your sigmoid output ever be below 0.5?",
        "The last layer's Z_L (m, nL) goes straight into sigmoid, softmax or nothing. ReLU belongs to l < L only.",
        "Decide inside the loop, or after it, whether this is the last layer, and leave its ReLU out.",
    ),
)
def relu_on_the_output(X, params, output="sigmoid"):
    outputs = {name: lambda Z, function=function: function(_relu(Z)) for name, function in _OUTPUTS.items()}
    return _forward(X, params, output, outputs=outputs)


@mistake(
    "mlp_forward",
    "the caches hold activations where the pre-activations Z belong",
    hints=(
        "Is any number in the second place of your caches negative? Should one be?",
        (
            "The way back needs Z_l (m, n_l) itself, to see which units were off. After ReLU that is partly "
            "lost; in place, too."
        ),
        "Store the layer's Z before an activation touches it, and let the activation make a new array.",
    ),
)
def caches_activations(X, params, output="sigmoid"):
    A, caches = mlp_forward(X, params, output)
    following = [A_prev for A_prev, _ in caches[1:]] + [A]
    return A, [(A_prev, after) for (A_prev, _), after in zip(caches, following, strict=True)]


@mistake(
    "mlp_forward",
    "softmax normalises over the batch instead of over the classes",
    hints=(
        "Add up one row of your softmax output. What comes out?",
        (
            "A row of Z_L (m, K) holds the scores of one sample, and its probabilities add up to 1. Axis 0 runs "
            "over samples."
        ),
        "Take both the maximum and the sum over the last axis, and keep that axis for the division.",
    ),
)
def softmax_over_the_batch(X, params, output="sigmoid"):
    return _forward(X, params, output, outputs={**_OUTPUTS, "softmax": lambda Z: _softmax(Z, axis=0)})


@mistake(
    "mlp_forward",
    "the bias of the last layer is missing",
    hints=(
        "All is right as long as the biases are 0. At which layer does it go wrong otherwise?",
        "Every layer has the same form, Z_l = A_{l-1} @ W_l + b_l, and the last one is no exception: b_L (nL,).",
        "Add the last layer's bias, before the output function.",
    ),
)
def last_bias_missing(X, params, output="sigmoid"):
    L = len(params) // 2
    return _forward(X, {**params, f"b{L}": np.zeros_like(params[f"b{L}"])}, output)


@mistake(
    "mlp_forward",
    "the bias of the first layer is missing",
    hints=(
        "All is right as long as the biases are 0. At which layer does it go wrong otherwise?",
        "Every layer has the same form, Z_l = A_{l-1} @ W_l + b_l, and the first one is no exception: b_1 (n1,).",
        "Add the first layer's bias to the product of X and W1.",
    ),
)
def first_bias_missing(X, params, output="sigmoid"):
    return _forward(X, {**params, "b1": np.zeros_like(params["b1"])}, output)


@mistake(
    "mlp_forward",
    "the loop stops before the last layer",
    hints=(
        "What does your function do with a network of a single layer?",
        "With L layers the numbers are 1, 2, ..., L, and there should be L caches. A range leaves its end out.",
        "Let the range end one later, so that W_L (n_{L-1}, nL) is used as well.",
    ),
)
def stops_before_the_last_layer(X, params, output="sigmoid"):
    _, caches = _forward(X, params, output, layers=lambda L: range(1, L))
    return _OUTPUTS[output](caches[-1][1]), caches


@mistake(
    "mlp_forward",
    "the last hidden layer is skipped",
    hints=(
        "How many caches do you return for a network with three layers?",
        "The hidden layers are 1 to L - 1, and a range leaves its end out. Then comes layer L, with W_L (n_{L-1}, nL).",
        "Let the loop over the hidden layers end one later.",
    ),
)
def skips_the_last_hidden_layer(X, params, output="sigmoid"):
    return _forward(X, params, output, layers=lambda L: [*range(1, L - 1), L])


@mistake(
    "mlp_forward",
    "the hidden layers have no activation",
    hints=(
        "What can a chain of linear layers compute that a single one cannot?",
        (
            "A_l (m, n_l) = relu(Z_l) for every hidden layer. Without it W_1 @ W_2 is one matrix, and the depth "
            "is for nothing."
        ),
        "Apply ReLU to Z before it goes into the next layer.",
    ),
)
def linear_hidden_layers(X, params, output="sigmoid"):
    return _forward(X, params, output, hidden=_identity)


@mistake(
    "mlp_forward",
    "the hidden layers use the sigmoid instead of ReLU",
    hints=(
        "Which activation do the hidden layers of this network have, and where does `output` apply?",
        "A_l (m, n_l) = relu(Z_l) for l < L, whatever the output is. Only A_L = output(Z_L).",
        "In the loop replace negative numbers by 0 and keep the others; the sigmoid comes after the last layer only.",
    ),
)
def sigmoid_hidden_layers(X, params, output="sigmoid"):
    return _forward(X, params, output, hidden=_sigmoid)


@mistake(
    "mlp_forward",
    "the weights are transposed, as if they were (n_out, n_in)",
    hints=(
        "Which of the two sizes of W_l belongs to the inputs in this course?",
        (
            "A_{l-1} is (m, n_{l-1}) and W_l is (n_{l-1}, n_l): they fit as they are. For a square W a transpose "
            "raises no error."
        ),
        "Multiply by W_l itself.",
    ),
)
def transposes_weights(X, params, output="sigmoid"):
    return _forward(X, params, output, affine=lambda A, params, layer: A @ params[f"W{layer}"].T + params[f"b{layer}"])


@mistake(
    "mlp_forward",
    "the pairs in the caches are the wrong way round, (Z, A_prev)",
    hints=(
        "Which of the two arrays stands first in your caches?",
        "caches[l - 1] is (A_{l-1}, Z_l), of shapes (m, n_{l-1}) and (m, n_l): what went in, then what it became.",
        "Exchange the two members of each pair.",
    ),
)
def swaps_the_pairs(X, params, output="sigmoid"):
    A, caches = mlp_forward(X, params, output)
    return A, [(Z, A_prev) for A_prev, Z in caches]


@mistake(
    "mlp_forward",
    "the output is a sigmoid whatever is asked for",
    hints=(
        "Does your result change when `output` changes?",
        "A_L (m, nL) is the sigmoid of Z_L, its softmax along each row, or Z_L itself; the argument `output` decides.",
        "Look at the name and apply the function that it stands for, after the last layer.",
    ),
)
def ignores_output(X, params, output="sigmoid"):
    return _forward(X, params, output, outputs=dict.fromkeys(_OUTPUTS, _sigmoid))


@mistake(
    "mlp_forward",
    "an unknown output is treated as if it were linear",
    hints=(
        "What does your function do with output='sigmoidal'?",
        "Only sigmoid, softmax and linear have a meaning. A last else without a condition catches every typing error.",
        "Raise a ValueError when the name is none of the three, before anything is computed.",
    ),
)
def unknown_output_accepted(X, params, output="sigmoid"):
    return mlp_forward(X, params, output if output in ("sigmoid", "softmax") else "linear")
