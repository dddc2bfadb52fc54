"""A limit on the length of a step: gradients of all parameters, seen as one long vector."""

import numpy as np


def clip_grad_norm(grads: dict[str, np.ndarray], max_norm: float) -> tuple[dict[str, np.ndarray], float]:
    """Return the gradients, shortened where together they are longer than max_norm, and how long they were.

        total  = sqrt(Σ g²)                             over every entry g of every array
        factor = min(1, max_norm / (total + 1e-6))      one for all arrays

    So the direction of the step never changes, and gradients that are short enough stay what they are.

    Args:
        grads: gradients by name, arrays of any shape.
        max_norm: the length that is allowed, greater than 0.

    Returns:
        A new dict with the same keys and new arrays, each multiplied by the factor; and total, a float, which is the
        length before clipping: it is what one logs. Neither grads nor an array in it is changed.

    Examples:
        >>> clipped, total = clip_grad_norm({"W1": np.array([[3.0]]), "b1": np.array([4.0])}, max_norm=1.0)
        >>> total, clipped["W1"].round(4).tolist(), clipped["b1"].round(4).tolist()
        (5.0, [[0.6]], [0.8])

    Source: R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent neural networks", 2013,
    section 3.2; the 1e-6 as in PyTorch's clip_grad_norm_.
    """
    raise NotImplementedError
