"""Wrong implementations of moons.py, as students write them."""

import numpy as np
from layers import Layer, Linear, ReLU, sgd_step
from moons import build_mlp
from nnedu.checking import mistake
from sequential import Sequential


class _Sigmoid(Layer):
    def forward(self, X):
        self._out = _sigmoid(X)
        return self._out

    def backward(self, dout):
        return dout * self._out * (1.0 - self._out)


def _sigmoid(Z):
    return 0.5 + 0.5 * np.tanh(0.5 * Z)


def _pieces(dims, rng):
    layers = []
    for n_in, n_out in zip(dims[:-1], dims[1:], strict=True):
        layers += [Linear(n_in, n_out, rng), ReLU()]
    return layers


@mistake(
    "build_mlp",
    "a ReLU follows the last layer: logits are never negative",
    hints=(
        "Can your network say that a class is unlikely?",
        "Logits, (m, output_dim), may have any sign. The last layer is linear, and nothing follows it.",
        "Leave the last ReLU out.",
    ),
)
def relu_at_the_end(input_dim, hidden_dims, output_dim, rng):
    return Sequential(*_pieces([input_dim, *hidden_dims, output_dim], rng))


@mistake(
    "build_mlp",
    "a sigmoid follows the last layer; the loss has one already",
    hints=(
        "Between which numbers do the outputs of your network lie?",
        "The network returns logits, (m, output_dim). Sigmoid and cross-entropy are in the loss, together.",
        "Leave the sigmoid out.",
    ),
)
def sigmoid_at_the_end(input_dim, hidden_dims, output_dim, rng):
    return Sequential(*_pieces([input_dim, *hidden_dims, output_dim], rng)[:-1], _Sigmoid())


@mistake(
    "build_mlp",
    "there are no ReLUs, so that the network is linear",
    hints=(
        "What is a linear map of a linear map?",
        "Linear, ReLU, Linear, ReLU, ..., Linear: names 0.W, 2.W, 4.W, as each ReLU has a place, too.",
        "Put a ReLU behind each hidden layer.",
    ),
)
def no_relu(input_dim, hidden_dims, output_dim, rng):
    return Sequential(*_pieces([input_dim, *hidden_dims, output_dim], rng)[::2])


@mistake(
    "build_mlp",
    "the first hidden layer has no ReLU",
    hints=(
        "Compare your network with one written by hand, layer by layer.",
        "Every Linear but the last is followed by a ReLU; the hidden layers are (m, h1), (m, h2), ...",
        "Look at the index where your loop starts.",
    ),
)
def first_without_relu(input_dim, hidden_dims, output_dim, rng):
    layers = _pieces([input_dim, *hidden_dims, output_dim], rng)[:-1]
    if len(layers) > 1:
        layers[1] = Layer()
        layers[1].forward = layers[1].backward = lambda X: X
    return Sequential(*layers)


@mistake(
    "build_mlp",
    "only one hidden layer is built",
    hints=(
        "How many weights has the network of [10, 5]?",
        "Each size in hidden_dims is a layer: (input_dim, h1), (h1, h2), ..., (h_last, output_dim).",
        "Loop over neighbours in the row of all sizes.",
    ),
)
def one_hidden_layer(input_dim, hidden_dims, output_dim, rng):
    return build_mlp(input_dim, hidden_dims[:1], output_dim, rng)


@mistake(
    "build_mlp",
    "the weights are drawn by a generator of the function's own",
    hints=(
        "Do two calls with an rng in the same state give the same network, and with another rng another?",
        "Randomness comes from the rng that is handed in alone.",
        "Pass it on to each Linear.",
    ),
)
def own_rng(input_dim, hidden_dims, output_dim, rng):
    return build_mlp(input_dim, hidden_dims, output_dim, np.random.default_rng(0))


def _fit(model, X, y, rng, epochs, lr, batch_size, **slip):
    """Training, with what is wrong in it switched on."""
    if y.shape != (len(X), 1) and not slip.get("any_y"):
        raise ValueError("y should be a column")
    if not slip.get("no_mode"):
        model.train()
    losses = []
    for _ in range(epochs):
        order, total = np.arange(len(X)) if slip.get("no_shuffle") else rng.permutation(len(X)), []
        stop = len(X) // batch_size * batch_size if slip.get("floor") else len(X)
        for start in range(0, stop, batch_size):
            rows = order[start : start + batch_size]
            if not slip.get("no_zero"):
                model.zero_grad()
            Z, Y = model.forward(X[rows]), y[rows]
            loss = np.logaddexp(0.0, Z) - Y * Z
            dZ = (_sigmoid(Z) - Y) / (1 if slip.get("sum") else len(rows))
            if slip.get("twice"):
                S = _sigmoid(Z)
                loss, dZ = np.logaddexp(0.0, S) - Y * S, (_sigmoid(S) - Y) * S * (1 - S) / len(rows)
            total.append((float(np.sum(loss)), len(rows)))
            if dZ.shape == Z.shape:
                model.backward(dZ)
            else:
                model.backward(dZ.sum(axis=1, keepdims=True) / dZ.shape[1])
            sgd_step(model, lr)
        means = [s / n for s, n in total]
        whole = sum(s for s, _ in total) / len(X)
        losses.append(
            means[-1] if slip.get("last") and means else float(np.mean(means)) if slip.get("means") else whole
        )
    return losses


