"""Figures of lesson 13: gradients of digits, a class's dream, orders of arrival, a line for a curve, a shortcut."""

import numpy as np
from drawing import BLUE, GREEN, GREY, INK, ORANGE, PALE_BLUE, PALE_ORANGE, PURPLE, panels, solution
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.datasets import load_digits

_saliency = solution("lesson13_interpretation", "saliency")
_ascent = solution("lesson13_interpretation", "ascent")
_attribution = solution("lesson13_interpretation", "attribution")
_lime = solution("lesson13_interpretation", "lime")
_shortcut = solution("lesson13_interpretation", "shortcut")
_ALL, _INNER = slice(0, 8), slice(1, 7)  # of a digit, the first and last column are nearly always empty


def _trained(X: np.ndarray, y: np.ndarray, units: int, epochs: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Train a network with one hidden layer, by momentum on all of X."""
    classes, n = int(y.max()) + 1, X.shape[1]
    params = {"W1": rng.normal(0.0, np.sqrt(2.0 / n), (n, units)), "b1": np.zeros(units)}
    params |= {"W2": rng.normal(0.0, np.sqrt(2.0 / units), (units, classes)), "b2": np.zeros(classes)}
    speed = {name: np.zeros_like(value) for name, value in params.items()}
    for _ in range(epochs):
        Z, (gate,) = _saliency.mlp_forward(X, params)
        A = np.maximum(X @ params["W1"] + params["b1"], 0.0)
        E = np.exp(Z - Z.max(axis=1, keepdims=True))
        dZ = (E / E.sum(axis=1, keepdims=True) - np.eye(classes)[y]) / len(X)
        dZ1 = dZ @ params["W2"].T * gate
        grads = {"W1": X.T @ dZ1, "b1": dZ1.sum(axis=0), "W2": A.T @ dZ, "b2": dZ.sum(axis=0)}
        for name, grad in grads.items():
            speed[name] = 0.9 * speed[name] + grad + (2e-3 * params[name] if name[0] == "W" else 0.0)
            params[name] = params[name] - 0.1 * speed[name]
    return params


def _image(axes: Axes, values: np.ndarray, title: str, *, signed: bool = False, columns: slice = _ALL) -> None:
    """Draw pixels as cells: grey for an image, orange and blue for a map with signs."""
    most = float(np.abs(values).max()) if signed else 1.0
    axes.pcolormesh(
        values.reshape(8, 8)[:, columns], cmap="PuOr_r" if signed else "Greys", vmin=-most if signed else 0.0, vmax=most
    )
    axes.set(title=title, xticks=[], yticks=[], aspect="equal")
    axes.grid(visible=False)
    axes.invert_yaxis()


def maps() -> Figure:
    """Draw an 8, what speaks for an 8 and for a 3 in it by the gradient, and by occlusion; and what an 8 should be."""
    digits = load_digits()
    X, y = digits.data / 16.0, digits.target
    params = _trained(X, y, 32, 300, np.random.default_rng(0))
    x = X[np.flatnonzero(y == 8)[1]]
    figure, axes = panels(5, height=2.0, width=8.0)
    _image(axes[0], x, "x, an 8", columns=_INNER)
    for place, target in ((1, 8), (2, 3)):
        S = _saliency.saliency(x[None], params, np.array([target]))[0]
        _image(axes[place], S, f"saliency for {target}", signed=True, columns=_INNER)

    def logit(Z: np.ndarray) -> np.ndarray:
        return _saliency.mlp_forward(Z, params)[0][:, 8]

    drops = _attribution.occlusion_map(logit, x, X.mean(axis=0), [[j] for j in range(64)])
    _image(axes[3], drops, "occlusion for 8", signed=True, columns=_INNER)
    best, _ = _ascent.maximize(params, 8, np.full(64, 0.1), 60, 0.02, l2=0.4)
    _image(axes[4], best, "maximised for 8", columns=_INNER)
    return figure


def orders() -> Figure:
    """Draw the six orders in which three features arrive, and what each adds."""

    def f(X: np.ndarray) -> np.ndarray:
        return X[:, 0] + 2.0 * X[:, 0] * X[:, 1] + 3.0 * X[:, 2]

    x, baseline = np.array([2.0, 3.0, 1.0]), np.array([0.0, 0.0, 2.0])
    names = [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]
    figure, (axes,) = panels(1, height=2.7, width=6.6)
    for row, order in enumerate(names):
        z = baseline.copy()
        for feature in order:
            before = float(f(z[None])[0])
            z[feature] = x[feature]
            after = float(f(z[None])[0])
            colour = (BLUE, GREEN, ORANGE)[feature]
            place = row + (feature - 1) * 0.26
            axes.barh(place, after - before, height=0.24, left=0, color=colour)
            axes.text(after - before + (0.2 if after >= before else -0.2), place, f"{after - before:g}",
                      va="center", ha="left" if after >= before else "right", size=7.5, color=INK)  # fmt: skip
    phi = _attribution.shapley_values(f, x, baseline)
    for feature, colour in enumerate((BLUE, GREEN, ORANGE)):
        axes.axvline(
            phi[feature],
            color=colour,
            linestyle="--",
            linewidth=1.1,
            label=f"phi of feature {feature}: {phi[feature]:g}",
        )
    axes.set(yticks=range(6), yticklabels=["then ".join(f"{j} " for j in order) for order in names],
             xlabel="what the feature adds when it arrives", xlim=(-5, 26))  # fmt: skip
    axes.invert_yaxis()
    axes.legend(loc="center right")
    return figure


def lines() -> Figure:
    """Draw a curve, the tangent, and the lines of LIME with a narrow and with a wide kernel."""

    def f(Z: np.ndarray) -> np.ndarray:
        return np.sin(2.0 * Z[:, 0]) + 0.3 * Z[:, 0]

    x, at = np.array([0.6]), np.linspace(-2.0, 3.0, 200)
    figure, (axes,) = panels(1, height=2.7, width=6.4)
    axes.plot(at, f(at[:, None]), color=INK, label="f")
    for sigma, width, colour in ((0.2, 0.3, BLUE), (0.5, 0.75, GREEN), (1.0, 3.0, ORANGE)):
        coef, intercept = _lime.lime_explain(f, x, np.random.default_rng(1), 4000, sigma, width)
        axes.plot(
            at, coef[0] * at + intercept, color=colour, label=f"sigma {sigma}, width {width}: slope {coef[0]:.2f}"
        )
    axes.plot(x, f(x[None]), "o", color=PURPLE, ms=7, label="x")
    axes.set(xlabel="z", ylim=(-2.2, 2.6), xlim=(-2.0, 3.0))
    axes.legend(loc="lower right")
    return figure


def shortcut() -> Figure:
    """Draw an image with a mark, mean brightness, and the mean drop; and what is left without the mark."""
    rng = np.random.default_rng(5)
    digits = load_digits()
    chosen = np.isin(digits.target, (3, 8))
    X, y = digits.data[chosen] / 16.0, (digits.target[chosen] == 8).astype(int)
    X = 0.25 * X + rng.uniform(0.0, 0.7, size=X.shape)
    X[:, 7] = 0.2 + 0.6 * np.where(rng.random(len(y)) < 0.03, 1 - y, y)  # the corner above, on the right
    params = _trained(X, y, 12, 40, rng)
    pixel, evidence = _shortcut.find_the_shortcut(params, X, y)
    figure, axes = panels(4, height=2.3, width=8.0, width_ratios=[1, 1, 1, 1.1])
    _image(axes[0], X[np.flatnonzero(y == 1)[0]], "a marked 8")
    _image(axes[1], X.mean(axis=0), "mean brightness")
    _image(axes[2], evidence["drop"], f"drop: most at pixel {pixel}", signed=True)
    heights = [evidence["accuracy"], evidence["accuracy_without"]]
    axes[3].bar(["with it", "without"], heights, color=[PALE_BLUE, PALE_ORANGE], edgecolor=GREY)
    for place, height in enumerate(heights):
        axes[3].text(place, height + 0.02, f"{height:.0%}", ha="center")
    axes[3].set(title="accuracy", ylim=(0, 1.12))
    return figure
