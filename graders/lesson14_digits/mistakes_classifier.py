"""Wrong implementations of classifier.py, as students write them."""

import numpy as np
from classifier import DigitClassifier
from nnedu.checking import mistake


class _Plain(DigitClassifier):
    """What the mistakes below share: everything but the slip, with fewer epochs of plain descent."""

    epochs, batch, lr, hidden = 12, 32, 0.3, 32

    def __init__(self):
        self.params = {}

    def scaled(self, X):
        return X / 16.0

    def order(self, rng, m):
        return rng.permutation(m)

    def start(self, n, rng):
        H = self.hidden
        first, second = rng.normal(0.0, np.sqrt(2.0 / n), (n, H)), rng.normal(0.0, np.sqrt(2.0 / H), (H, 10))
        return {"W1": first, "b1": np.zeros(H), "W2": second, "b2": np.zeros(10)}

    def fit(self, X, y, rng):
        X, params = self.scaled(X), self.start(X.shape[1], rng)
        for _ in range(self.epochs):
            order = self.order(rng, len(X))
            for first in range(0, len(X), self.batch):
                chosen = order[first : first + self.batch]
                with np.errstate(all="ignore"):
                    grads = self.loss_and_gradients(params, X[chosen], y[chosen])[1]
                params = {name: params[name] - self.lr * grads[name] for name in params}
        self.params = params
        return self

    def scores(self, X):
        A = np.maximum(X @ self.params["W1"] + self.params["b1"], 0.0)
        return A @ self.params["W2"] + self.params["b2"]

    def predict_proba(self, X):
        with np.errstate(all="ignore"):
            Z = self.scores(X / 16.0)
            E = np.exp(Z - Z.max(axis=1, keepdims=True))
            return E / E.sum(axis=1, keepdims=True)

    def save(self):
        return dict(self.params)

    def load(self, state):
        self.params = dict(state)
        return self


def _walk(params, X, y, slope):
    """The right loss, and gradients in which `slope(A, dA)` stands for the derivative of ReLU."""
    inputs, L = [X], len(params) // 2
    for layer in range(1, L + 1):
        Z = inputs[-1] @ params[f"W{layer}"] + params[f"b{layer}"]
        inputs.append(np.maximum(Z, 0.0))
    P = np.exp(Z - Z.max(axis=1, keepdims=True))
    dZ, grads = (P / P.sum(axis=1, keepdims=True) - np.eye(Z.shape[1])[y]) / len(X), {}
    for layer in range(L, 0, -1):
        grads[f"W{layer}"], grads[f"b{layer}"] = inputs[layer - 1].T @ dZ, dZ.sum(axis=0)
        dZ = slope(inputs[layer - 1], dZ @ params[f"W{layer}"].T)
    return DigitClassifier().loss_and_gradients(params, X, y)[0], grads


@mistake(
    "DigitClassifier",
    "the derivative of ReLU is left out on the way back",
    hints=(
        "Your network learns. Is its gradient right? Compare it with a numerical one, on three images.",
        "The chain from dZ2 (m, 10) to dZ1 (m, h) has two links: the weights W2, and the slope of ReLU, 0 or 1.",
        "Where a hidden unit was silent, nothing flows back.",
    ),
)
class ForgetsTheSlope(_Plain):
    lr = 0.05

    def loss_and_gradients(self, params, X, y):
        return _walk(params, X, y, lambda A, dA: dA)


@mistake(
    "DigitClassifier",
    "only the last layer's gradient is right: the others are too small by a factor of m",
    hints=(
        "Compare each of your gradients with a numerical one. Which layer departs first, and by which factor?",
        "The division by m sits in the gradient of the mean loss, dZ (m, K), once. What comes before it inherits it.",
        "Look for a second division on the way back.",
    ),
)
class DividesInEachLayer(_Plain):
    lr = 0.5

    def loss_and_gradients(self, params, X, y):
        return _walk(params, X, y, lambda A, dA: dA * (A > 0) / len(X))


@mistake(
    "DigitClassifier",
    "gradients are sums over the batch, while the loss is a mean",
    hints=(
        "Put each image of a batch in twice. Does your loss change, and does your gradient?",
        "The loss is a mean over m rows, so that dZ = (P - Y) / m with shape (m, K).",
        "One division is missing, at the end where the way back begins.",
    ),
)
class ForgetsTheMean(_Plain):
    lr = 0.01

    def loss_and_gradients(self, params, X, y):
        loss, grads = super().loss_and_gradients(params, X, y)
        return loss, {name: len(X) * grad for name, grad in grads.items()}


