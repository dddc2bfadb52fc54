"""What an attack is: a submission of the attacked course, and what has to come of it.

An attack is written behind the honest answers, so that it holds only what is hostile. Its outcome is a letter for each
of the six exercises, in their order, and stands for a pattern of fnmatch:

    double relu total apply Tally halves        . passed  F failed  R raised  S stopped

A probe is an attack that tries its door inside `double`, and answers rightly if it stays shut. Where a door gives way
it raises BreachError with what it got. So "......" means: all attempts failed, and failing harmed nobody.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

LETTERS = {"passed": ".", "failed": "F", "raised": "R", "stopped": "S", "not_started": "N", "fault": "?"}
ALL = "......"
# Who answers more than is asked may find each later answer taken one call late. That is its own loss, and no gain; a
# confined worker is found out as soon as an answer has come before its question.
SHIFTED = "[FR]" + "[.FR]" * 5

HONEST = """\
import numpy as np


def double(x):
    return 2 * x


def relu(x):
    return np.maximum(x, 0.0)


def total(x):
    return float(np.sum(x))


def apply(f, x):
    return f(x) + 1.0


class Tally:
    def __init__(self):
        self.sum = 0.0

    def add(self, number):
        self.sum += number

    def value(self):
        return self.sum


def halves(x):
    yield x[: len(x) // 2]
    yield x[len(x) // 2 :]
"""

# Only what a shut door answers is taken for a refusal; a slip in an attack is no refusal, and shows as `raised`.
_PROBE = """

import ctypes
import errno
import os
import socket
import sys

GOT = []
TRIED = []
_REFUSALS = (OSError, ImportError, MemoryError)
_libc = ctypes.CDLL(None, use_errno=True)


class BreachError(Exception):
    pass


def attempt(name, act, *args, refusals=()):
    try:
        result = act(*args)
    except (*_REFUSALS, *refusals) as error:
        return error
    GOT.append(f"{name}: {result!r}"[:120])
    return result


def syscall(number, *args):
    result = _libc.syscall(ctypes.c_long(number), *(ctypes.c_long(a) if isinstance(a, int) else a for a in args))
    if result < 0:
        raise OSError(ctypes.get_errno(), f"system call {number}")
    return result


_honest_double = double


def double(x):
    if not TRIED:
        TRIED.append(True)
        tried()
    if GOT:
        raise BreachError("; ".join(GOT))
    return _honest_double(x)


"""

# The end of the wire, in any worker: a stream socket at 3, or a pipe.
_WIRE = """

import fcntl
import os
import struct
import sys

import msgspec

wire = sys.modules["nnedu.sandbox.wire"]


def ends():
    for number in range(3, 32):
        try:
            fcntl.fcntl(number, fcntl.F_GETFD)
        except OSError:
            continue
        yield number


def say(data):
    for number in ends():
        try:
            while data:
                data = data[os.write(number, data) :]
            return
        except OSError:  # the end that is read from
            continue
    raise OSError("there is no wire")


def frame(tree, blob=b"", header=None):
    header = msgspec.msgpack.encode(tree) if header is None else header
    return struct.pack("<IQ", len(header), len(blob)) + header + blob


def reply(value, blob=b"", **beside):
    tree = [[key, item] for key, item in ({"value": value, "seconds": 0.0} | beside).items()]
    return frame(["reply", ["dict", tree]], blob)


"""


@dataclass(frozen=True, slots=True)
class Attack:
    """One submission, and what has to come of it: in a confined worker, and in a plain one, where it may run at all."""

    row: int
    title: str
    source: str
    outcome: str
    plain: str | None
    points: int | None
    says: str

    @property
    def id(self) -> str:
        """Row of sandbox.md and title."""
        return f"{self.row:02}-{re.sub(r'[^a-z0-9]+', '-', self.title.lower()).strip('-')}"


def attack(
    row: int,
    title: str,
    body: str,
    outcome: str,
    *,
    plain: str | None = "same",
    points: int | None = None,
    says: str = "",
) -> Attack:
    """Make an attack. `plain=None`: it needs a wall around it, and never runs in a plain worker."""
    source = f"{HONEST}\n\n{textwrap.dedent(body).strip()}\n"
    return Attack(row, title, source, outcome, outcome if plain == "same" else plain, points, says)


def probe(
    row: int, title: str, body: str, *, outcome: str = ALL, plain: str | None = "R.....", says: str = ""
) -> Attack:
    """Make a probe of the body of `tried`. In a plain worker it breaks through, which proves that it can."""
    tried = "def tried():\n" + textwrap.indent(textwrap.dedent(body).strip(), "    ")
    return Attack(row, title, f"{HONEST}{_PROBE}{tried}\n", outcome, plain, None, says)


def wired(row: int, title: str, body: str, outcome: str, *, plain: str | None = "same", says: str = "") -> Attack:
    """Make an attack that speaks on the wire itself."""
    source = f"{HONEST}{_WIRE}{textwrap.dedent(body).strip()}\n"
    return Attack(row, title, source, outcome, outcome if plain == "same" else plain, None, says)
