"""Wrong implementations of attribution.py, as students write them."""

from itertools import permutations
from math import comb, factorial

import numpy as np
from nnedu.checking import mistake


def _hidden(x, baseline, group):
    other = x.copy()
    other[group] = baseline[group]
    return other


def _drops(f, x, baseline, groups):
    return np.array([float(f(x[None])[0] - f(_hidden(x, baseline, group)[None])[0]) for group in groups])


@mistake(
    "occlusion_map",
    "the difference is taken the other way round",
    hints=(
        "Hide something that speaks for the class. Is your number positive?",
        "drop_g = f(x) - f(x without g): what the output loses.",
        "Exchange the two terms.",
    ),
)
def rise(f, x, baseline, groups):
    return -_drops(f, x, baseline, groups)


@mistake(
    "occlusion_map",
    "what one group has hidden is not brought back before the next one",
    hints=(
        "Does the drop of a group depend on where it stands in the list?",
        "Each of the len(groups) numbers compares the whole x with x without that one group.",
        "Begin each time with a fresh copy of x.",
    ),
)
def cumulative(f, x, baseline, groups):
    other, drops = x.copy(), []
    for group in groups:
        other[group] = baseline[group]
        drops.append(float(f(x[None])[0] - f(other[None])[0]))
    return np.array(drops)


@mistake(
    "occlusion_map",
    "hidden features become 0, whatever the baseline says",
    hints=(
        "Does your result change with the baseline?",
        "A hidden feature j has the value baseline[j]; that is 0 only where the baseline (n,) is.",
        "Take the values from the baseline.",
    ),
)
def hides_with_zero(f, x, baseline, groups):
    return _drops(f, x, 0.0 * baseline, groups)


@mistake(
    "occlusion_map",
    "all but the group is hidden",
    hints=(
        "Which features does f still see when a group of one is asked about?",
        "In the second term x_j is replaced for j in the group, and stays for all others of the n.",
        "Exchange x and baseline where you build that row.",
    ),
)
def hides_the_rest(f, x, baseline, groups):
    return np.array([float(f(x[None])[0] - f(_hidden(baseline, x, group)[None])[0]) for group in groups])


@mistake(
    "occlusion_map",
    "the absolute value is returned",
    hints=(
        "Can you tell a feature that speaks for a large output from one that speaks against it?",
        "drop_g = f(x) - f(x without g), of either sign.",
        "Return the differences as they are.",
    ),
)
def size_only(f, x, baseline, groups):
    return np.abs(_drops(f, x, baseline, groups))


@mistake(
    "occlusion_map",
    "the drop is divided by the number of features in the group",
    hints=(
        "Which groups are right, and which ones are not? How many features have they?",
        "drop_g = f(x) - f(x without g): one difference for a group, however large it is.",
        "Leave the division out.",
    ),
)
def per_feature(f, x, baseline, groups):
    return _drops(f, x, baseline, groups) / [max(len(group), 1) for group in groups]


@mistake(
    "occlusion_map",
    "the drops of the single features are added up, though features of a group are hidden together",
    hints=(
        "For f = x_0 · x_1, does hiding both lose as much as hiding one, and then the other, from the whole x?",
        "One row (n,) for each group, in which all of its features are replaced.",
        "Hide the group at once: a list can be an index.",
    ),
)
def one_at_a_time(f, x, baseline, groups):
    return np.array([float(np.sum(_drops(f, x, baseline, [[j] for j in group]))) for group in groups])


@mistake(
    "occlusion_map",
    "only the first feature of each group is hidden",
    hints=(
        "Which groups are right, and which ones are not? How many features have they?",
        "x_j = baseline_j for every j in the group, in one row of shape (n,).",
        "Use the whole list as the index.",
    ),
)
def first_feature(f, x, baseline, groups):
    return _drops(f, x, baseline, [group[:1] for group in groups])


@mistake(
    "occlusion_map",
    "the drop is divided by f(x)",
    hints=(
        "Multiply f by 2. What should happen to the drops?",
        "drop_g = f(x) - f(x without g), in the units of f.",
        "Leave the division out.",
    ),
)
def share_of_the_output(f, x, baseline, groups):
    return _drops(f, x, baseline, groups) / f(x[None])[0]


@mistake(
    "occlusion_map",
    "the values are f without the group, and f(x) does not appear",
    hints=(
        "What is your number for a feature that f does not use?",
        "drop_g is a difference: f(x) minus the value without the group.",
        "Ask f about x itself as well.",
    ),
)
def without_difference(f, x, baseline, groups):
    return np.array([float(f(_hidden(x, baseline, group)[None])[0]) for group in groups])


