"""Oracles from PyTorch, where it is installed: autograd, its losses, its layers and its optimizers."""

import numpy as np
from oracle_registry import in_columns, network, oracle, targets

OUTPUTS = ("sigmoid", "softmax", "linear")
EPS = 1e-8


def leaf(value):
    """An array as a float64 tensor that collects a gradient."""
    import torch

    return torch.tensor(value, dtype=torch.float64, requires_grad=True)


def fixed(value):
    """An array as a float64 tensor."""
    import torch

    return torch.tensor(value, dtype=torch.float64)


def slope(function, x):
    """The derivative of a function that works entry by entry."""
    at = leaf(x)
    function(at).sum().backward()
    return at.grad.numpy()


@oracle(3, "sigmoid_derivative", "torch")
def _(lesson, rng):
    import torch

    x = 2 * rng.normal(size=(6, 5))
    yield lesson.activations.sigmoid(x), torch.sigmoid(fixed(x)).numpy()
    yield lesson.activations.sigmoid_derivative(x), slope(torch.sigmoid, x)


@oracle(3, "tanh_derivative", "torch")
def _(lesson, rng):
    import torch

    x = 2 * rng.normal(size=(6, 5))
    yield lesson.activations.tanh_derivative(x), slope(torch.tanh, x)


@oracle(3, "relu_derivative", "torch")
def _(lesson, rng):
    import torch

    x = np.append(rng.normal(size=9), 0.0)
    yield lesson.activations.relu(x), torch.relu(fixed(x)).numpy()
    yield lesson.activations.relu_derivative(x), slope(torch.relu, x)


@oracle(3, "leaky_relu_derivative", "torch")
def _(lesson, rng):
    from torch.nn.functional import leaky_relu

    x = rng.normal(size=(6, 5))
    yield lesson.activations.leaky_relu(x, 0.2), leaky_relu(fixed(x), 0.2).numpy()
    yield lesson.activations.leaky_relu_derivative(x, 0.2), slope(lambda at: leaky_relu(at, 0.2), x)


@oracle(3, "softmax", "torch")
def _(lesson, rng):
    import torch

    for Z in (rng.normal(size=(6, 5)), 1000 * rng.normal(size=(6, 5))):
        yield lesson.activations.softmax(Z), torch.softmax(fixed(Z), dim=-1).numpy()


def mean_loss(Z, Y, output):
    """The loss of a network's logits, by torch."""
    from torch.nn import functional

    if output == "sigmoid":
        return functional.binary_cross_entropy_with_logits(Z, Y)
    return functional.cross_entropy(Z, Y) if output == "softmax" else functional.mse_loss(Z, Y)


@oracle(4, "binary_cross_entropy", "torch")
def _(lesson, rng):
    from torch.nn.functional import binary_cross_entropy

    y, p = rng.uniform(size=(7, 4)), rng.uniform(0.01, 0.99, size=(7, 4))
    yield lesson.losses.binary_cross_entropy(y, p), binary_cross_entropy(fixed(p), fixed(y)).numpy()


@oracle(4, "cross_entropy_from_logits", "torch")
def _(lesson, rng):
    import torch

    y = rng.integers(0, 4, size=7)
    for Z in (rng.normal(size=(7, 4)), 1000 * rng.normal(size=(7, 4))):
        wanted = torch.nn.functional.cross_entropy(fixed(Z), torch.tensor(y)).numpy()
        yield lesson.losses.cross_entropy_from_logits(Z, y), wanted


@oracle(5, "sigmoid_bce_backward", "torch")
def _(lesson, rng):
    import torch

    names = {"sigmoid": "sigmoid_bce_backward", "softmax": "softmax_ce_backward", "linear": "mse_backward"}
    squash = {"sigmoid": torch.sigmoid, "softmax": lambda Z: torch.softmax(Z, dim=1), "linear": lambda Z: Z}
    for output, name in names.items():
        Z, Y = leaf(rng.normal(size=(7, 4))), targets(rng, 7, 4, output)
        mean_loss(Z, fixed(Y), output).backward()
        yield getattr(lesson.gradients, name)(squash[output](Z).detach().numpy(), Y), Z.grad.numpy()


def gradients(X, Y, params, output="sigmoid", hidden="relu"):
    """The gradients of a network, by autograd."""
    import torch

    leaves = {name: leaf(value) for name, value in params.items()}
    A, layers = fixed(X), len(params) // 2
    for layer in range(1, layers + 1):
        Z = torch.nn.functional.linear(A, leaves[f"W{layer}"].T, leaves[f"b{layer}"])
        A = getattr(torch, hidden)(Z)
    mean_loss(Z, fixed(Y), output).backward()
    return {name: value.grad.numpy() for name, value in leaves.items()}


