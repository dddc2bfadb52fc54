"""Wrong implementations of transformer.py, as students write them."""

import numpy as np
from nnedu.checking import mistake
from tasks import sample
from transformer import MiniTransformer, _log_softmax, _merge, _norm, _norm_backward, _product, _real, _split, _start


class _Plain(MiniTransformer):
    """What the mistakes below share: each step of the way there and back is a method, and training is short."""

    most, batch, lr = 90, 32, 0.02

    def fit(self, task, rng, steps):
        self.params, moments = self.begin(rng), {}
        for t in range(1, min(steps, self.most) + 1):
            with np.errstate(all="ignore"):
                grads = self.gradients(*self.draw(task, rng))
            rate = self.lr * (1.0 - t / (steps + 1))
            for name, grad in grads.items():
                m, v = moments.get(name, (0.0, 0.0))
                moments[name] = m, v = 0.9 * m + 0.1 * grad, 0.99 * v + 0.01 * grad**2
                self.params[name] = self.params[name] - rate * m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.99**t)) + 1e-8)
        return self

    def begin(self, rng):
        return _start(self._vocab, self._positions.shape[1], rng)

    def draw(self, task, rng):
        return sample(task, rng, self.batch)

    def root(self, d):
        return np.sqrt(d)

    def root_back(self, d):
        return self.root(d)

    def split(self, Z):
        return _split(Z, self._n_heads)

    def merge(self, Z):
        return _merge(Z)

    def weigh(self, similar, real):
        return np.exp(_log_softmax(np.where(real[:, None, None, :], similar, -np.inf)))

    def jacobian(self, w, dw):
        return w * (dw - np.sum(w * dw, axis=-1, keepdims=True))

    def norm_back(self, d, kept, gamma):
        return _norm_backward(d, kept, gamma)

    def relu_back(self, d, hidden):
        return d * (hidden > 0)

    def counts(self, ids, lengths):
        real = _real(ids, lengths)
        return real / real.sum()

    def collect(self, dE, ids, dX):
        np.add.at(dE, ids, dX)

    def paths(self, p, dsum1, dQ, dK, dV):
        return dsum1 + dQ @ p["Wq"].T + dK @ p["Wk"].T + dV @ p["Wv"].T

    def loss(self, ids, targets, lengths=None):
        log_proba = _log_softmax(self._forward(ids, lengths)[0])
        picked = np.take_along_axis(log_proba, targets[..., None], axis=-1)[..., 0]
        return float(-np.sum(picked * self.counts(ids, lengths)))

    def _forward(self, ids, lengths):
        p = self.params
        X = p["E"][ids] + self._positions
        Q, K, V = (self.split(X @ p[name]) for name in ("Wq", "Wk", "Wv"))
        weights = self.weigh(Q @ K.swapaxes(-1, -2) / self.root(K.shape[-1]), _real(ids, lengths))
        heads = self.merge(weights @ V)
        A, norm1 = _norm(X + heads @ p["Wo"], p["g1"], p["be1"])
        hidden = np.maximum(A @ p["W1"] + p["b1"], 0.0)
        B, norm2 = _norm(A + hidden @ p["W2"] + p["b2"], p["g2"], p["be2"])
        return B @ p["U"] + p["c"], (X, Q, K, V, weights, heads, norm1, A, hidden, norm2, B)

    def gradients(self, ids, targets, lengths=None):
        p = self.params
        scores, (X, Q, K, V, weights, heads, norm1, A, hidden, norm2, B) = self._forward(ids, lengths)
        dscores = np.exp(_log_softmax(scores)) - np.eye(scores.shape[-1])[targets]
        dscores = dscores * self.counts(ids, lengths)[..., None]
        dsum2, dg2, dbe2 = self.norm_back(dscores @ p["U"].T, norm2, p["g2"])
        dhidden = self.relu_back(dsum2 @ p["W2"].T, hidden)
        dsum1, dg1, dbe1 = self.norm_back(dsum2 + dhidden @ p["W1"].T, norm1, p["g1"])
        dheads = self.split(dsum1 @ p["Wo"].T)
        slopes = self.jacobian(weights, dheads @ V.swapaxes(-1, -2)) / self.root_back(K.shape[-1])
        dQ, dK = self.merge(slopes @ K), self.merge(slopes.swapaxes(-1, -2) @ Q)
        dV = self.merge(weights.swapaxes(-1, -2) @ dheads)
        dE = np.zeros(p["E"].shape)
        self.collect(dE, ids, self.paths(p, dsum1, dQ, dK, dV))
        products = {"Wq": (X, dQ), "Wk": (X, dK), "Wv": (X, dV), "Wo": (heads, dsum1)}
        products |= {"W1": (A, dhidden), "W2": (hidden, dsum2), "U": (B, dscores)}
        grads = {name: _product(*pair) for name, pair in products.items()}
        sums = {"b1": dhidden, "b2": dsum2, "c": dscores}
        grads |= {name: d.sum(axis=(0, 1)) for name, d in sums.items()}
        return grads | {"E": dE, "g1": dg1, "be1": dbe1, "g2": dg2, "be2": dbe2}


