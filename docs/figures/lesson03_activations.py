"""Figures of lesson 3: the activations and their slopes, and how softmax shares."""

import numpy as np
from drawing import BLUE, GREEN, GREY, ORANGE, panels, solution
from matplotlib.figure import Figure

_activations = solution("lesson03_activations", "activations")


def activations() -> Figure:
    """Draw four activations, each with its slope."""
    x = np.linspace(-4.0, 4.0, 161)
    curves = {
        "sigmoid": (_activations.sigmoid(x), _activations.sigmoid_derivative(x)),
        "tanh": (np.tanh(x), _activations.tanh_derivative(x)),
        "ReLU": (_activations.relu(x), _activations.relu_derivative(x)),
        "Leaky ReLU, α = 0.1": (_activations.leaky_relu(x, 0.1), _activations.leaky_relu_derivative(x, 0.1)),
    }
    figure, all_axes = panels(4, height=2.5)
    for axes, (name, (value, slope)) in zip(all_axes, curves.items(), strict=True):
        slope = np.where(np.abs(np.gradient(slope, x)) > 5.0, np.nan, slope)  # a gap where the slope jumps  # noqa: PLW2901
        axes.plot(x, value, color=BLUE, label="value")
        axes.plot(x, slope, color=ORANGE, linestyle="--", label="slope")
        axes.set(title=name, xlabel="$x$", xlim=(-4, 4), ylim=(-1.25, 2.5), xticks=[-4, -2, 0, 2, 4])
    all_axes[0].legend(loc="upper left")
    return figure


def softmax() -> Figure:
    """Draw the three shares of softmax while the first logit moves."""
    first = np.linspace(-4.0, 6.0, 101)
    shares = _activations.softmax(np.stack([first, np.full(101, 1.0), np.full(101, 0.1)], axis=1))
    worked = _activations.softmax(np.array([2.0, 1.0, 0.1]))
    figure, (axes,) = panels(1, height=2.7, width=6.0)
    for k, colour in enumerate((BLUE, ORANGE, GREEN)):
        axes.plot(first, shares[:, k], color=colour, label=f"class {k}" + ("", ", $z_1 = 1$", ", $z_2 = 0.1$")[k])
        axes.plot(2.0, worked[k], "o", color=colour)
        axes.annotate(
            f"{worked[k]:.4f}", (2.0, worked[k]), ((6, 3), (6, 3), (-40, -12))[k], textcoords="offset points", size=8.5
        )
    axes.axvline(2.0, color=GREY, linewidth=0.8, linestyle=":")
    axes.set(xlabel="the logit $z_0$ of class 0", ylabel="probability", ylim=(0, 1.02), xlim=(-4, 6))
    axes.legend(loc="center left")
    return figure