@mistake(
    "fit",
    "a sigmoid is taken before the loss, which has one: probabilities are treated as logits",
    hints=(
        "How small does your loss become for a sample of which the model is sure?",
        "log(1 + exp(z)) - y·z takes logits, (m, 1); the sigmoid is in it.",
        "Take your own sigmoid out of the loss.",
    ),
)
def sigmoid_twice(model, X, y, rng, epochs=200, lr=0.5, batch_size=32):
    return _fit(model, X, y, rng, epochs, lr, batch_size, twice=True)


@mistake(
    "fit",
    "y of shape (m,) is let in, where (m, 1) minus (m,) becomes (m, m)",
    hints=(
        "What shape has Z - y for Z of shape (m, 1) and y of shape (m,)?",
        "numpy stretches both to (m, m), and trains on every sample with every label.",
        "Compare y.shape with (m, 1), and raise ValueError.",
    ),
)
def flat_labels(model, X, y, rng, epochs=200, lr=0.5, batch_size=32):
    return _fit(model, X, y, rng, epochs, lr, batch_size, any_y=True)


@mistake(
    "fit",
    "gradients are never set to zero",
    hints=(
        "Does the gradient's norm grow from batch to batch?",
        "Layers add their gradients up until zero_grad is called.",
        "Call it for each batch.",
    ),
)
def accumulates(model, X, y, rng, epochs=200, lr=0.5, batch_size=32):
    return _fit(model, X, y, rng, epochs, lr, batch_size, no_zero=True)


@mistake(
    "fit",
    "the gradient is not divided by the size of the batch",
    hints=(
        "By which factor are your steps too long?",
        "The loss is a mean over the m samples of the batch: (sigmoid(z) - y) / m, (m, 1).",
        "Divide by the number of rows.",
    ),
)
def sum_instead_of_mean(model, X, y, rng, epochs=200, lr=0.5, batch_size=32):
    return _fit(model, X, y, rng, epochs, lr, batch_size, sum=True)


@mistake(
    "fit",
    "the samples are not shuffled",
    hints=(
        "What do you use rng for?",
        "Each epoch puts the m samples in a new order, by rng.",
        "Draw a permutation at the start of each epoch.",
    ),
)
def never_shuffles(model, X, y, rng, epochs=200, lr=0.5, batch_size=32):
    return _fit(model, X, y, rng, epochs, lr, batch_size, no_shuffle=True)


@mistake(
    "fit",
    "the last, smaller batch is left out",
    hints=(
        "33 samples in batches of 32: how many of them are seen?",
        "Batches start at 0, batch_size, 2·batch_size, ... below m; the last may be smaller than the others.",
        "Let the loop run to m.",
    ),
)
def drops_the_rest(model, X, y, rng, epochs=200, lr=0.5, batch_size=32):
    return _fit(model, X, y, rng, epochs, lr, batch_size, floor=True)


@mistake(
    "fit",
    "the loss of an epoch is that of its last batch",
    hints=(
        "Is the last batch representative?",
        "The mean is over all m samples of the epoch.",
        "Add up over the batches.",
    ),
)
def loss_of_the_last(model, X, y, rng, epochs=200, lr=0.5, batch_size=32):
    return _fit(model, X, y, rng, epochs, lr, batch_size, last=True)


@mistake(
    "fit",
    "the loss of an epoch is the mean of its batches' means",
    hints=(
        "33 samples in batches of 32: how much does the last one count?",
        "The mean is over all m samples; a smaller batch has less to say.",
        "Weight by the batches' sizes, as in epoch_average.",
    ),
)
def mean_of_batches(model, X, y, rng, epochs=200, lr=0.5, batch_size=32):
    return _fit(model, X, y, rng, epochs, lr, batch_size, means=True)


@mistake(
    "fit",
    "the model is not put into training mode",
    hints=(
        "In which mode does the model come, and in which should it learn?",
        "In training mode dropout drops entries of (m, n), and batch norm looks at the batch.",
        "Call train() before the first epoch.",
    ),
)
def keeps_the_mode(model, X, y, rng, epochs=200, lr=0.5, batch_size=32):
    return _fit(model, X, y, rng, epochs, lr, batch_size, no_mode=True)
