"""Grader of data.py: classes as rows, and data that is kept away from training."""

import numpy as np
from nnedu.checking import assert_close, assert_pure, assert_raises, assert_that, exercise, hidden, points


@exercise("one_hot")
class TestOneHot:
    """classes as rows of zeros with a single one"""

    @points(1)
    def test_known_values(self, student):
        """gives the rows of the worked example, as floats"""
        assert_close(student.one_hot(np.array([2, 0, 2]), 4), np.eye(4)[[2, 0, 2]], name="Y")
        assert_close(student.one_hot(np.array([1, 0, 4, 4])), np.eye(5)[[1, 0, 4, 4]], name="Y")

    @points(1)
    def test_missing_classes(self, student, rng):
        """has a column for each of K classes, also for those that y does not hold"""
        y = rng.choice([1, 2, 5], size=7)
        for K in (6, 9):
            assert_pure(student.one_hot, y, K, expected=(y[:, None] == np.arange(K)).astype(float), name="Y")

    @points(1)
    def test_errors(self, student):
        """refuses classes below 0, classes that are not below K, and a y that is not of shape (m,)"""
        assert_close(student.one_hot(np.array([2]), 3), np.array([[0.0, 0.0, 1.0]]), name="Y")
        for y, K in ((np.array([0, -1, 2]), 4), (np.array([0, 3, 2]), 3), (np.array([[0], [1]]), 2)):
            assert_raises("ValueError", student.one_hot, y, K)
        assert_raises("ValueError", student.one_hot, np.array([-1, 2]))

    @hidden
    @points(1)
    def test_other_classes(self, student, rng):
        """is right for one sample, for one class, and for many"""
        for m, K in ((1, 10), (4, 1), (60, 12)):
            y = rng.integers(0, K, size=m)
            assert_close(student.one_hot(y, K), np.eye(K)[y], name="Y")
            assert_close(student.one_hot(y), np.eye(int(y.max()) + 1)[y], name="Y")


NAMES = ("Xtr", "Xte", "ytr", "yte")
BITS = 8
CLASSES = (1, 4, 5)


def samples(rng, counts):
    """X, whose first columns are the row's number in bits, whose others are numbers of all sizes; and the classes."""
    y = rng.permutation(np.repeat(CLASSES, counts))
    m = len(y)
    bits = rng.permutation(2**BITS)[:m, None] >> np.arange(BITS) & 1
    others = rng.normal(size=(m, 4)) * (1.0, 30.0, 0.01, 2.0) + (5.0, -70.0, 0.2, 0.0)
    return np.column_stack([bits, others, np.full(m, 7.0)]), y


def parts(result, n, m):
    """Xtr, Xte, ytr and yte, once their form is known."""
    four = isinstance(result, (tuple, list)) and len(result) == len(NAMES)
    assert_that(four, "split_and_scale should return four arrays, Xtr, Xte, ytr and yte.")
    for name, part in zip(NAMES, result, strict=True):
        assert_that(type(part) is np.ndarray, f"{name} should be an array; found {type(part).__name__}.")
    for X, y, name in ((result[0], result[2], "tr"), (result[1], result[3], "te")):
        is_floats = X.dtype == np.float64 and X.ndim == 2 and X.shape[1] == n
        assert_that(is_floats, f"X{name} should be of float64, with {n} columns.")
        assert_that(bool(np.all(np.isfinite(X))), f"X{name} should be finite, also in a constant column.")
        right = y.dtype.kind in "iu" and y.shape == (len(X),) and len(y) > 1
        assert_that(right, f"y{name} should hold an int for each row of X{name}, at least two.")
    total = len(result[0]) + len(result[1])
    assert_that(total == m, f"Both sets together should have as many rows as X, {m}; they have {total}.")
    return result


def rows(part, X):
    """Which rows of X a part of it holds, by the bits in its first columns."""
    middle = (part.max(axis=0) + part.min(axis=0)) / 2.0
    numbers = (part[:, :BITS] > middle[:BITS]) @ (1 << np.arange(BITS))
    known = {int(number): row for row, number in enumerate(X[:, :BITS].astype(int) @ (1 << np.arange(BITS)))}
    assert_that(all(int(number) in known for number in numbers), "Each row of Xtr and Xte should be one of X, scaled.")
    assert_that(len(set(numbers.tolist())) == len(part), "No row of X should stand twice in Xtr, or in Xte.")
    return np.array([known[int(number)] for number in numbers])


def split(student, X, y, frac, rng):
    """The parts, and the rows of X that are in them."""
    found = parts(student.split_and_scale(X, y, frac, rng), X.shape[1], len(X))
    return found, rows(found[0], X), rows(found[1], X)


def statistics(X):
    """Mean and deviation of each column, with 1 for a constant one."""
    std = X.std(axis=0)
    return X.mean(axis=0), np.where(X.max(axis=0) == X.min(axis=0), 1.0, std)


