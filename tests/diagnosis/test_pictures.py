"""Pictures: where a matrix is wrong and two losses by epoch, of bounded size and without a value."""

import msgspec
import numpy as np
import pytest

from nnedu.checking import assert_close, assert_gradients_agree, assert_that, assert_trajectory, loss_curve
from nnedu.checking.values import CheckFailed
from nnedu.diagnosis.pictures import draw_curve, draw_grid
from nnedu.outcome import MAX_CURVE, MAX_GRID, CheckOutcome, Curve, ExerciseOutcome, Grid, State, exercise_json


def failed(judge, *arguments, **named):
    with pytest.raises(CheckFailed) as caught:
        judge(*arguments, **named)
    return caught.value.picture


def test_a_matrix_shows_which_entries_differ():
    right = np.arange(12.0).reshape(3, 4)
    ours = right.copy()
    ours[1, 2:] += 1.0
    assert failed(assert_close, ours, right, name="dW1") == Grid("dW1", (3, 4), ("....", "..xx", "...."))


def test_a_vector_is_a_matrix_of_one_row():
    ours, right = np.array([1.0, 2.0, 9.0]), np.array([1.0, 2.0, 3.0])
    assert failed(assert_close, ours, right, name="db") == Grid("db", (1, 3), ("..x",))


@pytest.mark.parametrize("shape", [(), (1,), (1, 1), (2, 2, 2)])
def test_of_a_number_and_of_a_tensor_there_is_no_picture(shape):
    assert failed(assert_close, np.ones(shape), np.zeros(shape)) is None


def test_a_gradient_shows_the_parameter_that_is_nearest_the_loss():
    at = {"W1": np.ones((2, 3)), "W2": np.ones((3, 2))}

    def loss(params):
        return float(np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 3))

    right = {"W1": 2 * at["W1"], "W2": 3 * at["W2"]}
    ours = {"W1": 2 * at["W1"], "W2": right["W2"] * np.array([1.0, 2.0])}
    picture = failed(assert_gradients_agree, ours, right, loss=loss, at=at)
    assert picture == Grid("dW2", (3, 2), (".x", ".x", ".x"))


def test_a_trajectory_shows_the_matrix_of_its_first_wrong_step():
    right = [np.zeros((2, 2)), np.eye(2)]
    assert failed(assert_trajectory, [right[0], np.ones((2, 2))], right, name="W") == Grid("W", (2, 2), (".x", "x."))


def test_a_large_matrix_is_drawn_coarser_and_one_wrong_entry_still_shows():
    wrong = np.zeros((500, 30), dtype=bool)
    wrong[499, 0] = True
    drawn = draw_grid("W", wrong)
    assert drawn.shape == (500, 30)
    assert [len(row) for row in drawn.rows] == [MAX_GRID] * MAX_GRID
    assert "".join(drawn.rows).count("x") == 1
    assert drawn.rows[-1][0] == "x"


def test_a_failure_in_the_block_shows_both_losses():
    def judge():
        with loss_curve([0.0, float("nan"), 10**400], [np.float64(0.5), 0.25, 0.125]):
            assert_that(False, "the loss should fall")

    assert failed(judge) == Curve("loss", (0, 1, 2), (0.0, None, None), (0.5, 0.25, 0.125))


@pytest.mark.parametrize("ours", [None, "abc", [1.0, "a"], [1.0, None], [1.0, [2.0]], {}, 3.0, [], [1.0]])
def test_of_what_is_no_list_of_numbers_there_is_no_curve(ours):
    assert draw_curve("loss", ours, [1.0, 0.5]) is None


def test_a_long_curve_keeps_its_ends():
    drawn = draw_curve("loss", list(range(10_000)), list(range(500)))
    assert len(drawn.epochs) == MAX_CURVE
    assert (drawn.epochs[0], drawn.epochs[-1], drawn.ours[-1], drawn.theirs[-1]) == (0, 9999, 9999.0, None)


def test_a_picture_travels_and_is_in_no_json_of_check():
    """What programs read of `check --json` has not changed."""
    for picture in (Grid("W", (1, 2), ("x.",)), Curve("loss", (0, 1), (1.0, None), (1.0, 0.5)), None):
        check = CheckOutcome("c", "is right", State.FAILED, 0, 1, picture=picture)
        assert msgspec.json.decode(msgspec.json.encode(check), type=CheckOutcome) == check
    old = b'{"id":"c","sentence":"is right","state":"failed","points":0,"max_points":1}'
    assert msgspec.json.decode(old, type=CheckOutcome).picture is None
    shown = exercise_json(ExerciseOutcome("e", "m", "", State.FAILED, 0, 1, "", checks=(check,)))
    assert set(shown["checks"][0]) == {"id", "sentence", "state", "points", "max_points", "message"}
