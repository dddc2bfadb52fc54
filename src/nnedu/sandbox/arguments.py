"""The arguments of a call, watched: what it has changed in them, and whether what it gives back shares their memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nnedu.sandbox.message import MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LARGE = 1 << 16  # bytes of an array that are not turned into `bytes` once more to be compared
_BLOCK = 1 << 15  # words compared at a time: they stay in the cache
_LEAF = 2  # things in a snapshot of what is no container and no array
_NUMBERS = (bool, int, float, complex, str, np.generic)
_LEAVES = frozenset({type(None), bool, int, float, str})
_BYTE, _WORD = np.dtype(np.uint8), np.dtype(np.uint64)


class Watched:
    """What a call is given, and by which names."""

    def __init__(self, names: Sequence[str], values: Sequence[Any]) -> None:
        self._names = names
        self._values = values
        self._arrays: list[np.ndarray] = []
        self._before = [_snapshot(value, self._arrays) for value in values]

    def freeze(self) -> None:
        """Make the arrays raise where somebody writes into them."""
        for array in self._arrays:
            array.flags.writeable = False

    def changed(self) -> list[str]:
        """Return the paths at which the arguments are no longer what they were."""
        if all(map(_same, self._before, self._values)):
            return []
        together = zip(self._names, self._before, self._values, strict=True)
        return [path for name, old, now in together for path in sorted(_differences(old, now, name))]

    def shared_with(self, value: Any) -> bool:
        """Whether an array in a value may lie in the memory of one of the arguments."""
        return bool(self._arrays) and any(
            _may_share(ours, theirs) for ours in arrays_in(value) for theirs in self._arrays
        )


def _may_share(ours: Any, theirs: np.ndarray) -> bool:
    # Where both have memory of their own, only an array itself is in its memory; that needs no look at addresses.
    # What only says that it is an array may say anything of its base.
    if type(ours) is np.ndarray and ours is not theirs and ours.base is None and theirs.base is None:
        return False
    return np.may_share_memory(ours, theirs)


def arrays_in(value: Any) -> list[np.ndarray]:
    """Return the arrays in a value, down to where the wire refuses it: a list may hold itself."""
    found: list[np.ndarray] = []
    _collect(value, found, 0)
    return found


def _collect(value: Any, found: list[np.ndarray], depth: int) -> None:
    if isinstance(value, np.ndarray):
        found.append(value)
    elif isinstance(value, (dict, list, tuple)) and depth <= MAX_DEPTH:
        for item in value.values() if isinstance(value, dict) else value:
            if type(item) not in _LEAVES:
                _collect(item, found, depth + 1)


def _snapshot(value: Any, arrays: list[np.ndarray], depth: int = 0) -> Any:
    """Return what a value is now, to be compared after the call: an array as three things, a leaf as two."""
    if isinstance(value, np.ndarray):
        arrays.append(value)
        held = value.tobytes() if value.nbytes < _LARGE else value.copy()
        return (value.dtype, value.shape, held)
    if isinstance(value, dict) and depth <= MAX_DEPTH:
        return {key: _snapshot(item, arrays, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)) and depth <= MAX_DEPTH:
        return [_snapshot(item, arrays, depth + 1) for item in value]
    return _leaf(value)


def _leaf(value: Any) -> tuple[type, Any]:
    kind = type(value)
    return (kind, value if kind in _LEAVES or isinstance(value, _NUMBERS) else id(value))


def _same(before: Any, value: Any) -> bool:
    """Whether a value is surely what it was. Of a dict or a list of a class of its own nothing is sure."""
    if isinstance(value, np.ndarray):
        return type(before) is tuple and _same_array(before, value)
    kind = type(value)
    if kind is dict and type(before) is dict:
        for key, old in before.items():
            if key not in value or not _same(old, value[key]):
                return False
        return len(before) == len(value)
    if (kind is list or kind is tuple) and type(before) is list:
        return len(before) == len(value) and all(map(_same, before, value))
    return type(before) is tuple and len(before) == _LEAF and bool(before == _leaf(value))


def _same_array(before: tuple[Any, ...], array: np.ndarray) -> bool:
    if len(before) == _LEAF or array.dtype != before[0] or array.shape != before[1]:
        return False
    held = before[2]
    if type(held) is bytes:
        return bool(array.tobytes() == held)
    if type(array) is not np.ndarray:
        return bool(array.tobytes() == held.tobytes())
    ours, theirs = _words(held), _words(array if array.flags.c_contiguous else array.copy())
    starts = range(0, len(ours), _BLOCK)
    return all(bool((ours[start : start + _BLOCK] == theirs[start : start + _BLOCK]).all()) for start in starts)


def _words(array: np.ndarray) -> np.ndarray:
    """Return the bytes of an array as numbers without a NaN among them."""
    return array.reshape(-1).view(_BYTE if array.nbytes % _WORD.itemsize else _WORD)


def _differences(before: Any, value: Any, path: str) -> Iterator[str]:
    """Yield the paths at which a value is no longer what it was."""
    if isinstance(value, dict) and isinstance(before, dict):
        for key in before.keys() | value.keys():
            if key not in before or key not in value:
                yield f"{path}[{key!r}]"
            else:
                yield from _differences(before[key], value[key], f"{path}[{key!r}]")
    elif isinstance(value, (list, tuple)) and isinstance(before, list) and len(before) == len(value):
        for index, (old, item) in enumerate(zip(before, value, strict=True)):
            yield from _differences(old, item, f"{path}[{index}]")
    elif not _same(before, value):
        yield path


def overwrite(ours: Any, now: Any) -> None:
    """Write into the student's arrays what a function of the grader has written into its copies of them."""
    if isinstance(ours, np.ndarray) and isinstance(now, np.ndarray):
        if ours.tobytes() != now.tobytes():
            np.copyto(ours, now)  # raises ValueError where the array is read-only, as it would without a wire
    elif isinstance(ours, dict) and isinstance(now, dict):
        for key in ours.keys() & now.keys():
            overwrite(ours[key], now[key])
    elif isinstance(ours, (list, tuple)) and isinstance(now, (list, tuple)):
        for mine, theirs in zip(ours, now, strict=False):
            overwrite(mine, theirs)
