"""What to report of an epoch: its mean loss, and how many answers were right."""

import numpy as np


def epoch_average(batch_losses: list[float], batch_sizes: list[int]) -> float:
    """Return the mean loss of all samples of an epoch, from the mean losses of its batches.

        average = Σ_i loss_i · size_i / Σ_i size_i

    The last batch may be smaller than the others; with parameters that stay, the result is the loss of the whole data.

    Args:
        batch_losses: the mean loss of each batch.
        batch_sizes: how many samples each had.

    Returns:
        A float.

    Examples:
        >>> epoch_average([1.0, 2.0, 7.0], [4, 4, 2])
        2.6

    Raises:
        ValueError: if there is no batch, or not one size for each loss.
    """
    raise NotImplementedError


def accuracy_counter(batches: list[tuple[np.ndarray, np.ndarray]]) -> tuple[int, int]:
    """Return how many samples of all batches are placed right, and how many there are.

    A sample is placed where its logit is largest. Counts can be added over batches; accuracies cannot.

    Args:
        batches: pairs of logits (m, K) and labels, ints of shape (m,); m may differ.

    Returns:
        (correct, total), two ints.

    Examples:
        >>> batches = [(np.array([[2.0, 1.0], [0.0, 3.0]]), np.array([0, 0])), (np.array([[-1.0, 5.0]]), np.array([1]))]
        >>> accuracy_counter(batches)
        (2, 3)

    Raises:
        ValueError: if there is no batch.
    """
    raise NotImplementedError
