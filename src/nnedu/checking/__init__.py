"""What a grader file imports: marks for checks, strict comparison, gradients, training, named mistakes, plots."""

from nnedu.checking.gradients import assert_gradients_agree
from nnedu.checking.marks import exercise, hidden, mistake, points, variant
from nnedu.checking.plots import Curves, Images, Matrix, Regions
from nnedu.checking.purity import assert_pure, assert_raises
from nnedu.checking.suites import assert_tells_apart
from nnedu.checking.training import assert_reaches, assert_trains, assert_trajectory, loss_curve, rungs
from nnedu.checking.values import assert_array, assert_close, assert_number, assert_that

__all__ = [
    "Curves",
    "Images",
    "Matrix",
    "Regions",
    "assert_array",
    "assert_close",
    "assert_gradients_agree",
    "assert_number",
    "assert_pure",
    "assert_raises",
    "assert_reaches",
    "assert_tells_apart",
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
