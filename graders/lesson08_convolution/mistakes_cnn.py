"""Wrong implementations of cnn.py, as students write them."""

import numpy as np
from convolution import conv2d_backward
from fast import conv2d_im2col
from nnedu.checking import mistake
from pooling import maxpool2d_backward, maxpool2d_forward


def _scores(params, X):
    A = np.maximum(conv2d_im2col(X, params[0], params[1]), 0.0)
    pooled = maxpool2d_forward(A)
    features = pooled.reshape(len(X), -1)
    return A, pooled, features, features @ params[2] + params[3]


def _fitted(X, y, rng, *, filters=12, epochs=10, lr=0.2, shuffled=True, wrong_signs=False):
    """A small network after plain momentum descent."""
    params = [rng.normal(0.0, 0.4, (filters, 1, 3, 3)), np.zeros(filters)]
    params += [rng.normal(0.0, 0.1, (filters * 9, 10)), np.zeros(10)]
    moving = [0.0] * 4
    for _ in range(epochs):
        order = rng.permutation(len(X)) if shuffled else np.arange(len(X))
        for first in range(0, len(X), 32):
            batch = order[first : first + 32]
            A, pooled, features, Z = _scores(params, X[batch])
            P = np.exp(Z - Z.max(axis=1, keepdims=True))
            d = (P / P.sum(axis=1, keepdims=True) - np.eye(10)[y[batch]]) / len(batch)
            dA = maxpool2d_backward((d @ params[2].T).reshape(pooled.shape), A) * (A > 0.0)
            grads = [*conv2d_backward(dA, X[batch], params[0])[1:], features.T @ d, d.sum(axis=0)]
            if wrong_signs:
                grads[:2] = [-grad for grad in grads[:2]]
            moving = [0.8 * old - lr / 4.0 * grad for old, grad in zip(moving, grads, strict=True)]
            params = [value + move for value, move in zip(params, moving, strict=True)]
    return lambda images: _scores(params, images)[-1].argmax(axis=1)


@mistake(
    "train_cnn",
    "there are too few filters and too few epochs",
    hints=(
        "What share of the training images themselves does your network read right after each epoch?",
        (
            "With 3 filters (3, 1, 3, 3) there are only 3 · 9 features, and with 2 epochs fewer than 100 steps. "
            "Both shares, on known and on new images, are low then: that is no overfitting."
        ),
        "Try 16 filters, and go on until the share on the training images is near 1.",
    ),
)
def stops_too_early(Xtr, ytr, rng):
    predict = _fitted(Xtr / 16.0, ytr, rng, filters=3, epochs=2, lr=0.1)
    return lambda X: predict(X / 16.0)


@mistake(
    "train_cnn",
    "the images are taken in the order in which they come, and they come sorted by digit",
    hints=(
        "Print the digits of one of your batches. Which ones are in it?",
        (
            "A batch of one digit says: all scores but this one down. The next batch, of another digit, says the "
            "opposite. The gradient of a batch should stand for that of all of Xtr (m, 1, 8, 8)."
        ),
        "Draw a new order of the m images from rng in each epoch, and use it for images and digits alike.",
    ),
)
def never_shuffles(Xtr, ytr, rng):
    predict = _fitted(Xtr / 16.0, ytr, rng, shuffled=False)
    return lambda X: predict(X / 16.0)


@mistake(
    "train_cnn",
    "the pixels are used as they come, from 0 to 16",
    hints=(
        "How large are your scores before the first step, and how large is the loss?",
        (
            "Scores grow with the pixels, and the gradient of the first filters (F, 1, 3, 3) with their square: a "
            "learning rate that suits pixels up to 1 throws the weights far away."
        ),
        "Bring the pixels down to 0 ... 1 first, in training and in the function that predicts.",
    ),
)
def never_scales(Xtr, ytr, rng):
    with np.errstate(all="ignore"):
        return _fitted(Xtr, ytr, rng)


@mistake(
    "train_cnn",
    "the images are scaled in training, but not in the function that predicts",
    hints=(
        "Which range do the pixels have that your network has seen, and which have those it is asked about?",
        "Whatever happens to Xtr (m, 1, 8, 8) before the first layer has to happen to X (k, 1, 8, 8), too.",
        "Put the scaling into the forward pass, which both use.",
    ),
)
def predicts_unscaled(Xtr, ytr, rng):
    return _fitted((Xtr - 5.0) / 6.0, ytr, rng, epochs=4)


@mistake(
    "train_cnn",
    "images are scaled by the mean of those that are asked about together",
    hints=(
        "What does your function make of a single image? What is its mean over the images?",
        (
            "A mean (1, 8, 8) over the k images makes the answer for one image depend on its company; of a single "
            "image it leaves nothing."
        ),
        "Scale by a number that is known, such as the largest value a pixel can have.",
    ),
)
def scales_by_the_company(Xtr, ytr, rng):
    predict = _fitted((Xtr - Xtr.mean(axis=0)) / 6.0, ytr, rng, epochs=4)
    return lambda X: predict((X - X.mean(axis=0)) / 6.0)


@mistake(
    "train_cnn",
    "the caller's images are scaled in place",
    hints=(
        "Print Xtr.max() before and after the call. Whose array is it?",
        "`Xtr /= 16` writes into the caller's array (m, 1, 8, 8). `Xtr / 16` is a new one.",
        "Bind the scaled images to a name of their own.",
    ),
)
def scales_in_place(Xtr, ytr, rng):
    Xtr /= 16.0
    predict = _fitted(Xtr, ytr, rng)
    return lambda X: predict(X / 16.0)


@mistake(
    "train_cnn",
    "probabilities or scores are returned instead of digits",
    hints=(
        "What is the shape of predict(X) for 5 images?",
        "predict returns one digit for each image, an int array (k,). Your last layer has 10 numbers for each.",
        "Take the place of the largest score in each row.",
    ),
)
def returns_scores(Xtr, ytr, rng):
    predict = _fitted(Xtr / 16.0, ytr, rng, epochs=4)
    return lambda X: np.eye(10)[predict(X / 16.0)]


@mistake(
    "train_cnn",
    "the filters climb the loss, because their gradient has the wrong sign",
    hints=(
        "Keep the last layer fixed and train the filters alone. Does the loss fall?",
        "Each gradient comes from dscores (m, 10) = (P - Y) / m by the chain rule, and all are subtracted.",
        "Check the gradient of W1 numerically, on three images, with the function from lesson 5.",
    ),
)
def climbs_with_the_filters(Xtr, ytr, rng):
    with np.errstate(all="ignore"):
        predict = _fitted(Xtr / 16.0, ytr, rng, wrong_signs=True)
    return lambda X: predict(X / 16.0)
