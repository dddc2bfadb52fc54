"""Wrong implementations of loop.py, as students write them."""

import numpy as np
from layers import sgd_step
from loop import clip_gradients, cross_entropy
from nnedu.checking import mistake


def _softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


@mistake(
    "cross_entropy",
    "the softmax is taken twice: the loss cannot come near 0",
    hints=(
        "How small does your loss become for logits [30, 0, 0] and the label 0?",
        "Softmax of a softmax: with 10 classes the loss has a floor of 1.46. The function takes logits, (m, K).",
        "One softmax of the two has to go.",
    ),
)
def softmax_twice(logits, labels):
    return cross_entropy(_softmax(logits), labels)


@mistake(
    "cross_entropy",
    "log P[:, labels] picks, for every sample, the labels of all samples",
    hints=(
        "What shape has P[:, labels] for 7 samples?",
        "From (m, K), one entry of each row is wanted: m numbers. P[:, labels] is (m, m).",
        "Index rows and columns together, with np.arange(m) for the rows.",
    ),
)
def labels_of_all(logits, labels):
    return float(-np.mean(np.log(_softmax(logits))[:, labels])), cross_entropy(logits, labels)[1]


@mistake(
    "cross_entropy",
    "nothing is repaired yet: two softmaxes, and P[:, labels]",
    hints=(
        "How many softmaxes does your function compute, and what shape has P[:, labels]?",
        "Softmax of the logits, (m, K), once; then one entry of each row, that of its own label.",
        "Take one softmax out, and index rows and columns together.",
    ),
)
def as_it_was(logits, labels):
    P = _softmax(_softmax(logits))
    return float(-np.mean(np.log(P[:, labels]))), (P - np.eye(logits.shape[1])[labels]) / len(labels)


@mistake(
    "cross_entropy",
    "the gradient is that of a sum, without 1/m",
    hints=(
        "Stack the batch on top of itself. Does the gradient of a mean stay the same for each row?",
        "The loss is a mean over m rows; its gradient, (m, K), is (softmax - Y) / m.",
        "Divide by the number of rows.",
    ),
)
def without_mean(logits, labels):
    loss, dlogits = cross_entropy(logits, labels)
    return loss, dlogits * len(labels)


@mistake(
    "cross_entropy",
    "the loss is a mean over all m·K entries",
    hints=(
        "By which factor is your loss too small?",
        "The loss is a mean over the m rows, each of which has one term.",
        "Divide by m alone.",
    ),
)
def mean_over_entries(logits, labels):
    loss, dlogits = cross_entropy(logits, labels)
    return loss / logits.shape[1], dlogits / logits.shape[1]


@mistake(
    "cross_entropy",
    "no maximum is subtracted before the exponential",
    hints=(
        "Try logits near 1000.",
        "Softmax does not change when a constant is subtracted from a row of the logits, (m, K).",
        "Subtract each row's own maximum, keeping the dimension.",
    ),
)
def overflows(logits, labels):
    with np.errstate(all="ignore"):
        P = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        loss = -np.mean(np.log(P[np.arange(len(labels)), labels]))
    return float(loss), (P - np.eye(logits.shape[1])[labels]) / len(labels)


def _epoch(model, batches, loss, schedule, step, max_norm, *, zero=True, clip="after", each=True, mode=True):
    """An epoch, with what is wrong in it switched on."""
    if mode:
        model.train()
    losses, start = [], step
    for X, labels in batches:
        if zero:
            model.zero_grad()
        value, dlogits = loss(model.forward(X), labels)
        if clip == "before":
            clip_gradients(model, max_norm)
        model.backward(dlogits)
        if clip == "after":
            clip_gradients(model, max_norm)
        sgd_step(model, schedule(step if each else start))
        step += 1
        losses.append(value)
    return losses, step


@mistake(
    "train_epoch",
    "gradients are never set to zero: each step uses those of all batches so far",
    hints=(
        "Does the gradient's norm grow from batch to batch?",
        "Layers add their gradients, W's (n_in, n_out), up until zero_grad is called.",
        "Call it for each batch, before backward.",
    ),
)
def never_zero(model, batches, loss, schedule, step=0, max_norm=np.inf):
    return _epoch(model, batches, loss, schedule, step, max_norm, zero=False)


