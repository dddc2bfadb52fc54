"""A report on the errors of a classifier: which, how sure it was, and where to look."""

import numpy as np


def report(y: np.ndarray, yhat: np.ndarray, proba: np.ndarray) -> dict[str, object]:
    """Return what a classifier mixes up most, how well it knows how sure it may be, and its hardest samples.

    Args:
        y: true classes, ints, shape (m,).
        yhat: predicted classes, shape (m,): those with the largest probability.
        proba: probabilities of the K classes, shape (m, K).

    Returns:
        A dict with three keys.

        - `worst_pair`: the error that is made most often, (true class, predicted class), a tuple of two ints; of
          several as frequent ones the first by the true class, then by the predicted one; None where there is no error.
        - `ece`: the expected calibration error. The confidence of a sample is the probability of its predicted class.
          Ten bins of equal width part the confidences: (0, 0.1], (0.1, 0.2], ..., (0.9, 1]. In each bin, the share of
          right predictions is compared with the mean confidence. With n_b of the m samples in bin b,

              ece = sum over b of  n_b / m · |share of right ones in b - mean confidence in b|

        - `hardest_indices`: the indices of the 10 samples (of all, if there are fewer) whose *true* class got the
          smallest probability, ints, the smallest first; where two are equal, the smaller index first.

    Examples:
        >>> proba = np.array([[0.75, 0.25], [0.5, 0.5], [0.25, 0.75], [0.125, 0.875]])
        >>> found = report(np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1]), proba)
        >>> found["worst_pair"], found["ece"], found["hardest_indices"].tolist()
        ((0, 1), 0.28125, [2, 1, 0, 3])

    Source: C. Guo and others, "On calibration of modern neural networks", 2017 (the expected calibration error).
    """
    raise NotImplementedError
