"""Gradients: proved against the loss, judged by norms, and explained."""

import numpy as np
import pytest

from nnedu.checking import assert_gradients_agree
from nnedu.checking.values import CheckFailed
from nnedu.diagnosis.trace import replaying
from nnedu.errors import CourseFault

RNG = np.random.default_rng(0)
M = 7
X, Y = RNG.normal(size=(M, 5)), RNG.normal(size=(M, 4))
PARAMS = {
    "W1": RNG.normal(size=(5, 6)),
    "b1": RNG.normal(size=6),
    "W2": RNG.normal(size=(6, 4)),
    "b2": RNG.normal(size=4),
}


def loss(at):
    hidden = np.tanh(X @ at["W1"] + at["b1"])
    return float(np.mean(np.sum((hidden @ at["W2"] + at["b2"] - Y) ** 2, axis=1)) / 2)


def gradients():
    hidden = np.tanh(X @ PARAMS["W1"] + PARAMS["b1"])
    dZ2 = (hidden @ PARAMS["W2"] + PARAMS["b2"] - Y) / M
    dZ1 = (dZ2 @ PARAMS["W2"].T) * (1 - hidden**2)
    return {"W1": X.T @ dZ1, "b1": dZ1.sum(axis=0), "W2": hidden.T @ dZ2, "b2": dZ2.sum(axis=0)}


EXPECTED = gradients()


def judge(actual, expected=EXPECTED, **options):
    assert_gradients_agree(actual, expected, **({"loss": loss, "at": PARAMS, "batch": M} | options))


def failed(actual, **options):
    with pytest.raises(CheckFailed) as failure:
        judge(actual, **options)
    return failure.value


def scaled(factor, *names):
    return {name: value * (factor if name in names or not names else 1) for name, value in EXPECTED.items()}


def test_the_right_gradient_passes():
    """As it is, and as another order of summation rounds it."""
    judge(EXPECTED)
    judge(scaled(1 + 1e-12))


@pytest.mark.parametrize("name", [None, *PARAMS])
@pytest.mark.parametrize("factor", [1.001, 0.999, 1.00001])
def test_a_gradient_off_by_a_thousandth_fails(factor, name):
    """All of it, or that of one parameter alone."""
    failed(scaled(factor, *([name] if name else [])))


def test_one_wrong_entry_fails():
    """However small it is beside the others."""
    wrong = {name: value.copy() for name, value in EXPECTED.items()}
    wrong["W1"][2, 3] += 2e-5 * np.abs(wrong["W1"]).max()
    assert failed(wrong).summary == "dW1 is wrong"


def test_one_wrong_entry_among_many_fails():
    """Though the norm hardly notices."""
    at = RNG.normal(size=(200, 200))
    right = np.cos(at)
    wrong = right.copy()
    wrong[3, 4] += 5e-5
    assert np.linalg.norm(wrong - right) < 1e-6 * np.linalg.norm(right)
    assert_gradients_agree(right, right, loss=lambda at: float(np.sum(np.sin(at))), at=at)
    failed(wrong, expected=right, loss=lambda at: float(np.sum(np.sin(at))), at=at)


@pytest.mark.parametrize(
    ("factor", "summary", "sentence"),
    [
        (
            M,
            "the gradients are 7 times too large",
            "Every entry is off by the same factor, 7: the batch holds m = 7 examples.",
        ),
        (
            1 / M,
            "the gradients are 1/7 of what it should be",
            "Every entry is off by the same factor, 1/7: the batch holds m = 7 examples.",
        ),
        (
            -1,
            "the gradients are the negative of what it should be",
            "Every entry is off by the same factor, -1: the sign is the other way round.",
        ),
        (
            2,
            "the gradients are 2 times too large",
            "Every entry is off by the same factor, 2: a factor 2 too many, as from a square.",
        ),
        (1.7, "the gradients are 1.7 times too large", "Every entry is off by the same factor, 1.7."),
    ],
)
def test_one_factor_everywhere_is_named(factor, summary, sentence):
    """With what it may come from."""
    failure = failed(scaled(factor))
    assert failure.summary.replace("they should", "it should") == summary
    assert failure.message.splitlines()[-1] == sentence


