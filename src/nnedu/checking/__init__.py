"""What a grader file imports: marks for checks, strict comparison, gradients, training, and named mistakes."""

from nnedu.checking.gradients import assert_gradients_agree
from nnedu.checking.marks import exercise, hidden, mistake, points, variant
from nnedu.checking.purity import assert_pure, assert_raises
from nnedu.checking.training import assert_reaches, assert_trains, assert_trajectory, loss_curve, rungs
from nnedu.checking.values import assert_array, assert_close, assert_number, assert_that

__all__ = [
    "assert_array",
    "assert_close",
    "assert_gradients_agree",
    "assert_number",
    "assert_pure",
    "assert_raises",
    "assert_reaches",
    "assert_that",
    "assert_trains",
    "assert_trajectory",
    "exercise",
    "hidden",
    "loss_curve",
    "mistake",
    "points",
    "rungs",
    "variant",
]
