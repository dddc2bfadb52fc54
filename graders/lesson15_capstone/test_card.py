"""Grader of card.py: a card for the way on, read by a person; its form is judged, and its number is measured again."""

import numpy as np
from nnedu.checking import assert_number, assert_that, exercise, hidden, points

TASKS = ("reverse", "shift", "sort", "copy")
NEXT = ("GAN", "VAE", "RL", "LLM")
KEYS = ("learnt", "result", "next", "experiment")
VOCAB, LENGTH, MOST = 8, 6, 1000


def entry(student, key):
    """One entry of the card, once it is known to be a card; the other ones are other checks' business."""
    found = student.next_steps_card()
    assert_that(isinstance(found, dict), "next_steps_card() should return a dict.")
    foreign = [str(name) for name in found if name not in KEYS]
    hint = f" ({foreign[0]} means nothing here)" if foreign else ""
    assert_that(key in found, f"The card has no {key}{hint}; its keys are {', '.join(KEYS)}.")
    return found[key]


def written(value, name):
    """A text that says something."""
    assert_that(isinstance(value, str) and any(letter.isalpha() for letter in value), f"{name} should be a text.")
    return " ".join(value.split())


def whole(value, name, low, high):
    """An integer in a range."""
    is_int = isinstance(value, int | np.integer) and not isinstance(value, bool)
    assert_that(is_int and low <= value <= high, f"{name} should be an int from {low} to {high}.")
    return int(value)


def result(student):
    """The result on the card, once its form is known."""
    found = entry(student, "result")
    keys = ("task", "seed", "steps", "accuracy")
    form = isinstance(found, dict) and set(found) == set(keys)
    assert_that(form, f"result should be a dict with the keys {', '.join(keys)}.")
    assert_that(isinstance(found["task"], str) and found["task"] in TASKS, f"task should be one of {', '.join(TASKS)}.")
    seed, steps = whole(found["seed"], "seed", 0, 2**63), whole(found["steps"], "steps", 1, MOST)
    accuracy = float(assert_number(found["accuracy"], name="accuracy"))
    share = "accuracy is a share, from 0 to 1, as measure returned it: no percentage."
    assert_that(0.0 <= accuracy <= 1.0, share)
    return found["task"], seed, steps, accuracy


def assert_same(accuracy, measured, run):
    """Judge the number on the card."""
    right = abs(measured - accuracy) <= 1e-6
    assert_that(right, f"The card says {accuracy:.7g}, but {run} gives {measured:.7g}: copy all digits.")


def again(student, task, seed, steps):
    """What the model of the student gets right when it is trained as measure does it."""
    model = student.MiniTransformer(VOCAB, 32, 4, LENGTH)
    model.fit(task, np.random.default_rng(seed), steps)
    ids = np.random.default_rng(seed + 1).integers(0, VOCAB, size=(500, LENGTH))
    targets = {
        "reverse": ids[:, ::-1],
        "shift": np.roll(ids, 2, axis=1),
        "sort": np.sort(ids, axis=1),
        "copy": ids[:, :1].repeat(LENGTH, axis=1),
    }
    found = model.predict(ids)
    form = type(found) is np.ndarray and found.dtype.kind in "iu" and found.shape == ids.shape
    assert_that(form, f"predict(ids) should be an array of ints of shape {ids.shape}.")
    return float(np.mean(found == targets[task]))


@exercise("next_steps_card", trains=True)
class TestNextStepsCard:
    """a card for the way on"""

    @points(1)
    def test_topics(self, student):
        """names three different topics that were learnt, and one of four to learn next"""
        learnt, following = entry(student, "learnt"), entry(student, "next")
        three = isinstance(learnt, list | tuple) and len(learnt) == 3
        assert_that(three, "learnt should be a list of three topics.")
        topics = {written(topic, "each topic in learnt").casefold() for topic in learnt}
        assert_that(len(topics) == 3, "The three topics in learnt should be different ones.")
        assert_that(
            isinstance(following, str) and following in NEXT,
            f"next should be one of {', '.join(NEXT)}, written like this.",
        )

    @points(1)
    def test_experiment(self, student):
        """plans a first experiment, in a sentence"""
        words = written(entry(student, "experiment"), "experiment").split()
        what = "experiment should say in a sentence what you do and what you measure"
        assert_that(len(words) >= 6, f"{what}; it has {len(words)} words.")
        assert_that(words[-1][-1] in ".!?", "experiment should be a whole sentence, which ends with a full stop.")

    @points(1)
    def test_number(self, student):
        """gives the accuracy that measure returns for this training"""
        task, seed, steps, accuracy = result(student)
        measured = assert_number(student.measure(task, seed, steps), name="what measure returns")
        assert_same(accuracy, measured, f"measure({task!r}, {seed}, {steps})")

    @hidden
    @points(1)
    def test_measured_again(self, student):
        """gives the accuracy that this training has when somebody else measures it"""
        task, seed, steps, accuracy = result(student)
        assert_same(accuracy, again(student, task, seed, steps), "the same training, measured again,")
