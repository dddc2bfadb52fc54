"""Grader of accounting.py: what is reported of an epoch."""

import numpy as np
from nnedu.checking import assert_close, assert_raises, exercise, hidden, points


@exercise("epoch_average")
class TestEpochAverage:
    """the mean loss of an epoch"""

    @points(1)
    def test_known_value(self, student):
        """gives 2.4 for the worked example, and the loss itself where there is one batch"""
        assert_close(student.epoch_average([1.0, 2.0, 6.0], [4, 4, 2]), 2.4, name="the average")
        assert_close(student.epoch_average([0.75], [5]), 0.75, name="the average of one batch")

    @points(1)
    def test_whole_data(self, student, rng):
        """is the mean over all samples, for batches of one size and a ragged last one"""
        losses = rng.exponential(size=33)
        for size in (11, 32, 7):
            batches = [losses[at : at + size] for at in range(0, 33, size)]
            found = student.epoch_average([float(batch.mean()) for batch in batches], [len(batch) for batch in batches])
            assert_close(found, float(losses.mean()), name=f"the average with batches of {size}")

    @points(1)
    def test_nothing(self, student):
        """refuses an epoch without batches, and losses without sizes"""
        assert_raises("ValueError", student.epoch_average, [], [])
        assert_raises("ValueError", student.epoch_average, [1.0, 2.0], [4])
        assert_close(student.epoch_average([3.0, 1.0], [1, 3]), 1.5, name="the average")

    @hidden
    @points(1)
    def test_many(self, student, reference, rng):
        """is right for many batches of any size, in any order"""
        losses, sizes = (
            [float(one) for one in rng.exponential(size=57)],
            [int(one) for one in rng.integers(1, 65, size=57)],
        )
        assert_close(student.epoch_average(losses, sizes), reference.epoch_average(losses, sizes), name="the average")


def batches_of(rng, sizes, K):
    return [(rng.normal(size=(m, K)), rng.integers(0, K, size=m)) for m in sizes]


@exercise("accuracy_counter")
class TestAccuracyCounter:
    """how many samples are placed right"""

    @points(1)
    def test_batches(self, student, reference, rng):
        """adds up over batches of several sizes, and refuses an epoch without any"""
        logits = np.array([[2.0, 1.0], [0.0, 3.0], [5.0, -1.0]])
        assert_close(student.accuracy_counter([(logits, np.array([0, 1, 1]))]), (2, 3), name=("correct", "total"))
        batches = batches_of(rng, (7, 7, 3), 3)
        expected = reference.accuracy_counter(batches)
        assert_close(student.accuracy_counter(batches), expected, name=("correct", "total"))
        assert_raises("ValueError", student.accuracy_counter, [])

    @hidden
    @points(1)
    def test_other_sizes(self, student, reference, rng):
        """is right where there are as many classes as samples, for negative logits, and for many batches"""
        for sizes, K in (((4, 4, 1), 4), ([6] * 20 + [5], 3)):
            batches = [(logits - 9.0, labels) for logits, labels in batches_of(rng, sizes, K)]
            expected = reference.accuracy_counter(batches)
            assert_close(student.accuracy_counter(batches), expected, name=("correct", "total"))