@exercise("split_and_scale")
class TestSplitAndScale:
    """a test set that training has not seen"""

    @points(1)
    def test_each_sample_once(self, student, rng):
        """puts each sample in one of both sets, with its own class"""
        X, y = samples(rng, (60, 50, 40))
        (_, _, ytr, yte), train, test = split(student, X, y, 0.3, rng)
        both = np.sort(np.concatenate([train, test]))
        assert_close(both, np.arange(len(X)), name="the rows of X in Xtr and Xte")
        assert_close(ytr, y[train], name="ytr")
        assert_close(yte, y[test], name="yte")

    @points(1)
    def test_scaled(self, student, rng):
        """gives each column of Xtr mean 0 and standard deviation 1, and leaves zeros of a constant one"""
        X, y = samples(rng, (60, 50, 40))
        found = parts(student.split_and_scale(X, y, 0.3, rng), X.shape[1], len(X))[0]
        wanted = np.append(np.ones(X.shape[1] - 1), 0.0)
        assert_close(found.mean(axis=0), np.zeros(X.shape[1]), name="the means of Xtr's columns", atol=1e-9)
        assert_close(found.std(axis=0), wanted, name="the standard deviations of Xtr's columns", atol=1e-9)

    @points(1)
    def test_no_leak(self, student, rng):
        """scales Xte by the mean and the standard deviation of the training rows"""
        X, y = samples(rng, (60, 50, 40))
        (Xtr, Xte, _, _), train, test = split(student, X, y, 0.3, rng)
        mean, std = statistics(X[train])
        assert_close(Xtr, (X[train] - mean) / std, name="Xtr", atol=1e-9)
        assert_close(Xte, (X[test] - mean) / std, name="Xte", atol=1e-9)

    @points(1)
    def test_stratified(self, student, rng):
        """takes the same share of every class, to one sample, also of a rare one"""
        for counts, frac in (((90, 30, 10), 0.3), ((100, 41, 24), 0.25)):
            X, y = samples(rng, counts)
            yte = parts(student.split_and_scale(X, y, frac, rng), X.shape[1], len(X))[3]
            for label, count in zip(CLASSES, counts, strict=True):
                held = int(np.sum(yte == label))
                near = abs(held - frac * count) < 1.0
                assert_that(near, f"Of {count} samples of one class, {frac * count:g} should be in yte; {held} are.")

    @points(1)
    def test_chance(self, student, rng):
        """follows rng and nothing else, changes no argument, and refuses what cannot be split"""
        X, y = samples(rng, (60, 50, 40))
        seed = int(rng.integers(1, 1_000_000))
        replies = [student.split_and_scale.reply(X, y, 0.3, np.random.default_rng(seed + more)) for more in (0, 0, 1)]
        found = [parts(reply.value, X.shape[1], len(X)) for reply in replies]
        assert_that(not replies[0].changed, "split_and_scale should change no argument.")
        for name, again, first in zip(NAMES, found[1], found[0], strict=True):
            assert_close(again, first, name=f"{name} of a second call with the same rng")
        chosen = [set(rows(one[1], X).tolist()) for one in (found[0], found[2])]
        assert_that(chosen[0] != chosen[1], "Another rng should choose other samples.")
        for given in ((X[:-1], y, 0.3), (X, y, 0.0), (X, y, 1.0)):
            assert_raises("ValueError", student.split_and_scale, *given, rng)

    @hidden
    @points(1)
    def test_sorted_classes(self, student, rng):
        """does all of that where the samples come sorted by class, for other shares"""
        for counts, frac in (((50, 50, 50), 0.5), ((110, 60, 30), 0.2)):
            X, y = samples(rng, counts)
            order = np.argsort(y, kind="stable")
            # Columns that are constant but for one sample: it may be in the test set, where it is only shifted.
            X, y = np.column_stack([X[order], 5.0 * np.eye(len(y))[:, ::20]]), y[order]
            (Xtr, Xte, ytr, yte), train, test = split(student, X, y, frac, rng)
            assert_close(np.sort(np.concatenate([train, test])), np.arange(len(X)), name="the rows in Xtr and Xte")
            assert_close(np.concatenate([ytr, yte]), y[np.concatenate([train, test])], name="the classes")
            mean, std = statistics(X[train])
            assert_close(Xte, (X[test] - mean) / std, name="Xte", atol=1e-9)
            assert_close(Xtr, (X[train] - mean) / std, name="Xtr", atol=1e-9)
            held = np.array([np.sum(yte == label) for label in CLASSES]) - frac * np.array(counts)
            assert_that(bool(np.all(np.abs(held) < 1.0)), "Every class should give the same share to the test set.")
            first = all(np.all(np.diff(np.sort(test[yte == label])) == 1) for label in CLASSES)
            assert_that(
                not first, "Which samples of a class are tested should be drawn, not the first ones or the last."
            )
