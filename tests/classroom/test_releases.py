"""Releasing: what students fetch, put in its place as a whole, and what has changed since."""

import os
import stat

import pytest

from nnedu.classroom.releases import What, release
from nnedu.course import load_course
from nnedu.errors import UsageError
from nnedu.publishing.bundle import contents
from nnedu.workspace.fetch import fetch, find_bundle
from nnedu.workspace.workspace import Workspace

LESSON = "lesson01_lines"


@pytest.fixture
def put(tiny_copy, tmp_path):
    """Release the first lesson of the copy into an exchange."""

    def again(copy=None):
        course = load_course(tiny_copy)
        return release(course, course.lesson(LESSON), tmp_path / "exchange", copy)

    return again


def change(root, name, old, new):
    path = root / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_students_fetch_what_was_released(put, tmp_path):
    done = put()
    assert (done.what, done.path.name, done.changes) == (What.NEW, f"{LESSON}.zip", ())
    workspace = Workspace.create(tmp_path / "ada")
    assert fetch(workspace, find_bundle(tmp_path / "exchange", "lesson1")).lesson == LESSON


def test_released_again_it_is_unchanged_and_not_even_written(put):
    first = put()
    os.utime(first.path, (1, 1))
    again = put()
    assert (again.what, again.changes) == (What.SAME, ())
    assert first.path.stat().st_mtime == 1


def test_what_has_changed_is_said(put, tiny_copy):
    put()
    readme = tiny_copy / "exercises" / LESSON / "README.md"
    readme.parent.mkdir(exist_ok=True)
    readme.write_text("# Other words\n", "utf-8")
    change(tiny_copy, f"solutions/{LESSON}/lines.py", '"""', '"""Other: ')
    done = put()
    assert done.what is What.CHANGED
    assert set(done.changes) >= {"changed: README.md", "changed: lines.py"}
    assert contents(done.path.read_bytes())["README.md"] == b"# Other words\n"


def test_a_damaged_release_is_replaced_and_said(put):
    put().path.write_bytes(b"PK")
    done = put()
    assert (done.what, done.changes) == (What.CHANGED, ("what was released before could not be read",))
    assert contents(done.path.read_bytes())


def test_a_copy_for_a_learning_platform(put, tmp_path):
    copy = tmp_path / "to upload.zip"
    assert put(copy).path.read_bytes() == copy.read_bytes()
    with pytest.raises(UsageError, match="cannot be released"):
        put(tmp_path / "gone" / "x.zip")


def test_others_may_read_a_release_and_only_hand_in(put, tmp_path):
    put()
    exchange = tmp_path / "exchange"
    assert stat.S_IMODE(exchange.stat().st_mode) == 0o755
    assert stat.S_IMODE((exchange / "release").stat().st_mode) == 0o755
    assert stat.S_IMODE((exchange / "release" / f"{LESSON}.zip").stat().st_mode) == 0o644
    assert stat.S_IMODE((exchange / LESSON).stat().st_mode) == 0o1733


def test_a_folder_that_is_there_keeps_what_others_may_do(put, tmp_path):
    (tmp_path / "exchange" / LESSON).mkdir(parents=True)
    (tmp_path / "exchange" / LESSON).chmod(0o700)
    put()
    assert stat.S_IMODE((tmp_path / "exchange" / LESSON).stat().st_mode) == 0o700


def test_an_exchange_that_cannot_be_made_is_said(put, tmp_path):
    (tmp_path / "exchange").write_bytes(b"")
    with pytest.raises(UsageError, match="cannot be released") as error:
        put()
    assert "exchange" in error.value.next_step