@mistake(
    "MiniTransformer",
    "there is no positional encoding",
    hints=(
        "Exchange two symbols of a sequence. What happens to what your model says of the others?",
        "Attention and ffn treat a place as any other: without PE (T, D) the block cannot know what is first.",
        "Add a row of waves to each embedded symbol, before the block.",
    ),
)
class ForgetsPositions(_Plain):
    def __init__(self, *args):
        super().__init__(*args)
        self._positions = np.zeros(self._positions.shape)


@mistake(
    "MiniTransformer",
    "scores of attention are not divided by the root of d",
    hints=(
        "Are your weights of attention too sharp, or too even?",
        "A head has d = D / n_heads columns; q · k sums d products, so its deviation grows like √d.",
        "Divide by the root of the columns of one head, there and on the way back.",
    ),
)
class ForgetsTheRoot(_Plain):
    def root(self, d):
        return 1.0


@mistake(
    "MiniTransformer",
    "scores of attention are divided by the root of D, of all heads together",
    hints=(
        "Is everything right with one head, and wrong with three?",
        "Each head sums over its own d = D / n_heads columns.",
        "Take the number of columns from the keys after they were cut into heads.",
    ),
)
class ScalesByAllColumns(_Plain):
    def root(self, d):
        return np.sqrt(d * self._n_heads)


@mistake(
    "MiniTransformer",
    "the way back through the scores of attention forgets the root of d",
    hints=(
        "Which of your gradients are off by one common factor?",
        "scores = Q Kᵀ / √d, so what arrives at Q (m, h, T, d) and K has been divided by √d as well.",
        "Divide the gradient of the scores by the same number as the scores.",
    ),
)
class ForgetsTheRootBack(_Plain):
    def root_back(self, d):
        return 1.0


@mistake(
    "MiniTransformer",
    "the way back through the softmax of attention takes each weight for itself: w (1 - w)",
    hints=(
        "When one weight of a row grows, what do the others do?",
        "With w a row of weights (T,) and dw its gradient: w · (dw - Σ w dw). Rows of the result sum to 0.",
        "Subtract from dw its mean, weighted by w, before you multiply by w.",
    ),
)
class LetsNoWeightCompete(_Plain):
    def jacobian(self, w, dw):
        return w * (1.0 - w) * dw


@mistake(
    "MiniTransformer",
    "softmax in attention runs along the queries",
    hints=(
        "Add up a row of your weights, and then a column.",
        "In weights (m, h, T, T) a row is who asks; it shares out 1 among the keys.",
        "Normalise over the last axis.",
    ),
)
class SoftmaxOverQueries(_Plain):
    def weigh(self, similar, real):
        return super().weigh(similar.swapaxes(-1, -2), real).swapaxes(-1, -2)

    def jacobian(self, w, dw):
        return w * (dw - np.sum(w * dw, axis=-2, keepdims=True))


