"""How far a long run is, in lines."""

import pytest

from nnedu.reporting.pace import Lines, duration


def said(total, seconds):
    lines = Lines(total, 100.0)
    return [lines.after(f"s{n}: 1/2", 100.0 + seconds * n) for n in range(1, total + 1)]


def test_each_of_a_few():
    assert said(40, 1)[:2] == ["graded s1: 1/2", "graded s2: 1/2"]
    assert all(said(40, 1))


@pytest.mark.parametrize("total", [41, 99, 100, 10_000])
def test_now_and_then_one_of_many(total):
    lines = [line for line in said(total, 0.5) if line]
    assert len(lines) == 20
    assert lines[-1] == f"graded {total} of {total}, 2.0/s"


def test_the_rate_and_what_is_left():
    lines = [line for line in said(10_000, 0.02) if line]
    assert lines[:2] == ["graded 500 of 10000, 50.0/s, 3 min left", "graded 1000 of 10000, 50.0/s, 3 min left"]
    assert said(100, 0)[4].startswith("graded 5 of 100, ")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, ""), (1.4, "1 s"), (59.4, "59 s"), (60, "1 min"), (3600, "60 min"), (9000, "2 h 30 min")],
)
def test_durations(seconds, words):
    assert duration(seconds) == words