@mistake(
    "occlusion_map",
    "f(baseline) stands in the place of f(x)",
    hints=(
        "What is your number for a feature that f does not use?",
        "drop_g = f(x) - f(x without g): both inputs are x but for the group.",
        "Compare with the whole x.",
    ),
)
def from_the_baseline(f, x, baseline, groups):
    return np.array([float(f(baseline[None])[0] - f(_hidden(x, baseline, group)[None])[0]) for group in groups])


@mistake(
    "occlusion_map",
    "features are hidden in the caller's x",
    hints=(
        "Print x before and after the call.",
        "other = x makes no copy: other[group] = ... writes into the caller's array (n,).",
        "Copy x first.",
    ),
)
def writes_into_x(f, x, baseline, groups):
    drops = _drops(f, x, baseline, groups)
    for group in groups:
        x[group] = baseline[group]
    return drops


def _table(f, x, baseline):
    """v of each set: set s has the bits of s as members."""
    present = (np.arange(2 ** len(x))[:, None] >> np.arange(len(x))) % 2 == 1
    return f(np.where(present, x, baseline)), present.sum(axis=1)


def _weighted(f, x, baseline, weight):
    """Σ weight(|S|, n) (v(S + i) - v(S)) over the sets without i."""
    v, sizes = _table(f, x, baseline)
    n = len(x)
    return np.array(
        [sum(weight(sizes[s], n) * (v[s + 2**i] - v[s]) for s in range(2**n) if not s >> i & 1) * 1.0 for i in range(n)]
    )


def _shapley(f, x, baseline):
    return _weighted(f, x, baseline, lambda s, n: 1.0 / (n * comb(n - 1, s)))


@mistake(
    "shapley_values",
    "all sets have the same weight, 1 / 2^(n-1)",
    hints=(
        "Do your values sum to f(x) - f(baseline)?",
        "The weight |S|! (n - |S| - 1)! / n! is the share of orders in which just S comes before i.",
        "Count the members of each set, and weigh it with the factorials. (Equal weights make Banzhaf's index.)",
    ),
)
def equal_weights(f, x, baseline):
    return _weighted(f, x, baseline, lambda s, n: 0.5 ** (n - 1))


@mistake(
    "shapley_values",
    "every set has the weight 1/n",
    hints=(
        "Do your values sum to f(x) - f(baseline)?",
        "|S|! (n - |S| - 1)! / n! is 1/n for the empty and for the largest set only.",
        "Count the members of each set, and weigh it with the factorials.",
    ),
)
def weights_of_one_nth(f, x, baseline):
    return _weighted(f, x, baseline, lambda s, n: 1.0 / n)


@mistake(
    "shapley_values",
    "the factorial is that of n - |S|, not of n - |S| - 1",
    hints=(
        "With n = 1, what should the only weight be, and what is it?",
        "After S and i have come, n - |S| - 1 features are left, which can come in (n - |S| - 1)! orders.",
        "Do not count i among those that are left.",
    ),
)
def counts_itself_among_the_rest(f, x, baseline):
    return _weighted(f, x, baseline, lambda s, n: factorial(s) * factorial(n - s) / factorial(n))


@mistake(
    "shapley_values",
    "the size in the weight is that of S with i in it",
    hints=(
        "What weight has the empty set in your sum, and what should it have?",
        "|S| in |S|! (n - |S| - 1)! / n! counts the features that are there before i comes.",
        "Take the size of the set before i is added.",
    ),
)
def size_with_itself(f, x, baseline):
    def weight(s, n):
        return factorial(s + 1) * factorial(max(n - s - 2, 0)) / factorial(n)

    return _weighted(f, x, baseline, weight)


@mistake(
    "shapley_values",
    "features arrive in one order only, from the first to the last",
    hints=(
        "Two features that f treats alike: do they get the same?",
        "phi is a mean over all n! orders. In one of them, the last feature gets what all have built.",
        "Loop over all orders, or over all subsets of the other features.",
    ),
)
def single_order(f, x, baseline):
    steps = np.tile(baseline, (len(x) + 1, 1))
    for i in range(len(x)):
        steps[i + 1 :, i] = x[i]
    return np.diff(f(steps))


@mistake(
    "shapley_values",
    "the mean is over the n cyclic orders, not over all n!",
    hints=(
        "With three features, how many orders do you look at? How many are there?",
        "phi is a mean over all n! orders, or over all 2^(n-1) sets without i, with their weights.",
        "itertools knows all permutations.",
    ),
)
def cyclic_orders(f, x, baseline):
    phi, n = np.zeros(len(x)), len(x)
    for first in range(n):
        order = np.roll(np.arange(n), -first)
        steps = np.tile(baseline, (n + 1, 1))
        for k, i in enumerate(order):
            steps[k + 1 :, i] = x[i]
        phi[order] += np.diff(f(steps)) / n
    return phi


