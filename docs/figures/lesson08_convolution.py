"""Figures of lesson 8: a kernel at work, where windows stand, edges of a digit, and what one number has seen."""

import numpy as np
from drawing import BLUE, GREY, INK, ORANGE, PALE_BLUE, PALE_GREY, PALE_ORANGE, panels, solution
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from sklearn.datasets import load_digits

_convolution = solution("lesson08_convolution", "convolution")
_pooling = solution("lesson08_convolution", "pooling")
_X = np.array([[1.0, 2.0, 0.0, 1.0], [0.0, 1.0, 3.0, 2.0], [2.0, 0.0, 1.0, 1.0]])
_W = np.array([[1.0, 0.0], [2.0, -1.0]])
_FRAME = {"fill": False, "linewidth": 2.2, "zorder": 3}


def _grid(axes: Axes, values: np.ndarray, colours: np.ndarray, *, title: str = "") -> None:
    """Draw an array as cells with their numbers, row 0 above."""
    shades = ListedColormap(["white", PALE_BLUE, PALE_ORANGE, PALE_GREY])
    axes.pcolormesh(colours, cmap=shades, vmin=-0.5, vmax=3.5, edgecolors=GREY, linewidth=0.6)
    for (row, column), value in np.ndenumerate(values):
        axes.text(column + 0.5, row + 0.5, f"{value:g}", ha="center", va="center", color=INK)
    axes.set(title=title, xticks=[], yticks=[], aspect="equal")
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.invert_yaxis()


def convolution() -> Figure:
    """Draw the worked example: the image with one window, the kernel, and what comes out."""
    out = _convolution.conv2d_forward(_X[None, None], _W[None, None], np.array([0.5]))[0, 0]
    figure, axes = panels(3, height=2.1, width=7.2, width_ratios=[4, 2, 3])
    window, here = np.zeros((3, 4)), np.zeros((2, 3))
    window[1:, 2:], here[1, 2] = 1, 2
    _grid(axes[0], _X, window, title="X, 3 x 4")
    _grid(axes[1], _W, np.ones((2, 2)), title="W, 2 x 2")
    _grid(axes[2], out, here, title="out, 2 x 3, with b = 0.5")
    axes[0].add_patch(Rectangle((2, 1), 2, 2, edgecolor=BLUE, **_FRAME))
    axes[2].add_patch(Rectangle((2, 1), 1, 1, edgecolor=ORANGE, **_FRAME))
    axes[1].set_xlabel("3·1 + 2·0 + 1·2 + 1·(-1)\n+ 0.5 = 4.5", color=INK)
    return figure


def stride() -> Figure:
    """Draw the windows of 3 x 3 on an image of 6 x 7, for two strides and with padding."""
    figure, all_axes = panels(3, height=2.6, width=8.0, width_ratios=[7, 7, 9])
    for axes, step, padding in zip(all_axes, (1, 2, 2), (0, 0, 1), strict=True):
        h, w = 6 + 2 * padding, 7 + 2 * padding
        colours = np.full((h, w), 3)
        colours[padding : h - padding, padding : w - padding] = 0
        used = np.zeros((h, w), dtype=bool)
        ho, wo = _convolution.conv_output_shape(6, 7, 3, 3, step, padding)
        for r, t in np.ndindex(ho, wo):
            used[r * step : r * step + 3, t * step : t * step + 3] = True
            axes.plot(t * step + 0.5, r * step + 0.5, "o", color=BLUE, ms=5)
        _grid(axes, np.zeros((0, 0)), colours, title=f"stride {step}, padding {padding}: {ho} x {wo}")
        for row, column in np.argwhere(~used):
            axes.text(column + 0.5, row + 0.5, "–", ha="center", va="center", color=ORANGE)
        axes.add_patch(Rectangle((0, 0), 3, 3, edgecolor=BLUE, **_FRAME))
        axes.add_patch(Rectangle((step, 0), 3, 3, edgecolor=ORANGE, linestyle="--", **_FRAME))
    return figure


def edges() -> Figure:
    """Draw a handwritten digit, what two kernels find in it, and what pooling leaves of that."""
    image = load_digits().images[0][None, None] / 16.0
    slope = np.array([[-1.0, 0.0, 1.0]] * 3) / 3.0
    kernels = np.array([[slope], [slope.T]])
    A = np.maximum(_convolution.conv2d_forward(image, kernels, np.zeros(2), padding=1), 0.0)
    pooled = _pooling.maxpool2d_forward(A)[0]
    figure, all_axes = panels(5, height=2.0, width=8.6)
    names = ("an image, 8 x 8", "more ink to the right", "pooled, 4 x 4", "more ink below", "pooled, 4 x 4")
    for axes, picture, name in zip(all_axes, (image[0, 0], A[0, 0], pooled[0], A[0, 1], pooled[1]), names, strict=True):
        axes.pcolormesh(picture, cmap="Blues", vmin=0.0, vmax=1.0, edgecolors=PALE_GREY, linewidth=0.4)
        axes.set(title=name, xticks=[], yticks=[], aspect="equal")
        axes.grid(visible=False)
        axes.invert_yaxis()
    return figure


def receptive_field() -> Figure:
    """Draw which pixels of an image can move one number, one layer after the other."""
    side, layers, seen = 12, ((3, 1), (2, 2), (3, 1)), []
    for depth in range(1, 4):
        sides, kernels = [side], layers[:depth]
        for k, step in kernels:
            sides.append(_convolution.conv_output_shape(sides[-1], sides[-1], k, k, step)[0])
        d = np.zeros((1, 1, sides[-1], sides[-1]))
        d[0, 0, 1, 1] = 1.0
        # All pixels of a window count here, whichever of them is the largest: a sum in place of the maximum.
        for (k, step), before in zip(reversed(kernels), reversed(sides[:-1]), strict=True):
            d = _convolution.conv2d_backward(d, np.zeros((1, 1, before, before)), np.ones((1, 1, k, k)), step)[0]
        seen.append(d[0, 0] > 0.0)
    figure, all_axes = panels(3, height=2.5, width=7.6)
    names = ("after a convolution of 3 x 3", "... and pooling, k = 2, stride 2", "... and another 3 x 3")
    for axes, field, name in zip(all_axes, seen, names, strict=True):
        rows, columns = np.flatnonzero(field.any(axis=1)), np.flatnonzero(field.any(axis=0))
        corner, high, wide = (columns[0], rows[0]), len(rows), len(columns)
        axes.add_patch(Rectangle(corner, wide, high, facecolor=PALE_BLUE, edgecolor=BLUE, linewidth=2.2))
        axes.hlines(range(side + 1), 0, side, color=GREY, linewidth=0.5)
        axes.vlines(range(side + 1), 0, side, color=GREY, linewidth=0.5)
        axes.set(title=f"{name}: {high} x {wide}", xticks=[], yticks=[], aspect="equal", xlim=(0, side), ylim=(side, 0))
        axes.grid(visible=False)
        axes.spines[:].set_visible(False)
        axes.title.set_fontsize(8.5)
    return figure