@mistake(
    "train_epoch",
    "gradients are set to zero once, at the start of the epoch",
    hints=(
        "After the second batch, whose gradients are in the model?",
        "Each step uses the gradients of its own batch alone, W's (n_in, n_out); the first batch's are in yours, too.",
        "Move zero_grad into the loop.",
    ),
)
def zero_once(model, batches, loss, schedule, step=0, max_norm=np.inf):
    model.zero_grad()
    return never_zero(model, batches, loss, schedule, step, max_norm)


@mistake(
    "train_epoch",
    "gradients are clipped before backward has computed them, or not at all",
    hints=(
        "Print what clip_gradients returns. What is it that is clipped there?",
        "Before backward the gradients, W's (n_in, n_out), are zeros: their norm is 0.0, and nothing is clipped.",
        "Clip after backward, before the step.",
    ),
)
def clips_before_backward(model, batches, loss, schedule, step=0, max_norm=np.inf):
    return _epoch(model, batches, loss, schedule, step, max_norm, clip="before")


@mistake(
    "train_epoch",
    "the schedule is asked once in an epoch",
    hints=(
        "How often is schedule called in an epoch of three batches?",
        "schedule(step) belongs to a step, and there is one for each batch (m, n).",
        "Ask it in the loop.",
    ),
)
def rate_of_the_epoch(model, batches, loss, schedule, step=0, max_norm=np.inf):
    return _epoch(model, batches, loss, schedule, step, max_norm, each=False)


@mistake(
    "train_epoch",
    "the step is counted once in an epoch",
    hints=(
        "Which step do you return after an epoch of three batches?",
        "There is a step for each batch (m, n): step is higher by the number of batches at the end.",
        "Count in the loop.",
    ),
)
def counts_epochs(model, batches, loss, schedule, step=0, max_norm=np.inf):
    losses, _ = _epoch(model, batches, loss, schedule, step, max_norm, each=False)
    return losses, step + 1


@mistake(
    "train_epoch",
    "nothing is repaired yet",
    hints=(
        "Go through one batch by hand. What is in the gradients, when are they clipped, which learning rate is used?",
        "For each batch (m, n): zero, forward, loss, backward, clip, step with schedule(step), count.",
        "Three lines stand in the wrong place or are missing.",
    ),
)
def as_found(model, batches, loss, schedule, step=0, max_norm=np.inf):
    losses, _ = _epoch(model, batches, loss, schedule, step, max_norm, zero=False, clip="before", each=False)
    return losses, step + 1


@mistake(
    "train_epoch",
    "the model is not put into training mode",
    hints=(
        "In which mode does the model come after an evaluation?",
        "An epoch begins with model.train(): dropout drops entries of (m, n), and batch norm looks at the batch.",
        "Say it before the loop.",
    ),
)
def leaves_the_mode(model, batches, loss, schedule, step=0, max_norm=np.inf):
    return _epoch(model, batches, loss, schedule, step, max_norm, mode=False)


@mistake(
    "evaluate",
    "the model is evaluated in training mode, so that the accuracy varies",
    hints=(
        "Call it twice. The same?",
        "In training mode dropout sets entries of (m, n) to 0, and batch norm looks at the batch and remembers it.",
        "Go into evaluation mode first.",
    ),
)
def in_training_mode(model, X, labels):
    model.train()
    return float(np.mean(model.forward(X).argmax(axis=1) == labels))


@mistake(
    "evaluate",
    "the model stays in evaluation mode",
    hints=(
        "What happens to dropout in the next epoch?",
        "After the evaluation of X, (m, n), the model should be in training mode.",
        "Switch back before you return.",
    ),
)
def stays_in_evaluation(model, X, labels):
    model.eval()
    return float(np.mean(model.forward(X).argmax(axis=1) == labels))


@mistake(
    "evaluate",
    "the mode is switched only after the forward pass",
    hints=(
        "In which mode does forward run?",
        "eval() acts on what comes after it. The forward pass of X, (m, n), has to come between eval() and train().",
        "Move it up.",
    ),
)
def switches_too_late(model, X, labels):
    right = model.forward(X).argmax(axis=1) == labels
    model.eval()
    return float(np.mean(right))


@mistake(
    "evaluate",
    "it returns how many are right, not which share",
    hints=(
        "Can your accuracy be larger than 1?",
        "The accuracy of (m, n) inputs is a number from 0 to 1.",
        "Divide by m.",
    ),
)
def counts(model, X, labels):
    model.eval()
    right = model.forward(X).argmax(axis=1) == labels
    model.train()
    return float(np.sum(right))
