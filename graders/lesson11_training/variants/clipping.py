"""Right answers to clipping.py, written differently."""

import math

import numpy as np
from nnedu.checking import variant


@variant("clip_grad_norm", "as one long vector")
def one_vector(grads, max_norm):
    total = np.linalg.norm(np.concatenate([np.ravel(one) for one in grads.values()]))
    factor = np.minimum(max_norm / (total + 1e-6), 1.0)
    return {name: np.array(one) * factor for name, one in grads.items()}, total


@variant("clip_grad_norm", "with hypot over the norms of the arrays, and a branch")
def with_hypot(grads, max_norm):
    total = math.hypot(*(np.linalg.norm(one.ravel()) for one in grads.values()))
    if total + 1e-6 <= max_norm:
        return {name: one.copy() for name, one in grads.items()}, total
    return {name: one * max_norm / (total + 1e-6) for name, one in grads.items()}, total


@variant("clip_grad_norm", "with a loop and vdot, on copies")
def with_vdot(grads, max_norm):
    square = 0.0
    for one in grads.values():
        square += np.vdot(one, one)
    total = square**0.5
    clipped = {name: np.array(one, order="F") for name, one in grads.items()}
    coefficient = max_norm / (total + 1e-6)
    if coefficient < 1.0:
        for one in clipped.values():
            np.multiply(one, coefficient, out=one)
    return clipped, float(total)
