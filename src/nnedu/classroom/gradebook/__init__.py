"""The gradebook: a database to which rows are only ever added, so that every mark can be defended later."""

from __future__ import annotations

from nnedu.errors import UsageError

try:
    from nnedu.classroom.gradebook.book import Gradebook
    from nnedu.classroom.gradebook.opening import open_gradebook
except ImportError as error:
    if (error.name or "").partition(".")[0] != "sqlalchemy":
        raise
    _text = "The gradebook needs a database, and sqlalchemy is not installed."
    raise UsageError(_text, "Install it: pip install 'nnedu[classroom]'") from error

__all__ = ["Gradebook", "open_gradebook"]
