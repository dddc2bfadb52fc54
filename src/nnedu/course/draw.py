"""Numbers for a question that every machine draws alike, next year and under another Python or numpy too.

numpy promises that of no generator's methods, and a bundle may be years older than the grading of what was answered to
it. So this is a stream of HMAC-SHA256, turned into integers and decimals; no float is ever in it.
"""

from __future__ import annotations

import hashlib
import hmac
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class Draw:
    """Draws integers, decimals and choices; the key alone decides which."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._count = 0

    def integer(self, low: int, high: int) -> int:
        """Draw a whole number between two others, which may come too."""
        self._count += 1
        digest = hmac.new(self._key, str(self._count).encode(), hashlib.sha256).digest()
        return low + int.from_bytes(digest, "big") % (high - low + 1)  # of 256 bits, so evenly enough

    def decimal(self, low: int, high: int, places: int) -> Decimal:
        """Draw a decimal number between two whole ones, with so many places after the point."""
        return Decimal(self.integer(low * 10**places, high * 10**places)).scaleb(-places)

    def choice(self, items: Sequence[T]) -> T:
        """Draw one of several."""
        return items[self.integer(0, len(items) - 1)]


def derived(key: str, *names: str) -> bytes:
    """Return a key for one purpose: from it nobody finds the key it comes from."""
    return hmac.new(key.encode(), "/".join(names).encode(), hashlib.sha256).digest()


def pick(salt: str, student: str, count: int) -> int:
    """Return which of `count` variants of a question a student gets."""
    digest = hmac.new(salt.encode(), student.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest, "big") % count
