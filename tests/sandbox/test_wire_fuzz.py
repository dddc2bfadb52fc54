"""The wire itself: what crosses both ways is what it was, and no bytes cost more than their length."""

import math
import subprocess
import sys
import tracemalloc

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hostile_values import GENERATORS, arrays, deep, keys, plain, scalars, views
from nnedu.sandbox.channel import LocalChannel, ProcessChannel
from nnedu.sandbox.client import Proxy
from nnedu.sandbox.host import Host
from nnedu.sandbox.message import MAX_KEYS, PREFIX, Callback, Message, Remote, WireError
from nnedu.sandbox.submission import Submission
from nnedu.sandbox.wire import pack, unpack

MOST = 100  # bytes for each of a frame's: empty maps, at 72, are the costliest
ECHO = {"m": "def same(*values, **named):\n    return [*values, named]\n"}

bounded = settings(
    max_examples=100, derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
generators = st.builds(
    lambda name, seed: np.random.Generator(getattr(np.random, name)(seed)),
    st.sampled_from(GENERATORS),
    st.integers(0, 9),
)
values = st.recursive(
    plain.filter(lambda value: value == value) | scalars | arrays | views | generators,  # noqa: PLR0124 - not nan
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys.filter(lambda key: key == key), inner, max_size=4)  # noqa: PLR0124 - not nan
    ),
    max_leaves=10,
)


def same(a, b):  # noqa: PLR0911 - one table, one row a type
    """Whether two values are the same in type, dtype, shape, order and bits."""
    if type(a) is not type(b):
        return False
    if isinstance(a, (np.ndarray, np.generic)):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, np.random.Generator):
        return same(a.bit_generator.state, b.bit_generator.state)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return same(list(a), list(b)) and same(list(a.values()), list(b.values()))
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    return a == b and (not isinstance(a, float) or math.copysign(1, a) == math.copysign(1, b))


@pytest.fixture(scope="module", params=[LocalChannel, ProcessChannel])
def echo(request):
    submission = Submission(ECHO, lambda: request.param(ECHO, frozenset({"numpy"})))
    yield Proxy(submission, "m")
    submission.close()


@given(st.lists(values, max_size=3), st.dictionaries(st.sampled_from(["a", "b"]), values, max_size=2))
@bounded
def test_what_goes_to_a_student_and_back_is_the_same(echo, given, named):
    """In both directions, as arguments and as a result, in this process and in another."""
    assert same(echo.same(*given, **named), [*given, named])


# Frames to start from: every kind of message, with every kind of value.
SEEDS = [
    Message("start", [{"m": "def f():\n    return 1\n"}, ["math", "numpy"]]),
    Message("load", "m"),
    Message("call", ["m", "f", [[np.arange(6.0).reshape(2, 3), Callback(0)], {"rate": 0.1}], False]),
    Message("many", ["m", "f", [[1], [2.5, None], [True, "x"]], False]),
    Message("callback", [0, [np.float64(2.0), 3 + 4j]]),
    Message("error", {"kind": "raised", "type": "ValueError", "text": "no", "frames": [["m.py", 3, "f", "x", "(2,)"]]}),
    Message("reply", {"value": {"W1": np.ones((3, 2)), 3: (np.int8(1), 10**300)}, "seconds": 0.5, "printed": "a\nb"}),
    Message("reply", {"value": [Remote(3, "m.Cache"), np.zeros((0, 4)), {(1, "a"): []}], "changed": ["x['a']"]}),
    Message("reply", {"value": [np.random.Generator(getattr(np.random, name)(1)) for name in GENERATORS]}),
]
FRAMES = [pack(seed) for seed in SEEDS]


def reads_or_refuses(data):
    """Whether bytes are a message; anything but a message or a WireError goes up."""
    try:
        message = unpack(data)
    except WireError as error:
        said = str(error)
    else:
        return type(message) is Message and type(message.kind) is str
    assert len(said) < 300
    return False


def split(frame):
    """Return the header and the blob of a frame."""
    size, _ = PREFIX.unpack(frame[: PREFIX.size])
    return frame[PREFIX.size : PREFIX.size + size], frame[PREFIX.size + size :]


def joined(header, blob=b""):
    return PREFIX.pack(len(header), len(blob)) + header + blob


edits = st.lists(
    st.tuples(st.sampled_from(["flip", "insert", "cut", "repeat"]), st.integers(0, 5000), st.binary(max_size=8)),
    min_size=1,
    max_size=6,
)


