"""Half-finished repairs of columns.py, as students leave them."""

import numpy as np
from columns import (
    backpropagation_columns,
    binary_cross_entropy,
    forward_propagation,
    initialize_parameters,
    relu,
    relu_derivative,
    update_parameters,
)

from nnedu.checking import mistake


@mistake(
    "backpropagation_columns",
    "the targets Y are still flattened to one row, which is right for one output only",
    hints=(
        "Try ten outputs. What shape does Y have before the first line of your function, and after it?",
        "Y (nL, m) already has the shape of A_out (nL, m). A reshape to one row makes it (1, nL·m).",
        "Leave Y as it comes.",
    ),
)
def flattens_Y(parameters, A_out, caches, X, Y, activation="relu"):
    return backpropagation_columns(parameters, A_out, caches, X, Y.reshape(1, -1), activation)


@mistake(
    "backpropagation_columns",
    "the output A_out is computed again from Z with ReLU, although the output layer is a sigmoid",
    hints=(
        "Which activation does forward_propagation apply in the last layer?",
        "dZ_L (nL, m) is the difference of the output probabilities and Y; those lie between 0 and 1.",
        "There is no need to compute the output again: it is an argument of the function.",
    ),
)
def recomputes_A_out_with_relu(parameters, A_out, caches, X, Y, activation="relu"):
    return backpropagation_columns(parameters, relu(caches[-1][3]), caches, X, Y, activation)


@mistake(
    "backpropagation_columns",
    "the function expects pairs in caches, where forward_propagation stores 4-tuples",
    hints=(
        "What does forward_propagation append to caches, and how many names do you unpack it to?",
        "Each entry of caches is (A_prev, W, b, Z), for hidden layers and for the output layer alike.",
        "Leave the caches as they are, and take the output from the argument that carries it.",
    ),
)
def expects_pairs(parameters, A_out, caches, X, Y, activation="relu"):
    A_out, cache_out = caches[-1]
    return backpropagation_columns(parameters, A_out, [*caches[:-1], cache_out], X, Y, activation)


@mistake(
    "backpropagation_columns",
    "the caller's A_out is overwritten, by `-=` on another name for it",
    hints=(
        "Compare A_out before and after the call, and call your function twice.",
        "dZ = A_out makes no copy: both names stand for one array of shape (nL, m), and -= edits that array in place.",
        "Write the difference as an expression, which makes a new array.",
    ),
)
def overwrites_A_out(parameters, A_out, caches, X, Y, activation="relu"):
    grads = backpropagation_columns(parameters, A_out, caches, X, Y, activation)
    dZ = A_out
    dZ -= Y
    return grads


@mistake(
    "backpropagation_columns",
    "the hidden layers are always treated as ReLU layers, whatever `activation` says",
    hints=(
        "Which of your lines reads the argument `activation`?",
        "dZ_{l-1} = (W_l.T @ dZ_l) · f'(Z_{l-1}), where f is the activation that the hidden layers used.",
        "Choose between the two derivatives by the name that is passed in.",
    ),
)
def ignores_activation(parameters, A_out, caches, X, Y, activation="relu"):
    return backpropagation_columns(parameters, A_out, caches, X, Y, "relu")


@mistake(
    "backpropagation_columns",
    "the gradient is divided by the samples only, although the loss averages all entries",
    hints=(
        "With one output all is well. By what factor is your gradient off with ten?",
        "The docstring defines the loss as a mean over all nL·m entries of Y, so N = nL·m, not m.",
        "Divide by the number of entries of Y, once, in dZ_L.",
    ),
)
def divides_by_samples(parameters, A_out, caches, X, Y, activation="relu"):
    grads = backpropagation_columns(parameters, A_out, caches, X, Y, activation)
    return {name: value * Y.shape[0] for name, value in grads.items()}


@mistake(
    "backpropagation_columns",
    "the bias gradients have lost their second axis",
    hints=(
        "Which shape does b_l have here, and which one does your db_l have?",
        (
            "In columns b_l is (n_l, 1). A vector (n_l,) broadcasts along the samples, so an update makes b_l a "
            "square array."
        ),
        "Sum over the samples and keep that axis with length 1.",
    ),
)
def drops_the_axis(parameters, A_out, caches, X, Y, activation="relu"):
    grads = backpropagation_columns(parameters, A_out, caches, X, Y, activation)
    return {name: value[:, 0] if name.startswith("db") else value for name, value in grads.items()}


