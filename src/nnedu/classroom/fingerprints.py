"""Programs as fingerprints: what is left of them when names, comments, docstrings and layout are taken away.

Winnowing (Schleimer, Wilkerson and Aiken 2003): of every few passages of K tokens the one with the smallest hash is
kept, so that two texts that share K + WINDOW - 1 tokens share a fingerprint, wherever these stand.
"""

from __future__ import annotations

import builtins
import keyword
import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

K = 12
WINDOW = 4
LONGEST = 1 << 16  # characters of a module that are looked at

# Possessive throughout, and what is not closed ends with the file: no text takes more than one pass.
_TOKEN = re.compile(
    r"""(?P<space>[ \t\f\r]++|\\\r?\n|\#[^\n]*+)
      | (?P<line>\n)
      | (?P<text>(?i:[bfru]|br|rb|fr|rf)?(?:
            \"{3}(?:[^"\\]++|\\.?|"(?!""))*+(?:\"{3}|\Z) | '{3}(?:[^'\\]++|\\.?|'(?!''))*+(?:'{3}|\Z)
          | "(?:[^"\\\n]++|\\.?)*+"? | '(?:[^'\\\n]++|\\.?)*+'?))
      | (?P<number>0[xX][\da-fA-F_]++|(?:\d[\d_]*+\.?[\d_]*+|\.\d[\d_]*+)(?:[eE][+-]?\d++)?[jJ]?)
      | (?P<name>[^\W\d]\w*+)
      | (?P<sign>\*\*=?|//=?|>>=?|<<=?|->|:=|==|!=|<=|>=|[-+*/%@&|^]=|.)""",
    re.VERBOSE | re.DOTALL,
)
_WORDS = frozenset(keyword.kwlist) | frozenset(dir(builtins))


class Tokens(NamedTuple):
    """A module as tokens: a number for each, that looks random, its line, from 1, and hashes of all passages of K."""

    codes: Hashes
    lines: NDArray[np.int64]
    hashes: Hashes


class Reader:
    """Makes tokens of texts; equal tokens have equal numbers in all of them."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, bool], int] = {}  # of each word, after a point or not
        self._compared: dict[str, int] = {}

    def read(self, text: str, module: int) -> Tokens:
        """Return what is left of a module without what a copier changes first. No text is too broken for it.

        Lines are those of `splitlines`, as they are shown.
        """
        numbers, lines = [], []
        line, begins, dotted = 1, True, False
        known = self._numbers
        for found in _TOKEN.finditer("\n".join(text[:LONGEST].splitlines())):
            kind, word = found.lastgroup, found[0]
            if kind == "space":  # the end of a line may be in it, where a backslash is
                line += word.count("\n")
            elif kind == "line":
                line, begins = line + 1, True
            else:
                # A text that begins a line is a docstring, or as good as one.
                if kind != "text" or not begins:
                    number = known.get((word, dotted))
                    if number is None:
                        number = known[word, dotted] = self._number(kind, word, dotted=dotted)
                    numbers.append(number)
                    lines.append(line)
                    dotted = word == "."
                if kind == "text":
                    line += word.count("\n")
                begins = False
        codes = _mixed(np.array(numbers, dtype=np.uint64))
        return Tokens(codes, np.array(lines, dtype=np.int64), _hashes(codes, module))

    def _number(self, kind: str | None, word: str, *, dotted: bool) -> int:
        return self._compared.setdefault(_plain(kind, word, dotted=dotted), len(self._compared))


def _hashes(codes: Hashes, module: int) -> Hashes:
    """Return the hash of every passage of K tokens; the same in another module has another."""
    length = len(codes) - K + 1
    if length < 1:
        return np.zeros(0, dtype=np.uint64)
    sums = np.full(length, module, dtype=np.uint64)
    for offset in range(K):
        sums = sums * np.uint64(0x9E3779B97F4A7C15) + codes[offset : offset + length]
    return _mixed(sums)


def _plain(kind: str | None, word: str, *, dotted: bool) -> str:
    """Return a token as it is compared: names that somebody gave are all alike, and so are texts."""
    if kind == "text":
        return "''"
    if kind == "number":
        try:
            return repr(float(word.replace("_", "")))
        except ValueError:
            return word
    if kind == "name" and not dotted and word not in _WORDS:
        return "x"
    return word


def _mixed(values: Hashes) -> Hashes:
    """Return numbers that look random and are the same for the same (the end of splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def winnowed(hashes: Hashes) -> Hashes:
    """Return the fingerprints of a text: of every few hashes that follow each other the smallest."""
    if not len(hashes):
        return hashes
    windows = np.lib.stride_tricks.sliding_window_view(hashes, min(WINDOW, len(hashes)))
    return np.unique(windows.min(axis=1))
