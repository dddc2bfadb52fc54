"""What is drawn for the questions of lesson 5, for each student, and the answers that follow from it."""

from decimal import Decimal

THOUSANDTH = Decimal("0.001")


def output_delta(draw):
    """An output far enough from 0, 1 and its label for every slip to show."""
    while True:
        a2, y = draw.decimal(0, 1, 2), draw.integer(0, 1)
        slope = a2 * (1 - a2)
        right = a2 - y
        slips = {"flipped": -right, "twice": right * slope, "slope": slope}
        if Decimal("0.1") <= a2 <= Decimal("0.9") and len({right, *slips.values()}) == len(slips) + 1:
            return {"a2": a2, "y": y, "right": right, **{k: v.quantize(THOUSANDTH) for k, v in slips.items()}}


def hidden_gradient(draw):
    """Two hidden units, one of which is silent."""
    while True:
        x, w2 = [[draw.decimal(-2, 2, 1) for _ in range(2)] for _ in range(2)]
        loud, silent = draw.decimal(0, 2, 1), -draw.decimal(0, 2, 1)
        z1 = [loud, silent] if draw.integer(0, 1) else [silent, loud]
        dz2 = draw.decimal(-1, 1, 1)
        if 0 in {*x, *w2, loud, silent, dz2} or loud == 1 or x[0] == x[1]:
            continue

        def gradient(gates, weights, x=x, dz2=dz2):
            return [x_i * dz2 * w * gate for x_i in x for w, gate in zip(weights, gates, strict=True)]

        gate = [int(z > 0) for z in z1]
        right = gradient(gate, w2)
        updated = [w - Decimal("0.1") * dz2 * max(z, Decimal(0)) for w, z in zip(w2, z1, strict=True)]
        slips = {
            "no_gate": gradient([1, 1], w2),
            "by_activation": gradient([max(z, Decimal(0)) for z in z1], w2),
            "transposed": [right[0], right[2], right[1], right[3]],
            "updated": gradient(gate, updated),
        }
        rounded = {name: [value.quantize(THOUSANDTH) for value in found] for name, found in slips.items()}
        if len({tuple(found) for found in (right, *rounded.values())}) == len(slips) + 1:
            return {"x": x, "z1": z1, "w2": w2, "dz2": dz2, "right": right, **rounded}


def updated_weight(draw):
    """One weight, and one step."""
    while True:
        w, a1, dz2 = draw.decimal(-2, 2, 1), draw.decimal(0, 2, 1), draw.decimal(-1, 1, 1)
        lr = draw.choice([Decimal("0.1"), Decimal("0.2"), Decimal("0.5")])
        if a1 in {0, 1} or dz2 == 0:
            continue
        right = w - lr * a1 * dz2
        slips = {"uphill": w + lr * a1 * dz2, "no_input": w - lr * dz2, "no_lr": w - a1 * dz2, "gradient": a1 * dz2}
        if len({right, w, *slips.values()}) == len(slips) + 2:
            return {"w": w, "a1": a1, "dz2": dz2, "lr": lr, "right": right, **slips}
