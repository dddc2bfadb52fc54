"""Wrong implementations of lime.py, as students write them."""

import numpy as np
from nnedu.checking import mistake


def _noise(rng, n_samples, n):
    return rng.normal(size=(n_samples, n))


def _fit(Z, y, w):
    """coef and the intercept of the line with the weights w."""
    rows = np.column_stack([Z, np.ones(len(Z))])
    line = np.linalg.lstsq(rows * np.sqrt(w)[:, None], np.sqrt(w) * y, rcond=None)[0]
    return line[:-1].copy(), float(line[-1])


def _kernel(Z, x, width):
    return np.exp(-np.sum((Z - x) ** 2, axis=1) / width**2)


@mistake(
    "lime_explain",
    "all samples have the same weight",
    hints=(
        "Does kernel_width change your result?",
        "w_s = exp(-‖Z_s - x‖² / kernel_width²), of shape (n_samples,): far samples should hardly count.",
        "Compute the weights, and stretch rows and values by their roots.",
    ),
)
def unweighted(f, x, rng, n_samples=2000, sigma=0.5, kernel_width=0.75):
    Z = x + sigma * _noise(rng, n_samples, len(x))
    return _fit(Z, f(Z), np.ones(n_samples))


@mistake(
    "lime_explain",
    "the samples lie around the origin and not around x",
    hints=(
        "What is the mean of your samples?",
        "Z_s = x + sigma · noise_s: the question is what f does near x (n,).",
        "Add x to each row of the noise.",
    ),
)
def around_the_origin(f, x, rng, n_samples=2000, sigma=0.5, kernel_width=0.75):
    Z = sigma * _noise(rng, n_samples, len(x))
    return _fit(Z, f(Z), _kernel(Z, 0.0 * x, kernel_width))


@mistake(
    "lime_explain",
    "rows and values are multiplied by the weights themselves, so that the weights enter squared",
    hints=(
        "If a row and its value are multiplied by 3, by how much does its squared error grow?",
        "Σ w_s (y_s - ŷ_s)² is Σ (√w_s y_s - √w_s ŷ_s)², with w of shape (n_samples,).",
        "Take the root of w before you multiply both sides.",
    ),
)
def squared_weights(f, x, rng, n_samples=2000, sigma=0.5, kernel_width=0.75):
    Z = x + sigma * _noise(rng, n_samples, len(x))
    return _fit(Z, f(Z), _kernel(Z, x, kernel_width) ** 2)


@mistake(
    "lime_explain",
    "the rows are weighted, and the values are not",
    hints=(
        "If f is the constant 1, what line comes out?",
        "√w_s y_s = √w_s (Z_s · coef + intercept): a weight on one side alone is another equation.",
        "Multiply the values (n_samples,) by the same roots as the rows.",
    ),
)
def one_side(f, x, rng, n_samples=2000, sigma=0.5, kernel_width=0.75):
    Z = x + sigma * _noise(rng, n_samples, len(x))
    root = np.sqrt(_kernel(Z, x, kernel_width))[:, None]
    line = np.linalg.lstsq(np.column_stack([Z, np.ones(n_samples)]) * root, f(Z), rcond=None)[0]
    return line[:-1].copy(), float(line[-1])


@mistake(
    "lime_explain",
    "the kernel has the distance in it, not its square",
    hints=(
        "What is your weight at a distance of two kernel widths?",
        "w_s = exp(-d² / kernel_width²), with d² = Σ (Z_s - x)² over the n features.",
        "Leave the root out of the distance.",
    ),
)
def plain_distance(f, x, rng, n_samples=2000, sigma=0.5, kernel_width=0.75):
    Z = x + sigma * _noise(rng, n_samples, len(x))
    return _fit(Z, f(Z), np.exp(-np.linalg.norm(Z - x, axis=1) / kernel_width))


@mistake(
    "lime_explain",
    "the kernel has 2 · kernel_width² in its denominator, as a normal distribution has",
    hints=(
        "At which distance has your weight fallen to 1/e?",
        "w_s = exp(-d² / kernel_width²), without a factor 2.",
        "Take the 2 out.",
    ),
)
def kernel_with_two(f, x, rng, n_samples=2000, sigma=0.5, kernel_width=0.75):
    Z = x + sigma * _noise(rng, n_samples, len(x))
    return _fit(Z, f(Z), _kernel(Z, x, np.sqrt(2.0) * kernel_width))


@mistake(
    "lime_explain",
    "the kernel is divided by kernel_width, not by its square",
    hints=(
        "At which distance has your weight fallen to 1/e, for a width of 0.5?",
        "w_s = exp(-d² / kernel_width²): d and the width are lengths, and both are squared.",
        "Square the width.",
    ),
)
def width_not_squared(f, x, rng, n_samples=2000, sigma=0.5, kernel_width=0.75):
    Z = x + sigma * _noise(rng, n_samples, len(x))
    return _fit(Z, f(Z), _kernel(Z, x, np.sqrt(kernel_width)))


@mistake(
    "lime_explain",
    "the weights grow with the distance",
    hints=(
        "Which sample has the largest weight?",
        "w_s = exp(-d² / kernel_width²) is 1 at x, and falls with the distance.",
        "Mind the sign in the exponent.",
    ),
)
def far_counts(f, x, rng, n_samples=2000, sigma=0.5, kernel_width=0.75):
    Z = x + sigma * _noise(rng, n_samples, len(x))
    return _fit(Z, f(Z), 1.0 - _kernel(Z, x, kernel_width))