@mistake(
    "DigitClassifier",
    "the biases have no gradient, and stay where they are",
    hints=(
        "Print the biases after training.",
        "b (k,) is added to each of the m rows of Z (m, k), so that it gets what arrives at all of them.",
        "The gradient of b sums dZ over the samples.",
    ),
)
class ForgetsTheBiases(_Plain):
    def loss_and_gradients(self, params, X, y):
        loss, grads = super().loss_and_gradients(params, X, y)
        return loss, {name: grad if name[0] == "W" else 0.0 * grad for name, grad in grads.items()}


@mistake(
    "DigitClassifier",
    "the loss is a sum, or a mean over all entries, where its gradient is that of the mean over the rows",
    hints=(
        "Work the example by hand. By which factor is your loss off?",
        "The loss is the mean over m rows of -log(probability of the true class): one term per row, not K.",
        "Divide by the number of rows, and by nothing else.",
    ),
)
class AveragesOverEntries(_Plain):
    def loss_and_gradients(self, params, X, y):
        loss, grads = super().loss_and_gradients(params, X, y)
        return loss / len(params[f"b{len(params) // 2}"]), grads


@mistake(
    "DigitClassifier",
    "the logarithm is taken of a probability that may be 0, so that the loss is infinite or capped for large scores",
    hints=(
        "Which loss do you get for scores of 3000 and 0, when the second class is true?",
        (
            "softmax rounds to 0 there, but its logarithm is a number: score minus maximum minus log of the "
            "sum of exponentials."
        ),
        "Compute the logarithm of softmax directly from the scores.",
    ),
)
class ClipsProbabilities(_Plain):
    def loss_and_gradients(self, params, X, y):
        loss, grads = super().loss_and_gradients(params, X, y)
        return min(loss, 27.6), grads


@mistake(
    "DigitClassifier",
    "pixels go into training as they come, from 0 to 16",
    hints=(
        "How large is your loss after the first step?",
        "Gradients of W1 (64, h) grow with the pixels: 16 times as large ones need other learning rates and starts.",
        "Bring the pixels down to 0 ... 1 in fit, and in predict_proba.",
    ),
)
class NeverScales(_Plain):
    lr = 0.6

    def scaled(self, X):
        return X

    def predict_proba(self, X):
        return super().predict_proba(16.0 * X)


@mistake(
    "DigitClassifier",
    "the images are scaled in training, but not where it predicts",
    hints=(
        "Which range have the pixels that your network has learned from, and which those that it is asked about?",
        "Whatever happens to X (m, 64) before the first layer in fit has to happen in predict_proba.",
        "Put the scaling where both pass.",
    ),
)
class PredictsUnscaled(_Plain):
    def scaled(self, X):
        return (X - 5.0) / 6.0

    def predict_proba(self, X):
        return super().predict_proba(16.0 * X)


@mistake(
    "DigitClassifier",
    "images are scaled by mean and deviation of those that are asked about together",
    hints=(
        "What does your classifier make of one single image?",
        "A mean (64,) over the k images of a question makes each answer depend on its company.",
        "Learn mean and deviation in fit, keep them, and save them as well; or divide by 16.",
    ),
)
class ScalesByTheCompany(_Plain):
    lr = 0.1

    def scaled(self, X):
        return (X - X.mean(axis=0)) / (X.std(axis=0) + 1.0)

    def predict_proba(self, X):
        return super().predict_proba(16.0 * self.scaled(X))


@mistake(
    "DigitClassifier",
    "the most probable *image* of each class is returned, because argmax runs along the wrong axis",
    hints=(
        "What is the shape of predict(X) for 300 images?",
        "In predict_proba(X), (k, 10), a row is an image. The page that this lesson starts from has columns.",
        "Look for the largest entry of each row.",
    ),
)
class ArgmaxOverImages(_Plain):
    def predict(self, X):
        return self.predict_proba(X).argmax(axis=0)


@mistake(
    "DigitClassifier",
    "what is returned as probabilities are scores, or sigmoids of them: rows do not sum to 1",
    hints=(
        "Add up a row of predict_proba(X).",
        (
            "Ten digits exclude each other. Ten sigmoids answer ten separate questions; softmax shares out 1 "
            "among (k, 10)."
        ),
        "End with softmax in predict_proba, as in the loss.",
    ),
)
class EndsWithSigmoids(_Plain):
    def predict_proba(self, X):
        return 1.0 / (1.0 + np.exp(-self.scores(X / 16.0)))


