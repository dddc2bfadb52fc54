"""Submitting: a zip where the instructor looks, a receipt for the student, or neither."""

import errno
import io
import zipfile
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest

from nnedu.classroom.archive import open_archive
from nnedu.classroom.intake import read_submissions
from nnedu.errors import UsageError, WorkspaceError
from nnedu.workspace import disk
from nnedu.workspace.progress import Progress
from nnedu.workspace.submission import checked_student, pack, receipts, submit

LESSON = "lesson02_layers"
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def hand_in(workspace, classroom, *, minutes=0, student="ada"):
    packed = pack(workspace, LESSON, student, AT + timedelta(minutes=minutes))
    return submit(workspace, packed, classroom, points=3, max_points=5)


@pytest.fixture
def classroom(tmp_path):
    made = tmp_path / "classroom"
    made.mkdir()
    return made


def test_the_same_files_give_the_same_bytes(workspace, dense):
    """a pack holds the modules and a manifest, and depends on nothing else"""
    dense.write_bytes(b"x = 1\r\n")
    packed = pack(workspace, LESSON, "ada", AT.astimezone(timezone(timedelta(hours=9))))
    assert packed.data == pack(workspace, LESSON, "ada", AT).data
    with zipfile.ZipFile(io.BytesIO(packed.data)) as archive:
        assert archive.namelist() == ["manifest.json", f"{LESSON}/dense.py", f"{LESSON}/relu.py"]
        assert archive.read(f"{LESSON}/dense.py") == b"x = 1\r\n"
        assert {info.date_time[0] for info in archive.infolist()} == {2020}
        about = msgspec.json.decode(archive.read("manifest.json"))
    assert about["submitted_at"] == "2026-01-02T03:04:05+00:00"
    assert [about[key] for key in ("format", "course", "version", "lesson", "student")] == [
        1,
        "Tiny",
        "1.0",
        LESSON,
        "ada",
    ]
    assert [file["name"] for file in about["files"]] == ["dense.py", "relu.py"]


def test_hints_that_were_given_go_with_it_and_the_intake_reads_them(workspace):
    """how many, by exercise, on whatever mistake; none is none"""
    assert pack(workspace, LESSON, "ada", AT).manifest.hints == {}
    progress = Progress.load(workspace)
    for mistake, level in ((None, 2), ("mean", 1)):
        progress.give_hint(LESSON, "forward", mistake, level)
    progress.give_hint("lesson01_basics", "other", None, 3)
    progress.save()
    packed = pack(workspace, LESSON, "ada", AT)
    assert packed.manifest.hints == {"forward": 3}
    claim = open_archive(packed.data, LESSON, ("dense", "relu")).claim
    assert claim.hints == (("forward", 3),)


def test_says_what_stays_and_what_is_missing(workspace, dense):
    """other files are named as left out, and missing modules are said"""
    (dense.parent / "helper.py").write_text("")
    (dense.parent / "relu.py").unlink()
    packed = pack(workspace, LESSON, "ada", AT)
    assert packed.left_out == ("helper.py",)
    assert len(packed.missing) == 1
    assert "relu.py is missing" in packed.missing[0]
    dense.unlink()
    with pytest.raises(WorkspaceError, match="nothing to submit"):
        pack(workspace, LESSON, "ada", AT)


def test_is_filed_with_a_receipt(workspace, classroom):
    """a submission is filed by lesson, student, time and content, and a receipt is kept"""
    receipt = hand_in(workspace, classroom)
    (path,) = classroom.rglob("*.zip")
    assert str(path) == receipt.path
    assert path.parent.name == LESSON
    assert path.name == f"ada_20260102T030405Z_{receipt.digest[:8]}.zip"
    assert (receipt.points, receipt.max_points, receipt.already) == (3, 5, False)
    assert receipts(workspace) == [receipt]


def test_what_is_submitted_is_what_arrives(workspace, classroom, dense):
    """the instructor reads what the student wrote, under the student's name"""
    dense.write_text("x = 1\n")
    receipt = hand_in(workspace, classroom, student=" Zoë Ångström ")
    (received,) = read_submissions(classroom / LESSON, LESSON, ("dense", "relu")).received
    assert (received.student, received.submitted_at, received.problem) == ("Zoë Ångström", receipt.submitted_at, "")
    assert received.work.sources == {"dense": "x = 1\n", "relu": "# relu\n"}


