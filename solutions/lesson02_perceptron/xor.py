"""XOR, which no single perceptron computes, from three of them in two layers."""

import numpy as np


def xor_by_hand() -> dict[str, np.ndarray]:
    """Return weights and biases with which two layers of perceptrons compute XOR.

        H    = step(X @ W1 + b1)        X (m, 2), W1 (2, 2), b1 (2,), H (m, 2)
        Yhat = step(H @ W2 + b2)        W2 (2, 1), b2 (1,), Yhat (m, 1)

    with step(z) = 1 where z >= 0, else 0, in both layers. Column j of W1 holds the two weights of hidden unit j. The
    output is 1 for the rows (0, 1) and (1, 0) and 0 for (0, 0) and (1, 1), and stays so when both inputs are off by up
    to 0.1. Nothing is trained: choose the numbers. There are many right answers, and all are accepted.

    Returns:
        A dict with the arrays W1, b1, W2 and b2, of the shapes above.

    Examples:
        >>> {name: array.shape for name, array in xor_by_hand().items()}
        {'W1': (2, 2), 'b1': (2,), 'W2': (2, 1), 'b2': (1,)}

    Source: M. Minsky and S. Papert, "Perceptrons" (1969).
    """
    # Hidden units OR and NAND, and an AND of the two; every threshold lies midway between the sums that it divides.
    return {
        "W1": np.array([[1.0, -1.0], [1.0, -1.0]]),
        "b1": np.array([-0.5, 1.5]),
        "W2": np.array([[1.0], [1.0]]),
        "b2": np.array([-1.5]),
    }
