"""Fetching: what a student typed is never written over."""

import errno
import os

import pytest

from nnedu.errors import UsageError, WorkspaceError
from nnedu.workspace import disk
from nnedu.workspace.fetch import What, fetch, find_bundle
from nnedu.workspace.workspace import Workspace

LESSON = "lesson02_layers"
NEWER = {"dense": "# dense, better\n", "relu": "# relu\n"}


def what(fetched):
    return {file.name: file.what for file in fetched.files}


def test_the_first_fetch_writes_everything(tmp_path, make_bundle):
    """a first fetch lays out modules in their order, then the README"""
    workspace = Workspace.create(tmp_path)
    fetched = fetch(workspace, make_bundle())
    assert (fetched.lesson, fetched.title) == (LESSON, "Layers")
    assert [file.name for file in fetched.files] == ["dense.py", "relu.py", "README.md"]
    assert set(what(fetched).values()) == {What.WRITTEN}
    assert (tmp_path / LESSON / "dense.py").read_text() == "# dense\n"
    assert workspace.bundle(LESSON).manifest.title == "Layers"


def test_an_untouched_stub_is_refreshed(workspace, dense, make_bundle):
    """a stub that the student did not touch becomes the new one, after a snapshot"""
    fetched = fetch(workspace, make_bundle(stubs=NEWER))
    assert what(fetched) == {"dense.py": What.REFRESHED, "relu.py": What.UNCHANGED, "README.md": What.UNCHANGED}
    assert dense.read_text() == NEWER["dense"]
    assert [path.name.split("-")[1] for path in (workspace.marker / "history" / LESSON).iterdir()] == ["fetch"]
    assert workspace.bundle(LESSON).stub("dense") == NEWER["dense"].encode()


def test_a_changed_file_is_kept(workspace, dense, make_bundle):
    """what the student changed stays, and nothing is laid beside it while the stub is the same"""
    dense.write_text("mine")
    assert what(fetch(workspace, make_bundle()))["dense.py"] is What.KEPT
    assert dense.read_text() == "mine"
    assert not list(dense.parent.glob("*.new*"))


def test_a_new_stub_is_laid_beside_a_changed_file(workspace, dense, make_bundle):
    """the new stub is laid beside what the student changed, and never over another one"""
    dense.write_text("mine")
    assert what(fetch(workspace, make_bundle(stubs=NEWER)))["dense.py"] is What.KEPT_NEW_BESIDE
    third = fetch(workspace, make_bundle(stubs=NEWER | {"dense": "# third\n"}))
    assert third.files[0].beside == "dense.py.new2"
    assert dense.read_text() == "mine"
    assert (dense.parent / "dense.py.new").read_text() == NEWER["dense"]
    assert (dense.parent / "dense.py.new2").read_text() == "# third\n"


def test_the_same_new_stub_is_laid_beside_once(workspace, dense, make_bundle):
    """a new stub that lies beside already is not laid there again"""
    dense.write_text("mine")
    (dense.parent / "dense.py.new").write_text(NEWER["dense"])
    assert fetch(workspace, make_bundle(stubs=NEWER)).files[0].beside == "dense.py.new"
    assert len(list(dense.parent.glob("*.new*"))) == 1


def test_a_missing_module_is_written_and_others_are_left(workspace, dense, make_bundle):
    """a module that is gone comes back, and files that nnedu does not know stay"""
    dense.unlink()
    (dense.parent / "notes.txt").write_text("mine")
    assert what(fetch(workspace, make_bundle()))["dense.py"] is What.WRITTEN
    assert (dense.parent / "notes.txt").read_text() == "mine"


def test_the_readme_follows_the_same_rule(workspace, make_bundle):
    """a README with notes in it is kept, and the new one laid beside"""
    readme = workspace.folder(LESSON) / "README.md"
    readme.write_text("my notes")
    assert what(fetch(workspace, make_bundle(readme="# Better\n")))["README.md"] is What.KEPT_NEW_BESIDE
    assert readme.read_text() == "my notes"
    assert (readme.parent / "README.md.new").read_text() == "# Better\n"


def test_a_file_that_was_there_before_is_kept(tmp_path, make_bundle):
    """a first fetch into a folder that holds such a file keeps it"""
    (tmp_path / LESSON).mkdir()
    (tmp_path / LESSON / "dense.py").write_text("mine")
    fetched = fetch(Workspace.create(tmp_path), make_bundle())
    assert what(fetched)["dense.py"] is What.KEPT_NEW_BESIDE
    assert (tmp_path / LESSON / "dense.py").read_text() == "mine"


@pytest.mark.parametrize("number", range(1, 12))
def test_a_full_disk_leaves_everything_as_it_was(workspace, dense, make_bundle, files_of, monkeypatch, number):
    """wherever the disk fills up, the student's files stay, no half file does, and the next fetch completes"""
    dense.write_text("mine")
    before = files_of(workspace.root)
    real, calls = disk._write, []

    def full(path, data, *, durable):
        calls.append(path)
        if len(calls) == number:
            path.write_bytes(data[:1])
            raise OSError(errno.ENOSPC, "No space left on device")
        real(path, data, durable=durable)

    monkeypatch.setattr(disk, "_write", full)
    changed = make_bundle(stubs={"dense": "# d2\n", "relu": "# r2\n"})
    try:
        fetch(workspace, changed)
    except WorkspaceError as error:
        assert "no room on the disk" in error.sentence  # noqa: PT017
        after = files_of(workspace.root)
        history = str(workspace.marker.name) + "/history"
        assert {name: data for name, data in after.items() if not name.startswith(history)} == before
        monkeypatch.undo()
        assert what(fetch(workspace, changed))["relu.py"] is What.REFRESHED
    else:
        assert len(calls) < number
    assert dense.read_text() == "mine"
    assert not list(workspace.root.rglob("*.tmp"))