@mistake(
    "DigitClassifier",
    "the network learns its images by heart: it knows those, and answers others at random",
    hints=(
        "Which share of *new* images does your classifier read right?",
        "A table of the m images that were seen is no network: hold some out, and look at both shares.",
        "Predict from the scores of the network, for known and new images alike.",
    ),
)
class KnowsByHeart(_Plain):
    def fit(self, X, y, rng):
        super().fit(X, y, rng)
        self.known = {row.tobytes(): int(label) for row, label in zip(X, y, strict=True)}
        return self

    def predict_proba(self, X):
        labels = [self.known.get(row.tobytes(), int(row[20])) % 10 for row in X]
        return np.eye(10)[labels] * 0.91 + 0.009


@mistake(
    "DigitClassifier",
    "a seed inside decides, whatever rng is given",
    hints=(
        "Train twice, with two rngs. Are the networks the same?",
        "A number from one seed says nothing about the next: how sure you can be is seen over five trainings.",
        "Draw the start and the batches from rng.",
    ),
)
class SeedsInside(_Plain):
    def fit(self, X, y, rng):
        return super().fit(X, y, np.random.default_rng(42))


@mistake(
    "DigitClassifier",
    "a second fit goes on from where the first one ended",
    hints=(
        "Fit twice with the same rng. Do you get the same network as with one fit?",
        "fit starts anew: W1 (64, h) and all others are drawn in fit, not when the object is made.",
        "Move the start into fit.",
    ),
)
class GoesOn(_Plain):
    def start(self, n, rng):
        fresh = super().start(n, rng)
        return self.params or fresh


@mistake(
    "DigitClassifier",
    "the images are scaled in place, and the caller's pixels are changed",
    hints=(
        "Print X.max() before and after fit. Whose array is it?",
        "`X /= 16` writes into the caller's (m, 64). `X / 16` is a new array.",
        "Give the scaled images a name of their own.",
    ),
)
class ScalesInPlace(_Plain):
    def scaled(self, X):
        X /= 16.0
        return X


@mistake(
    "DigitClassifier",
    "a step of training is taken where only the loss was asked for",
    hints=(
        "Ask for the loss of the same images twice. Is it the same?",
        "loss_and_gradients is a measurement: params (W1, b1, ...) are the caller's, and stay as they are.",
        "Leave the update to fit, and let it make new arrays.",
    ),
)
class StepsInTheLoss(_Plain):
    def loss_and_gradients(self, params, X, y):
        loss, grads = super().loss_and_gradients(params, X, y)
        for name, grad in grads.items():
            params[name] -= 0.01 * grad
        return loss, grads


@mistake(
    "DigitClassifier",
    "only the weights are saved, and the biases are lost",
    hints=(
        "Compare predict_proba before you save, and after another classifier has loaded.",
        "All that predict_proba needs has to be in the dict: W1, b1, ..., and what fit has learned about the pixels.",
        "Save every array that is used where you predict.",
    ),
)
class SavesWeightsOnly(_Plain):
    def load(self, state):
        self.params = {name: value if name[0] == "W" else 0.0 * value for name, value in state.items()}
        return self


@mistake(
    "DigitClassifier",
    "training stops much too early",
    hints=(
        "What share of the *training* images does your network read right after each epoch?",
        "With 4 hidden units and one epoch both shares are low: that is no overfitting.",
        "More units (64, h), more epochs: go on until the training loss hardly falls.",
    ),
)
class StopsTooEarly(_Plain):
    epochs, hidden, lr = 2, 5, 0.05


@mistake(
    "DigitClassifier",
    "training ends a little too early, or with too few units, for 93 % of new images",
    hints=(
        "Are the shares on known and on new images both near 92 %, or far apart?",
        "If both are low, the network (64, h, 10) is too small or not trained to its end.",
        "Try 64 units, and let the learning rate fall towards the end.",
    ),
)
class StaysSmall(_Plain):
    epochs, hidden, lr = 4, 32, 0.12


@mistake(
    "DigitClassifier",
    "there are too few hidden units for 95 % of new images",
    hints=(
        "How many hidden units does your network have?",
        "A dozen units, W1 (64, 12), are a narrow door: all that the last layer learns of an image are twelve numbers.",
        "Give it some dozens of hidden units, and time to train.",
    ),
)
class HasFewUnits(_Plain):
    epochs, hidden, lr = 10, 12, 0.13