def edited(data, changes):
    data = bytearray(data)
    for what, where, some in changes:
        place = where % (len(data) + 1)
        if what == "flip":
            data[place : place + len(some)] = bytes(a ^ b for a, b in zip(data[place:], some, strict=False))
        elif what == "insert":
            data[place:place] = some
        elif what == "cut":
            del data[place : place + len(some)]
        else:
            data[place:place] = data[place : place + 16 * len(some)]
    return bytes(data)


@given(st.sampled_from(range(len(FRAMES))), edits, st.booleans())
@settings(bounded, max_examples=300)
def test_an_edited_frame_is_a_message_or_refused(number, changes, fits):
    """Bytes flipped, put in, cut out and repeated, in the whole frame or in a header that its prefix fits."""
    header, blob = split(FRAMES[number])
    reads_or_refuses(joined(edited(header, changes), blob) if fits else edited(FRAMES[number], changes))


nodes = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(max_size=5)
    | st.binary(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3) | st.integers(-9, 9), inner, max_size=3)
    ),
    max_leaves=8,
)


def places(tree, path=()):
    """Yield the path of every node of a tree."""
    yield path
    for number, item in enumerate(tree) if isinstance(tree, list) else ():
        yield from places(item, (*path, number))


def planted(tree, path, node):
    """Return a tree with another node in one place."""
    if not path:
        return node
    return [planted(item, path[1:], node) if number == path[0] else item for number, item in enumerate(tree)]


@given(st.sampled_from(range(len(FRAMES))), st.lists(st.tuples(st.integers(0, 10**6), nodes), min_size=1, max_size=3))
@settings(bounded, max_examples=300)
def test_a_tree_with_another_node_in_it_is_a_message_or_refused(number, changes):
    """Any msgpack in the place of any part of a right header: codes, shapes, offsets, keys, states, numbers."""
    header, blob = split(FRAMES[number])
    tree = msgspec.msgpack.decode(header)
    for where, node in changes:
        paths = list(places(tree))
        tree = planted(tree, paths[where % len(paths)], node)
    reads_or_refuses(joined(msgspec.msgpack.encode(tree), blob))


@pytest.mark.parametrize("nest", [b"\x91", b"\x81\xa1a", b"\x92\xa4list\x91", b"\x92\xa9generator"])
def test_no_depth_is_too_much_for_the_reader(nest):
    """Not where msgpack gives up, and not one level before, where Python might."""
    for levels in [*range(33, 800, 30), *range(800, 1020)]:
        for start in (b"\x92\xa1k", b"\x92\xa1k\x91"):
            assert not reads_or_refuses(joined(start + nest * levels + b"\xc0"))


def filled(item, limit=1 << 16):
    """Return a large header that holds a list of one item, as often as fits."""
    count = (limit - 100) // len(item)
    return joined(b"\x92\xa1k\x92\xa4list\xdd" + count.to_bytes(4, "big") + item * count)


def packed(tree):
    return msgspec.msgpack.encode(tree)


COSTLY = {
    "empty maps": lambda: filled(b"\x80"),
    "empty lists": lambda: filled(b"\x90"),
    "tagged lists": lambda: filled(packed(["list", []])),
    "tagged dicts": lambda: filled(packed(["dict", []])),
    "dicts of one": lambda: filled(packed(["dict", [["a", 1]]])),
    "empty arrays": lambda: filled(packed(["array", "|b1", [0], 0])),
    "empty arrays of many axes": lambda: filled(packed(["array", "|b1", [0] * 32, 0])),
    "objects": lambda: filled(packed(["remote", 1, ""])),
    "large ints": lambda: filled(packed(["int", "f" * 99])),
    "complex numbers": lambda: filled(packed(["complex", 1.0, 2.0])),
    "generators": lambda: filled(split(pack(Message("k", np.random.default_rng(1))))[0][3:]),
    "short strings": lambda: filled(packed("ab")),
    "numbers": lambda: filled(packed(0.5)),
    "a flat map": lambda: joined(
        b"\x92\xa1k\x92\xa4dict\xdd\x00\x00\x40\x00" + b"".join(packed([str(n), n]) for n in range(1 << 14))
    ),
    "the same MiB, a thousand times": lambda: joined(
        packed(["k", ["list", [["array", "|u1", [(1 << 20) - 1], 0]] * 1000]]), bytes(1 << 20)
    ),
    "half of it each time": lambda: joined(
        packed(["k", ["list", [["array", "|u1", [1 << 19], n << 10] for n in range(1000)]]]), bytes(2 << 20)
    ),
}


