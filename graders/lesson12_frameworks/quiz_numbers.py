"""What is drawn for the questions of lesson 12, for each student, and the answers that follow from it."""

from decimal import Decimal

PLACES = Decimal("0.00001")


def framework_parameters(draw):
    """Sizes of a network of three linear layers."""
    n, d = draw.choice([784, 3072, 1024, 900]), draw.integer(96, 160)
    weights = n * d + d * d + 10 * d
    params = weights + 2 * d + 10
    return {
        "n": n,
        "d": d,
        "right": [params, params + 4 * d + 1],
        "no_bias": [weights, weights + 4 * d + 1],
        "params_only": [params, params + 2 * d],
    }


def framework_running_variance(draw):
    """A batch whose size divides a power of ten less well than its size minus one."""
    m, var = draw.choice([5, 6, 9, 11, 17, 21]), draw.decimal(2, 9, places=2)

    def moved(batch, weight=Decimal("0.1")):
        return ((1 - weight) + weight * batch).quantize(PLACES)

    unbiased = var * m / (m - 1)
    ours, theirs = moved(var), moved(unbiased)
    return {
        "m": m,
        "var": var,
        "right": [ours, theirs],
        "same": [ours, ours],
        "turned": [theirs, ours],
        "keras": [moved(var, Decimal("0.9")), moved(unbiased, Decimal("0.9"))],
    }
