"""A named mistake, as everybody but its author knows it."""

from __future__ import annotations

import msgspec


class Known(msgspec.Struct, frozen=True):
    """A named mistake, as it leaves with a student: no source."""

    id: str
    exercise: str
    sentence: str
    hints: tuple[str, ...]
