"""Right implementations of forward.py, written differently."""

import numpy as np

from nnedu.checking import variant


def _variance(n_in, n_out, scheme):
    if scheme == "he":
        return 2 / n_in
    if scheme == "xavier":
        return 2 / (n_in + n_out)
    if scheme == "small":
        return 1e-4
    raise ValueError(scheme)


@variant("init_params", "scales standard normals")
def init_scaled(layer_dims, rng, scheme="he"):
    params = {}
    for layer in range(1, len(layer_dims)):
        n_in, n_out = layer_dims[layer - 1], layer_dims[layer]
        params["W" + str(layer)] = rng.standard_normal((n_in, n_out)) * np.sqrt(_variance(n_in, n_out, scheme))
        params["b" + str(layer)] = np.zeros((n_out,))
    return params


@variant("init_params", "draws uniform weights of the same variance")
def init_uniform(layer_dims, rng, scheme="he"):
    params = {}
    for i in range(len(layer_dims) - 1):
        bound = np.sqrt(3 * _variance(layer_dims[i], layer_dims[i + 1], scheme))
        params[f"W{i + 1}"] = rng.uniform(-bound, bound, size=layer_dims[i : i + 2])
        params[f"b{i + 1}"] = np.zeros(layer_dims[i + 1])
    return params


@variant("init_params", "draws the layers from the last to the first, and transposed")
def init_backwards(layer_dims, rng, scheme="he"):
    params = {}
    for layer in range(len(layer_dims) - 1, 0, -1):
        n_in, n_out = layer_dims[layer - 1], layer_dims[layer]
        params[f"b{layer}"] = np.zeros(n_out)
        params[f"W{layer}"] = rng.normal(scale=_variance(n_in, n_out, scheme) ** 0.5, size=(n_out, n_in)).T
    return params


def _output(Z, output):
    if output == "sigmoid":
        return 1 / (1 + np.exp(-Z))
    if output == "softmax":
        return np.exp(Z) / np.exp(Z).sum(axis=-1, keepdims=True)
    if output == "linear":
        return Z.copy()
    raise ValueError(output)


@variant("mlp_forward", "with a loop over the hidden layers and the last one by itself")
def forward_last_apart(X, params, output="sigmoid"):
    L = len(params) // 2
    A, caches = X.copy(), []
    for layer in range(1, L):
        Z = np.dot(A, params[f"W{layer}"]) + params[f"b{layer}"]
        caches += [(A, Z)]
        A = Z * (Z > 0)
    Z = np.dot(A, params[f"W{L}"]) + params[f"b{L}"]
    return _output(Z, output), [*caches, (A, Z)]


@variant("mlp_forward", "in columns, with transposed results and pairs that are lists")
def forward_columns(X, params, output="sigmoid"):
    L, A, caches = sum(name.startswith("W") for name in params), X.T, []
    for layer in range(1, L + 1):
        Z = params[f"W{layer}"].T @ A + params[f"b{layer}"][:, None]
        caches.append([A.T, Z.T])
        A = np.where(Z > 0, Z, 0.0)
    return _output(Z.T, output), tuple(caches)


@variant("mlp_forward", "recursive, with einsum, in Fortran order")
def forward_recursive(X, params, output="sigmoid"):
    def up_to(layer):
        if layer == 0:
            return X, []
        A_prev, caches = up_to(layer - 1)
        Z = np.asfortranarray(np.einsum("mi,ij->mj", A_prev, params[f"W{layer}"]) + params[f"b{layer}"])
        A = _output(Z, output) if layer == len(params) // 2 else np.clip(Z, 0, None)
        return A, [*caches, (A_prev, Z)]

    return up_to(len(params) // 2)


@variant("mlp_forward", "with one augmented matrix per layer, its bias as a row")
def forward_augmented(X, params, output="sigmoid"):
    L = len(params) // 2
    A, caches = X, []
    for layer in range(L):
        W = np.vstack([params[f"W{layer + 1}"], params[f"b{layer + 1}"]])
        Z = np.hstack([A, np.ones((len(A), 1))]) @ W
        caches.append((A, Z))
        A = (Z + np.abs(Z)) / 2
    return _output(Z, output), caches