def test_without_a_classroom_it_is_left_for_uploading(workspace):
    """without a classroom the zip lies beside the lessons"""
    receipt = hand_in(workspace, None)
    assert receipt.path.startswith(str(workspace.root / "submissions"))
    assert hand_in(workspace, None, minutes=1).already


def test_identical_work_is_submitted_once(workspace, classroom, files_of):
    """the same work to the same place gives the earlier receipt and writes nothing"""
    first = hand_in(workspace, classroom)
    before = files_of(workspace.root.parent)
    again = hand_in(workspace, classroom, minutes=5)
    assert again == msgspec.structs.replace(first, already=True)
    assert files_of(workspace.root.parent) == before
    assert not hand_in(workspace, None, minutes=6).already
    assert not hand_in(workspace, classroom, minutes=7, student="grace").already


def test_an_earlier_version_counts_again(workspace, classroom, dense):
    """who goes back to an earlier version submits it anew, since the newest is what is graded"""
    dense.write_text("1")
    hand_in(workspace, classroom)
    dense.write_text("2")
    hand_in(workspace, classroom, minutes=1)
    dense.write_text("1")
    assert not hand_in(workspace, classroom, minutes=2).already
    (received,) = read_submissions(classroom / LESSON, LESSON, ("dense", "relu")).received
    assert received.work.sources["dense"] == "1"


def test_work_that_was_taken_away_is_filed_again(workspace, classroom):
    """a receipt whose file is gone does not stand in for it"""
    first = hand_in(workspace, classroom)
    (classroom / LESSON / first.path.rsplit("/", 1)[1]).unlink()
    assert not hand_in(workspace, classroom, minutes=1).already


def test_another_file_of_that_name_is_left(workspace, classroom):
    """a file that has the name already is not written over"""
    first = hand_in(workspace, classroom)
    for path in (workspace.marker / "receipts").iterdir():
        path.unlink()
    second = hand_in(workspace, classroom)
    assert second.path != first.path
    assert len(list(classroom.rglob("*.zip"))) == 2


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("step", ["_write", "replace"])
def test_a_full_disk_submits_nothing(workspace, classroom, monkeypatch, files_of, number, step):
    """whether it is the zip or the receipt that cannot be written: a sentence, no file, and no receipt"""
    calls = []
    module, real = (disk, disk._write) if step == "_write" else (disk.os, disk.os.replace)

    def full(*args, **keys):
        calls.append(args)
        if len(calls) == number:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*args, **keys)

    before = files_of(workspace.root)
    monkeypatch.setattr(module, step, full)
    with pytest.raises(WorkspaceError, match="no room"):
        hand_in(workspace, classroom)
    monkeypatch.undo()
    assert files_of(classroom) == {}
    assert files_of(workspace.root) == before
    assert receipts(workspace) == []
    assert not hand_in(workspace, classroom).already


def test_a_classroom_that_is_not_there(workspace, tmp_path):
    """a classroom is never made by submitting to it"""
    with pytest.raises(WorkspaceError, match="no classroom"):
        hand_in(workspace, tmp_path / "clasroom")
    assert not (tmp_path / "clasroom").exists()


def test_a_classroom_that_refuses(workspace, classroom):
    """a file in the place of the lesson's folder is a sentence, and no receipt"""
    (classroom / LESSON).write_text("")
    with pytest.raises(WorkspaceError, match="cannot be written"):
        hand_in(workspace, classroom)
    assert receipts(workspace) == []


@pytest.mark.parametrize("name", ["ada", "Ada Lovelace", "a.b_c-d@e+f", "Zoë", "नमस्ते", "李", "7", "a" * 64])
def test_names_that_may_be(name):
    """a name in any script is a name"""
    assert checked_student(name) == name


@pytest.mark.parametrize(
    "name", ["", " ", ".", "..", "../x", "a/b", "a\\b", "a:b", ".ada", "a\nb", "a\0b", "a" * 65, "a*", "a\u202eb"]
)
def test_names_that_may_not_be(workspace, name):
    """a name is never a path, and says what it may be"""
    with pytest.raises(UsageError, match="cannot be the name") as caught:
        pack(workspace, LESSON, name, AT)
    assert "letters, digits" in caught.value.next_step
