"""Snapshots, undo and reset: nothing that a student typed is ever lost."""

import errno
from datetime import UTC, datetime

import pytest

from nnedu.errors import UsageError, WorkspaceError
from nnedu.workspace import disk, history
from nnedu.workspace.history import kept, snapshot, undo
from nnedu.workspace.reset import modules_of, reset

LESSON = "lesson02_layers"


def typed(workspace, dense, *texts):
    for text in texts:
        dense.write_text(text)
        snapshot(workspace, LESSON, "check")


def contents(workspace):
    return {path.read_bytes() for path in history.folder(workspace, LESSON).glob("*/dense.py")}


def test_a_snapshot_holds_the_bytes(workspace, dense):
    """a snapshot holds files as they are, text or not, and knows which were missing"""
    dense.write_bytes(b"\xff\x00\r\n")
    (dense.parent / "relu.py").unlink()
    path = snapshot(workspace, LESSON, "check")
    assert path is not None
    assert path.name.endswith("Z-check")
    assert (path / "dense.py").read_bytes() == b"\xff\x00\r\n"
    assert not (path / "relu.py").exists()
    assert b'"relu.py": null' in (path / "index.json").read_bytes()


def test_the_same_is_not_kept_twice(workspace, dense):
    """a snapshot of what the newest holds is none"""
    assert snapshot(workspace, LESSON, "check") is not None
    assert snapshot(workspace, LESSON, "submit") is None
    dense.write_text("2")
    assert snapshot(workspace, LESSON, "check") is not None


def test_names_sort_by_time_even_when_the_clock_is_set_back(workspace, dense, monkeypatch):
    """the newest snapshot is the last by name, whatever the clock says"""
    typed(workspace, dense, "1")
    clock = type("Clock", (datetime,), {"now": classmethod(lambda cls, tz: datetime(2001, 1, 1, tzinfo=UTC))})
    monkeypatch.setattr(history, "datetime", clock)
    typed(workspace, dense, "2", "3")
    names = sorted(path.name for path in history.folder(workspace, LESSON).iterdir())
    assert [(history.folder(workspace, LESSON) / name / "dense.py").read_text() for name in names] == ["1", "2", "3"]


def test_undo_walks_back_and_then_begins_again(workspace, dense):
    """undo goes back one state at a time, says when it is at the earliest, and begins again at the newest"""
    typed(workspace, dense, "1", "2", "3")
    dense.write_text("4")
    seen = [(undo(workspace, LESSON), dense.read_text())[1] for _ in range(3)]
    assert seen == ["3", "2", "1"]
    with pytest.raises(WorkspaceError, match="earliest"):
        undo(workspace, LESSON)
    assert dense.read_text() == "1"
    assert contents(workspace) == {b"1", b"2", b"3", b"4"}
    around = set()
    for _ in range(8):
        try:
            undo(workspace, LESSON)
        except WorkspaceError:
            break
        around.add(dense.read_text())
    assert around == {"1", "2", "3", "4"}


def test_undo_says_what_it_did(workspace, dense):
    """undo says from when the files are, what they were kept for, and which changed"""
    typed(workspace, dense, "1")
    before = datetime.now(UTC)
    dense.write_text("2")
    undone = undo(workspace, LESSON)
    assert (undone.reason, undone.files) == ("check", ("dense.py",))
    assert undone.taken < before


def test_a_check_in_between_does_not_stop_the_walk(workspace, dense):
    """a watch that checks after each undo does not make undo go to and fro"""
    typed(workspace, dense, "1", "2", "3")
    seen = []
    for _ in range(2):
        undo(workspace, LESSON)
        snapshot(workspace, LESSON, "check")
        seen.append(dense.read_text())
    assert seen == ["2", "1"]


