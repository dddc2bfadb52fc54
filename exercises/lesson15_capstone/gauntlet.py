"""Eight programs of eight pages, each with one fault: mend them.

What each of them should do stands in its docstring, which is right. One line of each is wrong; mend that line rather
than what comes out of it. All arrays are float64; a sample is a row.
"""

import numpy as np


def deep_forward(X: np.ndarray, params: dict[str, np.ndarray]) -> np.ndarray:
    """Return the logits of a deep network; its first layers do not learn.

        A_0 = X,   A_l = relu(A_{l-1} @ W_l + b_l) in every layer but the last,   logits = A_{L-1} @ W_L + b_L

    Args:
        X: inputs, shape (m, n0).
        params: W_l of shape (n_{l-1}, n_l) and b_l of shape (n_l,), from W1, b1 to WL, bL.

    Returns:
        Logits, shape (m, nL). No argument is changed.

    Examples:
        >>> params = {"W1": np.eye(2), "b1": np.zeros(2), "W2": np.array([[1.0], [2.0]]), "b2": np.array([0.5])}
        >>> deep_forward(np.array([[3.0, -4.0]]), params).tolist()
        [[3.5]]
    """
    A, n_layers = X, len(params) // 2
    for layer in range(1, n_layers):
        Z = A @ params[f"W{layer}"] + params[f"b{layer}"]
        A = 1.0 / (1.0 + np.exp(-Z))
    return A @ params[f"W{n_layers}"] + params[f"b{n_layers}"]


def predict_prices(X: np.ndarray, y: np.ndarray, X_new: np.ndarray, steps: int = 300) -> np.ndarray:
    """Return predictions for new rows, by a linear model trained by gradient descent; they come out as nan.

    Columns are standardised first, those of X_new by the mean and the standard deviation of X, too. From w = 0, b = 0
    each step goes down the gradient of the mean of (Z @ w + b - y)² / 2, with learning rate 0.1.

    Args:
        X: rooms and square metres of m flats, shape (m, n). No column is constant.
        y: their prices, shape (m,).
        X_new: the same of k other flats, shape (k, n).
        steps: number of steps.

    Returns:
        Predicted prices, shape (k,). No argument is changed.

    Examples:
        >>> X, y = np.array([[1.0, 20.0], [2.0, 90.0], [4.0, 80.0]]), np.array([2.0, 9.0, 8.0])
        >>> predict_prices(X, y, np.array([[3.0, 50.0]]), steps=2000).round(3).tolist()
        [5.0]
    """
    mean, std = X.mean(axis=0), X.std(axis=0)
    Z, Z_new = X, (X_new - mean) / std
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        error = Z @ w + b - y
        w = w - 0.1 * Z.T @ error / len(y)
        b = b - 0.1 * np.mean(error)
    return Z_new @ w + b


def class_probabilities(logits: np.ndarray) -> np.ndarray:
    """Return the probabilities of K classes of which exactly one is right; they do not sum to 1.

        P[i, k] = e^logits[i, k] / Σ_j e^logits[i, j]

    Args:
        logits: shape (m, K), as large as ±1000.

    Returns:
        Probabilities, shape (m, K). The argument is not changed.

    Examples:
        >>> class_probabilities(np.log(np.array([[1.0, 2.0, 5.0]]))).round(6).tolist()
        [[0.125, 0.25, 0.625]]
    """
    Z = logits - logits.max(axis=1, keepdims=True)
    powers = np.exp(Z)
    return powers / (1.0 + powers)