@pytest.mark.parametrize("make", COSTLY.values(), ids=COSTLY)
def test_a_frame_costs_no_more_than_its_size_allows(make):
    """What is small on the wire and large here, as often as a header holds it."""
    frame = make()
    tracemalloc.start()
    try:
        reads_or_refuses(frame)
        assert tracemalloc.get_traced_memory()[1] < MOST * len(frame)
    finally:
        tracemalloc.stop()


def test_bytes_that_stand_for_two_arrays_or_for_none_are_refused():
    """Each byte of a frame is read once: otherwise 2 MiB of it could become 30 GiB."""
    one, next_one = ["array", "|u1", [4], 0], ["array", "|u1", [4], 4]
    for arrays_, size in (([one, one], 4), ([one, next_one], 9), ([next_one, one], 8), ([next_one], 8), ([], 1)):
        assert not reads_or_refuses(joined(packed(["k", ["list", arrays_]]), bytes(size)))
    assert reads_or_refuses(joined(packed(["k", ["list", [one, next_one]]]), bytes(8)))


COLLIDING = {
    "ints": lambda n: ["int", hex((2**61 - 1) * (n + 8))],
    "small ints": lambda n: n << 20,
    "tuples": lambda n: ["tuple", [-1 - (n >> bit & 1) for bit in range(12)]],
}


@pytest.mark.parametrize("key", COLLIDING.values(), ids=COLLIDING)
def test_keys_that_could_share_a_hash_are_few(key):
    """A hundred thousand keys of one hash take minutes to put into a dict; those of strings are secret."""
    for count, fits in ((MAX_KEYS, True), (MAX_KEYS + 1, False)):
        table = ["dict", [[key(n), None] for n in range(count)]]
        assert reads_or_refuses(joined(packed(["k", table]))) is fits
    with pytest.raises(WireError, match="more than 1024 keys"):
        pack(Message("k", dict.fromkeys(range(MAX_KEYS + 1))))
    assert reads_or_refuses(pack(Message("k", dict.fromkeys(map(str, range(2 * MAX_KEYS))))))


@pytest.mark.skipif(int(np.__version__.split(".")[0]) < 2, reason="numpy itself refuses more than 32 axes")
def test_an_array_of_too_many_axes_is_refused_by_its_sender():
    """What one side packs the other reads: a student is told what it was, and not that the process is broken."""
    with pytest.raises(WireError, match="more than 32 axes"):
        pack(Message("k", np.zeros((1,) * 33)))
    assert reads_or_refuses(pack(Message("k", np.zeros((1,) * 32))))


def test_an_axis_that_no_memory_could_hold_does_not_cross():
    """Though the array is empty: a formula may broadcast or transpose it."""
    wide = np.zeros((0, 1 << 40))
    with pytest.raises(WireError):
        pack(Message("k", wide))
    assert not reads_or_refuses(joined(packed(["k", ["array", "<f8", [0, 1 << 40], 0]])))
    assert unpack(pack(Message("k", np.zeros((0, 1 << 20))))).body.shape == (0, 1 << 20)


messages = st.builds(
    Message,
    st.sampled_from(["load", "items", "attribute", "call", "many", "else", ""]),
    st.sampled_from([seed.body for seed in SEEDS[1:]])
    | st.recursive(plain | scalars, lambda inner: st.lists(inner, max_size=4)),
)


@given(st.lists(messages, min_size=1, max_size=4))
@bounded
def test_a_host_answers_whatever_it_is_asked(asked):
    """Always in a reply that crosses, though nobody but the grader asks it."""
    host = Host({"m": "def f(*args):\n    return args\n"}, frozenset({"numpy"}), lambda message: message)
    for message in asked:
        reply = host.serve(message)
        assert reply.kind in {"reply", "error"}
        assert isinstance(reply.body["seconds"], float)


NOISE = {
    "nothing": b"",
    "half a prefix": b"\x01\x00",
    "noise": bytes(range(256)),
    "a promise": PREFIX.pack(1 << 20, 64 << 20) + b"x" * 1000,
    "a promise of more": PREFIX.pack(2**32 - 1, 2**64 - 1),
    "no start": pack(Message("call", ["m", "f", [[], {}], False])),
    "another start": pack(Message("start", None)),
    "deep": pack(Message("start", deep(1, 20))),
}


@pytest.mark.parametrize("noise", NOISE.values(), ids=NOISE)
def test_a_worker_that_is_told_nonsense_ends(noise):
    """Of itself, when there is nothing more to read."""
    done = subprocess.run(
        [sys.executable, "-s", "-P", "-m", "nnedu.sandbox.worker"],
        input=noise,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == b""
