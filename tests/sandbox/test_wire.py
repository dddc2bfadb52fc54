"""The wire: what crosses comes back the same, and whatever else arrives ends in WireError."""

import math
import struct

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnedu.sandbox.wire import (
    MAX_BLOB,
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_HEADER,
    PREFIX,
    Callback,
    Message,
    Remote,
    WireError,
    frame_sizes,
    pack,
    unpack,
)

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


# --------------------------------------------------------------------------------------------- what a stranger sends


def frame(tree, blob=b""):
    header = msgspec.msgpack.encode(tree)
    return PREFIX.pack(len(header), len(blob)) + header + blob


def only_wire_errors(data):
    try:
        unpack(data)
    except WireError:
        return True
    return False


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_bytes_end_in_a_wire_error(data):
    """No other exception, no hang, no memory."""
    only_wire_errors(data)
    only_wire_errors(PREFIX.pack(len(data), 0) + data)


tags = st.sampled_from(
    [
        "array",
        "scalar",
        "tuple",
        "list",
        "dict",
        "int",
        "complex",
        "generator",
        "callback",
        "remote",
        "else",
        "<f8",
        "PCG64",
        "0x1",
    ]
)
atoms = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | tags
    | st.text(max_size=5)
    | st.binary(max_size=5)
)
trees = st.recursive(
    atoms,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(tags, inner).map(list)
        | st.tuples(tags, inner, inner).map(list)
        | st.tuples(
            st.just("array"),
            st.sampled_from(["<f8", "|b1", "<i8", "|O"]),
            st.lists(st.integers(-1, 2**41), max_size=34),
            st.integers(-9, 99),
        ).map(list)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(trees, st.binary(max_size=64))
@settings(max_examples=500, deadline=None)
def test_any_tree_of_tags_is_a_value_or_a_wire_error(tree, blob):
    """The tags are right, what stands in them need not be."""
    only_wire_errors(frame(["reply", tree], blob))


@given(st.sampled_from(GENERATORS), st.data())
@settings(max_examples=200, deadline=None)
def test_any_generator_state_draws_or_is_a_wire_error(name, data):
    """One field of a right state is replaced; a generator that is accepted can be drawn from."""
    state = dict(getattr(np.random, name)(1).state)
    inner = dict(state["state"])
    where = data.draw(st.sampled_from([state, inner]))
    odd = atoms.filter(lambda atom: not isinstance(atom, bytes)) | st.just(np.zeros(3)) | st.just([1, 2]) | st.just({})
    where[data.draw(st.sampled_from(sorted(where)))] = data.draw(odd)
    if where is inner:
        state["state"] = inner
    tree = unpack_tree(state)
    try:
        generator = unpack(frame(["reply", ["generator", tree[0]]], tree[1])).body
    except WireError:
        return
    assert len(generator.random(5)) == 5


def unpack_tree(value):
    """Return the tags and the blob of a value."""
    data = pack(Message("value", value))
    header, _ = PREFIX.unpack(data[: PREFIX.size])
    return msgspec.msgpack.decode(data[PREFIX.size : PREFIX.size + header])[1], data[PREFIX.size + header :]


@pytest.mark.parametrize(
    ("name", "field", "position"), [("MT19937", "pos", 10**6), ("MT19937", "pos", -5), ("Philox", "buffer_pos", -1000)]
)
def test_a_generator_never_reads_outside_its_table(name, field, position):
    """Numpy takes such a position and reads another's memory; the wire does not."""
    state = getattr(np.random, name)(1).state
    (state["state"] if field in state["state"] else state)[field] = position
    tree, blob = unpack_tree(state)
    with pytest.raises(WireError, match="generator state"):
        unpack(frame(["reply", ["generator", tree]], blob))


@pytest.mark.parametrize(
    ("tree", "blob"),
    [
        (["array", "<f8", [2], 0], b"\0" * 8),
        (["array", "<f8", [1], -8], b"\0" * 16),
        (["array", "<f8", [1], 9], b"\0" * 16),
        (["array", "<f8", [-1], 0], b"\0" * 8),
        (["array", "<f8", [True], 0], b"\0" * 8),
        (["array", "<f8", [1.0], 0], b"\0" * 8),
        (["array", "<f8", [1] * 33, 0], b"\0" * 8),
        (["array", "<f8", [1 << 39, 1 << 39], 0], b""),
        (["array", "<f8", [1 << 39, 1 << 39, 0], 0], b""),
        (["array", "|O", [1], 0], b"\0" * 8),
        (["array", "<f16", [1], 0], b"\0" * 16),
        (["array", "<M8[s]", [1], 0], b"\0" * 8),
        (["scalar", ["array", "<f8", [1], 0]], b"\0" * 8),
        (["dict", [[["list", []], 1]]], b""),
        (["dict", [[1]]], b""),
        (["int", "0x" + "f" * MAX_DIGITS], b""),
        (["int", "none"], b""),
        (["object", 1], b""),
        ([], b""),
        ({"a": 1}, b""),
        (b"raw", b""),
    ],
)
def test_a_malformed_value_is_refused(tree, blob):
    """Offsets outside the frame, shapes that cannot be, dtypes that are not on the list, unknown tags."""
    with pytest.raises(WireError):
        unpack(frame(["reply", tree], blob))


def test_a_frame_nested_too_deep_is_refused():
    """By the decoder, and by msgpack for what is deeper still."""
    for depth in (MAX_DEPTH + 2, 5000):
        header = b"\x92\xa1k" + b"\x92\xa4list\x91" * depth + b"\xc0"
        with pytest.raises(WireError):
            unpack(PREFIX.pack(len(header), 0) + header)


@pytest.mark.parametrize("sizes", [(MAX_HEADER + 1, 0), (0, MAX_BLOB + 1), (2**32 - 1, 2**64 - 1)])
def test_a_size_is_refused_before_anything_is_read(sizes):
    """What is announced is believed only up to the limits."""
    with pytest.raises(WireError, match="larger than the wire allows"):
        frame_sizes(struct.pack("<IQ", *sizes))


def test_a_frame_of_another_length_than_it_says_is_refused():
    """Cut off, or with something behind it."""
    whole = pack(Message("value", np.zeros(3)))
    for data in (whole[:-1], whole + b"\0", whole[:5], b""):
        with pytest.raises(WireError):
            unpack(data)
