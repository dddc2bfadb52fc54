"""Opening a gradebook: what is in the way is said in a sentence, what is older is brought up to date."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from pathlib import Path

import pytest
from postgres_server import PASSWORD

from nnedu.classroom.desk import open_desk
from nnedu.classroom.gradebook import migrating, open_gradebook
from nnedu.classroom.records import Student
from nnedu.course import load_course
from nnedu.errors import UsageError


def refused(place, said):
    with pytest.raises(UsageError, match=said) as caught:
        open_gradebook(place)
    assert caught.value.next_step
    assert PASSWORD not in str(caught.value)
    return caught.value


def run_sql(place, *statements):
    """Say something to a database behind the gradebook's back."""
    with open_gradebook(place) as book, book._writing() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


# The desk


def test_a_desk_is_made_on_first_use_for_the_instructor_alone(tiny_copy):
    with open_desk(load_course(tiny_copy)) as desk:
        assert desk.folder == tiny_copy / "classroom"
        assert desk.exchange == tiny_copy / "exchange"
        assert not desk.exchange.exists()
        desk.book.enrol([Student("ada")], "sam")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (desk.folder, *desk.folder.iterdir())}
    assert modes == dict.fromkeys(["gradebook.db", "gradebook.db-wal", "gradebook.db-shm"], 0o600) | {
        "classroom": 0o700
    }
    with open_desk(load_course(tiny_copy)) as desk:
        assert desk.book.students() == [Student("ada")]


def test_a_desk_has_its_gradebook_where_the_course_says(tiny_copy, postgres):
    url = postgres.new()
    with (tiny_copy / "course.toml").open("a") as file:
        file.write(f'\n[classroom]\nfolder = "../own"\ngradebook = "{url}"\n')
    with open_desk(load_course(tiny_copy)) as desk:
        desk.book.enrol([Student("ada")], "sam")
        assert "not-shown" not in desk.book.where
    assert list((tiny_copy.parent / "own").iterdir()) == []
    with open_gradebook(url) as book:
        assert book.students() == [Student("ada")]


def test_a_folder_that_cannot_be_made_is_said(tiny_copy):
    (tiny_copy / "classroom").write_text("")
    with pytest.raises(UsageError, match=r"The classroom's folder .* cannot be made: File exists"):
        open_desk(load_course(tiny_copy))


def test_a_file_that_is_named_is_made_with_its_folder_for_the_user_alone(tmp_path):
    open_gradebook(tmp_path / "new" / "gradebook.db").close()
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


# What is in the way


def test_who_writes_to_the_file_as_it_is_made_is_waited_for(tmp_path):
    """SQLite itself refuses at once to change how a file is written while somebody writes."""
    with closing(sqlite3.connect(tmp_path / "gradebook.db", isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        ending = threading.Timer(0.5, lambda: other.execute("COMMIT"))
        ending.start()
        try:
            open_gradebook(tmp_path / "gradebook.db").close()
        finally:
            ending.join()


@pytest.mark.parametrize("data", [b"not a database at all\n" * 100, b"SQLite format 3\0" + b"x" * 4096])
def test_a_file_that_is_no_database_is_refused(tmp_path, data):
    (tmp_path / "gradebook.db").write_bytes(data)
    refused(tmp_path / "gradebook.db", r"The gradebook .*gradebook\.db is (no database|damaged)\.")
    assert (tmp_path / "gradebook.db").read_bytes() == data


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path):
    (tmp_path / "gradebook.db").mkdir()
    refused(tmp_path / "gradebook.db", "cannot be opened: Is a directory")


UNPRIVILEGED = """
import os, sys
from pathlib import Path
if os.geteuid() == 0:
    from nnedu.classroom.gradebook import open_gradebook  # may lie where only root can read
    import alembic.config, alembic.script, alembic.runtime.environment, sqlalchemy.dialects.sqlite
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
from nnedu.classroom.gradebook import open_gradebook
from nnedu.errors import UsageError
try:
    with open_gradebook(Path(sys.argv[1])) as book:
        book.enrol([], "sam")
except UsageError as error:
    print(error)
else:
    print("opened")
"""


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="permissions are those of POSIX")
def test_what_may_not_be_opened_or_written_is_said():
    place = Path(tempfile.mkdtemp(prefix="nnedu-permissions-"))  # pytest's own may be entered by nobody else
    place.chmod(0o755)
    try:
        for path, mode in ((place / "closed" / "gradebook.db", 0o000), (place / "read" / "gradebook.db", 0o444)):
            open_gradebook(path).close()
            path.parent.chmod(0o755)
            path.chmod(mode)
            command = [sys.executable, "-c", UNPRIVILEGED, str(path)]
            ran = subprocess.run(command, capture_output=True, text=True, cwd="/", check=True)
            assert ran.stdout.startswith(f"The gradebook {path} cannot be opened: Permission denied."), ran
            assert "course.toml" in ran.stdout
    finally:
        shutil.rmtree(place)


