"""Opens a gradebook: a file of SQLite, or a database of PostgreSQL by its URL."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from nnedu.classroom.gradebook.book import Gradebook
from nnedu.classroom.gradebook.migrating import bring_up_to_date
from nnedu.classroom.gradebook.trouble import explained
from nnedu.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

BUSY_SECONDS = 30
CONNECT_SECONDS = 10
_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgresql+psycopg": "postgresql+psycopg"}
_EXAMPLE = "Write it as postgresql://USER@HOST/DATABASE, or leave it out: then it is a file in the classroom's folder."


def open_gradebook(url: str | Path) -> Gradebook:
    """Open the gradebook at a URL, or in a file: created where there is none, brought up to date where it is older."""
    address = URL.create("sqlite", database=str(url)) if isinstance(url, Path) else _address(url)
    sqlite = address.drivername == "sqlite"
    where = str(address.database) if sqlite else address.set(drivername="postgresql").render_as_string()
    if sqlite:
        _create_file(Path(where))
    engine = _sqlite(address) if sqlite else _postgresql(address)
    try:
        with explained(where):
            bring_up_to_date(engine, where)
    except BaseException:
        engine.dispose()
        raise
    return Gradebook(engine, where)


def _address(text: str) -> URL:
    try:
        address = make_url(text)
    except ArgumentError as error:
        sentence = "The gradebook in course.toml is no URL of a database."
        raise UsageError(sentence, _EXAMPLE) from error
    driver = _DRIVERS.get(address.drivername)
    if driver is None or not address.database:
        why = "names no database" if driver else "is neither in SQLite nor in PostgreSQL"
        sentence = f"The gradebook {address.render_as_string()} {why}."
        raise UsageError(sentence, _EXAMPLE)
    return address.set(drivername=driver)


def _create_file(path: Path) -> None:
    """Make the file, and the folder where there is none, for the user alone. The files beside it take after it."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        sentence = f"The gradebook {path} cannot be opened: {error.strerror}."
        raise UsageError(sentence, "Name another folder in course.toml, or have this one made writable.") from error


def _sqlite(address: URL) -> Engine:
    engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # transactions begin where `begin` says, not where the driver guesses
        connection.execute("PRAGMA foreign_keys = ON")
        _keep_a_log(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # Who will write says so at once: a reader that turns writer may find that the database has moved on.
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _keep_a_log(connection: sqlite3.Connection) -> None:
    """Have writers write to a log, beside which readers go on reading. The change to it heeds no timeout: we do."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _postgresql(address: URL) -> Engine:
    arguments: dict[str, Any] = {} if "connect_timeout" in address.query else {"connect_timeout": CONNECT_SECONDS}
    try:
        return create_engine(address, connect_args=arguments, pool_pre_ping=True)
    except ImportError as error:
        sentence = "The gradebook is a database of PostgreSQL, and its driver is not installed."
        raise UsageError(sentence, "Install it: pip install 'nnedu[postgres]'") from error
