"""Figures of lesson 7: overfitting and when to stop, what penalties pull, dropout, batch normalisation."""

import numpy as np
from drawing import BLUE, GREEN, GREY, INK, ORANGE, PALE_BLUE, PURPLE, panels, solution
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

_backprop = solution("lesson05_backpropagation", "backprop")
_optimizer = solution("lesson06_optimizers", "optimizer")
_forward = solution("lesson04_forward", "forward")
_penalties = solution("lesson07_regularization", "penalties")
_dropout = solution("lesson07_regularization", "dropout")
_batchnorm = solution("lesson07_regularization", "batchnorm")
_stopping = solution("lesson07_regularization", "stopping")
_BLUES = ListedColormap(["white", PALE_BLUE, BLUE])  # 0, 1, 2


def _points(rng: np.random.Generator, m: int) -> tuple[np.ndarray, np.ndarray]:
    """Return points in the plane with a curved border between the classes, a fifth of the labels wrong."""
    X = rng.normal(size=(m, 2))
    Y = (X[:, :1] ** 2 + X[:, 1:] > 0.7) ^ (rng.random((m, 1)) < 0.15)
    return X, Y.astype(float)


def overfitting() -> Figure:
    """Draw both losses of a network that is far too large for its 60 samples, and where early stopping ends."""
    rng = np.random.default_rng(4)
    (X, Y), (X_val, Y_val) = _points(rng, 60), _points(rng, 400)
    params = _forward.init_params([2, 64, 64, 1], rng)
    optimizer, stopper = _optimizer.Optimizer("adam", 0.002), _stopping.EarlyStopping(patience=15)
    losses, stopped = [], None
    for epoch in range(200):
        losses.append((_backprop.mean_loss(X, Y, params), _backprop.mean_loss(X_val, Y_val, params)))
        if stopped is None and stopper(losses[-1][1]):
            stopped = epoch
        params = optimizer.step(params, _backprop.backprop(X, Y, params))
    figure, (axes,) = panels(1, height=2.9, width=6.4)
    training, validation = zip(*losses, strict=True)
    axes.plot(training, color=BLUE, label="training loss")
    axes.plot(validation, color=ORANGE, label="validation loss")
    best = (stopper.best_epoch, validation[stopper.best_epoch])
    axes.plot(*best, "o", color=INK)
    axes.annotate("best epoch", best, (0, 8), textcoords="offset points", ha="center")
    axes.axvline(stopped, color=GREY, linewidth=1.0, linestyle="--")
    axes.text(stopped + 2, 0.08, f"patience = 15 is used up\nin epoch {stopped}", color=GREY, size=8.5)
    axes.set(xlabel="epoch", ylabel="mean loss", xlim=(0, 200), ylim=(0, None))
    axes.legend(loc="upper center")
    return figure


def penalties() -> Figure:
    """Draw four weights that nothing but a penalty pulls at."""
    figure, all_axes = panels(2, height=2.6, sharey=True)
    for penalty, axes in zip((_penalties.l2_penalty, _penalties.l1_penalty), all_axes, strict=True):
        weights = [np.array([2.0, 1.0, 0.4, -0.8])]
        for _ in range(120):
            weights.append(weights[-1] - 0.1 * penalty({"W1": weights[-1]}, 0.1)[1]["W1"])
        for k, colour in enumerate((BLUE, GREEN, ORANGE, PURPLE)):
            axes.plot(np.array(weights)[:, k], color=colour)
        axes.axhline(0.0, color=GREY, linewidth=0.8)
        axes.set(xlabel="step", xlim=(0, 120))
    all_axes[0].set(title="L2: a fixed share of each weight, never all of it", ylabel="weight")
    all_axes[1].set(title="L1: a fixed amount, until nothing is left")
    return figure


def dropout() -> Figure:
    """Draw what two training steps and evaluation make of an array of ones, for keep_prob = 0.5."""
    rng, ones = np.random.default_rng(2), np.ones((6, 10))
    passes = [_dropout.dropout_forward(ones, 0.5, rng)[0] for _ in range(2)]
    passes.append(_dropout.dropout_forward(ones, 0.5, rng, training=False)[0])
    figure, all_axes = panels(3, height=2.0)
    for out, name, axes in zip(passes, ("one training step", "the next", "evaluation"), all_axes, strict=True):
        cells = axes.pcolormesh(out, cmap=_BLUES, vmin=-0.5, vmax=2.5, edgecolors=GREY, linewidth=0.4)
        axes.set(title=f"{name}: mean {out.mean():.2f}", xticks=[], yticks=[], aspect="equal", xlabel="units")
    all_axes[0].set_ylabel("samples")
    figure.colorbar(cells, ax=all_axes, ticks=[0, 1, 2], shrink=0.75)
    return figure


def batchnorm() -> Figure:
    """Draw two features of a batch before, after normalising, and after gamma and beta."""
    rng = np.random.default_rng(6)
    X = rng.normal(size=(60, 2)) * np.array([0.6, 3.0]) + np.array([4.0, -3.0])
    zeros, ones = np.zeros(2), np.ones(2)
    X_hat = _batchnorm.batchnorm_forward(X, ones, zeros, zeros, ones)[0]
    out = _batchnorm.batchnorm_forward(X, np.array([2.0, 1.0]), np.array([0.5, -1.0]), zeros, ones)[0]
    figure, all_axes = panels(3, height=2.6, sharex=True, sharey=True)
    titles = ("X", "X_hat: mean 0, spread 1", "out: mean beta, spread gamma")
    for data, title, axes in zip((X, X_hat, out), titles, all_axes, strict=True):
        axes.plot(data[:, 0], data[:, 1], "o", ms=3.5, color=BLUE, mec="none")
        axes.errorbar(
            *data.mean(axis=0), *data.std(axis=0)[::-1], color=ORANGE, elinewidth=1.6, capsize=3, fmt="o", ms=4
        )
        axes.set(title=title, xlabel="feature 1", xlim=(-6, 7), ylim=(-10, 5))
    all_axes[0].set_ylabel("feature 2")
    return figure
