"""What crosses between grader and worker: messages, what stands there for what cannot cross, and how much may be."""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_HEADER = 1 << 20
MAX_BLOB = 64 << 20
MAX_DEPTH = 32
LARGE = 1 << 20
MAX_DIMENSIONS = 32
MAX_KEYS = 1024  # of one dict, other than strings: their hashes are no secret, and a hundred thousand can share one
MAX_DIGITS = 2000  # of an int, in base 16: fewer than Python refuses to print
PREFIX = struct.Struct("<IQ")  # of a frame: how long its header is, and its blob

DTYPES = {
    np.dtype(code).str: np.dtype(code)
    for code in ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")
}
LEAVES = frozenset({type(None), bool, int, float, str})  # exact types only: a subclass may lie about itself
TOO_MANY_KEYS = f"a dict of more than {MAX_KEYS} keys that are not strings"


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


def extent(shape: Sequence[int]) -> int:
    """Return how many entries an array would have if none of its axes were empty.

    A shape such as (0, 10**11) takes no bytes here, and all the memory there is where it is broadcast or transposed.
    """
    return math.prod(n or 1 for n in shape)
