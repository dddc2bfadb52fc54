"""What a stranger sends over the wire: a value or a WireError, nothing else."""

import struct

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnedu.sandbox.message import MAX_BLOB, MAX_DEPTH, MAX_DIGITS, MAX_HEADER, PREFIX, Message, WireError
from nnedu.sandbox.wire import frame_sizes, pack, unpack

GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")


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
