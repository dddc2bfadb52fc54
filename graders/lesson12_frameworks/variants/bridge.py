"""Right answers to bridge.py, written differently."""

import numpy as np
from bridge import from_torch, to_torch
from nnedu.checking import variant


@variant("to_torch", "in the order of the dict, with swapaxes")
def to_torch_names(params):
    state = {}
    for name, value in params.items():
        kind, place = name[0], 2 * (int(name[1:]) - 1)
        state[f"{place}.weight" if kind == "W" else f"{place}.bias"] = np.array(value.swapaxes(0, -1))
    return state


@variant("to_torch", "entry by entry")
def to_torch_entries(params):
    state, L = {}, sum(name.startswith("W") for name in params)
    for i in range(L):
        W = params[f"W{i + 1}"]
        state[f"{2 * i}.weight"] = np.array([[W[p, q] for p in range(W.shape[0])] for q in range(W.shape[1])])
        state[f"{2 * i}.bias"] = np.array(list(params[f"b{i + 1}"]))
    return state


@variant("to_torch", "with einsum, in Fortran order")
def to_torch_einsum(params):
    numbers = sorted({int(name[1:]) for name in params})
    weights = {f"{2 * n - 2}.weight": np.asfortranarray(np.einsum("ij->ji", params[f"W{n}"]).copy()) for n in numbers}
    return weights | {f"{2 * n - 2}.bias": params[f"b{n}"] + 0.0 for n in numbers}


@variant("from_torch", "in the order of the dict")
def from_torch_names(state):
    params = {}
    for name, value in state.items():
        place, kind = name.split(".")
        layer = int(place) // 2 + 1
        params[f"{'W' if kind == 'weight' else 'b'}{layer}"] = np.array(value.T, dtype=float)
    return params


@variant("from_torch", "sorted by number")
def from_torch_sorted(state):
    places, params = sorted({int(name.split(".")[0]) for name in state}), {}
    for layer, place in enumerate(places, start=1):
        params[f"W{layer}"] = np.einsum("ij->ji", state[f"{place}.weight"]).astype(np.float64)
        params[f"b{layer}"] = state[f"{place}.bias"].astype(np.float64)
    return params


@variant("from_torch", "with a while loop")
def from_torch_while(state):
    params, layer = {}, 1
    while f"{2 * layer - 2}.weight" in state:
        params[f"W{layer}"] = np.array(state[f"{2 * layer - 2}.weight"].tolist()).T
        params[f"b{layer}"] = np.array(state[f"{2 * layer - 2}.bias"].tolist())
        layer += 1
    return params


def _gradients(params, X, labels):
    """Forward and backward in PyTorch's form: weights (n_out, n_in)."""
    state, L = to_torch(params), len(params) // 2
    A, slopes = [X], []
    for i in range(L):
        Z = A[-1] @ state[f"{2 * i}.weight"].T + state[f"{2 * i}.bias"]
        slopes.append(Z > 0)
        A.append(Z * (Z > 0) if i < L - 1 else Z)
    Z = A.pop()
    E = np.exp(Z - np.max(Z, axis=-1)[:, None])
    d = (E / E.sum(axis=-1)[:, None] - (labels[:, None] == np.arange(Z.shape[1]))) / len(X)
    grads = {}
    for i in range(L - 1, -1, -1):
        grads[f"{2 * i}.weight"], grads[f"{2 * i}.bias"] = d.T @ A[i], d.sum(axis=0)
        if i:
            d = (d @ state[f"{2 * i}.weight"]) * slopes[i - 1]
    return Z, grads, state


@variant("parity_report", "on the other side of the bridge")
def parity_in_torch_form(params, X, labels, framework):
    Z, grads, state = _gradients(params, X, labels)
    other, theirs = framework(state, X, labels)
    apart = max(np.max(np.abs(theirs[name] - grads[name])) for name in theirs)
    return {"max_grad_diff": apart, "max_forward_diff": np.max(np.abs(other - Z))}


@variant("parity_report", "with all gradients in one vector")
def parity_in_one_vector(params, X, labels, framework):
    Z, grads, state = _gradients(params, X, labels)
    other, theirs = framework(state, X, labels)
    names = sorted(grads)
    one, two = (np.concatenate([g[name].ravel() for name in names]) for g in (grads, theirs))
    return {
        "max_forward_diff": float(np.linalg.norm((Z - other).ravel(), np.inf)),
        "max_grad_diff": float(np.linalg.norm(one - two, np.inf)),
    }


@variant("parity_report", "entry by entry")
def parity_entries(params, X, labels, framework):
    Z, grads, state = _gradients(params, X, labels)
    other, theirs = framework(state, X, labels)
    report = {"max_forward_diff": 0.0, "max_grad_diff": 0.0}
    for a, b in zip(Z.ravel(), other.ravel(), strict=True):
        report["max_forward_diff"] = max(report["max_forward_diff"], float(abs(a - b)))
    own, theirs = from_torch(grads), from_torch(theirs)
    for name, grad in own.items():
        for at in np.ndindex(grad.shape):
            report["max_grad_diff"] = max(report["max_grad_diff"], float(abs(grad[at] - theirs[name][at])))
    return report
