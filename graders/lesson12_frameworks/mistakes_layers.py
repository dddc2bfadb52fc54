"""Wrong implementations of layers.py, as students write them."""

import numpy as np
from layers import BatchNorm, Dropout, Linear
from nnedu.checking import mistake


@mistake(
    "Linear",
    "every backward overwrites the gradients of the one before, so that they do not accumulate",
    hints=(
        "Call backward twice without zero_grad. What do the gradients become?",
        "dW, (n_in, n_out), collects what every backward says: accumulate, until zero_grad.",
        "Use += where you use =, on arrays that are zero at the start.",
    ),
)
class OverwritesGradients(Linear):
    def backward(self, dout):
        self._dW, self._db = self._X.T @ dout, dout.sum(axis=0)
        return dout @ self._W.T


@mistake(
    "Linear",
    "the input of the first forward is kept, and backward uses it for every later batch",
    hints=(
        "To which batch does your backward belong after the second forward?",
        "dW = X.T @ dout needs the X, (m, n_in), of the last forward: each forward has to renew the cache.",
        "Store X in every forward, not only where nothing is stored yet.",
    ),
)
class KeepsFirstInput(Linear):
    def forward(self, X):
        if not hasattr(self, "_X"):
            self._X = X
        return X @ self._W + self._b


@mistake(
    "Linear",
    "zero_grad does nothing",
    hints=(
        "What is in the gradients right after zero_grad?",
        "zero_grad sets dW, (n_in, n_out), and db, (n_out,), to zero.",
        "Layer's zero_grad fills what grads() returns: so grads() must return the arrays themselves, not copies.",
    ),
)
class NeverZero(Linear):
    def zero_grad(self):
        pass


@mistake(
    "Linear",
    "the bias's gradient adds up over the samples nowhere: it is the mean over them",
    hints=(
        "W's gradient is right, b's is not. By what factor?",
        "One b, (n_out,), serves all m rows: what they say adds up. The 1/m is in the gradient of the loss already.",
        "Sum over axis 0.",
    ),
)
class MeansBias(Linear):
    def backward(self, dout):
        self._dW += self._X.T @ dout
        self._db += dout.mean(axis=0)
        return dout @ self._W.T


@mistake(
    "Linear",
    "backward divides by the batch size",
    hints=(
        "Who divides by m in this course?",
        "dout, (m, n_out), already belongs to a mean loss; the layer only passes it on.",
        "Take the division out of this layer.",
    ),
)
class DividesByM(Linear):
    def backward(self, dout):
        return super().backward(dout / len(dout)) * len(dout)


@mistake(
    "Linear",
    "W starts with variance 1",
    hints=(
        "How large are the outputs of a layer with 200 inputs?",
        "W, (n_in, n_out), has the variance 2/n_in at the start.",
        "The spread that rng.normal takes is the root of that.",
    ),
)
class StartsLarge(Linear):
    def __init__(self, n_in, n_out, rng):
        super().__init__(n_in, n_out, rng)
        self._W *= np.sqrt(n_in / 2.0)


@mistake(
    "Dropout",
    "keep is taken for the probability of dropping, as in PyTorch's Dropout(p)",
    hints=(
        "With keep = 0.8, how many of 2000 ones are left?",
        "keep is the probability that an entry of X, (m, n), stays. PyTorch's p is the other one, 1 - keep.",
        "Turn the comparison round, and look at what you divide by.",
    ),
)
class DropsKeep(Dropout):
    def forward(self, X):
        drop = min(self._keep, 0.9)
        self._factor = (self._rng.random(X.shape) >= drop) / (1.0 - drop) if self.training else 1.0
        return X * self._factor


@mistake(
    "Dropout",
    "what stays is not divided by keep",
    hints=(
        "Send ones through. What is their mean in training, and in evaluation?",
        "Kept entries of X, (m, n), are divided by keep, so that evaluation needs no factor.",
        "Divide the mask by keep, once, and use it in both directions.",
    ),
)
class NoScale(Dropout):
    def forward(self, X):
        self._factor = (self._rng.random(X.shape) < self._keep) * 1.0 if self.training else 1.0
        return X * self._factor


