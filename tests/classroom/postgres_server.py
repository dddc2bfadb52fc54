"""A PostgreSQL server of one's own: in a temporary folder, reached through a socket in it, gone at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

USER = "sam"
PASSWORD = "not-shown"  # noqa: S105 - of a server that nobody else can reach
PATIENCE = 60


def server_folder() -> Path | None:
    """Return the folder of the server's programs, None where there is none."""
    named = shutil.which("initdb")
    found = [Path(named).resolve()] if named else sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


class Server:
    """A server that is running."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    def url(self, database: str) -> str:
        """Return the URL of a database, whether it is there or not."""
        return f"postgresql://{USER}:{PASSWORD}@/{database}?host={self._folder}"

    def new(self) -> str:
        """Make an empty database, and return its URL."""
        name = f"class{next(self._numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        return self.url(name)


@contextmanager
def started() -> Iterator[Server]:
    """Start a server; it refuses to run as root, and is then started as an unprivileged user."""
    programs = server_folder()
    assert programs is not None
    # The path of a socket has to be short, and the way to it open to the server.
    folder = Path(tempfile.mkdtemp(prefix="nnedu-pg-", dir="/tmp"))
    as_user = _unprivileged(folder) if os.geteuid() == 0 else {}
    data, password = folder / "data", folder / "password"
    password.write_text(PASSWORD)
    password.chmod(0o644)
    make = ["--username", USER, "--pwfile", password, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"]
    run = ["-D", data, "-k", folder, "-c", "listen_addresses=", "-F", "-c", "lc_messages=C"]
    log = folder / "log"
    try:
        with log.open("wb") as said:
            how = {"stdout": said, "stderr": said, **as_user}
            subprocess.run([programs / "initdb", "-D", data, *make, "--no-sync"], check=True, **how)
            process = subprocess.Popen([programs / "postgres", *run], **how)
        try:
            server = Server(folder)
            _wait_for(server, process, log)
            yield server
        finally:
            process.send_signal(signal.SIGINT)  # ends it at once, connections and all
            process.wait(PATIENCE)
    finally:
        shutil.rmtree(folder)


def _unprivileged(folder: Path) -> dict[str, object]:
    user = next(one for one in pwd.getpwall() if one.pw_name == "nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": folder}


def _wait_for(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(server.url("postgres")).close()
        except psycopg.OperationalError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)
        else:
            return
