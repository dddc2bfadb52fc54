"""Wrong implementations of batchnorm.py, as students write them."""

# ruff: noqa: FBT002 - the signature is that of the exercise

import numpy as np
from nnedu.checking import mistake


def _mixed(old, new, momentum):
    return (1 - momentum) * old + momentum * new


def _scaled(X, mean, std, gamma, beta):
    """The output and the cache, from whatever mean and standard deviation."""
    X_hat = (X - mean) / std
    return gamma * X_hat + beta, (X_hat, std, gamma)


@mistake(
    "batchnorm_forward",
    "every sample is normalised over its features, instead of every feature over the batch",
    hints=(
        "How many means should there be for a batch of 7 samples with 5 features?",
        "X is (m, d), and mean and var are (d,): one number for each feature, taken over the samples.",
        "Take both statistics along axis 0.",
    ),
)
def normalises_rows(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    if not training:
        out, cache = _scaled(X, running_mean, np.sqrt(running_var + eps), gamma, beta)
        return out, cache, running_mean, running_var
    mean, var = X.mean(axis=1, keepdims=True), X.var(axis=1, keepdims=True)
    out, cache = _scaled(X, mean, np.sqrt(var + eps), gamma, beta)
    mean, var = X.mean(axis=0), X.var(axis=0)
    return out, cache, _mixed(running_mean, mean, momentum), _mixed(running_var, var, momentum)


@mistake(
    "batchnorm_forward",
    "mean and variance have one value for each sample, also in the running statistics",
    hints=(
        "Which shape has what you call the mean of a batch with 7 samples and 5 features?",
        "mean, var, running_mean and running_var are all (d,): one number for each feature of X (m, d).",
        "Average over the first axis, not over the last one.",
    ),
)
def takes_axis_one(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    mean, var = running_mean, running_var
    if training:
        mean, var = X.mean(axis=1), X.var(axis=1)
        running_mean, running_var = _mixed(running_mean, mean, momentum), _mixed(running_var, var, momentum)
        mean, var = mean[:, None], var[:, None]
    return *_scaled(X, mean, np.sqrt(var + eps), gamma, beta), running_mean, running_var


@mistake(
    "batchnorm_forward",
    "the batch is normalised with the unbiased variance, which divides by m - 1",
    hints=(
        "With gamma = 1 and eps = 0, what is the standard deviation of your output? Is it exactly 1?",
        "var = (1/m) Σ (x - mean)², over the m samples of a feature. The estimate with m - 1 is larger.",
        "Leave numpy's ddof at its default.",
    ),
)
def unbiased_normalisation(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    mean, var = running_mean, running_var
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0, ddof=1)
        running_mean = _mixed(running_mean, mean, momentum)
        running_var = _mixed(running_var, X.var(axis=0), momentum)
    return *_scaled(X, mean, np.sqrt(var + eps), gamma, beta), running_mean, running_var


@mistake(
    "batchnorm_forward",
    "the running variance collects the unbiased variance, as in PyTorch",
    hints=(
        "By which factor is your running variance off, and how does it depend on the size of the batch?",
        "PyTorch and the paper store m/(m - 1) · var. Here both statistics (d,) are those that normalised the batch.",
        "Store the variance that you have just used, without another ddof.",
    ),
)
def unbiased_running(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    mean, var = running_mean, running_var
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running_mean = _mixed(running_mean, mean, momentum)
        with np.errstate(all="ignore"):
            running_var = _mixed(running_var, var * len(X) / np.float64(len(X) - 1), momentum)
    return *_scaled(X, mean, np.sqrt(var + eps), gamma, beta), running_mean, running_var


@mistake(
    "batchnorm_forward",
    "the unbiased variance is used everywhere",
    hints=(
        "What is your variance for a batch of one sample?",
        "var = (1/m) Σ (x - mean)², for normalising as well as for the running variance (d,).",
        "Leave out ddof: the sum is divided by m.",
    ),
)
def unbiased_everywhere(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    mean, var = running_mean, running_var
    if training:
        with np.errstate(all="ignore"):
            mean, var = X.mean(axis=0), X.var(axis=0) * len(X) / np.float64(len(X) - 1)
        running_mean, running_var = _mixed(running_mean, mean, momentum), _mixed(running_var, var, momentum)
    return *_scaled(X, mean, np.sqrt(var + eps), gamma, beta), running_mean, running_var


@mistake(
    "batchnorm_forward",
    "momentum and 1 - momentum are exchanged in the running statistics",
    hints=(
        "With momentum = 0.1, how much should one batch move the running mean: a tenth of the way, or nine tenths?",
        "running_new = (1 - momentum) · running + momentum · batch. Elsewhere momentum is the weight of the old value.",
        "Exchange the two weights.",
    ),
)
def swaps_momentum(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    mean, var = running_mean, running_var
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running_mean, running_var = _mixed(mean, running_mean, momentum), _mixed(var, running_var, momentum)
    return *_scaled(X, mean, np.sqrt(var + eps), gamma, beta), running_mean, running_var


@mistake(
    "batchnorm_forward",
    "eps is added to the root instead of under it",
    hints=(
        "Set eps to 0.3, and compare with the formula by hand. Where does it stand?",
        "X_hat = (X - mean) / sqrt(var + eps): eps belongs to the variance (d,), in training and in evaluation.",
        "Let eps join the variance before the root is taken.",
    ),
)
def eps_outside(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    mean, var = running_mean, running_var
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running_mean, running_var = _mixed(running_mean, mean, momentum), _mixed(running_var, var, momentum)
    return *_scaled(X, mean, np.sqrt(var) + eps, gamma, beta), running_mean, running_var


@mistake(
    "batchnorm_forward",
    "eps is added to the root instead of under it, in evaluation only",
    hints=(
        "Set eps to 0.3 in evaluation, and compare with your formula for training.",
        "The two modes differ only in which mean and variance they use: sqrt(var + eps) stands in both.",
        "Write the normalisation once, after the branches have chosen their statistics.",
    ),
)
def eps_outside_in_evaluation(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    if not training:
        out, cache = _scaled(X, running_mean, np.sqrt(running_var) + eps, gamma, beta)
        return out, cache, running_mean, running_var
    mean, var = X.mean(axis=0), X.var(axis=0)
    running_mean, running_var = _mixed(running_mean, mean, momentum), _mixed(running_var, var, momentum)
    return *_scaled(X, mean, np.sqrt(var + eps), gamma, beta), running_mean, running_var


@mistake(
    "batchnorm_forward",
    "eps is missing in evaluation",
    hints=(
        "What does your evaluation do with a feature whose running variance is 0?",
        "The two modes differ only in which mean and variance they use: sqrt(var + eps) stands in both.",
        "Write the normalisation once, after the branches have chosen their statistics.",
    ),
)
def no_eps_in_evaluation(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    if not training:
        out, cache = _scaled(X, running_mean, np.sqrt(running_var), gamma, beta)
        return out, cache, running_mean, running_var
    mean, var = X.mean(axis=0), X.var(axis=0)
    running_mean, running_var = _mixed(running_mean, mean, momentum), _mixed(running_var, var, momentum)
    return *_scaled(X, mean, np.sqrt(var + eps), gamma, beta), running_mean, running_var


@mistake(
    "batchnorm_forward",
    "gamma and beta are missing in evaluation",
    hints=(
        "The layers after this one were trained on gamma · X_hat + beta. What do they get in evaluation?",
        "out = gamma · X_hat + beta in both modes, with gamma and beta (d,); only X_hat is made from other statistics.",
        "Scale and shift after the branches, so that it happens in both.",
    ),
)
def no_gamma_in_evaluation(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    if not training:
        return (X - running_mean) / np.sqrt(running_var + eps), None, running_mean, running_var
    mean, var = X.mean(axis=0), X.var(axis=0)
    running_mean, running_var = _mixed(running_mean, mean, momentum), _mixed(running_var, var, momentum)
    return *_scaled(X, mean, np.sqrt(var + eps), gamma, beta), running_mean, running_var


@mistake(
    "batchnorm_forward",
    "evaluation uses the statistics of the batch instead of the running ones",
    hints=(
        "What does your evaluation give for a single sample, and does it depend on the sample at all?",
        "In evaluation mean and var are running_mean and running_var, (d,), so that a sample's output is its own.",
        "Compute the statistics of the batch only in training; else take the two that were passed.",
    ),
)
def batch_statistics_in_evaluation(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    mean, var = X.mean(axis=0), X.var(axis=0)
    if training:
        running_mean, running_var = _mixed(running_mean, mean, momentum), _mixed(running_var, var, momentum)
    return *_scaled(X, mean, np.sqrt(var + eps), gamma, beta), running_mean, running_var


@mistake(
    "batchnorm_forward",
    "evaluation moves the running statistics too",
    hints=(
        "Evaluate the same sample twice. Which running mean is used the second time?",
        "In evaluation running_mean and running_var (d,) are read, and returned as they were.",
        "Let the update of both stand inside the branch for training.",
    ),
)
def evaluation_learns(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    mean, var = X.mean(axis=0), X.var(axis=0)
    used = (mean, var) if training else (running_mean, running_var)
    out, cache = _scaled(X, used[0], np.sqrt(used[1] + eps), gamma, beta)
    return out, cache, _mixed(running_mean, mean, momentum), _mixed(running_var, var, momentum)


@mistake(
    "batchnorm_forward",
    "the flag for evaluation is ignored altogether",
    hints=(
        "Where does your function look at `training`?",
        (
            "Two things depend on it: which mean and var (d,) normalise X, and whether the running statistics move. "
            "In evaluation the running ones are used, and stay."
        ),
        "Put what belongs to the batch alone, its statistics and the update, into a branch.",
    ),
)
def ignores_the_flag(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    mean, var = X.mean(axis=0), X.var(axis=0)
    running_mean, running_var = _mixed(running_mean, mean, momentum), _mixed(running_var, var, momentum)
    return *_scaled(X, mean, np.sqrt(var + eps), gamma, beta), running_mean, running_var


@mistake(
    "batchnorm_forward",
    "the running statistics have shape (1, d)",
    hints=(
        "Compare the shape of the running mean that you were given with that of the one you return.",
        "keepdims=True makes (1, d) of the batch's mean, and broadcasting carries that into the state, which is (d,).",
        "Drop keepdims: (d,) fits the rows of X (m, d) just as well.",
    ),
)
def keeps_dimensions(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    mean, var = running_mean, running_var
    if training:
        mean, var = X.mean(axis=0, keepdims=True), X.var(axis=0, keepdims=True)
        running_mean, running_var = _mixed(running_mean, mean, momentum), _mixed(running_var, var, momentum)
    return *_scaled(X, mean, np.sqrt(var + eps), gamma, beta), running_mean, running_var


@mistake(
    "batchnorm_forward",
    "X is divided by the variance instead of its root",
    hints=(
        "X in metres has a variance in square metres. What is the unit of your X_hat?",
        "X_hat = (X - mean) / sqrt(var + eps), so that each of its columns has the standard deviation 1.",
        "A root is missing in the denominator.",
    ),
)
def divides_by_variance(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    mean, var = running_mean, running_var
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running_mean, running_var = _mixed(running_mean, mean, momentum), _mixed(running_var, var, momentum)
    return *_scaled(X, mean, var + eps, gamma, beta), running_mean, running_var


@mistake(
    "batchnorm_forward",
    "the caller's running statistics are changed in place",
    hints=(
        "Print running_mean before and after the call, outside your function. Is it the same?",
        "`running_mean *= ...` and `+=` write into the caller's array (d,). What is new goes back as a result.",
        "Build both new statistics by an expression, and return them.",
    ),
)
def running_in_place(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    mean, var = running_mean, running_var
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running_mean *= 1 - momentum
        running_mean += momentum * mean
        running_var *= 1 - momentum
        running_var += momentum * var
    return *_scaled(X, mean, np.sqrt(var + eps), gamma, beta), running_mean, running_var


@mistake(
    "batchnorm_backward",
    "mean and variance are treated as constants",
    hints=(
        "Do the columns of your dX add up to 0? Add the same number to a whole column of X: what happens to out?",
        (
            "Each x (one entry of m in its column) moves the mean and the variance of its column a little, "
            "and so all X_hat."
        ),
        "Two more terms belong to dX: one through the mean, one through the variance, both averages over the samples.",
    ),
)
def constant_statistics(dout, cache):
    X_hat, std, gamma = cache
    return dout * gamma / std, np.sum(dout * X_hat, axis=0), np.sum(dout, axis=0)


@mistake(
    "batchnorm_backward",
    "the path through the mean is missing",
    hints=(
        "Add the same number to a whole column of X. What happens to out, and what does your dX say about it?",
        "dmean = -Σ dX_hat / sqrt(var + eps), (d,), and every x of the column has the share dmean / m of it.",
        "Subtract from dX_hat its mean over the samples.",
    ),
)
def without_mean(dout, cache):
    X_hat, std, gamma = cache
    dX_hat = dout * gamma
    dX = (dX_hat - X_hat * np.mean(dX_hat * X_hat, axis=0)) / std
    return dX, np.sum(dout * X_hat, axis=0), np.sum(dout, axis=0)


@mistake(
    "batchnorm_backward",
    "the path through the variance is missing",
    hints=(
        "Stretch a column of X to twice its spread. What happens to out, and what does your dX say about it?",
        (
            "Every x of a column moves its variance too: dvar (d,) is a sum over samples, and reaches x times "
            "2 (x - mean) / m."
        ),
        "A third term is missing, in proportion to X_hat.",
    ),
)
def without_variance(dout, cache):
    X_hat, std, gamma = cache
    dX_hat = dout * gamma
    return (dX_hat - np.mean(dX_hat, axis=0)) / std, np.sum(dout * X_hat, axis=0), np.sum(dout, axis=0)


@mistake(
    "batchnorm_backward",
    "the sums are divided by the number of features instead of the number of samples",
    hints=(
        "What does the m in the formula count? Try m = d, and then m = 7 with d = 5.",
        "dout is (m, d). The mean and the variance of a feature are taken over m samples, so m divides both sums.",
        "The number that you need is the length of dout, its first dimension.",
    ),
)
def divides_by_features(dout, cache):
    X_hat, std, gamma = cache
    dX_hat, d = dout * gamma, dout.shape[1]
    dX = (dX_hat - np.sum(dX_hat, axis=0) / d - X_hat * np.sum(dX_hat * X_hat, axis=0) / d) / std
    return dX, np.sum(dout * X_hat, axis=0), np.sum(dout, axis=0)


@mistake(
    "batchnorm_backward",
    "gamma is missing in dX",
    hints=(
        "If gamma is 0 for a feature, how much can its X change the loss?",
        "out = gamma · X_hat + beta. So dX_hat, (m, d), is dout times something of shape (d,).",
        "Multiply by gamma before the three paths begin.",
    ),
)
def without_gamma(dout, cache):
    X_hat, std, _ = cache
    dX = (dout - np.mean(dout, axis=0) - X_hat * np.mean(dout * X_hat, axis=0)) / std
    return dX, np.sum(dout * X_hat, axis=0), np.sum(dout, axis=0)


@mistake(
    "batchnorm_backward",
    "dX is not divided by the standard deviation",
    hints=(
        "If a feature is measured in millimetres instead of metres, should its gradient stay the same?",
        "X_hat = (X - mean) / sqrt(var + eps): with the statistics held fixed, ∂X_hat/∂X = 1 / sqrt(var + eps), (d,).",
        "The whole bracket is still to be divided by what the forward pass divided by.",
    ),
)
def without_std(dout, cache):
    X_hat, _, gamma = cache
    dX_hat = dout * gamma
    dX = dX_hat - np.mean(dX_hat, axis=0) - X_hat * np.mean(dX_hat * X_hat, axis=0)
    return dX, np.sum(dout * X_hat, axis=0), np.sum(dout, axis=0)


@mistake(
    "batchnorm_backward",
    "dgamma is the sum of dout alone, without X_hat",
    hints=(
        "Your dgamma and dbeta are equal. Do gamma and beta do the same to out?",
        "out = gamma · X_hat + beta, so ∂out/∂gamma is X_hat (m, d), and ∂out/∂beta is 1.",
        "Multiply dout by the normalised input before you sum over the samples.",
    ),
)
def dgamma_without_X_hat(dout, cache):
    X_hat, std, gamma = cache
    dX_hat = dout * gamma
    dX = (dX_hat - np.mean(dX_hat, axis=0) - X_hat * np.mean(dX_hat * X_hat, axis=0)) / std
    return dX, np.sum(dout, axis=0), np.sum(dout, axis=0)


@mistake(
    "batchnorm_backward",
    "dgamma and dbeta are averaged over the batch instead of summed",
    hints=(
        "Who divides by m in this course: the loss, or every layer?",
        "One gamma (d,) serves all m samples, and dout (m, d) belongs to the mean loss already. Shares add up.",
        "Sum over the samples, for dgamma and for dbeta.",
    ),
)
def averages_parameters(dout, cache):
    X_hat, std, gamma = cache
    dX_hat = dout * gamma
    dX = (dX_hat - np.mean(dX_hat, axis=0) - X_hat * np.mean(dX_hat * X_hat, axis=0)) / std
    return dX, np.mean(dout * X_hat, axis=0), np.mean(dout, axis=0)


@mistake(
    "batchnorm_backward",
    "dgamma is averaged over the batch, while dbeta is summed",
    hints=(
        "dbeta is right. In which step do dgamma and dbeta differ?",
        "Both gradients (d,) collect the shares of m samples: dgamma = Σ dout · X_hat, dbeta = Σ dout.",
        "The same sum over the samples for both, and no division.",
    ),
)
def averages_dgamma(dout, cache):
    X_hat, std, gamma = cache
    dX_hat = dout * gamma
    dX = (dX_hat - np.mean(dX_hat, axis=0) - X_hat * np.mean(dX_hat * X_hat, axis=0)) / std
    return dX, np.mean(dout * X_hat, axis=0), np.sum(dout, axis=0)


@mistake(
    "batchnorm_backward",
    "dgamma and dbeta are summed over the features instead of the samples",
    hints=(
        "Which shape has gamma, and which shape has your dgamma?",
        "gamma and beta are (d,), one entry for each column of dout (m, d); each entry collects its column.",
        "Sum along the first axis.",
    ),
)
def sums_rows(dout, cache):
    X_hat, std, gamma = cache
    dX_hat = dout * gamma
    dX = (dX_hat - np.mean(dX_hat, axis=0) - X_hat * np.mean(dX_hat * X_hat, axis=0)) / std
    return dX, np.sum(dout * X_hat, axis=1), np.sum(dout, axis=1)


@mistake(
    "batchnorm_backward",
    "the caller's dout is multiplied by gamma in place",
    hints=(
        "Print dout before and after the call. And which dout do dgamma and dbeta need?",
        "`dout *= gamma` writes into the caller's array (m, d), and what is computed after it sees another dout.",
        "Give the product a name of its own.",
    ),
)
def edits_dout(dout, cache):
    X_hat, std, gamma = cache
    dgamma, dbeta = np.sum(dout * X_hat, axis=0), np.sum(dout, axis=0)
    dout *= gamma
    return (dout - np.mean(dout, axis=0) - X_hat * np.mean(dout * X_hat, axis=0)) / std, dgamma, dbeta