@mistake(
    "lime_explain",
    "the distance is measured from the origin",
    hints=(
        "What weight has a sample that lies exactly at x?",
        "d² = Σ (Z_s - x)² over the n features: near is what is near x.",
        "Subtract x before you square.",
    ),
)
def distance_from_the_origin(f, x, rng, n_samples=2000, sigma=0.5, kernel_width=0.75):
    Z = x + sigma * _noise(rng, n_samples, len(x))
    return _fit(Z, f(Z), _kernel(Z, 0.0 * x, kernel_width))


@mistake(
    "lime_explain",
    "there is no intercept in the fit",
    hints=(
        "If f is the constant 1, what does your line say at x?",
        "The line is Z_s · coef + intercept: n + 1 unknown numbers.",
        "Give the rows one more column, of ones.",
    ),
)
def no_intercept(f, x, rng, n_samples=2000, sigma=0.5, kernel_width=0.75):
    Z = x + sigma * _noise(rng, n_samples, len(x))
    root = np.sqrt(_kernel(Z, x, kernel_width))
    return np.linalg.lstsq(Z * root[:, None], root * f(Z), rcond=None)[0], 0.0


@mistake(
    "lime_explain",
    "the intercept is the line's value at x, not at the origin",
    hints=(
        "What is the value of your line for an input of zeros?",
        "Prediction = z · coef + intercept, with z (n,) itself and not z - x.",
        "If you have fitted to Z - x, take coef · x off the constant.",
    ),
)
def intercept_at_x(f, x, rng, n_samples=2000, sigma=0.5, kernel_width=0.75):
    Z = x + sigma * _noise(rng, n_samples, len(x))
    coef, intercept = _fit(Z, f(Z), _kernel(Z, x, kernel_width))
    return coef, float(intercept + coef @ x)


@mistake(
    "lime_explain",
    "sigma is taken for the variance of the noise",
    hints=(
        "What is the standard deviation of a column of your samples?",
        "Z_s = x + sigma · noise_s, with noise of standard deviation 1.",
        "Leave the root out.",
    ),
)
def sigma_is_a_variance(f, x, rng, n_samples=2000, sigma=0.5, kernel_width=0.75):
    Z = x + np.sqrt(sigma) * _noise(rng, n_samples, len(x))
    return _fit(Z, f(Z), _kernel(Z, x, kernel_width))


@mistake(
    "lime_explain",
    "the noise is not multiplied by sigma",
    hints=(
        "What is the standard deviation of a column of your samples?",
        "Z_s = x + sigma · noise_s, with noise of standard deviation 1, (n_samples, n).",
        "Bring sigma in where the samples are made.",
    ),
)
def ignores_sigma(f, x, rng, n_samples=2000, sigma=0.5, kernel_width=0.75):
    Z = x + _noise(rng, n_samples, len(x))
    return _fit(Z, f(Z), _kernel(Z, x, kernel_width))


@mistake(
    "lime_explain",
    "one number of noise is used for all features of a sample",
    hints=(
        "Do two features of your samples ever move apart?",
        "The noise has the shape (n_samples, n): each feature of each sample has a number of its own.",
        "Look at the size that you ask rng for.",
    ),
)
def same_noise_for_all(f, x, rng, n_samples=2000, sigma=0.5, kernel_width=0.75):
    Z = x + sigma * rng.normal(size=(n_samples, 1))
    return _fit(Z, f(Z), _kernel(Z, x, kernel_width))


@mistake(
    "lime_explain",
    "a ridge as large as the data pulls the coefficients towards 0",
    hints=(
        "For a straight line f, are your coefficients too small?",
        "A ridge of at most 1e-3 · Σ coef² leaves a line as it is; one that is as large as Σ w_s halves it.",
        "Make the penalty small, or leave it out.",
    ),
)
def strong_ridge(f, x, rng, n_samples=2000, sigma=0.5, kernel_width=0.75):
    Z = x + sigma * _noise(rng, n_samples, len(x))
    y, w = f(Z), _kernel(Z, x, kernel_width)
    middle, level = w @ Z / np.sum(w), w @ y / np.sum(w)
    D = Z - middle
    coef = np.linalg.solve(D.T @ (D * w[:, None]) + 30.0 * np.eye(len(x)), D.T @ (w * (y - level)))
    return coef, float(level - coef @ middle)


@mistake(
    "lime_explain",
    "the noise comes from a seed of its own, and not from rng",
    hints=(
        "Pass two generators with different seeds. Do you get two explanations?",
        "All randomness comes in as `rng`, a numpy Generator; the noise (n_samples, n) is drawn from it.",
        "Let rng draw the noise, and make no generator in the function.",
    ),
)
def own_seed(f, x, rng, n_samples=2000, sigma=0.5, kernel_width=0.75):
    Z = x + sigma * _noise(np.random.default_rng(0), n_samples, len(x))
    return _fit(Z, f(Z), _kernel(Z, x, kernel_width))


@mistake(
    "lime_explain",
    "the caller's x is moved",
    hints=(
        "Print x before and after the call.",
        "`x += ...` writes into the caller's array (n,).",
        "Make the samples with an expression that is a new array.",
    ),
)
def moves_x(f, x, rng, n_samples=2000, sigma=0.5, kernel_width=0.75):
    Z = x + sigma * _noise(rng, n_samples, len(x))
    coef, intercept = _fit(Z, f(Z), _kernel(Z, x, kernel_width))
    x += 1e-3
    return coef, intercept
