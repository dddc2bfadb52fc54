"""Right implementations of attribution.py, written differently."""

from itertools import combinations, permutations
from math import factorial

import numpy as np
from nnedu.checking import variant


@variant("occlusion_map", "one group after the other")
def one_by_one(f, x, baseline, groups):
    drops, whole = [], f(x.reshape(1, -1))[0]
    for group in groups:
        other = np.array(x)
        for j in group:
            other[j] = baseline[j]
        drops.append(whole - f(other.reshape(1, -1))[0])
    return np.array(drops)


@variant("occlusion_map", "with a mask of all groups")
def with_masks(f, x, baseline, groups):
    mask = np.zeros((len(groups), len(x)), dtype=bool)
    for row, group in enumerate(groups):
        mask[row, group] = True
    return f(x[np.newaxis]) - f(np.where(mask, baseline, x))


@variant("occlusion_map", "with steps from x to the baseline")
def with_steps(f, x, baseline, groups):
    member = np.array([[float(j in group) for j in range(len(x))] for group in groups])
    return -(f(x + member * (baseline - x)) - f(np.vstack([x])))


@variant("shapley_values", "over all orders")
def orders(f, x, baseline):
    phi = np.zeros(len(x))
    for order in permutations(range(len(x))):
        z = baseline.copy()
        before = f(z[None])[0]
        for i in order:
            z[i] = x[i]
            after = f(z[None])[0]
            phi[i] += after - before
            before = after
    return phi / factorial(len(x))


@variant("shapley_values", "over combinations, with values remembered")
def subsets(f, x, baseline):
    n, known = len(x), {}

    def v(members):
        if members not in known:
            z = np.array(baseline)
            z[list(members)] = x[list(members)]
            known[members] = float(f(z[None, :])[0])
        return known[members]

    phi = np.zeros(n)
    for i in range(n):
        rest = [j for j in range(n) if j != i]
        for size in range(n):
            weight = factorial(size) * factorial(n - size - 1) / factorial(n)
            for S in combinations(rest, size):
                phi[i] += weight * (v(tuple(sorted((*S, i)))) - v(S))
    return phi


@variant("shapley_values", "through the dividends of Harsanyi")
def dividends(f, x, baseline):
    n = len(x)
    sets = [tuple(j for j in range(n) if s >> j & 1) for s in range(2**n)]
    values = f(np.array([[x[j] if j in S else baseline[j] for j in range(n)] for S in sets]))
    gain = np.array(values)
    for j in range(n):
        for s in range(2**n):
            if s >> j & 1:
                gain[s] -= gain[s ^ (1 << j)]
    phi = np.zeros(n)
    for S, dividend in zip(sets[1:], gain[1:], strict=True):
        phi[list(S)] += dividend / len(S)
    return phi
