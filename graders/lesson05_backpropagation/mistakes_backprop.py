"""Wrong implementations of backprop.py, as students write them."""

import numpy as np
from backprop import backprop, mean_loss, mlp_forward
from gradients import mse_backward, sigmoid_bce_backward, softmax_ce_backward

from nnedu.checking import mistake

_OUTPUT_BACKWARD = {"sigmoid": sigmoid_bce_backward, "softmax": softmax_ce_backward, "linear": mse_backward}


def _relu_slope(Z):
    return (Z > 0).astype(float)


def _sigmoid_slope(Z):
    S = 1 / (1 + np.exp(-Z))
    return S * (1 - S)


def _backward(X, Y, params, output, *, factor=lambda Y: 1.0, slope=_relu_slope, offset=2, lr=0.0):
    """Go backwards with a factor on the first gradient, a slope, a cache offset, or weights updated early."""
    A, caches = mlp_forward(X, params, output)
    dZ = factor(Y) * _OUTPUT_BACKWARD[output](A, Y)
    grads = {}
    for layer in range(len(caches), 0, -1):
        A_prev, _ = caches[layer - 1]
        grads[f"W{layer}"], grads[f"b{layer}"] = A_prev.T @ dZ, dZ.sum(axis=0)
        if layer > 1:
            W = params[f"W{layer}"] - lr * grads[f"W{layer}"]
            dZ = (dZ @ W.T) * slope(caches[layer - offset][1])
    return grads


@mistake(
    "backprop",
    "the gradients belong to the sum of the losses, not to their mean",
    hints=(
        "Stack the batch on top of itself. What happens to the mean loss, and what to your gradient?",
        "mean_loss averages: over the m rows for softmax, over all m·nL entries for sigmoid and linear.",
        "One division is missing. Put it into the gradient of the output layer, and it reaches all the others.",
    ),
)
def not_averaged(X, Y, params, output="sigmoid"):
    return _backward(X, Y, params, output, factor=lambda Y: len(Y) if output == "softmax" else Y.size)


@mistake(
    "backprop",
    "all gradients are divided by the batch size twice",
    hints=(
        "Stack the batch on top of itself. Why does your gradient become smaller?",
        "Find every place where something is divided by m: the output gradient, each dW_l, each db_l.",
        "Keep only the division in the gradient of the mean loss; a linear layer does not divide.",
    ),
)
def averaged_twice(X, Y, params, output="sigmoid"):
    return _backward(X, Y, params, output, factor=lambda Y: 1 / len(Y))


@mistake(
    "backprop",
    "the bias gradients are means over the batch instead of sums",
    hints=(
        "The weights' gradients are right and those of the biases are not. What differs between the two formulas?",
        "b_l (n_l,) is added to each of the m rows, so dZ_l (m, n_l) contributes with every row; 1/m is already in it.",
        "Sum the rows of dZ_l for the bias, exactly as the matrix product does for the weights.",
    ),
)
def bias_averaged(X, Y, params, output="sigmoid"):
    grads = backprop(X, Y, params, output)
    return {name: value / len(X) if name.startswith("b") else value for name, value in grads.items()}


@mistake(
    "backprop",
    "the derivative of ReLU is left out between the layers",
    hints=(
        "The last layer is right and the earlier ones are not. What stands between the two?",
        (
            "From dZ_l (m, n_l) the step to dA_{l-1} is a product with W_l.T; from there to dZ_{l-1} one factor is "
            "missing."
        ),
        "Multiply dA_{l-1} by the 0/1 mask of its own layer's pre-activation, Z_{l-1} > 0.",
    ),
)
def activation_forgotten(X, Y, params, output="sigmoid"):
    return _backward(X, Y, params, output, slope=np.ones_like)


@mistake(
    "backprop",
    "the derivative of ReLU is taken at the Z of the wrong layer",
    hints=(
        "Which Z produced the activation whose gradient you have just computed?",
        "dA_{l-1} (m, n_{l-1}) needs the mask of Z_{l-1}, of the same shape. Z_l has n_l columns.",
        "If the list of caches counts from 0 and layers from 1, layer l - 1 has its cache at index l - 2.",
    ),
)
def wrong_preactivation(X, Y, params, output="sigmoid"):
    return _backward(X, Y, params, output, offset=1)


@mistake(
    "backprop",
    "a layer's weights are already updated when the gradient passes through them",
    hints=(
        "Is W_l the same matrix in your forward pass and in your backward pass?",
        "All gradients are those at one point, the params that were given. dA_{l-1} = dZ_l @ W_l.T takes that W_l.",
        "First finish all the gradients, then update; backprop itself updates nothing.",
    ),
)
def updated_too_early(X, Y, params, output="sigmoid"):
    return _backward(X, Y, params, output, lr=0.1)


@mistake(
    "backprop",
    "the hidden layers use the derivative of the sigmoid, although they are ReLU layers",
    hints=(
        "Which activation do the hidden layers of mlp_forward apply?",
        "dZ_{l-1} = dA_{l-1} · (slope of the hidden activation at Z_{l-1}). The sigmoid stands at the output only.",
        "Replace the sigmoid's slope by that of ReLU: 1 where Z is positive, 0 elsewhere.",
    ),
)
def sigmoid_slope(X, Y, params, output="sigmoid"):
    return _backward(X, Y, params, output, slope=_sigmoid_slope)


