"""What is drawn for the questions of lesson 7, for each student, and the answers that follow from it."""

from decimal import Decimal

CENT, THOUSANDTH = Decimal("0.01"), Decimal("0.001")


def inverted_dropout(draw):
    """A probability by which the activation can be divided evenly; never one half, which is dropping's too."""
    keep = draw.choice([Decimal("0.8"), Decimal("0.4"), Decimal("0.25"), Decimal("0.2")])
    a = draw.integer(2, 40) * Decimal("0.2")
    kept = (a / keep).quantize(CENT)
    return {
        "a": a,
        "keep": keep,
        "kept": kept,
        "right": [kept, a],
        "unscaled": [a, (a * keep).quantize(CENT)],
        "by_drop": [(a / (1 - keep)).quantize(CENT), (a * keep / (1 - keep)).quantize(CENT)],
        "only_kept": [kept, kept],
    }


def running_variance(draw):
    """A small batch, in which the difference can be seen."""
    m = draw.integer(4, 12)
    biased = draw.integer(10, 60) * Decimal("0.1")
    return {
        "m": m,
        "biased": biased,
        "right": (biased * m / (m - 1)).quantize(THOUSANDTH),
        "smaller": (biased * (m - 1) / m).quantize(THOUSANDTH),
        "plus_one": (biased * (m + 1) / m).quantize(THOUSANDTH),
    }
