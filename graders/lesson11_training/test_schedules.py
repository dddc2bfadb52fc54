"""Grader of schedules.py: learning rates that change in the course of training."""

import numpy as np
from nnedu.checking import assert_close, assert_number, assert_raises, assert_that, exercise, hidden, points


def rates(function, times, *args, **kwargs):
    """The rates at these times, once they are known to be numbers."""
    return np.array([assert_number(function(int(t), *args, **kwargs), name=f"the rate at t = {t}") for t in times])


@exercise("step_decay")
class TestStepDecay:
    """a staircase of rates"""

    @points(1)
    def test_known_value(self, student):
        """gives the staircase of the worked example"""
        found = rates(student.step_decay, range(7), 0.8, 3, 0.5)
        assert_close(found, np.array([0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2]), name="lr(0), ..., lr(6)")

    @hidden
    @points(1)
    def test_random(self, student, reference, rng):
        """is right for other heights and lengths of the steps"""
        for size in (1, 4, 30):
            lr0, gamma = rng.uniform(0.01, 1.0), rng.uniform(0.1, 0.9)
            args = (lr0, size, gamma)
            times = (0, 1, size - 1, size, 2 * size - 1, 2 * size, 5 * size + size // 2)
            expected = rates(reference.step_decay, times, *args)
            assert_close(rates(student.step_decay, times, *args), expected, name="the rates")


@exercise("cosine")
class TestCosine:
    """half a wave from the first rate to the last one"""

    @points(1)
    def test_known_value(self, student):
        """gives the rates of the worked example, with lr_min = 0 where it is left out"""
        found = rates(student.cosine, (0, 2, 3, 6, 7, 20), 6, 0.4)
        assert_close(found, np.array([0.4, 0.3, 0.2, 0.0, 0.0, 0.0]), name="lr(0), lr(2), lr(3), lr(6), lr(7), lr(20)")

    @hidden
    @points(1)
    def test_random(self, student, reference, rng):
        """is right for other lengths and rates, with an lr_min"""
        for T in (1, 10, 37):
            args = (T, rng.uniform(0.1, 1.0), rng.uniform(0.001, 0.05))
            times = sorted({0, 1, T // 3, T // 2, T - 1, T, T + 1, 3 * T})
            expected = rates(reference.cosine, times, *args)
            assert_close(rates(student.cosine, times, *args), expected, name="the rates")


@exercise("warmup")
class TestWarmup:
    """a rate that grows in the first steps"""

    @points(1)
    def test_known_value(self, student):
        """gives the rates of the worked example: the first one is not 0"""
        found = rates(student.warmup, range(7), 5, 0.5)
        assert_close(found, np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.5, 0.5]), name="lr(0), ..., lr(6)")

    @hidden
    @points(1)
    def test_random(self, student, reference, rng):
        """is right for other lengths, for one step, and long afterwards"""
        for n_warm in (1, 8, 100):
            args = (n_warm, rng.uniform(0.01, 1.0))
            times = sorted({0, 1, n_warm // 2, n_warm - 1, n_warm, n_warm + 1, 5 * n_warm})
            expected = rates(reference.warmup, times, *args)
            assert_close(rates(student.warmup, times, *args), expected, name="the rates")


@exercise("one_cycle")
class TestOneCycle:
    """up to the highest rate, and down to nearly nothing"""

    @points(1)
    def test_known_value(self, student):
        """gives the rates of the worked example: a first one, a peak, a last one"""
        found = rates(student.one_cycle, (0, 2, 4, 7, 10), 11, 1.0, pct=5.0 / 11.0, div=10.0, final_div=100.0)
        expected = np.array([0.1, 0.55, 1.0, 0.5005, 0.001])
        assert_close(found, expected, name="lr(0), lr(2), lr(4), lr(7), lr(10)")

    @points(1)
    def test_shape(self, student):
        """grows up to the peak and then falls, between the first rate, lr_max and the last one"""
        found = rates(student.one_cycle, range(200), 200, 0.6)
        bad = [t for t in range(1, 200) if (found[t] > found[t - 1]) != (t <= 59)]
        assert_that(
            not bad, f"For T = 200 and pct = 0.3, lr should grow up to t = 59 and then fall; not so at {bad[:3]}."
        )
        wanted = np.array([0.6 / 25.0, 0.6, 0.6 / 25.0 / 1e4])
        assert_close(found[[0, 59, 199]], wanted, name="lr(0), lr(59), lr(199)")

    @points(1)
    def test_too_short(self, student, reference):
        """raises a ValueError where there is no time to go up, and has rates where there is"""
        assert_raises("ValueError", student.one_cycle, 0, 3, 0.1, pct=0.3)
        assert_raises("ValueError", student.one_cycle, 1, 4, 0.1, pct=0.25)
        expected = rates(reference.one_cycle, (0, 1, 2, 3), 4, 0.1)
        assert_close(rates(student.one_cycle, (0, 1, 2, 3), 4, 0.1), expected, name="the rates for T = 4")

    @hidden
    @points(1)
    def test_random(self, student, reference, rng):
        """is right for other lengths and shares, at all times, and after the end"""
        for T in (7, 40, 101):
            args = (
                T,
                rng.uniform(0.01, 2.0),
                rng.uniform(1.5 / T, 0.8),
                rng.uniform(3.0, 30.0),
                rng.uniform(50.0, 1e4),
            )
            times = [*range(T), T, T + 1, 4 * T]
            expected = rates(reference.one_cycle, times, *args)
            assert_close(rates(student.one_cycle, times, *args), expected, name="the rates", atol=1e-12)
