"""Turns what a message says into a header and array bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from nnedu.sandbox.message import (
    DTYPES,
    LARGE,
    LEAVES,
    MAX_BLOB,
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_DIMENSIONS,
    MAX_HEADER,
    MAX_KEYS,
    PREFIX,
    TOO_MANY_KEYS,
    Callback,
    Message,
    Remote,
    WireError,
    extent,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_CODES = {dtype: code for code, dtype in DTYPES.items()}
_SMALL_INT = 1 << 62
_SMALL_ARRAY = 1 << 12
_SELVES = LEAVES - {int}  # what always stands for itself; an int may be too long
_DEEP = f"a value nested deeper than {MAX_DEPTH} levels"


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
        if self._size > MAX_BLOB or (not size and extent(array.shape) > MAX_BLOB):
            message = f"more than {MAX_BLOB >> 20} MiB of array data"
            raise WireError(message)
        if not array.dtype.isnative:
            array = array.astype(DTYPES[code])
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


def _code(value: Any) -> str:
    """Return the code by which the entries of an array cross, nothing for those that do not."""
    return _CODES.get(value.dtype) or _CODES.get(value.dtype.newbyteorder("="), "")


def _count_keys(table: dict[Any, Any]) -> None:
    if len(table) > MAX_KEYS and sum(type(key) is not str for key in table) > MAX_KEYS:
        raise WireError(TOO_MANY_KEYS)


def _digits(number: int) -> str:
    digits = hex(number)
    if len(digits) > MAX_DIGITS:
        message = f"an int of more than {MAX_DIGITS} digits"
        raise WireError(message)
    return digits
