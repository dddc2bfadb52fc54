"""Grader of suites.py: tests that a student writes, put to right and to wrong implementations."""

# ruff: noqa: FBT002, FBT003 - the signature is that of the exercise

import numpy as np
from nnedu.checking import assert_tells_apart, exercise, hidden, points

# softmax(Z)


def softmax(Z):
    powers = np.exp(Z - np.max(Z, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


def softmax_by_logarithm(Z):
    top = np.max(Z, axis=-1, keepdims=True)
    return np.exp(Z - top - np.log(np.sum(np.exp(Z - top), axis=-1, keepdims=True)))


def softmax_by_rows(Z):
    Z = np.asarray(Z, dtype=float)
    P = np.empty(Z.shape)
    for place in np.ndindex(Z.shape[:-1]):
        P[place] = np.exp(Z[place] - Z[place].max())
        P[place] /= P[place].sum()
    return P


def softmax_by_differences(Z):
    Z = np.asarray(Z, dtype=float)
    return 1.0 / np.sum(np.exp(np.minimum(Z[..., None, :] - Z[..., :, None], 700.0)), axis=-1)


def softmax_in_base_2(Z):
    powers = np.exp2((Z - np.max(Z, axis=-1, keepdims=True)) * np.log2(np.e))
    return powers / np.sum(powers, axis=-1, keepdims=True)


SOFTMAX = {
    "subtracts each row's maximum": (softmax,),
    "subtracts the logarithm of the sum": (softmax_by_logarithm,),
    "goes row by row": (softmax_by_rows,),
    "adds up exponentials of differences, stopped at e^700": (softmax_by_differences,),
    "computes powers of 2, so that the last digits differ": (softmax_in_base_2,),
}


def softmax_unshifted(Z):
    return np.exp(Z) / np.sum(np.exp(Z), axis=-1, keepdims=True)


def softmax_of_columns(Z):
    powers = np.exp(Z - np.max(Z, axis=0))
    return powers / np.sum(powers, axis=0)


def softmax_one_maximum(Z):
    powers = np.exp(Z - np.max(Z))
    return powers / np.sum(powers, axis=-1, keepdims=True)


def softmax_clipped(Z):
    return softmax(np.clip(Z, -30.0, 30.0))


def softmax_second_axis(Z):
    axis = min(1, np.ndim(Z) - 1)
    powers = np.exp(Z - np.max(Z, axis=axis, keepdims=True))
    return powers / np.sum(powers, axis=axis, keepdims=True)


def softmax_in_place(Z):
    Z -= np.max(Z, axis=-1, keepdims=True)
    return softmax(Z)


@exercise("check_softmax")
class TestCheckSoftmax:
    """tests that tell a right softmax from a wrong one"""

    @points(1)
    def test_stability(self, student, rng):
        """accepts five right implementations, and rejects one that overflows"""
        assert_tells_apart(student.check_softmax, right=SOFTMAX, wrong={"stability": (softmax_unshifted,)}, rng=rng)

    @points(1)
    def test_axis(self, student, rng):
        """accepts five right implementations, and rejects one that mistakes the axis"""
        assert_tells_apart(student.check_softmax, right=SOFTMAX, wrong={"axis": (softmax_of_columns,)}, rng=rng)

    @hidden
    @points(1)
    def test_more_stability(self, student, rng):
        """rejects two more whose faults are of the family of stability, and none that is right"""
        wrong = {"stability": (softmax_one_maximum,), "stability, for large logits": (softmax_clipped,)}
        assert_tells_apart(student.check_softmax, right=SOFTMAX, wrong=wrong, rng=rng)

    @hidden
    @points(1)
    def test_shape(self, student, rng):
        """rejects one whose fault is of the family of shape, and none that is right"""
        assert_tells_apart(student.check_softmax, right=SOFTMAX, wrong={"shape": (softmax_second_axis,)}, rng=rng)

    @hidden
    @points(1)
    def test_aliasing(self, student, rng):
        """rejects one whose fault is of the family of aliasing, and none that is right"""
        assert_tells_apart(student.check_softmax, right=SOFTMAX, wrong={"aliasing": (softmax_in_place,)}, rng=rng)


# backprop(X, Y, params, output)


def forward(X, params, output):
    """The output of the network, and for each layer what went in and the pre-activation."""
    if output not in ("sigmoid", "softmax", "linear"):
        raise ValueError(f"unknown output {output!r}")
    A, caches = np.asarray(X, dtype=float), []
    for layer in range(1, len(params) // 2 + 1):
        Z = A @ params[f"W{layer}"] + params[f"b{layer}"]
        caches.append((A, Z))
        A = np.maximum(Z, 0.0)
    return {"sigmoid": lambda Z: 0.5 + 0.5 * np.tanh(0.5 * Z), "softmax": softmax, "linear": np.copy}[output](Z), caches


def first_delta(A, Y, output):
    return (A - Y) * {"sigmoid": 1.0 / A.size, "softmax": 1.0 / len(A), "linear": 2.0 / A.size}[output]


def backprop(X, Y, params, output="sigmoid", slope=lambda Z: Z > 0):
    A, caches = forward(X, params, output)
    dZ, grads = first_delta(A, Y, output), {}
    for layer in range(len(caches), 0, -1):
        A_prev, Z = caches[layer - 1]
        if layer < len(caches):
            dZ = (dZ @ params[f"W{layer + 1}"].T) * slope(Z)
        grads |= {f"W{layer}": A_prev.T @ dZ, f"b{layer}": dZ.sum(axis=0)}
    return grads


def backprop_by_samples(X, Y, params, output="sigmoid"):
    grads = {name: np.zeros(value.shape) for name, value in params.items()}
    for row in range(len(X)):
        for name, grad in backprop(X[row : row + 1], Y[row : row + 1], params, output).items():
            grads[name] += grad / len(X)
    return grads


def backprop_with_ones(X, Y, params, output="sigmoid"):
    A, caches = forward(X, params, output)
    dZ, grads = first_delta(A, Y, output), {}
    for layer in reversed(range(len(caches))):
        both = np.hstack([caches[layer][0], np.ones((len(X), 1))]).T @ dZ
        grads[f"W{layer + 1}"], grads[f"b{layer + 1}"] = both[:-1], both[-1]
        if layer:
            dZ = np.where(caches[layer - 1][1] > 0, np.einsum("ij,kj->ik", dZ, params[f"W{layer + 1}"]), 0.0)
    return dict(sorted(grads.items()))


def backprop_by_paths(X, Y, params, output="sigmoid"):
    A, caches = forward(X, params, output)
    last, grads = first_delta(A, Y, output), {}
    for layer in range(1, len(caches) + 1):
        dZ = last
        for later in range(len(caches), layer, -1):
            dZ = (dZ @ params[f"W{later}"].T) * np.heaviside(caches[later - 2][1], 0.0)
        grads[f"W{layer}"], grads[f"b{layer}"] = np.tensordot(caches[layer - 1][0], dZ, (0, 0)), np.ones(len(X)) @ dZ
    return grads


BACKPROP = {
    "goes back layer by layer": (backprop,),
    "adds up the gradients of single samples": (backprop_by_samples,),
    "treats b as one more row of W, and returns the keys in another order": (backprop_with_ones,),
    "goes back from the loss for each layer anew": (backprop_by_paths,),
    "takes 1/2 for the slope of ReLU at 0, where any number from 0 to 1 will do": (
        lambda X, Y, params, output="sigmoid": backprop(X, Y, params, output, lambda Z: np.heaviside(Z, 0.5)),
    ),
}


def backprop_of_the_sum(X, Y, params, output="sigmoid"):
    return {name: grad * len(X) for name, grad in backprop(X, Y, params, output).items()}


def backprop_without_slope(X, Y, params, output="sigmoid"):
    return backprop(X, Y, params, output, np.ones_like)


def backprop_mean_bias(X, Y, params, output="sigmoid"):
    grads = backprop(X, Y, params, output)
    return {name: grad / len(X) if name[0] == "b" else grad for name, grad in grads.items()}


def backprop_first_mask(X, Y, params, output="sigmoid"):
    """ReLU's slopes are missing in the gradients of all layers but the last two."""
    grads, last = backprop(X, Y, params, output), len(params) // 2
    for name, grad in backprop(X, Y, params, output, np.ones_like).items():
        if int(name[1:]) < last - 1:
            grads[name] = grad
    return grads


def backprop_softmax_entries(X, Y, params, output="sigmoid"):
    factor = 1.0 / Y.shape[1] if output == "softmax" else 1.0
    return {name: grad * factor for name, grad in backprop(X, Y, params, output).items()}


def backprop_that_steps(X, Y, params, output="sigmoid"):
    grads = backprop(X, Y, params, output)
    for name, grad in grads.items():
        params[name] -= 0.1 * grad
    return grads


@exercise("check_backprop")
class TestCheckBackprop:
    """tests that tell a right backprop from a wrong one"""

    @points(1)
    def test_scale(self, student, rng):
        """accepts five right implementations, and rejects one that mistakes the scale"""
        assert_tells_apart(student.check_backprop, right=BACKPROP, wrong={"scale": (backprop_of_the_sum,)}, rng=rng)

    @points(1)
    def test_gradient(self, student, rng):
        """accepts five right implementations, and rejects one that leaves a factor out"""
        wrong = {"gradient": (backprop_without_slope,)}
        assert_tells_apart(student.check_backprop, right=BACKPROP, wrong=wrong, rng=rng)

    @hidden
    @points(1)
    def test_more_gradients(self, student, rng):
        """rejects one more whose fault is of the family of gradients, and none that is right"""
        assert_tells_apart(student.check_backprop, right=BACKPROP, wrong={"gradient": (backprop_mean_bias,)}, rng=rng)

    @hidden
    @points(1)
    def test_cases(self, student, rng):
        """rejects two whose faults show in some networks only, and none that is right"""
        wrong = {"depth": (backprop_first_mask,), "output": (backprop_softmax_entries,)}
        assert_tells_apart(student.check_backprop, right=BACKPROP, wrong=wrong, rng=rng)

    @hidden
    @points(1)
    def test_aliasing(self, student, rng):
        """rejects one whose fault is of the family of aliasing, and none that is right"""
        assert_tells_apart(student.check_backprop, right=BACKPROP, wrong={"aliasing": (backprop_that_steps,)}, rng=rng)


# adam_update(param, grad, m, v, t, lr, beta1, beta2, eps)


def adam(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2
    root = np.sqrt(v / (1 - float(beta2) ** t))
    return param - lr * m / (1 - float(beta1) ** t) / (root + eps), m, v


def adam_eps_hat(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad * grad
    rate = lr * np.sqrt(1 - float(beta2) ** t) / (1 - float(beta1) ** t)
    return param - rate * m / (np.sqrt(v) + eps), m, v


def adam_by_differences(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = m + (1 - beta1) * (grad - m), v + (1 - beta2) * (grad * grad - v)
    m_hat, v_hat = m / (1 - float(beta1) ** t), v / (1 - float(beta2) ** t)
    return param - lr * (m_hat / (v_hat**0.5 + eps)), m, v


def adam_by_entries(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    results = [np.empty(np.shape(param)) for _ in range(3)]
    for place in np.ndindex(np.shape(param)):
        found = adam(param[place], grad[place], m[place], v[place], t, lr, beta1, beta2, eps)
        for result, value in zip(results, found, strict=True):
            result[place] = value
    return tuple(results)


def adam_on_copies(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    param, m, v = (np.array(one, dtype=float) for one in (param, m, v))
    m *= beta1
    m += (1 - beta1) * grad
    v *= beta2
    v += (1 - beta2) * np.square(grad)
    param -= lr * (m / (1 - float(beta1) ** t)) / (np.sqrt(v / (1 - float(beta2) ** t)) + eps)
    return [param, m, v]


ADAM = {
    "corrects both moments": (adam,),
    "corrects the learning rate instead, which puts eps in another place": (adam_eps_hat,),
    "moves the moments by differences": (adam_by_differences,),
    "goes entry by entry": (adam_by_entries,),
    "works in place on copies, and returns a list": (adam_on_copies,),
}


def adam_uncorrected(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2
    return param - lr * m / (np.sqrt(v) + eps), m, v


def adam_one_scale(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    mean = np.full(np.shape(grad), np.sqrt(np.mean(np.square(grad))))
    v = adam(param, mean, m, v, t, lr, beta1, beta2, eps)[2]
    m = beta1 * m + (1 - beta1) * grad
    return param - lr * m / (1 - float(beta1) ** t) / (np.sqrt(v / (1 - float(beta2) ** t)) + eps), m, v


def adam_first_step(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    return adam(param, grad, m, v, 1, lr, beta1, beta2, eps)


def adam_corrected_state(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    param, m, v = adam(param, grad, m, v, t, lr, beta1, beta2, eps)
    return param, m / (1 - float(beta1) ** t), v / (1 - float(beta2) ** t)


def adam_eps_inside(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    _, m, v = adam(param, grad, m, v, t, lr, beta1, beta2, eps)
    return param - lr * m / (1 - float(beta1) ** t) / np.sqrt(v / (1 - float(beta2) ** t) + eps), m, v


def adam_in_place(param, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m[...], v[...] = adam(param, grad, m, v, t, lr, beta1, beta2, eps)[1:]
    return param - lr * m / (1 - float(beta1) ** t) / (np.sqrt(v / (1 - float(beta2) ** t)) + eps), m, v


@exercise("check_adam")
class TestCheckAdam:
    """tests that tell a right adam_update from a wrong one"""

    @points(1)
    def test_first_steps(self, student, rng):
        """accepts five right implementations, and rejects one whose first steps are of a wrong length"""
        assert_tells_apart(student.check_adam, right=ADAM, wrong={"first steps": (adam_uncorrected,)}, rng=rng)

    @points(1)
    def test_shape(self, student, rng):
        """accepts five right implementations, and rejects one that is right for a single number"""
        assert_tells_apart(student.check_adam, right=ADAM, wrong={"shape": (adam_one_scale,)}, rng=rng)

    @hidden
    @points(1)
    def test_state(self, student, rng):
        """rejects two whose faults are of the family of state, and none that is right"""
        wrong = {"state": (adam_first_step,), "state, as it is returned": (adam_corrected_state,)}
        assert_tells_apart(student.check_adam, right=ADAM, wrong=wrong, rng=rng)

    @hidden
    @points(1)
    def test_small_numbers(self, student, rng):
        """rejects one whose fault shows at small numbers, and none that is right"""
        assert_tells_apart(student.check_adam, right=ADAM, wrong={"small numbers": (adam_eps_inside,)}, rng=rng)

    @hidden
    @points(1)
    def test_aliasing(self, student, rng):
        """rejects one whose fault is of the family of aliasing, and none that is right"""
        assert_tells_apart(student.check_adam, right=ADAM, wrong={"aliasing": (adam_in_place,)}, rng=rng)


# batchnorm_forward(X, gamma, beta, running_mean, running_var, training, momentum, eps), batchnorm_backward(dout, cache)


def norm(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    mean, var = running_mean, running_var
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        running_mean = (1 - momentum) * running_mean + momentum * mean
        running_var = (1 - momentum) * running_var + momentum * var
    std = np.sqrt(var + eps)
    X_hat = (X - mean) / std
    return gamma * X_hat + beta, (X_hat, std, gamma), running_mean, running_var


def norm_backward(dout, cache):
    X_hat, std, gamma = cache
    d = dout * gamma
    dX = (d - d.mean(axis=0) - X_hat * (d * X_hat).mean(axis=0)) / std
    return dX, (dout * X_hat).sum(axis=0), dout.sum(axis=0)


def norm_with_a_table(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    out, _, *running = norm(X, gamma, beta, running_mean, running_var, training, momentum, eps)
    return [out, {"X": X, "gamma": gamma, "eps": eps}, *running]


def norm_backward_by_paths(dout, cache):
    X, m = cache["X"], len(cache["X"])
    centred, var = X - X.mean(axis=0), X.var(axis=0) + cache["eps"]
    d = dout * cache["gamma"]
    d_var = -0.5 * var**-1.5 * (d * centred).sum(axis=0)
    d_mean = -d.sum(axis=0) / np.sqrt(var)
    dX = d / np.sqrt(var) + d_var * 2.0 * centred / m + d_mean / m
    return [dX, (dout * centred / np.sqrt(var)).sum(axis=0), dout.sum(axis=0)]


def norm_by_moments(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    mean, var = (X.sum(axis=0) / len(X), 0.0) if training else (running_mean, running_var)
    if training:
        var = np.square(X - mean).sum(axis=0) / len(X)
        running_mean = running_mean + momentum * (mean - running_mean)
        running_var = running_var + momentum * (var - running_var)
    scale = gamma / np.sqrt(var + eps)
    return X * scale + (beta - mean * scale), ((X - mean) / np.sqrt(var + eps), scale), running_mean, running_var


def norm_backward_by_matrix(dout, cache):
    """dX by the Jacobian of each feature: the unit matrix, less its means and what lies along X_hat."""
    X_hat, scale = cache
    m, dX = len(dout), np.empty(dout.shape)
    for j in range(dout.shape[1]):
        jacobian = np.eye(m) - 1.0 / m - np.outer(X_hat[:, j], X_hat[:, j]) / m
        dX[:, j] = scale[j] * (jacobian @ dout[:, j])
    return dX, np.einsum("ij,ij->j", dout, X_hat), np.ones(m) @ dout


def norm_by_features(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    columns = [
        norm(X[:, [j]], gamma[[j]], beta[[j]], running_mean[[j]], running_var[[j]], training, momentum, eps)
        for j in range(X.shape[1])
    ]
    caches = [cache for _, cache, _, _ in columns]
    out, mean, var = (np.concatenate([one[i] for one in columns], axis=-1) for i in (0, 2, 3))
    return out, caches, mean, var


def norm_backward_by_features(dout, cache):
    found = [norm_backward(dout[:, [j]], one) for j, one in enumerate(cache)]
    return tuple(np.concatenate([one[i] for one in found], axis=-1) for i in range(3))


def norm_same_statistics(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    out, cache, mean, var = norm(X, gamma, beta, running_mean, running_var, training, momentum, eps)
    return (out, cache, mean, var) if training else (out, None, running_mean, running_var)


BATCHNORM = {
    "keeps the normalised inputs for the way back": (norm, norm_backward),
    "keeps the inputs, in a dict, and adds up the three paths": (norm_with_a_table, norm_backward_by_paths),
    "multiplies out, and goes back with a matrix for each feature": (norm_by_moments, norm_backward_by_matrix),
    "goes feature by feature": (norm_by_features, norm_backward_by_features),
    "keeps nothing in evaluation, from which no way back is asked": (norm_same_statistics, norm_backward),
}


def norm_rows(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    out, cache, mean, var = norm(X, gamma, beta, running_mean, running_var, training, momentum, eps)
    if training:
        out = gamma * (X - X.mean(axis=1, keepdims=True)) / np.sqrt(X.var(axis=1, keepdims=True) + eps) + beta
    return out, cache, mean, var


def norm_by_the_batch(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    out, cache, mean, var = norm(X, gamma, beta, running_mean, running_var, True, momentum, eps)
    return (out, cache, mean, var) if training else (out, cache, running_mean, running_var)


def norm_backward_constant(dout, cache):
    X_hat, std, gamma = cache
    return dout * gamma / std, (dout * X_hat).sum(axis=0), dout.sum(axis=0)


def norm_unbiased(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    out, cache, mean, var = norm(X, gamma, beta, running_mean, running_var, training, momentum, eps)
    if training and len(X) > 1:
        var = var + momentum * X.var(axis=0) / (len(X) - 1)
    return out, cache, mean, var


def norm_eps_outside(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    if training:
        return norm(X, gamma, beta, running_mean, running_var, True, momentum, eps)
    return gamma * (X - running_mean) / (np.sqrt(running_var) + eps) + beta, None, running_mean, running_var


def norm_in_place(X, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    out, cache, mean, var = norm(X, gamma, beta, running_mean, running_var, training, momentum, eps)
    running_mean[...], running_var[...] = mean, var
    return out, cache, running_mean, running_var


@exercise("check_batchnorm")
class TestCheckBatchnorm:
    """tests that tell a right batch normalisation from a wrong one"""

    @points(1)
    def test_axis(self, student, rng):
        """accepts five right implementations, and rejects one that mistakes the axis"""
        wrong = {"axis": (norm_rows, norm_backward)}
        assert_tells_apart(student.check_batchnorm, right=BATCHNORM, wrong=wrong, rng=rng)

    @points(1)
    def test_mode(self, student, rng):
        """accepts five right implementations, and rejects one that mistakes the mode"""
        wrong = {"mode": (norm_by_the_batch, norm_backward)}
        assert_tells_apart(student.check_batchnorm, right=BATCHNORM, wrong=wrong, rng=rng)

    @hidden
    @points(1)
    def test_gradient(self, student, rng):
        """rejects one whose fault is of the family of gradients, and none that is right"""
        wrong = {"gradient": (norm, norm_backward_constant)}
        assert_tells_apart(student.check_batchnorm, right=BATCHNORM, wrong=wrong, rng=rng)

    @hidden
    @points(1)
    def test_state(self, student, rng):
        """rejects two whose faults are of the families of state and of small numbers, and none that is right"""
        wrong = {"state": (norm_unbiased, norm_backward), "small numbers": (norm_eps_outside, norm_backward)}
        assert_tells_apart(student.check_batchnorm, right=BATCHNORM, wrong=wrong, rng=rng)

    @hidden
    @points(1)
    def test_aliasing(self, student, rng):
        """rejects one whose fault is of the family of aliasing, and none that is right"""
        wrong = {"aliasing": (norm_in_place, norm_backward)}
        assert_tells_apart(student.check_batchnorm, right=BATCHNORM, wrong=wrong, rng=rng)
