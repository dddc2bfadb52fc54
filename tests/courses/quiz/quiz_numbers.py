"""Numbers for the one question that has its own for each student."""


def values(draw):
    slope, offset, x = draw.decimal(2, 5, 1), draw.decimal(-9, -6, 1), draw.integer(2, 5)
    return {
        "slope": slope,
        "offset": offset,
        "x": x,
        "both": [slope * x + offset, slope * 2 * x + offset],
        "swapped": [offset * x + slope, offset * 2 * x + slope],
    }