def test_an_edit_begins_a_new_walk(workspace, dense):
    """after an edit, undo first takes back that edit, then walks on through everything before it"""
    typed(workspace, dense, "1", "2", "3")
    undo(workspace, LESSON)
    dense.write_text("2 edited")
    seen = [(undo(workspace, LESSON), dense.read_text())[1] for _ in range(4)]
    assert seen == ["2", "3", "2", "1"]
    assert b"2 edited" in contents(workspace)


def test_undo_of_files_that_were_missing(workspace, dense):
    """a file that was deleted comes back, and one that was not there yet stays: undo takes no file away"""
    typed(workspace, dense, "1")
    dense.unlink()
    undo(workspace, LESSON)
    assert dense.read_text() == "1"
    dense.unlink()
    snapshot(workspace, LESSON, "check")
    dense.write_text("2")
    assert undo(workspace, LESSON).files == ("dense.py",)
    assert dense.read_text() == "1"
    assert b"2" in contents(workspace)
    dense.write_text("3")
    missing = next(one.number for one in kept(workspace, LESSON) if one.files == ())
    with pytest.raises(WorkspaceError, match=f"State {missing} of .* is what is there now"):
        undo(workspace, LESSON, missing)
    assert dense.read_text() == "3"


def test_states_keep_their_numbers(workspace, dense):
    """every state is listed once, the newest first, with the files that change by it, under a number that stays"""
    typed(workspace, dense, "1", "2")
    dense.write_text("3")
    assert [(one.number, one.files, one.reason) for one in kept(workspace, LESSON)] == [
        (2, ("dense.py",), "check"),
        (1, ("dense.py",), "check"),
    ]
    undo(workspace, LESSON)
    undo(workspace, LESSON)
    assert [(one.number, one.files, one.reason) for one in kept(workspace, LESSON)] == [
        (3, ("dense.py",), "undo"),
        (2, ("dense.py",), "check"),
        (1, (), "check"),
    ]


def test_undo_is_undone(workspace, dense):
    """undo says the number of what was there before, and that number brings it back"""
    typed(workspace, dense, "1", "2")
    dense.write_text("3")
    undone = undo(workspace, LESSON, 1)
    assert dense.read_text() == "1"
    again = undo(workspace, LESSON, undone.back)
    assert (dense.read_text(), again.reason) == ("3", "undo")
    assert undo(workspace, LESSON, again.back).back == undone.back
    assert dense.read_text() == "1"


@pytest.mark.parametrize(
    ("number", "said"), [(1, "is damaged"), (2, "is what is there now"), (9, "There is no state 9")]
)
def test_a_state_that_cannot_be_put_back(workspace, dense, number, said):
    """a number that is unknown, that of what is there, or of what is damaged changes nothing"""
    typed(workspace, dense, "1", "2")
    (min(history.folder(workspace, LESSON).iterdir()) / "dense.py").write_text("changed")
    with pytest.raises(WorkspaceError, match=said) as caught:
        undo(workspace, LESSON, number)
    assert "--list" in caught.value.next_step
    assert dense.read_text() == "2"


def test_the_fingerprint_tells_an_edit(workspace, dense):
    """the fingerprint changes with any file, and is the same again when the file is"""
    dense.write_text("1")
    before = history.fingerprint(workspace, LESSON)
    dense.write_text("2")
    assert history.fingerprint(workspace, LESSON) != before
    dense.write_text("1")
    assert history.fingerprint(workspace, LESSON) == before


def test_nothing_to_undo(workspace, dense):
    """undo without anything earlier changes nothing"""
    dense.write_text("1")
    for _ in range(2):
        with pytest.raises(WorkspaceError, match="nothing to undo"):
            undo(workspace, LESSON)
    assert dense.read_text() == "1"


def test_a_damaged_snapshot_is_passed_over(workspace, dense):
    """a snapshot whose files are not what its index says is never put back"""
    typed(workspace, dense, "1", "2", "3", "4")
    names = sorted(history.folder(workspace, LESSON).iterdir())
    (names[2] / "index.json").write_text("{")
    (names[1] / "dense.py").write_text("changed")
    undo(workspace, LESSON)
    assert dense.read_text() == "1"


