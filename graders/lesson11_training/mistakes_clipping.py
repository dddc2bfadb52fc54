"""Wrong implementations of clipping.py, as students write them."""

import numpy as np
from nnedu.checking import mistake


def _total(grads):
    return float(np.sqrt(sum(np.sum(one**2) for one in grads.values())))


def _scaled(grads, factor):
    return {name: factor * one for name, one in grads.items()}


@mistake(
    "clip_grad_norm",
    "each array is clipped by a norm of its own",
    hints=(
        "One norm or many? Where one of two arrays is long, what happens to the other in yours?",
        "total = sqrt(Σ g²) runs over all entries of all arrays, W1 (n, k) and b1 (k,) and the rest.",
        "Sum the squares over the whole dict first; then one factor for all.",
    ),
)
def each_by_itself(grads, max_norm):
    clipped = {name: one * min(1.0, max_norm / (np.linalg.norm(one) + 1e-6)) for name, one in grads.items()}
    return clipped, _total(grads)


@mistake(
    "clip_grad_norm",
    "every entry is cut off at max_norm",
    hints=(
        "What is the cosine between the gradients before and after?",
        "Cutting entries off turns the step. One factor for all arrays keeps its direction.",
        "Multiply instead of cutting off.",
    ),
)
def entry_by_entry(grads, max_norm):
    return {name: np.clip(one, -max_norm, max_norm) for name, one in grads.items()}, _total(grads)


@mistake(
    "clip_grad_norm",
    "short gradients are stretched to max_norm, too",
    hints=(
        "The norm is 0.01 and 1 is allowed: what should happen, and what does?",
        "factor = min(1, max_norm / (total + 1e-6)). A limit is no target.",
        "Never let the factor be above 1.",
    ),
)
def always_rescales(grads, max_norm):
    total = _total(grads)
    return _scaled(grads, max_norm / (total + 1e-6)), total


@mistake(
    "clip_grad_norm",
    "the root is missing: the square of the norm is used",
    hints=(
        "What is the length of the vector (3, 4)?",
        "total = sqrt(Σ g²), over all entries of all arrays.",
        "Take the root of the sum before you compare it with max_norm.",
    ),
)
def squared_norm(grads, max_norm):
    total = _total(grads) ** 2
    return _scaled(grads, min(1.0, max_norm / (total + 1e-6))), total


@mistake(
    "clip_grad_norm",
    "the norm that is returned is the one after clipping",
    hints=(
        "Gradients of norm 1000 have been clipped to 1. Which of the two numbers would you like to see in a log?",
        "total is the length of what came in, over all arrays; after clipping it is never above max_norm.",
        "Measure once, before anything is multiplied, and return that.",
    ),
)
def norm_afterwards(grads, max_norm):
    clipped = _scaled(grads, min(1.0, max_norm / (_total(grads) + 1e-6)))
    return clipped, _total(clipped)


@mistake(
    "clip_grad_norm",
    "the norms of the arrays are added up",
    hints=(
        "W1 is [[3]] and b1 is [4]. What is the length of both together?",
        "Lengths of parts are not added: their squares are. total² = Σ ‖one‖² over all arrays.",
        "Sum squares, and take one root at the end.",
    ),
)
def sum_of_norms(grads, max_norm):
    total = float(sum(np.linalg.norm(one) for one in grads.values()))
    return _scaled(grads, min(1.0, max_norm / (total + 1e-6))), total


@mistake(
    "clip_grad_norm",
    "the largest entry is taken for the norm",
    hints=(
        "What is the length of (3, 4): 4?",
        "total = sqrt(Σ g²) is the 2-norm of all entries. The largest entry is another norm.",
        "Square, sum over all arrays, take the root.",
    ),
)
def largest_entry(grads, max_norm):
    total = float(max(np.max(np.abs(one)) for one in grads.values()))
    return _scaled(grads, min(1.0, max_norm / (total + 1e-6))), total


@mistake(
    "clip_grad_norm",
    "the mean of the squares is taken, not their sum",
    hints=(
        "Does a length of 5 change when the vector gets more zeros?",
        "total = sqrt(Σ g²): nothing is divided by the number of entries of the arrays.",
        "Replace the mean by a sum.",
    ),
)
def mean_square(grads, max_norm):
    count = sum(one.size for one in grads.values())
    total = _total(grads) / np.sqrt(count)
    return _scaled(grads, min(1.0, max_norm / (total + 1e-6))), float(total)


@mistake(
    "clip_grad_norm",
    "the biases are left out",
    hints=(
        "Whose gradients move in a step: those of the weights only?",
        "total runs over all arrays of the dict, whatever their names and shapes, and all are multiplied.",
        "Do not look at the keys.",
    ),
)
def weights_only(grads, max_norm):
    weights = {name: one for name, one in grads.items() if name.startswith("W")}
    total = _total(weights)
    return {**grads, **_scaled(weights, min(1.0, max_norm / (total + 1e-6)))}, total


@mistake(
    "clip_grad_norm",
    "the 1e-6 below the line is left out",
    hints=(
        "What becomes of gradients that are all 0, and of those that have exactly max_norm?",
        "factor = min(1, max_norm / (total + 1e-6)), so that nothing is ever divided by 0.",
        "Add the small number to the norm, below the line only.",
    ),
)
def no_epsilon(grads, max_norm):
    total = _total(grads)
    with np.errstate(all="ignore"):
        return _scaled(grads, np.minimum(1.0, np.divide(max_norm, total))), total


@mistake(
    "clip_grad_norm",
    "the 1e-6 is part of the norm that is returned",
    hints=(
        "What is the norm of gradients that are all 0?",
        "total = sqrt(Σ g²) over all arrays. The 1e-6 belongs to the division and to nothing else.",
        "Add it where you divide.",
    ),
)
def epsilon_in_the_norm(grads, max_norm):
    total = _total(grads) + 1e-6
    return _scaled(grads, min(1.0, max_norm / total)), total


@mistake(
    "clip_grad_norm",
    "the caller's arrays are multiplied in place",
    hints=(
        "Print the gradients before and after the call.",
        "grad *= factor writes into the caller's array; factor * grad makes a new one, of the same shape.",
        "Build a new dict of new arrays.",
    ),
)
def in_place(grads, max_norm):
    total = _total(grads)
    for one in grads.values():
        np.multiply(one, min(1.0, max_norm / (total + 1e-6)), out=one)
    return grads, total


@mistake(
    "clip_grad_norm",
    "gradients that are short enough are handed out themselves, not as copies",
    hints=(
        "Change an entry of what you return: does the caller's gradient change, too?",
        "The result is a new dict with new arrays, for short gradients as for long ones.",
        "Multiply in both cases; the factor is 1 for short ones.",
    ),
)
def hands_out_the_same(grads, max_norm):
    total = _total(grads)
    factor = min(1.0, max_norm / (total + 1e-6))
    return ({name: one for name, one in grads.items()} if factor == 1.0 else _scaled(grads, factor)), total


@mistake(
    "clip_grad_norm",
    "gradients that are too long are thrown away",
    hints=(
        "A long gradient is a step in a good direction that is too far. What is left of it in yours?",
        "factor = max_norm / (total + 1e-6) keeps a step of the length max_norm.",
        "Shorten, instead of setting to 0.",
    ),
)
def throws_away(grads, max_norm):
    total = _total(grads)
    return _scaled(grads, 0.0 if total > max_norm else min(1.0, max_norm / (total + 1e-6))), total
