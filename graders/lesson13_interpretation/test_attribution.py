"""Grader of attribution.py: what happens to an answer when features are taken away."""

from itertools import permutations

import numpy as np
from nnedu.checking import assert_array, assert_close, assert_pure, assert_that, exercise, hidden, points


def rows(f):
    """f, which says so where it is not given rows."""

    def of_rows(X):
        X = np.asarray(X, dtype=float)
        if X.ndim != 2:
            raise ValueError(f"f takes rows, an array (k, n), and was given one of shape {X.shape}")
        return f(X)

    return of_rows


def linear(w, c):
    return rows(lambda X: X @ w + c)


def curved(rng, n):
    """A function in which every feature acts together with all others."""
    U, v, c = rng.normal(size=(n, 6)), rng.normal(size=6), rng.normal()
    return rows(lambda X: np.tanh(X @ U) @ v + 0.3 * np.sum(X, axis=1) ** 2 + c)


def pair(rng, n):
    """x and a baseline, no entry of which is 0."""
    return rng.uniform(0.5, 2.0, size=n), rng.uniform(-2.0, -0.5, size=n)


@exercise("occlusion_map")
class TestOcclusionMap:
    """the drop of an output when features are hidden"""

    @points(1)
    def test_known_value(self, student):
        """gives the drops of the worked example"""
        f = rows(lambda X: 2.0 * X[:, 0] + X[:, 1] * X[:, 2] - X[:, 3])
        x, baseline = np.array([3.0, 2.0, 4.0, 5.0]), np.array([1.0, 1.0, 0.5, 2.0])
        # f(x) = 9. Without 0: 5. Without 1: 5. Without 1 and 2: 1.5. Without 3: 12.
        drops = student.occlusion_map(f, x, baseline, [[0], [1], [1, 2], [3]])
        assert_close(drops, np.array([4.0, 4.0, 7.5, -3.0]), name="the drops")

    @points(2)
    def test_random(self, student, reference, rng):
        """is right for a curved function of 7 features and 5 groups that overlap"""
        f, (x, baseline) = curved(rng, 7), pair(rng, 7)
        groups = [[4], [0, 1, 2], [2, 3], [6, 4], [0, 2, 4, 5, 6]]
        drops = student.occlusion_map(f, x, baseline, groups)
        assert_close(drops, reference.occlusion_map(f, x, baseline, groups), name="the drops")

    @points(1)
    def test_unused(self, student, rng):
        """is 0 for features that f does not use, and w · (x - baseline) for a linear f"""
        w, (x, baseline) = rng.normal(size=6), pair(rng, 6)
        w[[1, 4]] = 0.0
        groups = [[0], [1], [2], [1, 4], [3, 5], [4]]
        expected = np.array([np.sum((w * (x - baseline))[group]) for group in groups])
        drops = student.occlusion_map(linear(w, 2.5), x, baseline, groups)
        assert_close(drops, expected, name="the drops")

    @points(1)
    def test_pure(self, student, reference, rng):
        """leaves its arguments as they are"""
        args = curved(rng, 4), *pair(rng, 4), [[0, 3], [2]]
        assert_pure(student.occlusion_map, *args, expected=reference.occlusion_map(*args), name="the drops")

    @hidden
    @points(1)
    def test_order_of_groups(self, student, rng):
        """gives the same drop for a group wherever it stands in the list, alone, and for all features at once"""
        f, (x, baseline) = curved(rng, 5), pair(rng, 5)
        groups, everything = [[3], [1, 2], [0], [2, 4]], float(f(x[None])[0] - f(baseline[None])[0])
        expected = []
        for group in groups:
            other = x.copy()
            other[group] = baseline[group]
            expected.append(float(f(x[None])[0] - f(other[None])[0]))
        assert_close(student.occlusion_map(f, x, baseline, groups[::-1]), np.array(expected[::-1]), name="the drops")
        for group, drop in zip([[1, 2], [0, 1, 2, 3, 4]], (expected[1], everything), strict=True):
            assert_close(student.occlusion_map(f, x, baseline, [group]), np.array([drop]), name="the drop")


def by_orders(f, x, baseline):
    """The values by what they mean: what a feature adds, averaged over all orders in which features arrive."""
    phi, orders = np.zeros(len(x)), list(permutations(range(len(x))))
    for order in orders:
        steps = np.tile(baseline, (len(x) + 1, 1))
        for position, feature in enumerate(order, start=1):
            steps[position:, feature] = x[feature]
        phi[list(order)] += np.diff(f(steps))
    return phi / len(orders)