def test_the_database_of_another_program_is_refused_and_left_alone(place):
    if isinstance(place, Path):
        place.parent.mkdir()
        with closing(sqlite3.connect(place)) as other:
            other.execute("CREATE TABLE student (id TEXT)")
            other.execute("CREATE TABLE alembic_version (version_num TEXT)")
    else:
        import psycopg

        with psycopg.connect(place, autocommit=True) as other:
            other.execute("CREATE TABLE alembic_version (version_num TEXT)")
            other.execute("CREATE TABLE students (id TEXT)")
    refused(place, "is of another program: it holds the table ")


def test_tables_that_are_in_nobodys_way_may_share_a_server(postgres):
    import psycopg

    url = postgres.new()
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("CREATE TABLE alembic_version (version_num TEXT)")
    open_gradebook(url).close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("gradebook.db", "is no URL of a database"),
        ("mysql://sam:not-shown@host/db", r"mysql://sam:\*\*\*@host/db is neither in SQLite nor in PostgreSQL"),
        ("postgresql+psycopg2://host/db", "is neither in SQLite nor in PostgreSQL"),
        ("postgresql://sam:not-shown@host", r"postgresql://sam:\*\*\*@host names no database"),
        ("postgresql://sam:not-shown@127.0.0.1:1/db", r"sam:\*\*\*@127\.0\.0\.1:1/db cannot be reached: .*refused"),
        ("postgresql://sam:not-shown@nowhere.invalid/db", r"@nowhere\.invalid/db cannot be reached"),
    ],
)
def test_a_url_that_leads_nowhere_is_said(url, said):
    refused(url, said)


def test_what_the_server_refuses_is_said(postgres):
    refused(postgres.url("nothing_here"), "is not there")
    refused(postgres.new().replace(PASSWORD, "wrong"), "refuses the user or the password")


@pytest.mark.parametrize(
    ("package", "url", "said"),
    [
        (
            "sqlalchemy",
            "",
            "needs a database, and sqlalchemy is not installed.\nInstall it: pip install 'nnedu[classroom]'",
        ),
        ("alembic", "", "needs a database, and alembic is not installed.\nInstall it: pip install 'nnedu[classroom]'"),
        ("psycopg", "postgresql://h/d", "its driver is not installed.\nInstall it: pip install 'nnedu[postgres]'"),
    ],
)
def test_a_missing_part_is_said_with_how_to_install_it(tmp_path, package, url, said):
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").write_text(f"raise ImportError(name={package!r})\n")
    code = """
import sys
from pathlib import Path
from nnedu.errors import UsageError
try:
    from nnedu.classroom.gradebook import open_gradebook
    open_gradebook(sys.argv[1] or Path(sys.argv[2]))
except UsageError as error:
    print(error)
"""
    command = [sys.executable, "-c", code, url, str(tmp_path / "gradebook.db")]
    ran = subprocess.run(
        command, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(tmp_path)}, check=True
    )
    assert said in ran.stdout


