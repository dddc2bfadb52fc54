"""The arguments of a call, watched: whatever is done to them is named, and nothing else is."""

import numpy as np
import pytest

from nnedu.sandbox.arguments import Watched, arrays_in

BIG = 1 << 17  # entries: of an array that is compared in blocks


class Other(np.ndarray):
    """A class of the student's own, which has ideas of its own."""

    def reshape(self, *_):
        raise NotImplementedError


def large(code="f8"):
    return np.arange(BIG + 3).astype(code)


def set_at(index, value):
    def change(values):
        values[0].reshape(-1)[index] = value

    return change


def put(value):
    def change(values):
        values[0] = value(values[0])

    return change


def call(method, *args, **kwargs):
    return lambda values: getattr(values[0], method)(*args, **kwargs)


def reshaped(values):
    values[0].shape = (1, -1)


def read_as_numbers(values):
    values[0].dtype = np.int64


@pytest.mark.parametrize("code", ["f8", "f4", "u1", "?", "c16"])
@pytest.mark.parametrize("size", [1, 7, BIG, BIG + 3])
@pytest.mark.parametrize("index", [0, -1])
def test_one_entry_is_a_change(code, size, index):
    """The first one and the last one, in a small array and in a large one, of any width."""
    array = np.zeros(size, code)
    watched = Watched(["x"], [array])
    assert watched.changed() == []
    array[index] = 1
    assert watched.changed() == ["x"]


@pytest.mark.parametrize(
    "change",
    [
        set_at(BIG // 2, np.nan),
        set_at(0, -0.0),
        reshaped,
        read_as_numbers,
        call("sort"),
        put(lambda x: x[:-1]),
        put(lambda x: x.astype("f4")),
        put(lambda x: x[::-1]),
        put(lambda x: (x[::-1]).view(Other)),
        put(lambda x: x.tolist()),
        put(lambda _: None),
        put(lambda _: 1.0),
        put(lambda _: object()),
        lambda values: values.append(1.0),
        list.pop,
    ],
)
def test_a_large_array_that_is_another_is_a_change(change):
    values = [large()[::-1].copy()]
    watched = Watched(["x"], [values])
    change(values)
    assert watched.changed() in (["x"], ["x[0]"])


@pytest.mark.parametrize(
    "change",
    [
        set_at(0, np.nan),
        put(np.copy),
        put(lambda x: np.asfortranarray(x.reshape(2, -1)).reshape(-1)),
        put(lambda x: np.repeat(x, 2)[::2]),
        put(lambda x: x.view(Other)),
        put(lambda x: np.repeat(x, 2)[::2].view(Other)),
    ],
)
@pytest.mark.parametrize("size", [8, BIG])
@pytest.mark.parametrize("code", ["f8", "f4"])
def test_the_same_bytes_in_another_array_are_no_change(change, size, code):
    """Also where a NaN is among them, which is not equal to itself."""
    values = [np.full(size, np.nan, code)]
    watched = Watched(["x"], [values])
    change(values)
    assert watched.changed() == []


class Table(dict):
    pass


@pytest.mark.parametrize(
    ("value", "changed"),
    [
        ({"a": 1.0, "b": [np.ones(2), None]}, []),
        (Table(a=1.0, b=(np.ones(2), None)), []),
        ({"b": [np.ones(2), None], "a": 1.0}, []),
        ({"a": 1.0, "b": [np.ones(2), 0]}, ["x['t']['b'][1]"]),
        ({"a": 1, "b": [np.ones(2), None]}, ["x['t']['a']"]),
        ({"a": True, "b": [np.zeros(2), None]}, ["x['t']['a']", "x['t']['b'][0]"]),
        ({"a": 1.0, "b": [np.ones(2)]}, ["x['t']['b']"]),
        ({"a": 1.0, "b": [np.ones(2), None], "c": 2}, ["x['t']['c']"]),
        ({"a": 1.0, "c": 2}, ["x['t']['b']", "x['t']['c']"]),
        (Table(a=2.0, b=(np.ones(2), None)), ["x['t']['a']"]),
        (None, ["x['t']"]),
    ],
    ids=str,
)
def test_what_differs_is_named_by_its_path(value, changed):
    """Whatever the class of a dict, and the order in it."""
    table = {"t": {"a": 1.0, "b": [np.ones(2), None]}}
    watched = Watched(["x"], [table])
    table["t"] = value
    assert watched.changed() == changed


def test_a_list_that_holds_itself_twice_is_looked_through_once():
    """And not as often as there are ways through it."""
    values = [1.0, 2.0]
    watched = Watched(["x"], [values])
    values[:] = [values, values]
    assert watched.changed() == ["x[0]", "x[1]"]


def test_memory_that_is_shared_is_seen():
    """The array itself, a view of it, and what lies in the memory of both; not a copy, and not one without entries."""
    small, frame = np.arange(6.0), memoryview(bytearray(160))
    views = [np.ndarray((10,), "f8", frame), np.ndarray((10,), "f8", frame, 80)]
    watched = Watched(["x", "y", "z"], [small, {"v": views}, np.zeros(0)])
    for shared in (small, small[1:], small.reshape(2, 3).T, views[0], views[1][3:], [0, {"deep": (small[:1],)}]):
        assert watched.shared_with(shared)
    assert watched.shared_with(np.frombuffer(frame, "u1", 3, 100))
    for own in (small.copy(), small + 1, views[0].copy(), np.zeros((4, 4))[1:], small[:0], None, [1.0], np.zeros(0)):
        assert not watched.shared_with(own)
    assert not Watched(["x"], [1.0]).shared_with(small)
    assert Watched(["x"], [small[2:]]).shared_with(small)


class Spoof:
    """What only says that it is an array, and has not even a base."""

    __class__ = np.ndarray


class Baseless(np.ndarray):
    base = None


def test_memory_of_what_says_that_it_is_an_array():
    """Of a class of the student's own it is looked at, whatever it says of itself."""
    array = np.arange(6.0)
    watched = Watched(["x"], [array])
    assert not watched.shared_with([Spoof(), np.zeros(3).view(Baseless)])
    assert watched.shared_with([array[2:].view(Baseless)])


def test_arrays_are_found_wherever_they_are():
    a, b, c = np.ones(1), np.ones(2), np.ones(3).view(Other)
    assert [*map(len, arrays_in([a, {"b": (b, 1.0, None)}, [[c]], "text"]))] == [1, 2, 3]


def test_frozen_arrays_raise_where_somebody_writes():
    array = np.ones(3)
    Watched(["x"], [{"W": [array]}]).freeze()
    with pytest.raises(ValueError, match="read-only"):
        array += 1
