"""Every solution of the course agrees with code that shares nothing with it, or it is said why nobody can tell."""

import importlib

import numpy as np
import pytest
from oracle_registry import AGREE, COURSE, ORACLES, difference, solutions

from nnedu.running.collect import collect

LESSONS = (8, 9, 10, 11, 12, 13, 14, 15)  # each with a module of its own
_NAMES = [f"lesson{one:02}_oracles" for one in LESSONS]
for _name in ("numpy_oracles", "sklearn_oracles", "torch_oracles", "lesson15_tests_oracles", *_NAMES):
    importlib.import_module(_name)

# What has a right answer in itself, or none that anybody else could give.
WITHOUT = {
    "config": "a choice of numbers, judged by what a network that is trained with them makes of digits",
    "repair": "a choice of configurations, judged by what networks that are trained with them have learned",
    "Dropout": "random: the mask is its own",
    "fit": "random: judged by gradient descent in one batch, and by the share of new samples that it places right",
    "train_cnn": "random, and open: judged by the share of new images that it reads right",
    "next_steps_card": "a text of one's own; its number is measured again with the training that it names",
    "debug_activations": "a table of codes, right by what the lines of BROKEN do",
    "init_params": "random: its mean and variance are judged, and any order of drawing is right",
    "dropout_forward": "random: the mask is its own; in evaluation torch agrees, where it is installed",
    "tuned": "a choice of numbers, judged by how far the rules get with them",
    "build_and_train": "random, and open: judged by the share of new samples that it places right",
}


@pytest.mark.parametrize("one", ORACLES, ids=lambda one: one.id)
def test_the_solution_agrees(one):
    """To 1e-10 of the largest number, on random inputs."""
    if one.by == "torch":
        pytest.importorskip("torch", reason="the oracle torch is not installed (pip install nnedu[torch])")
    pairs = [pair for seed in range(5) for pair in one.pairs(solutions(one.lesson), np.random.default_rng(seed))]
    assert pairs
    worst = max(difference(actual, expected) for actual, expected in pairs)
    assert worst <= AGREE, f"{one.by} says otherwise, by {worst:.2g}"


def test_every_exercise_has_an_oracle_or_a_reason():
    """Torch is not always there, so it does not count."""
    known = {one.exercise for one in ORACLES if one.by != "torch"}
    exercises = {one.id for lesson in COURSE.lessons for one in collect(lesson.graders_folder, lesson.modules)}
    assert exercises - known == set(WITHOUT)
    assert known <= exercises, "an oracle of an exercise that is gone"


@pytest.mark.parametrize(
    ("actual", "expected"),
    [(1.0 + 1e-9, 1.0), (np.ones(3), np.ones((3, 1))), ({"a": 1.0}, {"a": 1.1}), ((1.0, 2.0), (1.0, 2.5))],
)
def test_what_differs_is_seen(actual, expected):
    """Values, and shapes that numpy would stretch."""
    with pytest.raises(AssertionError):
        assert difference(actual, expected) <= AGREE


def test_a_wrong_solution_is_seen():
    """The loss without its mean."""
    one = next(one for one in ORACLES if one.exercise == "mse_backward" and one.by == "complex step")
    lesson = solutions(one.lesson)
    right = lesson.gradients.mse_backward
    try:
        lesson.gradients.mse_backward = lambda P, Y: right(P, Y) * 4
        pairs = list(one.pairs(lesson, np.random.default_rng(0)))
    finally:
        lesson.gradients.mse_backward = right
    assert all(difference(actual, expected) > 1 for actual, expected in pairs)
