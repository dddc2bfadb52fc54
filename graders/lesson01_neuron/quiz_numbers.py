"""Numbers of the questions of lesson 1: what is drawn for each student, and the answers that follow from it."""

from decimal import Decimal


def preactivation(draw):
    """Two samples for one neuron: no sum of products is 0, and the bias counts, so that every mistake shows."""
    while True:
        x, y, w = ([draw.decimal(-3, 3, 1) for _ in range(3)] for _ in range(3))
        b = draw.decimal(-2, 2, 1)
        products = [sum((w_i * s_i for w_i, s_i in zip(w, s, strict=True)), Decimal(0)) for s in (x, y)]
        if abs(b) >= Decimal("0.5") and all(abs(p) >= Decimal("0.5") for p in products) and products[0] != products[1]:
            return {
                "x": x,
                "y": y,
                "w": w,
                "b": b,
                "z": [p + b for p in products],
                "no_bias": products,
                "bias_each": [p + 3 * b for p in products],
                "threshold": [p - b for p in products],
            }
