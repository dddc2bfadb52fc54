"""Wrong implementations of positions.py, as students write them."""

import numpy as np
from nnedu.checking import mistake


def _waves(angle, D):
    """Sines in the even columns, cosines in the odd ones."""
    return np.where(np.arange(D) % 2 == 0, np.sin(angle), np.cos(angle))


def _pairs(D):
    return np.arange(D) // 2


@mistake(
    "positional_encoding",
    "the exponent is doubled: a column number, which is 2i already, has been multiplied by 2 once more",
    hints=(
        "Does your i run over 0, 1, 2, or over 0, 2, 4?",
        "The exponent of pair i is 2i/D, and 2i is the number of its first column. The last one is below 1.",
        "One factor 2 is too many.",
    ),
)
def doubles_the_exponent(T, D):
    return _waves(np.arange(T)[:, None] / 10000.0 ** (2 * (2 * _pairs(D)) / D), D)


@mistake(
    "positional_encoding",
    "the exponent is i/D: the factor 2 is missing",
    hints=(
        "What is the frequency of the last pair? It should be near 1/10000 where D is large.",
        "The exponent of pair i = 0, 1, ..., D/2 - 1 is 2i/D.",
        "The number of the pair, twice, by D.",
    ),
)
def halves_the_exponent(T, D):
    return _waves(np.arange(T)[:, None] / 10000.0 ** (_pairs(D) / D), D)


@mistake(
    "positional_encoding",
    "every column has a frequency of its own, so that a cosine does not belong to the sine beside it",
    hints=(
        "Add the squares of columns 2 and 3. Is it 1 everywhere?",
        "Columns 2i and 2i + 1 share the angle p / 10000^(2i/D), (T,): sine and cosine of the same number.",
        "Column j belongs to pair j // 2.",
    ),
)
def own_frequencies(T, D):
    return _waves(np.arange(T)[:, None] / 10000.0 ** (np.arange(D) / D), D)


@mistake(
    "positional_encoding",
    "all sines come first, then all cosines, instead of taking turns",
    hints=(
        "What does your row of position 0 look like: 0, 1, 0, 1, or 0, 0, 1, 1?",
        "Sines stand in columns 0, 2, 4, ..., cosines in columns 1, 3, 5, ... of (T, D).",
        "Slices with a step of 2 put them in turn.",
    ),
)
def halves_side_by_side(T, D):
    PE = _waves(np.arange(T)[:, None] / 10000.0 ** (2 * _pairs(D) / D), D)
    return np.concatenate([PE[:, 0::2], PE[:, 1::2]], axis=1)


@mistake(
    "positional_encoding",
    "the base is 1000 instead of 10000",
    hints=(
        "How many zeros has the base?",
        "The angle of pair i at position p is p / 10000^(2i/D).",
        "Count once more.",
    ),
)
def base_1000(T, D):
    return _waves(np.arange(T)[:, None] / 1000.0 ** (2 * _pairs(D) / D), D)


@mistake(
    "positional_encoding",
    "positions are counted from 1",
    hints=(
        "What is your first row? That of position 0 is 0, 1, 0, 1, ...",
        "Row p of (T, D) belongs to position p, and p runs from 0 to T - 1.",
        "Begin to count at 0.",
    ),
)
def from_one(T, D):
    return _waves(np.arange(1, T + 1)[:, None] / 10000.0 ** (2 * _pairs(D) / D), D)


@mistake(
    "positional_encoding",
    "an operator binds otherwise than meant: -ln 10000 / D // 2 is rounded to -1",
    hints=(
        "Print your frequencies. Do you know the number by which they fall?",
        "a / b // c is (a / b) // c, and // rounds down: -0.9 // 2 is -1. The exponent of pair i is 2i/D.",
        "Set parentheses, and use / where nothing is to be rounded.",
    ),
)
def floor_in_the_exponent(T, D):
    frequency = np.exp(2 * _pairs(D) * (-np.log(10000.0) / D // 2))
    return _waves(np.arange(T)[:, None] * frequency, D)


@mistake(
    "positional_encoding",
    "sines and cosines are exchanged",
    hints=(
        "What is your first row? That of position 0 is 0, 1, 0, 1, ...",
        "Even columns 2i hold sines, odd columns 2i + 1 cosines; sin 0 = 0, cos 0 = 1.",
        "Exchange the two.",
    ),
)
def cosine_first(T, D):
    angle = np.arange(T)[:, None] / 10000.0 ** (2 * _pairs(D) / D)
    return np.where(np.arange(D) % 2 == 0, np.cos(angle), np.sin(angle))


@mistake(
    "positional_encoding",
    "the angle is multiplied by 10000^(2i/D) instead of divided",
    hints=(
        "Do your waves get longer or shorter from pair to pair?",
        "The angle is p / 10000^(2i/D): the first pair turns by 1 in each step, the later ones ever more slowly.",
        "Divide; or use a negative exponent.",
    ),
)
def multiplies(T, D):
    return _waves(np.arange(T)[:, None] * 10000.0 ** (2 * _pairs(D) / D), D)


@mistake(
    "positional_encoding",
    "for an odd number of columns sines and cosines do not fit into their places",
    hints=(
        "How many even columns are there for D = 5, and how many odd ones?",
        "For odd D there are (D + 1)/2 sines and (D - 1)/2 cosines: the last pair has no second column.",
        "Cut the angles of the cosines to the number of odd columns.",
    ),
)
def even_columns_only(T, D):
    PE = np.zeros((T, D))
    angle = np.arange(T)[:, None] / 10000.0 ** (np.arange(0, D, 2) / D)
    PE[:, 0::2] = np.sin(angle)
    PE[:, 1::2] = np.cos(angle)
    return PE