@exercise("shapley_values")
class TestShapleyValues:
    """an output shared out among the features"""

    @points(1)
    def test_known_value(self, student):
        """gives the shares of the worked example, in which two features act together"""
        f = rows(lambda X: X[:, 0] + 2.0 * X[:, 0] * X[:, 1] + 3.0 * X[:, 2])
        phi = student.shapley_values(f, np.array([2.0, 3.0, 1.0]), np.array([0.0, 0.0, 2.0]))
        # Alone the first adds 2. Together with the second there are 12 more, of which each gets a half.
        assert_close(phi, np.array([8.0, 6.0, -3.0]), name="phi")

    @points(1)
    def test_xor(self, student):
        """knows what each of two features does to their XOR, which neither decides alone"""
        f = rows(lambda X: X[:, 0] + X[:, 1] - 2.0 * X[:, 0] * X[:, 1] + 0.25 * X[:, 2])
        x, baseline = np.array([1.0, 0.0, 1.0]), np.array([0.0, 1.0, 0.0])
        # XOR is 1 at both ends. The feature that comes first breaks it, and the second mends it.
        assert_close(student.shapley_values(f, x, baseline), np.array([0.0, 0.0, 0.25]), name="phi at (1, 0)")
        phi = student.shapley_values(f, x, np.zeros(3))
        assert_close(phi, np.array([1.0, 0.0, 0.25]), name="phi at (1, 0) against (0, 0)")
        phi = student.shapley_values(f, np.ones(3), np.zeros(3))
        assert_close(phi, np.array([0.0, 0.0, 0.25]), name="phi at (1, 1) against (0, 0)")

    @points(3)
    def test_all_orders(self, student, rng):
        """is, for a curved function of 5 features, the mean of what a feature adds over all 120 orders"""
        f, (x, baseline) = curved(rng, 5), pair(rng, 5)
        assert_close(student.shapley_values(f, x, baseline), by_orders(f, x, baseline), name="phi")

    @points(1)
    def test_efficient(self, student, rng):
        """shares out all of f(x) - f(baseline), and no more"""
        f, (x, baseline) = curved(rng, 4), pair(rng, 4)
        phi = assert_array(student.shapley_values(f, x, baseline), shape=(4,), name="phi")
        whole = float(f(x[None])[0] - f(baseline[None])[0])
        assert_that(
            abs(float(np.sum(phi)) - whole) < 1e-9 * (1.0 + abs(whole)),
            f"The values sum to {np.sum(phi):.6g}; f(x) - f(baseline) is {whole:.6g}.",
        )

    @points(1)
    def test_symmetric(self, student, rng):
        """gives two features the same that f cannot tell apart"""
        a, b = rng.uniform(0.5, 2.0, size=2)
        f = rows(lambda X: (X[:, 0] + X[:, 2]) ** 2 * (a + X[:, 1]) + b * X[:, 3] * X[:, 0] * X[:, 2])
        x, baseline = pair(rng, 4)
        x[2], baseline[2] = x[0], baseline[0]
        phi = student.shapley_values(f, x, baseline)
        phi = assert_array(phi, shape=(4,), name="phi")
        assert_that(
            abs(phi[0] - phi[2]) < 1e-9,
            f"Features 0 and 2 enter f alike and have the same values; they get {phi[0]:.6g} and {phi[2]:.6g}.",
        )
        assert_close(phi, by_orders(f, x, baseline), name="phi")

    @points(1)
    def test_dummy(self, student, rng):
        """gives nothing to features that f does not use, and does not mind that they are there"""
        used, (x, baseline) = [0, 2, 3], pair(rng, 5)
        f = curved(rng, 3)
        phi = student.shapley_values(rows(lambda X: f(X[:, used])), x, baseline)
        expected = np.zeros(5)
        expected[used] = by_orders(f, x[used], baseline[used])
        assert_close(phi, expected, name="phi")

    @points(1)
    def test_linear(self, student, rng):
        """is w · (x - baseline) for a linear function, and adds up where functions are added up"""
        w, f, (x, baseline) = rng.normal(size=4), curved(rng, 4), pair(rng, 4)
        phi = student.shapley_values(linear(w, 3.0), x, baseline)
        assert_close(phi, w * (x - baseline), name="phi")
        both = student.shapley_values(rows(lambda X: f(X) - 2.0 * (X @ w)), x, baseline)
        assert_close(both, by_orders(f, x, baseline) - 2.0 * w * (x - baseline), name="phi of a sum")

    @points(1)
    def test_pure(self, student, reference, rng):
        """leaves its arguments as they are"""
        args = curved(rng, 3), *pair(rng, 3)
        assert_pure(student.shapley_values, *args, expected=reference.shapley_values(*args), name="phi")

    @hidden
    @points(2)
    def test_few_and_many(self, student, rng):
        """is right for 1, 2 and 6 features"""
        for n in (1, 2, 6):
            f, (x, baseline) = curved(rng, n), pair(rng, n)
            assert_close(student.shapley_values(f, x, baseline), by_orders(f, x, baseline), name=f"phi for n = {n}")
