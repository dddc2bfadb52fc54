"""The bulk downloads of learning platforms, as zips and unpacked: recognised, and taken apart by student."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from collect_cases import CANVAS, FOLDERS, GRADESCOPE, LESSON, MOODLE, NBGRADER, RIGHT, STUB, laid, submission, zipped

from nnedu.classroom.archive import UnreadableError, open_archive
from nnedu.classroom.downloads import Platform, module_of, recognise
from nnedu.classroom.packets import packets
from nnedu.classroom.tree import leaves
from nnedu.errors import UsageError

MODULES = ("lines",)
BERLIN = ZoneInfo("Europe/Berlin")
LAYOUTS = {
    "canvas": (CANVAS, Platform.CANVAS),
    "moodle": (MOODLE, Platform.MOODLE),
    "gradescope": (GRADESCOPE, Platform.GRADESCOPE),
    "nbgrader": (NBGRADER, Platform.NBGRADER),
    "folders": (FOLDERS, Platform.FOLDERS),
}


@pytest.fixture(params=["zip", "folder"])
def place(request, tmp_path):
    """Puts files into a zip, or into a folder."""

    def make(files):
        if request.param == "folder":
            return laid(tmp_path / "download", files)
        path = tmp_path / "download.zip"
        path.write_bytes(zipped(files))
        return path

    return make


def recognised(path):
    return recognise(leaves(path, BERLIN), LESSON, MODULES, path.name)


def held(path):
    """Return by label what each student handed in: the sources, or why there are none."""
    download, found = recognised(path), {}
    for upload in download.uploads:
        for packet in packets(upload, MODULES, left_out := []):
            opened = open_archive(packet.data, LESSON, MODULES)
            found.setdefault(upload.who.label, []).append(
                packet.problem or opened.problem or opened.work.sources["lines"]
            )
        assert all(upload.who.label in text for text in left_out)
    return found


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_is_recognised(place, layout):
    files, platform = LAYOUTS[layout]
    assert recognised(place(files)).platform is platform


def test_canvas(place):
    assert held(place(CANVAS)) == {
        "lovelaceada": [RIGHT.decode()],
        "vanbobbela": [RIGHT.decode()],  # what was handed in again has a number, and counts
        "kacleo": ["It holds none of lines.py."],
        "strangereve": [STUB.decode()],
        "latedan": ["It holds none of lines.py."],
    }


def test_what_canvas_calls_late_is_noted(place):
    late = {one.who.label: one.late for one in recognised(place(CANVAS)).uploads}
    assert [label for label, was in late.items() if was] == ["vanbobbela"]


def test_moodle(place):
    assert held(place(MOODLE)) == {
        "Ada Lovelace": [RIGHT.decode()],
        "Béla van Bob": [STUB.decode()],
        "Cleo Ka": [RIGHT.decode()],
        "Participant 504": [STUB.decode()],
        "Dan Late": ["It holds none of lines.py."],
    }


def test_gradescope(place):
    path = place(GRADESCOPE)
    assert held(path) == {
        "Ada Lovelace": [RIGHT.decode()],
        "Cleo Ka": [RIGHT.decode()],  # handed in together
        "Eve Stranger": [STUB.decode()],
        "submission_13": [STUB.decode()],  # of which the metadata says nothing
    }
    first, _, third, last = recognised(path).uploads
    assert (first.who.number, first.who.email) == ("s1042", "ada@example.edu")
    assert first.at == datetime(2026, 3, 1, 12, 34, 56, 789012, tzinfo=UTC)
    assert (third.at, last.at) == (datetime(2026, 3, 2, 9, tzinfo=UTC), None)


@pytest.mark.parametrize("said", [b"{", b"\xff\xfe\x00", b"[" * 1_000_000, b"- " * 1_000_000])
def test_metadata_of_gradescope_that_cannot_be_read(place, said):
    path = place(GRADESCOPE | {"assignment_1_export/submission_metadata.yml": said})
    with pytest.raises(UsageError, match=r"submission_metadata\.yml cannot be read"):
        recognised(path)


@pytest.mark.parametrize("said", [b"- 1\n", b"submission_11: 3\n", b"submission_11: {':submitters': [1, null]}\n", b""])
def test_metadata_of_gradescope_that_says_nothing(place, said):
    path = place(GRADESCOPE | {"assignment_1_export/submission_metadata.yml": said})
    labels = [upload.who.label for upload in recognised(path).uploads]
    assert labels == ["submission_11", "submission_12", "submission_13"]


def test_nbgrader(place):
    path = place(NBGRADER)
    assert held(path) == {"ada": [RIGHT.decode()], "bob": [STUB.decode()]}
    ada, bob = recognised(path).uploads
    assert ada.at == datetime(2026, 3, 1, 11, 0, 0, 123456, tzinfo=UTC)
    assert bob.at is None


def test_folders(place):
    path = place(FOLDERS)
    assert held(path) == {
        "ada": [RIGHT.decode()],
        "s1043": [STUB.decode()],
        "cleo@example.edu": [STUB.decode()],
        "eve": [STUB.decode()],
    }
    assert [leaf.path for leaf in recognised(path).left_out] == [("readme.txt",)]


@pytest.mark.parametrize("files", [{"lines.py": RIGHT}, {f"{LESSON}/lines.py": RIGHT}])
def test_the_work_of_one_student(place, files):
    path = place(files)
    assert recognised(path).platform is Platform.ONE
    assert held(path) == {path.name: [RIGHT.decode()]}


def test_what_submit_left_is_not_taken_for_canvas(tmp_path):
    name = "ada_20260301T120000Z_0123abcd"
    folder = laid(tmp_path / LESSON, {f"{name}.zip": submission(), f"{name}-2.zip": submission(code=STUB)})
    assert recognised(folder).platform is Platform.FOLDERS
    assert held(folder) == {"ada": [STUB.decode(), RIGHT.decode()]}


def test_the_files_of_a_zip_are_on_the_clocks_of_the_course(tmp_path):
    path = tmp_path / "one.zip"
    path.write_bytes(zipped({"lines.py": RIGHT}, date=(2026, 7, 1, 12, 0, 0)))
    assert leaves(path, BERLIN)[0].changed == datetime(2026, 7, 1, 10, tzinfo=UTC)
    path.write_bytes(zipped({"lines.py": RIGHT}, date=(1980, 1, 1, 0, 0, 0)))
    assert leaves(path, BERLIN)[0].changed is None


def test_links_in_a_zip_and_in_a_folder_are_refused_and_kept_apart(tmp_path):
    path = tmp_path / "links.zip"
    path.write_bytes(zipped({"ada/lines.py": b"/etc/passwd"}, mode=0o120777))
    assert held(path) == {"ada": ["lines.py: It is not an ordinary file."]}
    folder = laid(tmp_path / "links", {"bob/lines.py": RIGHT})
    (folder / "ada").mkdir()
    (folder / "ada" / "lines.py").symlink_to("/etc/passwd")
    (folder / "cleo").symlink_to(folder / "bob")
    assert held(folder) == {"ada": ["lines.py: It is a link, which is not followed."], "bob": [RIGHT.decode()]}
    assert [leaf.path for leaf in recognised(folder).left_out] == [("cleo",)]


def test_more_than_a_submission_may_have_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("nnedu.classroom.tree.MAX_ZIP", 1000)
    path = tmp_path / "bomb.zip"
    path.write_bytes(zipped({"ada_1_2_lines.py": b"x" * 1001, "bob_2_3_lines.py": RIGHT}))
    found = held(path)
    assert "larger than" in found["ada"][0]
    assert found["bob"] == [RIGHT.decode()]


def test_loose_files_are_gathered_as_far_as_there_is_room_those_of_the_lesson_first(tmp_path, monkeypatch):
    monkeypatch.setattr("nnedu.classroom.packets.MAX_TOTAL", 100)
    folder = laid(tmp_path / "class", {"ada/a.txt": b"a" * 90, "ada/b.txt": b"b" * 20, "ada/lines.py": RIGHT})
    (upload,) = recognised(folder).uploads
    (packet,) = packets(upload, MODULES, left_out := [])
    assert open_archive(packet.data, LESSON, MODULES).work.sources == {"lines": RIGHT.decode()}
    assert left_out == ["ada: a.txt"]
    assert packet.source == "b.txt, lines.py"


def test_of_what_was_handed_in_again_and_again_the_highest_number_counts(tmp_path):
    files = {f"ada_1_{number}_lines{again}.py": again.encode() for number, again in enumerate(["-2", "-3", ""], 10)}
    assert held(laid(tmp_path / "class", files)) == {"ada": ["-3"]}


def test_the_same_files_give_the_same_archive(tmp_path):
    archives = []
    for name in ("one", "two"):
        (upload,) = recognised(laid(tmp_path / name, {"ada/lines.py": RIGHT, "ada/x/y.txt": b""})).uploads
        archives += [packet.data for packet in packets(upload, MODULES, [])]
    assert archives[0] == archives[1]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 cut off", b"no zip at all"])
def test_a_download_that_is_no_zip_is_refused(tmp_path, data):
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    with pytest.raises(UsageError, match="neither a folder nor a zip"):
        leaves(path, BERLIN)


def test_a_member_that_is_damaged_is_said_and_the_others_are_read(tmp_path):
    data = bytearray(zipped({"ada_1_2_lines.py": RIGHT * 9, "bob_2_3_lines.py": RIGHT}))
    data[50:54] = b"\xff\xff\xff\xff"
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    assert held(path) == {"ada": ["lines.py: It is damaged in the zip."], "bob": [RIGHT.decode()]}


def test_names_lead_nowhere(tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(zipped({"../../ada_1_2_lines.py": RIGHT, "/bob/lines.py": RIGHT, "c\\..\\d.py": RIGHT}))
    for leaf in leaves(path, BERLIN):
        assert ".." not in leaf.path
        assert leaf.read() == RIGHT


def test_a_folder_that_cannot_be_read_is_said(tmp_path):
    with pytest.raises(UsageError, match="neither a folder nor a zip"):
        leaves(tmp_path / "gone", BERLIN)


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("lines.py", "lines.py"),
        ("lines-1.py", "lines.py"),
        ("lines-12.py", "lines.py"),
        ("other.py", None),
        ("lines-a.py", None),
        ("xlines.py", None),
        ("lines.py.txt", None),
    ],
)
def test_the_names_of_files(name, module):
    assert module_of(name, MODULES) == module


def test_what_is_read_is_bounded_by_the_file_too(tmp_path, monkeypatch):
    monkeypatch.setattr("nnedu.classroom.tree.MAX_ZIP", 10)
    folder = laid(tmp_path / "class", {"ada.zip": b"x" * 11})
    (leaf,) = leaves(folder, BERLIN)
    with pytest.raises(UnreadableError, match="larger"):
        leaf.read()
