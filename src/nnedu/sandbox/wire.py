"""The wire between grader and worker: a msgpack header of at most 1 MiB, and raw array bytes. No pickle.

A frame is `<header length: u32><blob length: u64><header><blob>`. The header holds a message: a kind and a tree of
tagged values; arrays stand in the tree as (dtype, shape, offset) and their bytes in the blob, in the same order and
without gaps. Only values cross. What a value may be is the table in `Encoder.encode`; everything else crosses as a
handle, which stays where it was made.

The receiving side believes nothing: sizes are checked before anything is allocated, dtypes come from a list, no byte is
read twice. So a frame costs the reader a fixed multiple of its own size, in memory and in time.
"""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from nnedu.sandbox.generators import with_state

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import IO

MAX_HEADER = 1 << 20
MAX_BLOB = 64 << 20
MAX_DEPTH = 32
LARGE = 1 << 20
MAX_DIMENSIONS = 32
MAX_KEYS = 1024  # of one dict, other than strings: their hashes are no secret, and a hundred thousand can share one
MAX_DIGITS = 2000  # of an int, in base 16: fewer than Python refuses to print
PREFIX = struct.Struct("<IQ")

_DTYPES = {
    np.dtype(code).str: np.dtype(code)
    for code in ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")
}
_CODES = {dtype: code for code, dtype in _DTYPES.items()}
_SMALL_INT = 1 << 62
_SMALL_ARRAY = 1 << 12
_LEAVES = frozenset({type(None), bool, int, float, str})  # exact types only: a subclass may lie about itself
_SELVES = _LEAVES - {int}  # what always stands for itself; an int may be too long
_DEEP = f"a value nested deeper than {MAX_DEPTH} levels"
_TOO_DEEP = "a frame nested too deep"
_TOO_MANY_KEYS = f"a dict of more than {MAX_KEYS} keys that are not strings"


class WireError(Exception):
    """A frame or a value that the wire does not carry."""


class Remote(NamedTuple):
    """An object that stays on the other side, by number; `type_name` is for people."""

    number: int
    type_name: str


class Callback(NamedTuple):
    """A function of the grader, by number; the worker calls it back over the wire."""

    number: int


class Message(NamedTuple):
    """What a frame says: a kind, and a value that the kind gives its meaning."""

    kind: str
    body: Any


class Encoder:
    """Turns values into a tree of tags, collecting array bytes in the blob.

    `keep` is asked what stands for an object that cannot cross: a Remote, a Callback, or another value.
    """

    def __init__(self, keep: Callable[[Any], Any]) -> None:
        self._keep = keep
        self._chunks: list[Any] = []
        self._size = 0

    def encode(self, value: Any, depth: int = 0) -> Any:  # noqa: C901, PLR0911 - one table, one row a type
        """Return the tagged form of a value."""
        kind = type(value)
        if kind in _SELVES:
            return value
        if depth > MAX_DEPTH:
            raise WireError(_DEEP)
        if kind is np.ndarray and (code := _code(value)):
            return self._array(value, code)
        if kind is int:
            return value if -_SMALL_INT < value < _SMALL_INT else ["int", _digits(value)]
        if kind is tuple or kind is list:
            return [kind.__name__, self._items(value, depth + 1)]
        if kind is dict:
            return ["dict", self._pairs(value, depth + 1)]
        if kind is complex:
            return ["complex", value.real, value.imag]
        if isinstance(value, np.generic) and kind.__module__ == "numpy" and (code := _code(value)):
            return ["scalar", self._array(np.asarray(value), code)]
        if kind is np.random.Generator:
            state = value.bit_generator.state
            return ["generator", self.encode(state, depth + 1)]
        if kind is Callback:
            return ["callback", value.number]
        if kind is Remote:
            return ["remote", value.number, value.type_name]
        return self.encode(self._keep(value), depth + 1)

    def _items(self, items: Any, depth: int) -> list[Any]:
        # A list of a thousand losses is no thousand calls.
        found = [item if type(item) in _SELVES else self.encode(item, depth) for item in items]
        if found and depth > MAX_DEPTH:
            raise WireError(_DEEP)
        return found

    def _pairs(self, table: dict[Any, Any], depth: int) -> list[list[Any]]:
        _count_keys(table)
        if table and depth > MAX_DEPTH:
            raise WireError(_DEEP)
        return [
            [k if type(k) is str else self.encode(k, depth), v if type(v) in _SELVES else self.encode(v, depth)]
            for k, v in table.items()
        ]

    def _array(self, array: np.ndarray, code: str) -> list[Any]:
        if array.ndim > MAX_DIMENSIONS:
            message = f"an array of more than {MAX_DIMENSIONS} axes"
            raise WireError(message)
        offset, size = self._size, array.nbytes
        self._size += size
        # Before a broadcast array is written out. One without entries takes no bytes, whatever its shape.
        if self._size > MAX_BLOB or (not size and _extent(array.shape) > MAX_BLOB):
            message = f"more than {MAX_BLOB >> 20} MiB of array data"
            raise WireError(message)
        if not array.dtype.isnative:
            array = array.astype(_DTYPES[code])
        small = size < _SMALL_ARRAY
        self._chunks.append(array.tobytes() if small else np.ascontiguousarray(array).data.cast("B"))
        return ["array", code, list(array.shape), offset]

    def frame(self, message: Message) -> bytes:
        """Return the whole frame of a message."""
        return b"".join((self._head(message), *self._chunks))

    def parts(self, message: Message) -> list[Any]:
        """Return the frame of a message in pieces, to be sent one after the other: no large array is copied for it."""
        parts: list[Any] = []
        small = [self._head(message)]
        for chunk in self._chunks:
            if len(chunk) < LARGE:
                small.append(chunk)
            else:
                parts += [b"".join(small), chunk]
                small = []
        return [*parts, b"".join(small)]

    def _head(self, message: Message) -> bytes:
        tree = [message.kind, self.encode(message.body)]
        try:
            header = msgspec.msgpack.encode(tree)
        except UnicodeEncodeError as error:
            text = "text that is not Unicode"
            raise WireError(text) from error
        if len(header) > MAX_HEADER:
            text = f"more than {MAX_HEADER >> 20} MiB beside the arrays"
            raise WireError(text)
        return PREFIX.pack(len(header), self._size) + header