@mistake(
    "backpropagation_columns",
    "the hidden layers' factor is the activation's slope at the wrong layer's Z",
    hints=(
        "Which Z produced the activation whose gradient has just come through W_l.T?",
        "W_l.T @ dZ_l has shape (n_{l-1}, m), that of Z_{l-1}, which stands in the cache of layer l - 1.",
        "Take W from the cache of layer l, and Z from the one before it.",
    ),
)
def wrong_cache(parameters, A_out, caches, X, Y, activation="relu"):
    grads, dZ = {}, (A_out - Y) / Y.size
    for layer in range(len(caches), 0, -1):
        A_prev, W, _, Z = caches[layer - 1]
        grads[f"dW{layer}"], grads[f"db{layer}"] = dZ @ A_prev.T, dZ.sum(axis=1, keepdims=True)
        if layer > 1:
            dZ = (W.T @ dZ) * relu_derivative(Z)
    return grads


def _descend(X, Y, parameters, epochs, lr):
    costs = []
    for _ in range(epochs):
        A_out, caches = forward_propagation(X, parameters)
        costs.append(binary_cross_entropy(Y, A_out))
        grads = backpropagation_columns(parameters, A_out, caches, X, Y)
        parameters = update_parameters(parameters, grads, lr)
    return parameters, costs


def _small(layer_dims, rng):
    parameters = initialize_parameters(layer_dims, rng)
    return {k: v if k[0] == "b" else 0.01 * rng.normal(size=v.shape) for k, v in parameters.items()}


@mistake(
    "train_columns",
    "the weights still start at 0.01 times a standard normal",
    hints=(
        "Plot the costs. Why do they stay near ln 2 = 0.693 for hundreds of epochs?",
        (
            "With weights of size 0.01 signals and gradients shrink from layer to layer. He: variance 2/n_in for W "
            "(n_out, n_in)."
        ),
        "Give W_l a standard deviation of the square root of 2/n_{l-1}.",
    ),
)
def keeps_the_small_start(X, Y, layer_dims, epochs, lr, rng):
    return _descend(X, Y, _small(layer_dims, rng), epochs, lr)


@mistake(
    "train_columns",
    "the weights are drawn with a fixed seed, not by the rng that is passed in",
    hints=(
        "Train twice, with two different rngs. Do the weights differ?",
        "A seed inside the function makes all networks alike, and changes the random numbers of the whole program.",
        "Pass rng on to the function that draws the weights, and draw with its methods.",
    ),
)
def keeps_the_seed(X, Y, layer_dims, epochs, lr, rng):
    return _descend(X, Y, initialize_parameters(layer_dims, np.random.default_rng(42)), epochs, lr)


@mistake(
    "train_columns",
    "the cost is still recorded in every hundredth epoch only",
    hints=(
        "How long is your list of costs after 2000 epochs, and to which epoch does costs[-1] belong?",
        "costs has one entry per epoch: costs[i] is the loss before update i.",
        "Printing may be rare; the append belongs outside the if.",
    ),
)
def logs_every_hundredth(X, Y, layer_dims, epochs, lr, rng):
    parameters, costs = _descend(X, Y, initialize_parameters(layer_dims, rng), epochs, lr)
    return parameters, costs[::100]


@mistake(
    "train_columns",
    "the cost is recorded after the update instead of before it",
    hints=(
        "Does your first cost change when you change the learning rate?",
        "costs[0] is the loss of the initial parameters, costs[i] that of the parameters before update i.",
        "Take the cost from the same forward pass as the gradients.",
    ),
)
def cost_after_update(X, Y, layer_dims, epochs, lr, rng):
    parameters, costs = _descend(X, Y, initialize_parameters(layer_dims, rng), epochs, lr)
    A_out, _ = forward_propagation(X, parameters)
    return parameters, [*costs[1:], binary_cross_entropy(Y, A_out)]