def test_a_full_disk_during_undo(workspace, dense, monkeypatch):
    """when the disk is full, undo leaves both files as they are"""
    relu = dense.parent / "relu.py"
    relu.write_text("a")
    typed(workspace, dense, "1")
    dense.write_text("2")
    relu.write_text("b")
    real = disk._write

    def full(path, data, *, durable):
        if path.parent == dense.parent and data == b"a":
            raise OSError(errno.ENOSPC, "No space left on device")
        real(path, data, durable=durable)

    monkeypatch.setattr(disk, "_write", full)
    with pytest.raises(WorkspaceError, match="no room"):
        undo(workspace, LESSON)
    assert (dense.read_text(), relu.read_text()) == ("2", "b")
    assert not list(workspace.root.rglob("*.tmp"))


def test_a_folder_named_like_a_module_is_said(workspace, dense):
    """a folder in the place of a module is a sentence, not a traceback"""
    dense.unlink()
    dense.mkdir()
    with pytest.raises(WorkspaceError, match="not an ordinary file"):
        snapshot(workspace, LESSON, "check")


def test_reset_is_undone(workspace, dense):
    """reset puts a fresh stub, and undo brings back what was there, also after an undo"""
    typed(workspace, dense, "1", "2")
    dense.write_text("3")
    assert reset(workspace, LESSON, "dense").files == ("dense.py",)
    assert dense.read_text() == "# dense\n"
    undo(workspace, LESSON)
    assert dense.read_text() == "3"
    undo(workspace, LESSON)
    reset(workspace, LESSON, None)
    undo(workspace, LESSON)
    assert dense.read_text() == "2"


@pytest.mark.parametrize(
    ("name", "modules", "exercise"),
    [
        (None, ("dense", "relu"), None),
        ("dense.py", ("dense",), None),
        ("forward", ("dense",), "forward"),
        ("relu", ("relu",), None),
    ],
)
def test_reset_takes_what_people_name(workspace, name, modules, exercise):
    """reset takes a module, an exercise, or nothing for all, and says which exercise was named"""
    done = reset(workspace, LESSON, name)
    assert modules_of(workspace, LESSON, name) == modules
    assert (done.files, done.exercise) == (tuple(f"{one}.py" for one in modules), exercise)


def test_reset_of_an_unknown_name(workspace, dense):
    """reset of what is not there changes nothing"""
    dense.write_text("mine")
    with pytest.raises(UsageError, match="no module or exercise 'forwrd'") as caught:
        reset(workspace, LESSON, "forwrd")
    assert "forward" in caught.value.next_step
    assert dense.read_text() == "mine"


def test_reset_without_room_for_a_snapshot(workspace, dense, monkeypatch):
    """what cannot be kept first is not written over"""
    dense.write_text("mine")

    def full(path, data, *, durable):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(disk, "_write", full)
    with pytest.raises(WorkspaceError, match="no room"):
        reset(workspace, LESSON, None)
    assert dense.read_text() == "mine"
    assert not list(workspace.root.rglob("*.tmp"))


def test_a_snapshot_that_cannot_be_put_in_its_place(workspace, dense, monkeypatch):
    """a snapshot that fails at the last step leaves nothing half done"""

    def refuse(self, target):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(type(dense), "rename", refuse)
    with pytest.raises(WorkspaceError, match="no permission"):
        snapshot(workspace, LESSON, "check")
    assert not list(workspace.root.rglob("*.tmp"))


def test_reset_with_damaged_stubs(workspace, dense):
    """a stub that is gone from the bundle says to fetch again"""
    (workspace.bundle_folder(LESSON) / "stubs" / "dense.py").unlink()
    with pytest.raises(WorkspaceError, match="damaged"):
        reset(workspace, LESSON, None)
