"""What is drawn for the questions of lesson 6, for each student, and the answers that follow from it."""

from decimal import Decimal

SMALL = Decimal("0.000001")


def two_momentums(draw):
    """A rate that comes out even when it is divided by 1 - β."""
    beta = draw.choice([Decimal("0.5"), Decimal("0.75"), Decimal("0.8"), Decimal("0.9"), Decimal("0.95")])
    eta = draw.integer(1, 20) * Decimal("0.01")
    return {
        "beta": beta,
        "eta": eta,
        "right": (eta / (1 - beta)).quantize(Decimal("0.0001")),
        "same": eta,
        "smaller": eta * (1 - beta),
        "by_beta": (eta / beta).quantize(Decimal("0.0001")) if beta != Decimal("0.5") else eta * beta * beta,
    }


def updates_per_epoch(draw):
    """More samples than a batch holds, and some left over."""
    while True:
        m, size = draw.integer(500, 2500), draw.choice([16, 32, 64, 128])
        if m % size:
            return {"m": m, "size": size, "right": m // size + 1, "floor": m // size}


def first_adam_step(draw):
    """A gradient that is neither near 1 nor near ε."""
    g = draw.choice([-1, 1]) * draw.integer(20, 900) * draw.choice([Decimal("0.1"), Decimal(1)])
    lr = draw.choice([Decimal("0.001"), Decimal("0.002"), Decimal("0.005"), Decimal("0.01"), Decimal("0.02")])
    return {
        "g": g,
        "lr": lr,
        "right": lr,
        "plain": abs(g) * lr,
        "uncorrected": (lr * Decimal("3.1622776602")).quantize(SMALL),
        "half_corrected": lr / 10,
    }