@mistake(
    "backprop",
    "the gradient of the first layer's bias is zero",
    hints=(
        "Which key of your gradients is wrong, and which turn of the loop fills it?",
        "db_1 (n_1,) is built like every other bias gradient; only dA_0 is not needed.",
        "Let the loop come down to layer 1, and end it after both gradients of that layer are stored.",
    ),
)
def first_bias_zero(X, Y, params, output="sigmoid"):
    return {**backprop(X, Y, params, output), "b1": np.zeros_like(params["b1"])}


@mistake(
    "backprop",
    "every gradient has the wrong sign",
    hints=(
        "Take a small step against your gradient. Does the loss fall or rise?",
        (
            "dZ_L (m, nL) is the prediction minus the target, not the other way round; the sign reaches all layers "
            "from there."
        ),
        "Exchange the two terms in the gradient of the output layer.",
    ),
)
def sign_flipped(X, Y, params, output="sigmoid"):
    return _backward(X, Y, params, output, factor=lambda Y: -1.0)


@mistake(
    "backprop",
    "an unknown output is treated as if it were the sigmoid",
    hints=(
        "What does your function do with output='sigmoidal'?",
        (
            "Only the three names sigmoid, softmax and linear have a meaning here. An else branch catches every "
            "typing error."
        ),
        "Raise a ValueError when the name is none of the three, before anything is computed.",
    ),
)
def unknown_output_accepted(X, Y, params, output="sigmoid"):
    return backprop(X, Y, params, output if output in ("softmax", "linear") else "sigmoid")


def _he(layer_dims, rng):
    params = {}
    for layer in range(1, len(layer_dims)):
        n_in, n_out = layer_dims[layer - 1], layer_dims[layer]
        params[f"W{layer}"] = rng.normal(0.0, np.sqrt(2.0 / n_in), (n_in, n_out))
        params[f"b{layer}"] = np.zeros(n_out)
    return params


def _small(layer_dims, rng):
    return {k: v if k[0] == "b" else 0.01 * rng.normal(size=v.shape) for k, v in _he(layer_dims, rng).items()}


def _descend(X, Y, params, epochs, lr, output, step=lambda name, lr: lr):
    """Descend with a step that may depend on the parameter. Return the parameters and the losses before each update."""
    losses = []
    for _ in range(epochs):
        losses.append(mean_loss(X, Y, params, output))
        grads = backprop(X, Y, params, output)
        params = {name: value - step(name, lr) * grads[name] for name, value in params.items()}
    return params, losses


@mistake(
    "train",
    "the loss is recorded in every hundredth epoch only",
    hints=(
        "How many numbers does your list hold after 2000 epochs, and which epoch does the last one belong to?",
        "losses has one entry per epoch: losses[i] is the loss before update i, for i from 0 to epochs - 1.",
        "Append in every turn of the loop; only printing may be rare.",
    ),
)
def logs_every_hundredth(X, Y, layer_dims, epochs, lr, rng, output="sigmoid"):
    params, losses = _descend(X, Y, _he(layer_dims, rng), epochs, lr, output)
    return params, losses[::100]


@mistake(
    "train",
    "the loss is recorded after the update instead of before it",
    hints=(
        "Does your first loss change when you change the learning rate?",
        "losses[0] is the loss of the initial parameters, losses[i] that of the parameters before update i.",
        "Compute and append the loss first, then the gradients, then the update.",
    ),
)
def loss_after_update(X, Y, layer_dims, epochs, lr, rng, output="sigmoid"):
    params, losses = _descend(X, Y, _he(layer_dims, rng), epochs, lr, output)
    return params, [*losses[1:], mean_loss(X, Y, params, output)]


@mistake(
    "train",
    "the weights start at 0.01 times a standard normal, whatever the size of the layer",
    hints=(
        "Plot the losses. Why do they stay near ln 2 = 0.693 for so long?",
        "A sum of n_in terms with weights of size 0.01 is next to zero, and so are the gradients. He: variance 2/n_in.",
        "Give W_l (n_in, n_out) a standard deviation of the square root of 2/n_in.",
    ),
)
def small_start(X, Y, layer_dims, epochs, lr, rng, output="sigmoid"):
    return _descend(X, Y, _small(layer_dims, rng), epochs, lr, output)


@mistake(
    "train",
    "the steps go along the gradient, uphill",
    hints=(
        "Do your losses fall or rise?",
        "The gradient points to where the loss grows fastest, and the learning rate is a positive number.",
        "Change the sign of the update.",
    ),
)
def uphill(X, Y, layer_dims, epochs, lr, rng, output="sigmoid"):
    return _descend(X, Y, _he(layer_dims, rng), epochs, -lr, output)


@mistake(
    "train",
    "the weights go downhill but the biases go uphill",
    hints=(
        "Compare the update of a weight with that of a bias. Do they read the same?",
        "One rule holds for every parameter p of shape s: p (s) minus lr times its gradient (s).",
        "Write the update once, in a loop over all keys, so that no sign can differ.",
    ),
)
def biases_uphill(X, Y, layer_dims, epochs, lr, rng, output="sigmoid"):
    step = {"W": 1.0, "b": -1.0}
    return _descend(X, Y, _he(layer_dims, rng), epochs, lr, output, lambda name, lr: step[name[0]] * lr)


@mistake(
    "train",
    "the biases are never updated",
    hints=(
        "Which of your parameters are still 0 after training?",
        "backprop returns a gradient for each key of params, W1, b1, ..., WL, bL, and all of them take a step.",
        "Loop over all keys, not over the weights only.",
    ),
)
def biases_never_updated(X, Y, layer_dims, epochs, lr, rng, output="sigmoid"):
    step = {"W": 1.0, "b": 0.0}
    return _descend(X, Y, _he(layer_dims, rng), epochs, lr, output, lambda name, lr: step[name[0]] * lr)
