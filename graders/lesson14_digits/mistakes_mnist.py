"""Half-finished repairs of mnist.py, as students leave them."""

import numpy as np
from mnist import backpropagation, forward_propagation, initialize_parameters, train_digits_columns
from nnedu.checking import mistake


def _sigmoids(X, parameters):
    _, caches = forward_propagation(X, parameters)
    return 0.5 * (1.0 + np.tanh(0.5 * caches[-1][3])), caches


def _run(
    X,
    y,
    layer_dims,
    epochs,
    lr,
    rng,
    *,
    forward=forward_propagation,
    backward=backpropagation,
    start=initialize_parameters,
    every=1,
    leak=False,
    first=False,
    after=False,
):
    """The repaired loop, with a slip or two."""
    m, K = len(y), layer_dims[-1]
    order = np.arange(m) if first else rng.permutation(m)
    held_out, known = order[: m // 5], order[m // 5 :]
    if leak:
        known = np.arange(m)
    X_known, Y, parameters, costs = X[:, known], np.eye(K)[y[known]].T, start(layer_dims, rng), []
    for i in range(epochs):
        A_out, caches = forward(X_known, parameters)
        cost = float(-np.mean(np.log(A_out[y[known], np.arange(len(known))])))
        grads = backward(A_out, caches, Y)
        for name, value in parameters.items():
            parameters[name] = value - lr * grads[f"d{name}"]
        if after:
            cost = float(-np.mean(np.log(forward(X_known, parameters)[0][y[known], np.arange(len(known))])))
        if i % every == 0:
            costs.append(cost)
    predicted = forward(X[:, held_out], parameters)[0].argmax(axis=0)
    return parameters, costs, held_out, float(np.mean(predicted == y[held_out]))


@mistake(
    "train_digits_columns",
    "the images that are tested have been trained on",
    hints=(
        "Which columns of X does your training see, and which your test?",
        "Of m columns, m // 5 are held out, and the loss and the gradients are those of the others only.",
        "Part X and y before the first step.",
    ),
)
def tests_on_training_rows(*args):
    return _run(*args, leak=True)


@mistake(
    "train_digits_columns",
    "the first images are held out, whatever rng says",
    hints=(
        "Call your function with two rngs. Are other images held out?",
        "The first m // 5 columns may be written by one person, or be of one digit.",
        "Draw an order of the m columns from rng, and cut it.",
    ),
)
def holds_out_the_first(*args):
    return _run(*args, first=True)


@mistake(
    "train_digits_columns",
    "the output is still one sigmoid for each digit",
    hints=(
        "Add up a column of A_out. What should ten probabilities of exclusive digits come to?",
        "Sigmoids answer K separate questions. Softmax makes each column of A_out (K, m) sum to 1.",
        "Exponentials, divided by their sum down each column, with the largest score subtracted first.",
    ),
)
def keeps_sigmoids(*args):
    return _run(*args, forward=_sigmoids)


@mistake(
    "train_digits_columns",
    "softmax runs along the rows, over the samples",
    hints=(
        "Along which axis do your exponentials sum to 1?",
        "Here a sample is a column: A_out is (K, m), and each of its m columns sums to 1.",
        "Sum over axis 0.",
    ),
)
def softmax_over_samples(*args):
    def forward(X, parameters):
        _, caches = forward_propagation(X, parameters)
        E = np.exp(caches[-1][3] - caches[-1][3].max(axis=1, keepdims=True))
        return E / E.sum(axis=1, keepdims=True), caches

    return _run(*args, forward=forward)


@mistake(
    "train_digits_columns",
    "the targets are still flattened into one row",
    hints=(
        "Print the shapes of A_out and Y in the backward pass.",
        "Y (K, m) has the shape of A_out already. One row of K · m numbers fits one output only.",
        "Take the reshape out.",
    ),
)
def flattens_the_targets(*args):
    return _run(*args, backward=lambda A_out, caches, Y: backpropagation(A_out, caches, Y.reshape(1, -1)))


@mistake(
    "train_digits_columns",
    "weights still start at 0.01 times normal numbers",
    hints=(
        "What is the standard deviation of your W1 before the first step?",
        "He's start has variance 2 / n_in: with 60 inputs a deviation of 0.183, with 10 one of 0.447.",
        "Scale by the root of 2 over the number of inputs of the layer.",
    ),
)
def starts_small(*args):
    def start(layer_dims, rng):
        parameters = initialize_parameters(layer_dims, rng)
        for layer in range(1, len(layer_dims)):
            parameters[f"W{layer}"] *= 0.01 / np.sqrt(2.0 / layer_dims[layer - 1])
        return parameters

    return _run(*args, start=start)


@mistake(
    "train_digits_columns",
    "the weights are still drawn with a seed of 42",
    hints=(
        "Call your function with two rngs. Are the starts different?",
        "A seed inside makes all networks start alike, and sets the generator that other code draws from.",
        "Draw from rng.",
    ),
)
def keeps_the_seed(*args):
    def start(layer_dims, rng):
        return initialize_parameters(layer_dims, np.random.default_rng(42))

    return _run(*args, start=start)


@mistake(
    "train_digits_columns",
    "costs are still kept only every hundredth epoch",
    hints=(
        "How many costs are there after 2 epochs?",
        "costs has one number per epoch. Printing every hundredth one is another matter.",
        "Look at what the line that appends is indented under.",
    ),
)
def keeps_every_hundredth(*args):
    return _run(*args, every=100)


@mistake(
    "train_digits_columns",
    "the cost is that of ten binary questions, summed over the outputs",
    hints=(
        "What is your cost before the first step? For ten exclusive classes it is near ln 10 = 2.3.",
        (
            "10 · ln 2 = 6.9 is what ten sigmoids in doubt cost. Softmax has one term per sample: -log of the "
            "true class's share."
        ),
        "Take of each column of A_out (K, m) the entry of the true class.",
    ),
)
def keeps_the_binary_cost(X, y, layer_dims, *rest):
    parameters, costs, held_out, share = train_digits_columns(X, y, layer_dims, *rest)
    known = np.setdiff1d(np.arange(len(y)), held_out)
    A, Y = forward_propagation(X[:, known], parameters)[0], np.eye(layer_dims[-1])[y[known]].T
    cost = -np.sum(Y * np.log(A + 1e-8) + (1 - Y) * np.log(1 - A + 1e-8)) / len(known)
    return parameters, [float(cost)] * len(costs), held_out, share


@mistake(
    "train_digits_columns",
    "the cost is written down after the step",
    hints=(
        "With a learning rate of 0 nothing departs. And with 0.5?",
        "costs[i] belongs to the parameters *before* step i: costs[0] is that of the start.",
        "Write the cost down before you move.",
    ),
)
def costs_after_the_step(*args):
    return _run(*args, after=True)


@mistake(
    "train_digits_columns",
    "gradients are divided by the number of outputs, too",
    hints=(
        "Compare one of your gradients with a numerical one. By which factor is it off?",
        "The loss is a mean over the m columns, with one term each: dZ = (A_out - Y) / m, shape (K, m).",
        "Divide by the number of columns alone.",
    ),
)
def divides_by_entries(*args):
    return _run(
        *args,
        backward=lambda A_out, caches, Y: {
            name: grad / len(Y) for name, grad in backpropagation(A_out, caches, Y).items()
        },
    )


@mistake(
    "train_digits_columns",
    "the accuracy is that of all images, or of those that were trained on",
    hints=(
        "Over how many images is your accuracy a mean?",
        "test_accuracy is the share of the m // 5 columns in held_out that are read right.",
        "Predict X[:, held_out], and compare with the digits of just these.",
    ),
)
def reports_training_accuracy(X, y, *rest):
    parameters, costs, held_out, _ = train_digits_columns(X, y, *rest)
    known = np.setdiff1d(np.arange(len(y)), held_out)
    predicted = forward_propagation(X[:, known], parameters)[0].argmax(axis=0)
    return parameters, costs, held_out, float(np.mean(predicted == y[known]))
