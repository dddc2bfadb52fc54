"""Grader of tuning.py: how far each rule gets with the numbers that were chosen for it."""

import math

from nnedu.checking import assert_number, assert_reaches, assert_that, exercise, hidden, points

STEPS = 60
NEAR, GOAL = (0.0, 1e-3), (0.0, 1e-6)
START = (4.0, 3.0)
WIDE, NARROW = 3.0, 30.0
DEFAULTS = {
    "sgd": {},
    "momentum": {"beta": 0.9},
    "rmsprop": {"beta": 0.9},
    "adam": {"beta1": 0.9, "beta2": 0.999},
}


def numbers(student, kind):
    """What was chosen for one rule, once it is known to be numbers that the rule can work with."""
    chosen = student.tuned()
    form = isinstance(chosen, dict) and isinstance(chosen.get(kind), dict) and "lr" in chosen[kind]
    assert_that(form, f"tuned() should return a dict that has, under {kind!r}, a dict with lr")
    foreign = [name for name in chosen[kind] if name not in {"lr", *DEFAULTS[kind]}]
    known = " and ".join(["lr", *DEFAULTS[kind]])
    assert_that(not foreign, f"the hyperparameters of {kind} that can be chosen are {known}; found {foreign[:1]}")
    hyper = {
        name: assert_number(value, name=f"{name} of {kind}") for name, value in (DEFAULTS[kind] | chosen[kind]).items()
    }
    assert_that(hyper["lr"] > 0.0, f"lr of {kind} should be above 0; it is {hyper['lr']:g}")
    for name in DEFAULTS[kind]:
        assert_that(0.0 <= hyper[name] < 1.0, f"{name} of {kind} should be in [0, 1); it is {hyper[name]:g}")
    return hyper


def coordinate(kind, hyper, at, curvature):
    """Where one coordinate is after all steps: its gradient is its curvature times the place, and nothing else."""
    push = square = 0.0
    kept, kept2 = hyper.get("beta1", 0.0), hyper.get("beta2", hyper.get("beta", 0.0))
    for step in range(1, STEPS + 1):
        slope = curvature * at
        if kind in {"sgd", "momentum"}:
            push = kept2 * push + slope
            length = push
        else:
            push, square = kept * push + (1 - kept) * slope, kept2 * square + (1 - kept2) * slope * slope
            early = kind == "adam"
            seen, seen2 = (1 - kept**step, 1 - kept2**step) if early else (1.0, 1.0)
            length = push / seen / (math.sqrt(square / seen2) + 1e-8)
        at -= hyper["lr"] * length
        if abs(at) > 1e50:
            break
    return at


def assert_descends(student, kind, band, *, steep=WIDE, start=START):
    """Judge the loss x² + steep·y² after all steps of one rule."""
    hyper = numbers(student, kind)
    x, y = coordinate(kind, hyper, start[0], 2.0), coordinate(kind, hyper, start[1], 2.0 * steep)
    assert_reaches(x * x + steep * y * y, band=band, name=f"loss of {kind}")


def other_starts(rng):
    """Five other points, as far from the bottom as the first one."""
    return (rng.uniform(2.0, 6.0, size=(5, 2)) * rng.choice([-1.0, 1.0], size=(5, 2))).tolist()


@exercise("tuned", trains=True)
class TestTuned:
    """the numbers with which each rule gets to the bottom of a valley"""

    @points(1)
    def test_sgd(self, student):
        """brings gradient descent below 1e-6 in 60 steps"""
        assert_descends(student, "sgd", GOAL)

    @points(1)
    def test_momentum_is_near(self, student):
        """brings momentum below 1e-3 in 60 steps"""
        assert_descends(student, "momentum", NEAR)

    @points(1)
    def test_momentum(self, student):
        """brings momentum below 1e-6 in 60 steps"""
        assert_descends(student, "momentum", GOAL)

    @points(1)
    def test_rmsprop_is_near(self, student):
        """brings RMSprop below 1e-3 in 60 steps"""
        assert_descends(student, "rmsprop", NEAR)

    @points(1)
    def test_rmsprop(self, student):
        """brings RMSprop below 1e-6 in 60 steps"""
        assert_descends(student, "rmsprop", GOAL)

    @points(1)
    def test_adam_is_near(self, student):
        """brings Adam below 1e-3 in 60 steps"""
        assert_descends(student, "adam", NEAR)

    @points(1)
    def test_adam(self, student):
        """brings Adam below 1e-6 in 60 steps"""
        assert_descends(student, "adam", GOAL)

    @points(1)
    def test_narrow_is_near(self, student):
        """brings momentum below 1e-3 in the narrow valley x² + 30y² too, with the same numbers"""
        assert_descends(student, "momentum", NEAR, steep=NARROW)

    @points(1)
    def test_narrow(self, student):
        """brings momentum below 1e-6 in the narrow valley x² + 30y² too, with the same numbers"""
        assert_descends(student, "momentum", GOAL, steep=NARROW)

    @hidden
    @points(2)
    def test_other_starts(self, student, rng):
        """brings all four rules below 1e-6 from other starts"""
        for start in other_starts(rng):
            for kind in DEFAULTS:
                assert_descends(student, kind, GOAL, start=start)

    @hidden
    @points(1)
    def test_narrow_from_other_starts(self, student, rng):
        """brings momentum below 1e-6 in the narrow valley from other starts"""
        for start in other_starts(rng):
            assert_descends(student, "momentum", GOAL, steep=NARROW, start=start)