class Decoder:
    """Turns the tree of tags back into values. `resolve` gives the meaning of remotes and callbacks."""

    def __init__(self, blob: memoryview, resolve: Callable[[Remote | Callback], Any]) -> None:
        self._blob = blob
        self._resolve = resolve
        self._taken = 0

    def message(self, tree: Any) -> Message:
        """Return the message that a tree stands for; it has to account for every byte of the blob."""
        if type(tree) is not list or len(tree) != 2 or type(tree[0]) is not str:  # noqa: PLR2004 - kind and body
            message = "a header that is no message"
            raise WireError(message)
        kind, value = tree[0], self.decode(tree[1])
        if self._taken != len(self._blob):
            message = "bytes that belong to no array"
            raise WireError(message)
        return Message(kind, value)

    def decode(self, tree: Any, depth: int = 0) -> Any:
        """Return the value of a tagged form."""
        if depth > MAX_DEPTH:
            raise WireError(_TOO_DEEP)
        kind = type(tree)
        if kind is not list:
            if kind in _LEAVES:
                return tree
            message = f"a {kind.__name__} in a frame"
            raise WireError(message)
        # Not `match`, which takes ten times as long over a list; this is half of what a call costs.
        size = len(tree)
        if size == 4 and tree[0] == "array":  # noqa: PLR2004 - the tag, code, shape, offset
            return self._array(tree[1], tree[2], tree[3])
        if size == 2 and type(tree[1]) is list:  # noqa: PLR2004 - a tag and its items
            tag, items = tree
            if tag == "list":
                return self._items(items, depth + 1)
            if tag == "tuple":
                return tuple(self._items(items, depth + 1))
            if tag == "dict":
                return self._dict(items, depth + 1)
        return self._rare(tree, depth)

    def _rare(self, tree: list[Any], depth: int) -> Any:
        match tree:
            case ["scalar", ["array", str(code), [], int(offset)]]:
                return self._array(code, [], offset)[()]
            case ["int", str(digits)] if len(digits) <= MAX_DIGITS:
                return _integer(digits)
            case ["complex", float(real), float(imag)]:
                return complex(real, imag)
            case ["generator", state]:
                return self._generator(self.decode(state, depth + 1))
            case ["callback", int(number)]:
                return self._resolve(Callback(number))
            case ["remote", int(number), str(name)]:
                return self._resolve(Remote(number, name[:200]))
        tag = tree[0] if tree else None
        message = f"an unknown tag {tag[:60] if isinstance(tag, str) else type(tag).__name__}"
        raise WireError(message)

    def _generator(self, state: Any) -> np.random.Generator:
        try:
            return with_state(state)
        except ValueError as error:
            raise WireError(str(error)) from error

    def _items(self, items: list[Any], depth: int) -> list[Any]:
        if items and depth > MAX_DEPTH:
            raise WireError(_TOO_DEEP)
        return [item if type(item) in _LEAVES else self.decode(item, depth) for item in items]

    def _array(self, code: Any, shape: Any, offset: Any) -> np.ndarray:
        dtype = _DTYPES.get(code) if type(code) is str else None
        sound = type(shape) is list and type(offset) is int and len(shape) <= MAX_DIMENSIONS
        count = 1
        for length in shape if sound else ():
            if type(length) is not int or length < 0:
                sound = False
                break
            count *= length
        if dtype is None or not sound or (count or _extent(shape)) > MAX_BLOB:
            message = "an array of a kind that does not cross"
            raise WireError(message)
        size = count * dtype.itemsize
        # Just behind the one before: if arrays could share bytes, a frame of 2 MiB could unpack to 30 GiB of copies.
        if offset != self._taken or offset + size > len(self._blob):
            message = "an array outside its place in the frame"
            raise WireError(message)
        self._taken += size
        array: np.ndarray = np.ndarray(shape, dtype, self._blob, offset)
        if size >= LARGE and array.flags.writeable and array.flags.aligned:
            return array
        return array.copy()  # a small array of its own, rather than one that keeps the whole frame in memory

    def _dict(self, pairs: list[Any], depth: int) -> dict[Any, Any]:
        if pairs and depth > MAX_DEPTH:
            raise WireError(_TOO_DEEP)
        result: dict[Any, Any] = {}
        others = 0
        for pair in pairs:
            if type(pair) is not list or len(pair) != 2:  # noqa: PLR2004 - a pair
                message = "a dict entry that is not a pair"
                raise WireError(message)
            key, value = pair
            if type(key) is not str:
                key = self.decode(key, depth)
                others += type(key) is not str
            if others > MAX_KEYS:
                raise WireError(_TOO_MANY_KEYS)
            try:
                result[key] = value if type(value) in _LEAVES else self.decode(value, depth)
            except TypeError as error:
                message = "a dict key that cannot be a key"
                raise WireError(message) from error
        if len(result) != len(pairs):
            message = "a dict key that comes twice"
            raise WireError(message)
        return result