@mistake(
    "MiniTransformer",
    "columns are cut into heads by one reshape, which mixes places and heads",
    hints=(
        "Is everything right with one head?",
        "(m, T, D) becomes (m, T, h, d) by reshape, and (m, h, T, d) by exchanging two axes.",
        "Reshape so that only the last axis is cut; bring heads to the front with swapaxes, and back before you merge.",
    ),
)
class CutsAcrossPlaces(_Plain):
    def split(self, Z):
        m, T, D = Z.shape
        return Z.reshape(m, self._n_heads, T, D // self._n_heads)

    def merge(self, Z):
        m, h, T, d = Z.shape
        return Z.reshape(m, T, h * d)


@mistake(
    "MiniTransformer",
    "the way back forgets the path around attention",
    hints=(
        "Which ways lead from X to the loss? Count them.",
        "X (m, T, D) goes into Q, into K, into V, and straight into the sum before the first norm: four ways.",
        "What arrives at the sum belongs to X as it is, beside what comes through attention.",
    ),
)
class ForgetsThePathAround(_Plain):
    def paths(self, p, dsum1, dQ, dK, dV):
        return super().paths(p, 0.0, dQ, dK, dV)


@mistake(
    "MiniTransformer",
    "the way back from attention to the embedding leaves out the values",
    hints=(
        "Wq, Wk, Wv are right, and E is not. What lies between them?",
        "X (m, T, D) is multiplied by three matrices, and three gradients come back and are added.",
        "Add the share that comes back through Wv.",
    ),
)
class ForgetsTheValues(_Plain):
    def paths(self, p, dsum1, dQ, dK, dV):
        return super().paths(p, dsum1, dQ, dK, 0.0 * dV)


@mistake(
    "MiniTransformer",
    "of a symbol that comes several times, only one place moves its row of E",
    hints=(
        "Is E's gradient right where all symbols are different?",
        "Row v of E (vocab, D) is used at all places with ids = v: its gradient is the sum over them.",
        "`dE[ids] += dX` writes each row once, however often it is named. np.add.at adds each time.",
    ),
)
class CountsASymbolOnce(_Plain):
    def collect(self, dE, ids, dX):
        dE[ids] += dX


@mistake(
    "MiniTransformer",
    "the way back through the norms takes mean and deviation for constants",
    hints=(
        "Add up what your norm passes back for one token. Is it 0?",
        "All D numbers of a token move its mean and its deviation: three terms, as in lesson 10.",
        "Subtract two means from the gradient of X_hat: its own, and X_hat times that of their product.",
    ),
)
class NormOfConstants(_Plain):
    def norm_back(self, d, kept, gamma):
        return d * gamma / kept[1], *_norm_backward(d, kept, gamma)[1:]


@mistake(
    "MiniTransformer",
    "the derivative of ReLU is left out on the way back",
    hints=(
        "W2 and b2 are right, W1 and b1 are not. What lies between them?",
        "hidden (m, T, F) is 0 where relu cut something off: nothing flows back there.",
        "Multiply by 1 where hidden is above 0, and by 0 elsewhere.",
    ),
)
class ForgetsTheSlope(_Plain):
    def relu_back(self, d, hidden):
        return d


@mistake(
    "MiniTransformer",
    "gradients are sums over all places, while the loss is a mean",
    hints=(
        "By which factor are your gradients off, and is it one for all?",
        "The loss is a mean over all real places, m · T of them without padding, and so is its gradient.",
        "Divide once, where the way back begins: in the gradient of the scores.",
    ),
)
class SumsOverPlaces(_Plain):
    def gradients(self, ids, targets, lengths=None):
        grads = super().gradients(ids, targets, lengths)
        return {name: _real(ids, lengths).sum() * grad for name, grad in grads.items()}


@mistake(
    "MiniTransformer",
    "the loss is divided by the number of sequences, not by that of all places",
    hints=(
        "Work the example by hand: a mean of how many numbers is it?",
        "Each of the m · T places has a cross-entropy of its own; the loss is their mean.",
        "Divide by the number of real places, in the loss and in its gradient.",
    ),
)
class DividesBySequences(_Plain):
    def counts(self, ids, lengths):
        return _real(ids, lengths) / len(ids)


@mistake(
    "MiniTransformer",
    "padding is not masked in attention",
    hints=(
        "Change a symbol in the padding. Does anything else change?",
        "Key j of sequence i may be attended to where j < lengths[i]: a mask (m, 1, 1, T) for scores (m, h, T, T).",
        "Put -inf where there is padding, before softmax.",
    ),
)
class IgnoresPadding(_Plain):
    def weigh(self, similar, real):
        return super().weigh(similar, np.ones_like(real))


@mistake(
    "MiniTransformer",
    "padding is masked after softmax, so that rows of weights do not sum to 1",
    hints=(
        "Add up a row of your weights where there is padding.",
        "A weight that is set to 0 after softmax has taken its part of the 1 away from the others.",
        "Mask the scores (m, h, T, T), and let softmax share out the 1 among what is left.",
    ),
)
class MasksAfterSoftmax(_Plain):
    def weigh(self, similar, real):
        return super().weigh(similar, np.ones_like(real)) * real[:, None, None, :]


@mistake(
    "MiniTransformer",
    "scores of padding are set to 0 before softmax, where they should be -inf",
    hints=(
        "What is exp(0)?",
        "A score of 0 is an ordinary one: padding still gets its part of the 1 in each row of (m, h, T, T).",
        "Only a score of -inf has no weight at all.",
    ),
)
class MasksWithZeros(_Plain):
    def weigh(self, similar, real):
        return super().weigh(np.where(real[:, None, None, :], similar, 0.0), np.ones_like(real))


@mistake(
    "MiniTransformer",
    "the mask hides padding as queries, in rows, and not as keys, in columns",
    hints=(
        "In your weights, which rows change when there is padding, and which columns?",
        "weights (m, h, T, T): rows ask, columns are asked. Nobody may attend to padding, so its columns are 0.",
        "The mask has its T in the last axis, and 1 in the one before.",
    ),
)
class HidesQueries(_Plain):
    def weigh(self, similar, real):
        return super().weigh(similar, np.ones_like(real)) * real[:, None, :, None]


@mistake(
    "MiniTransformer",
    "the mask has no axis for the heads: it crashes, or takes heads for sequences where there are as many",
    hints=(
        "Which shapes have the scores and the mask? Write them below each other, from the right.",
        "scores are (m, h, T, T). A mask (m, 1, T) is stretched to (1, m, 1, T), with sequences where heads are.",
        "Give the mask an axis of length 1 for the heads, after the one for the sequences.",
    ),
)
class MaskWithoutHeads(_Plain):
    def weigh(self, similar, real):
        return np.exp(_log_softmax(np.where(real[:, None, :] | real.all(), similar, -np.inf)))


@mistake(
    "MiniTransformer",
    "padding counts in the loss",
    hints=(
        "Change a target in the padding. Does the loss change?",
        "The mean runs over the real places, lengths.sum() of them, in the loss and in its gradient.",
        "Give places of padding a weight of 0, and divide by the number of the others.",
    ),
)
class CountsPadding(_Plain):
    def counts(self, ids, lengths):
        return np.full(ids.shape, 1.0 / ids.size)


@mistake(
    "MiniTransformer",
    "lengths count in the loss, but not where the model predicts",
    hints=(
        "Call attention(ids, lengths). Which column should be 0?",
        "All four, loss, gradients, predict and attention, go the same way forward, with the same mask.",
        "Hand lengths on in predict and attention as well.",
    ),
)
class PredictsWithoutLengths(_Plain):
    def predict(self, ids, lengths=None):
        return super().predict(ids)

    def attention(self, ids, lengths=None):
        return super().attention(ids)


@mistake(
    "MiniTransformer",
    "training goes over one fixed batch",
    hints=(
        "Compare the loss on the batch that you train on with that on a new one.",
        "64 sequences are soon known by heart; there are 8^6 = 262,144.",
        "Draw a fresh batch inside the loop.",
    ),
)
class LearnsOneBatch(_Plain):
    def draw(self, task, rng):
        if not hasattr(self, "drawn"):
            self.drawn = super().draw(task, rng)
        return self.drawn


@mistake(
    "MiniTransformer",
    "a seed inside decides, whatever rng is given",
    hints=(
        "Train twice, with two rngs. Are the parameters the same?",
        "A result from one seed says little about the next one.",
        "Draw the start and the batches from rng.",
    ),
)
class SeedsInside(_Plain):
    def fit(self, task, rng, steps):
        return super().fit(task, np.random.default_rng(42), steps)


@mistake(
    "MiniTransformer",
    "a second fit goes on from where the first one ended",
    hints=(
        "Fit twice with the same rng. Do you get the parameters of one fit?",
        "fit starts anew: E (vocab, D) and all others are drawn in fit.",
        "Move the start into fit.",
    ),
)
class GoesOn(_Plain):
    def begin(self, rng):
        fresh = super().begin(rng)
        return self.params or fresh


@mistake(
    "MiniTransformer",
    "training stops much too early, or takes steps that are much too small",
    hints=(
        "What is the loss at the end of training? In doubt between 8 symbols it is ln 8 = 2.08.",
        "Adam moves each weight by about lr in a step: 500 steps of 1e-5 lead nowhere.",
        "Try learning rates between 0.001 and 0.01, and look at the loss every 100 steps.",
    ),
)
class HardlyMoves(_Plain):
    most, lr = 20, 1e-5


@mistake(
    "MiniTransformer",
    "it always learns to reverse, whatever the task is",
    hints=(
        "Fit with 'sort', and print what the model makes of a sequence.",
        "The targets (m, T) say what is to be learned: they are from sample(task, ...).",
        "Hand the task on.",
    ),
)
class KnowsOneTask(_Plain):
    def fit(self, task, rng, steps):
        return MiniTransformer.fit(self, "reverse", rng, steps)


@mistake(
    "MiniTransformer",
    "the logarithm is taken of a probability that may be 0, so that the loss is infinite or capped for large scores",
    hints=(
        "Which loss do you get for scores of 2000 and 0, when the second one is right?",
        "softmax rounds to 0 there, but its logarithm is a number: score - maximum - log of the sum of exponentials.",
        "Compute the logarithm of softmax directly from the scores.",
    ),
)
class ClipsProbabilities(_Plain):
    def loss(self, ids, targets, lengths=None):
        proba = np.exp(_log_softmax(self._forward(ids, lengths)[0]))
        picked = np.take_along_axis(proba, targets[..., None], axis=-1)[..., 0]
        return float(-np.sum(np.log(picked + 1e-300) * self.counts(ids, lengths)))


@mistake(
    "MiniTransformer",
    "gradients takes a step as well, where it was only asked for a direction",
    hints=(
        "Ask for the loss, for the gradients, and for the loss again.",
        "gradients is a measurement: params stay as they are.",
        "Leave the update to fit.",
    ),
)
class StepsInGradients(_Plain):
    def gradients(self, ids, targets, lengths=None):
        grads = super().gradients(ids, targets, lengths)
        for name, grad in grads.items():
            self.params[name] = self.params[name] - 0.01 * grad
        return grads


@mistake(
    "MiniTransformer",
    "what is named is the most probable place of each symbol: argmax runs along the wrong axis",
    hints=(
        "What is the shape of predict(ids) for ids (9, 5) and 7 symbols?",
        "scores are (m, T, vocab): for each place, find the symbol with the largest score.",
        "Take argmax over the last axis.",
    ),
)
class ArgmaxOverPlaces(_Plain):
    def predict(self, ids, lengths=None):
        return self._forward(ids, lengths)[0].argmax(axis=1)
