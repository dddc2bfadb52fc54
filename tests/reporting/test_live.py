"""The line of what trains, held by a golden file; what a student prints does nothing but stand in it."""

from unicodedata import east_asian_width

import pytest
from test_reporting_terminal import agrees_with_golden

from nnedu.reporting.live import training_line
from nnedu.reporting.terminal import Style

PRINTED = {
    "nothing": "",
    "loss": "epoch 4: loss 0.412",
    "blanks": "  epoch\t4:   loss 0.412  ",
    "signs": "\x1b[2J\x1b[1Aepoch\a 4 \x9b31m \u202eevil\n\r",
    "wide": "漢字" * 40,
    "endless": "0.412 " * 1000,
}
STYLES = {
    "100": Style(),
    "40": Style(width=40),
    "24": Style(width=24),
    "8": Style(width=8),
    "ascii": Style(unicode=False, width=40),
}


def test_the_lines():
    """Each at each width, as the golden file says."""
    rows = [
        f"{width:>5} {what:<7} |{training_line('train_cnn', 3, text, style)}|"
        for width, style in STYLES.items()
        for what, text in PRINTED.items()
    ]
    agrees_with_golden("training", "\n".join(rows))


@pytest.mark.parametrize("columns", [1, 8, 24, 40, 41, 120])
@pytest.mark.parametrize("what", PRINTED)
def test_it_never_wraps(what, columns):
    """There is a column left, and nothing in it that a terminal would obey: so it can be taken back."""
    line = training_line("train_cnn", 3, PRINTED[what], Style(width=columns))
    assert line.isprintable()
    assert sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line) < columns


def test_what_is_painted_is_the_whole_line():
    """Colour is put around the line that was cut, never cut itself."""
    line = training_line("train_cnn", 3, "0.412 " * 1000, Style(colour=True, width=40))
    assert line.startswith("\x1b[2m  train_cnn")
    assert line.endswith("\x1b[0m")
