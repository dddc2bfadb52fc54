"""Right implementations of ascent.py, written differently."""

import numpy as np
from nnedu.checking import variant
from saliency import mlp_forward, saliency


@variant("maximize", "with saliency, and minimum and maximum for the cut")
def with_saliency(params, unit, x0, steps, lr, l2=0.0, bounds=(0, 1)):
    def cut(x):
        return np.minimum(np.maximum(x, bounds[0]), bounds[1])

    x, trace = cut(np.array(x0, dtype=float)), np.empty(steps + 1)
    for t in range(steps + 1):
        trace[t] = mlp_forward(x.reshape(1, -1), params)[0][0, unit] - l2 * x @ x
        if t < steps:
            x = cut(x + lr * saliency(x.reshape(1, -1), params, np.array([unit]))[0] - 2 * lr * l2 * x)
    return x, trace


@variant("maximize", "as descent on -J, by vectors")
def by_descent(params, unit, x0, steps, lr, l2=0.0, bounds=(0, 1)):
    layers = [(params[f"W{i}"], params[f"b{i}"]) for i in range(1, len(params) // 2 + 1)]

    def loss(x):
        a, gates = x, []
        for W, b in layers[:-1]:
            z = W.T @ a + b
            gates.append(z > 0)
            a = np.maximum(z, 0)
        W, b = layers[-1]
        d = -W[:, unit]
        for (V, _), gate in zip(layers[-2::-1], gates[::-1], strict=True):
            d = V @ (d * gate)
        return l2 * (x**2).sum() - (W[:, unit] @ a + b[unit]), d + 2 * l2 * x

    x, values = x0.clip(*bounds), []
    for _ in range(steps):
        value, slope = loss(x)
        values.append(-value)
        x = (x - lr * slope).clip(*bounds)
    values.append(-loss(x)[0])
    return x, np.array(values)


@variant("maximize", "with the whole walk kept")
def all_kept(params, unit, x0, steps, lr, l2=0.0, bounds=(0, 1)):
    low, high = bounds
    walk = np.empty((steps + 1, len(x0)))
    walk[0] = np.clip(x0, low, high)
    for t in range(steps):
        slope = saliency(walk[t : t + 1], params, np.full(1, unit))[0]
        walk[t + 1] = np.clip((1 - 2 * lr * l2) * walk[t] + lr * slope, low, high)
    return walk[-1].copy(), mlp_forward(walk, params)[0][:, unit] - l2 * np.sum(walk**2, axis=1)
