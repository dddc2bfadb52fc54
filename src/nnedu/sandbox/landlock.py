"""Landlock: what a process may open, whom it may signal, and that it can never take it back.

The system calls have no names in the C library, so they are made by number; those are the same everywhere.
"""

from __future__ import annotations

import ctypes
import os
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1
_EXECUTE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 2, 1 << 3
# How many rights over files each version of the interface knows.
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NET_ABI, _SCOPE_ABI = 4, 6
_ALL_NET, _ALL_SCOPES = 0b11, 0b11

_libc = ctypes.CDLL(None, use_errno=True)


def _call(number: int, *arguments: object) -> int:
    result = int(_libc.syscall(ctypes.c_long(number), *arguments))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def version() -> int:
    """Return the version of the interface, 0 where the kernel has none or it is switched off."""
    try:
        return _call(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint(_VERSION))
    except OSError:
        return 0


def ruleset(abi: int, readable: Iterable[Path]) -> int:
    """Return a rule set, by file descriptor: read what lies under these paths, and nothing else.

    No network, and no signals or abstract sockets to anybody outside, as far as the version knows them.
    """
    rights = (1 << _RIGHTS.get(abi, 16)) - 1
    attributes = struct.pack("=Q", rights)
    if abi >= _NET_ABI:
        attributes += struct.pack("=Q", _ALL_NET)
    if abi >= _SCOPE_ABI:
        attributes += struct.pack("=Q", _ALL_SCOPES)
    rules = _call(_CREATE, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint(0))
    for path in readable:
        try:
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:  # not on this system
            continue
        allowed = _READ_FILE | _EXECUTE | (_READ_DIR if path.is_dir() else 0)
        rule = struct.pack("=Qi", allowed, place)
        _call(_ADD, ctypes.c_int(rules), ctypes.c_int(_PATH_BENEATH), rule, ctypes.c_uint(0))
        os.close(place)
    return rules


def restrict(rules: int) -> None:
    """Hold this process, and whatever it starts, to a rule set for good."""
    _call(_RESTRICT, ctypes.c_int(rules), ctypes.c_uint(0))