# Versions


def test_the_newest_step_is_the_one_that_is_expected():
    steps = [path.stem for path in (migrating.SCRIPTS / "versions").glob("v*.py")]
    assert max(steps).startswith(f"v{migrating.HEAD}_")


def test_the_gradebook_of_a_newer_version_is_refused_and_left_alone(place):
    run_sql(place, "UPDATE nnedu_version SET version_num = '9999'")
    error = refused(place, r"was written by a newer nnedu \(its version is 9999, ours 0001\)")
    assert error.next_step == "Update this one: pip install --upgrade nnedu"
    if isinstance(place, Path):
        assert sorted(path.name for path in place.parent.iterdir()) == ["gradebook.db"]


NEXT = """
import time
import sqlalchemy as sa
from alembic import op
revision = "0002"
down_revision = "0001"
def upgrade():
    time.sleep(0.3)  # so that the others come meanwhile
    op.add_column("roster", sa.Column("nickname", sa.Text))
"""


@pytest.fixture
def later(tmp_path):
    """The steps of a version of nnedu that has one more."""
    folder = tmp_path / "later"
    (folder / "versions").mkdir(parents=True)
    for path in (migrating.SCRIPTS / "versions").glob("v*.py"):
        (folder / "versions" / path.name).write_bytes(path.read_bytes())
    (folder / "versions" / "v0002_next.py").write_text(NEXT)
    return folder


MIGRATE = """
import sys, time
from pathlib import Path
from nnedu.classroom.gradebook import migrating, opening
place, later = sys.argv[1], Path(sys.argv[2])
up = migrating.bring_up_to_date
def lately(engine, where): up(engine, where, later, "0002")
opening.bring_up_to_date = lately
print("ready", flush=True)
sys.stdin.readline()
with opening.open_gradebook(place if "://" in place else Path(place)) as book:
    print([one.login for one in book.students()])
"""


def test_an_older_gradebook_is_migrated_once_by_two_at_once(place, later):
    with open_gradebook(place) as book:
        book.enrol([Student("ada")], "sam")
    command = [sys.executable, "-c", MIGRATE, str(place), str(later)]
    pipe = subprocess.PIPE
    both = [subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _ in range(3)]
    for one in both:
        assert one.stdout.readline() == "ready\n"
    for one in both:
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in both:
        out, err = one.communicate(timeout=60)
        assert (one.returncode, out, err) == (0, "['ada']\n", "")
    refused(place, "its version is 0002, ours 0001")
    if isinstance(place, Path):
        assert sorted(path.name for path in place.parent.iterdir()) == ["gradebook.db", "gradebook.db.0001"]
        copy = place.with_name("gradebook.db.0001")
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        with open_gradebook(copy) as book:
            assert book.students() == [Student("ada")]


def test_who_makes_the_tables_on_a_server_is_waited_for(postgres):
    import psycopg

    url = postgres.new()
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    opening = threading.Thread(target=lambda: open_gradebook(url).close())
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [migrating._LOCK])
        opening.start()
        while not other.execute(waiting).fetchone()[0]:
            assert opening.is_alive(), "it did not wait"
        other.execute("SELECT pg_advisory_unlock(%s)", [migrating._LOCK])
        opening.join(60)
    with open_gradebook(url) as book:
        assert book.students() == []


def test_a_migration_that_fails_leaves_everything_as_it_was(place, later):
    with open_gradebook(place) as book:
        book.enrol([Student("ada")], "sam")
    step = later / "versions" / "v0002_next.py"
    step.write_text(step.read_text() + '    op.execute("DROP TABLE nowhere")\n')
    ran = subprocess.run(
        [sys.executable, "-c", MIGRATE, str(place), str(later)],
        input="go\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "UsageError: The gradebook" in ran.stderr
    with open_gradebook(place) as book:
        assert book.students() == [Student("ada")]
