"""The wire between grader and worker: a msgpack header of at most 1 MiB, and raw array bytes. No pickle.

A frame is `<header length: u32><blob length: u64><header><blob>`. The header holds a message: a kind and a tree of
tagged values; arrays stand in the tree as (dtype, shape, offset) and their bytes in the blob, in the same order and
without gaps. Only values cross. What a value may be is the table in `Encoder.encode`; everything else crosses as a
handle, which stays where it was made.

The receiving side believes nothing: sizes are checked before anything is allocated, dtypes come from a list, no byte is
read twice. So a frame costs the reader a fixed multiple of its own size, in memory and in time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from nnedu.sandbox.decoder import Decoder
from nnedu.sandbox.encoder import Encoder
from nnedu.sandbox.message import MAX_BLOB, MAX_HEADER, PREFIX, Callback, Message, Remote, WireError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO


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
