"""Gradebooks: in a file, and on a PostgreSQL server that is started once."""

import pytest
from postgres_server import server_folder, started

from nnedu.classroom.gradebook import open_gradebook


@pytest.fixture(scope="session")
def postgres():
    """A server of PostgreSQL."""
    if server_folder() is None:
        pytest.skip("no PostgreSQL server is installed here")
    with started() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path):
    """Where there is an empty gradebook to be made: a file that is not there yet, or the URL of an empty database."""
    if request.param == "sqlite":
        return tmp_path / "class" / "gradebook.db"
    return request.getfixturevalue("postgres").new()


@pytest.fixture
def book(place):
    """An empty gradebook."""
    with open_gradebook(place) as book:
        yield book
