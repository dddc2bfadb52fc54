"""Grader of batches.py: one pass over the data in random order."""

import numpy as np
from nnedu.checking import assert_close, assert_that, exercise, hidden, points


def samples(rng, m):
    """m samples with labels; no two rows are alike."""
    return rng.normal(size=(m, 3, 2)), rng.permutation(10 * m)[:m]


def pairs(result, X, Y):
    """The batches, once their form has been judged, as row numbers of X and the labels that came with them."""
    iterable = hasattr(result, "__iter__") and not isinstance(result, np.ndarray)
    assert_that(iterable, f"Returns batches that can be iterated; found {type(result).__name__}.")
    found = []
    for number, batch in enumerate(result, 1):
        assert_that(
            isinstance(batch, (tuple, list))
            and len(batch) == 2
            and all(type(part) is np.ndarray and part.ndim > 0 for part in batch),
            f"Every batch is a pair of arrays (Xb, Yb); batch {number} is a {type(batch).__name__}.",
        )
        Xb, Yb = batch
        assert_that(
            Xb.shape == (len(Yb), *X.shape[1:]) and Yb.ndim == Y.ndim,
            f"Xb and Yb hold whole rows of X and Y, equally many; batch {number} has shapes {Xb.shape} and {Yb.shape}.",
        )
        same = (Xb[:, None] == X[None]).all(axis=tuple(range(2, X.ndim + 1)))
        known = bool(same.any(axis=1).all())
        assert_that(known, f"Every row of a batch is a row of X; batch {number} has another.")
        found.append((same.argmax(axis=1), Yb))
    assert_that(sum(len(rows) for rows, _ in found) > 0, "The batches hold the rows of X; found none.")
    return found


def order(result, X, Y):
    """The row numbers of X in the order in which they came."""
    return np.concatenate([rows for rows, _ in pairs(result, X, Y)])


@exercise("minibatches")
class TestMinibatches:
    """the data in random order, a few rows at a time"""

    @points(2)
    def test_each_row_once(self, student, rng):
        """brings every one of 23 rows exactly once"""
        X, Y = samples(rng, 23)
        counts = np.bincount(order(student.minibatches(X, Y, 5, rng), X, Y), minlength=23)
        never, often = int((counts == 0).sum()), int((counts > 1).sum())
        assert_that(
            never + often == 0, f"Each of the 23 rows comes once; {never} never came, {often} came more than once."
        )

    @points(2)
    def test_pairs_stay_together(self, student, rng):
        """keeps every row of X next to its own label"""
        X, Y = samples(rng, 23)
        for number, (rows, Yb) in enumerate(pairs(student.minibatches(X, Y, 5, rng), X, Y), 1):
            assert_close(Yb, Y[rows], name=f"Yb of batch {number}")

    @points(1)
    def test_sizes(self, student, rng):
        """makes full batches, and a shorter one at the end: 5, 5, 5, 5, 3"""
        X, Y = samples(rng, 23)
        sizes = [len(rows) for rows, _ in pairs(student.minibatches(X, Y, 5, rng), X, Y)]
        assert_that(sizes == [5, 5, 5, 5, 3], f"23 rows make batches of 5, 5, 5, 5 and 3 rows; found {sizes}.")

    @points(1)
    def test_order_comes_from_rng(self, student, rng):
        """shuffles by the generator that it is given: the same one, the same order"""
        X, Y = samples(rng, 23)
        first, again, other = (
            order(student.minibatches(X, Y, 5, np.random.default_rng(seed)), X, Y).tolist() for seed in (6, 6, 7)
        )
        assert_that(first != sorted(first), "The rows come in a random order; found them in the order of X.")
        assert_that(first == again, "Two generators in the same state give one order; found two.")
        assert_that(first != other, "Another generator gives another order; found the same.")

    @points(1)
    def test_leaves_the_data_alone(self, student, rng):
        """never writes into X or Y, not even while the batches are taken"""
        X, Y = samples(rng, 11)
        # A generator does its work after the call has returned; arrays that refuse to be written show it all the same.
        result = student.minibatches.reply_readonly(X, Y, 4, rng).value
        pairs(result, X, Y)

    @hidden
    @points(1)
    def test_sizes_at_the_edges(self, student, rng):
        """makes one batch where batch_size exceeds m, and no empty one where it divides m"""
        for m, batch_size, expected in ((7, 10, [7]), (12, 4, [4, 4, 4]), (1, 1, [1])):
            X, Y = samples(rng, m)
            sizes = [len(rows) for rows, _ in pairs(student.minibatches(X, Y, batch_size, rng), X, Y)]
            assert_that(sizes == expected, f"{m} rows in batches of {batch_size} are {expected}; found {sizes}.")
