"""Right answers to accounting.py, written differently."""

import numpy as np
from nnedu.checking import variant


@variant("epoch_average", "with np.average")
def average_numpy(batch_losses, batch_sizes):
    if len(batch_losses) != len(batch_sizes) or not batch_losses:
        raise ValueError("nothing to average")
    return np.average(batch_losses, weights=batch_sizes)


@variant("epoch_average", "in a loop")
def average_loop(batch_losses, batch_sizes):
    total, count = 0.0, 0
    if len(batch_losses) != len(batch_sizes):
        raise ValueError("a size for each loss")
    for i in range(len(batch_losses)):
        total += batch_losses[i] * batch_sizes[i]
        count += batch_sizes[i]
    if count == 0:
        raise ValueError("no sample")
    return total / count


@variant("epoch_average", "by shares")
def average_shares(batch_losses, batch_sizes):
    losses, sizes = np.array(batch_losses, dtype=float), np.array(batch_sizes, dtype=float)
    if losses.shape != sizes.shape or losses.size == 0:
        raise ValueError("nothing to average")
    return float(losses @ (sizes / sizes.sum()))


@variant("accuracy_counter", "in a loop")
def counter_loop(batches):
    if not batches:
        raise ValueError("no batch")
    correct = total = 0
    for logits, labels in batches:
        for row, label in zip(logits, labels, strict=True):
            correct += int(np.argmax(row)) == int(label)
            total += 1
    return correct, total


@variant("accuracy_counter", "with all batches in one")
def counter_concatenated(batches):
    logits = np.concatenate([one for one, _ in batches])  # which raises a ValueError where there is none
    labels = np.concatenate([one for _, one in batches])
    return np.count_nonzero(np.argmax(logits, axis=-1) == labels), labels.size


@variant("accuracy_counter", "by the largest logit of each row")
def counter_maximum(batches):
    if len(batches) < 1:
        raise ValueError("no batch")
    rights = [logits[np.arange(len(labels)), labels] == logits.max(axis=1) for logits, labels in batches]
    return sum(int(right.sum()) for right in rights), sum(right.size for right in rights)
