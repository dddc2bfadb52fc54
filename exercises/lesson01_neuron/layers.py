"""A layer of neurons as one matrix product, and a bridge to the convention in which samples are columns.

This course: samples are rows, X (m, n), W (n_in, n_out), b (n_out,). Others write samples as columns, and then every
array lies on its side: X_c (n, m), W (n_out, n_in), b (n_out, 1).
"""

import numpy as np


def affine(X: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Compute the weighted sums of all neurons of a layer for all samples of a batch.

        Z[i, q] = Σ_p X[i, p] W[p, q] + b[q]        X (m, n), W (n, k), b (k,) -> Z (m, k)

    Row i of Z belongs to sample i, column q to neuron q: its weights are column q of W, its bias is b[q].

    Args:
        X: a batch of samples, one per row, shape (m, n). It may hold integers.
        W: the weights, one column per neuron, shape (n, k), float64.
        b: the biases, one per neuron, shape (k,), float64.

    Returns:
        Z of shape (m, k), float64: a new array.

    Examples:
        >>> X = np.array([[1.0, 2.0], [0.0, -1.0]])
        >>> W = np.array([[1.0, 0.0, 2.0], [3.0, -1.0, 0.5]])
        >>> affine(X, W, np.array([0.5, 0.0, -1.0])).tolist()
        [[7.5, -2.0, 2.0], [-2.5, 1.0, -1.5]]

    Raises:
        ValueError: the shapes do not fit together.

    Source: Goodfellow, Bengio, Courville, Deep Learning, section 6.1.
    """
    raise NotImplementedError


def to_columns(X: np.ndarray, params: dict[str, np.ndarray]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Translate a batch and the parameters of a network from samples as rows to samples as columns.

        X   (m, n)          ->  X_c (n, m)
        W_l (n_in, n_out)   ->  W_l (n_out, n_in)
        b_l (n_out,)        ->  b_l (n_out, 1)

    so that W_c @ X_c + b_c in columns holds the same numbers as affine(X, W, b) in rows, with row and column exchanged.

    Args:
        X: a batch of samples, one per row, shape (m, n).
        params: a dict with the keys "W1", "b1", "W2", "b2", ..., for any number of layers.

    Returns:
        X_c, and a dict with the same keys. All arrays are new: who writes into the result changes neither X nor params.

    Examples:
        >>> X = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
        >>> X_c, params_c = to_columns(X, {"W1": np.array([[7.0], [8.0]]), "b1": np.array([9.0])})
        >>> X_c.tolist(), params_c["W1"].tolist(), params_c["b1"].tolist()
        ([[1.0, 3.0, 5.0], [2.0, 4.0, 6.0]], [[7.0, 8.0]], [[9.0]])
    """
    raise NotImplementedError


def from_columns(X_c: np.ndarray, params_c: dict[str, np.ndarray]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Translate a batch and the parameters of a network from samples as columns to samples as rows.

        X_c (n, m)          ->  X   (m, n)
        W_l (n_out, n_in)   ->  W_l (n_in, n_out)
        b_l (n_out, 1)      ->  b_l (n_out,)

    the inverse of to_columns. A layer of a single neuron has a bias of shape (1,), not a bare number.

    Args:
        X_c: a batch of samples, one per column, shape (n, m).
        params_c: a dict with the keys "W1", "b1", "W2", "b2", ..., for any number of layers.

    Returns:
        X, and a dict with the same keys. All arrays are new: who writes into them changes neither X_c nor params_c.

    Examples:
        >>> X_c = np.array([[1.0, 3.0, 5.0], [2.0, 4.0, 6.0]])
        >>> X, params = from_columns(X_c, {"W1": np.array([[7.0, 8.0]]), "b1": np.array([[9.0]])})
        >>> X.tolist(), params["W1"].tolist(), params["b1"].tolist()
        ([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [[7.0], [8.0]], [9.0])
    """
    raise NotImplementedError
