"""Item analysis: against examples from the literature, independent computations, and classes that say nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nnedu.classroom.statistics import Item, ItemAnalysis, cronbach_alpha, item_analysis

# Five persons, four items, worked through by hand: variances of the items 1.3, 0.7, 1.3 and 1.7, of the sums 13.7;
# alpha = 4/3 · (1 - 5/13.7).
BY_HAND = [[4, 4, 5, 5], [3, 3, 4, 4], [2, 3, 3, 2], [5, 5, 5, 5], [4, 4, 3, 3]]


def rng():
    return np.random.default_rng(5)


def class_of(students, items, *, seed=3):
    drawn = np.random.default_rng(seed)
    ability = drawn.normal(size=(students, 1))
    chance = 1 / (1 + np.exp(drawn.normal(size=items) - ability))
    return (drawn.random((students, items)) < chance) * drawn.integers(1, 6, size=items) * 1.0


def alpha_by_covariance(rows):
    """k²·(mean covariance of two different items) / (sum of the whole covariance matrix): another formula for it."""
    matrix = np.cov(rows, rowvar=False)
    k = len(matrix)
    between = (matrix.sum() - np.trace(matrix)) / (k * (k - 1))
    return k * k * between / matrix.sum()


def test_alpha_of_an_example_worked_by_hand():
    rows = np.array(BY_HAND, dtype=float)
    variances = [sum((x - sum(c) / 5) ** 2 for x in c) / 4 for c in rows.T.tolist()]
    sums = [sum(row) for row in BY_HAND]
    whole = sum((s - sum(sums) / 5) ** 2 for s in sums) / 4
    assert cronbach_alpha(rows) == pytest.approx(4 / 3 * (1 - sum(variances) / whole), abs=1e-12)


def test_of_right_and_wrong_answers_alpha_is_kuder_richardson_20():
    rows = class_of(50, 8) > 0
    p = rows.mean(axis=0)
    expected = 8 / 7 * (1 - (p * (1 - p)).sum() / rows.sum(axis=1).var())
    assert cronbach_alpha(rows * 1.0) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("students", "items"), [(3, 2), (10, 4), (200, 12), (1000, 60)])
def test_alpha_is_that_of_the_covariance_matrix(students, items):
    rows = class_of(students, items)
    assert abs(item_analysis(rows, [5.0] * items, rng()).alpha - alpha_by_covariance(rows)) < 1e-12


def test_alpha_does_not_depend_on_where_points_begin():
    rows = class_of(30, 5)
    assert cronbach_alpha(rows + 1000.0) == pytest.approx(cronbach_alpha(rows), abs=1e-12)


def test_items_that_are_all_the_same_are_perfectly_reliable():
    rows = np.repeat(np.arange(6.0)[:, None], 3, axis=1)
    found = item_analysis(rows, [5, 5, 5], rng())
    assert found.alpha == pytest.approx(1, abs=1e-12)
    assert [item.discrimination for item in found.items] == pytest.approx([1, 1, 1], abs=1e-12)


def test_discrimination_is_the_correlation_with_the_sum_of_the_others():
    rows = class_of(40, 6)
    found = item_analysis(rows, [5] * 6, rng())
    for i, item in enumerate(found.items):
        others = np.delete(rows, i, axis=1).sum(axis=1)
        assert item.discrimination == pytest.approx(np.corrcoef(rows[:, i], others)[0, 1], abs=1e-12)
        assert item.discrimination < np.corrcoef(rows[:, i], rows.sum(axis=1))[0, 1], "the item itself is among them"


def test_an_item_that_goes_against_the_others_is_negative():
    rows = np.array([[0, 1, 9], [1, 2, 5], [2, 3, 4], [3, 5, 0]], dtype=float)
    assert item_analysis(rows, [3, 5, 9], rng()).items[2].discrimination < -0.9


def test_difficulty_is_the_mean_share_of_those_who_handed_it_in():
    rows = [[4, 1], [2, math.nan], [0, 3]]
    assert [item.difficulty for item in item_analysis(rows, [4, 4], rng()).items] == [0.5, 0.5]


def test_alpha_and_discrimination_are_of_complete_rows_alone():
    rows = class_of(30, 5)
    gaps = np.vstack([rows, np.full((4, 5), 1.0)])
    gaps[30:, 2] = math.nan
    found, expected = item_analysis(gaps, [5] * 5, rng()), item_analysis(rows, [5] * 5, rng())
    assert found.students == 30
    assert (found.alpha, found.alpha_low, found.alpha_high) == (expected.alpha, expected.alpha_low, expected.alpha_high)
    assert [i.discrimination for i in found.items] == [i.discrimination for i in expected.items]


def test_an_exercise_that_nobody_handed_in_takes_nothing_from_the_others():
    rows = class_of(30, 5)
    wider = np.insert(rows, 2, math.nan, axis=1)
    found = item_analysis(wider, [5] * 6, rng())
    assert found.items[2] == Item(None, None)
    assert found.alpha == item_analysis(rows, [5] * 5, rng()).alpha


def test_an_item_that_is_constant_correlates_with_nothing():
    rows = class_of(30, 4)
    rows[:, 1] = 0.1  # its mean is not 0.1 in floating point
    found = item_analysis(rows, [5] * 4, rng())
    assert found.items[1] == Item(pytest.approx(0.02), None)
    assert None not in [found.items[i].discrimination for i in (0, 2, 3)]


def test_where_the_sum_is_constant_there_is_no_alpha():
    first = np.array([0.1, 0.2, 0.3, 0.7])
    found = item_analysis(np.column_stack([first, 1.1 - first]), [1, 2], rng())
    assert (found.alpha, found.alpha_low, found.alpha_high) == (None, None, None)


@pytest.mark.parametrize(
    ("rows", "maxima", "difficulties", "students"),
    [
        (np.zeros((0, 2)), [1, 1], [None, None], 0),
        ([[1.0, 0.0]], [1, 2], [1.0, 0.0], 1),
        ([[1.0], [0.0]], [1], [0.5], 2),
        ([[1.0, 2.0], [1.0, 2.0]], [2, 2], [0.5, 1.0], 2),
        ([[math.nan, math.nan]], [1, 1], [None, None], 0),
        ([[0.0, 0.0], [0.0, 0.0]], [0, 1], [None, 0.0], 2),
        (np.zeros((3, 0)), [], [], 0),
    ],
)
def test_what_cannot_be_said_is_none(rows, maxima, difficulties, students):
    items = tuple(Item(one, None) for one in difficulties)
    assert item_analysis(rows, maxima, rng()) == ItemAnalysis(items, None, None, None, students)


def test_the_interval_holds_alpha_and_narrows_with_the_class():
    small, large = (item_analysis(class_of(n, 12), [5] * 12, rng()) for n in (40, 1000))
    for found in (small, large):
        assert found.alpha_low < found.alpha < found.alpha_high
    assert large.alpha_high - large.alpha_low < (small.alpha_high - small.alpha_low) / 2


def test_the_interval_is_that_of_a_bootstrap_written_as_a_loop():
    rows = class_of(60, 5)
    drawn = rng()
    loop = [alpha_by_covariance(rows[drawn.integers(60, size=60)]) for _ in range(4000)]
    found = item_analysis(rows, [5] * 5, np.random.default_rng(9), rounds=4000)
    assert [found.alpha_low, found.alpha_high] == pytest.approx(np.percentile(loop, [2.5, 97.5]).tolist(), abs=0.02)


def test_a_class_that_is_drawn_without_any_difference_is_left_out():
    found = item_analysis([[0, 0, 0], [0.1, 2, 0], [0, 0, 0]], [2, 2, 2], rng())  # of three, often the same three times
    assert found.alpha_low <= found.alpha_high <= 1


def test_the_interval_follows_from_the_generator():
    rows = class_of(30, 5)
    assert item_analysis(rows, [5] * 5, rng()) == item_analysis(rows, [5] * 5, rng())


@settings(deadline=None, max_examples=200)
@given(
    arrays(
        float,
        st.tuples(st.integers(0, 7), st.integers(0, 5)),
        elements=st.sampled_from([0.0, 0.1, 1 / 3, 1.0, 2.0, 1e-9, 1e9, math.nan]),
    )
)
def test_no_class_gives_a_warning_or_a_number_that_is_none(points):
    found = item_analysis(points, [2.0] * points.shape[1], rng(), rounds=20)
    numbers = [found.alpha, found.alpha_low, found.alpha_high]
    numbers += [value for item in found.items for value in (item.difficulty, item.discrimination)]
    assert all(value is None or math.isfinite(value) for value in numbers)
    assert all(-1 <= i.discrimination <= 1 for i in found.items if i.discrimination is not None)