def test_a_bundle_that_cannot_be_swapped_in_leaves_the_old_one(workspace, make_bundle, monkeypatch):
    """when the new bundle cannot take its place, the old one is back in it"""
    place = workspace.bundle_folder(LESSON)
    real = type(place).rename

    def refuse(self, target):
        if target == place and not (self / "old").exists():
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(self, target)

    (place / "old").touch()
    monkeypatch.setattr(type(place), "rename", refuse)
    with pytest.raises(WorkspaceError, match="no permission"):
        fetch(workspace, make_bundle(stubs=NEWER))
    assert workspace.bundle(LESSON).stub("dense") == b"# dense\n"
    assert not list(workspace.root.rglob("*.tmp"))


def test_a_file_in_place_of_the_folder_is_said(tmp_path, make_bundle):
    """a file that has the name of the lesson's folder is left, and said"""
    workspace = Workspace.create(tmp_path)
    (tmp_path / LESSON).write_text("mine")
    with pytest.raises(WorkspaceError):
        fetch(workspace, make_bundle())
    assert (tmp_path / LESSON).read_text() == "mine"
    assert workspace.lessons() == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_no_permission_is_a_sentence(workspace, dense, make_bundle):
    """a folder that may not be written is said"""
    dense.parent.chmod(0o500)
    try:
        with pytest.raises(WorkspaceError, match="no permission"):
            fetch(workspace, make_bundle(stubs=NEWER))
    finally:
        dense.parent.chmod(0o700)
    assert dense.read_text() == "# dense\n"


@pytest.mark.parametrize("name", ["../x", "..", "", "a/b", ".nnedu", "a\\b", "x:y", "lesson 1"])
def test_a_lesson_whose_name_leads_elsewhere_is_refused(tmp_path, make_bundle, name):
    """a bundle cannot choose a folder outside of the workspace"""
    workspace = Workspace.create(tmp_path / "nn")
    with pytest.raises(UsageError, match="cannot be a folder"):
        fetch(workspace, make_bundle(name))
    assert [path.name for path in tmp_path.rglob("*")] == ["nn", ".nnedu"]


@pytest.mark.parametrize(
    ("about", "says"),
    [
        ({"modules": ("../dense",)}, "no stub"),
        ({"modules": ("other",)}, "no stub"),
        ({"format": 9}, "format 9"),
        ({"title": 3}, "damaged"),
    ],
)
def test_a_bundle_that_is_not_whole_is_refused(workspace, make_bundle, files_of, about, says):
    """a bundle that is damaged or too new changes nothing"""
    before = files_of(workspace.root)
    with pytest.raises(UsageError, match=says):
        fetch(workspace, make_bundle(**about))
    assert files_of(workspace.root) == before


def test_a_module_in_another_folder_is_refused(workspace, make_bundle):
    """a module is a file of the lesson's folder, not of one inside it"""
    with pytest.raises(UsageError, match="no stub of 'a/b'"):
        fetch(workspace, make_bundle(stubs={"a/b": ""}))


def test_a_bundle_that_does_not_unpack_is_refused(workspace, make_bundle):
    """a stream that zlib refuses is a sentence"""
    data = bytearray(make_bundle())
    data[30 + len("bundle.json")] = 0x07
    with pytest.raises(UsageError, match="not a lesson's bundle"):
        fetch(workspace, bytes(data))


def test_a_bundle_with_damaged_bytes_is_refused(workspace, make_bundle, files_of):
    """bytes that changed on the way are a sentence, wherever they are"""
    data, before = make_bundle(), files_of(workspace.root)
    for place in range(0, len(data), 7):
        damaged = data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]
        try:
            fetch(workspace, damaged)
        except UsageError:
            assert files_of(workspace.root) == before


@pytest.mark.parametrize("folder", [".", "release"])
def test_a_bundle_is_found_in_a_classroom(tmp_path, make_bundle, folder):
    """a classroom holds bundles directly or in its folder release"""
    (tmp_path / "release").mkdir()
    (tmp_path / folder / f"{LESSON}.zip").write_bytes(make_bundle())
    assert find_bundle(tmp_path, "layers") == make_bundle()
    assert find_bundle(tmp_path / folder / f"{LESSON}.zip", "2") == make_bundle()


def test_a_bundle_that_is_not_there(tmp_path, make_bundle):
    """a source without that lesson says what it holds"""
    with pytest.raises(UsageError, match="is not there"):
        find_bundle(tmp_path / "nowhere", "2")
    with pytest.raises(UsageError, match="holds no lessons"):
        find_bundle(tmp_path, "2")
    (tmp_path / f"{LESSON}.zip").write_bytes(make_bundle())
    for source in (tmp_path, tmp_path / f"{LESSON}.zip"):
        with pytest.raises(UsageError, match="no lesson '5'") as caught:
            find_bundle(source, "5")
        assert "lesson2" in caught.value.next_step
    (tmp_path / "x.zip").write_text("no zip")
    with pytest.raises(UsageError, match="not a lesson's bundle"):
        find_bundle(tmp_path / "x.zip", "x")
