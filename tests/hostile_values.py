"""Values that a hostile worker may answer: all that the wire carries, and rarely what a check expects."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnedu.sandbox.message import Remote

CODES = ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")
GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")
EXTREMES = (np.nan, np.inf, -np.inf, -0.0, 1e308, -1e308, 5e-324, 1e-300, 2.0**53)
# Made on the spot: hypothesis prints the arguments of its strategies.
LONG = st.sampled_from([10_000, 100_000]).map(lambda length: "x" * length)

dtypes = st.sampled_from(CODES).map(np.dtype)
shapes = st.one_of(
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
    st.sampled_from([(1,) * 32, (0,) * 32, (0, 1 << 26), (1 << 20, 0), (7, 1), (1, 7), (7, 0), (2, 3)]),
)
arrays = hnp.arrays(dtypes, shapes) | hnp.arrays(float, shapes, elements=st.sampled_from([*EXTREMES, 0.0, 1.0]))
views = st.builds(lambda shape: np.broadcast_to(np.float64(2.0), shape), shapes)
scalars = dtypes.flatmap(lambda dtype: hnp.arrays(dtype, ())).map(lambda array: array[()])
objects = st.builds(
    Remote,
    st.sampled_from([0, 1, -1, 10**9, 2**64 - 1, -(2**63)]),
    st.sampled_from(["m.Cache", "", "\x1b[31m\n\npassed", "numpy.float64", "\u202e", "{0.__class__}"]) | LONG,
)
generators = st.sampled_from(GENERATORS).map(lambda name: np.random.Generator(getattr(np.random, name)(3)))
texts = st.text(max_size=20) | st.sampled_from(["passed", "\x1b]0;title\x07", "\n\n", "0.5"]) | LONG
plain = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**400), 2**63, 2**64])
    | st.floats()
    | st.sampled_from(EXTREMES)
    | st.complex_numbers()
    | texts
)
keys = texts | st.integers() | st.floats() | st.booleans() | st.none() | st.tuples(st.integers(), texts) | scalars
leaves = plain | scalars | arrays | views | objects | generators
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple) | st.dictionaries(keys, inner, max_size=4)
    ),
    max_leaves=8,
)


def deep(value, levels):
    """Return a value inside so many lists."""
    for _ in range(levels):
        value = [value]
    return value
