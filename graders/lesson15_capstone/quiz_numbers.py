"""What is drawn for the quiz of lesson 15, for each student, and the answers that follow from it."""

from decimal import Decimal

PLACES = Decimal("0.0001")


def claims_pieces(draw):
    """A number of pieces whose width is a short decimal, and a bound that one piece less would break."""
    while True:
        n, c, L = draw.choice([5, 8, 10, 16, 20, 25]), draw.integer(2, 9), draw.integer(1, 3)
        width = Decimal(L) / n
        reached, missed = (Decimal(c) * (Decimal(L) / pieces) ** 2 / 4 for pieces in (n, n - 1))
        eps = ((reached + missed) / 2).quantize(Decimal("0.001"))
        if not reached < eps < missed:
            continue
        many = -int(-(Decimal(c) * L * L / 4 / eps) // 1)
        pairs = {
            "right": [n, c * L * (L + width)],
            "proportional": [many, (c * L * (L + Decimal(L) / many)).quantize(PLACES)],
            "everywhere": [n, eps],
            "tangent": [n, Decimal(c * L * L)],
        }
        if many > 0 and many != n and len({(a, Decimal(b)) for a, b in pairs.values()}) == len(pairs):
            return {"c": c, "L": L, "double": 2 * L, "eps": eps, **pairs}