@oracle(5, "backprop", "torch")
def _(lesson, rng):
    for output in OUTPUTS:
        params, X, Y = network(rng, (3, 6, 5, 4)), rng.normal(size=(7, 3)), targets(rng, 7, 4, output)
        yield lesson.backprop.backprop(X, Y, params, output), gradients(X, Y, params, output)


@oracle(5, "backpropagation_columns", "torch")
def _(lesson, rng):
    for hidden in ("relu", "sigmoid"):
        params, X, Y = network(rng, (3, 6, 5, 2)), rng.normal(size=(7, 3)), targets(rng, 7, 2, "sigmoid")
        columns = in_columns(params)
        A_out, caches = lesson.columns.forward_propagation(X.T, columns, hidden)
        found = lesson.columns.backpropagation_columns(columns, A_out, caches, X.T, Y.T, hidden)
        wanted = in_columns(gradients(X, Y, params, hidden=hidden))
        yield found, {f"d{name}": value for name, value in wanted.items()}


def stepped(rng, make):
    """Gradients, and where an optimizer of torch stands after each."""
    start, grads = rng.normal(size=(5, 4)), rng.normal(size=(20, 5, 4))
    param, places = leaf(start), []
    optimizer = make([param])
    for grad in grads:
        param.grad = fixed(grad)
        optimizer.step()
        places.append(param.detach().numpy().copy())
    return start, grads, places


def ours(lesson, kind, start, grads, **hyper):
    """Where the course's Optimizer stands after each."""
    optimizer, places = lesson.optimizer.Optimizer(kind, **hyper), [start]
    for grad in grads:
        places.append(optimizer.step({"W": places[-1]}, {"W": grad})["W"])
    return places[1:]


@oracle(6, "Optimizer", "torch")
def _(lesson, rng):
    from torch import optim

    start, grads, wanted = stepped(rng, lambda p: optim.SGD(p, lr=0.1))
    yield ours(lesson, "sgd", start, grads, lr=0.1), wanted
    # torch's velocity leaves lr out until the step; with a constant lr the places are the same.
    start, grads, wanted = stepped(rng, lambda p: optim.SGD(p, lr=0.1, momentum=0.8))
    yield ours(lesson, "momentum", start, grads, lr=0.1, beta=0.8), wanted
    start, grads, wanted = stepped(rng, lambda p: optim.RMSprop(p, lr=0.1, alpha=0.8, eps=EPS))
    yield ours(lesson, "rmsprop", start, grads, lr=0.1, beta=0.8, eps=EPS), wanted
    start, grads, wanted = stepped(rng, lambda p: optim.Adam(p, lr=0.1, betas=(0.8, 0.95), eps=EPS))
    yield ours(lesson, "adam", start, grads, lr=0.1, beta1=0.8, beta2=0.95, eps=EPS), wanted


@oracle(7, "dropout_forward", "torch")
def _(lesson, rng):
    import torch

    X = rng.normal(size=(7, 5))
    yield lesson.dropout.dropout_forward(X, 0.6, rng, training=False)[0], torch.nn.Dropout(0.4).eval()(fixed(X)).numpy()


@oracle(7, "batchnorm_backward", "torch")
def _(lesson, rng):
    from torch.nn.functional import batch_norm

    X, gamma, beta, dout = 2 * rng.normal(size=(8, 5)), rng.normal(size=5), rng.normal(size=5), rng.normal(size=(8, 5))
    mean, var = rng.normal(size=5), rng.uniform(0.5, 2, size=5)
    at, moved = [leaf(X), leaf(gamma), leaf(beta)], [fixed(mean), fixed(var)]
    wanted = batch_norm(at[0], *moved, at[1], at[2], training=True, momentum=0.1)
    (wanted * fixed(dout)).sum().backward()
    out, cache, new_mean, new_var = lesson.batchnorm.batchnorm_forward(X, gamma, beta, mean, var)
    yield (out, new_mean), (wanted.detach().numpy(), moved[0].numpy())
    # torch divides the variance that it remembers by m - 1, which the course does not.
    yield new_var - 0.9 * var, (moved[1].numpy() - 0.9 * var) * 7 / 8
    yield lesson.batchnorm.batchnorm_backward(dout, cache), tuple(tensor.grad.numpy() for tensor in at)
    found = lesson.batchnorm.batchnorm_forward(X, gamma, beta, mean, var, training=False)[0]
    yield found, batch_norm(fixed(X), fixed(mean), fixed(var), fixed(gamma), fixed(beta)).numpy()
