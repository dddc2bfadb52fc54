"""Grader of stopping.py: early stopping.

The losses are multiples of 1/64, so that sums and comparisons with min_delta are exact.
"""

from nnedu.checking import assert_close, assert_number, assert_that, exercise, hidden, points

NAN = float("nan")
WORKED = (1.0, 0.75, 0.875, 0.75, 0.5, 0.625, 0.5, 0.625)


def made(player, **kwargs):
    """An EarlyStopping, once it is known to be an object that can be asked."""
    stopper = player.EarlyStopping(**kwargs)
    assert_that(
        hasattr(stopper, "best_epoch"), f"EarlyStopping makes an object to be called; found {type(stopper).__name__}."
    )
    return stopper


def answers(stopper, losses):
    return [stopper(float(loss)) for loss in losses]


def assert_answers(student, losses, expected, **kwargs):
    """Judge what each call returns."""
    names = tuple(f"the answer to call {i} (val_loss = {float(loss)})" for i, loss in enumerate(losses))
    assert_close(answers(made(student, **kwargs), losses), list(expected), name=names)


@exercise("EarlyStopping")
class TestEarlyStopping:
    """when to end training"""

    @points(1)
    def test_worked_example(self, student):
        """starts to count again after every improvement, and stops at the last epoch of the worked example"""
        assert_answers(student, WORKED, [False] * 7 + [True], patience=3)

    @points(1)
    def test_plateau(self, student):
        """stops on a plateau after exactly `patience` losses that are no better, 7 by default, and stays stopped"""
        assert_answers(student, [1.0] * 9, [False] * 7 + [True] * 2)
        assert_answers(student, [1.0, 1.0, 1.0, 0.5, 0.25], [False] + [True] * 4, patience=1)

    @points(1)
    def test_zig_zag(self, student, reference):
        """compares with the best loss so far, not with the last one"""
        losses = [1.0, 0.5, 0.75, 0.625, 0.875, 0.5625, 0.75, 0.625]
        assert_answers(student, losses, answers(made(reference, patience=5), losses), patience=5)

    @points(1)
    def test_slow_creep(self, student):
        """takes less than min_delta for no improvement, and adds up what creeps until it is more"""
        creep = [1.0, 0.9375, 0.890625, 0.859375, 0.796875, 0.75, 0.734375, 0.734375]
        assert_answers(student, creep, [False] * 7 + [True], patience=4, min_delta=0.125)
        # A little worse each time, but never by min_delta.
        assert_answers(student, [1.0, 1.0625, 1.125, 1.1875], [False] * 3 + [True], patience=3, min_delta=0.125)

    @points(1)
    def test_nan(self, student):
        """counts nan as no improvement, at the start as later"""
        assert_answers(student, [1.0, 0.5, NAN, NAN, NAN], [False] * 4 + [True], patience=3)
        assert_answers(student, [NAN, NAN, 1.0, NAN, NAN, NAN], [False] * 5 + [True], patience=3)
        assert_answers(student, [NAN, NAN, NAN], [False, False, True], patience=3)

    @points(1)
    def test_best(self, student):
        """remembers the best loss, that of the last improvement"""
        stopper = made(student, patience=9, min_delta=0.125)
        for losses, expected in (([1.0, 0.75], 0.75), ([0.6875], 0.75), ([0.5, 0.5, 0.4375], 0.5)):
            answers(stopper, losses)
            assert_close(assert_number(stopper.attribute("best"), name="best"), expected, name="best")

    @points(1)
    def test_best_epoch(self, student):
        """remembers the call that brought the best loss, counted from 0, and None before there is one"""
        stopper = made(student, patience=9)
        answers(stopper, [NAN])
        assert_close(stopper.attribute("best_epoch"), None, name="best_epoch")
        for losses, expected in (([2.0, 1.0], 2), ([1.5, 1.0, 1.25], 2), ([0.75], 6), ([NAN, 0.875], 6)):
            answers(stopper, losses)
            found = stopper.attribute("best_epoch")
            assert_that(found is not None, f"best_epoch should be {expected} by now; it is None.")
            assert_close(found, expected, name="best_epoch")

    @hidden
    @points(1)
    def test_stays_stopped(self, student, reference, rng):
        """stays stopped, whatever comes, and keeps two objects apart that take turns"""
        losses = [1.0, 1.0, 1.0, 0.5, 0.25, *(rng.integers(1, 16, size=5) / 64)]
        assert_answers(student, losses, [False, False, *[True] * 8], patience=2)
        first, second = made(student, patience=3), made(student, patience=2)
        expected = [False, False, False, False, False, True, True, True]
        turns = [one(loss) for loss in (1.0, 1.5, 1.25, 2.0) for one in (first, second)]
        names = tuple(f"the answer of the {which} object to call {i}" for i in range(4) for which in ("one", "other"))
        assert_close(turns, expected, name=names)
        noisy = rng.integers(32, 96, size=40) / 64
        patient = {"patience": 6, "min_delta": 0.0625}
        assert_answers(student, noisy, answers(made(reference, **patient), noisy), **patient)
