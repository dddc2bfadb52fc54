"""Right answers to penalties.py, written differently."""

import numpy as np
from nnedu.checking import variant


@variant("l2_penalty", "in one loop")
def l2_loop(params, lam):
    penalty, grads = 0.0, {}
    for key in params:
        if key[0] == "W":
            penalty += lam * np.sum(params[key] * params[key])
            grads[key] = params[key] * lam + params[key] * lam
        else:
            grads[key] = np.zeros_like(params[key])
    return penalty, grads


@variant("l2_penalty", "with norms, dot products and Fortran-ordered gradients")
def l2_norms(params, lam):
    weights = [key for key in params if key.startswith("W")]
    grads = {key: np.zeros(params[key].shape) for key in params}
    grads.update({key: np.asfortranarray(2 * lam * params[key]) for key in weights})
    return lam * np.array(sum(np.linalg.norm(params[key]) ** 2 for key in weights)), grads


@variant("l2_penalty", "entry by entry")
def l2_entries(params, lam):
    penalty = lam * sum(w * w for key, W in params.items() if key.startswith("W") for w in W.ravel().tolist())
    grads = {}
    for key, value in params.items():
        grads[key] = np.empty(value.shape)
        for index in np.ndindex(*value.shape):
            grads[key][index] = 2 * lam * value[index] if key.startswith("W") else 0
    return penalty, grads


@variant("l1_penalty", "in one loop, as a difference of two comparisons")
def l1_loop(params, lam):
    penalty, grads = 0.0, {}
    for key, value in params.items():
        grads[key] = np.zeros_like(value)
        if key.startswith("W"):
            penalty = penalty + lam * np.abs(value).sum()
            grads[key] += lam * (value > 0) - lam * (value < 0)
    return penalty, grads


@variant("l1_penalty", "with the norm of the flattened weights")
def l1_norms(params, lam):
    penalty = sum(lam * np.linalg.norm(params[key].ravel(), 1) for key in params if key.startswith("W"))
    return penalty, {
        key: np.copysign(lam, value) * (value != 0) if key.startswith("W") else 0.0 * value
        for key, value in params.items()
    }


@variant("l1_penalty", "from the gradient: a weight times its sign")
def l1_products(params, lam):
    grads = {key: np.asfortranarray(lam * np.sign(value) * (key[0] == "W")) for key, value in params.items()}
    return float(sum(np.vdot(grads[key], params[key]) for key in params)), grads