@mistake(
    "shapley_values",
    "each feature is taken away from the whole x, and nothing else is tried",
    hints=(
        "For x_0 · x_1, do your values sum to f(x) - f(baseline)?",
        "That is the drop of occlusion_map: the one set S with all others in it. The sum runs over all sets without i.",
        "Let S run over the empty set too, and over all between.",
    ),
)
def leave_one_out(f, x, baseline):
    return _drops(f, x, baseline, [[i] for i in range(len(x))])


@mistake(
    "shapley_values",
    "each feature is added to the baseline, and nothing else is tried",
    hints=(
        "For x_0 · x_1, do your values sum to f(x) - f(baseline)?",
        "That is the one set S with nothing in it. The sum runs over all 2^(n-1) sets without i.",
        "Let S run over the larger sets too.",
    ),
)
def add_one_in(f, x, baseline):
    return np.array([float(f(_hidden(baseline, x, [i])[None])[0] - f(baseline[None])[0]) for i in range(len(x))])


@mistake(
    "shapley_values",
    "only the first and the last place are looked at, and averaged",
    hints=(
        "Try three features that act all together. Do your values sum to f(x) - f(baseline)?",
        "A feature may come at any of n places; for each place there are several sets S that can stand before it.",
        "Let S run over the sets of every size.",
    ),
)
def two_ends(f, x, baseline):
    return 0.5 * (leave_one_out(f, x, baseline) + add_one_in(f, x, baseline))


@mistake(
    "shapley_values",
    "features that are missing become 0, whatever the baseline says",
    hints=(
        "Does your result change with the baseline?",
        "v(S) is f of an input with x_j for j in S, and baseline_j, of the baseline (n,), for all others.",
        "Fill with the baseline, not with zeros.",
    ),
)
def missing_is_zero(f, x, baseline):
    return _shapley(f, x, np.zeros_like(baseline))


@mistake(
    "shapley_values",
    "x and baseline are exchanged",
    hints=(
        "Do your values sum to f(x) - f(baseline), or to the opposite?",
        "v of the full set is f(x), and v of the empty set is f(baseline).",
        "Look at which of the two you take where a feature is present.",
    ),
)
def exchanged(f, x, baseline):
    return _shapley(f, baseline, x)


@mistake(
    "shapley_values",
    "f(baseline) is shared out as well, so that the values sum to f(x)",
    hints=(
        "What do your values sum to?",
        "For a linear f with a constant term c, phi is w · (x - baseline), and c is nowhere in it.",
        "Sum differences v(S + {i}) - v(S) only, and add nothing to them.",
    ),
)
def shares_the_base_value(f, x, baseline):
    return _shapley(f, x, baseline) + f(baseline[None])[0] / len(x)


@mistake(
    "shapley_values",
    "the values are scaled to sum to 1",
    hints=(
        "What do your values sum to?",
        "Σ phi = f(x) - f(baseline), in the units of f.",
        "Leave the last division out.",
    ),
)
def scaled_to_one(f, x, baseline):
    phi = _shapley(f, x, baseline)
    return phi / np.sum(phi)


@mistake(
    "shapley_values",
    "the absolute values are returned",
    hints=(
        "Do your values sum to f(x) - f(baseline)?",
        "A feature that pulls the output down has a negative phi.",
        "Return the sums as they are.",
    ),
)
def without_sign(f, x, baseline):
    return np.abs(_shapley(f, x, baseline))


@mistake(
    "shapley_values",
    "the empty set is left out of the sum",
    hints=(
        "With n = 1, over which sets does your sum run?",
        "All sets S of features without i: the empty one is among them, with the weight 1/n.",
        "Let the sizes begin at 0.",
    ),
)
def no_empty_set(f, x, baseline):
    return _weighted(f, x, baseline, lambda s, n: 1.0 / (n * comb(n - 1, s)) if s else 0.0)


@mistake(
    "shapley_values",
    "features are put into the caller's baseline",
    hints=(
        "Print the baseline before and after the call.",
        "z = baseline makes no copy: z[i] = x[i] writes into the caller's array (n,).",
        "Copy the baseline for every order.",
    ),
)
def writes_into_the_baseline(f, x, baseline):
    phi = np.zeros(len(x))
    for order in list(permutations(range(len(x)))):
        steps = np.tile(baseline, (len(x) + 1, 1))
        for k, i in enumerate(order):
            steps[k + 1 :, i] = x[i]
        phi[list(order)] += np.diff(f(steps)) / factorial(len(x))
    baseline[...] = x
    return phi