def test_one_layer_only_is_told_apart():
    """What is right is said, too: it is where the search need not go."""
    failure = failed(scaled(M, "W1", "b1"))
    assert failure.summary == "dW1 and db1 are 7 times too large"
    assert failure.message.splitlines()[-1] == (
        "dW2 and db2 are right. In dW1 and db1 one factor 7 comes in too many: the batch holds m = 7 examples."
    )
    assert failed(scaled(-1, "b2")).summary == "db2 is the negative of what it should be"


def test_no_single_factor_is_said_as_such():
    """With the parameters that are wrong; nothing is invented."""
    wrong = EXPECTED | {"W1": np.ones((5, 6)), "b1": np.ones(6)}
    failure = failed(wrong)
    assert failure.summary == "dW1 and db1 are wrong"
    assert failure.message.splitlines()[-1] == "dW2 and db2 are right: the slip comes after."
    assert failure.message.count("no single factor") == 2
    every = {name: value + np.linspace(1, 2, value.size).reshape(value.shape) for name, value in EXPECTED.items()}
    assert failed(every).summary == "dW2, db2, dW1 and db1 are wrong"


def test_the_table_starts_with_what_is_nearest_to_the_loss():
    """There the first cause is."""
    rows = failed(scaled(2)).message.splitlines()[3:7]
    assert [row.split()[0] for row in rows] == ["dW2", "db2", "dW1", "db1"]
    assert rows[0].split() == ["dW2", "(6,4)", "2.000000", "1e-16", "=", "2"] or "2.000000" in rows[0]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (None, "the result is None; expected a dict."),
        (tuple(EXPECTED.values()), "the result is a tuple of 4; expected a dict."),
        ({}, "the result lacks W1, b1, W2, b2; expected the keys W1, b1, W2, b2."),
        (
            EXPECTED | {"W1": EXPECTED["W1"].T},
            "dW1 has shape (6, 5); expected (5, 6). That is the shape of the transpose.",
        ),
        (EXPECTED | {"b2": EXPECTED["b2"][None]}, "db2 has shape (1, 4); expected (4,). Broadcasting"),
        (EXPECTED | {"b2": EXPECTED["b2"].tolist()}, "db2 is a list of 4; expected a numpy array of shape (4,)."),
        (EXPECTED | {"b2": EXPECTED["b2"].astype("f4")}, "db2 has dtype float32; expected float64."),
        (
            EXPECTED | {"b2": EXPECTED["b2"] * np.nan},
            "db2 is not finite: 4 of 4 entries, the first at db2[0], which is nan.",
        ),
    ],
)
def test_the_form_comes_first(wrong, sentence):
    """Keys, shapes, dtypes, nan."""
    assert failed(wrong).message.startswith(sentence)


def test_zeros_fail_everywhere():
    """In every parameter, and in one."""
    failed(scaled(0.0))
    for name in PARAMS:
        failed(scaled(0.0, name))


def test_numbers_beyond_all_measure_fail_without_a_warning():
    """1e200 has no square."""
    failed(scaled(1e200))
    failed({name: np.full_like(value, 1e300) for name, value in EXPECTED.items()})


def test_one_array_and_tuples_have_names():
    """Those the author gives."""
    x, dz = X[0], RNG.normal(size=5)
    options = {"loss": lambda at: float(dz @ at**2), "at": x}
    judge(2 * dz * x, 2 * dz * x, **options)
    assert failed(dz * x, expected=2 * dz * x, **options).summary == "the gradient is 1/2 of what it should be"
    options = {"loss": lambda at: float(np.sum(at[0] * at[1] ** 2)), "at": (x, dz), "names": ("dx", "dz")}
    right = (dz**2, 2 * x * dz)
    judge(right, right, **options)
    judge(list(right), right, **options)
    assert failed((right[0], -right[1]), expected=right, **options).summary == "dz is the negative of what it should be"
    assert failed(right[:1], expected=right, **options).message == "The result has 1 values; expected 2: dx, dz."
    assert failed(right[0], expected=right, **options).message.startswith("The result is an array of shape (5,)")


# ------------------------------------------------------------------------------------------------ faults of the course


