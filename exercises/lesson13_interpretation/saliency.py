"""What a gradient with respect to the input says: which pixels a network looks at.

A network with L layers is a dict with W1 (n, n1), b1 (n1,), ..., WL, bL. Hidden layers use ReLU, the last one nothing:
its outputs are the logits, one for each class.
"""

import numpy as np


def mlp_forward(X: np.ndarray, params: dict[str, np.ndarray]) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return the logits (m, K) of the network, and for each hidden layer which units are on, a bool array (m, n_l).

    This is mlp_forward of lesson 4 without a function at the output. It earns no points here, but all of this file
    needs it.
    """
    raise NotImplementedError


def saliency(X: np.ndarray, params: dict[str, np.ndarray], target: np.ndarray) -> np.ndarray:
    """Return how strongly, and in which direction, each input moves the logit of a class.

        S[i, j] = ∂ z[i, target[i]] / ∂ X[i, j]        z (m, K): the logits, before any softmax

    The gradient has its sign: S > 0 where a brighter pixel speaks for the class. It is not multiplied by X, and not
    divided by m, since each row of X has only its own logit.

    Args:
        X: the inputs, one in each row, shape (m, n).
        params: the network.
        target: the class of each row whose logit is asked about, integers from 0 to K - 1, shape (m,).

    Returns:
        S, a float array of the shape of X. No argument is changed.

    Examples:
        >>> params = {"W1": np.array([[1.0, -1.0], [2.0, 1.0]]), "b1": np.array([0.0, 0.5])}
        >>> params |= {"W2": np.array([[3.0, 1.0], [4.0, -2.0]]), "b2": np.array([0.0, 1.0])}
        >>> saliency(np.array([[2.0, 1.0], [1.0, 2.0]]), params, np.array([0, 1])).tolist()
        [[3.0, 6.0], [3.0, 0.0]]

    Raises:
        ValueError: if target does not hold one class for each row of X.

    Source: K. Simonyan, A. Vedaldi and A. Zisserman, "Deep inside convolutional networks", 2014.
    """
    raise NotImplementedError
