"""Known wrong sums."""

import numpy as np
from nnedu.checking import mistake

HINTS = ("How many?", "sum over all i.", "Start at 0.")


@mistake("total", "the first value is left out", hints=HINTS)
def skips_first(values):
    return float(np.sum(values[1:]))


@mistake("total", "the mean is taken", hints=HINTS)
def mean(values):
    return float(np.mean(values))


@mistake("answers", "the second question is read the other way round", hints=HINTS)
def second_wrong():
    return {"first": "b", "second": "b"}


@mistake("answers", "a letter is missing", hints=HINTS)
def one_only():
    return {"first": "b"}