def _extent(shape: Sequence[int]) -> int:
    """Return how many entries an array would have if none of its axes were empty.

    A shape such as (0, 10**11) takes no bytes here, and all the memory there is where it is broadcast or transposed.
    """
    return math.prod(n or 1 for n in shape)


def _code(value: Any) -> str:
    """Return the code by which the entries of an array cross, nothing for those that do not."""
    return _CODES.get(value.dtype) or _CODES.get(value.dtype.newbyteorder("="), "")


def _count_keys(table: dict[Any, Any]) -> None:
    if len(table) > MAX_KEYS and sum(type(key) is not str for key in table) > MAX_KEYS:
        raise WireError(_TOO_MANY_KEYS)


def _digits(number: int) -> str:
    digits = hex(number)
    if len(digits) > MAX_DIGITS:
        message = f"an int of more than {MAX_DIGITS} digits"
        raise WireError(message)
    return digits


def _integer(digits: str) -> int:
    try:
        return int(digits, 16)
    except ValueError as error:
        message = "a number that is none"
        raise WireError(message) from error


def refuse(value: Any) -> Remote:
    """Refuse to keep an object: the `keep` of a side that sends values only."""
    message = f"a {type(value).__name__} cannot cross"
    raise WireError(message)


def pack(message: Message, keep: Callable[[Any], Any] = refuse) -> bytes:
    """Return the frame of a message."""
    return Encoder(keep).frame(message)


def pack_parts(message: Message, keep: Callable[[Any], Any] = refuse) -> list[Any]:
    """Return the frame of a message in pieces."""
    return Encoder(keep).parts(message)


def unpack(frame: bytes | memoryview, resolve: Callable[[Remote | Callback], Any] = lambda ref: ref) -> Message:
    """Return the message of a frame, or raise WireError."""
    view = memoryview(frame)
    if len(view) < PREFIX.size:
        message = "a frame that is cut off"
        raise WireError(message)
    header_size, blob_size = frame_sizes(view[: PREFIX.size])
    if len(view) != PREFIX.size + header_size + blob_size:
        message = "a frame of another length than it says"
        raise WireError(message)
    start = PREFIX.size + header_size
    return unpack_parts(view[PREFIX.size : start], view[start:], resolve)


def frame_sizes(prefix: bytes | memoryview) -> tuple[int, int]:
    """Return the sizes that a frame announces, refusing what is too large before anything is allocated."""
    header_size, blob_size = PREFIX.unpack(prefix)
    if header_size > MAX_HEADER or blob_size > MAX_BLOB:
        message = "a frame larger than the wire allows"
        raise WireError(message)
    return header_size, blob_size


def unpack_parts(header: memoryview, blob: memoryview, resolve: Callable[[Remote | Callback], Any]) -> Message:
    """Return the message of a header and its blob."""
    try:
        tree = msgspec.msgpack.decode(header)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        message = "a header that is not msgpack"
        raise WireError(message) from error
    return Decoder(blob, resolve).message(tree)


def read_exactly(pipe: IO[bytes], size: int) -> memoryview:
    """Read so many bytes, or raise EOFError."""
    # Not a bytearray: it would be filled with zeros first.
    data = np.empty(size, dtype=np.uint8)
    done = 0
    while done < size:
        count = pipe.readinto(data[done:])  # type: ignore[attr-defined]
        if not count:
            raise EOFError
        done += count
    return data.data
