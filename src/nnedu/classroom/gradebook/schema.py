"""The tables of the gradebook. Rows are added, and never changed: the latest one counts.

What is here is what the newest migration leaves behind; a test compares the two.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

if TYPE_CHECKING:
    from sqlalchemy import Dialect

VERSION_TABLE = "nnedu_version"  # of our own name: other programs keep theirs in alembic_version


class Words(TypeDecorator[str]):
    """Text that anybody may have written: what no database takes (NUL, half a character) becomes a question mark."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _: Dialect) -> str | None:
        """Return what is stored."""
        return value if value is None else value.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


class Moment(TypeDecorator[datetime]):
    """An aware moment, always given back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return what is stored: SQLite knows no time zones, and is given UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            text = f"A moment without a time zone was to be stored: {value}"
            raise ValueError(text)
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        """Return what was stored."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _made() -> tuple[Column[str], Column[datetime]]:
    return Column("by", Words, nullable=False), Column("at", Moment, nullable=False)


students = Table("students", metadata, Column("login", Words, primary_key=True))

roster = Table(
    "roster",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login", Words, ForeignKey(students.c.login), nullable=False, index=True),
    Column("name", Words, nullable=False),
    Column("email", Words, nullable=False),
    Column("number", Words, nullable=False),
    Column("section", Words, nullable=False),
    Column("listed", Boolean, nullable=False),
    *_made(),
)

archives = Table(
    "archives",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("student", Words, ForeignKey(students.c.login), nullable=False),
    Column("lesson", Words, nullable=False, index=True),
    Column("digest", Text, ForeignKey(archives.c.digest), nullable=False),
    Column("submitted_at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("source", Words, nullable=False),
    Column("problem", Words, nullable=False),
    Column("hints", LargeBinary, nullable=False),  # JSON
    UniqueConstraint("student", "lesson", "digest", "submitted_at"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("lesson", Words, nullable=False),
    Column("began", Moment, nullable=False),
    Column("by", Words, nullable=False),
    Column("course", Words, nullable=False),
    Column("course_version", Words, nullable=False),
    Column("lesson_version", Words, nullable=False),
    Column("engine", Words, nullable=False),
)

run_layers = Table(
    "run_layers",
    metadata,
    Column("run", Integer, ForeignKey(runs.c.id), primary_key=True),
    Column("layers", Words, primary_key=True),
)

run_ends = Table(
    "run_ends",
    metadata,
    Column("run", Integer, ForeignKey(runs.c.id), primary_key=True, autoincrement=False),
    Column("ended", Moment, nullable=False),
)

results = Table(
    "results",
    metadata,
    Column("attempt", Integer, ForeignKey(attempts.c.id), primary_key=True),
    Column("run", Integer, ForeignKey(runs.c.id), primary_key=True, index=True),
    Column(
        "outcome", LargeBinary, nullable=False
    ),  # JSON of all but what a check says at length: read for whole classes
)

checks = Table(
    "checks",
    metadata,
    Column("attempt", Integer, primary_key=True),
    Column("run", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("exercise", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("state", Text, nullable=False),
    Column("points", Integer, nullable=False),
    Column("max_points", Integer, nullable=False),
    Column("message", Words, nullable=False),
    Column("picture", LargeBinary),  # JSON
    ForeignKeyConstraint(["attempt", "run"], ["results.attempt", "results.run"]),
    sqlite_with_rowid=False,
)


def _about(table: str, once: tuple[str, ...], *columns: Column[Any]) -> Table:
    """Return a table of what people decided about a student's lesson. `once`: by what two of them are the same."""
    return Table(
        table,
        metadata,
        Column("id", Integer, primary_key=True),
        Column("student", Words, ForeignKey(students.c.login), nullable=False),
        Column("lesson", Words, nullable=False, index=True),
        *columns,
        *_made(),
        UniqueConstraint("student", "lesson", *once, "by", "at"),
    )


overrides = _about(
    "overrides",
    ("exercise",),
    Column("exercise", Words, nullable=False),
    Column("points", Float),
    Column("why", Words, nullable=False),
)
comments = _about(
    "comments",
    ("exercise",),
    Column("exercise", Words, nullable=False),
    Column("text", Words, nullable=False),
)
extensions = _about(
    "extensions",
    (),
    Column("until", Moment, nullable=False),
    Column("why", Words, nullable=False),
)
