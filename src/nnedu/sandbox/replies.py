"""What a worker says in its replies: what is well-formed of it, and the sentences that are noted beside a value."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from nnedu.sandbox.failure import printable, text_of
from nnedu.sandbox.host import MAX_NOTES, MAX_PRINTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nnedu.sandbox.message import Message

NOTED = 2_000
MOST_SECONDS = 3600.0
BESIDE = frozenset({"changed", "printed", "warnings"})  # what is noted


def sane_seconds(seconds: Any) -> float:
    """Return the seconds that a worker says, as far as they can be."""
    return min(max(seconds, 0.0), MOST_SECONDS) if isinstance(seconds, float) and math.isfinite(seconds) else 0.0


def body_of(reply: Message) -> dict[str, Any]:
    """Return the body of a reply, with what is said beside its value made well-formed."""
    body = reply.body if isinstance(reply.body, dict) else {}
    body["seconds"] = sane_seconds(body.get("seconds"))
    for key in ("changed", "warnings"):
        texts = body.get(key)
        found = texts[:MAX_NOTES] if isinstance(texts, list) else ()
        body[key] = tuple(printable(text_of(text)) for text in found)
    body["printed"] = printable(text_of(body.get("printed"), MAX_PRINTED))
    return body


def notes_of(body: dict[str, Any], function: str) -> Iterator[str]:
    """Yield what is noted of a body that was made well-formed, from a call of a function."""
    for path in body["changed"][:1]:
        yield f"{function} changed its input {path[:80]}, which the caller still needs"
    for warning in body["warnings"]:
        yield f"numpy warned: {warning[:200]}"
    everything = body["printed"]
    printed = everything[:NOTED]
    if printed.strip():
        lost = body.get("lost")
        left = len(everything) - len(printed) + (lost if isinstance(lost, int) and lost > 0 else 0)
        more = f" ... and {left} characters more" if left else ""
        yield f"printed: {printed.rstrip()}{more}"
