"""Wrong implementations of accounting.py, as students write them."""

import numpy as np
from nnedu.checking import mistake


def _checked(losses, sizes=None):
    if len(losses) == 0 or (sizes is not None and len(losses) != len(sizes)):
        raise ValueError("nothing to average")


@mistake(
    "epoch_average",
    "the sum of the batches' losses is divided by n // batch_size, which does not count a smaller last batch",
    hints=(
        "33 samples in batches of 32: how many batches are there, and by what do you divide?",
        "n // batch_size rounds down: 1 for 33 samples, though there are 2 losses; 0 for 5 samples in batches of 32.",
        "Rounding up would not be enough: weight each loss by the size of its batch.",
    ),
)
def floor_division(batch_losses, batch_sizes):
    _checked(batch_losses, batch_sizes)
    return float(np.sum(batch_losses) / (sum(batch_sizes) // max(batch_sizes)))


@mistake(
    "epoch_average",
    "it is the mean of the batches' means, in which samples of a smaller last batch count for more",
    hints=(
        "Two batches, 32 samples and 1 sample. How much does the single one count?",
        "Each sample should count once: a batch's mean counts as often as the batch has samples.",
        "Weight each loss by its size, and divide by the sum of the sizes.",
    ),
)
def mean_of_means(batch_losses, batch_sizes):
    _checked(batch_losses, batch_sizes)
    return float(np.mean(batch_losses))


@mistake(
    "epoch_average",
    "it is the loss of the last batch",
    hints=(
        "Is the last batch representative of the epoch?",
        "The average takes in the loss of every batch, each with its size.",
        "Add loss · size up over all batches.",
    ),
)
def last_batch(batch_losses, batch_sizes):
    _checked(batch_losses, batch_sizes)
    return float(batch_losses[-1])


@mistake(
    "epoch_average",
    "loss · size is summed, but divided by the number of batches",
    hints=(
        "A single batch of 5 samples with loss 0.75: what is the average of the epoch?",
        "Σ loss · size is a sum over samples; it belongs to Σ size.",
        "Divide by the number of samples.",
    ),
)
def divides_by_batches(batch_losses, batch_sizes):
    _checked(batch_losses, batch_sizes)
    return float(np.dot(batch_losses, batch_sizes) / len(batch_sizes))


@mistake(
    "epoch_average",
    "an epoch without batches has the average 0",
    hints=(
        "What is the mean of nothing?",
        "0 would be the best loss there can be. Without a batch there is no average: raise ValueError.",
        "Ask for the length first.",
    ),
)
def zero_for_nothing(batch_losses, batch_sizes):
    return sum(a * b for a, b in zip(batch_losses, batch_sizes, strict=False)) / max(sum(batch_sizes), 1)


@mistake(
    "accuracy_counter",
    "it counts the batches instead of their samples",
    hints=(
        "How many samples has the worked example, and what is your total?",
        "total is the sum of the lengths of the labels, (m,), over all batches.",
        "Add len(labels) up.",
    ),
)
def counts_batches(batches):
    _checked(batches)
    return sum(int(np.sum(z.argmax(axis=1) == labels)) for z, labels in batches), len(batches)


@mistake(
    "accuracy_counter",
    "it counts the last batch only",
    hints=(
        "Is your total larger when there are more batches?",
        "Both counts start at 0 before the first batch and grow with each batch (m, K).",
        "Add, where you set.",
    ),
)
def last_batch_only(batches):
    _checked(batches)
    logits, labels = batches[-1]
    return int(np.sum(logits.argmax(axis=1) == labels)), len(labels)


@mistake(
    "accuracy_counter",
    "the largest logit is looked for down the columns, over the samples",
    hints=(
        "Which axis of the logits, (m, K), are the classes?",
        "Each row is a sample: m answers, one for each row.",
        "axis=1.",
    ),
)
def over_samples(batches):
    _checked(batches)
    pairs = [(z.argmax(axis=0), labels) for z, labels in batches]
    correct = sum(int(np.sum(a[: len(b)] == b[: len(a)])) for a, b in pairs)
    return correct, sum(len(labels) for _, labels in batches)


@mistake(
    "accuracy_counter",
    "all is assumed to be as long as the first batch",
    hints=(
        "What is the total where the last batch is smaller?",
        "Batches may differ in m; the total is the sum of their sizes.",
        "Add each batch's own len(labels).",
    ),
)
def sizes_of_the_first(batches):
    _checked(batches)
    correct = sum(int(np.sum(z.argmax(axis=1) == labels)) for z, labels in batches)
    return correct, len(batches) * len(batches[0][1])


@mistake(
    "accuracy_counter",
    "an epoch without batches counts (0, 0)",
    hints=(
        "What would the accuracy of no samples be?",
        "0/0 is no accuracy: raise ValueError where there is no batch.",
        "Ask for the length first.",
    ),
)
def nothing_counted(batches):
    correct = sum(int(np.sum(z.argmax(axis=1) == labels)) for z, labels in batches)
    return correct, sum(len(labels) for _, labels in batches)
