"""The wire: what crosses comes back the same, and whatever else arrives ends in WireError."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnedu.sandbox.message import MAX_BLOB, MAX_DEPTH, MAX_DIGITS, MAX_HEADER, Callback, Message, Remote, WireError
from nnedu.sandbox.wire import pack, unpack

CODES = ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")
GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")

dtypes = st.sampled_from(CODES).flatmap(
    lambda code: st.sampled_from([np.dtype(code), np.dtype(code).newbyteorder(">")])
)
shapes = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
arrays = hnp.arrays(dtypes, shapes)
scalars = st.sampled_from(CODES).flatmap(lambda code: hnp.arrays(np.dtype(code), ())).map(lambda array: array[()])
plain = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=-(10**300), max_value=10**300)
    | st.floats()
    | st.complex_numbers()
    | st.text()
)
keys = st.text() | st.integers() | st.booleans() | st.tuples(st.integers(), st.text())
values = st.recursive(
    plain | scalars | arrays,
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple) | st.dictionaries(keys, inner, max_size=4)
    ),
    max_leaves=12,
)


def there_and_back(value):
    return unpack(pack(Message("value", value))).body


def same(a, b):  # noqa: PLR0911 - one table, one row a type
    """Whether two values are the same in type, dtype, shape and bits."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        native = a.astype(a.dtype.newbyteorder("="))
        return native.dtype == b.dtype and a.shape == b.shape and native.tobytes() == b.tobytes()
    if isinstance(a, np.generic):
        return a.dtype == b.dtype and a.tobytes() == b.tobytes()
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    return a == b or (isinstance(a, float) and math.isnan(a) and math.isnan(b))


@given(values)
@settings(max_examples=200, deadline=None)
def test_every_value_comes_back_the_same(value):
    """Numbers, text, arrays of every kind and order, nested in lists, tuples and dicts."""
    assert same(value, there_and_back(value))


@pytest.mark.parametrize(
    "array",
    [
        np.asfortranarray(np.arange(12.0).reshape(3, 4)),
        np.arange(12.0).reshape(3, 4)[::-1, ::2],
        np.arange(12.0).reshape(3, 4).T,
        np.broadcast_to(np.array([1.0, 2.0]), (3, 2)),
        np.arange(6, dtype=">i4").reshape(2, 3),
        np.empty((0, 3)),
        np.array(5.0),
        np.array([np.nan, np.inf, -np.inf, -0.0]),
    ],
    ids=["fortran", "strided", "transposed", "broadcast", "big-endian", "empty", "0-d", "not finite"],
)
def test_arrays_of_odd_layout_arrive_whole_and_writable(array):
    """What arrives is contiguous, native and of its own memory."""
    back = there_and_back(array)
    assert same(array, back)
    assert back.flags.writeable
    assert back.flags.c_contiguous


@pytest.mark.parametrize("number", [2**62, -(2**62), 2**64, -(2**64), 10**400, 16 ** (MAX_DIGITS - 3)])
def test_huge_ints_cross(number):
    """An int of any size that can also be printed."""
    assert there_and_back(number) == number
    assert str(there_and_back(number))


@pytest.mark.parametrize("name", GENERATORS)
def test_a_generator_crosses_as_its_state(name):
    """It draws there what it would have drawn here, and the original has not moved."""
    generator = np.random.Generator(getattr(np.random, name)(3))
    generator.normal(size=5)
    generator.integers(9, dtype=np.uint32)  # leaves half a number behind
    back = there_and_back({"rng": generator})["rng"]
    assert type(back.bit_generator).__name__ == name
    assert back.normal(size=7).tolist() == generator.normal(size=7).tolist()


def test_handles_and_callbacks_are_resolved_by_the_receiver():
    """They cross as numbers, in any depth."""
    frame = pack(Message("call", [Remote(3, "m.Cache"), {"loss": Callback(1)}]))
    seen = []
    body = unpack(frame, lambda reference: seen.append(reference) or "resolved").body
    assert body == ["resolved", {"loss": "resolved"}]
    assert seen == [Remote(3, "m.Cache"), Callback(1)]


class Liar(np.ndarray):
    """A subclass could answer anything."""


@pytest.mark.parametrize(
    "value",
    [
        object(),
        {1, 2},
        b"bytes",
        np.zeros(2).view(Liar),
        np.zeros((1, 1)).view(np.matrix),
        np.ma.masked_array([1.0]),
        np.array([None]),
        np.array(["a"]),
        np.array(["2020"], dtype="M8[Y]"),
        np.zeros(2, dtype="f8,i4"),
        np.longdouble(1),
        np.str_("text"),
        type("Text", (str,), {})("a"),
        type("Number", (float,), {})(1.0),
        type("Many", (list,), {})([1]),
        type("Table", (dict,), {})(a=1),
    ],
    ids=lambda value: type(value).__name__,
)
def test_nothing_else_crosses(value):
    """No subclass, no object array, no dates: a side that sends values only refuses them."""
    with pytest.raises(WireError, match="cannot cross"):
        pack(Message("value", value))


def test_what_does_not_fit_is_refused_by_the_sender():
    """Too deep, too long, too many bytes, text that is not Unicode."""
    deep = []
    for _ in range(MAX_DEPTH + 1):
        deep = [deep]
    broadcast = np.broadcast_to(np.zeros(1), (MAX_BLOB,))  # 8 bytes that say they are 512 MiB
    for value in (
        deep,
        "a" * (MAX_HEADER + 1),
        broadcast,
        [np.zeros(MAX_BLOB // 16)] * 3,
        16 ** (MAX_DIGITS + 1),
        "\ud800",
    ):
        with pytest.raises(WireError):
            pack(Message("value", value))


def test_a_value_that_holds_itself_is_refused():
    """A list in itself ends, as too deep."""
    value = []
    value.append(value)
    with pytest.raises(WireError, match="nested deeper"):
        pack(Message("value", value))