def classifier_delta(Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """Return the gradient by Z of the mean binary cross-entropy; samples that are surely wrong are not learnt.

        A = 1 / (1 + e^-Z),   L = -mean of (Y log A + (1 - Y) log(1 - A)) over all m·k entries

    Args:
        Z: pre-activations of sigmoid outputs, shape (m, k).
        Y: labels 0.0 and 1.0, shape (m, k).

    Returns:
        ∂L/∂Z, shape (m, k). No argument is changed.

    Examples:
        >>> classifier_delta(np.array([[0.0], [np.log(3.0)]]), np.array([[1.0], [0.0]])).round(6).tolist()
        [[-0.25], [0.375]]
    """
    A = 0.5 + 0.5 * np.tanh(0.5 * Z)
    return 2.0 * (A - Y) * A * (1.0 - A) / Z.size


def loss_gradients(X: np.ndarray, Y: np.ndarray, W: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradients of a mean loss; the larger the batch, the sooner training explodes.

        L = (1/m) Σ_i ½ |X_i @ W + b - Y_i|²        a sum over the k outputs, a mean over the m rows

    Args:
        X: inputs, shape (m, n).
        Y: targets, shape (m, k).
        W: weights, shape (n, k).
        b: biases, shape (k,).

    Returns:
        dW of shape (n, k) and db of shape (k,). No argument is changed.

    Examples:
        >>> dW, db = loss_gradients(np.array([[1.0], [3.0]]), np.array([[2.0], [2.0]]), np.array([[1.0]]), np.zeros(1))
        >>> dW.tolist(), db.tolist()
        ([[1.0]], [0.0])
    """
    dZ = X @ W + b - Y
    return X.T @ dZ, dZ.sum(axis=0)


def recurrent_gradients(dZ: np.ndarray, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradients of the input weights and the bias of a recurrent layer; one of them has a wrong shape.

    Z[i, t] = X[i, t] @ Wx + H[i, t-1] @ Wh + b: the same Wx (n, d) and b (d,) serve every sample and every time step,
    and their gradients add up what all of them say.

    Args:
        dZ: ∂L/∂Z, shape (m, T, d), of a loss that is a mean over the samples already.
        X: inputs, shape (m, T, n).

    Returns:
        dWx of shape (n, d) and db of shape (d,). No argument is changed.

    Examples:
        >>> dZ, X = np.array([[[1.0, 2.0], [3.0, 4.0]]]), np.array([[[10.0], [1.0]]])
        >>> dWx, db = recurrent_gradients(dZ, X)
        >>> dWx.tolist(), db.tolist()
        ([[13.0, 24.0]], [4.0, 6.0])
    """
    dWx = np.einsum("mtn,mtd->nd", X, dZ)
    db = dZ.sum(axis=(1, 2))
    return dWx, db


def momentum_steps(
    params: dict[str, np.ndarray], grads: dict[str, np.ndarray], lr: float = 0.1, beta: float = 0.9, steps: int = 3
) -> dict[str, np.ndarray]:
    """Return the parameters after some steps of momentum; those of the caller are gone afterwards.

        velocity = beta · velocity - lr · grad,   param = param + velocity        from velocity 0, with the same grads

    Args:
        params: arrays of any shapes, by name.
        grads: gradients of the same shapes, by the same names.
        lr: learning rate.
        beta: how much of the velocity is kept.
        steps: number of steps, 1 or more.

    Returns:
        New parameters, by the same names. No argument is changed.

    Examples:
        >>> start = {"W": np.array([1.0])}
        >>> momentum_steps(start, {"W": np.array([2.0])}, lr=0.25, beta=0.5, steps=2)["W"].tolist(), start["W"].tolist()
        ([-0.25], [1.0])
    """
    result = dict(params)
    for name, grad in grads.items():
        velocity = np.zeros_like(grad)
        for _ in range(steps):
            velocity = beta * velocity - lr * grad
            result[name] += velocity
    return result


def predict_rows(X: np.ndarray, layer: dict[str, np.ndarray], eps: float = 1e-5) -> np.ndarray:
    """Return the outputs of a trained layer with batch normalisation; a row's changes with the rows beside it.

        Z = X @ W,   out = relu(gamma · (Z - mean) / √(var + eps) + beta)

    This is evaluation: mean and var are what training has left in running_mean and running_var.

    Args:
        X: inputs, shape (m, n).
        layer: W of shape (n, d); gamma, beta, running_mean and running_var of shape (d,).
        eps: keeps the root away from zero.

    Returns:
        Outputs, shape (m, d). No argument is changed.

    Examples:
        >>> layer = {name: np.ones(1) for name in ("gamma", "beta", "running_mean", "running_var")} | {"W": np.eye(1)}
        >>> predict_rows(np.array([[2.0], [5.0], [-9.0]]), layer, eps=0.0).tolist()
        [[2.0], [5.0], [0.0]]
    """
    Z = X @ layer["W"]
    mean, var = Z.mean(axis=0), Z.var(axis=0)
    Z_hat = (Z - mean) / np.sqrt(var + eps)
    return np.maximum(layer["gamma"] * Z_hat + layer["beta"], 0.0)
