"""What is drawn for the questions of lesson 13, for each student, and the answers that follow from it."""

from decimal import Decimal


def _hundredths(draw, low, high):
    return Decimal(draw.integer(low, high)).scaleb(-2)


def _row(pixel, brightness, slope, drop, without):
    """A line of the table, its numbers below their headings."""
    return f"{pixel:>5}   {brightness:>15}   {slope:>18}   {drop:>22}   {without:>14} %"


def read_the_table(draw):
    """Four pixels: the shortcut, one that is always bright, one that is steep in image 1, and a useful one."""
    share = draw.integer(93, 98)
    first = draw.integer(3, 20)
    numbers = [first, first + draw.integer(2, 9), first + draw.integer(11, 19), first + draw.integer(21, 29)]
    turn = draw.integer(0, 3)
    shortcut, bright, loud, useful = (numbers[(turn + k) % 4] for k in range(4))
    left, loud_left, useful_left = draw.integer(54, 66), share - 1, share - draw.integer(2, 4)
    rows = [
        (shortcut, _hundredths(draw, 30, 55), _hundredths(draw, 60, 90), _hundredths(draw, 210, 290), left),
        (bright, _hundredths(draw, 94, 99), _hundredths(draw, 30, 80), Decimal("0.01"), share),
        (loud, _hundredths(draw, 20, 50), _hundredths(draw, 210, 280), _hundredths(draw, 2, 9), loud_left),
        (useful, _hundredths(draw, 40, 70), _hundredths(draw, 20, 90), _hundredths(draw, 15, 35), useful_left),
    ]
    table = [_row(*row) for row in sorted(rows, key=lambda row: row[0])]
    return {
        "right_share": share,
        "row_1": table[0],
        "row_2": table[1],
        "row_3": table[2],
        "row_4": table[3],
        "right": [shortcut, share - left],
        "bright": [bright, 0],
        "loud": [loud, share - loud_left],
        "left": [shortcut, left],
    }
