"""Turns a header and array bytes back into what a message says, and believes nothing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nnedu.sandbox.generators import with_state
from nnedu.sandbox.message import (
    DTYPES,
    LARGE,
    LEAVES,
    MAX_BLOB,
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_DIMENSIONS,
    MAX_KEYS,
    TOO_MANY_KEYS,
    Callback,
    Message,
    Remote,
    WireError,
    extent,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_TOO_DEEP = "a frame nested too deep"


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
            if kind in LEAVES:
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
        return [item if type(item) in LEAVES else self.decode(item, depth) for item in items]

    def _array(self, code: Any, shape: Any, offset: Any) -> np.ndarray:
        dtype = DTYPES.get(code) if type(code) is str else None
        sound = type(shape) is list and type(offset) is int and len(shape) <= MAX_DIMENSIONS
        count = 1
        for length in shape if sound else ():
            if type(length) is not int or length < 0:
                sound = False
                break
            count *= length
        if dtype is None or not sound or (count or extent(shape)) > MAX_BLOB:
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
                raise WireError(TOO_MANY_KEYS)
            try:
                result[key] = value if type(value) in LEAVES else self.decode(value, depth)
            except TypeError as error:
                message = "a dict key that cannot be a key"
                raise WireError(message) from error
        if len(result) != len(pairs):
            message = "a dict key that comes twice"
            raise WireError(message)
        return result


def _integer(digits: str) -> int:
    try:
        return int(digits, 16)
    except ValueError as error:
        message = "a number that is none"
        raise WireError(message) from error
