"""What goes wrong with a database, in sentences with a next step."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, IntegrityError

from nnedu.errors import FaultError, NneduError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAY = "Run the command as the user whose gradebook it is, or have the folder and the file made writable for you."
_COPY = "Put a copy of it in its place, or move it away, and a new one is made."
# Of what the drivers say, a part; then what is said of the gradebook, and what to do.
_KNOWN = (
    ("database is locked", "has been kept busy by another command for too long", "Run the command again."),
    ("readonly database", "cannot be written", _MAY),
    ("unable to open database file", "cannot be opened", _MAY),
    ("file is not a database", "is no database", _COPY),
    ("malformed", "is damaged", _COPY),
    ("disk is full", "has no space left on its disk", "Make some, and run the command again. Nothing was lost."),
    ("disk i/o error", "cannot be read or written", "Look at the disk, then at a copy of the file."),
    ("permission denied", "does not let this user do that", "Have the owner of the database grant the rights."),
)
_AT_THE_DOOR = (
    ("password", "refuses the user or the password", "Correct the URL in course.toml, or the password in ~/.pgpass."),
    ("does not exist", "is not there", "Create it (createdb NAME), or correct the URL in course.toml."),
)
_REACH = "Is the server running, and is the URL in course.toml right?"


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Say in a sentence what went wrong with the gradebook that is at `where`."""
    try:
        yield
    except DBAPIError as error:
        raise _put_into_words(where, error) from error


def _put_into_words(where: str, error: DBAPIError) -> NneduError:
    if isinstance(error, IntegrityError):
        text = f"What was to be written to the gradebook {where} belongs to nothing that it holds."
        return FaultError(text, "Nothing was written.")
    said = str(error.orig).strip()
    at_the_door = error.statement is None
    for part, sentence, step in (*_KNOWN, *(_AT_THE_DOOR if at_the_door else ())):
        if part in said.lower():
            return UsageError(f"The gradebook {where} {sentence}.", step)
    first = said.splitlines()[0].rstrip(".") if said else type(error).__name__
    if at_the_door or error.connection_invalidated:
        return UsageError(f"The gradebook {where} cannot be reached: {first}.", _REACH)
    return UsageError(
        f"The gradebook {where} fails: {first}.", "What was written before is kept. Run the command again."
    )
