"""numpy's generators, from the states by which they cross the wire. Nothing in a state is believed."""

from __future__ import annotations

from typing import Any

import numpy as np

_KNOWN = {"PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"}
_WORDS = 624  # in the table of MT19937
_BUFFER = 4  # in that of Philox


def with_state(state: Any) -> np.random.Generator:
    """Return a generator that goes on from a state, or raise ValueError. Only numpy's own kinds, by name."""
    name = state.get("bit_generator") if isinstance(state, dict) else None
    if not isinstance(name, str) or name not in _KNOWN:
        text = "a generator of an unknown kind"
        raise ValueError(text)
    bits = getattr(np.random, name)()
    try:
        if not _within_bounds(state):
            raise ValueError  # noqa: TRY301 - put into words below
        bits.state = state
    except (TypeError, ValueError, LookupError, OverflowError, AttributeError) as error:
        text = "a generator state that is none"
        raise ValueError(text) from error
    return np.random.Generator(bits)


def _within_bounds(state: dict[str, Any]) -> bool:
    """Whether the positions in a state lie inside its tables: numpy reads there without looking."""
    if state["bit_generator"] == "MT19937":
        return np.shape(state["state"]["key"]) == (_WORDS,) and 0 <= int(state["state"]["pos"]) <= _WORDS
    if state["bit_generator"] == "Philox":
        return np.shape(state["buffer"]) == (_BUFFER,) and 0 <= int(state["buffer_pos"]) <= _BUFFER
    return True