@pytest.mark.parametrize("factor", [1.001, 2, -1, 1 / M, 0.0])
def test_a_wrong_reference_is_a_fault_of_the_course(factor):
    """Nobody is judged against it, right or wrong."""
    for actual in (EXPECTED, scaled(factor), None):
        with pytest.raises(CourseFault, match=r"is not the derivative of the loss of its check|is next to nothing"):
            judge(actual, scaled(factor))


def test_a_vacuous_check_is_a_fault_of_the_course():
    """Where the gradient is nothing, zeros are right."""
    at = np.zeros(3)
    with pytest.raises(CourseFault, match="next to nothing, so its check proves nothing"):
        assert_gradients_agree(np.zeros(3), np.zeros(3), loss=lambda at: float(at @ at), at=at)
    right = (np.ones(3), np.zeros(2))
    with pytest.raises(CourseFault, match="The expected gradient 2 is next to nothing"):
        assert_gradients_agree(right, right, loss=lambda at: float(np.sum(at[0])), at=(np.ones(3), np.ones(2)))


@pytest.mark.parametrize("expected", [np.array([np.nan, 1.0]), None, [1.0, 1.0], 1.0])
def test_an_expected_gradient_that_is_none_is_a_fault_of_the_course(expected):
    """Not an array, or not finite."""
    with pytest.raises(CourseFault, match="a check needs an array of finite numbers"):
        assert_gradients_agree(np.ones(2), expected, loss=lambda at: float(np.sum(at)), at=np.ones(2))


def test_a_single_kink_is_left_out():
    """At a corner of a ReLU the slopes from left and right disagree, and either answer is right."""
    at = np.concatenate([np.linspace(0.5, 2, 30), [0.0]])
    assert_gradients_agree(
        np.append(np.ones(30), 0.0),
        np.append(np.ones(30), 0.0),
        loss=lambda at: float(np.sum(np.maximum(at, 0))),
        at=at,
    )


def test_what_bends_is_no_kink():
    """Near the bottom of a valley the slope is small, and the one-sided slopes differ by more than a part of it."""
    at = np.array([1e-4, -2e-4, 3e-4])
    assert_gradients_agree(2 * at, 2 * at, loss=lambda at: float(np.sum(at**2)), at=at)


def test_a_kink_that_is_near_is_seen_from_nearer():
    """Half a step away from a corner the slope is that of the side one is on."""
    at = np.append(np.ones(30), 5e-6)
    assert_gradients_agree(np.ones(31), np.ones(31), loss=lambda at: float(np.sum(np.maximum(at, 0))), at=at)
    with pytest.raises(CourseFault, match="not the derivative"):
        assert_gradients_agree(
            np.append(np.ones(30), 0.5),
            np.append(np.ones(30), 0.5),
            loss=lambda at: float(np.sum(np.maximum(at, 0))),
            at=at,
        )


def test_too_many_kinks_are_a_fault_of_the_course():
    """The inputs have to be drawn again."""
    at = np.array([0.0, 0.0, 1.0, 2.0])
    right = np.array([0.0, 0.0, 1.0, 1.0])
    with pytest.raises(CourseFault, match="too many kinks"):
        assert_gradients_agree(right, right, loss=lambda at: float(np.sum(np.maximum(at, 0))), at=at)


def test_above_300_parameters_three_directions_prove():
    """Seven evaluations and no more for each parameter, and they find a wrong reference."""
    at = RNG.normal(size=(25, 20))
    right = np.cos(at)
    calls = []

    def many(at):
        calls.append(1)
        return float(np.sum(np.sin(at)))

    assert_gradients_agree(right, right, loss=many, at=at)
    assert len(calls) == 3 * 3 + 1
    wrong = right.copy()
    wrong[3, 4] += 0.01
    with pytest.raises(CourseFault, match="is not the derivative"):
        assert_gradients_agree(right, wrong, loss=many, at=at)


def test_a_recording_is_not_proved_again():
    """On a student's machine the loss is not asked: it may use the reference."""

    def never(_):
        raise AssertionError

    with replaying():
        judge(EXPECTED, loss=never)
        assert failed(scaled(M), loss=never).summary.endswith("7 times too large")