@mistake(
    "Dropout",
    "backward sends the gradient through entries that were dropped",
    hints=(
        "Which entries of X have an influence on the output at all?",
        "dX, (m, n), is dout times the very factor by which forward multiplied X.",
        "Keep that factor in forward.",
    ),
)
class BackwardWithoutMask(Dropout):
    def backward(self, dout):
        return dout


@mistake(
    "Dropout",
    "the mask is drawn once and used in every forward",
    hints=(
        "Call forward twice. Are the same entries dropped?",
        "Each forward draws a new mask of the shape of X, (m, n).",
        "Draw in forward, whatever is there already.",
    ),
)
class OneMask(Dropout):
    def forward(self, X):
        if not self.training:
            self._factor = 1.0
        elif not hasattr(self, "_factor") or np.ndim(self._factor) == 0:
            self._factor = (self._rng.random(X.shape) < self._keep) / self._keep
        return X * self._factor


@mistake(
    "Dropout",
    "it drops in evaluation, too",
    hints=(
        "Call eval(), then forward twice. The same?",
        "In evaluation forward returns X, (m, n), as it is.",
        "Ask self.training in forward.",
    ),
)
class NoiseInEvaluation(Dropout):
    def forward(self, X):
        self._factor = (self._rng.random(X.shape) < self._keep) / self._keep
        return X * self._factor


@mistake(
    "BatchNorm",
    "the running variance gets the unbiased variance of the batch, divided by m - 1, as in PyTorch",
    hints=(
        "By which factor is your running variance off? Try batches of two sizes.",
        "running_var, (d,), moves towards the mean squared deviation: here it divides by m, in PyTorch by m - 1.",
        "Use the very variance by which you normalise.",
    ),
)
class UnbiasedRunning(BatchNorm):
    def forward(self, X):
        before = self.running_var
        out = super().forward(X)
        if self.training:
            self.running_var = (1 - self._momentum) * before + self._momentum * X.var(axis=0, ddof=1)
        return out


@mistake(
    "BatchNorm",
    "momentum is the weight of the old statistics, as in Keras",
    hints=(
        "After one batch with momentum 0.1, how much of the start is left?",
        "running, (d,), becomes (1 - momentum) · running + momentum · batch.",
        "Exchange the two weights.",
    ),
)
class MomentumTurned(BatchNorm):
    def __init__(self, d, momentum=0.1, eps=1e-5):
        super().__init__(d, 1.0 - momentum, eps)


@mistake(
    "BatchNorm",
    "evaluation normalises by the batch, and moves the running statistics",
    hints=(
        "What comes out in evaluation for a single row?",
        "In evaluation mean and var, (d,), are the running ones, which stay as they are.",
        "Ask self.training before you touch the batch's statistics.",
    ),
)
class AlwaysTrains(BatchNorm):
    def forward(self, X):
        self.training = True
        return super().forward(X)


@mistake(
    "BatchNorm",
    "dX leaves out that each sample moves the mean and the variance of the batch",
    hints=(
        "Do the columns of dX add up to zero?",
        "dX, (m, d), has three terms: direct, through the mean, through the variance.",
        "Subtract the mean of dX_hat, and X_hat times the mean of dX_hat · X_hat.",
    ),
)
class DirectTermOnly(BatchNorm):
    def backward(self, dout):
        super().backward(dout)
        return dout * self._gamma / self._std


@mistake(
    "BatchNorm",
    "every backward overwrites the gradients of gamma and beta",
    hints=(
        "Call backward twice. What do the gradients become?",
        "dgamma and dbeta, (d,), accumulate until zero_grad, as those of every layer.",
        "Use += on arrays that are zero at the start.",
    ),
)
class OverwritesNormGradients(BatchNorm):
    def backward(self, dout):
        self.zero_grad()
        return super().backward(dout)


@mistake(
    "BatchNorm",
    "params() gives out copies, so that gamma and beta are never trained",
    hints=(
        "Change what params() returns, in place. Does the layer notice?",
        "params() returns the arrays gamma and beta, (d,), themselves: a step changes them in place.",
        "Return what the layer itself uses, without copying.",
    ),
)
class CopiesOfParameters(BatchNorm):
    def params(self):
        return {name: value.copy() for name, value in super().params().items()}
