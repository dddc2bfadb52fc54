"""Bands: where training ends, and thresholds for points that rise with it."""

import pytest

from nnedu.checking import assert_reaches, rungs
from nnedu.checking.training import Measure, measuring
from nnedu.checking.values import CheckFailed
from nnedu.errors import CourseFault


@pytest.mark.parametrize("value", [0.2, 0.5, 0.9])
def test_inside_the_band_is_enough(value):
    """Its ends are inside."""
    assert_reaches(value, band=(0.2, 0.9), name="accuracy")


@pytest.mark.parametrize("value", [0.19, 0.91, float("nan"), None, "0.5", [0.5]])
def test_what_is_no_number_of_the_band_fails(value):
    """As the student's fault."""
    with pytest.raises(CheckFailed):
        assert_reaches(value, band=(0.2, 0.9), name="accuracy")


def test_the_sentence_names_number_and_band():
    """And what was measured."""
    with pytest.raises(CheckFailed, match=r"with the accuracy at 0\.1; it should be between 0\.2 and 0\.9"):
        assert_reaches(0.1, band=(0.2, 0.9), name="accuracy")


def test_an_empty_band_is_a_fault_of_the_course():
    """No student can reach it."""
    with pytest.raises(CourseFault, match="empty"):
        assert_reaches(0.5, band=(0.9, 0.2), name="accuracy")


def test_measures_are_kept_where_somebody_measures():
    """Those that miss the band, too; and none before or after."""
    assert_reaches(0.3, band=(0.2, 0.9), name="accuracy")
    with measuring() as found:
        assert_reaches(0.4, band=(0.2, 0.9), name="accuracy")
        with pytest.raises(CheckFailed):
            assert_reaches(0.1, band=(0.2, 0.9), name="accuracy")
    assert_reaches(0.5, band=(0.2, 0.9), name="accuracy")
    assert found == [Measure("accuracy", value, (0.2, 0.9)) for value in (0.4, 0.1)]


def test_rungs_lead_from_the_floor_to_the_goal():
    """The floor itself earns nothing; a loss falls to its goal."""
    assert rungs(0.5, 0.9, 4) == pytest.approx((0.6, 0.7, 0.8, 0.9))
    assert rungs(1.0, 0.25, 3) == pytest.approx((0.75, 0.5, 0.25))
