"""What is drawn for the questions of lesson 2, for each student, and the answers that follow from it."""

from decimal import Decimal

ROWS = ((0, 0), (0, 1), (1, 0), (1, 1))
GATES = (("OR", (0, 1, 1, 1)), ("AND", (0, 0, 0, 1)), ("NAND", (1, 1, 1, 0)), ("NOR", (1, 0, 0, 0)))

SEPARABLE = (
    ("NOR: on at (0, 0), off at (0, 1), (1, 0) and (1, 1)", "-x1 - x2 + 0.5 is above 0 at (0, 0) and nowhere else."),
    ("NAND: off at (1, 1), on at (0, 0), (0, 1) and (1, 0)", "It is AND with all signs turned: -x1 - x2 + 1.5."),
    ("on at (0, 1), off at (0, 0), (1, 0) and (1, 1)", "One corner of a square can be cut off: -x1 + x2 - 0.5."),
    ("three inputs of 0 or 1: on where two or three are 1", "A majority is a sum and a threshold: x1 + x2 + x3 - 1.5."),
    ("three inputs of 0 or 1: on where the second is 1", "Inputs that do not count have the weight 0: x2 - 0.5."),
    ("on at (0, 1) and (10, 11), off at (1, 0) and (11, 10)", "What counts is the side, not the distance: x2 - x1."),
    ("one input: on at -1, 0 and 2, off at 3 and 7", "One input has one threshold, and one is enough: -x + 2.5."),
)
INSEPARABLE = (
    ("XNOR: on at (0, 0) and (1, 1), off at (0, 1) and (1, 0)", "It is XOR with its labels exchanged."),
    ("three inputs of 0 or 1: on where one or three are 1", "With the third input at 0 this is XOR."),
    ("three inputs of 0 or 1: on where all are equal", "(0, 0, 0) to (1, 1, 1) crosses (1, 0, 0) to (0, 1, 1)."),
    ("one input: on at 1 and 2, off at 0 and 3", "One input has one threshold; this needs two."),
    ("on at (0, 0), (4, 0) and (0, 4), off at (1, 1)", "(1, 1) lies within the triangle of the others."),
    ("on at (2, 2), off at (0, 0), (4, 0), (0, 4) and (4, 4)", "(2, 2) lies in the middle of the others."),
    ("on at (0, 0) and (2, 2), off at (1, 1) and (3, 3)", "On their line they take turns: that needs three cuts."),
)


def _score(at, row):
    return at[0] * row[0] + at[1] * row[1] + at[2]


def _epoch(start, lr, labels, *, bias=1, at_once=False):
    """Return w1, w2 and b after one epoch, and the scores on the way."""
    at, scores = start, []
    for row, label in zip(ROWS, labels, strict=True):
        scores.append(_score(start if at_once else at, row))
        e = lr * (label - int(scores[-1] >= 0))
        at = (at[0] + e * row[0], at[1] + e * row[1], at[2] + bias * e)
    return list(at), scores


def one_epoch(draw):
    """A start from which a few mistakes are made, each slip leads elsewhere, and no score is 0."""
    while True:
        gate, labels = draw.choice(GATES)
        start = tuple(draw.decimal(-1, 1, 1) for _ in range(3))
        lr = draw.decimal(0, 1, 1)
        right, scores = _epoch(start, lr, labels)
        slips = {
            "no_bias": _epoch(start, lr, labels, bias=0)[0],
            "bias_twice": _epoch(start, lr, labels, bias=2)[0],
            "at_once": _epoch(start, lr, labels, at_once=True)[0],
            "flipped": _epoch(start, -lr, labels)[0],
            "no_lr": _epoch(start, Decimal(1), labels)[0],
        }
        different = {tuple(found) for found in (right, start, *slips.values())}
        mistakes = sum(int(z >= 0) != y for z, y in zip(scores, labels, strict=True))
        if 0 < lr < 1 and 0 not in scores and mistakes > 1 and len(different) == len(slips) + 2:
            rows = ", ".join(f"{row} is {y}" for row, y in zip(ROWS, labels, strict=True))
            return {"gate": gate, "rows": rows, "w": start[:2], "b": start[2], "lr": lr, "right": right, **slips}


def _sigmoid(z):
    return (1 / (1 + (-z).exp())).quantize(Decimal("0.01"))


def before_and_after(draw):
    """Two samples, one of a score below one half that fires all the same, one that does not fire."""
    while True:
        w, x, y = ([draw.decimal(-2, 2, 1) for _ in range(2)] for _ in range(3))
        b = draw.decimal(-1, 1, 1)
        p, q = (sum((w_i * s_i for w_i, s_i in zip(w, s, strict=True)), Decimal(0)) for s in (x, y))
        z, other = p + b, q + b
        if Decimal("0.1") <= z <= Decimal("0.45") and -3 <= other <= Decimal("-0.5") and b and 0 not in (*w, p, q):
            return {
                "w": w,
                "b": b,
                "x": x,
                "y": y,
                "right": [z, 1, other, 0],
                "half": [z, 0, other, 0],
                "smooth": [z, _sigmoid(z), other, _sigmoid(other)],
                "signs": [z, 1, other, -1],
                "no_bias": [p, int(p >= 0), q, int(q >= 0)],
                "no_step": [z, z, other, other],
            }


def bound(draw):
    """A bound to which neither the number of samples nor that of features contributes."""
    gamma = draw.choice((Decimal("0.1"), Decimal("0.2"), Decimal("0.25"), Decimal("0.5")))
    ratio = draw.integer(7, 40)
    m, n = 100 * draw.integer(2, 9), draw.integer(11, 60)
    return {
        "R": gamma * ratio,
        "gamma": gamma,
        "m": m,
        "n": n,
        "right": ratio**2,
        "ratio": ratio,
        "samples": m * ratio**2,
        "features": n * ratio**2,
    }


def _letters(right, flipped=None):
    return " ".join("ba"[is_right != (index == flipped)] for index, is_right in enumerate(right))


def separable(draw):
    """Six sets of points, two to four of them separable, in any order."""
    left = {True: list(SEPARABLE), False: list(INSEPARABLE)}
    count, order = draw.integer(2, 4), []
    while len(order) < 6:
        order.insert(draw.integer(0, len(order)), len(order) < count)
    sets = [left[is_right].pop(draw.integer(0, len(left[is_right]) - 1)) for is_right in order]
    drawn = {"right": _letters(order), "sets": "\n".join(f"    {i}  {text}" for i, (text, _) in enumerate(sets, 1))}
    for index, (_, why) in enumerate(sets):
        drawn |= {f"but_{index + 1}": _letters(order, index), f"why_{index + 1}": why}
    return drawn
