"""Brings a database to the shape that this version of nnedu writes, one process at a time, all of it or nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from nnedu.classroom.gradebook.schema import VERSION_TABLE, metadata
from nnedu.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

SCRIPTS = Path(__file__).parent / "migrations"
HEAD = "0001"  # the newest step
_LOCK = 0x6E6E656475  # of this program, among all that use the server


def bring_up_to_date(engine: Engine, where: str, scripts: Path = SCRIPTS, head: str = HEAD) -> None:
    """Create the tables, or migrate an older database; refuse one that this version does not know."""
    with engine.connect() as connection:
        if _version(connection) == head:
            return
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        version = _version(connection)  # another process may have been first
        if version == head:
            return
        if version is None:
            _refuse_foreign(connection, where)
        _migrate(connection, where, version, scripts, head)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608 - our own name


def _refuse_foreign(connection: Connection, where: str) -> None:
    """Refuse a database of another program; PostgreSQL may hold tables that do not get in the way."""
    found = set(inspect(connection).get_table_names())
    if found & set(metadata.tables) or (found and connection.dialect.name == "sqlite"):
        sentence = f"The database {where} is of another program: it holds the table {min(found)}."
        raise UsageError(sentence, "Name a database in course.toml that is empty, or leave it to nnedu to make one.")


def _migrate(connection: Connection, where: str, version: str | None, scripts: Path, head: str) -> None:
    try:  # it takes time to load, and is needed once
        from alembic.config import Config  # noqa: PLC0415
        from alembic.runtime.environment import EnvironmentContext  # noqa: PLC0415
        from alembic.script import ScriptDirectory  # noqa: PLC0415
    except ImportError as error:
        sentence = "The gradebook needs a database, and alembic is not installed."
        raise UsageError(sentence, "Install it: pip install 'nnedu[classroom]'") from error
    steps = ScriptDirectory(str(scripts))
    if version is not None:
        if version not in {step.revision for step in steps.walk_revisions()}:
            sentence = f"The gradebook {where} was written by a newer nnedu (its version is {version}, ours {head})."
            raise UsageError(sentence, "Update this one: pip install --upgrade nnedu")
        _keep_copy(connection, where, version)
    go = steps._upgrade_revs  # noqa: SLF001 - as alembic's own command does
    with EnvironmentContext(Config(), steps, fn=lambda now, _: go(head, now)) as environment:
        environment.configure(connection=connection, version_table=VERSION_TABLE, target_metadata=metadata)
        environment.run_migrations()


def _keep_copy(connection: Connection, where: str, version: str) -> None:
    """Keep a file of SQLite as it was, beside it. PostgreSQL is left to those who run the server."""
    if connection.dialect.name != "sqlite":
        return
    place = Path(where).with_name(f"{Path(where).name}.{version}")
    place.touch(mode=0o600)
    with closing(sqlite3.connect(where)) as source, closing(sqlite3.connect(place)) as copy:
        source.backup(copy)
