"""Right sums, written differently."""

import math

import numpy as np
from nnedu.checking import variant


@variant("total", "with fsum")
def by_fsum(values):
    return math.fsum(values.tolist())


@variant("answers", "in another order")
def other_order():
    return {"second": "a", "first": "b"}


@variant("total", "with a loop")
def by_loop(values):
    result = 0.0
    for value in values:
        result += value
    return result


@variant("total", "as a product with ones")
def by_product(values):
    return float(values @ np.ones(len(values)))


@variant("answers", "made of pairs")
def of_pairs():
    return dict([("first", "b"), ("second", "a")])


@variant("answers", "made of keywords")
def of_keywords():
    return dict(first="b", second="a")
