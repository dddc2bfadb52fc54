"""Figures of lesson 14: what a classifier mixes up, how sure it may be, and the digits that it finds hardest."""

from functools import cache

import numpy as np
from drawing import BLUE, GREY, INK, ORANGE, PALE_GREY, panels, solution
from matplotlib.figure import Figure
from sklearn.datasets import load_digits

_classifier = solution("lesson14_digits", "classifier")
_errors = solution("lesson14_digits", "errors")
_metrics = solution("lesson14_digits", "metrics")


@cache
def _tested() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return 600 new images, their digits, and what a classifier says of them that was trained on 1,197 others."""
    X, y = load_digits(return_X_y=True)
    rng = np.random.default_rng(14)
    order = rng.permutation(len(y))
    new, known = order[:600], order[600:]
    model = _classifier.DigitClassifier().fit(X[known], y[known], rng)
    return X[new], y[new], model.predict(X[new]), model.predict_proba(X[new])


def confusions() -> Figure:
    """Draw the confusion matrix."""
    _, y, yhat, _ = _tested()
    C = _metrics.confusion_matrix(y, yhat, 10)
    wrong = C - np.diag(np.diag(C))
    figure, (axes,) = panels(1, height=3.4, width=4.4)
    axes.pcolormesh(wrong, cmap="Oranges", vmin=0, vmax=max(8, wrong.max()), edgecolors=PALE_GREY, linewidth=0.6)
    for (row, column), count in np.ndenumerate(C):
        if count:
            colour = GREY if row == column else INK
            axes.text(column + 0.5, row + 0.5, str(count), ha="center", va="center", color=colour, fontsize=8)
    ticks = np.arange(10) + 0.5
    axes.set(xlabel="predicted", ylabel="true", aspect="equal", xticks=ticks, yticks=ticks)
    axes.set_xticklabels(range(10))
    axes.set_yticklabels(range(10))
    axes.grid(visible=False)
    axes.invert_yaxis()
    return figure


def hardest() -> Figure:
    """Draw the five images whose true digit got the smallest probability."""
    X, y, yhat, proba = _tested()
    indices = _errors.report(y, yhat, proba)["hardest_indices"][:5]
    figure, all_axes = panels(5, height=1.5, width=6.0)
    for axes, index in zip(all_axes, indices, strict=True):
        axes.pcolormesh(X[index].reshape(8, 8), cmap="Greys", vmin=0.0, vmax=16.0)
        axes.set(xticks=[], yticks=[], aspect="equal", title=f"{y[index]}, read as {yhat[index]}")
        axes.title.set_fontsize(7)
        axes.grid(visible=False)
        axes.invert_yaxis()
    return figure


def calibration() -> Figure:
    """Draw, for the worked example, the share of right predictions in each bin beside the mean confidence."""
    confidence = np.array([0.72, 0.55, 0.83, 0.57, 0.85, 0.52])
    right = np.array([1.0, 0.0, 1.0, 0.0, 0.0, 0.0])
    bins = np.ceil(confidence * 10).astype(int) - 1
    figure, (axes,) = panels(1, height=2.6, width=5.2)
    axes.plot([0, 1], [0, 1], "--", color=GREY, linewidth=1.0)
    for b in np.unique(bins):
        chosen = bins == b
        sure, share = confidence[chosen].mean(), right[chosen].mean()
        axes.bar((b + 0.5) / 10, share, width=0.096, color=BLUE, alpha=0.55)
        axes.plot([sure, sure], [share, sure], color=ORANGE)
        axes.plot(sure, share, "o", color=BLUE, ms=5)
        axes.text(
            sure - 0.015,
            sure + 0.02,
            f"{chosen.sum()} of 6, gap {abs(share - sure):.2f}",
            color=INK,
            ha="right",
            fontsize=8,
        )
    axes.set(xlabel="confidence", ylabel="share of right ones", xlim=(0, 1), ylim=(0, 1.05))
    return figure
